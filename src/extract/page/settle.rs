//! The cards of one listing → the same cards, with what only their comparison shows: a label before every title, a text
//! that every item repeats, a short text that is a tag because it changes from item to item.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::card::Card;

/// Fewer items do not show what a line above their titles is.
const KICKER_ITEMS: usize = 3;

/// What only the comparison of the items shows: a label before every title, a text that every item repeats.
pub(super) fn settle(cards: &mut [Rc<Card>]) {
    if cards.len() >= 2 {
        let label = cards
            .first()
            .and_then(|card| card.title.as_ref())
            .and_then(|title| {
                let end = title.text.find([':', '：'])?;
                let width = title.text[end..].chars().next().map_or(1, char::len_utf8);
                Some(title.text[..end + width].to_owned())
            });
        if let Some(label) = label
            && cards.iter().all(|card| {
                card.title.as_ref().is_some_and(|title| {
                    title.text.starts_with(&label) && title.text.len() > label.len()
                })
            })
        {
            for card in cards.iter_mut() {
                if let Some(title) = &mut Rc::make_mut(card).title {
                    title.text = title.text[label.len()..].trim().to_owned();
                }
            }
        }
    }
    tags_from_tokens(cards);
    tags_from_kickers(cards);
}

/// A short line above most titles that repeats from item to item is their category.
fn tags_from_kickers(cards: &mut [Rc<Card>]) {
    let kickers: Vec<&String> = cards
        .iter()
        .filter_map(|card| card.kicker.as_ref())
        .collect();
    let distinct: HashSet<&&String> = kickers.iter().collect();
    let repeat = distinct.len() >= 2 && distinct.len() * 10 <= cards.len() * 7;
    if cards.len() < KICKER_ITEMS || kickers.len() * 10 < cards.len() * 7 || !repeat {
        return;
    }
    for card in cards.iter_mut().filter(|card| card.tags.is_empty()) {
        if let Some(kicker) = card.kicker.clone() {
            Rc::make_mut(card).tags.push(kicker);
        }
    }
}

/// True for two words or more in capitals: a person, more likely than a tag.
fn is_named(token: &str) -> bool {
    token.split_whitespace().count() >= 2
        && token
            .split_whitespace()
            .all(|word| word.starts_with(char::is_uppercase))
}

/// In how many items each unexplained text stands.
fn distinct_tokens(cards: &[Rc<Card>]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for card in cards {
        for token in card.maybe_tags.iter().collect::<HashSet<_>>() {
            *counts.entry(token.clone()).or_default() += 1;
        }
    }
    counts
}

/// Short unexplained texts beside a date or read time are tags where an item has several, or where they are plain words
/// that change from item to item; a name in capitals that stands alone is more likely a person.
fn tags_from_tokens(cards: &mut [Rc<Card>]) {
    // a text that most items repeat is the author or a word of the page; one that few items have is chance
    let n = cards.len();
    let common: HashSet<String> = distinct_tokens(cards)
        .into_iter()
        .filter(|(_, count)| cards.len() > 2 && count * 10 >= cards.len() * 8)
        .map(|(token, _)| token)
        .collect();
    let varying: usize = cards
        .iter()
        .map(|card| {
            card.maybe_tags
                .iter()
                .filter(|token| !common.contains(*token))
                .count()
        })
        .sum();
    for card in cards.iter_mut() {
        // beside several that change, a common tag is a tag
        let keeps = |token: &String| !common.contains(token) || varying >= n && !is_named(token);
        if !card.maybe_tags.iter().all(keeps) {
            Rc::make_mut(card).maybe_tags.retain(keeps);
        }
    }
    let with: Vec<&Rc<Card>> = cards
        .iter()
        .filter(|card| !card.maybe_tags.is_empty())
        .collect();
    if with.len() * 2 < cards.len() {
        return;
    }
    let tokens: usize = with.iter().map(|card| card.maybe_tags.len()).sum();
    let distinct: HashSet<&String> = with.iter().flat_map(|card| &card.maybe_tags).collect();
    if with.is_empty() || with.len() > 1 && distinct.len() < 2 {
        return;
    }
    let several = tokens * 2 >= with.len() * 3;
    for card in cards.iter_mut().filter(|card| card.tags.is_empty()) {
        let tags: Vec<String> = card
            .maybe_tags
            .iter()
            .filter(|token| several || !is_named(token))
            .cloned()
            .collect();
        if !tags.is_empty() {
            Rc::make_mut(card).tags = tags;
        }
    }
}
