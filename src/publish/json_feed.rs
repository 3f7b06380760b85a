//! JSON Feed 1.1.
//!
//! Quirks: an item must have content, so one without carries its summary or title as `content_text`. `_agg` holds what the
//! format has no key for; unlike `authors`, which falls back to the source's name, its `provenance` says only what is known.

use serde::Serialize;
use url::Url;

use crate::model::{DateKind, Provenance};

use super::format::Format;
use super::hygiene::rfc3339;
use super::outgoing::{Byline, Outgoing, OutgoingEntry};

const VERSION: &str = "https://jsonfeed.org/version/1.1";

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the keys of the format")]
struct Feed<'a> {
    version: &'static str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_page_url: Option<&'a str>,
    feed_url: Url,
    /// What was published before: a page of the archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<Url>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Byline>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
    #[serde(rename = "_agg")]
    agg: Agg<'a>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_in_seconds: Option<u64>,
}

/// The extension.
#[derive(Serialize)]
struct Agg<'a> {
    origins: Vec<Origin<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_minutes: Option<u32>,
    date_kind: DateKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<&'a str>,
    provenance: &'a Provenance,
}

#[derive(Serialize)]
struct Origin<'a> {
    source: &'a str,
    title: &'a str,
    /// The permalink there.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// The bytes of the feed as JSON Feed.
pub(super) fn write(feed: &Outgoing) -> Vec<u8> {
    let json = Feed {
        version: VERSION,
        title: &feed.title,
        home_page_url: feed.page_for_people().map(Url::as_str),
        feed_url: feed.own_address(Format::Json),
        next_url: (feed.paging.older).and_then(|page| feed.page(Format::Json, page)),
        description: &feed.description,
        language: feed.language.as_deref(),
        items: feed.entries.iter().map(item).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&json)
        .expect("plain structs with string keys always have a JSON form");
    bytes.push(b'\n');
    bytes
}

fn item(entry: &OutgoingEntry) -> Item<'_> {
    let content_html = entry.content.as_deref();
    Item {
        id: &entry.id,
        url: entry.link.as_deref(),
        title: &entry.title,
        content_html,
        content_text: content_html.is_none().then(|| entry.stand_in()),
        summary: entry.summary.as_deref(),
        image: entry.image.as_deref(),
        date_published: rfc3339(entry.date),
        date_modified: rfc3339(entry.updated),
        authors: entry.byline(),
        tags: &entry.tags,
        language: entry.language.as_deref(),
        attachments: entry
            .enclosures
            .iter()
            .map(|enclosure| Attachment {
                url: &enclosure.url,
                mime_type: &enclosure.media_type,
                size_in_bytes: enclosure.length,
                duration_in_seconds: enclosure.duration_seconds,
            })
            .collect(),
        agg: Agg {
            origins: entry
                .origins
                .iter()
                .map(|origin| Origin {
                    source: &origin.source,
                    title: &origin.title,
                    url: origin.url.as_deref(),
                })
                .collect(),
            read_minutes: entry.read_minutes,
            date_kind: entry.date_kind,
            comments: entry.comments.as_deref(),
            rights: entry.rights.as_deref(),
            provenance: &entry.provenance,
        },
    }
}
