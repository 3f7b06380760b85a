//! The archive opened: made if it is not there, brought to the newest shape, set up.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Error, Store, migrate};

/// How long we wait for another process that writes.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The pages of an archive that is made now: three bodies fill one of 4096 bytes, and waste less of one that is larger.
pub(super) const PAGE_BYTES: u32 = 8192;

impl Store {
    /// Opens the database at `path`, or makes it, and brings it to the newest shape.
    ///
    /// # Errors
    /// Whatever keeps it from being read and written: see [`Error`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        has_folder(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags);
        Self::prepare(conn.map_err(|source| Error::of(path, source))?, path)
    }

    /// An empty archive that lives as long as the value.
    ///
    /// # Errors
    /// If memory runs out.
    pub fn in_memory() -> Result<Self, Error> {
        let path = Path::new(":memory:");
        let conn = Connection::open_in_memory().map_err(|source| Error::of(path, source))?;
        Self::prepare(conn, path)
    }

    pub(super) fn prepare(conn: Connection, path: &Path) -> Result<Self, Error> {
        Self::migrated(conn, path, migrate::MIGRATIONS)
    }

    pub(super) fn migrated(
        mut conn: Connection,
        path: &Path,
        migrations: &[(&'static str, &str)],
    ) -> Result<Self, Error> {
        let at = |source| Error::of(path, source);
        conn.busy_timeout(PATIENCE).map_err(at)?;
        // SQLite quietly falls back to reading where it may not write
        if conn.is_readonly("main").map_err(at)? {
            return Err(Error::ReadOnly {
                path: path.to_owned(),
            });
        }
        // looked at before anything in the file is changed: it may not be ours
        migrate::check(&conn, path, migrations)?;
        settings(&conn).map_err(at)?;
        migrate::run(&mut conn, path, migrations)?;
        Ok(Self {
            conn,
            path: path.to_owned(),
            is_rehearsal: false,
        })
    }
}

/// Refuses the path of a file whose folder is not there.
pub(super) fn has_folder(path: &Path) -> Result<(), Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(Error::NoFolder {
            path: path.to_owned(),
        });
    }
    Ok(())
}

/// What holds for one connection, not for the file.
fn settings(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(128);
    conn.pragma_update(None, "page_size", PAGE_BYTES)?;
    // one plan a statement: else each new value may have it prepared anew
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if pages == 0 {
        // what is freed in the file can be given back to the disk bit by bit; of an old one only if it is compacted
        conn.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    // pages that are written again and again during a cycle are copied into the file once
    conn.pragma_update_and_check(None, "wal_autocheckpoint", 8_000, |_| Ok(()))?;
    // what a change of several would have to take back
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -8_000)
}
