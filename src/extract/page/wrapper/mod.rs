//! The rules learnt from a listing: selectors that find the same posts again, without item ids, generated class names or
//! positions. Each is tried on the page it was learnt from; what does not reproduce is not told.

mod fields;
mod items;
mod names;

use std::collections::{HashMap, HashSet};

use super::cards::Cards;
use super::entry::{self, Found};
use super::item::Item;
use super::links::Links;
use super::score::Listing;
use super::split;
use super::tree::Tree;
use crate::model::{RawEntry, Wrapper};
use items::Wanted;
use names::rule;

/// As many ways to find the posts are tried out.
const MAX_TRIES: usize = 8;

/// Reads the page by rules, if they fit.
pub(super) type Read<'r> = dyn Fn(&Wrapper) -> Option<Vec<Found>> + 'r;

/// The wrapper of the listings that were `chosen` from the `ranked` ones and gave `found`.
///
/// # Errors
/// Why there is none, in words.
pub(super) fn learn(
    cards: &Cards<'_, '_>,
    ranked: &[Listing],
    chosen: &[&Listing],
    found: &[Found],
    read: &Read<'_>,
) -> Result<Wrapper, String> {
    let page = Page {
        tree: cards.tree,
        links: cards.links,
        chosen,
        echoes: ranked
            .iter()
            .filter(|listing| chosen.iter().any(|best| listing.is_echo_of(best)))
            .filter(|listing| !chosen.iter().any(|best| std::ptr::eq(*best, *listing)))
            .collect(),
    };
    let mut tried = 0;
    let mut nearly: Option<(Wrapper, Vec<Found>)> = None;
    for listing in page.listings().take(MAX_TRIES) {
        tried += 1;
        let Some(again) = read(&listing) else {
            continue;
        };
        tracing::trace!(rules = ?listing, entries = again.len(), of = found.len(), "rules tried");
        match likeness(found, &again) {
            Likeness::Same => return Ok(fields::learn(cards, listing, &again)),
            Likeness::OtherOrder if nearly.is_none() => nearly = Some((listing, again)),
            _ => {}
        }
    }
    match nearly {
        Some((listing, again)) => Ok(fields::learn(cards, listing, &again)),
        None if tried == 0 => Err(
            "no selector tells its posts from the rest of the page without naming single ones"
                .to_owned(),
        ),
        None => Err(
            "the selectors that find its posts do not read all of them as they stand there"
                .to_owned(),
        ),
    }
}

/// How what rules read is like what was found.
#[derive(PartialEq, Eq)]
enum Likeness {
    Same,
    /// A featured post stands first in the one and in its place in the other.
    OtherOrder,
    Other,
}

fn likeness(found: &[Found], again: &[Found]) -> Likeness {
    if found.len() != again.len() {
        return Likeness::Other;
    }
    let in_order = found.iter().zip(again);
    if in_order
        .clone()
        .all(|(a, b)| entry::same_values(&a.1, &b.1))
    {
        return Likeness::Same;
    }
    let of: HashMap<&Option<String>, &RawEntry> =
        again.iter().map(|(_, entry)| (&entry.url, entry)).collect();
    let same = |entry: &RawEntry| {
        of.get(&entry.url)
            .is_some_and(|a| entry::same_values(a, entry))
    };
    if found.iter().all(|(_, entry)| same(entry)) {
        Likeness::OtherOrder
    } else {
        Likeness::Other
    }
}

struct Page<'p, 'a> {
    tree: &'p Tree<'a>,
    links: &'p Links,
    chosen: &'p [&'p Listing],
    /// Those that show some of the same posts once more.
    echoes: Vec<&'p Listing>,
}

impl Page<'_, '_> {
    fn items(&self) -> impl Iterator<Item = &Item> {
        self.chosen.iter().flat_map(|listing| &listing.items)
    }

