//! A set of elements → one selector that finds them and nothing else, the likeliest to last first.

use std::collections::HashSet;
use std::fmt;

use scraper::Selector;

use super::super::tree::Tree;
use super::names::{self, Mark, Simple, Step};

/// How many elements above an item a selector may name.
const MAX_STEPS: usize = 6;
/// At most so many kinds of elements make one listing.
const MAX_KINDS: usize = 4;

/// An element by those around it, outermost first: `ul.posts > li`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Path(Vec<Simple>);

impl Path {
    fn fits(&self, tree: &Tree<'_>, i: usize) -> bool {
        let mut at = Some(i);
        self.0.iter().rev().all(|simple| {
            let Some(node) = at else { return false };
            at = Some(tree.nodes[node].parent).filter(|&parent| parent != node);
            simple.fits(tree, node)
        })
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, simple) in self.0.iter().enumerate() {
            let sign = if at > 0 { " > " } else { "" };
            write!(f, "{sign}{simple}")?;
        }
        Ok(())
    }
}

/// What is to be found, all in page order.
pub(super) struct Wanted<'t, 'a> {
    /// The page.
    pub(super) tree: &'t Tree<'a>,
    /// The elements that must be found.
    pub(super) units: &'t [usize],
    /// The elements that may be.
    pub(super) allowed: &'t [usize],
    /// True for elements that hold posts: an id is the page's own name for one, not that of a post.
    pub(super) containers: bool,
    /// Where selectors look: in these elements, or on the whole page.
    pub(super) within: Option<&'t [usize]>,
}

/// A selector that finds what is wanted; of several kinds of elements, one for each.
pub(super) fn selector(wanted: &Wanted<'_, '_>) -> Option<String> {
    if let Some(found) = of_one_kind(wanted) {
        return Some(found);
    }
    let mut kinds: Vec<(String, Vec<usize>)> = Vec::new();
    for &unit in wanted.units {
        let parent = wanted.tree.nodes[unit].parent;
        let step = |i| Step::of(wanted.tree, &[i], false);
        let kind = format!("{:?} {:?}", step(parent), step(unit));
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, units)) => units.push(unit),
            None => kinds.push((kind, vec![unit])),
        }
    }
    if !(2..=MAX_KINDS).contains(&kinds.len()) {
        return None;
    }
    let mut out: Vec<String> = Vec::new();
    for (_, units) in &kinds {
        let found = of_one_kind(&Wanted { units, ..*wanted })?;
        if !out.contains(&found) {
            out.push(found);
        }
    }
    Some(out.join(", "))
}

fn of_one_kind(wanted: &Wanted<'_, '_>) -> Option<String> {
    let tree = wanted.tree;
    let own = Step::of(tree, wanted.units, wanted.containers)?;
    let domain = wanted.domain(&own.tag);
    let mut wide: Vec<(Path, Vec<usize>)> = Vec::new();
    for path in paths(wanted, &own) {
        let found: Vec<usize> = domain
            .iter()
            .copied()
            .filter(|&i| path.fits(tree, i))
            .collect();
        if found.len() < wanted.units.len() {
            continue;
        }
        let others = wanted.others(&found);
        if others.is_empty() {
            return Some(path.to_string());
        }
        wide.push((path, others));
    }
    wide.sort_by_key(|(_, others)| others.len());
    let inside = common_features(tree, wanted.units);
    wide.iter()
        .take(3)
        .find_map(|(path, others)| qualified(wanted, path, others, &inside))
        .or_else(|| after_sibling(wanted))
}

impl Wanted<'_, '_> {
    /// The elements that a selector could find.
    fn domain(&self, tag: &str) -> Vec<usize> {
        let named = |i: &usize| self.tree.name(*i) == tag;
        match self.within {
            None => (0..self.tree.nodes.len()).filter(named).collect(),
            Some(holders) => holders
                .iter()
                .flat_map(|&holder| self.tree.extent(holder).skip(1))
                .filter(named)
                .collect(),
        }
    }

