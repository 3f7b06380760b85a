//! Waiting one's turn: one request at a time per host, with a pause between two, and not too many hosts at once. A host
//! that wishes to be left alone (`Retry-After`) is left alone by all its sources. Groups of hosts may have it otherwise.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::error::Error;
use super::freshness::{LONGEST_WISH, RetryAfter};
use super::group::Line;
use super::options::Options;

/// A host that wishes to be left alone for no longer than this is waited for within the run.
const WAITED_FOR: Duration = Duration::from_secs(5);
/// What a wish until a date means where the server does not show its clock, and a 429 without any date or span.
const UNSAID: Duration = Duration::from_mins(10);

/// Who may ask whom, and when. Shared by all requests of a run, or of the service's life.
#[derive(Debug)]
pub(super) struct Politeness {
    options: Options,
    everyone: Arc<Semaphore>,
    lines: Mutex<HashMap<String, Arc<Queue>>>,
    /// The pauses that hosts wish for themselves.
    delays: Mutex<HashMap<String, Duration>>,
}

/// Those who wait for one host, or for the hosts of a group.
#[derive(Debug)]
struct Queue {
    /// How many may ask at once; the others wait in the order of arrival.
    places: Arc<Semaphore>,
    state: Mutex<State>,
}

/// What is known of the hosts of a line.
#[derive(Debug)]
struct State {
    /// When each place that nobody has may be used, as we space requests; `None`: at once.
    free: Vec<Option<Instant>>,
    /// When it may be asked again, as it wishes.
    open: Option<Instant>,
    /// When the last request began or ended, whichever was later.
    busy: Option<Instant>,
}

