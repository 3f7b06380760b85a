//! Change → SQLite → Feed: the only SQL.
//!
//! Takes what `dedupe` decided and keeps it; gives back what the archive holds, in an order that depends on nothing but the
//! archive. Synchronous, one connection, short transactions; a [`Claim`] for whoever writes. Never touches the network, the
//! clock or chance, and never judges whether two entries are one.
//!
//! # What survives what
//! The journal is a write-ahead log. A killed process loses nothing that was committed. A power cut may take back the last
//! commits of [`Store::write`] as a whole, and what they held is read again from its sources; what [`Store::publish`]
//! commits is on disk before it returns, since subscribers may see it the next moment.
mod again;
mod aliases;
mod archives;
mod articles;
mod backup;
mod batch;
mod catch_up;
mod claim;
mod contracts;
mod doctor;
mod entries;
mod error;
mod feeds;
mod filter;
mod front;
mod hold;
mod joining;
mod ledger;
mod likeness;
mod lookup;
mod marks;
mod migrate;
mod opening;
mod outputs;
mod packing;
mod pending;
mod prepared;
mod prune;
mod reader;
mod registry;
mod robots;
mod row;
mod salvage;
mod search;
mod sightings;
mod sources;
mod standing;
#[cfg(test)]
mod tests;
mod tiers;
mod transfer;
mod write;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior};
use url::Url;

use crate::model::{
    Alias, EntryKey, Feed, FeedDefinition, Format, HeldBack, Kept, Known, LedgerLine, Origin,
    PageMemory, RobotsFile, Shelved, Source, SourceId, SourceState, Verdict,
};

pub use archives::{ClosedPage, History};
pub use batch::Queued;
pub use claim::{Claim, Claimed, Holder};
pub use contracts::KeptPage;
pub use doctor::Finding;
pub use entries::Applied;
pub use error::Error;
pub use filter::Merge;
pub use ledger::Due;
pub use lookup::{EntryRecord, LedgerRecord, ListQuery, Listed, ListedState, Totals};
pub use prepared::Prepared;
pub use prune::{Body, Retained};
pub use salvage::Salvaged;
pub use sources::Logged;
pub use standing::{HeldEntry, Placement};
pub use write::Write;

/// The archive: one SQLite database.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    /// True while all that is written will be taken back.
    is_rehearsal: bool,
}

