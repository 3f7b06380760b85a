//! Read time: as stated, else computed from a whole body, never from a teaser.

use super::summary;

use crate::lexicon::{read_time, words};

/// A text of fewer words is no body.
const MIN_WORDS: u32 = 120;
/// Ten hours; more is no read time.
const MAX_MINUTES: u32 = 600;

/// The minutes that `written` states.
pub(super) fn stated(written: Option<&str>) -> Option<u32> {
    let (_, minutes) = read_time::find(written?)?;
    (1..=MAX_MINUTES).contains(&minutes).then_some(minutes)
}

/// The minutes that the text of a body takes, if it clearly is one: long enough, much longer than `summary`, and not marked
/// as a beginning.
pub(super) fn computed(plain: &str, summary: Option<&str>) -> Option<u32> {
    let teaser = summary.map_or(0, word_count);
    let counted = words::count(plain);
    let count = in_words(counted);
    if count < MIN_WORDS || count < teaser.saturating_mul(3) / 2 || summary::is_teaser(plain) {
        return None;
    }
    words::minutes(counted).map(|minutes| minutes.min(MAX_MINUTES))
}

/// Words; a character of a script that does not part them counts half.
fn word_count(text: &str) -> u32 {
    in_words(words::count(text))
}

fn in_words((words, characters): (u32, u32)) -> u32 {
    words.saturating_add(characters / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_teaser_has_no_read_time() {
        let short = "word ".repeat(100);
        assert_eq!(computed(&short, None), None);
        let cut = "word ".repeat(200) + "[…]";
        assert_eq!(computed(&cut, None), None);
        let body = "word ".repeat(150);
        assert_eq!(computed(&body, Some(&body)), None);
    }
}
