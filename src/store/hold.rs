//! What the flood guard holds back: entries that are stored, and not published yet.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::row::{self, Instant, Json};
use crate::model::{EntryKey, HeldBack, Hold, SourceId};

/// Questions about sources that are asked for each of their entries, with the answers so far.
#[derive(Default)]
pub(super) struct Sources {
    established: HashMap<(i64, DateTime<Utc>), bool>,
    last_listed: HashMap<i64, Option<DateTime<Utc>>>,
    oldest: HashMap<i64, Option<DateTime<Utc>>>,
    lowest: HashMap<i64, Option<u32>>,
}

/// When the source with number `?1` was last read and something of it stored.
pub(super) const LAST_LISTED: &str = "SELECT max(last_seen) FROM sightings WHERE source = ?1";
/// How low in its last document anything stood that was published of it.
pub(super) const LOWEST: &str =
    "SELECT max(s.position) FROM sightings s JOIN ledger l ON l.entry = s.entry WHERE s.source = ?1
         AND s.last_seen = (SELECT max(last_seen) FROM sightings WHERE source = ?1)";
/// The oldest date that was published of it.
const OLDEST: &str =
    "SELECT min(l.date) FROM sightings s JOIN ledger l ON l.entry = s.entry WHERE s.source = ?1";

impl Sources {
    /// True if entries of the source with number `num` were published that were seen there before `seen`.
    pub(super) fn is_established(
        &mut self,
        conn: &Connection,
        num: i64,
        seen: DateTime<Utc>,
    ) -> rusqlite::Result<bool> {
        if let Some(known) = self.established.get(&(num, seen)) {
            return Ok(*known);
        }
        // the first row will do, mostly: what came first was published first
        let is_established = conn
            .prepare_cached(
                "SELECT 1 FROM sightings s INDEXED BY sightings_by_source JOIN ledger l ON l.entry = s.entry
                 WHERE s.source = ?1 AND s.first_seen < ?2 LIMIT 1",
            )?
            .exists(params![num, Instant(seen)])?;
        self.established.insert((num, seen), is_established);
        Ok(is_established)
    }

    /// The oldest date that was published of the source with number `num`, if an entry that it shows at `position` is
    /// older: it stands below all of these that the last document showed, and states no date that is not before that one.
    pub(super) fn backlog(
        &mut self,
        conn: &Connection,
        num: i64,
        position: u32,
        published: Option<DateTime<Utc>>,
    ) -> rusqlite::Result<Option<DateTime<Utc>>> {
        let lowest = if let Some(known) = self.lowest.get(&num) {
            *known
        } else {
            let lowest = conn
                .prepare_cached(LOWEST)?
                .query_row([num], |row| row.get(0))?;
            self.lowest.insert(num, lowest);
            lowest
        };
        if lowest.is_none_or(|lowest| position <= lowest) {
            return Ok(None);
        }
        let oldest = instant(&mut self.oldest, conn, OLDEST, num)?;
        Ok(oldest.filter(|oldest| published.is_none_or(|date| date < *oldest)))
    }

    /// Whether `entry` is held back. A later reading confirms it if the source was read, or had not changed, since it was
    /// held, and the last document that was read still showed the entry.
    pub(super) fn hold(&mut self, conn: &Connection, entry: i64) -> rusqlite::Result<Hold> {
        let held: Option<(i64, bool, bool, Option<Instant>)> = conn
            .prepare_cached(
                "SELECT h.source, h.released,
                     coalesce(c.last_good > h.since AND c.last_outcome IN ('read', 'healed', 'unchanged'), 0),
                     s.last_seen
                 FROM held h JOIN sources c ON c.num = h.source
                     LEFT JOIN sightings s ON s.entry = h.entry AND s.source = h.source
                 WHERE h.entry = ?1",
            )?
            .query_row([entry], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        Ok(match held {
            None => Hold::Never,
            Some((_, true, ..)) => Hold::Released,
            Some((source, _, true, Some(Instant(seen)))) => {
                let last = instant(&mut self.last_listed, conn, LAST_LISTED, source)?;
                if last.is_some_and(|last| last <= seen) {
                    Hold::Confirmed
                } else {
                    Hold::Waits
                }
            }
            Some(_) => Hold::Waits,
        })
    }
}

/// The answer to `sql` for the source with number `num`, asked once.
fn instant(
    answers: &mut HashMap<i64, Option<DateTime<Utc>>>,
    conn: &Connection,
    sql: &str,
    num: i64,
) -> rusqlite::Result<Option<DateTime<Utc>>> {
    if let Some(answer) = answers.get(&num) {
        return Ok(*answer);
    }
    let answer = conn
        .prepare_cached(sql)?
        .query_row([num], |row| row::instant(row, 0))?;
    answers.insert(num, answer);
    Ok(answer)
}

/// Holds back `entries`, which are not published, each with the source whose values won.
pub(super) fn hold(
    conn: &Connection,
    entries: &[EntryKey],
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT OR IGNORE INTO held (entry, source, since)
         SELECT entry, source, ?2 FROM sightings WHERE entry = ?1 AND place = 0",
    )?;
    for entry in entries {
        insert.execute(params![entry.0, Instant(now)])?;
    }
    Ok(())
}

/// What is held back, by source.
pub(super) fn held(conn: &Connection) -> rusqlite::Result<Vec<HeldBack>> {
    conn.prepare_cached(
        "SELECT c.id, count(*), min(h.since) FROM held h JOIN sources c ON c.num = h.source
         WHERE h.released = 0 GROUP BY c.num ORDER BY c.rank, c.id",
    )?
    .query_map([], |row| {
        let Instant(since) = row.get(2)?;
        Ok(HeldBack {
            source: row::the(row, 0)?,
            entries: usize::try_from(row::count(row, 1)?).unwrap_or(usize::MAX),
            since,
        })
    })?
    .collect()
}

/// Releases what is held back of `sources`, with a flood or since its date is after `until`; gives how many entries these are.
pub(super) fn release(
    conn: &Connection,
    sources: &[SourceId],
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> rusqlite::Result<usize> {
    let names: Vec<&str> = sources.iter().map(SourceId::as_str).collect();
    let flood = conn
        .prepare_cached(
            "UPDATE held SET released = 1
             WHERE released = 0 AND source IN (SELECT num FROM sources WHERE id IN (SELECT value FROM json_each(?1)))",
        )?
        .execute([Json(&names)])?;
    let dated = conn
        .prepare_cached(
            "INSERT OR IGNORE INTO held (entry, source, since, released)
             SELECT e.id, s.source, ?3, 1 FROM pending p CROSS JOIN entries e ON e.id = p.entry
                 CROSS JOIN sightings s ON s.entry = e.id AND s.place = 0
             WHERE e.published > ?2 AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.entry = e.id)
                 AND s.source IN (SELECT num FROM sources WHERE id IN (SELECT value FROM json_each(?1)))",
        )?
        .execute(params![Json(&names), Instant(until), Instant(now)])?;
    Ok(flood + dated)
}

pub(super) const FORGET: &str =
    "DELETE FROM held WHERE EXISTS (SELECT 1 FROM ledger l WHERE l.entry = held.entry)";

/// Forgets the hold on what has been published since.
pub(super) fn forget(conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached(FORGET)?.execute([])?;
    Ok(())
}
