//! One raw entry → one entry, rule by rule.

use std::collections::BTreeMap;

use url::Url;

use super::author;
use super::blocks;
use super::content::{self, Safe};
use super::context::Context;
use super::dates::Dates;
use super::described::{self, Described};
use super::enclosure;
use super::key::canonical_key;
use super::language;
use super::print;
use super::read_time;
use super::summary;
use super::tags;
use super::text;
use super::title;
use super::url::absolute;

use crate::model::{DocumentKind, Entry, Field, RawEntry, Tier};

/// A guid longer than this is no name, bytes.
const MAX_GUID_BYTES: usize = 4096;
/// Rights longer than this are a contract, characters.
const MAX_RIGHTS_CHARS: usize = 500;

/// An entry, and what had to be done to it.
pub(super) struct Made {
    /// The entry.
    pub entry: Entry,
    /// True if only paragraphs are left of its markup.
    pub flattened: bool,
    /// The title as a feed writes it, where it was encoded twice and that of the entry is mended.
    pub broken_title: Option<String>,
}

/// The entry that `raw` describes.
pub(super) fn entry(raw: &RawEntry, dates: &Dates, position: u32, context: &Context<'_>) -> Made {
    let base = raw.base.as_ref().unwrap_or(context.document);
    let mut from = Origin::new(raw, context.kind);
    let guid = raw.id.as_deref().and_then(guid);
    let url = url(raw, base, context.kind, &mut from);
    let canonical = raw
        .canonical
        .as_deref()
        .and_then(|canonical| absolute(canonical, base));

    let comments = (raw.comments.as_deref()).and_then(|page| absolute(page, base));
    let Texts {
        summary: plain_summary,
        body: safe,
        is_own,
        is_short,
    } = texts(raw, base, [url.as_ref(), comments.as_ref()], context.kind);
    // the text of a short one is the summary, and counts as that alone
    let full = safe.as_ref().filter(|_| !is_short);
    let plain_body = full.map(|safe| blocks::joined(&safe.blocks));
    let prose = || full.and_then(|safe| summary::first_prose(&safe.blocks));
    let enclosures = enclosure::enclosures(&raw.enclosures, base);

    let authors = author::people(&raw.authors, base);
    let image = raw.image.as_deref().and_then(|image| absolute(image, base));
    let mut tags = tags::tags(raw.tags.iter().map(String::as_str));

    let given = raw.title.as_ref().map(title::plain);
    let broken_title = (raw.title.as_ref().zip(given.as_deref()))
        .filter(|_| context.kind == DocumentKind::Feed)
        .and_then(|(written, mended)| title::as_written(written, mended));
    let mut blank = false;
    let title = given.as_deref().and_then(title::given).unwrap_or_else(|| {
        from.derived(Field::Title);
        let said = summary::summary(&plain_summary, "").or_else(prose);
        blank = url.is_none() && said.is_none() && safe.is_none() && enclosures.is_empty();
        let file = enclosures.first().map(|file| &file.url);
        let clues = title::Clues {
            said: said.as_deref(),
            addresses: [url.as_ref(), file, comments.as_ref(), image.as_ref()],
            tags: &tags,
            author: authors.first().map(|author| author.name.as_str()),
            date: dates.published.map(|date| date.at).or(dates.updated),
            guid: guid.as_deref(),
        };
        title::derived(&clues)
    });
    let summary = summary::summary(&plain_summary, &title).or_else(|| {
        from.derived(Field::Summary);
        prose().and_then(|prose| summary::summary(&prose, &title))
    });

    if tags.is_empty() {
        from.set(Field::Tags, Tier::Configured);
    }
    tags::add(&mut tags, context.source.tags.iter().map(String::as_str));

    let read_minutes = read_time::stated(raw.read_time.as_deref()).or_else(|| {
        from.derived(Field::ReadMinutes);
        let body = plain_body
            .as_deref()
            .filter(|_| context.kind == DocumentKind::Feed)?;
        read_time::computed(body, raw.content.as_ref().and(summary.as_deref()))
    });
    let print = print::print(&title, summary.as_deref(), plain_body.as_deref());
    let flattened = safe.as_ref().is_some_and(|safe| safe.flattened);
    if is_short {
        from.derived(Field::Content);
    } else if !is_own {
        from.copy(Field::Summary, Field::Content);
    }

    let mut entry = Entry {
        key: canonical.as_ref().or(url.as_ref()).map(canonical_key),
        guid,
        url,
        also: Vec::new(),
        title,
        published: dates.published,
        updated: dates.updated,
        summary,
        content: safe.map(|safe| safe.html),
        tags,
        read_minutes,
        authors,
        language: raw
            .language
            .as_deref()
            .and_then(language::tag)
            .or_else(|| context.meta.language.as_deref().and_then(language::tag)),
        image,
        enclosures,
        comments,
        rights: raw.rights.as_deref().and_then(rights),
        provenance: BTreeMap::new(),
        position,
        print,
    };
    entry.provenance = FIELDS
        .into_iter()
        .filter(|field| has(&entry, *field) && !(blank && *field == Field::Title))
        .map(|field| (field, from.tier(field)))
        .collect();
    Made {
        entry,
        flattened,
        broken_title,
    }
}

