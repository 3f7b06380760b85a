//! Read time: as stated, else computed from a whole body, never from a teaser.

use super::html;
use super::summary;

use crate::lexicon::{read_time, words};

/// A text of fewer words is no body.
const MIN_WORDS: usize = 120;
/// Ten hours; more is no read time.
const MAX_MINUTES: u32 = 600;

/// The minutes that `written` states.
pub(super) fn stated(written: Option<&str>) -> Option<u32> {
    let (_, minutes) = read_time::find(written?)?;
    (1..=MAX_MINUTES).contains(&minutes).then_some(minutes)
}

/// The minutes that the body `content` (HTML) takes, if it clearly is one: long enough, much longer than `summary`, and not
/// marked as a beginning.
pub(super) fn computed(content: &str, summary: Option<&str>) -> Option<u32> {
    let plain = html::plain_html(content);
    let teaser = summary.map_or(0, word_count);
    let count = word_count(&plain);
    if count < MIN_WORDS || count < teaser * 3 / 2 || summary::is_teaser(&plain) {
        return None;
    }
    words::minutes(&plain).map(|minutes| minutes.min(MAX_MINUTES))
}

/// Words, where each character of a script without spaces counts half.
fn word_count(text: &str) -> usize {
    let wide = text
        .chars()
        .filter(|c| matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}'))
        .count();
    text.split_whitespace().count() + wide / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_teaser_has_no_read_time() {
        let short = "word ".repeat(100);
        assert_eq!(computed(&short, None), None);
        let cut = format!("<p>{}[…]</p>", "word ".repeat(200));
        assert_eq!(computed(&cut, None), None);
        let body = "word ".repeat(150);
        assert_eq!(computed(&body, Some(&body)), None);
    }
}
