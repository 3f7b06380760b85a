//! Sources, what was learnt of them, and the fetch log.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use url::Url;

use super::row::{self, Instant, Json};
use crate::model::{
    ADOPTED_AFTER, Moved, Origin, Outcome, OutcomeKind, SourceId, SourceMeta, SourceState,
    Validators,
};

/// How many lines of the fetch log a source keeps.
const LOG_LINES: u32 = 100;

/// A line of the fetch log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// When the source was asked.
    pub at: DateTime<Utc>,
    /// What came of it.
    pub outcome: Outcome,
}

/// The number of `source`, if it was ever registered.
pub(super) fn number(conn: &Connection, source: &SourceId) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT num FROM sources WHERE id = ?1")?
        .query_row([source.as_str()], |row| row.get(0))
        .optional()
}

/// What was learnt of every source.
pub(super) fn states(conn: &Connection) -> rusqlite::Result<BTreeMap<SourceId, SourceState>> {
    conn.prepare_cached(
        "SELECT id, etag, last_modified, body_hash, title, last_asked, last_good, last_new, failures, not_before,
             server_wish, last_outcome, last_error, entries, fresh_for, hints, gap, newest, is_feed IS 0,
             moved_to, moved_days, moved_at, validators_from,
             EXISTS (SELECT 1 FROM contracts c WHERE c.source = num AND c.contract ->> '$.unread' IS NOT NULL)
         FROM sources",
    )?
    .query_map([], |row| {
        Ok((
            row::the(row, 0)?,
            SourceState {
                validators: Validators {
                    etag: row.get(1)?,
                    last_modified: row.get(2)?,
                },
                validators_from: row::word(row, 22)?,
                body_hash: row.get(3)?,
                title: row.get(4)?,
                last_asked: row::instant(row, 5)?,
                last_good: row::instant(row, 6)?,
                last_new: row::instant(row, 7)?,
                failures: row.get(8)?,
                not_before: row::instant(row, 9)?,
                server_wish: row.get(10)?,
                last_outcome: row::word(row, 11)?,
                last_error: row.get(12)?,
                entries: row::count(row, 13)?,
                fresh_for: row::span(row, 14)?,
                hints: row::json(row, 15)?.unwrap_or_default(),
                gap: row::span(row, 16)?,
                newest: row::instant(row, 17)?,
                is_page: row.get(18)?,
                moved: moved(row)?,
                lacks_articles: row.get(23)?,
            },
        ))
    })?
    .collect()
}

/// Where a source has moved to, of the columns from the 19th on; an address that we do not understand is none.
fn moved(row: &Row<'_>) -> rusqlite::Result<Option<Moved>> {
    let (to, days): (Option<Url>, Option<u32>) = (row::word(row, 19)?, row.get(20)?);
    let last = row::instant(row, 21)?;
    Ok(to
        .zip(days)
        .zip(last)
        .map(|((to, days), last)| Moved { to, days, last }))
}

/// What the document says of itself.
pub(super) fn describe(
    conn: &Connection,
    num: i64,
    meta: &SourceMeta,
    is_feed: bool,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE sources SET title = ?2, site = ?3, feed_id = coalesce(?4, feed_id), language = ?5, is_feed = ?6, hints = ?7
         WHERE num = ?1",
    )?
    .execute(params![
        num,
        meta.title,
        meta.site,
        meta.id,
        meta.language,
        is_feed,
        (!meta.hints.is_empty()).then_some(Json(&meta.hints)),
    ])?;
    Ok(())
}

