//! What is known beside the entry itself.

use chrono::{DateTime, Utc};
use url::Url;

use crate::model::{DocumentKind, Source, SourceMeta};

/// What the rules need to know beside the entry.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The source as configured: its tags.
    pub source: &'a Source,
    /// Where the document was found: the base of relative addresses.
    pub document: &'a Url,
    /// What the document says of itself: its language.
    pub meta: &'a SourceMeta,
    /// Whether the entries come from a feed or a page.
    pub kind: DocumentKind,
    /// When the document was read; relative dates count from here.
    pub now: DateTime<Utc>,
}
