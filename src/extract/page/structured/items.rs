//! Markup that names its parts → nodes as JSON-LD has them: microdata (HTML §5.2, with `itemref` and the values of §5.2.4)
//! and RDFa Lite (`vocab`, `typeof`, `property`, `resource`).

use std::collections::HashMap;

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use super::super::tree::{attribute, collapse};
use super::value::Value;

/// Items within items that are followed; `itemref` may lead in a circle.
const MAX_DEPTH: usize = 12;
/// Nodes that the items of one page may grow to.
const MAX_NODES: usize = 50_000;
/// Items that one element may be a part of.
const MAX_OWNERS: usize = 8;
/// Parts of an element that are looked at for its text.
const MAX_PARTS: usize = 2000;
/// Texts longer than this are cut: a body is not what is looked for.
const MAX_TEXT_BYTES: usize = 4000;
/// Names whose value is what a person reads, even where it stands in a link.
const TEXTS: &[&str] = &[
    "headline",
    "name",
    "alternativeHeadline",
    "title",
    "description",
    "abstract",
    "keywords",
    "articleSection",
    "articleBody",
    "text",
    "author",
    "creator",
];

/// The notation that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `itemscope`, `itemtype`, `itemprop`.
    Microdata,
    /// `typeof`, `property`.
    Rdfa,
}

/// The items of a page that are no part of another, in page order.
pub(super) fn read(html: &Html, notation: Notation) -> Vec<Value> {
    let mut reader = Reader::new(html, notation);
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) => reader.open(node),
            Edge::Close(node) => reader.close(node),
        }
    }
    let top: Vec<usize> = (0..reader.items.len())
        .filter(|&i| reader.items[i].top)
        .collect();
    let mut left = MAX_NODES;
    top.into_iter()
        .map(|i| reader.node(i, 0, &mut left))
        .collect()
}

#[derive(Debug)]
enum Part {
    Value(Value),
    Item(usize),
}

#[derive(Debug, Default)]
struct Item {
    types: Vec<Value>,
    id: Option<String>,
    parts: Vec<(String, Part)>,
    top: bool,
}

struct Reader<'a> {
    notation: Notation,
    /// In page order; one may have parts before its element is met.
    items: Vec<Item>,
    /// How many were met.
    met: usize,
    /// The items whose parts are met, innermost last, each with the element that began it.
    owners: Vec<(ego_tree::NodeId, Vec<usize>)>,
    /// The items that ask for an element by its id.
    wanted: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Reader<'a> {
    fn new(html: &'a Html, notation: Notation) -> Self {
        let mut wanted: HashMap<&str, Vec<usize>> = HashMap::new();
        if notation == Notation::Microdata {
            let elements = html
                .tree
                .root()
                .descendants()
                .filter_map(|node| node.value().as_element());
            let scopes = elements.filter(|element| attribute(element, "itemscope").is_some());
            for (item, element) in scopes.enumerate() {
                for id in attribute(element, "itemref")
                    .unwrap_or("")
                    .split_ascii_whitespace()
                {
                    wanted.entry(id).or_default().push(item);
                }
            }
        }
        Self {
            notation,
            items: Vec::new(),
            met: 0,
            owners: Vec::new(),
            wanted,
        }
    }

    fn open(&mut self, node: NodeRef<'a, Node>) {
        let Node::Element(element) = node.value() else {
            return;
        };
        if let Some(items) = attribute(element, "id").and_then(|id| self.wanted.get(id)) {
            let around = self
                .owners
                .last()
                .into_iter()
                .flat_map(|(_, owners)| owners);
            let owners = items.iter().chain(around).copied().take(MAX_OWNERS);
            let owners = owners.collect();
            self.owners.push((node.id(), owners));
        }
        let (scope, property) = match self.notation {
            Notation::Microdata => (
                attribute(element, "itemscope").map(|_| "itemtype"),
                attribute(element, "itemprop"),
            ),
            Notation::Rdfa => (
                attribute(element, "typeof").map(|_| "typeof"),
                attribute(element, "property"),
            ),
        };
        if scope.is_none() && property.is_none() {
            return;
        }
        let names: Vec<&str> = property
            .unwrap_or("")
            .split_ascii_whitespace()
            .map(local)
            .collect();
        let owners = self
            .owners
            .last()
            .map_or(&[][..], |(_, owners)| owners)
            .to_vec();
        let item = scope.map(|types| {
            let types = attribute(element, types)
                .unwrap_or("")
                .split_ascii_whitespace();
            let index = self.met;
            self.met += 1;
            let item = self.item(index);
            item.types = types.map(|kind| Value::from(local(kind))).collect();
            let ids = ["itemid", "resource", "about"];
            item.id = ids
                .iter()
                .find_map(|name| attribute(element, name))
                .map(str::to_owned);
            item.top = names.is_empty() || owners.is_empty();
            index
        });
        for &name in &names {
            for &owner in &owners {
                let part = item.map_or_else(|| Part::Value(value(node, element, name)), Part::Item);
                self.add(owner, name, part);
                if matches!(name, "headline" | "name")
                    && item.is_none()
                    && let Some(link) = link_of(node)
                {
                    // themes often name the title and not the address, though the title is a link
                    self.add(owner, "link", Part::Value(Value::from(link)));
                }
            }
        }
        if let Some(item) = item {
            self.owners.push((node.id(), vec![item]));
        }
    }

    fn add(&mut self, owner: usize, name: &str, part: Part) {
        self.item(owner).parts.push((name.to_owned(), part));
    }

    fn item(&mut self, index: usize) -> &mut Item {
        if index >= self.items.len() {
            self.items.resize_with(index + 1, Item::default);
        }
        &mut self.items[index]
    }

    fn close(&mut self, node: NodeRef<'a, Node>) {
        while self.owners.last().is_some_and(|(id, _)| *id == node.id()) {
            self.owners.pop();
        }
    }

    /// An item as a node; parts of the same name become a list.
    fn node(&self, item: usize, depth: usize, left: &mut usize) -> Value {
        let Some(item) = self
            .items
            .get(item)
            .filter(|_| depth <= MAX_DEPTH && *left > 0)
        else {
            return Value::Null;
        };
        *left -= 1;
        let mut members: Vec<(String, Value)> =
            vec![("@type".to_owned(), Value::List(item.types.clone()))];
        if let Some(id) = &item.id {
            members.push(("@id".to_owned(), Value::from(id.as_str())));
        }
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (name, part) in &item.parts {
            let value = match part {
                Part::Value(value) => value.clone(),
                Part::Item(item) => self.node(*item, depth + 1, left),
            };
            let place = *places.entry(name).or_insert_with(|| {
                members.push((name.clone(), Value::List(Vec::new())));
                members.len() - 1
            });
            if let Value::List(values) = &mut members[place].1 {
                values.push(value);
            }
        }
        Value::Object(members)
    }
}

