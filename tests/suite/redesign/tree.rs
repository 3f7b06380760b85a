//! A page as a tree that can be changed and written out again.

use ego_tree::NodeRef;
use scraper::{Html, node};

/// Elements without an end tag.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "source",
    "track", "wbr",
];
/// Elements whose text is written as it is.
const RAW: [&str; 6] = ["script", "style", "xmp", "iframe", "noframes", "noscript"];

/// A node of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
    /// A comment or the type of the document, as it is written.
    Other(String),
}

/// An element; the document itself is one without a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// Where an element stands: the numbers of the children on the way down.
pub(super) type Path = Vec<usize>;

/// The tree that a browser makes of `html`.
pub(super) fn parse(html: &str) -> Element {
    let html = Html::parse_document(html);
    Element {
        children: children(html.tree.root()),
        ..Element::default()
    }
}

fn children(node: NodeRef<'_, node::Node>) -> Vec<Node> {
    node.children()
        .filter_map(|child| match child.value() {
            node::Node::Element(element) => Some(Node::Element(Element {
                name: element.name().to_owned(),
                attributes: element
                    .attrs()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
                children: children(child),
            })),
            node::Node::Text(text) => Some(Node::Text(text.to_string())),
            node::Node::Doctype(kind) => Some(Node::Other(format!("<!DOCTYPE {}>", kind.name()))),
            node::Node::Comment(comment) => Some(Node::Other(format!("<!--{}-->", &**comment))),
            _ => None,
        })
        .collect()
}

impl Node {
    /// An element with these children.
    pub(super) fn element(name: &str, class: &str, children: Vec<Node>) -> Self {
        let attributes = match class {
            "" => Vec::new(),
            class => vec![("class".to_owned(), class.to_owned())],
        };
        Self::Element(Element {
            name: name.to_owned(),
            attributes,
            children,
        })
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Element(element) => &element.name,
            _ => "",
        }
    }

    /// What a reader sees of it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Element(element) if RAW.contains(&element.name.as_str()) => String::new(),
            Self::Element(element) => text(&element.children),
            Self::Text(text) => text.clone(),
            Self::Other(_) => String::new(),
        }
    }

    /// True if there are letters or figures in it.
    pub(super) fn is_telling(&self) -> bool {
        self.text().chars().any(char::is_alphanumeric)
    }

    /// Calls `change` for this node and all below it, from the leaves up.
    pub(super) fn walk(&mut self, change: &mut dyn FnMut(&mut Self)) {
        if let Self::Element(element) = self {
            for child in &mut element.children {
                child.walk(change);
            }
        }
        change(self);
    }

    fn write(&self, to: &mut String) {
        match self {
            Self::Text(text) => escape(text, false, to),
            Self::Other(text) => to.push_str(text),
            Self::Element(element) => element.write(to),
        }
    }
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The element at `path`.
    pub(super) fn at(&self, path: &[usize]) -> &Self {
        path.iter()
            .fold(self, |element, at| match &element.children[*at] {
                Node::Element(child) => child,
                other => panic!("no element: {other:?}"),
            })
    }

    /// The element at `path`, to be changed.
    pub(super) fn at_mut(&mut self, path: &[usize]) -> &mut Self {
        path.iter()
            .fold(self, |element, at| match &mut element.children[*at] {
                Node::Element(child) => child,
                other => panic!("no element: {other:?}"),
            })
    }

    /// Calls `change` for all nodes, from the leaves up.
    pub(super) fn walk(&mut self, change: &mut dyn FnMut(&mut Node)) {
        for child in &mut self.children {
            child.walk(change);
        }
    }

    /// Takes out all nodes of which `is` says so, wherever they are.
    pub(super) fn remove(&mut self, is: &dyn Fn(&Node) -> bool) {
        self.children.retain(|child| !is(child));
        for child in &mut self.children {
            if let Node::Element(element) = child {
                element.remove(is);
            }
        }
    }

    /// Calls `see` with every element below and its path.
    pub(super) fn each<'a>(&'a self, path: &mut Path, see: &mut dyn FnMut(&'a Self, &Path)) {
        for (at, child) in self.children.iter().enumerate() {
            if let Node::Element(element) = child {
                path.push(at);
                see(element, path);
                element.each(path, see);
                path.pop();
            }
        }
    }

    /// The first element of that name, in document order.
    pub(super) fn find(&self, name: &str) -> Option<Path> {
        let mut found = None;
        self.each(&mut Path::new(), &mut |element, path| {
            if found.is_none() && element.name == name {
                found = Some(path.clone());
            }
        });
        found
    }

    /// The document as HTML.
    pub(super) fn html(&self) -> String {
        let mut html = String::new();
        for child in &self.children {
            child.write(&mut html);
        }
        html
    }

    fn write(&self, to: &mut String) {
        to.push('<');
        to.push_str(&self.name);
        for (name, value) in &self.attributes {
            to.push(' ');
            to.push_str(name);
            to.push_str("=\"");
            escape(value, true, to);
            to.push('"');
        }
        to.push('>');
        if VOID.contains(&self.name.as_str()) {
            return;
        }
        let is_raw = RAW.contains(&self.name.as_str());
        for child in &self.children {
            match child {
                Node::Text(text) if is_raw => to.push_str(text),
                child => child.write(to),
            }
        }
        to.push_str("</");
        to.push_str(&self.name);
        to.push('>');
    }
}

/// What a reader sees of `nodes`.
pub(super) fn text(nodes: &[Node]) -> String {
    nodes.iter().map(Node::text).collect()
}

fn escape(text: &str, is_attribute: bool, to: &mut String) {
    for c in text.chars() {
        match c {
            '&' => to.push_str("&amp;"),
            '\u{a0}' => to.push_str("&nbsp;"),
            '"' if is_attribute => to.push_str("&quot;"),
            '<' if !is_attribute => to.push_str("&lt;"),
            '>' if !is_attribute => to.push_str("&gt;"),
            c => to.push(c),
        }
    }
}
