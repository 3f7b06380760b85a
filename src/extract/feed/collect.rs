//! One element of a feed or entry → its field.

use url::Url;

use super::date;
use super::draft::{Construct, Draft, Link, MAX_PARTS, Media, is_web};
use super::leaf::{Kind, Leaf};
use super::names::{self, Family, Field};
use super::person;
use super::role::Role;
use super::tag::Attributes;
use crate::lexicon::date::Order;
use crate::model::RawPerson;

/// Where an element stands.
pub(super) struct Place<'a> {
    /// What its addresses resolve against, where something said so.
    pub(super) base: Option<&'a Url>,
    /// Whether the format is Atom.
    pub(super) is_atom: bool,
    /// Whether it is the feed's own and no entry's.
    pub(super) at_feed: bool,
}

/// Begins an element: takes what its attributes say, and tells what to do with its children and text.
pub(super) fn open(
    draft: &mut Draft,
    family: Family,
    local: &str,
    attributes: &Attributes,
    place: &Place<'_>,
) -> (Role, Option<Leaf>) {
    let Some((field, rank)) = names::field(family, local) else {
        return (Role::Skip, None);
    };
    let wanted = match field {
        Field::Title
        | Field::Link
        | Field::Id
        | Field::Language
        | Field::Person
        | Field::Author
        | Field::Rights => true,
        _ => field.is_hint() == place.at_feed,
    };
    if !wanted {
        return (Role::Skip, None);
    }
    if field == Field::Source && (place.is_atom || family == Family::Atom) {
        return (Role::Source, None);
    }
    if let Some(role) = of_attributes(draft, field, rank, attributes, place.base) {
        return (role, None);
    }
    let kind = match field {
        Field::Summary | Field::Content => {
            let rss = !place.is_atom && rank == 0 || family == Family::Content;
            let default = match family {
                Family::Xhtml => Kind::Xhtml,
                _ if rss => Kind::Html,
                _ => Kind::Unknown,
            };
            Kind::of(attributes, default)
        }
        Field::Title | Field::Rights => Kind::of(attributes, Kind::Unknown),
        _ => Kind::Plain,
    };
    if field == Field::Content && draft.body.is_none() {
        draft.body = body(attributes, place.base);
    }
    let mut leaf = Leaf::new(field, rank, kind);
    if local == "guid" {
        let said = attributes.get("isPermaLink");
        leaf.permalink = said.is_none_or(|said| !said.trim().eq_ignore_ascii_case("false"));
        draft.opaque_id |= !leaf.permalink;
    }
    (Role::Leaf, Some(leaf))
}

/// Takes what an element says in its attributes; `None` if it speaks through its text.
fn of_attributes(
    draft: &mut Draft,
    field: Field,
    rank: u8,
    attributes: &Attributes,
    base: Option<&Url>,
) -> Option<Role> {
    let room = draft.links.len() < MAX_PARTS && draft.media.len() < MAX_PARTS;
    let address = |keys: &[&str]| Some(absolute(attributes.value(keys)?, base));
    match field {
        Field::Group | Field::Skips => return Some(Role::Group),
        Field::Person => return Some(Role::Person),
        Field::Link | Field::Enclosure => {
            let enclosure = field == Field::Enclosure;
            let href = address(&["href", "url", "rdf:resource"]);
            if href.is_none() && !enclosure {
                return None;
            }
            if let Some(href) = href.filter(|_| room) {
                let rel = attributes
                    .value(&["rel"])
                    .filter(|_| !enclosure)
                    .map(|rel| relation(&rel));
                draft.links.push(Link {
                    href,
                    rel: rel.or_else(|| enclosure.then(|| "enclosure".to_owned())),
                    kind: attributes.value(&["type"]),
                    length: attributes.value(&["length"]),
                });
            }
        }
        Field::Category => {
            let tag = attributes.value(&["label", "term"])?;
            // Blogger marks the kind of an entry by a category that is an address
            if !is_web(&tag) {
                draft.tag(&tag);
            }
        }
        Field::Image => match address(&["href", "url"]) {
            Some(url) => draft.image.offer(rank, url),
            None => return Some(Role::Image),
        },
        Field::Thumbnail => {
            if let Some(url) = address(&["url"]) {
                draft.image.offer(1, url);
            }
        }
        Field::MediaContent => {
            let kind = attributes.value(&["type"]);
            let picture = attributes.get("medium") == Some("image")
                || kind
                    .as_deref()
                    .is_some_and(|kind| kind.starts_with("image/"));
            match address(&["url"]) {
                Some(url) if picture => draft.image.offer(2, url),
                Some(url) if room => draft.media.push(Media {
                    url,
                    kind,
                    length: attributes.value(&["fileSize"]),
                    duration: attributes.value(&["duration"]),
                }),
                _ => {}
            }
            return Some(Role::Group);
        }
        Field::Licence => {
            let text = attributes.value(&["rdf:resource", "href"])?;
            draft.rights.offer(rank, Construct { text, html: false });
        }
        _ => return None,
    }
    Some(Role::Skip)
}

