//! The title: plain text on one line, never empty.

use url::Url;

use super::text;

/// A title longer than this is a text, characters.
const MAX_CHARS: usize = 500;
/// As much of a summary as a title takes, characters.
const DERIVED_CHARS: usize = 80;

/// `plain` (one line) as a title.
pub(super) fn given(plain: &str) -> Option<String> {
    text::some_line(plain).map(|line| text::cut(&line, MAX_CHARS))
}

/// A title from the first words of `plain` (one line).
pub(super) fn from_text(plain: &str) -> Option<String> {
    text::some_line(plain).map(|line| text::cut(&line, DERIVED_CHARS))
}

/// A title from the last part of an address, else its host.
pub(super) fn from_url(url: &Url) -> Option<String> {
    let path = url.path().trim_matches('/');
    let name = path
        .rsplit('/')
        .find(|part| !is_index(part))
        .unwrap_or_default();
    let decoded = decode(name);
    let stem = match decoded.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 5 => stem,
        _ => &decoded,
    };
    let words = text::line(&stem.replace(['-', '_', '+'], " "));
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => given(&first.to_uppercase().chain(chars).collect::<String>()),
        None => url.host_str().and_then(given),
    }
}

fn is_index(part: &str) -> bool {
    part.is_empty() || part.starts_with("index.") || part == "amp"
}

/// Percent-escapes decoded, if they are UTF-8.
fn decode(part: &str) -> String {
    let pair = format!("={}", part.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(|| part.to_owned(), |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_is_made_from_the_address() {
        for (url, expected) in [
            (
                "https://blog.example/2024/a-first_post.html",
                "A first post",
            ),
            ("https://blog.example/caf%C3%A9/index.html", "Café"),
            ("https://blog.example/", "blog.example"),
        ] {
            assert_eq!(
                from_url(&Url::parse(url).unwrap()).as_deref(),
                Some(expected)
            );
        }
    }

    #[test]
    fn a_title_is_made_from_the_first_words() {
        let text = "These are the first words of a text that goes on and on until nobody wants to read any more";
        assert_eq!(
            from_text(text).as_deref(),
            Some("These are the first words of a text that goes on and on until nobody wants to…")
        );
    }

    proptest! {
        #[test]
        fn a_title_of_a_title_is_the_same(text in any::<String>()) {
            if let Some(once) = given(&text::line(&text)) {
                prop_assert_eq!(given(&once), Some(once.clone()));
            }
        }

        #[test]
        fn no_address_panics(path in any::<String>()) {
            if let Ok(url) = Url::parse(&format!("https://a.example/{path}")) {
                prop_assert!(from_url(&url).is_some());
            }
        }
    }
}
