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
mod salvaged;
mod whole;

use std::path::Path;

use rusqlite::Connection;

use super::opening::PAGE_BYTES;
use super::{Error, Store, migrate};

pub use salvaged::Salvaged;

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
