//! Does the service get on? A service that runs and does nothing is worse than one that is dead: nobody restarts it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// The scheduler looks twice a second whether something is due. If it is so late, it does not look any more.
const LATE: TimeDelta = TimeDelta::minutes(2);
/// Every request ends in time, but one source may have a hundred new articles on a slow host. Nothing takes so long.
const STALLED: Duration = Duration::from_hours(2);

/// When a cycle last got on. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pulse(Arc<Mutex<Instant>>);

impl Default for Pulse {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Pulse {
    /// The cycle has got on just now.
    pub fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long ago that was.
    pub(super) fn age(&self) -> Duration {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
    }
}

/// What looks as if it had come to a halt at one beat need not have: a machine that wakes up has a clock that jumps, and
/// what was due while it slept comes a moment later. What does so at two in a row has.
#[derive(Debug, Default)]
pub(super) struct Suspicion(Option<(&'static str, Option<DateTime<Utc>>)>);

impl Suspicion {
    /// Looks at a beat: what has come to a halt, of what [`halted`] says; the schedule's next instant is `next`.
    pub(super) fn confirm(
        &mut self,
        halted: Option<&'static str>,
        next: Option<DateTime<Utc>>,
    ) -> Option<&'static str> {
        let seen = halted.map(|what| (what, next));
        let before = std::mem::replace(&mut self.0, seen);
        halted.filter(|_| seen == before)
    }
}

/// What has come to a halt, if something has: the schedule, whose next instant is `next`, or the cycle under way, which got
/// on `age` ago.
pub(super) fn halted(
    next: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    age: Option<Duration>,
) -> Option<&'static str> {
    if next.is_some_and(|next| now - next > LATE) {
        return Some("the schedule does not fire any more");
    }
    if age.is_some_and(|age| age > STALLED) {
        return Some("the cycle under way does not get on");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_that_does_not_fire_and_a_cycle_that_hangs_are_noticed() {
        let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let minutes = TimeDelta::minutes;
        let age = |hours| Some(Duration::from_hours(hours));
        for (next, age, fine) in [
            (None, None, true),
            (Some(now + minutes(30)), age(1), true),
            (Some(now - minutes(1)), None, true),
            (Some(now - minutes(3)), None, false),
            (Some(now + minutes(30)), age(3), false),
        ] {
            assert_eq!(halted(next, now, age).is_none(), fine, "{next:?} {age:?}");
        }
    }

    #[test]
    fn a_clock_that_jumps_ahead_is_no_halt_and_a_schedule_that_stays_late_is() {
        let next: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let woken = next + TimeDelta::hours(8);
        let later = woken + TimeDelta::minutes(1);
        let mut suspicion = Suspicion::default();
        let mut beat = |next, now| suspicion.confirm(halted(Some(next), now, None), Some(next));
        assert_eq!(beat(next, woken), None, "it has not had the time to fire");
        let fired = woken + TimeDelta::minutes(30);
        assert_eq!(beat(fired, later), None);
        assert_eq!(beat(next, woken), None);
        assert!(beat(next, later).is_some());
    }

    #[test]
    fn a_beat_makes_the_pulse_young() {
        let pulse = Pulse::default();
        *pulse.0.lock().unwrap() -= Duration::from_secs(1);
        assert!(pulse.age() >= Duration::from_secs(1));
        pulse.beat();
        assert!(pulse.age() < Duration::from_secs(1));
    }
}
