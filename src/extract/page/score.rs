//! Candidates → listings, read and ordered by how much each looks like the list of posts.

use std::collections::HashSet;
use std::rc::Rc;

use super::candidates::{Candidate, candidates};
use super::card::Card;
use super::cards::Cards;
use super::claim::Claim;
use super::evidence::{Evidence, Whole};
use super::item::{Item, are_apart};
use super::links::Links;
use super::settle;
use super::title;
use super::tree::Tree;
use super::words;

/// A candidate with its items read and its worth.
#[derive(Clone, Debug)]
pub(super) struct Listing {
    /// Its items.
    pub(super) items: Vec<Item>,
    /// What was read of each.
    pub(super) cards: Vec<Rc<Card>>,
    /// What one of its items is worth.
    pub(super) quality: f64,
    /// What all of it is worth.
    pub(super) score: f64,
    /// The figures behind it.
    pub(super) evidence: Evidence,
    /// Items that were taken out of it: built alike, without what the others have.
    pub(super) misfits: Vec<Item>,
}

/// Misfits are looked for in lists of at least so many items,
const MISFIT_ITEMS: usize = 6;
/// where at least this share (in percent) of them are alike.
const MISFIT_PERCENT: usize = 85;
/// At most so many candidates are read in full.
const MAX_READ: usize = 40;

/// Everything that was found on the page, best first.
///
/// `claim`: what the page says it is.
pub(super) fn rank(cards: &Cards<'_, '_>, claim: Claim) -> Vec<Listing> {
    let (tree, links) = (cards.tree, cards.links);
    let mut rough: Vec<(f64, Candidate)> = candidates(tree, links)
        .into_iter()
        .map(|c| (outline(tree, links, &c), c))
        .collect();
    rough.sort_by(|a, b| b.0.total_cmp(&a.0));
    rough.truncate(MAX_READ);
    let whole = Whole::new(tree, claim);
    let mut out: Vec<Listing> = rough
        .into_iter()
        .map(|(_, candidate)| judge(cards, candidate, &whole))
        .collect();
    doubt_swallowers(&mut out);
    doubt_page_itself(cards, &mut out);
    out.sort_by(|a, b| b.score.total_cmp(&a.score));
    out
}

/// One or two items that hold most of a list which is worth nearly as much are that list, not posts.
fn doubt_swallowers(listings: &mut [Listing]) {
    /// So much of the other's score.
    const NEARLY: f64 = 0.8;
    /// More items than this swallow nothing.
    const FEW: usize = 2;
    let swallows = |few: &Listing, other: &Listing| {
        let inside = |item: &Item| {
            let range = &item.range;
            few.items
                .iter()
                .any(|few| few.range.start <= range.start && range.end <= few.range.end)
        };
        other.items.len() > FEW
            && other.score >= few.score * NEARLY
            && other.items.iter().filter(|item| inside(item)).count() > FEW
    };
    let swallowing: Vec<usize> = (0..listings.len())
        .filter(|&i| listings[i].items.len() <= FEW)
        .filter(|&i| listings.iter().any(|other| swallows(&listings[i], other)))
        .collect();
    for i in swallowing {
        let listing = &mut listings[i];
        listing.evidence.crowded = 1.0;
        listing.weigh();
    }
}

/// One item under a heading of the highest level that is no link, while its link has words of its own ("Politics"), is the
/// article that the page is, with a link to where it belongs.
fn doubt_page_itself(cards: &Cards<'_, '_>, listings: &mut [Listing]) {
    let (tree, links) = (cards.tree, cards.links);
    let is_link = |i: usize| links.at(i).is_some();
    for listing in listings
        .iter_mut()
        .filter(|listing| listing.items.len() == 1)
    {
        let heads = listing.items[0].range.clone().any(|i| {
            tree.heading(i) == 1 && !tree.extent(i).any(is_link) && !tree.ancestors(i).any(is_link)
        });
        let Some(link) = listing.cards[0].link.filter(|_| heads) else {
            continue;
        };
        let words = tree.text(tree.extent(link));
        if !words.is_empty() && !title::is_meta(&words) && !words::is_call(&words) {
            listing.evidence.crowded = 1.0;
            listing.weigh();
        }
    }
}

