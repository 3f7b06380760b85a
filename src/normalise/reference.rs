//! References to characters that mean the same wherever they stand (HTML §13.2.5.72 to 80): closed by a semicolon, and of one
//! character that means itself. Whatever else begins with `&` is left to the parser.

use std::borrow::Cow;

use memchr::memchr3;
use quick_xml::escape::resolve_html5_entity;

/// No reference that is known here is longer, bytes.
const LONGEST: usize = 8;

/// The value that is written as `value` between quotation marks.
pub(super) fn resolved(value: &str) -> Option<Cow<'_, str>> {
    let mut plain = String::new();
    let mut rest = value;
    while let Some(at) = memchr3(b'&', b'\r', b'\0', rest.as_bytes()) {
        plain.push_str(&rest[..at]);
        let literal = begins_parameter(&rest[at..]).then_some(('&', 1));
        let (c, length) = literal.or_else(|| character(&rest[at..]))?;
        plain.push(c);
        rest = &rest[at + length..];
    }
    if rest.len() == value.len() {
        return Some(Cow::Borrowed(value));
    }
    plain.push_str(rest);
    Some(Cow::Owned(plain))
}

/// True for `&name=`, which in a value is no reference (HTML §13.2.5.73).
fn begins_parameter(text: &str) -> bool {
    let name = text.strip_prefix('&').unwrap_or_default();
    let after = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    after.len() < name.len() && after.starts_with('=')
}

/// The character that the reference at the beginning of `text` stands for, and its length; a `&` with white space behind it
/// stands for itself.
pub(super) fn character(text: &str) -> Option<(char, usize)> {
    if matches!(text.as_bytes(), [b'&', b' ' | b'\n' | b'\t', ..]) {
        return Some(('&', 1));
    }
    let window = &text.as_bytes()[..text.len().min(LONGEST + 2)];
    let end = window.iter().position(|b| *b == b';')?;
    let c = match text[..end].strip_prefix('&')? {
        "amp" => '&',
        "gt" => '>',
        "hellip" => '…',
        "ldquo" => '“',
        "lsquo" => '‘',
        "lt" => '<',
        "mdash" => '—',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "quot" => '"',
        "rdquo" => '”',
        "rsquo" => '’',
        name => match name.strip_prefix('#') {
            Some(number) => numbered(number)?,
            None => named(name)?,
        },
    };
    Some((c, end + 1))
}

/// The character of that name, if it is one.
fn named(name: &str) -> Option<char> {
    let mut characters = resolve_html5_entity(name)?.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// The character of that number, if it is one that means itself.
fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let is_plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_alphanumeric());
    let number = u32::from_str_radix(digits, radix)
        .ok()
        .filter(|_| is_plain)?;
    let means_itself = matches!(number, 0x20..=0x7e | 0xa0..=0xd7ff | 0xe000..=0xfdcf | 0xfdf0..=0xfffd | 0x1f300..=0x1f9ff);
    char::from_u32(number).filter(|_| means_itself)
}
