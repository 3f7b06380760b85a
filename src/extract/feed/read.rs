//! A washed feed → raw entries. feed-rs reads the document; what it has no place for (dates, which may be known by the day only,
//! bases, durations, images without media) is joined from beside it, entry by entry, and so are summaries and bodies: in them
//! there is nothing more to read, and they are most of a feed.

use std::borrow::Cow;

use feed_rs::model as parsed;
use feed_rs::parser;
use url::Url;

use super::date;
use super::draft::{Construct, Draft, is_web};
use super::error::FeedError;
use super::text::{clean, unescape, without_tags};
use super::wash::Washed;
use crate::lexicon::date::Order;
use crate::model::{Field, Provenance, RawEnclosure, RawEntry, RawPerson, SourceMeta, Text, Tier};

/// What is said of a feed without entries, which is none that is broken.
pub(super) const NO_ENTRY: &str = "There is no entry in the feed.";

/// What was read from a feed.
#[derive(Clone, Debug)]
pub(in crate::extract) struct Read {
    /// What the feed says of itself.
    pub(in crate::extract) meta: SourceMeta,
    /// Its entries, in document order.
    pub(in crate::extract) entries: Vec<RawEntry>,
    /// Whether it ends before it should.
    pub(in crate::extract) is_cut: bool,
    /// What was odd, in sentences.
    pub(in crate::extract) warnings: Vec<String>,
}

/// Reads a washed feed that was found at `url`.
pub(super) fn read(mut washed: Washed, url: &Url) -> Result<Read, FeedError> {
    if washed.entries.is_empty() {
        if washed.strange_entries {
            return Err(FeedError::StrangeEntries);
        }
        if !washed.is_feed && !washed.feed.shows() {
            return Err(FeedError::Nothing);
        }
        washed.warnings.push(NO_ENTRY.to_owned());
    }
    let dates = washed
        .entries
        .iter()
        .flat_map(|entry| [entry.published.get(), entry.updated.get()]);
    let order = date::order(dates.flatten().map(String::as_str));
    let feed = parse(&document(&washed), url)?;
    let language = washed.feed.language.take();
    let authors: Vec<RawPerson> = feed.authors.iter().map(person).collect();
    let meta = SourceMeta {
        title: feed.title.map(one_line).filter(|title| !title.is_empty()),
        site: alternate(&feed.links).map(|link| link.href.clone()),
        id: Some(feed.id).filter(|id| !id.is_empty()),
        language: language.clone(),
        feeds: Vec::new(),
        hints: std::mem::take(&mut washed.feed.hints).hints(),
    };
    let sources: Vec<Option<String>> = (washed.entries.iter_mut())
        .map(|entry| entry.source.take())
        .collect();
    let mut entries: Vec<RawEntry> = feed
        .entries
        .into_iter()
        .zip(washed.entries)
        .map(|(entry, draft)| join(entry, draft, order))
        .collect();
    for (entry, source) in entries.iter_mut().zip(sources) {
        if entry.authors.is_empty() {
            // who edits a planet has not written what is on it
            match source.filter(|source| meta.title.as_ref() != Some(source)) {
                Some(name) => entry.authors.push(RawPerson {
                    name,
                    ..RawPerson::default()
                }),
                None => entry.authors.clone_from(&authors),
            }
        }
        if entry.language.is_none() {
            entry.language.clone_from(&language);
        }
        entry.provenance = provenance(entry);
    }
    Ok(Read {
        meta,
        entries,
        is_cut: washed.is_cut,
        warnings: washed.warnings,
    })
}

/// The washed feed as a document that every reader of Atom 1.0 understands.
fn document(washed: &Washed) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\">",
    );
    washed.feed.write(&mut xml);
    for entry in &washed.entries {
        xml.push_str("<entry>");
        entry.write(&mut xml);
        xml.push_str("</entry>");
    }
    xml.push_str("</feed>");
    xml
}

fn parse(xml: &str, url: &Url) -> Result<parsed::Feed, FeedError> {
    parser::Builder::new()
        .base_uri(Some(url.as_str()))
        .sanitize_content(false)
        .id_generator(|_, _, _| String::new())
        .build()
        .parse(xml.as_bytes())
        .map_err(|error| FeedError::Unreadable {
            cause: error.to_string(),
        })
}

fn join(entry: parsed::Entry, mut draft: Draft, order: Order) -> RawEntry {
    let url = permalink(&entry.links);
    let comments = entry
        .links
        .iter()
        .find(|link| link.rel.as_deref() == Some("replies"))
        .map(|link| link.href.clone());
    let enclosures = enclosures(&entry, draft.duration.as_deref());
    let image = draft.image.take().or_else(|| {
        let picture = |enclosure: &&RawEnclosure| {
            enclosure
                .media_type
                .as_deref()
                .is_some_and(|kind| kind.starts_with("image/"))
        };
        enclosures
            .iter()
            .find(picture)
            .map(|enclosure| enclosure.url.clone())
    });
    RawEntry {
        id: Some(entry.id).filter(|id| !id.is_empty()),
        url,
        canonical: draft.origin,
        base: draft.base,
        title: entry.title.map(text),
        published: draft
            .published
            .take()
            .map(|date| date::rfc_3339(&date, order)),
        updated: draft
            .updated
            .take()
            .map(|date| date::rfc_3339(&date, order)),
        summary: draft.summary.take().map(long),
        content: draft.content.take().map(long),
        tags: entry
            .categories
            .into_iter()
            .map(|category| category.term)
            .collect(),
        read_time: None,
        authors: entry.authors.iter().map(person).collect(),
        language: draft.language.take(),
        image,
        enclosures,
        comments,
        rights: entry.rights.map(|rights| rights.content),
        provenance: Provenance::new(),
    }
}

