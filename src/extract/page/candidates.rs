//! Page tree → candidate listings: groups of links that stand in the same place of a repeated structure, each link
//! widened to the largest part of the page that still belongs to it alone. Decides nothing; `score` does.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use super::classes::classes;
use super::flat;
use super::item::Item;
use super::links::{Link, Links};
use super::tree::Tree;
use super::words;

/// A supposed listing.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// In page order, one a target and place.
    pub(super) items: Vec<Item>,
    /// How often the group's links repeat a target in another item.
    pub(super) repeats: usize,
}

/// A unit may be as high as this share (in percent) of a group's links allows: the lowest height at which so many are
/// stopped by a neighbour.
const STOPPED_PERCENT: usize = 20;

/// In more places than this a group is not looked at place by place.
const MAX_BLOCKS: usize = 12;

/// No call that all posts share is longer.
const CALL_CHARS: usize = 30;

/// A link with so much text is a whole card.
const WHOLE_CARD_CHARS: usize = 60;

/// All candidates of a page.
pub(super) fn candidates(tree: &Tree<'_>, links: &Links) -> Vec<Candidate> {
    // the same place in the structure: by tags alone (bare and hashed-class pages), and by tags and the classes around the
    // link (where links of other kinds share the tags)
    let mut groups: BTreeMap<(u8, u64), Vec<usize>> = BTreeMap::new();
    let paths = Paths::new(tree);
    for (index, link) in links.all.iter().enumerate() {
        if links.targets[link.target].utility {
            continue;
        }
        let path = paths.tags[link.node];
        groups.entry((0, path)).or_default().push(index);
        let parent = tree.nodes[link.node].parent;
        let near = hash(&(path, paths.classes(link.node), paths.classes(parent)));
        groups.entry((1, near)).or_default().push(index);
        // where links of other kinds stand in rows of the same tags: by whether words lead to the link
        let place = hash(&(path, is_led(tree, link.node)));
        groups.entry((3, place)).or_default().push(index);
        // where a few links stand together, they are of another kind than those that stand alone
        let alone = hash(&(path, is_alone(tree, links, index)));
        groups.entry((5, alone)).or_default().push(index);
        // where a post's link only calls, the same call in the same place is the next post's
        if tree.char_count(tree.extent(link.node)) <= CALL_CHARS {
            let text = tree.text(tree.extent(link.node)).to_lowercase();
            if words::is_call(&text) && !words::is_counter(&text) {
                groups
                    .entry((4, hash(&(path, text))))
                    .or_default()
                    .push(index);
            }
        }
        let above = tree.nodes[parent].parent;
        groups
            .entry((2, hash(&(near, paths.classes(above)))))
            .or_default()
            .push(index);
    }
    let mut seen: HashSet<Vec<usize>> = HashSet::new();
    let mut out = Vec::new();
    let mut known: HashSet<u64> = HashSet::new();
    for members in groups.into_values() {
        if !seen.insert(members.clone()) {
            continue;
        }
        for part in split(tree, links, &paths, members) {
            let candidate = candidate(tree, links, &part);
            if candidate.items.is_empty() {
                continue;
            }
            let print = hash(
                &candidate
                    .items
                    .iter()
                    .map(|item| (item.range.start, item.range.end, item.target))
                    .collect::<Vec<_>>(),
            );
            if known.insert(print) {
                out.push(candidate);
            }
        }
    }
    out
}

/// True if no link to another page that may be a post stands in the same element as link `index`.
fn is_alone(tree: &Tree<'_>, links: &Links, index: usize) -> bool {
    let link = links.all[index];
    let parent = tree.nodes[link.node].parent;
    let leads_elsewhere =
        |other: &Link| other.target != link.target && !links.targets[other.target].utility;
    let mut before = links.all[..index].iter().rev();
    let mut behind = links.all[index + 1..].iter();
    let before = before.find(|other| leads_elsewhere(other));
    let behind = behind.find(|other| leads_elsewhere(other));
    before.is_none_or(|other| other.node < parent)
        && behind.is_none_or(|other| other.node >= tree.nodes[parent].end)
}

