//! The page for people: HTML that needs no script, no font and no picture from anywhere, in the reader's light or dark.
//!
//! Only plain text of entries is shown, every character escaped; the content of entries is not, so nothing of it can act.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use crate::model::{DateKind, SOURCES_FILE};

use super::format::Format;
use super::hygiene::rfc3339;
use super::outgoing::{Outgoing, OutgoingEnclosure, OutgoingEntry};

/// The ending of the name switches escaping on.
const TEMPLATE: &str = "index.html";

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("the usual delimiters are fine"),
    );
    environment
        .add_template(TEMPLATE, include_str!("index.html.jinja"))
        .expect("the template is part of the program, and tested");
    environment
});

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    description: Option<&'a str>,
    home: &'a str,
    updated: Moment,
    articles: Vec<Article<'a>>,
    sources: Vec<Listed<'a>>,
    alternates: Vec<Alternate>,
    opml: Option<&'static str>,
}

/// A moment, for people and for machines.
#[derive(Serialize)]
struct Moment {
    /// `2 March 2026`, or `March 2026`.
    shown: String,
    /// As `<time datetime>` wants it, no more exact than is known.
    machine: String,
}

#[derive(Serialize)]
struct Article<'a> {
    title: &'a str,
    link: Option<&'a str>,
    date: Moment,
    /// False: `date` is when we first saw it.
    dated: bool,
    summary: Option<&'a str>,
    tags: &'a [String],
    read_minutes: Option<u32>,
    authors: Vec<&'a str>,
    language: Option<&'a str>,
    comments: Option<&'a str>,
    enclosures: Vec<Attached<'a>>,
    sources: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Attached<'a> {
    url: &'a str,
    media_type: &'a str,
    /// `Audio · 40 min · 38 MB`, as far as known.
    label: String,
}

/// A source that shows an entry.
#[derive(Serialize)]
struct Shown<'a> {
    title: &'a str,
    /// The entry there, or else (the heading has that link already) the site.
    url: Option<&'a str>,
}

/// A source, in the list of all.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    title: &'a str,
    site: Option<&'a str>,
    entries: usize,
}

#[derive(Serialize)]
struct Alternate {
    name: &'static str,
    media_type: &'static str,
    file: &'static str,
}

/// The bytes of the feed as a page.
pub(super) fn write(feed: &Outgoing) -> Vec<u8> {
    let alternates: Vec<_> = Format::ALL
        .into_iter()
        .filter(|format| *format != Format::Html && feed.formats.contains(format))
        .map(|format| Alternate {
            name: format.name(),
            media_type: format.media_type(),
            file: format.file_name(),
        })
        .collect();
    let articles: Vec<_> = feed.entries.iter().map(article).collect();
    // Only the feed at the top has the list of sources beside it.
    let opml = (feed.name == "all").then_some(SOURCES_FILE);
    let page = Page {
        title: &feed.title,
        description: (feed.description != feed.title).then_some(&*feed.description),
        home: feed.home.as_str(),
        updated: moment(feed.updated, DateKind::Instant),
        sources: sources(feed),
        articles,
        alternates,
        opml,
    };
    TEMPLATES
        .get_template(TEMPLATE)
        .and_then(|template| template.render(Value::from(Serde(&page))))
        .expect("the template is part of the program, and tested")
        // minijinja escapes the slash as well; every address would be unreadable.
        .replace("&#x2f;", "/")
        .into_bytes()
}

fn article(entry: &OutgoingEntry) -> Article<'_> {
    Article {
        title: &entry.title,
        link: entry.link.as_deref(),
        date: moment(entry.date, entry.date_kind),
        dated: entry.date_kind.is_stated(),
        summary: (entry.summary.as_deref()).filter(|summary| *summary != entry.title),
        tags: &entry.tags,
        read_minutes: entry.read_minutes,
        authors: entry.authors.iter().map(|author| &*author.name).collect(),
        language: entry.language.as_deref(),
        comments: entry.comments.as_deref(),
        enclosures: entry
            .enclosures
            .iter()
            .map(|enclosure| Attached {
                url: &enclosure.url,
                media_type: &enclosure.media_type,
                label: label(enclosure),
            })
            .collect(),
        sources: entry
            .origins
            .iter()
            .map(|origin| Shown {
                title: &origin.title,
                url: (origin.url.as_deref())
                    .filter(|url| entry.link.as_deref() != Some(url))
                    .or(origin.site.as_deref()),
            })
            .collect(),
    }
}

fn label(enclosure: &OutgoingEnclosure) -> String {
    let kind = match enclosure.media_type.split('/').next() {
        Some("audio") => "Audio",
        Some("video") => "Video",
        Some("image") => "Image",
        _ => "File",
    };
    let length = enclosure.length.filter(|bytes| *bytes > 0);
    let duration = enclosure.duration_seconds.filter(|seconds| *seconds > 0);
    [
        Some(kind.to_owned()),
        duration.map(|seconds| format!("{} min", ((seconds + 30) / 60).max(1))),
        length.map(|bytes| match bytes {
            0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
            _ => format!("{} MB", bytes.div_ceil(1_000_000)),
        }),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ")
}

/// Every source that an entry of the page names, by title, with how many entries it shows there.
fn sources(feed: &Outgoing) -> Vec<Listed<'_>> {
    let mut listed: Vec<Listed<'_>> = Vec::new();
    for origin in feed.entries.iter().flat_map(|entry| &entry.origins) {
        if let Some(known) = listed.iter_mut().find(|known| known.id == origin.source) {
            known.entries += 1;
        } else {
            listed.push(Listed {
                id: &origin.source,
                title: &origin.title,
                site: origin.site.as_deref(),
                entries: 1,
            });
        }
    }
    listed.sort_by_key(|source| (source.title.to_lowercase(), source.id));
    listed
}

fn moment(at: DateTime<Utc>, kind: DateKind) -> Moment {
    let (shown, machine) = match kind {
        DateKind::Month => ("%B %Y", "%Y-%m"),
        DateKind::Day => ("%-d %B %Y", "%Y-%m-%d"),
        DateKind::Instant | DateKind::Updated | DateKind::FirstSeen | DateKind::Placed => {
            ("%-d %B %Y", "")
        }
    };
    Moment {
        shown: at.format(shown).to_string(),
        machine: if machine.is_empty() {
            rfc3339(at)
        } else {
            at.format(machine).to_string()
        },
    }
}
