//! Entries: what is known of aliases, changes applied, sightings, and the merged article.

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

use super::prepared::{self, Prepared, text};
use super::row::{self, ARTICLE, ARTICLE_COLUMNS, Detail, Instant, Json, Packed, Shown};
use super::search;
use crate::model::{
    Alias, Change, Enclosure, Entry, EntryKey, Field, Known, Merged, Print, Pruned, Rewrites,
    Sighting, SourceId,
};

/// What came of applying changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Entries never seen before.
    pub new: usize,
    /// Entries whose text had changed in this source.
    pub updated: usize,
    /// Entries known already, from this source or another.
    pub known: usize,
    /// The new entries, in the order of the changes.
    pub fresh: Vec<EntryKey>,
    /// Entries with a sighting that is new beside others or has other text, in the order of the changes, each once: their
    /// merged article is to be settled.
    pub touched: Vec<EntryKey>,
}

/// The columns `kind` and `value` of an alias, and for a guid the source it belongs to.
fn columns(alias: &Alias) -> (i64, Option<&SourceId>, &str) {
    match alias {
        Alias::Guid(source, value) => (1, Some(source), value),
        Alias::Link(value) => (2, None, value),
        Alias::Fingerprint(value) => (3, None, value),
    }
}

const FIND_ALIAS: &str = "SELECT entry FROM aliases
    WHERE kind = ?1 AND scope = coalesce((SELECT num FROM sources WHERE id = ?2), 0) AND value = ?3";
const FIND_PRINT: &str =
    "SELECT print FROM sightings WHERE entry = ?1 AND source = ?2 AND home IS NULL
    UNION ALL SELECT print FROM sightings WHERE home = ?1 AND source = ?2";

/// The statements that run once for every entry that a source shows.
#[cfg(test)]
pub(super) const LOOKUPS: [&str; 2] = [FIND_ALIAS, FIND_PRINT];

/// Looks `aliases` up for the source with number `num`.
pub(super) fn known(conn: &Connection, num: i64, aliases: &[Alias]) -> rusqlite::Result<Known> {
    let mut known = Known::default();
    let mut find_alias = conn.prepare_cached(FIND_ALIAS)?;
    let mut find_print = conn.prepare_cached(FIND_PRINT)?;
    let parted = parted(conn, num)?;
    for alias in aliases {
        let (kind, scope, value) = columns(alias);
        let found = find_alias
            .query_row(params![kind, scope.map(SourceId::as_str), value], |row| {
                row::key(row, 0)
            })
            .optional()?;
        let Some(key) = found else { continue };
        // what a person parted stays parted, whatever it is recognised by
        let key = (parted.iter().find(|(from, _)| *from == key)).map_or(key, |(_, own)| *own);
        known.aliases.insert(alias.clone(), key);
        if let std::collections::hash_map::Entry::Vacant(vacant) = known.prints.entry(key) {
            let print = find_print
                .query_row(params![key.0, num], |row| row.get(0))
                .optional()?;
            if let Some(print) = print {
                vacant.insert(Print(print));
            }
        }
    }
    Ok(known)
}

/// The entries that the source with number `num` was parted from, each with what it shows instead.
fn parted(conn: &Connection, num: i64) -> rusqlite::Result<Vec<(EntryKey, EntryKey)>> {
    conn.prepare_cached("SELECT entry, own FROM parted WHERE source = ?1")?
        .query_map([num], |row| Ok((row::key(row, 0)?, row::key(row, 1)?)))?
        .collect()
}

