//! Archive → a copy of it, whole and consistent, while others go on writing.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, ffi};

use super::{Error, Store};

/// How the name of a copy in the making ends.
const UNFINISHED: &str = ".agg-new";

/// What SQLite says where a file takes no more.
const WRITING: [i32; 4] = [
    ffi::SQLITE_FULL,
    ffi::SQLITE_IOERR_WRITE,
    ffi::SQLITE_IOERR_FSYNC,
    ffi::SQLITE_IOERR_TRUNCATE,
];

impl Store {
    /// Copies the archive, as it is at this moment, to the file `target`; gives the size of the copy in bytes. The copy is
    /// made beside, read through, forced to the disk, and takes its name in one step. What is there is replaced only if
    /// `replace` says so. The copy may be read and written by its owner only.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::InUse`] or [`Error::Copy`] for the copy; [`Error::Damaged`] if the
    /// archive cannot be read to its end. No file has taken the name then.
    pub fn backup(&self, target: &Path, replace: bool) -> Result<u64, Error> {
        into_file(target, &self.path, replace, |_, unfinished| {
            self.copy_into(unfinished, target)
        })
    }

    fn copy_into(&self, unfinished: &Path, target: &Path) -> Result<(), Error> {
        let name = unfinished.to_string_lossy();
        // a connection that only looks may write all the same, into another file
        self.at(self.conn.pragma_update(None, "query_only", false))?;
        let copied = self.conn.execute("VACUUM INTO ?1", [&*name]);
        copied.map_err(|error| match error.sqlite_error() {
            // of the two files it is the copy that is written
            Some(code) if WRITING.contains(&code.extended_code) => Error::Copy {
                path: target.to_owned(),
                source: io::Error::other(error),
            },
            _ => Error::of(&self.path, error),
        })?;
        let cannot = |source| Error::of(target, source);
        let copy = Connection::open_with_flags(unfinished, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let answer: String = copy
            .and_then(|copy| copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)))
            .map_err(cannot)?;
        if answer == "ok" {
            return Ok(());
        }
        Err(Error::Unsound {
            path: self.path.clone(),
            what: answer,
        })
    }
}

/// Makes the file `target` by `write`, which gets an empty file beside it and its path; gives its size in bytes. It is forced to
/// the disk and takes its name in one step. What is there is replaced only if `replace` says so, and never the `archive`.
pub(super) fn into_file(
    target: &Path,
    archive: &Path,
    replace: bool,
    write: impl FnOnce(&File, &Path) -> Result<(), Error>,
) -> Result<u64, Error> {
    super::opening::has_folder(target).map_err(|_| Error::Copy {
        path: target.to_owned(),
        source: io::Error::new(io::ErrorKind::NotFound, "its folder does not exist"),
    })?;
    may_stand_at(target, archive, replace)?;
    let at = |source| Error::Copy {
        path: target.to_owned(),
        source,
    };
    let unfinished = beside(target).ok_or_else(|| at(io::ErrorKind::InvalidInput.into()))?;
    let file = begin(&unfinished).map_err(|error| match error {
        TryLockError::WouldBlock => Error::InUse {
            path: target.to_owned(),
        },
        TryLockError::Error(error) => at(error),
    })?;
    let finished =
        write(&file, &unfinished).and_then(|()| finish(&file, &unfinished, target).map_err(at));
    if finished.is_err() {
        // an empty leftover harms nobody, and the next copy takes it over
        let _ = fs::remove_file(&unfinished);
    }
    finished
}

/// Refuses to write where something is that must stay.
fn may_stand_at(target: &Path, archive: &Path, replace: bool) -> Result<(), Error> {
    let path = || target.to_owned();
    if belongs_to(target, archive) {
        return Err(Error::InUse { path: path() });
    }
    let (Ok(there), Ok(ours)) = (target.canonicalize(), archive.canonicalize()) else {
        return Ok(());
    };
    let mut journal = target.as_os_str().to_owned();
    journal.push("-wal");
    if there == ours || PathBuf::from(journal).exists() {
        return Err(Error::InUse { path: path() });
    }
    if !replace || !there.is_file() {
        return Err(Error::Exists { path: path() });
    }
    Ok(())
}

/// True for the journals and the lock of the `archive`, whether they are there or not.
fn belongs_to(target: &Path, archive: &Path) -> bool {
    let folder = |path: &Path| {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        folder.unwrap_or(Path::new(".")).canonicalize().ok()
    };
    let ours = archive.file_name().and_then(OsStr::to_str);
    let named = target.file_name().and_then(OsStr::to_str);
    let rest = (ours.zip(named)).and_then(|(ours, named)| named.strip_prefix(ours));
    matches!(rest, Some("-wal" | "-shm" | "-journal" | ".lock"))
        && folder(target) == folder(archive)
}

/// `backups/agg.db` → `backups/.agg.db.agg-new`.
pub(super) fn beside(target: &Path) -> Option<PathBuf> {
    let mut name = OsString::from(".");
    name.push(target.file_name()?);
    name.push(UNFINISHED);
    Some(target.with_file_name(name))
}

/// The empty file that becomes the copy: new, or what a killed run left.
pub(super) fn begin(path: &Path) -> Result<File, TryLockError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(TryLockError::Error)?;
    file.try_lock()?;
    file.set_len(0).map_err(TryLockError::Error)?;
    Ok(file)
}

/// Puts the copy on the disk and gives it its name.
pub(super) fn finish(file: &File, unfinished: &Path, target: &Path) -> io::Result<u64> {
    file.sync_all()?;
    let size = file.metadata()?.len();
    fs::rename(unfinished, target)?;
    let folder = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    // where folders cannot be forced to the disk, the system does it when it likes
    let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    Ok(size)
}
