//! The chosen list of posts → the links in it that are no entries, and why.

use std::collections::HashSet;
use std::ops::Range;

use super::super::collections::{self, Collection};
use super::super::item::Item;
use super::super::links::{Link, Links};
use super::super::score::Listing;
use super::super::tree::Tree;
use super::place;
use crate::extract::trace;
use crate::model::{LeftOut, LeftOutReason};

/// What was chosen, kept until the entries are known.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// The items of the chosen listings, in page order; none overlaps another.
    items: Vec<Item>,
    /// Where those items begin whose post a better listing, or one before them, shows already.
    again: HashSet<usize>,
    /// What was taken out of the listings, in page order.
    misfits: Vec<Item>,
    /// The parts of the page that they fill.
    regions: Vec<Range<usize>>,
}

impl Chosen {
    /// What was chosen, best first.
    pub(super) fn new(tree: &Tree<'_>, chosen: &[&Listing]) -> Self {
        let mut new = Self::default();
        let mut targets = HashSet::new();
        for listing in chosen {
            let items = &listing.items;
            if let (Some(first), Some(last)) = (items.first(), items.last()) {
                let region = place::region(tree, first.range.start, last.range.end - 1);
                new.regions.push(region);
            }
            for item in items {
                if !targets.insert(item.target) {
                    new.again.insert(item.range.start);
                }
            }
            new.items.extend(items.iter().cloned());
            new.misfits.extend(listing.misfits.iter().cloned());
        }
        new.items.sort_by_key(|item| item.range.start);
        new.misfits.sort_by_key(|item| item.range.start);
        new
    }

    /// The links of the regions that lead to no entry or say one again; `listed` are the targets of the entries.
    pub(super) fn left_out(
        &self,
        tree: &Tree<'_>,
        links: &Links,
        listed: &HashSet<usize>,
    ) -> Vec<LeftOut> {
        let mut out = Vec::new();
        let mut told = HashSet::new();
        let within = |link: &&Link| {
            let holds = |region: &Range<usize>| region.contains(&link.node);
            self.regions.iter().any(holds)
        };
        for link in links.all.iter().filter(within) {
            let Some(why) = self.reason(tree, links, link, listed) else {
                continue;
            };
            let words = tree.text(tree.extent(link.node));
            let what = if words.is_empty() {
                links.targets[link.target].url.to_string()
            } else {
                words
            };
            let left = LeftOut {
                what: trace::cut(&what),
                why,
            };
            if told.insert((left.what.clone(), why)) {
                out.push(left);
            }
        }
        out
    }

    /// Why a link is no entry; `None` if it is one.
    fn reason(
        &self,
        tree: &Tree<'_>,
        links: &Links,
        link: &Link,
        listed: &HashSet<usize>,
    ) -> Option<LeftOutReason> {
        let inside = around(&self.items, link.node);
        if let Some(item) = inside.filter(|item| item.target == link.target) {
            let again = self.again.contains(&item.range.start);
            return match (listed.contains(&item.target), again) {
                (false, _) => Some(LeftOutReason::Untitled),
                (true, true) => Some(LeftOutReason::Repeat),
                (true, false) => None,
            };
        }
        let target = &links.targets[link.target];
        Some(if listed.contains(&link.target) {
            LeftOutReason::Repeat
        } else if around(&self.misfits, link.node).is_some() {
            LeftOutReason::Promotion
        } else if is_tag(tree, link) {
            LeftOutReason::Tag
        } else if let Some(collection) = collections::collection(&target.url) {
            match collection {
                Collection::Tag => LeftOutReason::Tag,
                Collection::Author => LeftOutReason::Author,
            }
        } else if target.utility {
            LeftOutReason::SitePage
        } else if inside.is_some() {
            LeftOutReason::Inside
        } else if tree.nodes[link.node].chrome {
            LeftOutReason::Chrome
        } else {
            LeftOutReason::Unlike
        })
    }
}

/// The one of `items`, in page order, that a node stands in.
fn around(items: &[Item], node: usize) -> Option<&Item> {
    let behind = items.partition_point(|item| item.range.start <= node);
    items[..behind]
        .last()
        .filter(|item| item.range.contains(&node))
}

/// True if the link says that it leads to a tag (HTML §4.6.7.21, and `category` as WordPress has it).
fn is_tag(tree: &Tree<'_>, link: &Link) -> bool {
    tree.attr(link.node, "rel").is_some_and(|rel| {
        rel.split_whitespace()
            .any(|rel| rel == "tag" || rel == "category")
    })
}
