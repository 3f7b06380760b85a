//! What entries are recognised by: guids of their sources, links, fingerprints.

use rusqlite::{Connection, OptionalExtension, params};

use super::row;
use crate::model::{Alias, EntryKey, Known, Print, SourceId};

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

/// From now on `key` is recognised by `aliases`, but for those that mean another entry already.
pub(super) fn add(conn: &Connection, key: EntryKey, aliases: &[Alias]) -> rusqlite::Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT OR IGNORE INTO aliases (kind, scope, value, entry)
         VALUES (?1, coalesce((SELECT num FROM sources WHERE id = ?2), 0), ?3, ?4)",
    )?;
    for alias in aliases {
        let (kind, scope, value) = columns(alias);
        insert.execute(params![kind, scope.map(SourceId::as_str), value, key.0])?;
    }
    Ok(())
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

/// The aliases of `key` and of what is shown with it, strongest kind first.
pub(super) fn of(conn: &Connection, key: EntryKey) -> rusqlite::Result<Vec<Alias>> {
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
