//! Which words of an item are its title: a heading, the text of its link, or what stands out at its start.

use std::ops::Range;

use super::dates;
use super::facts;
use super::hints;
use super::item::Item;
use super::lines::{self, Line};
use super::links::Links;
use super::read_times;
use super::tree::{Tree, collapse};
use super::words;
use crate::model::Precision;

/// A title as shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Title {
    /// Its words.
    pub(super) text: String,
    /// The nodes that spell it; empty where an attribute does.
    pub(super) nodes: Range<usize>,
    /// True if it stands in a heading.
    pub(super) heading: bool,
    /// True if it is (part of) a link's text.
    pub(super) linked: bool,
    /// A date that was glued to it.
    pub(super) date: Option<String>,
}

/// More than this is no title but a paragraph.
const MAX_TITLE_CHARS: usize = 300;

/// The title of an item.
pub(super) fn find(tree: &Tree<'_>, links: &Links, item: &Item) -> Option<Title> {
    let own: Vec<usize> = item
        .range
        .clone()
        .filter(|&i| links.at(i).is_some_and(|link| link.target == item.target))
        .collect();
    if let Some(title) = from_leading_link(tree, item, &own) {
        return Some(title);
    }
    from_heading(tree, links, item, &own)
        .or_else(|| own.iter().find_map(|&link| from_link(tree, link)))
        .or_else(|| from_text(tree, links, item, &own))
        .or_else(|| own.iter().find_map(|&link| from_attribute(tree, link)))
}

fn from_heading(tree: &Tree<'_>, links: &Links, item: &Item, own: &[usize]) -> Option<Title> {
    let around = own.first().copied().and_then(|link| {
        tree.ancestors(link)
            .take_while(|&a| a >= item.range.start || a + 1 == item.range.start)
            .find(|&a| tree.heading(a) > 0 && tree.nodes[a].end >= item.range.end)
    });
    let headings: Vec<usize> = around
        .into_iter()
        .chain(item.range.clone().filter(|&i| tree.heading(i) > 0))
        .filter(|&i| {
            let text = tree.text(tree.extent(i));
            !text.is_empty()
                && text.chars().count() <= MAX_TITLE_CHARS
                && !dates::is_date(&text)
                && dates::year(&text).is_none_or(|year| year.len() < text.len())
                && (!words::is_call(&text) || holds(tree, i, own))
                && !text.ends_with(':')
                && !is_cut(tree, i, own)
        })
        .collect();
    let inside = |i: usize| own.iter().any(|&link| tree.extent(link).contains(&i));
    // in a card that is one link, the highest heading is the title's
    let linked = headings
        .iter()
        .copied()
        .filter(|&i| holds(tree, i, own) || inside(i))
        .min_by_key(|&i| if inside(i) { tree.heading(i) } else { 0 });
    // a heading that is a link to somewhere else is not this item's, unless no other is there
    let free = || {
        headings.iter().copied().find(|&i| {
            !tree.extent(i).any(|n| {
                links.at(n).is_some_and(|link| {
                    link.target != item.target && !links.targets[link.target].utility
                })
            })
        })
    };
    let heading = linked.or_else(free)?;
    let links_in: Vec<usize> = own
        .iter()
        .copied()
        .filter(|&link| tree.extent(heading).contains(&link))
        .collect();
    let whole = tree.extent(heading);
    let full = tree.char_count(whole.clone());
    // where the link is most of the heading, what stands beside it is a badge, a date or a permalink sign
    let nodes = links_in
        .iter()
        .map(|&link| tree.extent(link))
        .filter(|nodes| {
            tree.char_count(nodes.clone()) * 10 >= full * 5
                && !words::is_call(&tree.text(nodes.clone()))
        })
        .max_by_key(|nodes| tree.char_count(nodes.clone()))
        .unwrap_or(whole);
    // a heading that holds the whole card has its title in the first line
    let made = split_card(tree, nodes.clone());
    let (text, nodes) = made.unwrap_or_else(|| (tree.text(nodes.clone()), nodes));
    Some(clean(&text, nodes, true, linked.is_some()))
}

