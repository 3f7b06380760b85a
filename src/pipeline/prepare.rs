//! What the archive keeps of new entries, made before it is asked to keep them: the writer is one, readers are many.

use std::collections::HashMap;

use super::apart::{self, Stopped, apart};
use super::error::Error;
use super::line::Pipeline;
use crate::dedupe;
use crate::model::{Alias, Change, Entry, Known, Marks, Source, SourceId};
use crate::store::Prepared;

/// The entries of one document of a source, some of them prepared.
#[derive(Clone, Debug, Default)]
pub struct Incoming {
    pub(super) entries: Vec<Entry>,
    /// By the fingerprint, which no two entries of a document share that are kept.
    prepared: HashMap<Alias, Made>,
}

/// What is kept of an entry, and the marks by which it is found.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) kept: Prepared,
    pub(super) marks: Marks,
}

impl From<Vec<Entry>> for Incoming {
    fn from(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            prepared: HashMap::new(),
        }
    }
}

impl Incoming {
    /// Prepares those of `entries`, which `source` shows, that are not as `known` says.
    pub(super) fn new(source: &SourceId, entries: Vec<Entry>, known: &Known) -> Self {
        let mut prepared = HashMap::new();
        let aliases = dedupe::aliases(source, &entries);
        for (entry, aliases) in entries.iter().zip(aliases) {
            let is_known = aliases.iter().any(|it| known.aliases.contains_key(it));
            let Some(name) = aliases.into_iter().next().filter(|_| !is_known) else {
                continue;
            };
            // of exact repeats the first is kept
            if let std::collections::hash_map::Entry::Vacant(vacant) = prepared.entry(name)
                && let Some(kept) = Prepared::of(entry)
            {
                let marks = dedupe::marks(entry);
                vacant.insert(Made { kept, marks });
            }
        }
        Self { entries, prepared }
    }

    /// Takes its entries out.
    pub(super) fn take_entries(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Takes out what is prepared of the entry that `change` brings just as it came.
    pub(super) fn take(&mut self, change: &Change) -> Option<Made> {
        let (Change::New { aliases, .. } | Change::Duplicate { aliases, .. }) = change else {
            return None;
        };
        self.prepared.remove(aliases.first()?)
    }
}

impl Pipeline {
    /// Prepares what of `entries` is new, as far as can be told now: another source may bring the same before it is stored.
    /// Else says what went wrong with it.
    ///
    /// # Errors
    /// [`Error`] only if the archive fails.
    pub(super) async fn prepare(
        &self,
        source: &Source,
        has_entries: bool,
        entries: Vec<Entry>,
    ) -> Result<Result<Incoming, Stopped>, Error> {
        let id = source.id.clone();
        let known = if has_entries {
            let asked = dedupe::aliases(&id, &entries).concat();
            let id = id.clone();
            self.with_store(move |store| Ok(store.known(&id, &asked)?))
                .await?
        } else {
            Known::default()
        };
        let work = move || Incoming::new(&id, entries, &known);
        Ok(apart(apart::LONGEST, work).await)
    }
}