    /// The elements that hold the items' links, in page order.
    fn units(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.items().map(|item| item.unit).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Rules that may find the posts, the best first. Each is made only when those before it have failed.
    fn listings(&self) -> impl Iterator<Item = Wrapper> {
        let flat = std::iter::once_with(|| self.split()).flatten();
        let plain = std::iter::once_with(|| self.plain()).flatten();
        let shown = std::iter::once_with(|| self.shown_again()).flatten();
        flat.chain(plain).chain(shown).flat_map(move |listing| {
            let plain = listing.clone();
            let linked = move || {
                let link = fields::link(self.tree, self.links, self.chosen);
                link.map(|link| Wrapper {
                    link: Some(link),
                    ..listing
                })
            };
            std::iter::once(plain).chain(std::iter::once_with(linked).flatten())
        })
    }

    /// One element an item, told from all others.
    fn plain(&self) -> Option<Wrapper> {
        let units = self.units();
        let item = |units: &[usize]| {
            items::selector(&Wanted {
                tree: self.tree,
                units,
                allowed: &self.units(),
                containers: false,
                within: None,
            })
        };
        let selector = item(&units).or_else(|| {
            let each = self.chosen.iter().map(|listing| {
                let mut units: Vec<usize> = listing.items.iter().map(|item| item.unit).collect();
                units.sort_unstable();
                item(&units)
            });
            let mut each: Vec<String> = each.collect::<Option<_>>()?;
            let mut seen = HashSet::new();
            each.retain(|selector| seen.insert(selector.clone()));
            Some(each.join(", "))
        });
        selector.map(|selector| Wrapper {
            item: Some(rule(selector)),
            ..Wrapper::default()
        })
    }

    /// One element an item, and the cards above the list that show some of the posts once more.
    fn shown_again(&self) -> Option<Wrapper> {
        let both = || self.chosen.iter().chain(&self.echoes);
        let units = |listing: &Listing| -> Vec<usize> {
            let mut units: Vec<usize> = listing.items.iter().map(|item| item.unit).collect();
            units.sort_unstable();
            units
        };
        let mut all: Vec<usize> = both().flat_map(|listing| units(listing)).collect();
        all.sort_unstable();
        all.dedup();
        if self.echoes.is_empty() {
            return None;
        }
        let selectors = both().map(|listing| {
            items::selector(&Wanted {
                tree: self.tree,
                units: &units(listing),
                allowed: &all,
                containers: false,
                within: None,
            })
        });
        let mut selectors: Vec<String> = selectors.collect::<Option<_>>()?;
        let mut seen = HashSet::new();
        selectors.retain(|selector| seen.insert(selector.clone()));
        Some(Wrapper {
            item: Some(rule(selectors.join(", "))),
            ..Wrapper::default()
        })
    }

    /// Elements that hold several items each, and what begins or parts these.
    fn split(&self) -> Vec<Wrapper> {
        let tree = self.tree;
        let flat = |item: &&Item| item.range != tree.extent(item.unit);
        if self.items().filter(flat).count() * 2 <= self.items().count() {
            return Vec::new();
        }
        let mut holders: Vec<usize> = self
            .items()
            .map(|item| tree.nodes[item.unit].parent)
            .collect();
        holders.sort_unstable();
        holders.dedup();
        let holder = items::selector(&Wanted {
            tree,
            units: &holders,
            allowed: &holders,
            containers: true,
            within: None,
        });
        let Some(holder) = holder else {
            return Vec::new();
        };
        let mut starts: Vec<usize> = self.items().map(|item| item.range.start).collect();
        starts.sort_unstable();
        let cut = |cuts: &[usize], allowed: &[usize]| {
            items::selector(&Wanted {
                tree,
                units: cuts,
                allowed,
                containers: false,
                within: Some(&holders),
            })
        };
        let is_element = |i: &usize| tree.element(*i).is_some();
        let begins = starts.iter().all(is_element).then(|| cut(&starts, &starts));
        // what parts them: nearly as many as there are posts
        let before = starts.iter().filter_map(|&i| element_before(tree, i));
        let parting: Vec<usize> = before.filter(|&i| split::is_separator(tree, i)).collect();
        let enough = |count: usize| count > 0 && count + holders.len() >= starts.len();
        let parts = ["hr", "br"].into_iter().filter(|name| {
            let of_kind = parting.iter().filter(|&&i| tree.name(i) == *name);
            enough(of_kind.count())
        });
        let parts = parts.map(str::to_owned);
        let rows = enough(parting.len()).then(|| {
            let children = holders.iter().flat_map(|&holder| tree.children(holder));
            let all: Vec<usize> = children.filter(|&i| split::is_separator(tree, i)).collect();
            cut(&parting, &all)
        });
        let mut cuts: Vec<String> = begins.flatten().into_iter().chain(parts).collect();
        cuts.extend(rows.flatten());
        cuts.dedup();
        cuts.into_iter()
            .map(|split| Wrapper {
                item: Some(rule(holder.clone())),
                split: Some(rule(split)),
                ..Wrapper::default()
            })
            .collect()
    }
}

/// The element before `i` below the same parent.
fn element_before(tree: &Tree<'_>, i: usize) -> Option<usize> {
    let mut at = tree.sibling_before(i)?;
    while tree.element(at).is_none() {
        at = tree.sibling_before(at)?;
    }
    Some(at)
}

#[cfg(test)]
mod tests;
