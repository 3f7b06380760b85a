//! HTML text → a page tree in document order. Parses once, within limits, and remembers for every node what all later
//! passes ask: parent, extent, depth, text so far, and whether it is page chrome (navigation, sidebar, footer).

use std::ops::Range;

use ego_tree::NodeId;
use html5ever::ns;
use html5ever::tendril::TendrilSink;
use scraper::node::{Element, Text};
use scraper::{ElementRef, Html, Selector};

use super::error::PageError;
use super::sink::Sink;
use crate::lexicon::markup;

/// Deeper nesting than this is refused. Real pages stay under a hundred; html5ever takes quadratic time in the depth.
const MAX_DEPTH: usize = 700;
/// More nodes than this are refused: unclosed formatting elements can multiply a small input without bound.
const MAX_NODES: usize = 500_000;
/// A tag with more attributes is refused.
const MAX_ATTRIBUTES: u32 = 256;
/// Bytes given to the parser between two looks at the limits.
const CHUNK: usize = 2048;

/// Parses `html` in pieces and stops where it grows too deep or too large.
///
/// # Errors
/// [`PageError::TooDeep`], [`PageError::TooManyAttributes`] and [`PageError::TooManyNodes`].
pub(in crate::extract) fn parse(html: &str) -> Result<Html, PageError> {
    let mut parser = html5ever::parse_document(Sink::new(), html5ever::ParseOpts::default());
    let (mut at, mut open_since, mut seen) = (0, 0, 0);
    let mut look = CHUNK;
    while at < html.len() {
        let end = html.ceil_char_boundary(at + CHUNK);
        parser.process(html[at..end].into());
        let sink = &parser.tokenizer.sink.sink;
        check_limits(&sink.html().borrow())?;
        if sink.events() != seen {
            seen = sink.events();
            (open_since, look) = (at, CHUNK);
        } else if end - open_since > look {
            // nothing has ended for so long: a comment, a long value, or a tag without end
            if markup::has_crowded_tag(&html[open_since..end], MAX_ATTRIBUTES) {
                return Err(PageError::TooManyAttributes {
                    limit: MAX_ATTRIBUTES,
                });
            }
            look = (end - open_since) * 2;
        }
        at = end;
    }
    Ok(parser.finish())
}

fn check_limits(html: &Html) -> Result<(), PageError> {
    if html.tree.values().len() > MAX_NODES {
        return Err(PageError::TooManyNodes { limit: MAX_NODES });
    }
    // the newest node hangs from the innermost open element
    let mut newest = html.tree.root();
    let mut depth = 0;
    while let Some(child) = newest.last_child() {
        newest = child;
        depth += 1;
        if depth > MAX_DEPTH {
            return Err(PageError::TooDeep { limit: MAX_DEPTH });
        }
    }
    Ok(())
}

/// What a node is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    /// An element.
    Element(&'a Element),
    /// Characters a reader sees.
    Text(&'a Text),
}

/// One node of the page, in document order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    /// Its id in the parsed document.
    pub(super) id: NodeId,
    /// The index of its parent; the first node is its own.
    pub(super) parent: usize,
    /// One past the index of its last descendant.
    pub(super) end: usize,
    /// How many elements it stands in.
    pub(super) depth: u32,
    /// What it is.
    pub(super) kind: Kind<'a>,
    /// The level of a heading, 1 to 6; 0 for what is no heading.
    pub(super) heading: u8,
    /// True for an element that does not end a line of text.
    pub(super) inline: bool,
    /// True inside navigation, sidebars, footers and the like.
    pub(super) chrome: bool,
}

/// The page's elements and visible texts in document order: a subtree is the index range `i..nodes[i].end`.
pub(super) struct Tree<'a> {
    html: &'a Html,
    /// All nodes.
    pub(super) nodes: Vec<Node<'a>>,
    /// Visible characters (no white space) before each node.
    chars: Vec<u32>,
}

/// Elements whose text nobody reads.
const UNSEEN: &[&str] = &[
    "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "select",
    "textarea", "audio", "video", "canvas", "datalist", "dialog",
];

/// Elements that stand in a line of text and do not end it.
const INLINE: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "b",
    "bdi",
    "bdo",
    "big",
    "button",
    "cite",
    "code",
    "data",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "img",
    "ins",
    "kbd",
    "label",
    "mark",
    "nobr",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
    "wbr",
    "center-inline",
    "svg",
    "input",
    "picture",
    "source",
];

/// Class and id words of page chrome.
const CHROME_WORDS: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "navi",
    "menu",
    "sidebar",
    "footer",
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "pager",
    "comments",
    "comment",
    "related",
    "share",
    "sharing",
    "social",
    "toc",
    "widget",
    "widgets",
    "blogroll",
    "tagcloud",
    "dropdown",
    "offcanvas",
    "drawer",
    "topbar",
    "cookie",
    "modal",
    "popup",
    "pagenav",
    "sidenav",
    "submenu",
    "masthead",
    "search",
];

