//! Where in an item's text a date stands, and how the parts of one that is spread out are put together. What a date means
//! is `lexicon`'s business.

use std::ops::Range;

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

/// True if `text` states that day, in one order of its numbers or the other.
pub(super) fn may_be(text: &str, day: chrono::NaiveDate) -> bool {
    [Order::MonthFirst, Order::DayFirst].into_iter().any(|order| {
        matches!(date::read(text.trim(), order), Some(When::At(date)) if date.at.date_naive() == day)
    })
}

/// The year, where a heading says no more ("2024", "Posts from 2024", "2024 (12)").
pub(super) fn year(text: &str) -> Option<&str> {
    /// At most so many characters stand before the year,
    const BEFORE_CHARS: usize = 12;
    /// and so many from the first figure behind it on.
    const BEHIND_CHARS: usize = 12;
    /// Of what stands behind the year, so many characters are no figures and not counted.
    const FREE_CHARS: usize = 4;
    if text.len() > 40 {
        return None;
    }
    let text = text.trim();
    let start = text.find(|c: char| c.is_numeric())?;
    let year = text.get(start..start + 4)?;
    let behind = &text[start + 4..];
    let free = behind.chars().take_while(|c| !c.is_numeric()).count();
    let fits = year.bytes().all(|b| b.is_ascii_digit())
        && (year.starts_with("19") || year.starts_with("20"))
        && text[..start].chars().count() <= BEFORE_CHARS
        && (behind.is_empty() || free > 0)
        && behind.chars().count() <= free.min(FREE_CHARS) + BEHIND_CHARS;
    fits.then_some(year)
}

/// The day and month at the start of `text` that make a date with `year` ("11/4", "March 30", "4 сен"), and that date.
pub(super) fn partial(text: &str, year: &str) -> Option<(Range<usize>, String)> {
    let end = day_and_month(text)?;
    let part = text[..end].trim();
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
        .map(|text| (0..end, text))
}

/// True if the whole of `text` is a day and a month ("18 March", "3月30日"), its year standing elsewhere.
pub(super) fn is_day_and_month(text: &str) -> bool {
    /// No such text is longer.
    const LONGEST: usize = 40;
    /// A leap year.
    const YEAR: &str = "2024";
    let text = text.trim();
    text.len() <= LONGEST && partial(text, YEAR).is_some_and(|(range, _)| range.end == text.len())
}

/// Endings of English ordinals, and the full stop of German ones.
const ORDINALS: [&str; 5] = ["st", "nd", "rd", "th", "."];

/// Where the day and month end that `text` begins with: "11/4", "3月30日", "30. März", "30 de
/// marzo", "March 30th".
fn day_and_month(text: &str) -> Option<usize> {
    let start = Scan { text, at: 0 };
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let day = start.figures()?;
        let scan = in_figures(day)
            .or_else(|| in_signs(day))
            .or_else(|| day_first(day))?;
        return Some(scan.at);
    }
    // "March 30th"
    let scan = start.letters()?.skip(".").blank()?.figures()?;
    let scan = ORDINALS[..4]
        .iter()
        .find_map(|ending| scan.eat(ending))
        .unwrap_or(scan);
    scan.is_at_edge().then_some(scan.at)
}

