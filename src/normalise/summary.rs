//! The summary: plain text, short, without what the site adds to every one.

use super::blocks::{self, Block};
use super::boilerplate::strip;
use super::text;

/// Characters.
const MAX_CHARS: usize = 300;
/// Prose is gathered from the body until there is this much, characters.
const ENOUGH_CHARS: usize = 240;

/// `plain` (one line) as a summary of an entry called `title`; `None` if it says nothing that the title does not.
pub(super) fn summary(plain: &str, title: &str) -> Option<String> {
    let mut kept = text::cut(&strip(plain).text, MAX_CHARS);
    while kept != plain {
        // a cut can bring to the end what is boiler-plate there
        let again = text::cut(&strip(&kept).text, MAX_CHARS);
        if again == kept {
            break;
        }
        kept = again;
    }
    let says = kept.chars().any(char::is_alphanumeric) && !same_words(&kept, title);
    says.then_some(kept)
}

/// True if nothing of `plain` would be cut.
pub(super) fn is_whole(plain: &str) -> bool {
    plain.chars().nth(MAX_CHARS).is_none()
}

/// The first prose of a body, on one line.
pub(super) fn first_prose(blocks: &[Block]) -> Option<String> {
    let mut prose = String::new();
    for block in blocks.iter().filter(|block| block.prose) {
        if !prose.is_empty() {
            prose.push(' ');
        }
        prose.push_str(&block.text);
        if prose.chars().count() >= ENOUGH_CHARS {
            break;
        }
    }
    if prose.is_empty() {
        // a list or a table is better than nothing, a heading is not
        prose = blocks::joined(blocks);
    }
    text::some_line(&prose)
}

/// True if both say the same, apart from white space, case and punctuation.
fn same_words(a: &str, b: &str) -> bool {
    letters(a).eq(letters(b))
}

/// The letters and figures of `text`, lower-case.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// True if `plain` says that it is only the beginning.
pub(super) fn is_teaser(plain: &str) -> bool {
    let kept = strip(plain);
    let is_cut = |text: &str| text.ends_with('…') || text.ends_with("...");
    kept.is_cut || is_cut(&kept.text) || is_cut(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::content;
    use super::*;

    #[test]
    fn what_the_site_adds_is_removed() {
        for added in [
            " The post A title appeared first on A blog.",
            " Der Beitrag Ein Titel erschien zuerst auf Ein Blog.",
            " Read more",
            " Read more »",
            " Continue reading A title →",
            " Continue reading “A title”",
            " 続きを読む",
            " submitted by /u/jane [link] [12 comments]",
        ] {
            let plain = format!("What it says.{added}");
            assert_eq!(
                summary(&plain, "A title").as_deref(),
                Some("What it says."),
                "{added}"
            );
        }
    }

    #[test]
    fn the_mark_of_something_left_out_stays_as_one_character() {
        for mark in [" […]", "[...]", " [ … ]", " (more…)", "… […]"] {
            let plain = format!("What it says and{mark}");
            assert_eq!(
                summary(&plain, "A title").as_deref(),
                Some("What it says and…"),
                "{mark}"
            );
        }
    }

    #[test]
    fn no_mark_makes_a_letter_look_wrongly_decoded() {
        for plain in ["Tout va à¢[…]", "Tout va à®[…]", "Tout va “là”[…]"] {
            let once = summary(plain, "A title").unwrap();
            assert_eq!(super::text::line(&once), once);
            assert_eq!(summary(&once, "A title").as_ref(), Some(&once));
        }
    }

    #[test]
    fn honest_text_that_speaks_of_reading_is_kept() {
        let plain = "This is why I continue reading paper books and read more";
        assert_eq!(summary(plain, "A title").as_deref(), Some(plain));
    }

    #[test]
    fn a_summary_that_repeats_the_title_is_none() {
        assert_eq!(summary("A Title.", "A title"), None);
        assert_eq!(summary("Read more", "A title"), None);
    }

    #[test]
    fn the_first_prose_of_a_body_is_no_heading_or_code() {
        let content = "<h1>Heading</h1><pre>code</pre><p>The prose.</p><ul><li>item</li></ul>";
        assert_eq!(
            first_prose(&content::blocks(content)).as_deref(),
            Some("The prose.")
        );
    }

    proptest! {
        #[test]
        fn a_summary_of_a_summary_is_the_same(text in "([a-z]{1,9}|\\.|…| |\\[…\\]|Read more|The post a appeared first on b|\\PC){0,80}") {
            let plain = text::line(&text);
            if let Some(once) = summary(&plain, "title") {
                prop_assert!(once.chars().count() <= MAX_CHARS);
                prop_assert_eq!(summary(&once, "title"), Some(once.clone()));
            }
        }
    }
}
