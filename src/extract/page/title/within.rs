//! A link or heading that holds a whole card → the words in it that are the title.

use std::ops::Range;

use super::super::dates;
use super::super::hints;
use super::super::lines::{self, Line};
use super::super::tree::{Tree, collapse};
use super::super::words;
use super::meta::is_meta;

/// The first telling line of a link or heading that holds more than a title.
pub(super) fn split_card(tree: &Tree<'_>, nodes: Range<usize>) -> Option<(String, Range<usize>)> {
    let lines = lines::lines(tree, nodes, 2000);
    if let Some(line) = lines
        .iter()
        .find(|line| words::title_label(&line.text).is_some())
    {
        let nodes = line.pieces.first()?.node..line.pieces.last()?.node + 1;
        return words::title_label(&line.text).map(|title| (title.to_owned(), nodes));
    }
    let mut telling = lines.iter().filter(|line| {
        !is_meta(&line.text)
            && !words::is_call(&line.text)
            && !hinted(tree, line)
            && !line.pieces.is_empty()
    });
    let first = telling.next()?;
    if let Some(second) = under_category(&lines, first) {
        let nodes = second.pieces.first()?.node..second.pieces.last()?.node + 1;
        return Some((second.text.clone(), nodes));
    }
    // a word or two beside a fact are its company, if a line that is no sentence follows
    let next = telling
        .next()
        .filter(|next| is_company_of_fact(first) && !next.text.ends_with(['.', '…', '。']));
    let line = next.unwrap_or(first);
    let pieces = telling_pieces(tree, line);
    if lines.len() == 1 && pieces.len() == line.pieces.len() {
        return None;
    }
    let first = line.pieces[pieces.start].range.start;
    let last = line.pieces[pieces.end - 1].range.end;
    Some((
        collapse(&line.text[first..last]),
        line.pieces[pieces.start].node..line.pieces[pieces.end - 1].node + 1,
    ))
}

/// The line that is the title where `first`, a word or two, is followed by a line of facts, one that is no sentence, and one
/// that is: category, date, title, excerpt.
fn under_category<'l>(lines: &'l [Line], first: &Line) -> Option<&'l Line> {
    const WORDS: usize = 2;
    let at = lines.iter().position(|line| std::ptr::eq(line, first))?;
    let [facts, title, excerpt, ..] = &lines[at + 1..] else {
        return None;
    };
    let is_sentence = |line: &Line| line.text.ends_with(['.', '…', '。', '!', '?']);
    let fits = words::weight(&first.text) <= WORDS
        && is_meta(&facts.text)
        && facts.text.contains(|c: char| c.is_ascii_digit())
        && !is_meta(&title.text)
        && !title.text.ends_with(['.', '…', '。'])
        && is_sentence(excerpt);
    fits.then_some(title)
}

/// True if a date or read time is a piece of the line, and the other pieces say no more than two words.
fn is_company_of_fact(line: &Line) -> bool {
    const WORDS: usize = 2;
    let (facts, others): (Vec<&str>, Vec<&str>) = line
        .pieces
        .iter()
        .map(|piece| line.piece(piece))
        .partition(|text| is_meta(text));
    facts
        .iter()
        .any(|text| text.contains(|c: char| c.is_ascii_digit()))
        && others.iter().map(|text| words::weight(text)).sum::<usize>() <= WORDS
}

/// True if the line is marked as tags or author.
fn hinted(tree: &Tree<'_>, line: &Line) -> bool {
    words::weight(&line.text) <= 3
        && line.pieces.first().is_some_and(|piece| {
            tree.ancestors(piece.node)
                .take(2)
                .any(|a| tree.attr(a, "class").and_then(hints::hint).is_some())
        })
}

/// Which pieces of a line are its first part, where the parts are elements of their own: `<span>Title</span><span>…`.
fn telling_pieces(tree: &Tree<'_>, line: &Line) -> Range<usize> {
    let pieces = &line.pieces;
    let own_element = |i: usize| {
        let parent = tree.nodes[pieces[i].node].parent;
        matches!(
            tree.name(parent),
            "span" | "strong" | "b" | "time" | "small" | "label" | "div" | "p" | "cite"
        )
    };
    let text = |i: usize| &line.text[pieces[i].range.clone()];
    let glued = |i: usize| pieces[i - 1].range.end == pieces[i].range.start;
    let spoken = |i: usize| text(i).chars().any(char::is_alphanumeric);
    let fact = |i: usize| is_meta(text(i)) || dates::is_day_and_month(text(i));
    let skipped = |i: usize| spoken(i) && own_element(i) && (fact(i) || words::is_call(text(i)));
    let first = (0..pieces.len()).find(|&i| spoken(i) && !skipped(i));
    let Some(first) = first else {
        return 0..pieces.len();
    };
    let mut end = pieces.len();
    for i in first + 1..pieces.len() {
        let parts = own_element(i - 1)
            && own_element(i)
            && parent(tree, pieces[i - 1].node) != parent(tree, pieces[i].node);
        let change = own_element(i - 1) != own_element(i);
        let boundary = spoken(i) && own_element(i) && fact(i) && !glued(i)
            || parts
                && words::weight(text(i - 1)) >= 2
                && (words::weight(text(i)) >= 4 || begins_sentence(text(i - 1), text(i)))
            || change && glued(i) && is_break(text(i - 1), text(i));
        if boundary {
            end = i;
            break;
        }
    }
    first..end
}

/// True if a short sentence stands behind words that are none.
fn begins_sentence(left: &str, right: &str) -> bool {
    let ends = |text: &str| {
        text.trim_end()
            .ends_with(['.', '。', '!', '?', '！', '？', '…'])
    };
    words::weight(right) >= 2 && ends(right) && !ends(left)
}

fn parent(tree: &Tree<'_>, i: usize) -> usize {
    tree.nodes[i].parent
}

/// True if two texts that touch cannot be one word: "ProbabilitiesTLDR", "time.The".
fn is_break(left: &str, right: &str) -> bool {
    let (Some(l), Some(r)) = (left.chars().last(), right.chars().next()) else {
        return false;
    };
    (l.is_lowercase() || l.is_ascii_digit() || matches!(l, '.' | '?' | '!' | ')'))
        && r.is_uppercase()
        && words::weight(right) >= 3
}
