//! How long the bodies of entries are kept: `[retain]`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::SourceId;

/// Which bodies of a source are kept; those that both let go are kept by none. By default all are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retain {
    /// Those of entries that came, or are dated, at most so many days ago.
    pub days: Option<u32>,
    /// Those of its newest entries, so many.
    pub entries: Option<u32>,
}

impl Retain {
    /// True if nothing is ever given up.
    #[must_use]
    pub fn keeps_all(&self) -> bool {
        self.days.is_none() && self.entries.is_none()
    }
}

/// What `feeds.toml` says of it. Made by `config`, read by `pipeline`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// For every source that has no rule of its own, configured or not.
    pub all: Retain,
    /// The sources that have one.
    pub own: BTreeMap<SourceId, Retain>,
}

impl Retention {
    /// The rule for `source`.
    #[must_use]
    pub fn of(&self, source: &SourceId) -> Retain {
        self.own.get(source).copied().unwrap_or(self.all)
    }

    /// True if nothing of any source is ever given up.
    #[must_use]
    pub fn keeps_all(&self) -> bool {
        self.all.keeps_all() && self.own.values().all(Retain::keeps_all)
    }
}

/// A body that was given up. Kept by `store`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// When.
    pub at: DateTime<Utc>,
    /// How long its HTML was, bytes: it is ranked by that as before.
    pub length: u64,
}
