//! Dates as people write them, in the languages of the web: a text in, an instant, a day, a month or a span before now
//! out. Never a guess: a bare year, a bare number, a time alone, a version or a phone number is no date, and nothing
//! outside [`EARLIEST_YEAR`]..=[`LATEST_YEAR`] is one (feeds that say year 0001 mean that they do not know).
//!
//! RFC 3339, RFC 5322 §3.3 and its wounds, ISO 8601 calendar and week dates; what has no zone is UTC, a leap second is
//! folded into the next one.

mod absolute;
mod cursor;
mod find;
mod names;
mod numeric;
mod relative;
mod time;

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc};

use crate::model::{Date, Precision};

pub use find::{Found, find};
pub use numeric::order;

use absolute::Rules;
use cursor::Cursor;

/// No blog is older.
pub const EARLIEST_YEAR: i32 = 1990;

/// Later years are slips of the pen, or a way to stay on top of every list.
pub const LATEST_YEAR: i32 = 2100;

/// How `03/04/2024` is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// 3 April.
    DayFirst,
    /// 4 March; also what is assumed where nothing tells.
    #[default]
    MonthFirst,
}

/// What a text says about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A date.
    At(Date),
    /// So long before now ("3 days ago"), known as exactly as the precision says.
    Ago(TimeDelta, Precision),
}

impl When {
    /// The date meant, if the text was written at `now`; a day or month is its first instant.
    pub fn resolve(self, now: DateTime<Utc>) -> Date {
        match self {
            Self::At(date) => date,
            Self::Ago(span, precision) => {
                let at = now - span;
                let at = match precision {
                    Precision::Instant => at,
                    Precision::Day => at.date_naive().and_time(NaiveTime::MIN).and_utc(),
                    Precision::Month => at
                        .date_naive()
                        .with_day(1)
                        .expect("every month has a first day")
                        .and_time(NaiveTime::MIN)
                        .and_utc(),
                };
                Date { at, precision }
            }
        }
    }
}

/// The date that the whole of `text` spells, if it does. A machine's spellings count here too: seconds or milliseconds
/// since 1970, `20240305`, `2024-03`. A comment in parentheses after the date is passed over.
pub fn read(text: &str, order: Order) -> Option<When> {
    let text = trim(text);
    if let Some(date) = numeric::machine(text) {
        return Some(When::At(date));
    }
    read_words(text, order).or_else(|| relative::word(text))
}

/// [`read`] without the spellings that only a machine writes, and without single words ("now", "Hier"), which a list of
/// links may hold as well.
fn read_words(text: &str, order: Order) -> Option<When> {
    // no spelling of a date is longer, and prose often is
    if text.len() > 120 {
        return None;
    }
    let rules = Rules { order, whole: true };
    let start = Cursor::new(text, 0);
    if let Some((date, mut end)) = absolute::parse(start, rules) {
        end.comment();
        if trim(end.rest()).is_empty() {
            return Some(When::At(date));
        }
    }
    if let Some((when, end)) = relative::parse(start)
        && trim(end.rest()).is_empty()
    {
        return Some(when);
    }
    None
}

/// `text` without the blanks and marks that stand around a date and are no part of it. A minus in front stays: it would
/// make another year of it.
fn trim(text: &str) -> &str {
    let blank = |c: char| cursor::is_blank(c) || matches!(c, ',' | ';' | '|' | '·' | '•' | '●');
    text.trim_start_matches(blank)
        .trim_end_matches(|c| blank(c) || matches!(c, '.' | ':' | '-' | '–' | '—'))
}

#[cfg(test)]
mod tests;
