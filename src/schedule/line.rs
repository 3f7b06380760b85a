//! The `schedule` of `feeds.toml`: words (`every 30 minutes`) or a cron line, in UTC.
//!
//! A cron line has five fields (minute, hour, day of month, month, day of week) or six, the first then being the second;
//! `@hourly`, `@daily` and their like are lines too. Where day of month and day of week are both given, both must fit.
//!
//! `every N minutes` counts from midnight of 1 January 1970, UTC: `every 30 minutes` is at :00 and :30, `every 2 hours` at
//! 00:00, 02:00 and so on. A span that does not divide its hour or day (`every 45 minutes`) is kept exactly: its cron line
//! fires at a finer step, and [`Schedule::next`] tells which of those instants count.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use croner::Cron;
use croner::parser::{CronParser, Seconds};

/// Minutes in a day.
const DAY: u32 = 24 * 60;
/// The longest span, in days.
const LONGEST: u32 = 31;

/// When cycles run; always valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// As written.
    text: String,
    /// The line with six fields, or an `@` word.
    cron: String,
    /// Only those instants count whose minute since 1970 is a multiple of this; `None`: all.
    every_minutes: Option<u32>,
}

/// Why a text is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Nothing there.
    #[error("the schedule is empty")]
    Empty,
    /// Neither words nor five or six fields.
    #[error(
        "`{text}` is no schedule: it does not begin with `every`, and a cron line has five or six fields, not {fields}"
    )]
    Fields {
        /// What was written.
        text: String,
        /// How many fields that has.
        fields: usize,
    },
    /// Words after `every` that are no span.
    #[error("`{span}` is no span of time: a whole number and minutes, hours or days are wanted")]
    Span {
        /// What was written.
        span: String,
    },
    /// Less than a minute.
    #[error("`{span}` is too often: the shortest span is one minute")]
    TooOften {
        /// What was written.
        span: String,
    },
    /// More than a month.
    #[error("`{span}` is too seldom: the longest span is 31 days")]
    TooSeldom {
        /// What was written.
        span: String,
    },
    /// A cron line with a wrong field.
    #[error("`{line}` is no cron line: {cause}")]
    Cron {
        /// What was written.
        line: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A cron line that fits no day at all.
    #[error("`{line}` never comes: no date fits it")]
    Never {
        /// What was written.
        line: String,
    },
}

impl ScheduleError {
    /// What to write instead.
    #[must_use]
    pub fn help(&self) -> &'static str {
        "write `every 30 minutes`, `every 2 hours`, or a cron line in UTC such as `*/30 6-22 * * *`; day of month and day of week must both fit"
    }
}

impl Schedule {
    /// Reads a schedule as written.
    ///
    /// # Errors
    /// If it is none; [`ScheduleError::help`] shows right ones.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(ScheduleError::Empty);
        }
        let lower = text.to_ascii_lowercase();
        let (cron, every_minutes) = match lower.strip_prefix("every ") {
            Some(span) => every(minutes(span)?),
            None => (cron_line(&text)?, None),
        };
        Ok(Self {
            text,
            cron,
            every_minutes,
        })
    }

    /// The cron line for the scheduler: six fields, the first being the second, or an `@` word; UTC. It may fire more often
    /// than a cycle is due: [`Schedule::next`] decides.
    #[must_use]
    pub fn cron(&self) -> &str {
        &self.cron
    }

    /// The same, unless it comes more than once a minute.
    ///
    /// # Errors
    /// [`ScheduleError::TooOften`].
    pub fn at_most_once_a_minute(self) -> Result<Self, ScheduleError> {
        // a second that is no number is more than one
        let second = self.cron.split(' ').next().unwrap_or_default();
        if second.starts_with('@') || second.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(self);
        }
        Err(ScheduleError::TooOften { span: self.text })
    }

    /// The first instant after `now` at which a cycle runs.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // croner carries fractions of a second over
        let now = DateTime::from_timestamp(now.timestamp(), 0)?;
        if let Some(every) = self.every_minutes {
            let every = i64::from(every) * 60;
            let wait = every - now.timestamp().rem_euclid(every);
            return now.checked_add_signed(TimeDelta::seconds(wait));
        }
        read(&self.cron)
            .ok()?
            .find_next_occurrence(&now, false)
            .ok()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// The minutes of `30 minutes`, `2h` or `day`.
