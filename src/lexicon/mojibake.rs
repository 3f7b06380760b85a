//! UTF-8 that was decoded as windows-1252 or windows-874 and encoded again.

use std::borrow::Cow;

/// `text` with double-encoded passages mended (`â€™` → `’`, `โ€”` → `—`).
///
/// A passage is mended when, and only when, its characters stand for bytes that are valid UTF-8, and the broken form cannot
/// be honest text: a mark (`€`, `™`, `“` …) or a C1 control stands where only a continuation byte explains it, or `Ã` or `Â`
/// before a sign. Where one passage shows it, so are those of Latin, Greek, Cyrillic, Hebrew and Arabic letters that might be
/// honest alone (`Ã–`, `Ð²`). What might be honest is left as it is: double-encoded Chinese in Thai characters, say.
/// Where windows-874 has no character, that of windows-1252 or the C1 control of the same byte stands in.
pub fn mend(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut mended: Option<String> = None;
    let mut known: Option<bool> = None;
    let mut shows = || *known.get_or_insert_with(|| has_passage(text));
    let mut kept = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let first = rest
            .chars()
            .next()
            .expect("`at` is a boundary before the end");
        if !first.is_ascii()
            && !ends_a_word_in_capitals(text, at)
            && let Some((character, length)) = passage(rest).or_else(|| {
                // what might be honest alone is not in a row: a word of another script
                let (character, length) = doubtful(rest)?;
                let after = &rest[length..];
                let in_a_row = (kept == at && mended.is_some())
                    || passage(after).or_else(|| doubtful(after)).is_some();
                (in_a_row || is_letter_of_many(character) && shows()).then_some((character, length))
            })
        {
            let out = mended.get_or_insert_default();
            out.push_str(&text[kept..at]);
            out.push(character);
            at += length;
            kept = at;
        } else {
            at += first.len_utf8();
        }
    }
    match mended {
        Some(mut out) => {
            out.push_str(&text[kept..]);
            Cow::Owned(out)
        }
        None => Cow::Borrowed(text),
    }
}

/// True if a broken passage may begin with `c`; what goes on with it is not ASCII.
pub fn may_begin(c: char) -> bool {
    // the bytes 0xC2 to 0xF4 in windows-1252, and in windows-874
    matches!(c, '\u{c2}'..='\u{f4}' | '\u{e22}'..='\u{e3a}' | '\u{e3f}'..='\u{e54}')
}

/// True if some passage of `text` cannot be honest.
fn has_passage(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        !c.is_ascii() && !ends_a_word_in_capitals(text, at) && passage(&text[at..]).is_some()
    })
}

/// True if `Ã` or `Â` is the end of a word in capitals and what follows may stand behind a word (`«A MANHû).
fn ends_a_word_in_capitals(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    let mut rest = rest.chars();
    let is_letter = matches!(rest.next(), Some('Ã' | 'Â'));
    let after = rest.next().and_then(western);
    let capitals = before.chars().rev().take(2).filter(|c| c.is_uppercase());
    is_letter && after.is_some_and(|byte| may_be_an_end(&[byte])) && capitals.count() == 2
}

/// True for what two bytes of UTF-8 spell most often: Latin, Greek, Cyrillic, Hebrew and Arabic.
fn is_letter_of_many(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{17f}' | '\u{386}'..='\u{44f}' | '\u{450}'..='\u{45f}' | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}')
}

/// The character that the beginning of `text` stands for, and how many bytes of `text` spell it so.
fn passage(text: &str) -> Option<(char, usize)> {
    decode(text, thai, |bytes| match bytes {
        // vowels that are written before their consonant never stand before a mark
        [0xE0..=0xE4, second, ..] => is_mark(*second),
        [0xF0, 0x9F, ..] => true,
        // a tone or a digit may end a word, and a quotation mark follow it: then the whole tail must be marks
        [0xE5..=0xF4, tail @ ..] => tail.iter().copied().all(is_mark) && !may_be_an_end(tail),
        _ => false,
    })
    .or_else(|| {
        decode(text, western, |bytes| match bytes {
            // `Ã` or `Â` before a sign: a capital that no language puts there
            [0xC3, 0xA0..=0xBF] | [0xC2, 0xA1..=0xA9 | 0xAB..=0xB3 | 0xB5..=0xB9 | 0xBC..=0xBF] => {
                true
            }
            [_, tail @ ..] => tail.iter().copied().any(is_mark) && !may_be_an_end(tail),
            [] => false,
        })
    })
}

/// Like [`passage`], for characters that might also be the end of a word and what follows it (`ß“`, `é”…`).
fn doubtful(text: &str) -> Option<(char, usize)> {
    decode(text, western, |bytes| {
        bytes.len() == 2 || may_be_an_end(&bytes[1..])
    })
}

/// The character that the first characters of `text`, each standing for the byte that `byte_of` says, make in UTF-8, if
/// those bytes are `broken`, and how many bytes of `text` they take.
fn decode(
    text: &str,
    byte_of: fn(char) -> Option<u8>,
    broken: impl Fn(&[u8]) -> bool,
) -> Option<(char, usize)> {
    let mut characters = text.chars();
    let first = characters.next()?;
    let lead = byte_of(first)?;
    let tail = match lead {
        0xC2..=0xDF => 1,
        0xE0..=0xEF => 2,
        0xF0..=0xF4 => 3,
        _ => return None,
    };
    let mut bytes = vec![lead];
    let mut length = first.len_utf8();
    for c in characters.take(tail) {
        bytes.push(byte_of(c)?);
        length += c.len_utf8();
    }
    let character = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    (broken(&bytes) && !character.is_control()).then_some((character, length))
}

