//! `agg list`: what the archive holds.

use agg::config::Config;
use agg::model::{DateKind, EntryKey, SourceId};
use agg::normalise;
use agg::store::{ListQuery, Listed, ListedState, Store};
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
    /// Only entries with this tag, or one that `[tags]` says means the same.
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
    state: ListedState,
    joined: Vec<i64>,
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
            state: listed.state,
            joined: listed.joined.iter().map(|key| key.0).collect(),
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
        tags: match &arguments.tag {
            Some(tag) => meaning(tag, &config)?,
            None => Vec::new(),
        },
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

/// All tags that mean the same as `tag`.
fn meaning(tag: &str, config: &Config) -> Result<Vec<String>, Failure> {
    let known = normalise::tag(tag).ok_or_else(|| {
        Failure::usage(format!("`{tag}` cannot be a tag")).help("write a word or a few")
    })?;
    // one vocabulary holds for all feeds, of which there is always one
    Ok(match config.feeds.first() {
        Some(feed) => feed.vocabulary.meaning(&known),
        None => vec![known],
    })
}

/// What is to say of an entry beyond that it was published.
fn state(listed: &Listed) -> String {
    let state = match listed.state {
        ListedState::Published => None,
        ListedState::Waiting => Some("waits"),
        ListedState::Held => Some("held"),
        ListedState::Archived => Some("archive"),
    };
    let joined = (!listed.joined.is_empty()).then_some("joined");
    let parts: Vec<&str> = state.into_iter().chain(joined).collect();
    parts.join(", ")
}

/// Entries, one a line; the first column is what `agg show` takes.
pub(super) fn table(entries: &[Listed], screen: &mut Screen) -> Result<(), Failure> {
    let mut table = screen::table(&[">no", "date", "source", "state", ">min", "title"]);
    for entry in entries {
        let sources: Vec<&str> = entry.sources.iter().map(SourceId::as_str).collect();
        table.add_row([
            entry.key.0.to_string(),
            archive::day(entry.date, entry.date_kind),
            sources.join(" + "),
            state(entry),
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
