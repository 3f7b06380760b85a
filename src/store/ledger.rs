//! The ledger: which entries were published, under which id and date. A line is written once.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::hold;
use super::row::{self, Instant};
use crate::model::{EntryKey, Hold, LedgerLine, Unpublished};

/// How far ahead of the clock a date may be; an entry of a later date waits for it.
pub(super) const AHEAD: TimeDelta = TimeDelta::hours(24);

/// The entries that were never published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// Those that may be, in the order in which they came.
    pub entries: Vec<Unpublished>,
    /// How many have to wait, since their date is more than a day ahead.
    pub held: usize,
}

/// Few wait, and the planner does not know it: left to itself it would go through all sightings.
pub(super) const WAITING: &str = "SELECT e.id, c.id, c.host,
         (SELECT s.guid FROM aliases a
          WHERE a.kind = 1 AND a.scope = s.source AND a.value = s.guid AND a.entry = coalesce(s.home, e.id)),
         e.title, e.url, e.key, e.published, e.precision, e.updated, e.first_seen, s.source, s.first_seen, s.position
     FROM pending p CROSS JOIN entries e ON e.id = p.entry
         CROSS JOIN sightings s ON s.entry = e.id AND s.place = 0 CROSS JOIN sources c ON c.num = s.source
     WHERE NOT EXISTS (SELECT 1 FROM ledger l WHERE l.entry = p.entry)
     ORDER BY e.id";

/// Reads what waits to be published.
pub(super) fn due(conn: &Connection, now: DateTime<Utc>) -> rusqlite::Result<Due> {
    let mut due = Due::default();
    let mut sources = hold::Sources::default();
    let mut waiting = conn.prepare_cached(WAITING)?;
    let entries = waiting.query_map([], |row| {
        let (num, published, position) = (row.get(11)?, row::date(row, 7)?, row.get(13)?);
        let Instant(first_seen) = row.get(10)?;
        let Instant(seen_there) = row.get(12)?;
        let key = row::key(row, 0)?;
        Ok(Unpublished {
            key,
            source: row::the(row, 1)?,
            source_host: row.get(2)?,
            guid: row.get(3)?,
            title: row.get(4)?,
            url: row::word(row, 5)?,
            link: row.get(6)?,
            published,
            updated: row::instant(row, 9)?,
            first_seen,
            position,
            established: sources.is_established(conn, num, seen_there)?,
            backlog: sources.backlog(conn, num, position, published.map(|it| it.at))?,
            hold: sources.hold(conn, key.0)?,
        })
    })?;
    for entry in entries {
        let entry = entry?;
        let is_ahead = entry.published.is_some_and(|date| date.at > now + AHEAD);
        if is_ahead && entry.hold != Hold::Released {
            due.held += 1;
        } else {
            due.entries.push(entry);
        }
    }
    Ok(due)
}

/// True if `key`, or the entry that it is shown as, has its line.
pub(super) fn is_on_record(conn: &Connection, key: EntryKey) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT 1 FROM ledger WHERE entry = coalesce((SELECT head FROM joined WHERE entry = ?1), ?1)",
    )?
    .exists([key.0])
}

/// Writes `lines`; of those that want the same id the newest date first, so that they get theirs in an order of their own. Gives
/// the number of those that were not on record yet.
pub(super) fn record(
    conn: &Connection,
    lines: &[LedgerLine],
    now: DateTime<Utc>,
) -> rusqlite::Result<usize> {
    let mut on_record = conn.prepare_cached("SELECT 1 FROM ledger WHERE entry = ?1")?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO ledger (entry, published_id, date, date_kind, first_published, changed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?;
    let mut written = 0;
    for line in in_order(lines) {
        let wanted = line.own.iter().chain([&line.minted]).cloned().chain(
            // nearly impossible: a hash of its own, and yet another entry has it
            (2..).map(|number| format!("{}-{number}", line.minted)),
        );
        for id in wanted {
            let inserted = insert.execute(params![
                line.key.0,
                id,
                Instant(line.date),
                line.date_kind.as_str(),
                Instant(now),
                Instant(line.changed.max(line.date)),
            ])?;
            written += inserted;
            // else another entry has that id, or this one has its line
            if inserted > 0 || on_record.exists([line.key.0])? {
                break;
            }
        }
    }
    Ok(written)
}

/// First those that nobody vies with for their id, in the order of the tables, so that one page after the other is looked at;
/// then the others, newest date first.
fn in_order(lines: &[LedgerLine]) -> Vec<&LedgerLine> {
    let mut asked: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        *asked.entry(first_choice(line)).or_default() += 1;
    }
    let is_alone = |line: &&LedgerLine| asked[first_choice(line)] == 1;
    let (mut alone, mut rivals): (Vec<_>, Vec<_>) = lines.iter().partition(is_alone);
    alone.sort_by_key(|line| line.key);
    rivals.sort_by(|a, b| (b.date, &a.minted, a.key).cmp(&(a.date, &b.minted, b.key)));
    alone.extend(rivals);
    alone
}

fn first_choice(line: &LedgerLine) -> &str {
    line.own.as_deref().unwrap_or(&line.minted)
}
