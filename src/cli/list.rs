//! `agg list`: what the archive holds.

use agg::model::{DateKind, EntryKey, SourceId};
use agg::store::{ListQuery, Listed, Store};
use anstyle::Style;
use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;
use url::Url;

use super::archive;
use super::failure::Failure;
use super::global::{Format, Global, load};
use super::screen::{self, Screen};

#[derive(Args)]
pub(super) struct Arguments {
    /// Only entries that this source shows.
    #[arg(long)]
    source: Option<String>,
    /// Only entries with this tag.
    #[arg(long)]
    tag: Option<String>,
    /// Only entries with all these words; `word*` begins one, "…" keeps words together.
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// How many at most.
    #[arg(long, default_value_t = 30)]
    limit: usize,
    /// How to print the result.
    #[arg(long, default_value = "table")]
    format: Format,
}

/// An entry in the list, for programs.
#[derive(Serialize)]
struct Json<'a> {
    number: i64,
    id: Option<&'a str>,
    title: &'a str,
    url: Option<&'a Url>,
    date: DateTime<Utc>,
    date_kind: DateKind,
    read_minutes: Option<u32>,
    tags: &'a [String],
    sources: &'a [SourceId],
}

impl<'a> From<&'a Listed> for Json<'a> {
    fn from(listed: &'a Listed) -> Self {
        Self {
            number: listed.key.0,
            id: listed.id.as_deref(),
            title: &listed.title,
            url: listed.url.as_ref(),
            date: listed.date,
            date_kind: listed.date_kind,
            read_minutes: listed.read_minutes,
            tags: &listed.tags,
            sources: &listed.sources,
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let source = match &arguments.source {
        Some(name) => Some(archive::source(&config, name)?.id.clone()),
        None => None,
    };
    let store = match arguments.search {
        Some(_) => archive::open_writable(&config)?,
        None => archive::open(&config)?,
    };
    let query = ListQuery {
        source,
        tag: arguments
            .tag
            .as_ref()
            .map(|tag| tag.trim_start_matches('#').to_lowercase()),
        search: arguments.search.clone(),
        limit: arguments.limit,
    };
    let entries = store.list(&query).map_err(agg::pipeline::Error::from)?;
    match arguments.format {
        Format::Json => screen.json(&entries.iter().map(Json::from).collect::<Vec<_>>())?,
        Format::Table if entries.is_empty() => screen.remark("nothing found"),
        Format::Table => table(&entries, screen)?,
    }
    Ok(0)
}

/// Entries, one a line; the first column is what `agg show` takes.
pub(super) fn table(entries: &[Listed], screen: &mut Screen) -> Result<(), Failure> {
    let mut table = screen::table(&[">no", "date", "source", ">min", "title"]);
    for entry in entries {
        let sources: Vec<&str> = entry.sources.iter().map(SourceId::as_str).collect();
        table.add_row([
            entry.key.0.to_string(),
            archive::day(entry.date, entry.date_kind),
            sources.join(" + "),
            entry
                .read_minutes
                .map(|minutes| minutes.to_string())
                .unwrap_or_default(),
            entry.title.clone(),
        ]);
    }
    screen.table(&table, |_| Style::new())?;
    Ok(())
}

/// The entries of these numbers.
pub(super) fn those(
    store: &Store,
    keys: &[EntryKey],
    format: Format,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let mut entries = Vec::new();
    for key in keys {
        let found = store.find(&key.0.to_string());
        entries.extend(found.map_err(agg::pipeline::Error::from)?);
    }
    match format {
        Format::Json => screen.json(&entries.iter().map(Json::from).collect::<Vec<_>>())?,
        Format::Table => table(&entries, screen)?,
    }
    Ok(())
}
