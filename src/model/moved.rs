//! What has moved: a source, as far as it was seen, and its posts. Made by `pipeline`; the first is kept by `store`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// On so many days a source must lead to the same place before that is asked.
pub const ADOPTED_AFTER: u32 = 3;

/// Where a source says that it has moved (RFC 9110 §15.4.2, §15.4.9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The end of the permanent redirects.
    pub to: Url,
    /// On so many days, by UTC, it was led to, and was the same source; 0: something else was found there.
    pub days: u32,
    /// The last of them.
    #[serde(skip)]
    pub last: DateTime<Utc>,
}

impl Moved {
    /// True if the new address is the one to ask.
    #[must_use]
    pub fn is_adopted(&self) -> bool {
        self.days >= ADOPTED_AFTER
    }
}

/// Posts that a source shows under other ids or addresses than before; they are what they were, and keep their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migrated {
    /// How many were known again.
    pub known: usize,
    /// Of how many entries under names that were never seen.
    pub of: usize,
    /// True if most of the source has moved at once; false: a post or two.
    pub is_event: bool,
    /// Some of them.
    pub examples: Vec<Renamed>,
}

/// A name of a post, and its name from now on: addresses, or ids where the addresses are the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// Before.
    pub from: String,
    /// From now on.
    pub to: String,
}
