//! One item → its fields, each told by what it is: line by line, what is a date, a read time, a tag, an author, an
//! invitation to read on, prose. Invents nothing.

use std::ops::Range;

use super::body;
use super::dates;
use super::hints;
use super::item::Item;
use super::lines;
use super::links::Links;
use super::parts::{self, Part};
use super::read_times;
use super::title::{self, Title};
use super::tree::Tree;
use super::words;
use crate::model::Precision;

/// What was read of one item, as strings.
#[derive(Clone, Debug, Default)]
pub(super) struct Card {
    /// The title.
    pub(super) title: Option<Title>,
    /// The node of the link whose `href` leads to the post.
    pub(super) link: Option<usize>,
    /// The date of publication, its own words.
    pub(super) date: Option<String>,
    /// How exactly `date` is stated.
    pub(super) date_precision: Option<Precision>,
    /// True if the markup says that `date` is one.
    pub(super) date_strong: bool,
    /// The node that `date` was found at, where it stands in the page text.
    pub(super) date_node: Option<usize>,
    /// Short texts that may be a day and month, to be completed by a year heading.
    pub(super) shorts: Vec<String>,
    /// The date of change.
    pub(super) updated: Option<String>,
    /// The excerpt.
    pub(super) summary: Option<String>,
    /// Where in it each line begins.
    pub(super) summary_lines: Vec<usize>,
    /// The nodes of the excerpt.
    pub(super) summary_nodes: Range<usize>,
    /// Tags.
    pub(super) tags: Vec<String>,
    /// Short texts that name a subject of the page.
    pub(super) subjects: Vec<String>,
    /// Kinds of things ("Video"): tags where most items have one or the other, else badges.
    pub(super) formats: Vec<String>,
    /// Texts that may be tags: short, in an element of their own, unexplained.
    pub(super) maybe_tags: Vec<String>,
    /// The short unexplained texts of a line above the title.
    pub(super) kicker: Vec<String>,
    /// The stated read time.
    pub(super) read_time: Option<String>,
    /// Authors.
    pub(super) authors: Vec<String>,
    /// An image's address as written.
    pub(super) image: Option<String>,
}

/// How much of an item is read: the meta lines and the start of an inlined post.
const MAX_ITEM_CHARS: usize = 60_000;
/// Reads an item.
pub(super) fn read(tree: &Tree<'_>, links: &Links, item: &Item) -> Card {
    let title = title::find(tree, links, item);
    let title_nodes = title.as_ref().map_or(0..0, |title| title.nodes.clone());
    let mut card = Card {
        link: own_link(tree, links, item, title.as_ref()),
        image: image(tree, item),
        ..Card::default()
    };
    let rows = lines::lines(tree, item.range.clone(), MAX_ITEM_CHARS);
    let shown = title.as_ref().map_or("", |title| title.text.as_str());
    let parts = parts::read(tree, links, item, rows, &title_nodes, shown);
    let body = body::find(tree, item, &parts, &title_nodes);
    for (i, part) in parts.iter().enumerate() {
        card.subjects.extend(part.subjects.iter().cloned());
        if body.as_ref().is_some_and(|body| body.lines.contains(&i)) {
            continue;
        }
        if part.nodes.end <= title_nodes.start
            && card.kicker.iter().all(|text| words::is_format(text))
            && part.kickers.join(" ") == part.text
            && part.text.contains(char::is_alphabetic)
            && !part.is_meta()
        {
            card.kicker.clone_from(&part.kickers);
        }
        card.take_meta(part);
    }
    if card.kicker.is_empty() {
        card.kicker = beside_facts(&parts, &title_nodes);
    }
    if let Some(body) = &body {
        // a line of prose may carry the subjects behind its last sentence,
        for part in &parts[body.lines.start..body.lines.end.min(body.lines.start + 3)] {
            if card.tags.is_empty() && part.prose.is_some() {
                card.tags.clone_from(&part.tags);
            }
        }
    }
    if card.date.is_none()
        && let Some(body) = &body
    {
        // a line of prose may carry the date at its end
        for part in &parts[body.lines.start..body.lines.end.min(body.lines.start + 3)] {
            card.take_meta(part);
        }
    }
    if card.read_time.is_none() {
        card.read_time = attribute_read_time(tree, item);
    }
    if card.date.is_none() {
        card.take_attribute_date(tree, item, &title_nodes);
    }
    if card.date.is_none() {
        card.take_split_date(&parts);
    }
    if card.date.is_none()
        && let Some(date) = title.as_ref().and_then(|title| title.date.clone())
    {
        card.date_precision = dates::precision(&date);
        card.date = Some(date);
    }
    if card.date.is_none()
        && let Some(body) = &body
        && let Some(date) = date_of_dateline(&body.text)
    {
        card.date_precision = dates::precision(&date);
        card.date = Some(date);
    }
    if let Some(body) = body {
        card.summary = Some(body.text).filter(|text| !text.is_empty());
        card.summary_lines = body.starts;
        card.summary_nodes = body.nodes;
    }
    card.title = title;
    card
}