/// Keeps what the source with number `num` showed. `prepared` holds of the changes, in their order, what was made ready.
pub(super) fn apply(
    conn: &Connection,
    num: i64,
    changes: &[Change],
    prepared: &[Option<Prepared>],
    now: DateTime<Utc>,
) -> rusqlite::Result<Applied> {
    let mut applied = Applied::default();
    let mut shown = 0;
    for (number, change) in changes.iter().enumerate() {
        let prepared = prepared.get(number).and_then(Option::as_ref);
        let (key, aliases) = match change {
            Change::New { entry, aliases } => {
                let made;
                let prepared = if let Some(prepared) = prepared {
                    prepared
                } else {
                    made = Prepared::new(entry)?;
                    &made
                };
                let key = insert_entry(conn, entry, prepared, now)?;
                let body = prepared.body.as_ref();
                insert_sighting(conn, num, key, entry, (true, body), now)?;
                applied.fresh.push(key);
                applied.new += 1;
                shown += 1;
                (key, aliases)
            }
            Change::Updated {
                of,
                entry,
                aliases,
                rewrites,
            } => {
                update_sighting(conn, num, *of, entry, now)?;
                remember(conn, num, *of, rewrites)?;
                applied.updated += 1;
                applied.touched.push(*of);
                (*of, aliases)
            }
            Change::Moved { of, entry, aliases } => {
                update_sighting(conn, num, *of, entry, now)?;
                applied.known += 1;
                applied.touched.push(*of);
                (*of, aliases)
            }
            Change::Same {
                of,
                aliases,
                position,
            } => {
                conn.prepare_cached(
                    "UPDATE sightings SET last_seen = ?2, position = ?3 WHERE id = ?1",
                )?
                .execute(params![
                    sighting_id(conn, num, *of)?,
                    Instant(now),
                    position
                ])?;
                applied.known += 1;
                (*of, aliases)
            }
            Change::Duplicate { of, entry, aliases } => {
                let made;
                let body = if let Some(prepared) = prepared {
                    prepared.body.as_ref()
                } else {
                    made = packed(entry)?;
                    made.as_ref()
                };
                insert_sighting(conn, num, *of, entry, (false, body), now)?;
                applied.known += 1;
                applied.touched.push(*of);
                shown += 1;
                (*of, aliases)
            }
        };
        let mut insert = conn.prepare_cached(
            "INSERT OR IGNORE INTO aliases (kind, scope, value, entry)
             VALUES (?1, coalesce((SELECT num FROM sources WHERE id = ?2), 0), ?3, ?4)",
        )?;
        for alias in aliases {
            let (kind, scope, value) = columns(alias);
            insert.execute(params![kind, scope.map(SourceId::as_str), value, key.0])?;
        }
    }
    if shown > 0 {
        conn.prepare_cached("UPDATE sources SET entries = entries + ?2 WHERE num = ?1")?
            .execute(params![num, shown])?;
    }
    let mut seen = std::collections::HashSet::new();
    applied.touched.retain(|key| seen.insert(*key));
    Ok(applied)
}

/// Forgets the guids of the source with number `num`, and `links`.
pub(super) fn forget(conn: &Connection, num: i64, links: &[Alias]) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM aliases WHERE kind = 1 AND scope = ?1")?
        .execute([num])?;
    let mut delete =
        conn.prepare_cached("DELETE FROM aliases WHERE kind = 2 AND scope = 0 AND value = ?1")?;
    for alias in links {
        if let Alias::Link(key) = alias {
            delete.execute([key])?;
        }
    }
    Ok(())
}

/// The row of what the source with number `num` shows of `key`, wherever it stands.
fn sighting_id(conn: &Connection, num: i64, key: EntryKey) -> rusqlite::Result<i64> {
    conn.prepare_cached(
        "SELECT id FROM sightings WHERE entry = ?1 AND source = ?2 AND home IS NULL
             UNION ALL SELECT id FROM sightings WHERE home = ?1 AND source = ?2",
    )?
    .query_row(params![key.0, num], |row| row.get(0))
}

/// The merged article of an entry that has one sighting.
pub(super) fn insert_entry(
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
        Instant(entry.published.map_or(now, |date| date.at)),
        Instant(now),
    ])?;
    let key = EntryKey(conn.last_insert_rowid());
    insert_lists(conn, key, entry)?;
    Ok(key)
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

/// One more sighting, with its body as it is kept: the last in the order of origins. The first shows just what the merged
/// article is.
fn insert_sighting(
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
        pend(conn, key)
    } else {
        pend_head(conn, key)
    }
}

fn update_sighting(
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
    pend_head(conn, key)?;
    set_body(conn, id, packed(entry)?.as_ref())
}

/// The publisher is to look at `key`, which is shown for itself.
pub(super) fn pend(conn: &Connection, key: EntryKey) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO pending (entry) VALUES (?1)")?
        .execute([key.0])?;
    Ok(())
}

/// The publisher is to look at `key`, under the entry that it is shown as.
fn pend_head(conn: &Connection, key: EntryKey) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO pending (entry)
         VALUES (coalesce((SELECT head FROM joined WHERE entry = ?1), ?1))",
    )?
    .execute([key.0])?;
    Ok(())
}

