//! `agg preview`: what would be taken from a page or feed, and from where in it; stores nothing.

use std::path::{Path, PathBuf};

use agg::config::{self, Config};
use agg::fetch::{self, Fetcher};
use agg::model::{
    Document, DocumentKind, Entry, Kept, Person, Precision, Provenance, Source, SourceId,
    SourceKind, Validators, Wrapper,
};
use agg::pipeline::{self, Preview};
use agg::store;
use chrono::SecondsFormat;
use clap::{Args, ValueEnum};
use serde::Serialize;
use url::Url;

use super::archive;
use super::failure::Failure;
use super::fetch::door;
use super::global::{Global, load, runtime};
use super::screen::{BOLD, DIM, Screen, count};
use super::words::word;

#[derive(Args)]
pub(super) struct Arguments {
    /// An address, a file, or the name of a configured source.
    #[arg(value_name = "URL|FILE|SOURCE")]
    what: String,
    /// The address that a file was taken from.
    #[arg(long, value_name = "URL")]
    base_url: Option<Url>,
    /// Ask for article pages too, where the listing leaves something out.
    #[arg(long)]
    enrich: bool,
    /// Take every answer from this folder, and nothing from the network.
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
    /// Read the page of a source that was kept: the last good one, or the first bad one since then.
    #[arg(long, value_name = "WHICH", conflicts_with_all = ["base_url", "replay"])]
    stored: Option<Stored>,
    /// How to print the result; `toml`: the rules learnt, as a [source.select] table.
    #[arg(long, default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
    Toml,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stored {
    Good,
    Bad,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = Config::load(&global.config);
    let configured = config.as_ref().ok().and_then(|config| {
        config
            .sources
            .iter()
            .find(|source| source.id.as_str() == arguments.what)
            .cloned()
    });
    let (mut source, document) = match (arguments.stored, configured, address(&arguments.what)) {
        (Some(which), ..) => stored(arguments, which, global, screen)?,
        (None, Some(source), _) => (source, None),
        (None, None, Some(url)) => (unconfigured(url), None),
        (None, None, None) => file(arguments, config.is_err(), screen)?,
    };
    source.enrich = arguments.enrich;
    let options = config.map(|config| config.fetch).unwrap_or_default();
    let from_file = document.is_some();
    let preview = runtime()?.block_on(async {
        let fetcher = match (from_file, arguments.enrich) {
            (true, false) => None,
            _ => Some(
                Fetcher::new(&options, door(arguments.replay.as_ref())?, None).map_err(client)?,
            ),
        };
        Ok::<_, Failure>(pipeline::preview(&source, document, fetcher.as_ref()).await)
    })?;
    let preview = preview.map_err(|error| Failure::from(error).place(source.url.as_str()))?;
    match arguments.format {
        Format::Json => screen.json(&Json::from(&preview))?,
        Format::Toml => screen.line(rules(&preview)?.trim_end())?,
        Format::Table => table(&preview, screen)?,
    }
    if !matches!(arguments.format, Format::Json) {
        for warning in &preview.warnings {
            screen.warning(warning);
        }
        for feed in &preview.feeds {
            screen.remark(format!(
                "this page advertises a feed, which says more than a page: {feed}"
            ));
        }
        if let Some(next) = &preview.next {
            screen.remark(format!(
                "older posts are at {next}; `pages = 5` in its [[source]] reads up to 5 such pages the first time"
            ));
        }
    }
    Ok(0)
}

fn client(error: fetch::Error) -> Failure {
    pipeline::Error::Client(error).into()
}

fn address(what: &str) -> Option<Url> {
    Url::parse(what)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// A source that stands in no configuration.
fn unconfigured(url: Url) -> Source {
    let id = config::source_id(&url)
        .or_else(|| SourceId::new("preview"))
        .expect("`preview` is an id");
    Source {
        id,
        url,
        title: None,
        kind: SourceKind::Auto,
        select: None,
        enrich: false,
        pages: 1,
        tags: Vec::new(),
    }
}

/// The kept page of a configured source.
fn stored(
    arguments: &Arguments,
    which: Stored,
    global: &Global,
    screen: &mut Screen,
) -> Result<(Source, Option<Document>), Failure> {
    let config = load(&global.config)?;
    let source = archive::source(&config, &arguments.what)?.clone();
    let which = match which {
        Stored::Good => Kept::Good,
        Stored::Bad => Kept::Bad,
    };
    let kept = match archive::open(&config)?.kept_page(&source.id, which) {
        Ok(Some(kept)) => kept,
        Ok(None) | Err(store::Error::UnknownSource { .. }) => {
            return Err(Failure::new(format!(
                "no {} page of {} is kept",
                which.as_str(),
                source.id
            ))
            .help(match which {
                Kept::Good => "one is kept when `agg fetch` has read the page; feeds are not kept",
                Kept::Bad => "one is kept when a page cannot be read as it was before",
            }));
        }
        Err(error) => return Err(pipeline::Error::from(error).into()),
    };
    let at = kept.at.format("%Y-%m-%d %H:%M UTC");
    screen.remark(format!(
        "the {} page of {}, as it was on {at}",
        which.as_str(),
        source.id
    ));
    if kept.is_cut {
        screen.warning(
            "only the beginning of this page was kept: what stood further down is missing",
        );
    }
    Ok((source, Some(kept.document)))
}

/// The document in a file, at the address it was taken from.
fn file(
    arguments: &Arguments,
    no_configuration: bool,
    screen: &mut Screen,
) -> Result<(Source, Option<Document>), Failure> {
    let path = Path::new(&arguments.what);
    let body = std::fs::read(path).map_err(|error| {
        let known = if no_configuration {
            " and there is no configuration to look it up in"
        } else {
            ""
        };
        Failure::new(format!("cannot read {}: {error}{known}", path.display())).help(
            "give an address with http:// or https://, a file, or the name of a configured source",
        )
    })?;
    let url = arguments.base_url.clone().unwrap_or_else(|| {
        screen.warning("without --base-url, relative links are shown as if the file stood at http://localhost/");
        Url::parse("http://localhost/").expect("a constant")
    });
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Failure::usage(format!(
            "--base-url {url}: not an http or https address"
        )));
    }
    let document = Document {
        url: url.clone(),
        media_type: None,
        charset: None,
        body: body.into(),
        validators: Validators::default(),
    };
    Ok((unconfigured(url), Some(document)))
}