/// A longer class or id is a sentence of its own, and its last word is not what it is.
const LONGEST_CHROME_CLASS: usize = 29;

/// An element that holds more than this share (in percent) of the page's text is no chrome, whatever it is called.
const CHROME_MAX_PERCENT: usize = 60;

impl<'a> Tree<'a> {
    /// Lists the nodes of `html`.
    pub(super) fn new(html: &'a Html) -> Self {
        let mut nodes: Vec<Node<'a>> = Vec::with_capacity(html.tree.values().len());
        let mut chars = Vec::with_capacity(nodes.capacity() + 1);
        let mut seen: u32 = 0;
        // (document node, index of its parent); a `None` closes the element of that index
        let mut todo = vec![(html.tree.root().id(), 0, true)];
        while let Some((id, parent, open)) = todo.pop() {
            if !open {
                nodes[parent].end = nodes.len();
                continue;
            }
            let Some(node) = html.tree.get(id) else {
                continue;
            };
            let index = nodes.len();
            let depth = if index == 0 {
                0
            } else {
                nodes[parent].depth + 1
            };
            let kind = match node.value() {
                scraper::Node::Element(element) => {
                    if UNSEEN.contains(&element.name()) && !is_shadow_root(element)
                        || is_hidden(element)
                    {
                        continue;
                    }
                    Kind::Element(element)
                }
                scraper::Node::Text(text) => Kind::Text(text),
                scraper::Node::Document | scraper::Node::Fragment => {
                    for child in node.children().rev() {
                        todo.push((child.id(), parent, true));
                    }
                    continue;
                }
                _ => continue,
            };
            chars.push(seen);
            if let Kind::Text(text) = kind {
                seen = seen.saturating_add(visible(text));
            }
            nodes.push(Node {
                id,
                parent,
                end: index + 1,
                depth,
                kind,
                heading: heading(kind),
                inline: matches!(kind, Kind::Element(element) if is_inline(element.name())),
                chrome: false,
            });
            if node.has_children() {
                todo.push((id, index, false));
                for child in node.children().rev() {
                    todo.push((child.id(), index, true));
                }
            }
        }
        chars.push(seen);
        let mut tree = Self { html, nodes, chars };
        tree.mark_chrome();
        tree
    }

    fn mark_chrome(&mut self) {
        let all = self.char_count(0..self.nodes.len()).max(1);
        for i in 0..self.nodes.len() {
            let inherited = i > 0 && self.nodes[self.nodes[i].parent].chrome;
            let own = self.element(i).is_some_and(|element| {
                let share = self.char_count(i..self.nodes[i].end) * 100 / all;
                share < CHROME_MAX_PERCENT && self.is_chrome_element(i, element)
            });
            self.nodes[i].chrome = inherited || own;
        }
    }

    fn is_chrome_element(&self, i: usize, element: &Element) -> bool {
        match element.name() {
            "nav" | "aside" | "menu" => return true,
            "footer" | "header" => return !self.inside_unit(i),
            "html" | "body" | "main" | "article" | "a" | "li" | "h1" | "h2" | "h3" => return false,
            _ => {}
        }
        if let Some(role) = attribute(element, "role")
            && [
                "navigation",
                "contentinfo",
                "banner",
                "complementary",
                "menu",
                "menubar",
                "search",
                "dialog",
            ]
            .contains(&role)
        {
            return true;
        }
        let words = ["class", "id"]
            .into_iter()
            .filter_map(|name| attribute(element, name));
        words.flat_map(str::split_whitespace).any(|class| {
            if class.len() > LONGEST_CHROME_CLASS {
                return false;
            }
            let class = class.to_ascii_lowercase();
            // `has-sidebar` and `no-sidebar` speak of another element
            if class.starts_with("has-") || class.starts_with("no-") || class.starts_with("with-") {
                return false;
            }
            let last = class.rsplit(['-', '_']).next().unwrap_or("");
            CHROME_WORDS.contains(&class.as_str()) || CHROME_WORDS.contains(&last)
        })
    }

    /// True if node `i` stands in an article or list item: its header is the item's, not the page's.
    fn inside_unit(&self, i: usize) -> bool {
        self.ancestors(i)
            .any(|a| matches!(self.name(a), "article" | "li" | "section" | "main"))
    }

