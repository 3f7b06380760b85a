//! Writes HTML that a reader's parser understands as we meant it, and gathers the text of what is written.

use super::super::blocks::{Block, Gatherer};
use super::super::text;
use super::policy::is_void;
use crate::lexicon::scan::{self, is};

/// No body is longer, bytes; what is cut off leaves a mark.
pub(super) const MAX_HTML_BYTES: usize = 512 * 1024;
/// Room kept for a mark when a tag is written, so that a body that was cut is not cut again, bytes.
const RESERVE_BYTES: usize = 64;
/// What says that a body was cut.
const MARK: &str = "<p>…</p>";

/// What was written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// HTML.
    pub html: String,
    /// Its text.
    pub blocks: Vec<Block>,
    /// True if it holds an image, a player or a recording.
    pub has_media: bool,
    /// True if it holds a list, a table, code or a quotation.
    pub has_structure: bool,
    /// True if a parser might build another tree from it than the one that was written.
    pub is_unsettled: bool,
}

/// HTML in the making.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Writer {
    html: String,
    /// Text that is not written yet: runs that meet are one.
    text: String,
    open: Vec<&'static str>,
    blocks: Gatherer,
    /// How much was written up to the last `<pre>`, right behind which a parser drops a line break.
    pre_content: usize,
    has_media: bool,
    has_structure: bool,
    is_unsettled: bool,
    is_full: bool,
}

impl Writer {
    /// One that is likely to write about `length` bytes.
    pub(crate) fn with_room(length: usize) -> Self {
        Self {
            html: String::with_capacity(length.min(MAX_HTML_BYTES)),
            ..Self::default()
        }
    }

    /// True if no more is taken.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// True inside an element of that name.
    pub(crate) fn is_in(&self, name: &str) -> bool {
        self.open.contains(&name)
    }

    /// A run of text, not escaped.
    pub(crate) fn text(&mut self, text: &str) {
        if !self.is_full {
            self.text.push_str(text);
        }
    }

    /// A start tag; `attributes` is source, each attribute after a space. An element that is never closed is closed by the
    /// next [`Self::close`] otherwise.
    pub(crate) fn open(&mut self, name: &'static str, attributes: &str) {
        self.write_text();
        if self.is_full {
            return;
        }
        if self.html.len() + name.len() + attributes.len() + RESERVE_BYTES > MAX_HTML_BYTES {
            self.cut();
            return;
        }
        self.is_unsettled |= self.unsettles(name);
        self.html.push('<');
        self.html.push_str(name);
        self.html.push_str(attributes);
        self.html.push('>');
        if name == "pre" {
            self.pre_content = self.html.len();
        }
        self.has_media |= matches!(name, "img" | "iframe" | "audio" | "video");
        self.has_structure |= matches!(name, "blockquote" | "dl" | "ol" | "pre" | "table" | "ul");
        if is_void(name) {
            self.blocks.part(name);
        } else {
            self.blocks.open(name);
            self.open.push(name);
        }
    }

    /// Closes the element that was opened last.
    pub(crate) fn close(&mut self) {
        self.write_text();
        if let Some(name) = self.open.pop() {
            self.end(name);
        }
    }

    fn end(&mut self, name: &'static str) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
        self.blocks.close(name);
    }

    /// All that was written.
    pub(crate) fn finish(mut self) -> Written {
        while !self.open.is_empty() {
            self.close();
        }
        self.write_text();
        let mut html = self.html;
        html.truncate(html.trim_end().len());
        html.drain(..html.len() - html.trim_start().len());
        Written {
            html,
            blocks: self.blocks.finish(),
            has_media: self.has_media,
            has_structure: self.has_structure,
            is_unsettled: self.is_unsettled,
        }
    }

