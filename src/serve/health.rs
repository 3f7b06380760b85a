//! How the service is, for whoever watches it: `/healthz`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::plan::Plan;
use crate::model::Outcome;

/// What is known of the service's own state.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    published: bool,
    next: Option<DateTime<Utc>>,
    skipped: u64,
    last: Option<LastCycle>,
    configuration: Configuration,
}

/// How the configuration was last read.
#[derive(Debug, Default)]
struct Configuration {
    /// When the one that holds was read.
    read: Option<DateTime<Utc>>,
    sources: usize,
    /// What in it does not hold before a restart.
    remarks: Vec<String>,
    /// Why the file as it is now cannot be used.
    problems: Vec<String>,
}

#[derive(Debug)]
struct LastCycle {
    started: DateTime<Utc>,
    millis: u64,
    result: Result<Value, String>,
}

impl Health {
    /// Something is published.
    pub(super) fn published(&self) {
        self.with(|state| state.published = true);
    }

    /// A cycle is due at `next`.
    pub(super) fn next(&self, next: Option<DateTime<Utc>>) {
        self.with(|state| state.next = next);
    }

    /// A cycle was due while another one ran.
    pub(super) fn skipped(&self) {
        self.with(|state| state.skipped += 1);
    }

    /// This plan holds from now on.
    pub(super) fn planned(&self, plan: &Plan, now: DateTime<Utc>) {
        let configuration = Configuration {
            read: Some(now),
            sources: plan.sources,
            remarks: plan.remarks.clone(),
            problems: Vec::new(),
        };
        self.with(|state| state.configuration = configuration);
    }

    /// The configuration as it is now cannot be used; the old one holds.
    pub(super) fn refused(&self, problems: Vec<String>) {
        self.with(|state| state.configuration.problems = problems);
    }

    /// A cycle has ended.
    pub(super) fn cycle(
        &self,
        started: DateTime<Utc>,
        millis: u64,
        result: Result<Vec<Outcome>, String>,
    ) {
        let last = LastCycle {
            started,
            millis,
            result: result.map(|outcomes| counts(&outcomes)),
        };
        self.with(|state| state.last = Some(last));
    }

    /// True if all is well, and the state as JSON. A source that fails is not the service's illness; it is counted. Nor is a
    /// configuration that cannot be used while the old one holds; its problems are listed.
    pub(super) fn report(&self) -> (bool, Value) {
        self.with(|state| {
            let failed = state.last.as_ref().is_some_and(|last| last.result.is_err());
            let status = match (state.published, failed) {
                (_, true) => "failing",
                (false, false) => "starting",
                (true, false) => "ok",
            };
            let last = state.last.as_ref().map(|last| {
                let (sources, error) = match &last.result {
                    Ok(counts) => (Some(counts), None),
                    Err(error) => (None, Some(error)),
                };
                json!({
                    "started": rfc3339(last.started),
                    "millis": last.millis,
                    "sources": sources,
                    "error": error,
                })
            });
            let report = json!({
                "status": status,
                "last_cycle": last,
                "next_cycle": state.next.map(rfc3339),
                "skipped_cycles": state.skipped,
                "configuration": {
                    "read": state.configuration.read.map(rfc3339),
                    "sources": state.configuration.sources,
                    "needs_restart": state.configuration.remarks,
                    "problems": state.configuration.problems,
                },
            });
            (status == "ok", report)
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How many sources ended how, and how many entries were new or changed.
fn counts(outcomes: &[Outcome]) -> Value {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in outcomes {
        *kinds.entry(outcome.kind.as_str()).or_default() += 1;
    }
    json!({
        "asked": outcomes.len(),
        "outcomes": kinds,
        "new": outcomes.iter().map(|outcome| outcome.new).sum::<usize>(),
        "updated": outcomes.iter().map(|outcome| outcome.updated).sum::<usize>(),
    })
}

fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
