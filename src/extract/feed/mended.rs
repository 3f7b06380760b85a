//! JSON that its parser refuses → JSON that it takes: what is wrong in a string or a number costs that alone, what is wrong
//! in an entry that entry, and a document that is cut what is not whole.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// How deep values may nest; deeper ones count as absent, as nothing of a feed stands there.
const MAX_DEPTH: usize = 64;

/// `text` with what JSON forbids (RFC 8259) set right where it is plain what is meant: control characters and wrong escapes
/// in strings, words that are no values, comments, commas behind the last one, and values that nest without end.
pub(super) fn washed(text: &str) -> String {
    let mut wash = Wash {
        text,
        rest: text.char_indices().peekable(),
        out: String::with_capacity(text.len() + 16),
        depth: 0,
    };
    while let Some((at, c)) = wash.rest.next() {
        wash.take(at, c);
    }
    wash.out
}

struct Wash<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
    out: String,
    depth: usize,
}

impl Wash<'_> {
    /// Takes what begins outside of strings with `c` at byte `at`.
    fn take(&mut self, at: usize, c: char) {
        match c {
            '"' => self.string(),
            '{' | '[' => {
                self.depth += 1;
                match self.depth.cmp(&MAX_DEPTH) {
                    std::cmp::Ordering::Less => self.out.push(c),
                    std::cmp::Ordering::Equal => self.out.push_str("null"),
                    std::cmp::Ordering::Greater => {}
                }
            }
            '}' | ']' => {
                if self.depth < MAX_DEPTH {
                    self.out.push(c);
                }
                self.depth = self.depth.saturating_sub(1);
            }
            _ if self.depth >= MAX_DEPTH => {}
            '/' => self.comment(at),
            ',' => {
                let next = self.text[at + 1..].trim_start();
                if !next.starts_with(['}', ']']) {
                    self.out.push(c);
                }
            }
            _ if is_of_word(c) => self.word(at),
            _ => self.out.push(c),
        }
    }

    /// What is no value is none.
    fn word(&mut self, at: usize) {
        while self.rest.next_if(|(_, c)| is_of_word(*c)).is_some() {}
        let end = self.rest.peek().map_or(self.text.len(), |(at, _)| *at);
        let word = &self.text[at..end];
        let is_value = matches!(word, "true" | "false" | "null")
            || word
                .trim_start_matches('-')
                .starts_with(|c: char| c.is_ascii_digit());
        self.out.push_str(if is_value { word } else { "null" });
    }

    fn comment(&mut self, at: usize) {
        let comment = &self.text[at..];
        let length = if comment.starts_with("//") {
            comment.find('\n')
        } else if comment.starts_with("/*") {
            comment.find("*/").map(|end| end + 2)
        } else {
            Some(1)
        };
        let end = at + length.unwrap_or(comment.len());
        while self.rest.next_if(|(at, _)| *at < end).is_some() {}
    }

    fn string(&mut self) {
        let shown = self.depth < MAX_DEPTH;
        let start = self.out.len();
        self.out.push('"');
        while let Some((at, c)) = self.rest.next() {
            match c {
                '"' => {
                    self.out.push('"');
                    break;
                }
                '\\' => self.escape(at),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                c if c < ' ' => {}
                c => self.out.push(c),
            }
        }
        if !shown {
            self.out.truncate(start);
        }
    }

    /// An escape, whose backslash is at byte `at`; one that JSON does not know stands for what it escapes.
    fn escape(&mut self, at: usize) {
        let digits = |count: usize| {
            let digits = self.text.get(at + 2..at + 2 + count)?;
            digits
                .bytes()
                .all(|b| b.is_ascii_hexdigit())
                .then_some(digits)
        };
        let (code, four) = (digits(2), digits(4));
        let Some((_, c)) = self.rest.next_if(|(_, c)| *c >= ' ') else {
            return;
        };
        match (c, code, four) {
            ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't', ..) | ('u', _, Some(_)) => {
                self.out.push('\\');
                self.out.push(c);
            }
            ('x', Some(code), _) => {
                self.out.push_str("\\u00");
                self.out.push_str(code);
                self.rest.nth(1);
            }
            _ => self.out.push(c),
        }
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | '$')
}

