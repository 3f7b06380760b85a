//! RawEntry → Entry: absolute addresses, UTC instants, safe HTML, plain-text title and summary.
//!
//! In comes what one document says, as strings; out goes what may be kept and shown. Each rule, applied twice, changes
//! nothing more. Never asks the network, never reads the clock (`now` is given), never invents what a source does not say:
//! what is worked out from other fields is marked [`Tier::Derived`](crate::model::Tier::Derived).

mod author;
mod boilerplate;
mod content;
mod context;
mod dates;
mod enclosure;
mod enrich;
mod entry;
mod html;
mod key;
mod language;
mod parse;
mod print;
mod read_time;
mod summary;
mod tags;
mod text;
mod title;
mod url;

use crate::model::{Entry, RawEntry};

pub use context::Context;
pub use enrich::enrich;
pub use key::canonical_key;

/// The entries of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalised {
    /// In document order, numbered from 0.
    pub entries: Vec<Entry>,
    /// What was odd, in sentences.
    pub warnings: Vec<String>,
}

/// The entries of one document, normalised. Entries that say nothing at all are left out, with a warning.
#[must_use]
pub fn normalise(raw: Vec<RawEntry>, context: &Context<'_>) -> Normalised {
    let (dates, mut warnings) = dates::of_document(&raw, context);
    let mut entries = Vec::with_capacity(raw.len());
    let mut empty = 0_usize;
    let mut flattened = 0_usize;
    for (raw, dates) in raw.into_iter().zip(dates) {
        let position = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        match entry::entry(&raw, &dates, position, context) {
            Some(made) => {
                flattened += usize::from(made.flattened);
                entries.push(made.entry);
            }
            None => empty += 1,
        }
    }
    if empty > 0 {
        warnings.push(format!(
            "entries left out because nothing tells them apart: {empty}"
        ));
    }
    if flattened > 0 {
        warnings.push(format!(
            "bodies reduced to paragraphs, their markup being too large or too deep: {flattened}"
        ));
    }
    Normalised { entries, warnings }
}

#[cfg(test)]
mod tests;
