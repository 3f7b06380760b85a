//! Characters of a feed: references resolved, forbidden ones dropped, markup written and told from plain text.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use quick_xml::escape::resolve_html5_entity;

/// The longest name of a reference that is looked for.
const LONGEST_REFERENCE: usize = 32;

/// True for what XML 1.0 §2.2 allows in a document.
pub(super) fn allowed(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// `text` without what XML 1.0 forbids.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    // the characters that are forbidden begin with a control byte or with 0xEF; stretch by stretch, for speed
    let odd = |b: u8| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r') || b == 0xef;
    let plain = |bytes: &[u8]| !bytes.iter().fold(false, |any, b| any | odd(*b));
    if text.as_bytes().chunks(256).all(plain) || text.chars().all(allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| allowed(*c)).collect())
    }
}

/// What the reference `&name;` stands for: XML's five, HTML's named ones (which feeds never declare), and numbers, where
/// 128 to 159 mean windows-1252 (HTML §13.2.5.80). Empty for a character that XML forbids.
pub(super) fn reference(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(Cow::Borrowed);
    };
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(number) {
        return Some(Cow::Owned(
            WINDOWS_1252
                .decode_without_bom_handling(&[byte])
                .0
                .into_owned(),
        ));
    }
    Some(match char::from_u32(number) {
        Some(c) if allowed(c) => Cow::Owned(c.to_string()),
        Some(_) => Cow::Borrowed(""),
        None => Cow::Borrowed("\u{fffd}"),
    })
}

/// `text` with its references resolved; what only looks like one stays.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return clean(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest
            .bytes()
            .take(LONGEST_REFERENCE + 1)
            .position(|b| b == b';');
        match end.and_then(|end| Some((end, reference(&rest[..end])?))) {
            Some((end, value)) => {
                out.push_str(&value);
                rest = &rest[end + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    Cow::Owned(clean(&out).into_owned())
}

/// Appends `text` so that XML and HTML read it as these characters.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let text = &*clean(text);
    out.reserve(text.len());
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|b| matches!(b, b'&' | b'<' | b'>' | b'"' | b'\r'))
    {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match special.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#13;",
        });
        rest = &special[1..];
    }
    out.push_str(rest);
}

/// Appends `text` so that XML reads it as these characters, in as few pieces as it can (XML 1.0 §2.7).
pub(super) fn push_verbatim(out: &mut String, text: &str) {
    // a carriage return stands for a line feed unless it is written as a reference
    if text.contains('\r') {
        return push_escaped(out, text);
    }
    out.push_str("<![CDATA[");
    let text = clean(text);
    let mut rest = &*text;
    while let Some(end) = rest.find("]]>") {
        let (head, tail) = rest.split_at(end + 2);
        out.push_str(head);
        out.push_str("]]><![CDATA[");
        rest = tail;
    }
    out.push_str(rest);
    out.push_str("]]>");
}

