//! What nobody is to see in errors and recordings: the secrets of a source, in whatever form a server sends them back. Pure.

use std::borrow::Cow;

use url::Url;

use crate::model::Secret;

use super::error::Error;
use super::message::Message;

/// Shorter secrets are not looked for in what is recorded: they are words of any page.
const SHORTEST_IN_DOCUMENT: usize = 6;
/// Shorter ones are not looked for at all: they are parts of any address.
const SHORTEST: usize = 4;
/// A cookie's value that is made of letters or of digits alone and shorter than this is a word or a date, not a key.
const SHORTEST_PLAIN: usize = 16;
/// What stands in the place of a secret.
const MASK: &[u8] = b"***";

/// How a character may be written in HTML and in JSON.
const ESCAPES: &[(u8, &[u8])] = &[
    (b'&', b"&amp;"),
    (b'&', b"\\u0026"),
    (b'"', b"&quot;"),
    (b'"', b"\\\""),
    (b'\'', b"&#39;"),
    (b'<', b"&lt;"),
    (b'>', b"&gt;"),
    (b'/', b"\\/"),
    (b'/', b"&#x2F;"),
    (b'\\', b"\\\\"),
    (b' ', b"+"),
];

/// The secrets to hide, longest first.
#[derive(Debug, Default)]
pub(super) struct Mask {
    secrets: Vec<Secret>,
}

impl Mask {
    /// A mask for `secrets`. What the source's own address (`home`) says openly is none: it stands in the configuration.
    pub(super) fn new(secrets: Vec<Secret>, home: Option<&Url>) -> Self {
        let mut mask = Self { secrets };
        let home = home.map(Url::as_str).unwrap_or_default().as_bytes();
        mask.secrets.retain(|secret| {
            let secret = secret.reveal().as_bytes();
            secret.len() >= SHORTEST && find(home, secret).is_none()
        });
        let length = |secret: &Secret| std::cmp::Reverse(secret.reveal().len());
        mask.secrets.sort_by_key(length);
        mask
    }

    /// True if `text` holds a secret.
    pub(super) fn hides(&self, text: &str) -> bool {
        let mut secrets = self.secrets.iter().map(|it| it.reveal().as_bytes());
        secrets.any(|secret| find(text.as_bytes(), secret).is_some())
    }

    /// `text` without secrets.
    pub(super) fn text(&self, text: &str) -> String {
        let hidden = hide(&self.secrets, 0, text.as_bytes());
        String::from_utf8_lossy(&hidden).into_owned()
    }

    /// `url` without secrets; where none can be taken out, as it is.
    pub(super) fn url<'a>(&self, url: &'a Url) -> Cow<'a, Url> {
        match Url::parse(&self.text(url.as_str())) {
            Ok(hidden) if hidden != *url => Cow::Owned(hidden),
            _ => Cow::Borrowed(url),
        }
    }

    /// `message` without secrets: some servers send back what they were sent.
    pub(super) fn message(&self, message: &Message) -> Message {
        let mut message = message.clone();
        for (_, value) in &mut message.headers {
            if let Cow::Owned(hidden) = hide(&self.secrets, SHORTEST_IN_DOCUMENT, value) {
                *value = hidden;
            }
        }
        if let Cow::Owned(hidden) = hide(&self.secrets, SHORTEST_IN_DOCUMENT, &message.body) {
            message.body = hidden.into();
        }
        message
    }

    /// `error` without secrets.
    pub(super) fn error(&self, mut error: Error) -> Error {
        for text in error.texts() {
            if self.hides(text) {
                *text = self.text(text);
            }
        }
        error
    }
}

/// What else is secret where the value of `Cookie` or `Authorization` is: the values of its parts without their names, and a
/// token without the word before it (`Bearer …`).
pub(super) fn parts(header: &Secret) -> impl Iterator<Item = Secret> {
    let value = header.reveal();
    value
        .split([';', ',', ' '])
        .map(|part| {
            let value = part.split_once('=').map_or(part, |(_, value)| value);
            value.trim().trim_matches('"')
        })
        .filter(move |part| *part != value && is_telling(part))
        .map(|part| Secret::new(part.to_owned()))
}

/// True if a text looks like a key rather than a word.
fn is_telling(text: &str) -> bool {
    let has = |of: fn(&u8) -> bool| text.as_bytes().iter().any(of);
    let is_mixed = has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit);
    text.len() >= SHORTEST_IN_DOCUMENT && (is_mixed || text.len() >= SHORTEST_PLAIN)
}

