//! Listings, best first → those that a page's entries come from, or why there are none.

use std::collections::HashMap;

use super::address;
use super::item::Item;
use super::links::Links;
use super::score::Listing;

/// Below this score no list of links is taken for a list of posts.
const ENOUGH: f64 = 3.7;
/// One or two links need more.
const ENOUGH_FOR_FEW: f64 = 4.3;

/// An address is of a listing's kind if this share (in percent) of the listing's are built like it.
const SIBLING_PERCENT: usize = 30;

/// The listings whose items are the page's entries: the best, and those of its kind.
pub(super) fn choose<'l>(links: &Links, ranked: &'l [Listing]) -> Vec<&'l Listing> {
    let Some(best) = ranked.first().filter(|best| {
        let enough = if best.items.len() < 3 {
            ENOUGH_FOR_FEW
        } else {
            ENOUGH
        };
        best.score >= enough && best.evidence.titled > 0.5
    }) else {
        return Vec::new();
    };
    let shapes = Shapes::new(links, best);
    let mut chosen: Vec<&Listing> = vec![best];
    for listing in &ranked[1..] {
        let near = listing.quality >= best.quality * 0.75
            && listing.quality + listing.evidence.size() >= best.score * 0.6
            && listing.evidence.chrome < 0.5;
        let apart = |other: &Listing| are_apart(&listing.items, &other.items);
        // of the same kind: dated like the best, or leading to the same place
        let siblings = listing
            .items
            .iter()
            .filter(|item| shapes.have(item))
            .count();
        let dated = listing.evidence.dated.min(best.evidence.dated) > 0.8;
        let near = near
            && if listing.items.len() > 2 {
                dated || siblings * 10 >= listing.items.len() * 6
            } else {
                siblings == listing.items.len()
            };
        if near && listing.evidence.titled > 0.7 && chosen.iter().all(|other| apart(other)) {
            chosen.push(listing);
        }
    }
    chosen
}

/// True if no item of one listing overlaps one of the other; both stand in page order.
fn are_apart(one: &[Item], other: &[Item]) -> bool {
    let (mut a, mut b) = (0, 0);
    while a < one.len() && b < other.len() {
        if one[a].range.end <= other[b].range.start {
            a += 1;
        } else if other[b].range.end <= one[a].range.start {
            b += 1;
        } else {
            return false;
        }
    }
    true
}

/// The addresses of a listing by the way they are built: the host, and the first folder where there is one; folders that
/// begin with a figure (years) are alike.
struct Shapes<'l> {
    links: &'l Links,
    counts: HashMap<(&'l str, &'l str), usize>,
    items: usize,
}

impl<'l> Shapes<'l> {
    fn new(links: &'l Links, listing: &Listing) -> Self {
        let mut counts = HashMap::new();
        for item in &listing.items {
            *counts.entry(shape(links, item)).or_default() += 1;
        }
        Self {
            links,
            counts,
            items: listing.items.len(),
        }
    }

    /// True if many of the listing's addresses are built like that of `item`.
    fn have(&self, item: &Item) -> bool {
        let alike = self.counts.get(&shape(self.links, item)).copied();
        alike.unwrap_or(0) * 100 >= self.items * SIBLING_PERCENT
    }
}

fn shape<'l>(links: &'l Links, item: &Item) -> (&'l str, &'l str) {
    let url = &links.targets[item.target].url;
    let mut segments = url.path().split('/').filter(|segment| !segment.is_empty());
    let folder = match (segments.next(), segments.next()) {
        (Some(first), Some(_)) if first.starts_with(|c: char| c.is_ascii_digit()) => "#",
        (Some(first), Some(_)) => first,
        _ => "",
    };
    (address::host(url), folder)
}

/// Why the best candidate was not enough, in words.
pub(super) fn refusal(ranked: &[Listing]) -> String {
    match ranked.first() {
        None => "it has no links to other pages that could be posts".to_owned(),
        Some(best) => {
            let e = &best.evidence;
            let kind = if e.chrome > 0.5 {
                "stand in its navigation"
            } else if e.dated + e.prose < 0.3 {
                "have neither dates nor text beside them"
            } else {
                "do not look like posts"
            };
            format!("the links that come nearest ({}) {kind}", best.items.len())
        }
    }
}
