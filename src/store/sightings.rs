//! What each source shows of an entry: a row of its own, with its body.

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::row::{self, ARTICLE, ARTICLE_COLUMNS, Instant, Json, Packed, Shown};
use super::{articles, pending, prepared};
use crate::model::{Entry, EntryKey, Field, Pruned, Rewrites, Sighting, SourceId};

/// The row of what the source with number `num` shows of `key`, wherever it stands.
fn sighting_id(conn: &Connection, num: i64, key: EntryKey) -> rusqlite::Result<i64> {
    conn.prepare_cached(
        "SELECT id FROM sightings WHERE entry = ?1 AND source = ?2 AND home IS NULL
             UNION ALL SELECT id FROM sightings WHERE home = ?1 AND source = ?2",
    )?
    .query_row(params![key.0, num], |row| row.get(0))
}

/// One more sighting, with its body as it is kept: the last in the order of origins. The first shows just what the merged
/// article is.
pub(super) fn insert(
    conn: &Connection,
    num: i64,
    key: EntryKey,
    entry: &Entry,
    (is_first, body): (bool, Option<&Value>),
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO sightings (entry, source, place, gives_body, position, guid, print, shown, first_seen, last_seen)
         VALUES (?1, ?2, (SELECT count(*) FROM sightings WHERE entry = ?1), ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
    )?
    .execute(params![
        key.0,
        num,
        is_first && entry.content.is_some(),
        entry.position,
        entry.guid,
        entry.print.0,
        (!is_first).then(|| Shown::of(entry)),
        Instant(now),
    ])?;
    set_body(conn, conn.last_insert_rowid(), body)?;
    if is_first {
        pending::add(conn, key)
    } else {
        pending::add_head(conn, key)
    }
}

/// What the source with number `num` shows of `key` now.
pub(super) fn update(
    conn: &Connection,
    num: i64,
    key: EntryKey,
    entry: &Entry,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let id = sighting_id(conn, num, key)?;
    conn.prepare_cached(
        "UPDATE sightings SET position = ?2, guid = ?3, print = ?4, shown = ?5, last_seen = ?6 WHERE id = ?1",
    )?
    .execute(params![
        id,
        entry.position,
        entry.guid,
        entry.print.0,
        Shown::of(entry),
        Instant(now),
    ])?;
    conn.prepare_cached("DELETE FROM bodies WHERE sighting = ?1")?
        .execute([id])?;
    // a body that its article's own page gave is no less gone because its list has another excerpt
    if entry.content.is_some() || !entry.provenance.contains_key(&Field::Content) {
        conn.prepare_cached("DELETE FROM pruned WHERE sighting = ?1")?
            .execute([id])?;
    }
    // with another text it may belong into other feeds
    pending::add_head(conn, key)?;
    set_body(conn, id, packed(entry)?.as_ref())
}

/// The source with number `num` still shows `key` as it did, at `position`.
pub(super) fn still(
    conn: &Connection,
    num: i64,
    key: EntryKey,
    position: u32,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE sightings SET last_seen = ?2, position = ?3 WHERE id = ?1")?
        .execute(params![
            sighting_id(conn, num, key)?,
            Instant(now),
            position
        ])?;
    Ok(())
}

/// Keeps how often the source with number `num` has changed the text of `key`.
pub(super) fn remember(
    conn: &Connection,
    num: i64,
    key: EntryKey,
    rewrites: &Rewrites,
) -> rusqlite::Result<()> {
    let id = sighting_id(conn, num, key)?;
    conn.prepare_cached("UPDATE sightings SET rewrites = ?2 WHERE id = ?1")?
        .execute(params![
            id,
            (*rewrites != Rewrites::default()).then_some(Json(rewrites))
        ])?;
    Ok(())
}

/// Keeps the body that the sighting with that id shows, if any.
fn set_body(conn: &Connection, id: i64, body: Option<&Value>) -> rusqlite::Result<()> {
    if let Some(body) = body {
        conn.prepare_cached("INSERT INTO bodies (sighting, html) VALUES (?1, ?2)")?
            .execute(params![id, body])?;
    }
    Ok(())
}

/// The body of `entry` as it is kept.
pub(super) fn packed(entry: &Entry) -> rusqlite::Result<Option<Value>> {
    (entry.content.as_deref()).map(prepared::packed).transpose()
}

/// The sightings of `key`, best first; only that of `source`, if one is given.
pub(super) fn of(
    conn: &Connection,
    key: EntryKey,
    source: Option<&SourceId>,
) -> rusqlite::Result<Vec<Sighting>> {
    let mut statement = conn.prepare_cached(&format!(
        "{} WHERE s.entry = ?1 AND (?2 IS NULL OR c.id = ?2) ORDER BY s.place, c.id",
        sighting_columns(true)
    ))?;
    read_sightings(
        conn,
        statement.query(params![key.0, source.map(SourceId::as_str)])?,
    )
}

/// What is recognised by the aliases of `key`, wherever it stands.
/// Without their bodies, if these are not wanted.
pub(super) fn at_home(
    conn: &Connection,
    key: EntryKey,
    with_bodies: bool,
) -> rusqlite::Result<Vec<Sighting>> {
    let mut statement = conn.prepare_cached(&format!(
        "{sighting} WHERE s.entry = ?1 AND s.home IS NULL UNION ALL {sighting} WHERE s.home = ?1",
        sighting = sighting_columns(with_bodies)
    ))?;
    read_sightings(conn, statement.query([key.0])?)
}

/// A sighting, of `sightings s`, with the article that it stands with.
fn sighting_columns(with_bodies: bool) -> String {
    let (body, bodies) = if with_bodies {
        ("b.html", "LEFT JOIN bodies b ON b.sighting = s.id")
    } else {
        ("NULL", "")
    };
    format!(
        "SELECT {ARTICLE}, s.shown, {body}, c.id, c.host, c.rank, s.first_seen, s.last_seen, s.entry, p.at, p.length, s.rewrites, c.active
         FROM sightings s JOIN entries e ON e.id = s.entry JOIN sources c ON c.num = s.source
             {bodies} LEFT JOIN pruned p ON p.sighting = s.id"
    )
}

fn read_sightings(
    conn: &Connection,
    mut rows: rusqlite::Rows<'_>,
) -> rusqlite::Result<Vec<Sighting>> {
    let mut sightings = Vec::new();
    while let Some(row) = rows.next()? {
        let at = ARTICLE_COLUMNS;
        let mut entry = row::entry(row)?;
        match row.get::<_, Option<Json<Shown>>>(at)? {
            Some(Json(shown)) => shown.put_into(&mut entry),
            None => articles::read_lists(conn, row::key(row, at + 7)?, &mut entry)?,
        }
        entry.content = row.get::<_, Option<Packed<_>>>(at + 1)?.map(|it| it.0);
        let Instant(first_seen) = row.get(at + 5)?;
        let Instant(last_seen) = row.get(at + 6)?;
        let pruned = match row::instant(row, at + 8)? {
            Some(gone) => Some(Pruned {
                at: gone,
                length: row::count(row, at + 9)?,
            }),
            None => None,
        };
        sightings.push(Sighting {
            source: row::the(row, at + 2)?,
            source_host: row.get(at + 3)?,
            source_rank: row.get(at + 4)?,
            is_active: row.get(at + 11)?,
            entry,
            pruned,
            rewrites: row::json(row, at + 10)?.unwrap_or_default(),
            first_seen,
            last_seen,
        });
    }
    Ok(sightings)
}
