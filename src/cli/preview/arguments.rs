//! The words of `agg preview`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use url::Url;

/// What is asked for.
#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// An address, a file, or the name of a configured source.
    #[arg(value_name = "URL|FILE|SOURCE")]
    pub(super) what: String,
    /// The address that a file was taken from.
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<Url>,
    /// Ask for article pages too, where the listing leaves something out.
    #[arg(long)]
    pub(super) enrich: bool,
    /// Say what was seen and why it was decided so: candidates and their scores, where each field is from, what lost.
    #[arg(long)]
    pub(super) explain: bool,
    /// Take every answer from this folder, and nothing from the network.
    #[arg(long, value_name = "DIR")]
    pub(super) replay: Option<PathBuf>,
    /// Read the page of a source that was kept: the last good one, or the first bad one since then.
    #[arg(long, value_name = "WHICH", conflicts_with_all = ["base_url", "replay"])]
    pub(super) stored: Option<Stored>,
    /// How to print the result; `toml`: the rules learnt, to be pasted into feeds.toml.
    #[arg(long, default_value = "table")]
    pub(super) format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Table,
    Json,
    Toml,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Stored {
    Good,
    Bad,
}
