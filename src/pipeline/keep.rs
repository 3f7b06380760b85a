//! Entries → store.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::contract::Learnt;
use super::read::Reading;
use crate::dedupe;
use crate::model::{
    Alias, Change, Document, DocumentKind, EntryKey, Kept, Known, Outcome, Print, Source,
    SourceState,
};
use crate::schedule;
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
    let mut known = write.known(&source.id, &asked)?;
    let moved = match &kept {
        Some((learnt, _)) => recognise(write, source, &learnt.moved, &mut known)?,
        None => HashSet::new(),
    };
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
            // another address is no news to subscribers
            Change::Updated { of, .. } if !moved.contains(of) => Some(*of),
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
    if applied.new > 0 || state.gap.is_none() {
        let posted = write.posted(&source.id, now, schedule::MOST_POSTS)?;
        state.gap = schedule::gap(&posted);
        state.newest = posted.first().copied();
    }
    if let Some((learnt, document)) = kept {
        let rules = (&learnt.contract, learnt.wrapper.as_ref());
        write.judged(&source.id, &learnt.verdict, Some(rules), now)?;
        write.keep_page(&source.id, Kept::Good, &document, now)?;
    }
    write.record(&outcome, &state, now)?;
    Ok(outcome)
}

/// Makes posts known by their new addresses, given with the old ones; returns which they are.
fn recognise(
    write: &mut Write<'_>,
    source: &Source,
    moved: &[(String, String)],
    known: &mut Known,
) -> Result<HashSet<EntryKey>, store::Error> {
    let mut found = HashSet::new();
    for (new, old) in moved {
        let (new, old) = (Alias::Link(new.clone()), Alias::Link(old.clone()));
        let Some(key) = write
            .known(&source.id, std::slice::from_ref(&old))?
            .aliases
            .remove(&old)
        else {
            continue;
        };
        known.aliases.entry(new).or_insert(key);
        // whatever its text, its link is another one
        known.prints.insert(key, Print([0; 16]));
        found.insert(key);
    }
    Ok(found)
}
