//! `agg explain`: why an entry is as it is.

use std::io;

use agg::dedupe;
use agg::model::{Entry, Pruned, Ruling, SourceId, Veto};
use agg::pipeline::{self, Account, FieldOrigin, Pair, Place};
use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use super::archive;
use super::failure::Failure;
use super::global::{Format, Global, load};
use super::screen::{BOLD, DIM, Screen};
use super::show::{alias, given_up};
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

/// The account, for programs.
#[derive(Serialize)]
struct Json<'a> {
    number: i64,
    id: Option<&'a str>,
    former_ids: &'a [String],
    title: &'a str,
    members: Vec<JsonMember<'a>>,
    sightings: Vec<JsonSighting<'a>>,
    aliases: Vec<String>,
    pairs: &'a [Pair],
    threshold: f64,
    rulings: &'a [Ruling],
    fields: &'a [FieldOrigin],
    feeds: &'a [Place],
}

#[derive(Serialize)]
struct JsonMember<'a> {
    number: i64,
    sources: &'a [SourceId],
}

#[derive(Serialize)]
struct JsonSighting<'a> {
    source: &'a SourceId,
    first_seen: DateTime<Utc>,
    last_seen: DateTime<Utc>,
    pruned: Option<Pruned>,
    entry: &'a Entry,
}

impl<'a> From<&'a Account> for Json<'a> {
    fn from(account: &'a Account) -> Self {
        let record = &account.record;
        Self {
            number: record.key.0,
            id: record.ledger.as_ref().map(|line| line.id.as_str()),
            former_ids: &account.former_ids,
            title: &record.entry.title,
            members: (account.members.iter())
                .map(|(key, sources)| JsonMember {
                    number: key.0,
                    sources,
                })
                .collect(),
            sightings: (record.sightings.iter())
                .map(|it| JsonSighting {
                    source: &it.source,
                    first_seen: it.first_seen,
                    last_seen: it.last_seen,
                    pruned: it.pruned,
                    entry: &it.entry,
                })
                .collect(),
            aliases: record.aliases.iter().map(alias).collect(),
            pairs: &account.pairs,
            threshold: dedupe::THRESHOLD,
            rulings: &account.rulings,
            fields: &account.fields,
            feeds: &account.places,
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
    let account = pipeline::account(&store, &config, key, pipeline::now())?
        .ok_or_else(|| Failure::new(format!("no entry is known as `{}`", arguments.entry)))?;
    match arguments.format {
        Format::Json => screen.json(&Json::from(&account))?,
        Format::Table => print(&account, screen)?,
    }
    Ok(0)
}

fn print(account: &Account, screen: &mut Screen) -> io::Result<()> {
    let record = &account.record;
    screen.line(format!("{BOLD}{}{BOLD:#}", record.entry.title))?;
    let mut field =
        |name: &str, value: String| screen.line(format!("{DIM}{name:>12}{DIM:#}  {value}"));
    field("number", record.key.0.to_string())?;
    match &record.ledger {
        Some(line) => field(
            "id",
            format!("{}, since {}", line.id, stamp(line.first_published)),
        )?,
        None => field("id", "none yet: it was never published".to_owned())?,
    }
    for id in &account.former_ids {
        field("former id", format!("{id}, never given again"))?;
    }
    for (origin, sighting) in record.origins.iter().zip(&record.sightings) {
        let url = sighting.entry.url.as_ref().map(url::Url::as_str);
        let (first, last) = (stamp(sighting.first_seen), stamp(sighting.last_seen));
        field(
            "shown by",
            format!(
                "{}, {first} to {last}: {}",
                origin.source,
                url.unwrap_or("no address")
            ),
        )?;
        if let Some(gone) = sighting.pruned {
            field("", given_up(gone))?;
        }
    }
    for alias in record.aliases.iter().map(alias) {
        field("known by", alias)?;
    }
    for pair in &account.pairs {
        field("likeness", likeness(pair))?;
    }
    for ruling in &account.rulings {
        let verb = if ruling.together { "one" } else { "two" };
        field(
            "you said",
            format!("{} and {} are {verb}", ruling.one.0, ruling.other.0),
        )?;
    }
    for origin in &account.fields {
        let source = origin.source.as_ref().map_or("several", SourceId::as_str);
        field(
            &word(&origin.field),
            format!("{source}, {}", word(&origin.tier)),
        )?;
    }
    for line in standing::lines(&account.places) {
        field("feed", line)?;
    }
    Ok(())
}

/// How like two sightings are, in a line.
fn likeness(pair: &Pair) -> String {
    let it = &pair.likeness;
    let mut parts = vec![
        format!("title {:.2}", it.title),
        format!("text {:.2}", it.text),
    ];
    if it.excerpt > 0.0 {
        parts.push(format!("excerpt {:.2}", it.excerpt));
    }
    if it.link {
        parts.push("one leads to the other".to_owned());
    }
    if it.place {
        parts.push("same title, host and day".to_owned());
    }
    if it.days > 0 {
        parts.push(format!("{} days apart", it.days));
    }
    if let Some(veto) = it.veto {
        parts.push(format!("but {}", objection(veto)));
    }
    let verdict = match (pair.by_alias, dedupe::is_same(it)) {
        (true, _) => "same link or guid; ",
        (false, true) => "",
        (false, false) => "joined by others or by you; ",
    };
    format!(
        "{} ~ {}: {verdict}{:.2} of {:.2} ({})",
        pair.one,
        pair.other,
        it.score,
        dedupe::THRESHOLD,
        parts.join(", ")
    )
}

fn objection(veto: Veto) -> &'static str {
    match veto {
        Veto::SameSource => "one source shows both",
        Veto::FarApart => "their dates are too far apart",
        Veto::TitleNumbers => "their titles name other numbers or days",
        Veto::TextNumbers => "their texts name other numbers or days",
        Veto::Language => "they are in different languages",
    }
}
