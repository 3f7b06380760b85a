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
use super::stacked;

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
        Format::Table => {
            table(&rows, screen)?;
            let fails = |it: &SourceState| it.last_outcome.is_some_and(OutcomeKind::is_failure);
            // what is left is that of the sources that were not asked about, and of those that are configured no more
            let others = (config.sources.iter())
                .filter(|source| states.get(&source.id).is_some_and(fails))
                .count();
            let is_part = !arguments.sources.is_empty();
            remarks(&rows, &config.sources, is_part.then_some(others), screen);
        }
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

fn when(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(
        || "never".to_owned(),
        |at| at.format("%Y-%m-%d %H:%M").to_string(),
    )
}

fn state(row: &Row<'_>) -> &'static str {
    (row.state.last_outcome).map_or("not asked yet", OutcomeKind::as_str)
}

fn due(row: &Row<'_>) -> String {
    match row.due {
        None => "now".to_owned(),
        Some(Wait { until: None, .. }) => "by hand".to_owned(),
        Some(wait) => when(wait.until),
    }
}

fn because(row: &Row<'_>) -> String {
    (row.due).map_or_else(String::new, |wait| wait.why.to_string())
}

fn style(row: &Row<'_>) -> Style {
    match row.state.last_outcome {
        Some(kind) if kind.is_failure() => RED,
        Some(OutcomeKind::Waiting | OutcomeKind::Healed) => YELLOW,
        _ => Style::new(),
    }
}

/// A line for each source, or several where a line is too short.
fn table(rows: &[Row<'_>], screen: &mut Screen) -> Result<(), Failure> {
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
    for row in rows {
        let Row { source, state, .. } = row;
        table.add_row([
            source.id.to_string(),
            self::state(row).to_owned(),
            row.verdict.as_ref().map_or("-", Verdict::as_str).to_owned(),
            state.entries.to_string(),
            when(state.last_good),
            when(state.last_new),
            due(row),
            because(row),
            state.last_error.clone().unwrap_or_default(),
        ]);
    }
    if let Some(width) = screen::width().filter(|width| !screen::fits(&table, *width)) {
        let heads = ["source", "state", ">entries", "last good", "due"];
        let stacked: Vec<_> = rows.iter().map(stacked_row).collect();
        let lines = stacked::lines(&heads, &stacked, usize::from(width));
        screen.stacked(&lines, |number| style(&rows[number]))?;
        return Ok(());
    }
    screen.table(&table, |line| {
        let name = line.split_whitespace().next();
        let row = rows.iter().find(|row| name == Some(row.source.id.as_str()));
        row.map_or(Style::new(), style)
    })?;
    Ok(())
}

/// A source on a narrow screen.
fn stacked_row(row: &Row<'_>) -> stacked::Row {
    let mut below = Vec::new();
    let mut said = vec![format!("last new: {}", when(row.state.last_new))];
    said.extend((row.verdict.as_ref()).map(|verdict| format!("page: {}", verdict.as_str())));
    below.push(said.join(", "));
    if row.due.is_some() {
        below.push(format!("because: {}", because(row)));
    }
    if let Some(error) = &row.state.last_error {
        below.push(format!("what is wrong: {error}"));
    }
    stacked::Row {
        cells: vec![
            row.source.id.to_string(),
            state(row).to_owned(),
            row.state.entries.to_string(),
            when(row.state.last_good),
            due(row),
        ],
        below,
    }
}

/// What is odd of each source, which is one of the `sources`, and how all did; of those that were not asked about, `others` fail.
fn remarks(rows: &[Row<'_>], sources: &[Source], others: Option<usize>, screen: &mut Screen) {
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
    screen.remark(match (failing, others) {
        (0, None) => "every source was fine when it was asked last".to_owned(),
        (0, Some(0)) => "fine when asked last".to_owned(),
        (0, Some(others)) => format!(
            "fine when asked last; {} failed",
            count(others, "other source", "other sources")
        ),
        (failing, _) => format!(
            "{} failed when asked last",
            count(failing, "source", "sources")
        ),
    });
}
