//! What `--format json` prints.

use agg::model::{DocumentKind, Entry, Explanation, Person, Precision, Provenance, Wrapper};
use agg::pipeline::{Explained, Preview};
use chrono::SecondsFormat;
use serde::Serialize;
use url::Url;

/// The object that `--format json` prints.
#[derive(Serialize)]
pub(super) struct Json<'a> {
    document: JsonDocument<'a>,
    kind: DocumentKind,
    title: Option<&'a str>,
    wrapper: Option<&'a Wrapper>,
    entries: Vec<JsonEntry<'a>>,
    feeds: &'a [Url],
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a Url>,
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<&'a Explanation>,
}

/// The object for a document that gave no entries.
#[derive(Serialize)]
pub(super) struct Unread<'a> {
    document: JsonDocument<'a>,
    kind: Option<DocumentKind>,
    entries: [(); 0],
    error: String,
    explain: &'a Explanation,
}

impl<'a> Unread<'a> {
    /// What is known of it, and why there is no more.
    pub(super) fn new(explained: &'a Explained, error: String) -> Self {
        let explain = &explained.explanation;
        let page = explain.page.as_ref().map(|_| DocumentKind::Page);
        Self {
            document: JsonDocument {
                url: &explained.url,
                media_type: explained.media_type.as_deref(),
                charset: explain.charset.name,
                bytes: explained.bytes,
            },
            kind: page.or(explain.feed.as_ref().map(|_| DocumentKind::Feed)),
            entries: [],
            error,
            explain,
        }
    }
}

#[derive(Serialize)]
struct JsonDocument<'a> {
    url: &'a Url,
    media_type: Option<&'a str>,
    charset: &'a str,
    bytes: usize,
}

#[derive(Serialize)]
struct JsonEntry<'a> {
    id: Option<&'a str>,
    url: Option<&'a Url>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mended_title: Option<&'a str>,
    published: Option<String>,
    published_precision: Option<Precision>,
    updated: Option<String>,
    summary: Option<&'a str>,
    tags: &'a [String],
    read_minutes: Option<u32>,
    authors: &'a [Person],
    language: Option<&'a str>,
    image: Option<&'a Url>,
    provenance: &'a Provenance,
}

impl<'a> Json<'a> {
    /// What was taken, and why, where that was asked for.
    pub(super) fn new(preview: &'a Preview, explain: Option<&'a Explanation>) -> Self {
        Self {
            document: JsonDocument {
                url: &preview.url,
                media_type: preview.media_type.as_deref(),
                charset: preview.charset,
                bytes: preview.bytes,
            },
            kind: preview.kind,
            title: preview.title.as_deref(),
            wrapper: preview.wrapper.as_ref(),
            entries: preview
                .entries
                .iter()
                .map(|entry| JsonEntry::new(entry, preview))
                .collect(),
            feeds: &preview.feeds,
            next: preview.next.as_ref(),
            warnings: &preview.warnings,
            explain,
        }
    }
}

impl<'a> JsonEntry<'a> {
    /// A feed's title is shown as it is written; what is published instead, beside it.
    fn new(entry: &'a Entry, preview: &'a Preview) -> Self {
        let broken = preview.broken_titles.get(&entry.position);
        let rfc3339 =
            |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        Self {
            id: entry.guid.as_deref(),
            url: entry.url.as_ref(),
            title: broken.unwrap_or(&entry.title),
            mended_title: broken.map(|_| entry.title.as_str()),
            published: entry.published.map(|date| rfc3339(date.at)),
            published_precision: entry.published.map(|date| date.precision),
            updated: entry.updated.map(rfc3339),
            summary: entry.summary.as_deref(),
            tags: &entry.tags,
            read_minutes: entry.read_minutes,
            authors: &entry.authors,
            language: entry.language.as_deref(),
            image: entry.image.as_ref(),
            provenance: &entry.provenance,
        }
    }
}
