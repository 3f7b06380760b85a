//! Entries that are shown as one: which may be, which are, and what people said of it.
//!
//! An entry that is joined to another one keeps its row, its aliases and its line in the ledger. What sources show of it
//! moves to the other one, its head, and remembers where it is at home, so that it can go back.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::prepared::Prepared;
use super::row::{self, Instant, Shown};
use super::{articles, marks, pending, search, sightings};
use crate::model::{EntryKey, Mark, Marks, Member, Ruling, SourceId};

/// Some of the entries that have no marks yet, taken from that list.
pub(super) fn unmarked(conn: &Connection, limit: u32) -> rusqlite::Result<Vec<EntryKey>> {
    conn.prepare_cached(
        "DELETE FROM unmarked WHERE entry IN (SELECT entry FROM unmarked ORDER BY entry LIMIT ?1)
         RETURNING entry",
    )?
    .query_map([limit], |row| row::key(row, 0))?
    .collect()
}

/// The entries that share marks with `marks`, those with a day about `reach` days apart, or that have one of the links.
pub(super) fn candidates(
    conn: &Connection,
    marks: &Marks,
    reach: u32,
) -> rusqlite::Result<BTreeSet<EntryKey>> {
    let mut found = marks::candidates(conn, marks, reach)?;
    found.extend(linked(conn, marks)?);
    Ok(found)
}

/// Takes the marks `gone` from `key` and gives it `marks`; gives what [`candidates`] gives besides itself.
pub(super) fn meet(
    conn: &Connection,
    key: EntryKey,
    gone: &[Mark],
    marks: &Marks,
    reach: u32,
) -> rusqlite::Result<BTreeSet<EntryKey>> {
    let mut found = marks::meet(conn, key, gone, marks, reach)?;
    found.extend(linked(conn, marks)?);
    found.remove(&key);
    Ok(found)
}

/// The entries that have one of the links of `marks`.
fn linked(conn: &Connection, marks: &Marks) -> rusqlite::Result<Vec<EntryKey>> {
    let mut by_link = conn
        .prepare_cached("SELECT entry FROM aliases WHERE kind = 2 AND scope = 0 AND value = ?1")?;
    let mut found = Vec::new();
    for link in &marks.links {
        let key = by_link.query_row([link], |row| row::key(row, 0));
        found.extend(key.optional()?);
    }
    Ok(found)
}

/// The sources that show what is at home with `key`.
pub(super) fn sources(conn: &Connection, key: EntryKey) -> rusqlite::Result<BTreeSet<SourceId>> {
    conn.prepare_cached(
        "SELECT c.id FROM sightings s JOIN sources c ON c.num = s.source WHERE s.entry = ?1 AND s.home IS NULL
         UNION SELECT c.id FROM sightings s JOIN sources c ON c.num = s.source WHERE s.home = ?1",
    )?
    .query_map([key.0], |row| row::the(row, 0))?
    .collect()
}

/// The entry that `key` is joined to.
pub(super) fn head(conn: &Connection, key: EntryKey) -> rusqlite::Result<Option<EntryKey>> {
    conn.prepare_cached("SELECT head FROM joined WHERE entry = ?1")?
        .query_row([key.0], |row| row::key(row, 0))
        .optional()
}

/// All that are shown as one with `key`, itself too.
pub(super) fn group(conn: &Connection, key: EntryKey) -> rusqlite::Result<Vec<EntryKey>> {
    let head = head(conn, key)?.unwrap_or(key);
    let mut group = vec![head];
    let mut joined =
        conn.prepare_cached("SELECT entry FROM joined WHERE head = ?1 ORDER BY entry")?;
    for key in joined.query_map([head.0], |row| row::key(row, 0))? {
        group.push(key?);
    }
    Ok(group)
}

