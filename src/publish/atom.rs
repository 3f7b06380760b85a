//! Atom 1.0 (RFC 4287), spelt by atom_syndication.
//!
//! Quirks: plain text that looks like markup is written as HTML, for many readers take all text for it. An entry without a
//! permalink and without content carries its summary or title as content, for a permalink that is none would be a lie (§4.1.2
//! wants one or the other). `atom:source` must have an `updated` here (atom_syndication writes one always); it is that of the
//! entry, the newest thing this entry proves of its source.

use std::collections::BTreeMap;

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{
    Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Source, Text,
    WriteConfig,
};
use chrono::{DateTime, Utc};
use quick_xml::escape::partial_escape;

use super::format::{Format, NAMESPACE, XML_DECLARATION};
use super::hygiene::reads_as_markup;
use super::outgoing::{Byline, Outgoing, OutgoingEntry, OutgoingOrigin};

/// Of `media:thumbnail`, the image that stands for an entry.
const MEDIA_NAMESPACE: &str = "http://search.yahoo.com/mrss/";
/// Of `fh:archive`, which says that a document never changes (RFC 5005 §4).
const HISTORY_NAMESPACE: &str = "http://purl.org/syndication/history/1.0";
/// Of `itunes:duration`, how long an enclosure plays.
const ITUNES_NAMESPACE: &str = "http://www.itunes.com/dtds/podcast-1.0.dtd";

/// The bytes of the feed as Atom.
pub(super) fn write(feed: &Outgoing) -> Vec<u8> {
    let atom = Feed {
        title: Text::plain(&*feed.title),
        id: feed.id.clone(),
        updated: fixed(feed.updated),
        generator: Some(Generator {
            value: "agg".to_owned(),
            ..Generator::default()
        }),
        links: own_links(feed),
        subtitle: Some(Text::plain(&*feed.description)),
        entries: feed.entries.iter().map(entry).collect(),
        namespaces: namespaces(feed),
        lang: feed.language.clone(),
        extensions: feed_extensions(feed),
        ..Feed::default()
    };
    let config = WriteConfig {
        write_document_declaration: false,
        indent_size: Some(1),
    };
    let mut bytes = atom
        .write_with_config(XML_DECLARATION.as_bytes().to_vec(), config)
        .expect("writing into memory cannot fail");
    bytes.push(b'\n');
    bytes
}

/// Where the feed is, and the page for people if there is one.
fn own_links(feed: &Outgoing) -> Vec<Link> {
    let mut links = vec![link(
        "self",
        feed.own_address(Format::Atom).into(),
        Some(Format::Atom.media_type()),
    )];
    let feed_type = Some(Format::Atom.media_type());
    let paging = feed.paging;
    // RFC 5005 §4: from the feed to the pages of its history, and between these
    if paging.page.is_some() {
        let current = feed.address(Format::Atom).into();
        links.push(link("current", current, feed_type));
    }
    for (rel, page) in [
        ("prev-archive", paging.older),
        ("next-archive", paging.newer),
    ] {
        if let Some(address) = page.and_then(|page| feed.page(Format::Atom, page)) {
            links.push(link(rel, address.into(), feed_type));
        }
    }
    if feed.formats.contains(&Format::Html) {
        let page = feed.home.to_string();
        links.push(link("alternate", page, Some(Format::Html.media_type())));
    }
    links
}

/// The prefixes that are used, so that a feed without images and podcasts does not speak of them.
fn namespaces(feed: &Outgoing) -> BTreeMap<String, String> {
    let mut used = BTreeMap::from([("agg".to_owned(), NAMESPACE.to_owned())]);
    if feed.paging.is_closed {
        used.insert("fh".to_owned(), HISTORY_NAMESPACE.to_owned());
    }
    if feed.entries.iter().any(|entry| entry.image.is_some()) {
        used.insert("media".to_owned(), MEDIA_NAMESPACE.to_owned());
    }
    if feed.entries.iter().any(|entry| duration(entry).is_some()) {
        used.insert("itunes".to_owned(), ITUNES_NAMESPACE.to_owned());
    }
    used
}

/// Plain text; as HTML where there are readers that would take it for HTML anyway.
fn plain(text: &str) -> Text {
    if reads_as_markup(text) {
        Text::html(partial_escape(text))
    } else {
        Text::plain(text)
    }
}

/// `fh:archive` on a page that is closed. The open one has none: it still changes.
fn feed_extensions(feed: &Outgoing) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    if feed.paging.is_closed {
        let archive = Extension {
            name: "fh:archive".to_owned(),
            ..Extension::default()
        };
        let names = BTreeMap::from([("archive".to_owned(), vec![archive])]);
        map.insert("fh".to_owned(), names);
    }
    map
}

