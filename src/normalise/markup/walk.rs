//! The walk through a parsed body.

use ego_tree::NodeRef;
use html5ever::ns;
use scraper::node::Element;
use scraper::{Html, Node};
use url::Url;

use super::super::parse;
use super::address::Bases;
use super::attributes::Attributes;
use super::policy::{Fate, fate};
use super::tag::Tag;
use super::writer::{Writer, Written};
use super::{embed, formula, hidden, image};

/// One walk.
pub(crate) struct Walk<'a> {
    pub(super) writer: Writer,
    pub(super) bases: Bases<'a>,
    /// How many `noscript` are open: readers run no scripts, but images in it may be those before it once more.
    fallbacks: usize,
    /// How many elements of raw text were read as markup.
    depth: usize,
    /// The last image that was written, without its query: scripts and their fallbacks name the same one.
    last_image: Option<String>,
}

/// What is due when an element has been walked through.
#[derive(Clone, Copy, Default)]
pub(crate) struct Leave {
    closes: bool,
    leaves_base: bool,
    leaves_fallback: bool,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(length: usize, base: &Url, page: &'a Url) -> Self {
        Self {
            writer: Writer::with_room(length),
            bases: Bases::new(base, page),
            fallbacks: 0,
            depth: 0,
            last_image: None,
        }
    }

    pub(crate) fn finish(self) -> Written {
        self.writer.finish()
    }

    pub(super) fn tree(&mut self, tree: &Html) {
        self.node(tree.tree.root());
    }

    /// Walks through `top` and what is below it; no recursion, for sources nest as deep as they like.
    fn node(&mut self, top: NodeRef<'_, Node>) {
        let mut due: Vec<Leave> = Vec::new();
        let mut node = top;
        while !self.writer.is_full() {
            if let Some(leave) = self.enter(node) {
                if let Some(child) = node.first_child() {
                    due.push(leave);
                    node = child;
                    continue;
                }
                self.leave(leave);
            }
            loop {
                if node == top {
                    return;
                }
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                let (Some(parent), Some(leave)) = (node.parent(), due.pop()) else {
                    return;
                };
                node = parent;
                self.leave(leave);
            }
        }
    }

    /// Writes what `node` begins; `None` if what is below it is not walked through.
    fn enter(&mut self, node: NodeRef<'_, Node>) -> Option<Leave> {
        match node.value() {
            Node::Text(text) => {
                self.writer.text(text);
                None
            }
            Node::Element(element) if element.name.ns != ns!(html) => self.foreign(node, element),
            Node::Element(element) => self.element(node, element),
            Node::Document | Node::Fragment => Some(Leave::default()),
            _ => None,
        }
    }

    /// What follows is no longer in the element that [`Self::open`] was given.
    pub(crate) fn leave(&mut self, leave: Leave) {
        if leave.closes {
            self.writer.close();
        }
        if leave.leaves_base {
            self.bases.leave();
        }
        if leave.leaves_fallback {
            self.fallbacks -= 1;
        }
    }

    /// SVG goes. Of MathML a plain form stays.
    fn foreign(&mut self, node: NodeRef<'_, Node>, element: &Element) -> Option<Leave> {
        if element.name.ns != ns!(svg) {
            self.writer.text(&formula::text(node));
        }
        None
    }

    fn element(&mut self, node: NodeRef<'_, Node>, element: &Element) -> Option<Leave> {
        let name = element.name();
        if hidden::is_hidden(element) || hidden::is_formula_again(node) {
            return None;
        }
        let mut leave = Leave::default();
        if let Some(base) = element.attr("xml:base") {
            leave.leaves_base = self.bases.enter(base);
        }
        match (name, fate(name)) {
            ("base", _) => {
                if let Some(written) = element.attr("href") {
                    self.bases.replace(written);
                }
                None
            }
            ("noscript", _) => {
                self.fallbacks += 1;
                leave.leaves_fallback = true;
                Some(leave)
            }
            (_, Fate::Media) => self.media(node, element).then_some(leave),
            (_, Fate::Fallback) => {
                self.fallback(&text_in(node));
                None
            }
            (_, Fate::Drop) => None,
            (_, Fate::Unwrap | Fate::Write(_)) => {
                leave.closes = self.open(element).closes;
                Some(leave)
            }
        }
        .or_else(|| {
            if leave.leaves_base {
                self.bases.leave();
            }
            None
        })
    }

    /// A run of text.
    pub(crate) fn text(&mut self, text: &str) {
        self.writer.text(text);
    }

    /// Writes the tag of an element that is written, or goes and leaves its content.
    pub(crate) fn open(&mut self, element: &impl Tag) -> Leave {
        let mut leave = Leave::default();
        match (element.name(), fate(element.name())) {
            ("a", _) => leave.closes = self.link(element),
            (_, Fate::Write(written)) => {
                let attributes = Attributes::of(element, written, &self.bases);
                // a span that says nothing is nothing
                leave.closes = written != "span" || !attributes.as_str().is_empty();
                if leave.closes {
                    self.writer.open(written, attributes.as_str());
                    leave.closes = !super::policy::is_void(written);
                }
            }
            _ => {}
        }
        leave
    }

