//! HTML source that is written as the book says → safe HTML and its text, without a tree, which takes most of the time.
//!
//! Most bodies come out of editors that close what they open, quote every attribute and nest as they may. Of those, the tree
//! that a parser would build is what the source looks like. Whatever is otherwise, or not known here to be so (values without
//! quotes, text between the cells of a table), is not read: the parser decides what it means. A test reads both ways and
//! compares.

use std::borrow::Cow;

use url::Url;

use super::markup::{self, Leave, Tag, Walk, Written};
use super::parse::MAX_BYTES;
use super::reference;

use crate::lexicon::scan::{self, is};

/// Deeper nesting is left to the parser, and so are more nodes, and tags with more attributes.
const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 50_000;
const MAX_ATTRIBUTES: usize = 24;

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

/// Gives the name and the kind of those of `$name` that are listed.
macro_rules! known {
    ($name:expr; $($kind:ident: $($tag:tt),*;)*) => {
        match $name {
            $($($tag => Some(($tag, Kind::$kind)),)*)*
            _ => None,
        }
    };
}

fn element(name: &str) -> Option<(&'static str, Kind)> {
    known!(name;
        Block: "p", "div", "ul", "ol", "blockquote", "figure", "figcaption", "section", "article", "aside", "header", "footer";
        Heading: "h1", "h2", "h3", "h4", "h5", "h6";
        Pre: "pre";
        Item: "li";
        Formatting: "a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u";
        Table: "table";
        Rows: "thead", "tbody", "tfoot";
        Row: "tr";
        Cell: "td", "th";
        Inline: "span", "sub", "sup", "abbr", "cite", "del", "ins", "kbd", "mark", "q", "time", "var";
        Void: "br", "img";
        Rule: "hr";
        Raw: "iframe", "script", "style";)
}

/// A start tag as it is written.
struct Start<'a> {
    name: &'static str,
    attributes: Attributes<'a>,
}

/// Attributes by their names, their references resolved.
type Attributes<'a> = Vec<(&'a str, Cow<'a, str>)>;

impl Tag for Start<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn attr(&self, name: &str) -> Option<&str> {
        (self.attrs())
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    fn attrs(&self) -> impl Iterator<Item = (&str, &str)> {
        (self.attributes.iter()).map(|(name, value)| (*name, &**value))
    }
}

/// What `html` shows, its addresses resolved against `base` and its fragments against `page`; `None` if it is not as simple
/// as that.
pub(super) fn write(html: &str, base: &Url, page: &Url) -> Option<Written> {
    // a parser drops the mark of order at the beginning
    if html.len() > MAX_BYTES || html.starts_with('\u{feff}') {
        return None;
    }
    let mut reader = Reader {
        walk: Walk::new(html.len(), base, page),
        open: Vec::new(),
        nodes: 0,
        rest: html,
    };
    reader.read()?;
    Some(reader.walk.finish())
}

/// An element that has not ended.
#[derive(Clone, Copy)]
struct Open {
    name: &'static str,
    kind: Kind,
    /// What is due at its end.
    leave: Leave,
}

struct Reader<'a, 'b> {
    walk: Walk<'b>,
    open: Vec<Open>,
    nodes: usize,
    rest: &'a str,
}

