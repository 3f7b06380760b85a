//! Nodes of a page → where they stand, as a CSS selector that the browser's inspector finds them by. It may find their like
//! too: it names no positions.

use super::super::classes::is_stable_class;
use super::super::tree::{self, Tree};

/// So many elements are named at most.
const MAX_STEPS: usize = 4;
/// So many classes of one element are named at most.
const MAX_CLASSES: usize = 2;

/// Where several elements stand, in document order.
pub(super) fn of_all(tree: &Tree<'_>, units: &[usize]) -> String {
    let units: Vec<usize> = units.iter().map(|&unit| element(tree, unit)).collect();
    let (Some(&first), Some(&last)) = (units.first(), units.last()) else {
        return String::new();
    };
    let around = container(tree, first, last);
    if first == last || units.contains(&around) {
        return of(tree, first);
    }
    let direct = units.iter().all(|&unit| tree.nodes[unit].parent == around);
    let tag = tree.name(first);
    let own = if units.iter().all(|&unit| tree.name(unit) == tag) {
        let shared = |class: &&str| units.iter().all(|&unit| has(tree, unit, class));
        step(tag, classes(tree, first).filter(shared))
    } else {
        "*".to_owned()
    };
    let joint = if direct { " > " } else { " " };
    format!("{}{joint}{own}", of(tree, around))
}

/// Where one node stands: from the nearest element with an id, or a few above it.
pub(super) fn of(tree: &Tree<'_>, node: usize) -> String {
    let mut at = element(tree, node);
    let mut steps = Vec::new();
    loop {
        let id = tree.attr(at, "id").filter(|id| is_plain(id));
        steps.push(match id {
            Some(id) => format!("{}#{id}", tree.name(at)),
            None => own(tree, at),
        });
        let parent = tree.nodes[at].parent;
        let is_top = parent == at || matches!(tree.name(at), "html" | "body" | "main");
        if id.is_some() || is_top || steps.len() == MAX_STEPS {
            break;
        }
        at = parent;
    }
    steps.reverse();
    steps.join(" > ")
}

/// The element at a node, or around it: its tag and classes.
pub(super) fn name(tree: &Tree<'_>, node: usize) -> String {
    own(tree, element(tree, node))
}

/// The nodes from the first to the last of a list: all of the smallest element that holds them, where that is not the whole
/// page or a region of it.
pub(super) fn region(tree: &Tree<'_>, first: usize, last: usize) -> std::ops::Range<usize> {
    let around = container(tree, first, last);
    if matches!(tree.name(around), "html" | "body" | "main") || tree.nodes[around].depth == 0 {
        first..tree.nodes[last].end
    } else {
        tree.extent(around)
    }
}

/// The innermost element around two nodes, of which `first` stands before `last`.
fn container(tree: &Tree<'_>, first: usize, last: usize) -> usize {
    std::iter::once(first)
        .chain(tree.ancestors(first))
        .find(|&a| tree.nodes[a].end >= tree.nodes[last].end)
        .unwrap_or(0)
}

fn element(tree: &Tree<'_>, node: usize) -> usize {
    match tree.element(node) {
        Some(_) => node,
        None => tree.nodes[node].parent,
    }
}

fn own(tree: &Tree<'_>, at: usize) -> String {
    step(tree.name(at), classes(tree, at))
}

fn step<'a>(tag: &str, classes: impl Iterator<Item = &'a str>) -> String {
    let mut out = tag.to_owned();
    for class in classes.take(MAX_CLASSES) {
        out.push('.');
        out.push_str(class);
    }
    out
}

/// The classes of an element that need no escaping and do not number it.
fn classes<'a>(tree: &Tree<'a>, at: usize) -> impl Iterator<Item = &'a str> {
    tree.element(at)
        .into_iter()
        .flat_map(tree::classes)
        .filter(|class| is_plain(class) && is_stable_class(class))
}

fn has(tree: &Tree<'_>, at: usize, class: &str) -> bool {
    tree.element(at)
        .is_some_and(|element| tree::classes(element).any(|own| own == class))
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
