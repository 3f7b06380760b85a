//! What a feed wishes of those who ask for it: RSS 2.0 `ttl`, `skipHours` and `skipDays`, and the syndication module of
//! RSS 1.0 (`sy:updatePeriod`, `sy:updateFrequency`, `sy:updateBase`).

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};

use crate::model::{UpdateHints, Why};

/// What a feed says delays the next request by no more than this: `ttl` of a year is a mistake, `yearly` a manner of
/// speaking.
pub(super) const LONGEST_HINT: TimeDelta = TimeDelta::hours(24);

/// The instants before which a feed that was read at `asked` does not wish to be asked again, each with its reason.
pub(super) fn wishes(
    hints: &UpdateHints,
    asked: DateTime<Utc>,
) -> impl Iterator<Item = (DateTime<Utc>, Why)> {
    let ttl = hints.ttl_minutes.map(|minutes| {
        let span = TimeDelta::minutes(minutes.into()).min(LONGEST_HINT);
        (asked + span, Why::Ttl(span))
    });
    let period = hints.period_seconds.filter(|seconds| *seconds > 0);
    let period = period.map(|seconds| {
        let span = TimeDelta::seconds(seconds.into());
        let at = match hints.period_base {
            Some(base) => next_beat(base, span, asked),
            None => asked + span,
        };
        (at.min(asked + LONGEST_HINT), Why::Period(span))
    });
    ttl.into_iter().chain(period)
}

/// The first instant after `asked` that is a whole number of spans away from `base`.
fn next_beat(base: DateTime<Utc>, span: TimeDelta, asked: DateTime<Utc>) -> DateTime<Utc> {
    let span = span.num_seconds().max(1);
    let into = (asked - base).num_seconds().rem_euclid(span);
    asked + TimeDelta::seconds(span - into)
}

/// The first instant from `at` on that lies in no hour and on no day that the feed wishes to be skipped, and why it is not
/// `at` itself. A feed that names all hours or all days has made a mistake, and is not heeded.
pub(super) fn outside_skipped(
    hints: &UpdateHints,
    at: DateTime<Utc>,
) -> Option<(DateTime<Utc>, Why)> {
    const WEEK: i64 = 7 * 24;
    let skipped = |at: &DateTime<Utc>| {
        let day = u8::try_from(at.weekday().num_days_from_monday()).unwrap_or_default();
        let hour = u8::try_from(at.hour()).unwrap_or_default();
        if hints.skip_days.contains(&day) {
            Some(Why::SkippedDay)
        } else if hints.skip_hours.contains(&hour) {
            Some(Why::SkippedHour)
        } else {
            None
        }
    };
    let mut why = skipped(&at)?;
    let into_hour = TimeDelta::seconds(at.timestamp().rem_euclid(3_600));
    for hours in 1..=WEEK {
        let later = at - into_hour + TimeDelta::hours(hours);
        match skipped(&later) {
            None => return Some((later, why)),
            Some(still) => why = still,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// A Sunday.
    fn noon() -> DateTime<Utc> {
        at("2026-03-01T12:00:00Z")
    }

    fn latest(hints: &UpdateHints) -> Option<DateTime<Utc>> {
        wishes(hints, noon()).map(|(at, _)| at).max()
    }

    #[test]
    fn a_feed_that_says_nothing_wishes_nothing() {
        assert_eq!(latest(&UpdateHints::default()), None);
        assert_eq!(outside_skipped(&UpdateHints::default(), noon()), None);
    }

    #[test]
    fn ttl_counts_in_minutes_up_to_a_day() {
        let ttl = |minutes| UpdateHints {
            ttl_minutes: Some(minutes),
            ..UpdateHints::default()
        };
        assert_eq!(latest(&ttl(90)), Some(at("2026-03-01T13:30:00Z")));
        assert_eq!(latest(&ttl(0)), Some(noon()));
        assert_eq!(latest(&ttl(u32::MAX)), Some(at("2026-03-02T12:00:00Z")));
    }

    #[test]
    fn periods_count_from_their_base_where_there_is_one() {
        let mut hints = UpdateHints {
            period_seconds: Some(6 * 3_600),
            ..UpdateHints::default()
        };
        assert_eq!(latest(&hints), Some(at("2026-03-01T18:00:00Z")));
        for (base, next) in [
            ("2000-01-01T02:00:00Z", "2026-03-01T14:00:00Z"),
            ("2026-03-01T12:00:00Z", "2026-03-01T18:00:00Z"),
            ("2030-01-01T01:00:00Z", "2026-03-01T13:00:00Z"),
        ] {
            hints.period_base = Some(at(base));
            assert_eq!(latest(&hints), Some(at(next)), "{base}");
        }
        hints.period_seconds = Some(31_536_000);
        assert_eq!(latest(&hints), Some(at("2026-03-02T12:00:00Z")));
    }

    #[test]
    fn skipped_hours_and_days_move_to_the_next_one_that_is_not() {
        let hints = UpdateHints {
            skip_hours: [0, 12, 13].into(),
            ..UpdateHints::default()
        };
        assert_eq!(
            outside_skipped(&hints, at("2026-03-01T12:20:05Z")),
            Some((at("2026-03-01T14:00:00Z"), Why::SkippedHour))
        );
        assert_eq!(outside_skipped(&hints, at("2026-03-01T14:20:05Z")), None);
        let hints = UpdateHints {
            // Sunday and Monday
            skip_days: [6, 0].into(),
            skip_hours: [0].into(),
            ..UpdateHints::default()
        };
        let (until, _) = outside_skipped(&hints, noon()).unwrap();
        assert_eq!(until, at("2026-03-03T01:00:00Z"));
    }

    #[test]
    fn a_feed_that_skips_everything_skips_nothing() {
        let hints = UpdateHints {
            skip_hours: (0..24).collect(),
            ..UpdateHints::default()
        };
        assert_eq!(outside_skipped(&hints, noon()), None);
    }
}
