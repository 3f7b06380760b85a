//! Bodies that are given up: which ones, and the room that they leave. All else of an entry stays, so that it never comes
//! back as new, and what was made of it does not change.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::row::{self, Instant, Packed};
use super::{Error, Store, Write, archives, articles, feeds, prepared, search};
use crate::model::{EntryKey, FeedDefinition, Retain, SourceId};

/// A body that may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    sighting: i64,
    entry: EntryKey,
    /// What it takes in the archive, bytes.
    pub bytes: u64,
}

/// A source that may have bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retained {
    /// The source.
    pub source: SourceId,
    /// When its bodies were last looked through for what may go; `None`: never.
    pub looked_through: Option<DateTime<Utc>>,
}

impl Store {
    /// Every source of the archive, configured or not.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn retained(&self) -> Result<Vec<Retained>, Error> {
        let sources = self
            .conn
            .prepare_cached("SELECT id, pruned FROM sources ORDER BY active DESC, rank, id")
            .and_then(|mut statement| {
                let sources = statement.query_map([], |row| {
                    Ok(Retained {
                        source: row::the(row, 0)?,
                        looked_through: row::instant(row, 1)?,
                    })
                })?;
                sources.collect()
            });
        self.at(sources)
    }

    /// The entries that subscribers of `feeds` are shown with their bodies and that may be shown again at any time: those on
    /// the front pages, and those of the archives whose bytes are not kept yet.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn on_display(&self, feeds: &[FeedDefinition]) -> Result<BTreeSet<EntryKey>, Error> {
        let mut shown = BTreeSet::new();
        for definition in feeds {
            let Some(num) = self.at(feeds::number(&self.conn, definition))? else {
                continue;
            };
            for entry in self.feed(definition)?.entries {
                shown.extend(self.at(by_id(&self.conn, &entry.id))?);
            }
            let Some(after) = self.at(archives::kept_until(&self.conn, definition, num))? else {
                continue;
            };
            self.at(entered_after(&self.conn, num, after, &mut shown))?;
        }
        Ok(shown)
    }

    /// The bodies of `source` that `rule` gives up at `now`, but for those `on_display`, and those that any source still
    /// listed in the last document that was read from it.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn prunable(
        &self,
        source: &SourceId,
        rule: Retain,
        on_display: &BTreeSet<EntryKey>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Body>, Error> {
        let num = super::number(&self.conn, &self.path, source)?;
        self.at(prunable(&self.conn, num, rule, on_display, now))
    }

    /// Gives pages that nothing stands in back to the disk, `most` at once. Gives the number of bytes; 0 if there is none,
    /// and for an archive whose file cannot shrink so: see [`Store::compact`].
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn give_back(&mut self, most: u32) -> Result<u64, Error> {
        let before = self.free()?;
        if before == 0 || !self.shrinks()? {
            return Ok(0);
        }
        let vacuum = format!("PRAGMA incremental_vacuum({most})");
        self.at(self.conn.execute_batch(&vacuum))?;
        Ok(before.saturating_sub(self.free()?))
    }

    /// True if the file can give back what is free in it bit by bit: it was made so, or compacted.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn shrinks(&self) -> Result<bool, Error> {
        let mode: i64 = self.at(self
            .conn
            .pragma_query_value(None, "auto_vacuum", |row| row.get(0)))?;
        Ok(mode != 0)
    }

    /// How many bytes of the file are free: taken by nothing, and used again by what comes.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn free(&self) -> Result<u64, Error> {
        self.at(self.conn.query_row(
            "SELECT (SELECT freelist_count FROM pragma_freelist_count) * (SELECT page_size FROM pragma_page_size)",
            [],
            |row| row::count(row, 0),
        ))
    }

    /// Writes the whole file anew, without what is free in it, and so that it shrinks by itself from then on. Takes as long
    /// as copying it and as much room again; nobody else can write meanwhile.
    ///
    /// # Errors
    /// If there is no room for it, or the database cannot be written.
    pub fn compact(&mut self) -> Result<(), Error> {
        self.at(self.conn.pragma_update(None, "auto_vacuum", "INCREMENTAL"))?;
        self.at(self
            .conn
            .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"))
    }
}

impl Write<'_> {
    /// Gives `bodies` up at `now`. What was made of them stays: which sighting's values win, and by which marks an entry is
    /// found. A search finds the entry by its title and summary from then on.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn prune(&mut self, bodies: &[Body], now: DateTime<Utc>) -> Result<(), Error> {
        bodies
            .iter()
            .try_for_each(|body| self.at(prune(self.conn, body, now)))
    }

    /// The bodies of `source` were looked through at `now`.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn looked_through(&mut self, source: &SourceId, now: DateTime<Utc>) -> Result<(), Error> {
        let num = self.number(source)?;
        let done = self
            .conn
            .prepare_cached("UPDATE sources SET pruned = ?2 WHERE num = ?1")
            .and_then(|mut update| update.execute(params![num, Instant(now)]));
        self.at(done).map(|_| ())
    }
}

