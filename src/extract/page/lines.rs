//! A stretch of the page → the lines a reader sees, each with the pieces it is made of.

use std::ops::Range;

use super::tree::{Kind, Tree, is_invisible};

/// A run of characters from one text node.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// The bytes of the line.
    pub(super) range: Range<usize>,
    /// The text node.
    pub(super) node: usize,
}

/// One line: what stands between two block boundaries or line breaks.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its text, white space collapsed.
    pub(super) text: String,
    /// The text nodes it is made of, in order.
    pub(super) pieces: Vec<Piece>,
    /// The innermost block element around it.
    pub(super) block: usize,
}

impl Line {
    /// The text of a piece.
    pub(super) fn piece(&self, piece: &Piece) -> &str {
        &self.text[piece.range.clone()]
    }

    /// True if nodes of `range` make up any of this line.
    pub(super) fn touches(&self, range: &Range<usize>) -> bool {
        self.pieces.iter().any(|piece| range.contains(&piece.node))
    }
}

/// Lines of a range of nodes, at most `max_chars` of text (the last line is whole).
pub(super) fn lines(tree: &Tree<'_>, range: Range<usize>, max_chars: usize) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let outer = range
        .start
        .checked_sub(1)
        .map_or(0, |_| tree.nodes[range.start].parent);
    let mut current = Line {
        text: String::new(),
        pieces: Vec::new(),
        block: outer,
    };
    let mut gap = false;
    let mut total = 0;
    let flush = |current: &mut Line, out: &mut Vec<Line>, block: usize| {
        let done = std::mem::replace(
            current,
            Line {
                text: String::new(),
                pieces: Vec::new(),
                block,
            },
        );
        if !done.text.is_empty() {
            out.push(done);
        }
    };
    for i in range {
        while let Some(&block) = open.last()
            && tree.nodes[block].end <= i
        {
            open.pop();
            flush(
                &mut current,
                &mut out,
                open.last().copied().unwrap_or(outer),
            );
            gap = false;
        }
        match tree.nodes[i].kind {
            Kind::Element(element) => {
                let name = element.name();
                if name == "br" || name == "hr" {
                    let block = current.block;
                    flush(&mut current, &mut out, block);
                    gap = false;
                } else if !tree.nodes[i].inline {
                    flush(&mut current, &mut out, i);
                    gap = false;
                    open.push(i);
                }
                if total > max_chars {
                    break;
                }
            }
            Kind::Text(text) => {
                gap = gap || is_parted(tree, &current, i, text);
                let start = push(&mut current.text, text, &mut gap, &mut total);
                if let Some(start) = start {
                    current.pieces.push(Piece {
                        range: start..current.text.len(),
                        node: i,
                    });
                }
            }
        }
    }
    flush(&mut current, &mut out, outer);
    out
}

/// True if text node `i` would touch the last word of `line` though each stands in an element of its own, side by side
/// (`<span>14</span><span>May</span>`): style sheets part them. Letters in elements of their own are one word.
fn is_parted(tree: &Tree<'_>, line: &Line, i: usize, text: &str) -> bool {
    let Some(last) = line.pieces.last() else {
        return false;
    };
    let before = line.piece(last);
    let one = |text: &str| text.chars().nth(1).is_none();
    let touch = before.ends_with(char::is_alphanumeric)
        && text.starts_with(char::is_alphanumeric)
        && !(one(before) && one(text));
    touch && element_side(tree, last.node, i) && element_side(tree, i, last.node)
}

/// True if an element that ends or begins with text node `i` stands between it and node `other`, and is no mere emphasis.
fn element_side(tree: &Tree<'_>, i: usize, other: usize) -> bool {
    let around = tree
        .ancestors(i)
        .take_while(|&a| !tree.extent(a).contains(&other))
        .last();
    around.is_some_and(|a| {
        matches!(
            tree.name(a),
            "span" | "time" | "a" | "small" | "b" | "strong"
        )
    })
}

/// Adds the words of a text node to a line, white space collapsed and invisible characters dropped; where its first
/// character stands, if it has any. `gap`: a space is due before the next word. `total` counts characters.
fn push(line: &mut String, text: &str, gap: &mut bool, total: &mut usize) -> Option<usize> {
    let mut start = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if is_invisible(c) {
            rest = &rest[c.len_utf8()..];
            continue;
        }
        if c.is_whitespace() {
            *gap = true;
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = word_end(rest);
        let (word, after) = rest.split_at(end);
        if *gap && !line.is_empty() {
            line.push(' ');
        }
        *gap = false;
        start.get_or_insert(line.len());
        line.push_str(word);
        *total += if word.is_ascii() {
            word.len()
        } else {
            word.chars().count()
        };
        rest = after;
    }
    start
}

/// Where the word ends that `text` begins with.
fn word_end(text: &str) -> usize {
    let plain = text
        .bytes()
        .position(|b| !b.is_ascii_graphic())
        .unwrap_or(text.len());
    // a blank, mostly; else a character that takes a look
    if plain == text.len() || text.as_bytes()[plain] == b' ' {
        return plain;
    }
    text[plain..]
        .find(|c: char| c.is_whitespace() || is_invisible(c))
        .map_or(text.len(), |end| plain + end)
}
