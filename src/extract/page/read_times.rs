//! Where in an item's text a stated read time stands. What it means is `lexicon`'s business.

use std::ops::Range;

use crate::lexicon::read_time;

/// In a longer text a read time is looked for at both ends only: glued to a title, a date or an excerpt.
const LONG: usize = 160;
/// How many bytes of each end.
const END: usize = 80;

/// The first stated read time in `text`.
pub(super) fn find(text: &str) -> Option<Range<usize>> {
    if text.len() <= LONG {
        return within(text, 0);
    }
    let head = (0..=END)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0);
    let tail = (text.len() - END..text.len())
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0);
    within(&text[..head], 0).or_else(|| within(&text[tail..], tail))
}

fn within(text: &str, offset: usize) -> Option<Range<usize>> {
    if !may_have_unit(text) {
        return None;
    }
    let (range, _) = read_time::find(text)?;
    Some(offset + range.start..offset + range.end)
}

/// False if none of the words or signs is there that are in every stated read time: a cheap look before the dear one.
fn may_have_unit(text: &str) -> bool {
    text.char_indices().any(|(at, c)| match c {
        'm' => text[at..].starts_with("min") || text[at..].starts_with("menit"),
        'M' => text[at..].starts_with("Min") || text[at..].starts_with("MIN"),
        'r' => text[at..].starts_with("read"),
        'd' => text[at..].starts_with("dk") || text[at..].starts_with("dakika"),
        'p' => text[at..].starts_with("perc") || text[at..].starts_with("phút"),
        // other alphabets, each with a word of its own
        c => c >= '\u{370}' && c.is_alphabetic(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_time_is_found_at_either_end_of_a_long_text() {
        let prose = "Words and more words about nothing. ".repeat(8);
        let text = format!("{prose}prevents 23 min read");
        assert_eq!(find(&text).map(|range| &text[range]), Some("23 min read"));
        let text = format!("7 min read {prose}");
        assert_eq!(find(&text).map(|range| &text[range]), Some("7 min read"));
        let text = format!("{prose} this is a 5 min read {prose}");
        assert_eq!(find(&text), None);
    }
}
