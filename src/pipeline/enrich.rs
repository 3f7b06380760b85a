//! Asks for the pages of single articles when a listing does not say enough: politely, once for each new entry.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::contract::Learnt;
use super::error::Error;
use super::line::Pipeline;
use super::report::{Progress, Watch};
use crate::dedupe;
use crate::extract;
use crate::fetch::{self, Accept, Fetched, Fetcher, Gate, Request};
use crate::model::{Document, DocumentKind, Entry, RawEntry, Source, SourceMeta, Validators};
use crate::normalise::{self, Context};
use crate::store::Store;

/// The most article pages asked for in one run of one source. The first import of a long archive takes its newest; the
/// others keep what the listing says.
const MAX_ARTICLES: usize = 30;

/// So often an article's page that cannot be had for now is asked for, a run each.
const MAX_TRIES: u32 = 3;

/// What became of the articles' own pages.
#[derive(Default)]
pub(super) struct Articles {
    /// How many could not be read, and why.
    pub(super) warning: Option<String>,
    /// Why some could not be had.
    pub(super) errors: Vec<fetch::Error>,
    /// The canonical links of entries that were known before, and have only now been filled.
    pub(super) filled: Vec<String>,
}

/// True if the article's own page may say what the listing did not.
pub(super) fn lacks(entry: &Entry) -> bool {
    entry.url.is_some()
        && (entry.published.is_none() || entry.summary.is_none() || entry.tags.is_empty())
}

