//! What one more good reading teaches.

use std::collections::{BTreeMap, HashSet};

use super::likeness::{FIELDS, fills, place};
use crate::model::{Contract, Entry, KnownPost};

/// What the latest reading weighs against all before it, in percent.
const WEIGHT: u32 = 30;
/// As many places are remembered, those most links lead to.
const MAX_PLACES: usize = 12;
/// Counts of places are halved beyond this, so that what a site has left behind is forgotten.
const MAX_COUNT: u32 = 1_000;

/// The contract after a good reading that gave `entries`; `posts` is what was known before it. Without an `old` contract a
/// new one begins.
#[must_use]
pub fn learn(old: Option<&Contract>, entries: &[Entry], posts: &[KnownPost]) -> Contract {
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let mut contract = old.cloned().unwrap_or_default();
    if entries.is_empty() {
        return contract;
    }
    let first = contract.runs == 0;
    contract.runs = contract.runs.saturating_add(1);
    contract.fewest = if first {
        count
    } else {
        contract.fewest.min(count)
    };
    contract.most = contract.most.max(count);
    for field in FIELDS {
        let share = percent(
            entries.iter().filter(|entry| fills(entry, field)).count(),
            entries.len(),
        );
        let before = contract.filled.get(&field).copied();
        contract.filled.insert(field, blend(before, share));
    }
    if let Some(share) = in_order(entries) {
        contract.in_order = Some(blend(contract.in_order, share));
    }
    let keys: HashSet<&str> = posts
        .iter()
        .filter_map(|post| post.key.as_deref())
        .collect();
    let known = entries
        .iter()
        .filter(|entry| entry.key.as_deref().is_some_and(|key| keys.contains(key)));
    contract.known = percent(known.count(), entries.len());
    contract.language = language(entries).or(contract.language);
    for place in entries.iter().filter_map(place) {
        *contract.places.entry(place).or_insert(0) += 1;
    }
    forget(&mut contract.places);
    contract
}

fn percent(part: usize, whole: usize) -> u8 {
    u8::try_from(part * 100 / whole.max(1)).unwrap_or(100)
}

fn blend(before: Option<u8>, now: u8) -> u8 {
    let Some(before) = before else { return now };
    let sum = u32::from(before) * (100 - WEIGHT) + u32::from(now) * WEIGHT;
    u8::try_from((sum + 50) / 100).unwrap_or(100)
}

/// The share of neighbours whose dates do not rise.
fn in_order(entries: &[Entry]) -> Option<u8> {
    let dates: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry.published)
        .map(|date| date.at)
        .collect();
    let falling = dates.windows(2).filter(|pair| pair[0] >= pair[1]).count();
    (dates.len() >= 2).then(|| percent(falling, dates.len() - 1))
}

/// The language of more than half of the entries.
fn language(entries: &[Entry]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for language in entries.iter().filter_map(|entry| entry.language.as_deref()) {
        *counts.entry(language).or_insert(0) += 1;
    }
    counts
        .into_iter()
        .find(|(_, count)| count * 2 > entries.len())
        .map(|(language, _)| language.to_owned())
}

fn forget(places: &mut BTreeMap<String, u32>) {
    if places.values().sum::<u32>() > MAX_COUNT {
        for count in places.values_mut() {
            *count /= 2;
        }
        places.retain(|_, count| *count > 0);
    }
    if places.len() > MAX_PLACES {
        let mut counts: Vec<u32> = places.values().copied().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let least = counts[MAX_PLACES - 1];
        places.retain(|_, count| *count >= least);
    }
}
