//! The history of a feed → pages on disk. What is closed is made once, kept in the store, and written again only where it is
//! missing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::shown;
use crate::deliver::files::{self, Wanted};
use crate::model::{Document, Feed, FeedDefinition, Format, Paging};
use crate::publish;
use crate::store::Store;

/// So many pages are made, kept and written together: the disk is waited for once, and they are in memory at one time.
const AT_ONCE: usize = 16;

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
    let mut feed = shown::page(store, definition, newest)?;
    feed.paging = paging(newest, false);
    let formats: Vec<Format> = formats(definition).collect();
    let documents = publish::render_each(&feed, &formats);
    let named = formats.iter().zip(documents).filter_map(|(format, it)| {
        let name = format.archive_name(newest)?;
        Some((path_in(&definition.id, &name), it))
    });
    Ok(named.collect())
}

/// Makes the pages that have closed, and writes those that are missing below `output`; gives all.
pub(super) fn closed_pages(
    store: &mut Store,
    definition: &FeedDefinition,
    output: &Path,
) -> Result<Vec<Archived>, Error> {
    close(store, definition)?;
    let mut archived = Vec::new();
    let mut missing = Vec::new();
    for format in formats(definition) {
        for shelved in store.shelved(definition, format)? {
            let Some(name) = format.archive_name(shelved.page) else {
                continue;
            };
            let path = path_in(&definition.id, &name);
            let file = output.join(&path);
            if !files::is_there(&file, shelved.size) {
                missing.push((shelved.page, format, file.clone()));
            }
            archived.push(Archived {
                path,
                file,
                media_type: format.media_type(),
                last_modified: shelved.last_modified,
            });
        }
    }
    // what leads to a page is written after it
    missing.sort_by_key(|(page, ..)| *page);
    for few in missing.chunks(AT_ONCE) {
        write(store, definition, few)?;
    }
    Ok(archived)
}

/// The file of a page, below the output folder, in the first of the formats of the feed that have archives.
pub(super) fn file(definition: &FeedDefinition, page: u64) -> Option<String> {
    let name = formats(definition).find_map(|format| format.archive_name(page))?;
    Some(path_in(&definition.id, &name))
}

/// Makes the documents of pages that have closed, and keeps them for good.
fn close(store: &mut Store, definition: &FeedDefinition) -> Result<(), Error> {
    let mut lacking: BTreeMap<u64, Vec<Format>> = BTreeMap::new();
    for format in formats(definition) {
        for page in store.unshelved(definition, format)? {
            lacking.entry(page).or_default().push(format);
        }
    }
    let lacking: Vec<(u64, Vec<Format>)> = lacking.into_iter().collect();
    for few in lacking.chunks(AT_ONCE) {
        let mut made = Vec::new();
        for (page, formats) in few {
            let mut feed = shown::page(store, definition, *page)?;
            feed.paging = paging(*page, true);
            let documents = publish::render_each(&feed, formats);
            let documents = formats.iter().zip(documents);
            made.extend(documents.map(|(format, document)| (*page, *format, document)));
        }
        store.shelve(definition, &made)?;
    }
    Ok(())
}

/// Writes closed pages as they are kept.
fn write(
    store: &Store,
    definition: &FeedDefinition,
    pages: &[(u64, Format, PathBuf)],
) -> Result<(), Error> {
    let mut bodies = Vec::with_capacity(pages.len());
    for (page, format, file) in pages {
        if let Some(body) = store.shelved_body(definition, *page, *format)? {
            bodies.push((file, body));
        }
    }
    let wanted = bodies.iter().filter_map(|(file, body)| {
        Some(Wanted {
            folder: file.parent()?,
            name: file.file_name()?.to_str()?,
            bytes: body.as_bytes(),
        })
    });
    files::write_all(&wanted.collect::<Vec<_>>())?;
    Ok(())
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
