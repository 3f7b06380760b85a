//! When is a source due? What is configured, what was learnt of it and `now` → yes, or an instant and the reason.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::after::{LONGEST_WAIT, jitter, own_wait};
use super::hints::{LONGEST_HINT, outside_skipped, wishes};
use super::rhythm::rhythm;
use crate::model::{OutcomeKind, Source, SourceState, Wait, Why};

/// Spans up to this are kept exactly; longer ones are spread, so that what was asked together does not stay together.
const EXACT: TimeDelta = TimeDelta::hours(1);
/// By what part of a longer span it is moved at most.
const SPREAD: i32 = 8;

/// Whether a source may be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It may.
    Now,
    /// Not yet.
    Later(Wait),
}

/// Whether `source` may be asked `now`: from [`next`] on. By hand only a server's wish to be left alone holds.
#[must_use]
pub fn due(source: &Source, state: &SourceState, now: DateTime<Utc>, by_hand: bool) -> Due {
    let wait = if by_hand {
        let wish = state.not_before.filter(|_| state.server_wish);
        held(wish, Why::ServerWish, now)
    } else {
        next(source, state, now)
    };
    match wait {
        Some(wait) if wait.until.is_none_or(|until| until > now) => Due::Later(wait),
        _ => Due::Now,
    }
}

/// When `source` is due, and why not earlier; an instant that has passed means now, and so does `None`, which a source has
/// that was never asked. It is the latest of
///
/// - what its server or our backoff said (`not_before`);
/// - the configured interval, counted from the last request; without one, its own rhythm, counted, like all that follows,
///   from the last good answer: a sixth of the usual time between two posts, between 15 minutes and a day;
/// - how long that answer is good for, as it said (RFC 9111), up to a day;
/// - what its feed wishes: `ttl`, `sy:updatePeriod`, up to a day;
///
/// and then moved out of the hours and days that its feed wishes to be skipped. Spans of more than an hour are spread: our
/// own are up to an eighth shorter, the server's and the feed's up to an eighth longer. They count from the begun minute, so
/// that `every hour` is every hour, though a cycle begins some seconds late. What a clock has written that was wrong (a
/// request in the future, a wait of more than a week) does not count.
#[must_use]
pub fn next(source: &Source, state: &SourceState, now: DateTime<Utc>) -> Option<Wait> {
    let wish = state.not_before.filter(|_| state.server_wish);
    let held = [
        held(
            own_wait(&source.id, state),
            Why::Failures(state.failures.max(1)),
            now,
        ),
        held(wish, Why::ServerWish, now),
    ];
    let held = held.into_iter().flatten().max_by_key(|wait| wait.until);
    let Some(asked) = state.last_asked.map(minute) else {
        return held;
    };
    if state.last_outcome == Some(OutcomeKind::Gone) {
        return Some(Wait {
            until: None,
            why: Why::Gone,
        });
    }
    let interval = source.interval.filter(|_| asked <= now).map(|interval| {
        let span = TimeDelta::from_std(interval).unwrap_or(TimeDelta::MAX);
        (after(asked, span), Why::Interval(span))
    });
    let good = state.last_good.map(minute).filter(|good| *good <= now);
    let learnt = good.map(|good| learnt(source, state, good));
    let latest = held
        .and_then(|wait| Some((wait.until?, wait.why)))
        .into_iter()
        .chain(interval)
        .chain(learnt.into_iter().flatten())
        .max_by_key(|(at, _)| *at);
    let from = latest.map_or(now, |(at, _)| at.max(now));
    let (at, why) = outside_skipped(&state.hints, from)
        .filter(|_| good.is_some())
        .or(latest)?;
    Some(Wait {
        until: Some(at),
        why,
    })
}

/// What holds since the last good answer.
fn learnt(
    source: &Source,
    state: &SourceState,
    good: DateTime<Utc>,
) -> impl Iterator<Item = (DateTime<Utc>, Why)> {
    // another part of the span after each good answer
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "any number will do"
    )]
    let jitter = jitter(&source.id, (good.timestamp() / 60) as u32);
    let own = source.interval.is_none().then(|| {
        let gap = state.gap.and_then(|gap| TimeDelta::from_std(gap).ok());
        let (span, why) = rhythm(gap, state.newest.map(|newest| good - newest));
        (after(good, span - spread(span, jitter)), why)
    });
    let fresh = state.fresh_for.map(|fresh| {
        let span = TimeDelta::from_std(fresh).map_or(LONGEST_HINT, |span| span.min(LONGEST_HINT));
        (good + span, Why::Fresh(span))
    });
    let said = fresh.into_iter().chain(wishes(&state.hints, good));
    let said = said.map(move |(at, why)| (at + spread(at - good, jitter), why));
    own.into_iter().chain(said)
}

