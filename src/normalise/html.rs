//! HTML source → plain text, block by block.

use std::mem;

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use super::parse;
use super::text;

use crate::model::Text;

/// A run of text between block boundaries.
pub(super) struct Block {
    /// Its text, one line.
    pub text: String,
    /// False for headings, code, tables, captions and the like.
    pub prose: bool,
}

/// `text` as plain text on one line: markup removed, entities decoded once, blocks parted by spaces.
pub(super) fn plain(text: &Text) -> String {
    match text {
        Text::Plain(text) => text::line(text),
        Text::Html(html) => plain_html(html),
    }
}

/// The plain text of HTML source, on one line.
pub(super) fn plain_html(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return text::line(html);
    }
    joined(&blocks(html))
}

/// The text of `blocks`, on one line.
pub(super) fn joined(blocks: &[Block]) -> String {
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    // what stood in different blocks may make new sense in one line
    text::line(&texts.join(" "))
}

/// The blocks of HTML source that show any text.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    match parse::parse(html) {
        Some(tree) => blocks_of(&tree),
        None => flat_blocks(html),
    }
}

fn blocks_of(tree: &Html) -> Vec<Block> {
    let mut walk = Walk::default();
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) if walk.hidden == 0 => walk.text.push_str(text),
                // a picture of a character that its alt text names
                Node::Element(element) if is_emoji(element) => {
                    walk.text.push_str(element.attr("alt").unwrap_or_default());
                }
                Node::Element(element) => walk.open(element.name()),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value()
                    && !is_emoji(element)
                {
                    walk.close(element.name());
                }
            }
        }
    }
    walk.flush();
    walk.blocks
}

#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    text: String,
    hidden: usize,
    aside: usize,
}

impl Walk {
    fn open(&mut self, name: &str) {
        if is_block(name) {
            self.flush();
        }
        self.hidden += usize::from(is_hidden(name));
        self.aside += usize::from(is_aside(name));
    }

    fn close(&mut self, name: &str) {
        if is_block(name) {
            self.flush();
        }
        self.hidden -= usize::from(is_hidden(name));
        self.aside -= usize::from(is_aside(name));
    }

    fn flush(&mut self) {
        if let Some(text) = text::some_line(&mem::take(&mut self.text)) {
            let prose = self.aside == 0;
            self.blocks.push(Block { text, prose });
        }
    }
}

fn is_emoji(element: &Element) -> bool {
    element.name() == "img"
        && element
            .classes()
            .any(|class| matches!(class, "emoji" | "wp-smiley"))
}

/// True for elements that stand on lines of their own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "br"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "iframe"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "video"
            | "audio"
            | "img"
            | "picture"
            | "svg"
    )
}

/// True for elements whose text is not for reading.
pub(super) fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "audio"
            | "button"
            | "canvas"
            | "form"
            | "head"
            | "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
            | "object"
            | "script"
            | "select"
            | "style"
            | "svg"
            | "template"
            | "textarea"
            | "title"
            | "video"
    )
}

/// True for elements whose text is not the article's prose.
fn is_aside(name: &str) -> bool {
    matches!(
        name,
        "aside"
            | "caption"
            | "dl"
            | "figcaption"
            | "figure"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "nav"
            | "ol"
            | "pre"
            | "table"
            | "ul"
    )
}

/// The blocks of source that is beyond the parser's bounds: tags are dropped by one linear scan.
fn flat_blocks(html: &str) -> Vec<Block> {
    let html = &html[..html.floor_char_boundary(parse::MAX_BYTES)];
    let mut walk = Walk::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        walk.text.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(after) = skip_markup(rest, &mut walk) else {
            rest = "";
            break;
        };
        rest = after;
    }
    walk.text.push_str(rest);
    walk.flush();
    walk.blocks
        .into_iter()
        .filter_map(|block| {
            let text = text::some_line(&decode(&block.text))?;
            Some(Block { text, ..block })
        })
        .collect()
}

/// What follows the tag or comment at the start of `html`; `None` if it never ends.
fn skip_markup<'a>(html: &'a str, walk: &mut Walk) -> Option<&'a str> {
    if html.starts_with("<!--") {
        return html.find("-->").map(|at| &html[at + 3..]);
    }
    let inner = &html[1..];
    let name_at = inner.strip_prefix('/').unwrap_or(inner);
    if !name_at.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
        walk.text.push_str("&lt;");
        return Some(inner);
    }
    let end = html.find('>')?;
    let length = name_at
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name_at.len());
    let name = name_at[..length].to_ascii_lowercase();
    if is_block(&name) {
        walk.flush();
    }
    let mut rest = &html[end + 1..];
    if inner.starts_with('/') || !matches!(name.as_str(), "script" | "style") {
        return Some(rest);
    }
    // the text of a script ends only at its own end tag
    loop {
        rest = &rest[rest.find("</")? + 2..];
        if rest
            .get(..length)
            .is_some_and(|found| found.eq_ignore_ascii_case(&name))
        {
            return rest.find('>').map(|at| &rest[at + 1..]);
        }
    }
}

/// `text` with its entities decoded; `<` in it is text.
fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    Html::parse_fragment(&text.replace('<', "&lt;"))
        .root_element()
        .text()
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_is_taken_as_it_is() {
        let text = Text::Plain("Vec<T> &amp; you".to_owned());
        assert_eq!(plain(&text), "Vec<T> &amp; you");
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(
            plain_html("R&amp;D &amp;amp; caf&eacute;"),
            "R&D &amp; café"
        );
    }

    #[test]
    fn blocks_are_parted_and_inline_markup_is_not() {
        assert_eq!(
            plain_html("<p>one</p><p>tw<b>o</b></p>three<br>four"),
            "one two three four"
        );
    }

    #[test]
    fn scripts_and_styles_are_not_text() {
        assert_eq!(plain_html("a<script>b</script><style>c</style>d"), "ad");
    }

    #[test]
    fn a_picture_of_a_character_is_that_character() {
        assert_eq!(
            plain_html("Go<img class=emoji alt=\"🚀\">!<img alt=photo>"),
            "Go🚀!"
        );
    }

    #[test]
    fn markup_beyond_the_bounds_still_gives_its_text() {
        let html = format!(
            "{}<p>a &lt; b</p><SCRIPT>x</sCript><p>c",
            "<div>".repeat(400)
        );
        let texts: Vec<String> = blocks(&html).into_iter().map(|block| block.text).collect();
        assert_eq!(texts, ["a < b", "c"]);
    }

    proptest! {
        #[test]
        fn no_source_panics(html in any::<String>(), tags in "(<[a-z!/]{0,4}[ =\"'a]{0,4}>?|&[a-z#0-9]{0,5};?|x){0,30}") {
            let _ = plain_html(&html);
            let _ = plain_html(&tags);
            let _ = flat_blocks(&html);
            let _ = flat_blocks(&tags);
        }
    }
}
