//! Text for people: composed (NFC), mended, without characters that cannot be seen or that turn the line around.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::lexicon::mojibake;
use crate::lexicon::scan::{self, is, lies_in};

/// How often mending, dropping and composing may make new work for one another before we leave it.
const MAX_ROUNDS: usize = 8;

/// What is done to characters that were decoded wrongly, before all else.
type Mend = fn(&str) -> Cow<'_, str>;

/// `text` on one line: sound, each run of white space a single space, none at the ends.
pub(super) fn line(text: &str) -> String {
    if is_plain(text) {
        return collapse(text);
    }
    line_after(text, mojibake::mend)
}

/// [`line()`], but what was decoded wrongly stays as it is written.
pub(super) fn line_as_written(text: &str) -> String {
    line_after(text, |text| Cow::Borrowed(text))
}

fn line_after(text: &str, mend: Mend) -> String {
    let given = text;
    let mut text = collapse(&sound_after(text, mend));
    // what came sound on one line is done; nothing joins ASCII
    if text == given || text.is_ascii() {
        return text;
    }
    // a space that goes can bring together what belongs together
    for _ in 0..MAX_ROUNDS {
        let again = collapse(&sound_after(&text, mend));
        if again == text {
            break;
        }
        text = again;
    }
    text
}

/// [`line()`] of a text that is one line already, as a rule.
pub(super) fn as_line(text: String) -> String {
    if is_plain(&text) && is_collapsed(&text) {
        text
    } else {
        line(&text)
    }
}

/// [`line()`], or `None` if nothing is left to see.
pub(super) fn some_line(text: &str) -> Option<String> {
    Some(line(text)).filter(|line| is_visible(line))
}

/// [`some_line`] of a text that is [plain](is_plain).
pub(super) fn some_plain_line(text: &str) -> Option<String> {
    Some(collapse(text)).filter(|line| is_visible(line))
}

/// `text` mended, composed (NFC) and without control characters other than line breaks and tabs, noncharacters, and the
/// characters that override or isolate direction.
pub(super) fn sound(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    sound_after(text, mojibake::mend)
}

/// [`sound`] without a look at whether there is anything to do.
fn sound_after(text: &str, mend: Mend) -> Cow<'_, str> {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_ROUNDS {
        // windows-1252 has honest bytes among the C1 controls: mend first, then drop
        let mended = mend(&text);
        let kept: String = mended.chars().filter_map(kept).collect();
        let composed = nfc.normalize(&kept);
        if *composed == *text {
            break;
        }
        text = Cow::Owned(composed.into_owned());
    }
    text
}

/// True if `text` is sound for one reason or another that is quickly told: it holds only characters that show, that compose
/// with none of the others, and of which none that begins a broken passage stands before one that might go on with it.
/// Nothing of that changes where white space becomes a single space.
pub(super) fn is_plain(text: &str) -> bool {
    // what is no character of ASCII that shows, nor a line break or a tab
    let odd = |b| lies_in(b, 0, 8) | lies_in(b, 0xb, 0x1f) | lies_in(b, 0x7f, 0xff);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = scan::first(&bytes[at..], odd) {
        at += next;
        let mut begins = false;
        for c in text[at..].chars().take_while(|c| !c.is_ascii()) {
            if begins || !is_plain_character(c) {
                return false;
            }
            begins = mojibake::may_begin(c);
            at += c.len_utf8();
        }
        let is_control = |b: &u8| b.is_ascii_control() && !matches!(b, b'\n' | b'\t');
        if bytes.get(at).is_some_and(is_control) {
            return false;
        }
    }
    true
}

/// Letters and signs of wide use that are composed and compose with none of these: no combining marks among them (UAX 15).
fn is_plain_character(c: char) -> bool {
    matches!(c,
        '\u{a0}'..='\u{2ff}' | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20bf}' | '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{27bf}'
        | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3094}' | '\u{30a1}'..='\u{30fc}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff5e}' | '\u{1f300}'..='\u{1f64f}' | '\u{1f900}'..='\u{1f9ff}')
}

