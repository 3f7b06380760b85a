//! What the reading of a page saw and decided → its explanation. [`read`](super::read) keeps these notes only when they are
//! asked for; nothing is decided by them.

mod fields;
mod left_out;
mod place;

use std::collections::HashSet;

use super::cards::Cards;
use super::choose;
use super::item::Item;
use super::links::Links;
use super::score::Listing;
use super::structured::Structured;
use super::tree::Tree;
use crate::extract::trace;
use crate::model::{
    Candidate, CandidateVerdict, EntryTrace, Field, LeftOut, LossReason, PageExplanation, RawEntry,
    ScorePart, StructuredExplanation, StructuredRole, Wrapper,
};
use fields::Reading;
use left_out::Chosen;

/// So many titles of a candidate are told,
const TITLES: usize = 3;
/// and so many characters of each.
const TITLE_CHARS: usize = 60;

/// The notes of one reading.
#[derive(Debug, Default)]
pub(in crate::extract) struct Notes {
    /// How the listing was found.
    pub(in crate::extract) page: PageExplanation,
    /// Each entry.
    pub(in crate::extract) entries: Vec<EntryTrace>,
    /// Links of the listing that are no entry.
    pub(in crate::extract) left_out: Vec<LeftOut>,
    chosen: Chosen,
    before: Vec<RawEntry>,
}

impl Notes {
    /// Notes the candidates, and which of them were chosen.
    pub(super) fn weigh(&mut self, cards: &Cards<'_, '_>, ranked: &[Listing], chosen: &[&Listing]) {
        let (tree, links) = (cards.tree, cards.links);
        let verdicts = choose::verdicts(links, ranked, chosen);
        self.page.refusal = chosen.is_empty().then(|| choose::refusal(ranked));
        self.page.candidates = ranked
            .iter()
            .zip(verdicts)
            .map(|(listing, verdict)| candidate(tree, listing, verdict))
            .collect();
        self.chosen = Chosen::new(tree, chosen);
    }

    /// Notes the entries before any rule.
    pub(super) fn before_rules(&mut self, found: &[(Option<Item>, RawEntry)]) {
        self.before = found.iter().map(|(_, entry)| entry.clone()).collect();
    }

    /// Notes where the fields of the entries came from.
    pub(super) fn trace(
        &mut self,
        cards: &Cards<'_, '_>,
        structured: &Structured,
        found: &[(Option<Item>, RawEntry)],
        rules: Option<&Wrapper>,
    ) {
        let links = cards.links;
        self.page.links = links.all.len();
        self.page.item_rule = rules.and_then(|rules| rules.item.clone()).map(String::from);
        let records = structured.of_entries(links, found.iter().map(|(_, entry)| entry));
        let (mut matched, mut contradicted) = (0, 0);
        for (at, ((item, entry), record)) in found.iter().zip(records).enumerate() {
            let trace = Reading {
                cards,
                item: item.as_ref(),
                before: self.before.get(at).unwrap_or(entry),
                entry,
                record: record.filter(|_| item.is_some()),
                rules,
            }
            .trace();
            matched += usize::from(record.is_some());
            contradicted += usize::from(is_contradicted(&trace));
            self.entries.push(trace);
        }
        let (records, typed) = structured.counts();
        let role = match (records, matched) {
            (0, _) => StructuredRole::Absent,
            _ if !found.is_empty() && found.iter().all(|(item, _)| item.is_none()) => {
                StructuredRole::OnlyWayIn
            }
            (_, 0) => StructuredRole::Unrelated,
            _ if contradicted > 0 => StructuredRole::Contradicts,
            _ => StructuredRole::Agrees,
        };
        self.page.structured = StructuredExplanation {
            records,
            typed,
            matched,
            contradicted,
            role,
        };
        self.left_out(cards.tree, links, found);
    }

    fn left_out(&mut self, tree: &Tree<'_>, links: &Links, found: &[(Option<Item>, RawEntry)]) {
        let listed: HashSet<usize> = found
            .iter()
            .filter_map(|(item, _)| item.as_ref().map(|item| item.target))
            .collect();
        self.left_out = self.chosen.left_out(tree, links, &listed);
    }
}

fn candidate(tree: &Tree<'_>, listing: &Listing, verdict: CandidateVerdict) -> Candidate {
    let evidence = &listing.evidence;
    let terms = evidence.quality_terms();
    let parts = terms
        .iter()
        .chain(&evidence.size_terms())
        .chain(&evidence.doubt_terms())
        .filter(|(_, share, points)| *share != 0.0 || *points != 0.0)
        .map(|&(sign, share, points)| ScorePart {
            sign,
            share: rounded(share),
            points: rounded(points),
        })
        .collect();
    let units: Vec<usize> = listing.items.iter().map(|item| item.unit).collect();
    let titles = listing
        .cards
        .iter()
        .filter_map(|card| card.title.as_ref())
        .take(TITLES);
    Candidate {
        place: place::of_all(tree, &units),
        items: listing.items.len(),
        titles: titles
            .map(|title| trace::cut_to(&title.text, TITLE_CHARS))
            .collect(),
        score: rounded(listing.score),
        needed: choose::needed(listing),
        parts,
        verdict,
    }
}

/// To three decimals, as exactly as anyone looks.
fn rounded(figure: f64) -> f64 {
    (figure * 1000.0).round() / 1000.0
}

fn is_contradicted(trace: &EntryTrace) -> bool {
    trace.fields.iter().any(|field| {
        matches!(field.field, Field::Title | Field::Published)
            && field
                .lost
                .iter()
                .any(|lost| lost.why == LossReason::PageWins)
    })
}

#[cfg(test)]
mod tests;
