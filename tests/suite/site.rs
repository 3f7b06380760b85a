//! A site on 127.0.0.1 that answers as a test tells it to, and remembers what it was asked.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use url::Url;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Path and query.
    pub(crate) path: String,
    /// The headers in order; values byte for byte.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// When it arrived.
    pub(crate) at: Instant,
}

impl Asked {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }
}

/// What the site sends, byte for byte.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    head: Vec<u8>,
    body: Vec<u8>,
    length: Option<usize>,
    stalls: bool,
    drips: Option<Duration>,
    is_raw: bool,
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn status(status: u16) -> Self {
        Self {
            head: format!("HTTP/1.1 {status} X\r\nConnection: close\r\n").into_bytes(),
            body: Vec::new(),
            length: Some(0),
            stalls: false,
            drips: None,
            is_raw: false,
        }
    }

    /// These bytes, whatever they are.
    pub(crate) fn raw(bytes: impl AsRef<[u8]>) -> Self {
        Self {
            head: Vec::new(),
            is_raw: true,
            ..Self::status(200).body(bytes)
        }
    }

    /// 200 with a body.
    pub(crate) fn ok(media_type: &str, body: impl AsRef<[u8]>) -> Self {
        Self::status(200)
            .header("Content-Type", media_type)
            .body(body)
    }

    /// A redirect.
    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("Location", location)
    }

    /// With one more header.
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.head.extend_from_slice(name.as_bytes());
        self.head.extend_from_slice(b": ");
        self.head.extend_from_slice(value.as_ref());
        self.head.extend_from_slice(b"\r\n");
        self
    }

    /// With this body and its true length.
    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = body.as_ref().to_vec();
        self.length = Some(self.body.len());
        self
    }

    /// With this at the end of its body.
    pub(crate) fn add(self, more: &str) -> Self {
        let body = [&self.body, more.as_bytes()].concat();
        self.body(body)
    }

    /// With this `Content-Length`, true or not; `None`: without one.
    pub(crate) fn length(mut self, length: Option<usize>) -> Self {
        self.length = length;
        self
    }

    /// After what there is, sends nothing more and keeps the connection open.
    pub(crate) fn stalls(mut self) -> Self {
        self.stalls = true;
        self
    }

    /// Byte by byte, with such a pause before each.
    pub(crate) fn drips(mut self, pause: Duration) -> Self {
        self.drips = Some(pause);
        self
    }

    fn send(&self, stream: &mut TcpStream) {
        let mut bytes = self.head.clone();
        if let (Some(length), false) = (self.length, self.is_raw) {
            bytes.extend_from_slice(format!("Content-Length: {length}\r\n").as_bytes());
        }
        if !self.is_raw {
            bytes.extend_from_slice(b"\r\n");
        }
        if let Some(pause) = self.drips {
            let (head, body) = (&bytes[..], &self.body);
            let mut drops = body.chunks(1);
            let mut sent = stream.write_all(head);
            while let (Ok(()), Some(drop)) = (&sent, drops.next()) {
                thread::sleep(pause);
                sent = stream.write_all(drop);
            }
            return;
        }
        bytes.extend_from_slice(&self.body);
        // a client that has had enough goes away
        let _ = stream.write_all(&bytes);
        if self.stalls {
            // until the client gives up, or the test is long over
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = stream.read(&mut [0]);
        }
    }
}

/// The site; it closes when dropped.
#[derive(Debug)]
pub(crate) struct Site {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Asked>>>,
    closed: Arc<AtomicBool>,
}

impl Site {
    /// A site without a robots.txt that answers every other request as `answer` says.
    pub(crate) fn open(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1", answer, false)
    }

    /// The same on another address of this machine.
    pub(crate) fn open_at(
        ip: &str,
        answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start(ip, answer, false)
    }

    /// A site that answers every request as `answer` says, that for its robots.txt too.
    pub(crate) fn with_robots(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::start("127.0.0.1", answer, true)
    }

    fn start(
        ip: &str,
        answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
        robots: bool,
    ) -> Self {
        let listener = TcpListener::bind((ip, 0)).expect("loopback has free ports");
        let site = Self {
            address: listener.local_addr().expect("it is bound"),
            log: Arc::default(),
            closed: Arc::default(),
        };
        let (log, closed) = (Arc::clone(&site.log), Arc::clone(&site.closed));
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if closed.load(Ordering::Relaxed) {
                    return;
                }
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &log, &*answer, robots));
            }
        });
        site
    }

    /// A site that answers every request with `reply`.
    pub(crate) fn always(reply: Reply) -> Self {
        Self::open(move |_| reply.clone())
    }

    /// The address of `path` on this site.
    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).expect("a path begins with a slash")
    }

    /// Where the site listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        // wakes the listener
        let _ = TcpStream::connect(self.address);
    }
}

/// One connection, one request. What is asked of a robots.txt that there is not is not remembered.
fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Asked>>,
    answer: &dyn Fn(&Asked) -> Reply,
    robots: bool,
) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) if !head.is_empty() || byte[0] == b'G' => head.push(byte[0]),
            _ => break,
        }
    }
    let Some(asked) = read(&head) else {
        // no HTTP at all: TLS, or a connection that was only tried
        let _ = stream.write_all(b"HTTP/1.1 400 X\r\n\r\n");
        // what is left unread would reset the connection
        let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
        let _ = stream.read_to_end(&mut Vec::new());
        return;
    };
    if asked.path == "/robots.txt" && !robots {
        Reply::status(404).send(&mut stream);
        return;
    }
    log.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(asked.clone());
    answer(&asked).send(&mut stream);
}

fn read(head: &[u8]) -> Option<Asked> {
    let mut lines = head.split(|&byte| byte == b'\n');
    let request = std::str::from_utf8(lines.next()?).ok()?;
    let path = request.strip_prefix("GET ")?.split(' ').next()?;
    let headers = lines
        .filter_map(|line| {
            let colon = line.iter().position(|&byte| byte == b':')?;
            let name = String::from_utf8_lossy(&line[..colon]).into_owned();
            Some((name, line[colon + 1..].trim_ascii().to_vec()))
        })
        .collect();
    Some(Asked {
        path: path.to_owned(),
        headers,
        at: Instant::now(),
    })
}