/// True for a byte that the code pages show as a mark (`€`, `”`, `™`) or a C1 control, never as a letter of a word's
/// middle.
fn is_mark(byte: u8) -> bool {
    (0x80..0xA0).contains(&byte)
}

/// True if the code pages show all of `tail` as what may stand behind a word: quotation marks, dashes, an ellipsis, a space
/// that does not break, `®`, `™`, the number of a note. A capital, `ß`, `é` or a tone ends many words.
fn may_be_an_end(tail: &[u8]) -> bool {
    let may_follow = |byte| {
        matches!(
            byte,
            0x85..=0x87 | 0x8B | 0x91..=0x97 | 0x99 | 0x9B | 0xA0 | 0xA9 | 0xAB | 0xAE | 0xB2 | 0xB3 | 0xB7 | 0xB9 | 0xBB
        )
    };
    tail.iter().copied().all(may_follow)
}

/// The byte that windows-1252 (or a C1 control) shows as `c`.
fn western(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0x80..=0xFF => u8::try_from(code).ok(),
        _ => high(c),
    }
}

/// The byte that windows-874 shows as `c`; windows-1252 or a C1 control stands in where it shows nothing.
fn thai(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ (0x0E01..=0x0E3A | 0x0E3F..=0x0E5B) => u8::try_from(code - 0x0E00 + 0xA0).ok(),
        code @ 0x80..=0xA0 => u8::try_from(code).ok(),
        _ => high(c),
    }
}

/// The byte from 0x80 to 0x9F that windows-1252 shows as `c`.
fn high(c: char) -> Option<u8> {
    const SHOWN: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    SHOWN
        .iter()
        .position(|shown| *shown == c)
        .and_then(|at| u8::try_from(at + 0x80).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_passage_stands_for_the_first_of_several_bytes() {
        let begins = |byte| matches!(byte, 0xC2..=0xF4);
        for c in '\0'..=char::MAX {
            let is_first = western(c).is_some_and(begins) || thai(c).is_some_and(begins);
            assert_eq!(may_begin(c), is_first, "{c:?}");
        }
    }

    #[test]
    fn text_decoded_as_windows_1252_is_mended() {
        for (broken, whole) in [
            ("Itâ€™s here", "It’s here"),
            ("a â€” b", "a — b"),
            ("â€œquotedâ€\u{9d}", "“quoted”"),
            ("cafÃ© au lait", "café au lait"),
            ("MÃ¼nchen Ã¼ber", "München über"),
            ("10Â°", "10°"),
            ("ðŸ“Š data", "📊 data"),
            ("æ—¥æœ¬", "日本"),
            ("ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð‘Ð¾Ð±", "Привет, Боб"),
            ("Ð’ Ð³Ð¾Ñ€Ð¾Ð´Ðµ Ð¸ Ð·Ð° Ð½Ð¸Ð¼", "В городе и за ним"),
            (
                "Bosnier in Ã–sterreich kÃ¤mpfen",
                "Bosnier in Österreich kämpfen",
            ),
            (
                "Dâ€™accordÂ\u{a0}: Ã\u{a0} lâ€™est",
                "D’accord\u{a0}: à l’est",
            ),
            ("„Spaß“ – soâ€¦", "„Spaß“ – so…"),
            ("é”…æ—¥é”»", "锅日锻"),
        ] {
            assert_eq!(mend(broken), whole, "{broken}");
        }
    }

    #[test]
    fn text_decoded_as_windows_874_is_mended() {
        assert_eq!(mend("data \u{e42}\u{20ac}\u{201d} where"), "data — where");
        assert_eq!(
            mend("TLDR: \u{e50}\u{178}\u{201c}\u{160} Data"),
            "TLDR: 📊 Data"
        );
        assert_eq!(
            mend("TLDR: \u{e50}\u{9f}\u{201c}\u{8a} Data"),
            "TLDR: 📊 Data"
        );
        assert_eq!(mend("it\u{e42}\u{20ac}\u{2122}s"), "it’s");
    }

    #[test]
    fn honest_text_is_left_alone() {
        for honest in [
            "plain ASCII",
            "déjà vu, SÃO PAULO, Ångström, NAÏVE",
            "ราคา 100 บาท — โปรโมชั่น “ใหม่”",
            "โอ้โห “ดี” และ €5",
            "L’été à Paris… “oui” – non",
            "£10 ©2026 «ok» ½ ¿qué?",
            "日本語と한국어 и русский",
            "A” and “B”",
            "„Spaß“ – „GROẞ“, „Ø“, «ÉTÉ», “MANHÔ, À…",
            "un “café”… ou «un thé…», “olá”\u{a0}! un café\u{a0}– et ‘là’…",
            "Nescafé®… und „Nescafé®“ von CAFÉ™, siehe Olé²…",
            "«A MANHû e «A MAÇÃ\u{a0}»",
            "เขาบอกว่า “ไม่”… “ได้”—",
        ] {
            assert!(
                matches!(mend(honest), Cow::Borrowed(_)),
                "{honest} became {}",
                mend(honest)
            );
        }
    }

    #[test]
    fn mended_text_is_not_mended_again() {
        for text in ["Itâ€™s", "Ã©", "data \u{e42}\u{20ac}\u{201d}"] {
            let once = mend(text).into_owned();
            assert_eq!(mend(&once), once);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[âÃ€™“”•˜Ÿโ๐š\u{80}-\u{bf} a]{0,20}|\\PC{0,30}") {
            let _ = mend(&text);
        }
    }
}