fn entry(entry: &OutgoingEntry) -> Entry {
    let lang = entry.language.clone();
    let text = |value: &str| Text {
        lang: lang.clone(),
        ..plain(value)
    };
    let content = match (&entry.content, &entry.link) {
        (Some(html), _) => Some(("html", html.clone())),
        (None, None) if reads_as_markup(entry.stand_in()) => {
            Some(("html", partial_escape(entry.stand_in()).into_owned()))
        }
        (None, None) => Some(("text", entry.stand_in().to_owned())),
        (None, Some(_)) => None,
    };
    Entry {
        title: text(&entry.title),
        id: entry.id.clone(),
        updated: fixed(entry.updated),
        authors: entry.byline().into_iter().map(person).collect(),
        categories: entry
            .tags
            .iter()
            .map(|tag| Category {
                term: tag.clone(),
                ..Category::default()
            })
            .collect(),
        links: links(entry),
        published: Some(fixed(entry.date)),
        rights: entry.rights.as_deref().map(Text::plain),
        source: entry
            .origins
            .first()
            .map(|origin| source(origin, entry.updated)),
        summary: entry.summary.as_deref().map(text),
        content: content.map(|(kind, value)| Content {
            lang: lang.clone(),
            value: Some(value),
            content_type: Some(kind.to_owned()),
            ..Content::default()
        }),
        extensions: extensions(entry),
        ..Entry::default()
    }
}

fn links(entry: &OutgoingEntry) -> Vec<Link> {
    let mut links = Vec::new();
    if let Some(url) = &entry.link {
        // an episode may have no page: its link leads to the recording
        let file = entry.enclosures.iter().find(|file| file.url == *url);
        let media_type = file.map_or(Format::Html.media_type(), |file| &file.media_type);
        links.push(link("alternate", url.clone(), Some(media_type)));
    }
    links.extend(entry.via().into_iter().map(|(url, title)| Link {
        title: Some(title.to_owned()),
        ..link("via", url.to_owned(), None)
    }));
    if let Some(url) = &entry.comments {
        // RFC 4685 §4
        links.push(link(
            "replies",
            url.clone(),
            Some(Format::Html.media_type()),
        ));
    }
    links.extend(entry.enclosures.iter().map(|enclosure| Link {
        length: enclosure.length.map(|bytes| bytes.to_string()),
        ..link(
            "enclosure",
            enclosure.url.clone(),
            Some(&enclosure.media_type),
        )
    }));
    links
}

fn source(origin: &OutgoingOrigin, updated: DateTime<Utc>) -> Source {
    let mut links = Vec::new();
    if let Some(site) = &origin.site {
        links.push(link(
            "alternate",
            site.clone(),
            Some(Format::Html.media_type()),
        ));
    }
    if let Some(address) = origin.address.as_ref().filter(|_| origin.is_feed) {
        links.push(link("self", address.clone(), None));
    }
    Source {
        title: Text::plain(&*origin.title),
        id: origin.id.clone(),
        updated: fixed(updated),
        links,
        ..Source::default()
    }
}

fn extensions(entry: &OutgoingEntry) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    let mut add = |prefix: &str, name: &str, value: Option<String>, attrs: BTreeMap<_, _>| {
        let extension = Extension {
            name: format!("{prefix}:{name}"),
            value,
            attrs,
            children: BTreeMap::new(),
        };
        let names = map.entry(prefix.to_owned()).or_default();
        names.insert(name.to_owned(), vec![extension]);
    };
    let kind = entry.date_kind.as_str().to_owned();
    add("agg", "dateKind", Some(kind), BTreeMap::new());
    if let Some(minutes) = entry.read_minutes {
        add(
            "agg",
            "readMinutes",
            Some(minutes.to_string()),
            BTreeMap::new(),
        );
    }
    if let Some(image) = &entry.image {
        // atom_syndication writes attributes of extensions as they are
        let url = quick_xml::escape::escape(image.as_str()).into_owned();
        add(
            "media",
            "thumbnail",
            Some(String::new()),
            BTreeMap::from([("url".to_owned(), url)]),
        );
    }
    if let Some(seconds) = duration(entry) {
        add(
            "itunes",
            "duration",
            Some(seconds.to_string()),
            BTreeMap::new(),
        );
    }
    map
}

/// How long the first enclosure plays, in seconds.
fn duration(entry: &OutgoingEntry) -> Option<u64> {
    entry.enclosures.first()?.duration_seconds
}

fn person(byline: Byline) -> Person {
    Person {
        name: byline.name,
        uri: byline.url,
        ..Person::default()
    }
}

fn link(rel: &str, href: String, media_type: Option<&str>) -> Link {
    Link {
        href,
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Link::default()
    }
}

fn fixed(at: DateTime<Utc>) -> FixedDateTime {
    at.fixed_offset()
}
