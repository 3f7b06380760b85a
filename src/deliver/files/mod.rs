//! Files that readers see whole or not at all.
//!
//! The bytes go into a new file beside the old one, are forced to the disk, and take the old one's name in one step; then the
//! folder is forced to the disk, too. A run that is killed at any instant leaves the old file or the new one, and at worst a
//! hidden leftover, which the next run removes: a living writer holds a lock on its file, a dead one does not. Several files
//! are forced to the disk together, which takes hardly longer than one.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File, FileType, Metadata};
use std::io::{self, ErrorKind, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use tempfile::{Builder, NamedTempFile};

/// How the name of a file in the making ends.
const UNFINISHED: &str = ".agg-new";
/// How often a file in the making may vanish before we give up (a second process may take it for a leftover in the instant
/// before it is locked).
const ATTEMPTS: u32 = 3;
/// For so many files we wait at once.
const WAITING: usize = 8;

/// What writing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The file is new, or holds other bytes than before.
    Changed,
    /// It held these bytes already; nothing was touched.
    Unchanged,
}

/// Why a file could not be written. What was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not the bare name of a file.
    #[error("{0:?} is no name for a file in the output folder")]
    Name(String),
    /// The folder's name belongs to something else.
    #[error("output folder {} is {what}, not a folder", path.display())]
    NotAFolder {
        /// The folder as given, or the part of its path that is in the way.
        path: PathBuf,
        /// What it is ("a file").
        what: &'static str,
    },
    /// The file's name belongs to something that must not be replaced.
    #[error("{} is {what}, not a file that agg wrote; it is left alone", path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
        /// What it is ("a symbolic link").
        what: &'static str,
    },
    /// No room.
    #[error("the disk is full: {} could not be written", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The file system takes nothing.
    #[error("the file system is read-only: {} could not be written", path.display())]
    ReadOnly {
        /// The file or folder.
        path: PathBuf,
    },
    /// No right to.
    #[error("permission denied: {} could not be written", path.display())]
    Denied {
        /// The file or folder.
        path: PathBuf,
    },
    /// Anything else; the cause is the source.
    #[error("{} could not be written", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// What to do about it, where there is something.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotAFolder { .. } => "name another `output` in feeds.toml",
            Self::NotAFile { .. } => "move it away, or name another `output` in feeds.toml",
            Self::DiskFull { .. } => "make room, then run `agg publish`; what was read is stored",
            Self::ReadOnly { .. } | Self::Denied { .. } => {
                "give yourself the right to write there, or name another `output` in feeds.toml, then run `agg publish`"
            }
            Self::Name(_) | Self::Io { .. } => return None,
        })
    }

    fn of(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { path },
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Io { path, source },
        }
    }
}

/// A file as it is to be.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Where it is.
    pub folder: &'a Path,
    /// Its bare name.
    pub name: &'a str,
    /// What is to stand in it.
    pub bytes: &'a [u8],
    /// When its bytes change, if they do: its modification time, or a second after the one it had, whichever is later, so
    /// that it never goes back; `None`: by the clock of the system.
    pub changed: Option<SystemTime>,
}

/// Makes each of `files` hold its bytes, readable by everybody (mode 0644); says of each what was done. Folders that are
/// missing are made. Equal bytes leave a file and its modification time alone. All of them are beside the old ones before the
/// first takes its name; they do so in the order given, so that what leads to another file may come after it.
///
/// # Errors
///
/// Names the path and the cause. A link, a folder or a device under a name is not replaced. Of the files before the one it
/// names some may be new, each of them whole.
pub fn write_all(files: &[Wanted<'_>]) -> Result<Vec<Written>, Error> {
    if let Some(file) = (files.iter()).find(|it| !is_bare(it.name)) {
        return Err(Error::Name(file.name.to_owned()));
    }
    let folders: BTreeSet<&Path> = files.iter().map(Wanted::folder).collect();
    for folder in &folders {
        make_folder(folder)?;
        let names = files.iter().filter(|it| it.folder() == *folder);
        remove_leftovers(folder, &names.map(|it| it.name).collect());
    }
    let mut written = Vec::with_capacity(files.len());
    let mut beside = Vec::new();
    for file in files {
        let path = file.path();
        if holds(&path, file.bytes)? {
            written.push(Written::Unchanged);
        } else {
            let new = prepare(file).map_err(|error| Error::of(&path, error))?;
            beside.push((file, path, new));
            written.push(Written::Changed);
        }
    }
    each(&beside, |(_, path, new)| {
        let synced = new.as_file().sync_all();
        synced.map_err(|error| Error::of(path, error))
    })?;
    let changed: BTreeSet<&Path> = beside.iter().map(|(file, ..)| file.folder()).collect();
    for (file, path, new) in beside {
        replace(file, &path, new).map_err(|error| Error::of(&path, error))?;
    }
    let changed: Vec<&Path> = changed.into_iter().collect();
    each(&changed, |folder| {
        sync_folder(folder).map_err(|error| Error::of(folder, error))
    })?;
    Ok(written)
}

/// Does `work`, which waits for the disk, for some of `items` at a time: the disk does not take longer for several. Gives
/// the first error.
fn each<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<(), Error> + Sync) -> Result<(), Error> {
    for few in items.chunks(WAITING) {
        let [first, others @ ..] = few else {
            continue;
        };
        thread::scope(|scope| {
            let others: Vec<_> = others.iter().map(|it| scope.spawn(|| work(it))).collect();
            let mut result = work(first);
            for other in others {
                let done = other.join().unwrap_or_else(|panic| resume_unwind(panic));
                result = result.and(done);
            }
            result
        })?;
    }
    Ok(())
}