    /// Opens a link; false if it leads nowhere.
    fn link(&mut self, element: &impl Tag) -> bool {
        let Some(url) = element.attr("href").and_then(|href| self.bases.link(href)) else {
            return false;
        };
        let mut attributes = Attributes::of(element, "a", &self.bases);
        attributes.add_link(&url);
        if let Some(title) = element.attr("title") {
            attributes.add_line("title", title);
        }
        self.writer.open("a", attributes.as_str());
        true
    }

    /// Writes what is shown; true if what is below it is walked through.
    fn media(&mut self, node: NodeRef<'_, Node>, element: &Element) -> bool {
        match element.name() {
            "img" => self.image(element, || is_followed_by_fallback(node)),
            "picture" => return !self.picture(node),
            "iframe" | "embed" => self.frame(element, &text_in(node)),
            "object" => return embed::object(&mut self.writer, &self.bases, node, element),
            _ => return !embed::recording(&mut self.writer, &self.bases, node, element),
        }
        false
    }

    /// Writes a frame that holds `inside`.
    pub(crate) fn frame(&mut self, element: &impl Tag, inside: &str) {
        embed::frame(&mut self.writer, &self.bases, element);
        self.fallback(inside);
    }

    /// Writes an image, unless what is behind it is shown instead.
    pub(crate) fn image(&mut self, element: &impl Tag, is_replaced: impl FnOnce() -> bool) {
        // a picture of a character that its alt text names
        let classes = element.attr("class").unwrap_or_default();
        if classes
            .split_whitespace()
            .any(|class| matches!(class, "emoji" | "wp-smiley"))
        {
            self.writer.text(element.attr("alt").unwrap_or_default());
            return;
        }
        let source = image::source(element, &self.bases);
        if image::is_beacon(element, source.as_ref()) {
            return;
        }
        let Some(source) = source else {
            if self.fallbacks == 0 && !is_replaced() {
                self.writer.text(element.attr("alt").unwrap_or_default());
            }
            return;
        };
        if self.is_shown_already(&source) {
            return;
        }
        let mut attributes = Attributes::of(element, "img", &self.bases);
        image::write_image(&mut attributes, element, &source);
        image::write_set(&mut attributes, element, &self.bases);
        self.writer.open("img", attributes.as_str());
    }

    /// Writes a picture with its variants; false if there is none in it.
    fn picture(&mut self, node: NodeRef<'_, Node>) -> bool {
        let elements = || {
            node.descendants()
                .skip(1)
                .filter_map(|node| node.value().as_element())
        };
        let found = elements()
            .filter(|element| element.name() == "img")
            .find_map(|element| Some((element, image::source(element, &self.bases)?)));
        let Some((picture, source)) = found else {
            return false;
        };
        if image::is_beacon(picture, Some(&source)) || self.is_shown_already(&source) {
            return true;
        }
        let mut variants = Vec::new();
        for element in elements().filter(|element| element.name() == "source") {
            let mut attributes = Attributes::default();
            if image::write_set(&mut attributes, element, &self.bases) {
                embed::write_media_type(&mut attributes, element);
                variants.push(attributes);
            }
        }
        if !variants.is_empty() {
            self.writer.open("picture", "");
            for variant in &variants {
                self.writer.open("source", variant.as_str());
            }
        }
        let mut attributes = Attributes::of(picture, "img", &self.bases);
        image::write_image(&mut attributes, picture, &source);
        image::write_set(&mut attributes, picture, &self.bases);
        self.writer.open("img", attributes.as_str());
        if !variants.is_empty() {
            self.writer.close();
        }
        true
    }

    /// True if `source` is the fallback of the image before it, which was loaded by a script; else remembers it.
    fn is_shown_already(&mut self, source: &Url) -> bool {
        let mut bare = source.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        let bare = String::from(bare);
        let is_shown = self.fallbacks > 0 && self.last_image.as_ref() == Some(&bare);
        self.last_image = Some(bare);
        is_shown
    }

    /// Walks through what a reader would see that does not know the element, which is text to this parser. A tag that
    /// was never closed (`<iframe src=x/>`) has all that follows it in here.
    fn fallback(&mut self, source: &str) {
        if source.trim().is_empty() {
            return;
        }
        self.depth += 1;
        match parse::parse(source).filter(|_| self.depth == 1) {
            Some(tree) => self.node(tree.tree.root()),
            None => {
                for block in super::super::flat::blocks(source) {
                    self.writer.text(" ");
                    self.writer.text(&block.text);
                }
            }
        }
        self.depth -= 1;
    }
}

/// The text right in `node`.
fn text_in(node: NodeRef<'_, Node>) -> String {
    node.children()
        .filter_map(|child| child.value().as_text().map(|text| &**text))
        .collect()
}

/// True if the next thing after `node` is shown instead where scripts do not run.
fn is_followed_by_fallback(node: NodeRef<'_, Node>) -> bool {
    node.next_siblings()
        .find(|next| {
            next.value()
                .as_text()
                .is_none_or(|text| !text.trim().is_empty())
        })
        .and_then(|next| next.value().as_element())
        .is_some_and(|element| element.name() == "noscript")
}
