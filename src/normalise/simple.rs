//! HTML source that is written as the book says → the tree that the parser would build of it, in a quarter of its time.
//!
//! Most bodies come out of editors that close what they open, quote every attribute and nest as they may. Of those, the tree
//! is what the source looks like. Whatever is otherwise, or not known here to be so (comments, a bare `&`, text between the cells of a table), is not read:
//! the parser decides what it means. A test reads both ways and compares.

use ego_tree::{NodeId, Tree};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use scraper::node::{Element, Text};
use scraper::{Html, Node};

use crate::lexicon::scan::{self, is};

/// Deeper nesting is left to the parser, and so are more nodes, and tags with more attributes.
const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 50_000;
const MAX_ATTRIBUTES: usize = 24;
/// No reference that is known here is longer, bytes.
const LONGEST_REFERENCE: usize = 8;

/// How an element may stand (HTML §13.2.6.4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Ends an open paragraph.
    Block,
    /// As a block; one right in another one ends it.
    Heading,
    /// As a block; drops a line break right behind its tag.
    Pre,
    /// In a list only.
    Item,
    /// Opens itself again behind what closes it; one in another of its name may end that.
    Formatting,
    /// Stands where it is written.
    Inline,
    /// As a block; holds nothing but parts of a table.
    Table,
    /// In a table only: a group of its rows.
    Rows,
    /// The group that rows are in which stand right in a table; no tag says so.
    Implied,
    /// In a group only.
    Row,
    /// In a row only.
    Cell,
    /// Has no content.
    Void,
    /// Has no content, and ends an open paragraph.
    Rule,
    /// Its content is not markup, up to its own end.
    Raw,
}

impl Kind {
    /// True for what holds no text of its own: that of a reader goes in front of the table (HTML §13.2.6.4.9).
    fn is_table_part(self) -> bool {
        matches!(self, Self::Table | Self::Rows | Self::Implied | Self::Row)
    }
}

/// Gives the interned name and the kind of those of `$name` that are listed.
macro_rules! known {
    ($name:expr; $($kind:ident: $($tag:tt),*;)*) => {
        match $name {
            $($($tag => Some((local_name!($tag), $tag, Kind::$kind)),)*)*
            _ => None,
        }
    };
}

fn element(name: &str) -> Option<(LocalName, &'static str, Kind)> {
    known!(name;
        Block: "p", "div", "ul", "ol", "blockquote", "figure", "figcaption", "section", "article", "aside", "header", "footer";
        Heading: "h1", "h2", "h3", "h4", "h5", "h6";
        Pre: "pre";
        Item: "li";
        Formatting: "a", "b", "code", "em", "i", "s", "small", "strong", "u";
        Table: "table";
        Rows: "thead", "tbody", "tfoot";
        Row: "tr";
        Cell: "td", "th";
        Inline: "span", "sub", "sup", "abbr", "cite", "del", "ins", "kbd", "mark", "q", "time", "var";
        Void: "br", "img";
        Rule: "hr";
        Raw: "iframe", "script", "style";)
}

/// The name of an attribute; most are interned already.
fn attribute(name: &str) -> LocalName {
    match name {
        "alt" => local_name!("alt"),
        "class" => local_name!("class"),
        "height" => local_name!("height"),
        "href" => local_name!("href"),
        "id" => local_name!("id"),
        "rel" => local_name!("rel"),
        "src" => local_name!("src"),
        "style" => local_name!("style"),
        "target" => local_name!("target"),
        "title" => local_name!("title"),
        "width" => local_name!("width"),
        other => LocalName::from(other),
    }
}

/// The tree of `html`; `None` if it is not as simple as that.
pub(super) fn parse(html: &str) -> Option<Html> {
    let mut document = Html::new_fragment();
    let root = Element::new(qualified(local_name!("html")), Vec::new());
    let root = document.tree.root_mut().append(Node::Element(root)).id();
    let mut reader = Reader {
        tree: &mut document.tree,
        parent: root,
        open: Vec::new(),
        text: StrTendril::new(),
        nodes: 0,
        rest: html,
    };
    // a parser drops the mark of order at the beginning
    (!html.starts_with('\u{feff}')).then(|| reader.read())??;
    Some(document)
}

fn qualified(local: LocalName) -> QualName {
    QualName::new(None, ns!(html), local)
}

