//! How a reading of an index page compares with the good ones before it. Made by `extract`, kept by `store`.

use serde::{Deserialize, Serialize};

/// How a reading compares with its contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// As ever, with something new.
    Healthy,
    /// As ever, with nothing new; or the list is there and empty.
    Quiet,
    /// The list is not there.
    Broken {
        /// What was seen instead.
        why: String,
    },
    /// The list is there, but a part of it is not found any more.
    HalfMatched {
        /// Which part.
        why: String,
    },
    /// What was found is not the list that is known.
    Redesigned {
        /// How little of it was found again.
        why: String,
    },
}

impl Verdict {
    /// The word for it in tables and JSON.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Quiet => "quiet",
            Self::Broken { .. } => "broken",
            Self::HalfMatched { .. } => "half matched",
            Self::Redesigned { .. } => "redesigned",
        }
    }

    /// What is wrong, if something is.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Healthy | Self::Quiet => None,
            Self::Broken { why } | Self::HalfMatched { why } | Self::Redesigned { why } => {
                Some(why)
            }
        }
    }

    /// True if the reading may be stored.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.why().is_none()
    }
}
