//! Questions of people: lists, search, one entry with all that is known of it, totals.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use serde::Serialize;

use super::row::{self, Instant, Json};
use super::standing::{self, HeldEntry, Placement};
use super::{aliases, articles, search, sightings, sources};
use crate::model::{Alias, DateKind, Entry, EntryKey, Origin, Sighting, SourceId};

/// Which entries to list. Each part that is given narrows the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// Only those that this source shows.
    pub source: Option<SourceId>,
    /// Only those with one of these tags, in their normalised form; empty: all.
    pub tags: Vec<String>,
    /// Only those that hold these words: all of them, in any order; `word*` begins one, `"…"` keeps words together.
    pub search: Option<String>,
    /// How many at most.
    pub limit: usize,
}

/// An entry in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number in this archive.
    pub key: EntryKey,
    /// Its published id; `None`: not published yet.
    pub id: Option<String>,
    /// Its title.
    pub title: String,
    /// Its permalink.
    pub url: Option<url::Url>,
    /// Its date: that of the ledger, else of its sources, else when it was first seen.
    pub date: DateTime<Utc>,
    /// Where that date came from.
    pub date_kind: DateKind,
    /// Its read time.
    pub read_minutes: Option<u32>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The sources that show it, best first.
    pub sources: Vec<SourceId>,
    /// How far it has come.
    pub state: ListedState,
    /// The entries that are shown as one with it.
    pub joined: Vec<EntryKey>,
}

/// How far an entry has come on its way to subscribers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListedState {
    /// The next publication may have it, or one after its date.
    Waiting,
    /// It came with a flood, which is held back.
    Held,
    /// It was published, and stands or stood on the front page of a feed.
    Published,
    /// It was published, and went to archives at once.
    Archived,
}

/// What the ledger says of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRecord {
    /// Its published id.
    pub id: String,
    /// The date that subscribers see.
    pub date: DateTime<Utc>,
    /// Where that date came from.
    pub date_kind: DateKind,
    /// When it was first published.
    pub first_published: DateTime<Utc>,
    /// When its text last changed.
    pub changed: DateTime<Utc>,
}

/// All that the archive holds of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRecord {
    /// Its number in this archive.
    pub key: EntryKey,
    /// The merged article.
    pub entry: Entry,
    /// When it was first seen anywhere.
    pub first_seen: DateTime<Utc>,
    /// What the ledger says; `None`: not published yet.
    pub ledger: Option<LedgerRecord>,
    /// The sources that show it, best first.
    pub origins: Vec<Origin>,
    /// What each of them shows, in the same order.
    pub sightings: Vec<Sighting>,
    /// What it is recognised by.
    pub aliases: Vec<Alias>,
    /// The feeds that it is in.
    pub placements: Vec<Placement>,
    /// The flood that it is held back with.
    pub held: Option<HeldEntry>,
    /// The entries that are shown as one with it.
    pub joined: Vec<EntryKey>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Configured sources.
    pub sources: u64,
    /// Entries.
    pub entries: u64,
    /// Entries as sources show them.
    pub sightings: u64,
    /// Entries on record.
    pub published: u64,
    /// Bytes of the database, without its journal.
    pub bytes: u64,
}

const LISTED: &str = "SELECT e.id, l.published_id, e.title, e.url, coalesce(l.date, e.date),
        coalesce(l.date_kind, e.precision, 'first_seen'), e.read_minutes
    FROM entries e LEFT JOIN ledger l ON l.entry = e.id";

/// Lists entries, newest date first, those of one date in the order in which they came.
pub(super) fn list(conn: &Connection, query: &ListQuery) -> rusqlite::Result<Vec<Listed>> {
    // what is shown with another one is in the list as that
    let mut conditions = vec!["NOT EXISTS (SELECT 1 FROM joined j WHERE j.entry = e.id)"];
    let mut values: Vec<(&str, &dyn ToSql)> = Vec::new();
    let source = query.source.as_ref().map(SourceId::as_str);
    if source.is_some() {
        conditions.push(
            "EXISTS (SELECT 1 FROM sightings s JOIN sources c ON c.num = s.source
                 WHERE s.entry = e.id AND c.id = :source)",
        );
        values.push((":source", &source));
    }
    let tags = Json(&query.tags);
    if !query.tags.is_empty() {
        conditions.push(
            "e.id IN (SELECT t.entry FROM tags t WHERE t.tag IN (SELECT value FROM json_each(:tags)))",
        );
        values.push((":tags", &tags));
    }
    let question = query.search.as_deref().map(search::question);
    match &question {
        None => {}
        Some(None) => return Ok(Vec::new()),
        Some(question) => {
            conditions.push("e.id IN (SELECT rowid FROM search WHERE search MATCH :search)");
            values.push((":search", question));
        }
    }
    let limit = row::stored(query.limit as u64);
    values.push((":limit", &limit));
    let condition = conditions.join(" AND ");
    conn.prepare_cached(&format!(
        "{LISTED} WHERE {condition} ORDER BY e.date DESC, e.id LIMIT :limit"
    ))?
    .query_map(values.as_slice(), |row| listed(conn, row))?
    .collect()
}

