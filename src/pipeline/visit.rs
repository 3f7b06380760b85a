//! One source, once: asked, read, normalised, compared with the archive, stored.

use std::collections::HashSet;
use std::time::Instant;

use chrono::{DateTime, Utc};
use tracing::{debug, warn};

use super::enrich;
use super::error::{Error, with_causes};
use super::line::Pipeline;
use super::report::{Progress, Watch};
use crate::dedupe;
use crate::extract;
use crate::fetch::{self, Accept, Answer, Fetched, Request};
use crate::model::{
    Change, Document, DocumentKind, Entry, EntryKey, Outcome, OutcomeKind, Source, SourceKind,
    SourceMeta, SourceState, Validators,
};
use crate::normalise::{self, Context};
use crate::schedule::{self, Due};
use crate::store::{self, Store, Write};

/// How a visit ended.
pub(super) struct Visit {
    /// For the table and the log.
    pub(super) outcome: Outcome,
    /// The host that was asked.
    pub(super) host: String,
    /// True if it failed before any answer came: the network may be to blame.
    pub(super) unreachable: bool,
    /// What to record of a failure once it is known whose it was; a success is recorded already.
    pub(super) failure: Option<Failure>,
}

/// What a source's state becomes after a failure.
pub(super) struct Failure {
    /// If the source is to blame.
    pub(super) charged: SourceState,
    /// If our own network is.
    pub(super) uncharged: SourceState,
}

/// What was read from a document.
struct Reading {
    meta: SourceMeta,
    kind: DocumentKind,
    entries: Vec<Entry>,
    warnings: Vec<String>,
}

impl Visit {
    /// A visit of which all is recorded.
    fn done(source: &Source, outcome: Outcome) -> Self {
        let host = source.url.host_str().unwrap_or_default().to_owned();
        Self {
            outcome,
            host,
            unreachable: false,
            failure: None,
        }
    }
}

impl Pipeline {
    /// Asks one source and stores what it shows.
    ///
    /// # Errors
    /// [`Error`] only if the archive fails; whatever is wrong with the source is in the visit.
    pub(super) async fn visit(
        &self,
        source: &Source,
        state: SourceState,
        force: bool,
        now: DateTime<Utc>,
        watch: Watch<'_>,
    ) -> Result<Visit, Error> {
        let started = Instant::now();
        let mut outcome = Outcome::new(source.id.clone(), OutcomeKind::Waiting);
        if let Due::Later { until, why } = schedule::due(&state, now, force) {
            outcome.error = Some(match until {
                Some(until) => format!("{why}; not before {}", until.format("%Y-%m-%d %H:%M UTC")),
                None => format!("{why}; `agg fetch --force {}` asks once more", source.id),
            });
            return Ok(Visit::done(source, outcome));
        }
        let accept = if source.kind == SourceKind::Page {
            Accept::Page
        } else {
            Accept::FeedOrPage
        };
        let request = Request {
            url: source.url.clone(),
            validators: state.validators.clone(),
            accept,
        };
        let mut visit = match self.fetcher.fetch(&request).await {
            Err(error) => failed_to_fetch(source, outcome, state, &error, now),
            Ok(answer) => {
                outcome.status = Some(answer.status);
                outcome.bytes = answer.bytes;
                if let Some(moved) = &answer.moved {
                    outcome.warnings.push(format!(
                        "moved for good to {moved}: change its url in the configuration"
                    ));
                }
                self.take(source, state, answer, outcome, now, watch)
                    .await?
            }
        };
        visit.outcome.millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        log(&visit.outcome);
        Ok(visit)
    }

