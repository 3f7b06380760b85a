//! How often a source has changed the text of an entry.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Print;

/// What is remembered of the changes of a text, as one source shows it. Made by `dedupe`, kept by `store`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rewrites {
    /// How many were taken.
    pub count: u32,
    /// When the last one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<DateTime<Utc>>,
    /// The texts that it had before, the latest last; not all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Print>,
    /// True if it has gone back to one of these.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub went_back: bool,
    /// The same of what stands beside the text: its link, files, tags, people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<Box<Self>>,
}
