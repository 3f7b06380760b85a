//! Looks whether an archive is sound: its pages, its shape, and whether its tables say the same. Mends what can be made anew
//! from the rest, and nothing else.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{Error, Store, Write, articles, migrate, row, search};
use crate::model::{Entry, EntryKey};

/// So many complaints of SQLite are told; a damaged file has thousands.
const MOST_COMPLAINTS: usize = 10;

/// Something in an archive that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What, in a sentence.
    pub what: String,
    /// True if it can be made anew from the rest of the archive.
    pub can_mend: bool,
    /// True if the file itself is damaged: what can be read of it can be saved ([`Store::salvage`]).
    pub is_damage: bool,
}

impl Finding {
    fn lasting(what: String) -> Self {
        Self {
            what,
            can_mend: false,
            is_damage: false,
        }
    }
}

/// Sets of rows that must be empty: how many of what, and the question that counts them.
const MUST_BE_NONE: [(&str, &str); 6] = [
    (
        "published entries are not in the archive",
        "SELECT count(*) FROM ledger WHERE entry NOT IN (SELECT id FROM entries)",
    ),
    (
        "entries stand in a feed and are not in the ledger",
        "SELECT count(*) FROM publications WHERE entry NOT IN (SELECT entry FROM ledger)",
    ),
    (
        "aliases lead to no entry",
        "SELECT count(*) FROM aliases WHERE entry NOT IN (SELECT id FROM entries)",
    ),
    (
        "entries are shown by no source",
        "SELECT count(*) FROM entries WHERE id NOT IN (SELECT entry FROM sightings)
             AND id NOT IN (SELECT entry FROM joined) AND detail ->> '$.lost' IS NULL",
    ),
    (
        "bodies are there that were given up",
        "SELECT count(*) FROM pruned WHERE sighting IN (SELECT sighting FROM bodies)",
    ),
    (
        "closed pages of archives have lost their bytes",
        "SELECT count(*) FROM archive_documents WHERE id NOT IN (SELECT document FROM archive_bodies)",
    ),
];

impl Store {
    /// Looks through the whole archive; empty if all is well. Takes as long as reading the file does.
    ///
    /// # Errors
    /// If it cannot be read so far as to be asked at all.
    pub fn examine(&self) -> Result<Vec<Finding>, Error> {
        let mut found = self.at(complaints(&self.conn))?;
        if !found.is_empty() {
            // what pages say that do not fit together is no evidence
            return Ok(found);
        }
        found.extend(shape(&self.conn, &self.path)?);
        found.extend(self.at(dangling(&self.conn))?);
        found.extend(
            self.at(missing(&self.conn))?
                .into_iter()
                .map(Finding::lasting),
        );
        let stale = self.at(unindexed(&self.conn))?;
        if stale > 0 {
            found.push(Finding {
                what: format!("the search index has {stale} entries too many or too few"),
                can_mend: true,
                is_damage: false,
            });
        }
        Ok(found)
    }
}

impl Write<'_> {
    /// The entries that sources show, joined ones under the one that is shown.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn shown(&mut self) -> Result<Vec<EntryKey>, Error> {
        let mut statement = self.at(self
            .conn
            .prepare("SELECT DISTINCT entry FROM sightings ORDER BY entry"))?;
        let keys = statement.query_map([], |row| row::key(row, 0));
        self.at(keys.and_then(Iterator::collect))
    }

    /// The merged article of `key`, as it is kept; `None` where it cannot be told, since none of its sightings comes first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn merged(&mut self, key: EntryKey) -> Result<Option<Entry>, Error> {
        self.at(articles::merged(self.conn, key))
    }

    /// Empties the search index: the next search fills it anew.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn forget_words(&mut self) -> Result<(), Error> {
        self.at(search::clear(self.conn))
    }
}

/// What of the archive has no counterpart that it must have.
pub(super) fn missing(conn: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = Vec::new();
    for (what, question) in MUST_BE_NONE {
        let count = conn.query_row(question, [], |row| row::count(row, 0))?;
        if count > 0 {
            found.push(format!("{count} {what}"));
        }
    }
    Ok(found)
}

/// What SQLite finds wrong with the file.
fn complaints(conn: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut statement = conn.prepare(&format!("PRAGMA integrity_check({MOST_COMPLAINTS})"))?;
    let mut found = Vec::new();
    let mut rows = statement.query([])?;
    loop {
        match rows.next() {
            Ok(Some(row)) => found.push(row.get::<_, String>(0)?),
            Ok(None) => break,
            // so damaged that looking stops
            Err(error) => {
                found.push(error.to_string());
                break;
            }
        }
    }
    found.retain(|what| what != "ok");
    let finding = |what: String| {
        let can_mend = what.contains("inverted index for FTS5 table");
        Finding {
            can_mend,
            is_damage: !can_mend,
            what: format!("the file is damaged: {what}"),
        }
    };
    Ok(found.into_iter().map(finding).collect())
}

/// Tables, indexes and triggers that are not those of a new archive.
fn shape(conn: &Connection, path: &std::path::Path) -> Result<Vec<Finding>, Error> {
    let at = |source| Error::of(path, source);
    let mut fresh = Connection::open_in_memory().map_err(at)?;
    migrate::run(&mut fresh, path, migrate::MIGRATIONS)?;
    let (wanted, there) = (parts(&fresh).map_err(at)?, parts(conn).map_err(at)?);
    let mut found = Vec::new();
    for (name, sql) in &wanted {
        match there.get(name) {
            None => found.push(Finding::lasting(format!("{name} is missing"))),
            Some(it) if it != sql => {
                found.push(Finding::lasting(format!("{name} is not what agg made")));
            }
            Some(_) => {}
        }
    }
    // a trigger that somebody added writes behind our back; a table or an index of theirs harms nobody
    let added =
        (there.keys()).filter(|name| name.starts_with("trigger ") && !wanted.contains_key(*name));
    found.extend(added.map(|name| Finding::lasting(format!("{name} is not agg's"))));
    Ok(found)
}

/// What a database is made of: `table ledger` → how it was declared.
fn parts(conn: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    conn.prepare(
        "SELECT type || ' ' || name, sql FROM sqlite_schema
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'",
    )?
    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}

/// References to rows that are not there, a line for each pair of tables.
fn dangling(conn: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut pairs: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        *pairs.entry((row.get(0)?, row.get(2)?)).or_default() += 1;
    }
    let finding = |((from, to), count)| {
        Finding::lasting(format!(
            "{count} rows of {from} refer to rows of {to} that are not there"
        ))
    };
    Ok(pairs.into_iter().map(finding).collect())
}

/// How many entries up to the last that is indexed are not, or are though they are not shown.
fn unindexed(conn: &Connection) -> rusqlite::Result<u64> {
    let reach = search::reach(conn)?;
    conn.query_row(
        "SELECT (SELECT count(*) FROM entries e WHERE e.id <= ?1 AND NOT EXISTS (SELECT 1 FROM joined j WHERE j.entry = e.id)
                 AND EXISTS (SELECT 1 FROM sightings s WHERE s.entry = e.id)
                 AND NOT EXISTS (SELECT 1 FROM search_docsize d WHERE d.id = e.id))
             + (SELECT count(*) FROM search_docsize d WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE e.id = d.id)
                 OR EXISTS (SELECT 1 FROM joined j WHERE j.entry = d.id))",
        [reach],
        |row| row::count(row, 0),
    )
}