/// A title that no one has labelled, and whether it is HTML: many feeds write it so, others speak of HTML in it. Tags are
/// markup if they are whole (`<i>…</i>`, `<br>`); of those that are not, a title speaks.
pub(super) fn unlabelled(text: String) -> (String, bool) {
    if !text.contains(['<', '&']) {
        return (text, false);
    }
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut spoken_of = Vec::new();
    let mut has_markup = false;
    for (at, _) in text.match_indices('<') {
        let inside = &text[at + 1..];
        let (closes, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        let end = inside.bytes().position(|b| !b.is_ascii_alphanumeric());
        let name = inside[..end.unwrap_or(inside.len()).min(16)].to_ascii_lowercase();
        if name.is_empty() || !inside.contains('>') {
            continue;
        }
        if VOID.contains(&name.as_str()) {
            has_markup = true;
        } else if !closes {
            open.push((at, name));
        } else if let Some(opened) = open.iter().rposition(|(_, open)| *open == name) {
            open.remove(opened);
            has_markup |= CLOSED.contains(&name.as_str());
        } else {
            spoken_of.push(at);
        }
    }
    if !has_markup && !has_reference(&text) {
        return (text, false);
    }
    // these may end where their end is not said
    let may_stay = |name: &str| matches!(name, "dd" | "dt" | "li" | "p" | "td" | "th" | "tr");
    spoken_of.extend(
        open.iter()
            .filter(|(_, name)| !may_stay(name))
            .map(|(at, _)| *at),
    );
    spoken_of.sort_unstable();
    let mut html = String::with_capacity(text.len() + 3 * spoken_of.len());
    let mut done = 0;
    for at in spoken_of {
        html.push_str(&text[done..at]);
        html.push_str("&lt;");
        done = at + 1;
    }
    html.push_str(&text[done..]);
    (html, true)
}

/// True if there is a reference in `text`.
fn has_reference(text: &str) -> bool {
    text.split('&').skip(1).any(|rest| {
        rest.bytes()
            .take(LONGEST_REFERENCE + 1)
            .position(|b| b == b';')
            .is_some_and(|end| reference(&rest[..end]).is_some())
    })
}

/// True if `text`, which no one has labelled, is meant as HTML: it closes an element of HTML, has a void one, or a
/// reference. A lone `<T>` is not: it is what the title says.
pub(super) fn looks_like_html(text: &str) -> bool {
    has_reference(text)
        || text.split('<').skip(1).any(|tag| {
            let (closing, rest) = tag
                .strip_prefix('/')
                .map_or((false, tag), |rest| (true, rest));
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            let name = rest[..end].to_ascii_lowercase();
            let name = name.as_str();
            rest[end..].contains('>')
                && if closing {
                    CLOSED.contains(&name)
                } else {
                    VOID.contains(&name)
                }
        })
}

/// Elements of HTML whose end tag shows that a text is HTML.
const CLOSED: &[&str] = &[
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "iframe",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
];

/// Elements without an end tag.
pub(super) const VOID: &[&str] = &[
    "area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];

/// `html` without its tags.
pub(super) fn without_tags(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        words.push_str(&rest[..start]);
        rest = &rest[start..];
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!".contains(c));
        if let Some(end) = rest.find('>').filter(|_| is_tag) {
            rest = &rest[end + 1..];
        } else {
            words.push('<');
            rest = &rest[1..];
        }
    }
    words.push_str(rest);
    words
}

/// The bytes of base64 (RFC 4648 §4) as text; white space is passed over. `None` if it is none.
pub(super) fn from_base64(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut filled) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        filled += 6;
        if filled >= 8 {
            filled -= 8;
            bytes.push(u8::try_from((bits >> filled) & 0xff).ok()?);
        }
    }
    Some(clean(&String::from_utf8_lossy(&bytes)).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_and_bare_ampersands_stay() {
        assert_eq!(
            unescape("caf&eacute; &copy; &#8212; A&amp;B & C&D; &#150; &#0;x"),
            "café © — A&B & C&D; – x"
        );
        assert_eq!(unescape("?a=1&b=2&copy=3"), "?a=1&b=2&copy=3");
    }

    #[test]
    fn verbatim_text_is_read_as_it_was() {
        for text in [
            "<p>a & b</p>",
            "a]]>b]]>",
            "]]",
            "]",
            "a\r\nb",
            "",
            "\u{0}x",
        ] {
            let mut xml = String::from("<a>");
            push_verbatim(&mut xml, text);
            let mut reader = quick_xml::Reader::from_str(&xml);
            let mut read = String::new();
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::CData(part) => read.push_str(&part),
                    quick_xml::events::Event::Text(part) => read.push_str(&part),
                    quick_xml::events::Event::GeneralRef(name) => {
                        read.push_str(&reference(&name).unwrap());
                    }
                    quick_xml::events::Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(read, clean(text), "{xml}");
        }
    }

    #[test]
    fn only_balanced_markup_is_html() {
        assert!(looks_like_html("<i>Tintin</i>"));
        assert!(looks_like_html("a<br/>b"));
        assert!(looks_like_html("Tom &amp; Jerry"));
        assert!(!looks_like_html("Die Rückkehr von <i>"));
        assert!(!looks_like_html("Vec<T> & Option<T>, 3 < 4"));
    }

    #[test]
    fn a_title_that_speaks_of_tags_keeps_them() {
        for (title, html) in [
            ("The </p> end tag", None),
            ("Vec<T> & <script>", None),
            ("<i>Tintin</i>", Some("<i>Tintin</i>")),
            ("Tom &amp; Jerry", Some("Tom &amp; Jerry")),
            (
                "Old <script> &copy; <b>title</b>",
                Some("Old &lt;script> &copy; <b>title</b>"),
            ),
            ("<p>One<br>two", Some("<p>One<br>two")),
            ("a</b> <i>c</i>", Some("a&lt;/b> <i>c</i>")),
        ] {
            let (text, is_html) = unlabelled(title.to_owned());
            assert_eq!(is_html, html.is_some(), "{title}");
            assert_eq!(text, html.unwrap_or(title));
        }
    }

    #[test]
    fn base64_of_atom_0_3_is_decoded() {
        assert_eq!(
            from_base64("RXhh\n bXBsZSA8\nYj4="),
            Some("Example <b>".to_owned())
        );
        assert_eq!(from_base64("no, not this"), None);
    }
}
