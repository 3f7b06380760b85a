//! Text of a feed → raw entries: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1. XML goes through the
//! wash to feed-rs; nothing reaches feed-rs unwashed. Mends the document, never what it says.

mod bounded;
mod collect;
mod date;
mod draft;
mod error;
mod json;
mod leaf;
mod names;
mod person;
mod read;
mod role;
mod root;
mod tag;
mod text;
mod wash;

pub use error::FeedError;

pub(super) use json::is_json_feed;
pub(super) use read::Read;
pub(super) use root::{RootKind, find as find_root};

use url::Url;

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