/// What is at home with `key`; `None` if there is no such entry.
pub(super) fn member(conn: &Connection, key: EntryKey) -> rusqlite::Result<Option<Member>> {
    let line = conn
        .prepare_cached(
            "SELECT l.first_published, l.date, l.published_id FROM entries e LEFT JOIN ledger l ON l.entry = e.id
             WHERE e.id = ?1",
        )?
        .query_row([key.0], |row| {
            let first: Option<Instant> = row.get(0)?;
            let date: Option<Instant> = row.get(1)?;
            let id: Option<String> = row.get(2)?;
            Ok(first.zip(date).zip(id).map(|((first, date), id)| (first.0, date.0, id)))
        })
        .optional()?;
    let Some(published) = line else {
        return Ok(None);
    };
    let head = head(conn, key)?;
    let mut sightings = sightings::at_home(conn, key, true)?;
    sightings.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(Some(Member {
        key,
        head,
        published,
        sightings,
    }))
}

/// What people said of `key`.
pub(super) fn rulings(conn: &Connection, key: EntryKey) -> rusqlite::Result<Vec<Ruling>> {
    conn.prepare_cached(
        "SELECT one, other, together FROM rulings WHERE one = ?1
         UNION SELECT one, other, together FROM rulings WHERE other = ?1 ORDER BY 1, 2",
    )?
    .query_map([key.0], |row| {
        Ok(Ruling {
            one: row::key(row, 0)?,
            other: row::key(row, 1)?,
            together: row.get(2)?,
        })
    })?
    .collect()
}

/// Keeps what a person said, over what was said before.
pub(super) fn rule(conn: &Connection, ruling: &Ruling, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let (one, other) = (ruling.one.min(ruling.other), ruling.one.max(ruling.other));
    conn.execute(
        "INSERT INTO rulings (one, other, together, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (one, other) DO UPDATE SET together = excluded.together, at = excluded.at",
        params![one.0, other.0, ruling.together, Instant(now)],
    )?;
    Ok(())
}

/// Makes each of `groups` one entry, its first the head; gives the heads of which other sources now show something. Each
/// group must hold all that was joined to any of its members.
pub(super) fn regroup(
    conn: &Connection,
    groups: &[Vec<EntryKey>],
) -> rusqlite::Result<Vec<EntryKey>> {
    let mut touched = BTreeSet::new();
    for group in groups {
        for key in group {
            let wanted = group.first().filter(|first| *first != key);
            let now = head(conn, *key)?;
            if let Some(old) = now.filter(|_| now.as_ref() != wanted) {
                release(conn, *key)?;
                touched.extend([*key, old]);
            }
        }
    }
    for group in groups {
        let [head, others @ ..] = group.as_slice() else {
            continue;
        };
        for key in others {
            if gather(conn, *head, *key)? {
                touched.insert(*head);
            }
        }
    }
    let mut heads = Vec::new();
    for key in touched {
        if head(conn, key)?.is_none() && has_sightings(conn, key)? {
            set_first_seen(conn, key)?;
            heads.push(key);
        }
    }
    Ok(heads)
}

/// An entry was first seen when the first of what is shown of it was.
fn set_first_seen(conn: &Connection, key: EntryKey) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE entries SET first_seen = (SELECT min(first_seen) FROM sightings WHERE entry = ?1) WHERE id = ?1",
    )?
    .execute([key.0])?;
    Ok(())
}

fn has_sightings(conn: &Connection, key: EntryKey) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM sightings WHERE entry = ?1")?
        .exists([key.0])
}

/// What is at home with `key` goes back to it.
fn release(conn: &Connection, key: EntryKey) -> rusqlite::Result<()> {
    spell_out(conn, key)?;
    conn.prepare_cached(
        "UPDATE sightings SET entry = home, home = NULL, gives_body = 0,
             place = (SELECT count(*) FROM sightings o WHERE o.home = ?1 AND o.source < sightings.source)
         WHERE home = ?1",
    )?
    .execute([key.0])?;
    conn.prepare_cached("DELETE FROM joined WHERE entry = ?1")?
        .execute([key.0])?;
    pending::add(conn, key)
}

