//! A feed made ready to leave: what every format says of it, decided once. Takes a [`Feed`], gives an [`Outgoing`] whose
//! strings are clean and whose addresses are of the web; the formats only spell it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::model::{DateKind, Entry, Feed, Origin, Paging, Provenance, PublishedEntry};

use super::format::Format;
use super::hygiene::{
    identifier, instant, iri, language, many_lines, media_type, one_line, some_line, web_address,
    without_userinfo,
};

/// A feed, clean.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// A URI.
    pub(super) id: String,
    /// One line, never empty.
    pub(super) title: String,
    /// One line, never empty.
    pub(super) description: String,
    /// The name of the feed in `feeds.toml`.
    pub(super) name: String,
    /// The address of its folder, where the page for people is.
    pub(super) home: Url,
    /// What else it is published in.
    pub(super) formats: Vec<Format>,
    /// The language of all its entries, if they agree on one.
    pub(super) language: Option<String>,
    /// Not before any of its entries: readers drop entries that are newer than their feed.
    pub(super) updated: DateTime<Utc>,
    /// Which part of its history this is.
    pub(super) paging: Paging,
    /// In their final order.
    pub(super) entries: Vec<OutgoingEntry>,
}

/// An entry, clean.
#[derive(Debug)]
pub(super) struct OutgoingEntry {
    /// A URI.
    pub(super) id: String,
    /// One line, never empty.
    pub(super) title: String,
    /// The permalink.
    pub(super) link: Option<String>,
    /// In whole seconds.
    pub(super) date: DateTime<Utc>,
    /// Where `date` came from.
    pub(super) date_kind: DateKind,
    /// In whole seconds, at least `date`.
    pub(super) updated: DateTime<Utc>,
    /// Plain text on one line.
    pub(super) summary: Option<String>,
    /// HTML.
    pub(super) content: Option<String>,
    /// One line each.
    pub(super) tags: Vec<String>,
    /// Minutes.
    pub(super) read_minutes: Option<u32>,
    /// Who wrote it; empty if nobody is named.
    pub(super) authors: Vec<Byline>,
    /// A language tag.
    pub(super) language: Option<String>,
    /// An address.
    pub(super) image: Option<String>,
    /// Attached files.
    pub(super) enclosures: Vec<OutgoingEnclosure>,
    /// An address.
    pub(super) comments: Option<String>,
    /// One line.
    pub(super) rights: Option<String>,
    /// Who shows it, the first being whose values won.
    pub(super) origins: Vec<OutgoingOrigin>,
    /// Which tier each field came from.
    pub(super) provenance: Provenance,
}

/// A name with a home page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Byline {
    /// One line, never empty.
    pub(super) name: String,
    /// An address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

/// An attached file.
#[derive(Debug)]
pub(super) struct OutgoingEnclosure {
    pub(super) url: String,
    pub(super) media_type: String,
    pub(super) length: Option<u64>,
    pub(super) duration_seconds: Option<u64>,
}

/// A source that shows an entry.
#[derive(Debug)]
pub(super) struct OutgoingOrigin {
    /// Its name in `feeds.toml`.
    pub(super) source: String,
    /// One line, never empty.
    pub(super) title: String,
    /// A URI.
    pub(super) id: String,
    /// Where it is read.
    pub(super) address: Option<String>,
    /// The site it belongs to; the address itself where that is a page.
    pub(super) site: Option<String>,
    /// True if `address` is that of a feed.
    pub(super) is_feed: bool,
    /// The permalink there.
    pub(super) url: Option<String>,
}

impl Outgoing {
    pub(super) fn new(feed: &Feed) -> Self {
        let definition = &feed.definition;
        let entries: Vec<_> = feed.entries.iter().map(OutgoingEntry::new).collect();
        let title = some_line(&definition.title).unwrap_or_else(|| definition.id.clone());
        let newest = entries.iter().map(|entry| entry.updated).max();
        Self {
            id: identifier(&feed.id),
            description: some_line(&definition.description).unwrap_or_else(|| title.clone()),
            title,
            name: definition.id.clone(),
            home: without_userinfo(&definition.url),
            formats: definition.formats.clone(),
            language: shared_language(&entries),
            paging: feed.paging,
            updated: instant(feed.updated).max(newest.unwrap_or(DateTime::UNIX_EPOCH)),
            entries,
        }
    }

    /// False for a feed that never held anything: the epoch is no date to tell.
    pub(super) fn has_changed(&self) -> bool {
        self.updated > DateTime::UNIX_EPOCH
    }

    /// The page that shows the feed to people, where it is published as one.
    pub(super) fn page_for_people(&self) -> Option<&Url> {
        self.formats.contains(&Format::Html).then_some(&self.home)
    }

    /// Where the feed is reached in `format`.
    pub(super) fn address(&self, format: Format) -> Url {
        document_address(&self.home, format.file_name())
    }

