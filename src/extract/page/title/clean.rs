//! A title as written → without the date, read time and signs that stand at its ends.

use super::super::dates;
use super::super::read_times;
use crate::model::Precision;

/// A title without the date, badges and signs that are glued to it, and that date.
pub(super) fn clean(text: &str) -> (String, Option<String>) {
    let mut text = trim_signs(text).to_owned();
    let mut date = None;
    let spots = dates::all(&text);
    for spot in spots.iter().rev() {
        let at_start = spot.range.start <= 1;
        let at_end = spot.range.end + 1 >= text.len();
        let before = text[..spot.range.start].trim_end();
        let after = text[spot.range.end..].trim_start();
        let parted = |side: &str, first: bool| {
            let c = if first {
                side.chars().next()
            } else {
                side.chars().last()
            };
            c.is_some_and(|c| {
                matches!(
                    c,
                    '-' | '–'
                        | '—'
                        | ':'
                        | '|'
                        | '·'
                        | '•'
                        | '/'
                        | '»'
                        | '('
                        | ')'
                        | '['
                        | ']'
                        | ','
                        | '：'
                )
            })
        };
        let cut = spot.precision >= Precision::Day
            && (at_start
                && !after.is_empty()
                && (parted(after, true)
                    || spot.range.end < text.len() && spot.precision >= Precision::Day)
                || at_end
                    && !before.is_empty()
                    && (parted(before, false) || text.ends_with([')', ']'])));
        if cut {
            date = Some(text[spot.range.clone()].to_owned());
            text.replace_range(spot.range.clone(), "");
            let rest = trim_signs(text.trim_matches(|c: char| {
                c.is_whitespace()
                    || matches!(c, '-' | '–' | '—' | ':' | '|' | '·' | '•' | ',' | '：')
            }))
            .trim_end_matches("()")
            .trim_start_matches("()")
            .trim_end_matches("[]")
            .trim_start_matches("[]")
            .trim()
            .to_owned();
            text = rest;
            break;
        }
    }
    if let Some(range) = read_times::find(&text)
        && range.end == text.len()
        && range.start > 8
        && text[..range.start]
            .trim_end()
            .ends_with(['(', '·', '|', '•', '-', '–'])
    {
        let rest = text[..range.start].trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, '(' | '·' | '|' | '•' | '-' | '–')
        });
        text.truncate(rest.len());
    }
    (text, date)
}

/// Signs at the ends of a title that are no part of it: anchors, arrows, emoji.
fn trim_signs(text: &str) -> &str {
    let sign = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '¶' | '§'
                    | '→'
                    | '»'
                    | '›'
                    | '↗'
                    | '⟶'
                    | '↪'
                    | '∞'
                    | '●'
                    | '•'
                    | '◦'
                    | '★'
                    | '☆'
            )
            || matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{200d}' | '\u{2b00}'..='\u{2bff}')
    };
    let trimmed = text.trim_matches(sign).trim();
    let trimmed = trimmed.strip_suffix(" #").unwrap_or(trimmed).trim();
    let trimmed = trimmed.strip_prefix("# ").unwrap_or(trimmed).trim();
    if trimmed.is_empty() {
        text.trim()
    } else {
        trimmed
    }
}
