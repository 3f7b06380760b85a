//! The title: plain text on one line, never empty.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use url::Url;

use super::flat;
use super::html;
use super::text;

use crate::lexicon::mojibake;
use crate::model::Text;

/// A title longer than this is a text, characters.
const MAX_CHARS: usize = 500;
/// As much of a summary as a title takes, characters.
const DERIVED_CHARS: usize = 80;

/// The title of an entry that says nothing a title could be made of.
const UNTITLED: &str = "Untitled";

/// Elements that are markup even in a title that leaves them open: void ones, those with an optional end, and those that
/// are never meant to be read.
const ALWAYS_MARKUP: &[&str] = &[
    "area", "base", "br", "button", "embed", "form", "frame", "hr", "iframe", "img", "input", "li",
    "link", "math", "meta", "noscript", "object", "p", "script", "select", "source", "style",
    "svg", "template", "textarea", "title", "wbr",
];

/// `title` as plain text on one line. Where it is HTML, tags that no other tag matches are text: many feeds escape
/// `What Vec<T> is` only once.
pub fn plain(title: &Text) -> String {
    match title {
        Text::Plain(_) => html::plain(title),
        Text::Html(source) => html::plain_html(&with_lone_tags_as_text(source)),
    }
}

/// `title` as its document writes it, where `mended`, the line made of it, differs in characters that had been encoded
/// twice.
pub(super) fn as_written(title: &Text, mended: &str) -> Option<String> {
    // what is mended is not ASCII before, and hardly ever after
    let (Text::Plain(source) | Text::Html(source)) = title;
    if source.is_ascii() && !source.contains('&') {
        return None;
    }
    let written = match title {
        Text::Plain(text) => Cow::Borrowed(text.as_str()),
        Text::Html(source) => Cow::Owned(flat::as_written(&with_lone_tags_as_text(source))),
    };
    if matches!(mojibake::mend(&written), Cow::Borrowed(_)) {
        return None;
    }
    let line = text::line_as_written(&written);
    (line != mended).then(|| text::cut(&line, MAX_CHARS))
}

fn with_lone_tags_as_text(source: &str) -> Cow<'_, str> {
    let lone: Vec<usize> = lone_tags(source);
    if lone.is_empty() {
        return Cow::Borrowed(source);
    }
    let mut text = String::with_capacity(source.len() + 3 * lone.len());
    let mut done = 0;
    for at in lone {
        text.push_str(&source[done..at]);
        text.push_str("&lt;");
        done = at + 1;
    }
    text.push_str(&source[done..]);
    Cow::Owned(text)
}

/// Where in `source` the tags begin that are text rather: `<T>` without `</T>`, `<K, V>`.
fn lone_tags(source: &str) -> Vec<usize> {
    let mut bare: Vec<(usize, String)> = Vec::new();
    let mut balance: HashMap<String, i64> = HashMap::new();
    let mut lone = Vec::new();
    for (at, _) in source.match_indices('<') {
        let rest = &source[at + 1..];
        let closes = rest.starts_with('/');
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        // no element has a longer name
        let window = &rest[..rest.floor_char_boundary(40)];
        let length = window
            .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
            .unwrap_or(window.len());
        let name = window[..length].to_ascii_lowercase();
        if name.contains([',', '<', '&', '(', ')', '[', ']', '\'', '"', '*']) {
            lone.push(at);
            continue;
        }
        *balance.entry(name.clone()).or_default() += if closes { -1 } else { 1 };
        if window[length..].starts_with('>') && !ALWAYS_MARKUP.contains(&name.as_str()) {
            bare.push((at, name));
        }
    }
    let unmatched = bare
        .into_iter()
        .filter(|(_, name)| balance[name] != 0)
        .map(|(at, _)| at);
    lone.extend(unmatched);
    lone.sort_unstable();
    lone
}

/// `plain` (one line) as a title.
pub(super) fn given(plain: &str) -> Option<String> {
    text::some_line(plain).map(|line| text::cut(&line, MAX_CHARS))
}

/// What an entry without a title says otherwise, best first.
pub(super) struct Clues<'a> {
    /// Its summary or first prose.
    pub said: Option<&'a str>,
    /// Its own address, else that of a file, its comments or an image.
    pub addresses: [Option<&'a Url>; 4],
    /// Its tags.
    pub tags: &'a [String],
    /// Who wrote it.
    pub author: Option<&'a str>,
    /// When it was published, else changed.
    pub date: Option<DateTime<Utc>>,
    /// Its id.
    pub guid: Option<&'a str>,
}

/// A title made from the first of `clues` that gives one; the later ones are poor, but a reader can tell the entry by
/// them. Without any, [`UNTITLED`].
pub(super) fn derived(clues: &Clues<'_>) -> String {
    let mut addresses = clues.addresses.into_iter().flatten();
    clues
        .said
        .and_then(from_text)
        .or_else(|| addresses.find_map(from_url))
        .or_else(|| from_text(&clues.tags.join(", ")))
        .or_else(|| clues.author.and_then(from_text))
        .or_else(|| clues.date.map(|date| date.format("%Y-%m-%d").to_string()))
        .or_else(|| clues.guid.and_then(from_text))
        .unwrap_or_else(|| UNTITLED.to_owned())
}

/// A title from the first words of `plain`.
fn from_text(plain: &str) -> Option<String> {
    text::some_line(plain).map(|line| text::cut(&line, DERIVED_CHARS))
}

/// A title from the last part of an address, else its host.
fn from_url(url: &Url) -> Option<String> {
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
    let title = (chars.next()).map(|first| first.to_uppercase().chain(chars).collect::<String>());
    (title.as_deref().and_then(given)).or_else(|| url.host_str().and_then(given))
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
            // nothing of it can be seen
            ("https://a.example/%EF%B8%80", "a.example"),
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
    fn markup_goes_and_tags_that_are_text_stay() {
        for (source, expected) in [
            ("A <b>bold</b> <i class=x>title</i>", "A bold title"),
            ("What Vec<T> is", "What Vec<T> is"),
            (
                "HashMap<K, V> and Vec<Box<T>>",
                "HashMap<K, V> and Vec<Box<T>>",
            ),
            ("The <dialog> element", "The <dialog> element"),
            ("<p>A title<br>of two lines", "A title of two lines"),
            ("a<script>alert(1)", "a"),
            ("x<img src=x onerror=alert(1)>", "x"),
            ("R&amp;D &lt;3", "R&D <3"),
        ] {
            assert_eq!(plain(&Text::Html(source.to_owned())), expected, "{source}");
        }
    }

    #[test]
    fn a_title_that_was_encoded_twice_is_known_as_it_is_written() {
        for (title, expected) in [
            (
                Text::Plain("CÃ´te dâ€™Ivoire".to_owned()),
                Some("CÃ´te dâ€™Ivoire"),
            ),
            (
                Text::Html("Ð\u{90}Ð¼ÑƒÑ€ &amp; <b>b&#195;&#169;b&Atilde;&copy;</b>".to_owned()),
                Some("ÐÐ¼ÑƒÑ€ & bÃ©bÃ©"),
            ),
            (Text::Html("Côte d&#8217;Ivoire".to_owned()), None),
            (Text::Plain("plain".to_owned()), None),
        ] {
            assert_eq!(as_written(&title, &plain(&title)).as_deref(), expected);
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
