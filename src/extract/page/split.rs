//! Elements that hold several posts, cut into them at the elements that begin or part them: headings followed by
//! paragraphs, links between line breaks, rows of a table.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::classes::classes;
use super::item::Item;
use super::tree::Tree;

/// The posts in `holders`, cut at the nodes `cuts` (both in page order). A post goes on to the next cut below the same
/// parent, or to that parent's end; a holder without a cut is one post. The targets are still to be found.
pub(super) fn parts(tree: &Tree<'_>, holders: &[usize], cuts: &[usize]) -> Vec<Item> {
    let mut out = Vec::new();
    for &holder in holders {
        let from = cuts.partition_point(|&cut| cut <= holder);
        let to = cuts.partition_point(|&cut| cut < tree.nodes[holder].end);
        let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &cut in &cuts[from..to] {
            rows.entry(tree.nodes[cut].parent).or_default().push(cut);
        }
        if rows.is_empty() {
            out.push(tree.extent(holder));
        }
        for (parent, cuts) in rows {
            out.extend(of_row(tree, parent, &cuts));
        }
    }
    out.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    // a cut inside a part belongs to it
    let mut end = 0;
    out.retain(|range| {
        let is_free = range.start >= end;
        end = end.max(range.end);
        is_free
    });
    out.into_iter()
        .map(|range| Item {
            unit: unit(tree, &range),
            range,
            target: usize::MAX,
        })
        .collect()
}

/// The first element of a part.
fn unit(tree: &Tree<'_>, range: &Range<usize>) -> usize {
    range
        .clone()
        .find(|&i| tree.element(i).is_some())
        .unwrap_or(range.start)
}

/// The parts of the children of `parent`, cut before each of `cuts`.
fn of_row(tree: &Tree<'_>, parent: usize, cuts: &[usize]) -> Vec<Range<usize>> {
    let ends = cuts.iter().skip(1).copied().chain([tree.nodes[parent].end]);
    let mut out: Vec<Range<usize>> = cuts.iter().copied().zip(ends).map(|(a, b)| a..b).collect();
    let looks = |range: &Range<usize>| -> HashSet<String> {
        let within = range.clone();
        let children = tree.children(parent).filter(|i| within.contains(i));
        children.map(|i| look(tree, i)).collect()
    };
    // what follows the last post, or stands before the first, and is like nothing in the others is the page's
    if let [others @ .., last] = out.as_mut_slice()
        && !others.is_empty()
    {
        let known: HashSet<String> = others.iter().flat_map(looks).collect();
        let foreign = tree
            .children(parent)
            .skip_while(|&i| i <= last.start)
            .find(|&i| tree.nodes[i].chrome || !known.contains(&look(tree, i)));
        last.end = foreign.unwrap_or(last.end);
    }
    if cuts.iter().all(|&cut| is_separator(tree, cut)) {
        let known: HashSet<String> = out.iter().flat_map(looks).collect();
        let before: Vec<usize> = tree.children(parent).take_while(|&i| i < cuts[0]).collect();
        let first = before
            .iter()
            .rev()
            .take_while(|&&i| !tree.nodes[i].chrome && known.contains(&look(tree, i)))
            .last();
        if let Some(&first) = first {
            out.insert(0, first..cuts[0]);
        }
    }
    out
}

/// True for an element that only parts what stands around it: a line break, a rule, an empty row.
pub(super) fn is_separator(tree: &Tree<'_>, i: usize) -> bool {
    tree.element(i).is_some()
        && tree.char_count(tree.extent(i)) == 0
        && !tree
            .extent(i)
            .any(|n| matches!(tree.name(n), "a" | "img" | "input"))
}

/// What a node looks like: text, or its tag and classes.
fn look(tree: &Tree<'_>, i: usize) -> String {
    format!("{}.{}", tree.name(i), classes(tree, i))
}
