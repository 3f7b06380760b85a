//! One run at a time writes into an archive. The lock file beside the database says who; the lock on it is the operating
//! system's, so it ends with its holder, however that ends, and a file that a dead process left is in nobody's way.
//!
//! SQLite keeps two writers from harming each other. This keeps them from doing the same work twice: asking the same hosts
//! at the same time, and publishing each other's halves.

use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};

use super::error::Error;

/// More than a holder ever writes; what is longer was not written by us.
const LONGEST: u64 = 1_000;

/// Who writes into an archive, as the lock file says it: `4711 2026-03-01T12:00:00Z agg fetch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What it does, in the words of the command line.
    pub command: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` (process {}, since {})",
            self.command,
            self.pid,
            self.since.format("%Y-%m-%d %H:%M:%S UTC"),
        )
    }
}

/// The right to write into an archive, until it is dropped.
#[derive(Debug)]
pub struct Claim {
    file: File,
}

/// Whose an archive is.
#[derive(Debug)]
pub enum Claimed {
    /// Ours, as long as the claim lives.
    Ours(Claim),
    /// Another run's; `None` if it has not said whose.
    Theirs(Option<Holder>),
}

impl Claim {
    /// Takes the right to write into the archive at `database`, if nobody has it. Never waits.
    ///
    /// # Errors
    /// [`Error::NoFolder`], or [`Error::Lock`] if the lock file beside it cannot be made or locked.
    pub fn take(database: &Path, holder: &Holder) -> Result<Claimed, Error> {
        super::opening::has_folder(database)?;
        let path = lock_file(database);
        let at = |source| Error::Lock {
            path: path.clone(),
            source,
        };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(at)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Claimed::Theirs(read(&file))),
            Err(TryLockError::Error(error)) => return Err(at(error)),
        }
        belong_together(&file, database);
        write(&file, holder).map_err(at)?;
        Ok(Claimed::Ours(Self { file }))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // so that nobody takes us for the holder after us; the lock itself ends with the file
        let _ = self.file.set_len(0);
    }
}

/// `agg.db` → `agg.db.lock`.
fn lock_file(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(".lock");
    name.into()
}

/// Root may run `agg fetch` by hand beside a service that is somebody else: the file goes to whom the database belongs, as
/// SQLite does it with its own files. Where that is not ours to say, nothing is lost.
fn belong_together(file: &File, database: &Path) {
    if let (Ok(ours), Ok(theirs)) = (file.metadata(), database.metadata())
        && (ours.uid(), ours.gid()) != (theirs.uid(), theirs.gid())
    {
        let _ = std::os::unix::fs::fchown(file, Some(theirs.uid()), Some(theirs.gid()));
    }
}

fn write(mut file: &File, holder: &Holder) -> io::Result<()> {
    let since = holder.since.to_rfc3339_opts(SecondsFormat::Secs, true);
    file.set_len(0)?;
    file.write_all(format!("{} {since} {}\n", holder.pid, holder.command).as_bytes())
}

fn read(file: &File) -> Option<Holder> {
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    let mut words = text.trim_end().splitn(3, ' ');
    Some(Holder {
        pid: words.next()?.parse().ok()?,
        since: words.next()?.parse().ok()?,
        command: words.next()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(command: &str) -> Holder {
        Holder {
            pid: 4711,
            since: "2026-03-01T12:00:00Z".parse().unwrap(),
            command: command.to_owned(),
        }
    }

    fn taken(database: &Path) -> Claim {
        match Claim::take(database, &holder("agg fetch")).unwrap() {
            Claimed::Ours(claim) => claim,
            Claimed::Theirs(holder) => panic!("held by {holder:?}"),
        }
    }

    #[test]
    fn one_holder_at_a_time_and_the_second_learns_who_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("agg.db");
        let first = taken(&database);
        match Claim::take(&database, &holder("agg publish")).unwrap() {
            Claimed::Theirs(Some(found)) => assert_eq!(found, holder("agg fetch")),
            other => panic!("{other:?}"),
        }
        drop(first);
        drop(taken(&database));
    }

    #[test]
    fn a_lock_file_that_is_left_over_or_says_nothing_is_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("agg.db");
        for left in ["", "4711 2026-03-01T12:00:00Z agg serve\n", "what\0is this"] {
            std::fs::write(lock_file(&database), left).unwrap();
            drop(taken(&database));
        }
        let claim = taken(&database);
        std::fs::write(lock_file(&database), "x".repeat(5_000)).unwrap();
        assert!(matches!(
            Claim::take(&database, &holder("agg publish")),
            Ok(Claimed::Theirs(None))
        ));
        drop(claim);
    }

    #[test]
    fn a_lock_file_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("agg.db");
        std::fs::create_dir(lock_file(&database)).unwrap();
        let refused = Claim::take(&database, &holder("agg fetch")).unwrap_err();
        assert!(refused.to_string().contains("agg.db.lock"), "{refused}");
        let nowhere = folder.path().join("nowhere/agg.db");
        let refused = Claim::take(&nowhere, &holder("agg fetch")).unwrap_err();
        assert!(matches!(refused, Error::NoFolder { .. }), "{refused:?}");
    }
}