/// What its server or our backoff said, unless a clock did that was wrong.
fn held(until: Option<DateTime<Utc>>, why: Why, now: DateTime<Utc>) -> Option<Wait> {
    let until = until.filter(|until| *until - now <= LONGEST_WAIT)?;
    Some(Wait {
        until: Some(until),
        why,
    })
}

fn after(at: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(span)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// By how much a span is moved.
fn spread(span: TimeDelta, jitter: f64) -> TimeDelta {
    if span <= EXACT {
        return TimeDelta::zero();
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1000")]
    let share = (jitter.clamp(0.0, 1.0) * 1000.0) as i32;
    span / SPREAD / 1000 * share
}

/// The minute that had begun then.
fn minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(EXACT / 60).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::after::after as asked;
    use super::*;
    use crate::model::{SourceId, SourceKind, UpdateHints};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// A Sunday.
    fn noon() -> DateTime<Utc> {
        at("2026-03-01T12:00:00Z")
    }

    fn source(interval: Option<Duration>) -> Source {
        Source {
            id: SourceId::new("blog").unwrap(),
            url: "https://blog.example/feed".parse().unwrap(),
            title: None,
            kind: SourceKind::Auto,
            select: None,
            enrich: true,
            pages: 1,
            interval,
            timezone: None,
            robots: true,
            tags: Vec::new(),
            access: std::sync::Arc::default(),
        }
    }

    fn ended(
        state: &SourceState,
        outcome: OutcomeKind,
        wish: Option<DateTime<Utc>>,
    ) -> SourceState {
        asked(state, outcome, wish, noon(), 0.5)
    }

    /// Asked at noon, well, with posts every half hour until then: its rhythm is the shortest there is.
    fn busy() -> SourceState {
        SourceState {
            gap: Some(Duration::from_mins(30)),
            newest: Some(noon()),
            ..ended(&SourceState::default(), OutcomeKind::Read, None)
        }
    }

    fn wait(state: &SourceState) -> Wait {
        next(&source(None), state, noon()).unwrap()
    }

    /// Minutes from noon until it is due, and the word for why.
    fn said(state: &SourceState) -> (i64, &'static str) {
        let wait = wait(state);
        (
            (wait.until.unwrap() - noon()).num_minutes(),
            wait.why.as_str(),
        )
    }

    fn is_due(state: &SourceState, now: DateTime<Utc>, by_hand: bool) -> bool {
        due(&source(None), state, now, by_hand) == Due::Now
    }

    #[test]
    fn a_source_never_asked_is_due() {
        assert!(is_due(&SourceState::default(), noon(), false));
    }

    #[test]
    fn a_source_is_asked_by_its_rhythm_and_the_reason_says_so() {
        let state = busy();
        assert_eq!(said(&state), (15, "rhythm"));
        assert!(!is_due(&state, at("2026-03-01T12:14:59Z"), false));
        assert!(is_due(&state, at("2026-03-01T12:15:00Z"), false));
        let blog = SourceState {
            gap: Some(Duration::from_hours(72)),
            ..busy()
        };
        let (minutes, _) = said(&blog);
        assert!((630..=720).contains(&minutes), "{minutes}");
        assert_eq!(
            wait(&blog).why.to_string(),
            "rhythm: posts about every 3 days, asked every 12 hours"
        );
    }

    #[test]
    fn a_cycle_that_begins_some_seconds_early_still_asks() {
        let state = SourceState {
            last_asked: Some(at("2026-03-01T12:00:07Z")),
            last_good: Some(at("2026-03-01T12:00:07Z")),
            ..busy()
        };
        assert!(is_due(&state, at("2026-03-01T12:15:01Z"), false));
    }

    #[test]
    fn the_configured_interval_takes_the_place_of_the_rhythm() {
        let hour = source(Some(Duration::from_hours(1)));
        let wait = next(&hour, &busy(), noon()).unwrap();
        assert_eq!(wait.until, Some(at("2026-03-01T13:00:00Z")));
        assert_eq!(wait.why.to_string(), "interval: asked every 60 minutes");
        let always = source(Some(Duration::ZERO));
        assert_eq!(due(&always, &busy(), noon(), false), Due::Now);
        // a failure does not make us ask more often than that
        let failed = ended(&busy(), OutcomeKind::Failed, None);
        let wait = next(&hour, &failed, noon()).unwrap();
        assert_eq!(wait.until, Some(at("2026-03-01T13:00:00Z")));
    }

    #[test]
    fn the_latest_of_what_was_said_holds() {
        let mut state = SourceState {
            fresh_for: Some(Duration::from_mins(40)),
            ..busy()
        };
        assert_eq!(said(&state), (40, "freshness"));
        state.hints.ttl_minutes = Some(50);
        assert_eq!(said(&state), (50, "ttl"));
        state.hints.period_seconds = Some(3_600);
        assert_eq!(said(&state), (60, "update_period"));
        state.not_before = Some(at("2026-03-01T13:10:00Z"));
        state.server_wish = true;
        assert_eq!(said(&state), (70, "retry_after"));
        state.hints.skip_hours = [13, 14].into();
        assert_eq!(said(&state), (180, "skip_hours"));
    }

    #[test]
    fn an_answer_that_says_good_for_a_year_is_asked_for_again_within_two_days() {
        let state = SourceState {
            fresh_for: Some(Duration::from_secs(u64::MAX)),
            hints: UpdateHints {
                ttl_minutes: Some(u32::MAX),
                ..UpdateHints::default()
            },
            ..busy()
        };
        let (minutes, _) = said(&state);
        assert!((24 * 60..=27 * 60).contains(&minutes), "{minutes}");
    }

    #[test]
    fn what_was_asked_together_does_not_stay_together() {
        let spans: std::collections::BTreeSet<i64> = (0..50)
            .map(|n| {
                let source = Source {
                    id: SourceId::new(&format!("blog-{n}")).unwrap(),
                    ..source(None)
                };
                let silent = SourceState {
                    gap: Some(Duration::from_hours(24 * 30)),
                    ..busy()
                };
                let until = next(&source, &silent, noon()).unwrap().until.unwrap();
                (until - noon()).num_minutes()
            })
            .collect();
        assert!(spans.len() > 20, "{spans:?}");
        assert!(
            spans
                .iter()
                .all(|minutes| (21 * 60..=24 * 60).contains(minutes))
        );
    }

    #[test]
    fn a_due_source_is_not_asked_in_an_hour_that_its_feed_skips() {
        let mut state = busy();
        state.hints.skip_hours = [15].into();
        assert!(is_due(&state, at("2026-03-01T14:59:00Z"), false));
        assert!(!is_due(&state, at("2026-03-01T15:00:00Z"), false));
        assert!(is_due(&state, at("2026-03-01T15:00:00Z"), true));
        assert!(is_due(&state, at("2026-03-01T16:00:00Z"), false));
    }

    #[test]
    fn a_good_answer_clears_the_failures() {
        let failed = ended(&SourceState::default(), OutcomeKind::Failed, None);
        assert_eq!(said(&failed), (10, "failures"));
        let state = ended(&failed, OutcomeKind::Unchanged, None);
        assert_eq!(state.failures, 0);
        assert_eq!(state.last_good, Some(noon()));
        assert_eq!(said(&state).1, "rhythm");
    }

    #[test]
    fn by_hand_ignores_all_but_the_servers_wish() {
        let failed = ended(&busy(), OutcomeKind::Failed, None);
        assert!(!is_due(&failed, noon(), false));
        assert!(is_due(&failed, noon(), true));
        assert!(is_due(&busy(), noon(), true));

        let wish = at("2026-03-01T18:00:00Z");
        let wished = ended(&SourceState::default(), OutcomeKind::Failed, Some(wish));
        let later = Due::Later(Wait {
            until: Some(wish),
            why: Why::ServerWish,
        });
        assert_eq!(due(&source(None), &wished, noon(), false), later);
        assert_eq!(due(&source(None), &wished, noon(), true), later);
        assert!(is_due(&wished, wish, false));
    }

    #[test]
    fn a_wish_holds_for_a_source_that_was_never_asked_itself() {
        let wish = at("2026-03-01T18:00:00Z");
        let waiting = ended(&SourceState::default(), OutcomeKind::Waiting, Some(wish));
        assert!(!is_due(&waiting, noon(), true));
        assert!(is_due(&waiting, wish, false));
    }

    #[test]
    fn a_source_that_is_gone_is_asked_by_hand_only() {
        let state = ended(&busy(), OutcomeKind::Gone, None);
        let next_year = at("2027-03-01T12:00:00Z");
        let never = Wait {
            until: None,
            why: Why::Gone,
        };
        assert_eq!(
            due(&source(None), &state, next_year, false),
            Due::Later(never)
        );
        assert!(is_due(&state, next_year, true));
        let back = asked(&state, OutcomeKind::Read, None, next_year, 0.5);
        assert!(is_due(&back, at("2027-03-02T12:00:00Z"), false));
    }

    #[test]
    fn a_wait_that_no_clock_meant_is_no_wait() {
        let state = SourceState {
            not_before: Some(at("2099-01-01T00:00:00Z")),
            server_wish: true,
            ..SourceState::default()
        };
        assert!(is_due(&state, noon(), false));
        let state = ended(&state, OutcomeKind::Failed, state.not_before);
        assert_eq!(state.not_before, Some(noon() + LONGEST_WAIT));
    }

    #[test]
    fn a_request_that_lies_in_the_future_was_noted_by_a_wrong_clock() {
        let next_week = at("2026-03-08T12:00:00Z");
        let state = asked(&busy(), OutcomeKind::Read, None, next_week, 0.5);
        assert!(is_due(&state, noon(), false));
        let hour = source(Some(Duration::from_hours(1)));
        assert_eq!(due(&hour, &state, noon(), false), Due::Now);
    }
}
