//! The older pages of a listing: all that are wanted on a source's first import, and again where one of them failed or more are
//! wanted than before; otherwise only while a page is full of posts that were never seen. Each is measured by the first. Asked
//! for one after the other, as politely as everything else.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tracing::debug;
use url::Url;

use super::contract;
use super::ending::closed;
use super::error::{Error, with_causes};
use super::line::Pipeline;
use super::read::{Reading, read};
use crate::dedupe;
use crate::extract::{self, PageError};
use crate::fetch::{Accept, Fetched, Gate, Request};
use crate::model::{Alias, Contract, DocumentKind, Entry, KnownPost, Source, Validators};

/// So often an older page that cannot be read is asked for again, a run each, before it is given up.
const MAX_FAILED: u32 = 3;

impl Pipeline {
    /// True if older pages of the list are still to be read: `pages` was raised, or one of them failed.
    ///
    /// # Errors
    /// [`Error`] only if the archive fails.
    pub(super) async fn lacks_pages(&self, source: &Source) -> Result<bool, Error> {
        if source.pages < 2 {
            return Ok(false);
        }
        let id = source.id.clone();
        let memory = self.with_store(move |store| Ok(store.memory(&id)?)).await?;
        let contract = memory.contract.filter(|contract| contract.runs > 0);
        Ok(contract.is_some_and(|contract| contract.pages < source.pages))
    }

    /// Adds to `reading`, which was found at `address`, the posts of the pages after it, in order and each once. A page that
    /// fails, or is not like the first as `contract` has it, is a warning, and what stands before it is kept; should its
    /// server wish to be left alone, it comes back until when.
    ///
    /// # Errors
    /// [`Error`] only if the archive fails.
    pub(super) async fn older_pages(
        &self,
        source: &Source,
        reading: &mut Reading,
        contract: Option<&mut Contract>,
        address: &Url,
        now: DateTime<Utc>,
    ) -> Result<Option<Wish>, Error> {
        let Some(contract) = contract else {
            let is_feed = reading.kind == DocumentKind::Feed;
            if source.select.is_some() && is_feed {
                reading.warnings.push(
                    "`[source.select]` has no effect: this is a feed, and its rules read the listings of pages"
                        .to_owned(),
                );
            }
            if source.pages > 1 && is_feed {
                reading.warnings.push(format!(
                    "`pages = {}` has no effect: this is a feed, and only pages go on on others",
                    source.pages
                ));
            }
            return Ok(None);
        };
        let failed = match self.follow(source, reading, contract, address, now).await? {
            Ok(()) => {
                contract.pages = contract.pages.max(source.pages);
                contract.pages_failed = 0;
                return Ok(None);
            }
            Err(failed) => failed,
        };
        contract.pages_failed += 1;
        let then = if contract.pages_failed < MAX_FAILED {
            contract.pages = failed.number - 1;
            "the next run tries again"
        } else {
            contract.pages = contract.pages.max(source.pages);
            contract.pages_failed = 0;
            "it is given up"
        };
        reading.warnings.push(format!(
            "page {} of the list could not be read: {}; what stands before it is kept, and {then}",
            failed.number, failed.why
        ));
        Ok(failed.wish)
    }

    /// Follows the list as far as is wanted; else says where it broke off.
    async fn follow(
        &self,
        source: &Source,
        reading: &mut Reading,
        contract: &Contract,
        address: &Url,
        now: DateTime<Utc>,
    ) -> Result<Result<(), Failed>, Error> {
        let is_import = contract.pages < source.pages;
        let mut asked = vec![source.url.clone(), address.clone()];
        let mut seen: HashSet<Alias> = aliases(source, &reading.entries).flatten().collect();
        let mut begin = 0;
        let mut posts = None;
        for number in 2..=source.pages {
            let Some(url) = reading.next.take().filter(|url| !asked.contains(url)) else {
                break;
            };
            if !is_import && !self.goes_on(source, &reading.entries[begin..]).await? {
                break;
            }
            let mut page = match self.page(source, &url, now).await? {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(failed) => return Ok(Err(Failed { number, ..failed })),
            };
            debug!(source = %source.id, %url, entries = page.reading.entries.len(), "read a further page");
            let is_astray = page.address.host_str() != url.host_str();
            if is_astray || asked.contains(&page.address) {
                break;
            }
            let known = match &posts {
                Some(known) => known,
                None => posts.insert(self.posts(source).await?),
            };
            page.reading = match contract::further(page.reading, contract, known) {
                Ok(reading) => reading,
                Err(verdict) => {
                    let (what, why) = (verdict.as_str(), verdict.why().unwrap_or_default());
                    let why = format!("{url}: {what}: {why}");
                    let wish = None;
                    return Ok(Err(Failed { number, why, wish }));
                }
            };
            begin = reading.entries.len();
            add(source, reading, page.reading, &mut seen);
            if reading.entries.len() == begin {
                break;
            }
            asked.extend([url, page.address]);
        }
        Ok(Ok(()))
    }