/// The text of the item's link, where it stands before the first heading and outside any: the headings are those of an
/// inlined post.
fn from_leading_link(tree: &Tree<'_>, item: &Item, own: &[usize]) -> Option<Title> {
    let first_heading = item.range.clone().find(|&i| tree.heading(i) > 0)?;
    let link = own.iter().copied().find(|&link| {
        let text = tree.text(tree.extent(link));
        tree.nodes[link].end <= first_heading
            && !text.is_empty()
            && !words::is_call(&text)
            && !is_meta(&text)
    })?;
    let headed = own.iter().any(|&link| {
        tree.ancestors(link).any(|a| tree.heading(a) > 0)
            || tree.extent(link).any(|i| tree.heading(i) > 0)
    });
    let hinted = tree
        .ancestors(link)
        .take(1)
        .chain([link])
        .any(|a| tree.attr(a, "class").and_then(hints::hint).is_some());
    if headed || hinted {
        None
    } else {
        from_link(tree, link)
    }
}

/// True if an excerpt breaks off in heading `i`: "Comparing the two … Read more".
fn is_cut(tree: &Tree<'_>, i: usize, own: &[usize]) -> bool {
    let text = tree.text(tree.extent(i));
    only_calls(tree, i, own)
        && own.iter().any(|&link| {
            let before = text.strip_suffix(tree.text(tree.extent(link)).as_str());
            before.is_some_and(|text| text.trim_end().ends_with(['…', '.']))
        })
}

/// True if heading `i` holds links to the post, and all of them only invite to read on.
fn only_calls(tree: &Tree<'_>, i: usize, own: &[usize]) -> bool {
    let mut links = own
        .iter()
        .filter(|&&link| tree.extent(i).contains(&link))
        .peekable();
    links.peek().is_some() && links.all(|&link| words::is_call(&tree.text(tree.extent(link))))
}

fn holds(tree: &Tree<'_>, i: usize, own: &[usize]) -> bool {
    own.iter().any(|&link| tree.extent(i).contains(&link))
}

fn from_link(tree: &Tree<'_>, link: usize) -> Option<Title> {
    let nodes = tree.extent(link);
    let text = tree.text(nodes.clone());
    if text.is_empty() || words::is_call(&text) || is_meta(&text) {
        return None;
    }
    let (text, nodes) = split_card(tree, nodes.clone()).unwrap_or((text, nodes));
    if text.chars().count() > MAX_TITLE_CHARS {
        return None;
    }
    Some(clean(&text, nodes, false, true))
}

