//! store → feed → documents → files.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Datelike as _, Utc};

use super::archives::{self, Archived, path_in};
use super::definitions::definitions;
use super::error::Error;
use super::foreign::{InTheWay, in_the_way};
use super::line::Pipeline;
use super::shown;
use super::withdraw::{Withdrawn, withdraw};
use crate::config::Config;
use crate::dedupe;
use crate::deliver::files::{self, Wanted, Written};
use crate::model::{
    Document, FeedDefinition, Format, HeldBack, Origin, SOURCES_FILE, Source, SourceKind,
};
use crate::publish;
use crate::store::Store;

/// So many files are written together: the disk is waited for once, and they are open at one time.
const AT_ONCE: usize = 64;

/// What was published.
#[derive(Clone, Debug)]
pub struct Publication {
    /// When: the one reading of the clock in this run.
    pub at: DateTime<Utc>,
    /// Each file, by its path below the output folder, with what stands in it.
    pub documents: Vec<(String, Document)>,
    /// The names of the feeds, each with its formats.
    pub feeds: Vec<(String, Vec<Format>)>,
    /// The closed pages of archives, which are there already and never change.
    pub archived: Vec<Archived>,
    /// How many of them were written by this run.
    pub closed: usize,
    /// What stands in the place of a file and was left alone, so that the file was not written.
    pub in_the_way: Vec<InTheWay>,
    /// The paths of those documents whose bytes changed.
    pub changed: Vec<String>,
    /// What became of the files of feeds that are not published any more.
    pub withdrawn: Withdrawn,
    /// Entries that were published for the first time.
    pub entered: usize,
    /// Entries dated in the future, held until they are due.
    pub held: usize,
    /// Floods of new entries that are held back until they are confirmed or released.
    pub held_back: Vec<HeldBack>,
}

impl Pipeline {
    /// Writes all feeds again from the archive. Files whose bytes are the same are left alone.
    ///
    /// # Errors
    /// [`Error::Store`] or [`Error::Deliver`]; a file is replaced whole or not at all.
    pub async fn publish(&self) -> Result<Publication, Error> {
        self.register().await?;
        self.publish_at(self.now()).await
    }

    /// Publishes what is held back of the sources named. Gives how many entries these were, too.
    ///
    /// # Errors
    /// [`Error::NoSuchSource`]; [`Error::Store`] or [`Error::Deliver`], and then what was released stays so.
    pub async fn release(&self, sources: &[String]) -> Result<(usize, Publication), Error> {
        let sources = self.choose(sources)?;
        let sources: Vec<_> = sources.into_iter().map(|(_, source)| source.id).collect();
        let now = self.now();
        let released = self
            .with_store(move |store| Ok(store.release(&sources, now)?))
            .await?;
        Ok((released, self.publish().await?))
    }

    pub(super) async fn publish_at(&self, now: DateTime<Utc>) -> Result<Publication, Error> {
        let config = std::sync::Arc::clone(&self.config);
        self.with_store(move |store| publish_all(store, &config, now))
            .await
    }
}

fn publish_all(
    store: &mut Store,
    config: &Config,
    now: DateTime<Utc>,
) -> Result<Publication, Error> {
    let mut publication = prepare(store, config, now, Some(&config.output))?;
    let in_the_way = in_the_way(&config.output, &publication.documents, &store.outputs()?);
    for it in &in_the_way {
        tracing::warn!(
            path = it.path,
            what = it.what,
            "not published: something else is there"
        );
    }
    let is_free = |path: &str| in_the_way.iter().all(|it| it.path != path);
    let free: Vec<&(String, Document)> = (publication.documents.iter())
        .filter(|(path, _)| is_free(path))
        .collect();
    let placed: Vec<(PathBuf, &str, &Document)> = (free.iter())
        .map(|(path, document)| match path.rsplit_once('/') {
            Some((folder, name)) => (config.output.join(folder), name, document),
            None => (config.output.clone(), path.as_str(), document),
        })
        .collect();
    let wanted = placed.iter().map(|(folder, name, document)| Wanted {
        folder,
        name,
        bytes: &document.body,
        changed: Some(now.into()),
    });
    let wanted: Vec<Wanted<'_>> = wanted.collect();
    let mut written = Vec::with_capacity(wanted.len());
    for few in wanted.chunks(AT_ONCE) {
        written.extend(files::write_all(few)?);
    }
    publication.changed = (free.iter().zip(written))
        .filter(|(_, written)| *written == Written::Changed)
        .map(|((path, _), _)| path.clone())
        .collect();
    publication.withdrawn = withdraw(store, config, &publication.feeds, &free)?;
    for (path, document) in &mut publication.documents {
        // of what is not there nobody knows since when it is as it is
        let modified = files::modified(&config.output.join(&path)).filter(|_| is_free(path));
        document.validators.last_modified = modified.and_then(http_date);
    }
    publication.in_the_way = in_the_way;
    Ok(publication)
}

