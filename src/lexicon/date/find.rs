//! Picks the first date out of a longer text.

use std::ops::Range;

use crate::lexicon::digits;
use crate::model::Precision;

use super::absolute::{self, Rules};
use super::cursor::{Cursor, is_blank, is_letter};
use super::read::{read_words, trim};
use super::when::{Habits, Tongue, When};
use super::{calendars, names, relative};

/// A date inside a longer text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The bytes of the text that spell it.
    pub range: Range<usize>,
    /// What they say.
    pub when: When,
}

/// The first date in `text`, even glued to a title or to prose ("April 18, 2026Building a house").
///
/// Stricter than [`super::read()`], because prose holds versions, ranges, scores and telephone numbers: a year has four
/// digits (two only behind a slash or an apostrophe), and a month without a day must stand alone between separators. A
/// short text that is a date as a whole may be spelled as [`super::read()`] has it, digits alone excepted.
pub fn find(text: &str, habits: impl Into<Habits>) -> Option<Found> {
    let habits = habits.into();
    let Some(western) = digits::western(text) else {
        return find_ascii(text, habits);
    };
    let found = find_ascii(&western.text, habits)?;
    Some(Found {
        range: western.origin(&found.range),
        when: found.when,
    })
}

/// [`find`], in a text whose figures are ASCII.
fn find_ascii(text: &str, habits: Habits) -> Option<Found> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().any(u8::is_ascii_digit);
    let trimmed = trim(text);
    if trimmed.len() <= 48
        && !trimmed.bytes().all(|b| b.is_ascii_digit())
        && let Some(when) = read_words(trimmed, habits)
    {
        let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
        let range = start..start + trimmed.len();
        return Some(Found { range, when });
    }
    if !digits {
        return None;
    }
    let rules = Rules {
        habits,
        whole: false,
        stated: false,
    };
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = at
            + bytes[at..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count();
        if let Some(found) = at_digits(text, at, rules) {
            return Some(found);
        }
        at = end;
    }
    None
}

/// The date whose first digits begin at byte `at`.
fn at_digits(text: &str, at: usize, rules: Rules) -> Option<Found> {
    for start in named_starts(text, at) {
        if let Some((date, end)) = absolute::parse(Cursor::new(text, start), rules) {
            let range = start..end.at();
            if ends_cleanly(text, range.end)
                && (date.precision != Precision::Month || stands_alone(text, &range))
            {
                let when = When::At(date);
                return Some(Found { range, when });
            }
        }
    }
    let spanned = relative::leads(&text[..at]);
    if let Some((when, end)) = relative::parse(Cursor::new(text, spanned.unwrap_or(at)))
        && !end.peek().is_some_and(is_letter)
        && !text[..at].ends_with(['-', '–', '.', ','])
    {
        let range = spanned.unwrap_or(at)..end.at();
        return Some(Found { range, when });
    }
    if !begins_cleanly(text, at) {
        return None;
    }
    let at = calendars::era_before(text, at).unwrap_or(at);
    let (date, end) = absolute::parse(Cursor::new(text, at), rules)?;
    let range = at..end.at();
    let fits = ends_cleanly(text, range.end)
        && (date.precision != Precision::Month || stands_alone(text, &range));
    let start = weekday_before(text, at).unwrap_or(at);
    fits.then_some(Found {
        range: start..range.end,
        when: When::At(date),
    })
}

/// Where the month before the digits at byte `at` begins, if one stands there: with its weekday, then without.
fn named_starts(text: &str, at: usize) -> impl Iterator<Item = usize> {
    let month = word_before(text, at, &['.', '-', '/'], |word| {
        names::month(word, Tongue::Other).is_some()
    });
    let weekday = month.and_then(|start| weekday_before(text, start));
    weekday.into_iter().chain(month)
}

/// Where the weekday before byte `at` begins.
fn weekday_before(text: &str, at: usize) -> Option<usize> {
    word_before(text, at, &['.', ','], names::weekday)
}

/// Where the word before byte `at` begins if it `fits`; of a word glued to a title ("HelloApril"), its last part.
fn word_before(
    text: &str,
    at: usize,
    marks: &[char],
    fits: impl Fn(&str) -> bool,
) -> Option<usize> {
    let before = text[..at].trim_end_matches(|c| is_blank(c) || marks.contains(&c));
    let word = before.trim_end_matches(is_letter).len();
    let word = &before[word..];
    if word.is_empty() {
        return None;
    }
    if fits(word) {
        return Some(before.len() - word.len());
    }
    let glued = word.char_indices().rev().find(|(_, c)| c.is_uppercase())?.0;
    (glued > 0 && fits(&word[glued..])).then(|| before.len() - word.len() + glued)
}

/// False where the digits at byte `at` go on something: a version, a path, a price, a range, a decimal.
fn begins_cleanly(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let Some(last) = before.next() else {
        return true;
    };
    let digit_before = before.next().is_some_and(|c| c.is_ascii_digit());
    match last {
        '/' | '\\' | '#' | '$' | '€' | '£' | '¥' | '+' | '_' | '=' | '&' | '~' | '@' | 'v'
        | 'V' => false,
        '-' | '–' | '.' | ',' => !digit_before && last != '-',
        _ => true,
    }
}

/// False where what ends at byte `at` goes on as a longer number, a share or a path. What ends in a sign of its own
/// (`2024年3月5日`) cannot go on.
fn ends_cleanly(text: &str, at: usize) -> bool {
    if !text[..at].ends_with(|c: char| c.is_alphanumeric() && (c.is_ascii() || c.is_numeric())) {
        return true;
    }
    let mut after = text[at..].chars();
    match after.next() {
        Some('%') => false,
        Some(c) if c.is_ascii_digit() => false,
        Some('.' | ',' | '-' | '–' | '/' | ':') => {
            !after.next().is_some_and(|c| c.is_ascii_digit())
        }
        _ => true,
    }
}

/// True if separators or the text's ends stand on both sides of `range`.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let parts = |c: char| {
        matches!(
            c,
            '·' | '•' | '●' | '|' | '—' | '–' | '/' | '(' | ')' | '[' | ']' | ':' | '\n' | '\t'
        )
    };
    let before = text[..range.start].trim_end_matches([' ', '\u{a0}']);
    let after = text[range.end..].trim_start_matches([' ', '\u{a0}']);
    (before.is_empty() || before.ends_with(parts)) && (after.is_empty() || after.starts_with(parts))
}
