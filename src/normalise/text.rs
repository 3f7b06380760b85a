//! Text for people: composed (NFC), mended, without characters that cannot be seen or that turn the line around.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::lexicon::mojibake;

/// How often mending, dropping and composing may make new work for one another before we leave it.
const MAX_ROUNDS: usize = 8;

/// What is done to characters that were decoded wrongly, before all else.
type Mend = fn(&str) -> Cow<'_, str>;

/// `text` on one line: sound, each run of white space a single space, none at the ends.
pub(super) fn line(text: &str) -> String {
    line_after(text, mojibake::mend)
}

/// [`line()`], but what was decoded wrongly stays as it is written.
pub(super) fn line_as_written(text: &str) -> String {
    line_after(text, |text| Cow::Borrowed(text))
}

fn line_after(text: &str, mend: Mend) -> String {
    let given = text;
    let mut text = collapse(&sound_after(text, mend));
    // most texts come as they should be
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

/// [`line()`], or `None` if nothing is left to see.
pub(super) fn some_line(text: &str) -> Option<String> {
    Some(line(text)).filter(|line| is_visible(line))
}

/// `text` mended, composed (NFC) and without control characters other than line breaks and tabs, noncharacters, and the
/// characters that override or isolate direction.
pub(super) fn sound(text: &str) -> Cow<'_, str> {
    sound_after(text, mojibake::mend)
}

fn sound_after(text: &str, mend: Mend) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|b| matches!(b, b' '..=b'~' | b'\n' | b'\t'))
    {
        return Cow::Borrowed(text);
    }
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
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
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
    let kept = kept.strip_suffix("...").unwrap_or(kept);
    format!("{kept}…")
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
