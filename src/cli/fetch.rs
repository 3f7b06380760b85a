//! `agg fetch`: one cycle, with a table of what came of it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use agg::fetch::Door;
use agg::model::{Outcome, OutcomeKind, Source};
use agg::pipeline::{self, Asking, GivenUp, Pipeline, Report};
use clap::Args;
use serde::Serialize;

use super::archive::Waiting;
use super::failure::Failure;
use super::global::{Format, Global, load, runtime};
use super::progress::Bar;
use super::prune;
use super::publish::{Published, all_written, remarks, summary};
use super::screen::{self, GREEN, RED, Screen, YELLOW, count};

/// Some sources failed.
const SOME_FAILED: u8 = 3;
/// Stopped by Ctrl-C, as shells say it.
const INTERRUPTED: u8 = 130;

#[derive(Args)]
pub(super) struct Arguments {
    /// Only these sources, now, whether they are due or not.
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Ask sources too that are not due, but for those whose server has asked to be left alone.
    #[arg(long)]
    force: bool,
    /// Take what the pages of these sources show now, though it is unlike what they showed before.
    #[arg(long, requires = "sources")]
    accept: bool,
    /// Keep every answer in this folder, one message/http file a URL. Asks as --force does.
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    record: Option<PathBuf>,
    /// Take every answer from this folder, and nothing from the network. Asks all, due or not.
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
    #[command(flatten)]
    waiting: Waiting,
    /// How to print the result.
    #[arg(long, default_value = "table")]
    format: Format,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &Global,
    screen: &mut Screen,
) -> Result<u8, Failure> {
    let config = load(&global.config)?;
    let door = door(arguments.replay.as_ref())?;
    let output = config.output.display().to_string();
    let runtime = runtime()?;
    let claim = arguments
        .waiting
        .claim(&config, "agg fetch", |text| screen.remark(text));
    let claim = runtime.block_on(claim)?;
    let pipeline =
        runtime.block_on(async { Pipeline::open(config, door, arguments.record.clone()) })?;
    let bar = Bar::new(global.quiet || screen.logs() || arguments.format == Format::Json);
    let asking = Asking {
        force: arguments.force,
        accept: arguments.accept,
    };
    let report = runtime.block_on(async {
        let watch = |progress: agg::pipeline::Progress<'_>| bar.show(progress);
        tokio::select! {
            report = pipeline.update(&arguments.sources, asking, &watch) => report.map(Some),
            _ = tokio::signal::ctrl_c() => Ok(None),
        }
    });
    bar.clear();
    // What was begun on the store's thread ends with its transaction; a request that hangs is not waited for.
    runtime.shutdown_timeout(Duration::from_secs(2));
    drop(claim);
    let Some(report) = report? else {
        screen.remark("interrupted: what had been read is stored; the next run goes on from there");
        return Ok(INTERRUPTED);
    };
    match arguments.format {
        Format::Json => screen.json(&Json::from(&report))?,
        Format::Table => print(
            &report,
            pipeline.config().sources.as_slice(),
            &output,
            screen,
        )?,
    }
    if let Some(error) = report.stopped {
        return Err(error.into());
    }
    if let Some(publication) = &report.publication {
        all_written(publication, &output)?;
    }
    Ok(
        if report
            .outcomes
            .iter()
            .any(|outcome| outcome.kind.is_failure())
        {
            SOME_FAILED
        } else {
            0
        },
    )
}

/// The way to documents: the network, or a folder of recordings that is there.
pub(super) fn door(replay: Option<&PathBuf>) -> Result<Door, Failure> {
    match replay {
        None => Ok(Door::Network),
        Some(folder) if folder.is_dir() => Ok(Door::Replay(folder.clone())),
        Some(folder) => Err(
            Failure::new(format!("there is no folder {}", folder.display()))
                .help("`agg fetch --record DIR` makes one"),
        ),
    }
}

/// The report for programs.
#[derive(Serialize)]
struct Json<'a> {
    outcomes: &'a [Outcome],
    network_down: bool,
    published: Option<Published<'a>>,
    /// The bodies that were given up.
    pruned: &'a [GivenUp],
    /// Why the run could not go on.
    stopped: Option<String>,
}

impl<'a> From<&'a Report> for Json<'a> {
    fn from(report: &'a Report) -> Self {
        Self {
            outcomes: &report.outcomes,
            network_down: report.network_down,
            published: report.publication.as_ref().map(Published::from),
            pruned: &report.pruned,
            stopped: report
                .stopped
                .as_ref()
                .map(|error| pipeline::with_causes(error)),
        }
    }
}

