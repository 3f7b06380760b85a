//! Where one entry stands: in which feeds, on which pages of their archives, and what keeps it from being published.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::filter::Merge;
use super::row::{self, Instant};
use super::{Error, Store, filter, sightings};
use crate::model::{Clause, EntryKey, FeedDefinition, Sighting, SourceId};

/// An entry in a feed that was part of the last publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The name of the feed.
    pub feed: String,
    /// True if it may stand on the front page; if not, it is in the archive only, for good.
    pub front: bool,
    /// False if the filters of the feed, which have changed since, take it no more.
    pub fits: bool,
    /// The page of the archive that it is on: the open one, unless that has closed.
    pub page: u64,
}

/// An entry that came with a flood and was not published yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldEntry {
    /// The source that brought the flood.
    pub source: SourceId,
    /// Since when.
    pub since: DateTime<Utc>,
    /// True if a person has released it: the next publication has it.
    pub released: bool,
}

impl Store {
    /// The part of the filters of `definition` that leaves `key` out, as the feed would show it; its sources are not looked at.
    /// `None`: it is taken.
    ///
    /// # Errors
    /// If the database cannot be read, or there is no such entry.
    pub fn refusal(
        &self,
        definition: &FeedDefinition,
        key: EntryKey,
        merge: Merge,
    ) -> Result<Option<Clause>, Error> {
        self.at(filter::refusal(&self.conn, definition, key, merge))
    }

    /// What sources show of the entry that was published under `id`, best first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn sightings(&self, id: &str) -> Result<Vec<Sighting>, Error> {
        self.at((|| {
            let key = (self.conn)
                .prepare_cached("SELECT entry FROM ledger WHERE published_id = ?1")?
                .query_row([id], |row| row::key(row, 0))
                .optional()?;
            match key {
                Some(key) => sightings::of(&self.conn, key, None),
                None => Ok(Vec::new()),
            }
        })())
    }
}

/// The feeds that `key` is in, by their names.
pub(super) fn placements(conn: &Connection, key: EntryKey) -> rusqlite::Result<Vec<Placement>> {
    conn.prepare_cached(
        "SELECT f.id, p.front, p.fits, coalesce(
             (SELECT min(a.page) FROM archives a WHERE a.feed = p.feed AND a.last >= p.sequence),
             (SELECT max(a.page) + 1 FROM archives a WHERE a.feed = p.feed), 1)
         FROM publications p JOIN feeds f ON f.num = p.feed
         WHERE p.entry = ?1 AND f.filter IS NOT NULL ORDER BY f.id",
    )?
    .query_map([key.0], |row| {
        Ok(Placement {
            feed: row.get(0)?,
            front: row.get(1)?,
            fits: row.get(2)?,
            page: row::count(row, 3)?,
        })
    })?
    .collect()
}

/// Whether `key` is held back with a flood.
pub(super) fn held(conn: &Connection, key: EntryKey) -> rusqlite::Result<Option<HeldEntry>> {
    conn.prepare_cached(
        "SELECT c.id, h.since, h.released FROM held h JOIN sources c ON c.num = h.source WHERE h.entry = ?1",
    )?
    .query_row([key.0], |row| {
        let Instant(since) = row.get(1)?;
        Ok(HeldEntry {
            source: row::the(row, 0)?,
            since,
            released: row.get(2)?,
        })
    })
    .optional()
}

/// The entries that are shown as one with `key`.
pub(super) fn joined(conn: &Connection, key: EntryKey) -> rusqlite::Result<Vec<EntryKey>> {
    conn.prepare_cached("SELECT entry FROM joined WHERE head = ?1 ORDER BY entry")?
        .query_map([key.0], |row| row::key(row, 0))?
        .collect()
}