impl Card {
    /// True if its title stands in a heading.
    pub(super) fn is_headed(&self) -> bool {
        self.title.as_ref().is_some_and(|title| title.heading)
    }

    /// How much it tells beside title and link.
    pub(super) fn facts(&self) -> usize {
        usize::from(self.date.is_some())
            + usize::from(self.summary.is_some())
            + usize::from(self.read_time.is_some())
            + usize::from(!self.tags.is_empty())
    }

    fn take_meta(&mut self, part: &Part) {
        for date in &part.dates {
            if date.updated {
                self.updated.get_or_insert_with(|| date.text.clone());
            } else if self.date.is_none()
                || date.strong && !self.date_strong
                || self.date_precision < Some(date.precision)
                    && date.precision != Precision::Instant
                    && date.strong >= self.date_strong
            {
                self.date_strong = date.strong;
                self.date = Some(date.text.clone());
                self.date_precision = Some(date.precision);
                self.date_node = Some(date.node);
            }
        }
        if self.read_time.is_none() {
            self.read_time.clone_from(&part.read_time);
        }
        for tag in &part.tags {
            if !self.tags.contains(tag) {
                self.tags.push(tag.clone());
            }
        }
        self.formats.extend(part.formats.iter().cloned());
        for author in &part.authors {
            if !self.authors.contains(author) {
                self.authors.push(author.clone());
            }
        }
        if part.is_meta() {
            let texts = part.maybe_tags.iter().chain(&part.links);
            self.maybe_tags.extend(texts.cloned());
        }
        self.shorts.extend(part.shorts.iter().cloned());
    }

    /// A date that only an attribute tells: `<time datetime>` without text, `<abbr title>`, `<span title>` around "yesterday".
    fn take_attribute_date(&mut self, tree: &Tree<'_>, item: &Item, title_nodes: &Range<usize>) {
        /// No words for a day are longer.
        const RELATIVE_CHARS: usize = 24;
        for i in item.range.clone().filter(|i| !title_nodes.contains(i)) {
            let value = match tree.name(i) {
                "time" => tree.attr(i, "datetime"),
                "abbr" => tree.attr(i, "title"),
                "span" | "a" | "small" | "i" | "em" => tree
                    .attr(i, "title")
                    .filter(|_| tree.char_count(tree.extent(i)) <= RELATIVE_CHARS)
                    .filter(|title| dates::day(title).is_some()),
                "meta" => tree.attr(i, "content").filter(|_| {
                    ["itemprop", "property"]
                        .iter()
                        .any(|name| tree.attr(i, name) == Some("datePublished"))
                }),
                _ => None,
            };
            let Some(value) = value.map(str::trim) else {
                continue;
            };
            if parts::is_updated_element(tree, i) {
                continue;
            }
            if let Some(precision) = dates::precision(value) {
                self.date = Some(value.to_owned());
                self.date_precision = Some(precision);
                self.date_node = Some(i);
                return;
            }
        }
    }

    /// A date whose day, month and year stand in lines of their own.
    fn take_split_date(&mut self, parts: &[Part]) {
        let shorts: Vec<&str> = parts
            .iter()
            .map(|part| part.text.as_str())
            .take(8)
            .collect();
        for size in [3, 2, 1] {
            for window in shorts.windows(size) {
                if window.iter().all(|text| text.len() <= 12)
                    && let Some(date) = dates::joined(window, None)
                {
                    self.date_precision = Some(Precision::Day);
                    self.date = Some(date);
                    return;
                }
            }
        }
        for size in [2, 1] {
            for window in shorts.windows(size) {
                if window.iter().all(|text| text.len() <= 16) {
                    self.shorts.push(window.join(" "));
                }
            }
        }
    }
}

