//! A parsed page → the data in it that is meant for machines: JSON-LD, the state that scripts start from, and the React
//! flight payload. What is code is passed over; what is in markup is the business of [`super::items`].

use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

use super::super::tree::attribute;
use super::flight::Flight;
use super::indexed;
use super::literal::{self, Budget};
use super::value::Value;

/// A text within a value may be a value itself, if it is at least so long.
const MIN_EMBEDDED_BYTES: usize = 20;
/// Attributes with less are no state.
const MIN_ATTRIBUTE_BYTES: usize = 40;

/// What the scripts and attributes of a page hold.
#[derive(Debug, Default)]
pub(super) struct Scripts {
    /// The values of all JSON-LD scripts.
    pub(super) json_ld: Vec<Value>,
    /// Page state, in page order.
    pub(super) states: Vec<Value>,
    /// The rows of the flight payload.
    pub(super) flight: Flight,
}

impl Scripts {
    /// Reads the scripts of `html`, within what one page may ask for.
    pub(super) fn new(html: &Html) -> Self {
        let mut reader = Reader::default();
        for node in html.tree.root().descendants() {
            let Node::Element(element) = node.value() else {
                continue;
            };
            if element.name() == "script" {
                if let Some(script) = ElementRef::wrap(node) {
                    reader.script(element, &script.text().collect::<String>());
                }
            } else {
                reader.attributes(element);
            }
        }
        if !reader.stream.is_empty() {
            let values = literal::values(&reader.stream, &mut reader.budget);
            reader
                .found
                .states
                .extend(values.first().and_then(indexed::turbo_stream));
        }
        reader.found.flight = Flight::new(&reader.flight, &mut reader.budget);
        reader.found
    }
}

impl Scripts {
    /// Every text in the data that may be the address of a page.
    pub(super) fn addresses(&self) -> Vec<&str> {
        /// Longer ones are none.
        const MAX_BYTES: usize = 300;
        let mut out = Vec::new();
        let values = self.json_ld.iter().chain(&self.states);
        let mut todo: Vec<&Value> = values
            .chain(self.flight.rows().map(|(_, row)| row))
            .collect();
        while let Some(value) = todo.pop() {
            todo.extend(value.elements());
            // a slug is what is asked for
            let members = value
                .members()
                .iter()
                .filter(|(name, _)| !name.contains("slug"));
            todo.extend(members.map(|(_, member)| member));
            let text = value.as_text().unwrap_or("");
            if text.len() <= MAX_BYTES && (text.starts_with('/') || text.starts_with("http")) {
                out.push(text);
            }
        }
        out
    }
}

#[derive(Default)]
struct Reader {
    found: Scripts,
    budget: Budget,
    flight: String,
    stream: String,
}

impl Reader {
    fn script(&mut self, element: &Element, text: &str) {
        let kind = attribute(element, "type").unwrap_or("").trim();
        let kind = kind.to_ascii_lowercase();
        if kind.contains("ld+json") {
            let values = literal::values(&bare_json(text), &mut self.budget);
            self.found.json_ld.extend(values);
        } else if kind.contains("json") || attribute(element, "id") == Some("__NEXT_DATA__") {
            for value in literal::values(&bare_json(text), &mut self.budget) {
                self.state(value);
            }
        } else if kind.is_empty() || kind.contains("script") || kind == "module" {
            self.code(text);
        }
    }

    /// Islands and single-page frameworks put the state of a component into an attribute.
    fn attributes(&mut self, element: &Element) {
        for (_, text) in element.attrs() {
            if text.len() < MIN_ATTRIBUTE_BYTES || !text.trim_start().starts_with(['{', '[']) {
                continue;
            }
            let values = literal::values(text, &mut self.budget);
            let island = element.name() == "astro-island";
            for value in values {
                let plain = if island {
                    indexed::island(&value)
                } else {
                    None
                };
                self.found.states.push(plain.unwrap_or(value));
            }
        }
    }

    /// Adds a state: in the clear where it is in the form of an index, and with the states that its texts spell.
    fn state(&mut self, value: Value) {
        let value = indexed::devalue(&value).unwrap_or(value);
        let mut embedded = Vec::new();
        texts(&value, &mut |text| {
            if text.len() >= MIN_EMBEDDED_BYTES
                && (text.starts_with("{\"") || text.starts_with("[{"))
            {
                embedded.extend(literal::values(text, &mut self.budget));
            }
        });
        self.found.states.push(value);
        self.found.states.extend(embedded);
    }

    /// The literals in a script: what is assigned, passed or returned.
    fn code(&mut self, script: &str) {
        if script.contains("__next_f") {
            self.calls(script, ".push(", |reader, value| {
                for text in value.elements().iter().filter_map(Value::as_text) {
                    reader.flight.push_str(text);
                }
            });
            return;
        }
        if script.contains("streamController") {
            self.calls(script, ".enqueue(", |reader, value| {
                reader.stream.push_str(value.as_text().unwrap_or(""));
            });
        }
        let bytes = script.as_bytes();
        // the last byte that is no white space, and where
        let mut last = (b';', 0);
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            let starts = match byte {
                b'{' | b'[' => {
                    matches!(last.0, b'=' | b'(' | b',' | b':')
                        || bytes[..=last.1].ends_with(b"return")
                }
                b'J' => last.0 != b'.' && bytes[at..].starts_with(b"JSON.parse("),
                // the function by which Nuxt 2 writes its state
                b'(' => last.0 == b'=' && script[..last.1].trim_end().ends_with("__NUXT__"),
                _ => false,
            };
            if starts {
                let (value, end) = literal::value_at(script, at, &mut self.budget);
                if value.is_container() {
                    self.state(value);
                }
                at = end;
                last = (b'}', at.saturating_sub(1));
                continue;
            }
            if !byte.is_ascii_whitespace() && byte < 0x80 {
                last = (byte, at);
            }
            at += 1;
        }
    }

    /// The first argument of every call in `script`.
    fn calls(&mut self, script: &str, call: &str, mut take: impl FnMut(&mut Self, &Value)) {
        let mut at = 0;
        while let Some(found) = script[at..].find(call) {
            let (value, end) = literal::value_at(script, at + found + call.len(), &mut self.budget);
            take(self, &value);
            at = end;
        }
    }
}

/// Hands every text in a value to `take`.
fn texts<'v>(value: &'v Value, take: &mut impl FnMut(&'v str)) {
    match value {
        Value::Text(text) => take(text),
        Value::List(elements) => elements.iter().for_each(|element| texts(element, take)),
        Value::Object(members) => members.iter().for_each(|(_, member)| texts(member, take)),
        _ => {}
    }
}

/// The JSON of a script without what templates wrap around it, and without the HTML escapes that some apply to it.
fn bare_json(text: &str) -> String {
    let text = text.trim().trim_start_matches('\u{feff}');
    let start = text.find(['{', '[']).unwrap_or(text.len());
    // the second bracket of `<![CDATA[` is none of the data's
    let start = text[..start + usize::from(start < text.len())]
        .ends_with("<![")
        .then(|| text.find("CDATA["))
        .flatten()
        .map_or(start, |at| {
            let behind = at + "CDATA[".len();
            behind + text[behind..].find(['{', '[']).unwrap_or(0)
        });
    let json = &text[start..];
    let head = &json[..json.floor_char_boundary(400)];
    if head.contains("&quot;") || head.contains("&#34;") {
        // twice escaped ampersands come last, so that nothing is decoded twice
        return json
            .replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
    }
    json.to_owned()
}