impl Pipeline {
    /// Fills new entries from their own pages, and those whose pages could not be had before. What has no date without its page
    /// and cannot have it for now is left for the next run, before a date is made for it that stays; not for long, and not
    /// on a first import, where its neighbours say when it was.
    ///
    /// # Errors
    /// [`Error`] only if the archive fails.
    pub(super) async fn articles(
        &self,
        source: &Source,
        entries: &mut Vec<Entry>,
        learnt: &mut Learnt,
        is_import: bool,
        (watch, now): (Watch<'_>, DateTime<Utc>),
    ) -> Result<Articles, Error> {
        let mut new = self.lacking(source, entries).await?;
        // what has only moved was asked for when it was new
        let is_moved = |key: &str| learnt.moved.iter().any(|(new, _)| new == key);
        new.retain(|at| !entries[*at].key.as_deref().is_some_and(is_moved));
        let tries = std::mem::take(&mut learnt.contract.unread);
        let asked_before =
            |entry: &Entry| entry.key.as_ref().and_then(|key| tries.get(key)).copied();
        let again = (0..entries.len()).filter(|at| {
            !new.contains(at) && asked_before(&entries[*at]).is_some() && lacks(&entries[*at])
        });
        let wanted: Vec<usize> = again
            .chain(new.iter().copied())
            .take(MAX_ARTICLES)
            .collect();
        if wanted.is_empty() {
            return Ok(Articles::default());
        }
        watch(Progress::Articles(&source.id, wanted.len()));
        let gatekeeper = self.gatekeeper(source, now);
        let gate = gatekeeper.as_ref().map(|gate| gate as &dyn Gate);
        let door = (&self.fetcher, gate);
        let (mut warning, errors) = enrich(entries, wanted.clone(), door, source, now).await;
        let is_open = |at: usize| {
            errors
                .iter()
                .any(|(of, error)| *of == at && error.is_passing())
        };
        let mut left = Vec::new();
        let mut filled = Vec::new();
        for at in wanted {
            let Some(key) = entries[at].key.clone() else {
                continue;
            };
            let count = asked_before(&entries[at]).unwrap_or_default() + 1;
            if !is_open(at) {
                filled.extend((!new.contains(&at)).then_some(key));
            } else if count < MAX_TRIES {
                learnt.contract.unread.insert(key, count);
                let waits = new.contains(&at) && entries[at].published.is_none() && !is_import;
                left.extend(waits.then_some(at));
            }
        }
        if let (Some(warning), false) = (&mut warning, learnt.contract.unread.is_empty()) {
            warning.push_str("; the next run asks again");
        }
        let mut at = 0..;
        entries.retain(|_| at.next().is_none_or(|at| !left.contains(&at)));
        Ok(Articles {
            warning,
            errors: errors.into_iter().map(|(_, error)| error).collect(),
            filled,
        })
    }

    /// The places of the entries that were never seen and whose listing leaves something out.
    async fn lacking(&self, source: &Source, entries: &[Entry]) -> Result<Vec<usize>, Error> {
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

/// Fills the entries at `lacking` from their own pages, one after the other, as far as whoever stands before the door lets us.
/// A page that cannot be had or read is no failure of the source: it is counted in the warning that comes back, with why
/// pages could not be had, by the places of their entries.
pub(super) async fn enrich(
    entries: &mut [Entry],
    lacking: Vec<usize>,
    door: (&Fetcher, Option<&dyn Gate>),
    source: &Source,
    now: DateTime<Utc>,
) -> (Option<String>, Vec<(usize, fetch::Error)>) {
    let mut failed: Vec<String> = Vec::new();
    let mut errors = Vec::new();
    let asked = lacking.len().min(MAX_ARTICLES);
    for at in lacking.into_iter().take(MAX_ARTICLES) {
        let Some(url) = entries[at].url.clone() else {
            continue;
        };
        match article(door, &url, source).await {
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
            Err(error) => {
                failed.push(format!("{url}: {error}"));
                errors.push((at, error));
            }
        }
    }
    let told = failed.first().map(|first| {
        format!(
            "{} of {asked} article pages could not be read (first: {first})",
            failed.len()
        )
    });
    (told, errors)
}

async fn article(
    (fetcher, gate): (&Fetcher, Option<&dyn Gate>),
    url: &Url,
    source: &Source,
) -> Result<Document, fetch::Error> {
    let request = Request {
        url: url.clone(),
        validators: Validators::default(),
        validators_from: None,
        accept: Accept::Page,
        access: Arc::clone(&source.access),
    };
    match fetcher.fetch_through(&request, gate).await?.fetched {
        Fetched::Document(document) => Ok(document),
        Fetched::NotModified { .. } => Err(fetch::Error::Status {
            url: url.to_string(),
            status: 304,
            retry_after: None,
        }),
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
    entry.also = further_keys(&entry.title, entry.key.as_deref(), &article, &document.url);
    normalise::enrich(&mut entry, article, &document.url, &context);
    Ok(entry)
}

/// Canonical forms of what the page was found at, after redirects, and of what it names as its address. Only of a page that
/// has the entry's title: a login or a notice in its place leads everything to one address.
fn further_keys(title: &str, key: Option<&str>, article: &RawEntry, found_at: &Url) -> Vec<String> {
    let own = article.title.as_ref().map(normalise::plain_title);
    if !own.is_some_and(|own| dedupe::is_same_title(&own, title)) {
        return Vec::new();
    }
    let named = article.canonical.as_deref();
    let named = named.and_then(|url| Url::parse(url).ok());
    let mut keys = Vec::new();
    for url in [Some(found_at), named.as_ref()].into_iter().flatten() {
        let further = normalise::canonical_key(url);
        if url.path() != "/" && Some(further.as_str()) != key && !keys.contains(&further) {
            keys.push(further);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    fn keys(title: &str, found_at: &str, canonical: Option<&str>) -> Vec<String> {
        let article = RawEntry {
            title: Some(Text::Plain(title.to_owned())),
            canonical: canonical.map(str::to_owned),
            ..RawEntry::default()
        };
        let link = Some("https://short.example/x");
        let found_at = found_at.parse().expect("an address");
        further_keys("The ferry that came back", link, &article, &found_at)
    }

    #[test]
    fn a_redirect_and_a_named_original_are_further_addresses_of_an_entry() {
        let title = "The ferry that came back | Coast News";
        assert_eq!(
            keys(
                title,
                "https://www.copy.example/ferry/?utm_source=x",
                Some("https://coast.example/2026/ferry")
            ),
            [
                "https://copy.example/ferry",
                "https://coast.example/2026/ferry"
            ]
        );
        assert!(keys(title, "https://short.example/x", None).is_empty());
    }

    #[test]
    fn a_login_in_place_of_the_article_is_no_address_of_it() {
        assert!(keys("Sign in to continue", "https://copy.example/login", None).is_empty());
        assert!(keys("The ferry that came back", "https://copy.example/", None).is_empty());
    }
}
