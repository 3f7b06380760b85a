//! How long a text takes to read.

/// Words a minute in scripts that part them with spaces: silent reading of non-fiction, 238 on average over 190 studies
/// (Brysbaert, 2019).
const WORDS_A_MINUTE: f64 = 238.0;
/// Characters a minute in Chinese, Japanese and Korean text, where a character carries about half a word.
const CHARACTERS_A_MINUTE: f64 = 500.0;

/// Whole minutes, at least 1, that a text takes to read which has so many `words` and `characters`, as [`count`] counts them,
/// each script at its own speed; `None` for a text without words.
pub fn minutes((words, characters): (u32, u32)) -> Option<u32> {
    let minutes = f64::from(words) / WORDS_A_MINUTE + f64::from(characters) / CHARACTERS_A_MINUTE;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and far below the limit"
    )]
    let whole = minutes.round() as u32;
    (words + characters > 0).then_some(whole.max(1))
}

/// Whether a character of ASCII is a letter or digit, and whether it joins two parts of one word.
const ASCII: [(bool, bool); 128] = {
    let mut table = [(false, false); 128];
    let mut byte = 0_u8;
    while byte < 128 {
        let joins = matches!(byte, b'\'' | b'-' | b'_' | b'.');
        table[byte as usize] = (byte.is_ascii_alphanumeric(), joins);
        byte += 1;
    }
    table
};

/// The words of `text`, and its characters in scripts that do not part words with spaces.
pub fn count(text: &str) -> (u32, u32) {
    let (mut words, mut characters, mut inside) = (0, 0, false);
    for c in text.chars() {
        let (is_letter, joins) = if let Some(known) = ASCII.get(c as usize) {
            *known
        } else if is_unspaced(c) {
            characters += 1;
            (false, false)
        } else {
            (is_letter(c), matches!(c, '’' | '\u{ad}'))
        };
        words += u32::from(is_letter && !inside);
        inside = is_letter || (joins && inside);
    }
    (words, characters)
}

/// Han, kana and Hangul, Thai, Lao, Khmer and Burmese: counted by the character. Hangul has spaces, but its words are
/// whole phrases.
pub fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF
        | 0x3041..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

/// True for letters and digits of any script, as [`char::is_alphanumeric`], but quick for those that are met most.
pub fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{2010}'..='\u{2027}' => false,
        '\u{c0}'..='\u{d6}'
        | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{17f}'
        | '\u{400}'..='\u{481}'
        | '\u{48a}'..='\u{52f}' => true,
        _ => c.is_alphanumeric(),
    }
}

/// Gives `c` in lower case to `take`, character by character.
pub fn lower(c: char, take: impl FnMut(char)) {
    let mut take = take;
    match c {
        'а'..='я' | 'ß'..='ö' | 'ø'..='ÿ' => take(c),
        '\0'..='\u{7f}' => take(c.to_ascii_lowercase()),
        _ => c.to_lowercase().for_each(take),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_quickly_of_a_character_is_what_unicode_says() {
        let mut lower = String::new();
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphanumeric(), "{c:?}");
            lower.clear();
            super::lower(c, |c| lower.push(c));
            assert!(lower.chars().eq(c.to_lowercase()), "{c:?}");
        }
    }

    fn minutes_of(text: &str) -> Option<u32> {
        minutes(count(text))
    }

    #[test]
    fn a_text_takes_as_long_as_its_words() {
        assert_eq!(minutes_of(&"word ".repeat(238 * 6)), Some(6));
        assert_eq!(minutes_of("a few words"), Some(1));
        assert_eq!(minutes_of(" … !"), None);
    }

    #[test]
    fn scripts_without_spaces_are_read_by_the_character() {
        assert_eq!(minutes_of(&"字".repeat(2000)), Some(4));
        assert_eq!(minutes_of(&"読む時間".repeat(500)), Some(4));
        assert_eq!(
            minutes_of(&format!("{} {}", "字".repeat(1000), "word ".repeat(476))),
            Some(4)
        );
    }

    #[test]
    fn a_word_with_a_hyphen_or_an_apostrophe_is_one() {
        assert_eq!(count("it's a well-known e.g. word"), (5, 0));
    }
}
