//! A place in a text, and the small steps that the grammars of dates and times take from it. A cursor is copied to try a
//! reading, and dropped if that fails.

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A run of ASCII digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// What they say.
    pub(super) value: u32,
    /// How many there are.
    pub(super) digits: usize,
}

impl<'a> Cursor<'a> {
    /// The place before byte `at`, which is the start of a character.
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// The place `bytes` further, which is the start of a character.
    pub(super) fn new_at(self, bytes: usize) -> Self {
        Self::new(self.text, self.at + bytes)
    }

    /// The byte it stands before.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What follows.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over `wanted` if it is next.
    pub(super) fn eat(&mut self, wanted: char) -> bool {
        self.eat_any(&[wanted]).is_some()
    }

    /// Steps over the next character if it is one of `wanted`.
    pub(super) fn eat_any(&mut self, wanted: &[char]) -> Option<char> {
        let next = self.peek().filter(|c| wanted.contains(c))?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Steps over the first of `wanted` that is next.
    pub(super) fn eat_str(&mut self, wanted: &[&str]) -> bool {
        let rest = self.rest();
        let found = wanted.iter().find(|w| rest.starts_with(**w));
        self.at += found.map_or(0, |w| w.len());
        found.is_some()
    }

    /// Steps over blanks; true if there were any.
    pub(super) fn space(&mut self) -> bool {
        let rest = self.rest();
        let left = rest.trim_start_matches(is_blank);
        self.at += rest.len() - left.len();
        left.len() < rest.len()
    }

    /// Steps over every character of `marks` and every blank.
    pub(super) fn skip(&mut self, marks: &[char]) {
        while self.space() || self.eat_any(marks).is_some() {}
    }

    /// Steps over a run of digits, all of it; nothing happens if it is longer than nine.
    pub(super) fn number(&mut self) -> Option<Number> {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 9 {
            return None;
        }
        let value = rest[..digits].parse().ok()?;
        self.at += digits;
        Some(Number { value, digits })
    }

    /// [`Self::number`], if it has one or two digits.
    pub(super) fn short_number(&mut self) -> Option<u32> {
        let mut ahead = *self;
        let number = ahead.number().filter(|n| n.digits <= 2)?;
        *self = ahead;
        Some(number.value)
    }

    /// Steps over a run of letters; a Chinese, Japanese or Korean character is no letter here, for such texts have no
    /// blanks between words.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        self.at += end;
        (end > 0).then(|| &rest[..end])
    }

    /// Steps over blanks and a comment in parentheses ("(Central European Time)").
    pub(super) fn comment(&mut self) {
        let mut ahead = *self;
        ahead.space();
        if ahead.eat_any(&['(', '（']).is_some()
            && let Some(close) = ahead.rest().find([')', '）'])
        {
            ahead.at += close;
            ahead.eat_any(&[')', '）']);
            *self = ahead;
        }
    }
}

/// Blanks, and the invisible marks that pages put between numbers.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
}

/// Letters of scripts that part words by blanks, with the accents and signs (of India, Thai) that follow them.
pub(super) fn is_letter(c: char) -> bool {
    (c.is_alphabetic() && !is_cjk(c))
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{e47}'..='\u{e4e}')
        || is_indian_sign(c)
}

/// The dot below and the sign for no vowel, which stand at the same place in the block of each script of India.
fn is_indian_sign(c: char) -> bool {
    let code = u32::from(c);
    (0x900..0xd80).contains(&code) && matches!(code % 0x80, 0x3c | 0x4d)
}

/// Han, Kana and Hangul.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}