    /// The element at `i`, if it is one.
    pub(super) fn element(&self, i: usize) -> Option<&'a Element> {
        match self.nodes[i].kind {
            Kind::Element(element) => Some(element),
            Kind::Text(_) => None,
        }
    }

    /// The tag of node `i`; empty for text.
    pub(super) fn name(&self, i: usize) -> &'a str {
        self.element(i).map_or("", Element::name)
    }

    /// An attribute of node `i`.
    pub(super) fn attr(&self, i: usize, name: &str) -> Option<&'a str> {
        self.element(i).and_then(|element| attribute(element, name))
    }

    /// The nodes above `i`, innermost first.
    pub(super) fn ancestors(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = i;
        std::iter::from_fn(move || {
            let parent = self.nodes[at].parent;
            (parent != at).then(|| {
                at = parent;
                parent
            })
        })
    }

    /// The children of `i`.
    pub(super) fn children(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[i].end;
        let mut at = i + 1;
        std::iter::from_fn(move || {
            (at < end).then(|| {
                let child = at;
                at = self.nodes[child].end;
                child
            })
        })
    }

    /// The node right before `i` below the same parent.
    pub(super) fn sibling_before(&self, i: usize) -> Option<usize> {
        let parent = self.nodes[i].parent;
        let mut at = i.checked_sub(1).filter(|&at| at > parent)?;
        while self.nodes[at].parent != parent {
            at = self.nodes[at].parent;
        }
        Some(at)
    }

    /// The subtree of `i` as a range of nodes.
    pub(super) fn extent(&self, i: usize) -> Range<usize> {
        i..self.nodes[i].end
    }

    /// Visible characters in a range of nodes.
    pub(super) fn char_count(&self, range: Range<usize>) -> usize {
        let before = |node: usize| self.chars[node.min(self.nodes.len())];
        before(range.end).saturating_sub(before(range.start)) as usize
    }

    /// The text of a range of nodes on one line, blocks separated by a space.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        let mut raw = String::new();
        for i in range {
            match self.nodes[i].kind {
                Kind::Text(text) => raw.push_str(text),
                Kind::Element(_) if !self.nodes[i].inline => raw.push(' '),
                Kind::Element(_) => {}
            }
        }
        if is_collapsed(&raw) {
            raw
        } else {
            collapse(&raw)
        }
    }

    /// The heading level of `i`: 1 to 6, 0 for what is no heading.
    pub(super) fn heading(&self, i: usize) -> u8 {
        self.nodes[i].heading
    }

    /// The element reference that CSS selectors work on.
    pub(super) fn element_ref(&self, i: usize) -> Option<ElementRef<'a>> {
        self.html
            .tree
            .get(self.nodes[i].id)
            .and_then(ElementRef::wrap)
    }

    /// The visible elements that a selector finds, in order.
    pub(super) fn select(&self, selector: &Selector) -> Vec<usize> {
        (0..self.nodes.len())
            .filter(|&i| {
                self.element_ref(i)
                    .is_some_and(|element| selector.matches(&element))
            })
            .collect()
    }
}

/// An attribute of an element. [`Element::attr`] interns the name for every question; an element has few attributes.
pub(super) fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element
        .attrs
        .iter()
        .find(|(key, _)| &*key.local == name && key.prefix.is_none() && key.ns == ns!())
        .map(|(_, value)| &**value)
}

/// The classes of an element, as written.
pub(super) fn classes(element: &Element) -> impl Iterator<Item = &str> {
    attribute(element, "class")
        .unwrap_or("")
        .split_ascii_whitespace()
}

/// True for a template that is shown in the place of its parent.
fn is_shadow_root(element: &Element) -> bool {
    element.name() == "template" && attribute(element, "shadowrootmode").is_some()
}

/// True for elements that do not end a line of text.
fn is_inline(name: &str) -> bool {
    INLINE.contains(&name) || name.contains('-')
}

/// How many characters of `text` are no white space.
fn visible(text: &str) -> u32 {
    let count = if text.is_ascii() {
        text.bytes()
            .filter(|b| !matches!(b, b' ' | b'\t'..=b'\r'))
            .count()
    } else {
        text.chars().filter(|c| !c.is_whitespace()).count()
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn heading(kind: Kind<'_>) -> u8 {
    let Kind::Element(element) = kind else {
        return 0;
    };
    match element.name() {
        "h1" => 1,
        "h2" => 2,
        "h3" => 3,
        "h4" => 4,
        "h5" => 5,
        "h6" => 6,
        _ if attribute(element, "role") == Some("heading") => 3,
        _ => 0,
    }
}

fn is_hidden(element: &Element) -> bool {
    attribute(element, "hidden").is_some()
        || attribute(element, "style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
        || classes(element).any(|class| {
            matches!(
                class,
                "sr-only" | "visually-hidden" | "screen-reader-text" | "visuallyhidden"
            )
        })
}

/// True for characters that show nothing: soft hyphens, joiners, byte order marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// True for ASCII text with single spaces between words and nothing else that [`collapse`] would take out.
fn is_collapsed(text: &str) -> bool {
    let mut space = true;
    text.bytes().all(|b| {
        let fits = b.is_ascii_graphic() || b == b' ' && !space;
        space = b == b' ';
        fits
    }) && (!space || text.is_empty())
}

/// `text` with white space collapsed to single spaces and invisible characters dropped.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let start = out.len();
        if word.is_ascii() {
            out.push_str(word);
        } else {
            out.extend(word.chars().filter(|c| !is_invisible(*c)));
        }
        if out.len() == start {
            out.truncate(before);
        }
    }
    out
}
