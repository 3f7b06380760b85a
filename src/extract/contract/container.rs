//! The element that holds the list: where it is and empty, the source is quiet; where it is not, the page is broken.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::super::decode;
use crate::model::{Document, Entry};

/// A container holds at least so many percent of the posts.
const SHARE: usize = 90;
/// How many elements a selector may name.
const MAX_STEPS: usize = 4;
/// "There are no posts yet": longer texts are something else.
const MAX_LETTERS: usize = 200;
/// Pages of more bytes are not looked at.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A selector of the innermost element of `document` that holds the links of `entries`, if it has a name of its own and no
/// other element bears it.
#[must_use]
pub fn container(document: &Document, entries: &[Entry]) -> Option<String> {
    let wanted: HashSet<&str> = entries
        .iter()
        .filter_map(|entry| entry.url.as_ref())
        .map(Url::as_str)
        .collect();
    if wanted.len() < 2 {
        return None;
    }
    let html = parse(document)?;
    let base = base(&html, &document.url);
    let needed = (wanted.len() * SHARE).div_ceil(100);
    // down from the root, as long as one child still holds enough
    let mut element = html.root_element();
    if links(element, &base, &wanted) < needed {
        return None;
    }
    while let Some(child) = element
        .child_elements()
        .find(|child| links(*child, &base, &wanted) >= needed)
    {
        element = child;
    }
    name(&html, element)
}

/// True if the element that `selector` names is in `document`, and there is no list in it: no link, no form, and no more
/// than a sentence.
#[must_use]
pub fn is_empty_list(document: &Document, selector: &str) -> bool {
    let (Some(html), Ok(selector), Ok(full)) = (
        parse(document),
        Selector::parse(selector),
        Selector::parse("a[href], form, input, iframe"),
    ) else {
        return false;
    };
    let mut found = html.select(&selector);
    let (Some(list), None) = (found.next(), found.next()) else {
        return false;
    };
    let letters = list
        .text()
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace());
    list.select(&full).next().is_none() && letters.take(MAX_LETTERS + 1).count() <= MAX_LETTERS
}

fn parse(document: &Document) -> Option<Html> {
    if document.body.len() > MAX_BYTES {
        return None;
    }
    let (text, _) = decode::decode(&document.body, document.charset.as_deref());
    Some(Html::parse_document(&text))
}

fn base(html: &Html, url: &Url) -> Url {
    Selector::parse("base[href]")
        .ok()
        .and_then(|selector| html.select(&selector).next()?.attr("href"))
        .and_then(|href| url.join(href).ok())
        .unwrap_or_else(|| url.clone())
}

/// How many of the `wanted` addresses the element links to.
fn links(element: ElementRef<'_>, base: &Url, wanted: &HashSet<&str>) -> usize {
    let found: HashSet<String> = element
        .descendent_elements()
        .filter_map(|element| element.attr("href"))
        .filter_map(|href| base.join(href).ok())
        .map(String::from)
        .filter(|url| wanted.contains(url.as_str()))
        .collect();
    found.len()
}

/// A selector that finds just this element: its id or class names, below those above it as far as needed. An element of
/// which only the tag is known is named if the tag is that of a list.
fn name(html: &Html, element: ElementRef<'_>) -> Option<String> {
    let is_list = matches!(
        element.value().name(),
        "ul" | "ol" | "dl" | "table" | "tbody"
    );
    let mut path = String::new();
    let mut is_named = is_list;
    for (up, at) in std::iter::once(element)
        .chain(element.ancestors().filter_map(ElementRef::wrap))
        .take(MAX_STEPS)
        .enumerate()
    {
        let (own, named) = step(at);
        is_named |= named && up == 0;
        path = if up == 0 {
            own
        } else {
            format!("{own} > {path}")
        };
        let selector = Selector::parse(&path).ok()?;
        if is_named && html.select(&selector).take(2).count() == 1 {
            return Some(path);
        }
    }
    None
}

/// The selector of one element by itself, and whether it says more than the tag.
fn step(element: ElementRef<'_>) -> (String, bool) {
    let plain = |name: &&str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_')
    };
    let tag = element.value().name();
    if let Some(id) = element.value().id().filter(plain) {
        return (format!("{tag}#{id}"), true);
    }
    let mut selector = tag.to_owned();
    for class in element.value().classes().filter(plain).take(3) {
        selector.push('.');
        selector.push_str(class);
    }
    let named = selector.len() > tag.len();
    (selector, named)
}
