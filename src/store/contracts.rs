//! What is remembered of index pages: the contract, the rules learnt, the last verdict, the last good page and the first
//! bad one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, Rows, params};

use super::row::{self, Instant, Json};
use crate::model::{
    Contract, Document, EntryKey, Kept, KnownPost, PageMemory, Print, Source, SourceId, Validators,
    Verdict, Wrapper,
};

/// As much of a page is kept, in bytes.
const MAX_PAGE_BYTES: usize = 2 * 1024 * 1024;
/// As many of a source's posts are remembered for a comparison, those that were seen last.
const MAX_POSTS: usize = 1_000;

/// A page that was kept for people to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPage {
    /// The page; of one that is very long, its beginning.
    pub document: Document,
    /// When it was read.
    pub at: DateTime<Utc>,
    /// True if its end is missing.
    pub is_cut: bool,
}

/// What is remembered of the page of the source with number `num`.
pub(super) fn memory(conn: &Connection, num: i64) -> rusqlite::Result<PageMemory> {
    let learnt = conn
        .prepare_cached("SELECT contract, wrapper FROM contracts WHERE source = ?1")?
        .query_row([num], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (contract, wrapper): (Option<Json<Contract>>, Option<Json<Wrapper>>) =
        learnt.unwrap_or_default();
    let posts = latest(conn, num, MAX_POSTS)?;
    Ok(PageMemory {
        contract: contract.map(|Json(contract)| contract),
        wrapper: wrapper.map(|Json(wrapper)| wrapper),
        posts,
    })
}

/// The question for the posts of a source that were seen last, in the order of its list.
pub(super) fn listed_last() -> String {
    format!(
        "{POST} FROM sightings s JOIN entries e ON e.id = s.entry
         WHERE s.source = ?1 ORDER BY s.last_seen DESC, s.position, s.id LIMIT ?2"
    )
}

/// The question for the posts of a source that have a date.
pub(super) fn of_date() -> String {
    // of one instant there are few, of one source there may be very many
    format!(
        "{POST} FROM entries e INDEXED BY entries_by_date CROSS JOIN sightings s ON s.entry = e.id
         WHERE s.source = ?1 AND e.date = ?2 LIMIT ?3"
    )
}

/// A post, as its source shows it, and when that did so last.
const POST: &str = "SELECT coalesce(s.home, s.entry), s.guid, s.print,
         CASE WHEN s.shown IS NULL THEN e.key ELSE json_extract(s.shown, '$.key') END,
         CASE WHEN s.shown IS NULL THEN e.title ELSE json_extract(s.shown, '$.title') END,
         CASE WHEN s.shown IS NULL THEN e.summary ELSE json_extract(s.shown, '$.summary') END,
         e.published, e.precision, s.last_seen";

/// Posts of one source, of which those were listed last that were seen last.
fn listed(mut rows: Rows<'_>) -> rusqlite::Result<Vec<KnownPost>> {
    let mut posts = Vec::new();
    while let Some(row) = rows.next()? {
        let Instant(seen) = row.get(8)?;
        let post = KnownPost {
            entry: row::key(row, 0)?,
            guid: row.get(1)?,
            print: Print(row.get(2)?),
            key: row.get(3)?,
            title: row.get(4)?,
            summary: row.get(5)?,
            published: row::date(row, 6)?,
            listed: false,
        };
        posts.push((post, seen));
    }
    let last = posts.iter().map(|(_, seen)| *seen).max();
    let listed = |(post, seen)| KnownPost {
        listed: Some(seen) == last,
        ..post
    };
    Ok(posts.into_iter().map(listed).collect())
}

/// The posts of the source with number `num`: those that it listed last first, or those of the `dates`, if they are given.
pub(super) fn posts(
    conn: &Connection,
    num: i64,
    dates: Option<&[DateTime<Utc>]>,
) -> rusqlite::Result<Vec<KnownPost>> {
    let Some(dates) = dates else {
        // not those that came last: one that comes and goes may be old
        return latest(conn, num, MAX_POSTS);
    };
    let mut of_date = conn.prepare_cached(&of_date())?;
    let mut posts = Vec::new();
    for date in dates {
        posts.extend(listed(of_date.query(params![
            num,
            Instant(*date),
            row::stored(MAX_POSTS as u64)
        ])?)?);
    }
    Ok(posts)
}

/// So many of the posts of the source with number `num`, those that it listed last first.
pub(super) fn latest(conn: &Connection, num: i64, most: usize) -> rusqlite::Result<Vec<KnownPost>> {
    let mut posts = conn.prepare_cached(&listed_last())?;
    listed(posts.query(params![num, row::stored(most as u64)])?)
}

/// The posts of the source with number `num` that are `keys`, as far as it showed them.
pub(super) fn posts_at(
    conn: &Connection,
    num: i64,
    keys: &BTreeSet<EntryKey>,
) -> rusqlite::Result<Vec<KnownPost>> {
    let mut at_home = conn.prepare_cached(&format!(
        "{POST} FROM sightings s JOIN entries e ON e.id = s.entry
         WHERE s.source = ?1 AND s.entry = ?2 AND s.home IS NULL"
    ))?;
    let mut away = conn.prepare_cached(&format!(
        "{POST} FROM sightings s JOIN entries e ON e.id = s.entry WHERE s.source = ?1 AND s.home = ?2"
    ))?;
    let mut posts = Vec::new();
    for key in keys {
        for statement in [&mut at_home, &mut away] {
            posts.extend(listed(statement.query(params![num, key.0])?)?);
        }
    }
    Ok(posts)
}

/// True if the source with number `num` has shown anything yet.
pub(super) fn has_shown(conn: &Connection, num: i64) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM sightings WHERE source = ?1)")?
        .query_row([num], |row| row.get(0))
}

