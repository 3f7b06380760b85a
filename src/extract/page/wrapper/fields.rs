//! The fields of read items → rules that find them again. A rule is told only if it changes nothing in any item.

use super::super::cards::Cards;
use super::super::dates;
use super::super::entry::Found;
use super::super::item::Item;
use super::super::links::Links;
use super::super::score::Listing;
use super::super::select;
use super::super::tree::Tree;
use super::names::{self, Mark, Step, rule};
use crate::model::{FieldRule, RawEntry, Text, Wrapper};

/// A field is told by a rule if this share (in percent) of the entries has it and the rule finds it: a rule that fits
/// nothing on a page is an error, and so must not hang on what few posts have.
const TELLING_PERCENT: usize = 90;
/// In as many items a field's place is looked at.
const SAMPLES: usize = 3;
/// As many nodes of an item are looked at.
const MAX_NODES: usize = 600;
/// As many rules are tried for a field.
const MAX_TRIES: usize = 12;
/// Higher ranks name nothing but tags.
const BARE_RANK: u8 = 5;
/// Words in class names that speak of a field.
const WORDS: &[(&str, &[&str])] = &[
    (
        "title",
        &["title", "headline", "heading", "name", "permalink"],
    ),
    ("link", &["title", "headline", "permalink", "link", "more"]),
    (
        "date",
        &[
            "date",
            "time",
            "published",
            "posted",
            "timestamp",
            "datetime",
            "updated",
        ],
    ),
    (
        "summary",
        &[
            "summary",
            "excerpt",
            "desc",
            "description",
            "teaser",
            "preview",
            "intro",
            "lead",
            "dek",
            "abstract",
            "snippet",
        ],
    ),
    (
        "tags",
        &[
            "tag",
            "tags",
            "category",
            "categories",
            "topic",
            "topics",
            "label",
        ],
    ),
    ("read_time", &["time", "reading", "readtime", "read"]),
    ("author", &["author", "byline", "name", "writer"]),
];
/// How far above an item a heading may stand, in nodes.
const MAX_ABOVE: usize = 400;

/// `listing` with the rules for those fields of `found` (what it reads) that can be told.
pub(super) fn learn(cards: &Cards<'_, '_>, listing: Wrapper, found: &[Found]) -> Wrapper {
    let rule = |key| field(cards, key, found);
    Wrapper {
        title: rule("title"),
        date: rule("date"),
        summary: rule("summary"),
        tags: rule("tags"),
        read_time: rule("read_time"),
        author: rule("author"),
        ..listing
    }
}

/// A rule for the link of every item, where their first links lead elsewhere.
pub(super) fn link(tree: &Tree<'_>, links: &Links, chosen: &[&Listing]) -> Option<FieldRule> {
    let items = || {
        let each = chosen.iter();
        each.flat_map(|listing| listing.items.iter().zip(&listing.cards))
    };
    let (item, node) = items().find_map(|(item, card)| Some((item, card.link?)))?;
    let mut tries: Vec<(u8, String)> = ways(tree, "link", item, node).collect();
    tries.sort_by_key(|(rank, _)| *rank);
    tries.into_iter().map(|(_, it)| rule(it)).find(|rule| {
        select::compile("link", rule).is_ok_and(|link| {
            items().all(|(item, _)| select::told(tree, links, item, &link) == Some(item.target))
        })
    })
}

/// What an entry says under a key, one text a value; where it says nothing, none.
fn told(entry: &RawEntry, key: &str) -> Vec<String> {
    let text = |text: &Option<Text>| text.iter().map(|it| it.as_str().to_owned()).collect();
    match key {
        "title" => text(&entry.title),
        "date" => entry.published.iter().cloned().collect(),
        "summary" => text(&entry.summary),
        "tags" => entry.tags.clone(),
        "read_time" => entry.read_time.iter().cloned().collect(),
        "author" => entry.authors.iter().map(|it| it.name.clone()).collect(),
        _ => Vec::new(),
    }
}

fn field(cards: &Cards<'_, '_>, key: &'static str, found: &[Found]) -> Option<FieldRule> {
    let with: Vec<(&Item, Vec<String>)> = found
        .iter()
        .filter_map(|(item, entry)| Some((item.as_ref()?, told(entry, key))))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    if with.len() * 100 < found.len() * TELLING_PERCENT {
        return None;
    }
    let mut tries: Vec<(u8, FieldRule)> = Vec::new();
    for at in [0, with.len() / 2, with.len() - 1]
        .iter()
        .take(SAMPLES.min(with.len()))
    {
        let (item, values) = &with[*at];
        for rule in rules(cards.tree, key, item, values) {
            if !tries.contains(&rule) {
                tries.push(rule);
            }
        }
    }
    tries.sort_by_key(|(rank, _)| *rank);
    tries
        .into_iter()
        .take(MAX_TRIES)
        .map(|(_, rule)| rule)
        .find(|rule| holds(cards, key, rule, found))
}

/// True if a rule finds the field of most entries, and changes that of none.
fn holds(cards: &Cards<'_, '_>, key: &'static str, rule: &FieldRule, found: &[Found]) -> bool {
    let Ok(compiled) = select::compile(key, rule) else {
        return false;
    };
    let above = select::above(cards.tree, &compiled);
    let mut finds = 0;
    let same = found.iter().all(|(item, entry)| {
        let Some(item) = item else { return true };
        let values = select::values(cards.tree, item, &compiled, &above);
        if values.is_empty() {
            return true;
        }
        finds += 1;
        let mut read = RawEntry::default();
        select::set(cards, item, &mut read, key, values);
        told(&read, key) == told(entry, key)
    });
    same && finds * 100 >= found.len() * TELLING_PERCENT
}