/// `text` with those of its `items` that `is_sound`, and no other; `None` if it has none that is.
pub(super) fn with_sound_items(text: &str, is_sound: impl Fn(&str) -> bool) -> Option<String> {
    let (items, end) = items(text)?;
    let start = items.first()?.start;
    let sound: Vec<&str> = (items.into_iter())
        .map(|item| text[item].trim())
        .filter(|item| !item.is_empty() && is_sound(item))
        .collect();
    if sound.is_empty() {
        return None;
    }
    let behind = end.map_or("]}", |end| &text[end..]);
    let whole = format!("{}{}{behind}", &text[..start], sound.join(","));
    if end.is_none() || is_sound(&whole) {
        return Some(whole);
    }
    Some(format!("{}{}]}}", &text[..start], sound.join(",")))
}

/// Where each of the `items` of a feed stands, and where their list ends, if it does.
fn items(text: &str) -> Option<(Vec<Range<usize>>, Option<usize>)> {
    let mut items = Vec::new();
    let mut begin = None;
    let (mut depth, mut string, mut escaped) = (0_usize, None, false);
    for (at, byte) in text.bytes().enumerate() {
        match (byte, string) {
            _ if escaped => escaped = false,
            (b'\\', Some(_)) => escaped = true,
            (b'"', Some(start)) => {
                string = None;
                let behind = text[at + 1..].trim_start().strip_prefix(':');
                let is_list = behind.is_some_and(|value| value.trim_start().starts_with('['));
                if depth == 1 && is_list && &text[start + 1..at] == "items" {
                    begin = Some(at + 1 + text[at + 1..].find('[')? + 1);
                }
            }
            (_, Some(_)) => {}
            (b'"', None) => string = Some(at),
            (b'{' | b'[', _) => depth += 1,
            (b'}' | b']', _) => {
                depth = depth.saturating_sub(1);
                if depth == 1
                    && let Some(begin) = begin
                {
                    items.push(begin..at);
                    return Some((items, Some(at)));
                }
            }
            (b',', _) if depth == 2 => {
                if let Some(start) = &mut begin {
                    items.push(*start..at);
                    *start = at + 1;
                }
            }
            _ => {}
        }
    }
    let last = begin?..text.len();
    items.push(last);
    Some((items, None))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn value(text: &str) -> Value {
        let washed = washed(text);
        serde_json::from_str(&washed).unwrap_or_else(|error| panic!("{washed}: {error}"))
    }

    #[test]
    fn what_json_forbids_costs_no_more_than_itself() {
        for (text, expected) in [
            (
                "{\"a\":\"one\ntwo\tthree\u{b}\"}",
                json!({"a": "one\ntwo\tthree"}),
            ),
            (
                r#"{"a":"it\'s \x41 \q \u00e9 \" \\"}"#,
                json!({"a": "it's A q é \" \\"}),
            ),
            (
                r#"{"a":NaN,"b":-Infinity,"c":[undefined,1e3,-2.5]}"#,
                json!({"a": null, "b": null, "c": [null, 1e3, -2.5]}),
            ),
            ("// one\n{/* two */\"a\":[1,2,],}", json!({"a": [1, 2]})),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        let deep = format!(
            "{{\"a\":1,\"b\":{}\"x\"{},\"c\":[{{}}]}}",
            "[".repeat(500),
            "]".repeat(500)
        );
        assert_eq!(value(&deep)["c"], json!([{}]));
    }

    #[test]
    fn sound_json_stays_as_it_is() {
        let text = r#"{"a": ["b\u0041\\\/", -1.5e-7, true, {"c": null}], "d": ""}"#;
        assert_eq!(washed(text), text);
    }

    #[test]
    fn an_item_that_is_broken_costs_no_other() {
        let text = r#"{"title":"J","items":[{"id":"1"},{"id":2 "x"},{"id":"3"}],"language":"en"}"#;
        let is_sound = |text: &str| serde_json::from_str::<Value>(text).is_ok();
        let whole = with_sound_items(text, is_sound).unwrap();
        assert_eq!(
            whole,
            r#"{"title":"J","items":[{"id":"1"},{"id":"3"}],"language":"en"}"#
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([{}\\[\\],:\"\\\\/*xu0-9a-f\n\u{b}é-]|items|NaN){0,60}") {
            let washed = washed(&text);
            let _ = with_sound_items(&washed, |_| true);
        }
    }
}