/// What becomes of one character.
fn kept(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => Some(c),
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        _ if c.is_control() || is_noncharacter(c) || is_bidi_control(c) => None,
        // marks of order and width that show nothing; joiners (U+200C, U+200D) are honest text
        '\u{feff}' | '\u{200b}' | '\u{2060}' | '\u{fff9}'..='\u{fffb}' => None,
        _ => Some(c),
    }
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Embeddings, overrides and isolates. The plain marks (U+200E, U+200F) stay: honest right-to-left text has them.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// True if a reader sees anything of it.
fn is_visible(text: &str) -> bool {
    text.chars().any(|c| {
        !c.is_whitespace()
            && !matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{200c}'..='\u{200f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}')
    })
}

fn collapse(text: &str) -> String {
    // often there is only a space at the end
    let text = text.trim();
    if is_collapsed(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// True if all white space in `text` is single spaces between words.
fn is_collapsed(text: &str) -> bool {
    let bytes = text.as_bytes();
    if text.starts_with(' ') || text.ends_with(' ') {
        return false;
    }
    // without a branch a byte, for speed
    let is_pair = |(one, two): (&u8, &u8)| *one == b' ' && *two == b' ';
    let next = bytes.get(1..).unwrap_or_default();
    if bytes
        .iter()
        .zip(next)
        .fold(false, |any, pair| any | is_pair(pair))
    {
        return false;
    }
    // other white space is a control character, or begins with one of a few bytes
    let may_be_space = |b| lies_in(b, b'\t', b'\r') | is(b, 0xc2) | lies_in(b, 0xe1, 0xe3);
    let mut at = 0;
    while let Some(next) = scan::first(&bytes[at..], may_be_space) {
        at += next;
        let Some(c) = text[at..].chars().next().filter(|c| !c.is_whitespace()) else {
            return false;
        };
        at += c.len_utf8();
    }
    true
}

/// `line` if it has at most `max` characters; else as much of it, cut after a sentence if that leaves at least four
/// fifths, else after a word, with `…`.
pub(super) fn cut(line: &str, max: usize) -> String {
    let Some((end, _)) = line.char_indices().nth(max) else {
        return line.to_owned();
    };
    let head = &line[..end];
    if let Some(sentence) =
        last_sentence(line, end).filter(|text| text.chars().count() * 5 >= max * 4)
    {
        return sentence.to_owned();
    }
    // one character for the `…`
    let room = head.char_indices().next_back().map_or(0, |(at, _)| at);
    let stop = word_end(line, room);
    let kept = line[..stop].trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '-' | '–' | '—' | '(' | '[' | '“' | '„' | '«' | '…' | '、' | '，'
            )
    });
    marked(kept.strip_suffix("...").unwrap_or(kept))
}

/// `line`, which is sound, with the mark that something is left out; but where the two would be taken for a letter that was
/// decoded wrongly, it goes without.
pub(super) fn marked(line: &str) -> String {
    let marked = format!("{line}…");
    if *sound(&marked) == *marked {
        marked
    } else {
        line.to_owned()
    }
}

/// The longest run of whole sentences in the first `end` bytes of `line`.
fn last_sentence(line: &str, end: usize) -> Option<&str> {
    let mut best = None;
    for (at, c) in line[..end].char_indices() {
        let after = at + c.len_utf8();
        let rest = &line[after..];
        match c {
            '。' | '！' | '？' if after <= end => best = Some(after),
            '.' | '!' | '?' | '…' => {
                let rest = rest.trim_start_matches(['"', '”', '’', '»', ')', ']']);
                let closed = line.len() - rest.len();
                let next = rest.strip_prefix(' ').and_then(|rest| rest.chars().next());
                let starts = next.is_some_and(|c| {
                    (c.is_alphabetic() && !c.is_lowercase()) || "“„«\"¿¡".contains(c)
                });
                if closed <= end && starts && (c != '.' || !is_abbreviation(&line[..at])) {
                    best = Some(closed);
                }
            }
            _ => {}
        }
    }
    best.map(|at| line[..at].trim_end())
}

/// True if the full stop after `before` is likely that of a short form (`e.g`, `Prof`, `J`) or a list's number.
fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or(before);
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let length = word.chars().count();
    let is_title = length <= 4 && word.starts_with(char::is_uppercase);
    length <= 2 || is_title || word.contains('.')
}

