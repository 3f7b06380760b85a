//! A line under reading: the page around it, what was read of it so far, and what the elements around a stretch of it say.

use super::super::collections::{self, Collection};
use super::super::dates;
use super::super::hints::{self, Hint};
use super::super::item::Item;
use super::super::lines::Line;
use super::super::links::Links;
use super::super::tree::Tree;
use super::super::words::{self, Expects};
use super::part::Part;

/// A table of posts has no more columns.
const MAX_COLUMNS: usize = 16;

/// One line under reading.
pub(super) struct LineReader<'t, 'a> {
    pub(super) tree: &'t Tree<'a>,
    pub(super) links: &'t Links,
    pub(super) item: &'t Item,
    pub(super) part: &'t mut Part,
    pub(super) expects: &'t mut Option<Expects>,
    pub(super) title: &'t str,
}

/// What is told of a stretch of text by the elements around it.
#[derive(Clone, Copy, Default)]
pub(super) struct Around {
    /// The text node.
    pub(super) node: usize,
    /// The nearest link.
    pub(super) link: Option<usize>,
    /// A class, `rel` or `itemprop` that tells.
    pub(super) hint: Option<Hint>,
    /// The element whose class or the like is `hint`.
    pub(super) hinting: Option<usize>,
    /// True if `hint` stands inside the link: it tells of this text, not of all that the link holds.
    pub(super) inside: bool,
    /// The innermost element is one of its own for this text.
    pub(super) own: bool,
}

impl LineReader<'_, '_> {
    pub(super) fn around(&self, node: usize) -> Around {
        let mut around = Around {
            node,
            ..Around::default()
        };
        if self
            .tree
            .ancestors(node)
            .take(3)
            .any(|a| matches!(self.tree.name(a), "pre" | "code"))
        {
            return around;
        }
        let mut at = node;
        for (up, parent) in self.tree.ancestors(node).enumerate() {
            if parent < self.item.range.start {
                break;
            }
            if up == 0 {
                around.own = self.tree.nodes[parent].end == at + 1
                    || self.tree.char_count(self.tree.extent(parent))
                        == self.tree.char_count(at..at + 1);
            }
            if around.link.is_none() && self.tree.name(parent) == "a" {
                around.link = Some(parent);
                around.inside = around.hint.is_some();
            }
            if around.hint.is_none() && up < 2 {
                around.hint = icon_before(self.tree, at).and_then(hints::hint);
            }
            if around.hint.is_none() && up < 4 {
                around.hint = ["rel", "itemprop", "class", "property"]
                    .into_iter()
                    .filter_map(|name| self.tree.attr(parent, name))
                    .find_map(hints::hint);
                around.hinting = around.hint.map(|_| parent);
                // a hint on a block that holds prose as well says nothing of its parts
                if self.tree.char_count(self.tree.extent(parent)) > 200 {
                    around.hint = around.hint.filter(|_| up < 2);
                }
            }
            at = parent;
        }
        let _ = at;
        around
    }

    /// What the link at `node` to the folder of the post is: a section of the site, or the person whose folder it is, whom a
    /// picture shows.
    fn section(&self, node: usize) -> Option<Collection> {
        let (tree, links) = (self.tree, self.links);
        let text = tree.text(tree.extent(node));
        let folder = links.at(node)?.target;
        let is_shown = self.item.range.clone().any(|i| {
            tree.name(i) == "img"
                && tree
                    .ancestors(i)
                    .take(3)
                    .any(|a| links.at(a).is_some_and(|link| link.target == folder))
        });
        if is_shown {
            Some(Collection::Author)
        } else {
            text.contains(char::is_alphabetic)
                .then_some(Collection::Tag)
                .filter(|_| !words::is_name(&text))
        }
    }