impl Store {
    fn at<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|source| Error::of(&self.path, source))
    }

    /// Takes over the configured sources, in their order. A source that is no longer configured is kept, inactive. One that
    /// is now read in another way (address, kind, rules, tags) loses its validators and its waits. What several sources show
    /// stays as it was merged: see [`Write::register`].
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn register(&mut self, configured: &[Source]) -> Result<(), Error> {
        self.write(|w| w.register(configured)).map(|_| ())
    }

    /// What was learnt of every source, configured or not.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn states(&self) -> Result<std::collections::BTreeMap<SourceId, SourceState>, Error> {
        self.at(sources::states(&self.conn))
    }

    /// What the archive remembers of `aliases`.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn known(&self, source: &SourceId, aliases: &[Alias]) -> Result<Known, Error> {
        let num = number(&self.conn, &self.path, source)?;
        self.at(aliases::known(&self.conn, num, aliases))
    }

    /// What the archive remembers of the page of `source`: its contract, its rules, its posts.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn memory(&self, source: &SourceId) -> Result<PageMemory, Error> {
        let num = number(&self.conn, &self.path, source)?;
        self.at(contracts::memory(&self.conn, num))
    }

    /// The last verdict on every source whose page was judged.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn verdicts(&self) -> Result<std::collections::BTreeMap<SourceId, Verdict>, Error> {
        self.at(contracts::verdicts(&self.conn))
    }

    /// The page of `source` that was kept, if there is one.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn kept_page(&self, source: &SourceId, which: Kept) -> Result<Option<KeptPage>, Error> {
        let num = number(&self.conn, &self.path, source)?;
        self.at(contracts::page(&self.conn, num, which))
    }

    /// What is remembered of the `robots.txt` of the site at `origin`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn robots(&self, origin: &str) -> Result<Option<RobotsFile>, Error> {
        self.at(robots::robots(&self.conn, origin))
    }

    /// Runs `change` in one transaction: all of it is kept, or, if it fails or panics, nothing.
    ///
    /// # Errors
    /// Those of `change`, and if the database cannot be written.
    pub fn write<T>(
        &mut self,
        change: impl FnOnce(&mut Write<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let at = |source| Error::of(&self.path, source);
        if self.is_rehearsal {
            let savepoint = self.conn.savepoint().map_err(at)?;
            let result = change(&mut Write {
                conn: &savepoint,
                path: &self.path,
            })?;
            savepoint.commit().map_err(at)?;
            return Ok(result);
        }
        let transaction = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(at)?;
        let result = change(&mut Write {
            conn: &transaction,
            path: &self.path,
        })?;
        transaction.commit().map_err(at)?;
        Ok(result)
    }

    /// The entries that were never published, and how many of them have to wait for their date.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn unpublished(&self, now: DateTime<Utc>) -> Result<Due, Error> {
        self.at(ledger::due(&self.conn, now))
    }

    /// Writes `lines` into the ledger, mints the ids of new feeds, and lets every entry that is on record into the `feeds`
    /// it belongs to. `feeds` are all that are published; their filters judge what they show, which for one of some sources is
    /// what `merge` makes of theirs. On disk when it returns. Gives the number of new lines; an entry
    /// that is on record already keeps its line.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn publish(
        &mut self,
        lines: &[LedgerLine],
        feeds: &[FeedDefinition],
        merge: Merge,
        now: DateTime<Utc>,
    ) -> Result<usize, Error> {
        self.durably(|w| {
            w.at(ledger::record(w.conn, lines, now).and_then(|written| {
                feeds::fill(w.conn, feeds, lines, merge, now)?;
                hold::forget(w.conn)?;
                for definition in feeds {
                    archives::close(w.conn, definition, now)?;
                }
                Ok(written)
            }))
        })
    }

    /// Does `work`, and takes back all that it wrote: nobody else ever sees it, and the archive is as it was.
    ///
    /// # Errors
    /// Those of `work`, and if another process writes for too long.
    pub fn rehearse<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.at(self.conn.execute_batch("BEGIN IMMEDIATE"))?;
        self.is_rehearsal = true;
        let result = work(self);
        self.is_rehearsal = false;
        self.at(self.conn.execute_batch("ROLLBACK"))?;
        result
    }

    /// As [`Store::write`], and on disk when it returns.
    fn durably<T>(
        &mut self,
        change: impl FnOnce(&mut Write<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_rehearsal {
            return self.write(change);
        }
        self.at(self.conn.pragma_update(None, "synchronous", "FULL"))?;
        let result = self.write(change);
        self.at(self.conn.pragma_update(None, "synchronous", "NORMAL"))?;
        result
    }

    /// How the history of the feed is divided into pages.
    ///
    /// # Errors
    /// If the database cannot be read, or the feed was not among those of [`Store::publish`] before.
    pub fn history(&self, definition: &FeedDefinition) -> Result<History, Error> {
        self.at(archives::history(&self.conn, definition))?
            .ok_or_else(|| unknown(definition))
    }

    /// The entries on a page of the feed's history, latest first: a closed one, or the open one after these.
    ///
    /// # Errors
    /// If the database cannot be read, or the feed was not among those of [`Store::publish`] before.
    pub fn page(&self, definition: &FeedDefinition, page: u64) -> Result<Feed, Error> {
        self.at(archives::page(&self.conn, definition, page))?
            .ok_or_else(|| unknown(definition))
    }

    /// Keeps the bytes of closed pages, on disk when it returns: they are published so for good.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn shelve(
        &mut self,
        definition: &FeedDefinition,
        pages: &[ClosedPage],
    ) -> Result<(), Error> {
        self.durably(|w| w.at(archives::shelve(w.conn, definition, pages)))
    }

    /// The closed pages of the feed whose bytes are kept for its address, oldest first, each in its formats.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn shelved(&self, definition: &FeedDefinition) -> Result<Vec<Shelved>, Error> {
        self.at(archives::shelved(&self.conn, definition))
    }

    /// The closed pages of the feed whose bytes are kept for another address, each with that, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn shelved_elsewhere(
        &self,
        definition: &FeedDefinition,
    ) -> Result<Vec<(Shelved, Url)>, Error> {
        self.at(archives::shelved_elsewhere(&self.conn, definition))
    }

    /// The numbers of the closed pages of the feed called `feed` that are kept in `format`, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn shelved_pages(&self, feed: &str, format: Format) -> Result<Vec<u64>, Error> {
        self.at(archives::pages(&self.conn, feed, format))
    }

    /// The bytes of a closed page, if they are kept.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn shelved_body(
        &self,
        definition: &FeedDefinition,
        page: u64,
        format: Format,
    ) -> Result<Option<String>, Error> {
        self.at(archives::body(&self.conn, definition, page, format))
    }

    /// Holds back `entries`, which were never published, until a later reading confirms them or [`Store::release`] does.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn hold(&mut self, entries: &[EntryKey], now: DateTime<Utc>) -> Result<(), Error> {
        self.write(|w| w.at(hold::hold(w.conn, entries, now)))
    }

    /// What is held back, in the order of the sources.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn held(&self) -> Result<Vec<HeldBack>, Error> {
        self.at(hold::held(&self.conn))
    }

    /// Lets the next publication have what is held back of `sources` at `now`, with a flood or for its date. Gives how many
    /// entries these are.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn release(&mut self, sources: &[SourceId], now: DateTime<Utc>) -> Result<usize, Error> {
        self.write(|w| w.at(hold::release(w.conn, sources, now + ledger::AHEAD, now)))
    }

    /// The feed as it stands: its latest entries in the order in which they entered it, newest first; those that entered
    /// together by date, then by the place of their source, then by their place in its document.
    ///
    /// # Errors
    /// If the database cannot be read, or the feed was not among those of [`Store::publish`] before.
    pub fn feed(&self, definition: &FeedDefinition) -> Result<Feed, Error> {
        self.at(feeds::feed(&self.conn, definition))?
            .ok_or_else(|| unknown(definition))
    }

    /// Every tag that entries of configured sources have, in the order of the alphabet, with how many have it.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn tags(&self) -> Result<Vec<(String, u64)>, Error> {
        self.at(filter::tags(&self.conn))
    }

    /// True if the feed of that name was ever published.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn is_published(&self, feed: &str) -> Result<bool, Error> {
        self.at(feeds::is_minted(&self.conn, feed))
    }

    /// The configured sources in their order, as subscribers see them (no entry's `url`).
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn sources(&self) -> Result<Vec<Origin>, Error> {
        self.at(sources::active(&self.conn))
    }

    /// The last `limit` lines of the fetch log of `source`, newest first.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn log(&self, source: &SourceId, limit: usize) -> Result<Vec<Logged>, Error> {
        let num = number(&self.conn, &self.path, source)?;
        self.at(sources::log(&self.conn, num, source, limit))
    }

    /// Entries of the archive, newest date first. The first search after a cycle indexes what came with it.
    ///
    /// # Errors
    /// If the database cannot be read, or for a search not be written.
    pub fn list(&self, query: &ListQuery) -> Result<Vec<Listed>, Error> {
        if query.search.is_some() {
            self.at(catch_up::catch_up(&self.conn))?;
        }
        self.at(lookup::list(&self.conn, query))
    }

    /// The entries that `text` may mean: the number of a list, a published id, an address, a canonical link key, or the
    /// beginning of an id or an address; at most ten, newest date first. The first of these that means anything counts.
    /// What is shown with another entry means that one.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn find(&self, text: &str) -> Result<Vec<Listed>, Error> {
        self.at(lookup::find(&self.conn, text))
    }

    /// All that the archive holds of one entry.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn record(&self, key: EntryKey) -> Result<Option<EntryRecord>, Error> {
        self.at(lookup::record(&self.conn, key))
    }

    /// How much there is.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn totals(&self) -> Result<Totals, Error> {
        self.at(lookup::totals(&self.conn))
    }
}

/// The feed was asked for before it was published.
fn unknown(definition: &FeedDefinition) -> Error {
    Error::UnknownFeed {
        feed: definition.id.clone(),
    }
}

/// The number of `source` in the database.
fn number(conn: &Connection, path: &Path, source: &SourceId) -> Result<i64, Error> {
    sources::number(conn, source)
        .map_err(|cause| Error::of(path, cause))?
        .ok_or_else(|| Error::UnknownSource {
            source_id: source.to_string(),
        })
}
