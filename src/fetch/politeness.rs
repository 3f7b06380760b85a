//! Waiting one's turn: one request at a time per host, with a pause between two, and not too many hosts at once. A host
//! that wishes to be left alone (`Retry-After`) is left alone by all its sources.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Queue, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::error::Error;
use super::freshness::{LONGEST_WISH, RetryAfter};

/// A host that wishes to be left alone for no longer than this is waited for within the run.
const WAITED_FOR: Duration = Duration::from_secs(5);
/// What a wish until a date means where the server does not show its clock, and a 429 without any date or span.
const UNSAID: Duration = Duration::from_mins(10);

/// Who may ask whom, and when. Shared by all requests of a run, or of the service's life.
#[derive(Debug)]
pub(super) struct Politeness {
    spacing: Duration,
    everyone: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Queue<Host>>>>,
    /// The pauses that hosts wish for themselves.
    delays: Mutex<HashMap<String, Duration>>,
}

/// What is known of one host.
#[derive(Debug, Default)]
struct Host {
    /// When it may be asked again, as we space requests.
    free: Option<Instant>,
    /// When it may be asked again, as it wishes.
    open: Option<Instant>,
    /// When the last request for it ended.
    ended: Option<Instant>,
}

/// The right to send one request; the next one for its host waits until this is dropped, and the pause after it.
#[derive(Debug)]
pub(super) struct Turn {
    host: OwnedMutexGuard<Host>,
    pause: Duration,
    _place: OwnedSemaphorePermit,
}

impl Politeness {
    /// `spacing` between the end of a request and the next one for its host; at most `concurrency` requests at once.
    pub(super) fn new(spacing: Duration, concurrency: usize) -> Self {
        Self {
            spacing,
            everyone: Arc::new(Semaphore::new(concurrency.clamp(1, Semaphore::MAX_PERMITS))),
            hosts: Mutex::default(),
            delays: Mutex::default(),
        }
    }

    /// The host of `url` wishes for such a pause between two requests, or for none of its own.
    pub(super) fn slow(&self, url: &Url, delay: Option<Duration>) {
        let name = url.host_str().unwrap_or_default();
        let mut delays = self.delays.lock().unwrap_or_else(PoisonError::into_inner);
        match delay {
            Some(delay) => delays.insert(name.to_owned(), delay),
            None => delays.remove(name),
        };
    }

    /// The pause that a host wishes for.
    fn delay(&self, name: &str) -> Duration {
        let delays = self.delays.lock().unwrap_or_else(PoisonError::into_inner);
        delays.get(name).copied().unwrap_or_default()
    }

    /// Waits for the turn of `url`, in the order of arrival per host.
    ///
    /// # Errors
    /// If its host wishes to be left alone for longer than is worth waiting for.
    pub(super) async fn turn(&self, url: &Url) -> Result<Turn, Error> {
        let name = url.host_str().unwrap_or_default();
        let queue = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(name.to_owned()).or_default())
        };
        let host = queue.lock_owned().await;
        let now = Instant::now();
        if let Some(open) = host.open
            && open > now + WAITED_FOR
        {
            return Err(Error::HostWaiting {
                host: name.to_owned(),
                retry_after: RetryAfter::For(open - now),
            });
        }
        let slow = host.ended.map(|ended| ended + self.delay(name));
        if let Some(at) = host.free.max(host.open).max(slow) {
            sleep_until(at).await;
        }
        // last, so that no host that is waited for takes a place
        let place = Arc::clone(&self.everyone)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        Ok(Turn {
            host,
            pause: jittered(self.spacing, url),
            _place: place,
        })
    }
}

impl Turn {
    /// The host has answered 429 or 503: all its sources are to leave it alone for as long as it wishes.
    pub(super) fn close(&mut self, wish: Option<RetryAfter>) {
        let span = match wish {
            Some(RetryAfter::For(span)) => span.min(LONGEST_WISH),
            Some(RetryAfter::Until(_)) | None => UNSAID,
        };
        self.host.open = Some(Instant::now() + span);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.host.ended = Some(Instant::now());
        self.host.free = (!self.pause.is_zero()).then(|| Instant::now() + self.pause);
    }
}

/// Three to five quarters of `spacing`: different for every address, so that the rhythm of the requests shows no beat.
fn jittered(spacing: Duration, url: &Url) -> Duration {
    let byte = blake3::hash(url.as_str().as_bytes()).as_bytes()[0];
    spacing.mul_f32(0.75 + f32::from(byte) / 510.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OutcomeKind;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[tokio::test]
    async fn two_requests_to_one_host_are_spaced_and_two_hosts_are_not() {
        let politeness = Politeness::new(Duration::from_millis(80), 8);
        let start = Instant::now();
        drop(politeness.turn(&url("https://a.example/1")).await.unwrap());
        drop(politeness.turn(&url("https://b.example/1")).await.unwrap());
        assert!(start.elapsed() < Duration::from_millis(50));
        drop(politeness.turn(&url("http://a.example/2")).await.unwrap());
        assert!(start.elapsed() >= Duration::from_millis(60));
    }

    #[tokio::test]
    async fn a_host_that_wishes_for_a_longer_pause_gets_it() {
        let politeness = Politeness::new(Duration::ZERO, 8);
        let start = Instant::now();
        drop(politeness.turn(&url("https://a.example/1")).await.unwrap());
        politeness.slow(&url("https://a.example/"), Some(Duration::from_millis(60)));
        drop(politeness.turn(&url("https://b.example/1")).await.unwrap());
        assert!(start.elapsed() < Duration::from_millis(50));
        drop(politeness.turn(&url("http://a.example/2")).await.unwrap());
        assert!(start.elapsed() >= Duration::from_millis(60));
    }

    #[tokio::test]
    async fn a_host_is_never_asked_twice_at_once() {
        let politeness = Politeness::new(Duration::ZERO, 8);
        let first = politeness.turn(&url("https://a.example/1")).await.unwrap();
        let same_host = url("https://a.example/2");
        let second = politeness.turn(&same_host);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), second)
                .await
                .is_err()
        );
        drop(first);
        politeness.turn(&same_host).await.unwrap();
    }

    #[tokio::test]
    async fn no_more_requests_are_under_way_than_allowed() {
        let politeness = Politeness::new(Duration::ZERO, 1);
        let _first = politeness.turn(&url("https://a.example/")).await.unwrap();
        let other_host = url("https://b.example/");
        let second = politeness.turn(&other_host);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), second)
                .await
                .is_err()
        );
    }

    #[tokio::test]
    async fn a_host_that_wishes_so_is_left_alone_by_its_other_sources() {
        let politeness = Politeness::new(Duration::ZERO, 8);
        let mut turn = politeness.turn(&url("https://a.example/1")).await.unwrap();
        turn.close(Some(RetryAfter::For(Duration::from_mins(2))));
        drop(turn);
        let error = politeness
            .turn(&url("https://a.example/2"))
            .await
            .unwrap_err();
        assert_eq!(error.outcome(), OutcomeKind::Waiting);
        politeness.turn(&url("https://b.example/")).await.unwrap();
    }

    #[test]
    fn the_pause_stays_near_the_spacing() {
        let spacing = Duration::from_secs(4);
        for n in 0..100 {
            let pause = jittered(spacing, &url(&format!("https://a.example/{n}")));
            assert!((3.0..=5.01).contains(&pause.as_secs_f32()), "{pause:?}");
        }
    }
}
