//! Words of code that stand for data: `undefined`, `new Date("…")`, `JSON.parse("…")`, and the function by which Nuxt 2
//! writes a state in which values repeat: `(function(a,b){return {x:a,y:b}}("…",1))`.

use std::collections::HashMap;

use super::super::value::Value;
use super::{MAX_DEPTH, MAX_NESTED, Reader, is_name_byte};

impl<'t> Reader<'t, '_> {
    /// What a word stands for.
    pub(super) fn word(&mut self, depth: usize) -> Value {
        let mut word = self.identifier();
        while word == "new" {
            self.space();
            word = self.identifier();
        }
        match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "undefined" | "NaN" | "Infinity" => Value::Null,
            "JSON.parse" => self.argument(depth, Self::parsed),
            "decodeURIComponent" | "decodeURI" => {
                self.argument(depth, |_, text| Value::Text(percent_decoded(text)))
            }
            "Date" | "URL" | "String" | "Object.freeze" | "Array" => self.first_argument(depth),
            _ => {
                let value = self.named(word);
                self.space();
                if !matches!(self.peek(), Some(b',' | b'}' | b']' | b')')) {
                    self.skip_expression();
                }
                value
            }
        }
    }

    /// A name with the dots in it.
    fn identifier(&mut self) -> &'t str {
        let start = self.at;
        while self.peek().is_some_and(|b| is_name_byte(b) || b == b'.') {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or("")
    }

    /// What a parameter stands for; `Null` for other names.
    pub(super) fn named(&mut self, name: &str) -> Value {
        let value = match self.names.get(name) {
            Some(Value::Text(text)) if text.len() > self.budget.bytes => {
                self.broken = true;
                return Value::Null;
            }
            Some(value) if !value.is_container() => value.clone(),
            // a list or an object here is empty: full ones are written where they belong
            Some(Value::List(_)) => Value::List(Vec::new()),
            _ => Value::Null,
        };
        self.budget.bytes -= value.as_text().map_or(0, str::len);
        value
    }

    fn first_argument(&mut self, depth: usize) -> Value {
        self.space();
        if depth >= MAX_DEPTH {
            self.skip_expression();
            return Value::Null;
        }
        if !self.take(b'(') {
            return Value::Null;
        }
        let value = self.value(depth + 1);
        while !self.broken && !self.take(b')') {
            self.skip_expression();
            if !self.take(b',') && self.peek() != Some(b')') {
                break;
            }
        }
        value
    }

    fn argument(&mut self, depth: usize, read: fn(&mut Self, &str) -> Value) -> Value {
        match self.first_argument(depth) {
            Value::Text(text) => read(self, &text),
            value => value,
        }
    }

    /// The value that a text spells.
    fn parsed(&mut self, text: &str) -> Value {
        if self.nested >= MAX_NESTED {
            return Value::Null;
        }
        let mut inner = Reader::new(text, 0, self.budget);
        inner.nested = self.nested + 1;
        inner.value(0)
    }

    /// A value in parentheses, or a function that is called at once.
    pub(super) fn parenthesis(&mut self, depth: usize) -> Value {
        if depth >= MAX_DEPTH {
            self.skip_balanced();
            return Value::Null;
        }
        self.at += 1;
        self.space();
        if self.starts_with("function") {
            return self.called_function(depth);
        }
        let value = self.value(depth + 1);
        while !self.broken && !self.take(b')') {
            let before = self.at;
            self.skip_expression();
            self.take(b',');
            self.must_move(before);
        }
        value
    }

    /// Behind the parenthesis of `(function(a,b){… return VALUE}(1,2))`, where the last two may stand the other way round.
    fn called_function(&mut self, depth: usize) -> Value {
        self.at += "function".len();
        self.space();
        if self.nested > 0 || self.peek() != Some(b'(') {
            self.skip_expression();
            return Value::Null;
        }
        let parameters = self.at + 1;
        self.skip_balanced();
        let parameters = self
            .text
            .get(parameters..self.at.saturating_sub(1))
            .unwrap_or("");
        self.space();
        let body = self.at;
        if self.peek() != Some(b'{') {
            self.skip_expression();
            return Value::Null;
        }
        self.skip_balanced();
        let body = self
            .text
            .get(body + 1..self.at.saturating_sub(1))
            .unwrap_or("");
        self.space();
        self.take(b')');
        self.space();
        let mut names = HashMap::new();
        if self.take(b'(') {
            self.nested += 1;
            for parameter in parameters.split(',') {
                self.space();
                if self.broken || matches!(self.peek(), Some(b')') | None) {
                    break;
                }
                names.insert(parameter.trim(), self.value(depth + 1));
                self.skip_expression();
                self.take(b',');
            }
            self.nested -= 1;
        }
        self.returned(body, names)
    }

    /// The value behind the `return` of a function's body.
    fn returned(&mut self, body: &'t str, names: HashMap<&'t str, Value>) -> Value {
        let mut inner = Reader::new(body, 0, self.budget);
        inner.names = names;
        inner.nested = self.nested + 1;
        loop {
            inner.space();
            if inner.broken || inner.peek().is_none() {
                return Value::Null;
            }
            if inner.starts_with("return") {
                inner.at += "return".len();
                return inner.value(0);
            }
            // statements before it fill in what the parameters share
            let before = inner.at;
            inner.skip_expression();
            while inner.take(b',') || inner.take(b';') || inner.take(b'}') {}
            inner.must_move(before);
        }
    }
}

/// `%7B` and the like as characters.
fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let mut ahead = bytes.clone();
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.extend(u8::try_from(high * 16 + low));
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
