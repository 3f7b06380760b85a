//! The part of a page that one post is supposed to fill.

use std::ops::Range;

/// One supposed post: a run of siblings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Item {
    /// Its nodes.
    pub(super) range: Range<usize>,
    /// The element (or the first of several) that holds the link.
    pub(super) unit: usize,
    /// The address it leads to (index into the targets of the page's links).
    pub(super) target: usize,
}
