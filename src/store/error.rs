//! What can go wrong with the archive, named for causes.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// Why the archive could not be opened, read or written. Every message names the file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder of the file is not there.
    #[error("database {}: its folder does not exist", path.display())]
    NoFolder {
        /// The database file.
        path: PathBuf,
    },
    /// The operating system does not let us open or create it.
    #[error("database {} cannot be opened", path.display())]
    CannotOpen {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// The file holds something else.
    #[error("{} is not a database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is an SQLite database of another program.
    #[error("{} is a database of another program", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer agg wrote it.
    #[error(
        "database {} has version {found}, this agg knows versions up to {known}: use the newer agg that wrote it, or a \
         copy from before",
        path.display()
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// It was built by migrations that differ from ours.
    #[error(
        "database {}: its migration {version} is not the one that this agg has",
        path.display()
    )]
    History {
        /// The database file.
        path: PathBuf,
        /// The migration that differs.
        version: u32,
    },
    /// A migration failed; the database is as it was before it.
    #[error("database {}: migration {name} failed", path.display())]
    Migration {
        /// The database file.
        path: PathBuf,
        /// The migration.
        name: &'static str,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// An older agg wrote it, and it cannot be brought up to date where it is.
    #[error(
        "database {} has version {found}, this agg reads version {known}, and the file cannot be written",
        path.display()
    )]
    Older {
        /// The database file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The version that this program reads.
        known: u32,
    },
    /// Its last commits are in a journal beside it that cannot be opened without writing.
    #[error(
        "database {} was not closed, and what its journal holds cannot be read where nothing can be written",
        path.display()
    )]
    Unfinished {
        /// The database file.
        path: PathBuf,
    },
    /// The file beside it that says who writes cannot be made or locked.
    #[error("the lock file {} cannot be used", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file or its folder may not be written.
    #[error("database {} is read-only", path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
    },
    /// Another process has held it for longer than we wait.
    #[error("database {} is locked by another process", path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// No space is left for it.
    #[error("database {}: the disk is full", path.display())]
    DiskFull {
        /// The database file.
        path: PathBuf,
    },
    /// The disk, or a limit of ours on it, does not take what is to be written, or does not give what was.
    #[error("database {} cannot be read or written where it is", path.display())]
    Disk {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// Its pages, or a value in them, are not what was written.
    #[error("database {} is damaged", path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// Its pages can be read, but do not fit together.
    #[error("database {} is damaged: {what}", path.display())]
    Unsound {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        what: String,
    },
    /// Its tables cannot be found any more.
    #[error("database {} is damaged where it says what is in it: nothing of it can be saved", path.display())]
    Unsalvageable {
        /// The database file.
        path: PathBuf,
    },
    /// A copy would replace something.
    #[error("{} is there already; nothing was written", path.display())]
    Exists {
        /// Where the copy was to go.
        path: PathBuf,
    },
    /// A copy would replace a database that is in use.
    #[error("{} is a database in use; nothing was written", path.display())]
    InUse {
        /// Where the copy was to go.
        path: PathBuf,
    },
    /// A copy cannot be written.
    #[error("the copy {} cannot be written", path.display())]
    Copy {
        /// Where the copy was to go.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// An export cannot be written to where it goes.
    #[error("the export cannot be written")]
    Output {
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// An export cannot be read.
    #[error("{file} cannot be read")]
    Input {
        /// Where the export is.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line of an export is not as it must be; nothing was taken from the file.
    #[error("{file}, line {line}: {what}; nothing was imported")]
    Line {
        /// Where the export is.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// An export goes into an empty archive only.
    #[error("database {} is not empty; nothing was imported", path.display())]
    NotEmpty {
        /// The database file.
        path: PathBuf,
    },
    /// A source that was never registered.
    #[error("source `{source_id}` is not in the database")]
    UnknownSource {
        /// Its name.
        source_id: String,
    },
    /// A feed that was never published.
    #[error("feed `{feed}` was never published")]
    UnknownFeed {
        /// Its name.
        feed: String,
    },
    /// Anything else that SQLite refuses.
    #[error("database {}", path.display())]
    Sqlite {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
}

impl Error {
    /// What to do about it, where there is something.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoFolder { .. } => "make the folder, or name another `database` in feeds.toml",
            Self::Exists { .. } => "name another file, or replace it with `--force`",
            Self::InUse { .. } => "name another file",
            Self::NotADatabase { .. } | Self::Foreign { .. } => {
                "name another `database` in feeds.toml"
            }
            Self::Newer { .. } => {
                "run the newer agg that wrote it, or name another `database` in feeds.toml"
            }
            Self::ReadOnly { .. } | Self::CannotOpen { .. } => {
                "give yourself the right to write to the file and its folder, or name another `database` in feeds.toml"
            }
            Self::Older { .. } | Self::Unfinished { .. } => {
                "copy the file and what lies beside it to where you may write, and name the copy as `database`"
            }
            Self::Lock { .. } => {
                "give yourself the right to write to it and to its folder, and see that there is room"
            }
            Self::Locked { .. } => "wait until the other agg is done",
            Self::Disk { .. } => {
                "look whether the disk is full, broken, or limited for you (`df`, `quota`, `ulimit -f`); nothing that was \
                 stored is lost"
            }
            Self::DiskFull { .. } => "make room; nothing that was stored is lost",
            Self::Damaged { .. } | Self::Unsound { .. } => {
                "`agg doctor --repair` saves what can be read of it; or bring back a copy of the file (`agg backup`)"
            }
            Self::Unsalvageable { .. } | Self::History { .. } => {
                "bring back a copy of the file (`agg backup`), or an export (`agg import`), or move it away: the next fetch \
                 starts an archive anew"
            }
            Self::NotEmpty { .. } => {
                "name another `database` in feeds.toml, or move this one away with the files beside it"
            }
            Self::Copy { .. } => {
                "look whether there is room (`df`, `quota`, `ulimit -f`), and whether you may write there"
            }
            Self::Line { .. } => "take another export, or mend the line",
            Self::Migration { .. }
            | Self::Output { .. }
            | Self::Input { .. }
            | Self::UnknownSource { .. }
            | Self::UnknownFeed { .. }
            | Self::Sqlite { .. } => {
                return None;
            }
        })
    }

    /// True if the file itself is not as it was written.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. } | Self::Unsound { .. } | Self::NotADatabase { .. }
        )
    }

    /// The cause behind what SQLite says of the database at `path`.
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match &source {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged { path, source },
            _ => match source.sqlite_error_code() {
                Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
                Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
                Some(ErrorCode::DiskFull) => Self::DiskFull { path },
                Some(ErrorCode::SystemIoFailure) => Self::Disk { path, source },
                Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, source },
                Some(ErrorCode::CannotOpen) => Self::CannotOpen { path, source },
                _ => Self::Sqlite { path, source },
            },
        }
    }
}
