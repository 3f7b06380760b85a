//! One document, nothing kept: what would we take from it?

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use crate::extract;
use crate::fetch::{self, Accept, Fetched, Fetcher, Gate, Request};
use crate::model::{
    Document, DocumentKind, Entry, Explanation, Field, FieldTrace, LeftOut, LeftOutReason,
    LossReason, Lost, MOST_LEFT_OUT, Source, Validators, Wrapper,
};

use super::apart::{self, Stopped, apart};
use super::enrich;
use super::line::now;
use super::read::{Reading, normalised, read};
use super::robots::Gatekeeper;

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
    /// Why there are none, if it is a page.
    pub unlearnt: Option<String>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// Titles as a feed writes them, by position, where their characters had been encoded twice and the entry's is mended.
    pub broken_titles: BTreeMap<u32, String>,
    /// Feeds that it advertises, if it is a page.
    pub feeds: Vec<Url>,
    /// The page with older posts that it links to, if it is a page.
    pub next: Option<Url>,
    /// What was odd.
    pub warnings: Vec<String>,
}

/// What agg would take from a document, and why.
#[derive(Debug)]
pub struct Explained {
    /// The document's address, after redirects.
    pub url: Url,
    /// Its media type, as the server said.
    pub media_type: Option<String>,
    /// Its size.
    pub bytes: usize,
    /// What would be taken, or why nothing.
    pub preview: Result<Preview, extract::Error>,
    /// What was seen, decided and lost. Its entries are those of the preview, in their order.
    pub explanation: Explanation,
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
    /// Reading it had to be given up.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl PreviewError {
    /// What to do about it, where there is something.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Fetch(error) => error.help(),
            Self::Extract(error) => error.help(),
            Self::Stopped(_) => None,
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
    let document = given(source, document, fetcher).await?;
    let now = now();
    let (reader, read_from) = (source.clone(), document.clone());
    let work = move || read(&reader, &read_from, reader.select.as_ref(), now);
    let reading = apart(apart::LONGEST, work).await??;
    Ok(enriched(of(&document, reading), source, fetcher, now).await)
}

/// [`preview`], with why it is so.
///
/// # Errors
/// [`fetch::Error`] if it cannot be fetched; one that cannot be read is explained.
pub async fn explain(
    source: &Source,
    document: Option<Document>,
    fetcher: Option<&Fetcher>,
) -> Result<Explained, fetch::Error> {
    let document = given(source, document, fetcher).await?;
    let now = now();
    let (extraction, mut explanation) =
        extract::explain(&document, source.kind, source.select.as_ref());
    let preview = match extraction {
        Err(error) => Err(error),
        Ok(extraction) => {
            let reading = normalised(source, &document, extraction, now);
            let preview = enriched(of(&document, reading), source, fetcher, now).await;
            complete(&mut explanation, &preview.entries);
            Ok(preview)
        }
    };
    Ok(Explained {
        url: document.url,
        media_type: document.media_type,
        bytes: document.body.len(),
        preview,
        explanation,
    })
}

/// Tells what became of the raw entries: which are left out, which fields came to nothing, and which were filled later.
fn complete(explanation: &mut Explanation, entries: &[Entry]) {
    let mut kept = entries.iter().map(|entry| entry.position).peekable();
    let mut position = 0;
    let dropped = explanation.entries.extract_if(.., |_| {
        let is_kept = kept.next_if_eq(&position).is_some();
        position += 1;
        !is_kept
    });
    for trace in dropped {
        if explanation.left_out.len() >= MOST_LEFT_OUT {
            explanation.left_out_more += 1;
            continue;
        }
        explanation.left_out.push(LeftOut {
            what: trace.title,
            why: LeftOutReason::Empty,
        });
    }
    for (trace, entry) in explanation.entries.iter_mut().zip(entries) {
        for field in &mut trace.fields {
            let tier = entry.provenance.get(&field.field).copied();
            if tier == field.tier {
                continue;
            }
            // what was found came to nothing; another tier may have stood in
            field.tier = tier;
            field.lost.extend(field.found.take().map(|found| Lost {
                found,
                at: field.at.take().unwrap_or_default(),
                why: LossReason::Unreadable,
            }));
            field.found = tier.and_then(|_| told(entry, field.field));
        }
        for (&field, &tier) in &entry.provenance {
            if trace.fields.iter().all(|known| known.field != field) {
                trace.fields.push(FieldTrace {
                    field,
                    tier: Some(tier),
                    found: told(entry, field),
                    at: None,
                    lost: Vec::new(),
                });
            }
        }
        trace.fields.sort_by_key(|field| field.field);
    }
}