    /// True if a picture stands beside node `at` that is called like `name`, or says to show a person: `<img alt="Ada"> Ada`.
    pub(super) fn has_portrait(&self, at: usize, name: &str) -> bool {
        /// What else stands around the two: a date, a role.
        const BESIDE_CHARS: usize = 50;
        /// "Photo of ".
        const CALLED_BYTES: usize = 16;
        let most = name.chars().count() + BESIDE_CHARS;
        let shows = |i: usize| {
            let attr = |key| self.tree.attr(i, key).unwrap_or("").trim();
            let alt = attr("alt");
            self.tree.name(i) == "img"
                && (!alt.is_empty()
                    && alt.ends_with(name)
                    && alt.len() <= name.len() + CALLED_BYTES
                    || hints::hint(attr("class")) == Some(Hint::Author)
                    || ["avatar", "portrait", "headshot"]
                        .iter()
                        .any(|word| attr("src").to_ascii_lowercase().contains(word)))
        };
        self.tree
            .ancestors(at)
            .take(3)
            .take_while(|&a| a >= self.item.range.start)
            .take_while(|&a| self.tree.char_count(self.tree.extent(a)) <= most)
            .take_while(|&a| !self.tree.text(self.tree.extent(a)).contains(self.title))
            .any(|a| {
                let nodes = self.tree.extent(a);
                // with nothing but the name and a date, a picture is a portrait whatever it is called
                let dated = || {
                    let text = self.tree.text(nodes.clone());
                    text.contains(|c: char| c.is_numeric()) && !dates::all(&text).is_empty()
                };
                nodes.clone().any(shows) || nodes.clone().any(|i| self.is_photo(i)) && dated()
            })
    }

    /// True for an image that is no icon.
    fn is_photo(&self, i: usize) -> bool {
        let src = self.tree.attr(i, "src").unwrap_or("");
        self.tree.name(i) == "img" && !src.contains(".svg") && !src.contains("icon")
    }

    pub(super) fn collection(&self, link: usize) -> Option<Collection> {
        // some call the link to the post itself a tag
        if self
            .links
            .at(link)
            .is_some_and(|link| link.target == self.item.target)
        {
            return None;
        }
        match self.tree.attr(link, "rel") {
            Some(rel)
                if rel
                    .split_whitespace()
                    .any(|r| r == "tag" || r == "category") =>
            {
                return Some(Collection::Tag);
            }
            Some("author") => return Some(Collection::Author),
            _ => {}
        }
        let node = link;
        let link = self.links.at(link)?;
        collections::collection(&self.links.targets[link.target].url).or_else(|| {
            // a section of the site, by the folder that the post stands in
            let is_folder = self.links.is_folder_of(link.target, self.item.target);
            is_folder.then(|| self.section(node)).flatten()
        })
    }

    /// What the head of the table says above the cell that `block` is in or is.
    pub(super) fn column(&self, block: usize) -> Option<String> {
        let tree = self.tree;
        let up = |from: usize, name: &str| {
            std::iter::once(from)
                .chain(tree.ancestors(from))
                .take(5)
                .find(|&a| tree.name(a) == name)
        };
        let cell = up(block, "td")?;
        let row = tree.nodes[cell].parent;
        let table = up(row, "table")?;
        let head = tree
            .extent(table)
            .find(|&i| tree.name(i) == "tr")
            .filter(|&head| head != row)?;
        let cells = |row: usize| {
            tree.children(row)
                .filter(|&i| matches!(tree.name(i), "td" | "th"))
                .take(MAX_COLUMNS)
        };
        let at = cells(row).position(|i| i == cell)?;
        let above = cells(head).nth(at)?;
        (tree.name(above) == "th").then(|| tree.text(tree.extent(above)))
    }

    /// True if an element around any piece of the line says what it holds.
    pub(super) fn has_hint(&self, line: &Line) -> bool {
        line.pieces
            .iter()
            .any(|piece| self.around(piece.node).hint.is_some())
    }
}

/// The classes of an empty element (an icon) right before node `i`.
fn icon_before<'a>(tree: &Tree<'a>, i: usize) -> Option<&'a str> {
    let mut before = i;
    loop {
        before = tree.sibling_before(before)?;
        let empty = tree.char_count(tree.extent(before)) == 0;
        if tree.element(before).is_some() {
            return empty.then(|| tree.attr(before, "class")).flatten();
        }
        if !empty {
            return None;
        }
    }
}