    /// The posts that the archive has from the source.
    pub(super) async fn posts(&self, source: &Source) -> Result<Vec<KnownPost>, Error> {
        let id = source.id.clone();
        let memory = self.with_store(move |store| Ok(store.memory(&id)?)).await?;
        Ok(memory.posts)
    }

    /// Asks for a further page and reads it; `None`: it lists nothing. Else says why not.
    async fn page(
        &self,
        source: &Source,
        url: &Url,
        now: DateTime<Utc>,
    ) -> Result<Result<Option<Page>, Failed>, Error> {
        let request = Request {
            url: url.clone(),
            validators: Validators::default(),
            validators_from: None,
            accept: Accept::Page,
            access: Arc::clone(&source.access),
        };
        let gatekeeper = self.gatekeeper(source, now);
        let gate = gatekeeper.as_ref().map(|gate| gate as &dyn Gate);
        let document = match self.fetcher.fetch_through(&request, gate).await {
            Ok(answer) => match answer.fetched {
                Fetched::Document(document) => document,
                Fetched::NotModified { .. } => {
                    let why = format!("{url}: 304 to a request without validators");
                    return Ok(Err(Failed::because(why, None)));
                }
            },
            Err(error) => {
                let wish = error.retry_after().map(|wish| Wish {
                    until: wish.until(now),
                    closed: closed(&error, now),
                });
                let why = with_causes(&error);
                return Ok(Err(Failed::because(why, wish)));
            }
        };
        let source = source.clone();
        let url = url.clone();
        let read = tokio::task::spawn_blocking(move || {
            match read(&source, &document, source.select.as_ref(), now) {
                Ok(reading) => Ok((reading.kind == DocumentKind::Page).then_some(Page {
                    reading,
                    address: document.url,
                })),
                // some sites link to one page more than they have
                Err(extract::Error::Page {
                    cause: PageError::NoListing { .. },
                    ..
                }) => Ok(None),
                Err(error) => {
                    let why = format!("{url}: {}", with_causes(&error));
                    Err(Failed::because(why, None))
                }
            }
        });
        Ok(read.await?)
    }

    /// True if the posts that follow `entries` may be new too: there are new ones, and none that is known comes after. One
    /// that is known and stands before them is pinned.
    async fn goes_on(&self, source: &Source, entries: &[Entry]) -> Result<bool, Error> {
        let aliases: Vec<Vec<Alias>> = aliases(source, entries).collect();
        let asked: Vec<Alias> = aliases.iter().flatten().cloned().collect();
        let id = source.id.clone();
        let known = self
            .with_store(move |store| Ok(store.known(&id, &asked)?))
            .await?;
        let is_new = |aliases: &Vec<Alias>| {
            !aliases
                .iter()
                .any(|alias| known.aliases.contains_key(alias))
        };
        let first = aliases.iter().position(is_new);
        Ok(first.is_some_and(|first| aliases[first..].iter().all(is_new)))
    }
}

/// A further page, read.
struct Page {
    reading: Reading,
    /// Where it was found, after redirects.
    address: Url,
}

/// Why there is no further page.
struct Failed {
    /// Which page, from 1.
    number: u32,
    why: String,
    /// What the server wishes.
    wish: Option<Wish>,
}

/// What a server wishes instead of giving a further page.
pub(super) struct Wish {
    /// When it wishes to be asked again.
    pub(super) until: DateTime<Utc>,
    /// Its host, if that wishes to be left alone by all sources, and until when.
    pub(super) closed: Option<(String, DateTime<Utc>)>,
}

impl Failed {
    fn because(why: String, wish: Option<Wish>) -> Self {
        let number = 0;
        Self { number, why, wish }
    }
}

/// Adds the entries of a further page that no page before it shows.
fn add(source: &Source, to: &mut Reading, page: Reading, seen: &mut HashSet<Alias>) {
    let all: Vec<Vec<Alias>> = aliases(source, &page.entries).collect();
    for (mut entry, aliases) in page.entries.into_iter().zip(all) {
        let is_known = aliases.iter().any(|alias| seen.contains(alias));
        seen.extend(aliases);
        if !is_known {
            entry.position = u32::try_from(to.entries.len()).unwrap_or(u32::MAX);
            to.entries.push(entry);
        }
    }
    to.next = page.next;
    to.warnings.extend(page.warnings);
}

/// What the entries of one page are recognised by. Each page is asked for itself: a link that two posts of one document
/// share is no evidence, but one that two pages share is.
fn aliases(source: &Source, entries: &[Entry]) -> impl Iterator<Item = Vec<Alias>> {
    dedupe::aliases(&source.id, entries).into_iter()
}
