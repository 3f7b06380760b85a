//! Texts that are facts, and so no title.

use super::super::dates;
use super::super::facts;
use super::super::read_times;
use super::super::words;

/// True for texts that are a date, a read time, a counter or a label, and so no title.
pub(in crate::extract::page) fn is_meta(text: &str) -> bool {
    let text = text.trim();
    if text.chars().count() > 80 {
        return false;
    }
    if dates::is_date(text)
        || dates::is_day_and_month(text)
        || words::is_counter(text)
        || words::is_label(text)
        || facts::is_row(text)
    {
        return true;
    }
    // what is left of a line when dates and read times are taken out
    let mut rest = text.to_owned();
    let mut found = false;
    if let Some(range) = read_times::find(&rest) {
        rest.replace_range(range, " ");
        found = true;
    }
    let spots = dates::all(&rest);
    for spot in spots.into_iter().rev() {
        rest.replace_range(spot.range, " ");
        found = true;
    }
    found
        && rest
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(words::is_label)
}
