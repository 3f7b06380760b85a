//! The rules learnt from a listing: selectors that find the same items again, without item ids, generated class names or
//! positions. Each is tried on the page it was learnt from; what does not reproduce is not told.

use std::rc::Rc;

use scraper::Selector;

use super::card::Card;
use super::classes::is_stable_class;
use super::item::Item;
use super::score::Listing;
use super::tree::{Tree, attribute};
use crate::model::{FieldRule, Wrapper};

/// How many elements above an item a selector may name.
const MAX_STEPS: usize = 6;
/// A field's selector must tell the value of this share (in percent) of the items that have one.
const TELLING_PERCENT: usize = 90;

/// The wrapper of the chosen listings, if their items can be told by selectors.
pub(super) fn learn(tree: &Tree<'_>, chosen: &[&Listing]) -> Option<Wrapper> {
    let all: Vec<usize> = {
        let mut all: Vec<usize> = chosen
            .iter()
            .flat_map(|listing| &listing.items)
            .map(|item| item.unit)
            .collect();
        all.sort_unstable();
        all
    };
    let mut selectors: Vec<String> = Vec::new();
    for listing in chosen {
        let units: Vec<usize> = listing.items.iter().map(|item| item.unit).collect();
        // a selector may find the items of several listings, but nothing else
        let selector = proposals(tree, &units).into_iter().find(|selector| {
            let found = find(tree, selector);
            units.iter().all(|unit| found.binary_search(unit).is_ok())
                && found.iter().all(|unit| all.binary_search(unit).is_ok())
        })?;
        if !selectors.contains(&selector) {
            selectors.push(selector);
        }
    }
    let items: Vec<&Item> = chosen.iter().flat_map(|listing| &listing.items).collect();
    let cards: Vec<&Card> = chosen
        .iter()
        .flat_map(|listing| listing.cards.iter().map(Rc::as_ref))
        .collect();
    let title = |card: &Card| {
        card.title
            .as_ref()
            .filter(|t| !t.nodes.is_empty())
            .map(|t| (t.nodes.start, t.text.clone()))
    };
    let date = |card: &Card| card.date_node.zip(card.date.clone());
    Some(Wrapper {
        item: Some(rule(&selectors.join(", "))),
        title: field(tree, &items, &cards, &title),
        date: field(tree, &items, &cards, &date),
        ..Wrapper::default()
    })
}

fn rule(selector: &str) -> FieldRule {
    FieldRule {
        selector: selector.to_owned(),
        attribute: None,
    }
}

fn find(tree: &Tree<'_>, selector: &str) -> Vec<usize> {
    Selector::parse(selector)
        .map(|selector| tree.select(&selector))
        .unwrap_or_default()
}

/// Selectors for a set of elements, the shortest first.
fn proposals(tree: &Tree<'_>, units: &[usize]) -> Vec<String> {
    let mut path = Vec::new();
    let mut level: Vec<usize> = units.to_vec();
    let mut out = Vec::new();
    for up in 0..=MAX_STEPS {
        let Some(step) = step(tree, &level, up == 0) else {
            break;
        };
        path.insert(0, step);
        out.push(path.join(" > "));
        level = level.iter().map(|&i| tree.nodes[i].parent).collect();
        level.sort_unstable();
        level.dedup();
        if level.iter().any(|&i| tree.nodes[i].depth == 0) {
            break;
        }
    }
    out
}

/// What elements have in common: tag, and the class names that all of them bear.
fn step(tree: &Tree<'_>, level: &[usize], items: bool) -> Option<String> {
    let first = *level.first()?;
    let name = tree.name(first);
    if name.is_empty() || level.iter().any(|&i| tree.name(i) != name) {
        return None;
    }
    let mut out = name.to_owned();
    // the id of a single container is the page's own name for it; those of items differ
    if let ([only], false) = (level, items)
        && let Some(id) = tree
            .element(*only)
            .and_then(|element| attribute(element, "id"))
            .filter(|id| is_plain_class(id))
    {
        out.push('#');
        out.push_str(id);
        return Some(out);
    }
    for class in tree
        .element(first)?
        .classes()
        .filter(|class| is_plain_class(class))
    {
        if level.iter().all(|&i| {
            tree.element(i)
                .is_some_and(|element| element.classes().any(|c| c == class))
        }) {
            out.push('.');
            out.push_str(class);
        }
    }
    Some(out)
}

/// True for class names that a person would write: no figures, no characters to escape, no generated part.
fn is_plain_class(class: &str) -> bool {
    is_stable_class(class)
        && class
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_')
        && class.starts_with(|c: char| c.is_ascii_alphabetic())
        && !class.split(['-', '_']).any(is_hashed)
        && !matches!(
            class.split('-').next(),
            Some("css" | "sc" | "jsx" | "svelte" | "astro")
        )
}

/// True for a short run of letters that changes case more than words do (`bDyIZO`, `cde5i`, `DqsY`).
fn is_hashed(part: &str) -> bool {
    let bytes = part.as_bytes();
    let ups = bytes
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        .count();
    let capitals = bytes.iter().filter(|b| b.is_ascii_uppercase()).count();
    let vowels = bytes.iter().filter(|b| b"aeiouyAEIOUY".contains(b)).count();
    bytes.len() <= 8 && (ups >= 2 || ups >= 1 && capitals >= 2 || ups == 1 && bytes.len() <= 4)
        || bytes.len() >= 6 && vowels == 0
}

/// A selector, relative to the item, that finds a field's text.
fn field(
    tree: &Tree<'_>,
    items: &[&Item],
    cards: &[&Card],
    value: &dyn Fn(&Card) -> Option<(usize, String)>,
) -> Option<FieldRule> {
    let with: Vec<(&Item, usize, String)> = items
        .iter()
        .zip(cards)
        .filter_map(|(item, card)| value(card).map(|(node, text)| (*item, node, text)))
        .collect();
    let (item, node, text) = with.first()?;
    // the innermost element that holds just this text
    let holder = std::iter::once(*node)
        .chain(tree.ancestors(*node))
        .take_while(|&a| a >= item.range.start)
        .filter(|&a| tree.element(a).is_some())
        .find(|&a| tree.text(tree.extent(a)) == *text)?;
    let mut tries = Vec::new();
    let mut path = String::new();
    for (up, at) in std::iter::once(holder)
        .chain(tree.ancestors(holder))
        .take(2)
        .enumerate()
    {
        if at < item.range.start {
            break;
        }
        let own = step(tree, &[at], true)?;
        path = if up == 0 {
            own
        } else {
            format!("{own} > {path}")
        };
        tries.push(path.clone());
    }
    tries
        .into_iter()
        .find(|selector| {
            let Ok(parsed) = Selector::parse(selector) else {
                return false;
            };
            let told = with
                .iter()
                .filter(|(item, _, text)| {
                    let found = item.range.clone().find(|&i| {
                        tree.element_ref(i).is_some_and(|element| {
                            parsed.matches_with_scope(&element, tree.element_ref(item.unit))
                        })
                    });
                    found.is_some_and(|i| tree.text(tree.extent(i)) == *text)
                })
                .count();
            told * 100 >= with.len() * TELLING_PERCENT
                && with.len() * 100 >= items.len() * TELLING_PERCENT
        })
        .map(|selector| rule(&selector))
}
