//! The sites: fifty addresses of this machine that answer from memory, with validators and prepared gzip.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;

/// How many addresses answer.
pub(crate) const HOSTS: u8 = 50;

/// What one path gives, ready to be sent.
pub(crate) struct Answer {
    etag: String,
    whole: Vec<u8>,
    not_modified: Vec<u8>,
}

/// How many answers of each kind were sent.
#[derive(Default)]
pub(crate) struct Sent {
    whole: AtomicUsize,
    not_modified: AtomicUsize,
}

impl Sent {
    /// Documents and 304s since the last look.
    pub(crate) fn take(&self) -> (usize, usize) {
        (
            self.whole.swap(0, Ordering::SeqCst),
            self.not_modified.swap(0, Ordering::SeqCst),
        )
    }
}

/// The sites, until the program ends.
pub(crate) struct Origin {
    hosts: Vec<SocketAddr>,
    answers: Arc<RwLock<Vec<Arc<Answer>>>>,
    pub(crate) sent: Arc<Sent>,
}

impl Origin {
    /// Opens all addresses.
    pub(crate) fn open() -> io::Result<Self> {
        let mut origin = Self {
            hosts: Vec::new(),
            answers: Arc::default(),
            sent: Arc::default(),
        };
        for host in 1..=HOSTS {
            let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, host), 0))?;
            origin.hosts.push(listener.local_addr()?);
            let (answers, sent) = (Arc::clone(&origin.answers), Arc::clone(&origin.sent));
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (answers, sent) = (Arc::clone(&answers), Arc::clone(&sent));
                    // a client that goes away ends its connection, and nothing else
                    thread::spawn(move || serve(stream, &answers, &sent));
                }
            });
        }
        Ok(origin)
    }

    /// Where the document of that number is.
    pub(crate) fn url(&self, number: usize) -> String {
        format!("http://{}/{number}", self.hosts[number % self.hosts.len()])
    }

    /// Adds documents; they take the numbers after those that are there.
    pub(crate) fn add(&self, answers: impl IntoIterator<Item = Answer>) {
        let mut known = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        known.extend(answers.into_iter().map(Arc::new));
    }

    /// From now on the document of that number is another.
    pub(crate) fn replace(&self, number: usize, answer: Answer) {
        let mut known = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        known[number] = Arc::new(answer);
    }

    /// The bytes that all documents below `end` take on the wire.
    pub(crate) fn size(&self, end: usize) -> usize {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        answers[..end].iter().map(|answer| answer.whole.len()).sum()
    }
}

impl Answer {
    /// A document, packed, as its site's version `version`.
    pub(crate) fn new(version: usize, media_type: &str, document: &str) -> Self {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::new(5));
        let packed = gzip
            .write_all(document.as_bytes())
            .and_then(|()| gzip.finish())
            .expect("memory takes all that is written");
        let etag = format!("\"v{version}-{:x}\"", document.len());
        let validators = format!(
            "ETag: {etag}\r\nLast-Modified: Thu, 01 Jan 2026 00:00:{:02} GMT\r\n",
            version % 60
        );
        let mut whole = format!("HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\n{validators}Content-Length: {}\r\n\r\n", packed.len()).into_bytes();
        whole.extend(packed);
        Self {
            etag,
            whole,
            not_modified: format!("HTTP/1.1 304 Not Modified\r\n{validators}\r\n").into_bytes(),
        }
    }
}

/// Answers one connection's requests until it is closed.
fn serve(mut stream: TcpStream, answers: &RwLock<Vec<Arc<Answer>>>, sent: &Sent) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = [0; 4096];
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..])?;
        filled += read;
        let head = String::from_utf8_lossy(&buffer[..filled]);
        if read == 0 || (filled == buffer.len() && !head.contains("\r\n\r\n")) {
            return Ok(());
        }
        let Some(end) = head.find("\r\n\r\n") else {
            continue;
        };
        let number = head
            .strip_prefix("GET /")
            .and_then(|rest| rest.split_once(' ')?.0.parse::<usize>().ok());
        let answer = number.and_then(|number| {
            let answers = answers.read().unwrap_or_else(PoisonError::into_inner);
            answers.get(number).cloned()
        });
        let known = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("if-none-match")
                .then(|| value.trim())
        });
        match &answer {
            Some(answer) if known == Some(&answer.etag) => {
                sent.not_modified.fetch_add(1, Ordering::SeqCst);
                stream.write_all(&answer.not_modified)?;
            }
            Some(answer) => {
                sent.whole.fetch_add(1, Ordering::SeqCst);
                stream.write_all(&answer.whole)?;
            }
            None => stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?,
        }
        let next = end + 4;
        buffer.copy_within(next..filled, 0);
        filled -= next;
    }
}
