//! Where in an item's text a date stands, and how the parts of one that is spread out are put together. What a date means
//! is `lexicon`'s business.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::lexicon::date::{self, Order, When};
use crate::model::Precision;

/// A date found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The bytes that spell it.
    pub(super) range: Range<usize>,
    /// True for "3 days ago".
    pub(super) relative: bool,
    /// What it states; the precision of a relative date is how exactly it says so.
    pub(super) precision: Precision,
}

/// All dates in `text`, in order.
pub(super) fn all(text: &str) -> Vec<Spot> {
    let mut out = Vec::new();
    let mut from = 0;
    if let Some(spot) = glued_start(text) {
        from = spot.range.end;
        out.push(spot);
    }
    while from < text.len() && out.len() < 4 {
        let rest = &text[from..];
        if !may_hold_a_date(rest) {
            break;
        }
        let Some(found) = date::find(rest, Order::MonthFirst) else {
            break;
        };
        if found.range.is_empty() {
            break;
        }
        let (relative, precision) = match found.when {
            When::At(date) => (false, date.precision),
            When::Ago(_, precision) => (true, precision),
        };
        out.push(Spot {
            range: from + found.range.start..from + found.range.end,
            relative,
            precision,
        });
        from += found.range.end;
    }
    out
}

/// A date at the start that the next word touches: "April 18, 2026Building".
fn glued_start(text: &str) -> Option<Spot> {
    /// No date is longer.
    const LONGEST: usize = 30;
    let mut run = 0;
    for (at, c) in text.char_indices().take_while(|(at, _)| *at <= LONGEST) {
        if run >= 2 && c.is_alphabetic() && c.is_uppercase() {
            let precision =
                precision(&text[..at]).filter(|precision| *precision >= Precision::Day)?;
            return Some(Spot {
                range: 0..at,
                relative: false,
                precision,
            });
        }
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
    }
    None
}

/// A cheap look before the dear one: a date has a figure, or is a word like "yesterday" standing alone.
fn may_hold_a_date(text: &str) -> bool {
    text.len() < 20 || text.bytes().any(|b| b.is_ascii_digit()) || !text.is_ascii()
}

/// True if the whole of `text` is a date of at least month precision.
pub(super) fn is_date(text: &str) -> bool {
    precision(text).is_some()
}

/// What the whole of `text` states, if it is a date.
pub(super) fn precision(text: &str) -> Option<Precision> {
    if text.len() > 60 {
        return None;
    }
    match date::read(text.trim(), Order::MonthFirst)? {
        When::At(date) => Some(date.precision),
        When::Ago(_, precision) => Some(precision),
    }
}

/// The day (UTC) that `text` states.
pub(super) fn day(text: &str) -> Option<chrono::NaiveDate> {
    match date::read(text.trim(), Order::MonthFirst)? {
        When::At(date) => Some(date.at.date_naive()),
        When::Ago(..) => None,
    }
}

static YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\D{0,12}((?:19|20)\d\d)\D{0,3}(?:\D.{0,12})?$")
        .expect("a constant pattern is valid")
});

/// The year, where a heading says no more ("2024", "Posts from 2024", "2024 (12)").
pub(super) fn year(text: &str) -> Option<&str> {
    if text.len() > 40 {
        return None;
    }
    YEAR.captures(text.trim())
        .and_then(|found| found.get(1))
        .map(|year| year.as_str())
}

static PARTIAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) ^(?: \d{1,2} [/.\-] \d{1,2} \b \.? | \d{1,2}\s?月\s?\d{1,2}\s?[日号]? | \d{1,2}월\s?\d{1,2}일
            | \d{1,2} (?:st|nd|rd|th|\.)? \s (?:de\s)? \p{L}{3,12} \.? | \p{L}{3,12} \.? \s \d{1,2} (?:st|nd|rd|th)? \b )",
    )
    .expect("a constant pattern is valid")
});

/// The day and month at the start of `text` that make a date with `year` ("11/4", "March 30", "4 сен"), and that date.
pub(super) fn partial(text: &str, year: &str) -> Option<(Range<usize>, String)> {
    let found = PARTIAL.find(text)?;
    let part = found.as_str().trim();
    let numbers: Vec<&str> = part
        .split(|c: char| !c.is_ascii_digit())
        .filter(|n| !n.is_empty())
        .collect();
    let tries = match numbers.as_slice() {
        [month, day] => vec![
            format!("{year}-{month:0>2}-{day:0>2}"),
            format!("{year}-{day:0>2}-{month:0>2}"),
        ],
        _ => vec![format!("{part} {year}"), format!("{part}, {year}")],
    };
    tries
        .into_iter()
        .find(|text| precision(text) == Some(Precision::Day))
        .map(|text| (found.range(), text))
}

/// The date that short texts standing one after the other make ("10", "Jan", "2025").
pub(super) fn joined(parts: &[&str], year: Option<&str>) -> Option<String> {
    let text = parts.join(" ");
    if text.len() > 24 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    if precision(&text) == Some(Precision::Day) {
        return Some(text);
    }
    let year = year?;
    partial(&text, year)
        .filter(|(range, _)| range.end == text.len())
        .map(|(_, date)| date)
}
