//! Why a document gave no entries, and what its owner can do.

use thiserror::Error;
use url::Url;

use super::feed::FeedError;
use super::page::PageError;

/// What stops the reading of a document.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// Nothing at all, or white space only.
    #[error("the document is empty")]
    Empty,
    /// A feed was expected.
    #[error("this is {found}, not a feed")]
    NotAFeed {
        /// What it is instead, with its article.
        found: String,
        /// The feeds that it advertises, where it is a page.
        feeds: Vec<Url>,
    },
    /// A page was expected.
    #[error("this is {found}, not an HTML page")]
    NotAPage {
        /// What it is instead, with its article.
        found: String,
    },
    /// Neither a feed nor a page.
    #[error("this is {found}, neither a feed nor an HTML page")]
    Neither {
        /// What it is instead, with its article.
        found: String,
    },
    /// A feed, but one that cannot be read.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// A page, but one that cannot be read as a listing.
    #[error("{cause}")]
    Page {
        /// Why.
        cause: PageError,
        /// The feeds that it advertises.
        feeds: Vec<Url>,
    },
}

impl Error {
    /// True if the document is a page, and what is missing is the list of posts.
    #[must_use]
    pub fn is_missing_list(&self) -> bool {
        matches!(
            self,
            Self::Page {
                cause: PageError::NoListing { .. },
                ..
            }
        )
    }

    /// One step that may mend it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Empty | Self::Neither { .. } => {
                Some("open the address in a browser: is it the blog's index or its feed?".to_owned())
            }
            Self::NotAFeed { feeds, .. } => Some(match feeds.first() {
                Some(feed) => format!("use the feed that it advertises: {feed}"),
                None => "leave `kind` out to read it as what it is, or give the feed's own address".to_owned(),
            }),
            Self::NotAPage { .. } => Some("leave `kind` out to read it as what it is".to_owned()),
            Self::Feed(_) => Some("open the address in a browser: does the feed still have entries?".to_owned()),
            Self::Page { cause, feeds } => match (cause, feeds.first()) {
                (PageError::NoListing { .. }, Some(feed)) => Some(format!("use the feed that it advertises: {feed}")),
                (PageError::NoListing { .. }, None) => {
                    Some("name the listing with `item` in [source.select], or give the address of the index page".to_owned())
                }
                (PageError::SelectorMatchedNothing { .. }, _) => {
                    Some("compare the selector with the page's HTML, or leave the rule out".to_owned())
                }
                (PageError::BadSelector { .. }, _) => Some("mend the selector in [source.select]".to_owned()),
                (PageError::NoData, _) => Some(
                    "remove `from` from [source.select] to read the visible page".to_owned(),
                ),
                (PageError::TooDeep { .. } | PageError::TooManyAttributes { .. } | PageError::TooManyNodes { .. }, Some(feed)) => {
                    Some(format!("use the feed that it advertises: {feed}"))
                }
                (PageError::TooDeep { .. } | PageError::TooManyAttributes { .. } | PageError::TooManyNodes { .. }, None) => None,
            },
        }
    }
}