    /// Reads an answer and stores what it shows.
    async fn take(
        &self,
        source: &Source,
        state: SourceState,
        answer: Answer,
        mut outcome: Outcome,
        now: DateTime<Utc>,
        watch: Watch<'_>,
    ) -> Result<Visit, Error> {
        let (document, hash) = match answer.fetched {
            Fetched::NotModified { validators } => {
                return self
                    .unchanged(source, state, validators, outcome, now)
                    .await;
            }
            Fetched::Document(document) => {
                let hash = blake3::hash(&document.body).to_hex().to_string();
                (document, hash)
            }
        };
        if state.body_hash.as_ref() == Some(&hash) && state.failures == 0 {
            return self
                .unchanged(source, state, document.validators, outcome, now)
                .await;
        }
        let validators = document.validators.clone();
        let reader = source.clone();
        let read = tokio::task::spawn_blocking(move || {
            read(&reader, &document, now).map(|reading| (reading, document.url))
        });
        let (mut reading, address) = match read.await? {
            Ok(read) => read,
            Err(error) => return Ok(failed_to_read(source, outcome, state, &error, now)),
        };
        outcome.warnings.append(&mut reading.warnings);
        if source.enrich && reading.kind == DocumentKind::Page {
            let lacking = self.lacking(source, &reading.entries).await?;
            if !lacking.is_empty() {
                watch(Progress::Articles(
                    &source.id,
                    lacking.len().min(enrich::MAX_ARTICLES),
                ));
                let failed =
                    enrich::enrich(&mut reading.entries, lacking, &self.fetcher, source, now).await;
                outcome.warnings.extend(failed);
            }
        }
        debug!(source.id = %source.id, %address, entries = reading.entries.len(), "read");
        outcome.kind = if reading.entries.is_empty() {
            OutcomeKind::Empty
        } else {
            OutcomeKind::Read
        };
        let mut state = succeeded(&state, &outcome, now);
        state.validators = validators;
        state.body_hash = Some(hash);
        let kept = source.clone();
        let outcome = self
            .with_store(move |store| {
                Ok(store.write(|write| keep(write, &kept, reading, outcome, state, now))?)
            })
            .await?;
        Ok(Visit::done(source, outcome))
    }

    /// Nothing new: only the validators may have changed.
    async fn unchanged(
        &self,
        source: &Source,
        state: SourceState,
        validators: Validators,
        mut outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Visit, Error> {
        outcome.kind = OutcomeKind::Unchanged;
        outcome.known = usize::try_from(state.entries).unwrap_or(usize::MAX);
        let mut state = succeeded(&state, &outcome, now);
        state.validators = validators;
        let recorded = outcome.clone();
        self.with_store(
            move |store| Ok(store.write(|write| write.record(&recorded, &state, now))?),
        )
        .await?;
        Ok(Visit::done(source, outcome))
    }

    /// The places of the entries that were never seen and whose listing leaves something out.
    async fn lacking(&self, source: &Source, entries: &[Entry]) -> Result<Vec<usize>, Error> {
        let aliases = dedupe::aliases(&source.id, entries);
        let asked: Vec<_> = aliases.iter().flatten().cloned().collect();
        let id = source.id.clone();
        let known = self
            .with_store(move |store: &mut Store| Ok(store.known(&id, &asked)?))
            .await?;
        let is_new = |at: &usize| {
            aliases[*at]
                .iter()
                .all(|alias| !known.aliases.contains_key(alias))
        };
        Ok((0..entries.len())
            .filter(is_new)
            .filter(|at| enrich::lacks(&entries[*at]))
            .collect())
    }
}

/// Document → entries.
fn read(
    source: &Source,
    document: &Document,
    now: DateTime<Utc>,
) -> Result<Reading, extract::Error> {
    let extraction = extract::extract(document, source.kind, source.select.as_ref())?;
    let context = Context {
        source,
        document: &document.url,
        meta: &extraction.meta,
        kind: extraction.kind,
        now,
    };
    let normalised = normalise::normalise(extraction.entries, &context);
    let mut warnings = extraction.warnings;
    warnings.extend(normalised.warnings);
    Ok(Reading {
        meta: extraction.meta,
        kind: extraction.kind,
        entries: normalised.entries,
        warnings,
    })
}

/// Entries → store, in one transaction: what is known is looked up again inside it, so that two sources which bring the
/// same article in the same cycle still make one entry.
fn keep(
    write: &mut Write<'_>,
    source: &Source,
    reading: Reading,
    mut outcome: Outcome,
    mut state: SourceState,
    now: DateTime<Utc>,
) -> Result<Outcome, store::Error> {
    let asked: Vec<_> = dedupe::aliases(&source.id, &reading.entries)
        .into_iter()
        .flatten()
        .collect();
    let known = write.known(&source.id, &asked)?;
    let mut changes = dedupe::decide(&source.id, reading.entries, &known);
    for change in &mut changes {
        if let Change::Updated { of, entry, .. } = change
            && let Some(old) = write.sighting(&source.id, *of)?
        {
            **entry = dedupe::carry(&old.entry, (**entry).clone());
        }
    }
    let rewritten: HashSet<EntryKey> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Updated { of, .. } => Some(*of),
            _ => None,
        })
        .collect();
    let applied = write.apply(&source.id, &changes, now)?;
    for key in applied.touched {
        let merged = dedupe::merge(&write.sightings(key)?);
        write.settle(key, &merged, now, rewritten.contains(&key))?;
    }
    write.describe(
        &source.id,
        &reading.meta,
        reading.kind == DocumentKind::Feed,
    )?;
    (outcome.new, outcome.updated, outcome.known) = (applied.new, applied.updated, applied.known);
    if applied.new > 0 {
        state.last_new = Some(now);
    }
    write.record(&outcome, &state, now)?;
    Ok(outcome)
}

