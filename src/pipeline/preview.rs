//! One document, nothing kept: what would we take from it?

use url::Url;

use crate::extract;
use crate::fetch::{self, Accept, Fetched, Fetcher, Request};
use crate::model::{Document, DocumentKind, Entry, Source, Validators, Wrapper};

use super::enrich;
use super::line::now;
use super::read::{Reading, read};

/// What agg would take from a document.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The document's address, after redirects.
    pub url: Url,
    /// Its media type, as the server said.
    pub media_type: Option<String>,
    /// The encoding it was decoded with.
    pub charset: &'static str,
    /// Its size.
    pub bytes: usize,
    /// What it is.
    pub kind: DocumentKind,
    /// What it calls itself.
    pub title: Option<String>,
    /// The rules that read its listing.
    pub wrapper: Option<Wrapper>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// Feeds that it advertises, if it is a page.
    pub feeds: Vec<Url>,
    /// The page with older posts that it links to, if it is a page.
    pub next: Option<Url>,
    /// What was odd.
    pub warnings: Vec<String>,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// It could not be fetched.
    #[error(transparent)]
    Fetch(#[from] fetch::Error),
    /// It could not be read.
    #[error(transparent)]
    Extract(#[from] extract::Error),
}

impl PreviewError {
    /// What to do about it, where there is something.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Fetch(error) => error.help(),
            Self::Extract(error) => error.help(),
        }
    }
}

/// Reads `document`, or fetches it first, as `source` says. Asks for article pages only if `source.enrich` is set and
/// there is a `fetcher`.
///
/// # Errors
/// [`PreviewError`] if it cannot be fetched or read.
pub async fn preview(
    source: &Source,
    document: Option<Document>,
    fetcher: Option<&Fetcher>,
) -> Result<Preview, PreviewError> {
    let document = match (document, fetcher) {
        (Some(document), _) => document,
        (None, Some(fetcher)) => ask(source, fetcher).await?,
        (None, None) => unreachable!("the caller gives a document or a way to fetch it"),
    };
    let now = now();
    let reading = read(source, &document, source.select.as_ref(), now)?;
    let mut preview = of(&document, reading);
    if let (Some(fetcher), DocumentKind::Page, true) = (fetcher, preview.kind, source.enrich) {
        let lacking = (0..preview.entries.len())
            .filter(|at| enrich::lacks(&preview.entries[*at]))
            .collect();
        let failed = enrich::enrich(&mut preview.entries, lacking, fetcher, source, now).await;
        preview.warnings.extend(failed);
    }
    Ok(preview)
}

async fn ask(source: &Source, fetcher: &Fetcher) -> Result<Document, fetch::Error> {
    let request = Request {
        url: source.url.clone(),
        validators: Validators::default(),
        accept: Accept::FeedOrPage,
    };
    match fetcher.fetch(&request).await?.fetched {
        Fetched::Document(document) => Ok(document),
        Fetched::NotModified { .. } => Err(fetch::Error::Status {
            url: source.url.to_string(),
            status: 304,
            retry_after: None,
        }),
    }
}

fn of(document: &Document, reading: Reading) -> Preview {
    Preview {
        url: document.url.clone(),
        media_type: document.media_type.clone(),
        charset: reading.charset,
        bytes: document.body.len(),
        kind: reading.kind,
        title: reading.meta.title,
        wrapper: reading.wrapper,
        entries: reading.entries,
        feeds: reading.meta.feeds,
        next: reading.next,
        warnings: reading.warnings,
    }
}