/// The object that `--format json` prints.
#[derive(Serialize)]
struct Json<'a> {
    document: JsonDocument<'a>,
    kind: DocumentKind,
    title: Option<&'a str>,
    wrapper: Option<&'a Wrapper>,
    entries: Vec<JsonEntry<'a>>,
    feeds: &'a [Url],
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a Url>,
    warnings: &'a [String],
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

impl<'a> From<&'a Preview> for Json<'a> {
    fn from(preview: &'a Preview) -> Self {
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
            entries: preview.entries.iter().map(JsonEntry::from).collect(),
            feeds: &preview.feeds,
            next: preview.next.as_ref(),
            warnings: &preview.warnings,
        }
    }
}

impl<'a> From<&'a Entry> for JsonEntry<'a> {
    fn from(entry: &'a Entry) -> Self {
        let rfc3339 =
            |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        Self {
            id: entry.guid.as_deref(),
            url: entry.url.as_ref(),
            title: &entry.title,
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

/// The rules learnt, ready to be pasted below a [[source]].
fn rules(preview: &Preview) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Select<'a> {
        source: Table<'a>,
    }
    #[derive(Serialize)]
    struct Table<'a> {
        select: &'a Wrapper,
    }
    let Some(wrapper) = &preview.wrapper else {
        let why = match preview.kind {
            DocumentKind::Feed => "a feed is read without rules",
            DocumentKind::Page => "its listing cannot be written as selectors",
        };
        return Err(
            Failure::new(format!("there are no rules to print: {why}")).place(preview.url.as_str())
        );
    };
    toml::to_string(&Select {
        source: Table { select: wrapper },
    })
    .map_err(|error| Failure::new(format!("cannot write the rules as TOML: {error}")))
}

fn table(preview: &Preview, screen: &mut Screen) -> std::io::Result<()> {
    let kind = match preview.kind {
        DocumentKind::Feed => "feed",
        DocumentKind::Page => "page",
    };
    screen.line(format!(
        "{BOLD}{}{BOLD:#} {DIM}({kind}, {}, {}, {} bytes, {}){DIM:#}",
        preview.title.as_deref().unwrap_or(preview.url.as_str()),
        preview.media_type.as_deref().unwrap_or("no media type"),
        preview.charset,
        preview.bytes,
        count(preview.entries.len(), "entry", "entries"),
    ))?;
    for entry in &preview.entries {
        screen.line("")?;
        lines(entry, screen)?;
    }
    Ok(())
}

/// An entry, a field a line; what is not there is not shown.
fn lines(entry: &Entry, screen: &mut Screen) -> std::io::Result<()> {
    screen.line(format!("{BOLD}{}{BOLD:#}", entry.title))?;
    let mut facts: Vec<String> = Vec::new();
    if let Some(date) = entry.published {
        facts.push(day(date.at, date.precision));
    }
    if let Some(minutes) = entry.read_minutes {
        facts.push(format!("{minutes} min"));
    }
    if !entry.tags.is_empty() {
        facts.push(entry.tags.join(", "));
    }
    if !entry.authors.is_empty() {
        let names: Vec<&str> = entry
            .authors
            .iter()
            .map(|author| author.name.as_str())
            .collect();
        facts.push(format!("by {}", names.join(", ")));
    }
    if !facts.is_empty() {
        screen.line(format!("  {}", facts.join("  ·  ")))?;
    }
    if let Some(url) = &entry.url {
        screen.line(format!("  {url}"))?;
    }
    if let Some(summary) = &entry.summary {
        screen.line(format!("  {DIM}{summary}{DIM:#}"))?;
    }
    let tiers: Vec<String> = entry
        .provenance
        .iter()
        .map(|(field, tier)| format!("{} {}", word(field), word(tier)))
        .collect();
    screen.line(format!("  {DIM}from: {}{DIM:#}", tiers.join(", ")))
}

/// A date as exactly as it is known.
pub(super) fn day(at: chrono::DateTime<chrono::Utc>, precision: Precision) -> String {
    let pattern = match precision {
        Precision::Month => "%Y-%m",
        Precision::Day => "%Y-%m-%d",
        Precision::Instant => "%Y-%m-%d %H:%M",
    };
    at.format(pattern).to_string()
}
