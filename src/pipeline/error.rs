//! Why a run could not go on.

use std::path::PathBuf;

use crate::deliver::files;
use crate::fetch;
use crate::store;

/// Why a run could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The archive.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The client could not be set up.
    #[error(transparent)]
    Client(fetch::Error),
    /// A published file could not be written.
    #[error(transparent)]
    Deliver(#[from] files::Error),
    /// Another run writes into the archive, and takes longer than we wait.
    #[error(
        "database {} is in use by {}",
        database.display(),
        holder.as_ref().map_or_else(|| "another agg".to_owned(), ToString::to_string)
    )]
    Held {
        /// The database file.
        database: PathBuf,
        /// Who has it, if it has said so.
        holder: Option<store::Holder>,
    },
    /// A thread of ours panicked, or was stopped with the program.
    #[error("a worker stopped unexpectedly")]
    Worker(#[from] tokio::task::JoinError),
    /// The archive's thread could not be started.
    #[error("no thread can be started for the archive")]
    Thread(#[source] std::io::Error),
    /// The archive's thread panicked over what was to be done; nothing of it is stored.
    #[error(
        "agg stumbled over the archive before it had done what was asked; that is a mistake in agg"
    )]
    Stumbled,
    /// A source was asked for that is not configured.
    #[error("there is no source called `{wanted}`")]
    NoSuchSource {
        /// What was asked for.
        wanted: String,
        /// What there is.
        known: Vec<String>,
    },
}

impl Error {
    /// What to do about it, where there is something.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Store(error) => error.help().map(str::to_owned),
            Self::Client(error) => error.help(),
            Self::Deliver(error) => error.help().map(str::to_owned),
            Self::Held { holder, .. } => Some(match holder {
                Some(holder) => format!(
                    "let it end, or end it with `kill {}`; `--wait 10m` waits longer",
                    holder.pid
                ),
                None => "let it end; `--wait 10m` waits longer".to_owned(),
            }),
            Self::Worker(_) | Self::Thread(_) | Self::Stumbled => None,
            Self::NoSuchSource { known, .. } => Some(format!("there are: {}", known.join(", "))),
        }
    }
}

/// An error with its chain of causes, in one line.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
