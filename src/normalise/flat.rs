//! The text of source that is beyond the parser's bounds: tags are dropped by one linear scan.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

use super::blocks::{Block, Gatherer};
use super::parse::MAX_BYTES;
use super::text;

/// No entity has a longer name, bytes.
const MAX_ENTITY_BYTES: usize = 32;

/// The blocks of `html` that show any text; of the first [`MAX_BYTES`] only, and the last block says so if there was more.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    gathered(html, Gatherer::default())
        .filter_map(|block| {
            let text = text::some_line(&decode(&block.text))?;
            Some(Block { text, ..block })
        })
        .collect()
}

/// The text of `html` as it is written, character by character, its blocks parted by spaces.
pub(super) fn as_written(html: &str) -> String {
    let texts: Vec<String> = gathered(html, Gatherer::as_written())
        .map(|block| decode(&block.text).into_owned())
        .collect();
    texts.join(" ")
}

fn gathered(html: &str, mut gatherer: Gatherer) -> impl Iterator<Item = Block> {
    let (head, rest) = html.split_at(html.floor_char_boundary(MAX_BYTES));
    let mut left = head;
    while let Some(at) = left.find('<') {
        gatherer.text(&left[..at]);
        let Some(after) = skip_markup(&left[at..], &mut gatherer) else {
            left = "";
            break;
        };
        left = after;
    }
    gatherer.text(left);
    if !rest.is_empty() {
        gatherer.text("…");
    }
    gatherer.finish().into_iter()
}

/// What follows the tag or comment at the start of `html`; `None` if it never ends.
fn skip_markup<'a>(html: &'a str, gatherer: &mut Gatherer) -> Option<&'a str> {
    if html.starts_with("<!--") {
        return html.find("-->").map(|at| &html[at + 3..]);
    }
    let inner = &html[1..];
    let name_at = inner.strip_prefix('/').unwrap_or(inner);
    if !name_at.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
        gatherer.text("&lt;");
        return Some(inner);
    }
    let end = html.find('>')?;
    let length = name_at
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name_at.len());
    // no element has a longer name
    let name = name_at[..length.min(16)].to_ascii_lowercase();
    gatherer.part(&name);
    let mut rest = &html[end + 1..];
    if inner.starts_with('/') || !matches!(name.as_str(), "script" | "style") {
        return Some(rest);
    }
    // the text of a script ends only at its own end tag
    loop {
        rest = &rest[rest.find("</")? + 2..];
        if rest
            .get(..length)
            .is_some_and(|found| found.eq_ignore_ascii_case(&name))
        {
            return rest.find('>').map(|at| &rest[at + 1..]);
        }
    }
}

/// `text` without any entity: what stands for itself where no markup can be was encoded once too often.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    let mut decoded = Cow::Borrowed(text);
    // each round takes an ampersand or some characters away
    while decoded.contains('&') {
        let again = decode(&decoded).into_owned();
        if again == *decoded {
            break;
        }
        decoded = Cow::Owned(again);
    }
    decoded
}

/// `text` with its entities decoded, once; those without a semicolon are text.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let window = &rest[..rest.floor_char_boundary(MAX_ENTITY_BYTES)];
        let name = window.find(';').map(|end| &window[1..end]);
        let known = name.and_then(|name| Some((name, character(name)?)));
        if let Some((name, characters)) = known {
            decoded.push_str(&characters);
            rest = &rest[name.len() + 2..];
        } else {
            decoded.push('&');
            rest = &rest[1..];
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// What an entity of that name, or number, stands for.
fn character(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return resolve_html5_entity(name).map(Cow::Borrowed);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    let c = match u8::try_from(code) {
        // by the windows-1252 table (HTML §13.2.5.80)
        Ok(byte @ 0x80..=0x9f) => {
            return Some(Cow::Owned(
                encoding_rs::WINDOWS_1252.decode(&[byte]).0.into_owned(),
            ));
        }
        _ => char::from_u32(code)?,
    };
    Some(Cow::Owned(c.to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(html: &str) -> Vec<String> {
        blocks(html).into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn tags_and_scripts_go_and_text_stays() {
        assert_eq!(
            texts("<div><p>a &lt; b</p><SCRIPT>x</sCript><!-- y --><p>c < d <b>e</b>"),
            ["a < b", "c < d e"]
        );
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(
            texts("R&amp;D &amp;lt; caf&eacute; &#8217;&#x41;&#150; &nope; & &#xd800; &"),
            ["R&D &lt; café ’A– &nope; & &#xd800; &"]
        );
    }

    #[test]
    fn what_is_too_long_ends_with_a_mark() {
        let long = texts(&"word ".repeat(MAX_BYTES / 5 + 10));
        assert!(long[0].ends_with('…') && long[0].len() <= MAX_BYTES + 3);
    }

    proptest! {
        #[test]
        fn no_source_panics(html in any::<String>(), tags in "(<[a-z!/]{0,4}[ =\"'a]{0,4}>?|&[a-z#0-9]{0,5};?|x){0,30}") {
            let _ = texts(&html);
            let _ = texts(&tags);
        }
    }
}
