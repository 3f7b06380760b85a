//! What is learnt from how asking a source ended.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{OutcomeKind, SourceId, SourceState};

/// Nobody waits longer than this for a server or after failures; a wait that ends later than that from now was written by a
/// clock that was wrong.
pub const LONGEST_WAIT: TimeDelta = TimeDelta::days(7);
/// The wait after the first failure; doubled by every further one.
const FIRST_BACKOFF: TimeDelta = TimeDelta::minutes(10);
/// The longest wait that failures cause: a source is never given up.
const LONGEST_BACKOFF: TimeDelta = TimeDelta::hours(24);
/// The longest wait after a failure that may have been our own network's.
const LONGEST_DOUBT: TimeDelta = TimeDelta::hours(1);

/// What is learnt of a source from how asking it ended, at `now`. `retry_after` is the server's wish as an instant;
/// `jitter` is from 0 to 1 (see [`jitter`]).
///
/// Sets what of this decides when it is asked again: `last_asked`, `last_good`, `failures`, `not_before`, `server_wish`,
/// `last_outcome`. All else is as it was. [`OutcomeKind::Waiting`] means that nothing was asked: only the wait changes.
///
/// - A good answer clears the failures.
/// - A failure waits 10 minutes, 20, 40, … up to a day, each a quarter more or less; it never stops asking.
/// - Where the server stated a wish, now or before, that is what is kept, since it holds by hand too; how long its failures
///   have it wait besides follows from them (`own_wait`).
#[must_use]
pub fn after(
    state: &SourceState,
    outcome: OutcomeKind,
    retry_after: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    jitter: f64,
) -> SourceState {
    let standing = state
        .not_before
        .filter(|until| state.server_wish && *until - now <= LONGEST_WAIT);
    let wish = retry_after
        .map(|until| until.min(now + LONGEST_WAIT))
        .max(standing)
        .filter(|until| *until > now);
    let mut next = state.clone();
    match outcome {
        OutcomeKind::Waiting => {
            if wish.is_some() {
                next.not_before = wish;
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
            next.not_before = wish.or(Some(now + backoff(next.failures, jitter)));
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

/// Until when a source waits because of its failures, whatever its server wishes.
pub(super) fn own_wait(id: &SourceId, state: &SourceState) -> Option<DateTime<Utc>> {
    if !state.server_wish {
        return state.not_before;
    }
    let before = state.failures.checked_sub(1)?;
    Some(state.last_asked? + backoff(state.failures, jitter(id, before)))
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

/// Who is to blame where nobody could be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// The sources: each failure is charged.
    Sources,
    /// Our own network: of all that were asked, on more than one host, nobody could be reached, and not all of them were in
    /// trouble before. Nobody is charged.
    Network,
    /// The one host that there is, or our own network: there is no telling. See [`doubted`].
    Doubtful,
}

/// How far asking one source came. What was not sent at all says nothing of the network, and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The host.
    pub host: String,
    /// True if a host answered, be it by refusing to.
    pub reached: bool,
    /// True if it was not in trouble before: what has long been dead is no sign that the network is.
    pub was_well: bool,
}

/// Who is to blame for failures, by all attempts of a run; `only_host` says that the configuration has no other host that
/// could be asked for comparison.
#[must_use]
pub fn blame<'a>(attempts: impl IntoIterator<Item = &'a Attempt>, only_host: bool) -> Blame {
    let mut first = None;
    let (mut several_hosts, mut was_well) = (false, false);
    for attempt in attempts {
        if attempt.reached {
            return Blame::Sources;
        }
        several_hosts |= *first.get_or_insert(&attempt.host) != &attempt.host;
        was_well |= attempt.was_well;
    }
    match (several_hosts && was_well, only_host && first.is_some()) {
        (true, _) => Blame::Network,
        (false, true) => Blame::Doubtful,
        (false, false) => Blame::Sources,
    }
}

/// A charged failure that may have been our own: it waits an hour at most, so that a night without network does not cost the
/// next day.
#[must_use]
pub fn doubted(mut charged: SourceState, now: DateTime<Utc>) -> SourceState {
    if !charged.server_wish {
        let soon = now + LONGEST_DOUBT;
        charged.not_before = charged.not_before.map(|until| until.min(soon));
    }
    charged
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
    fn a_short_wish_does_not_shorten_the_wait_for_failures() {
        let state = failed(&SourceState::default(), 3);
        let soon = noon() + TimeDelta::seconds(1);
        let state = after(&state, OutcomeKind::Failed, Some(soon), noon(), 0.5);
        let wait = own_wait(&SourceId::new("blog").unwrap(), &state).unwrap() - noon();
        assert!((60..=100).contains(&wait.num_minutes()), "{wait}");
        assert_eq!(state.not_before, Some(soon), "by hand, that is all");
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
    fn the_network_is_blamed_only_if_nobody_on_several_hosts_was_reached() {
        let (a, b) = (attempt("a", false), attempt("b", false));
        let (b_reached, a_dead, b_dead) = (attempt("b", true), dead("a"), dead("b"));
        assert_eq!(blame([&a, &b], false), Blame::Network);
        assert_eq!(blame([&a, &b_reached], false), Blame::Sources);
        assert_eq!(blame([&a, &a], false), Blame::Sources);
        assert_eq!(blame([], true), Blame::Sources);
        assert_eq!(blame([&a_dead, &b_dead], false), Blame::Sources);
        assert_eq!(blame([&a_dead, &b], false), Blame::Network);
    }

    fn attempt(host: &str, reached: bool) -> Attempt {
        Attempt {
            host: host.to_owned(),
            reached,
            was_well: true,
        }
    }

    /// A host that was dead before.
    fn dead(host: &str) -> Attempt {
        Attempt {
            was_well: false,
            ..attempt(host, false)
        }
    }

    #[test]
    fn where_there_is_one_host_only_a_failure_may_be_ours_and_waits_an_hour_at_most() {
        assert_eq!(blame([&dead("a")], true), Blame::Doubtful);
        assert_eq!(blame([&attempt("a", true)], true), Blame::Sources);
        let night = doubted(failed(&SourceState::default(), 12), noon());
        assert_eq!(night.failures, 12);
        assert_eq!(night.not_before, Some(noon() + TimeDelta::hours(1)));
        let first = failed(&SourceState::default(), 1);
        assert_eq!(doubted(first.clone(), noon()), first);
    }
}
