//! When may a source be asked again? Its history and `now` → yes, or an instant and the reason.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{OutcomeKind, SourceId, SourceState};

/// Nobody waits longer than this; a wait that ends later than that from now was written by a clock that was wrong.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::days(7);
/// The wait after the first failure; doubled by every further one.
const FIRST_BACKOFF: TimeDelta = TimeDelta::minutes(10);
/// The longest wait that failures cause: a source is never given up.
const LONGEST_BACKOFF: TimeDelta = TimeDelta::hours(24);

/// Whether a source may be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It may.
    Now,
    /// Not yet.
    Later {
        /// When it may; `None`: only by hand.
        until: Option<DateTime<Utc>>,
        /// Why not now.
        why: Why,
    },
}

/// Why a source waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its server has said so (`Retry-After`).
    ServerWish,
    /// It has failed so many times in a row.
    Failures(u32),
    /// Its server has said that it is gone for good (410).
    Gone,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServerWish => f.write_str("the server asked to be left alone until then"),
            Self::Failures(1) => f.write_str("it failed the last time"),
            Self::Failures(times) => write!(f, "it failed {times} times in a row"),
            Self::Gone => f.write_str("the server says that it is gone for good"),
        }
    }
}

/// Whether a source may be asked `now`. Every source may, but those that are gone (410), wait for their server
/// (`Retry-After`), or back off after failures. With `force` (by hand) only the server's wish holds.
#[must_use]
pub fn due(state: &SourceState, now: DateTime<Utc>, force: bool) -> Due {
    if let Some(until) = state.not_before
        && until > now
        && until - now <= LONGEST_WAIT
        && (state.server_wish || !force)
    {
        let why = if state.server_wish {
            Why::ServerWish
        } else {
            Why::Failures(state.failures.max(1))
        };
        return Due::Later {
            until: Some(until),
            why,
        };
    }
    if state.last_outcome == Some(OutcomeKind::Gone) && !force {
        return Due::Later {
            until: None,
            why: Why::Gone,
        };
    }
    Due::Now
}

/// What is learnt of a source from how asking it ended, at `now`. `retry_after` is the server's wish as an instant;
/// `jitter` is from 0 to 1 (see [`jitter`]).
///
/// Sets what decides when it is asked again: `last_asked`, `last_good`, `failures`, `not_before`, `server_wish`,
/// `last_outcome`. All else is as it was. [`OutcomeKind::Waiting`] means that nothing was asked: only the wait changes.
///
/// - A good answer clears the failures.
/// - A failure waits 10 minutes, 20, 40, … up to a day, each a quarter more or less; it never stops asking.
/// - Where the server stated a wish, it waits for the later of the two, and by hand too.
#[must_use]
pub fn after(
    state: &SourceState,
    outcome: OutcomeKind,
    retry_after: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    jitter: f64,
) -> SourceState {
    let wish = retry_after
        .map(|until| until.min(now + LONGEST_WAIT))
        .filter(|until| *until > now);
    let mut next = state.clone();
    match outcome {
        OutcomeKind::Waiting => {
            if let Some(until) = wish {
                next.not_before = Some(next.not_before.map_or(until, |known| known.max(until)));
                next.server_wish = true;
            }
            return next;
        }
        OutcomeKind::Read | OutcomeKind::Unchanged | OutcomeKind::Empty | OutcomeKind::Healed => {
            next.failures = 0;
            next.last_good = Some(now);
            next.not_before = wish;
        }
        OutcomeKind::Failed => {
            next.failures = state.failures.saturating_add(1);
            let backoff = now + backoff(next.failures, jitter);
            next.not_before = Some(wish.map_or(backoff, |until| until.max(backoff)));
        }
        OutcomeKind::Gone => {
            next.failures = state.failures.saturating_add(1);
            next.not_before = wish;
        }
    }
    next.server_wish = wish.is_some();
    next.last_asked = Some(now);
    next.last_outcome = Some(outcome);
    next
}

/// The wait after so many failures in a row.
fn backoff(failures: u32, jitter: f64) -> TimeDelta {
    let doublings = failures.saturating_sub(1).min(16);
    let wait = (FIRST_BACKOFF * (1 << doublings)).min(LONGEST_BACKOFF);
    // thousandths, so that the arithmetic is exact
    #[expect(clippy::cast_possible_truncation, reason = "between 750 and 1250")]
    let share = (750.0 + 500.0 * jitter.clamp(0.0, 1.0)).round() as i32;
    (wait * share / 1000).min(LONGEST_BACKOFF)
}

/// A number from 0 to 1 that differs between sources and between their failures, and is the same for the same ones: what
/// failed together does not come back together.
#[must_use]
pub fn jitter(id: &SourceId, failures: u32) -> f64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(id.as_str().as_bytes());
    hasher.update(&failures.to_le_bytes());
    f64::from(hasher.finalize().as_bytes()[0]) / 255.0
}