fn listed(conn: &Connection, row: &Row<'_>) -> rusqlite::Result<Listed> {
    let key = row::key(row, 0)?;
    let Instant(date) = row.get(4)?;
    Ok(Listed {
        key,
        id: row.get(1)?,
        title: row.get(2)?,
        url: row::word(row, 3)?,
        date,
        date_kind: row::the(row, 5)?,
        read_minutes: row.get(6)?,
        tags: articles::tags(conn, key)?,
        sources: conn
            .prepare_cached(
                "SELECT c.id FROM sightings s JOIN sources c ON c.num = s.source
                 WHERE s.entry = ?1 ORDER BY s.place, c.id",
            )?
            .query_map([key.0], |row| row::the(row, 0))?
            .collect::<rusqlite::Result<_>>()?,
        state: state(conn, key)?,
        joined: standing::joined(conn, key)?,
    })
}

fn state(conn: &Connection, key: EntryKey) -> rusqlite::Result<ListedState> {
    let (published, fronts, held): (bool, bool, bool) = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM ledger WHERE entry = ?1),
                 EXISTS (SELECT 1 FROM publications WHERE entry = ?1 AND front = 1),
                 EXISTS (SELECT 1 FROM held WHERE entry = ?1 AND released = 0)",
        )?
        .query_row([key.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(match (published, fronts, held) {
        (true, true, _) => ListedState::Published,
        (true, false, _) => ListedState::Archived,
        (false, _, true) => ListedState::Held,
        (false, _, false) => ListedState::Waiting,
    })
}

/// The entries that `text` may mean.
pub(super) fn find(conn: &Connection, text: &str) -> rusqlite::Result<Vec<Listed>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    // a glob would read `*`, `?` and `[` of an address as its own
    let end = format!("{text}\u{10ffff}");
    for condition in [
        "e.id = CAST(?1 AS INTEGER) AND CAST(e.id AS TEXT) = ?1",
        "l.published_id = ?1",
        "e.url = ?1",
        "e.id IN (SELECT a.entry FROM aliases a WHERE a.kind = 2 AND a.scope = 0 AND a.value = ?1)",
        "l.published_id >= ?1 AND l.published_id < ?2",
        "e.url >= ?1 AND e.url < ?2",
    ] {
        let sql = format!(
            "{LISTED} WHERE e.id IN (
                 SELECT coalesce(j.head, e.id) FROM entries e LEFT JOIN joined j ON j.entry = e.id
                     LEFT JOIN ledger l ON l.entry = e.id
                 WHERE ?2 IS NOT NULL AND {condition} ORDER BY e.date DESC, e.id LIMIT 10)
             ORDER BY e.date DESC, e.id"
        );
        let found: Vec<Listed> = conn
            .prepare_cached(&sql)?
            .query_map(params![text, end], |row| listed(conn, row))?
            .collect::<rusqlite::Result<_>>()?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// All that the archive holds of `key`.
pub(super) fn record(conn: &Connection, key: EntryKey) -> rusqlite::Result<Option<EntryRecord>> {
    let Some(entry) = articles::merged(conn, key)? else {
        return Ok(None);
    };
    let Instant(first_seen) = conn.query_row(
        "SELECT first_seen FROM entries WHERE id = ?1",
        [key.0],
        |row| row.get(0),
    )?;
    let ledger = conn
        .query_row(
            "SELECT published_id, date, date_kind, first_published, changed FROM ledger WHERE entry = ?1",
            [key.0],
            |row| {
                let (Instant(date), Instant(first_published), Instant(changed)) =
                    (row.get(1)?, row.get(3)?, row.get(4)?);
                Ok(LedgerRecord {
                    id: row.get(0)?,
                    date,
                    date_kind: row::the(row, 2)?,
                    first_published,
                    changed,
                })
            },
        )
        .optional()?;
    Ok(Some(EntryRecord {
        key,
        entry,
        first_seen,
        ledger,
        origins: sources::origins(conn, key.0)?,
        sightings: sightings::of(conn, key, None)?,
        aliases: aliases::of(conn, key)?,
        placements: standing::placements(conn, key)?,
        held: standing::held(conn, key)?,
        joined: standing::joined(conn, key)?,
    }))
}

/// Counts.
pub(super) fn totals(conn: &Connection) -> rusqlite::Result<Totals> {
    conn.query_row(
        "SELECT (SELECT count(*) FROM sources WHERE active = 1), (SELECT count(*) FROM entries) - (SELECT count(*) FROM joined),
             (SELECT count(*) FROM sightings), (SELECT count(*) FROM ledger),
             (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)",
        [],
        |row| {
            Ok(Totals {
                sources: row::count(row, 0)?,
                entries: row::count(row, 1)?,
                sightings: row::count(row, 2)?,
                published: row::count(row, 3)?,
                bytes: row::count(row, 4)?,
            })
        },
    )
}