fn minutes(span: &str) -> Result<u32, ScheduleError> {
    let wrong = || ScheduleError::Span {
        span: span.to_owned(),
    };
    let digits = span.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = span.split_at(digits);
    let number: u32 = if number.is_empty() {
        1
    } else {
        number.parse().map_err(|_| wrong())?
    };
    let unit = match unit.trim() {
        "minute" | "minutes" | "min" | "mins" | "m" => 1,
        "hour" | "hours" | "h" => 60,
        "day" | "days" | "d" => DAY,
        "second" | "seconds" | "sec" | "secs" | "s" => {
            return Err(ScheduleError::TooOften {
                span: span.to_owned(),
            });
        }
        _ => return Err(wrong()),
    };
    match number.checked_mul(unit) {
        Some(0) => Err(ScheduleError::TooOften {
            span: span.to_owned(),
        }),
        Some(minutes) if minutes <= LONGEST * DAY => Ok(minutes),
        _ => Err(ScheduleError::TooSeldom {
            span: span.to_owned(),
        }),
    }
}

/// The cron line that fires every so many minutes, and whether its firings must be counted out.
fn every(minutes: u32) -> (String, Option<u32>) {
    let hours = minutes / 60;
    if 60 % minutes == 0 {
        let line = match minutes {
            60 => "0 0 * * * *".to_owned(),
            _ => format!("0 */{minutes} * * * *"),
        };
        return (line, None);
    }
    if minutes.is_multiple_of(60) && 24 % hours == 0 {
        let line = match hours {
            24 => "0 0 0 * * *".to_owned(),
            _ => format!("0 0 */{hours} * * *"),
        };
        return (line, None);
    }
    let line = match common_divisor(minutes, 60) {
        60 => "0 0 * * * *".to_owned(),
        step => format!("0 */{step} * * * *"),
    };
    (line, Some(minutes))
}

fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// A cron line as written → one that begins with the second.
fn cron_line(text: &str) -> Result<String, ScheduleError> {
    let fields = text.split(' ').count();
    let line = match fields {
        1 if text.starts_with('@') => text.to_ascii_lowercase(),
        5 => format!("0 {text}"),
        6 => text.to_owned(),
        _ => {
            return Err(ScheduleError::Fields {
                text: text.to_owned(),
                fields,
            });
        }
    };
    let cron = read(&line).map_err(|cause| ScheduleError::Cron {
        line: text.to_owned(),
        cause,
    })?;
    match cron.find_next_occurrence(&DateTime::UNIX_EPOCH, false) {
        Ok(_) => Ok(line),
        Err(_) => Err(ScheduleError::Never {
            line: text.to_owned(),
        }),
    }
}

