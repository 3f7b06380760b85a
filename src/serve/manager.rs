//! The service manager, which is systemd or speaks as it does: what we tell it (sd_notify(3)), how often it wants to hear
//! that we are alive (sd_watchdog_enabled(3)), and the sockets it has opened for us (sd_listen_fds(3)).

use std::ffi::OsStr;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{self, UnixDatagram};
use std::time::Duration;

use listenfd::ListenFd;
use sd_notify::NotifyState;

/// Descriptors from a service manager begin here.
const FIRST: usize = 3;

/// Whoever started us and watches us, if anybody does.
#[derive(Debug, Default)]
pub struct Manager {
    socket: Option<UnixDatagram>,
    watchdog: Option<Duration>,
}

impl Manager {
    /// The one that the environment names (`NOTIFY_SOCKET`, `WATCHDOG_USEC`), or nobody.
    ///
    /// # Errors
    /// If it names one that cannot be reached.
    pub fn from_environment() -> io::Result<Self> {
        let socket = match std::env::var_os("NOTIFY_SOCKET") {
            Some(name) => Some(connect(&name)?),
            None => None,
        };
        let watchdog = sd_notify::watchdog_enabled();
        Ok(Self { socket, watchdog })
    }

    /// How often to say that we are alive: three times in the time it waits.
    pub(super) fn beat(&self) -> Option<Duration> {
        let beat = self.watchdog.filter(|_| self.socket.is_some())? / 3;
        (!beat.is_zero()).then_some(beat)
    }

    /// What is published is served. `status` says how we are.
    pub(super) fn ready(&self, status: &str) {
        self.tell(&[NotifyState::Ready, NotifyState::Status(status)]);
    }

    /// How we are.
    pub(super) fn status(&self, status: &str) {
        self.tell(&[NotifyState::Status(status)]);
    }

    /// The configuration is being read again; [`Manager::ready`] says that it is done.
    pub(super) fn reloading(&self) {
        match NotifyState::monotonic_usec_now() {
            Ok(now) => self.tell(&[NotifyState::Reloading, now]),
            Err(error) => tracing::warn!(%error, "the service manager is not told of the reload"),
        }
    }

    /// We are about to end.
    pub(super) fn stopping(&self, status: &str) {
        self.tell(&[NotifyState::Stopping, NotifyState::Status(status)]);
    }

    /// We are alive.
    pub(super) fn alive(&self) {
        self.tell(&[NotifyState::Watchdog]);
    }

    /// Says all of `states` in one message; a line of it never breaks.
    fn tell(&self, states: &[NotifyState<'_>]) {
        let Some(socket) = &self.socket else {
            return;
        };
        let lines: Vec<String> = states
            .iter()
            .map(|state| state.to_string().replace(['\n', '\r'], " "))
            .collect();
        if let Err(error) = socket.send(lines.join("\n").as_bytes()) {
            tracing::debug!(%error, "the service manager does not listen");
        }
    }
}

/// A socket by its path, or, with a leading `@`, by its abstract name.
fn connect(name: &OsStr) -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    // nobody waits for a manager that is busy
    socket.set_nonblocking(true)?;
    match name.as_bytes().strip_prefix(b"@") {
        Some(name) => socket.connect_addr(&net::SocketAddr::from_abstract_name(name)?)?,
        None => socket.connect(name)?,
    }
    Ok(socket)
}

/// The sockets that the service manager listens on for us (`LISTEN_FDS`), in the order of its unit; none, if there is no
/// such manager. To be asked once, before the first thread starts: it changes the environment.
///
/// # Errors
/// What is wrong, if one of them is no TCP socket that listens.
pub fn listeners() -> Result<Vec<TcpListener>, String> {
    let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
    let mut names = names.split(':');
    let mut sockets = ListenFd::from_env();
    let mut listeners = Vec::new();
    for at in 0..sockets.len() {
        let name = names.next().unwrap_or_default();
        let taken = sockets.take_tcp_listener(at).and_then(|listener| {
            let listener = listener.ok_or(io::ErrorKind::NotFound)?;
            listener.set_nonblocking(true)?;
            let _: SocketAddr = listener.local_addr()?;
            Ok(listener)
        });
        let number = at + FIRST;
        let which = match name {
            "" => format!("descriptor {number}"),
            name => format!("{name}, descriptor {number}"),
        };
        listeners.push(taken.map_err(|error| {
            format!("the service manager gives a socket that cannot be served ({which}): {error}")
        })?);
    }
    Ok(listeners)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manager(socket: UnixDatagram, watchdog: Option<Duration>) -> Manager {
        Manager {
            socket: Some(socket),
            watchdog,
        }
    }

    fn heard(socket: &UnixDatagram) -> String {
        let mut bytes = [0; 1024];
        let count = socket.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..count].to_vec()).unwrap()
    }

    #[test]
    fn each_message_is_what_systemd_expects() {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let manager = manager(ours, None);
        manager.ready("two\nlines");
        assert_eq!(heard(&theirs), "READY=1\nSTATUS=two lines");
        manager.reloading();
        let reloading = heard(&theirs);
        let micros = reloading.strip_prefix("RELOADING=1\nMONOTONIC_USEC=");
        assert!(micros.unwrap().parse::<u64>().unwrap() > 0, "{reloading}");
        manager.alive();
        assert_eq!(heard(&theirs), "WATCHDOG=1");
        manager.stopping("bye");
        assert_eq!(heard(&theirs), "STOPPING=1\nSTATUS=bye");
    }

    #[test]
    fn a_manager_that_is_gone_or_busy_holds_nobody_up() {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        let manager = manager(ours, None);
        for _ in 0..5_000 {
            manager.status("still here");
        }
        drop(theirs);
        manager.status("still here");
        Manager::default().status("nobody hears this");
    }

    #[test]
    fn an_abstract_name_is_found() {
        let name = format!("agg-test-{}", std::process::id());
        let address = net::SocketAddr::from_abstract_name(name.as_bytes()).unwrap();
        let theirs = UnixDatagram::bind_addr(&address).unwrap();
        let ours = connect(OsStr::new(&format!("@{name}"))).unwrap();
        manager(ours, None).status("well");
        assert_eq!(heard(&theirs), "STATUS=well");
    }

    #[test]
    fn it_beats_three_times_in_the_time_of_the_watchdog() {
        let beat = |watchdog| manager(UnixDatagram::unbound().unwrap(), watchdog).beat();
        let seconds = Duration::from_secs;
        assert_eq!(beat(Some(seconds(60))), Some(seconds(20)));
        assert_eq!(beat(Some(Duration::ZERO)), None);
        assert_eq!(beat(None), None);
    }
}
