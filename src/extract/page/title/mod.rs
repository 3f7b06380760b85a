//! Which words of an item are its title: a heading, the text of its link, or what stands out at its start.

mod clean;
mod meta;
mod within;

use std::ops::Range;

use super::dates;
use super::hints;
use super::item::Item;
use super::lines;
use super::links::Links;
use super::tree::{Tree, collapse};
use super::words;
use within::split_card;

pub(super) use meta::is_meta;

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
    /// What it was with that date.
    pub(super) whole: Option<String>,
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
    if let Some(title) = from_leading_link(tree, links, item, &own) {
        return Some(title);
    }
    let title = from_heading(tree, links, item, &own)
        .or_else(|| from_links(tree, links, &own))
        .or_else(|| from_text(tree, links, item, &own))
        .or_else(|| own.iter().find_map(|&link| from_attribute(tree, link)));
    title.map(|title| shown(tree, item, title))
}

/// A title that an attribute spells, where the item shows the same words, too: these are it.
fn shown(tree: &Tree<'_>, item: &Item, title: Title) -> Title {
    /// It stands near the start.
    const CHARS: usize = 600;
    if !title.nodes.is_empty() {
        return title;
    }
    let rows = lines::lines(tree, item.range.clone(), CHARS);
    let line = rows.iter().find(|line| line.text == title.text);
    match line.and_then(|line| Some((line.pieces.first()?.node, line.pieces.last()?.node))) {
        Some((first, last)) => Title {
            nodes: first..last + 1,
            ..title
        },
        None => title,
    }
}

fn from_heading(tree: &Tree<'_>, links: &Links, item: &Item, own: &[usize]) -> Option<Title> {
    let around = own.first().copied().and_then(|link| {
        tree.ancestors(link)
            .take_while(|&a| a >= item.range.start || a + 1 == item.range.start)
            .find(|&a| tree.heading(a) > 0 && tree.nodes[a].end >= item.range.end)
    });
    let inside = |i: usize| own.iter().any(|&link| tree.extent(link).contains(&i));
    let is_number = |text: &str| text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
    let headings: Vec<usize> = around
        .into_iter()
        .chain(item.range.clone().filter(|&i| tree.heading(i) > 0))
        .filter(|&i| {
            let text = tree.text(tree.extent(i));
            !text.is_empty()
                && text.chars().count() <= MAX_TITLE_CHARS
                && !dates::is_date(&text)
                && dates::year(&text).is_none_or(|year| year.len() < text.len())
                && (!words::is_call(&text) || holds(tree, i, own) || is_number(&text) && inside(i))
                && !text.ends_with(':')
                && !is_cut(tree, i, own)
        })
        .collect();
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
fn from_leading_link(tree: &Tree<'_>, links: &Links, item: &Item, own: &[usize]) -> Option<Title> {
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
        from_link(tree, links, link)
    }
}

/// The text of the first link that has one, but for a code by which the address calls the post ("BS-2024-019"), where another
/// link has words.
fn from_links(tree: &Tree<'_>, links: &Links, own: &[usize]) -> Option<Title> {
    let mut titles = own
        .iter()
        .filter_map(|&link| Some((link, from_link(tree, links, link)?)));
    let (link, first) = titles.next()?;
    let is_code = !first.text.contains(char::is_whitespace)
        && first.text.contains(char::is_alphabetic)
        && first.text.contains(char::is_numeric)
        && links.at(link).is_some_and(|link| {
            let path = links.targets[link.target].url.path();
            let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
            last.split('.')
                .next()
                .unwrap_or("")
                .eq_ignore_ascii_case(&first.text)
        });
    let worded = |title: &Title| {
        words::title_weight(&title.text) > 1 && !title.text.ends_with(['.', '…', '。'])
    };
    let other = titles
        .map(|(_, title)| title)
        .find(worded)
        .filter(|_| is_code);
    other.or(Some(first))
}

/// True for a number by which the post's address calls it, too: "#117" of "/p/117".
fn names_address(links: &Links, link: usize, text: &str) -> bool {
    let number = text.trim().trim_start_matches('#');
    let is_number = (2..=5).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    is_number
        && links.at(link).is_some_and(|link| {
            let path = links.targets[link.target].url.path();
            let mut segments = path.trim_end_matches('/').rsplit('/');
            segments.next() == Some(number)
                && segments.next().is_some_and(|folder| !folder.is_empty())
        })
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

fn from_link(tree: &Tree<'_>, links: &Links, link: usize) -> Option<Title> {
    let nodes = tree.extent(link);
    let text = tree.text(nodes.clone());
    if names_address(links, link, &text) {
        return Some(Title {
            text,
            nodes,
            heading: false,
            linked: true,
            date: None,
            whole: None,
        });
    }
    if text.is_empty() || words::is_call(&text) || is_meta(&text) {
        return None;
    }
    let (text, nodes) = split_card(tree, nodes.clone()).unwrap_or((text, nodes));
    if text.chars().count() > MAX_TITLE_CHARS {
        return None;
    }
    Some(clean(&text, nodes, false, true))
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

/// The title that `nodes` spell as `text`, without what stands at its ends.
fn clean(text: &str, nodes: Range<usize>, heading: bool, linked: bool) -> Title {
    let (short, date) = clean::clean(text);
    Title {
        whole: date.is_some().then(|| collapse(text)),
        text: short,
        nodes,
        heading,
        linked,
        date,
    }
}
