//! What a feed says of its own rhythm. Made by `extract`, kept by `store`, heeded by `schedule`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// When a feed wishes to be asked, as it says itself; nothing said: empty. All times are UTC, as the formats have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateHints {
    /// For how many minutes it may be kept (RSS 2.0 `ttl`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_minutes: Option<u32>,
    /// The hours, 0 to 23, in which it is not to be asked (RSS `skipHours`).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub skip_hours: BTreeSet<u8>,
    /// The days, 0 for Monday to 6, on which it is not to be asked (RSS `skipDays`).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub skip_days: BTreeSet<u8>,
    /// How often it is written anew, in seconds (RSS 1.0 syndication module: `updatePeriod` by `updateFrequency`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_seconds: Option<u32>,
    /// An instant from which those periods are counted (`updateBase`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_base: Option<DateTime<Utc>>,
}

impl UpdateHints {
    /// True if nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