struct Reader<'a> {
    tree: &'a mut Tree<Node>,
    /// What is open, innermost.
    parent: NodeId,
    /// Names of what is open, each with what it stands in.
    open: Vec<(&'static str, Kind, NodeId)>,
    /// Text that has no node yet.
    text: StrTendril,
    nodes: usize,
    rest: &'a str,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<()> {
        loop {
            let special = |b| is(b, b'<') | is(b, b'&') | is(b, b'\r') | is(b, b'\0');
            let end = scan::first(self.rest.as_bytes(), special);
            let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            self.text.push_slice(text);
            self.rest = rest;
            match rest.as_bytes().first() {
                Some(b'<') if rest.as_bytes().get(1) == Some(&b'/') => self.end()?,
                Some(b'<') => self.start()?,
                Some(b'&') => {
                    let (c, length) = reference(rest)?;
                    self.text.push_char(c);
                    self.rest = &rest[length..];
                }
                Some(_) => return None,
                None => break,
            }
            if self.nodes > MAX_NODES {
                return None;
            }
        }
        self.write_text()?;
        self.open.is_empty().then_some(())
    }

    fn write_text(&mut self) -> Option<()> {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            let is_space = |b: u8| matches!(b, b' ' | b'\n' | b'\t');
            if self.innermost().is_some_and(Kind::is_table_part) && !text.bytes().all(is_space) {
                return None;
            }
            self.append(Node::Text(Text { text }));
        }
        Some(())
    }

    fn innermost(&self) -> Option<Kind> {
        self.open.last().map(|(_, kind, _)| *kind)
    }

    fn append(&mut self, node: Node) -> Option<NodeId> {
        self.nodes += 1;
        Some(self.tree.get_mut(self.parent)?.append(node).id())
    }

    /// `</name>`, of what was opened last.
    fn end(&mut self) -> Option<()> {
        self.write_text()?;
        let tag = &self.rest[2..];
        if self.innermost() == Some(Kind::Implied) && tag.starts_with("table>") {
            self.parent = self.open.pop()?.2;
        }
        let (name, _, outside) = self.open.pop()?;
        let rest = tag.strip_prefix(name)?.strip_prefix('>')?;
        self.parent = outside;
        self.rest = rest;
        Some(())
    }

    /// `<name …>`, of what may stand here.
    fn start(&mut self) -> Option<()> {
        let inside = &self.rest[1..];
        let (name, rest) = split(inside, |b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let (local, name, kind) = element(name)?;
        let (attributes, rest, is_closed) = attributes(rest)?;
        let is_void = matches!(kind, Kind::Void | Kind::Rule);
        let fits = self.may_hold(name, kind)
            && (is_void || !is_closed)
            && !(kind == Kind::Pre && rest.starts_with('\n'));
        if !fits || self.open.len() > MAX_DEPTH {
            return None;
        }
        self.write_text()?;
        if kind == Kind::Row && self.innermost() == Some(Kind::Table) {
            let element = Element::new(qualified(local_name!("tbody")), Vec::new());
            let node = self.append(Node::Element(element))?;
            self.enter("tbody", Kind::Implied, node);
        }
        let element = Element::new(qualified(local), attributes);
        let node = self.append(Node::Element(element))?;
        self.rest = rest;
        if kind == Kind::Raw {
            return self.raw(name, node);
        }
        if !is_void {
            self.enter(name, kind, node);
        }
        Some(())
    }

    fn enter(&mut self, name: &'static str, kind: Kind, node: NodeId) {
        self.open.push((name, kind, self.parent));
        self.parent = node;
    }

    /// What stands in the element `node` of that name, which is not markup, and its end.
    fn raw(&mut self, name: &str, node: NodeId) -> Option<()> {
        let (inside, rest) = self.rest.split_at(self.rest.find('<')?);
        let rest = rest.strip_prefix("</")?.strip_prefix(name)?;
        self.rest = rest.strip_prefix('>')?;
        if inside.contains(['\r', '\0']) {
            return None;
        }
        if !inside.is_empty() {
            let text = StrTendril::from(inside);
            let text = Node::Text(Text { text });
            self.tree.get_mut(node)?.append(text);
        }
        Some(())
    }

    /// True if an element stands in what is open just where it is written.
    fn may_hold(&self, name: &str, kind: Kind) -> bool {
        let is_open = |name: &str| self.open.iter().any(|(open, ..)| *open == name);
        let innermost = self.innermost();
        match kind {
            Kind::Rows => innermost == Some(Kind::Table),
            Kind::Row => matches!(innermost, Some(Kind::Table | Kind::Rows | Kind::Implied)),
            Kind::Cell => innermost == Some(Kind::Row),
            _ if innermost.is_some_and(Kind::is_table_part) => false,
            Kind::Block | Kind::Table | Kind::Pre | Kind::Rule => !is_open("p"),
            Kind::Heading => !is_open("p") && innermost != Some(Kind::Heading),
            Kind::Item => (self.open.last()).is_some_and(|(name, ..)| matches!(*name, "ul" | "ol")),
            Kind::Formatting => !is_open(name),
            Kind::Inline | Kind::Void | Kind::Raw | Kind::Implied => true,
        }
    }
}

