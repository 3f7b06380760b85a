//! Bytes → text. In comes a body, gzipped perhaps, and what the transport said of its charset; out goes text and the WHATWG
//! name of the encoding it was read with. Never refuses: bytes that fit nothing become U+FFFD.
//!
//! Labels lie more often than bytes do, so the order is: byte order mark, zero bytes, valid UTF-8, then labels
//! (Encoding Standard §4.2 names), then a guess from the bytes.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};

use super::inflate::inflate;
use crate::model::{CharsetChoice, CharsetReason};

/// How far into the document a declaration is looked for, in bytes (as browsers do, HTML §13.2.3.2).
const DECLARATION_BYTES: usize = 1024;

/// The text of `body`; `charset` is the parameter of `Content-Type`.
pub(super) fn decode<'a>(body: &'a [u8], charset: Option<&str>) -> (Cow<'a, str>, &'static str) {
    match inflate(body) {
        Cow::Borrowed(body) => {
            let (text, name, _) = decide(body, charset);
            (text, name)
        }
        Cow::Owned(inside) => {
            let (text, name, _) = decide(&inside, charset);
            (Cow::Owned(text.into_owned()), name)
        }
    }
}

/// How [`decode`] tells the encoding of `body`.
pub(super) fn explain(body: &[u8], charset: Option<&str>) -> CharsetChoice {
    let body = &inflate(body);
    let (_, name, why) = decide(body, charset);
    CharsetChoice {
        name,
        header: charset.map(str::to_owned),
        declared: declared(body).map(Encoding::name),
        why,
    }
}

type Decided<'a> = (Cow<'a, str>, &'static str, CharsetReason);

fn decide<'a>(body: &'a [u8], charset: Option<&str>) -> Decided<'a> {
    if let Some(big_endian) = utf_32(body) {
        let why = match body {
            [0xff, 0xfe, ..] | [0, 0, 0xfe, 0xff, ..] => CharsetReason::ByteOrderMark,
            _ => CharsetReason::ZeroBytes,
        };
        return (Cow::Owned(from_utf_32(body, big_endian)), "UTF-32", why);
    }
    if let Some((encoding, skip)) = Encoding::for_bom(body) {
        return with(encoding, &body[skip..], CharsetReason::ByteOrderMark);
    }
    if let Some(encoding) = utf_16(body) {
        return with(encoding, body, CharsetReason::ZeroBytes);
    }
    let labels = [charset.and_then(label), declared(body)];
    if labels.contains(&Some(ISO_2022_JP)) && body.contains(&0x1b) {
        return with(ISO_2022_JP, body, CharsetReason::Escapes);
    }
    match std::str::from_utf8(body) {
        Ok(text) => return (Cow::Borrowed(text), UTF_8.name(), CharsetReason::ValidUtf8),
        // a character that the end of the document cuts in two is damage, not another encoding
        Err(error) if error.error_len().is_none() && !body[..error.valid_up_to()].is_ascii() => {
            return with(UTF_8, body, CharsetReason::CutUtf8);
        }
        Err(_) if mostly_utf_8(body) => return with(UTF_8, body, CharsetReason::DamagedUtf8),
        Err(_) => {}
    }
    let said = labels
        .into_iter()
        .flatten()
        .find(|encoding| *encoding != UTF_8);
    match said {
        Some(said) => with(said, body, CharsetReason::Label),
        None => with(guess(body), body, CharsetReason::Guess),
    }
}

fn with<'a>(encoding: &'static Encoding, body: &'a [u8], why: CharsetReason) -> Decided<'a> {
    let (text, _) = encoding.decode_without_bom_handling(body);
    (text, encoding.name(), why)
}

/// The encoding of a label, if bytes without zeros can be in it.
fn label(name: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(name.trim_matches(['"', '\'', ' ']).as_bytes())?;
    let possible = encoding != UTF_16LE && encoding != UTF_16BE && encoding != REPLACEMENT;
    possible.then_some(encoding)
}

/// What the document says of itself: `encoding="…"` of an XML declaration, `charset=…` of an HTML meta element.
fn declared(body: &[u8]) -> Option<&'static Encoding> {
    let head = &body[..body.len().min(DECLARATION_BYTES)];
    let head: String = head
        .iter()
        .map(|b| char::from(*b).to_ascii_lowercase())
        .collect();
    let xml = head.find("<?xml").and_then(|start| {
        let declaration = &head[start..];
        let declaration = &declaration[..declaration.find("?>").unwrap_or(declaration.len())];
        value_after(declaration, "encoding")
    });
    xml.or_else(|| {
        let meta = head.find("<meta")?;
        value_after(&head[meta..], "charset")
    })
}

fn value_after(text: &str, key: &str) -> Option<&'static Encoding> {
    let rest = &text[text.find(key)? + key.len()..];
    let rest = rest
        .trim_start()
        .strip_prefix('=')?
        .trim_start()
        .trim_start_matches(['"', '\'']);
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)))
        .unwrap_or(rest.len());
    label(&rest[..end])
}

/// True if bytes above 0x7F come in UTF-8's pairs of lead and continuation more often than not: UTF-8 with some damage.
fn mostly_utf_8(body: &[u8]) -> bool {
    let (mut paired, mut alone) = (0_usize, 0_usize);
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        at += 1;
        if byte.is_ascii() {
            continue;
        }
        let before = at;
        while body.get(at).is_some_and(|b| (0x80..0xc0).contains(b)) {
            at += 1;
        }
        if *byte >= 0xc0 && at > before && at - before <= 3 {
            paired += 1;
        } else {
            alone += 1 + at - before;
        }
    }
    paired > alone
}

