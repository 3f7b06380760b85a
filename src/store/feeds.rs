//! The feeds we publish: their ids, which entries entered them when, and what they show.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::filter::Merge;
use super::front::{self, Offered};
use super::row::{self, Instant, Json};
use super::{again, articles, filter, sightings, sources};
use crate::model::{
    EntryKey, Feed, FeedDefinition, FeedOrder, LedgerLine, Paging, PublishedEntry, SourceId,
    tag_uri,
};

/// Forgets that the publisher is to look at what is on record.
pub(super) const LOOKED_AT: &str =
    "DELETE FROM pending WHERE EXISTS (SELECT 1 FROM ledger l WHERE l.entry = pending.entry)";

/// The names of the sources that a feed is of, as JSON; an empty list: all.
fn sources_of(definition: &FeedDefinition) -> Json<Vec<&str>> {
    Json(definition.sources.iter().map(SourceId::as_str).collect())
}

/// Lets every entry that is on record into the feeds it belongs to, oldest date first. A feed that is new, was left out the
/// last time, or has other sources now, is offered the whole ledger, else what is pending. `lines` are those of this run.
pub(super) fn fill(
    conn: &Connection,
    definitions: &[FeedDefinition],
    lines: &[LedgerLine],
    merge: Merge,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let ids: Vec<&str> = definitions.iter().map(|it| it.id.as_str()).collect();
    conn.prepare_cached(
        "UPDATE feeds SET filter = NULL WHERE id NOT IN (SELECT value FROM json_each(?1))",
    )?
    .execute([Json(ids)])?;
    let flood: HashSet<i64> = lines
        .iter()
        .filter(|line| line.is_flood)
        .map(|line| line.key.0)
        .collect();
    let backlog: HashSet<i64> = lines
        .iter()
        .filter(|line| line.is_backlog)
        .map(|line| line.key.0)
        .collect();
    for definition in definitions {
        let kept = filter::kept(definition)?;
        let host = definition.url.host_str().unwrap_or_default();
        let uri = tag_uri(host, now.date_naive(), &format!("feed/{}", definition.id));
        conn.prepare_cached("INSERT OR IGNORE INTO feeds (id, uri, minted) VALUES (?1, ?2, ?3)")?
            .execute(params![definition.id, uri, Instant(now)])?;
        let (num, same): (i64, bool) = conn
            .prepare_cached("SELECT num, filter IS ?2 FROM feeds WHERE id = ?1")?
            .query_row(params![definition.id, kept], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if !same || !definition.filter.is_open() {
            refit(conn, num, definition, same, merge)?;
        }
        again::enter(conn, num, definition, now)?;
        let mut offered = offered(conn, num, definition, same, now)?;
        for it in &mut offered {
            it.is_backlog = backlog.contains(&it.entry);
        }
        if !definition.filter.is_open() {
            let mut fitting = Vec::new();
            for it in offered {
                if filter::takes(conn, definition, EntryKey(it.entry), merge)? {
                    fitting.push(it);
                }
            }
            offered = fitting;
        }
        let fronts = front::places(
            &offered,
            &flood,
            definition,
            &front::Feed::of(conn, num, &offered)?,
        );
        enter(conn, num, &offered, &fronts, now)?;
        front::crowd_out(conn, num, &offered, definition)?;
        conn.prepare_cached("UPDATE feeds SET filter = ?2 WHERE num = ?1 AND filter IS NOT ?2")?
            .execute(params![num, kept])?;
    }
    conn.prepare_cached(LOOKED_AT)?.execute([])?;
    again::forget(conn)
}

/// The question for what a feed is offered. The planner does not know that little is pending.
pub(super) fn offering(only_pending: bool) -> String {
    let candidates = if only_pending {
        "pending p CROSS JOIN ledger l ON l.entry = p.entry"
    } else {
        "ledger l"
    };
    format!(
        "SELECT l.entry, s.source, l.first_published = ?2
         FROM {candidates} CROSS JOIN sightings s ON s.entry = l.entry AND s.place = 0
             CROSS JOIN sources c ON c.num = s.source
         WHERE NOT EXISTS (SELECT 1 FROM publications x WHERE x.feed = ?1 AND x.entry = l.entry)
             AND NOT EXISTS (SELECT 1 FROM joined j WHERE j.entry = l.entry)
             AND (?3 = '[]' OR EXISTS (
                 SELECT 1 FROM sightings m JOIN sources o ON o.num = m.source
                 WHERE m.entry = l.entry AND o.id IN (SELECT value FROM json_each(?3))))
         ORDER BY l.date, c.rank DESC, s.position DESC, l.published_id DESC"
    )
}

/// The entries on record that are not in the feed and belong to it, in the order in which they enter it.
fn offered(
    conn: &Connection,
    num: i64,
    definition: &FeedDefinition,
    only_pending: bool,
    now: DateTime<Utc>,
) -> rusqlite::Result<Vec<Offered>> {
    conn.prepare_cached(&offering(only_pending))?
        .query_map(params![num, Instant(now), sources_of(definition)], |row| {
            Ok(Offered {
                entry: row.get(0)?,
                source: row.get(1)?,
                is_fresh: row.get(2)?,
                is_backlog: false,
            })
        })?
        .collect()
}

/// Writes that `offered` are in the feed from now on, on its front page or not.
fn enter(
    conn: &Connection,
    num: i64,
    offered: &[Offered],
    fronts: &[bool],
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let last: i64 = conn
        .prepare_cached("SELECT coalesce(max(sequence), 0) FROM publications WHERE feed = ?1")?
        .query_row([num], |row| row.get(0))?;
    let mut insert = conn.prepare_cached(
        "INSERT INTO publications (feed, sequence, entry, first_published, source, front) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for ((sequence, it), front) in (last + 1..).zip(offered).zip(fronts) {
        insert.execute(params![
            num,
            sequence,
            it.entry,
            Instant(now),
            it.source,
            front
        ])?;
    }
    Ok(())
}

/// Says of each entry of the feed whether its filters, which are others than before, still take it; where they are the same, of
/// those that may be other than before. Its place stays; and so does what was said of one whose text they ask for, if that was
/// given up.
fn refit(
    conn: &Connection,
    num: i64,
    definition: &FeedDefinition,
    only_pending: bool,
    merge: Merge,
) -> rusqlite::Result<()> {
    let asked = if only_pending {
        "SELECT p.sequence, p.entry, p.fits FROM pending q CROSS JOIN publications p ON p.feed = ?1 AND p.entry = q.entry"
    } else {
        "SELECT sequence, entry, fits FROM publications WHERE feed = ?1"
    };
    let all: Vec<(i64, i64, bool)> = conn
        .prepare_cached(asked)?
        .query_map([num], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut update =
        conn.prepare_cached("UPDATE publications SET fits = ?3 WHERE feed = ?1 AND sequence = ?2")?;
    for (sequence, entry, fitted) in all {
        if filter::is_past_telling(conn, definition, EntryKey(entry))? {
            continue;
        }
        let fits = filter::takes(conn, definition, EntryKey(entry), merge)?;
        if fits != fitted {
            update.execute(params![num, sequence, fits])?;
        }
    }
    Ok(())
}

/// True if the feed of that name has an id.
pub(super) fn is_minted(conn: &Connection, id: &str) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM feeds WHERE id = ?1")?
        .exists([id])
}

/// The lines of publications that a feed may show: those that fit, that were not joined to another, and that at least one
/// configured source shows.
const SHOWN: &str = "p.feed = ?1 AND p.fits = 1 AND NOT EXISTS (SELECT 1 FROM joined j WHERE j.entry = p.entry) AND EXISTS (
    SELECT 1 FROM sightings s JOIN sources c ON c.num = s.source
    WHERE s.entry = p.entry AND c.active = 1 AND (?2 = '[]' OR c.id IN (SELECT value FROM json_each(?2))))";

