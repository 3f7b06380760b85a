//! Items that have no element of their own: a heading followed by paragraphs, links between line breaks, several table
//! rows. Shares out what stands between the units of one parent.

use std::collections::{HashMap, HashSet};

use super::classes::classes;
use super::facts;
use super::item::Item;
use super::tree::Tree;
use super::words;

/// A unit with less text than this beside its link is not a whole post yet.
const BARE_CHARS: usize = 25;
/// A link with more text is a whole card, not only a title.
const MAX_TITLE_CHARS: usize = 110;
/// A pattern holds if it shows in this share (in percent) of the gaps.
const REGULAR_PERCENT: usize = 70;

/// Widens the items of a candidate over the siblings that belong to them.
pub(super) fn widen(tree: &Tree<'_>, items: &mut [Item]) {
    let mut by_parent: HashMap<usize, Vec<usize>> = HashMap::new();
    for (i, item) in items.iter().enumerate() {
        by_parent
            .entry(tree.nodes[item.unit].parent)
            .or_default()
            .push(i);
    }
    let bare = items.iter().filter(|item| is_bare(tree, item)).count();
    if bare * 2 <= items.len() {
        return;
    }
    for (parent, members) in by_parent {
        share_out(tree, parent, &members, items);
    }
}

fn is_bare(tree: &Tree<'_>, item: &Item) -> bool {
    match tree.name(item.unit) {
        "li" | "article" => false,
        "a" => tree.char_count(item.range.clone()) < MAX_TITLE_CHARS,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "tr" | "strong" | "b" | "span" | "td" => {
            true
        }
        _ => {
            let linked: usize = item
                .range
                .clone()
                .filter(|&i| tree.name(i) == "a")
                .map(|i| tree.char_count(tree.extent(i)))
                .sum();
            tree.char_count(item.range.clone()).saturating_sub(linked) < BARE_CHARS
                || facts::is_row(&tree.text(item.range.clone()))
        }
    }
}

/// The children of `parent` between its items are given to the item before or after them.
fn share_out(tree: &Tree<'_>, parent: usize, members: &[usize], items: &mut [Item]) {
    let children: Vec<usize> = tree.children(parent).collect();
    // gaps[i] stands before member i; the last one after all of them
    let mut gaps: Vec<Vec<usize>> = vec![Vec::new(); members.len() + 1];
    let mut at = 0;
    for &child in &children {
        while at < members.len() && child >= items[members[at]].range.end {
            at += 1;
        }
        if at < members.len() && items[members[at]].range.contains(&child) {
            continue;
        }
        if is_content(tree, child) {
            gaps[at].push(child);
        }
    }
    let between = gaps[1..]
        .iter()
        .take(members.len() - 1)
        .filter(|gap| !gap.is_empty())
        .count();
    if members.len() > 1 && between * 100 < (members.len() - 1) * REGULAR_PERCENT {
        return;
    }
    let leads = leads(tree, &gaps, members, items);
    let n = members.len();
    let trail_looks: HashSet<String> = (1..n)
        .flat_map(|i| {
            gaps[i][..gaps[i].len() - leads[i]]
                .iter()
                .map(|&c| look(tree, c))
        })
        .collect();
    for i in 0..n {
        let item = &mut items[members[i]];
        // before: the lead of this gap; the first gap may begin with matter of the page
        let lead = &gaps[i][gaps[i].len() - leads[i]..];
        if let Some(&first) = lead.first() {
            item.range.start = first;
        }
        let after = &gaps[i + 1];
        let trail = if i + 1 < n {
            &after[..after.len() - leads[i + 1]]
        } else {
            after.as_slice()
        };
        for &child in trail {
            let foreign = tree.nodes[child].chrome
                || i + 1 == n && n > 1 && !trail_looks.contains(&look(tree, child))
                || tree.heading(child) > 0 && outranks(tree, child, item.unit);
            if foreign {
                break;
            }
            item.range.end = tree.nodes[child].end;
        }
    }
}

