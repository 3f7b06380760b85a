//! Pages that were cut, doubled, wrapped and stuffed: each is read or refused, and never with more work than its size
//! allows.

use std::fs;
use std::path::{Path, PathBuf};

use super::address;
use super::*;

/// No candidate reads a node twice, and so many are read at most; rules that were learnt may read items of their own.
const MOST_READINGS: usize = 41;

/// The index pages of `fixtures/web`, as they were recorded: status line and headers first.
fn pages() -> Vec<String> {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/web");
    let files = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let recorded = files(&web)
        .into_iter()
        .filter(|path| path.is_dir())
        .flat_map(|site| files(&site))
        .filter(|path| path.is_file())
        .filter_map(|path| fs::read_to_string(path).ok());
    let pages: Vec<String> = recorded
        .filter_map(|message| {
            let (head, body) = message
                .split_once("\r\n\r\n")
                .or(message.split_once("\n\n"))?;
            let is_page = head.to_ascii_lowercase().contains("text/html");
            is_page.then(|| body.to_owned())
        })
        .collect();
    assert!(pages.len() >= 4, "the index pages are there");
    pages
}

/// Numbers below `below`, the same in every run.
fn numbers(below: usize) -> impl Iterator<Item = usize> {
    let mut state = below as u64;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below.max(1)
    })
}

fn cut(html: &str, at: usize) -> &str {
    &html[..html.floor_char_boundary(at)]
}

/// So many attributes of a tag, each with that value.
fn attributes(count: usize, value: &str) -> String {
    (0..count).fold(String::new(), |tag, n| tag + &format!(" a{n}={value}"))
}

fn mutations(html: &str) -> Vec<String> {
    let mut at = numbers(html.len());
    let mut place = || at.next().unwrap();
    let mut out: Vec<String> = (0..4).map(|_| cut(html, place()).to_owned()).collect();
    // a stretch taken out, and one put in again elsewhere
    for _ in 0..3 {
        let (a, b) = (place(), place());
        let (from, to) = (cut(html, a.min(b)), cut(html, a.max(b)));
        out.push(format!("{from}{}", &html[to.len()..]));
        out.push(format!("{to}{}", &html[from.len()..]));
    }
    out.push(html.repeat(4));
    out.push(html.replace("<a ", "<div><a "));
    out.push(html.replace("<a ", "<b><i><a "));
    out.push(html.replace("</a>", ""));
    out.push(html.replace("</div>", "").replace("</li>", ""));
    out.push(html.replace('"', ""));
    out.push(html.replace('>', ""));
    out.push(html.replace("<div", "<table").replace("<li", "<tr"));
    out.push(format!("{}{html}", "<div>".repeat(600)));
    let attributes = attributes(200, "\"<a href=/x>\"");
    out.push(html.replace("<a ", &format!("<a{attributes} ")));
    out
}

/// Reads a page; how many nodes the items have that were read, and how many the page has.
fn work(html: &str) -> Result<(usize, usize), PageError> {
    let url = Url::parse("https://blog.example/posts/").unwrap();
    let document = parse(html)?;
    let tree = Tree::new(&document);
    let links = Links::new(&tree, &url, None);
    let cards = Cards::new(&tree, &links);
    let _ = score::rank(&cards, Claim::None);
    if let Ok(page) = super::read(&document, &url, None, None) {
        let known = |entry: &RawEntry| {
            let leads = entry.url.as_deref().and_then(|to| links.key_of(to));
            leads.is_some_and(|key| key != address::key(&url))
        };
        assert!(page.entries.len() <= links.targets.len().max(1));
        assert!(
            page.entries.iter().all(known),
            "each leads to a place of its own"
        );
    }
    Ok((cards.nodes_read(), tree.nodes.len()))
}

#[test]
fn no_mutation_of_a_page_takes_more_work_than_its_size_allows() {
    for page in pages() {
        for html in mutations(&page) {
            if let Ok((read, nodes)) = work(&html) {
                assert!(read <= nodes * MOST_READINGS, "{read} of {nodes}");
            }
        }
    }
}

#[test]
fn a_tag_with_very_many_attributes_is_refused() {
    let attributes = attributes(20_000, "'>'");
    for html in [
        format!("<p>Words</p><p{attributes}>x"),
        format!("<!-- x --><svg/{attributes}"),
    ] {
        let refused = parse(&html).map(|_| ());
        assert!(matches!(refused, Err(PageError::TooManyAttributes { .. })));
    }
    // long, but one value, one comment, one text
    for html in [
        format!("<p title=\"{}\">x", attributes.replace('>', "/")),
        format!("<p>x<!--{attributes}-->y"),
        format!("<p>{attributes}</p><script>{attributes}</script>"),
    ] {
        assert!(parse(&html).is_ok());
    }
}
