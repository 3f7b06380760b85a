//! Text of a feed → raw entries: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1. XML goes through the
//! wash to feed-rs; nothing reaches feed-rs unwashed. Mends the document, never what it says.

mod bounded;
mod collect;
mod date;
mod draft;
mod entities;
mod error;
mod explain;
mod hints;
mod json;
mod leaf;
mod mended;
mod names;
mod namespaces;
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

use crate::model::Explanation;

/// Reads RSS or Atom whose root begins at byte `start` of `text`; `notes` take how.
pub(super) fn read_xml(
    text: &str,
    start: usize,
    url: &Url,
    notes: Option<&mut Explanation>,
) -> Result<Read, FeedError> {
    let before = text[..start].trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let preceded = !(before.is_empty() || before.starts_with("<?") || before.starts_with("<!"));
    let before =
        preceded.then(|| "Something that is no part of the feed stands before it.".to_owned());
    let Some(notes) = notes else {
        let mut read = read::read(wash::wash(text, start, url, None), url)?;
        read.warnings.extend(before);
        return Ok(read);
    };
    let mut washed = wash::wash(text, start, url, Some(explain::Notes::default()));
    let seen = washed.notes.take().unwrap_or_default();
    washed.warnings.extend(before);
    seen.describe(&text[start..], &washed.warnings, notes);
    let read = read::read(washed, url)?;
    seen.trace(&read.entries, notes);
    Ok(read)
}

/// Reads JSON Feed; `notes` take how.
pub(super) fn read_json(text: &str, notes: Option<&mut Explanation>) -> Result<Read, FeedError> {
    json::read(text, notes)
}