/// True if words stand right in the parent of node `i`, before it: `93 points by <a>`.
fn is_led(tree: &Tree<'_>, i: usize) -> bool {
    /// What stands further before does not lead to it.
    const SIBLINGS: usize = 8;
    std::iter::successors(tree.sibling_before(i), |&at| tree.sibling_before(at))
        .take(SIBLINGS)
        .any(|at| tree.element(at).is_none() && tree.char_count(at..at + 1) > 0)
}

/// Splits a group where its links stand in containers of different look (a menu and the list of posts, say).
fn split(tree: &Tree<'_>, links: &Links, paths: &Paths, members: Vec<usize>) -> Vec<Vec<usize>> {
    // what stands in the page's chrome is never of one kind with what does not
    let chrome = |member: &usize| tree.nodes[links.all[*member].node].chrome;
    if members.iter().any(chrome) && !members.iter().all(chrome) {
        let (framed, free): (Vec<usize>, Vec<usize>) = members.into_iter().partition(chrome);
        let mut out = split(tree, links, paths, free);
        out.push(framed);
        return out;
    }
    let units = units(tree, links, &members);
    let mut parts: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (&member, unit) in members.iter().zip(&units) {
        let container = tree.nodes[*unit].parent;
        let look = hash(&(paths.looks[container], tree.nodes[*unit].chrome));
        parts.entry(look).or_default().push(member);
    }
    let mut blocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (&member, unit) in members.iter().zip(&units) {
        blocks
            .entry(tree.nodes[*unit].parent)
            .or_default()
            .push(member);
    }
    let mut out: Vec<Vec<usize>> = parts.into_values().collect();
    // sections of a page may look alike and still hold different things
    if (2..=MAX_BLOCKS).contains(&blocks.len()) {
        out.extend(blocks.into_values());
    }
    out.push(members);
    out
}

fn candidate(tree: &Tree<'_>, links: &Links, members: &[usize]) -> Candidate {
    let units = units(tree, links, members);
    // one unit a target and place; links of one target in neighbouring units (the rows of a table) are one item
    let mut items: Vec<Item> = Vec::new();
    let mut per_target: HashMap<usize, usize> = HashMap::new();
    for (&member, &unit) in members.iter().zip(&units) {
        let target = links.all[member].target;
        let end = tree.nodes[unit].end;
        if let Some(last) = items.last_mut() {
            if last.range.contains(&unit) || unit < last.range.end {
                continue;
            }
            if last.target == target && tree.nodes[last.unit].parent == tree.nodes[unit].parent {
                last.range.end = end;
                continue;
            }
        }
        *per_target.entry(target).or_default() += 1;
        items.push(Item {
            range: unit..end,
            unit,
            target,
        });
    }
    let repeats = per_target.values().map(|n| n - 1).sum();
    flat::widen(tree, &mut items);
    Candidate { items, repeats }
}

/// For each link of a group, the highest element that still belongs to it alone, at a height that suits the group.
fn units(tree: &Tree<'_>, links: &Links, members: &[usize]) -> Vec<usize> {
    let n = members.len();
    let node = |i: usize| links.all[members[i]].node;
    let target = |i: usize| links.all[members[i]].target;
    // the nearest links before and after that lead elsewhere
    let mut before = vec![None; n];
    for i in 1..n {
        before[i] = if target(i - 1) == target(i) {
            before[i - 1]
        } else {
            Some(node(i - 1))
        };
    }
    let mut after = vec![None; n];
    for i in (0..n.saturating_sub(1)).rev() {
        after[i] = if target(i + 1) == target(i) {
            after[i + 1]
        } else {
            Some(node(i + 1))
        };
    }
    let single = before.iter().chain(&after).all(Option::is_none);
    let climbs: Vec<Vec<usize>> = (0..n)
        .map(|i| {
            let mut path = vec![node(i)];
            for parent in tree.ancestors(node(i)) {
                let at = *path.last().expect("starts with the link");
                if is_floor(tree, parent)
                    || before[i].is_some_and(|other| parent <= other)
                    || after[i].is_some_and(|other| other < tree.nodes[parent].end)
                    || adds_leading_heading(tree, at, parent)
                    || single && is_wide(tree, links, at, parent)
                {
                    break;
                }
                path.push(parent);
            }
            path
        })
        .collect();
    let mut heights: Vec<usize> = climbs.iter().map(Vec::len).collect();
    heights.sort_unstable();
    let height = heights.get(n * STOPPED_PERCENT / 100).copied().unwrap_or(1);
    climbs
        .iter()
        .map(|path| path[height.min(path.len()) - 1])
        .collect()
}

