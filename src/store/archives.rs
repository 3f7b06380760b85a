//! The history of a feed in pages: which entries each holds, and the bytes of those that are closed.

use std::io;

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, params};
use url::Url;

use super::row::{self, Instant, Packed};
use super::{feeds, packing};
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

/// A closed page in its formats, ready to be kept. Making one is the work, and needs no store.
#[derive(Debug)]
pub struct ClosedPage {
    page: u64,
    documents: Vec<(Format, Document)>,
    /// Each as it is kept: the first by itself, the others with the first before them.
    packed: Vec<io::Result<Vec<u8>>>,
}

impl ClosedPage {
    /// The page with that number, from its `documents`.
    #[must_use]
    pub fn new(page: u64, documents: Vec<(Format, Document)>) -> Self {
        let mut before: &[u8] = b"";
        let mut packed = Vec::with_capacity(documents.len());
        for (_, document) in &documents {
            packed.push(packing::pack(&document.body, before));
            if packed.len() == 1 {
                before = &document.body;
            }
        }
        Self {
            page,
            documents,
            packed,
        }
    }

    /// Its number.
    #[must_use]
    pub fn page(&self) -> u64 {
        self.page
    }

    /// What it was made from.
    #[must_use]
    pub fn documents(&self) -> &[(Format, Document)] {
        &self.documents
    }
}

/// Keeps the bytes of closed pages.
pub(super) fn shelve(
    conn: &Connection,
    definition: &FeedDefinition,
    pages: &[ClosedPage],
) -> rusqlite::Result<()> {
    for page in pages {
        let mut first = None;
        for ((format, document), packed) in page.documents.iter().zip(&page.packed) {
            let id: i64 = conn
                .prepare_cached(
                    "INSERT INTO archive_documents (feed, page, format, address, size, last_modified)
                     SELECT num, ?2, ?3, ?4, ?5, ?6 FROM feeds WHERE id = ?1
                     ON CONFLICT (feed, page, format) DO UPDATE SET address = excluded.address, size = excluded.size,
                         last_modified = excluded.last_modified
                     RETURNING id",
                )?
                .query_row(
                    params![
                        definition.id,
                        row::stored(page.page),
                        ending(*format),
                        definition.url.as_str(),
                        row::stored(document.body.len() as u64),
                        document.validators.last_modified,
                    ],
                    |row| row.get(0),
                )?;
            stand_alone(conn, id)?;
            let packed = packed.as_ref().map_err(|source| {
                let source = io::Error::new(source.kind(), source.to_string());
                rusqlite::Error::ToSqlConversionFailure(source.into())
            })?;
            keep(conn, id, packed, first)?;
            first.get_or_insert(id);
        }
    }
    Ok(())
}

/// Keeps what was packed of a document, with the other one that it leans on.
fn keep(conn: &Connection, id: i64, packed: &[u8], leans_on: Option<i64>) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO archive_bodies (document, body, leans_on) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![id, packed, leans_on])?;
    Ok(())
}

