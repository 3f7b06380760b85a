//! The history of a feed in pages: which entries each holds, and the bytes of those that are closed.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::feeds;
use super::row::{self, Instant, Packed};
use crate::model::{Document, Feed, FeedDefinition, Format, Shelved};

/// How the history of a feed is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// How many pages are closed.
    pub closed: u64,
    /// How many entries that the feed may show are on none of these.
    pub open: u64,
}

/// How the name of a page's file ends, in the formats that have archives.
pub(super) fn ending(format: Format) -> Option<&'static str> {
    match format {
        Format::Atom => Some("xml"),
        Format::Json => Some("json"),
        Format::Rss | Format::Html => None,
    }
}

/// The last closed page of the feed with number `num` and its highest sequence; nulls before there is one.
fn last_closed(conn: &Connection, num: i64) -> rusqlite::Result<(i64, i64)> {
    let last = conn
        .prepare_cached(
            "SELECT page, last FROM archives WHERE feed = ?1 ORDER BY page DESC LIMIT 1",
        )?
        .query_row([num], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Closes every page of the feed that is full, where another entry needs room.
pub(super) fn close(
    conn: &Connection,
    definition: &FeedDefinition,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let Some(num) = feeds::number(conn, definition)? else {
        return Ok(());
    };
    let newest: i64 = conn
        .prepare_cached("SELECT coalesce(max(sequence), 0) FROM publications WHERE feed = ?1")?
        .query_row([num], |row| row.get(0))?;
    let size = row::stored(definition.archive as u64).max(1);
    let (mut page, mut last) = last_closed(conn, num)?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO archives (feed, page, last, closed) VALUES (?1, ?2, ?3, ?4)",
    )?;
    while newest - last > size {
        (page, last) = (page + 1, last + size);
        insert.execute(params![num, page, last, Instant(now)])?;
    }
    Ok(())
}

/// How the history of the feed is divided; `None` if it was never published.
pub(super) fn history(
    conn: &Connection,
    definition: &FeedDefinition,
) -> rusqlite::Result<Option<History>> {
    let Some(num) = feeds::number(conn, definition)? else {
        return Ok(None);
    };
    let (page, last) = last_closed(conn, num)?;
    Ok(Some(History {
        closed: u64::try_from(page).unwrap_or_default(),
        open: feeds::count_after(conn, num, definition, last)?,
    }))
}

/// The entries of a page: a closed one, or the one after the last of these.
pub(super) fn page(
    conn: &Connection,
    definition: &FeedDefinition,
    page: u64,
) -> rusqlite::Result<Option<Feed>> {
    let Some(num) = feeds::number(conn, definition)? else {
        return Ok(None);
    };
    let page = row::stored(page);
    let mut last =
        conn.prepare_cached("SELECT last FROM archives WHERE feed = ?1 AND page = ?2")?;
    let mut last = |page: i64| {
        last.query_row(params![num, page], |row| row.get::<_, i64>(0))
            .optional()
    };
    let after = last(page - 1)?.unwrap_or(0);
    let until = last(page)?.unwrap_or(i64::MAX);
    feeds::range(conn, definition, after, until)
}

/// The closed pages that are not kept in `format` at the feed's address.
pub(super) fn unshelved(
    conn: &Connection,
    definition: &FeedDefinition,
    format: Format,
) -> rusqlite::Result<Vec<u64>> {
    conn.prepare_cached(
        "SELECT a.page FROM archives a JOIN feeds f ON f.num = a.feed
         WHERE f.id = ?1 AND NOT EXISTS (
             SELECT 1 FROM archive_documents d
             WHERE d.feed = a.feed AND d.page = a.page AND d.format = ?2 AND d.address = ?3)
         ORDER BY a.page",
    )?
    .query_map(
        params![definition.id, ending(format), definition.url.as_str()],
        |row| row::count(row, 0),
    )?
    .collect()
}

/// Keeps the bytes of a closed page.
pub(super) fn shelve(
    conn: &Connection,
    definition: &FeedDefinition,
    page: u64,
    format: Format,
    document: &Document,
) -> rusqlite::Result<()> {
    let id: i64 = conn
        .prepare_cached(
            "INSERT INTO archive_documents (feed, page, format, address, size, last_modified)
             SELECT num, ?2, ?3, ?4, ?5, ?6 FROM feeds WHERE id = ?1
             ON CONFLICT (feed, page, format) DO UPDATE SET address = excluded.address, size = excluded.size,
                 last_modified = excluded.last_modified
             RETURNING id",
        )?
        .query_row(params![
        definition.id,
        row::stored(page),
        ending(format),
        definition.url.as_str(),
        row::stored(document.body.len() as u64),
        document.validators.last_modified,
    ], |row| row.get(0))?;
    conn.prepare_cached("INSERT OR REPLACE INTO archive_bodies (document, body) VALUES (?1, ?2)")?
        .execute(params![
            id,
            Packed(&*String::from_utf8_lossy(&document.body))
        ])?;
    Ok(())
}

/// The closed pages in `format`, oldest first.
pub(super) fn shelved(
    conn: &Connection,
    definition: &FeedDefinition,
    format: Format,
) -> rusqlite::Result<Vec<Shelved>> {
    conn.prepare_cached(
        "SELECT d.page, d.size, d.last_modified FROM archive_documents d JOIN feeds f ON f.num = d.feed
         WHERE f.id = ?1 AND d.format = ?2 ORDER BY d.page",
    )?
    .query_map(params![definition.id, ending(format)], |row| {
        Ok(Shelved {
            page: row::count(row, 0)?,
            format,
            size: row::count(row, 1)?,
            last_modified: row.get(2)?,
        })
    })?
    .collect()
}

/// The bytes of a closed page.
pub(super) fn body(
    conn: &Connection,
    definition: &FeedDefinition,
    page: u64,
    format: Format,
) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached(
        "SELECT b.body FROM archive_documents d JOIN feeds f ON f.num = d.feed JOIN archive_bodies b ON b.document = d.id
         WHERE f.id = ?1 AND d.page = ?2 AND d.format = ?3",
    )?
    .query_row(
        params![definition.id, row::stored(page), ending(format)],
        |row| row.get::<_, Packed<String>>(0).map(|it| it.0),
    )
    .optional()
}