/// True if it is our own network that is down: of all that were asked, on more than one host, nobody could be reached.
/// Then nobody is charged with a failure. `asked` gives the host of each source that was asked, and whether no server was
/// reached at all.
#[must_use]
pub fn network_is_down<'a>(asked: impl IntoIterator<Item = (&'a str, bool)>) -> bool {
    let mut first = None;
    let mut several_hosts = false;
    for (host, unreachable) in asked {
        if !unreachable {
            return false;
        }
        several_hosts |= *first.get_or_insert(host) != host;
    }
    several_hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn noon() -> DateTime<Utc> {
        at("2026-03-01T12:00:00Z")
    }

    fn failed(state: &SourceState, times: u32) -> SourceState {
        (0..times).fold(state.clone(), |state, _| {
            after(&state, OutcomeKind::Failed, None, noon(), 0.5)
        })
    }

    #[test]
    fn a_source_never_asked_is_due() {
        assert_eq!(due(&SourceState::default(), noon(), false), Due::Now);
    }

    #[test]
    fn failures_wait_longer_each_time_and_never_for_good() {
        let mut waits = Vec::new();
        for times in [1, 2, 3, 4, 50, 5_000] {
            let state = failed(&SourceState::default(), times);
            assert_eq!(state.failures, times);
            waits.push((state.not_before.unwrap() - noon()).num_minutes());
        }
        assert_eq!(waits, [10, 20, 40, 80, 1440, 1440]);
    }

    #[test]
    fn jitter_moves_a_wait_by_at_most_a_quarter() {
        let wait = |jitter| {
            let state = after(
                &SourceState::default(),
                OutcomeKind::Failed,
                None,
                noon(),
                jitter,
            );
            (state.not_before.unwrap() - noon()).num_seconds()
        };
        assert_eq!((wait(0.0), wait(1.0)), (450, 750));
        let id = SourceId::new("blog").unwrap();
        assert!((jitter(&id, 1) - jitter(&id, 1)).abs() < 1e-9);
        assert!((jitter(&id, 1) - jitter(&id, 2)).abs() > 1e-3);
        assert!((0.0..=1.0).contains(&jitter(&id, 3)));
    }

    #[test]
    fn a_good_answer_clears_the_failures() {
        let state = failed(&SourceState::default(), 3);
        assert!(matches!(
            due(&state, noon(), false),
            Due::Later {
                why: Why::Failures(3),
                ..
            }
        ));
        let state = after(&state, OutcomeKind::Unchanged, None, noon(), 0.5);
        assert_eq!(state.failures, 0);
        assert_eq!(state.last_good, Some(noon()));
        assert_eq!(due(&state, noon(), false), Due::Now);
    }

    #[test]
    fn by_hand_ignores_all_but_the_servers_wish() {
        let backing_off = failed(&SourceState::default(), 3);
        assert_eq!(due(&backing_off, noon(), true), Due::Now);

        let wish = at("2026-03-01T18:00:00Z");
        let wished = after(
            &SourceState::default(),
            OutcomeKind::Failed,
            Some(wish),
            noon(),
            0.5,
        );
        let later = Due::Later {
            until: Some(wish),
            why: Why::ServerWish,
        };
        assert_eq!(due(&wished, noon(), false), later);
        assert_eq!(due(&wished, noon(), true), later);
        assert_eq!(due(&wished, wish, false), Due::Now);
    }

    #[test]
    fn a_short_wish_does_not_shorten_the_wait_for_failures() {
        let state = failed(&SourceState::default(), 3);
        let soon = noon() + TimeDelta::seconds(1);
        let state = after(&state, OutcomeKind::Failed, Some(soon), noon(), 0.5);
        assert_eq!(state.not_before.unwrap() - noon(), TimeDelta::minutes(80));
    }

    #[test]
    fn a_source_that_is_gone_is_asked_by_hand_only() {
        let state = after(
            &SourceState::default(),
            OutcomeKind::Gone,
            None,
            noon(),
            0.5,
        );
        let next_year = at("2027-03-01T12:00:00Z");
        assert_eq!(
            due(&state, next_year, false),
            Due::Later {
                until: None,
                why: Why::Gone
            }
        );
        assert_eq!(due(&state, next_year, true), Due::Now);
        let back = after(&state, OutcomeKind::Read, None, next_year, 0.5);
        assert_eq!(due(&back, next_year, false), Due::Now);
    }

    #[test]
    fn waiting_charges_nothing() {
        let state = failed(&SourceState::default(), 1);
        let wish = at("2026-03-01T18:00:00Z");
        let waiting = after(&state, OutcomeKind::Waiting, Some(wish), noon(), 0.5);
        assert_eq!(waiting.failures, 1);
        assert_eq!(waiting.last_outcome, Some(OutcomeKind::Failed));
        assert_eq!(waiting.not_before, Some(wish));
    }

    #[test]
    fn a_wait_that_no_clock_meant_is_no_wait() {
        let state = SourceState {
            not_before: Some(at("2099-01-01T00:00:00Z")),
            server_wish: true,
            ..SourceState::default()
        };
        assert_eq!(due(&state, noon(), false), Due::Now);
        let state = after(
            &SourceState::default(),
            OutcomeKind::Failed,
            state.not_before,
            noon(),
            0.5,
        );
        assert_eq!(state.not_before, Some(noon() + LONGEST_WAIT));
    }

    #[test]
    fn the_network_is_blamed_only_if_nobody_on_several_hosts_was_reached() {
        assert!(network_is_down([("a", true), ("b", true)]));
        assert!(!network_is_down([("a", true), ("b", false)]));
        assert!(!network_is_down([("a", true), ("a", true)]));
        assert!(!network_is_down([]));
    }
}