    /// Where this very document is reached: the feed, or a page of its archive.
    pub(super) fn own_address(&self, format: Format) -> Url {
        let page = self.paging.page.and_then(|page| self.page(format, page));
        page.unwrap_or_else(|| self.address(format))
    }

    /// Where a page of the archive is reached.
    pub(super) fn page(&self, format: Format, page: u64) -> Option<Url> {
        let name = format.archive_name(page)?;
        Some(document_address(&self.home, &name))
    }
}

/// Where the document of that name is reached, in the folder at `folder`.
pub(super) fn document_address(folder: &Url, name: &str) -> Url {
    let folder = without_userinfo(folder);
    // Only an address like `mailto:`, which no folder has, cannot be joined.
    folder.join(name).unwrap_or(folder)
}

/// The one language of all entries, if they have one.
fn shared_language(entries: &[OutgoingEntry]) -> Option<String> {
    let first = entries.first()?.language.as_ref()?;
    entries
        .iter()
        .all(|entry| entry.language.as_ref() == Some(first))
        .then(|| first.clone())
}

impl OutgoingEntry {
    fn new(published: &PublishedEntry) -> Self {
        let entry = &published.entry;
        let id = identifier(&published.id);
        let origins: Vec<_> = published.origins.iter().map(OutgoingOrigin::new).collect();
        let link = (entry.url.as_ref().and_then(web_address))
            .or_else(|| origins.iter().find_map(|origin| origin.url.clone()));
        let summary = entry.summary.as_deref().and_then(some_line);
        let date = instant(published.date);
        Self {
            title: some_line(&entry.title)
                .or_else(|| summary.clone())
                .or_else(|| link.clone())
                .unwrap_or_else(|| id.clone()),
            id,
            link,
            date,
            date_kind: published.date_kind,
            updated: instant(published.updated).max(date),
            summary,
            content: entry.content.as_deref().and_then(many_lines),
            tags: entry.tags.iter().filter_map(|tag| some_line(tag)).collect(),
            read_minutes: entry.read_minutes,
            authors: authors(entry),
            language: entry.language.as_deref().and_then(language),
            image: entry.image.as_ref().and_then(web_address),
            enclosures: enclosures(entry),
            comments: entry.comments.as_ref().and_then(web_address),
            rights: entry.rights.as_deref().and_then(some_line),
            origins,
            provenance: entry.provenance.clone(),
        }
    }

    /// Whose name stands over the entry: its authors, else the source it comes from. Atom requires one, and in a merged feed
    /// many readers show nothing else that tells where an entry comes from.
    pub(super) fn byline(&self) -> Vec<Byline> {
        if !self.authors.is_empty() {
            return self.authors.clone();
        }
        let origin = self.origins.first();
        origin.map_or_else(Vec::new, |origin| {
            vec![Byline {
                name: origin.title.clone(),
                url: origin.site.clone(),
            }]
        })
    }

    /// The permalinks that other sources show, each once, with the source's title.
    pub(super) fn via(&self) -> Vec<(&str, &str)> {
        let mut via: Vec<(&str, &str)> = Vec::new();
        for origin in &self.origins {
            if let Some(url) = &origin.url
                && self.link.as_ref() != Some(url)
                && via.iter().all(|(known, _)| known != url)
            {
                via.push((url, &origin.title));
            }
        }
        via
    }

    /// What stands in for the content where there is none: the summary, else the title, as plain text.
    pub(super) fn stand_in(&self) -> &str {
        self.summary.as_deref().unwrap_or(&self.title)
    }
}

fn authors(entry: &Entry) -> Vec<Byline> {
    entry
        .authors
        .iter()
        .filter_map(|person| {
            Some(Byline {
                name: some_line(&person.name)?,
                url: person.url.as_ref().and_then(web_address),
            })
        })
        .collect()
}

fn enclosures(entry: &Entry) -> Vec<OutgoingEnclosure> {
    entry
        .enclosures
        .iter()
        .filter_map(|enclosure| {
            Some(OutgoingEnclosure {
                url: web_address(&enclosure.url)?,
                media_type: media_type(enclosure.media_type.as_deref()),
                length: enclosure.length,
                duration_seconds: enclosure.duration_seconds,
            })
        })
        .collect()
}

impl OutgoingOrigin {
    pub(super) fn new(origin: &Origin) -> Self {
        let address = web_address(&origin.address);
        let page = address.clone().filter(|_| !origin.is_feed);
        Self {
            source: one_line(origin.source.as_str()),
            title: some_line(&origin.title).unwrap_or_else(|| origin.source.to_string()),
            id: iri(&origin.id)
                .or_else(|| address.clone())
                .unwrap_or_else(|| identifier(&format!("urn:x-agg:source:{}", origin.source))),
            site: origin.site.as_ref().and_then(web_address).or(page),
            address,
            is_feed: origin.is_feed,
            url: origin.url.as_ref().and_then(web_address),
        }
    }
}