/// The date in the place and date that open a report: "HARBOUR TOWN, 5 March 2024 — The keeper …".
fn date_of_dateline(text: &str) -> Option<String> {
    /// A place and a date are no longer, in characters,
    const CHARS: usize = 70;
    /// and a place is not, in words.
    const WORDS: usize = 5;
    let end = text
        .char_indices()
        .nth(CHARS)
        .map_or(text.len(), |(at, _)| at);
    let spot = dates::all(&text[..end]).into_iter().next()?;
    let (place, behind) = (&text[..spot.range.start], &text[spot.range.end..]);
    let behind = behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ')' | ']'));
    let fits = !spot.relative
        && spot.precision >= Precision::Day
        && place.split_whitespace().count() <= WORDS
        && place.starts_with(char::is_uppercase)
        && !place.contains(['.', '!', '?'])
        && behind.starts_with(['—', '–', '-', ':']);
    fits.then(|| text[spot.range].to_owned())
}

/// The short unexplained texts of the lines right before or behind the first line of facts under a title.
fn beside_facts(parts: &[Part], title: &Range<usize>) -> Vec<String> {
    /// A name and a category.
    const MOST: usize = 2;
    let under = |part: &&Part| !title.is_empty() && part.nodes.start >= title.end;
    let facts = parts
        .iter()
        .position(|part| under(&part) && part.is_meta() && !part.dates.is_empty());
    let Some(facts) = facts else {
        return Vec::new();
    };
    let texts = |part: &Part| part.maybe_tags.clone();
    let before = parts[..facts].iter().rev().take(1);
    let before = before.filter(under).filter(|part| is_one_token(part));
    let mut found: Vec<String> = before.flat_map(texts).collect();
    if found.is_empty() {
        let behind = parts[facts + 1..].iter().take(MOST);
        found = behind
            .take_while(|part| is_one_token(part))
            .flat_map(texts)
            .collect();
    }
    found
}

/// True for a line that is one short unexplained text in an element of its own.
fn is_one_token(part: &Part) -> bool {
    part.maybe_tags.len() == 1
        && part.maybe_tags[0] == part.text
        && part.text.contains(char::is_alphabetic)
        && !part.is_meta()
}

/// A read time that style sheets show from the `title` of an element without words.
fn attribute_read_time(tree: &Tree<'_>, item: &Item) -> Option<String> {
    /// Most items are short; in a long one the facts stand at the start.
    const NODES: usize = 400;
    item.range
        .clone()
        .take(NODES)
        .filter(|&i| tree.name(i) == "span" && tree.char_count(tree.extent(i)) == 0)
        .filter_map(|i| tree.attr(i, "title"))
        .find_map(|title| Some(title[read_times::find(title)?].to_owned()))
}

/// The link that best stands for the post: the one of the title, else the first with text, else the first.
fn own_link(tree: &Tree<'_>, links: &Links, item: &Item, title: Option<&Title>) -> Option<usize> {
    let own: Vec<usize> = around(tree, item)
        .chain(item.range.clone())
        .filter(|&i| links.at(i).is_some_and(|link| link.target == item.target))
        .collect();
    let titled = title.and_then(|title| {
        own.iter().copied().find(|&i| {
            let nodes = tree.extent(i);
            !title.nodes.is_empty()
                && (nodes.contains(&title.nodes.start) || title.nodes.contains(&i))
        })
    });
    titled
        .or_else(|| {
            own.iter()
                .copied()
                .find(|&i| tree.char_count(tree.extent(i)) > 0)
        })
        .or_else(|| own.first().copied())
}

/// The elements around an item that hold nothing else.
fn around<'t>(tree: &'t Tree<'_>, item: &Item) -> impl Iterator<Item = usize> + 't {
    let end = item.range.end;
    tree.ancestors(item.range.start)
        .take_while(move |&a| tree.nodes[a].end <= end)
}

fn image(tree: &Tree<'_>, item: &Item) -> Option<String> {
    item.range
        .clone()
        .filter(|&i| tree.name(i) == "img")
        .find_map(|i| {
            let hinted = tree
                .ancestors(i)
                .take(2)
                .any(|a| tree.attr(a, "class").and_then(hints::hint).is_some());
            if hinted {
                return None;
            }
            ["src", "data-src", "data-lazy-src", "data-original"]
                .into_iter()
                .filter_map(|name| tree.attr(i, name))
                .map(str::trim)
                .find(|src| !src.is_empty() && !src.starts_with("data:"))
                .map(str::to_owned)
        })
}