/// Packs what leans on the document `id`, which is going to change, by itself.
fn stand_alone(conn: &Connection, id: i64) -> rusqlite::Result<()> {
    let leaning: Vec<i64> = conn
        .prepare_cached("SELECT document FROM archive_bodies WHERE leans_on = ?1")?
        .query_map([id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for id in leaning {
        if let Some(body) = unpacked(conn, id)? {
            let packed = packing::pack(body.as_bytes(), b"")
                .map_err(|source| rusqlite::Error::ToSqlConversionFailure(source.into()))?;
            keep(conn, id, &packed, None)?;
        }
    }
    Ok(())
}

/// The bytes of the document `id`, if they are kept.
pub(super) fn unpacked(conn: &Connection, id: i64) -> rusqlite::Result<Option<String>> {
    let mut statement = conn.prepare_cached(
        "SELECT b.body, o.body FROM archive_bodies b LEFT JOIN archive_bodies o ON o.document = b.leans_on
         WHERE b.document = ?1",
    )?;
    statement
        .query_row([id], |row| {
            let Some(Packed(before)) = row.get::<_, Option<Packed<String>>>(1)? else {
                return row.get::<_, Packed<String>>(0).map(|it| it.0);
            };
            let failed = |source: Box<dyn std::error::Error + Send + Sync>| {
                rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, source)
            };
            let packed = row.get_ref(0)?.as_blob()?;
            let body =
                packing::unpack(packed, before.as_bytes()).map_err(|it| failed(it.into()))?;
            String::from_utf8(body).map_err(|it| failed(it.into()))
        })
        .optional()
}

/// The closed pages at the feed's address, oldest first.
pub(super) fn shelved(
    conn: &Connection,
    definition: &FeedDefinition,
) -> rusqlite::Result<Vec<Shelved>> {
    let mut statement = conn.prepare_cached(
        "SELECT d.page, d.format, d.size, d.last_modified FROM feeds f CROSS JOIN archive_documents d ON d.feed = f.num
         WHERE f.id = ?1 AND d.address = ?2 ORDER BY d.page, d.format DESC",
    )?;
    let mut rows = statement.query(params![definition.id, definition.url.as_str()])?;
    let mut shelved = Vec::new();
    while let Some(row) = rows.next()? {
        let word = row.get_ref(1)?.as_str()?;
        let mut formats = [Format::Atom, Format::Json].into_iter();
        if let Some(format) = formats.find(|it| ending(*it) == Some(word)) {
            shelved.push(Shelved {
                page: row::count(row, 0)?,
                format,
                size: row::count(row, 2)?,
                last_modified: row.get(3)?,
            });
        }
    }
    Ok(shelved)
}

/// The closed pages that were made for another address of the feed, each with it, oldest first; where that is none, it is left
/// out.
pub(super) fn shelved_elsewhere(
    conn: &Connection,
    definition: &FeedDefinition,
) -> rusqlite::Result<Vec<(Shelved, Url)>> {
    let addresses: Vec<String> = conn
        .prepare_cached(
            "SELECT DISTINCT d.address FROM feeds f JOIN archive_documents d ON d.feed = f.num
             WHERE f.id = ?1 AND d.address <> ?2",
        )?
        .query_map(params![definition.id, definition.url.as_str()], |row| {
            row.get(0)
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut elsewhere = Vec::new();
    for address in addresses.iter().filter_map(|it| Url::parse(it).ok()) {
        let there = FeedDefinition {
            url: address.clone(),
            ..definition.clone()
        };
        let pages = shelved(conn, &there)?.into_iter();
        elsewhere.extend(pages.map(|page| (page, address.clone())));
    }
    elsewhere.sort_by_key(|(it, _)| it.page);
    Ok(elsewhere)
}

/// The closed pages of the feed called `feed` in `format`, whatever its address was, oldest first.
pub(super) fn pages(conn: &Connection, feed: &str, format: Format) -> rusqlite::Result<Vec<u64>> {
    conn.prepare_cached(
        "SELECT d.page FROM archive_documents d JOIN feeds f ON f.num = d.feed
         WHERE f.id = ?1 AND d.format = ?2 ORDER BY d.page",
    )?
    .query_map(params![feed, ending(format)], |row| row::count(row, 0))?
    .collect()
}

/// The first closed page whose bytes are not kept in `format` for the feed's address.
fn first_unshelved(
    conn: &Connection,
    definition: &FeedDefinition,
    format: Format,
) -> rusqlite::Result<Option<u64>> {
    conn.prepare_cached(
        "SELECT a.page FROM archives a JOIN feeds f ON f.num = a.feed
         WHERE f.id = ?1 AND NOT EXISTS (
             SELECT 1 FROM archive_documents d
             WHERE d.feed = a.feed AND d.page = a.page AND d.format = ?2 AND d.address = ?3)
         ORDER BY a.page LIMIT 1",
    )?
    .query_row(
        params![definition.id, ending(format), definition.url.as_str()],
        |row| row::count(row, 0),
    )
    .optional()
}

/// The bytes of a closed page.
pub(super) fn body(
    conn: &Connection,
    definition: &FeedDefinition,
    page: u64,
    format: Format,
) -> rusqlite::Result<Option<String>> {
    let id: Option<i64> = conn
        .prepare_cached(
            "SELECT d.id FROM archive_documents d JOIN feeds f ON f.num = d.feed
             WHERE f.id = ?1 AND d.page = ?2 AND d.format = ?3",
        )?
        .query_row(
            params![definition.id, row::stored(page), ending(format)],
            |row| row.get(0),
        )
        .optional()?;
    id.map_or(Ok(None), |id| unpacked(conn, id))
}

/// The highest sequence of the feed with number `num` up to which the bytes of all its pages are kept, in each of its formats
/// that have archives; `None` if it has no such format.
pub(super) fn kept_until(
    conn: &Connection,
    definition: &FeedDefinition,
    num: i64,
) -> rusqlite::Result<Option<i64>> {
    let (mut until, mut has_archives) = (last_closed(conn, num)?.1, false);
    let formats = definition.formats.iter().copied();
    for format in formats.filter(|format| ending(*format).is_some()) {
        has_archives = true;
        if let Some(page) = first_unshelved(conn, definition, format)? {
            let before = conn
                .prepare_cached("SELECT last FROM archives WHERE feed = ?1 AND page = ?2")?
                .query_row(params![num, row::stored(page) - 1], |row| row.get(0))
                .optional()?;
            until = until.min(before.unwrap_or(0));
        }
    }
    Ok(has_archives.then_some(until))
}
