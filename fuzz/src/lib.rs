//! What the fuzz targets share: bytes in, entries out, by the same public stages that an update runs through.

use agg::extract::extract;
use agg::model::{
    DateKind, Document, DocumentKind, Entry, Extraction, Feed, FeedDefinition, Origin, Paging,
    PublishedEntry, RawEntry, Source, SourceId, SourceKind, SourceMeta, Validators,
};
use agg::normalise::{Context, normalise};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use url::Url;

/// Where every document is found.
///
/// # Panics
/// Never: the address is one.
#[must_use]
pub fn address() -> Url {
    Url::parse("https://blog.example/posts/").expect("an address")
}

/// The time it always is.
///
/// # Panics
/// Never: it is a time.
#[must_use]
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).expect("a time")
}

/// `body` as an answer of that media type.
#[must_use]
pub fn document(body: &[u8], media_type: Option<&str>) -> Document {
    Document {
        url: address(),
        media_type: media_type.map(str::to_owned),
        charset: None,
        body: Bytes::copy_from_slice(body),
        validators: Validators::default(),
    }
}

/// The entries of a document, if it is one.
#[must_use]
pub fn read(document: &Document) -> Option<(Extraction, Vec<Entry>)> {
    let extraction = extract(document, SourceKind::Auto, None).ok()?;
    let entries = normalised(
        extraction.entries.clone(),
        extraction.kind,
        &extraction.meta,
    );
    Some((extraction, entries))
}

/// `raw` as entries.
///
/// # Panics
/// Never: the id is one.
#[must_use]
pub fn normalised(raw: Vec<RawEntry>, kind: DocumentKind, meta: &SourceMeta) -> Vec<Entry> {
    let source = Source {
        id: SourceId::new("blog").expect("an id"),
        url: address(),
        title: None,
        kind: SourceKind::Auto,
        select: None,
        enrich: false,
        robots: true,
        pages: 1,
        interval: None,
        timezone: None,
        tags: Vec::new(),
        access: std::sync::Arc::default(),
    };
    let context = Context {
        source: &source,
        document: &address(),
        meta,
        kind,
        now: now(),
    };
    normalise(raw, &context).entries
}

/// A feed of `entries`, as the ledger would have it published.
///
/// # Panics
/// Never: the ids and addresses are such.
#[must_use]
pub fn feed(entries: Vec<Entry>) -> Feed {
    let origin = Origin {
        source: SourceId::new("blog").expect("an id"),
        title: "Blog".to_owned(),
        id: address().into(),
        address: address(),
        site: None,
        is_feed: true,
        url: None,
    };
    let published = entries
        .into_iter()
        .enumerate()
        .map(|(place, entry)| {
            let date = entry.published.map_or_else(now, |date| date.at);
            PublishedEntry {
                id: format!("tag:blog.example,2026:{place}"),
                date,
                date_kind: DateKind::Instant,
                updated: date,
                entry,
                origins: vec![origin.clone()],
            }
        })
        .collect();
    Feed {
        definition: FeedDefinition {
            title: "Blog".to_owned(),
            description: "A blog".to_owned(),
            limit: usize::MAX,
            ..FeedDefinition::new("all", address())
        },
        id: "tag:blog.example,2026:feed:all".to_owned(),
        updated: now(),
        entries: published,
        paging: Paging::default(),
    }
}
