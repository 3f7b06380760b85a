//! HTML source → a tree, unless it is too large, too deep or too rich in attributes.
//!
//! The parser's work grows with the square of the nesting and of the attributes of one tag, so both are bounded before and
//! while it runs (HTML §13.2). The bounds are far beyond honest articles.

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink};

use crate::lexicon::markup;

/// Source longer than this is not parsed, bytes.
pub(super) const MAX_BYTES: usize = 2 * 1024 * 1024;
/// How deep elements may be nested.
pub(super) const MAX_DEPTH: usize = 256;
/// How many attributes one tag may have.
const MAX_ATTRIBUTES: u32 = 256;
/// How many nodes a tree may have: unclosed formatting elements multiply.
const MAX_NODES: usize = 200_000;
/// Depth is looked at after each piece of this size, bytes.
const PIECE: usize = 2 * 1024;

/// The tree of a fragment; `None` beyond the bounds.
pub(super) fn parse(html: &str) -> Option<Html> {
    if html.len() > MAX_BYTES || markup::has_crowded_tag(html, MAX_ATTRIBUTES) {
        return None;
    }
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let sink = HtmlTreeSink::new(Html::new_fragment());
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts {
            // readers run no scripts: what stands in for them is shown
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        },
        ..ParseOpts::default()
    };
    let mut parser = driver::parse_fragment(sink, options, context, Vec::new(), false);
    let mut rest = html;
    let mut seen = 0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = after;
        parser.process(StrTendril::from_slice(piece));
        let tree = &parser.tokenizer.sink.sink.0.borrow().tree;
        let nodes = tree.nodes().len();
        let deep = tree
            .nodes()
            .rev()
            .take(nodes - seen)
            .any(|node| node.ancestors().nth(MAX_DEPTH).is_some());
        if deep || nodes > MAX_NODES {
            return None;
        }
        seen = nodes;
    }
    Some(parser.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_markup_is_parsed() {
        assert!(parse("<p class=a title='b > c'>text <b>bold</b></p>").is_some());
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(parse(&"<div>".repeat(200)).is_some());
        assert!(parse(&"<div>".repeat(300)).is_none());
        assert!(parse(&"<svg>".repeat(100_000)).is_none());
    }

    #[test]
    fn formatting_elements_that_multiply_are_refused() {
        let hostile: String = (0..20_000).fold(String::new(), |html, i| {
            html + &format!("<p><b a={i}>x</p>")
        });
        assert!(parse(&hostile).is_none());
    }

    #[test]
    fn a_tag_with_very_many_attributes_is_refused() {
        let attributes: String = (0..100_000).fold(String::new(), |tag, i| tag + &format!(" a{i}"));
        assert!(parse(&format!("<p{attributes}>x")).is_none());
        assert!(parse(&format!("<!-- --!><p{attributes}>x")).is_none());
        assert!(parse(&format!("<p title='{attributes}'>x")).is_some());
    }
}
