//! One post's own page → a raw entry: what the listing did not tell. Structured data first, then the head's meta elements,
//! then what the page shows; the body is the part with the most running text.

use std::ops::Range;

use url::Url;

use super::address;
use super::dates;
use super::entry;
use super::error::PageError;
use super::head::Head;
use super::lines;
use super::links::Links;
use super::read_times;
use super::structured::Structured;
use super::tree::{self, Tree};
use super::words;
use crate::model::{RawEntry, RawPerson, Text, Tier};

/// A body with fewer visible characters is a teaser, a stub or a login wall.
const MIN_BODY_CHARS: usize = 250;
/// How far around the title dates and read times of the post are looked for, in characters.
const HEAD_CHARS: usize = 600;

/// Reads the page of one post, found at `url`. What it does not tell stays empty.
///
/// # Errors
/// [`PageError::TooDeep`], [`PageError::TooManyAttributes`] and [`PageError::TooManyNodes`].
pub(in crate::extract) fn article(html: &str, url: &Url) -> Result<RawEntry, PageError> {
    let document = tree::parse(html)?;
    let tree = Tree::new(&document);
    let head = Head::new(&document);
    let base = head.base(url);
    let links = Links::new(&tree, url, base);
    let canonical = canonical(&head, &links.base);
    let mut entry = RawEntry {
        url: canonical.as_ref().map(Url::to_string),
        canonical: original(&head, &links.base).map(|url| url.to_string()),
        base: links.own_base.then(|| links.base.clone()),
        ..RawEntry::default()
    };
    let structured = Structured::new(&document, &links, url);
    if let Some(record) = structured.of_article(&links, url, canonical.as_ref()) {
        entry.title = record.title.clone().map(Text::Plain);
        super::structured::fill(&mut entry, &record);
    }
    from_head(&head, &mut entry);
    from_text(&tree, &mut entry);
    if let Some(body) = body(&tree)
        && tree.char_count(tree.extent(body)) >= MIN_BODY_CHARS
    {
        entry.content = tree
            .element_ref(body)
            .map(|element| Text::Html(element.inner_html()));
    }
    entry::mark(&mut entry, Tier::Article);
    Ok(entry)
}

/// The address that the page calls its own, unless it leads to another site or to the site's root.
fn canonical(head: &Head<'_>, base: &Url) -> Option<Url> {
    head.canonical(base)
        .filter(|url| address::host(url) == address::host(base) && url.path() != "/")
}

/// The address that the page names as the article's, on whatever site: a copy names the original.
fn original(head: &Head<'_>, base: &Url) -> Option<Url> {
    head.canonical(base).filter(|url| url.path() != "/")
}

fn from_head(head: &Head<'_>, entry: &mut RawEntry) {
    let content = |names: &[&str]| head.content(names);
    if entry.title.is_none() {
        entry.title = content(&["og:title", "twitter:title"]).map(Text::Plain);
    }
    if entry.published.is_none() {
        entry.published = content(&[
            "article:published_time",
            "datePublished",
            "og:article:published_time",
            "date",
            "dc.date",
            "DC.date.issued",
            "pubdate",
        ])
        .filter(|date| dates::is_date(date));
    }
    if entry.updated.is_none() {
        entry.updated = content(&["article:modified_time", "og:updated_time", "dateModified"])
            .filter(|date| dates::is_date(date));
    }
    if entry.summary.is_none() {
        entry.summary =
            content(&["description", "og:description", "twitter:description"]).map(Text::Plain);
    }
    if entry.tags.is_empty() {
        entry.tags = tags(head);
    }
    if entry.authors.is_empty()
        && let Some(name) =
            content(&["author", "article:author"]).filter(|name| !name.starts_with("http"))
    {
        entry.authors = vec![RawPerson {
            name,
            ..RawPerson::default()
        }];
    }
    if entry.image.is_none() {
        entry.image = content(&["og:image", "twitter:image"]);
    }
    if entry.language.is_none() {
        entry.language = head.language();
    }
}

