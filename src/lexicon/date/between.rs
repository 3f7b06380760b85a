//! The words and endings that languages put between the parts of a date ("5 de marzo de 2026", "2026 m. kovo 5 d.",
//! "2026eko martxoaren 5a"): stepped over, for they say nothing that the parts do not.

use super::cursor::{Cursor, is_blank, is_letter};
use super::names;

/// Marks between the parts of a spelled-out date.
pub(super) const GAP: [char; 8] = [',', '.', '-', '/', '‐', '‑', '–', '،'];

/// What stands behind a day: "5th", "1er", "5º", "5-го", "5 d.", "5a".
const DAY_ENDINGS: &[&str] = &[
    "st", "nd", "rd", "th", "ST", "ND", "RD", "TH", "er", "re", "ste", "de", "º", "ª", "-го", "-е",
    "-ն", "an", "a", "ean",
];

/// Short words for "day" behind its number.
const DAY_WORDS: &[&str] = &["d", "dienos", "diena", "күні"];

/// Words between a day and its month, without case and accents. They are words of their own.
const BEFORE_MONTH: &[&str] = &[
    "de", "of", "di", "d", "del", "den", "the", "ng", "ta", "tou", "mwezi",
];

/// What stands before the name of a month without a blank between, or with one.
const MONTH_PREFIXES: &[&str] = &["เดือน", "ເດືອນ", "ខែ"];

/// Words between a month and its year, as they are or without case and accents.
const BEFORE_YEAR: &[&str] = &["de", "del", "of", "năm", "ng", "leta", "any", "ano"];

/// What stands before a year without a blank between, or with one.
const YEAR_PREFIXES: &[&str] = &["พ.ศ.", "ค.ศ.", "ปี", "ປີ", "ឆ្នាំ"];

/// Words for "year" behind its number. The longer ones come first where one begins another.
const YEAR_WORDS: &[&str] = &[
    "gada",
    "gads",
    "godine",
    "godina",
    "god",
    "roku",
    "roka",
    "года",
    "году",
    "година",
    "години",
    "годы",
    "године",
    "год",
    "року",
    "гг",
    "жылдың",
    "жылғы",
    "жылы",
    "жыл",
    "йил",
    "оны",
    "он",
    "yılı",
    "yilning",
    "yil",
    "ci il",
    "cu il",
    "cü il",
    "cı il",
    "il",
    "urteko",
    "urtea",
    "(e)ko",
    "eko",
    "ko",
    "évi",
    "thn",
    "г",
    "р",
    "ж",
    "r",
    "m",
    "g",
];

/// Steps over the ending of a day.
pub(super) fn ordinal(cursor: &mut Cursor<'_>) {
    let mut ahead = *cursor;
    if ends(&mut ahead, DAY_ENDINGS) {
        *cursor = ahead;
        return;
    }
    ahead.space();
    if ends(&mut ahead, DAY_WORDS) {
        ahead.eat('.');
        *cursor = ahead;
    }
}

/// Steps over what leads from a day to the name of its month.
pub(super) fn before_month(cursor: &mut Cursor<'_>) {
    cursor.skip(&GAP);
    word(cursor, BEFORE_MONTH);
    prefix(cursor, MONTH_PREFIXES);
}

/// Steps over what leads from a month to its year.
pub(super) fn before_year(cursor: &mut Cursor<'_>) {
    cursor.skip(&GAP);
    // "del año"
    word(cursor, BEFORE_YEAR);
    word(cursor, BEFORE_YEAR);
    prefix(cursor, YEAR_PREFIXES);
}

/// Steps over a word for "year" behind a year; false where none stands there.
pub(super) fn year_word(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.skip(&['.', '-']);
    let found = ends(&mut ahead, YEAR_WORDS);
    if found {
        ahead.eat('.');
        *cursor = ahead;
    }
    found
}

/// Steps over the first of `words` that is next and with which no word goes on.
fn ends(cursor: &mut Cursor<'_>, words: &[&str]) -> bool {
    let found = words.iter().find(|word| {
        cursor
            .rest()
            .strip_prefix(**word)
            .is_some_and(|rest| !rest.starts_with(is_letter))
    });
    found.is_some_and(|word| cursor.eat_str(&[word]))
}

/// Steps over one of `words`, with its apostrophe and the blanks behind.
fn word(cursor: &mut Cursor<'_>, words: &[&str]) {
    let mut ahead = *cursor;
    if ahead
        .word()
        .is_some_and(|w| names::folded(w, |w| words.contains(&w)) || words.contains(&w))
    {
        ahead.eat_any(&['\'', '’']);
        ahead.space();
        *cursor = ahead;
    }
}

/// Steps over one of `prefixes`, with the blanks behind.
fn prefix(cursor: &mut Cursor<'_>, prefixes: &[&str]) {
    let mut ahead = *cursor;
    if ahead.eat_str(prefixes)
        && ahead
            .peek()
            .is_some_and(|c| is_blank(c) || c.is_alphanumeric())
    {
        ahead.space();
        *cursor = ahead;
    }
}
