//! `agg show`: one entry, where each of its fields came from, and who shows it.

use agg::model::{Alias, DateKind, Entry, Origin, Pruned, SourceId};
use agg::pipeline::{self, FeedStanding, Place};
use agg::store::EntryRecord;
use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use super::archive;
use super::failure::Failure;
use super::global::{Format, Global, load};
use super::prune::size;
use super::screen::{BOLD, DIM, Screen};
use super::standing;
use super::which;
use super::words::{stamp, word};

#[derive(Args)]
pub(super) struct Arguments {
    /// Its number in `agg list`, its published id, its address, or the beginning of one of these two.
    #[arg(value_name = "ENTRY")]
    entry: String,
    /// How to print the result.
    #[arg(long, default_value = "table")]
    format: Format,
}

/// All that is known of an entry, for programs.
#[derive(Serialize)]
struct Json<'a> {
    number: i64,
    published: Option<JsonPublished<'a>>,
    entry: &'a Entry,
    first_seen: DateTime<Utc>,
    origins: &'a [Origin],
    sightings: Vec<JsonSighting<'a>>,
    aliases: Vec<String>,
    joined: Vec<i64>,
    feeds: Vec<&'a Place>,
}

#[derive(Serialize)]
struct JsonPublished<'a> {
    id: &'a str,
    date: DateTime<Utc>,
    date_kind: DateKind,
    first_published: DateTime<Utc>,
    changed: DateTime<Utc>,
}

#[derive(Serialize)]
struct JsonSighting<'a> {
    source: &'a SourceId,
    first_seen: DateTime<Utc>,
    last_seen: DateTime<Utc>,
    /// Its body, if it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pruned: Option<Pruned>,
    entry: &'a Entry,
}

impl<'a> Json<'a> {
    fn new(record: &'a EntryRecord, places: &'a [Place]) -> Self {
        Self {
            number: record.key.0,
            published: record.ledger.as_ref().map(|line| JsonPublished {
                id: &line.id,
                date: line.date,
                date_kind: line.date_kind,
                first_published: line.first_published,
                changed: line.changed,
            }),
            entry: &record.entry,
            first_seen: record.first_seen,
            origins: &record.origins,
            sightings: record
                .sightings
                .iter()
                .map(|sighting| JsonSighting {
                    source: &sighting.source,
                    first_seen: sighting.first_seen,
                    last_seen: sighting.last_seen,
                    pruned: sighting.pruned,
                    entry: &sighting.entry,
                })
                .collect(),
            aliases: record.aliases.iter().map(alias).collect(),
            joined: record.joined.iter().map(|key| key.0).collect(),
            feeds: places.iter().filter(|it| is_told(it)).collect(),
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let store = archive::open(&config)?;
    let key = which::entry(&config, &store, &arguments.entry, screen)?;
    let record = store
        .record(key)
        .map_err(pipeline::Error::from)?
        .ok_or_else(|| Failure::new(format!("no entry is known as `{}`", arguments.entry)))?;
    let places = pipeline::places(&store, &config, &record, pipeline::now())?;
    match arguments.format {
        Format::Json => screen.json(&Json::new(&record, &places))?,
        Format::Table => print(&record, &places, screen)?,
    }
    Ok(0)
}

/// True for a feed that has the entry, or is going to: `agg explain` tells of the others.
fn is_told(place: &Place) -> bool {
    !matches!(
        place.standing,
        FeedStanding::OtherSources | FeedStanding::NoSource | FeedStanding::Filtered { .. }
    )
}

fn print(record: &EntryRecord, places: &[Place], screen: &mut Screen) -> std::io::Result<()> {
    let entry = &record.entry;
    screen.line(format!("{BOLD}{}{BOLD:#}", entry.title))?;
    let mut field =
        |name: &str, value: String| screen.line(format!("{DIM}{name:>12}{DIM:#}  {value}"));
    field("number", record.key.0.to_string())?;
    if let Some(url) = &entry.url {
        field("address", url.to_string())?;
    }
    match &record.ledger {
        Some(line) => {
            field("id", line.id.clone())?;
            field(
                "date",
                format!("{} ({})", stamp(line.date), word(&line.date_kind)),
            )?;
            field("published", stamp(line.first_published))?;
        }
        None => field("published", "not yet".to_owned())?,
    }
    for place in places.iter().filter(|it| is_told(it)) {
        field("feed", standing::line(place))?;
    }
    if !record.joined.is_empty() {
        let numbers: Vec<String> = record.joined.iter().map(|key| key.0.to_string()).collect();
        let numbers = numbers.join(", ");
        field("joined", format!("with {numbers}; `agg explain` says why"))?;
    }
    if let Some(minutes) = entry.read_minutes {
        field("read time", format!("{minutes} min"))?;
    }
    if !entry.tags.is_empty() {
        field("tags", entry.tags.join(", "))?;
    }
    if !entry.authors.is_empty() {
        let names: Vec<&str> = entry
            .authors
            .iter()
            .map(|author| author.name.as_str())
            .collect();
        field("authors", names.join(", "))?;
    }
    if let Some(summary) = &entry.summary {
        field("summary", summary.clone())?;
    }
    for enclosure in &entry.enclosures {
        field("enclosure", enclosure.url.to_string())?;
    }
    for (origin, sighting) in record.origins.iter().zip(&record.sightings) {
        let seen = format!(
            "{} to {}",
            stamp(sighting.first_seen),
            stamp(sighting.last_seen)
        );
        field(
            "shown by",
            format!("{} ({}), {seen}", origin.title, origin.source),
        )?;
        if let Some(gone) = sighting.pruned {
            field("", given_up(gone))?;
        }
    }
    let tiers: Vec<String> = entry
        .provenance
        .iter()
        .map(|(field, tier)| format!("{} {}", word(field), word(tier)))
        .collect();
    field("taken from", tiers.join(", "))?;
    for alias in record.aliases.iter().map(alias) {
        field("known by", alias)?;
    }
    Ok(())
}

/// A body that was given up, in a line.
pub(super) fn given_up(gone: Pruned) -> String {
    format!(
        "body of {} given up on {}, as [retain] says",
        size(gone.length),
        stamp(gone.at)
    )
}

pub(super) fn alias(alias: &Alias) -> String {
    match alias {
        Alias::Guid(source, guid) => format!("guid {guid} (of {source})"),
        Alias::Link(key) => format!("link {key}"),
        Alias::Fingerprint(print) => format!("fingerprint {print}"),
    }
}
