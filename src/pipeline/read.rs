//! Document → entries: two stages in a row.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use url::Url;

use crate::extract;
use crate::model::{Document, DocumentKind, Entry, Extraction, Source, SourceMeta, Wrapper};
use crate::normalise::{self, Context};

/// What was read from a document.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) meta: SourceMeta,
    pub(super) kind: DocumentKind,
    /// The encoding it was decoded with.
    pub(super) charset: &'static str,
    pub(super) entries: Vec<Entry>,
    /// Titles as a feed writes them, where they had been encoded twice and the entry's is mended: by position.
    pub(super) broken_titles: BTreeMap<u32, String>,
    pub(super) wrapper: Option<Wrapper>,
    /// Why no rules could be learnt of a page.
    pub(super) unlearnt: Option<String>,
    /// The page with older posts.
    pub(super) next: Option<Url>,
    /// The document ends before it should: it is to be asked for whole the next time.
    pub(super) is_cut: bool,
    pub(super) warnings: Vec<String>,
}

impl Reading {
    /// Leaves out the entries in which there is nothing to publish.
    ///
    /// # Errors
    /// [`extract::Error`]: there is no other entry.
    pub(super) fn publishable(mut self) -> Result<Self, extract::Error> {
        let listed = self.entries.len();
        self.entries.retain(|entry| !entry.is_blank());
        if listed > 0 && self.entries.is_empty() {
            return Err(extract::FeedError::OnlyEmptyEntries.into());
        }
        Ok(self)
    }
}

/// Reads `document` with the rules `select`, and by inference what they leave open.
///
/// # Errors
/// [`extract::Error`]: it is nothing that can be read.
pub(super) fn read(
    source: &Source,
    document: &Document,
    select: Option<&Wrapper>,
    now: DateTime<Utc>,
) -> Result<Reading, extract::Error> {
    let extraction = extract::extract(document, source.kind, select)?;
    Ok(normalised(source, document, extraction, now))
}

/// Reads an index page by the posts that are `known` by their addresses, and by the configured rules.
///
/// # Errors
/// [`extract::Error`]: nothing on it leads to any of them.
pub(super) fn read_knowing(
    source: &Source,
    document: &Document,
    known: &[&str],
    now: DateTime<Utc>,
) -> Result<Reading, extract::Error> {
    let extraction = extract::find_again(document, source.select.as_ref(), known)?;
    Ok(normalised(source, document, extraction, now))
}

/// What [`read`] makes of an extraction.
pub(super) fn normalised(
    source: &Source,
    document: &Document,
    extraction: Extraction,
    now: DateTime<Utc>,
) -> Reading {
    let context = Context {
        source,
        document: &document.url,
        meta: &extraction.meta,
        kind: extraction.kind,
        now,
    };
    let normalised = normalise::normalise(extraction.entries, &context);
    let mut warnings = extraction.warnings;
    warnings.extend(normalised.warnings);
    Reading {
        meta: extraction.meta,
        kind: extraction.kind,
        charset: extraction.charset,
        entries: normalised.entries,
        broken_titles: normalised.broken_titles,
        wrapper: extraction.wrapper,
        unlearnt: extraction.unlearnt,
        next: extraction.next,
        is_cut: extraction.is_cut,
        warnings,
    }
}
