//! The history of a feed → pages on disk. What is closed is made once, kept in the store, and written again only where it is
//! missing.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use url::Url;

use super::error::Error;
use super::foreign::obstacle;
use super::shown;
use crate::deliver::files::{self, Wanted};
use crate::extract::extract;
use crate::model::{
    Document, Feed, FeedDefinition, Format, Paging, PublishedEntry, RawEntry, Shelved, SourceKind,
    Text, Validators,
};
use crate::publish;
use crate::store::{ClosedPage, Store};

/// So many pages are kept, and then written, together: the disk is waited for once. Twice as many are in memory at one time.
const AT_ONCE: usize = 2;
/// So many pages are made at a time: the store gives no more.
const MOST_WORKERS: usize = 4;

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

/// Makes the pages that have closed, which are so many, and writes those that are missing below `output`; gives all, and how
/// many were written.
pub(super) fn closed_pages(
    store: &mut Store,
    definition: &FeedDefinition,
    closed: u64,
    output: &Path,
) -> Result<(Vec<Archived>, usize), Error> {
    let formats: Vec<Format> = formats(definition).collect();
    readdress(store, definition, &formats, output)?;
    let mut shelved = store.shelved(definition)?;
    let lacking = lacking(&shelved, closed, &formats);
    let made: usize = lacking.iter().map(|(_, formats)| formats.len()).sum();
    if !lacking.is_empty() {
        close(store, definition, &lacking, output)?;
        shelved = store.shelved(definition)?;
    }
    let mut archived = Vec::with_capacity(shelved.len());
    let mut missing = Vec::new();
    for it in shelved {
        let Some(name) = (it.format.archive_name(it.page)).filter(|_| formats.contains(&it.format))
        else {
            continue;
        };
        let path = path_in(&definition.id, &name);
        let file = output.join(&path);
        // what is in the way is told with the front page
        if !files::is_there(&file, it.size) && obstacle(output, &path).is_none() {
            missing.push((it.page, it.format, file.clone()));
        }
        archived.push(Archived {
            path,
            file,
            media_type: it.format.media_type(),
            last_modified: it.last_modified,
        });
    }
    // the oldest first: what leads to a page is written after it
    for few in missing.chunks(AT_ONCE) {
        write_again(store, definition, few)?;
    }
    Ok((archived, made + missing.len()))
}

/// Gives the pages that were made for another address of the feed the one that it has now, and writes them. Their entries stay as
/// they are: of some there may be nothing left but what stands there.
fn readdress(
    store: &mut Store,
    definition: &FeedDefinition,
    formats: &[Format],
    output: &Path,
) -> Result<(), Error> {
    let mut pages: BTreeMap<u64, Vec<(Shelved, Url)>> = BTreeMap::new();
    for (page, from) in store.shelved_elsewhere(definition)? {
        if formats.contains(&page.format) {
            pages.entry(page.page).or_default().push((page, from));
        }
    }
    for (page, shelved) in pages {
        let mut documents = Vec::with_capacity(shelved.len());
        for (it, from) in shelved {
            let kept = store.shelved_body(definition, page, it.format)?;
            let moved =
                kept.and_then(|body| publish::readdress(&body, it.format, &from, &definition.url));
            // what does not say where it is, is made anew
            if let Some(body) = moved {
                let modified = it.last_modified;
                documents.push((it.format, document(definition, it.format, modified, body)));
            }
        }
        let pages = [ClosedPage::new(page, documents)];
        store.shelve(definition, &pages)?;
        write(definition, output, &pages)?;
    }
    Ok(())
}

/// The bytes of a closed page as a document.
fn document(
    definition: &FeedDefinition,
    format: Format,
    last_modified: Option<String>,
    body: String,
) -> Document {
    Document {
        url: definition.url.clone(),
        media_type: Some(format.media_type().to_owned()),
        charset: Some("utf-8".to_owned()),
        validators: Validators {
            etag: None,
            last_modified,
        },
        body: body.into(),
    }
}

