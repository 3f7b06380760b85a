//! Hosts that answer as scripted, and hold every request against what they have said before.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Timelike, Utc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::script::{Fault, Habit, SourceScript};

/// A host of the strict kind takes so many requests in a cycle, and then wishes to be left alone for an hour.
const STRICT: u32 = 15;
/// That wish, in seconds.
const STRICT_WISH: i64 = 3_600;

/// What a host knows of one of its sources.
#[derive(Debug, Default)]
struct Known {
    asked: u64,
    last: i64,
    /// The longest time between two requests, in seconds.
    longest: i64,
    /// It was not to be asked before.
    earliest: i64,
    /// Its feed was read, so that what that says is known.
    told: bool,
    gone: bool,
}

/// What was seen of agg.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) requests: u64,
    pub(crate) not_modified: u64,
    pub(crate) faults: u64,
    /// Requests that came earlier than was said, in words.
    pub(crate) early: Vec<String>,
    pub(crate) most_at_once_on_a_host: u32,
    pub(crate) most_at_once: u32,
}

/// How a source fared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fared {
    pub(crate) asked: u64,
    /// The longest time that it was not asked, in seconds, until now.
    pub(crate) longest: i64,
    pub(crate) gone: bool,
}

/// All hosts.
pub(crate) struct Origin {
    hosts: Vec<SocketAddr>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The simulated time, in seconds since 1970.
    now: i64,
    seen: Seen,
    sources: BTreeMap<u64, Known>,
    hosts: Vec<Host>,
}

#[derive(Clone, Default)]
struct Host {
    under_way: u32,
    /// Requests in this cycle.
    taken: u32,
    /// Until when it wishes to be left alone.
    closed: i64,
}

impl Origin {
    /// Opens `127.0.0.1`, `127.0.0.2` and so on, on threads of their own.
    pub(crate) fn open(hosts: u8) -> Self {
        let state = Arc::new(Mutex::new(State {
            hosts: vec![Host::default(); hosts.into()],
            ..State::default()
        }));
        let (told, addresses) = mpsc::channel();
        let served = Arc::clone(&state);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut tasks = tokio::task::JoinSet::new();
                for host in 0..hosts {
                    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, host + 1], 0)))
                        .await
                        .unwrap();
                    told.send(listener.local_addr().unwrap()).unwrap();
                    tasks.spawn(listen(listener, host.into(), Arc::clone(&served)));
                }
                drop(told);
                while tasks.join_next().await.is_some() {}
            });
        });
        Self {
            hosts: addresses.into_iter().collect(),
            state,
        }
    }

    /// Where source `number` is.
    pub(crate) fn url(&self, number: u64) -> String {
        let host = usize::try_from(number).unwrap() % self.hosts.len();
        format!("http://{}/feed/{number}", self.hosts[host])
    }

    /// A cycle begins at this time.
    pub(crate) fn cycle(&self, now: DateTime<Utc>) {
        self.with(|state| {
            state.now = now.timestamp();
            state.hosts.iter_mut().for_each(|host| host.taken = 0);
        });
    }

    pub(crate) fn seen(&self) -> Seen {
        self.with(|state| state.seen.clone())
    }

    /// How each source that was ever asked fared.
    pub(crate) fn fared(&self) -> BTreeMap<u64, Fared> {
        self.with(|state| {
            let now = state.now;
            let fared = |known: &Known| Fared {
                asked: known.asked,
                longest: known.longest.max(now - known.last),
                gone: known.gone,
            };
            let sources = state.sources.iter();
            sources
                .map(|(number, known)| (*number, fared(known)))
                .collect()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        with(&self.state, work)
    }
}

fn with<T>(state: &Mutex<State>, work: impl FnOnce(&mut State) -> T) -> T {
    work(&mut state.lock().unwrap_or_else(PoisonError::into_inner))
}

async fn listen(listener: TcpListener, host: usize, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve(stream, host, Arc::clone(&state)));
    }
}

/// One connection, one request after the other.
async fn serve(mut stream: TcpStream, host: usize, state: Arc<Mutex<State>>) {
    while let Some(head) = head(&mut stream).await {
        let Reply { bytes, cut, slow } = with(&state, |state| state.answer(host, &head));
        if slow {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // the request is under way until its last byte: the next one can come no earlier
        let (most, last) = bytes.split_at(bytes.len() - 1);
        let sent = stream.write_all(most).await;
        tokio::task::yield_now().await;
        with(&state, |state| state.hosts[host].under_way -= 1);
        if sent.is_err() || stream.write_all(last).await.is_err() || cut {
            return;
        }
    }
}

/// The head of the next request; `None` at the end.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 1_024];
    while !head.ends_with(b"\r\n\r\n") {
        let length = stream.read(&mut piece).await.ok().filter(|it| *it > 0)?;
        head.extend_from_slice(&piece[..length]);
    }
    String::from_utf8(head).ok()
}