/// What an entry says at length.
struct Texts {
    /// Its description, on one line.
    summary: String,
    /// Its body, or its description where that is one.
    body: Option<Safe>,
    /// True if the body is its own.
    is_own: bool,
    /// True if it is a description, and short.
    is_short: bool,
}

/// The texts of an entry that leads to `pages`.
fn texts(raw: &RawEntry, base: &Url, pages: [Option<&Url>; 2], kind: DocumentKind) -> Texts {
    let own = (raw.content.as_ref()).and_then(|body| content::safe(body, base, pages[0]));
    let may_be_body = own.is_none() && kind == DocumentKind::Feed;
    let said = (raw.summary.as_ref()).map(|text| described::read(text, base, pages, may_be_body));
    let Described {
        plain,
        body,
        is_short,
    } = said.unwrap_or_default();
    Texts {
        summary: plain,
        is_own: own.is_some(),
        is_short: is_short && body.is_some(),
        body: own.or(body),
    }
}

fn rights(written: &str) -> Option<String> {
    text::some_line(written).map(|line| text::cut(&line, MAX_RIGHTS_CHARS))
}

fn guid(written: &str) -> Option<String> {
    let guid: String = written.trim().chars().filter(|c| !c.is_control()).collect();
    (!guid.is_empty() && guid.len() <= MAX_GUID_BYTES).then_some(guid)
}

/// The permalink. In a page, an id that is a web address stands for one that is not given; in a feed, whose ids may say
/// that they are no links, the reader of the feed has decided.
fn url(raw: &RawEntry, base: &Url, kind: DocumentKind, from: &mut Origin<'_>) -> Option<Url> {
    let given = raw.url.as_deref().and_then(|url| absolute(url, base));
    given.or_else(|| {
        from.derived(Field::Url);
        let id = raw.id.as_deref().filter(|_| kind == DocumentKind::Page)?;
        let id = Url::parse(id.trim()).ok()?;
        absolute(id.as_str(), base)
    })
}

/// Every field that provenance knows.
const FIELDS: [Field; 11] = [
    Field::Url,
    Field::Title,
    Field::Published,
    Field::Updated,
    Field::Summary,
    Field::Content,
    Field::Tags,
    Field::ReadMinutes,
    Field::Authors,
    Field::Language,
    Field::Image,
];

/// True if `entry` has the field.
fn has(entry: &Entry, field: Field) -> bool {
    match field {
        Field::Url => entry.url.is_some(),
        Field::Title => true,
        Field::Published => entry.published.is_some(),
        Field::Updated => entry.updated.is_some(),
        Field::Summary => entry.summary.is_some(),
        Field::Content => entry.content.is_some(),
        Field::Tags => !entry.tags.is_empty(),
        Field::ReadMinutes => entry.read_minutes.is_some(),
        Field::Authors => !entry.authors.is_empty(),
        Field::Language => entry.language.is_some(),
        Field::Image => entry.image.is_some(),
    }
}

/// Which tier each field comes from.
struct Origin<'a> {
    raw: &'a RawEntry,
    /// What a field has that `raw` does not name.
    default: Tier,
    changed: BTreeMap<Field, Tier>,
}

impl<'a> Origin<'a> {
    fn new(raw: &'a RawEntry, kind: DocumentKind) -> Self {
        let default = match kind {
            DocumentKind::Feed => Tier::Feed,
            DocumentKind::Page => Tier::Listing,
        };
        Self {
            raw,
            default,
            changed: BTreeMap::new(),
        }
    }

    fn set(&mut self, field: Field, tier: Tier) {
        self.changed.insert(field, tier);
    }

    fn derived(&mut self, field: Field) {
        self.set(field, Tier::Derived);
    }

    /// `to` comes from where the raw `field` comes from.
    fn copy(&mut self, field: Field, to: Field) {
        let tier = self
            .raw
            .provenance
            .get(&field)
            .copied()
            .unwrap_or(self.default);
        self.set(to, tier);
    }

    fn tier(&self, field: Field) -> Tier {
        let said = self
            .changed
            .get(&field)
            .or_else(|| self.raw.provenance.get(&field));
        said.copied().unwrap_or(self.default)
    }
}