/// The entry of that published id.
fn by_id(conn: &Connection, id: &str) -> rusqlite::Result<Option<EntryKey>> {
    conn.prepare_cached("SELECT entry FROM ledger WHERE published_id = ?1")?
        .query_row([id], |row| row::key(row, 0))
        .optional()
}

/// Adds what entered the feed after that sequence.
fn entered_after(
    conn: &Connection,
    num: i64,
    after: i64,
    shown: &mut BTreeSet<EntryKey>,
) -> rusqlite::Result<()> {
    let mut entered =
        conn.prepare_cached("SELECT entry FROM publications WHERE feed = ?1 AND sequence > ?2")?;
    for key in entered.query_map([num, after], |row| row::key(row, 0))? {
        shown.insert(key?);
    }
    Ok(())
}

fn prunable(
    conn: &Connection,
    num: i64,
    rule: Retain,
    on_display: &BTreeSet<EntryKey>,
    now: DateTime<Utc>,
) -> rusqlite::Result<Vec<Body>> {
    if rule.keeps_all() {
        return Ok(Vec::new());
    }
    let oldest = rule.days.map(|days| {
        let oldest = now.checked_sub_signed(TimeDelta::days(i64::from(days)));
        oldest.unwrap_or(DateTime::<Utc>::MIN_UTC)
    });
    let most = rule.entries.map(u64::from);
    // what was never published may still have to be shown; the length of a body is known without reading it
    let mut published = conn.prepare_cached(
        "SELECT s.id, s.entry, max(l.date, s.first_seen),
             (SELECT length(b.html) FROM bodies b WHERE b.sighting = s.id)
         FROM sightings s JOIN ledger l ON l.entry = s.entry
         WHERE s.source = ?1 AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.entry = s.entry)
         ORDER BY l.date DESC, s.position, s.entry DESC",
    )?;
    let mut lists = Lists::default();
    let mut found = Vec::new();
    let mut rows = published.query([num])?;
    for place in 0u64.. {
        let Some(row) = rows.next()? else { break };
        let Instant(came) = row.get(2)?;
        let is_old = oldest.is_some_and(|oldest| came < oldest);
        let is_beyond = most.is_some_and(|most| place >= most);
        let bytes: Option<i64> = row.get(3)?;
        let (Some(bytes), true) = (bytes, is_old || is_beyond) else {
            continue;
        };
        let entry = row::key(row, 1)?;
        if !on_display.contains(&entry) && !lists.show(conn, entry)? {
            found.push(Body {
                sighting: row.get(0)?,
                entry,
                bytes: u64::try_from(bytes).unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

/// The last documents of sources.
#[derive(Default)]
struct Lists {
    /// When the last one was read, by the number of its source.
    read: HashMap<i64, Option<DateTime<Utc>>>,
}

impl Lists {
    /// True if the last document of any source that shows `entry` still did.
    fn show(&mut self, conn: &Connection, entry: EntryKey) -> rusqlite::Result<bool> {
        let mut sightings =
            conn.prepare_cached("SELECT source, last_seen FROM sightings WHERE entry = ?1")?;
        let mut rows = sightings.query([entry.0])?;
        while let Some(row) = rows.next()? {
            let source: i64 = row.get(0)?;
            let Instant(seen) = row.get(1)?;
            let last = if let Some(last) = self.read.get(&source) {
                *last
            } else {
                let last = conn
                    .prepare_cached("SELECT max(last_seen) FROM sightings WHERE source = ?1")?
                    .query_row([source], |row| row::instant(row, 0))?;
                self.read.insert(source, last);
                last
            };
            if last.is_some_and(|last| seen >= last) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn prune(conn: &Connection, body: &Body, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let html = conn
        .prepare_cached("DELETE FROM bodies WHERE sighting = ?1 RETURNING html")?
        .query_row([body.sighting], |row| row.get::<_, Packed<String>>(0))
        .optional()?;
    let Some(Packed(html)) = html else {
        return Ok(());
    };
    conn.prepare_cached("INSERT INTO pruned (sighting, length, at) VALUES (?1, ?2, ?3)")?
        .execute(params![
            body.sighting,
            row::stored(html.len() as u64),
            Instant(now)
        ])?;
    let gave_body = conn
        .prepare_cached("SELECT 1 FROM sightings WHERE id = ?1 AND gives_body = 1")?
        .exists([body.sighting])?;
    if gave_body && let Some(entry) = articles::merged(conn, body.entry)? {
        // so that what comes later is compared with what is there now, and the loss is no change of the text
        conn.prepare_cached("UPDATE entries SET text = ?2 WHERE id = ?1")?
            .execute(params![body.entry.0, prepared::text(&entry)])?;
        search::changed(conn, body.entry, &entry)?;
    }
    Ok(())
}