/// The file of a page, below the output folder, in the first of the formats of the feed that have archives.
pub(super) fn file(definition: &FeedDefinition, page: u64) -> Option<String> {
    let name = formats(definition).find_map(|format| format.archive_name(page))?;
    Some(path_in(&definition.id, &name))
}

/// The closed pages, of so many, that are not among `shelved`, which are in order, in each format.
fn lacking(shelved: &[Shelved], closed: u64, formats: &[Format]) -> Vec<(u64, Vec<Format>)> {
    let mut lacking = Vec::new();
    let mut rest = shelved;
    for page in 1..=closed {
        let end = rest.iter().position(|it| it.page > page);
        let (here, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        let is_lacking = |format: &&Format| here.iter().all(|it| it.format != **format);
        let formats: Vec<Format> = formats.iter().filter(is_lacking).copied().collect();
        if !formats.is_empty() {
            lacking.push((page, formats));
        }
    }
    lacking
}

/// Makes the documents of pages that have closed, keeps them for good, and writes them. While some are made, what others are
/// made from is read, and the last are written, oldest first. Few are in memory at a time, and the threads stay the same: each
/// holds on to what it once needed.
fn close(
    store: &mut Store,
    definition: &FeedDefinition,
    lacking: &[(u64, Vec<Format>)],
    output: &Path,
) -> Result<(), Error> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = workers.min(MOST_WORKERS).min(lacking.len());
    let (give, jobs) = mpsc::sync_channel(workers);
    let jobs = Arc::new(Mutex::new(jobs));
    let (tell, told) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (jobs, tell) = (Arc::clone(&jobs), tell.clone());
            scope.spawn(move || {
                while let Some((page, feed, formats)) = next(&jobs) {
                    // who does not wait any more has met an error
                    let _ = tell.send(make(page, &feed, formats));
                }
            });
        }
        // the ends that only workers hold tell when there is none any more
        drop((tell, jobs));
        let (pass, kept) = mpsc::sync_channel(0);
        let writer = scope.spawn(move || write_each(definition, output, &kept));
        let mut made = Made::new(lacking);
        for (page, formats) in lacking {
            let mut feed = shown::page(store, definition, *page)?;
            feed.paging = paging(*page, true);
            recall(store, &mut feed, *page)?;
            // nobody takes it where a worker has panicked, which the end of the scope tells
            if give.send((*page, feed, formats.as_slice())).is_err() {
                break;
            }
            for page in told.try_iter() {
                made.add(page);
            }
            if made.ready.len() >= AT_ONCE && !keep(store, definition, &mut made, &pass)? {
                break;
            }
        }
        drop(give);
        for page in told {
            made.add(page);
            if made.ready.len() >= AT_ONCE && !keep(store, definition, &mut made, &pass)? {
                break;
            }
        }
        keep(store, definition, &mut made, &pass)?;
        drop(pass);
        writer.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// Gives the entries of a closed page the texts that stand in it in another format, where the archive has given them up: what is
/// published in one more format has lost nothing.
fn recall(store: &Store, feed: &mut Feed, page: u64) -> Result<(), Error> {
    let definition = &feed.definition;
    for format in Format::ALL {
        let is_whole = |entry: &PublishedEntry| entry.entry.content.is_some();
        if format.archive_name(page).is_none() || feed.entries.iter().all(is_whole) {
            continue;
        }
        let Some(body) = store.shelved_body(definition, page, format)? else {
            continue;
        };
        let kept = document(definition, format, None, body);
        let Ok(read) = extract(&kept, SourceKind::Feed, None) else {
            continue;
        };
        let text = |raw: RawEntry| match (raw.id, raw.content) {
            (Some(id), Some(Text::Html(html))) => Some((id, html)),
            _ => None,
        };
        let mut texts: HashMap<String, String> =
            read.entries.into_iter().filter_map(text).collect();
        for published in &mut feed.entries {
            if published.entry.content.is_none() {
                published.entry.content = texts.remove(&published.id);
            }
        }
    }
    Ok(())
}