    /// What is among `found` and not wanted; what stands inside a wanted element does no harm.
    fn others(&self, found: &[usize]) -> Vec<usize> {
        let is_allowed = |i: &usize| {
            self.allowed.binary_search(i).is_ok() || {
                let before = self.allowed.partition_point(|unit| unit < i);
                before > 0
                    && self.within.is_none()
                    && *i < self.tree.nodes[self.allowed[before - 1]].end
            }
        };
        found.iter().copied().filter(|i| !is_allowed(i)).collect()
    }

    /// True if a selector finds all that is wanted, and nothing else.
    fn is_found_by(&self, selector: &str) -> bool {
        let Ok(selector) = Selector::parse(selector) else {
            return false;
        };
        let mut found = self.tree.select(&selector);
        if let Some(holders) = self.within {
            found.retain(|i| {
                holders
                    .iter()
                    .any(|&h| h < *i && *i < self.tree.nodes[h].end)
            });
        }
        self.units
            .iter()
            .all(|unit| found.binary_search(unit).is_ok())
            && self.others(&found).is_empty()
    }
}

/// Ways to name the elements: by a name that says what they are; by a container that bears one; by all names.
fn paths(wanted: &Wanted<'_, '_>, own: &Step) -> Vec<Path> {
    let mut out: Vec<Path> = Vec::new();
    let ids = own.id.iter();
    out.extend(
        ids.chain(&own.telling)
            .map(|mark| Path(vec![own.with(mark)])),
    );
    if own.tag == "article" || own.tag == "body" || wanted.within.is_some() {
        out.push(Path(vec![own.bare()]));
    }
    let around = if wanted.within.is_none() {
        contexts(wanted.tree, wanted.units)
    } else {
        Vec::new()
    };
    let named = own.telling.first().map(|mark| own.with(mark));
    for simple in [Some(own.bare()), named, own.full()].into_iter().flatten() {
        for context in &around {
            let mut path = context.clone();
            path.push(simple.clone());
            out.push(Path(path));
        }
    }
    out.extend(own.full().map(|full| Path(vec![full])));
    out.extend(own.plain.iter().map(|mark| Path(vec![own.with(mark)])));
    out.push(Path(vec![own.bare()]));
    out
}

/// What stands above elements, from a container with a name (or the page's main part) down to their parents.
fn contexts(tree: &Tree<'_>, units: &[usize]) -> Vec<Vec<Simple>> {
    let mut out = Vec::new();
    let mut between: Vec<Simple> = Vec::new();
    let mut level = parents(tree, units);
    for _ in 0..MAX_STEPS {
        let Some(step) = Step::of(tree, &level, true) else {
            break;
        };
        let is_body = step.tag == "body";
        let named = step.id.iter().chain(step.telling.iter().take(2));
        let named = named.map(|mark| step.with(mark)).filter(|_| !is_body);
        let main = matches!(step.tag.as_str(), "main" | "body").then(|| step.bare());
        for simple in named.chain(main) {
            let mut path = vec![simple];
            path.extend(between.iter().cloned());
            out.push(path);
        }
        if is_body || step.tag == "html" {
            break;
        }
        between.insert(0, step.bare());
        level = parents(tree, &level);
    }
    out
}