/// The words of a text, on one line.
fn one_line(text: parsed::Text) -> String {
    let html = text.content_type.subty() == "html";
    let mut words = text.content;
    if html {
        words = unescape(&without_tags(&words)).into_owned();
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(text: parsed::Text) -> Text {
    if text.content_type.subty() == "html" {
        Text::Html(text.content)
    } else {
        Text::Plain(text.content)
    }
}

/// A text that feed-rs was not given, as it would have given it.
fn long(construct: Construct) -> Text {
    let changed = match clean(construct.text.trim()) {
        Cow::Owned(cleaned) => Some(cleaned),
        Cow::Borrowed(text) => (text.len() < construct.text.len()).then(|| text.to_owned()),
    };
    let text = changed.unwrap_or(construct.text);
    if construct.html {
        Text::Html(text)
    } else {
        Text::Plain(text)
    }
}

fn person(person: &parsed::Person) -> RawPerson {
    RawPerson {
        name: person.name.clone().unwrap_or_default(),
        url: person.uri.clone(),
        email: person.email.clone(),
    }
}

/// The link to the article: an alternate, HTML before other types; else whatever can be opened.
fn permalink(links: &[parsed::Link]) -> Option<String> {
    let enclosure = || {
        links
            .iter()
            .find(|link| link.rel.as_deref() == Some("enclosure"))
    };
    alternate(links)
        .or_else(enclosure)
        .map(|link| link.href.clone())
}

fn alternate(links: &[parsed::Link]) -> Option<&parsed::Link> {
    let alternates = || {
        links.iter().filter(|link| {
            link.rel
                .as_deref()
                .is_some_and(|rel| rel.eq_ignore_ascii_case("alternate"))
        })
    };
    let html = |link: &&parsed::Link| {
        link.media_type
            .as_deref()
            .is_none_or(|kind| kind.contains("html"))
    };
    let web = |link: &&parsed::Link| is_web(&link.href);
    alternates()
        .find(|link| html(link) && web(link))
        .or_else(|| alternates().find(web))
        .or_else(|| alternates().next())
}

/// Links of that kind and Media RSS, each address once. The playing time is the entry's own.
fn enclosures(entry: &parsed::Entry, duration: Option<&str>) -> Vec<RawEnclosure> {
    let duration = duration.and_then(date::duration_seconds);
    let mut enclosures: Vec<RawEnclosure> = Vec::new();
    for link in entry
        .links
        .iter()
        .filter(|link| link.rel.as_deref() == Some("enclosure"))
    {
        add(
            &mut enclosures,
            RawEnclosure {
                url: link.href.clone(),
                media_type: link.media_type.clone(),
                length: link.length.filter(|length| *length > 0),
                duration_seconds: None,
            },
        );
    }
    for content in entry.media.iter().flat_map(|media| &media.content) {
        if let Some(url) = &content.url {
            add(
                &mut enclosures,
                RawEnclosure {
                    url: url.to_string(),
                    media_type: content.content_type.as_ref().map(ToString::to_string),
                    length: content.size,
                    duration_seconds: content.duration.map(|duration| duration.as_secs()),
                },
            );
        }
    }
    if let Some(first) = enclosures.first_mut() {
        first.duration_seconds = first.duration_seconds.or(duration);
    }
    enclosures
}

fn add(enclosures: &mut Vec<RawEnclosure>, new: RawEnclosure) {
    match enclosures.iter_mut().find(|known| known.url == new.url) {
        Some(known) => {
            known.media_type = known.media_type.take().or(new.media_type);
            known.length = known.length.or(new.length);
            known.duration_seconds = known.duration_seconds.or(new.duration_seconds);
        }
        None => enclosures.push(new),
    }
}

/// Every field that has a value came from the feed.
pub(super) fn provenance(entry: &RawEntry) -> Provenance {
    [
        (Field::Url, entry.url.is_some()),
        (Field::Title, entry.title.is_some()),
        (Field::Published, entry.published.is_some()),
        (Field::Updated, entry.updated.is_some()),
        (Field::Summary, entry.summary.is_some()),
        (Field::Content, entry.content.is_some()),
        (Field::Tags, !entry.tags.is_empty()),
        (Field::Authors, !entry.authors.is_empty()),
        (Field::Language, entry.language.is_some()),
        (Field::Image, entry.image.is_some()),
    ]
    .into_iter()
    .filter_map(|(field, present)| present.then_some((field, Tier::Feed)))
    .collect()
}