/// Keeps how often the source with number `num` has changed the text of `key`.
fn remember(
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
fn packed(entry: &Entry) -> rusqlite::Result<Option<Value>> {
    (entry.content.as_deref()).map(prepared::packed).transpose()
}

/// Keeps the merged article of `key`.
pub(super) fn settle(
    conn: &Connection,
    key: EntryKey,
    merged: &Merged,
    now: DateTime<Utc>,
    text_changed: bool,
) -> rusqlite::Result<bool> {
    let entry = &merged.entry;
    // read while those that show just the article still can be
    let shown = sightings(conn, key, None)?;
    let mut place = conn.prepare_cached(
        "UPDATE sightings SET place = ?3, gives_body = ?4, shown = ?5
         WHERE entry = ?1 AND source = (SELECT num FROM sources WHERE id = ?2)",
    )?;
    for (number, source) in (0i64..).zip(&merged.origins) {
        let gives_body = merged.body.as_ref() == Some(source);
        let shown = shown
            .iter()
            .find(|it| it.source == *source && !shows_just(&it.entry, entry))
            .map(|it| Shown::of(&it.entry));
        place.execute(params![key.0, source.as_str(), number, gives_body, shown])?;
    }
    let before: [u8; 16] = conn
        .prepare_cached("SELECT text FROM entries WHERE id = ?1")?
        .query_row([key.0], |row| row.get(0))?;
    conn.prepare_cached(
        "UPDATE entries SET title = ?2, url = ?3, key = ?4, published = ?5, precision = ?6, updated = ?7, summary = ?8,
             read_minutes = ?9, language = ?10, image = ?11, detail = ?12, text = ?13, date = coalesce(?5, first_seen)
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
    if before == text(entry) {
        return Ok(false);
    }
    search::changed(conn, key, entry)?;
    if text_changed {
        conn.prepare_cached("UPDATE ledger SET changed = max(changed, ?2) WHERE entry = ?1")?
            .execute(params![key.0, Instant(now)])?;
    }
    Ok(text_changed)
}

/// True if the sighting `shown` needs no [`Shown`] beside the merged article.
fn shows_just(shown: &Entry, merged: &Entry) -> bool {
    let beside = Entry {
        guid: shown.guid.clone(),
        content: shown.content.clone(),
        position: shown.position,
        print: shown.print,
        ..merged.clone()
    };
    *shown == beside
}

/// The sightings of `key`, best first; only that of `source`, if one is given.
pub(super) fn sightings(
    conn: &Connection,
    key: EntryKey,
    source: Option<&SourceId>,
) -> rusqlite::Result<Vec<Sighting>> {
    let mut statement = conn.prepare_cached(&format!(
        "{} WHERE s.entry = ?1 AND (?2 IS NULL OR c.id = ?2) ORDER BY s.place, c.id",
        sighting_columns()
    ))?;
    read_sightings(
        conn,
        statement.query(params![key.0, source.map(SourceId::as_str)])?,
    )
}

/// What is recognised by the aliases of `key`, wherever it stands.
pub(super) fn sightings_at_home(
    conn: &Connection,
    key: EntryKey,
) -> rusqlite::Result<Vec<Sighting>> {
    let mut statement = conn.prepare_cached(&format!(
        "{sighting} WHERE s.entry = ?1 AND s.home IS NULL UNION ALL {sighting} WHERE s.home = ?1",
        sighting = sighting_columns()
    ))?;
    read_sightings(conn, statement.query([key.0])?)
}

/// A sighting, of `sightings s`, with the article that it stands with.
fn sighting_columns() -> String {
    format!(
        "SELECT {ARTICLE}, s.shown, b.html, c.id, c.host, c.rank, s.first_seen, s.last_seen, s.entry, p.at, p.length, s.rewrites
         FROM sightings s JOIN entries e ON e.id = s.entry JOIN sources c ON c.num = s.source
             LEFT JOIN bodies b ON b.sighting = s.id LEFT JOIN pruned p ON p.sighting = s.id"
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
            None => read_lists(conn, row::key(row, at + 7)?, &mut entry)?,
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
            entry,
            pruned,
            rewrites: row::json(row, at + 10)?.unwrap_or_default(),
            first_seen,
            last_seen,
        });
    }
    Ok(sightings)
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
fn read_lists(conn: &Connection, key: EntryKey, entry: &mut Entry) -> rusqlite::Result<()> {
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

/// The aliases of `key` and of what is shown with it, strongest kind first.
pub(super) fn aliases(conn: &Connection, key: EntryKey) -> rusqlite::Result<Vec<Alias>> {
    conn.prepare_cached(
        "SELECT a.kind, c.id, a.value FROM aliases a LEFT JOIN sources c ON c.num = a.scope
         WHERE a.entry = ?1 OR a.entry IN (SELECT entry FROM joined WHERE head = ?1) ORDER BY a.kind, c.id, a.value",
    )?
    .query_map([key.0], |row| {
        let value = row.get(2)?;
        Ok(match (row.get(0)?, row::word(row, 1)?) {
            (1, Some(source)) => Alias::Guid(source, value),
            (2, _) => Alias::Link(value),
            (3, _) => Alias::Fingerprint(value),
            (kind, _) => return Err(rusqlite::Error::IntegralValueOutOfRange(0, kind)),
        })
    })?
    .collect()
}
