//! What is no data and is passed over: white space, comments, code.

use super::Reader;

impl Reader<'_, '_> {
    /// Passes white space and comments.
    pub(super) fn space(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c | 0) => self.at += 1,
                Some(b'/') if self.starts_with("//") => self.pass_line(),
                Some(b'/') if self.starts_with("/*") => self.behind("*/"),
                Some(b'<') if self.starts_with("<!--") => self.at += 4,
                Some(b'-') if self.starts_with("-->") => self.at += 3,
                Some(0xC2) if self.starts_with("\u{a0}") => self.at += 2,
                Some(0xE2) if self.starts_with("\u{2028}") || self.starts_with("\u{2029}") => {
                    self.at += 3;
                }
                Some(0xEF) if self.starts_with("\u{feff}") => self.at += 3,
                _ => return,
            }
        }
    }

    fn pass_line(&mut self) {
        while self.peek().is_some_and(|b| !matches!(b, b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn behind(&mut self, mark: &str) {
        let rest = &self.text[self.at..];
        self.at += rest.find(mark).map_or(rest.len(), |at| at + mark.len());
    }

    /// Passes a bracket and all up to the one that closes it.
    pub(super) fn skip_balanced(&mut self) {
        let mut open = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'[' | b'(' => open += 1,
                b'}' | b']' | b')' => open = open.saturating_sub(1),
                _ => {
                    self.skip_token();
                    continue;
                }
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
        self.broken = true;
    }

    /// Passes code up to the comma or bracket that ends it.
    pub(super) fn skip_expression(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b',' | b'}' | b']' | b')' | b';' => return,
                b'{' | b'[' | b'(' => self.skip_balanced(),
                _ => self.skip_token(),
            }
        }
        self.broken = true;
    }

    /// Passes a string, a comment or one byte.
    fn skip_token(&mut self) {
        match self.peek() {
            Some(quote @ (b'"' | b'\'' | b'`')) => {
                self.at += 1;
                while let Some(byte) = self.peek() {
                    self.at += 1;
                    match byte {
                        b'\\' => self.at += 1,
                        byte if byte == quote => return,
                        // what spans lines is no string, but a quote in a comment or an expression
                        b'\n' if quote != b'`' => return,
                        _ => {}
                    }
                }
            }
            Some(b'/') if self.starts_with("//") || self.starts_with("/*") => self.space(),
            _ => self.at += 1,
        }
    }
}
