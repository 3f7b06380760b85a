//! What may leave the house: strings without anything that breaks a document or misleads its reader, web addresses without
//! secrets, dates that every format can write.
//!
//! Entries are normalised before they are stored; this is the last gate, so that one bad string can never make a whole feed
//! unreadable. Each rule, applied twice, changes nothing more. XML 1.0 §2.2 says what a document may hold.

use std::borrow::Cow;
use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use url::Url;

/// No field of one line is longer, characters.
const MAX_LINE_CHARS: usize = 2000;
/// No address is longer, bytes: more than that no server takes.
const MAX_ADDRESS_BYTES: usize = 8 * 1024;

/// Text for a field of one line: no control characters, noncharacters, bidirectional overrides or characters without width;
/// line breaks, tabs and runs of spaces become one space; nothing at the ends; what is too long is cut, with a mark.
pub(super) fn one_line(text: &str) -> String {
    let line = without_breaks(text);
    if line.chars().nth(MAX_LINE_CHARS).is_none() {
        return line;
    }
    // one for the mark
    let head: String = line.chars().take(MAX_LINE_CHARS - 1).collect();
    format!("{}…", head.trim_end())
}

fn without_breaks(text: &str) -> String {
    if is_plain_line(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if is_break(c) {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if is_sound(c) && !is_bidi_control(c) && !is_widthless(c) {
            line.push(c);
        }
    }
    let trimmed = line.trim();
    if trimmed.len() == line.len() {
        line
    } else {
        trimmed.to_owned()
    }
}

/// True for what most lines are: ASCII that shows, words with single spaces between them.
fn is_plain_line(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !matches!(byte, b' '..=b'~') || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

/// [`one_line`], or `None` if nothing is left.
pub(super) fn some_line(text: &str) -> Option<String> {
    Some(one_line(text)).filter(|line| !line.is_empty())
}

/// Text of many lines (HTML source): as [`one_line`], but line breaks are kept, as LF, and so are tabs, spaces and
/// bidirectional controls. `None` if nothing is left.
pub(super) fn many_lines(text: &str) -> Option<String> {
    if may_stand(text) {
        let trimmed = text.trim();
        return (!trimmed.is_empty()).then(|| trimmed.to_owned());
    }
    let mut lines = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => lines.push('\n'),
            '\n' | '\t' => lines.push(c),
            _ if is_sound(c) => lines.push(c),
            _ => {}
        }
    }
    let trimmed = lines.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// True if nothing in `text` is left out or changed.
fn may_stand(text: &str) -> bool {
    // what may not begins with one of these bytes; told without a branch a byte, for this is done to all that is published
    let odd = |b: u8| {
        (b < b' ' && !matches!(b, b'\t' | b'\n')) || matches!(b, 0x7f | 0xc2 | 0xef | 0xf0..)
    };
    !text.bytes().fold(false, |any, b| any | odd(b))
        || (text.chars()).all(|c| matches!(c, '\t' | '\n') || is_sound(c))
}

/// Breaks between words that one line shows as a space. NO-BREAK SPACE and IDEOGRAPHIC SPACE are not among them.
fn is_break(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// True for a character that XML 1.0 allows and does not discourage, line breaks and tabs aside. A byte order mark inside a
/// text is none of it.
fn is_sound(c: char) -> bool {
    let n = u32::from(c);
    !c.is_control() && c != '\u{feff}' && n & 0xfffe != 0xfffe && !(0xfdd0..=0xfdef).contains(&n)
}

/// Marks of order and width that show nothing. Joiners and the plain marks of direction are honest text.
fn is_widthless(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{fff9}'..='\u{fffb}')
}

/// Embeddings, overrides and isolates: one of them in a title turns round the text after it.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// An identifier as a URI without white space: what may not stand in one is percent-encoded, for dropping it could make two
/// ids one. Characters beyond ASCII stay (an IRI, RFC 4287 §4.2.6). The user and password of a web address are removed.
pub(super) fn identifier(id: &str) -> String {
    // without this sign there is no user
    let parsed = id.contains('@').then(|| Url::parse(id).ok()).flatten();
    let public = match parsed.filter(has_userinfo) {
        Some(url) => Cow::Owned(String::from(without_userinfo(&url))),
        None => Cow::Borrowed(id),
    };
    let is_plain = |b: u8| b.is_ascii_graphic() && !br#"<>"{}|\^`%"#.contains(&b);
    if public.bytes().all(is_plain) {
        return public.into_owned();
    }
    let mut uri = String::with_capacity(public.len());
    let mut utf8 = [0; 4];
    for (at, c) in public.char_indices() {
        let forbidden = match c {
            '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`' => true,
            '%' => !escapes(&public[at + 1..]),
            _ => false,
        };
        if forbidden || c.is_whitespace() || !is_sound(c) || is_bidi_control(c) {
            for byte in c.encode_utf8(&mut utf8).bytes() {
                write!(uri, "%{byte:02X}").expect("writing into a string cannot fail");
            }
        } else {
            uri.push(c);
        }
    }
    uri
}

/// True if two hexadecimal digits follow a percent sign.
fn escapes(rest: &str) -> bool {
    rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit())
}

/// True if `text`, which is plain, would be another text for a reader that takes it for HTML: it has something like a tag or
/// a character reference. Many readers do, whatever the feed says.
pub(super) fn reads_as_markup(text: &str) -> bool {
    /// No reference has a longer name.
    const LONGEST_NAME: usize = 32;
    let tag = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
    let reference = |rest: &str| {
        let end = rest.bytes().take(LONGEST_NAME + 1).position(|b| b == b';');
        end.is_some_and(|end| {
            end > 0
                && rest
                    .bytes()
                    .take(end)
                    .all(|b| b == b'#' || b.is_ascii_alphanumeric())
        })
    };
    text.split('<').skip(1).any(tag) || text.split('&').skip(1).any(reference)
}

/// [`identifier`], if that names something by itself: it has a scheme (RFC 3986 §3.1).
pub(super) fn iri(id: &str) -> Option<String> {
    let (scheme, rest) = id.trim().split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    (is_scheme && !rest.is_empty()).then(|| identifier(id.trim()))
}

/// The address, if it is one of the web (http or https): nothing else is worth a reader's click. User and password never
/// leave the house, and what browsers let pass but no URI may hold is percent-encoded.
pub(super) fn web_address(url: &Url) -> Option<String> {
    let is_web = matches!(url.scheme(), "http" | "https");
    if !is_web || url.as_str().len() > MAX_ADDRESS_BYTES {
        return None;
    }
    Some(if has_userinfo(url) {
        identifier(without_userinfo(url).as_str())
    } else {
        identifier(url.as_str())
    })
}

/// The address without user and password.
pub(super) fn without_userinfo(url: &Url) -> Url {
    let mut url = url.clone();
    if has_userinfo(&url) {
        // Both refuse only an address without a host, which has no user either.
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    url
}

fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// A language tag of the right shape (RFC 5646 §2.1, not its registry).
pub(super) fn language(tag: &str) -> Option<String> {
    let tag = tag.trim();
    let mut subtags = tag.split('-');
    let primary = subtags.next()?;
    let fits = (2..=8).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && subtags.all(|subtag| {
            (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    fits.then(|| tag.to_owned())
}

/// A media type of the right shape, without parameters and lower-case; else what a file of unknown type is.
pub(super) fn media_type(given: Option<&str>) -> String {
    let essence = given.and_then(|text| text.split(';').next()).map(str::trim);
    let named = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    essence
        .and_then(|essence| essence.split_once('/'))
        .filter(|(kind, subtype)| named(kind) && named(subtype))
        .map_or_else(
            || "application/octet-stream".to_owned(),
            |(kind, subtype)| format!("{kind}/{subtype}").to_ascii_lowercase(),
        )
}

/// The instant in whole seconds, within the years 1 to 9999: RFC 3339 and RFC 822 know no others, and RSS no fractions, so
/// that all formats say the same.
pub(super) fn instant(at: DateTime<Utc>) -> DateTime<Utc> {
    const YEAR_1: i64 = -62_135_596_800;
    const END_OF_9999: i64 = 253_402_300_799;
    let seconds = at.timestamp().clamp(YEAR_1, END_OF_9999);
    DateTime::from_timestamp(seconds, 0).expect("years 1 to 9999 are within chrono's range")
}

/// IMF-fixdate (RFC 9110 §5.6.7), which is a date of RFC 822 as RSS wants it, too.
pub(super) fn imf_fixdate(at: DateTime<Utc>) -> String {
    instant(at).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// RFC 3339 in UTC, with a `Z`.
pub(super) fn rfc3339(at: DateTime<Utc>) -> String {
    instant(at).to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::sample::any_text;
    use super::*;

    #[test]
    fn a_line_loses_controls_breaks_and_bidi_overrides() {
        assert_eq!(
            one_line(
                "\u{feff}a\u{0}b\u{1b}[31m\r\nc\u{202e}txt\u{2066}d\u{fffe}\u{1ffff}\t  e\u{2029}"
            ),
            "ab[31m ctxtd e"
        );
        assert_eq!(
            one_line("価格\u{3000}一覧\u{a0}1"),
            "価格\u{3000}一覧\u{a0}1"
        );
        assert_eq!(
            one_line("نص\u{200f} a\u{200b}b\u{2060}\u{200d}c"),
            "نص\u{200f} ab\u{200d}c"
        );
        assert_eq!(some_line(" \u{7}\n"), None);
    }

    #[test]
    fn what_is_too_long_is_cut_with_a_mark_or_left_out() {
        let line = one_line(&"wörd ".repeat(1000));
        assert_eq!(line.chars().count(), MAX_LINE_CHARS);
        assert!(line.ends_with("wörd…"));
        assert_eq!(one_line(&line), line);
        let long = format!("https://a.example/{}", "a".repeat(MAX_ADDRESS_BYTES));
        assert_eq!(web_address(&Url::parse(&long).unwrap()), None);
    }

    #[test]
    fn many_lines_keep_their_breaks_as_line_feeds() {
        assert_eq!(
            many_lines("\n<p>a\r\nb\rc\td\u{b}\u{ffff}</p> ").as_deref(),
            Some("<p>a\nb\nc\td</p>")
        );
    }

    #[test]
    fn an_identifier_that_is_no_uri_is_encoded_without_collisions() {
        assert_eq!(
            identifier("tag:a.example,2026:ü/1"),
            "tag:a.example,2026:ü/1"
        );
        assert_eq!(identifier("a b\u{1}<"), "a%20b%01%3C");
        assert_eq!(identifier("a%20b%zz%"), "a%20b%25zz%25");
        assert_ne!(identifier("a\u{1}"), identifier("a"));
        assert_eq!(identifier("mailto:a@b.example"), "mailto:a@b.example");
    }

    #[test]
    fn an_iri_has_a_scheme() {
        assert_eq!(iri(" urn:x:ü 1 ").as_deref(), Some("urn:x:ü%201"));
        for other in ["", "blog", "/feed", "2:x", "a b:c", "urn:"] {
            assert_eq!(iri(other), None, "{other}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_never_published() {
        let url = Url::parse("https://ann:secret@feeds.example/private?x=1").unwrap();
        assert_eq!(
            web_address(&url).unwrap(),
            "https://feeds.example/private?x=1"
        );
        assert_eq!(
            identifier(url.as_str()),
            "https://feeds.example/private?x=1"
        );
        let odd = Url::parse("https://a.example/a|b?c={d}%").unwrap();
        assert_eq!(
            web_address(&odd).unwrap(),
            "https://a.example/a%7Cb?c=%7Bd%7D%25"
        );
    }

    #[test]
    fn only_web_addresses_are_published() {
        for other in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://a.example/",
        ] {
            assert_eq!(web_address(&Url::parse(other).unwrap()), None, "{other}");
        }
    }

    #[test]
    fn dates_stay_within_what_the_formats_can_write() {
        assert_eq!(
            imf_fixdate(DateTime::<Utc>::MAX_UTC),
            "Fri, 31 Dec 9999 23:59:59 GMT"
        );
        assert_eq!(
            imf_fixdate(DateTime::<Utc>::MIN_UTC),
            "Mon, 01 Jan 0001 00:00:00 GMT"
        );
        let leap = "2016-12-31T23:59:60.5Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(instant(leap).to_rfc3339(), "2016-12-31T23:59:59+00:00");
    }

    #[test]
    fn language_tags_and_media_types_have_the_right_shape() {
        assert_eq!(language(" zh-Hant-TW ").as_deref(), Some("zh-Hant-TW"));
        for bad in [
            "",
            "-",
            "e",
            "de_DE",
            "en-",
            "englishlanguage",
            "en\" onload=\"",
        ] {
            assert_eq!(language(bad), None, "{bad}");
        }
        assert_eq!(media_type(Some("Audio/MPEG; q=1")), "audio/mpeg");
        for bad in [None, Some(""), Some("mp3"), Some("a/b/c"), Some("a/\u{1}")] {
            assert_eq!(media_type(bad), "application/octet-stream");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn hygiene_twice_is_hygiene_once(text in any_text()) {
            let line = one_line(&text);
            prop_assert_eq!(&one_line(&line), &line);
            let lines = many_lines(&text).unwrap_or_default();
            prop_assert_eq!(&many_lines(&lines).unwrap_or_default(), &lines);
            let id = identifier(&text);
            prop_assert_eq!(&identifier(&id), &id);
        }
    }
}