/// The new state of a source, and a line of the fetch log.
pub(super) fn record(
    conn: &Connection,
    num: i64,
    outcome: &Outcome,
    state: &SourceState,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "UPDATE sources SET etag = ?2, last_modified = ?3, body_hash = ?4, last_asked = ?5, last_good = ?6,
             last_new = ?7, failures = ?8, not_before = ?9, server_wish = ?10, last_outcome = ?11, last_error = ?12,
             fresh_for = ?13, gap = ?14, newest = ?15, moved_to = ?16, moved_days = ?17, moved_at = ?18, validators_from = ?19
         WHERE num = ?1",
    )?
    .execute(params![
        num,
        state.validators.etag,
        state.validators.last_modified,
        state.body_hash,
        state.last_asked.map(Instant),
        state.last_good.map(Instant),
        state.last_new.map(Instant),
        state.failures,
        state.not_before.map(Instant),
        state.server_wish,
        state.last_outcome.map(OutcomeKind::as_str),
        state.last_error,
        state.fresh_for.map(|span| row::stored(span.as_secs())),
        state.gap.map(|span| row::stored(span.as_secs())),
        state.newest.map(Instant),
        state.moved.as_ref().map(|moved| moved.to.as_str()),
        state.moved.as_ref().map(|moved| moved.days),
        state.moved.as_ref().map(|moved| Instant(moved.last)),
        state.validators_from.as_ref().map(Url::as_str),
    ])?;
    if outcome.kind == OutcomeKind::Waiting {
        return Ok(());
    }
    let count = |number: usize| row::stored(number as u64);
    conn.prepare_cached(
        "INSERT INTO fetches (source, at, outcome, status, new, updated, known, bytes, millis, error, help, warnings)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        num,
        Instant(now),
        outcome.kind.as_str(),
        outcome.status,
        count(outcome.new),
        count(outcome.updated),
        count(outcome.known),
        row::stored(outcome.bytes),
        row::stored(outcome.millis),
        outcome.error,
        outcome.help,
        Json(&outcome.warnings),
    ])?;
    conn.prepare_cached(
        "DELETE FROM fetches WHERE source = ?1
             AND id <= (SELECT id FROM fetches WHERE source = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![num, LOG_LINES])?;
    Ok(())
}

/// No source that is asked at `host` is to be asked before `until`; those whose servers wish for longer go on waiting.
pub(super) fn leave_alone(
    conn: &Connection,
    host: &str,
    until: DateTime<Utc>,
) -> rusqlite::Result<()> {
    // a source that has moved is asked where it is now
    let asked_there: Vec<i64> = conn
        .prepare_cached(
            "SELECT num, host, CASE WHEN moved_days >= ?1 THEN moved_to END FROM sources WHERE active = 1",
        )?
        .query_map([ADOPTED_AFTER], |row| {
            let moved: Option<Url> = row::word(row, 2)?;
            let moved = moved.and_then(|url| url.host_str().map(str::to_owned));
            let is_there = moved.map_or_else(|| row.get(1), Ok)? == host;
            Ok(is_there.then_some(row.get(0)?))
        })?
        .filter_map(Result::transpose)
        .collect::<rusqlite::Result<_>>()?;
    let mut wait = conn.prepare_cached(
        "UPDATE sources SET not_before = ?2, server_wish = 1
         WHERE num = ?1 AND (server_wish = 0 OR coalesce(not_before, 0) < ?2)",
    )?;
    for num in asked_there {
        wait.execute(params![num, Instant(until)])?;
    }
    Ok(())
}

/// The last lines of the fetch log.
pub(super) fn log(
    conn: &Connection,
    num: i64,
    source: &SourceId,
    limit: usize,
) -> rusqlite::Result<Vec<Logged>> {
    let number = |row: &Row<'_>, at| {
        let count = row::count(row, at)?;
        Ok::<_, rusqlite::Error>(usize::try_from(count).unwrap_or(usize::MAX))
    };
    conn.prepare_cached(
        "SELECT at, outcome, status, new, updated, known, bytes, millis, error, help, warnings
         FROM fetches WHERE source = ?1 ORDER BY id DESC LIMIT ?2",
    )?
    .query_map(params![num, row::stored(limit as u64)], |row| {
        let Instant(at) = row.get(0)?;
        let Json(warnings) = row.get(10)?;
        Ok(Logged {
            at,
            outcome: Outcome {
                source: source.clone(),
                kind: row::the(row, 1)?,
                status: row.get(2)?,
                new: number(row, 3)?,
                updated: number(row, 4)?,
                known: number(row, 5)?,
                bytes: row::count(row, 6)?,
                millis: row::count(row, 7)?,
                error: row.get(8)?,
                help: row.get(9)?,
                warnings,
                migrated: None,
                wait: None,
                verdict: None,
            },
        })
    })?
    .collect()
}

