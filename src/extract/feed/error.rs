//! Why a feed could not be read.

use thiserror::Error;

/// Why a feed could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FeedError {
    /// It has entries, but there is nothing in any of them.
    #[error("the feed has entries, but nothing could be read from any of them")]
    OnlyEmptyEntries,
    /// What is called an entry in it is in a namespace of none.
    #[error("the feed has entries, but they are in a namespace that no feed has")]
    StrangeEntries,
    /// The root is that of a feed, but there is no title, link or entry in it.
    #[error("the document begins like a feed, but there is nothing of a feed in it")]
    Nothing,
    /// It is no such document, although it looks like one.
    #[error("the feed cannot be read: {cause}")]
    Unreadable {
        /// What the parser said.
        cause: String,
    },
}
