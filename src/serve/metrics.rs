//! How the service is, for Prometheus: `/metrics`, in its text format 0.0.4. A handful of lines, and three a source.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::health::{Health, State};
use crate::model::{OutcomeKind, SourceState};

/// The media type of what [`text`] gives.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All that is measured. Totals count from the start of the service.
pub(super) fn text(health: &Health) -> String {
    let mut page = Page::default();
    health.with(|state| {
        service(&mut page, state);
        cycles(&mut page, state);
        sources(&mut page, state);
    });
    page.0
}

fn service(page: &mut Page, state: &State) {
    page.begin("agg_build_info", "gauge", "The version of agg.");
    let version = env!("CARGO_PKG_VERSION");
    page.line(&format!("agg_build_info{{version=\"{version}\"}}"), 1);
    let is_good = state.configuration.problems.is_empty();
    page.one(
        "agg_configuration_good",
        "gauge",
        "1, or 0 if the configuration as it is now cannot be used and the old one holds.",
        u8::from(is_good),
    );
    page.at(
        "agg_configuration_read_timestamp_seconds",
        "When the configuration that holds was read.",
        state.configuration.read,
    );
}

fn cycles(page: &mut Page, state: &State) {
    let totals = &state.totals;
    page.begin("agg_cycles_total", "counter", "Cycles by how they ended.");
    for (result, count) in [
        ("done", totals.done),
        ("failed", totals.failed),
        ("skipped", state.skipped),
    ] {
        page.line(&format!("agg_cycles_total{{result=\"{result}\"}}"), count);
    }
    page.begin(
        "agg_outcomes_total",
        "counter",
        "How asking a source ended, over all sources.",
    );
    for (outcome, count) in &totals.outcomes {
        page.line(
            &format!("agg_outcomes_total{{outcome=\"{outcome}\"}}"),
            count,
        );
    }
    page.one(
        "agg_entries_new_total",
        "counter",
        "Entries never seen before.",
        totals.new,
    );
    page.one(
        "agg_entries_updated_total",
        "counter",
        "Entries whose text had changed.",
        totals.updated,
    );
    let last = state.last.as_ref();
    page.at(
        "agg_last_cycle_timestamp_seconds",
        "When the last cycle that has ended began.",
        last.map(|last| last.started),
    );
    if let Some(last) = last {
        page.one(
            "agg_last_cycle_duration_seconds",
            "gauge",
            "How long it took.",
            format!("{}.{:03}", last.millis / 1000, last.millis % 1000),
        );
        page.one(
            "agg_last_cycle_done",
            "gauge",
            "1, or 0 if it could not run.",
            u8::from(last.result.is_ok()),
        );
    }
    page.at(
        "agg_next_cycle_timestamp_seconds",
        "When the next cycle is due.",
        state.next,
    );
}

/// What is measured of a source, if it is known.
type Measure = fn(&SourceState) -> Option<i64>;

fn sources(page: &mut Page, state: &State) {
    page.one(
        "agg_sources",
        "gauge",
        "Configured sources.",
        state.configuration.sources,
    );
    let Some(standing) = &state.standing else {
        return;
    };
    page.one(
        "agg_sources_failing",
        "gauge",
        "Sources that failed when they were asked last.",
        standing.failing().count(),
    );
    page.one(
        "agg_archive_entries",
        "gauge",
        "Entries in the archive.",
        standing.entries,
    );
    let each: [(&str, &str, Measure); 3] = [
        (
            "agg_source_failing",
            "1 if the source failed when it was asked last.",
            |state| {
                Some(
                    state
                        .last_outcome
                        .is_some_and(OutcomeKind::is_failure)
                        .into(),
                )
            },
        ),
        (
            "agg_source_last_good_timestamp_seconds",
            "When the source was last fine.",
            |state| state.last_good.map(|at| at.timestamp()),
        ),
        (
            "agg_source_entries",
            "Entries that the source has given.",
            |state| i64::try_from(state.entries).ok(),
        ),
    ];
    for (name, help, value) in each {
        page.begin(name, "gauge", help);
        for (source, state) in &standing.sources {
            if let Some(value) = value(state) {
                // an id holds nothing that a label must not
                page.line(&format!("{name}{{source=\"{source}\"}}"), value);
            }
        }
    }
}

/// The lines so far.
#[derive(Default)]
struct Page(String);

impl Page {
    fn begin(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{name} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.begin(name, kind, help);
        self.line(name, value);
    }

    /// An instant, if there is one, in seconds since 1970.
    fn at(&mut self, name: &str, help: &str, instant: Option<DateTime<Utc>>) {
        if let Some(instant) = instant {
            self.one(name, "gauge", help, instant.timestamp());
        }
    }
}
