//! A file whose pages are damaged → a new one with all that can still be read of it, and what of the rest follows from that.
//!
//! Rows are copied one by one, around pages that cannot be read: from both ends of a table, then by the numbers that its indexes
//! and the rows that refer to it tell. What indexes hold besides is used where rows are gone: the ledger's ids and dates, the
//! names of sources and feeds. Whatever was published keeps its id as long as one of the places where that stands can be read.
//! Then references are made whole, and what sources have to show again is asked for by the next fetch.
//!
//! Nothing is written into the damaged file but its own journal; it is kept beside.

mod place;
mod rows;
mod whole;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{Error, PAGE_BYTES, PATIENCE, Store, migrate};

/// What became of an archive whose file was damaged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Where the damaged file is kept.
    pub damaged: PathBuf,
    /// How many rows were saved.
    pub saved: u64,
    /// What is lost, table by table, in sentences.
    pub lost: Vec<String>,
    /// What was lost and made anew, in sentences.
    pub rebuilt: Vec<String>,
    /// True if what was published may not all be on record any more.
    pub has_lost_ledger: bool,
    /// The tables that could not be read to their end.
    torn: BTreeSet<String>,
}

impl Salvaged {
    fn lose(&mut self, what: impl Into<String>) {
        self.lost.push(what.into());
    }

    fn rebuild(&mut self, count: usize, what: &str) {
        if count > 0 {
            self.rebuilt.push(format!("{count} {what}"));
        }
    }
}

impl Store {
    /// Puts a new archive in the place of the damaged one at `path`, with all that can still be read of it. Whoever calls this
    /// holds the claim and has no connection to it.
    ///
    /// # Errors
    /// [`Error::Unsalvageable`] if its tables cannot be found, [`Error::Locked`] if somebody has it open, [`Error::Newer`] and
    /// the like, [`Error::Copy`] if the new file cannot be written. The file is what it was then.
    pub fn salvage(path: &Path) -> Result<Salvaged, Error> {
        place::leave(path)?;
        let mut salvaged = Salvaged::default();
        let (fresh, file) = place::begin(path)?;
        let saved = place::readable(path).and_then(|(from, mended)| {
            let to = Connection::open(&fresh).map_err(|source| Error::of(&fresh, source))?;
            let copied = save(&from, to, path, &fresh, &mut salvaged);
            drop(from);
            place::forget(mended.as_deref());
            copied
        });
        let placed = saved.and_then(|()| place::swap(path, &fresh, &file));
        match placed {
            Ok(damaged) => {
                salvaged.damaged = damaged;
                Ok(salvaged)
            }
            Err(error) => {
                place::forget(Some(&fresh));
                Err(error)
            }
        }
    }
}

/// Fills the new database `to`, which is the file `fresh`.
fn save(
    from: &Connection,
    mut to: Connection,
    path: &Path,
    fresh: &Path,
    salvaged: &mut Salvaged,
) -> Result<(), Error> {
    let at = |source| Error::of(fresh, source);
    // as a new archive is made
    to.pragma_update(None, "page_size", PAGE_BYTES)
        .map_err(at)?;
    to.pragma_update(None, "auto_vacuum", "INCREMENTAL")
        .map_err(at)?;
    // what of it is not whole at the end is thrown away
    to.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))
        .map_err(at)?;
    to.pragma_update(None, "synchronous", "OFF").map_err(at)?;
    to.pragma_update(None, "foreign_keys", false).map_err(at)?;
    let found = version(from, path)?;
    migrate::run(&mut to, fresh, &migrate::MIGRATIONS[..found])?;
    rows::copy(from, &to, salvaged).map_err(at)?;
    migrate::run(&mut to, fresh, migrate::MIGRATIONS)?;
    whole::make(from, &to, salvaged).map_err(at)?;
    let answer: String = to
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(at)?;
    if answer != "ok" {
        return Err(Error::Unsound {
            path: fresh.to_owned(),
            what: answer,
        });
    }
    to.close().map_err(|(_, source)| at(source))
}

/// The version of the damaged database; the newest where that cannot be read.
fn version(from: &Connection, path: &Path) -> Result<usize, Error> {
    let known = migrate::MIGRATIONS.len();
    let found: i64 = from
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap_or_default();
    match usize::try_from(found) {
        Ok(0) | Err(_) => Ok(known),
        Ok(found) if found > known => Err(Error::Newer {
            path: path.to_owned(),
            found: u32::try_from(found).unwrap_or(u32::MAX),
            known: migrate::newest(),
        }),
        Ok(found) => Ok(found),
    }
}

/// A connection that reads what there is, however it looks.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(PATIENCE)?;
    // a file that is too short, and declarations that cannot be read, are no reason to read nothing
    conn.pragma_update(None, "writable_schema", true)?;
    Ok(conn)
}

/// True if the tables of an archive can be found in the file.
fn has_tables(conn: &Connection) -> bool {
    let found = conn.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('sources', 'entries', 'ledger')",
        [],
        |row| row.get::<_, i64>(0),
    );
    found.is_ok_and(|count| count == 3)
}
