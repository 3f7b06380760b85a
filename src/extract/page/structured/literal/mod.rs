//! A text → the JSON or JavaScript literals in it. Takes what hands and templates write: comments, trailing and missing
//! commas, names without quotes, single quotes, raw line breaks and stray quotes in strings, `undefined`,
//! `JSON.parse("…")`, functions and other code in between (which is no data). A text that breaks off gives what stands
//! before. Reads each byte a bounded number of times, and never panics.

mod call;
mod skip;
mod string;

use std::collections::HashMap;

use super::value::Value;

/// Containers within containers that are read; what is deeper is passed over.
const MAX_DEPTH: usize = 64;
/// Texts that are literals themselves, within each other.
const MAX_NESTED: usize = 3;

/// What may still be read of one page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// Values.
    values: usize,
    /// Bytes of their texts.
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            values: 400_000,
            bytes: 16 * 1024 * 1024,
        }
    }
}

/// All values that stand one after the other in `text`.
pub(super) fn values(text: &str, budget: &mut Budget) -> Vec<Value> {
    let mut out = Vec::new();
    let mut reader = Reader::new(text, 0, budget);
    loop {
        reader.space();
        if reader.broken || !matches!(reader.peek(), Some(b'{' | b'[')) {
            return out;
        }
        out.push(reader.value(0));
        reader.space();
        while matches!(reader.peek(), Some(b',' | b';')) {
            reader.at += 1;
            reader.space();
        }
    }
}

/// The value that starts at `at`, and where it ends or breaks off: always behind `at`.
pub(super) fn value_at(text: &str, at: usize, budget: &mut Budget) -> (Value, usize) {
    let mut reader = Reader::new(text, at, budget);
    let value = reader.value(0);
    let end = reader.at.max(at + 1).min(text.len());
    (value, text.ceil_char_boundary(end))
}

struct Reader<'t, 'b> {
    text: &'t str,
    at: usize,
    budget: &'b mut Budget,
    /// What the names of a function's parameters stand for.
    names: HashMap<&'t str, Value>,
    /// True once nothing more can be read.
    broken: bool,
    nested: usize,
}

impl<'t, 'b> Reader<'t, 'b> {
    fn new(text: &'t str, at: usize, budget: &'b mut Budget) -> Self {
        Self {
            text,
            at,
            budget,
            names: HashMap::new(),
            broken: false,
            nested: 0,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn starts_with(&self, word: &str) -> bool {
        self.text.as_bytes()[self.at.min(self.text.len())..].starts_with(word.as_bytes())
    }

    /// True if the byte was there, and is passed.
    fn take(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    /// One value; `Null` where there is none or it is code.
    fn value(&mut self, depth: usize) -> Value {
        self.space();
        if self.budget.values == 0 {
            self.broken = true;
        }
        if self.broken {
            return Value::Null;
        }
        self.budget.values -= 1;
        let value = match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => {
                self.skip_balanced();
                Value::Null
            }
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"' | b'\'' | b'`') => self.joined_text(),
            Some(b'0'..=b'9' | b'-' | b'+' | b'.') => self.number(),
            Some(b'!') => {
                self.at += 1;
                // `!0` and `!1`, as minifiers write them
                let zero = self.take(b'0');
                if !zero && !self.take(b'1') {
                    self.skip_expression();
                    return Value::Null;
                }
                Value::Bool(zero)
            }
            Some(b'(') => self.parenthesis(depth),
            Some(byte) if is_name_byte(byte) => self.word(depth),
            Some(_) => {
                self.skip_expression();
                return Value::Null;
            }
            None => {
                self.broken = true;
                return Value::Null;
            }
        };
        self.space();
        if !matches!(
            self.peek(),
            Some(b',' | b'}' | b']' | b')' | b':' | b';' | b'"' | b'\'' | b'{' | b'[' | b'<')
                | None
        ) && depth > 0
        {
            // an operator or a call: the first operand is what there is to know
            self.skip_expression();
        }
        value
    }

    fn list(&mut self, depth: usize) -> Value {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.space();
            if self.take(b']') || self.broken {
                break;
            }
            if self.take(b',') {
                continue;
            }
            let before = self.at;
            let value = self.value(depth + 1);
            if self.broken && !value.is_container() {
                break;
            }
            elements.push(value);
            self.must_move(before);
        }
        Value::List(elements)
    }

    fn object(&mut self, depth: usize) -> Value {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.space();
            if self.take(b'}') || self.broken {
                break;
            }
            if self.take(b',') || self.take(b';') {
                continue;
            }
            let before = self.at;
            if let Some(name) = self.name() {
                let value = self.member(&name, depth);
                if self.broken && !value.is_container() {
                    break;
                }
                members.push((name, value));
            }
            self.must_move(before);
        }
        Value::Object(members)
    }

    /// The name of a member; `None` for what is code.
    fn name(&mut self) -> Option<String> {
        match self.peek()? {
            b'"' | b'\'' => self.text(),
            b'.' | b'[' | b'*' => {
                self.skip_expression();
                None
            }
            byte if is_name_byte(byte) => {
                let start = self.at;
                while self.peek().is_some_and(|b| is_name_byte(b) || b == b'-') {
                    self.at += 1;
                }
                Some(self.text.get(start..self.at)?.to_owned())
            }
            _ => {
                self.broken = true;
                None
            }
        }
    }

    fn member(&mut self, name: &str, depth: usize) -> Value {
        self.space();
        if self.take(b':') {
            return self.value(depth + 1);
        }
        match self.peek() {
            // a method
            Some(b'(') => {
                self.skip_balanced();
                self.space();
                if self.peek() == Some(b'{') {
                    self.skip_balanced();
                }
                Value::Null
            }
            // `{title}`
            Some(b',' | b'}') => self.named(name),
            // `get title() {…}`
            Some(byte) if is_name_byte(byte) => {
                self.skip_expression();
                Value::Null
            }
            _ => {
                self.broken = true;
                Value::Null
            }
        }
    }

    /// Stops a reader that stands where it stood.
    fn must_move(&mut self, before: usize) {
        self.broken |= self.at == before;
    }

    fn number(&mut self) -> Value {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_'))
        {
            self.at += 1;
        }
        let written = &self.text[start..self.at];
        let digits = written.trim_start_matches('+').trim_end_matches('n');
        let hexadecimal = digits
            .strip_prefix("0x")
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match (digits.parse::<f64>(), hexadecimal) {
            (_, Some(number)) => Value::Number(f64::from(number)),
            (Ok(number), _) if number.is_finite() => Value::Number(number),
            _ => Value::Null,
        }
    }
}

/// True for the bytes of a name; those beyond ASCII count.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

#[cfg(test)]
mod tests;