/// True if heading `child` is of the same or a higher rank than the heading that `unit` is or holds.
fn outranks(tree: &Tree<'_>, child: usize, unit: usize) -> bool {
    let own = tree
        .extent(unit)
        .map(|i| tree.heading(i))
        .find(|&level| level > 0);
    own.is_some_and(|own| tree.heading(child) <= own)
}

fn is_content(tree: &Tree<'_>, child: usize) -> bool {
    matches!(tree.name(child), "br" | "hr" | "img") || tree.char_count(tree.extent(child)) > 0
}

/// For each gap, how many of its last nodes belong to the item after it.
fn leads(tree: &Tree<'_>, gaps: &[Vec<usize>], members: &[usize], items: &[Item]) -> Vec<usize> {
    let n = members.len();
    let before = &gaps[..n];
    let regular = |count: usize| count * 100 >= n * REGULAR_PERCENT;
    let mut leads = vec![0; n + 1];
    // one item makes no pattern; what stands before it is the page's, unless its link says nothing
    let own = |member: usize| tree.text(items[member].range.clone());
    if n == 1 && !words::is_call(&own(members[0])) && !facts::is_row(&own(members[0])) {
        return leads;
    }

    // line breaks and rules part items
    for breaker in ["hr", "br"] {
        let parted = gaps[1..n]
            .iter()
            .filter(|gap| gap.iter().any(|&c| tree.name(c) == breaker))
            .count();
        if n > 1 && parted * 100 >= (n - 1) * REGULAR_PERCENT {
            for (gap, lead) in before.iter().zip(&mut leads) {
                *lead = gap
                    .iter()
                    .rev()
                    .take_while(|&&c| tree.name(c) != breaker)
                    .count();
            }
            if !gaps[0].iter().any(|&c| tree.name(c) == breaker) {
                // before the first, only what looks like the leads of the others is its own
                let known: HashSet<String> = (1..n)
                    .flat_map(|i| gaps[i].iter().rev().take(leads[i]))
                    .map(|&child| look(tree, child))
                    .collect();
                leads[0] = gaps[0]
                    .iter()
                    .rev()
                    .take_while(|&&child| known.contains(&look(tree, child)))
                    .count()
                    .min(leads[1..n].iter().copied().max().unwrap_or(0));
            }
            return leads;
        }
    }
    // the link stands at an item's end and a heading at its start
    let headed = members
        .iter()
        .filter(|&&m| tree.extent(items[m].unit).any(|i| tree.heading(i) > 0))
        .count();
    if headed * 2 < n {
        for level in 1..=6 {
            let with = before
                .iter()
                .filter(|gap| gap.iter().any(|&c| tree.heading(c) == level))
                .count();
            if regular(with) {
                for (gap, lead) in before.iter().zip(&mut leads) {
                    let first = if gap.as_ptr() == gaps[0].as_ptr() {
                        gap.iter().rposition(|&c| tree.heading(c) == level)
                    } else {
                        gap.iter().position(|&c| tree.heading(c) == level)
                    };
                    *lead = first.map_or(0, |first| gap.len() - first);
                }
                return leads;
            }
        }
    }
    // the same kind of node right before every item, the first one too, and not after the last
    for depth in 1..=3 {
        let mut looks: HashMap<String, usize> = HashMap::new();
        for gap in before {
            if let Some(&child) = gap.iter().rev().nth(depth - 1) {
                *looks.entry(look(tree, child)).or_default() += 1;
            }
        }
        let Some((common, count)) = looks
            .into_iter()
            .max_by_key(|(look, count)| (*count, look.clone()))
        else {
            break;
        };
        let first_has = gaps[0]
            .iter()
            .rev()
            .nth(depth - 1)
            .is_some_and(|&c| look(tree, c) == common);
        let last_has = gaps[n].first().is_some_and(|&c| look(tree, c) == common);
        if !regular(count) || !first_has || last_has {
            break;
        }
        for (gap, lead) in before.iter().zip(&mut leads) {
            if gap.len() >= depth && look(tree, gap[gap.len() - depth]) == common {
                *lead = depth;
            }
        }
    }
    leads
}

fn look(tree: &Tree<'_>, i: usize) -> String {
    format!("{}.{}", tree.name(i), classes(tree, i))
}