/// `text` with [`MASK`] for each of `secrets` that has `shortest` bytes or more.
fn hide<'a>(secrets: &[Secret], shortest: usize, text: &'a [u8]) -> Cow<'a, [u8]> {
    let mut text = Cow::Borrowed(text);
    let secrets = secrets.iter().map(|secret| secret.reveal().as_bytes());
    for secret in secrets.filter(|secret| secret.len() >= shortest) {
        let Some((mut begin, mut end)) = find(&text, secret) else {
            continue;
        };
        let mut hidden = Vec::with_capacity(text.len());
        let mut rest = &text[..];
        loop {
            hidden.extend_from_slice(&rest[..begin]);
            hidden.extend_from_slice(MASK);
            rest = &rest[end..];
            match find(rest, secret) {
                Some(next) => (begin, end) = next,
                None => break,
            }
        }
        hidden.extend_from_slice(rest);
        text = Cow::Owned(hidden);
    }
    text
}

/// Where `secret` first stands in `text`, in any of its forms: begin and end.
fn find(text: &[u8], secret: &[u8]) -> Option<(usize, usize)> {
    (0..text.len()).find_map(|begin| {
        let mut end = begin;
        if text[begin..].starts_with(secret) {
            return Some((begin, begin + secret.len()));
        }
        for &byte in secret {
            end += written(&text[end..], byte)?;
        }
        Some((begin, end))
    })
}

/// How many bytes `text` begins with that stand for `byte`: percent-encoded (RFC 3986 §2.1) once or twice, as HTML and JSON
/// write it, or itself.
fn written(text: &[u8], byte: u8) -> Option<usize> {
    let first = *text.first()?;
    if first == b'%' {
        let (digits, length) = match text.strip_prefix(b"%25") {
            Some(digits) if byte != b'%' => (digits, 5),
            _ => (&text[1..], 3),
        };
        let digits = digits.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        if digits.is_some_and(|digits| u8::from_str_radix(digits, 16) == Ok(byte)) {
            return Some(length);
        }
    }
    let mut forms = ESCAPES.iter().filter(|(meant, _)| *meant == byte);
    let escaped = forms.find_map(|(_, form)| text.starts_with(form).then_some(form.len()));
    escaped.or_else(|| (first == byte).then_some(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(secrets: &[&str]) -> Mask {
        let secrets = secrets.iter().map(|text| Secret::new((*text).to_owned()));
        Mask::new(
            secrets.collect(),
            Some(&Url::parse("https://blog.example/feed").unwrap()),
        )
    }

    #[test]
    fn a_secret_is_hidden_however_it_is_written() {
        let mask = mask(&["s3/t+k&n XYZ\""]);
        for form in [
            "s3/t+k&n XYZ\"",
            "s3%2Ft%2Bk%26n%20XYZ%22",
            "s3%2ft%2bk%26n+XYZ%22",
            "s3/t%2Bk&n%20XYZ%22",
            "s3%252Ft%252Bk%2526n%2520XYZ%2522",
            "s3\\/t+k&amp;n XYZ&quot;",
        ] {
            let text = format!("asked for /login?t={form} twice: {form}");
            assert_eq!(mask.text(&text), "asked for /login?t=*** twice: ***");
            assert!(mask.hides(&text));
        }
        assert_eq!(mask.text("s3/t+k"), "s3/t+k");
    }

    #[test]
    fn what_the_sources_own_address_says_is_no_secret() {
        let mask = mask(&["blog.example", "abc", "a-real-key"]);
        let text = "blog.example, abc and a-real-key";
        assert_eq!(mask.text(text), "blog.example, abc and ***");
    }

    #[test]
    fn the_values_of_cookies_are_secret_and_their_words_are_not() {
        let texts = |value: &str| -> Vec<String> {
            let header = Secret::new(value.to_owned());
            parts(&header)
                .map(|secret| secret.reveal().to_owned())
                .collect()
        };
        assert_eq!(
            texts(
                "sid=abcdefcookie99; theme=dark; consent=accepted; since=2024-01-01; t=\"q1w2e3\""
            ),
            ["abcdefcookie99", "q1w2e3"]
        );
        assert_eq!(texts("Bearer one-two-3"), ["one-two-3"]);
        assert!(texts("one-two-3").is_empty());
    }

    #[test]
    fn an_address_with_a_secret_stays_one() {
        let mask = mask(&["abcdefcookie99"]);
        let url = Url::parse("https://blog.example/new.xml?sid=abcdefcookie99").unwrap();
        assert_eq!(
            mask.url(&url).as_str(),
            "https://blog.example/new.xml?sid=***"
        );
        let url = Url::parse("https://blog.example/new.xml").unwrap();
        assert_eq!(*mask.url(&url), url);
    }

    proptest::proptest! {
        #[test]
        fn no_text_and_no_secret_panics(text in ".{0,40}", secret in ".{4,8}") {
            let mask = mask(&[&secret]);
            let hidden = mask.text(&format!("{text}{secret}"));
            proptest::prop_assert!(secret.contains('*') || !hidden.contains(&secret) || "https://blog.example/feed".contains(&secret));
        }
    }
}
