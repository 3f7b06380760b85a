//! A month as it stands in a date: by its name, or as a number with its word.

use super::cursor::{Cursor, is_letter};
use super::names;
use super::when::Tongue;

/// Names of several words, and of signs that stand without blanks; the longer ones first.
const PHRASES: &[(&str, u32)] = &[
    ("كانون الثاني", 1),
    ("كانون الأول", 12),
    ("كانون الاول", 12),
    ("تشرين الأول", 10),
    ("تشرين الاول", 10),
    ("تشرين الثاني", 11),
    ("Meán Fómhair", 9),
    ("Deireadh Fómhair", 10),
    ("十二月", 12),
    ("十一月", 11),
    ("十月", 10),
    ("一月", 1),
    ("二月", 2),
    ("三月", 3),
    ("四月", 4),
    ("五月", 5),
    ("六月", 6),
    ("七月", 7),
    ("八月", 8),
    ("九月", 9),
];

/// The numbers of months in words, as Vietnamese spells them, without accents.
const NUMBERS: [&str; 10] = [
    "mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi",
];

/// Steps over a month; which one it is, 1 to 12.
pub(super) fn month(cursor: &mut Cursor<'_>, tongue: Tongue) -> Option<u32> {
    let mut ahead = *cursor;
    if let Some(number) = ahead.short_number() {
        ahead.space();
        ahead
            .eat_str(&["月", "월", "-р сарын", "-р сар", "сарын"])
            .then_some(())?;
        *cursor = ahead;
        return Some(number);
    }
    if let Some(month) = names::thai(ahead.rest()) {
        ahead.eat_str(&[names::THAI[month]]);
        *cursor = ahead;
        return u32::try_from(month + 1).ok();
    }
    if let Some((name, month)) = PHRASES
        .iter()
        .find(|(name, _)| ahead.rest().starts_with(name))
    {
        ahead.eat_str(&[name]);
        *cursor = ahead;
        return Some(*month);
    }
    let word = ahead.word()?;
    let month = if names::folded(word, |word| matches!(word, "thang" | "thg")) {
        ahead.skip(&['.']);
        match ahead.short_number() {
            Some(number) => number,
            None => number_word(&mut ahead)?,
        }
    } else {
        names::month(word, tongue)?
    };
    *cursor = ahead;
    Some(month)
}

/// Steps over a number up to twelve in Vietnamese words: "sáu", "mười hai".
fn number_word(cursor: &mut Cursor<'_>) -> Option<u32> {
    let number = |cursor: &mut Cursor<'_>| {
        let word = cursor.word()?;
        let at = names::folded(word, |word| {
            NUMBERS.iter().position(|number| *number == word)
        })?;
        u32::try_from(at + 1).ok()
    };
    let first = number(cursor)?;
    let mut ahead = *cursor;
    ahead.space();
    if first == 10
        && let Some(more @ (1 | 2)) = number(&mut ahead)
    {
        *cursor = ahead;
        return Some(first + more);
    }
    (!cursor.peek().is_some_and(is_letter)).then_some(first)
}