/// The feed as it stands; `None` if its id was never minted. It shows what at least one configured source shows.
pub(super) fn feed(
    conn: &Connection,
    definition: &FeedDefinition,
) -> rusqlite::Result<Option<Feed>> {
    let Some((num, mut feed)) = empty(conn, definition)? else {
        return Ok(None);
    };
    let (from, order) = match definition.order {
        FeedOrder::FirstPublished => (
            "publications p INDEXED BY publications_on_front CROSS JOIN ledger l ON l.entry = p.entry",
            "p.sequence DESC",
        ),
        FeedOrder::Date => (
            "ledger l INDEXED BY ledger_by_date CROSS JOIN publications p ON p.entry = l.entry",
            "l.date DESC, p.sequence DESC",
        ),
    };
    let mut lines = conn.prepare_cached(&format!(
        "SELECT l.entry, l.published_id, l.date, l.date_kind, l.changed, p.first_published, p.source
         FROM {from} WHERE p.front = 1 AND {SHOWN} ORDER BY {order}"
    ))?;
    let mut shares: HashMap<Option<i64>, usize> = HashMap::new();
    let mut rows = lines.query(params![num, sources_of(definition)])?;
    while let Some(row) = rows.next()? {
        if feed.entries.len() == definition.limit {
            break;
        }
        let share = shares.entry(row.get(6)?).or_default();
        if definition.share.is_some_and(|most| *share >= most) {
            continue;
        }
        *share += 1;
        add(conn, &mut feed, row)?;
    }
    if definition.order == FeedOrder::FirstPublished {
        let newest = entered_last(conn, num)?.unwrap_or(feed.updated);
        feed.updated = feed.updated.max(newest);
    }
    Ok(Some(feed))
}

