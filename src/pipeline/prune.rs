//! Bodies that `[retain]` gives up: after a cycle, and by hand.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::definitions::definitions;
use super::error::Error;
use super::line::Pipeline;
use crate::config::Config;
use crate::model::{EntryKey, Retain, SourceId};
use crate::store::{Body, Retained, Store};

/// So many bodies go in one transaction.
const BATCH: usize = 200;
/// So many pages of the file are given back in one transaction: 8 MB.
const PAGES: u32 = 2_000;
/// A source is looked through once in so long, that of cycles with nothing to do costs nothing.
const AGAIN: TimeDelta = TimeDelta::hours(24);

/// What of one source is given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GivenUp {
    /// The source.
    pub source: SourceId,
    /// How many of its entries lose their bodies.
    pub entries: usize,
    /// What these took in the archive, bytes.
    pub bytes: u64,
}

/// What became of the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Room {
    /// What the disk has back, bytes.
    pub returned: u64,
    /// What is still free in the file, bytes; it is used again.
    pub free: u64,
    /// False for a file that was made by an earlier agg: it gives back what is free when it is compacted.
    pub shrinks: bool,
}

/// What the rules of `config` would give up at `now`, of each source that would lose anything. Writes nothing.
///
/// # Errors
/// [`Error::Store`].
pub fn prunable(store: &Store, config: &Config, now: DateTime<Utc>) -> Result<Vec<GivenUp>, Error> {
    let on_display = store.on_display(&definitions(store, config)?)?;
    let mut found = Vec::new();
    for Retained { source, .. } in store.retained()? {
        let rule = config.retention.of(&source);
        let bodies = store.prunable(&source, rule, &on_display, now)?;
        found.extend(summed(source, &bodies));
    }
    Ok(found)
}

/// Gives up what the rules of `config` give up at `now`, of all sources. Whoever calls this holds the claim.
///
/// # Errors
/// [`Error::Store`]; what was done stays done.
pub fn prune(
    store: &mut Store,
    config: &Config,
    now: DateTime<Utc>,
) -> Result<Vec<GivenUp>, Error> {
    let on_display = store.on_display(&definitions(store, config)?)?;
    let mut found = Vec::new();
    for Retained { source, .. } in store.retained()? {
        let rule = config.retention.of(&source);
        found.extend(prune_source(store, source, rule, &on_display, now)?);
    }
    Ok(found)
}

/// Gives what is free in the file back to the disk, in short transactions; with `compact`, writes the file anew first, which
/// nobody else can write into meanwhile. Whoever calls this holds the claim.
///
/// # Errors
/// [`Error::Store`].
pub fn give_back(store: &mut Store, compact: bool) -> Result<Room, Error> {
    let mut room = Room::default();
    if compact {
        let before = store.free()?;
        store.compact()?;
        room.returned = before.saturating_sub(store.free()?);
    }
    loop {
        let returned = store.give_back(PAGES)?;
        room.returned += returned;
        if returned == 0 {
            break;
        }
    }
    room.free = store.free()?;
    room.shrinks = store.shrinks()?;
    Ok(room)
}

impl Pipeline {
    /// Gives up what the rules give up at `now`, of those sources that were not looked through for a day.
    pub(super) async fn prune_at(&self, now: DateTime<Utc>) -> Result<Vec<GivenUp>, Error> {
        if self.config.retention.keeps_all() {
            return Ok(Vec::new());
        }
        let sources = self.with_store(|store| Ok(store.retained()?)).await?;
        let due: Vec<(SourceId, Retain)> = sources
            .into_iter()
            .filter(|it| {
                let last = it.looked_through;
                last.is_none_or(|last| (now - last).abs() >= AGAIN)
            })
            .map(|it| {
                let rule = self.config.retention.of(&it.source);
                (it.source, rule)
            })
            .filter(|(_, rule)| !rule.keeps_all())
            .collect();
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let config = Arc::clone(&self.config);
        let on_display = self
            .with_store(move |store| Ok(store.on_display(&definitions(store, &config)?)?))
            .await?;
        let on_display = Arc::new(on_display);
        let mut found = Vec::new();
        for (source, rule) in due {
            let on_display = Arc::clone(&on_display);
            let pruned = self
                .with_store(move |store| prune_source(store, source, rule, &on_display, now))
                .await?;
            found.extend(pruned);
        }
        if !found.is_empty() {
            // others may use the archive between two steps
            while self.with_store(|store| Ok(store.give_back(PAGES)?)).await? > 0 {}
        }
        Ok(found)
    }
}

/// Gives up what `rule` gives up of one source.
fn prune_source(
    store: &mut Store,
    source: SourceId,
    rule: Retain,
    on_display: &BTreeSet<EntryKey>,
    now: DateTime<Utc>,
) -> Result<Option<GivenUp>, Error> {
    let bodies = store.prunable(&source, rule, on_display, now)?;
    for batch in bodies.chunks(BATCH) {
        store.write(|write| write.prune(batch, now))?;
    }
    store.write(|write| write.looked_through(&source, now))?;
    Ok(summed(source, &bodies))
}

fn summed(source: SourceId, bodies: &[Body]) -> Option<GivenUp> {
    (!bodies.is_empty()).then(|| GivenUp {
        source,
        entries: bodies.len(),
        bytes: bodies.iter().map(|body| body.bytes).sum(),
    })
}