/// What is to be made: a page with its number and its formats.
type Job<'a> = (u64, Feed, &'a [Format]);

fn next<'a>(jobs: &Mutex<Receiver<Job<'a>>>) -> Option<Job<'a>> {
    let jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
    jobs.recv().ok()
}

/// Pages that come as they are made and go in the order of the archive: what leads to a page is never there before it.
struct Made<'a> {
    /// Those whose turn it is.
    ready: Vec<ClosedPage>,
    early: BTreeMap<u64, ClosedPage>,
    to_come: std::slice::Iter<'a, (u64, Vec<Format>)>,
    next: Option<u64>,
}

impl<'a> Made<'a> {
    fn new(lacking: &'a [(u64, Vec<Format>)]) -> Self {
        let mut to_come = lacking.iter();
        Self {
            ready: Vec::new(),
            early: BTreeMap::new(),
            next: to_come.next().map(|(page, _)| *page),
            to_come,
        }
    }

    fn add(&mut self, page: ClosedPage) {
        self.early.insert(page.page(), page);
        while let Some(page) = self.next.and_then(|next| self.early.remove(&next)) {
            self.ready.push(page);
            self.next = self.to_come.next().map(|(page, _)| *page);
        }
    }
}

/// Keeps pages that were just made, and passes them on to be written; false if nobody takes them, because writing has failed.
fn keep(
    store: &mut Store,
    definition: &FeedDefinition,
    made: &mut Made<'_>,
    pass: &SyncSender<Vec<ClosedPage>>,
) -> Result<bool, Error> {
    let pages = std::mem::take(&mut made.ready);
    if pages.is_empty() {
        return Ok(true);
    }
    store.shelve(definition, &pages)?;
    Ok(pass.send(pages).is_ok())
}

/// A page in its formats.
fn make(page: u64, feed: &Feed, formats: &[Format]) -> ClosedPage {
    let documents = publish::render_each(feed, formats);
    let documents = formats.iter().copied().zip(documents);
    ClosedPage::new(page, documents.collect())
}

/// Writes what is kept, as it comes.
fn write_each(
    definition: &FeedDefinition,
    output: &Path,
    kept: &Receiver<Vec<ClosedPage>>,
) -> Result<(), Error> {
    for pages in kept {
        write(definition, output, &pages)?;
    }
    Ok(())
}

/// Writes pages that were just made.
fn write(definition: &FeedDefinition, output: &Path, pages: &[ClosedPage]) -> Result<(), Error> {
    let mut placed = Vec::new();
    for page in pages {
        for (format, document) in page.documents() {
            let name = format.archive_name(page.page());
            let path = name.map(|name| path_in(&definition.id, &name));
            if let Some(path) = path.filter(|path| obstacle(output, path).is_none()) {
                placed.push((output.join(path), &document.body[..]));
            }
        }
    }
    write_all(&placed)
}

fn write_all(placed: &[(PathBuf, &[u8])]) -> Result<(), Error> {
    let wanted = placed.iter().filter_map(|(file, bytes)| {
        Some(Wanted {
            folder: file.parent()?,
            name: file.file_name()?.to_str()?,
            bytes,
            changed: None,
        })
    });
    files::write_all(&wanted.collect::<Vec<_>>())?;
    Ok(())
}

/// Writes closed pages as they are kept.
fn write_again(
    store: &Store,
    definition: &FeedDefinition,
    pages: &[(u64, Format, PathBuf)],
) -> Result<(), Error> {
    let mut bodies = Vec::with_capacity(pages.len());
    for (page, format, file) in pages {
        if let Some(body) = store.shelved_body(definition, *page, *format)? {
            bodies.push((file.clone(), body));
        }
    }
    let placed: Vec<_> = (bodies.iter())
        .map(|(file, body)| (file.clone(), body.as_bytes()))
        .collect();
    write_all(&placed)
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
