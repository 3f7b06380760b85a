//! HTML source → a tree, unless it is too large, too deep or too rich in attributes.
//!
//! The parser's work grows with the square of the nesting and of the attributes of one tag, so both are bounded before and
//! while it runs (HTML §13.2). The bounds are far beyond honest articles.

use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{QualName, local_name, ns};
use scraper::{Html, HtmlTreeSink};

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
    if html.len() > MAX_BYTES || has_many_attributes(html) {
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

/// Where the tokenizer is inside a tag.
#[derive(Clone, Copy)]
#[repr(usize)]
enum At {
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    DoubleQuoted,
    SingleQuoted,
    Unquoted,
}

const STATES: [At; 8] = [
    At::TagName,
    At::BeforeName,
    At::Name,
    At::AfterName,
    At::BeforeValue,
    At::DoubleQuoted,
    At::SingleQuoted,
    At::Unquoted,
];

/// True if a tag may begin anywhere in `html` (whatever the context: comments and scripts are not told apart) that would
/// get more than [`MAX_ATTRIBUTES`]. Linear: from the end to the start, how many attributes are still to come in each state.
fn has_many_attributes(html: &str) -> bool {
    let mut after = [0_u32; STATES.len()];
    let mut last = 0_u8;
    for &byte in html.as_bytes().iter().rev() {
        if byte == b'<'
            && last.is_ascii_alphabetic()
            && after[At::TagName as usize] > MAX_ATTRIBUTES
        {
            return true;
        }
        let mut here = [0_u32; STATES.len()];
        for state in STATES {
            here[state as usize] = match step(state, byte) {
                Some((next, more)) => after[next as usize].saturating_add(more),
                None => 0,
            };
        }
        after = here;
        last = byte;
    }
    false
}

/// The state after `byte` and the attributes it begins; `None` if the tag ends.
fn step(state: At, byte: u8) -> Option<(At, u32)> {
    let space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc);
    Some(match (state, byte) {
        (At::DoubleQuoted, b'"') | (At::SingleQuoted, b'\'') => (At::BeforeName, 0),
        (At::DoubleQuoted | At::SingleQuoted, _) => (state, 0),
        (_, b'>') => return None,
        (At::BeforeValue, b'"') => (At::DoubleQuoted, 0),
        (At::BeforeValue, b'\'') => (At::SingleQuoted, 0),
        (At::BeforeName | At::AfterName | At::BeforeValue, _) if space => (state, 0),
        (At::BeforeValue, _) => (At::Unquoted, 0),
        (At::Unquoted | At::TagName, _) if space => (At::BeforeName, 0),
        (At::Unquoted, _) => (state, 0),
        (At::Name, _) if space => (At::AfterName, 0),
        (_, b'/') => (At::BeforeName, 0),
        (At::Name | At::AfterName, b'=') => (At::BeforeValue, 0),
        (At::TagName | At::Name, _) => (state, 0),
        (At::BeforeName | At::AfterName, _) => (At::Name, 1),
    })
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
