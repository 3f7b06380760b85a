//! The cards of one listing → the same cards, with what only their comparison shows: a label before every title, a text
//! that every item repeats, a short text that is a tag because it changes from item to item.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::card::Card;
use super::words;

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
    restore_dates(cards);
    drop_glued_call(cards);
    drop_repeated_ends(cards);
    drop_running_numbers(cards);
    // what stands above the titles is a category sooner than what stands beside a date, which may be a person
    tags_from_kickers(cards);
    tags_from_tokens(cards);
    for card in cards.iter_mut().filter(|card| card.tags.is_empty()) {
        let card = Rc::make_mut(card);
        card.tags.clone_from(&card.subjects);
    }
    tags_from_formats(cards);
}

/// "Video" is a tag of an item that has no other, if all its neighbours have some, and then of these, too; else it is a badge.
fn tags_from_formats(cards: &mut [Rc<Card>]) {
    let told = |card: &Card| !card.tags.is_empty() || !card.formats.is_empty();
    let alone = |card: &Card| card.tags.is_empty() && !card.formats.is_empty();
    if !cards.iter().all(|card| told(card)) || !cards.iter().any(|card| alone(card)) {
        return;
    }
    for card in cards.iter_mut().filter(|card| !card.formats.is_empty()) {
        let card = Rc::make_mut(card);
        let mut tags = card.formats.clone();
        tags.extend(std::mem::take(&mut card.tags));
        let mut seen = HashSet::new();
        tags.retain(|tag| seen.insert(tag.clone()));
        card.tags = tags;
    }
}

/// Where titles are the same without their dates, the dates are a part of them: "Weekly notes, 5 March".
fn restore_dates(cards: &mut [Rc<Card>]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for title in cards.iter().filter_map(|card| card.title.as_ref()) {
        *counts.entry(title.text.clone()).or_default() += 1;
    }
    for card in cards.iter_mut() {
        let whole = card
            .title
            .as_ref()
            .filter(|title| counts.get(&title.text).is_some_and(|count| *count > 1))
            .and_then(|title| title.whole.clone());
        if let (Some(whole), Some(title)) = (whole, &mut Rc::make_mut(card).title) {
            title.text = whole;
        }
    }
}

/// Takes off the end of the titles what touches the last word of each and is the same in all: "The lampDetails".
fn drop_glued_call(cards: &mut [Rc<Card>]) {
    /// Fewer titles may end alike.
    const FEWEST: usize = 3;
    let titles: Vec<&str> = cards
        .iter()
        .filter_map(|card| card.title.as_ref())
        .map(|title| title.text.as_str())
        .collect();
    let Some(first) = titles.first().filter(|_| titles.len() >= FEWEST) else {
        return;
    };
    let glued = first
        .char_indices()
        .zip(first.chars().skip(1))
        .filter(|((_, left), right)| {
            (left.is_lowercase() || matches!(left, '?' | '!')) && right.is_uppercase()
        });
    let ends = glued
        .map(|((at, left), _)| &first[at + left.len_utf8()..])
        .find(|end| {
            titles.iter().all(|title| {
                title
                    .strip_suffix(end)
                    .is_some_and(|head| head.ends_with(|c: char| !c.is_whitespace()))
            })
        });
    let Some(bytes) = ends.map(str::len) else {
        return;
    };
    for card in cards.iter_mut() {
        if let Some(title) = &mut Rc::make_mut(card).title {
            title.text.truncate(title.text.len() - bytes);
        }
    }
}

/// Takes off the excerpts the last lines that most items repeat, but for their figures: "Ref: 2024-17", "Download (PDF, 90 KB)".
fn drop_repeated_ends(cards: &mut [Rc<Card>]) {
    /// So many excerpts have to end alike,
    const FEWEST: usize = 3;
    /// in words no longer than these, and in no sentence.
    const LONGEST_BYTES: usize = 120;
    const SENTENCE: usize = 6;
    /// More lines that all repeat are their common text.
    const MOST_LINES: usize = 2;
    fn last_line(card: &Card) -> Option<(usize, &str)> {
        let (summary, start) = (card.summary.as_ref()?, *card.summary_lines.last()?);
        let line = summary.get(start..).filter(|_| start > 0)?;
        let says = words::weight(line) >= SENTENCE && line.ends_with(['.', '!', '?', '…', '。']);
        (line.len() <= LONGEST_BYTES && !says).then_some((start, line))
    }
    let whole = cards.to_vec();
    for _ in 0..=MOST_LINES {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut with = 0;
        for (_, line) in cards.iter().filter_map(|card| last_line(card)) {
            *counts.entry(outline(line)).or_default() += 1;
            with += 1;
        }
        counts.retain(|_, count| *count >= FEWEST && *count * 10 >= with * 6);
        if counts.is_empty() {
            return;
        }
        for card in cards.iter_mut() {
            let end = last_line(card)
                .filter(|(_, line)| counts.contains_key(&outline(line)))
                .map(|(start, _)| start);
            if let Some(end) = end {
                let card = Rc::make_mut(card);
                card.summary_lines.pop();
                if let Some(summary) = &mut card.summary {
                    summary.truncate(end);
                    summary.truncate(summary.trim_end().len());
                }
            }
        }
    }
    cards.clone_from_slice(&whole);
}