/// The likeliest legacy encoding; windows-1252 where nothing tells.
fn guess(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(body, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a byte order mark shows as a zero in every other byte of its first, ASCII, characters.
fn utf_16(body: &[u8]) -> Option<&'static Encoding> {
    let head = &body[..body.len().min(64)];
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let enough = head.len() / 4;
    match head.len() {
        0..4 => None,
        _ if odd > enough && even <= odd / 8 => Some(UTF_16LE),
        _ if even > enough && odd <= even / 8 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether `body` is UTF-32, and if so, whether big endian. Not an encoding of the web, but met.
fn utf_32(body: &[u8]) -> Option<bool> {
    match body {
        [0xff, 0xfe, 0, 0, ..] | [b'<' | b'{', 0, 0, 0, ..] => Some(false),
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<' | b'{', ..] => Some(true),
        _ => None,
    }
}

fn from_utf_32(body: &[u8], big_endian: bool) -> String {
    body.chunks_exact(4)
        .map(|unit| {
            let unit = [unit[0], unit[1], unit[2], unit[3]];
            let number = if big_endian {
                u32::from_be_bytes(unit)
            } else {
                u32::from_le_bytes(unit)
            };
            char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .skip_while(|c| *c == '\u{feff}')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8], charset: Option<&str>) -> (String, &'static str) {
        let (text, name) = decode(body, charset);
        (text.into_owned(), name)
    }

    #[test]
    fn valid_utf_8_wins_over_any_label() {
        let body = "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>".as_bytes();
        let (text, name) = read(body, Some("windows-1251"));
        assert!(text.ends_with("<a>é</a>"));
        assert_eq!(name, "UTF-8");
    }

    #[test]
    fn a_label_of_the_transport_wins_over_the_one_inside() {
        let body = b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xcf\xf0\xe8</a>";
        assert_eq!(
            read(body, Some("windows-1251")),
            (
                "<?xml version='1.0' encoding='iso-8859-1'?><a>При</a>".to_owned(),
                "windows-1251"
            )
        );
    }

    #[test]
    fn a_declaration_is_found_behind_blank_lines() {
        let body = [
            b"\n".repeat(200),
            b"<?xml version=\"1.0\" encoding = \"koi8-r\"?><a>\xf0\xd2\xc9</a>".to_vec(),
        ]
        .concat();
        let (text, name) = read(&body, None);
        assert!(text.ends_with("<a>При</a>"), "{text}");
        assert_eq!(name, "KOI8-R");
    }

    #[test]
    fn a_meta_element_names_the_encoding_of_a_page() {
        let (text, name) = read(
            b"<meta http-equiv=content-type content='text/html; charset=shift_jis'>\x83\x75",
            None,
        );
        assert!(text.ends_with('ブ'), "{text}");
        assert_eq!(name, "Shift_JIS");
    }

    #[test]
    fn a_cut_last_character_is_damage_only() {
        let (text, name) = read(b"<a>caf\xc3\xa9 caf\xc3", Some("windows-1252"));
        assert_eq!(text, "<a>café caf\u{fffd}");
        assert_eq!(name, "UTF-8");
    }

    #[test]
    fn one_bad_byte_does_not_spoil_utf_8() {
        let (text, _) = read(b"<a>caf\xc3\xa9 \xc3\xa0 \xff</a>", None);
        assert_eq!(text, "<a>café à \u{fffd}</a>");
    }

    #[test]
    fn latin_1_that_calls_itself_utf_8_is_read() {
        let (text, _) = read(
            b"<?xml version='1.0' encoding='utf-8'?><a>Caf\xe9 \xe0 No\xebl</a>",
            Some("utf-8"),
        );
        assert!(text.ends_with("<a>Café à Noël</a>"), "{text}");
    }

    #[test]
    fn utf_16_and_utf_32_need_neither_mark_nor_label() {
        let text = "<?xml version='1.0' encoding='utf-8'?><a>Привет</a>";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let wide: Vec<u8> = text
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        for (body, name) in [(le, "UTF-16LE"), (be, "UTF-16BE"), (wide, "UTF-32")] {
            assert_eq!(read(&body, Some("utf-8")), (text.to_owned(), name));
        }
    }

    #[test]
    fn iso_2022_jp_is_believed_though_it_is_ascii() {
        let (text, name) = read(
            b"<?xml version='1.0' encoding='iso-2022-jp'?><a>\x1b$B%V\x1b(B</a>",
            None,
        );
        assert!(text.ends_with("<a>ブ</a>"), "{text}");
        assert_eq!(name, "ISO-2022-JP");
    }

    #[test]
    fn what_decided_on_the_encoding_is_told() {
        let why = |body: &[u8], charset| explain(body, charset).why;
        assert_eq!(why(b"\xff\xfea\0", None), CharsetReason::ByteOrderMark);
        assert_eq!(why(b"<\0a\0>\0\n\0", None), CharsetReason::ZeroBytes);
        assert_eq!(why(b"plain", Some("koi8-r")), CharsetReason::ValidUtf8);
        assert_eq!(why(b"caf\xc3\xa9 caf\xc3", None), CharsetReason::CutUtf8);
        assert_eq!(
            why(b"caf\xc3\xa9 \xc3\xa0 \xff.", None),
            CharsetReason::DamagedUtf8
        );
        assert_eq!(why(b"caf\xe9", None), CharsetReason::Guess);
        let choice = explain(
            b"<?xml version='1.0' encoding='latin1'?><a>\xcf</a>",
            Some("windows-1251"),
        );
        assert_eq!(
            choice,
            CharsetChoice {
                name: "windows-1251",
                header: Some("windows-1251".to_owned()),
                declared: Some("windows-1252"),
                why: CharsetReason::Label,
            }
        );
    }

    #[test]
    fn an_unknown_label_is_passed_over() {
        assert_eq!(read(b"caf\xe9", Some("klingon")).0, "café");
    }
}