/// The name of a relation, whose IANA address is as good (RFC 4287 §4.2.7.2).
fn relation(written: &str) -> String {
    let lower = written.to_ascii_lowercase();
    let (_, name) = lower
        .split_once("iana.org/assignments/relation/")
        .unwrap_or(("", &lower));
    name.to_owned()
}

/// The link to a body that is elsewhere: a page to read, or a file.
fn body(attributes: &Attributes, base: Option<&Url>) -> Option<Link> {
    let href = absolute(attributes.value(&["src"])?, base);
    let kind = attributes.value(&["type"]);
    let page = kind.as_deref().is_none_or(|kind| {
        !kind.contains('/') || kind.starts_with("text/") || kind.contains("xml")
    });
    Some(Link {
        href,
        rel: (!page).then(|| "enclosure".to_owned()),
        kind,
        length: None,
    })
}

/// An address against the base that was given for it; as written where none was.
fn absolute(href: String, base: Option<&Url>) -> String {
    if is_bare_host(&href) {
        return format!("https://{href}");
    }
    match base {
        Some(base) => base.join(&href).map_or(href, Into::into),
        None => href,
    }
}

/// True for `www.blog.example/a`, which is a folder by the rules and a site to who wrote it.
fn is_bare_host(href: &str) -> bool {
    let end = href.find(['/', '?', '#']).unwrap_or(href.len());
    let host = href[..end].to_ascii_lowercase();
    let is_file = ["html", "htm", "php", "xml", "aspx"];
    host.starts_with("www.")
        && host.split('.').count() >= 3
        && host.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        && !is_file.iter().any(|ending| host.ends_with(ending))
}

/// The rank of a date: one that cannot be read comes behind all others.
fn date_rank(rank: u8, text: &str) -> u8 {
    const UNREAD: u8 = 100;
    let orders = [Order::DayFirst, Order::MonthFirst];
    let is_read = orders
        .iter()
        .any(|order| date::read(text, *order).is_some());
    if is_read { rank } else { rank + UNREAD }
}

/// Ends an element: puts its text where it belongs. `author` is the one that is being read.
pub(super) fn close(draft: &mut Draft, author: &mut RawPerson, leaf: Leaf, base: Option<&Url>) {
    let (field, rank, permalink) = (leaf.field, leaf.rank, leaf.permalink);
    if matches!(
        field,
        Field::Title | Field::Summary | Field::Content | Field::Rights | Field::Licence
    ) {
        let Some(construct) = leaf.construct() else {
            return;
        };
        match field {
            Field::Title => draft.title.offer(rank, construct),
            Field::Summary => draft.summary.offer(rank, construct),
            Field::Content => draft.content.offer(rank, construct),
            _ => draft.rights.offer(rank, construct),
        }
        return;
    }
    let Some(value) = leaf.plain() else { return };
    match field {
        Field::Link | Field::Comments if draft.links.len() < MAX_PARTS => draft.links.push(Link {
            href: absolute(value, base),
            rel: (field == Field::Comments).then(|| "replies".to_owned()),
            ..Link::default()
        }),
        Field::Source | Field::SourceTitle => draft.source = Some(value),
        Field::Origin => draft.origin = Some(absolute(value, base)),
        Field::Id => {
            if permalink && is_web(&value) {
                draft.permalink = Some(value.clone());
            }
            draft.id.offer(rank, value);
        }
        Field::Published => draft.published.offer(date_rank(rank, &value), value),
        Field::Updated => draft.updated.offer(date_rank(rank, &value), value),
        Field::Category => draft.tag(&value),
        Field::Keywords => value.split(',').for_each(|tag| draft.tag(tag)),
        Field::Author => draft.author(rank, person::read(&value)),
        Field::PersonName => author.name = value,
        Field::PersonUri => author.url = Some(value),
        Field::PersonEmail => author.email = Some(value),
        Field::Duration => draft.duration = Some(value),
        Field::Language => draft.language.offer(u8::from(rank != 0), value),
        Field::ImageUrl => draft.image.offer(0, absolute(value, base)),
        field if field.is_hint() => draft.hints.take(field, &value),
        _ => {}
    }
}