struct Reply {
    bytes: Vec<u8>,
    /// The connection ends with it.
    cut: bool,
    slow: bool,
}

impl State {
    fn answer(&mut self, host: usize, head: &str) -> Reply {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let number: u64 = path.rsplit('/').next().unwrap().parse().unwrap();
        let sent = head
            .lines()
            .find_map(|line| line.strip_prefix("if-none-match: "));
        self.seen.requests += 1;
        self.hosts[host].under_way += 1;
        self.hosts[host].taken += 1;
        let at_once = self.hosts[host].under_way;
        let all_at_once: u32 = self.hosts.iter().map(|host| host.under_way).sum();
        self.seen.most_at_once_on_a_host = self.seen.most_at_once_on_a_host.max(at_once);
        self.seen.most_at_once = self.seen.most_at_once.max(all_at_once);

        let script = SourceScript::of(number);
        if path.starts_with("/moved/") {
            // the second half of a request that was judged already
            return self.good(number, script, sent, false);
        }
        self.judge(host, number, script);
        let known = self.sources.entry(number).or_default();
        if known.asked > 0 {
            known.longest = known.longest.max(self.now - known.last);
        }
        (known.asked, known.last) = (known.asked + 1, self.now);
        let strict = host.is_multiple_of(10) && self.hosts[host].taken > STRICT;
        let fault = if strict {
            Fault::Busy(429, STRICT_WISH)
        } else {
            script.fault(known.asked)
        };
        self.seen.faults += u64::from(fault != Fault::None);
        self.go_wrong(host, number, script, fault, sent)
    }

    /// Whether a request may come now.
    fn judge(&mut self, host: usize, number: u64, script: SourceScript) {
        let now = self.now;
        let closed = self.hosts[host].closed;
        let known = self.sources.entry(number).or_default();
        let hour = DateTime::from_timestamp(now, 0).unwrap().hour();
        let reason = if known.gone {
            Some("it is gone".to_owned())
        } else if now < known.earliest {
            Some(format!("it said {} s more", known.earliest - now))
        } else if now < closed {
            Some(format!("its host said {} s more", closed - now))
        } else if known.told && script.habit == Habit::SkipsNight && hour < 6 {
            Some(format!("it said not at {hour} h"))
        } else {
            None
        };
        if let Some(reason) = reason {
            let asked = known.asked;
            self.seen
                .early
                .push(format!("source {number}, request {asked}: {reason}"));
        }
    }

    fn go_wrong(
        &mut self,
        host: usize,
        number: u64,
        script: SourceScript,
        fault: Fault,
        sent: Option<&str>,
    ) -> Reply {
        let now = self.now;
        match fault {
            Fault::None => self.good(number, script, sent, false),
            Fault::Slow => self.good(number, script, sent, true),
            Fault::Moved => reply(302, &format!("Location: /moved/{number}\r\n"), ""),
            Fault::Cut => Reply {
                bytes: b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n<rss version=\"2.0\"><chan"
                    .to_vec(),
                cut: true,
                slow: false,
            },
            Fault::Status(status) => {
                let known = self.sources.entry(number).or_default();
                known.gone |= status == 410;
                reply(status, "", "sorry")
            }
            Fault::Busy(status, seconds) => {
                let until = now + seconds;
                let known = self.sources.entry(number).or_default();
                known.earliest = known.earliest.max(until);
                self.hosts[host].closed = self.hosts[host].closed.max(until);
                let date = |at| {
                    let at = DateTime::from_timestamp(at, 0).unwrap();
                    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
                };
                let headers = if status == 503 {
                    format!("Date: {}\r\nRetry-After: {}\r\n", date(now), date(until))
                } else {
                    format!("Retry-After: {seconds}\r\n")
                };
                reply(status, &headers, "later")
            }
        }
    }

    /// The feed as it is now, or that it is what it was.
    fn good(&mut self, number: u64, script: SourceScript, sent: Option<&str>, slow: bool) -> Reply {
        let known = self.sources.entry(number).or_default();
        let etag = script.etag(self.now);
        let same = sent == Some(etag.as_str());
        known.told |= !same;
        known.earliest = self.now + script.wish();
        self.seen.not_modified += u64::from(same);
        let fresh = match script.habit {
            Habit::MaxAge(seconds) => format!("Cache-Control: public, max-age={seconds}\r\n"),
            _ => String::new(),
        };
        let headers = format!("ETag: {etag}\r\n{fresh}");
        let body = if same {
            String::new()
        } else {
            script.feed(self.now)
        };
        Reply {
            slow,
            ..reply(if same { 304 } else { 200 }, &headers, &body)
        }
    }
}

fn reply(status: u16, headers: &str, body: &str) -> Reply {
    let length = match status {
        304 => String::new(),
        _ => format!("Content-Length: {}\r\n", body.len()),
    };
    Reply {
        bytes: format!("HTTP/1.1 {status} X\r\n{headers}{length}\r\n{body}").into_bytes(),
        cut: false,
        slow: false,
    }
}
