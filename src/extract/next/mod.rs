//! Index page → the address of the page with its older posts. Looks at `rel=next` (HTML §4.6.7), at what links say, and at
//! numbered addresses; never leaves the host, never goes back, never takes a post for a page. Whether the page that it names
//! brings anything new is for its reader to see: on some sites "next" is newer.

mod address;
mod scan;
mod words;

use std::collections::{HashMap, HashSet};

use scraper::Html;
use url::Url;

use crate::model::RawEntry;
use address::Place;
use scan::{Anchor, Scan};
use words::Label;

/// Of the links with `rel=next` as many are looked at; a page has one or two.
const MOST: usize = 8;

/// The address of the page after the one at `url`, which shows `entries`.
pub(super) fn next(document: &Html, url: &Url, entries: &[RawEntry]) -> Option<Url> {
    let Scan {
        base,
        heads,
        anchors,
    } = scan::scan(document);
    let base = base
        .and_then(|base| url.join(base.trim()).ok())
        .unwrap_or_else(|| url.clone());
    let posts: HashSet<String> = entries
        .iter()
        .filter_map(|entry| {
            let base = entry.base.as_ref().unwrap_or(url);
            base.join(entry.url.as_deref()?.trim()).ok()
        })
        .map(|post| spelling(&post))
        .collect();
    let page = Page {
        url,
        base: &base,
        here: Place::of(url),
        posts,
    };
    // most links of a page lead to its posts, as these are written, and many lead to one place
    let as_written = entries
        .iter()
        .filter(|entry| entry.base.as_ref().unwrap_or(url) == &base)
        .filter_map(|entry| Some((entry.url.as_deref()?, None)));
    let mut followed: HashMap<&str, Option<Url>> = as_written.collect();
    let links: Vec<Link<'_>> = anchors
        .iter()
        .filter_map(|anchor| {
            let target = followed
                .entry(&anchor.href)
                .or_insert_with(|| page.follow(&anchor.href));
            Some(link(anchor, target.clone()?))
        })
        .collect();
    let is_later = |target: &Url| page.is_later(target, &links);

    let head = heads
        .iter()
        .take(MOST)
        .filter_map(|href| page.follow(href))
        .find(is_later);
    let anchor = links
        .iter()
        .filter(|link| link.anchor.is_next)
        .take(MOST)
        .find(|link| is_later(&link.target))
        .map(|link| link.target.clone());
    let first = |wanted: &dyn Fn(&Link<'_>) -> bool| {
        links
            .iter()
            .find(|link| wanted(link))
            .map(|link| link.target.clone())
    };
    head.or(anchor)
        .or_else(|| first(&|it| it.label == Some(Label::Older)))
        .or_else(|| first(&|it| it.label == Some(Label::Next)))
        .or_else(|| first(&|it| it.label == Some(Label::Arrow) && it.anchor.follows_number))
        .or_else(|| page.numbered(&links))
}

/// A page that is looked at.
struct Page<'a> {
    url: &'a Url,
    base: &'a Url,
    here: Place,
    /// The addresses of its posts.
    posts: HashSet<String>,
}

/// An anchor that may lead to another page of the series.
struct Link<'a> {
    anchor: &'a Anchor,
    target: Url,
    place: Place,
    label: Option<Label>,
}

impl Page<'_> {
    /// Where `href` leads, if that may be a later page of the same site.
    fn follow(&self, href: &str) -> Option<Url> {
        let mut target = self.base.join(href.trim()).ok()?;
        target.set_fragment(None);
        if !matches!(target.scheme(), "http" | "https") || target.host_str() != self.url.host_str()
        {
            return None;
        }
        if target.port().is_none() && self.url.port().is_none() {
            // a link of old, before the site spoke https
            target.set_scheme(self.url.scheme()).ok()?;
        }
        if target.origin() != self.url.origin() {
            return None;
        }
        let place = Place::of(&target);
        // an address without a number is that of the first page
        let goes_back = place.is_beside(&self.here)
            && place.number().unwrap_or_default() <= self.here.number().unwrap_or_default();
        let is_post = self.posts.contains(&spelling(&target));
        (!goes_back && !is_post).then_some(target)
    }

    /// True if `rel=next` may be believed of `target`. Some sites chain all their documents with it, in the order of a menu:
    /// the address or a link's words have to say that it is a page of a list, and no words that it is newer.
    fn is_later(&self, target: &Url, links: &[Link<'_>]) -> bool {
        let said = |label: Label| {
            links
                .iter()
                .any(|link| link.target == *target && link.label == Some(label))
        };
        let place = Place::of(target);
        let is_numbered =
            place.number().is_some() && (place.is_named || place.is_beside(&self.here));
        let is_this_page_asked_otherwise =
            target.path() == self.url.path() && target.query().is_some();
        !said(Label::Newer)
            && (is_numbered
                || is_this_page_asked_otherwise
                || said(Label::Older)
                || said(Label::Next)
                || said(Label::Arrow))
    }

    /// The page after this one by its number.
    fn numbered(&self, links: &[Link<'_>]) -> Option<Url> {
        let numbered = || {
            links
                .iter()
                .filter(|link| link.place.is_beside(&self.here))
                .filter_map(|link| Some((link, link.place.number()?)))
        };
        let says = |link: &Link<'_>, number: u32| {
            let number = number.to_string();
            link.anchor
                .labels
                .iter()
                .any(|label| label.trim_matches(|c: char| !c.is_ascii_digit()) == number)
        };
        // some count from 0: the second page is number 1, and its link says 2
        let from_zero = numbered().any(|(link, number)| says(link, number + 1))
            && !numbered().any(|(link, number)| says(link, number));
        let first = u32::from(!from_zero);
        let wanted = self.here.number().unwrap_or(first) + 1;
        numbered()
            .find(|(link, number)| {
                let shown = wanted + u32::from(from_zero);
                *number == wanted && (link.place.is_named || says(link, shown))
            })
            .map(|(link, _)| link.target.clone())
    }
}

/// What `anchor`, which leads to `target`, says of it.
fn link(anchor: &Anchor, target: Url) -> Link<'_> {
    let label = anchor.labels.iter().find_map(|label| words::read(label));
    // an arrow may have a name
    let label = match label {
        Some(Label::Arrow) => anchor
            .labels
            .iter()
            .filter_map(|label| words::read(label))
            .find(|label| *label != Label::Arrow)
            .or(label),
        label => label,
    };
    Link {
        anchor,
        place: Place::of(&target),
        target,
        label,
    }
}

/// An address as two spellings of it compare equal.
fn spelling(url: &Url) -> String {
    let query = url.query().map_or(String::new(), |it| format!("?{it}"));
    let path = url.path().trim_end_matches('/');
    format!("{}{path}{query}", url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests;
