//! `agg status`: each source: how it is, what is wrong, what to do.

use agg::model::{HeldBack, Moved, OutcomeKind, Source, SourceId, SourceState, Verdict, Wait};
use agg::pipeline;
use agg::schedule;
use agg::store::{Logged, Store};
use anstyle::Style;
use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;
use url::Url;

use super::archive;
use super::failure::Failure;
use super::fix;
use super::global::{Format, Global, load};
use super::publish::warn;
use super::screen::{self, RED, Screen, YELLOW, count};

/// Some sources failed the last time.
const SOME_FAILED: u8 = 3;
/// So many lines of a source's log are looked through.
const LOOK_BACK: usize = 100;

#[derive(Args)]
pub(super) struct Arguments {
    /// Only these sources.
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Exit with 3 if any source failed the last time it was asked.
    #[arg(long)]
    check: bool,
    /// How to print the result.
    #[arg(long, default_value = "table")]
    format: Format,
}

/// How a source is, for programs.
#[derive(Serialize)]
struct Json<'a> {
    source: &'a SourceId,
    url: &'a Url,
    title: Option<&'a str>,
    outcome: Option<OutcomeKind>,
    entries: u64,
    last_asked: Option<DateTime<Utc>>,
    last_good: Option<DateTime<Utc>>,
    last_new: Option<DateTime<Utc>>,
    failures: u32,
    not_before: Option<DateTime<Utc>>,
    /// When it is due, and why not earlier; null: at once.
    due: Option<Wait>,
    error: Option<&'a str>,
    help: Option<&'a str>,
    /// What was odd when something else than "unchanged" came back last.
    warnings: &'a [String],
    /// Where it says that it has moved for good, on how many days; asked there from the third on.
    moved: Option<&'a Moved>,
    /// New entries that came at once and are held back.
    held_back: usize,
    /// How its page compares with the earlier readings; nothing for feeds.
    #[serde(flatten)]
    verdict: Option<&'a Verdict>,
}

/// A source with what is known of it.
struct Row<'a> {
    source: &'a Source,
    state: SourceState,
    last: Option<Logged>,
    verdict: Option<Verdict>,
    /// When it is due, where that is not now.
    due: Option<Wait>,
    held: Option<HeldBack>,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    for name in &arguments.sources {
        archive::source(&config, name)?;
    }
    let store = archive::open(&config)?;
    let mut states = store.states().map_err(pipeline::Error::from)?;
    let mut verdicts = store.verdicts().map_err(pipeline::Error::from)?;
    let mut held = store.held().map_err(pipeline::Error::from)?;
    let chosen = |source: &&Source| {
        arguments.sources.is_empty()
            || arguments
                .sources
                .iter()
                .any(|name| name == source.id.as_str())
    };
    let mut rows = Vec::new();
    let now = pipeline::now();
    for source in config.sources.iter().filter(chosen) {
        let known = states.remove(&source.id);
        let last = if known.is_some() {
            last(&store, &source.id)?
        } else {
            None
        };
        let state = known.unwrap_or_default();
        let due = schedule::next(source, &state, now)
            .filter(|wait| wait.until.is_none_or(|until| until > now));
        rows.push(Row {
            source,
            state,
            due,
            last,
            verdict: verdicts.remove(&source.id),
            held: held
                .iter()
                .position(|held| held.source == source.id)
                .map(|at| held.swap_remove(at)),
        });
    }
    match arguments.format {
        Format::Json => {
            screen.json(&rows.iter().map(json).collect::<Vec<_>>())?;
        }
        Format::Table => table(&rows, &config.sources, screen)?,
    }
    let failing = rows
        .iter()
        .any(|row| row.state.last_outcome.is_some_and(OutcomeKind::is_failure));
    Ok(if arguments.check && failing {
        SOME_FAILED
    } else {
        0
    })
}

/// The last line of the log that says something: what was odd in a page stays so while the page is unchanged.
fn last(store: &Store, source: &SourceId) -> Result<Option<Logged>, Failure> {
    let log = store
        .log(source, LOOK_BACK)
        .map_err(pipeline::Error::from)?;
    let says = |logged: &Logged| logged.outcome.kind != OutcomeKind::Unchanged;
    Ok(log.into_iter().find(says))
}

fn json<'a>(row: &'a Row<'a>) -> Json<'a> {
    let Row {
        source,
        state,
        last,
        verdict,
        due,
        held,
    } = row;
    Json {
        source: &source.id,
        url: &source.url,
        title: source.title.as_deref().or(state.title.as_deref()),
        outcome: state.last_outcome,
        entries: state.entries,
        last_asked: state.last_asked,
        last_good: state.last_good,
        last_new: state.last_new,
        failures: state.failures,
        not_before: state.not_before,
        due: *due,
        error: state.last_error.as_deref(),
        help: last.as_ref().and_then(|last| last.outcome.help.as_deref()),
        warnings: last.as_ref().map_or(&[], |last| &last.outcome.warnings),
        moved: state.moved.as_ref(),
        held_back: held.as_ref().map_or(0, |held| held.entries),
        verdict: verdict.as_ref(),
    }
}

fn table(rows: &[Row<'_>], sources: &[Source], screen: &mut Screen) -> Result<(), Failure> {
    let mut table = screen::table(&[
        "source",
        "state",
        "page",
        ">entries",
        "last good",
        "last new",
        "due",
        "because",
        "what is wrong",
    ]);
    let when = |at: Option<DateTime<Utc>>| {
        at.map_or_else(
            || "never".to_owned(),
            |at| at.format("%Y-%m-%d %H:%M").to_string(),
        )
    };
    for row in rows {
        let Row { source, state, .. } = row;
        table.add_row([
            source.id.to_string(),
            state
                .last_outcome
                .map_or("not asked yet", OutcomeKind::as_str)
                .to_owned(),
            row.verdict.as_ref().map_or("-", Verdict::as_str).to_owned(),
            state.entries.to_string(),
            when(state.last_good),
            when(state.last_new),
            match row.due {
                None => "now".to_owned(),
                Some(Wait { until: None, .. }) => "by hand".to_owned(),
                Some(wait) => when(wait.until),
            },
            row.due
                .map_or_else(String::new, |wait| wait.why.to_string()),
            state.last_error.clone().unwrap_or_default(),
        ]);
    }
    screen.table(&table, |line| {
        let name = line.split_whitespace().next();
        let row = rows.iter().find(|row| name == Some(row.source.id.as_str()));
        match row.and_then(|row| row.state.last_outcome) {
            Some(kind) if kind.is_failure() => RED,
            Some(OutcomeKind::Waiting | OutcomeKind::Healed) => YELLOW,
            _ => Style::new(),
        }
    })?;
    let mut failing = 0;
    for Row {
        source,
        state,
        last,
        held,
        ..
    } in rows
    {
        warn(held.as_slice(), screen);
        for warning in last.iter().flat_map(|last| &last.outcome.warnings) {
            screen.warning(format!("{}: {warning}", source.id));
        }
        if let Some(moved) = &state.moved {
            screen.warning(format!(
                "{}: {}",
                source.id,
                fix::advice(source, moved, sources)
            ));
        }
        if !state.last_outcome.is_some_and(OutcomeKind::is_failure) {
            continue;
        }
        failing += 1;
        if let Some(help) = last.as_ref().and_then(|last| last.outcome.help.as_ref()) {
            screen.remark(format!("{}: {help}", source.id));
        }
    }
    screen.remark(match failing {
        0 => "every source was fine when it was asked last".to_owned(),
        failing => format!(
            "{} failed when asked last",
            count(failing, "source", "sources")
        ),
    });
    Ok(())
}
