//! What every command takes and needs.

use std::path::{Path, PathBuf};

use agg::config::Config;
use clap::{Args, ValueEnum};

use super::failure::Failure;

/// What every command takes.
#[derive(Args)]
pub(super) struct Global {
    /// The configuration.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "AGG_CONFIG",
        default_value = "feeds.toml"
    )]
    pub(super) config: PathBuf,
    /// Say more on stderr; twice: everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub(super) verbose: u8,
    /// Say nothing on stderr but errors.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// How to write the log on stderr, and for a command that it be written; AGG_LOG sets its levels, as -v and -q do.
    #[arg(long, global = true, value_name = "FORMAT", env = "AGG_LOG_FORMAT")]
    pub(super) log: Option<LogFormat>,
    /// When to use colour; NO_COLOR is respected.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// How the log is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people, and for the journal.
    Text,
    /// For programs: one object a line.
    Json,
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// The configuration, or why not.
pub(super) fn load(path: &Path) -> Result<Config, Failure> {
    Ok(Config::load(path)?)
}

/// The threads that a command needs which waits for the network or the disk.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start threads: {error}")))
}
