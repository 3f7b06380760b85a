//! Dates of digits alone: those that only machines write, and the order of day and month in the rest.

use chrono::{DateTime, Datelike};

use crate::model::{Date, Precision};

use super::absolute::Rules;
use super::cursor::Cursor;
use super::when::Order;

/// Seconds or milliseconds since 1970, `YYYYMMDD`, or, where a date is stated, `YYYY`, if that is all of `text`. A year is
/// kept as its first month, for want of a coarser date.
pub(super) fn machine(text: &str, rules: Rules) -> Option<Date> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    let (at, precision) = match text.len() {
        4 if rules.stated => {
            let first = format!("{text}-01-01T00:00:00Z");
            let at = DateTime::parse_from_rfc3339(&first).ok()?.to_utc();
            (at, Precision::Month)
        }
        8 => {
            let dashed = format!("{}-{}-{}T00:00:00Z", &text[..4], &text[4..6], &text[6..]);
            let at = DateTime::parse_from_rfc3339(&dashed).ok()?.to_utc();
            (at, Precision::Day)
        }
        // with a zero in front it is a number of something else
        10 if !text.starts_with('0') => (DateTime::from_timestamp(number, 0)?, Precision::Instant),
        13 if !text.starts_with('0') => (
            DateTime::from_timestamp(number / 1000, 0)?,
            Precision::Instant,
        ),
        _ => return None,
    };
    rules.takes(at.year()).then_some(Date { at, precision })
}

/// The three numbers of a numeric date, in the order in which they stand.
type Triplet = (u32, u32, u32);

/// How numeric dates are ordered in a source, told from those of its dates that can be read one way only (`13/04/2024`);
/// where all can be read both ways, from the one order in which they run from new to old, as lists do. `None`: nothing
/// tells.
pub fn order<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Order> {
    let triplets: Vec<_> = texts.into_iter().filter_map(triplet).collect();
    let days_first = triplets
        .iter()
        .filter(|(a, b, _)| *a > 12 && *b <= 12)
        .count();
    let months_first = triplets
        .iter()
        .filter(|(a, b, _)| *b > 12 && *a <= 12)
        .count();
    match days_first.cmp(&months_first) {
        std::cmp::Ordering::Greater => return Some(Order::DayFirst),
        std::cmp::Ordering::Less => return Some(Order::MonthFirst),
        std::cmp::Ordering::Equal => {}
    }
    let falls = |key: fn(&Triplet) -> Triplet| {
        triplets.len() >= 3
            && triplets.is_sorted_by(|newer, older| key(newer) >= key(older))
            && triplets.first() != triplets.last()
    };
    let as_days_first = falls(|&(a, b, year)| (year, b, a));
    let as_months_first = falls(|&(a, b, year)| (year, a, b));
    match (as_days_first, as_months_first) {
        (true, false) => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// How the writers of a language (BCP 47) order numbers: all of them put the day first but for the Americans, and an English
/// that does not say whose it is may be theirs.
pub fn order_of(language: &str) -> Option<Order> {
    /// Where English is written the other way, or both ways.
    const AMERICAN: [&str; 5] = ["us", "ph", "ca", "pr", "gu"];
    let mut parts = language.trim().split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    let region = parts
        .find(|part| part.len() == 2)
        .map(str::to_ascii_lowercase);
    let is_tag =
        (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    match (primary.as_str(), region.as_deref()) {
        ("en", None) | ("tl" | "fil" | "und" | "mul" | "zxx" | "haw" | "chr", _) => None,
        (_, Some(region)) if AMERICAN.contains(&region) => None,
        _ => is_tag.then_some(Order::DayFirst),
    }
}

/// The first `a/b/year` or `a-b-year` in `text`.
fn triplet(text: &str) -> Option<Triplet> {
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let starts =
            c.is_ascii_digit() && !last.is_ascii_digit() && !matches!(last, '/' | '-' | '.');
        last = c;
        if starts && let Some(found) = triplet_at(Cursor::new(text, at)) {
            return Some(found);
        }
    }
    None
}

fn triplet_at(mut cursor: Cursor<'_>) -> Option<(u32, u32, u32)> {
    let first = cursor.short_number()?;
    let mark = cursor.eat_any(&['/', '-'])?;
    cursor.space();
    let second = cursor.short_number()?;
    cursor.eat(mark).then_some(())?;
    cursor.space();
    let year = cursor.number().filter(|n| matches!(n.digits, 2 | 4))?;
    Some((first, second, year.value))
}