/// What is at home with `key` is shown with `head`, but for what a source shows there already. True if anything moved.
fn gather(conn: &Connection, head: EntryKey, key: EntryKey) -> rusqlite::Result<bool> {
    spell_out(conn, key)?;
    let moved = conn
        .prepare_cached(
            "UPDATE sightings SET entry = ?1, home = ?2, gives_body = 0,
                 place = place + (SELECT count(*) FROM sightings h WHERE h.entry = ?1)
             WHERE entry = ?2 AND NOT EXISTS (SELECT 1 FROM sightings h WHERE h.entry = ?1 AND h.source = sightings.source)",
        )?
        .execute([head.0, key.0])?;
    let joined = conn
        .prepare_cached("INSERT OR IGNORE INTO joined (entry, head) VALUES (?1, ?2)")?
        .execute([key.0, head.0])?;
    if joined > 0 {
        // the row stays for its aliases and its line in the ledger; nothing finds it by its words
        search::delete(conn, key)?;
        for table in ["tags", "enclosures", "pending"] {
            conn.prepare_cached(&format!("DELETE FROM {table} WHERE entry = ?1"))?
                .execute([key.0])?;
        }
        conn.prepare_cached("UPDATE entries SET text = zeroblob(16) WHERE id = ?1")?
            .execute([key.0])?;
        pending::add(conn, head)?;
    }
    Ok(moved + joined > 0)
}

/// What is at home with `key` says in full what it shows, where it leaned on the article that it stands with.
fn spell_out(conn: &Connection, key: EntryKey) -> rusqlite::Result<()> {
    let mut update = conn.prepare_cached(
        "UPDATE sightings SET shown = ?3
         WHERE shown IS NULL AND source = (SELECT num FROM sources WHERE id = ?2)
             AND (home = ?1 OR (entry = ?1 AND home IS NULL))",
    )?;
    for sighting in sightings::at_home(conn, key, true)? {
        update.execute(params![
            key.0,
            sighting.source.as_str(),
            Shown::of(&sighting.entry)
        ])?;
    }
    Ok(())
}

/// What `source` shows of `key` becomes an entry of its own, for good: whatever it shows under the aliases of `key` is that
/// one. `None` if the source shows nothing of it, or nobody else does.
pub(super) fn part(
    conn: &Connection,
    key: EntryKey,
    num: i64,
    now: DateTime<Utc>,
) -> rusqlite::Result<Option<EntryKey>> {
    let shown = sightings::at_home(conn, key, true)?;
    let id: SourceId = conn.query_row("SELECT id FROM sources WHERE num = ?1", [num], |row| {
        row::the(row, 0)
    })?;
    let Some(sighting) = shown.iter().find(|it| it.source == id) else {
        return Ok(None);
    };
    if shown.len() < 2 {
        return Ok(None);
    }
    spell_out(conn, key)?;
    let prepared = Prepared::new(&sighting.entry)?;
    let own = articles::insert(conn, &sighting.entry, &prepared, now)?;
    conn.execute(
        "UPDATE sightings SET entry = ?3, home = NULL, place = 0, gives_body = 0
         WHERE source = ?2 AND (home = ?1 OR (entry = ?1 AND home IS NULL))",
        params![key.0, num, own.0],
    )?;
    conn.execute(
        "INSERT INTO parted (entry, source, own) VALUES (?1, ?2, ?3)
         ON CONFLICT (entry, source) DO UPDATE SET own = excluded.own",
        params![key.0, num, own.0],
    )?;
    // so that its merged article finds its words changed
    conn.execute(
        "UPDATE entries SET text = zeroblob(16) WHERE id = ?1",
        [own.0],
    )?;
    set_first_seen(conn, own)?;
    pending::add(conn, own)?;
    Ok(Some(own))
}
