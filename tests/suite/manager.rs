//! `agg serve` under a service manager: what it tells systemd, and the sockets that it gets from it.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::process::Command;
use std::time::Duration;

use crate::program::Agg;
use crate::running::{Running, get, until};
use crate::site::{Reply, Site};

const PAGE: &str = "<main><article><h2><a href=\"/firing-log\">A firing log</a></h2><time>3 May 2026</time></article>\
    <article><h2><a href=\"/slip-casting\">Slip casting</a></h2><time>1 May 2026</time></article>\
    <article><h2><a href=\"/raku-evening\">A raku evening</a></h2><time>20 April 2026</time></article></main>";

/// A page that lists posts, another one that is not there, and a schedule that never fires within a test.
fn configured() -> (Agg, Site) {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/blog" => Reply::ok("text/html", PAGE),
        "/gone-astray" => Reply::status(404),
        _ => Reply::ok("text/html", "<h1>A post</h1>"),
    });
    let agg = Agg::new();
    let (blog, astray) = (site.url("/blog"), site.url("/gone-astray"));
    agg.configure(&format!(
        "schedule = \"0 0 29 2 *\"\n[fetch]\nspacing = \"1ms\"\n[[source]]\nurl = \"{blog}\"\nenrich = false\n\
         [[source]]\nurl = \"{astray}\"\n"
    ));
    (agg, site)
}

/// A service manager that hears what a service tells it.
struct Manager {
    socket: UnixDatagram,
    heard: Vec<String>,
}

impl Manager {
    fn at(agg: &Agg) -> Self {
        let socket = UnixDatagram::bind(agg.path("notify")).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_millis(50)))
            .unwrap();
        Self {
            socket,
            heard: Vec::new(),
        }
    }

    /// Waits for a message with all these words, and forgets it and those before it.
    fn hears(&mut self, words: &[&str]) -> String {
        let mut found = None;
        until(&format!("the manager hears {words:?}"), || {
            let mut bytes = [0; 4096];
            while let Ok(count) = self.socket.recv(&mut bytes) {
                self.heard
                    .push(String::from_utf8(bytes[..count].to_vec()).unwrap());
            }
            found = self
                .heard
                .iter()
                .position(|message| words.iter().all(|word| message.contains(word)));
            found.is_some()
        });
        self.heard.drain(..=found.unwrap()).next_back().unwrap()
    }
}

/// A service that this manager watches.
fn watched(agg: &Agg, more: &[(&str, &str)]) -> (Running, Manager) {
    let manager = Manager::at(agg);
    let mut command = agg
        .args(["serve", "--listen", "127.0.0.1:0"])
        .into_command();
    command
        .env("NOTIFY_SOCKET", agg.path("notify"))
        .envs(more.iter().copied());
    (Running::start(command), manager)
}

#[test]
fn it_is_ready_when_the_publication_is_served_and_then_says_how_all_is() {
    let (agg, _site) = configured();
    let (service, mut manager) = watched(&agg, &[]);
    let first = manager.hears(&[]);
    assert!(
        first.starts_with("READY=1\nSTATUS=2 sources; first cycle under way"),
        "{first}"
    );
    assert_eq!(get(service.address(), "/atom.xml").0, 200);
    let status = manager.hears(&["STATUS=", "last cycle"]);
    for words in ["2 sources; 1 failing; last cycle 20", ": 3 new; next 20"] {
        assert!(status.contains(words), "{words}: {status}");
    }
    service.signal("TERM");
    manager.hears(&["STOPPING=1"]);
    assert_eq!(service.end().0, 0);
}

#[test]
fn a_reload_is_told_at_its_beginning_and_at_its_end_good_or_bad() {
    let (agg, _site) = configured();
    let (service, mut manager) = watched(&agg, &[]);
    manager.hears(&["last cycle"]);
    let good = agg.read("feeds.toml");
    for (text, status) in [
        (good.as_str(), "STATUS=2 sources"),
        (
            "schedule = 7\n",
            "1 mistake in the new configuration, the old one holds",
        ),
    ] {
        agg.configure(text);
        service.signal("HUP");
        let reloading = manager.hears(&["RELOADING=1"]);
        let micros = reloading
            .strip_prefix("RELOADING=1\nMONOTONIC_USEC=")
            .unwrap();
        assert!(micros.parse::<u64>().is_ok(), "{reloading}");
        manager.hears(&["READY=1\n", status]);
    }
}

#[test]
fn a_watchdog_hears_again_and_again_that_the_loop_turns() {
    let (agg, _site) = configured();
    let (_service, mut manager) = watched(&agg, &[("WATCHDOG_USEC", "300000")]);
    for _ in 0..5 {
        manager.hears(&["WATCHDOG=1"]);
    }
}

/// A service that gets this socket as systemd gives it.
fn activated(agg: &Agg, socket: OwnedFd) -> Running {
    let line =
        "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=agg.socket exec \"$0\" serve 3<&0 </dev/null";
    let mut command = Command::new("sh");
    command
        .args(["-c", line, env!("CARGO_BIN_EXE_agg")])
        .current_dir(agg.path(""))
        .env_remove("AGG_LOG")
        .stdin(socket);
    Running::start(command)
}

#[test]
fn a_socket_that_the_manager_has_opened_is_served() {
    let (agg, _site) = configured();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // whoever connects before the service runs is served by it
    let early = std::thread::spawn(move || get(address, "/healthz").0);
    let service = activated(&agg, listener.into());
    assert_eq!(service.address(), address);
    assert!([200, 503].contains(&early.join().unwrap()));
    assert_eq!(get(address, "/atom.xml").0, 200);
    service.signal("TERM");
    assert_eq!(service.end().0, 0);
}

#[test]
fn a_socket_that_cannot_be_served_is_refused_with_its_name() {
    let (agg, _site) = configured();
    let socket = UnixListener::bind(agg.path("wrong.socket")).unwrap();
    let service = activated(&agg, socket.into());
    service.until_said("ListenStream=", 1);
    assert!(
        service.said().contains("agg.socket, descriptor 3"),
        "{}",
        service.said()
    );
    assert_eq!(service.end().0, 1);
}