/// What went wrong with one source, where, and what to do.
fn failure(outcome: &Outcome, sources: &[Source]) -> Failure {
    let what = format!(
        "{}: {}",
        outcome.source,
        outcome.error.as_deref().unwrap_or("failed")
    );
    let mut failure = Failure::new(what);
    if let Some(source) = sources.iter().find(|source| source.id == outcome.source) {
        failure = failure.place(source.url.as_str());
    }
    match &outcome.help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// What was odd, and what went wrong, source by source.
fn complain(report: &Report, sources: &[Source], screen: &Screen) {
    for outcome in &report.outcomes {
        for warning in &outcome.warnings {
            screen.warning(format!("{}: {warning}", outcome.source));
        }
    }
    for outcome in report
        .outcomes
        .iter()
        .filter(|outcome| outcome.kind.is_failure())
    {
        screen.failure(&failure(outcome, sources));
    }
}

fn print(
    report: &Report,
    sources: &[Source],
    output: &str,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let mut table = screen::table(&[
        "source",
        "outcome",
        ">new",
        ">updated",
        ">known",
        ">ms",
        "what went wrong",
    ]);
    for outcome in report
        .outcomes
        .iter()
        .filter(|outcome| !is_not_due(outcome))
    {
        table.add_row([
            outcome.source.to_string(),
            outcome.kind.as_str().to_owned(),
            outcome.new.to_string(),
            outcome.updated.to_string(),
            outcome.known.to_string(),
            outcome.millis.to_string(),
            outcome.error.clone().unwrap_or_default(),
        ]);
    }
    let kinds: HashMap<String, OutcomeKind> = report
        .outcomes
        .iter()
        .map(|outcome| (outcome.source.to_string(), outcome.kind))
        .collect();
    let rows = |line: &str| {
        let source = line.split_whitespace().next().unwrap_or_default();
        match kinds.get(source) {
            Some(kind) if kind.is_failure() => RED,
            Some(OutcomeKind::Waiting | OutcomeKind::Healed) => YELLOW,
            Some(OutcomeKind::Read) => GREEN,
            _ => anstyle::Style::new(),
        }
    };
    if !table.is_empty() {
        screen.table(&table, rows)?;
        screen.line("")?;
    }
    if !screen.logs() {
        complain(report, sources, screen);
    }
    if report.network_down {
        screen.warning("every source failed at the connection: this machine seems to be offline, so no source was charged");
    }
    if let Some(publication) = &report.publication {
        remarks(publication, screen);
    }
    let (new, updated) = report.changes();
    let failed = report
        .outcomes
        .iter()
        .filter(|outcome| outcome.kind.is_failure())
        .count();
    let mut line = match (new, updated) {
        (0, 0) => "nothing new".to_owned(),
        (new, 0) => format!("{new} new"),
        (new, updated) => format!("{new} new, {updated} updated"),
    };
    let moved: usize = (report.outcomes.iter())
        .filter_map(|outcome| Some(outcome.migrated.as_ref()?.known))
        .sum();
    if moved > 0 {
        line = format!("{line}, {moved} under other addresses or ids");
    }
    if failed > 0 {
        line = format!("{line}, {} failed", count(failed, "source", "sources"));
    }
    if let Some(line) = not_due(&report.outcomes) {
        screen.line(line)?;
    }
    match &report.publication {
        Some(publication) => screen.line(format!("{line}; {}", summary(publication, output)))?,
        None => screen.line(format!("{line}; nothing was published"))?,
    }
    if !report.pruned.is_empty() {
        screen.line(format!("{} given up", prune::summary(&report.pruned)))?;
    }
    Ok(())
}

/// True for a source that was left alone only because it is not its time yet.
fn is_not_due(outcome: &Outcome) -> bool {
    outcome.wait.is_some_and(|wait| wait.why.is_calm())
}

/// How many sources are not due yet, and when the next one is.
fn not_due(outcomes: &[Outcome]) -> Option<String> {
    let waiting = || outcomes.iter().filter(|outcome| is_not_due(outcome));
    let until = |outcome: &Outcome| outcome.wait.and_then(|wait| wait.until);
    let next = waiting().filter_map(until).min()?;
    let verb = if waiting().count() == 1 { "is" } else { "are" };
    Some(format!(
        "{} {verb} not due yet, the next at {}; `agg status` says why",
        count(waiting().count(), "source", "sources"),
        next.format("%Y-%m-%d %H:%M UTC")
    ))
}