/// When the last entry entered the front page, also if it is not shown there any more because its source has gone: what a
/// feed says of its own last change does not go back.
fn entered_last(conn: &Connection, num: i64) -> rusqlite::Result<Option<DateTime<Utc>>> {
    conn.prepare_cached(
        "SELECT first_published FROM publications INDEXED BY publications_on_front
         WHERE feed = ?1 AND front = 1 AND fits = 1 ORDER BY sequence DESC LIMIT 1",
    )?
    .query_row([num], |row| row.get(0).map(|Instant(entered)| entered))
    .optional()
}

/// The number of the feed, if it was ever published.
pub(super) fn number(
    conn: &Connection,
    definition: &FeedDefinition,
) -> rusqlite::Result<Option<i64>> {
    Ok(empty(conn, definition)?.map(|(num, _)| num))
}

/// The number of the feed and what it is without entries; `None` if its id was never minted.
fn empty(conn: &Connection, definition: &FeedDefinition) -> rusqlite::Result<Option<(i64, Feed)>> {
    conn.prepare_cached("SELECT num, uri FROM feeds WHERE id = ?1")?
        .query_row([&definition.id], |row| {
            let feed = Feed {
                definition: definition.clone(),
                id: row.get(1)?,
                updated: DateTime::UNIX_EPOCH,
                entries: Vec::new(),
                paging: Paging::default(),
            };
            Ok((row.get(0)?, feed))
        })
        .optional()
}

/// What entered the feed after the sequence `after`, up to `until`, latest first, on its front page or not.
pub(super) fn range(
    conn: &Connection,
    definition: &FeedDefinition,
    after: i64,
    until: i64,
) -> rusqlite::Result<Option<Feed>> {
    let Some((num, mut feed)) = empty(conn, definition)? else {
        return Ok(None);
    };
    let mut lines = conn.prepare_cached(&format!(
        "SELECT l.entry, l.published_id, l.date, l.date_kind, l.changed, p.first_published
         FROM publications p CROSS JOIN ledger l ON l.entry = p.entry
         WHERE p.sequence > ?3 AND p.sequence <= ?4 AND {SHOWN} ORDER BY p.sequence DESC"
    ))?;
    let mut rows = lines.query(params![num, sources_of(definition), after, until])?;
    while let Some(row) = rows.next()? {
        add(conn, &mut feed, row)?;
    }
    Ok(Some(feed))
}

/// How many entries that the feed may show entered it after the sequence `after`.
pub(super) fn count_after(
    conn: &Connection,
    num: i64,
    definition: &FeedDefinition,
    after: i64,
) -> rusqlite::Result<u64> {
    conn.prepare_cached(&format!(
        "SELECT count(*) FROM publications p WHERE p.sequence > ?3 AND {SHOWN}"
    ))?
    .query_row(params![num, sources_of(definition), after], |row| {
        row::count(row, 0)
    })
}

/// Adds the entry of a line to the feed.
fn add(conn: &Connection, feed: &mut Feed, row: &Row<'_>) -> rusqlite::Result<()> {
    let key = row::key(row, 0)?;
    let entry = match feed.definition.sources.as_slice() {
        // the feed of one source shows what that source shows
        [only] => (sightings::of(conn, key, Some(only))?.into_iter().next()).map(|it| it.entry),
        _ => articles::merged(conn, key)?,
    };
    let Some(mut entry) = entry else {
        return Ok(());
    };
    entry.tags = feed.definition.vocabulary.apply(&entry.tags);
    let Instant(date) = row.get(2)?;
    let Instant(updated) = row.get(4)?;
    // an entry that comes in with an old date changes the feed all the same: whoever asks for what is new since the last
    // time must get it
    let Instant(entered) = row.get(5)?;
    feed.updated = feed.updated.max(updated).max(entered);
    let mut origins = sources::origins(conn, key.0)?;
    // whoever the feed is of stands before those who show it elsewhere
    let own = &feed.definition.sources;
    origins.sort_by_key(|origin| !own.is_empty() && !own.contains(&origin.source));
    feed.entries.push(PublishedEntry {
        id: row.get(1)?,
        date,
        date_kind: row::the(row, 3)?,
        updated,
        entry,
        origins,
    });
    Ok(())
}
