//! When a source is due again, and why not earlier. Made by `schedule`, read by `pipeline` and `agg status`.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// What a source waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When it is due; `None`: only by hand.
    pub until: Option<DateTime<Utc>>,
    /// Why not earlier.
    pub why: Why,
}

/// Why a source is due no earlier than it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its server has said so (`Retry-After`, RFC 9110 §10.2.3).
    ServerWish,
    /// It has failed so many times in a row.
    Failures(u32),
    /// Its server has said that it is gone for good (410).
    Gone,
    /// The `interval` of the configuration.
    Interval(TimeDelta),
    /// Its own rhythm.
    Rhythm {
        /// The usual time between two posts; `None`: not known yet.
        gap: Option<TimeDelta>,
        /// True if it has been silent for so long that it is asked less often.
        silent: bool,
        /// How often it is asked therefore.
        every: TimeDelta,
    },
    /// Its last answer is good for so long (RFC 9111 §4.2).
    Fresh(TimeDelta),
    /// Its feed may be kept for so long (`ttl`).
    Ttl(TimeDelta),
    /// Its feed is written anew every so often (`sy:updatePeriod`).
    Period(TimeDelta),
    /// Its feed names hours in which it is not to be asked (`skipHours`).
    SkippedHour,
    /// Its feed names days on which it is not to be asked (`skipDays`).
    SkippedDay,
}

impl Why {
    /// The word for it in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServerWish => "retry_after",
            Self::Failures(_) => "failures",
            Self::Gone => "gone",
            Self::Interval(_) => "interval",
            Self::Rhythm { .. } => "rhythm",
            Self::Fresh(_) => "freshness",
            Self::Ttl(_) => "ttl",
            Self::Period(_) => "update_period",
            Self::SkippedHour => "skip_hours",
            Self::SkippedDay => "skip_days",
        }
    }

    /// True if nothing is wrong: it is only not due yet.
    #[must_use]
    pub fn is_calm(self) -> bool {
        !matches!(self, Self::ServerWish | Self::Failures(_) | Self::Gone)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ServerWish => f.write_str("the server asked to be left alone until then"),
            Self::Failures(1) => f.write_str("it failed the last time"),
            Self::Failures(times) => write!(f, "it failed {times} times in a row"),
            Self::Gone => f.write_str("the server says that it is gone for good"),
            Self::Interval(every) => write!(f, "interval: asked every {}", Span(every)),
            Self::Rhythm { gap, silent, every } => {
                f.write_str("rhythm: ")?;
                match gap {
                    None => f.write_str("not known yet")?,
                    Some(gap) => write!(f, "posts about every {}", Span(gap))?,
                }
                if silent {
                    f.write_str(", silent for long")?;
                }
                write!(f, ", asked every {}", Span(every))
            }
            Self::Fresh(span) => write!(
                f,
                "its server says that an answer is good for {} (Cache-Control, Expires)",
                Span(span)
            ),
            Self::Ttl(span) => write!(f, "its feed says every {} (ttl)", Span(span)),
            Self::Period(span) => write!(f, "its feed says every {} (updatePeriod)", Span(span)),
            Self::SkippedHour => f.write_str("its feed says not before that hour (skipHours)"),
            Self::SkippedDay => f.write_str("its feed says not before that day (skipDays)"),
        }
    }
}

impl Serialize for Wait {
    /// `until`, the word of `why`, and it in a sentence.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut wait = serializer.serialize_struct("Wait", 3)?;
        wait.serialize_field("until", &self.until)?;
        wait.serialize_field("why", self.why.as_str())?;
        wait.serialize_field("because", &self.why.to_string())?;
        wait.end()
    }
}

/// A span as people say it, in the largest unit that leaves it about right: `45 minutes`, `12 hours`, `3 days`.
struct Span(TimeDelta);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.num_seconds().max(0);
        let nearest = |unit: i64| (seconds + unit / 2) / unit;
        let (number, unit) = match seconds {
            ..90 => (seconds, "second"),
            // 90 minutes are no two hours
            90..7_200 => (nearest(60), "minute"),
            7_200..172_800 => (nearest(3_600), "hour"),
            _ => (nearest(86_400), "day"),
        };
        write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_reads_as_a_person_would_say_it() {
        let hours = TimeDelta::hours;
        for (why, said) in [
            (Why::Ttl(hours(1)), "its feed says every 60 minutes (ttl)"),
            (
                Why::Rhythm {
                    gap: Some(TimeDelta::days(3)),
                    silent: false,
                    every: hours(12),
                },
                "rhythm: posts about every 3 days, asked every 12 hours",
            ),
            (
                Why::Rhythm {
                    gap: None,
                    silent: true,
                    every: hours(30),
                },
                "rhythm: not known yet, silent for long, asked every 30 hours",
            ),
            (
                Why::Interval(TimeDelta::seconds(1)),
                "interval: asked every 1 second",
            ),
        ] {
            assert_eq!(why.to_string(), said);
        }
    }
}
