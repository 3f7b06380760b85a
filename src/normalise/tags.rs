//! Tags: case folded, without `#`, each once.

use super::flat;
use super::text;

/// A tag written at such length is not looked at.
const MAX_BYTES: usize = 1024;
/// A tag longer than this is a sentence.
const MAX_CHARS: usize = 64;
/// More than these are not tags but an index.
const MAX_TAGS: usize = 64;

/// `written` as tags, in order.
pub(super) fn tags<'a>(written: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut tags = Vec::new();
    add(&mut tags, written);
    tags
}

/// Adds what of `written` is not among `tags` yet.
pub(super) fn add<'a>(tags: &mut Vec<String>, written: impl IntoIterator<Item = &'a str>) {
    for tag in written.into_iter().filter_map(tag) {
        if tags.len() < MAX_TAGS && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
}

/// `written` as one tag: case-folded, without `#`; `None` if it is none.
#[must_use]
pub fn tag(written: &str) -> Option<String> {
    if written.len() > MAX_BYTES {
        return None;
    }
    // folding case can take a text out of its composed form
    let line = text::line(&text::line(&flat::decoded(written)).to_lowercase());
    let tag = line
        .trim_start_matches(|c: char| matches!(c, '#' | '＃') || c.is_whitespace())
        .trim_end_matches(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
    let fits = tag.chars().count() <= MAX_CHARS && tag.chars().any(char::is_alphanumeric);
    (fits && !tag.starts_with("http://") && !tag.starts_with("https://")).then(|| tag.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_are_folded_and_each_is_kept_once() {
        assert_eq!(
            tags(["#Rust", "rust ", " C# ", "CAFÉ", "Cafe\u{301}"]),
            ["rust", "c#", "café"]
        );
    }

    #[test]
    fn what_was_encoded_twice_is_decoded() {
        assert_eq!(
            tags(["Tips &amp; tricks", "tips &#38;amp; tricks", "R&D"]),
            ["tips & tricks", "r&d"]
        );
    }

    #[test]
    fn what_is_no_tag_is_dropped() {
        let long = "word ".repeat(20);
        assert!(tags(["", " # ", "—", &long, "https://a.example/tag"]).is_empty());
    }

    proptest! {
        #[test]
        fn tags_of_tags_are_the_same(written in proptest::collection::vec(any::<String>(), 0..4)) {
            let once = tags(written.iter().map(String::as_str));
            prop_assert_eq!(tags(once.iter().map(String::as_str)), once);
        }
    }
}
