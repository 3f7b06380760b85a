//! Entries → store.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::contract::Learnt;
use super::read::Reading;
use crate::dedupe;
use crate::model::{Change, Document, DocumentKind, EntryKey, Kept, Outcome, Source, SourceState};
use crate::store::{self, Write};

/// Entries → store, in one transaction: what is known is looked up again inside it, so that two sources which bring the
/// same article in the same cycle still make one entry.
pub(super) fn keep(
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