/// Rules that may find these values in an item, with their rank: the lower, the likelier to last.
fn rules(tree: &Tree<'_>, key: &str, item: &Item, values: &[String]) -> Vec<(u8, FieldRule)> {
    /// So much more may stand beside a date in its element.
    const BESIDE_CHARS: usize = 40;
    let mut out = Vec::new();
    let Some(first) = values.first() else {
        return out;
    };
    let whole = |i: usize| tree.extent(i).end >= item.range.end && i <= item.unit;
    let nodes = item.range.clone().take(MAX_NODES);
    let elements = nodes.filter(|&i| tree.element(i).is_some() && !whole(i));
    let chars = first.chars().filter(|c| !c.is_whitespace()).count();
    for i in elements {
        let count = tree.char_count(tree.extent(i));
        let is_exact = count == chars && tree.text(tree.extent(i)) == *first;
        let is_near = || key == "date" && count <= chars + BESIDE_CHARS && dated(tree, i, first);
        let more = match (count, is_exact) {
            (0, _) if key == "date" => {
                out.extend(in_attribute(tree, item, i, first));
                continue;
            }
            (_, true) => 0,
            (count, false) if count > chars && is_near() => 1,
            _ => continue,
        };
        out.extend(ways(tree, key, item, i).map(|(rank, it)| (rank * 2 + more, rule(it))));
    }
    if key == "date" && out.is_empty() {
        out.extend(over(tree, item, first));
    }
    // many elements are an `a` or a `span`: only a title is likely to be the first of them
    let is_words = |rule: &FieldRule| matches!(rule.selector.as_str(), "a" | "b" | "strong" | "dt");
    out.retain(|(rank, rule)| *rank < BARE_RANK * 2 || key == "title" && is_words(rule));
    out
}

/// Rules for a date that only an attribute of `i` tells.
fn in_attribute(tree: &Tree<'_>, item: &Item, i: usize, date: &str) -> Vec<(u8, FieldRule)> {
    let mut names = ["datetime", "title", "content"].into_iter();
    let Some(name) = names.find(|name| tree.attr(i, name) == Some(date)) else {
        return Vec::new();
    };
    let each = ways(tree, "date", item, i).map(|(rank, selector)| {
        let attribute = Some(name.to_owned());
        (
            rank * 2,
            FieldRule {
                attribute,
                ..rule(selector)
            },
        )
    });
    each.collect()
}

/// True if the first date in an element's text is `date`.
fn dated(tree: &Tree<'_>, i: usize, date: &str) -> bool {
    let text = tree.text(tree.extent(i));
    let spot = dates::all(&text).into_iter().next();
    spot.is_some_and(|spot| text.get(spot.range) == Some(date))
}

/// A rule for a date in a heading above the item.
fn over(tree: &Tree<'_>, item: &Item, date: &str) -> Option<(u8, FieldRule)> {
    let i = (item.range.start.saturating_sub(MAX_ABOVE)..item.range.start)
        .rev()
        .filter(|&i| tree.element(i).is_some() && tree.nodes[i].end <= item.range.start)
        .find(|&i| dated(tree, i, date))?;
    let (_, selector) = ways(tree, "date", item, i).min_by_key(|(rank, _)| *rank)?;
    let above = FieldRule {
        above: true,
        ..rule(selector)
    };
    Some((0, above))
}

/// Selectors of an element, relative to its item, with their rank.
fn ways(
    tree: &Tree<'_>,
    key: &str,
    item: &Item,
    i: usize,
) -> impl Iterator<Item = (u8, String)> + use<> {
    let mut out: Vec<(u8, String)> = Vec::new();
    let Some(step) = Step::of(tree, &[i], false) else {
        return out.into_iter();
    };
    let parent = tree.nodes[i].parent;
    let is_inside = parent >= item.range.start && item.range.contains(&parent);
    let around = Step::of(tree, &[parent], false).filter(|_| is_inside);
    let is_named = |mark: &Mark| match mark {
        Mark::Class(name) | Mark::Stem(name) => WORDS
            .iter()
            .any(|(field, words)| *field == key && names::has_word(name, words)),
        Mark::Id(_) | Mark::Href(_) => false,
    };
    for mark in &step.telling {
        let rank = if is_named(mark) { 0 } else { 3 };
        out.push((rank, step.with(mark).to_string()));
    }
    let speaks = match key {
        "title" => tree.heading(i) > 0,
        "date" => step.tag == "time" || tree.heading(i) > 0,
        _ => false,
    };
    out.push((if speaks { 1 } else { BARE_RANK }, step.tag.clone()));
    if let Some(around) = &around {
        for mark in &around.telling {
            let rank = if is_named(mark) { 2 } else { 4 };
            out.push((rank, format!("{} > {}", around.with(mark), step.tag)));
        }
        let rank = if tree.heading(parent) > 0 {
            2
        } else {
            BARE_RANK + 1
        };
        out.push((rank, format!("{} > {}", around.tag, step.tag)));
    }
    if let Some(full) = step.full() {
        out.push((BARE_RANK + 2, full.to_string()));
    }
    out.into_iter()
}