impl Reader<'_, '_> {
    fn read(&mut self) -> Option<()> {
        loop {
            let special = |b| is(b, b'<') | is(b, b'&') | is(b, b'\r') | is(b, b'\0');
            let end = scan::first(self.rest.as_bytes(), special);
            let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            self.text(text)?;
            self.rest = rest;
            match rest.as_bytes().first() {
                Some(b'<') if rest.as_bytes().get(1) == Some(&b'/') => self.end()?,
                Some(b'<') if rest.as_bytes().get(1) == Some(&b'!') => self.comment()?,
                Some(b'<') => self.start()?,
                Some(b'&') => {
                    let (c, length) = reference::character(rest)?;
                    self.text(c.encode_utf8(&mut [0; 4]))?;
                    self.rest = &rest[length..];
                }
                Some(_) => return None,
                None => break,
            }
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                return None;
            }
        }
        self.open.is_empty().then_some(())
    }

    fn text(&mut self, text: &str) -> Option<()> {
        let is_space = |b: u8| matches!(b, b' ' | b'\n' | b'\t');
        if self.innermost().is_some_and(Kind::is_table_part) && !text.bytes().all(is_space) {
            return None;
        }
        self.walk.text(text);
        Some(())
    }

    fn innermost(&self) -> Option<Kind> {
        self.open.last().map(|open| open.kind)
    }

    /// `</name>`, of what was opened last.
    fn end(&mut self) -> Option<()> {
        let tag = &self.rest[2..];
        if self.innermost() == Some(Kind::Implied) && tag.starts_with("table>") {
            self.leave()?;
        }
        let name = self.leave()?;
        self.rest = tag.strip_prefix(name)?.strip_prefix('>')?;
        Some(())
    }

    /// Ends what was opened last; gives its name.
    fn leave(&mut self) -> Option<&'static str> {
        let open = self.open.pop()?;
        self.walk.leave(open.leave);
        Some(open.name)
    }

    /// `<!-- … -->`, which is nothing; with other dashes it may end elsewhere.
    fn comment(&mut self) -> Option<()> {
        let (inside, rest) = self.rest.strip_prefix("<!--")?.split_once("-->")?;
        let is_plain = !inside.starts_with(['>', '-'])
            && !inside.ends_with('-')
            && !inside.contains("--")
            && !inside.contains(['\r', '\0']);
        self.rest = rest;
        is_plain.then_some(())
    }

    /// `<name …>`, of what may stand here.
    fn start(&mut self) -> Option<()> {
        let inside = &self.rest[1..];
        let (name, rest) = split(inside, |b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let (name, kind) = element(name)?;
        let (attributes, rest, is_closed) = attributes(rest)?;
        let is_void = matches!(kind, Kind::Void | Kind::Rule);
        let fits = self.may_hold(name, kind)
            && (is_void || !is_closed)
            && !(kind == Kind::Pre && rest.starts_with('\n'));
        if !fits || self.open.len() > MAX_DEPTH {
            return None;
        }
        if kind == Kind::Row && self.innermost() == Some(Kind::Table) {
            let attributes = Vec::new();
            self.enter(
                Kind::Implied,
                &Start {
                    name: "tbody",
                    attributes,
                },
            );
        }
        let tag = Start { name, attributes };
        // an image that is hidden is written as none; anything else takes along what is in it
        if name != "img" && markup::is_hidden(&tag) {
            return None;
        }
        self.rest = rest;
        match kind {
            Kind::Raw => self.raw(&tag)?,
            // a `noscript`, which may stand for an image, is not simple
            Kind::Void if name == "img" => self.walk.image(&tag, || false),
            Kind::Void | Kind::Rule => {
                self.walk.open(&tag);
            }
            _ => self.enter(kind, &tag),
        }
        Some(())
    }

    fn enter(&mut self, kind: Kind, tag: &Start<'_>) {
        let leave = self.walk.open(tag);
        self.open.push(Open {
            name: tag.name,
            kind,
            leave,
        });
    }

    /// What stands in an element that holds no markup, and its end.
    fn raw(&mut self, tag: &Start<'_>) -> Option<()> {
        let (inside, rest) = self.rest.split_at(self.rest.find('<')?);
        let rest = rest.strip_prefix("</")?.strip_prefix(tag.name)?;
        self.rest = rest.strip_prefix('>')?;
        if inside.contains(['\r', '\0']) {
            return None;
        }
        // scripts and styles are not shown
        if tag.name == "iframe" {
            self.walk.frame(tag, inside);
        }
        Some(())
    }

    /// True if an element stands in what is open just where it is written.
    fn may_hold(&self, name: &str, kind: Kind) -> bool {
        let is_open = |name: &str| self.open.iter().any(|open| open.name == name);
        let innermost = self.innermost();
        match kind {
            Kind::Rows => innermost == Some(Kind::Table),
            Kind::Row => matches!(innermost, Some(Kind::Table | Kind::Rows | Kind::Implied)),
            Kind::Cell => innermost == Some(Kind::Row),
            _ if innermost.is_some_and(Kind::is_table_part) => false,
            Kind::Block | Kind::Table | Kind::Pre | Kind::Rule => !is_open("p"),
            Kind::Heading => !is_open("p") && innermost != Some(Kind::Heading),
            Kind::Item => (self.open.last()).is_some_and(|open| matches!(open.name, "ul" | "ol")),
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

/// The attributes up to the end of a tag, by their names, what follows it, and whether it closes itself.
fn attributes(mut rest: &str) -> Option<(Attributes<'_>, &str, bool)> {
    let mut attributes = Attributes::new();
    loop {
        let (space, after) = split(rest, |b| matches!(b, b' ' | b'\n' | b'\t'));
        let is_closed = after.starts_with("/>");
        if let Some(rest) = after.strip_prefix(if is_closed { "/>" } else { ">" }) {
            attributes.sort_unstable_by_key(|(name, _)| *name);
            let is_twice = attributes.windows(2).any(|pair| pair[0].0 == pair[1].0);
            return (!is_twice).then_some((attributes, rest, is_closed));
        }
        let (name, after) = split(after, |b| b.is_ascii_lowercase() || b == b'-');
        if space.is_empty() || name.is_empty() || attributes.len() >= MAX_ATTRIBUTES {
            return None;
        }
        let quote = ['"', '\''].into_iter().find_map(|quote| {
            let quoted = after.strip_prefix('=')?.strip_prefix(quote)?;
            Some((quote, quoted))
        });
        let (value, after) = match quote {
            Some((quote, quoted)) => {
                let (value, after) = quoted.split_once(quote)?;
                (reference::resolved(value)?, after)
            }
            None if after.starts_with([' ', '>']) => (Cow::Borrowed(""), after),
            None => return None,
        };
        attributes.push((name, value));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::markup;
    use super::*;

    /// Whether it was read as simple; if so, it must show what the parser makes of it.
    fn is_simple(source: &str) -> bool {
        let base = Url::parse("https://blog.example/a/").unwrap();
        let Some(simple) = write(source, &base, &base) else {
            return false;
        };
        let parsed = markup::write(source, &base, &base).expect("what is simple is within bounds");
        assert_eq!(simple, parsed, "{source}");
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
        assert!(is_simple(
            "<font color='red'>R & D</font> <!-- more --><a href='?a=\"1\"&copy=2&amp;c=3'>&#x2014; &laquo;one&raquo;</a>"
        ));
        assert!(is_simple("just text"));
        assert!(is_simple(""));
    }

    #[test]
    fn what_a_parser_would_set_right_is_left_to_it() {
        for source in [
            "<p hidden>one</p>",
            "<div style=\"display:none\">one</div>",
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
            "one&<b>two</b>",
            "one &copy two",
            "one &NotEqualTilde; two",
            "<a href=\"?one&copy\">two</a>",
            "<!--> one -->",
            "<!-- one --!> two -->",
            "<!-- one ---> two -->",
            "<!one>",
            "&#150;",
            "&#0;",
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
            "<p class=\"one\"class=\"two\">three</p>",
            "<p class=\"one\" class=\"two\">three</p>",
            "a < b",
            "one\rtwo",
            "one\0two",
            "\u{feff}one",
        ] {
            assert!(!is_simple(source), "{source}");
        }
    }

    /// Source as it may come: pieces that fit often enough to be simple now and then.
    fn source() -> impl Strategy<Value = String> {
        let tag = "</?(p|div|ul|li|a|b|em|code|h2|pre|span|blockquote|figure|br|img|hr|table|td|script|style|iframe)( (href|class|a-b)(=\"(x|'|&amp;|&lt;y|\n|&|&copy=?|&x=y)?\"|='(x|\"|&amp;|& )')?)?/?>|<!--[ >a-]{0,3}-->";
        let text = "[a-c \n]{1,3}|&(amp|nbsp|#8230|#39|lt|x|#0|#150|laquo|acE|#x2014|#xfdd0|#Xe9);|& ?|<|\u{a0}|é";
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