/// What a field holds that no element of the document was told for; short ones only.
fn told(entry: &Entry, field: Field) -> Option<String> {
    match field {
        Field::Title => Some(entry.title.clone()),
        Field::ReadMinutes => entry.read_minutes.map(|minutes| format!("{minutes} min")),
        Field::Language => entry.language.clone(),
        Field::Tags => Some(entry.tags.join(", ")),
        Field::Published => entry.published.map(|date| date.at.to_rfc3339()),
        _ => None,
    }
}

/// The document that was given, else the one that the source names.
async fn given(
    source: &Source,
    document: Option<Document>,
    fetcher: Option<&Fetcher>,
) -> Result<Document, fetch::Error> {
    match (document, fetcher) {
        (Some(document), _) => Ok(document),
        (None, Some(fetcher)) => ask(source, fetcher, None)
            .await
            .map(|(document, _)| document),
        (None, None) => unreachable!("the caller gives a document or a way to fetch it"),
    }
}

/// The preview of a page with what its site's `robots.txt` says of it and, where that is asked for, what the articles' own
/// pages say.
async fn enriched(
    mut preview: Preview,
    source: &Source,
    fetcher: Option<&Fetcher>,
    now: DateTime<Utc>,
) -> Preview {
    let (Some(fetcher), DocumentKind::Page) = (fetcher, preview.kind) else {
        return preview;
    };
    let gatekeeper = Gatekeeper::forgetful(fetcher, source, now);
    let gate = (source.robots && !fetcher.is_replay()).then_some(&gatekeeper as &dyn Gate);
    // a person may look at a page that a program may not read
    if let Some(gate) = gate
        && let Err(error) = gate.pass(&preview.url).await
    {
        let warning = format!("`agg fetch` would take nothing from it: {error}");
        preview.warnings.push(warning);
    }
    if source.enrich {
        let lacking = (0..preview.entries.len())
            .filter(|at| enrich::lacks(&preview.entries[*at]))
            .collect();
        let door = (fetcher, gate);
        let (failed, _) = enrich::enrich(&mut preview.entries, lacking, door, source, now).await;
        preview.warnings.extend(failed);
    }
    preview
}

/// The document of `source`, if `gate` lets it pass, and where the source has moved for good.
pub(super) async fn ask(
    source: &Source,
    fetcher: &Fetcher,
    gate: Option<&dyn Gate>,
) -> Result<(Document, Option<Url>), fetch::Error> {
    let request = Request {
        url: source.url.clone(),
        validators: Validators::default(),
        validators_from: None,
        accept: Accept::FeedOrPage,
        access: Arc::clone(&source.access),
    };
    let answer = fetcher.fetch_through(&request, gate).await?;
    match answer.fetched {
        Fetched::Document(document) => Ok((document, answer.moved)),
        Fetched::NotModified { .. } => Err(fetch::Error::Status {
            url: source.url.to_string(),
            status: 304,
            retry_after: None,
        }),
    }
}

/// What would be taken from `document`, as it was read.
pub(super) fn of(document: &Document, reading: Reading) -> Preview {
    Preview {
        url: document.url.clone(),
        media_type: document.media_type.clone(),
        charset: reading.charset,
        bytes: document.body.len(),
        kind: reading.kind,
        title: reading.meta.title,
        wrapper: reading.wrapper,
        unlearnt: reading.unlearnt,
        entries: reading.entries,
        broken_titles: reading.broken_titles,
        feeds: reading.meta.feeds,
        next: reading.next,
        warnings: reading.warnings,
    }
}