/// The last part of a name that is an address or has a prefix.
fn local(name: &str) -> &str {
    name.trim_end_matches('/')
        .rsplit(['/', '#', ':'])
        .next()
        .unwrap_or(name)
}

/// The value of a named element.
fn value(node: NodeRef<'_, Node>, element: &Element, name: &str) -> Value {
    let attr = |name: &str| {
        attribute(element, name)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    };
    // beyond the letter of the standard, all readers take `content` from any element
    let machine = attr("content").or_else(|| match element.name() {
        "meta" => Some(""),
        _ if TEXTS.contains(&name) => None,
        "a" | "area" | "link" => attr("href"),
        "audio" | "embed" | "iframe" | "img" | "source" | "track" | "video" => attr("src"),
        "object" => attr("data"),
        "data" | "meter" => attr("value"),
        "time" => attr("datetime"),
        _ => None,
    });
    let machine = machine.or_else(|| attr("resource").or_else(|| attr("itemid")));
    machine.map_or_else(|| Value::Text(text(node)), Value::from)
}

/// What a person reads in an element.
pub(super) fn text(node: NodeRef<'_, Node>) -> String {
    let mut out = String::new();
    let mut unseen = 0;
    for edge in node.traverse().take(MAX_PARTS) {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element)
                    if matches!(element.name(), "script" | "style" | "template" | "noscript") =>
                {
                    unseen += 1;
                }
                Node::Element(element)
                    if matches!(
                        element.name(),
                        "p" | "div" | "br" | "li" | "td" | "h2" | "h3"
                    ) =>
                {
                    out.push(' ');
                }
                Node::Text(text) if unseen == 0 => out.push_str(text),
                _ => {}
            },
            Edge::Close(node) => {
                let element = node.value().as_element();
                unseen -= usize::from(element.is_some_and(|element| {
                    matches!(element.name(), "script" | "style" | "template" | "noscript")
                }));
            }
        }
        if out.len() > MAX_TEXT_BYTES {
            break;
        }
    }
    out.truncate(out.floor_char_boundary(MAX_TEXT_BYTES));
    collapse(&out)
}

/// Where the link leads that an element is, holds, or stands in.
pub(super) fn link_of(node: NodeRef<'_, Node>) -> Option<&str> {
    fn href(node: NodeRef<'_, Node>) -> Option<&str> {
        let element = node.value().as_element()?;
        attribute(element, "href").filter(|_| element.name() == "a")
    }
    /// An element with more descendants is no title.
    const MAX_LOOKED_AT: usize = 40;
    let inside = node.descendants().take(MAX_LOOKED_AT).find_map(href);
    inside.or_else(|| node.ancestors().take(3).find_map(href))
}
