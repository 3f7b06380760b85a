//! Strings in any quotes, with the escapes of JSON and JavaScript.

use super::super::value::Value;
use super::Reader;

impl Reader<'_, '_> {
    /// One string, or several with `+` between them.
    pub(super) fn joined_text(&mut self) -> Value {
        let Some(mut out) = self.text() else {
            return Value::Null;
        };
        loop {
            let before = self.at;
            self.space();
            if !self.take(b'+') {
                break;
            }
            self.space();
            if !matches!(self.peek(), Some(b'"' | b'\'' | b'`')) {
                self.at = before;
                break;
            }
            match self.text() {
                Some(more) => out.push_str(&more),
                None => break,
            }
        }
        Value::Text(out)
    }

    /// The string that starts here; `None`, and nothing more is read, where it does not end.
    pub(super) fn text(&mut self) -> Option<String> {
        let quote = self.peek()?;
        self.at += 1;
        let mut out = String::new();
        let mut start = self.at;
        while let Some(byte) = self.peek() {
            if byte == quote && self.closes(quote) {
                self.copy(&mut out, start);
                self.at += 1;
                return (!self.broken).then_some(out);
            }
            match byte {
                b'\\' => {
                    self.copy(&mut out, start);
                    self.at += 1;
                    self.escape(&mut out);
                    start = self.at;
                }
                b'$' if quote == b'`' && self.starts_with("${") => {
                    self.copy(&mut out, start);
                    self.at += 1;
                    self.skip_balanced();
                    start = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.broken = true;
        None
    }

    /// Adds the bytes from `start` on, all of which were no special ones.
    fn copy(&mut self, out: &mut String, start: usize) {
        let piece = self.text.get(start..self.at).unwrap_or("");
        if piece.len() > self.budget.bytes {
            self.broken = true;
            return;
        }
        self.budget.bytes -= piece.len();
        out.push_str(piece);
    }

    /// True if the quote here ends its string. Where none can follow what follows, somebody forgot to escape it.
    fn closes(&self, quote: u8) -> bool {
        if quote != b'"' {
            return true;
        }
        let behind = &self.text.as_bytes()[self.at + 1..];
        let space = behind
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        match behind.get(space) {
            Some(b',' | b':' | b'}' | b']' | b')' | b';' | b'+' | b'/' | b'<' | b'|' | b'&')
            | None => true,
            // a comma forgotten at the end of a line
            Some(b'"') => behind[..space].contains(&b'\n'),
            _ => false,
        }
    }

    fn escape(&mut self, out: &mut String) {
        let Some(c) = self.text[self.at..].chars().next() else {
            return;
        };
        self.at += c.len_utf8();
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' | 'f' | 'v' | '0' | '\n' => {}
            'x' => {
                let code = self.hex(2).unwrap_or(0xFFFD);
                out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            'u' => out.push(self.unicode()),
            c => out.push(c),
        }
    }

    /// Behind `\u`: four figures, two times four for a character beyond the basic plane, or any number in braces.
    fn unicode(&mut self) -> char {
        if self.take(b'{') {
            let digits = self.text[self.at..]
                .bytes()
                .take_while(u8::is_ascii_hexdigit);
            let code = self.hex(digits.take(7).count());
            self.take(b'}');
            return code.and_then(char::from_u32).unwrap_or('\u{fffd}');
        }
        let Some(first) = self.hex(4) else {
            return '\u{fffd}';
        };
        if (0xD800..0xDC00).contains(&first) && self.starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            if let Some(second @ 0xDC00..0xE000) = self.hex(4) {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return char::from_u32(code).unwrap_or('\u{fffd}');
            }
            self.at = before;
        }
        char::from_u32(first).unwrap_or('\u{fffd}')
    }

    fn hex(&mut self, count: usize) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + count)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let code = u32::from_str_radix(digits, 16).ok()?;
        self.at += count;
        Some(code)
    }
}
