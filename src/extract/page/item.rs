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

/// True if no item of one listing overlaps one of the other; both stand in page order.
pub(super) fn are_apart(one: &[Item], other: &[Item]) -> bool {
    let (mut a, mut b) = (0, 0);
    while a < one.len() && b < other.len() {
        if one[a].range.end <= other[b].range.start {
            a += 1;
        } else if other[b].range.end <= one[a].range.start {
            b += 1;
        } else {
            return false;
        }
    }
    true
}
