//! Cards of the chosen listings → raw entries, each post once, in page order.

use std::collections::HashMap;
use std::rc::Rc;

use super::card::Card;
use super::item::Item;
use super::links::Links;
use super::score::Listing;
use super::tree::Tree;
use crate::model::{Field, RawEntry, RawPerson, Text, Tier};

/// An entry with the item it was read from; entries of structured data have none.
pub(super) type Found = (Option<Item>, RawEntry);

/// The items of the chosen listings, each post once, in page order.
pub(super) fn merge(
    tree: &Tree<'_>,
    links: &Links,
    ranked: &[Listing],
    chosen: &[&Listing],
) -> Vec<Found> {
    let shown = chosen
        .iter()
        .flat_map(|listing| {
            listing
                .items
                .iter()
                .cloned()
                .zip(listing.cards.iter().cloned())
        })
        .filter(|(_, card)| card.title.is_some());
    let mut once = once(shown);
    // a post stands where the page shows it first, if only as a featured card
    let mut first: HashMap<usize, usize> = HashMap::new();
    for listing in ranked
        .iter()
        .filter(|listing| chosen.iter().any(|best| listing.is_echo_of(best)))
    {
        for item in &listing.items {
            let at = first.entry(item.target).or_insert(item.range.start);
            *at = (*at).min(item.range.start);
        }
    }
    once.sort_by_key(|shown| {
        let at = first.get(&shown.item.target);
        at.map_or(shown.at, |&at| at.min(shown.at))
    });
    entries(tree, links, once)
}

/// The items that rules select, each address once, in page order.
pub(super) fn of_items(
    tree: &Tree<'_>,
    links: &Links,
    items: Vec<Item>,
    cards: Vec<Rc<Card>>,
) -> Vec<Found> {
    entries(tree, links, once(items.into_iter().zip(cards)))
}

/// A post as the page shows it.
struct Shown {
    /// Where it is shown first.
    at: usize,
    /// Where it is shown most fully.
    item: Item,
    card: Rc<Card>,
}

/// Joins items that lead to the same address; those that lead nowhere stay apart.
fn once(shown: impl Iterator<Item = (Item, Rc<Card>)>) -> Vec<Shown> {
    let mut out: Vec<Shown> = Vec::new();
    let mut place: HashMap<usize, usize> = HashMap::new();
    for (mut item, mut card) in shown {
        if let Some(&at) = place.get(&item.target) {
            let known = &mut out[at];
            if card.facts() > known.card.facts() {
                std::mem::swap(&mut known.item, &mut item);
                std::mem::swap(&mut known.card, &mut card);
            }
            join(Rc::make_mut(&mut known.card), &card);
            continue;
        }
        if item.target != usize::MAX {
            place.insert(item.target, out.len());
        }
        let at = item.range.start;
        out.push(Shown { at, item, card });
    }
    out
}

fn entries(tree: &Tree<'_>, links: &Links, posts: Vec<Shown>) -> Vec<Found> {
    posts
        .into_iter()
        .map(|Shown { item, card, .. }| {
            let entry = entry(tree, links, item.target, Rc::unwrap_or_clone(card));
            (Some(item), entry)
        })
        .collect()
}

/// True if two entries say the same, whatever tier it came from.
pub(super) fn same_values(a: &RawEntry, b: &RawEntry) -> bool {
    let RawEntry {
        id,
        url,
        canonical,
        base,
        title,
        published,
        updated,
        summary,
        content,
        tags,
        read_time,
        authors,
        language,
        image,
        enclosures,
        comments,
        rights,
        provenance: _,
    } = a;
    *id == b.id
        && *url == b.url
        && *canonical == b.canonical
        && *base == b.base
        && *title == b.title
        && *published == b.published
        && *updated == b.updated
        && *summary == b.summary
        && *content == b.content
        && *tags == b.tags
        && *read_time == b.read_time
        && *authors == b.authors
        && *language == b.language
        && *image == b.image
        && *enclosures == b.enclosures
        && *comments == b.comments
        && *rights == b.rights
}

/// Takes from a second showing of the same post what the first lacks.
fn join(card: &mut Card, other: &Card) {
    if card.date.is_none() {
        card.date.clone_from(&other.date);
    }
    if card.summary.as_ref().map_or(0, String::len) < other.summary.as_ref().map_or(0, String::len)
    {
        card.summary.clone_from(&other.summary);
    }
    if card.read_time.is_none() {
        card.read_time.clone_from(&other.read_time);
    }
    if card.tags.is_empty() {
        card.tags.clone_from(&other.tags);
    }
    if card.image.is_none() {
        card.image.clone_from(&other.image);
    }
}

fn entry(tree: &Tree<'_>, links: &Links, target: usize, card: Card) -> RawEntry {
    let href = card
        .link
        .and_then(|link| tree.attr(link, "href"))
        .map(|href| href.trim().to_owned());
    // what stands on this page itself is told apart by its whole address
    let within = links.targets.get(target).filter(|target| target.within);
    let mut entry = RawEntry {
        id: within.map(|target| target.url.to_string()),
        url: href.or_else(|| {
            links
                .targets
                .get(target)
                .map(|target| target.url.to_string())
        }),
        base: links.own_base.then(|| links.base.clone()),
        title: card.title.map(|title| Text::Plain(title.text)),
        published: card.date,
        updated: card.updated,
        summary: card.summary.map(Text::Plain),
        tags: card.tags,
        read_time: card.read_time,
        authors: card
            .authors
            .into_iter()
            .map(|name| RawPerson {
                name,
                ..RawPerson::default()
            })
            .collect(),
        image: card.image,
        ..RawEntry::default()
    };
    mark(&mut entry, Tier::Listing);
    entry
}

/// Notes `tier` as the origin of every filled field that has none yet.
pub(super) fn mark(entry: &mut RawEntry, tier: Tier) {
    let filled = [
        (Field::Url, entry.url.is_some()),
        (Field::Title, entry.title.is_some()),
        (Field::Published, entry.published.is_some()),
        (Field::Updated, entry.updated.is_some()),
        (Field::Summary, entry.summary.is_some()),
        (Field::Content, entry.content.is_some()),
        (Field::Tags, !entry.tags.is_empty()),
        (Field::ReadMinutes, entry.read_time.is_some()),
        (Field::Authors, !entry.authors.is_empty()),
        (Field::Language, entry.language.is_some()),
        (Field::Image, entry.image.is_some()),
    ];
    for (field, is) in filled {
        if is {
            entry.provenance.entry(field).or_insert(tier);
        }
    }
}
