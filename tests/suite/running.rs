//! The program while it runs: what it says on stderr, signals to it, its end.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything here takes; only a fault of ours waits so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program; it is killed when dropped.
pub(crate) struct Running {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (mut stderr, heard) = (child.stderr.take().unwrap(), Arc::clone(&said));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..count]);
                let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                heard.push_str(&text);
            }
        });
        Self { child, said }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All that it has said so far.
    pub(crate) fn said(&self) -> String {
        self.said
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until it has said `text`, so many times.
    pub(crate) fn until_said(&self, text: &str, times: usize) {
        until(&format!("it says {text:?}, {times} times"), || {
            self.said().matches(text).count() >= times
        });
    }

    /// Where the service listens, as it says itself.
    pub(crate) fn address(&self) -> SocketAddr {
        self.until_said("serving on http://", 1);
        let mut address = None;
        until("it says where it serves", || {
            let said = self.said();
            let rest = said.split("serving on http://").nth(1).unwrap_or_default();
            address = rest.split_once('/').and_then(|(at, _)| at.parse().ok());
            address.is_some()
        });
        address.unwrap()
    }

    /// Sends it a signal: `HUP`, `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.pid());
        let sent = Command::new("sh").args(["-c", &line]).status().unwrap();
        assert!(sent.success(), "{line}");
    }

    /// Waits for its end: its exit status (128 and the signal, as shells say it) and how long that took.
    pub(crate) fn end(mut self) -> (i32, Duration) {
        use std::os::unix::process::ExitStatusExt as _;
        let begun = Instant::now();
        let mut status = None;
        until("it ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        let status = status.unwrap();
        let code = status
            .code()
            .unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
        (code, begun.elapsed())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            let _ = writeln!(std::io::stderr(), "it said:\n{}", self.said());
        }
    }
}

/// Waits until `holds`, or fails saying what never came.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Asks the service at `address` for `path`: the status and the whole answer.
pub(crate) fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: agg.test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (status.unwrap_or_default(), answer)
}

/// What `/healthz` says.
pub(crate) fn health(address: SocketAddr) -> serde_json::Value {
    let (_, answer) = get(address, "/healthz");
    let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}
