//! The text of one element, with what is known of its markup.

use super::draft::Construct;
use super::names::{self, Family, Field};
use super::tag::Attributes;
use super::text;

/// How long a body may be, in bytes.
const MAX_BODY_BYTES: usize = 8 << 20;
/// How long any other text may be, in bytes.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// How the text of an element is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// HTML in escaped form.
    Html,
    /// Markup as child elements.
    Xhtml,
    /// Nobody has said.
    Unknown,
    /// Base64 of text (Atom 0.3).
    Base64,
    /// No text at all.
    Binary,
}

impl Kind {
    /// What `type` (Atom 0.3, 1.0, Media RSS; any spelling) and `mode` (Atom 0.3) say; `default` where they say nothing.
    pub(super) fn of(attributes: &Attributes, default: Self) -> Self {
        let mode = attributes.get("mode").map(str::to_ascii_lowercase);
        if mode.as_deref() == Some("base64") {
            return Self::Base64;
        }
        let Some(kind) = attributes.get("type") else {
            return if mode.as_deref() == Some("xml") {
                Self::Xhtml
            } else {
                default
            };
        };
        let kind = kind.trim().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        match kind {
            "" => default,
            "html" | "text/html" if mode.as_deref() == Some("xml") => Self::Xhtml,
            "html" | "text/html" => Self::Html,
            "text/plain" if mode.is_some() => Self::Unknown,
            "text" | "plain" | "text/plain" => Self::Plain,
            "xhtml" => Self::Xhtml,
            _ if kind.ends_with("/xml") || kind.ends_with("+xml") => Self::Xhtml,
            _ if kind.starts_with("text/") => Self::Plain,
            _ if kind.contains('/') => Self::Binary,
            _ => default,
        }
    }
}

/// An element whose text is being collected.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) field: Field,
    pub(super) rank: u8,
    kind: Kind,
    text: String,
    /// How many elements lie directly in it.
    children: usize,
    /// For a guid: whether it may be a link.
    pub(super) permalink: bool,
    /// True if not all of it was kept.
    pub(super) cut: bool,
}

impl Leaf {
    pub(super) fn new(field: Field, rank: u8, kind: Kind) -> Self {
        Self {
            field,
            rank,
            kind,
            text: String::new(),
            children: 0,
            permalink: false,
            cut: false,
        }
    }

    /// What was collected so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// True if an `item` or `entry` in it is markup of its own and no entry of the feed.
    pub(super) fn is_xhtml(&self) -> bool {
        self.kind == Kind::Xhtml
    }

    /// True for the text that the base and language of an entry are told by.
    pub(super) fn is_body(&self) -> bool {
        matches!(self.field, Field::Summary | Field::Content)
    }

    /// True for the body's own start, and that of the element that wraps it: what they say holds for all of it.
    pub(super) fn is_new_body(&self) -> bool {
        let outermost = self.text.trim_start().rfind('<').is_none_or(|at| at == 0);
        self.field == Field::Content && self.children <= 1 && outermost
    }

    /// True if it may have markup.
    fn is_construct(&self) -> bool {
        matches!(
            self.field,
            Field::Title | Field::Summary | Field::Content | Field::Rights | Field::Licence
        )
    }

    /// True if the element of that name cannot be in it, so that its own end was forgotten.
    pub(super) fn ends_before(&self, family: Family, local: &str) -> bool {
        let body = self.is_body();
        !body
            && !self.is_xhtml()
            && family != Family::Xhtml
            && local != "title"
            && names::field(family, local).is_some()
    }

    pub(super) fn push(&mut self, characters: &str) {
        let limit = if self.is_construct() {
            MAX_BODY_BYTES
        } else {
            MAX_TEXT_BYTES
        };
        let room = limit.saturating_sub(self.text.len());
        let fits = if characters.len() <= room {
            characters
        } else {
            self.cut = true;
            &characters[..characters.floor_char_boundary(room)]
        };
        if self.kind == Kind::Xhtml {
            text::push_escaped(&mut self.text, fits);
        } else {
            self.text.push_str(fits);
        }
    }

    /// The start of an element in it; `outermost` if it lies in no other.
    pub(super) fn open(&mut self, name: &str, attributes: &Attributes, outermost: bool) {
        if !self.is_construct() {
            return;
        }
        self.children += usize::from(outermost);
        if matches!(self.kind, Kind::Plain | Kind::Unknown) {
            // text with real elements in it is markup, whatever it says
            let plain = std::mem::take(&mut self.text);
            text::push_escaped(&mut self.text, &plain);
            self.kind = Kind::Xhtml;
        }
        if self.text.len() > MAX_BODY_BYTES {
            self.cut = true;
            return;
        }
        self.text.push('<');
        self.text.push_str(local(name));
        for (key, value) in attributes.iter().filter(|(key, _)| !key.starts_with("xml")) {
            self.text.push(' ');
            self.text.push_str(key);
            self.text.push_str("=\"");
            text::push_escaped(&mut self.text, value);
            self.text.push('"');
        }
        self.text.push('>');
    }

    /// The end of an element in it.
    pub(super) fn close(&mut self, name: &str) {
        let name = local(name);
        if self.is_construct() && !text::VOID.contains(&name) {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
    }

    /// Its text without markup; `None` if there is none.
    pub(super) fn plain(self) -> Option<String> {
        let text = trimmed(self.text, char::is_whitespace);
        (!text.is_empty()).then_some(text)
    }

    /// Its text with its markup; `None` if there is none.
    pub(super) fn construct(self) -> Option<Construct> {
        let text = trimmed(self.text, blank);
        if text.is_empty() || self.kind == Kind::Binary {
            return None;
        }
        let (text, html) = match self.kind {
            Kind::Xhtml if self.children == 0 => {
                // escaped markup that calls itself XHTML
                let text = text::unescape(&text).into_owned();
                let html = text::looks_like_html(&text);
                (text, html)
            }
            Kind::Xhtml if self.children == 1 => (without_wrapper(&text).to_owned(), true),
            Kind::Xhtml | Kind::Html => (text, true),
            Kind::Base64 => {
                let text = text::from_base64(&text).unwrap_or(text);
                let html = text::looks_like_html(&text);
                (text, html)
            }
            Kind::Unknown if self.field == Field::Title => text::unlabelled(text),
            Kind::Unknown => {
                let html = text::looks_like_html(&text);
                (text, html)
            }
            Kind::Plain | Kind::Binary => (text, false),
        };
        (!text.trim().is_empty()).then_some(Construct { text, html })
    }
}

/// XHTML without the `div` that Atom wraps it in (RFC 4287 §3.1.1.3).
fn without_wrapper(text: &str) -> &str {
    let inside = text
        .strip_prefix("<div")
        .and_then(|rest| rest.strip_suffix("</div>"))
        .filter(|rest| rest.starts_with([' ', '>']))
        .and_then(|rest| rest.split_once('>'));
    inside.map_or(text, |(_, inside)| inside.trim())
}

/// `text` without what of its ends is `blank`; it is moved, not copied, if it begins with something else.
fn trimmed(mut text: String, blank: fn(char) -> bool) -> String {
    text.truncate(text.trim_end_matches(blank).len());
    let before = text.len() - text.trim_start_matches(blank).len();
    text.drain(..before);
    text
}

/// White space of XML (§2.3). A no-break space is text, and may be half of a character that was encoded twice.
fn blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
