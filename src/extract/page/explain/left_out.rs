//! The chosen list of posts → the links in it that are no entries, and why.

use std::collections::HashSet;
use std::ops::Range;

use super::super::address::{self, Collection};
use super::super::item::Item;
use super::super::links::{Link, Links};
use super::super::tree::Tree;
use crate::extract::trace;
use crate::model::{LeftOut, LeftOutReason};

/// What was chosen, kept until the entries are known.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// The items of the chosen listings, each listing in page order.
    pub(super) items: Vec<Item>,
    /// What was taken out of them.
    pub(super) misfits: Vec<Item>,
    /// The parts of the page that they fill.
    pub(super) regions: Vec<Range<usize>>,
}

impl Chosen {
    /// The links of the regions that lead to no entry or say one again; `listed` are the targets of the entries.
    pub(super) fn left_out(
        &self,
        tree: &Tree<'_>,
        links: &Links,
        listed: &HashSet<usize>,
    ) -> Vec<LeftOut> {
        let mut out = Vec::new();
        let mut told = HashSet::new();
        let mut first: HashSet<usize> = HashSet::new();
        let mut again: HashSet<usize> = HashSet::new();
        for item in &self.items {
            if !first.insert(item.target) {
                again.insert(item.range.start);
            }
        }
        for link in &links.all {
            if !self
                .regions
                .iter()
                .any(|region| region.contains(&link.node))
            {
                continue;
            }
            let Some(why) = self.reason(tree, links, link, listed, &again) else {
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
        again: &HashSet<usize>,
    ) -> Option<LeftOutReason> {
        let holds = |item: &&Item| item.range.contains(&link.node);
        let inside = self.items.iter().find(holds);
        if let Some(item) = inside.filter(|item| item.target == link.target) {
            return match (
                listed.contains(&item.target),
                again.contains(&item.range.start),
            ) {
                (false, _) => Some(LeftOutReason::Untitled),
                (true, true) => Some(LeftOutReason::Repeat),
                (true, false) => None,
            };
        }
        let target = &links.targets[link.target];
        Some(if listed.contains(&link.target) {
            LeftOutReason::Repeat
        } else if self.misfits.iter().any(|item| holds(&item)) {
            LeftOutReason::Promotion
        } else if is_tag(tree, link) {
            LeftOutReason::Tag
        } else if let Some(collection) = address::collection(&target.url) {
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

/// True if the link says that it leads to a tag (HTML §4.6.7.21, and `category` as WordPress has it).
fn is_tag(tree: &Tree<'_>, link: &Link) -> bool {
    tree.attr(link.node, "rel").is_some_and(|rel| {
        rel.split_whitespace()
            .any(|rel| rel == "tag" || rel == "category")
    })
}
