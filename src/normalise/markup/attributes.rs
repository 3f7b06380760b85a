//! The attributes of one tag, as source.

use url::Url;

use super::super::language;
use super::super::text;
use super::address::Bases;
use super::policy::{self, Value};
use super::tag::Tag;
use super::writer::escape;

/// How links are written: readers open them in a window that knows nothing of theirs, and tell nobody where they were.
const REL: &str = "noopener noreferrer";
/// A line of text in an attribute is cut here, characters.
const MAX_LINE_CHARS: usize = 1000;

/// Attributes in the making, each after a space.
#[derive(Default)]
pub(super) struct Attributes(String);

impl Attributes {
    /// Those of `element` that may stay when it is written as `name`.
    pub(super) fn of(element: &impl Tag, name: &str, bases: &Bases<'_>) -> Self {
        let mut attributes = Self::default();
        for (attribute, value) in element.attrs() {
            if let Some(kind) = policy::attribute(name, attribute) {
                attributes.add_checked(attribute, value, kind, bases);
            }
        }
        attributes
    }

    /// As source.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// An attribute with a value that is known to be fine.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.0.push(' ');
        self.0.push_str(name);
        self.0.push_str("=\"");
        escape(&mut self.0, value, true);
        self.0.push('"');
    }

    /// Where a link leads.
    pub(super) fn add_link(&mut self, url: &Url) {
        self.add("href", url.as_str());
        self.add("rel", REL);
    }

    /// An attribute without a value.
    pub(super) fn add_flag(&mut self, name: &str) {
        self.0.push(' ');
        self.0.push_str(name);
        // as a parser reads it
        self.0.push_str("=\"\"");
    }

    /// An attribute that holds text for people.
    pub(super) fn add_line(&mut self, name: &str, written: &str) {
        let line = text::cut(&text::line(written), MAX_LINE_CHARS);
        self.add(name, &line);
    }

    fn add_checked(&mut self, name: &str, value: &str, kind: Value, bases: &Bases<'_>) {
        let word = value.trim();
        match kind {
            Value::Line => self.add_line(name, value),
            Value::Flag => self.add_flag(name),
            Value::Address => {
                if let Some(url) = bases.web(word) {
                    self.add(name, url.as_str());
                }
            }
            Value::Language => {
                if let Some(tag) = language::tag(word) {
                    self.add(name, &tag);
                }
            }
            Value::Direction => {
                let lower = word.to_ascii_lowercase();
                if matches!(lower.as_str(), "ltr" | "rtl" | "auto") {
                    self.add(name, &lower);
                }
            }
            Value::Number | Value::Moment | Value::Marker | Value::Scope => {
                if is_fine(kind, word) {
                    self.add(name, word);
                }
            }
        }
    }
}

fn is_fine(kind: Value, word: &str) -> bool {
    match kind {
        Value::Number => {
            let digits = word.strip_prefix('-').unwrap_or(word);
            (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        }
        Value::Moment => {
            (1..=40).contains(&word.len())
                && word
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+-:., ".contains(&b))
        }
        Value::Marker => matches!(word, "1" | "a" | "A" | "i" | "I"),
        Value::Scope => matches!(word, "row" | "col" | "rowgroup" | "colgroup"),
        _ => false,
    }
}
