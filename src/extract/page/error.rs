//! Why a page could not be read.

use thiserror::Error;

/// What stops the reading of a page. Each names its cause; none carries another error.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PageError {
    /// The page is readable HTML, but nothing in it looks like a list of posts.
    #[error("the page lists no posts: {why}")]
    NoListing {
        /// What was seen instead, in words.
        why: String,
    },
    /// A rule of `[source.select]` is valid but fits nothing on the page.
    #[error("select.{key}: selector `{selector}` matched nothing")]
    SelectorMatchedNothing {
        /// The key in `[source.select]`.
        key: &'static str,
        /// The rule as written.
        selector: String,
    },
    /// `[source.select]` wants the posts from the page's data, and there are none in it.
    #[error("select.from: the page carries no data that names posts")]
    NoData,
    /// A rule of `[source.select]` is not a CSS selector.
    #[error("select.{key}: `{selector}` is not a CSS selector: {why}")]
    BadSelector {
        /// The key in `[source.select]`.
        key: &'static str,
        /// The rule as written.
        selector: String,
        /// What is wrong with it.
        why: String,
    },
    /// Elements are nested deeper than any honest page nests them; parsing such input takes quadratic time.
    #[error("the page nests more than {limit} elements in one another")]
    TooDeep {
        /// The deepest nesting that is read.
        limit: usize,
    },
    /// A tag has more attributes than any honest page gives one; parsing such input takes quadratic time.
    #[error("a tag of the page has more than {limit} attributes")]
    TooManyAttributes {
        /// How many are read at most.
        limit: u32,
    },
    /// The page has more elements and texts than are read.
    #[error("the page holds more than {limit} elements and texts")]
    TooManyNodes {
        /// How many are read at most.
        limit: usize,
    },
}
