//! RSS 2.0 (and the RSS Advisory Board's profile of it), spelt by the rss crate.
//!
//! Quirks: `description` is HTML by custom, so the plain summary is escaped; so is a title that would be read as HTML; the whole
//! body goes to `content:encoded`. RSS
//! allows one `enclosure`, the others become `atom:link rel="enclosure"`; a length that is unknown is 0, a type that is
//! unknown `application/octet-stream`. `source` names the first origin, `atom:link rel="via"` the permalinks of the others.

use std::collections::BTreeMap;

use quick_xml::escape::partial_escape;
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::itunes::ITunesItemExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Item, Source};
use url::Url;

use super::format::{Format, NAMESPACE};
use super::hygiene::{imf_fixdate, reads_as_markup, rfc3339};
use super::outgoing::{Outgoing, OutgoingEntry};

const SPECIFICATION: &str = "https://www.rssboard.org/rss-specification";
/// Of `media:thumbnail`, the image that stands for an item.
const MEDIA_NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// The bytes of the feed as RSS.
pub(super) fn write(feed: &Outgoing) -> Vec<u8> {
    let mut namespaces = BTreeMap::from([("agg".to_owned(), NAMESPACE.to_owned())]);
    if feed.entries.iter().any(|entry| entry.image.is_some()) {
        namespaces.insert("media".to_owned(), MEDIA_NAMESPACE.to_owned());
    }
    let channel = Channel {
        title: feed.title.clone(),
        // a channel must have one: without a page, where it is itself
        link: (feed.page_for_people())
            .map_or_else(|| feed.address(Format::Rss).into(), Url::to_string),
        description: feed.description.clone(),
        language: feed.language.clone(),
        last_build_date: feed.has_changed().then(|| imf_fixdate(feed.updated)),
        generator: Some("agg".to_owned()),
        docs: Some(SPECIFICATION.to_owned()),
        atom_ext: Some(AtomExtension {
            links: vec![Link {
                mime_type: Some(Format::Rss.media_type().to_owned()),
                ..link("self", feed.address(Format::Rss).as_str())
            }],
        }),
        items: feed.entries.iter().map(item).collect(),
        namespaces,
        ..Channel::default()
    };
    let mut bytes = channel
        .pretty_write_to(Vec::new(), b' ', 1)
        .expect("writing into memory cannot fail");
    bytes.push(b'\n');
    bytes
}

fn item(entry: &OutgoingEntry) -> Item {
    let first = entry.enclosures.first();
    let duration = first.and_then(|enclosure| enclosure.duration_seconds);
    Item {
        title: Some(if reads_as_markup(&entry.title) {
            partial_escape(&*entry.title).into_owned()
        } else {
            entry.title.clone()
        }),
        link: entry.link.clone(),
        description: (entry.summary.as_deref()).map(|text| partial_escape(text).into_owned()),
        categories: entry
            .tags
            .iter()
            .map(|tag| Category {
                name: tag.clone(),
                domain: None,
            })
            .collect(),
        comments: entry.comments.clone(),
        enclosure: first.map(|enclosure| Enclosure {
            url: enclosure.url.clone(),
            length: enclosure.length.unwrap_or(0).to_string(),
            mime_type: enclosure.media_type.clone(),
        }),
        guid: Some(Guid {
            permalink: entry.link.as_ref() == Some(&entry.id),
            value: entry.id.clone(),
        }),
        pub_date: Some(imf_fixdate(entry.date)),
        source: entry.origins.iter().find_map(|origin| {
            Some(Source {
                url: origin.address.clone()?,
                title: Some(origin.title.clone()),
            })
        }),
        content: entry.content.clone(),
        extensions: extensions(entry),
        atom_ext: atom_links(entry),
        itunes_ext: duration.map(|seconds| ITunesItemExtension {
            duration: Some(seconds.to_string()),
            ..ITunesItemExtension::default()
        }),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: entry
                .byline()
                .into_iter()
                .map(|person| person.name)
                .collect(),
            languages: entry.language.iter().cloned().collect(),
            rights: entry.rights.iter().cloned().collect(),
            ..DublinCoreExtension::default()
        }),
        ..Item::default()
    }
}

/// What RSS has no element for but Atom has.
fn atom_links(entry: &OutgoingEntry) -> Option<AtomExtension> {
    let mut links: Vec<Link> = Vec::new();
    links.extend(entry.via().into_iter().map(|(url, title)| Link {
        title: Some(title.to_owned()),
        ..link("via", url)
    }));
    links.extend(entry.enclosures.iter().skip(1).map(|enclosure| Link {
        mime_type: Some(enclosure.media_type.clone()),
        length: enclosure.length.map(|bytes| bytes.to_string()),
        ..link("enclosure", &enclosure.url)
    }));
    (!links.is_empty()).then_some(AtomExtension { links })
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
    if entry.updated != entry.date {
        let updated = rfc3339(entry.updated);
        add("atom", "updated", Some(updated), BTreeMap::new());
    }
    if let Some(image) = &entry.image {
        let url = BTreeMap::from([("url".to_owned(), image.clone())]);
        add("media", "thumbnail", Some(String::new()), url);
    }
    map
}

fn link(rel: &str, href: &str) -> Link {
    Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        ..Link::default()
    }
}
