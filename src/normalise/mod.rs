//! RawEntry → Entry: absolute addresses, UTC instants, safe HTML, plain-text title and summary.
//!
//! In comes what one document says, as strings; out goes what may be kept and shown. Each rule, applied twice, changes
//! nothing more. Never asks the network, never reads the clock (`now` is given), never invents what a source does not say:
//! what is worked out from other fields is marked [`Tier::Derived`](crate::model::Tier::Derived).

mod author;
mod blocks;
mod boilerplate;
mod content;
mod context;
mod dates;
mod described;
mod enclosure;
mod enrich;
mod entry;
mod flat;
mod html;
mod key;
mod language;
mod markup;
mod parse;
mod print;
mod read_time;
mod reference;
mod simple;
mod summary;
mod tags;
mod text;
mod title;
mod url;

use std::collections::BTreeMap;

use crate::model::{DocumentKind, Entry, RawEntry};

pub use context::Context;
pub use enrich::enrich;
pub use key::canonical_key;
pub use tags::tag;
pub use title::plain as plain_title;

/// The entries of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalised {
    /// In document order, numbered from 0.
    pub entries: Vec<Entry>,
    /// Titles as a feed writes them, by position, where they had been encoded twice and the entry's is mended.
    pub broken_titles: BTreeMap<u32, String>,
    /// What was odd, in sentences.
    pub warnings: Vec<String>,
}

/// The entries of one document, normalised. A warning counts those in which there is nothing to publish
/// ([`Entry::is_blank`]); those of a feed are kept all the same, for they stand in it, those of a page are no posts.
#[must_use]
pub fn normalise(raw: Vec<RawEntry>, context: &Context<'_>) -> Normalised {
    let (dates, mut warnings) = dates::of_document(&raw, context);
    let mut entries = Vec::with_capacity(raw.len());
    let mut broken_titles = BTreeMap::new();
    let mut flattened = 0_usize;
    for ((position, raw), dates) in (0..).zip(raw).zip(dates) {
        let made = entry::entry(&raw, &dates, position, context);
        flattened += usize::from(made.flattened);
        broken_titles.extend(made.broken_title.map(|title| (position, title)));
        entries.push(made.entry);
    }
    let blank = entries.iter().filter(|entry| entry.is_blank()).count();
    if context.kind == DocumentKind::Page {
        entries.retain(|entry| !entry.is_blank());
    }
    if blank > 0 {
        warnings.push(format!(
            "entries with nothing to publish, neither link, title, text nor file: {blank}"
        ));
    }
    if flattened > 0 {
        warnings.push(format!(
            "bodies reduced to paragraphs, their markup being too large or too deep: {flattened}"
        ));
    }
    if !broken_titles.is_empty() {
        warnings.push(format!(
            "titles whose characters are encoded twice, mended: {}",
            broken_titles.len()
        ));
    }
    Normalised {
        entries,
        broken_titles,
        warnings,
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
