//! One source, once: asked, read, judged, stored.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{debug, warn};
use url::Url;

use super::apart::{self, apart};
use super::contract::{self, Examined, Learnt};
use super::ending::{self, Visit, failed_to_fetch, failed_to_read, stopped_reading, succeeded};
use super::error::Error;
use super::keep::keep;
use super::line::Pipeline;
use super::moves;
use super::read::{Reading, read};
use super::report::{Asking, Watch};
use crate::extract;
use crate::fetch::{Accept, Answer, Fetched, Gate, Request};
use crate::model::{
    Document, DocumentKind, Moved, Outcome, OutcomeKind, Source, SourceKind, SourceState,
    Validators, Wait,
};
use crate::schedule::{self, Due};

/// The run that a visit belongs to.
#[derive(Clone)]
struct Turn<'a> {
    /// Where the source has moved to, if this is still the same.
    moved: Option<Moved>,
    asking: Asking,
    /// The page is to be read though it may be what it was.
    again: bool,
    /// It is asked for the first time as it is configured now, though not for the first time.
    is_read_anew: bool,
    /// It was known to be a page, and to be allowed, before it was asked for.
    gated: bool,
    /// When the run began: what a server wishes counts from its answer, not from the beginning of a long run.
    begun: Instant,
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

impl Pipeline {
    /// Asks one source, if it is due, and stores what it shows. The run began at `now` by the clock, and at `begun`.
    ///
    /// # Errors
    /// [`Error`] only if the archive fails; whatever is wrong with the source is in the visit.
    pub(super) async fn visit(
        &self,
        source: &Source,
        mut state: SourceState,
        asking: Asking,
        now: DateTime<Utc>,
        begun: Instant,
        watch: Watch<'_>,
    ) -> Result<Visit, Error> {
        let started = Instant::now();
        let lacks_articles = source.enrich && state.lacks_articles;
        let is_wanted = asking.accept || self.lacks_pages(source).await?;
        let again = is_wanted || lacks_articles;
        // soon, where the list was there the last time
        let is_wanted = is_wanted
            || lacks_articles
                && matches!(
                    state.last_outcome,
                    Some(OutcomeKind::Read | OutcomeKind::Healed)
                );
        match schedule::due(source, &state, now, asking.force) {
            // a recording cannot be asked too often, and what is known to be lacking is no news to wait for
            Due::Later(wait) if !(self.fetcher.is_replay() || is_wanted && wait.why.is_calm()) => {
                return Ok(Visit::done(source, waiting(source, wait)));
            }
            _ => {}
        }
        let mut outcome = Outcome::new(source.id.clone(), OutcomeKind::Waiting);
        let is_read_anew = state.last_asked.is_none() && state.entries > 0;
        let accept = if source.kind == SourceKind::Page {
            Accept::Page
        } else {
            Accept::FeedOrPage
        };
        let adopted = moves::address(&state).cloned();
        let mut asked_new = adopted.is_some();
        let mut request = Request {
            url: adopted.unwrap_or_else(|| source.url.clone()),
            // what is to be accepted, or to be followed to older pages, has to be seen again
            validators: if again {
                Validators::default()
            } else {
                state.validators.clone()
            },
            validators_from: state.validators_from.clone(),
            accept,
            access: Arc::clone(&source.access),
        };
        let gatekeeper = self.gatekeeper(source, now);
        let gate = match &gatekeeper {
            Some(gatekeeper) if is_page(source, &state) => Some(gatekeeper as &dyn Gate),
            _ => None,
        };
        let mut fetched = self.fetcher.fetch_through(&request, gate).await;
        if asked_new && matches!(&fetched, Err(error) if error.outcome() == OutcomeKind::Gone) {
            // gone from there for good: what is configured holds again
            state.moved = None;
            asked_new = false;
            request.url = source.url.clone();
            fetched = self.fetcher.fetch_through(&request, gate).await;
        }
        let answered = by_now(now, begun);
        let mut led_to = None;
        let mut visit = match fetched {
            Err(error) => failed_to_fetch(source, outcome, state, &error, answered, now),
            Ok(answer) => {
                let state = with_wishes(state, &answer, answered);
                outcome.status = Some(answer.status);
                outcome.bytes = answer.bytes;
                outcome.millis = millis(started);
                led_to.clone_from(&answer.moved);
                let moved = moves::after(state.moved.as_ref(), asked_new, led_to.as_ref(), now);
                let taken = self.take(
                    source,
                    state,
                    answer,
                    outcome,
                    Turn {
                        moved,
                        asking,
                        again,
                        is_read_anew,
                        gated: gate.is_some(),
                        begun,
                        started,
                        now,
                        watch,
                    },
                );
                Box::pin(taken).await?
            }
        };
        visit.outcome.millis = millis(started);
        // not in the archive's log, which outlives it: `SourceState::moved` says what holds
        if visit.failure.is_none() {
            visit
                .outcome
                .warnings
                .extend(led_to.as_ref().map(moves::warning));
        }
        log(&visit.outcome);
        Ok(visit)
    }

