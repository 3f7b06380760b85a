//! Listings, best first → those that a page's entries come from, or why there are none.

use std::collections::{HashMap, HashSet};

use super::address;
use super::item::{Item, are_apart};
use super::links::Links;
use super::score::Listing;
use crate::model::CandidateVerdict;

/// Below this score no list of links is taken for a list of posts.
const ENOUGH: f64 = 3.7;
/// Two links need more,
const ENOUGH_FOR_TWO: f64 = 4.3;
/// and one still more.
const ENOUGH_FOR_ONE: f64 = 5.0;

/// More posts than this are no featured ones.
const MAX_FEATURED: usize = 2;

/// An address is of a listing's kind if this share (in percent) of the listing's are built like it.
const SIBLING_PERCENT: usize = 30;

/// The score that a listing of its length needs.
pub(super) fn needed(listing: &Listing) -> f64 {
    match listing.items.len() {
        0 | 1 => ENOUGH_FOR_ONE,
        2 => ENOUGH_FOR_TWO,
        _ => ENOUGH,
    }
}

/// The listings whose items are the page's entries: the best, and those of its kind.
pub(super) fn choose<'l>(links: &Links, ranked: &'l [Listing]) -> Vec<&'l Listing> {
    let is_enough = ranked
        .first()
        .is_some_and(|best| best.score >= needed(best) && best.evidence.titled > 0.5);
    if is_enough {
        kin(links, ranked)
    } else {
        Vec::new()
    }
}

/// Leaves only the listings that lead to one of the `known` addresses, those first that lead to most.
pub(super) fn known_first(links: &Links, ranked: &mut Vec<Listing>, known: &[&str]) {
    let known: HashSet<String> = known.iter().filter_map(|url| links.key_of(url)).collect();
    let found = |listing: &Listing| {
        let items = listing.items.iter();
        items
            .filter(|item| known.contains(&links.targets[item.target].key))
            .count()
    };
    ranked.retain(|listing| found(listing) > 0);
    // stable: of two that lead to as many, the one that looks more like posts
    ranked.sort_by_key(|listing| std::cmp::Reverse(found(listing)));
}

/// The first listing, and those of its kind.
pub(super) fn kin<'l>(links: &Links, ranked: &'l [Listing]) -> Vec<&'l Listing> {
    let Some(best) = ranked.first() else {
        return Vec::new();
    };
    let shapes = Shapes::new(links, best);
    let mut chosen: Vec<&Listing> = vec![best];
    for listing in &ranked[1..] {
        let apart = |other: &&Listing| are_apart(&listing.items, &other.items);
        if unlike(&shapes, best, listing).is_none() && chosen.iter().all(apart) {
            chosen.push(listing);
        }
    }
    chosen
}

/// True if `listing` goes on with the posts of the best in fewer words: "More articles" and bare links to the same place, none of
/// them known.
fn goes_on(shapes: &Shapes<'_>, best: &Listing, listing: &Listing) -> bool {
    let known: HashSet<usize> = best.items.iter().map(|item| item.target).collect();
    let ends = best.items.iter().map(|item| item.range.end).max();
    listing.evidence.more
        && listing.evidence.crowded == 0.0
        && starts(listing) >= ends
        && listing
            .items
            .iter()
            .all(|item| shapes.have(item) && !known.contains(&item.target))
}

/// Why a listing is not of the kind of the best; `None` if it is.
fn unlike(shapes: &Shapes<'_>, best: &Listing, listing: &Listing) -> Option<CandidateVerdict> {
    if goes_on(shapes, best, listing) {
        return None;
    }
    // a post or two in full above the list are featured there, whatever the element around them
    let featured = listing.items.len() <= MAX_FEATURED
        && listing.evidence.is_full()
        && best.evidence.is_full()
        && starts(listing) < starts(best);
    let quality = if featured {
        listing.evidence.quality_unframed()
    } else {
        listing.quality
    };
    let near =
        quality >= best.quality * 0.75 && quality + listing.evidence.size() >= best.score * 0.6;
    if !near {
        return Some(CandidateVerdict::Weaker);
    }
    if !featured && listing.evidence.chrome >= 0.5 {
        return Some(CandidateVerdict::Chrome);
    }
    // of the same kind: dated like the best, or leading to the same place
    let siblings = listing
        .items
        .iter()
        .filter(|item| shapes.have(item))
        .count();
    let dated = listing.evidence.dated.min(best.evidence.dated) > 0.8;
    let alike = if listing.items.len() > 2 {
        dated || siblings * 10 >= listing.items.len() * 6
    } else {
        siblings == listing.items.len()
    };
    if !alike {
        return Some(CandidateVerdict::OtherKind);
    }
    (listing.evidence.titled <= 0.7).then_some(CandidateVerdict::Untitled)
}

/// What [`choose`] made of each listing, given what it chose.
pub(super) fn verdicts(
    links: &Links,
    ranked: &[Listing],
    chosen: &[&Listing],
) -> Vec<CandidateVerdict> {
    let shapes = chosen.first().map(|best| Shapes::new(links, best));
    let verdict = |(at, listing): (usize, &Listing)| {
        let Some((best, shapes)) = chosen.first().zip(shapes.as_ref()) else {
            return match (listing.score >= needed(listing), at) {
                (false, _) => CandidateVerdict::BelowThreshold,
                (true, 0) => CandidateVerdict::Untitled,
                (true, _) => CandidateVerdict::NotBest,
            };
        };
        match chosen
            .iter()
            .position(|other| std::ptr::eq(*other, listing))
        {
            Some(0) => CandidateVerdict::Chosen,
            Some(_) => CandidateVerdict::Joined,
            None if chosen
                .iter()
                .any(|other| !are_apart(&listing.items, &other.items)) =>
            {
                CandidateVerdict::Overlaps
            }
            None => unlike(shapes, best, listing).unwrap_or(CandidateVerdict::Overlaps),
        }
    };
    ranked.iter().enumerate().map(verdict).collect()
}

/// Where the first item begins.
fn starts(listing: &Listing) -> Option<usize> {
    listing.items.first().map(|item| item.range.start)
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