fn judge(cards: &Cards<'_, '_>, candidate: Candidate, whole: &Whole) -> Listing {
    let Candidate { mut items, repeats } = candidate;
    let mut read = cards.of(&items);
    let misfits = drop_misfits(cards.links, &mut items, &mut read);
    settle::settle(&mut read);
    let evidence = Evidence::of(cards, &items, &read, repeats, whole);
    let mut listing = Listing {
        items,
        cards: read,
        quality: 0.0,
        score: 0.0,
        evidence,
        misfits,
    };
    listing.weigh();
    listing
}

/// Takes out the few items of a dated list that have no date and lack what the others have or lead to another kind of place:
/// promotions, "see all", a line of navigation built like a post. Gives what it took out.
fn drop_misfits(links: &Links, items: &mut Vec<Item>, cards: &mut Vec<Rc<Card>>) -> Vec<Item> {
    let n = items.len();
    let most = |count: usize| n >= MISFIT_ITEMS && count * 100 >= n * MISFIT_PERCENT && count < n;
    let dated = cards.iter().filter(|card| card.date.is_some()).count();
    if !most(dated) {
        return Vec::new();
    }
    let target = |item: &Item| &links.targets[item.target];
    let own = items.iter().filter(|item| target(item).same_host).count();
    let posty = items.iter().filter(|item| target(item).path.posty).count();
    let full = cards
        .iter()
        .filter(|card| card.date.is_some() && card.summary.is_some())
        .count();
    let headed = cards.iter().filter(|card| card.is_headed()).count();
    let misfit = |item: &Item, card: &Card| {
        card.date.is_none()
            && (most(full) && card.summary.is_none()
                || most(headed) && !card.is_headed()
                || most(own) && !target(item).same_host
                || most(posty) && !target(item).path.posty)
    };
    let keep: Vec<bool> = items
        .iter()
        .zip(cards.iter())
        .map(|(item, card)| !misfit(item, card))
        .collect();
    let mut kept = keep.iter();
    let misfits = items
        .extract_if(.., |_| !kept.next().copied().unwrap_or(true))
        .collect();
    let mut kept = keep.iter();
    cards.retain(|_| kept.next().copied().unwrap_or(true));
    misfits
}

/// A cheap guess at the score, to spare reading a hundred menus.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a page's parts stay far below 2^52"
)]
fn outline(tree: &Tree<'_>, links: &Links, candidate: &Candidate) -> f64 {
    let n = candidate.items.len() as f64;
    let mut sum = 0.0;
    for item in &candidate.items {
        let chars = tree.char_count(item.range.clone());
        if tree.nodes[item.unit].chrome {
            sum -= 2.0;
        }
        if item.range.clone().take(400).any(|i| tree.heading(i) > 0) {
            sum += 1.0;
        }
        if chars > 80 {
            sum += 1.0;
        } else if chars > 16 {
            sum += 0.5;
        }
        if links.targets[item.target].path.posty {
            sum += 0.5;
        }
    }
    sum / n + n.ln()
}

impl Listing {
    /// Adds up the evidence.
    fn weigh(&mut self) {
        self.quality = self.evidence.quality();
        self.score = self.quality + self.evidence.size() + self.evidence.doubt();
    }

    /// True if this is the other listing again, or a few of its posts shown as cards of their own.
    pub(super) fn is_echo_of(&self, other: &Self) -> bool {
        self.evidence.headed >= 0.5
            && self.evidence.chrome < 0.5
            && self.evidence.crowded == 0.0
            && self.quality >= other.quality * 0.5
            && self.items.len() <= other.items.len()
            && are_apart(&self.items, &other.items)
            && {
                let known: HashSet<usize> = other.items.iter().map(|item| item.target).collect();
                self.items.iter().all(|item| known.contains(&item.target))
            }
    }
}