/// Keeps a verdict; with what was `learnt`, if the reading was good.
pub(super) fn judged(
    conn: &Connection,
    num: i64,
    verdict: &Verdict,
    learnt: Option<(&Contract, Option<&Wrapper>)>,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO contracts (source, verdict, judged) VALUES (?1, ?2, ?3)
         ON CONFLICT (source) DO UPDATE SET verdict = excluded.verdict, judged = excluded.judged",
    )?
    .execute(params![num, Json(verdict), Instant(now)])?;
    if let Some((contract, wrapper)) = learnt {
        conn.prepare_cached("UPDATE contracts SET contract = ?2, wrapper = ?3 WHERE source = ?1")?
            .execute(params![num, Json(contract), wrapper.map(Json)])?;
    }
    Ok(())
}

/// The page is again what was read rightly before: a verdict on another one is void.
pub(super) fn good_again(conn: &Connection, num: i64, now: DateTime<Utc>) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE contracts SET verdict = ?2, judged = ?3 WHERE source = ?1 AND contract IS NOT NULL",
    )?
    .execute(params![num, Json(Verdict::Quiet), Instant(now)])?;
    Ok(())
}

/// What is there is no page: a verdict on one that stood in its place is void.
pub(super) fn no_page(conn: &Connection, num: i64) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE contracts SET verdict = NULL, judged = NULL WHERE source = ?1 AND verdict IS NOT NULL",
    )?
    .execute([num])?;
    Ok(())
}

/// Another way of reading makes another contract: what the owner has changed is not measured by what was before. But older
/// pages that were read once are not read again.
pub(super) fn begin_anew(
    conn: &Connection,
    source: &Source,
    configuration: &str,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO contracts (source, contract)
         SELECT s.num, CASE WHEN c.contract ->> '$.pages' IS NULL OR s.url <> ?3 THEN '{}'
             ELSE json_object('pages', c.contract ->> '$.pages') END
         FROM sources s LEFT JOIN contracts c ON c.source = s.num WHERE s.id = ?1 AND s.configuration <> ?2",
    )?
    .execute(params![source.id.as_str(), configuration, source.url.as_str()])?;
    Ok(())
}

/// The last verdict on every source that was judged.
pub(super) fn verdicts(conn: &Connection) -> rusqlite::Result<BTreeMap<SourceId, Verdict>> {
    conn.prepare_cached(
        "SELECT c.id, v.verdict FROM contracts v JOIN sources c ON c.num = v.source
         WHERE v.verdict IS NOT NULL",
    )?
    .query_map([], |row| {
        let Json(verdict) = row.get(1)?;
        Ok((row::the(row, 0)?, verdict))
    })?
    .collect()
}

/// Keeps a page. A good one replaces the last; a bad one only what was kept before the source was last fine: the first
/// page of a trouble tells more than the last.
pub(super) fn keep_page(
    conn: &Connection,
    num: i64,
    which: Kept,
    document: &Document,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    if which == Kept::Bad {
        let is_first: bool = conn
            .prepare_cached(
                "SELECT NOT EXISTS (SELECT 1 FROM pages p JOIN sources c ON c.num = p.source
                     WHERE p.source = ?1 AND p.which = 'bad' AND p.at > coalesce(c.last_good, 0))",
            )?
            .query_row([num], |row| row.get(0))?;
        if !is_first {
            return Ok(());
        }
    }
    let body = &document.body[..document.body.len().min(MAX_PAGE_BYTES)];
    conn.prepare_cached(
        "INSERT OR REPLACE INTO pages (source, which, at, url, media_type, charset, size, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        num,
        which.as_str(),
        Instant(now),
        document.url.as_str(),
        document.media_type,
        document.charset,
        row::stored(document.body.len() as u64),
        deflate(body)?,
    ])?;
    Ok(())
}

/// The kept page, if there is one.
pub(super) fn page(conn: &Connection, num: i64, which: Kept) -> rusqlite::Result<Option<KeptPage>> {
    conn.prepare_cached(
        "SELECT url, media_type, charset, body, at, size FROM pages WHERE source = ?1 AND which = ?2",
    )?
    .query_row(params![num, which.as_str()], |row| {
        let mut body = Vec::new();
        DeflateDecoder::new(row.get_ref(3)?.as_blob()?)
            .read_to_end(&mut body)
            .map_err(|cause| {
                rusqlite::Error::FromSqlConversionFailure(
                    3,
                    rusqlite::types::Type::Blob,
                    FromSqlError::other(cause).into(),
                )
            })?;
        let Instant(at) = row.get(4)?;
        Ok(KeptPage {
            is_cut: row::count(row, 5)? > body.len() as u64,
            at,
            document: Document {
                url: row::the(row, 0)?,
                media_type: row.get(1)?,
                charset: row.get(2)?,
                body: body.into(),
                validators: Validators::default(),
            },
        })
    })
    .optional()
}

fn deflate(body: &[u8]) -> rusqlite::Result<Vec<u8>> {
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
    packer
        .write_all(body)
        .and_then(|()| packer.finish())
        .map_err(|cause| rusqlite::Error::ToSqlConversionFailure(cause.into()))
}
