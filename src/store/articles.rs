//! The merged article of an entry, as its table keeps it.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::prepared::{Prepared, text};
use super::row::{self, ARTICLE, ARTICLE_COLUMNS, Detail, Instant, Packed};
use crate::model::{Enclosure, Entry, EntryKey};

/// The merged article of an entry that has one sighting.
pub(super) fn insert(
    conn: &Connection,
    entry: &Entry,
    prepared: &Prepared,
    now: DateTime<Utc>,
) -> rusqlite::Result<EntryKey> {
    conn.prepare_cached(
        "INSERT INTO entries (title, url, key, published, precision, updated, summary, read_minutes, language, image,
             detail, text, date, first_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        entry.title,
        entry.url.as_ref().map(url::Url::as_str),
        entry.key,
        entry.published.map(|date| Instant(date.at)),
        entry.published.map(|date| date.precision.as_str()),
        entry.updated.map(Instant),
        entry.summary,
        entry.read_minutes,
        entry.language,
        entry.image.as_ref().map(url::Url::as_str),
        prepared.detail,
        prepared.text,
        Instant(dated(entry, now)),
        Instant(now),
    ])?;
    let key = EntryKey(conn.last_insert_rowid());
    insert_lists(conn, key, entry)?;
    Ok(key)
}

/// The date of `entry` in lists: when it was published, else the latest that this can have been.
fn dated(entry: &Entry, first_seen: DateTime<Utc>) -> DateTime<Utc> {
    let changed = entry.updated.map_or(first_seen, |it| it.min(first_seen));
    entry.published.map_or(changed, |date| date.at)
}

/// Its tags and enclosures.
fn insert_lists(conn: &Connection, key: EntryKey, entry: &Entry) -> rusqlite::Result<()> {
    let mut insert =
        conn.prepare_cached("INSERT INTO tags (entry, place, tag) VALUES (?1, ?2, ?3)")?;
    for (place, tag) in (0i64..).zip(&entry.tags) {
        insert.execute(params![key.0, place, tag])?;
    }
    if entry.enclosures.is_empty() {
        return Ok(());
    }
    let mut insert = conn.prepare_cached(
        "INSERT INTO enclosures (entry, place, url, media_type, length, duration_seconds)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (place, enclosure) in (0i64..).zip(&entry.enclosures) {
        insert.execute(params![
            key.0,
            place,
            enclosure.url.as_str(),
            enclosure.media_type,
            enclosure.length.map(row::stored),
            enclosure.duration_seconds.map(row::stored),
        ])?;
    }
    Ok(())
}

/// Puts `entry` in the place of the article of `key`; true if a reader reads another text now.
pub(super) fn replace(conn: &Connection, key: EntryKey, entry: &Entry) -> rusqlite::Result<bool> {
    let before: [u8; 16] = conn
        .prepare_cached("SELECT text FROM entries WHERE id = ?1")?
        .query_row([key.0], |row| row.get(0))?;
    conn.prepare_cached(
        "UPDATE entries SET title = ?2, url = ?3, key = ?4, published = ?5, precision = ?6, updated = ?7, summary = ?8,
             read_minutes = ?9, language = ?10, image = ?11, detail = ?12, text = ?13, 
             date = coalesce(?5, min(?7, first_seen), first_seen)
         WHERE id = ?1",
    )?
    .execute(params![
        key.0,
        entry.title,
        entry.url.as_ref().map(url::Url::as_str),
        entry.key,
        entry.published.map(|date| Instant(date.at)),
        entry.published.map(|date| date.precision.as_str()),
        entry.updated.map(Instant),
        entry.summary,
        entry.read_minutes,
        entry.language,
        entry.image.as_ref().map(url::Url::as_str),
        Detail::of(entry),
        text(entry),
    ])?;
    conn.prepare_cached("DELETE FROM tags WHERE entry = ?1")?
        .execute([key.0])?;
    conn.prepare_cached("DELETE FROM enclosures WHERE entry = ?1")?
        .execute([key.0])?;
    insert_lists(conn, key, entry)?;
    Ok(before != text(entry))
}

/// The merged article of `key`.
pub(super) fn merged(conn: &Connection, key: EntryKey) -> rusqlite::Result<Option<Entry>> {
    let entry = conn
        .prepare_cached(&format!(
            "SELECT {ARTICLE},
                 (SELECT b.html FROM sightings g JOIN bodies b ON b.sighting = g.id
                  WHERE g.entry = e.id AND g.gives_body = 1)
             FROM entries e JOIN sightings s ON s.entry = e.id AND s.place = 0 WHERE e.id = ?1"
        ))?
        .query_row([key.0], |row| {
            let mut entry = row::entry(row)?;
            entry.content = row
                .get::<_, Option<Packed<_>>>(ARTICLE_COLUMNS)?
                .map(|it| it.0);
            Ok(entry)
        })
        .optional()?;
    let Some(mut entry) = entry else {
        return Ok(None);
    };
    read_lists(conn, key, &mut entry)?;
    Ok(Some(entry))
}

/// The tags of the merged article.
pub(super) fn tags(conn: &Connection, key: EntryKey) -> rusqlite::Result<Vec<String>> {
    conn.prepare_cached("SELECT tag FROM tags WHERE entry = ?1 ORDER BY place")?
        .query_map([key.0], |row| row.get(0))?
        .collect()
}

/// Its tags and enclosures.
pub(super) fn read_lists(
    conn: &Connection,
    key: EntryKey,
    entry: &mut Entry,
) -> rusqlite::Result<()> {
    entry.tags = tags(conn, key)?;
    entry.enclosures = conn
        .prepare_cached(
            "SELECT url, media_type, length, duration_seconds FROM enclosures WHERE entry = ?1 ORDER BY place",
        )?
        .query_map([key.0], |row| {
            let number = |at| {
                let number: Option<i64> = row.get(at)?;
                number.map(|_| row::count(row, at)).transpose()
            };
            Ok(Enclosure {
                url: row::the(row, 0)?,
                media_type: row.get(1)?,
                length: number(2)?,
                duration_seconds: number(3)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(())
}
