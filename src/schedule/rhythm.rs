//! How often a source is worth asking: learnt from the times at which it posts.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Why;

/// From so many of its latest posts a source's rhythm is learnt.
pub const MOST_POSTS: usize = 20;
/// Fewer gaps between posts show no rhythm.
const FEWEST_GAPS: usize = 2;
/// Posts that follow each other faster were put up together, and count as one.
const TOGETHER: TimeDelta = TimeDelta::minutes(15);
/// A source is asked so many times in the usual time between two of its posts.
const SHARE: i32 = 6;
/// Silence counts from so many times the gap on.
const PATIENCE: i32 = 4;
/// What is taken for the gap where none is known: such a source is asked every hour at first.
const UNKNOWN: TimeDelta = TimeDelta::hours(6);
/// No source is asked more often by its rhythm.
const SHORTEST: TimeDelta = TimeDelta::minutes(15);
/// No source is asked less often by its rhythm, however silent it is.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// The usual time between two posts: the median of the gaps between `posted`, the dates of the latest ones, newest first.
/// The median, so that neither one long holiday nor one busy day makes the rhythm. `None`: too few are known.
#[must_use]
pub fn gap(posted: &[DateTime<Utc>]) -> Option<Duration> {
    let mut gaps = Vec::new();
    let mut posted = posted.iter();
    let mut last = *posted.next()?;
    for &at in posted {
        let gap = last - at;
        if gap >= TOGETHER {
            gaps.push(gap);
            last = at;
        }
    }
    if gaps.len() < FEWEST_GAPS {
        return None;
    }
    gaps.sort_unstable();
    gaps[gaps.len() / 2].to_std().ok()
}

/// How often to ask a source that posts every `gap` and, when it was asked last, had been silent for `silence`: six times
/// in a gap, where a silence of more than four gaps counts as a longer gap; from 15 minutes to a day.
pub(super) fn rhythm(gap: Option<TimeDelta>, silence: Option<TimeDelta>) -> (TimeDelta, Why) {
    let usual = gap.unwrap_or(UNKNOWN);
    let stretched = silence.map_or(TimeDelta::zero(), |silence| silence / PATIENCE);
    let every = |gap: TimeDelta| (gap / SHARE).clamp(SHORTEST, LONGEST);
    let span = every(usual.max(stretched));
    let why = Why::Rhythm {
        gap,
        silent: span > every(usual),
        every: span,
    };
    (span, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(hours_ago: &[i64]) -> Vec<DateTime<Utc>> {
        let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        hours_ago
            .iter()
            .map(|ago| now - TimeDelta::hours(*ago))
            .collect()
    }

    fn every(gap: Option<TimeDelta>, silence: TimeDelta) -> TimeDelta {
        rhythm(gap, Some(silence)).0
    }

    #[test]
    fn the_rhythm_is_the_median_gap_and_holidays_do_not_count() {
        let days = |days: u64| Some(Duration::from_hours(24 * days));
        assert_eq!(gap(&posted(&[0, 24, 48, 72])), days(1));
        assert_eq!(gap(&posted(&[0, 24, 48, 2_000, 2_024])), days(1));
        assert_eq!(gap(&posted(&[0, 24])), None, "one gap is no rhythm");
        assert_eq!(gap(&[]), None);
    }

    #[test]
    fn posts_put_up_together_are_one() {
        let mut times = posted(&[0, 72, 144, 216]);
        for at in times.clone() {
            times.extend((1..5).map(|second| at - TimeDelta::seconds(second)));
        }
        times.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(gap(&times), Some(Duration::from_hours(72)));
    }

    #[test]
    fn a_source_is_asked_six_times_between_two_posts() {
        let none = TimeDelta::zero();
        assert_eq!(every(Some(TimeDelta::days(3)), none), TimeDelta::hours(12));
        assert_eq!(every(Some(TimeDelta::hours(6)), none), TimeDelta::hours(1));
        assert_eq!(every(Some(TimeDelta::minutes(20)), none), SHORTEST);
        assert_eq!(every(Some(TimeDelta::days(60)), none), LONGEST);
        assert_eq!(every(None, none), TimeDelta::hours(1), "nothing known");
    }

    #[test]
    fn a_silent_source_is_asked_less_often_but_every_day() {
        let gap = Some(TimeDelta::hours(6));
        assert_eq!(every(gap, TimeDelta::hours(24)), TimeDelta::hours(1));
        assert_eq!(every(gap, TimeDelta::days(3)), TimeDelta::hours(3));
        assert_eq!(every(gap, TimeDelta::days(3_000)), LONGEST);
        let (_, why) = rhythm(gap, Some(TimeDelta::days(3)));
        assert!(matches!(why, Why::Rhythm { silent: true, .. }));
    }
}