/// "/4" behind "11".
fn in_figures(scan: Scan<'_>) -> Option<Scan<'_>> {
    let scan = ["/", ".", "-"].iter().find_map(|mark| scan.eat(mark))?;
    let scan = scan.figures()?;
    scan.is_at_edge().then(|| scan.skip("."))
}

/// "月30日" behind "3".
fn in_signs(scan: Scan<'_>) -> Option<Scan<'_>> {
    if let Some(month) = scan.eat("월") {
        return month.skip_blank().figures()?.eat("일");
    }
    let scan = scan.skip_blank().eat("月")?.skip_blank().figures()?;
    Some(scan.skip_blank().skip("日").skip("号"))
}

/// " de marzo" behind "30".
fn day_first(scan: Scan<'_>) -> Option<Scan<'_>> {
    let scan = ORDINALS
        .iter()
        .find_map(|ending| scan.eat(ending))
        .unwrap_or(scan);
    let scan = scan.blank()?;
    let of = scan.eat("de").and_then(Scan::blank).and_then(Scan::letters);
    Some(of.or_else(|| scan.letters())?.skip("."))
}

/// A place in a text.
#[derive(Clone, Copy)]
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn by(self, bytes: usize) -> Self {
        Self {
            at: self.at + bytes,
            ..self
        }
    }

    /// Past one or two figures.
    fn figures(self) -> Option<Self> {
        let figures = self.rest().bytes().take(2).take_while(u8::is_ascii_digit);
        Some(figures.count()).filter(|&n| n > 0).map(|n| self.by(n))
    }

    /// Past the 3 to 12 letters of a month's name.
    fn letters(self) -> Option<Self> {
        let letters = || {
            self.rest()
                .chars()
                .take(12)
                .take_while(|c| c.is_alphabetic())
        };
        (letters().count() >= 3).then(|| self.by(letters().map(char::len_utf8).sum()))
    }

    fn blank(self) -> Option<Self> {
        let blank = self.rest().chars().next().filter(|c| c.is_whitespace())?;
        Some(self.by(blank.len_utf8()))
    }

    fn skip_blank(self) -> Self {
        self.blank().unwrap_or(self)
    }

    fn eat(self, word: &str) -> Option<Self> {
        self.rest().starts_with(word).then(|| self.by(word.len()))
    }

    fn skip(self, word: &str) -> Self {
        self.eat(word).unwrap_or(self)
    }

    /// True if no word or number goes on here.
    fn is_at_edge(self) -> bool {
        !self
            .rest()
            .starts_with(|c: char| c.is_alphanumeric() || c == '_')
    }
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
    // "18" over "2024-03"
    if let Some((day, month)) = text.split_once(' ')
        && is_day(day)
        && precision(month) == Some(Precision::Month)
    {
        let month = if month.contains(char::is_alphabetic) {
            month.to_owned()
        } else {
            month.replace(['/', '.'], "-")
        };
        let date = format!("{month}-{day:0>2}");
        if precision(&date) == Some(Precision::Day) {
            return Some(date);
        }
    }
    let year = year?;
    partial(&text, year)
        .filter(|(range, _)| range.end == text.len())
        .map(|(_, date)| date)
}

fn is_day(text: &str) -> bool {
    text.len() <= 2 && text.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_heading_says_a_year_and_little_more() {
        for (text, says) in [
            ("2024", Some("2024")),
            ("Posts from 2024", Some("2024")),
            ("2024 (12)", Some("2024")),
            ("- 1998 -", Some("1998")),
            ("2024年", Some("2024")),
            ("20245", None),
            ("2024-05-01 and the words of a line", None),
            ("All the posts of 2024", None),
            ("1824", None),
            ("", None),
        ] {
            assert_eq!(year(text), says, "{text}");
        }
    }

    #[test]
    fn a_day_and_month_make_a_date_with_the_year_above_them() {
        for (text, rest) in [
            ("11/4", ""),
            ("30/11 - Title", " - Title"),
            ("3月30日", ""),
            ("3월 30일", ""),
            ("30. März", ""),
            ("30 de marzo", ""),
            ("4 сен", ""),
            ("March 30th: Title", ": Title"),
            ("Mar. 30", ""),
        ] {
            let (range, _) = partial(text, "2024").expect(text);
            assert_eq!(&text[range.end..], rest, "{text}");
        }
        for text in [
            "",
            "11/456",
            "March",
            "Version 30b",
            "30 xyzzy",
            "March 300",
        ] {
            assert_eq!(partial(text, "2024"), None, "{text}");
        }
    }
}
