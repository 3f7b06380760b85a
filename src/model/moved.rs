//! A source that has moved for good, as far as it was seen. Made by `pipeline`, kept by `store`.

use chrono::{DateTime, Utc};
use serde::Serialize;
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
