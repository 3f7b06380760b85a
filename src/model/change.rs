//! What an incoming entry is to what we know already.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Entry, Print, Pruned, Rewrites, SourceId};

/// The row of an entry in this store; never published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryKey(pub i64);

/// A thing by which an entry is recognised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alias {
    /// A guid, which means something only within its source.
    Guid(SourceId, String),
    /// A canonical link key (of the permalink, a redirect's target or rel=canonical).
    Link(String),
    /// Where there is neither: a fingerprint of source and title.
    Fingerprint(String),
}

/// What the store remembers of the aliases it was asked about.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Which entry each alias belongs to; absent: never seen.
    pub aliases: HashMap<Alias, EntryKey>,
    /// For the entries above that the asking source has shown before: the print of that sighting.
    pub prints: HashMap<EntryKey, Print>,
}

/// What is to be done with one incoming entry. `aliases` are all that now point to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Never seen.
    New {
        /// What came.
        entry: Box<Entry>,
        /// How to recognise it.
        aliases: Vec<Alias>,
    },
    /// This source has shown it, with other text.
    Updated {
        /// Which one.
        of: EntryKey,
        /// What came.
        entry: Box<Entry>,
        /// How to recognise it.
        aliases: Vec<Alias>,
        /// What is remembered of the changes of its text, this one too.
        rewrites: Rewrites,
    },
    /// This source has shown it under other names: neither its ids nor its text are news.
    Moved {
        /// Which one.
        of: EntryKey,
        /// What came.
        entry: Box<Entry>,
        /// How to recognise it from now on.
        aliases: Vec<Alias>,
    },
    /// This source has shown it just so.
    Same {
        /// Which one.
        of: EntryKey,
        /// How to recognise it.
        aliases: Vec<Alias>,
        /// Its place in the document now, from 0.
        position: u32,
        /// What came, if anything beside its text may be other.
        beside: Option<Box<Entry>>,
    },
    /// This source has shown it with this text, and something beside that was mended: its link, files, tags, people, or the
    /// date of what was never published.
    Corrected {
        /// Which one.
        of: EntryKey,
        /// What came.
        entry: Box<Entry>,
        /// How to recognise it.
        aliases: Vec<Alias>,
        /// What is remembered of the changes, this one too.
        rewrites: Rewrites,
    },
    /// Known from another source: one more origin.
    Duplicate {
        /// Which one.
        of: EntryKey,
        /// What came.
        entry: Box<Entry>,
        /// How to recognise it.
        aliases: Vec<Alias>,
    },
}

/// An entry as one source shows it, with when it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Who shows it.
    pub source: SourceId,
    /// The host of that source's address, to tell the author's own site.
    pub source_host: String,
    /// The source's place in the configuration, from 0.
    pub source_rank: u32,
    /// True while it is configured.
    pub is_active: bool,
    /// What it shows.
    pub entry: Entry,
    /// Its body, if it was given up; `entry` has none then.
    pub pruned: Option<Pruned>,
    /// How often its text has changed there.
    pub rewrites: Rewrites,
    /// When it was first seen there.
    pub first_seen: DateTime<Utc>,
    /// When it was last seen there.
    pub last_seen: DateTime<Utc>,
}

/// The best of an entry's sightings. Made by `dedupe`, kept by `store`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The article, each field from the sighting that has the best.
    pub entry: Entry,
    /// Every source that shows it or, if it is configured no more, has shown it, best first.
    pub origins: Vec<SourceId>,
    /// The source whose body it has, if it has one, or had before that was given up.
    pub body: Option<SourceId>,
}
