//! How much a text says: its words, in scripts with and without spaces.

/// How many words a text has; where there are no spaces, so many characters count as one: two of Chinese, Japanese or Korean,
/// five of Thai and its neighbours.
pub(in crate::extract::page) fn weight(text: &str) -> usize {
    let counts = count(text);
    counts.words + counts.signs / 2 + counts.letters / 5
}

/// How many words a title has; here a character counts as one, for two of them make a title.
pub(in crate::extract::page) fn title_weight(text: &str) -> usize {
    let counts = count(text);
    counts.words + counts.signs + counts.letters.div_ceil(5)
}

/// What a text is made of.
#[derive(Default)]
struct Counts {
    /// Words between spaces.
    words: usize,
    /// Characters that stand for themselves.
    signs: usize,
    /// Letters of scripts that write their words without spaces.
    letters: usize,
}

fn count(text: &str) -> Counts {
    if text.is_ascii() {
        return Counts {
            words: count_ascii(text),
            ..Counts::default()
        };
    }
    let mut counts = Counts::default();
    let mut inside = false;
    for c in text.chars() {
        if is_cjk(c) {
            counts.signs += 1;
            inside = false;
        } else if is_run_on(c) {
            counts.letters += 1;
            inside = false;
        } else if c.is_alphanumeric() {
            counts.words += usize::from(!inside);
            inside = true;
        } else if c.is_whitespace() || c == '/' || c == '-' {
            inside = false;
        }
    }
    counts
}

/// [`count`] for the texts that most are.
fn count_ascii(text: &str) -> usize {
    let mut words = 0;
    let mut inside = false;
    for byte in text.bytes() {
        let part = PARTS[usize::from(byte)];
        words += usize::from(part == Some(true) && !inside);
        inside = part.unwrap_or(inside);
    }
    words
}

/// What an ASCII byte does to a word: begins or continues it, ends it, or neither.
const PARTS: [Option<bool>; 256] = {
    let mut parts = [None; 256];
    let mut byte = 0;
    while byte < 128 {
        #[expect(clippy::cast_possible_truncation, reason = "below 128")]
        let b = byte as u8;
        if b.is_ascii_alphanumeric() {
            parts[byte] = Some(true);
        } else if matches!(b, b' ' | b'\t'..=b'\r' | b'/' | b'-') {
            parts[byte] = Some(false);
        }
        byte += 1;
    }
    parts
};

/// True for Thai, Lao, Burmese and Khmer.
fn is_run_on(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// True for Chinese, Japanese and Korean characters.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}