/// Reads a line in the very way in which the scheduler will.
fn read(line: &str) -> Result<Cron, String> {
    CronParser::builder()
        .seconds(Seconds::Required)
        .dom_and_dow(true)
        .build()
        .parse(line)
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// The first `count` instants after midnight at which a schedule's cycles run, found as the scheduler finds them.
    fn firings(schedule: &Schedule, count: usize) -> Vec<String> {
        read(schedule.cron())
            .unwrap()
            .iter_after(at("2026-02-28T23:59:59Z"))
            .filter(|instant| schedule.next(*instant - TimeDelta::seconds(1)) == Some(*instant))
            .take(count)
            .map(|instant| instant.format("%dT%H:%M:%S").to_string())
            .collect()
    }

    #[test]
    fn words_become_the_instants_they_say() {
        for (text, expected) in [
            ("every 30 minutes", ["01T00:00:00", "01T00:30:00"]),
            ("every minute", ["01T00:00:00", "01T00:01:00"]),
            ("Every  1  hour", ["01T00:00:00", "01T01:00:00"]),
            ("every 60 min", ["01T00:00:00", "01T01:00:00"]),
            ("every 2h", ["01T00:00:00", "01T02:00:00"]),
            ("every 120 minutes", ["01T00:00:00", "01T02:00:00"]),
            ("every day", ["01T00:00:00", "02T00:00:00"]),
            ("@hourly", ["01T00:00:00", "01T01:00:00"]),
            ("15,45 6-22 * * *", ["01T06:15:00", "01T06:45:00"]),
            ("*/20 * * * * *", ["01T00:00:00", "01T00:00:20"]),
            ("0 7 * * mon", ["02T07:00:00", "09T07:00:00"]),
        ] {
            let schedule = Schedule::parse(text).unwrap();
            assert_eq!(firings(&schedule, 2), expected, "{text}");
        }
    }

    #[test]
    fn a_span_that_divides_no_hour_is_kept_exactly() {
        for (text, span) in [
            ("every 45 minutes", 45),
            ("every 7 minutes", 7),
            ("every 90 minutes", 90),
            ("every 5 hours", 300),
            ("every 2 days", 2880),
        ] {
            let schedule = Schedule::parse(text).unwrap();
            let mut now = schedule.next(at("2026-03-01T00:00:30Z")).unwrap();
            for _ in 0..5 {
                let next = schedule.next(now).unwrap();
                assert_eq!((next - now).num_minutes(), span, "{text}");
                now = next;
            }
            let fired = firings(&schedule, 2);
            assert_eq!(fired.len(), 2, "the cron line fires when a cycle is due");
        }
    }

    #[test]
    fn next_is_after_now() {
        let schedule = Schedule::parse("*/30 * * * *").unwrap();
        for now in ["2026-03-01T12:30:00Z", "2026-03-01T12:30:00.9Z"] {
            assert_eq!(schedule.next(at(now)), Some(at("2026-03-01T13:00:00Z")));
        }
    }

    #[test]
    fn the_scheduler_takes_every_line_we_make() {
        for text in ["every 45 minutes", "every 2 hours", "@daily", "*/5 * * * *"] {
            let schedule = Schedule::parse(text).unwrap();
            let job = tokio_cron_scheduler::Job::new(schedule.cron(), |_, _| ());
            assert!(job.is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_the_reason() {
        use ScheduleError::{Cron, Empty, Fields, Never, Span, TooOften, TooSeldom};
        for text in ["", "  "] {
            assert_eq!(Schedule::parse(text), Err(Empty));
        }
        for text in ["hourly", "30 minutes", "* * * *", "* * * * * * *"] {
            assert!(
                matches!(Schedule::parse(text), Err(Fields { .. })),
                "{text}"
            );
        }
        for text in ["every now and then", "every -5 minutes", "every 1.5 hours"] {
            assert!(matches!(Schedule::parse(text), Err(Span { .. })), "{text}");
        }
        for text in ["every 30 seconds", "every 0 minutes"] {
            assert!(
                matches!(Schedule::parse(text), Err(TooOften { .. })),
                "{text}"
            );
        }
        for (text, is_fine) in [
            ("* * * * * *", false),
            ("*/30 * * * * *", false),
            ("0,30 0 * * * *", false),
            ("30 * * * * *", true),
            ("* * * * *", true),
            ("@hourly", true),
        ] {
            let schedule = Schedule::parse(text).unwrap();
            assert_eq!(schedule.at_most_once_a_minute().is_ok(), is_fine, "{text}");
        }
        for text in ["every 32 days", "every 4294967295 hours"] {
            assert!(
                matches!(Schedule::parse(text), Err(TooSeldom { .. })),
                "{text}"
            );
        }
        for text in ["61 * * * *", "* 25 * * *", "a b c d e", "@sometimes"] {
            let error = Schedule::parse(text).unwrap_err();
            assert!(matches!(error, Cron { .. }), "{text}");
            assert!(error.to_string().contains(text), "{error}");
        }
        assert!(matches!(Schedule::parse("0 0 30 2 *"), Err(Never { .. })));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_every_schedule_moves_on(text in "(every [0-9]{0,4} ?(m|h|d|min)|[0-9*/, -]{0,12}|@?[a-z]{0,7})") {
            if let Ok(schedule) = Schedule::parse(&text) {
                let now = at("2026-03-01T12:34:56.7Z");
                proptest::prop_assert!(schedule.next(now).is_none_or(|next| next > now));
            }
        }
    }
}