    /// Reads an answer and stores what it shows.
    async fn take(
        &self,
        source: &Source,
        mut state: SourceState,
        answer: Answer,
        mut outcome: Outcome,
        turn: Turn<'_>,
    ) -> Result<Visit, Error> {
        let Turn {
            asking, again, now, ..
        } = turn;
        let (document, hash) = match answer.fetched {
            Fetched::NotModified { validators } => {
                state.moved = turn.moved;
                return self
                    .unchanged(source, state, validators, outcome, now)
                    .await;
            }
            Fetched::Document(document) => {
                let hash = blake3::hash(&document.body).to_hex().to_string();
                (document, hash)
            }
        };
        if state.body_hash.as_ref() == Some(&hash) && state.failures == 0 && !again {
            state.moved = turn.moved;
            state.validators_from = Some(document.url);
            return self
                .unchanged(source, state, document.validators, outcome, now)
                .await;
        }
        let validators = document.validators.clone();
        let reader = source.clone();
        let address = document.url.clone();
        let room = apart::room(document.body.len()).await;
        let read = apart(apart::LONGEST, move || {
            let read = read(&reader, &document, reader.select.as_ref(), now);
            (read.and_then(Reading::publishable), document)
        });
        let (read, document) = match read.await {
            Ok(read) => read,
            Err(stopped) => return Ok(stopped_reading(source, outcome, state, stopped, now)),
        };
        let is_page = match &read {
            Ok(reading) => reading.kind == DocumentKind::Page,
            Err(error) => error.is_missing_list(),
        };
        let kept_out = if is_page {
            let is_told = asking.accept || turn.is_read_anew;
            let known = (&state, is_told, turn.gated);
            self.keeps_out(source, known, &document, &read, now).await?
        } else {
            None
        };
        if let Some(why) = kept_out {
            let times = (by_now(now, turn.begun), now);
            return self
                .kept_out(source, state, document, outcome, why, times)
                .await;
        }
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
        // a page may lead to others, whose servers are waited for
        let _room = room.filter(|_| reading.kind == DocumentKind::Feed);
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
        let (now, mut reading, mut kept) = (turn.now, taken.reading, taken.kept);
        let contract = kept.as_mut().map(|(learnt, _)| &mut learnt.contract);
        let mut closed = Vec::new();
        let wish = self
            .older_pages(source, &mut reading, contract, &taken.address, now)
            .await?;
        outcome.warnings.append(&mut reading.warnings);
        let mut filled = Vec::new();
        if let (true, Some((learnt, _))) = (source.enrich, &mut kept) {
            let is_import = state.entries == 0;
            let articles = self.articles(
                source,
                &mut reading.entries,
                learnt,
                is_import,
                (turn.watch, now),
            );
            let articles = articles.await?;
            outcome.warnings.extend(articles.warning);
            let answered = by_now(now, turn.begun);
            let errors = articles.errors.iter();
            closed.extend(errors.filter_map(|it| ending::closed(it, answered)));
            filled = articles.filled;
        }
        debug!(source = %source.id, entries = reading.entries.len(), "read");
        if reading.entries.is_empty() {
            outcome.kind = OutcomeKind::Empty;
        } else if outcome.kind != OutcomeKind::Healed {
            outcome.kind = OutcomeKind::Read;
        }
        // a feed in the place of a page, or the other way round
        let is_other_kind =
            state.entries > 0 && state.is_page != (reading.kind == DocumentKind::Page);
        let is_read_anew = turn.is_read_anew || is_other_kind;
        let entries = std::mem::take(&mut reading.entries);
        let has_entries = state.entries > 0;
        let incoming = match self.prepare(source, has_entries, entries).await? {
            Ok(incoming) => incoming,
            Err(stopped) => return Ok(stopped_reading(source, outcome, state, stopped, now)),
        };
        let mut state = succeeded(&state, &outcome, now);
        if let Some(wish) = wish {
            closed.extend(wish.closed);
            state = schedule::after(&state, OutcomeKind::Waiting, Some(wish.until), now, 0.0);
        }
        // of a document that was cut off, the same is no answer
        let is_whole = !reading.is_cut;
        state.validators = if is_whole {
            taken.validators
        } else {
            Validators::default()
        };
        state.validators_from = Some(taken.address);
        state.body_hash = is_whole.then_some(taken.hash);
        outcome.millis = millis(turn.started);
        let id = source.clone();
        let read = (reading, incoming);
        let standing = (state, turn.moved, is_read_anew);
        let outcome = self
            .write(move |write| {
                let (state, moved, is_read_anew) = standing.clone();
                let standing = (state, moved, is_read_anew, filled.as_slice());
                let outcome = outcome.clone();
                keep(
                    write,
                    &id,
                    read.clone(),
                    kept.as_ref(),
                    outcome,
                    standing,
                    now,
                )
            })
            .await?;
        Ok(Visit {
            closed,
            ..Visit::done(source, outcome)
        })
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
}

/// What a source that is not due comes to. That it is only not its time yet is no news.
fn waiting(source: &Source, wait: Wait) -> Outcome {
    let mut outcome = Outcome::new(source.id.clone(), OutcomeKind::Waiting);
    let why = wait.why;
    outcome.wait = Some(wait);
    if !why.is_calm() {
        outcome.error = Some(match wait.until {
            Some(until) => format!("{why}; not before {}", until.format("%Y-%m-%d %H:%M UTC")),
            None => format!("{why}; `agg fetch {}` asks once more", source.id),
        });
    }
    outcome
}

/// The state with what an answer says of when to ask again; a 304 that says nothing leaves what was known (RFC 9111 §4.3.4).
fn with_wishes(mut state: SourceState, answer: &Answer, answered: DateTime<Utc>) -> SourceState {
    let fresh = answer.fresh.map(|fresh| fresh.span(answered));
    state.fresh_for = match answer.fetched {
        Fetched::NotModified { .. } => fresh.or(state.fresh_for),
        Fetched::Document(_) => fresh,
    };
    match answer.retry_after {
        Some(wish) => {
            let until = Some(wish.until(answered));
            schedule::after(&state, OutcomeKind::Waiting, until, answered, 0.0)
        }
        None => state,
    }
}

/// True if `source` is known to be a page before it is asked.
fn is_page(source: &Source, state: &SourceState) -> bool {
    match source.kind {
        SourceKind::Page => true,
        SourceKind::Feed => false,
        SourceKind::Auto => state.is_page,
    }
}

/// The time in a run that began at `now` by the clock, and at `begun`.
fn by_now(now: DateTime<Utc>, begun: Instant) -> DateTime<Utc> {
    now + TimeDelta::from_std(begun.elapsed()).unwrap_or_default()
}

/// Milliseconds since then.
fn millis(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// One line in the log for each failure, and for each page that had changed or was odd.
fn log(outcome: &Outcome) {
    let (id, kind) = (&outcome.source, outcome.kind.as_str());
    match &outcome.error {
        Some(error) if outcome.kind.is_failure() => {
            let (status, help) = (outcome.status, outcome.help.as_deref());
            warn!(source = %id, outcome = kind, status, error, help, "failed");
        }
        _ if outcome.kind == OutcomeKind::Healed => {
            warn!(source = %id, outcome = kind, why = outcome.warnings.join("; "), "healed");
        }
        _ if !outcome.warnings.is_empty() => {
            warn!(source = %id, outcome = kind, why = outcome.warnings.join("; "), "done, with warnings");
        }
        _ => debug!(source = %id, outcome = kind, new = outcome.new, "done"),
    }
}