fn parents(tree: &Tree<'_>, level: &[usize]) -> Vec<usize> {
    let mut out: Vec<usize> = level.iter().map(|&i| tree.nodes[i].parent).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// What all of the elements hold.
fn common_features(tree: &Tree<'_>, units: &[usize]) -> HashSet<Simple> {
    let mut all = units.iter().map(|&i| names::features(tree, i));
    let first = all.next().unwrap_or_default();
    all.fold(first, |common, next| &common & &next)
}

/// `path`, narrowed to the elements that hold what the `others` do not hold.
fn qualified(
    wanted: &Wanted<'_, '_>,
    path: &Path,
    others: &[usize],
    inside: &HashSet<Simple>,
) -> Option<String> {
    let tree = wanted.tree;
    let lead = |i: &usize| names::folder(tree, *i);
    if let Some(folder) = wanted.units.first().and_then(lead)
        && wanted
            .units
            .iter()
            .all(|i| lead(i).as_ref() == Some(&folder))
    {
        let narrow = format!(
            "{path}{}",
            Simple {
                tag: String::new(),
                marks: vec![folder]
            }
        );
        if wanted.is_found_by(&narrow) {
            return Some(narrow);
        }
    }
    let theirs: Vec<HashSet<Simple>> = others.iter().map(|&i| names::features(tree, i)).collect();
    let mut own: Vec<&Simple> = inside
        .iter()
        .filter(|it| is_reason(it) && theirs.iter().all(|their| !their.contains(it)))
        .collect();
    own.sort_by_key(|simple| rank(simple));
    let has = own.first().map(|simple| format!("{path}:has({simple})"));
    let not = || {
        let common = common_features(tree, others);
        let mut marks: Vec<Simple> = common
            .into_iter()
            .filter(|it| it.marks.iter().any(|mark| !matches!(mark, Mark::Href(_))))
            .filter(|it| {
                let named = |i: &usize| tree.extent(*i).skip(1).any(|n| it.fits(tree, n));
                !wanted.units.iter().any(named)
            })
            .collect();
        marks.sort_by_key(rank);
        marks
            .first()
            .map(|simple| format!("{path}:not(:has({simple}))"))
    };
    has.or_else(not).filter(|it| wanted.is_found_by(it))
}

/// True for what makes an element a post, not only another element: a name, a heading, a time.
fn is_reason(simple: &Simple) -> bool {
    !simple.marks.is_empty()
        || matches!(
            simple.tag.as_str(),
            "h1" | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "time"
                | "hr"
                | "p"
                | "small"
                | "a"
                | "br"
                | "strong"
                | "b"
        )
}

/// Headings first, then names that tell, then the folder that links lead to.
fn rank(simple: &Simple) -> (u8, usize, String) {
    let text = simple.to_string();
    let kind = match (simple.tag.as_str(), simple.marks.first()) {
        (_, Some(Mark::Class(name))) if name.contains("title") => 0,
        ("h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "time" | "hr", None) => 1,
        (_, Some(Mark::Class(_) | Mark::Stem(_))) => 2,
        (_, Some(Mark::Href(_))) => 3,
        _ => 4,
    };
    (kind, text.len(), text)
}

/// Elements that only what stands before them or their container tells: `h2#posts ~ ul > li`.
fn after_sibling(wanted: &Wanted<'_, '_>) -> Option<String> {
    /// So many elements up.
    const MAX_UP: usize = 3;
    let tree = wanted.tree;
    let mut level = wanted.units.to_vec();
    let mut below = String::new();
    for _ in 0..MAX_UP {
        let step = Step::of(tree, &level, false)?;
        let path = format!("{}{below}", step.bare());
        for sign in ["~", "+"] {
            let starts = if sign == "~" {
                &level[..1]
            } else {
                &level[..level.len().min(MAX_KINDS)]
            };
            let each: Option<Vec<String>> = starts
                .iter()
                .map(|&i| Some(format!("{} {sign} {path}", anchor(tree, i)?)))
                .collect();
            let mut each = each.unwrap_or_default();
            each.dedup();
            let selector = each.join(", ");
            if !selector.is_empty() && wanted.is_found_by(&selector) {
                return Some(selector);
            }
        }
        below = format!(" > {path}");
        level = parents(tree, &level);
    }
    None
}

/// The named element or heading right before `i`.
fn anchor(tree: &Tree<'_>, i: usize) -> Option<Simple> {
    let parent = tree.nodes[i].parent;
    let before = tree
        .children(parent)
        .take_while(|&n| n < i)
        .filter(|&n| tree.element(n).is_some())
        .last()?;
    let step = Step::of(tree, &[before], true)?;
    let mark = step.id.as_ref().or(step.telling.first());
    match mark {
        Some(mark) => Some(step.with(mark)),
        None => (tree.heading(before) > 0 || step.tag == "hr").then(|| step.bare()),
    }
}