/// What `text` begins with of bytes that are `wanted`, all of ASCII, and the rest.
fn split(text: &str, wanted: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|b| !wanted(b));
    text.split_at(end.unwrap_or(text.len()))
}

/// The attributes up to the end of a tag, what follows it, and whether it closes itself.
fn attributes(mut rest: &str) -> Option<(Vec<Attribute>, &str, bool)> {
    let mut attributes: Vec<Attribute> = Vec::new();
    loop {
        let (space, after) = split(rest, |b| matches!(b, b' ' | b'\n' | b'\t'));
        if let Some(rest) = after.strip_prefix('>') {
            return Some((attributes, rest, false));
        }
        if let Some(rest) = after.strip_prefix("/>") {
            return Some((attributes, rest, true));
        }
        let (name, after) = split(after, |b| b.is_ascii_lowercase() || b == b'-');
        if space.is_empty() || name.is_empty() || attributes.len() >= MAX_ATTRIBUTES {
            return None;
        }
        let (value, after) = match after.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"')?;
                (unescaped(value)?, after)
            }
            None if after.starts_with([' ', '>']) => (StrTendril::new(), after),
            None => return None,
        };
        let name = QualName::new(None, ns!(), attribute(name));
        if attributes.iter().any(|it| it.name == name) {
            return None;
        }
        attributes.push(Attribute { name, value });
        rest = after;
    }
}

/// The value that is written so between quotation marks.
fn unescaped(value: &str) -> Option<StrTendril> {
    let mut plain = StrTendril::new();
    let mut rest = value;
    let special = |b| is(b, b'&') | is(b, b'\r') | is(b, b'\0');
    while let Some(at) = scan::first(rest.as_bytes(), special) {
        plain.push_slice(&rest[..at]);
        let (c, length) = reference(&rest[at..])?;
        plain.push_char(c);
        rest = &rest[at + length..];
    }
    plain.push_slice(rest);
    Some(plain)
}

/// The character that the reference at the beginning of `text` stands for, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let window = &text.as_bytes()[..text.len().min(LONGEST_REFERENCE + 2)];
    let end = window.iter().position(|b| *b == b';')?;
    let c = match text[..end].strip_prefix('&')? {
        "amp" => '&',
        "gt" => '>',
        "hellip" => '…',
        "ldquo" => '“',
        "lsquo" => '‘',
        "lt" => '<',
        "mdash" => '—',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "quot" => '"',
        "rdquo" => '”',
        "rsquo" => '’',
        name => numbered(name.strip_prefix('#')?)?,
    };
    Some((c, end + 1))
}

/// The character of that number, if it is one that means itself.
fn numbered(number: &str) -> Option<char> {
    let is_plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let number: u32 = number.parse().ok().filter(|_| is_plain)?;
    let means_itself = matches!(number, 0x20..=0x7e | 0xa0..=0xd7ff | 0x1f300..=0x1f9ff);
    char::from_u32(number).filter(|_| means_itself)
}

#[cfg(test)]
mod tests {
    use ego_tree::NodeRef;
    use proptest::prelude::*;

    use super::super::parse::parse_thoroughly;
    use super::*;

    /// Every node below `node`, with its depth, in document order.
    fn outline(node: NodeRef<'_, Node>, depth: usize, lines: &mut Vec<(usize, String)>) {
        lines.push((depth, format!("{:?}", node.value())));
        if let Some(element) = node.value().as_element() {
            lines.extend(
                element
                    .attrs()
                    .map(|(name, value)| (depth, format!("{name}={value:?}"))),
            );
        }
        for child in node.children() {
            outline(child, depth + 1, lines);
        }
    }

    fn lines(html: &Html) -> Vec<(usize, String)> {
        let mut lines = Vec::new();
        outline(html.tree.root(), 0, &mut lines);
        lines
    }

    /// Whether it was read as simple; if so, it must be what the parser makes of it.
    fn is_simple(source: &str) -> bool {
        let Some(simple) = parse(source) else {
            return false;
        };
        let thorough = parse_thoroughly(source).expect("what is simple is within bounds");
        assert_eq!(lines(&simple), lines(&thorough), "{source}");
        true
    }

