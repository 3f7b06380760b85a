//! What is at an address that somebody may want to read: asked for once.

use url::Url;

use super::apart::{self, apart};
use super::line::now;
use super::preview::{Preview, PreviewError, ask, of};
use super::read::read;
use super::robots::Gatekeeper;
use crate::extract;
use crate::fetch::{self, Fetcher, Gate};
use crate::model::{DocumentKind, Source, SourceKind};
use crate::normalise;

/// What is at an address.
#[derive(Debug)]
pub struct Found {
    /// Where it was found, after redirects.
    pub url: Url,
    /// The same, if all redirects there were permanent ones (301, 308).
    pub moved: Option<Url>,
    /// What would be taken from it, or why nothing.
    pub preview: Result<Preview, extract::Error>,
    /// Feeds that it advertises, if it is a page.
    pub feeds: Vec<Url>,
    /// Why `agg fetch` would take nothing from it: it is a page, and its site's `robots.txt` says so.
    pub disallowed: Option<fetch::Error>,
}

/// Asks for the document of `source`, and for nothing else but the `robots.txt` of its site where it is a page that would be
/// read: one that advertises feeds is not, unless its kind says so.
///
/// # Errors
/// [`PreviewError`] if it cannot be fetched, or reading it had to be given up.
pub async fn look(source: &Source, fetcher: &Fetcher) -> Result<Found, PreviewError> {
    let now = now();
    let gatekeeper = Gatekeeper::forgetful(fetcher, source, now);
    let gate = (source.robots && !fetcher.is_replay()).then_some(&gatekeeper as &dyn Gate);
    let is_page = source.kind == SourceKind::Page;
    let (document, moved) = ask(source, fetcher, gate.filter(|_| is_page)).await?;
    let (reader, read_from) = (source.clone(), document.clone());
    let work = move || read(&reader, &read_from, reader.select.as_ref(), now);
    let preview = apart(apart::LONGEST, work)
        .await?
        .map(|reading| of(&document, reading));
    let mut feeds = match &preview {
        Ok(preview) => preview.feeds.clone(),
        Err(extract::Error::Page { feeds, .. } | extract::Error::NotAFeed { feeds, .. }) => {
            feeds.clone()
        }
        Err(_) => Vec::new(),
    };
    // a page that calls itself a feed is a page all the same
    let here = normalise::canonical_key(&document.url);
    feeds.retain(|feed| normalise::canonical_key(feed) != here);
    let would_be_read = feeds.is_empty()
        && !is_page
        && (preview.as_ref()).is_ok_and(|preview| preview.kind == DocumentKind::Page);
    let mut disallowed = None;
    if let (Some(gate), true) = (gate, would_be_read) {
        disallowed = gate.pass(&document.url).await.err();
    }
    Ok(Found {
        url: document.url,
        moved,
        preview,
        feeds,
        disallowed,
    })
}
