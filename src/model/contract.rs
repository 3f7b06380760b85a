//! What healthy readings of an index page look like. Made by `extract`, kept by `store`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Date, EntryKey, Field, Print, Wrapper};

/// What the good readings of one page had in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contract {
    /// How many good readings it was learnt from; 0: nothing is known.
    pub runs: u32,
    /// The fewest posts that one of them gave.
    pub fewest: u32,
    /// The most.
    pub most: u32,
    /// The share of the posts, in percent, that fill each field; the latest readings weigh most.
    pub filled: BTreeMap<Field, u8>,
    /// The share of neighbours, in percent, whose dates stand newest first; `None`: no dates to compare.
    pub in_order: Option<u8>,
    /// The share of the posts of the latest reading, in percent, that were known before it.
    pub known: u8,
    /// The language that most posts are in.
    pub language: Option<String>,
    /// Where the links lead: host and folder of the path (`blog.example/posts/`, figures as `#`), with how many did.
    pub places: BTreeMap<String, u32>,
    /// A selector of the element that holds the list and nothing else, where it can be named.
    pub container: Option<String>,
    /// How many pages of the list have been read, or given up: it may have had fewer.
    pub pages: u32,
    /// How often in a row an older page could not be read.
    pub pages_failed: u32,
    /// Posts whose own pages could not be had for now and are to be asked for again, by their canonical links; how often that
    /// was tried.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unread: BTreeMap<String, u32>,
    /// Posts that were taken as right under other dates than they had, by their canonical links: theirs are not compared again.
    pub redated: BTreeSet<String>,
}

/// A post that the archive has from the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPost {
    /// Which entry it is.
    pub entry: EntryKey,
    /// Its id as the source gave it.
    pub guid: Option<String>,
    /// The canonical form of its link.
    pub key: Option<String>,
    /// Its title.
    pub title: String,
    /// Its excerpt.
    pub summary: Option<String>,
    /// Its date.
    pub published: Option<Date>,
    /// The print of what the source showed of it.
    pub print: Print,
    /// True if the last good reading listed it.
    pub listed: bool,
}

/// What the archive remembers of a source's page: its contract, the rules that read it, the posts it showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageMemory {
    /// What its good readings looked like; `None`: there was none.
    pub contract: Option<Contract>,
    /// The rules learnt from the last good one; `None`: it could not be told by selectors.
    pub wrapper: Option<Wrapper>,
    /// Its posts: those of the last good reading first, in the order of the page.
    pub posts: Vec<KnownPost>,
}

/// Which of the kept pages of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kept {
    /// The last one that was read rightly.
    Good,
    /// The first one since then that was not.
    Bad,
}

impl Kept {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }
}