/// The first telling line of a link or heading that holds more than a title.
fn split_card(tree: &Tree<'_>, nodes: Range<usize>) -> Option<(String, Range<usize>)> {
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

/// True for texts that are a date, a read time, a counter or a label, and so no title.
pub(super) fn is_meta(text: &str) -> bool {
    let text = text.trim();
    if text.chars().count() > 80 {
        return false;
    }
    if dates::is_date(text)
        || words::is_counter(text)
        || words::is_label(text)
        || facts::is_row(text)
    {
        return true;
    }
    // what is left of a line when dates and read times are taken out
    let mut rest = text.to_owned();
    let mut found = false;
    if let Some(range) = read_times::find(&rest) {
        rest.replace_range(range, " ");
        found = true;
    }
    let spots = dates::all(&rest);
    for spot in spots.into_iter().rev() {
        rest.replace_range(spot.range, " ");
        found = true;
    }
    found
        && rest
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(words::is_label)
}

/// An item whose links say nothing ("permalink", a clock time, an empty overlay): its first line that says something.
fn from_text(tree: &Tree<'_>, links: &Links, item: &Item, own: &[usize]) -> Option<Title> {
    if let Some(title) = own
        .iter()
        .filter(|&&link| tree.char_count(tree.extent(link)) == 0)
        .find_map(|&link| from_attribute(tree, link))
        && tree.attr(own[0], "aria-label").is_some()
    {
        return Some(title);
    }
    let bold = item.range.clone().find(|&i| {
        matches!(tree.name(i), "strong" | "b")
            && links.at(i).is_none()
            && !is_meta(&tree.text(tree.extent(i)))
            && (2..=MAX_TITLE_CHARS).contains(&tree.char_count(tree.extent(i)))
    });
    if let Some(bold) = bold {
        let nodes = tree.extent(bold);
        return Some(clean(&tree.text(nodes.clone()), nodes, false, false));
    }
    let rows = lines::lines(tree, item.range.clone(), 600);
    let line = rows.iter().find(|line| {
        !is_meta(&line.text)
            && !words::is_call(&line.text)
            && line.text.chars().count() <= MAX_TITLE_CHARS
            && !line
                .pieces
                .iter()
                .all(|piece| tree.ancestors(piece.node).any(|a| links.at(a).is_some()))
    })?;
    let nodes = line.pieces.first()?.node..line.pieces.last()?.node + 1;
    Some(clean(&line.text, nodes, false, false))
}

fn from_attribute(tree: &Tree<'_>, link: usize) -> Option<Title> {
    let labels = ["aria-label", "title"]
        .into_iter()
        .filter_map(|name| tree.attr(link, name));
    let images = tree
        .extent(link)
        .filter(|&i| tree.name(i) == "img")
        .filter_map(|i| tree.attr(i, "alt"));
    let text = labels
        .chain(images)
        .map(|label| words::without_label_prefix(&collapse(label)).to_owned())
        .find(|label| !words::is_call(label) && !label.is_empty())?;
    Some(clean(&text, 0..0, false, true))
}

/// Takes a glued date, badges and signs off a title.
fn clean(text: &str, nodes: Range<usize>, heading: bool, linked: bool) -> Title {
    let mut text = trim_signs(text).to_owned();
    let mut date = None;
    let spots = dates::all(&text);
    for spot in spots.iter().rev() {
        let at_start = spot.range.start <= 1;
        let at_end = spot.range.end + 1 >= text.len();
        let before = text[..spot.range.start].trim_end();
        let after = text[spot.range.end..].trim_start();
        let parted = |side: &str, first: bool| {
            let c = if first {
                side.chars().next()
            } else {
                side.chars().last()
            };
            c.is_some_and(|c| {
                matches!(
                    c,
                    '-' | '–'
                        | '—'
                        | ':'
                        | '|'
                        | '·'
                        | '•'
                        | '/'
                        | '»'
                        | '('
                        | ')'
                        | '['
                        | ']'
                        | ','
                        | '：'
                )
            })
        };
        let cut = spot.precision >= Precision::Day
            && (at_start
                && !after.is_empty()
                && (parted(after, true)
                    || spot.range.end < text.len() && spot.precision >= Precision::Day)
                || at_end
                    && !before.is_empty()
                    && (parted(before, false) || text.ends_with([')', ']'])));
        if cut {
            date = Some(text[spot.range.clone()].to_owned());
            text.replace_range(spot.range.clone(), "");
            let rest = trim_signs(text.trim_matches(|c: char| {
                c.is_whitespace()
                    || matches!(c, '-' | '–' | '—' | ':' | '|' | '·' | '•' | ',' | '：')
            }))
            .trim_end_matches("()")
            .trim_start_matches("()")
            .trim_end_matches("[]")
            .trim_start_matches("[]")
            .trim()
            .to_owned();
            text = rest;
            break;
        }
    }
    if let Some(range) = read_times::find(&text)
        && range.end == text.len()
        && range.start > 8
        && text[..range.start]
            .trim_end()
            .ends_with(['(', '·', '|', '•', '-', '–'])
    {
        let rest = text[..range.start].trim_end_matches(|c: char| {
            c.is_whitespace() || matches!(c, '(' | '·' | '|' | '•' | '-' | '–')
        });
        text.truncate(rest.len());
    }
    Title {
        text,
        nodes,
        heading,
        linked,
        date,
    }
}

/// Signs at the ends of a title that are no part of it: anchors, arrows, emoji.
fn trim_signs(text: &str) -> &str {
    let sign = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '¶' | '§'
                    | '→'
                    | '»'
                    | '›'
                    | '↗'
                    | '⟶'
                    | '↪'
                    | '∞'
                    | '●'
                    | '•'
                    | '◦'
                    | '★'
                    | '☆'
            )
            || matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{200d}' | '\u{2b00}'..='\u{2bff}')
    };
    let trimmed = text.trim_matches(sign).trim();
    let trimmed = trimmed.strip_suffix(" #").unwrap_or(trimmed).trim();
    let trimmed = trimmed.strip_prefix("# ").unwrap_or(trimmed).trim();
    if trimmed.is_empty() {
        text.trim()
    } else {
        trimmed
    }
}
