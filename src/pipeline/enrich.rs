//! Asks for the pages of single articles when a listing does not say enough: politely, once for each new entry.

use chrono::{DateTime, Utc};
use url::Url;

use super::error::Error;
use super::line::Pipeline;
use crate::dedupe;
use crate::extract;
use crate::fetch::{Accept, Fetched, Fetcher, Gate, Request};
use crate::model::{Document, DocumentKind, Entry, Source, SourceMeta, Validators};
use crate::normalise::{self, Context};
use crate::store::Store;

/// The most article pages asked for in one run of one source. The first import of a long archive takes its newest; the
/// others keep what the listing says.
pub(super) const MAX_ARTICLES: usize = 30;

/// True if the article's own page may say what the listing did not.
pub(super) fn lacks(entry: &Entry) -> bool {
    entry.url.is_some()
        && (entry.published.is_none() || entry.summary.is_none() || entry.tags.is_empty())
}

impl Pipeline {
    /// The places of the entries that were never seen and whose listing leaves something out.
    pub(super) async fn lacking(
        &self,
        source: &Source,
        entries: &[Entry],
    ) -> Result<Vec<usize>, Error> {
        let aliases = dedupe::aliases(&source.id, entries);
        let asked: Vec<_> = aliases.iter().flatten().cloned().collect();
        let id = source.id.clone();
        let known = self
            .with_store(move |store: &mut Store| Ok(store.known(&id, &asked)?))
            .await?;
        let is_new = |at: &usize| {
            aliases[*at]
                .iter()
                .all(|alias| !known.aliases.contains_key(alias))
        };
        Ok((0..entries.len())
            .filter(is_new)
            .filter(|at| lacks(&entries[*at]))
            .collect())
    }
}

/// Fills the entries at `lacking` from their own pages, one after the other, as far as whoever stands before the door lets us. A page that cannot be had or read is no
/// failure of the source: it is counted in the warning that comes back.
pub(super) async fn enrich(
    entries: &mut [Entry],
    lacking: Vec<usize>,
    door: (&Fetcher, Option<&dyn Gate>),
    source: &Source,
    now: DateTime<Utc>,
) -> Option<String> {
    let mut failed: Vec<String> = Vec::new();
    let asked = lacking.len().min(MAX_ARTICLES);
    for at in lacking.into_iter().take(MAX_ARTICLES) {
        let Some(url) = entries[at].url.clone() else {
            continue;
        };
        match article(door, &url).await {
            Ok(document) => {
                let entry = entries[at].clone();
                let source = source.clone();
                let read =
                    tokio::task::spawn_blocking(move || fill(entry, &document, &source, now));
                match read.await {
                    Ok(Ok(entry)) => entries[at] = entry,
                    Ok(Err(error)) => failed.push(format!("{url}: {error}")),
                    Err(error) => failed.push(format!("{url}: {error}")),
                }
            }
            Err(why) => failed.push(format!("{url}: {why}")),
        }
    }
    let first = failed.first()?;
    Some(format!(
        "{} of {asked} article pages could not be read (first: {first})",
        failed.len()
    ))
}

async fn article(
    (fetcher, gate): (&Fetcher, Option<&dyn Gate>),
    url: &Url,
) -> Result<Document, String> {
    let request = Request {
        url: url.clone(),
        validators: Validators::default(),
        accept: Accept::Page,
    };
    match fetcher
        .fetch_through(&request, gate)
        .await
        .map_err(|error| error.to_string())?
        .fetched
    {
        Fetched::Document(document) => Ok(document),
        Fetched::NotModified { .. } => Err("304 to a request without validators".to_owned()),
    }
}

fn fill(
    mut entry: Entry,
    document: &Document,
    source: &Source,
    now: DateTime<Utc>,
) -> Result<Entry, extract::Error> {
    let article = extract::article(document)?;
    let meta = SourceMeta::default();
    let context = Context {
        source,
        document: &document.url,
        meta: &meta,
        kind: DocumentKind::Page,
        now,
    };
    normalise::enrich(&mut entry, article, &document.url, &context);
    Ok(entry)
}