/// When the source with number `num` was last read, or was what it had been; `None`: never.
pub(super) fn last_good(conn: &Connection, num: i64) -> rusqlite::Result<Option<DateTime<Utc>>> {
    conn.prepare_cached("SELECT last_good FROM sources WHERE num = ?1")?
        .query_row([num], |row| row::instant(row, 0))
}

/// The question for [`posted`]: of those that were listed last, from the top, and those that came last, since the latest are
/// among these, wherever a list has its new posts; all that a source has shown would be many.
pub(super) const POSTED: &str = "SELECT DISTINCT e.date FROM (
         SELECT entry FROM (SELECT entry FROM sightings INDEXED BY sightings_by_listing
             WHERE source = ?1 ORDER BY last_seen DESC, position LIMIT 200)
         UNION SELECT entry FROM (SELECT entry FROM sightings INDEXED BY sightings_by_source
             WHERE source = ?1 ORDER BY entry DESC LIMIT 200)
     ) s CROSS JOIN entries e ON e.id = s.entry WHERE e.date <= ?2 ORDER BY e.date DESC LIMIT ?3";

/// The dates of the latest posts of a source that are not after `now`, each once, newest first.
pub(super) fn posted(
    conn: &Connection,
    num: i64,
    now: DateTime<Utc>,
    limit: usize,
) -> rusqlite::Result<Vec<DateTime<Utc>>> {
    conn.prepare_cached(POSTED)?
        .query_map(
            params![num, Instant(now), row::stored(limit as u64)],
            |row| row.get(0).map(|Instant(at)| at),
        )?
        .collect()
}

/// The columns that [`origin`] reads, of `sources c`; then comes the entry's permalink there.
pub(super) const ORIGIN: &str =
    "c.id, coalesce(c.given_title, c.title, c.host), coalesce(c.feed_id, c.url), c.url,
    c.site, coalesce(c.is_feed, c.kind = 'feed')";

/// A source as subscribers see it.
pub(super) fn origin(row: &Row<'_>) -> rusqlite::Result<Origin> {
    let site: Option<String> = row.get(4)?;
    Ok(Origin {
        source: row::the(row, 0)?,
        title: row.get(1)?,
        id: row.get(2)?,
        address: row::the(row, 3)?,
        // the document's own word, which need not be an address
        site: site.and_then(|site| url::Url::parse(&site).ok()),
        is_feed: row.get(5)?,
        url: row::word(row, 6)?,
    })
}

/// The configured sources, in their order.
pub(super) fn active(conn: &Connection) -> rusqlite::Result<Vec<Origin>> {
    conn.prepare_cached(&format!(
        "SELECT {ORIGIN}, NULL FROM sources c WHERE c.active = 1 ORDER BY c.rank"
    ))?
    .query_map([], origin)?
    .collect()
}

/// The configured sources that show an entry, best first; where none is, those that have shown it.
pub(super) fn origins(conn: &Connection, key: i64) -> rusqlite::Result<Vec<Origin>> {
    conn.prepare_cached(&format!(
        "SELECT {ORIGIN}, CASE WHEN s.shown IS NULL THEN e.url ELSE json_extract(s.shown, '$.url') END
         FROM sightings s JOIN entries e ON e.id = s.entry JOIN sources c ON c.num = s.source
         WHERE s.entry = ?1 AND (c.active = 1 OR NOT EXISTS (
             SELECT 1 FROM sightings o JOIN sources k ON k.num = o.source WHERE o.entry = ?1 AND k.active = 1))
         ORDER BY s.place, c.id"
    ))?
    .query_map([key], origin)?
    .collect()
}
