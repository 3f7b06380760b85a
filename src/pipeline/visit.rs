//! One source, once: asked, read, normalised, compared with the archive, stored.

use std::collections::HashSet;
use std::time::Instant;

use chrono::{DateTime, Utc};
use tracing::{debug, warn};
use url::Url;

use super::contract::{self, Examined, Learnt};
use super::enrich;
use super::error::{Error, with_causes};
use super::line::Pipeline;
use super::read::{Reading, read};
use super::report::{Asking, Progress, Watch};
use crate::dedupe;
use crate::extract;
use crate::fetch::{self, Accept, Answer, Fetched, Request};
use crate::model::{
    Change, Document, DocumentKind, Entry, EntryKey, Kept, Outcome, OutcomeKind, Source,
    SourceKind, SourceState, Validators, Verdict,
};
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

/// The run that a visit belongs to.
#[derive(Clone, Copy)]
struct Turn<'a> {
    asking: Asking,
    started: Instant,
    now: DateTime<Utc>,
    watch: Watch<'a>,
}

/// A document that was read and may be stored.
struct Taken {
    reading: Reading,
    /// For a page: what is learnt of it, and the page.
    kept: Option<(Box<Learnt>, Document)>,
    /// Where it was found.
    address: Url,
    validators: Validators,
    hash: String,
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
        asking: Asking,
        now: DateTime<Utc>,
        watch: Watch<'_>,
    ) -> Result<Visit, Error> {
        let started = Instant::now();
        let mut outcome = Outcome::new(source.id.clone(), OutcomeKind::Waiting);
        if let Due::Later { until, why } = schedule::due(&state, now, asking.force || asking.accept)
        {
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
            // what is to be accepted has to be seen again
            validators: if asking.accept {
                Validators::default()
            } else {
                state.validators.clone()
            },
            accept,
        };
        let mut visit = match self.fetcher.fetch(&request).await {
            Err(error) => failed_to_fetch(source, outcome, state, &error, now),
            Ok(answer) => {
                outcome.status = Some(answer.status);
                outcome.bytes = answer.bytes;
                outcome.millis = millis(started);
                if let Some(moved) = &answer.moved {
                    outcome.warnings.push(format!(
                        "moved for good to {moved}: change its url in the configuration"
                    ));
                }
                self.take(
                    source,
                    state,
                    answer,
                    outcome,
                    Turn {
                        asking,
                        started,
                        now,
                        watch,
                    },
                )
                .await?
            }
        };
        visit.outcome.millis = millis(started);
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
        turn: Turn<'_>,
    ) -> Result<Visit, Error> {
        let Turn { asking, now, .. } = turn;
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
        if state.body_hash.as_ref() == Some(&hash) && state.failures == 0 && !asking.accept {
            return self
                .unchanged(source, state, document.validators, outcome, now)
                .await;
        }
        let validators = document.validators.clone();
        let reader = source.clone();
        let address = document.url.clone();
        let (read, document) = tokio::task::spawn_blocking(move || {
            let read = read(&reader, &document, reader.select.as_ref(), now);
            (read, document)
        })
        .await?;
        let is_page = match &read {
            Ok(reading) => reading.kind == DocumentKind::Page,
            Err(error) => error.is_missing_list(),
        };
        let (reading, kept) = match (is_page, read) {
            (false, Ok(reading)) => (reading, None),
            (false, Err(error)) => return Ok(failed_to_read(source, outcome, state, &error, now)),
            (true, read) => {
                let (examined, document) =
                    self.examine(source, document, read, asking, now).await?;
                match examined {
                    Examined::Good {
                        reading,
                        learnt,
                        healed,
                    } => {
                        outcome.kind = if healed {
                            OutcomeKind::Healed
                        } else {
                            OutcomeKind::Read
                        };
                        outcome.verdict = Some(learnt.verdict.clone());
                        (*reading, Some((learnt, document)))
                    }
                    Examined::Empty => {
                        return self
                            .quiet(source, state, document, hash, outcome, now)
                            .await;
                    }
                    Examined::Bad(verdict) => {
                        return self
                            .quarantine(source, state, document, verdict, outcome, now)
                            .await;
                    }
                    Examined::Unread(error) => {
                        return self
                            .unread(source, state, document, &error, outcome, now)
                            .await;
                    }
                }
            }
        };
        let taken = Taken {
            reading,
            kept,
            address,
            validators,
            hash,
        };
        self.complete(source, state, taken, outcome, turn).await
    }

    /// Adds what further pages and the articles' own pages say, and stores it all.
    async fn complete(
        &self,
        source: &Source,
        state: SourceState,
        taken: Taken,
        mut outcome: Outcome,
        turn: Turn<'_>,
    ) -> Result<Visit, Error> {
        let (now, mut reading, kept) = (turn.now, taken.reading, taken.kept);
        let wish = self
            .older_pages(source, &state, &mut reading, &taken.address, now)
            .await?;
        outcome.warnings.append(&mut reading.warnings);
        if source.enrich && reading.kind == DocumentKind::Page {
            let lacking = self.lacking(source, &reading.entries).await?;
            if !lacking.is_empty() {
                (turn.watch)(Progress::Articles(
                    &source.id,
                    lacking.len().min(enrich::MAX_ARTICLES),
                ));
                let failed =
                    enrich::enrich(&mut reading.entries, lacking, &self.fetcher, source, now).await;
                outcome.warnings.extend(failed);
            }
        }
        debug!(source.id = %source.id, entries = reading.entries.len(), "read");
        if reading.entries.is_empty() {
            outcome.kind = OutcomeKind::Empty;
        } else if outcome.kind != OutcomeKind::Healed {
            outcome.kind = OutcomeKind::Read;
        }
        let mut state = succeeded(&state, &outcome, now);
        if wish.is_some() {
            state = schedule::after(&state, OutcomeKind::Waiting, wish, now, 0.0);
        }
        state.validators = taken.validators;
        state.body_hash = Some(taken.hash);
        outcome.millis = millis(turn.started);
        let id = source.clone();
        let outcome = self
            .with_store(move |store| {
                Ok(store.write(|write| keep(write, &id, reading, kept, outcome, state, now))?)
            })
            .await?;
        Ok(Visit::done(source, outcome))
    }

    /// Compares what was read from a page with what is remembered of it.
    async fn examine(
        &self,
        source: &Source,
        document: Document,
        read: Result<Reading, extract::Error>,
        asking: Asking,
        now: DateTime<Utc>,
    ) -> Result<(Examined, Document), Error> {
        let id = source.id.clone();
        let memory = self.with_store(move |store| Ok(store.memory(&id)?)).await?;
        let source = source.clone();
        let examined = tokio::task::spawn_blocking(move || {
            let examined = match read {
                Ok(reading) if asking.accept => contract::accept(&document, reading, &memory),
                read => contract::examine(&source, &document, read, &memory, now),
            };
            (examined, document)
        });
        Ok(examined.await?)
    }

    /// The list is there and empty: what was stored stays, and nothing is wrong.
    async fn quiet(
        &self,
        source: &Source,
        state: SourceState,
        document: Document,
        hash: String,
        mut outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Visit, Error> {
        outcome.kind = OutcomeKind::Empty;
        outcome.verdict = Some(Verdict::Quiet);
        outcome
            .warnings
            .push("the list is there, but empty; it was not before".to_owned());
        let mut state = succeeded(&state, &outcome, now);
        state.validators = document.validators;
        state.body_hash = Some(hash);
        let recorded = outcome.clone();
        self.with_store(move |store| {
            Ok(store.write(|write| {
                write.judged(&recorded.source, &Verdict::Quiet, None, now)?;
                write.record(&recorded, &state, now)
            })?)
        })
        .await?;
        Ok(Visit::done(source, outcome))
    }

    /// A page that never was read: it is kept for people to look at.
    async fn unread(
        &self,
        source: &Source,
        state: SourceState,
        document: Document,
        error: &extract::Error,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Visit, Error> {
        let id = source.id.clone();
        self.with_store(move |store| {
            Ok(store.write(|write| write.keep_page(&id, Kept::Bad, &document, now))?)
        })
        .await?;
        Ok(failed_to_read(source, outcome, state, error, now))
    }

    /// The page is not what it was: nothing of it is stored but itself, for people to look at.
    async fn quarantine(
        &self,
        source: &Source,
        state: SourceState,
        document: Document,
        verdict: Verdict,
        mut outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Visit, Error> {
        let id = &source.id;
        outcome.kind = OutcomeKind::Failed;
        outcome.error = Some(format!(
            "{}: {}; nothing was taken from it",
            verdict.as_str(),
            verdict.why().unwrap_or_default()
        ));
        outcome.help = Some(format!(
            "compare `agg preview --stored good {id}` with `agg preview --stored bad {id}`; if the page is right as it \
             is now, `agg fetch --accept {id}` takes it"
        ));
        outcome.verdict = Some(verdict.clone());
        let judged = id.clone();
        self.with_store(move |store| {
            Ok(store.write(|write| {
                write.judged(&judged, &verdict, None, now)?;
                write.keep_page(&judged, Kept::Bad, &document, now)
            })?)
        })
        .await?;
        Ok(failed(source, outcome, state, None, false, now))
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
        let failed_before = state.failures > 0;
        let mut state = succeeded(&state, &outcome, now);
        state.validators = validators;
        let recorded = outcome.clone();
        self.with_store(move |store| {
            Ok(store.write(|write| {
                if failed_before {
                    write.good_again(&recorded.source, now)?;
                }
                write.record(&recorded, &state, now)
            })?)
        })
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

/// Entries → store, in one transaction: what is known is looked up again inside it, so that two sources which bring the
/// same article in the same cycle still make one entry.
fn keep(
    write: &mut Write<'_>,
    source: &Source,
    reading: Reading,
    kept: Option<(Box<Learnt>, Document)>,
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
    if let Some((learnt, document)) = kept {
        let rules = (&learnt.contract, learnt.wrapper.as_ref());
        write.judged(&source.id, &learnt.verdict, Some(rules), now)?;
        write.keep_page(&source.id, Kept::Good, &document, now)?;
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

/// Milliseconds since then.
fn millis(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// One line in the log for each failure, and for each page that had changed.
fn log(outcome: &Outcome) {
    let id = &outcome.source;
    match &outcome.error {
        Some(error) if outcome.kind.is_failure() => warn!(source.id = %id, error, "failed"),
        _ if outcome.kind == OutcomeKind::Healed => {
            warn!(source.id = %id, why = outcome.warnings.join("; "), "healed");
        }
        _ => debug!(source.id = %id, outcome = outcome.kind.as_str(), new = outcome.new, "done"),
    }
}
