//! Text of a feed → raw entries: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1. XML goes through the
//! wash to feed-rs; nothing reaches feed-rs unwashed. Mends the document, never what it says.

mod bounded;
mod collect;
mod date;
mod draft;
mod json;
mod leaf;
mod names;
mod person;
mod read;
mod root;
mod tag;
mod text;
mod wash;

pub(super) use json::is_json_feed;
pub(super) use root::{RootKind, find as find_root};

use thiserror::Error;
use url::Url;

use crate::model::{RawEntry, SourceMeta};

/// Why a feed could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FeedError {
    /// It has entries, but there is nothing in any of them.
    #[error("the feed has entries, but nothing could be read from any of them")]
    OnlyEmptyEntries,
    /// The root is that of a feed, but there is no title, link or entry in it.
    #[error("the document begins like a feed, but there is nothing of a feed in it")]
    Nothing,
    /// It is no such document, although it looks like one.
    #[error("the feed cannot be read: {cause}")]
    Unreadable {
        /// What the parser said.
        cause: String,
    },
}

/// What was read from a feed.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// What the feed says of itself.
    pub(super) meta: SourceMeta,
    /// Its entries, in document order.
    pub(super) entries: Vec<RawEntry>,
    /// What was odd, in sentences.
    pub(super) warnings: Vec<String>,
}

/// Reads RSS or Atom whose root begins at byte `start` of `text`.
pub(super) fn read_xml(text: &str, start: usize, url: &Url) -> Result<Read, FeedError> {
    let mut read = read::read(wash::wash(text, start, url), url)?;
    let before = text[..start].trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if !(before.is_empty() || before.starts_with("<?") || before.starts_with("<!")) {
        let warning = "Something that is no part of the feed stands before it.";
        read.warnings.push(warning.to_owned());
    }
    Ok(read)
}

/// Reads JSON Feed.
pub(super) fn read_json(text: &str) -> Result<Read, FeedError> {
    json::read(text)
}
