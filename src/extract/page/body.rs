//! Which lines of an item are its excerpt.

use std::ops::Range;

use super::item::Item;
use super::parts::Part;
use super::tree::Tree;
use super::words;

/// The excerpt of an item.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// Its words.
    pub(super) text: String,
    /// Where in them each line begins.
    pub(super) starts: Vec<usize>,
    /// The lines it is made of.
    pub(super) lines: Range<usize>,
    /// Its nodes.
    pub(super) nodes: Range<usize>,
}

/// How much of an inlined post is taken: enough for any summary.
const MAX_CHARS: usize = 900;
/// Lines after the first prose within which a line of facts still bounds the excerpt.
const MIN_LONE_WEIGHT: usize = 3;

/// Finds the excerpt: the block of the first prose, as wide as it goes without the title or a line of facts, and what
/// follows it up to the next such line.
pub(super) fn find(
    tree: &Tree<'_>,
    item: &Item,
    parts: &[Part],
    title: &Range<usize>,
) -> Option<Body> {
    let after_title = |part: &Part| title.is_empty() || part.nodes.start >= title.start;
    let first = parts
        .iter()
        .position(|part| part.prose.is_some() && after_title(part))
        .or_else(|| parts.iter().position(|part| part.prose.is_some()))
        .or_else(|| lone_line(parts, title))?;
    let first = past_subtitle(tree, parts, first);
    let mut block = parts[first].block;
    let mut at = block;
    while tree.nodes[at].parent != at && item.range.contains(&at) {
        let extent = tree.extent(at);
        let bad = !title.is_empty() && extent.contains(&title.start)
            || parts[..first].iter().any(|part| {
                (part.is_meta() || part.idle && !part.may_be_body)
                    && extent.contains(&part.nodes.start)
            })
            || parts[first..]
                .iter()
                .rev()
                .take(3)
                .any(|part| part.is_meta() && extent.contains(&part.nodes.start));
        if bad {
            break;
        }
        block = at;
        at = tree.nodes[at].parent;
    }
    let extent = tree.extent(block);
    let mut begin = first;
    while begin > 0
        && extent.contains(&parts[begin - 1].nodes.start)
        && parts[begin - 1].words().is_some()
        && !(title.contains(&parts[begin - 1].nodes.start))
        && block != item.range.start
    {
        begin -= 1;
    }
    // short lines between the title and the first prose begin the text of a post without a block of its own
    let lead = parts[..begin]
        .iter()
        .rposition(|part| !title.is_empty() && part.nodes.start < title.end)
        .map_or(0, |i| i + 1);
    if !title.is_empty()
        && lead < begin
        && parts[lead..begin].iter().all(|part| {
            part.words().is_some()
                && part.maybe_tags.is_empty()
                && words::weight(&part.text) >= MIN_LONE_WEIGHT
                && part.nodes.start >= title.end
        })
    {
        begin = lead;
    }
    let mut text = String::new();
    let mut starts = Vec::new();
    let mut interrupted = false;
    let mut end = begin;
    for (i, part) in parts.iter().enumerate().skip(begin) {
        let inside = extent.contains(&part.nodes.start);
        if i > first && !inside && is_beside_facts(tree, parts, i) {
            break;
        }
        match part.words() {
            // behind a line of facts, a short text is a fact that was not known for one
            Some(_) if interrupted && part.prose.is_none() => {}
            // nor is one that ends the card
            Some(_) if i > first && has_ended(&text) && is_caption(tree, parts, i) => {}
            Some(words) => {
                if !text.is_empty() {
                    text.push(' ');
                }
                starts.push(text.len());
                text.push_str(words);
                end = i + 1;
            }
            None if inside && i > first => interrupted = true,
            None => break,
        }
        if text.chars().count() >= MAX_CHARS {
            break;
        }
    }
    let mut end = end.max(begin + 1);
    // the rest of an inlined post is body too, though not excerpt
    while end < parts.len()
        && (extent.contains(&parts[end].nodes.start)
            || !parts[end].is_meta() && block_is_part(tree, item, block))
    {
        end += 1;
    }
    let nodes = parts[begin].nodes.start..parts[end - 1].nodes.end;
    Some(Body {
        text: words::without_trailing_call(words::without_excerpt_label(&text)).to_owned(),
        starts,
        lines: begin..end,
        nodes,
    })
}

/// Where the excerpt begins if line `first` is a second heading, parted from it by a line of facts.
fn past_subtitle(tree: &Tree<'_>, parts: &[Part], first: usize) -> usize {
    let headed = tree.heading(parts[first].block) > 0;
    let behind = &parts[first + 1..];
    let next = behind.iter().position(|part| part.prose.is_some());
    match next.filter(|&next| headed && behind[..next].iter().any(Part::is_meta)) {
        Some(next) => first + 1 + next,
        None => first,
    }
}

/// True for a short text in an element of its own that shares its parent with the line of facts behind it: a name before a
/// date.
fn is_beside_facts(tree: &Tree<'_>, parts: &[Part], i: usize) -> bool {
    /// So many lines further on the facts may stand.
    const NEAR: usize = 4;
    let short = parts[i].prose.is_none() && parts[i].maybe_tags.len() == 1;
    let row = tree.nodes[parts[i].block].parent;
    short
        && parts[i + 1..]
            .iter()
            .take(NEAR)
            .take_while(|next| tree.nodes[next.block].parent == row)
            .any(Part::is_meta)
}

/// True if a sentence ends where `text` does.
fn has_ended(text: &str) -> bool {
    text.ends_with(['.', '…', '!', '?', '。', '！', '？', '।', '»', '”', '"'])
}

/// True for a few words in a box of their own, no paragraph or row of a list, behind all prose of the item: a name, a role.
fn is_caption(tree: &Tree<'_>, parts: &[Part], i: usize) -> bool {
    const WORDS: usize = 4;
    let part = &parts[i];
    part.prose.is_none()
        && part.maybe_tags.len() == 1
        && part.maybe_tags[0] == part.text
        && words::weight(&part.text) <= WORDS
        && !has_ended(&part.text)
        && matches!(
            tree.name(part.block),
            "div" | "section" | "footer" | "a" | "span"
        )
        && parts[i + 1..].iter().all(|next| next.prose.is_none())
}

/// True if the body is one of several siblings (paragraphs without a block around them).
fn block_is_part(tree: &Tree<'_>, item: &Item, block: usize) -> bool {
    matches!(
        tree.name(block),
        "p" | "pre" | "ul" | "ol" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "table"
    ) || !item.range.contains(&block)
}

/// A short line after the title that is no fact, where there is no prose.
fn lone_line(parts: &[Part], title: &Range<usize>) -> Option<usize> {
    parts.iter().position(|part| {
        (title.is_empty() || part.nodes.start >= title.end)
            && part.words().is_some()
            && !part.is_meta()
            && (has_ended(&part.text) && words::weight(&part.text) > 1
                || words::weight(&part.text) >= MIN_LONE_WEIGHT && part.maybe_tags.is_empty()
                || words::weight(&part.text) > MIN_LONE_WEIGHT)
    })
}