/// Where a cut at or before byte `room` hurts least: between words, else (scripts without spaces, one long word) between
/// characters that do not belong together.
fn word_end(line: &str, room: usize) -> usize {
    if line[room..].starts_with(char::is_whitespace) {
        return room;
    }
    let spaced = line[..room].rfind(char::is_whitespace).unwrap_or(0);
    // a word of the Latin kind is rarely longer than this
    if line[spaced..room].chars().count() <= 40 && spaced > 0 {
        return spaced;
    }
    let mut at = room;
    while at > 0 && line[at..].starts_with(joins) {
        at = line[..at]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
    }
    // a joiner holds what follows it as well
    line[..at].trim_end_matches('\u{200d}').len()
}

/// True for characters that belong to the one before.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{93a}'..='\u{94f}' | '\u{3099}' | '\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_has_no_control_characters_and_single_spaces() {
        assert_eq!(line(" a\u{0}b \t\n c\u{a0}\u{3000}d\u{202e} "), "ab c d");
    }

    #[test]
    fn text_is_composed() {
        assert_eq!(line("Cafe\u{301}"), "Café");
    }

    #[test]
    fn every_plain_character_is_composed_and_stays() {
        let nfc = ComposingNormalizerBorrowed::new_nfc();
        for c in ('\u{80}'..='\u{10ffff}').filter(|c| is_plain_character(*c)) {
            assert_eq!(kept(c), Some(c));
            // behind any letter, too
            for before in ["", "a", "か", "가", "é"] {
                let text = format!("{before}{c}");
                assert!(nfc.is_normalized(&text), "{text}");
            }
        }
    }

    #[test]
    fn text_that_shows_nothing_is_no_text() {
        assert_eq!(some_line(" \u{200b}\u{feff}\u{200d} "), None);
    }

    #[test]
    fn a_short_text_is_not_cut_even_in_mid_word() {
        assert_eq!(cut("it ends in mid wo", 17), "it ends in mid wo");
    }

    #[test]
    fn a_long_text_is_cut_after_a_sentence() {
        let text = "The first sentence is here. The second one is too long to fit in it";
        assert_eq!(cut(text, 33), "The first sentence is here.");
    }

    #[test]
    fn a_sentence_does_not_end_at_an_abbreviation() {
        let text = "We asked what Dr. Smith of the institute had to say about that matter";
        assert_eq!(cut(text, 30), "We asked what Dr. Smith of…");
    }

    #[test]
    fn a_text_without_spaces_is_cut_between_characters() {
        let text = "文".repeat(400);
        assert_eq!(cut(&text, 300).chars().count(), 300);
    }

    proptest! {
        #[test]
        fn what_looks_plain_has_nothing_to_mend(
            text in "([a-z \n\u{a0}-\u{2ff}\u{400}-\u{52f}\u{2010}-\u{206f}\u{20ac}\u{2122}]|[\u{3000}-\u{30ff}\u{4e00}\u{9fff}\u{ac00}-\u{ac20}]|[ÂÃâð€™“”œž\u{80}-\u{bf}]|\\PC){0,12}"
        ) {
            if is_plain(&text) {
                prop_assert_eq!(&*sound_after(&text, mojibake::mend), &*text);
                let line = line(&text);
                prop_assert_eq!(&*sound_after(&line, mojibake::mend), &*line);
                prop_assert!(is_plain(&line));
            }
        }

        #[test]
        fn a_text_that_is_called_collapsed_is(text in "[a \n\u{a0}\u{3000}\u{2003}]{0,8}") {
            let collapsed = text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(is_collapsed(&text), text == collapsed);
            prop_assert_eq!(collapse(&text), collapsed);
        }

        #[test]
        fn a_line_of_a_line_is_the_same(text in any::<String>()) {
            let once = line(&text);
            prop_assert_eq!(line(&once), once);
        }

        #[test]
        fn a_cut_text_fits_and_is_not_cut_again(text in "\\PC{0,80}", max in 1_usize..60) {
            let text = line(&text);
            let once = cut(&text, max);
            prop_assert!(once.chars().count() <= max);
            prop_assert_eq!(cut(&once, max), once);
        }
    }
}
