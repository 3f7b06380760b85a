//! Listings, best first → those that a page's entries come from, or why there are none.

use super::item::Item;
use super::links::{self, Links};
use super::score::Listing;

/// Below this score no list of links is taken for a list of posts.
const ENOUGH: f64 = 3.7;
/// One or two links need more.
const ENOUGH_FOR_FEW: f64 = 4.3;

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
            .filter(|item| is_sibling(links, item, best))
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

/// True if the item's address is built like those of the best listing: the same folder, or the same host and depth where
/// that listing has no folder of its own.
fn is_sibling(links: &Links, item: &Item, best: &Listing) -> bool {
    let shape = |target: usize| {
        let url = &links.targets[target].url;
        let segments: Vec<&str> = url
            .path()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let folder = if segments.len() > 1 {
            segments[0].to_owned()
        } else {
            String::new()
        };
        let folder = if folder.starts_with(|c: char| c.is_ascii_digit()) {
            "#".to_owned()
        } else {
            folder
        };
        (links::host(url).to_owned(), folder)
    };
    let own = shape(item.target);
    let alike = best
        .items
        .iter()
        .filter(|other| shape(other.target) == own)
        .count();
    alike * 10 >= best.items.len() * 3
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
            format!(
                "the {} links that repeat most alike {kind}",
                best.items.len()
            )
        }
    }
}
