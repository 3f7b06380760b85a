//! The files: the damaged one, a copy of it that can be opened, the new one, and who takes whose name.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::super::opening::PATIENCE;
use super::super::{Error, backup, migrate};

/// As much of the first page says how the file is to be read (SQLite file format, section 1.3).
const HEADER: usize = 100;
/// How large the pages of an archive may be, bytes; what agg makes and made first.
const PAGE_SIZES: [u16; 7] = [8192, 4096, 16384, 32768, 2048, 1024, 512];
/// Where the first b-tree begins with its kind: a leaf or an inner page.
const TREE_KINDS: [u8; 2] = [0x0d, 0x05];

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// The new file, empty, beside the damaged one.
pub(super) fn begin(path: &Path) -> Result<(PathBuf, File), Error> {
    let at = |source| Error::Copy {
        path: path.to_owned(),
        source,
    };
    let fresh = backup::beside(path).ok_or_else(|| at(io::ErrorKind::InvalidInput.into()))?;
    let file = backup::begin(&fresh).map_err(|error| match error {
        TryLockError::WouldBlock => Error::Locked {
            path: path.to_owned(),
        },
        TryLockError::Error(error) => at(error),
    })?;
    let before = fs::metadata(path).map_err(at)?;
    file.set_permissions(before.permissions()).map_err(at)?;
    let (uid, gid) = (before.uid(), before.gid());
    if file
        .metadata()
        .is_ok_and(|new| (new.uid(), new.gid()) != (uid, gid))
    {
        // root may repair the archive of a service; where a file cannot be given away, nothing is lost
        let _ = fchown(&file, Some(uid), Some(gid));
    }
    Ok((fresh, file))
}

/// A connection in which the tables can be found: to the file, or to a copy of it with another header, whose path is given too.
pub(super) fn readable(path: &Path) -> Result<(Connection, Option<PathBuf>), Error> {
    if let Ok(conn) = connect(path)
        && has_tables(&conn)
    {
        return Ok((conn, None));
    }
    let mended = with_ending(path, ".agg-mended");
    let found = PAGE_SIZES.iter().find_map(|size| {
        with_new_header(path, &mended, *size).ok()?;
        connect(&mended).ok().filter(has_tables)
    });
    if let Some(conn) = found {
        return Ok((conn, Some(mended)));
    }
    forget(Some(&mended));
    Err(Error::Unsalvageable {
        path: path.to_owned(),
    })
}

/// Writes a copy of the database `path` whose header is that of a new one with pages of that size.
fn with_new_header(path: &Path, copy: &Path, page_size: u16) -> io::Result<()> {
    let other = |error: rusqlite::Error| io::Error::other(error);
    let mut first = [0; HEADER + 1];
    File::open(path)?.read_exact(&mut first)?;
    if !TREE_KINDS.contains(&first[HEADER]) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    forget(Some(copy));
    let mut conn = Connection::open(copy).map_err(other)?;
    migrate::run(&mut conn, copy, migrate::MIGRATIONS).map_err(io::Error::other)?;
    drop(conn);
    let mut header = [0; HEADER];
    File::open(copy)?.read_exact(&mut header)?;
    header[16..18].copy_from_slice(&page_size.to_be_bytes());
    // how many pages there are, and which of them are free: to be found out
    for from in [28, 32, 36] {
        header[from..from + 4].fill(0);
    }
    // by a rollback journal, if any: what is in a write-ahead log was written for the header that is gone
    header[18..20].fill(1);
    // so that nobody takes it for a newer one
    header[60..64].fill(0);
    fs::copy(path, copy)?;
    let mut file = File::options().write(true).open(copy)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&header)
}

/// Removes a file of ours with what SQLite made beside it.
pub(super) fn forget(path: Option<&Path>) {
    if let Some(path) = path {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(with_ending(path, ending));
        }
    }
}

/// Gives the new file, forced to the disk, the name of the damaged one, which is kept beside; says where.
pub(super) fn swap(path: &Path, fresh: &Path, file: &File) -> Result<PathBuf, Error> {
    let at = |source| Error::Copy {
        path: path.to_owned(),
        source,
    };
    leave(path)?;
    file.sync_all().map_err(at)?;
    let mut damaged = with_ending(path, ".damaged");
    let mut number = 1;
    while damaged.exists() {
        number += 1;
        damaged = with_ending(path, &format!(".damaged-{number}"));
    }
    // a second name first: at no instant is there no file of the first one
    if fs::hard_link(path, &damaged).is_err() {
        fs::copy(path, &damaged).map_err(at)?;
    }
    for ending in ["-wal", "-shm"] {
        let (from, to) = (with_ending(path, ending), with_ending(&damaged, ending));
        // a journal of the damaged file must not be taken for one of the new file
        if from.exists() {
            fs::rename(from, to).map_err(at)?;
        }
    }
    backup::finish(file, fresh, path).map_err(at)?;
    Ok(damaged)
}

/// Sees to it that nobody else has the file open, and that its journal is in it.
pub(super) fn leave(path: &Path) -> Result<(), Error> {
    let left = connect(path).and_then(|conn| {
        conn.busy_timeout(std::time::Duration::ZERO)?;
        conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
    });
    match left {
        Err(error)
            if matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
            ) =>
        {
            Err(Error::Locked {
                path: path.to_owned(),
            })
        }
        // what is so damaged keeps its journal
        _ => Ok(()),
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