/// Elements that hold the whole page or a whole region of it.
fn is_floor(tree: &Tree<'_>, i: usize) -> bool {
    matches!(tree.name(i), "html" | "body" | "main" | "nav" | "aside") || tree.nodes[i].depth == 0
}

/// True if widening `at` to `parent` takes in a heading that stands before the heading of `at`: that of a section. One of a
/// lower rank is a line above the title.
fn adds_leading_heading(tree: &Tree<'_>, at: usize, parent: usize) -> bool {
    let own = tree
        .extent(at)
        .map(|i| tree.heading(i))
        .find(|&level| level > 0);
    let whole_card = tree.name(at) == "a" && tree.char_count(tree.extent(at)) >= WHOLE_CARD_CHARS;
    let leads = |i: usize| {
        let level = tree.heading(i);
        level > 0
            && own.is_none_or(|own| level <= own)
            && tree.nodes[i].end <= at
            && tree.char_count(tree.extent(i)) > 0
    };
    (own.is_some() || whole_card) && (parent + 1..at).any(leads)
}

/// A post that is alone on its page has no neighbour to stop it: it ends where the parent brings a second heading of its
/// rank or more than a few other addresses.
fn is_wide(tree: &Tree<'_>, links: &Links, at: usize, parent: usize) -> bool {
    const OTHER_ADDRESSES: usize = 4;
    if matches!(tree.name(at), "article" | "li" | "tr") {
        return true;
    }
    let level = |i: usize| tree.heading(i);
    let own = tree
        .extent(at)
        .map(level)
        .filter(|&l| l > 0)
        .min()
        .unwrap_or(0);
    let inside = tree.extent(at);
    let more = tree
        .extent(parent)
        .any(|i| !inside.contains(&i) && own > 0 && level(i) > 0 && level(i) <= own);
    let others: HashSet<usize> = tree
        .extent(parent)
        .filter(|i| !inside.contains(i))
        .filter_map(|i| links.at(i))
        .map(|link| link.target)
        .collect();
    more || others.len() > OTHER_ADDRESSES
        || tree
            .children(parent)
            .any(|i| tree.nodes[i].chrome && !tree.nodes[at].chrome)
}

/// For every node, what its place looks like from the root.
struct Paths {
    /// By tags.
    tags: Vec<u64>,
    /// By tags and classes.
    looks: Vec<u64>,
    /// Which of `names` are the classes of each node.
    named: Vec<u32>,
    /// What [`classes`] makes of each `class` attribute of the page; the first is that of nodes without one.
    names: Vec<String>,
}

impl Paths {
    fn new(tree: &Tree<'_>) -> Self {
        let mut paths = Self {
            tags: vec![0; tree.nodes.len()],
            looks: vec![0; tree.nodes.len()],
            named: vec![0; tree.nodes.len()],
            names: vec![String::new()],
        };
        let mut known: HashMap<&str, u32> = HashMap::new();
        for i in 0..tree.nodes.len() {
            if tree.element(i).is_none() {
                continue;
            }
            if let Some(written) = tree.attr(i, "class") {
                paths.named[i] = *known.entry(written).or_insert_with(|| {
                    paths.names.push(classes(tree, i));
                    u32::try_from(paths.names.len() - 1).unwrap_or_default()
                });
            }
            let parent = tree.nodes[i].parent;
            paths.tags[i] = hash(&(paths.tags[parent], tree.name(i)));
            paths.looks[i] = hash(&(paths.looks[parent], tree.name(i), paths.classes(i)));
        }
        paths
    }

    /// [`classes`] of node `i`.
    fn classes(&self, i: usize) -> &str {
        &self.names[self.named[i] as usize]
    }
}

fn hash<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
