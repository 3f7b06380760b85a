//! How a visit ends where there is nothing to store: what is recorded of it, and what the owner is told.

use chrono::{DateTime, Utc};

use super::apart::Stopped;
use super::error::{Error, with_causes};
use super::line::Pipeline;
use crate::extract;
use crate::fetch;
use crate::model::{
    Document, Kept, Outcome, OutcomeKind, Source, SourceState, Validators, Verdict,
};
use crate::schedule::{self, Attempt};

/// How a visit ended.
pub(super) struct Visit {
    /// For the table and the log.
    pub(super) outcome: Outcome,
    /// The hosts that wish to be left alone (429, 503), by all sources, and until when.
    pub(super) closed: Vec<(String, DateTime<Utc>)>,
    /// How far it came; `None`: nothing was sent.
    pub(super) attempt: Option<Attempt>,
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

impl Visit {
    /// A visit of which all is recorded.
    pub(super) fn done(source: &Source, outcome: Outcome) -> Self {
        let attempt = (outcome.kind != OutcomeKind::Waiting).then(|| Attempt {
            host: source.url.host_str().unwrap_or_default().to_owned(),
            reached: true,
            was_well: true,
        });
        Self {
            outcome,
            closed: Vec::new(),
            attempt,
            failure: None,
        }
    }
}

impl Pipeline {
    /// The list is there and empty: what was stored stays, and nothing is wrong.
    pub(super) async fn quiet(
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
        state.validators_from = Some(document.url);
        state.body_hash = Some(hash);
        let recorded = outcome.clone();
        self.write(move |write| {
            write.judged(&recorded.source, &Verdict::Quiet, None, now)?;
            write.record(&recorded, &state, now)
        })
        .await?;
        Ok(Visit::done(source, outcome))
    }

    /// A page that never was read: it is kept for people to look at.
    pub(super) async fn unread(
        &self,
        source: &Source,
        state: SourceState,
        document: Document,
        error: &extract::Error,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Visit, Error> {
        let id = source.id.clone();
        self.write(move |write| write.keep_page(&id, Kept::Bad, &document, now))
            .await?;
        Ok(failed_to_read(source, outcome, state, error, now))
    }

    /// An HTML page where a feed was, and not of its posts: a notice or a login as often as not. The source stays what it was.
    pub(super) async fn no_feed_any_more(
        &self,
        source: &Source,
        state: SourceState,
        document: Document,
        mut outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Visit, Error> {
        let id = source.id.clone();
        outcome.kind = OutcomeKind::Failed;
        outcome.error = Some(format!(
            "{} was a feed, and is an HTML page now that does not show its posts; nothing was taken from it",
            document.url
        ));
        outcome.help = Some(format!(
            "nothing, if it is a notice that goes away: it is asked again later; else look for the feed's new address \
             (`agg add` finds it from the site's). `agg preview --stored bad {id}` shows the page, `agg fetch --accept {id}` \
             takes it"
        ));
        self.write(move |write| write.keep_page(&id, Kept::Bad, &document, now))
            .await?;
        Ok(failed(source, outcome, state, None, now))
    }

    /// The page is not what it was: nothing of it is stored but itself, for people to look at.
    pub(super) async fn quarantine(
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
        self.write(move |write| {
            write.judged(&judged, &verdict, None, now)?;
            write.keep_page(&judged, Kept::Bad, &document, now)
        })
        .await?;
        Ok(failed(source, outcome, state, None, now))
    }

    /// Nothing new: only the validators may have changed.
    pub(super) async fn unchanged(
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
        let is_page = state.is_page;
        let mut state = succeeded(&state, &outcome, now);
        state.validators = validators;
        let recorded = outcome.clone();
        self.write(move |write| {
            if failed_before && is_page {
                write.good_again(&recorded.source, now)?;
            } else if failed_before {
                write.no_page(&recorded.source)?;
            }
            write.record(&recorded, &state, now)
        })
        .await?;
        Ok(Visit::done(source, outcome))
    }
}

pub(super) fn succeeded(state: &SourceState, outcome: &Outcome, now: DateTime<Utc>) -> SourceState {
    let mut state = schedule::after(state, outcome.kind, None, now, 0.0);
    state.last_error = None;
    state
}

pub(super) fn failed_to_fetch(
    source: &Source,
    mut outcome: Outcome,
    state: SourceState,
    error: &fetch::Error,
    answered: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Visit {
    outcome.kind = error.outcome();
    outcome.status = error.status();
    outcome.error = Some(with_causes(error));
    outcome.help = error.help();
    let wish = error.retry_after().map(|wish| wish.until(answered));
    let was_well = state.failures == 0 && (state.last_good.is_some() || state.last_asked.is_none());
    let visit = failed(source, outcome, state, wish, now);
    Visit {
        closed: closed(error, answered).into_iter().collect(),
        attempt: (visit.attempt.filter(|_| error.is_sent())).map(|attempt| Attempt {
            reached: !error.is_unreachable(),
            was_well,
            ..attempt
        }),
        ..visit
    }
}

/// The host that has had enough of us, and until when: after a redirect it is not the one that was asked first.
pub(super) fn closed(
    error: &fetch::Error,
    answered: DateTime<Utc>,
) -> Option<(String, DateTime<Utc>)> {
    let until = error.retry_after()?.until(answered);
    Some((error.closed_host()?, until))
}

pub(super) fn failed_to_read(
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
    failed(source, outcome, state, None, now)
}

pub(super) fn stopped_reading(
    source: &Source,
    mut outcome: Outcome,
    state: SourceState,
    stopped: Stopped,
    now: DateTime<Utc>,
) -> Visit {
    outcome.kind = OutcomeKind::Failed;
    outcome.error = Some(stopped.to_string());
    outcome.help =
        Some("report it, with the document (`agg fetch --record DIR` keeps it)".to_owned());
    failed(source, outcome, state, None, now)
}

fn failed(
    source: &Source,
    outcome: Outcome,
    before: SourceState,
    wish: Option<DateTime<Utc>>,
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
        failure: Some(Failure { charged, uncharged }),
        ..Visit::done(source, outcome)
    }
}