impl Wanted<'_> {
    fn folder(&self) -> &Path {
        if self.folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            self.folder
        }
    }

    fn path(&self) -> PathBuf {
        self.folder().join(self.name)
    }
}

fn is_bare(name: &str) -> bool {
    Path::new(name).file_name() == Some(OsStr::new(name))
}

/// True if there is a file of so many bytes at `path`: enough to know for what never changes.
#[must_use]
pub fn is_there(path: &Path, size: u64) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.len() == size)
}

/// When the bytes of the file at `path` last changed; `None` if there is none.
#[must_use]
pub fn modified(path: &Path) -> Option<SystemTime> {
    let found = fs::symlink_metadata(path).ok()?;
    found.modified().ok().filter(|_| found.is_file())
}

/// What stands at `path` and is no file, in words ("a symbolic link"); `None` if there is nothing, or a file.
#[must_use]
pub fn in_the_way(path: &Path) -> Option<&'static str> {
    let found = fs::symlink_metadata(path).ok()?.file_type();
    (!found.is_file()).then(|| what(found))
}

fn make_folder(folder: &Path) -> Result<(), Error> {
    let Err(error) = fs::create_dir_all(folder) else {
        return Ok(());
    };
    let in_the_way = folder.ancestors().find_map(|path| {
        let found = fs::metadata(path)
            .or_else(|_| fs::symlink_metadata(path))
            .ok()?;
        Some((path, found))
    });
    match in_the_way {
        Some((path, found)) if !found.is_dir() => Err(Error::NotAFolder {
            path: path.to_owned(),
            what: what(found.file_type()),
        }),
        _ => Err(Error::of(folder, error)),
    }
}

/// True if the file holds these bytes already; an error if what is there is no plain file.
fn holds(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Error::of(path, error)),
    };
    if !found.is_file() {
        return Err(Error::NotAFile {
            path: path.to_owned(),
            what: what(found.file_type()),
        });
    }
    // A file that cannot be read can still be replaced.
    Ok(same_length(&found, bytes) && fs::read(path).is_ok_and(|old| old == bytes))
}

fn same_length(found: &Metadata, bytes: &[u8]) -> bool {
    usize::try_from(found.len()).is_ok_and(|length| length == bytes.len())
}

fn what(kind: FileType) -> &'static str {
    if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_dir() {
        "a folder"
    } else if kind.is_file() {
        "a file"
    } else {
        "a device or socket"
    }
}

/// The file in the making, with all its bytes, which may not be on the disk yet.
fn prepare(file: &Wanted<'_>) -> io::Result<NamedTempFile> {
    let mut new = Builder::new()
        .prefix(&unfinished_prefix(file.name))
        .suffix(UNFINISHED)
        .tempfile_in(file.folder())?;
    // Without locks (some network file systems) leftovers stay, and all else works.
    let _ = new.as_file().lock();
    fill(new.as_file_mut(), file.bytes)?;
    if let Some(changed) = file.changed {
        let before = modified(&file.path()).map(|before| before + Duration::from_secs(1));
        let changed = before.map_or(changed, |before| before.max(changed));
        // where a file system keeps no such time, the bytes matter more
        let _ = new.as_file().set_modified(changed);
    }
    Ok(new)
}

/// Gives the file in the making its name; if it has vanished, makes it again.
fn replace(file: &Wanted<'_>, path: &Path, mut new: NamedTempFile) -> io::Result<()> {
    let mut attempt = 1;
    loop {
        match persist(new, path) {
            Err(error) if error.kind() == ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
            done => return done,
        }
        new = prepare(file)?;
        new.as_file().sync_all()?;
    }
}

/// Writes the bytes. If this fails, the file in the making goes and the old one stays.
fn fill(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Whatever the umask: a web server under another name must be able to read it.
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

fn persist(new: NamedTempFile, path: &Path) -> io::Result<()> {
    new.persist(path).map(drop).map_err(|error| error.error)
}

/// Makes the new name last through a power cut. File systems that cannot do that for folders are forgiven, and so are
/// folders that we may write into but not look into.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let forgiven = [
            ErrorKind::InvalidInput,
            ErrorKind::Unsupported,
            ErrorKind::PermissionDenied,
        ];
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .or_else(|error| {
                let fine = forgiven.contains(&error.kind());
                if fine { Ok(()) } else { Err(error) }
            })
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(())
    }
}

fn unfinished_prefix(name: &str) -> String {
    format!(".{name}.")
}

/// Removes what killed runs left behind for these names. Never fails: a leftover harms nobody.
fn remove_leftovers(folder: &Path, names: &HashSet<&str>) {
    for path in leftovers(folder) {
        let name = path.file_name().and_then(OsStr::to_str);
        let is_ours = name
            .and_then(finished)
            .is_some_and(|name| names.contains(name));
        if is_ours && let Err(error) = fs::remove_file(&path) {
            tracing::debug!(path = %path.display(), %error, "a leftover stays");
        }
    }
}

/// The name that a file in the making is to have.
fn finished(unfinished: &str) -> Option<&str> {
    let name = unfinished.strip_prefix('.')?.strip_suffix(UNFINISHED)?;
    Some(name.rsplit_once('.')?.0)
}

/// The files that killed runs left in `folder`: those that nobody is writing.
#[must_use]
pub fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).into_iter().flatten().flatten();
    listed
        .filter(|found| {
            let name = found.file_name();
            name.to_str()
                .is_some_and(|name| name.starts_with('.') && name.ends_with(UNFINISHED))
                && found.file_type().is_ok_and(|kind| kind.is_file())
                && File::open(found.path()).is_ok_and(|file| file.try_lock().is_ok())
        })
        .map(|found| found.path())
        .collect()
}

#[cfg(test)]
mod tests;