/// An HTTP date (RFC 9110 §5.6.7), for a time that can be one.
fn http_date(time: SystemTime) -> Option<String> {
    let date = DateTime::<Utc>::from(time);
    (1970..10_000)
        .contains(&date.year())
        .then(|| date.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// Makes all documents; writes nothing but the store, and closed pages of archives if `output` is given.
pub(super) fn prepare(
    store: &mut Store,
    config: &Config,
    now: DateTime<Utc>,
    output: Option<&Path>,
) -> Result<Publication, Error> {
    let definitions = definitions(store, config)?;
    let (entered, held) = enter_ledger(store, config, &definitions, now)?;
    let held_back = store.held()?;
    let mut documents = Vec::new();
    let mut archived = Vec::new();
    let mut closed = 0;
    for definition in &definitions {
        let mut feed = shown::front(store, definition)?;
        feed.paging.older = archives::newest(store, &feed)?;
        if let Some(page) = feed.paging.older {
            // before the front page: what leads there is never ahead of it
            if let Some(output) = output {
                let (pages, written) = archives::closed_pages(store, definition, page - 1, output)?;
                archived.extend(pages);
                closed += written;
            }
            documents.extend(archives::open_page(store, definition, page)?);
        }
        let fronts = publish::render_each(&feed, &definition.formats);
        let names =
            (definition.formats.iter()).map(|format| path_in(&definition.id, format.file_name()));
        documents.extend(names.zip(fronts));
    }
    let list = opml(Some(store), config)?;
    documents.push((SOURCES_FILE.to_owned(), list));

    Ok(Publication {
        at: now,
        documents,
        feeds: (definitions.into_iter())
            .map(|definition| (definition.id, definition.formats))
            .collect(),
        archived,
        closed,
        in_the_way: Vec::new(),
        changed: Vec::new(),
        withdrawn: Withdrawn::default(),
        entered,
        held,
        held_back,
    })
}

/// The list of configured sources as OPML 2.0, as it is published, also of those that the archive does not know yet.
///
/// # Errors
/// [`Error::Store`].
pub fn opml(store: Option<&Store>, config: &Config) -> Result<Document, Error> {
    let known = store.map_or_else(|| Ok(Vec::new()), Store::sources)?;
    let configured = |source: &Source| Origin {
        source: source.id.clone(),
        title: (source.title.clone())
            .or_else(|| source.url.host_str().map(str::to_owned))
            .unwrap_or_default(),
        id: source.url.to_string(),
        address: source.url.clone(),
        site: None,
        is_feed: source.kind == SourceKind::Feed,
        url: None,
    };
    let sources: Vec<Origin> = (config.sources.iter())
        .map(|source| {
            let known = known.iter().find(|it| it.source == source.id);
            known.cloned().unwrap_or_else(|| configured(source))
        })
        .collect();
    Ok(publish::opml(&config.title, &config.url, &sources))
}

/// Gives every entry that was never published its id and its date, for good, and lets it into its feeds; unless it comes
/// with a flood, which is held back first.
fn enter_ledger(
    store: &mut Store,
    config: &Config,
    definitions: &[FeedDefinition],
    now: DateTime<Utc>,
) -> Result<(usize, usize), Error> {
    let due = store.unpublished(now)?;
    let guarded = dedupe::guard(due.entries, config.hold);
    if !guarded.hold.is_empty() {
        store.hold(&guarded.hold, now)?;
    }
    let lines = dedupe::ledger_lines(&guarded.publish, now);
    // of a first run these are all that was read
    drop(guarded);
    let entered = store.publish(&lines, definitions, dedupe::merge, now)?;
    Ok((entered, due.held))
}