impl Queue {
    fn new(places: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            state: Mutex::new(State {
                free: vec![None; places],
                open: None,
                busy: None,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in a line, given back when this is dropped: also by who gives up waiting.
#[derive(Debug)]
struct Place {
    queue: Arc<Queue>,
    /// When the next one may use it.
    free: Option<Instant>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.state().free.push(self.free);
    }
}

/// The right to send one request; the next one in its line waits until this is dropped, and the pause after it.
#[derive(Debug)]
pub(super) struct Turn {
    place: Place,
    pause: Duration,
    is_narrow: bool,
    _everyone: OwnedSemaphorePermit,
}

impl Politeness {
    /// Spacing, concurrency and groups as in `options`.
    pub(super) fn new(options: &Options) -> Self {
        let everyone = options.concurrency.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            options: options.clone(),
            everyone: Arc::new(Semaphore::new(everyone)),
            lines: Mutex::default(),
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
    fn delay(&self, name: &str) -> Option<Duration> {
        let delays = self.delays.lock().unwrap_or_else(PoisonError::into_inner);
        delays.get(name).copied()
    }

    /// Waits for the turn of `url`, in the order of arrival in its line.
    ///
    /// # Errors
    /// If its host wishes to be left alone for longer than is worth waiting for.
    pub(super) async fn turn(&self, url: &Url) -> Result<Turn, Error> {
        let name = url.host_str().unwrap_or_default();
        let line = self.options.line(name);
        let (place, at) = self.place(name, &line).await?;
        if let Some(at) = at {
            sleep_until(at).await;
        }
        // last, so that no host that is waited for takes a place
        let everyone = Arc::clone(&self.everyone)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        Ok(Turn {
            place,
            pause: jittered(line.spacing, url),
            is_narrow: line.is_narrow,
            _everyone: everyone,
        })
    }

    /// A place in `line` for the host `name`, and from when it may be used.
    async fn place(&self, name: &str, line: &Line) -> Result<(Place, Option<Instant>), Error> {
        let queue = {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            match lines.get(&line.name) {
                Some(queue) => Arc::clone(queue),
                None => Arc::clone(
                    lines
                        .entry(line.name.clone())
                        .or_insert_with(|| Arc::new(Queue::new(line.concurrency))),
                ),
            }
        };
        let permit = Arc::clone(&queue.places)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        let now = Instant::now();
        let mut state = queue.state();
        if let Some(open) = state.open
            && open > now + WAITED_FOR
        {
            return Err(Error::HostWaiting {
                host: name.to_owned(),
                retry_after: RetryAfter::For(open - now),
            });
        }
        let soonest = (0..state.free.len()).min_by_key(|at| state.free[*at]);
        let free = soonest.and_then(|at| state.free.swap_remove(at));
        let slow = state
            .busy
            .zip(self.delay(name))
            .map(|(busy, delay)| busy + delay);
        let at = free.max(state.open).max(slow);
        state.busy = state.busy.max(at.or(Some(now)));
        drop(state);
        let place = Place {
            queue,
            free,
            _permit: permit,
        };
        Ok((place, at))
    }
}

impl Turn {
    /// The host has answered 429 or 503: all its sources are to leave it alone for as long as it wishes.
    pub(super) fn close(&mut self, wish: Option<RetryAfter>) {
        if self.is_narrow {
            return;
        }
        let span = match wish {
            Some(RetryAfter::For(span)) => span.min(LONGEST_WISH),
            Some(RetryAfter::Until(_)) | None => UNSAID,
        };
        self.place.queue.state().open = Some(Instant::now() + span);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let now = Instant::now();
        self.place.free = (!self.pause.is_zero()).then(|| now + self.pause);
        let mut state = self.place.queue.state();
        state.busy = state.busy.max(Some(now));
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
    use crate::fetch::Group;
    use crate::model::OutcomeKind;

    fn politeness(spacing: Duration, concurrency: usize) -> Politeness {
        Politeness::new(&Options {
            spacing,
            concurrency,
            ..Options::default()
        })
    }

    fn grouped(concurrency: usize, is_narrow: bool) -> Politeness {
        Politeness::new(&Options {
            spacing: Duration::ZERO,
            groups: vec![Group {
                hosts: vec!["*.blogs.example".parse().unwrap()],
                spacing: None,
                concurrency,
                is_narrow,
            }],
            ..Options::default()
        })
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn two_requests_to_one_host_are_spaced_and_two_hosts_are_not() {
        let politeness = politeness(Duration::from_millis(80), 8);
        let start = Instant::now();
        drop(politeness.turn(&url("https://a.example/1")).await.unwrap());
        drop(politeness.turn(&url("https://b.example/1")).await.unwrap());
        assert!(start.elapsed().is_zero());
        drop(politeness.turn(&url("http://a.example/2")).await.unwrap());
        assert!(start.elapsed() >= Duration::from_millis(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_wishes_for_a_longer_pause_gets_it() {
        let politeness = politeness(Duration::ZERO, 8);
        let start = Instant::now();
        drop(politeness.turn(&url("https://a.example/1")).await.unwrap());
        politeness.slow(&url("https://a.example/"), Some(Duration::from_millis(60)));
        drop(politeness.turn(&url("https://b.example/1")).await.unwrap());
        assert!(start.elapsed().is_zero());
        drop(politeness.turn(&url("http://a.example/2")).await.unwrap());
        assert!(start.elapsed() >= Duration::from_millis(60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_is_never_asked_twice_at_once() {
        let politeness = politeness(Duration::ZERO, 8);
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

    #[tokio::test(start_paused = true)]
    async fn no_more_requests_are_under_way_than_allowed() {
        let politeness = politeness(Duration::ZERO, 1);
        let _first = politeness.turn(&url("https://a.example/")).await.unwrap();
        let other_host = url("https://b.example/");
        let second = politeness.turn(&other_host);
        assert!(
            tokio::time::timeout(Duration::from_millis(20), second)
                .await
                .is_err()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_wishes_so_is_left_alone_by_its_other_sources() {
        let politeness = politeness(Duration::ZERO, 8);
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

    /// True if a turn for `to` comes at once.
    async fn is_free(politeness: &Politeness, to: &str) -> bool {
        let url = url(to);
        let turn = politeness.turn(&url);
        tokio::time::timeout(Duration::from_millis(20), turn)
            .await
            .is_ok_and(|turn| turn.is_ok())
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_of_a_group_take_turns_and_share_their_wishes() {
        let politeness = grouped(1, false);
        let mut first = politeness
            .turn(&url("https://a.blogs.example/"))
            .await
            .unwrap();
        assert!(!is_free(&politeness, "https://b.blogs.example/").await);
        assert!(is_free(&politeness, "https://c.example/").await);
        first.close(Some(RetryAfter::For(Duration::from_mins(2))));
        drop(first);
        let error = politeness
            .turn(&url("https://b.blogs.example/"))
            .await
            .unwrap_err();
        assert_eq!(error.outcome(), OutcomeKind::Waiting);
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_may_be_asked_for_several_things_at_once() {
        let politeness = grouped(2, false);
        let first = politeness
            .turn(&url("https://a.blogs.example/1"))
            .await
            .unwrap();
        let _second = politeness
            .turn(&url("https://a.blogs.example/2"))
            .await
            .unwrap();
        assert!(!is_free(&politeness, "https://a.blogs.example/3").await);
        drop(first);
        assert!(is_free(&politeness, "https://a.blogs.example/3").await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wish_in_a_narrow_group_is_that_of_one_source() {
        let politeness = grouped(1, true);
        let mut first = politeness
            .turn(&url("https://a.blogs.example/1"))
            .await
            .unwrap();
        first.close(Some(RetryAfter::For(Duration::from_mins(2))));
        drop(first);
        assert!(is_free(&politeness, "https://a.blogs.example/2").await);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_takes_no_pause_with_them() {
        let politeness = politeness(Duration::from_millis(120), 8);
        let start = Instant::now();
        drop(politeness.turn(&url("https://a.example/1")).await.unwrap());
        assert!(!is_free(&politeness, "https://a.example/2").await);
        drop(politeness.turn(&url("https://a.example/3")).await.unwrap());
        assert!(start.elapsed() >= Duration::from_millis(90));
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