/// Every `article:tag`, else the keywords.
fn tags(head: &Head<'_>) -> Vec<String> {
    let split = |name: &str| -> Vec<String> {
        head.contents(name)
            .flat_map(|text| {
                text.split(',')
                    .map(str::trim)
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            })
            .filter(|tag| !tag.is_empty())
            .collect()
    };
    let tags = split("article:tag");
    if tags.is_empty() {
        split("keywords")
    } else {
        tags
    }
}

/// What the page shows near its title: the title itself, a date, the read time.
fn from_text(tree: &Tree<'_>, entry: &mut RawEntry) {
    let heading = (0..tree.nodes.len())
        .filter(|&i| !tree.nodes[i].chrome && tree.heading(i) == 1)
        .find(|&i| tree.char_count(tree.extent(i)) > 0);
    if entry.title.is_none() {
        entry.title = heading.map(|heading| Text::Plain(tree.text(tree.extent(heading))));
    }
    let Some(heading) = heading else { return };
    // a little before the title, and what follows it
    let end = tree.nodes[heading].end;
    let near = near(tree, heading, end);
    for line in lines::lines(tree, near, HEAD_CHARS * 2) {
        if words::weight(&line.text) > 30 {
            continue;
        }
        if entry.read_time.is_none()
            && let Some(range) = read_times::find(&line.text)
        {
            entry.read_time = Some(line.text[range].to_owned());
        }
        if entry.published.is_none()
            && let Some(spot) = dates::all(&line.text)
                .into_iter()
                .find(|spot| !words::says_updated(&line.text[..spot.range.start]))
        {
            entry.published = Some(line.text[spot.range].to_owned());
        }
    }
    if entry.published.is_none() {
        let times =
            (0..tree.nodes.len()).filter(|&i| tree.name(i) == "time" && !tree.nodes[i].chrome);
        entry.published = times
            .filter_map(|i| tree.attr(i, "datetime"))
            .find(|value| dates::is_date(value))
            .map(str::to_owned);
    }
}

fn near(tree: &Tree<'_>, heading: usize, end: usize) -> Range<usize> {
    let mut from = heading;
    while from > 0
        && tree.char_count(from - 1..heading) < HEAD_CHARS / 4
        && !tree.nodes[from - 1].chrome
    {
        from -= 1;
    }
    let mut to = end;
    while to < tree.nodes.len() && tree.char_count(end..to) < HEAD_CHARS {
        to += 1;
    }
    from..to
}

/// The element with the most running text: paragraphs count for their parent in full and for the parent's parent by half;
/// links and chrome count for nothing.
fn body(tree: &Tree<'_>) -> Option<usize> {
    let mut worth = vec![0usize; tree.nodes.len()];
    for i in 0..tree.nodes.len() {
        if tree.nodes[i].chrome || !matches!(tree.name(i), "p" | "pre" | "blockquote" | "li") {
            continue;
        }
        let linked: usize = tree
            .extent(i)
            .filter(|&n| tree.name(n) == "a")
            .map(|n| tree.char_count(tree.extent(n)))
            .sum();
        let chars = tree.char_count(tree.extent(i)).saturating_sub(linked * 2);
        let parent = tree.nodes[i].parent;
        worth[parent] += chars;
        worth[tree.nodes[parent].parent] += chars / 2;
    }
    let best = (0..worth.len())
        .filter(|&i| worth[i] > 0)
        .max_by_key(|&i| (worth[i], std::cmp::Reverse(i)))?;
    // an `article` or `main` right around it, without another article in it, is the author's own bound
    let around = tree
        .ancestors(best)
        .take(3)
        .find(|&a| matches!(tree.name(a), "article"));
    let chosen = around
        .filter(|&a| {
            tree.extent(a)
                .filter(|&i| tree.name(i) == "article")
                .count()
                == 1
        })
        .unwrap_or(best);
    Some(chosen)
}