    fn write_text(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.text);
        let is_plain = text::is_plain(&text);
        let mut sound: &str = if is_plain { &text } else { &text::sound(&text) };
        let room = MAX_HTML_BYTES.saturating_sub(self.html.len());
        let end = fitting(sound, room);
        let is_long = end < sound.len();
        if is_long {
            let head = &sound[..end];
            let end = head.rfind(char::is_whitespace).unwrap_or(head.len());
            sound = head[..end].trim_end();
        }
        if !sound.is_empty() {
            self.is_unsettled |= self.open.last().is_some_and(|open| is_table_part(open))
                && !sound.trim_matches([' ', '\n', '\t']).is_empty();
            if sound.starts_with('\n') && self.html.len() == self.pre_content {
                self.html.push('\n');
            }
            escape(&mut self.html, sound, false);
            if is_plain {
                self.blocks.plain_text(sound);
            } else {
                self.blocks.text(sound);
            }
        }
        if is_long {
            self.cut();
        } else {
            // keeps its room for the next run
            self.text = text;
            self.text.clear();
        }
    }

    /// Ends the body here.
    fn cut(&mut self) {
        while let Some(name) = self.open.pop() {
            self.end(name);
        }
        self.html.push_str(MARK);
        self.blocks.part("p");
        self.blocks.text("…");
        self.is_full = true;
    }

    /// True if a parser would not put an element of that name here (HTML §13.2.6.4.7 and the table modes after it).
    fn unsettles(&self, name: &str) -> bool {
        let current = self.open.last().copied().unwrap_or_default();
        match name {
            "caption" | "colgroup" | "tbody" | "tfoot" | "thead" => return current != "table",
            "tr" => return !matches!(current, "tbody" | "tfoot" | "thead"),
            "td" | "th" => return current != "tr",
            "col" => return current != "colgroup",
            _ if is_table_part(current) => return true,
            _ => {}
        }
        let cell = |open: &str| matches!(open, "caption" | "table" | "td" | "th");
        let mut outwards = self.open.iter().rev().copied();
        match name {
            "a" => outwards
                .take_while(|open| !cell(open) || *open == "table")
                .any(|open| open == "a"),
            "rp" | "rt" => matches!(current, "dd" | "dt" | "li" | "p" | "rp" | "rt"),
            _ if !closes_p(name) => false,
            _ if outwards
                .clone()
                .take_while(|open| !cell(open))
                .any(|open| open == "p") =>
            {
                true
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => is_heading(current),
            "li" => outwards
                .find(|open| *open == "li" || bounds_item(open))
                .is_some_and(|open| open == "li"),
            "dd" | "dt" => outwards
                .find(|open| matches!(*open, "dd" | "dt") || bounds_item(open))
                .is_some_and(|open| matches!(open, "dd" | "dt")),
            _ => false,
        }
    }
}

/// How many bytes of `text` take at most `room` bytes when they are escaped.
fn fitting(text: &str, room: usize) -> usize {
    // no character takes more than six times its length
    if text.len() <= room / 6 {
        return text.len();
    }
    let mut size = 0;
    for (at, c) in text.char_indices() {
        size += match c {
            '<' | '>' => 4,
            '&' => 5,
            '\u{a0}' => 6,
            _ => c.len_utf8(),
        };
        if size > room {
            return at;
        }
    }
    text.len()
}

/// Writes `text` so that it is text: between tags, or in a quoted attribute.
pub(super) fn escape(html: &mut String, text: &str, in_attribute: bool) {
    let quote = if in_attribute { b'"' } else { b'&' };
    let special = |b| is(b, b'&') | is(b, b'<') | is(b, b'>') | is(b, quote) | is(b, 0xc2);
    let bytes = text.as_bytes();
    let (mut done, mut at) = (0, 0);
    while let Some(next) = scan::first(&bytes[at..], special) {
        at += next;
        let (entity, length) = match bytes[at] {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' => ("&quot;", 1),
            // NO-BREAK SPACE
            _ if bytes[at + 1] == 0xa0 => ("&nbsp;", 2),
            _ => {
                at += 2;
                continue;
            }
        };
        html.push_str(&text[done..at]);
        html.push_str(entity);
        at += length;
        done = at;
    }
    html.push_str(&text[done..]);
}

/// True for the elements of a table that hold no text of their own.
fn is_table_part(name: &str) -> bool {
    matches!(
        name,
        "colgroup" | "table" | "tbody" | "tfoot" | "thead" | "tr"
    )
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// True for elements whose start tag ends an open paragraph.
fn closes_p(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "address"
                | "article"
                | "aside"
                | "blockquote"
                | "dd"
                | "details"
                | "div"
                | "dl"
                | "dt"
                | "figcaption"
                | "figure"
                | "footer"
                | "header"
                | "hgroup"
                | "hr"
                | "li"
                | "nav"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "summary"
                | "table"
                | "ul"
        )
}

/// True for elements that an item of a list does not reach through to close the one before.
fn bounds_item(name: &str) -> bool {
    (closes_p(name) && !matches!(name, "address" | "div" | "p"))
        || matches!(name, "caption" | "td" | "th")
}
