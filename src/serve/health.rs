//! How the service is, for whoever watches it: `/healthz`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::cycle::Cycle;
use super::plan::Plan;
use crate::model::{Outcome, OutcomeKind, SourceId};
use crate::pipeline::Standing;

/// What is known of the service's own state.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<State>);

/// What is known of the service.
#[derive(Debug, Default)]
pub(super) struct State {
    published: bool,
    /// When the next cycle is due.
    pub(super) next: Option<DateTime<Utc>>,
    /// Cycles that were due while another one ran.
    pub(super) skipped: u64,
    pub(super) last: Option<LastCycle>,
    pub(super) configuration: Configuration,
    /// How all stood after the last cycle that could run.
    pub(super) standing: Option<Standing>,
    pub(super) totals: Totals,
}

/// What all cycles since the start came to.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// Cycles that ran.
    pub(super) done: u64,
    /// Cycles that could not run.
    pub(super) failed: u64,
    /// How asking sources ended.
    pub(super) outcomes: BTreeMap<&'static str, usize>,
    /// Entries never seen before.
    pub(super) new: usize,
    /// Entries whose text had changed.
    pub(super) updated: usize,
}

impl Totals {
    fn add(&mut self, counts: &Counts) {
        self.done += 1;
        self.new += counts.new;
        self.updated += counts.updated;
        for (kind, count) in &counts.kinds {
            *self.outcomes.entry(kind).or_default() += count;
        }
    }
}

/// How the configuration was last read.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// When the one that holds was read.
    pub(super) read: Option<DateTime<Utc>>,
    pub(super) sources: usize,
    /// What in it does not hold before a restart.
    remarks: Vec<String>,
    /// Why the file as it is now cannot be used.
    pub(super) problems: Vec<String>,
}

/// The last cycle that has ended.
#[derive(Debug)]
pub(super) struct LastCycle {
    pub(super) started: DateTime<Utc>,
    pub(super) millis: u64,
    pub(super) result: Result<Counts, String>,
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
    pub(super) fn cycle(&self, started: DateTime<Utc>, millis: u64, result: Result<Cycle, String>) {
        let result = result.map(|cycle| {
            let counts = Counts::of(&cycle.outcomes);
            self.with(|state| {
                state.standing = Some(cycle.standing);
                state.totals.add(&counts);
            });
            counts
        });
        let last = LastCycle {
            started,
            millis,
            result,
        };
        self.with(|state| {
            state.totals.failed += u64::from(last.result.is_err());
            state.last = Some(last);
        });
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
                    Ok(counts) => (Some(counts.json()), None),
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
                "failing": state.standing.as_ref().map(|standing| {
                    standing.failing().map(SourceId::as_str).collect::<Vec<_>>()
                }),
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

    /// True if something is published, and how all is, in one line: for whoever looks at the service from outside.
    pub(super) fn summary(&self) -> (bool, String) {
        self.with(|state| (state.published, state.summary()))
    }

    /// Looks at the state, or changes it.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn summary(&self) -> String {
        let mut parts = vec![match self.configuration.sources {
            1 => "1 source".to_owned(),
            sources => format!("{sources} sources"),
        }];
        let failing = self.standing.iter().flat_map(Standing::failing).count();
        if failing > 0 {
            parts.push(format!("{failing} failing"));
        }
        match self
            .last
            .as_ref()
            .map(|last| (clock(last.started), &last.result))
        {
            None => parts.push("first cycle under way".to_owned()),
            Some((at, Ok(counts))) => parts.push(format!("last cycle {at}: {} new", counts.new)),
            Some((at, Err(error))) => {
                parts.push(format!("the cycle of {at} could not run: {error}"));
            }
        }
        if let Some(next) = self.next {
            parts.push(format!("next {}", clock(next)));
        }
        match self.configuration.problems.len() {
            0 => {}
            1 => parts.push("1 mistake in the new configuration, the old one holds".to_owned()),
            many => parts.push(format!(
                "{many} mistakes in the new configuration, the old one holds"
            )),
        }
        parts.join("; ")
    }
}

/// How many sources ended how, and how many entries were new or changed.
#[derive(Debug)]
pub(super) struct Counts {
    /// All that were chosen.
    pub(super) sources: usize,
    kinds: BTreeMap<&'static str, usize>,
    /// Those that failed.
    pub(super) failed: usize,
    /// Entries never seen before.
    pub(super) new: usize,
    /// Entries whose text had changed.
    pub(super) updated: usize,
}

impl Counts {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let mut kinds = BTreeMap::new();
        for outcome in outcomes {
            *kinds.entry(outcome.kind.as_str()).or_default() += 1;
        }
        Self {
            sources: outcomes.len(),
            kinds,
            failed: outcomes
                .iter()
                .filter(|outcome| outcome.kind.is_failure())
                .count(),
            new: outcomes.iter().map(|outcome| outcome.new).sum(),
            updated: outcomes.iter().map(|outcome| outcome.updated).sum(),
        }
    }

    /// Those that were asked, and not left alone for now.
    pub(super) fn asked(&self) -> usize {
        let waiting = self.kinds.get(OutcomeKind::Waiting.as_str());
        self.sources - waiting.copied().unwrap_or_default()
    }

    /// Those that failed.
    fn json(&self) -> Value {
        json!({
            "sources": self.sources,
            "asked": self.asked(),
            "outcomes": self.kinds,
            "new": self.new,
            "updated": self.updated,
        })
    }
}

fn clock(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn rfc3339(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
