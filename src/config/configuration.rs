//! The checked configuration.

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use crate::fetch;
use crate::model::{FeedDefinition, Retention, Source, TagFeeds};
use crate::schedule::Schedule;

/// What `feeds.toml` says, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from.
    pub path: PathBuf,
    /// The archive.
    pub database: PathBuf,
    /// The folder that feeds are written to.
    pub output: PathBuf,
    /// The title of all that is published here.
    pub title: String,
    /// Where subscribers reach `output`, with a trailing slash.
    pub url: Url,
    /// When `agg serve` runs a cycle.
    pub schedule: Schedule,
    /// Where `agg serve` listens.
    pub listen: SocketAddr,
    /// How documents are asked for.
    pub fetch: fetch::Options,
    /// How many new entries of a known source one run publishes; of more, all are held back.
    pub hold: usize,
    /// Which bodies of entries are kept.
    pub retention: Retention,
    /// What is published: at least one feed, and one of them is `all`.
    pub feeds: Vec<FeedDefinition>,
    /// The feeds of single tags, beside them.
    pub tag_feeds: Vec<TagFeeds>,
    /// What is read, in the file's order.
    pub sources: Vec<Source>,
}