fn succeeded(state: &SourceState, outcome: &Outcome, now: DateTime<Utc>) -> SourceState {
    let mut state = schedule::after(state, outcome.kind, None, now, 0.0);
    state.last_error = None;
    state
}

fn failed_to_fetch(
    source: &Source,
    mut outcome: Outcome,
    state: SourceState,
    error: &fetch::Error,
    now: DateTime<Utc>,
) -> Visit {
    outcome.kind = error.outcome();
    outcome.status = error.status();
    outcome.error = Some(with_causes(error));
    outcome.help = error.help();
    let wish = error.retry_after().map(|wish| wish.until(now));
    failed(source, outcome, state, wish, error.is_unreachable(), now)
}

fn failed_to_read(
    source: &Source,
    mut outcome: Outcome,
    state: SourceState,
    error: &extract::Error,
    now: DateTime<Utc>,
) -> Visit {
    outcome.kind = OutcomeKind::Failed;
    outcome.error = Some(with_causes(error));
    let otherwise = || format!("`agg preview {}` shows it as agg sees it", outcome.source);
    outcome.help = Some(error.help().unwrap_or_else(otherwise));
    failed(source, outcome, state, None, false, now)
}

fn failed(
    source: &Source,
    outcome: Outcome,
    before: SourceState,
    wish: Option<DateTime<Utc>>,
    unreachable: bool,
    now: DateTime<Utc>,
) -> Visit {
    let jitter = schedule::jitter(&outcome.source, before.failures);
    let mut charged = schedule::after(&before, outcome.kind, wish, now, jitter);
    charged.last_error.clone_from(&outcome.error);
    let mut uncharged = before;
    uncharged.last_asked = Some(now);
    uncharged.last_outcome = Some(outcome.kind);
    uncharged.last_error.clone_from(&outcome.error);
    Visit {
        unreachable,
        failure: Some(Failure { charged, uncharged }),
        ..Visit::done(source, outcome)
    }
}

/// One line in the log for each failure.
fn log(outcome: &Outcome) {
    let id = &outcome.source;
    match &outcome.error {
        Some(error) if outcome.kind.is_failure() => warn!(source.id = %id, error, "failed"),
        _ => debug!(source.id = %id, outcome = outcome.kind.as_str(), new = outcome.new, "done"),
    }
}
