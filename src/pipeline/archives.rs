//! The history of a feed → pages on disk. What is closed is made once, kept in the store, and written again only where it is
//! missing.

use std::path::{Path, PathBuf};

use super::error::Error;
use crate::deliver::files;
use crate::model::{Document, Feed, FeedDefinition, Format, Paging};
use crate::publish;
use crate::store::Store;

/// A closed page of an archive, which stays on disk until somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Its path below the output folder, as documents have one.
    pub path: String,
    /// Where it is.
    pub file: PathBuf,
    /// What it is.
    pub media_type: &'static str,
    /// Its validator, an HTTP date.
    pub last_modified: Option<String>,
}

/// Where `file` of a feed is, below the output folder: `all` at the top, every other feed in a folder of its own.
pub(super) fn path_in(feed: &str, file: &str) -> String {
    if feed == "all" {
        file.to_owned()
    } else {
        format!("{feed}/{file}")
    }
}

/// The page of the archive that the front page leads to. The open page is there once some of its entries are not on the
/// front page, or pages before it are closed.
pub(super) fn newest(store: &Store, front: &Feed) -> Result<Option<u64>, Error> {
    if formats(&front.definition).next().is_none() {
        return Ok(None);
    }
    let history = store.history(&front.definition)?;
    let is_open = history.closed > 0 || history.open > front.entries.len() as u64;
    Ok(is_open.then_some(history.closed + 1))
}

/// The open page, which is `newest`, in each format.
pub(super) fn open_page(
    store: &Store,
    definition: &FeedDefinition,
    newest: u64,
) -> Result<Vec<(String, Document)>, Error> {
    let mut feed = store.page(definition, newest)?;
    feed.paging = paging(newest, false);
    let named = formats(definition).filter_map(|format| {
        let name = format.archive_name(newest)?;
        Some((
            path_in(&definition.id, &name),
            publish::render(&feed, format),
        ))
    });
    Ok(named.collect())
}

/// Makes the pages that have closed, and writes those that are missing below `output`; gives all.
pub(super) fn closed_pages(
    store: &mut Store,
    definition: &FeedDefinition,
    output: &Path,
) -> Result<Vec<Archived>, Error> {
    let mut archived = Vec::new();
    for format in formats(definition) {
        for page in store.unshelved(definition, format)? {
            let mut feed = store.page(definition, page)?;
            feed.paging = paging(page, true);
            let document = publish::render(&feed, format);
            store.shelve(definition, page, format, &document)?;
        }
        for shelved in store.shelved(definition, format)? {
            let Some(name) = format.archive_name(shelved.page) else {
                continue;
            };
            let path = path_in(&definition.id, &name);
            let file = output.join(&path);
            let (folder, name) = (
                file.parent().unwrap_or(output),
                name.trim_start_matches("archive/"),
            );
            if !files::is_there(folder, name, shelved.size)
                && let Some(body) = store.shelved_body(definition, shelved.page, format)?
            {
                files::write(folder, name, body.as_bytes())?;
            }
            archived.push(Archived {
                path,
                file,
                media_type: format.media_type(),
                last_modified: shelved.last_modified,
            });
        }
    }
    Ok(archived)
}

/// The file of a page, below the output folder, in the first of the formats of the feed that have archives.
pub(super) fn file(definition: &FeedDefinition, page: u64) -> Option<String> {
    let name = formats(definition).find_map(|format| format.archive_name(page))?;
    Some(path_in(&definition.id, &name))
}

/// The formats of the feed that have archives.
fn formats(definition: &FeedDefinition) -> impl Iterator<Item = Format> {
    let has_archives = |format: &Format| format.archive_name(1).is_some();
    definition.formats.clone().into_iter().filter(has_archives)
}

/// Where a page stands. The page after a closed one is there as soon as that is closed.
fn paging(page: u64, is_closed: bool) -> Paging {
    Paging {
        page: Some(page),
        is_closed,
        older: (page > 1).then(|| page - 1),
        newer: is_closed.then_some(page + 1),
    }
}
