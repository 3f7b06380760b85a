//! What we publish. Made by `store` from its archive, read by `publish`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Entry, FeedOrder, Filter, SourceId, Vocabulary};

/// The name of the file that lists the sources, beside the files of the feed at the top.
pub const SOURCES_FILE: &str = "sources.opml";

/// A `[[feed]]` table of `feeds.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedDefinition {
    /// Its name, and the folder it is published in (`all` is published at the top).
    pub id: String,
    /// Its title.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// How many entries it shows at most.
    pub limit: usize,
    /// Only entries that one of these sources shows; empty: all.
    pub sources: Vec<SourceId>,
    /// What else they must have.
    pub filter: Filter,
    /// The words in which it speaks of tags.
    pub vocabulary: Vocabulary,
    /// How many entries of one source its front page shows at most; `None`: any number.
    pub share: Option<usize>,
    /// In which order its front page shows them.
    pub order: FeedOrder,
    /// Whether an entry whose text really changes comes in again, on top: with its id and its date, and a new `updated`.
    pub republish: bool,
    /// In which formats it is published.
    pub formats: Vec<Format>,
    /// How many entries a page of its archive holds; those that are closed keep theirs.
    pub archive: usize,
    /// How many entries of a source that is new to it stand on its front page; the others go to the archive only.
    pub first: usize,
    /// The address that the folder of this feed is reached at, with a trailing slash.
    pub url: Url,
}

impl FeedDefinition {
    /// How many entries a feed shows unless it says otherwise.
    pub const DEFAULT_LIMIT: usize = 100;
    /// How many entries a page of the archive holds unless it is said otherwise.
    pub const DEFAULT_ARCHIVE: usize = 100;
    /// How many entries of a new source stand on the front page unless it is said otherwise.
    pub const DEFAULT_FIRST: usize = 5;

    /// The feed `id` of all entries, which says nothing of itself, reached at `url`.
    #[must_use]
    pub fn new(id: impl Into<String>, url: Url) -> Self {
        let id = id.into();
        Self {
            title: id.clone(),
            id,
            description: String::new(),
            limit: Self::DEFAULT_LIMIT,
            sources: Vec::new(),
            filter: Filter::default(),
            vocabulary: Vocabulary::default(),
            share: None,
            order: FeedOrder::default(),
            republish: false,
            formats: Format::ALL.to_vec(),
            archive: Self::DEFAULT_ARCHIVE,
            first: Self::DEFAULT_FIRST,
            url,
        }
    }
}

/// A format that a feed is published in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
    /// A page for people.
    Html,
}

impl Format {
    /// Every format, the first-class one first.
    pub const ALL: [Self; 4] = [Self::Atom, Self::Rss, Self::Json, Self::Html];
}

/// A feed for each tag, made when there are entries that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagFeeds {
    /// What these feeds have in common: the id is the folder that holds theirs, the title what stands before the tag.
    pub like: FeedDefinition,
    /// A tag has a feed once so many entries have it.
    pub least: u64,
}

/// Where the date of a published entry came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DateKind {
    /// The source states a point in time.
    Instant,
    /// The source states a day; midnight UTC.
    Day,
    /// The source states a month; its first day.
    Month,
    /// The source states only when it was last changed, which is the latest that it can have been published.
    Updated,
    /// The source states none: when we first saw it.
    FirstSeen,
    /// The source states none, and the entry came with its first import: its place in the list, between the dates of its
    /// neighbours.
    Placed,
}

impl DateKind {
    /// True if it is a date of the source's own.
    #[must_use]
    pub fn is_stated(self) -> bool {
        !matches!(self, Self::FirstSeen | Self::Placed)
    }

    /// The word for it in JSON and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Day => "day",
            Self::Month => "month",
            Self::Updated => "updated",
            Self::FirstSeen => "first_seen",
            Self::Placed => "placed",
        }
    }
}

/// A source that shows an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Its name in `feeds.toml`.
    pub source: SourceId,
    /// The name subscribers see.
    pub title: String,
    /// Its id as a feed (atom:id), else its address.
    pub id: String,
    /// The address it is read at.
    pub address: Url,
    /// The site it belongs to.
    pub site: Option<Url>,
    /// True if the address is that of a feed.
    pub is_feed: bool,
    /// The entry's permalink there.
    pub url: Option<Url>,
}

/// An entry with what the ledger says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedEntry {
    /// Its id, which never changes: a URI.
    pub id: String,
    /// Its date, which never changes.
    pub date: DateTime<Utc>,
    /// Where that date came from.
    pub date_kind: DateKind,
    /// When its text last changed, at least `date`.
    pub updated: DateTime<Utc>,
    /// The merged article.
    pub entry: Entry,
    /// Every source that shows it; the first is the one whose values won.
    pub origins: Vec<Origin>,
}

/// A feed, ready to publish: its entries in their final order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// What was asked for.
    pub definition: FeedDefinition,
    /// Its id, minted once: a `tag:` URI (RFC 4151).
    pub id: String,
    /// When its newest change was, an entry that came in or one whose text changed; the epoch for an empty feed.
    pub updated: DateTime<Utc>,
    /// Its entries, newest first publication first.
    pub entries: Vec<PublishedEntry>,
    /// Which part of its history this is.
    pub paging: Paging,
}

/// Where a document stands in the history of its feed (RFC 5005 §4). The pages of the archive have numbers from 1, the
/// oldest; all but the last are closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// The page of the archive that it is; `None`: the front page.
    pub page: Option<u64>,
    /// True if it never changes.
    pub is_closed: bool,
    /// The page of what was published before.
    pub older: Option<u64>,
    /// The page of what was published after.
    pub newer: Option<u64>,
}

/// A closed page of an archive, as it is published. Made by `store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelved {
    /// Its number.
    pub page: u64,
    /// Its format.
    pub format: Format,
    /// How many bytes it has.
    pub size: u64,
    /// Its validator, an HTTP date.
    pub last_modified: Option<String>,
}
