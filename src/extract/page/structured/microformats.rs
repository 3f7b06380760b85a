//! Class names with a meaning → posts: microformats2 (`h-feed`, `h-entry`, with implied names and the value-class pattern)
//! and hAtom (`hfeed`, `hentry`), which many themes still write.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::node::Element;
use scraper::{Html, Node};

use super::super::tree::{attribute, classes, collapse};
use super::items::{link_of, text};
use super::record::{Form, List, Record, date};
use super::schema_org::Described;

/// A name with more characters is the post itself.
const MAX_NAME_CHARS: usize = 250;
/// So much of a body stands for an excerpt that is not there.
const EXCERPT_CHARS: usize = 500;

/// The entries of a page: those of its feeds, or those that stand alone.
pub(super) fn read(html: &Html) -> Described {
    let mut feeds: Vec<(bool, Vec<Record>)> = Vec::new();
    // the open feeds: their element, and their place in `feeds`; what stands in none is in the first
    feeds.push((false, Vec::new()));
    let mut open: Vec<(NodeId, usize)> = Vec::new();
    let mut inside: Option<NodeId> = None;
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) if inside.is_none() => {
                let Some(element) = node.value().as_element() else {
                    continue;
                };
                if has(element, &["h-feed", "hfeed"]) {
                    open.push((node.id(), feeds.len()));
                    feeds.push((has(element, &["h-feed"]), Vec::new()));
                }
                if has(element, &["h-entry", "hentry"]) {
                    inside = Some(node.id());
                    let feed = open.last().map_or(0, |(_, feed)| *feed);
                    feeds[feed].1.push(entry(node, has(element, &["h-entry"])));
                }
            }
            Edge::Open(_) => {}
            Edge::Close(node) => {
                inside = inside.filter(|id| *id != node.id());
                open.pop_if(|(id, _)| *id == node.id());
            }
        }
    }
    let mut found = Described::default();
    for (named, records) in feeds.into_iter().filter(|(_, records)| !records.is_empty()) {
        if named || records.len() > 1 {
            found.lists.push(List {
                records,
                form: Form::Microformats,
                explicit: named,
            });
        } else {
            found.alone.extend(records);
        }
    }
    found
}

/// What is known of an entry while its parts are met.
#[derive(Default)]
struct Parts<'a> {
    record: Record,
    content: Option<String>,
    bookmark: Option<&'a str>,
    uid: Option<String>,
    /// True once a part says what it is, so that nothing is implied.
    named: bool,
}

fn entry(root: NodeRef<'_, Node>, modern: bool) -> Record {
    let classic = root
        .value()
        .as_element()
        .is_some_and(|root| has(root, &["hentry"]));
    let mut parts = Parts::default();
    let mut passed: Option<NodeId> = None;
    for edge in root.traverse().skip(1) {
        match edge {
            Edge::Open(node) => {
                let Some(element) = node.value().as_element() else {
                    continue;
                };
                if passed.is_some() {
                    continue;
                }
                if modern {
                    parts.modern(node, element);
                }
                if classic {
                    parts.classic(node, element);
                }
                // another item within this one has parts of its own
                if classes(element).any(|class| {
                    class.starts_with("h-") && is_root(class) || matches!(class, "hentry" | "vcard")
                }) {
                    passed = Some(node.id());
                }
            }
            Edge::Close(node) if passed == Some(node.id()) => passed = None,
            Edge::Close(_) => {}
        }
    }
    parts.finish(root)
}

/// True for the names of microformats2 that people give to items in a post; `h-100` and the like are about looks.
fn is_root(class: &str) -> bool {
    matches!(
        class,
        "h-card"
            | "h-cite"
            | "h-entry"
            | "h-event"
            | "h-feed"
            | "h-adr"
            | "h-geo"
            | "h-item"
            | "h-product"
            | "h-review"
            | "h-app"
            | "h-recipe"
            | "h-resume"
    )
}

impl<'a> Parts<'a> {
    fn modern(&mut self, node: NodeRef<'a, Node>, element: &'a Element) {
        for class in classes(element) {
            let record = &mut self.record;
            match class {
                "p-name" => set(&mut record.title, Some(plain_value(node, element))),
                "u-url" => record.urls.extend(address(node, element)),
                "u-uid" => self.uid = address(node, element),
                "dt-published" => set(&mut record.published, date(&date_value(node, element))),
                "dt-updated" => set(&mut record.updated, date(&date_value(node, element))),
                "p-summary" => set(&mut record.summary, Some(plain_value(node, element))),
                "e-content" => set(&mut self.content, Some(text(node))),
                "p-category" | "u-category" => add(&mut record.tags, plain_value(node, element)),
                "p-author" => add(&mut record.authors, person(node, element)),
                "u-photo" | "u-featured" => set(&mut record.image, address(node, element)),
                _ => {}
            }
            self.named |= class.starts_with("p-") || class.starts_with("e-");
        }
    }

