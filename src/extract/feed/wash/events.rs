//! Text → what quick-xml sees in it, read on behind what is no XML, into the wash.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use super::{Wash, Washed};
use crate::extract::feed::explain::Notes;
use crate::extract::feed::text;

/// How often the text may be read over, all places together that are no XML and are read on behind.
const MAX_READINGS: usize = 16;

/// Washes `text` from its byte `start`, where the root of a feed begins; the document was found at `url`.
/// `notes`, where there are any, take what is met.
pub(in crate::extract::feed) fn wash(
    text: &str,
    mut start: usize,
    url: &Url,
    notes: Option<Notes>,
) -> Washed {
    let mut wash = Wash {
        url: Some(url.clone()),
        notes,
        ..Wash::default()
    };
    let prolog = &text[..start];
    if let Some(at) = prolog.find("<!DOCTYPE") {
        wash.entities.declare(&prolog[at..]);
    }
    let mut budget = text.len().saturating_mul(MAX_READINGS);
    loop {
        let mut reader = Reader::from_str(&text[start..]);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let stop = wash.read(&mut reader);
        let position = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        budget = budget.saturating_sub(position(reader.buffer_position()).max(1));
        let next = match stop {
            Stop::End => break,
            Stop::Again(at) => Some(start + position(at)),
            Stop::NoXml => {
                // what is no XML is passed over up to the next tag
                wash.damaged = true;
                if let Some(notes) = &mut wash.notes {
                    notes.not_xml += 1;
                }
                let behind = position(reader.error_position()).saturating_add(start + 1);
                let behind = text.ceil_char_boundary(behind.min(text.len()));
                text[behind..].find('<').map(|at| behind + at)
            }
        };
        match next {
            Some(next) if budget > 0 => start = next,
            Some(_) => {
                wash.damaged = true;
                break;
            }
            None => break,
        }
    }
    wash.finish()
}

/// Why reading stopped.
enum Stop {
    /// There is no more to read.
    End,
    /// It came to something that is no XML.
    NoXml,
    /// What was read up to this byte looked like a tag, and is text.
    Again(u64),
}

/// True if `tag` begins as a name does: `a < b` and `<3` are text.
fn is_named(tag: &BytesStart<'_>) -> bool {
    tag.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

impl Wash {
    /// Reads on to the end, or to what it cannot read.
    fn read(&mut self, reader: &mut Reader<&[u8]>) -> Stop {
        while !self.ended && !self.full {
            match reader.read_event() {
                Ok(Event::Eof) => break,
                Ok(Event::Start(tag)) if !is_named(&tag) => {
                    if let Some(behind) = self.no_tag(&tag) {
                        return Stop::Again(reader.buffer_position() - 1 - behind);
                    }
                }
                Ok(event) => self.event(&event),
                Err(_) => return Stop::NoXml,
            }
        }
        Stop::End
    }

    /// Takes what stands between `<` and `>` as text, or as much of it as stands before another `<`: then that is how many
    /// bytes it is from there to the `>`.
    fn no_tag(&mut self, tag: &BytesStart<'_>) -> Option<u64> {
        let inside: &str = tag;
        let next = inside.find('<');
        let text = &inside[..next.unwrap_or(inside.len())];
        let end = if next.is_none() { ">" } else { "" };
        self.text(&format!("<{}{end}", text::clean(text)));
        u64::try_from(inside.len() - next?).ok()
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => {
                self.start(tag, false);
            }
            Event::Empty(tag) if is_named(tag) => {
                if self.start(tag, true) {
                    self.pop();
                }
            }
            Event::Empty(tag) => self.text(&format!("<{}/>", text::clean(tag))),
            Event::End(tag) => self.end(tag.name().as_ref().trim()),
            Event::Text(characters) => self.text(&text::clean(characters)),
            Event::CData(characters) => self.text(&text::clean(characters)),
            Event::GeneralRef(name) => {
                if let Some(value) = self.entities.text(name).map(str::to_owned) {
                    self.text(&value);
                } else if let Some(value) = text::reference(name) {
                    self.text(&value);
                } else {
                    self.text(&text::clean(&format!("&{};", &**name)));
                }
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) | Event::Eof => {}
        }
    }
}
