//! Reads a text that is a date as a whole.

use crate::lexicon::digits;

use super::absolute::{self, Rules};
use super::cursor::{self, Cursor};
use super::when::{Habits, When};
use super::{numeric, relative};

/// The date that the whole of `text` spells, if it does. A machine's spellings count here too: seconds or milliseconds
/// since 1970, `20240305`, `2024-03`. A comment in parentheses after the date is passed over.
pub fn read(text: &str, habits: impl Into<Habits>) -> Option<When> {
    let text = digits::westernised(trim(text));
    let text = text.as_ref();
    let rules = Rules {
        habits: habits.into(),
        whole: true,
        stated: false,
    };
    if let Some(date) = numeric::machine(text, rules) {
        return Some(When::At(date));
    }
    words(text, rules).or_else(|| relative::word(text))
}

/// The date that `text` spells where nothing but a date can stand, as in the elements of feeds. Beside what [`read`] reads,
/// a year alone counts here, and years from 1970 to 9999; a single word ("yesterday") does not.
pub fn stated(text: &str, habits: impl Into<Habits>) -> Option<When> {
    let text = digits::westernised(trim(text));
    let text = text.as_ref();
    let rules = Rules {
        habits: habits.into(),
        whole: true,
        stated: true,
    };
    if let Some(date) = numeric::machine(text, rules) {
        return Some(When::At(date));
    }
    words(text, rules)
}

/// [`read`] without the spellings that only a machine writes, and without single words ("now", "Hier"), which a list of
/// links may hold as well.
pub(super) fn read_words(text: &str, habits: Habits) -> Option<When> {
    let rules = Rules {
        habits,
        whole: true,
        stated: false,
    };
    words(text, rules)
}

fn words(text: &str, rules: Rules) -> Option<When> {
    // no spelling of a date is longer, and prose often is
    if text.len() > 120 {
        return None;
    }
    let start = Cursor::new(text, 0);
    // a date of its own has a figure
    if text.bytes().any(|b| b.is_ascii_digit())
        && let Some((date, mut end)) = absolute::parse(start, rules)
    {
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
pub(super) fn trim(text: &str) -> &str {
    let blank = |c: char| cursor::is_blank(c) || matches!(c, ',' | ';' | '|' | '·' | '•' | '●');
    text.trim_start_matches(blank)
        .trim_end_matches(|c| blank(c) || matches!(c, '.' | ':' | '-' | '–' | '—'))
}