/// `text` in small letters, each number in it as one sign: what stays the same from item to item.
fn outline(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if !c.is_numeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// A short line above most titles that repeats from item to item is their category.
fn tags_from_kickers(cards: &mut [Rc<Card>]) {
    let with = cards.iter().filter(|card| !card.kicker.is_empty()).count();
    let kickers: Vec<&String> = cards.iter().flat_map(|card| &card.kicker).collect();
    let distinct: HashSet<&&String> = kickers.iter().collect();
    let repeat = distinct.len() >= 2 && distinct.len() < kickers.len();
    if cards.len() < KICKER_ITEMS || with * 10 < cards.len() * 7 || !repeat {
        return;
    }
    let all_told = cards
        .iter()
        .all(|card| !card.kicker.is_empty() || !card.tags.is_empty());
    // who writes has a name in most items, if not in all
    let plain = kickers.iter().filter(|text| !words::is_name(text)).count() * 2 >= kickers.len();
    for card in cards.iter_mut().filter(|card| card.tags.is_empty()) {
        let tags: Vec<String> = card
            .kicker
            .iter()
            .filter(|text| plain && card.kicker.len() == 1 || !words::is_name(text))
            .filter(|text| all_told || !words::is_format(text))
            .cloned()
            .collect();
        if !tags.is_empty() {
            Rc::make_mut(card).tags = tags;
        }
    }
}

/// Takes out what numbers the items: a text that most have, in each of them with other figures ("Episode 40", "Issue 39").
fn drop_running_numbers(cards: &mut [Rc<Card>]) {
    let outline = |token: &str| -> Option<String> {
        let numbered =
            token.contains(|c: char| c.is_ascii_digit()) && token.contains(char::is_alphabetic);
        numbered.then(|| token.chars().filter(|c| !c.is_ascii_digit()).collect())
    };
    let mut seen: HashMap<String, (usize, HashSet<&String>)> = HashMap::new();
    for card in cards.iter() {
        let own: HashSet<&String> = card
            .tags
            .iter()
            .chain(&card.maybe_tags)
            .chain(&card.kicker)
            .collect();
        for token in own {
            if let Some(outline) = outline(token) {
                let (count, spellings) = seen.entry(outline).or_default();
                *count += 1;
                spellings.insert(token);
            }
        }
    }
    let running: HashSet<String> = seen
        .into_iter()
        .filter(|(_, (count, spellings))| {
            *count >= KICKER_ITEMS && spellings.len() == *count && count * 10 >= cards.len() * 7
        })
        .map(|(outline, _)| outline)
        .collect();
    if running.is_empty() {
        return;
    }
    let keeps = |token: &String| !outline(token).is_some_and(|outline| running.contains(&outline));
    for card in cards.iter_mut().map(Rc::make_mut) {
        card.tags.retain(keeps);
        card.maybe_tags.retain(keeps);
        card.kicker.retain(keeps);
    }
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
        let keeps =
            |token: &String| !common.contains(token) || varying >= n && !words::is_name(token);
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
    // one such name in every item, beside plain words, is a person all the same
    let named = |card: &Rc<Card>| {
        card.maybe_tags
            .iter()
            .filter(|token| words::is_name(token))
            .count()
    };
    let several = several
        && !with
            .iter()
            .all(|card| named(card) == 1 && card.maybe_tags.len() > 1);
    // who writes has a name in most items, if not in all
    let singles = || {
        with.iter()
            .map(|card| &card.maybe_tags)
            .filter(|tokens| tokens.len() == 1)
    };
    let plain = singles().count() == with.len()
        && singles()
            .filter(|tokens| !words::is_name(&tokens[0]))
            .count()
            * 3
            >= with.len() * 2;
    for card in cards.iter_mut().filter(|card| card.tags.is_empty()) {
        let tags: Vec<String> = card
            .maybe_tags
            .iter()
            .filter(|token| several || plain || !words::is_name(token))
            .cloned()
            .collect();
        if !tags.is_empty() {
            Rc::make_mut(card).tags = tags;
        }
    }
}