    fn classic(&mut self, node: NodeRef<'a, Node>, element: &'a Element) {
        let record = &mut self.record;
        for class in classes(element) {
            match class {
                "entry-title" => {
                    set(&mut record.title, Some(text(node)));
                    self.bookmark = self.bookmark.or_else(|| link_of(node));
                }
                "published" => set(&mut record.published, date(&date_value(node, element))),
                "updated" => set(&mut record.updated, date(&date_value(node, element))),
                "entry-summary" => set(&mut record.summary, Some(text(node))),
                "entry-content" => set(&mut self.content, Some(text(node))),
                "author" => add(&mut record.authors, person(node, element)),
                _ => {}
            }
        }
        let rel = |name: &str| {
            element.name() == "a"
                && attribute(element, "rel")
                    .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == name))
        };
        if rel("bookmark") {
            self.bookmark = attribute(element, "href").or(self.bookmark);
        }
        if rel("tag") {
            add(&mut record.tags, text(node));
        }
        self.named = true;
    }

    fn finish(self, root: NodeRef<'_, Node>) -> Record {
        let mut record = self.record;
        record.urls.extend(self.uid);
        record.urls.extend(self.bookmark.map(str::to_owned));
        if !self.named {
            record.title = Some(text(root)).filter(|name| !name.is_empty());
        }
        if record.urls.is_empty() {
            record.urls.extend(link_of(root).map(str::to_owned));
        }
        record.updated = record
            .updated
            .filter(|updated| Some(updated) != record.published.as_ref());
        record.title = record
            .title
            .filter(|name| name.chars().count() <= MAX_NAME_CHARS);
        if record.summary.is_none() {
            let content = self
                .content
                .filter(|content| Some(content) != record.title.as_ref());
            record.summary = content
                .map(|content| content.chars().take(EXCERPT_CHARS).collect())
                .filter(|text: &String| !text.is_empty());
        }
        record
    }
}

fn has(element: &Element, names: &[&str]) -> bool {
    classes(element).any(|class| names.contains(&class))
}

fn set(field: &mut Option<String>, value: Option<String>) {
    if field.is_none() {
        *field = value.filter(|value| !value.is_empty());
    }
}

fn add(field: &mut Vec<String>, value: String) {
    if !value.is_empty() && !field.contains(&value) {
        field.push(value);
    }
}

/// A `p-` value.
fn plain_value(node: NodeRef<'_, Node>, element: &Element) -> String {
    let pieces = value_class(node);
    if !pieces.is_empty() {
        return pieces.concat();
    }
    own_value(element).unwrap_or_else(|| text(node))
}

/// A `dt-` value: the parts of the value-class pattern, a machine's spelling, or the text.
fn date_value(node: NodeRef<'_, Node>, element: &Element) -> String {
    let pieces = value_class(node);
    if !pieces.is_empty() {
        return pieces.join(" ");
    }
    let stated = attribute(element, "datetime")
        .map(str::trim)
        .filter(|stated| !stated.is_empty());
    stated
        .map(str::to_owned)
        .or_else(|| own_value(element))
        .unwrap_or_else(|| text(node))
}

/// What the attributes of some elements say in place of their text.
fn own_value(element: &Element) -> Option<String> {
    let name = match element.name() {
        "abbr" | "link" => "title",
        "data" | "input" => "value",
        "img" | "area" => "alt",
        _ => return None,
    };
    attribute(element, name)
        .map(collapse)
        .filter(|value| !value.is_empty())
}

/// The pieces of a value that are marked as such.
fn value_class(node: NodeRef<'_, Node>) -> Vec<String> {
    /// A value has few parts.
    const MAX_LOOKED_AT: usize = 60;
    let parts = node.descendants().skip(1).take(MAX_LOOKED_AT);
    let parts = parts.filter_map(|part| Some((part, part.value().as_element()?)));
    parts
        .filter_map(|(part, element)| {
            if has(element, &["value-title"]) {
                return attribute(element, "title").map(str::to_owned);
            }
            has(element, &["value"]).then(|| {
                let stated = attribute(element, "datetime").map(str::to_owned);
                stated
                    .or_else(|| own_value(element))
                    .unwrap_or_else(|| text(part))
            })
        })
        .collect()
}

/// A `u-` value.
fn address(node: NodeRef<'_, Node>, element: &Element) -> Option<String> {
    let name = match element.name() {
        "a" | "area" | "link" => "href",
        "img" | "source" | "audio" | "video" | "iframe" => "src",
        "data" | "input" => "value",
        "abbr" => "title",
        _ => "",
    };
    let stated = attribute(element, name).map(str::to_owned);
    stated
        .or_else(|| Some(text(node)))
        .filter(|url| !url.is_empty() && !url.contains(' '))
}

/// The name of an author: what the card says, else its text.
fn person(node: NodeRef<'_, Node>, element: &Element) -> String {
    /// A card has few parts.
    const MAX_LOOKED_AT: usize = 60;
    let card = node.descendants().skip(1).take(MAX_LOOKED_AT);
    let named = card
        .filter_map(|part| Some((part, part.value().as_element()?)))
        .find(|(_, part)| has(part, &["p-name", "fn"]));
    match named {
        Some((part, element)) => plain_value(part, element),
        None => plain_value(node, element),
    }
}