    #[test]
    fn a_body_as_editors_write_it_is_simple() {
        assert!(is_simple(
            "<h2 id=\"a\">Tea &amp; more</h2>\n<p class=\"x y\">One <em>two</em> <a href=\"/a?b=1&amp;c=2\" \
             target=\"_blank\">three</a>&#8230;<br/>four&nbsp;&ldquo;five&rdquo;</p>\n<figure><img src=\"/i.png\" \
             alt=\"\" loading=\"lazy\"/><figcaption>six</figcaption></figure><ul>\n<li>seven</li><li><p>eight</p></li></ul>\
             <pre><code class=\"language-rust\">fn a() {\n}</code></pre><hr><blockquote><p>nine</p></blockquote>\
             <iframe src=\"/f\" allowfullscreen></iframe><script async src=\"/s\"></script><style>p { a: b }</style>"
        ));
        assert!(is_simple(
            "<figure><table class=\"x\">\n<thead>\n<tr><th>one</th></tr></thead> <tbody><tr>\n<td>two <p>three</p></td>\
             <td><ul><li><table><tr><td></td></tr></table></li></ul></td></tr></tbody>\n</table></figure>"
        ));
        assert!(is_simple(
            "<table>\n<tr><td>one</td></tr>\n<tr></tr>\n</table> two"
        ));
        assert!(is_simple("<table><tr></tr></tbody></table>"));
        assert!(is_simple("just text"));
        assert!(is_simple(""));
    }

    #[test]
    fn what_a_parser_would_set_right_is_left_to_it() {
        for source in [
            "<p>one<p>two</p>",
            "<p>one<div>two</div></p>",
            "<b>one</p></b>",
            "<b><p>one</b></p>",
            "<a href=\"x\">one<a href=\"y\">two</a></a>",
            "<h1><h2>one</h2></h1>",
            "<li>one</li>",
            "<div/>one",
            "<pre>\none</pre>",
            "<div>one",
            "one & two",
            "one &copy two",
            "&#150;",
            "&#0;",
            "<!-- one -->",
            "<table><td>one</td></table>",
            "<table><tr>one</tr></table>",
            "<table>&nbsp;<tr></tr></table>",
            "<table><tr><td>one</td><tr></tr></table>",
            "<table><tr></tr><tbody></tbody></table>",
            "<table><br></table>",
            "<p><table></table></p>",
            "<script>one<!-- </script> --></script>",
            "<style>one</style >",
            "<iframe>one",
            "<P>one</P>",
            "<p class=one>two</p>",
            "<p class='one'>two</p>",
            "<p class=\"one\"class=\"two\">three</p>",
            "<p class=\"one\" class=\"two\">three</p>",
            "a < b",
            "one\rtwo",
            "one\0two",
            "\u{feff}one",
        ] {
            assert!(parse(source).is_none(), "{source}");
        }
    }

    /// Source as it may come: pieces that fit often enough to be simple now and then.
    fn source() -> impl Strategy<Value = String> {
        let tag = "</?(p|div|ul|li|a|b|em|code|h2|pre|span|blockquote|figure|br|img|hr|table|td|script|style|iframe)( (href|class|a-b)(=\"(x|&amp;|&lt;y|\n|&)?\")?)?/?>";
        let text = "[a-c \n]{1,3}|&(amp|nbsp|#8230|#39|lt|x|#0|#150);|&|<|\u{a0}|é";
        let leaf = prop_oneof![3 => text.boxed(), 1 => tag.boxed()];
        leaf.prop_recursive(5, 40, 5, |inner| {
            let name = prop::sample::select(vec![
                "p",
                "div",
                "ul",
                "ol",
                "li",
                "a",
                "b",
                "em",
                "code",
                "strong",
                "h1",
                "h2",
                "pre",
                "span",
                "sub",
                "blockquote",
                "figure",
                "figcaption",
                "section",
                "q",
            ]);
            let element = (name, prop::collection::vec(inner.clone(), 0..5))
                .prop_map(|(name, inside)| format!("<{name}>{}</{name}>", inside.concat()));
            prop_oneof![8 => element, 1 => table(inner)]
        })
    }

    /// A table, as it may come.
    fn table(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
        let between = || {
            let misplaced = "a|<br>|</?(t[bdhr]|tr|td|tbody|table)>";
            prop_oneof![20 => "[ \n]{0,2}", 1 => misplaced]
        };
        let cell = (prop::sample::select(vec!["td", "th"]), inner, between())
            .prop_map(|(name, inside, after)| format!("<{name}>{inside}</{name}>{after}"));
        let row = (prop::collection::vec(cell, 0..3), between())
            .prop_map(|(cells, after)| format!("<tr>{}</tr>{after}", cells.concat()));
        let groups = ["", "thead", "tbody", "tbody", "tfoot"];
        let group = (
            prop::sample::select(groups.to_vec()),
            prop::collection::vec(row, 0..3),
            between(),
        );
        let group = group.prop_map(|(name, rows, after)| match name {
            "" => rows.concat(),
            _ => format!("<{name}>{}</{name}>{after}", rows.concat()),
        });
        (prop::collection::vec(group, 0..3), between())
            .prop_map(|(groups, before)| format!("<table>{before}{}</table>", groups.concat()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_is_read_as_simple_is_what_the_parser_makes_of_it(parts in prop::collection::vec(source(), 1..6)) {
            is_simple(&parts.concat());
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            is_simple(&text);
        }
    }
}
