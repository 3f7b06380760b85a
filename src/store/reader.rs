//! Opening an archive to look into it: it may lie on a disk that takes no writing, and belong to somebody else.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use url::Url;

use super::error::Error;
use super::opening::PATIENCE;
use super::{Store, migrate};

impl Store {
    /// Opens the database at `path` for looking into it. It is never changed, and it may be read-only, as may its folder.
    /// Only one that an older agg wrote is brought to the newest shape first.
    ///
    /// # Errors
    /// [`Error::Older`] if that cannot be done here, [`Error::Unfinished`] if its last commits are in a journal that cannot
    /// be opened here, and whatever else keeps it from being read.
    pub fn open_to_read(path: &Path) -> Result<Self, Error> {
        let (conn, found) = match connect(path) {
            Err(Error::ReadOnly { .. } | Error::CannotOpen { .. }) if path.is_file() => {
                connect_immutable(path)?
            }
            other => other?,
        };
        let known = migrate::newest();
        if found < known {
            drop(conn);
            return Self::open(path).map_err(|error| match error {
                Error::ReadOnly { path } | Error::CannotOpen { path, .. } => {
                    Error::Older { path, found, known }
                }
                other => other,
            });
        }
        conn.set_prepared_statement_cache_capacity(64);
        conn.pragma_update(None, "query_only", true)
            .map_err(|source| Error::of(path, source))?;
        Ok(Self {
            conn,
            is_rehearsal: false,
            path: path.to_owned(),
        })
    }
}

/// Opens what is there. SQLite itself falls back to reading where the file may not be written; it needs to write beside the
/// file all the same, for what readers and writers tell each other.
fn connect(path: &Path) -> Result<(Connection, u32), Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags);
    checked(conn.map_err(|source| Error::of(path, source))?, path)
}

/// Opens a file that nobody can change, without a word to anybody. What is only in a journal beside it is not seen so:
/// such a journal is an error.
fn connect_immutable(path: &Path) -> Result<(Connection, u32), Error> {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    if PathBuf::from(journal)
        .metadata()
        .is_ok_and(|journal| journal.len() > 0)
    {
        return Err(Error::Unfinished {
            path: path.to_owned(),
        });
    }
    let cannot = |source| Error::of(path, source);
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let name = Url::from_file_path(&absolute)
        .map_err(|()| cannot(rusqlite::Error::InvalidPath(absolute)))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(format!("{name}?immutable=1"), flags);
    checked(conn.map_err(cannot)?, path)
}

/// The connection, if it is to a database of ours, and the database's version.
fn checked(conn: Connection, path: &Path) -> Result<(Connection, u32), Error> {
    conn.busy_timeout(PATIENCE)
        .map_err(|source| Error::of(path, source))?;
    let found = migrate::check(&conn, path, migrate::MIGRATIONS)?;
    Ok((conn, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_writes_nothing_and_makes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agg.db");
        assert!(Store::open_to_read(&path).is_err());
        assert!(!path.exists(), "a reader makes no archive");
        drop(Store::open(&path).unwrap());
        let before = std::fs::read(&path).unwrap();
        let mut store = Store::open_to_read(&path).unwrap();
        assert_eq!(store.totals().unwrap().entries, 0);
        assert!(store.register(&[]).is_err(), "a reader cannot write");
        drop(store);
        assert_eq!(std::fs::read(&path).unwrap(), before);
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn a_reader_sees_what_a_writer_beside_it_has_committed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agg.db");
        let mut writer = Store::open(&path).unwrap();
        let reader = Store::open_to_read(&path).unwrap();
        let source = super::super::tests::source("blog");
        writer.register(&[source]).unwrap();
        assert_eq!(reader.totals().unwrap().sources, 1);
    }

    #[test]
    fn a_file_that_nobody_can_change_is_read_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b%20?#ä.db");
        drop(Store::open(&path).unwrap());
        assert!(connect_immutable(&path).is_ok());
        let journal = folder.path().join("a b%20?#ä.db-wal");
        std::fs::write(journal, "the last commits").unwrap();
        assert!(matches!(
            connect_immutable(&path),
            Err(Error::Unfinished { .. })
        ));
    }

    #[test]
    fn an_archive_of_an_older_version_is_brought_up_to_date_to_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agg.db");
        let conn = Connection::open(&path).unwrap();
        drop(Store::migrated(conn, &path, &migrate::MIGRATIONS[..1]).unwrap());
        let store = Store::open_to_read(&path).unwrap();
        assert!(store.verdicts().unwrap().is_empty());
    }
}
