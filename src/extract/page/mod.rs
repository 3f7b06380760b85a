//! HTML index page → raw entries. In tiers, the best value of each field wins: rules of `[source.select]`, the visible
//! listing found by inference, structured data. Also reads one post's own page ([`article`]). Knows no network and no
//! clock; what it cannot tell it leaves out.

mod address;
mod article;
mod body;
mod candidates;
mod card;
mod cards;
mod choose;
mod classes;
mod context;
mod dates;
mod entry;
mod error;
mod evidence;
mod explain;
mod flat;
mod head;
mod hints;
mod item;
mod lines;
mod links;
mod meta;
mod parts;
mod read_times;
mod score;
mod select;
mod settle;
mod sink;
mod structured;
mod title;
mod tree;
mod words;
mod wrapper;

pub use error::PageError;
pub use select::check_rule;

pub(super) use article::article;
pub(super) use explain::Notes;
pub(super) use tree::parse;

use std::collections::HashMap;

use scraper::Html;
use url::Url;

use crate::model::{RawEntry, SourceMeta, Wrapper};
use cards::Cards;
use head::Head;
use item::Item;
use links::Links;
use structured::Structured;
use tree::Tree;

/// What was read from an index page.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// What the page says of itself.
    pub(super) meta: SourceMeta,
    /// Its posts, in page order.
    pub(super) entries: Vec<RawEntry>,
    /// Rules that read the same items again, where they can be told.
    pub(super) wrapper: Option<Wrapper>,
    /// What was odd, in sentences.
    pub(super) warnings: Vec<String>,
}

/// Reads an index page found at `url`. The rules of `select` win field by field; without an `item` rule the items are
/// inferred. `notes` take what was seen and decided, where that is asked for.
///
/// # Errors
/// [`PageError`]: no listing, or a rule that fits nothing or is no selector.
pub(super) fn read(
    document: &Html,
    url: &Url,
    select: Option<&Wrapper>,
    notes: Option<&mut Notes>,
) -> Result<Page, PageError> {
    read_among(document, url, select, &[], notes)
}

/// As [`read`], of a page whose posts are `known` by their addresses: the listing that leads to most of them is taken, whatever
/// else looks like a list of posts.
///
/// # Errors
/// As [`read`].
pub(super) fn find_again(
    document: &Html,
    url: &Url,
    select: Option<&Wrapper>,
    known: &[&str],
) -> Result<Page, PageError> {
    read_among(document, url, select, known, None)
}

fn read_among(
    document: &Html,
    url: &Url,
    select: Option<&Wrapper>,
    known: &[&str],
    mut notes: Option<&mut Notes>,
) -> Result<Page, PageError> {
    let tree = Tree::new(document);
    let head = Head::new(document);
    let links = Links::new(&tree, url, head.base(url));
    let structured = Structured::new(document, &links, url);
    let meta = meta::read(&head, &links.base, url);
    let cards = Cards::new(&tree, &links);
    let reader = Reader {
        cards: &cards,
        structured: &structured,
    };
    let mut warnings = Vec::new();

    if let Some(rules) = select
        && rules.item.is_some()
    {
        let mut found = reader.of_item_rule(rules)?;
        if let Some(notes) = &mut notes {
            notes.before_rules(&found);
        }
        select::apply(&tree, &mut found, rules)?;
        if let Some(notes) = &mut notes {
            notes.trace(&cards, &structured, &found, select);
        }
        return Ok(Page {
            meta,
            entries: found.into_iter().map(|(_, entry)| entry).collect(),
            wrapper: Some(rules.clone()),
            warnings,
        });
    }
    let is_article = head.is_article() || structured.of_page(&links, url, None).is_some();
    let mut ranked = score::rank(&cards, is_article);
    trace(&tree, &links, &ranked);
    let chosen = if known.is_empty() {
        choose::choose(&links, &ranked)
    } else {
        choose::known_first(&links, &mut ranked, known);
        choose::kin(&links, &ranked)
    };
    if let Some(notes) = &mut notes {
        notes.weigh(&cards, &ranked, &chosen);
    }
    let mut found = reader.join(entry::merge(&tree, &links, &ranked, &chosen));
    let mut wrapper = None;
    if found.is_empty() {
        let Some(listed) = structured.listing(&tree, &links, url, is_article) else {
            if let Some(notes) = &mut notes {
                notes.trace(&cards, &structured, &[], select);
            }
            return Err(PageError::NoListing {
                why: choose::refusal(&ranked),
            });
        };
        warnings.push(listed.told.to_owned());
        let entries = listed.entries.into_iter();
        found = entries.map(|entry| (None, entry)).collect();
    } else {
        wrapper = wrapper::learn(&tree, &chosen).and_then(|wrapper| reader.prove(wrapper, &found));
    }
    if let Some(rules) = select {
        if let Some(notes) = &mut notes {
            notes.before_rules(&found);
        }
        select::apply(&tree, &mut found, rules)?;
        wrapper = wrapper.map(|learnt| overlay(rules, learnt));
    }
    if let Some(notes) = &mut notes {
        notes.trace(&cards, &structured, &found, select);
    }
    let entries = found.into_iter().map(|(_, entry)| entry).collect();
    Ok(Page {
        meta,
        entries,
        wrapper,
        warnings,
    })
}

/// The feeds that an HTML page found at `url` advertises, absolute, in page order.
pub(super) fn feeds(html: &str, url: &Url) -> Vec<Url> {
    /// They stand in the head; more is not parsed for them.
    const HEAD_BYTES: usize = 256 * 1024;
    let Ok(document) = tree::parse(&html[..html.floor_char_boundary(HEAD_BYTES)]) else {
        return Vec::new();
    };
    let head = Head::new(&document);
    let base = head.base(url);
    head.feeds(base.as_ref().unwrap_or(url))
}

/// An entry with the item it was read from; entries of structured data have none.
type Found = (Option<Item>, RawEntry);

struct Reader<'r, 'a> {
    cards: &'r Cards<'r, 'a>,
    structured: &'r Structured,
}

impl Reader<'_, '_> {
    /// The entries of the items that rules select.
    fn by_rules(&self, rules: &Wrapper) -> Result<Vec<RawEntry>, PageError> {
        let mut found = self.of_item_rule(rules)?;
        select::apply(self.cards.tree, &mut found, rules)?;
        Ok(found.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The items that the `item` rule selects, their fields as they are inferred.
    fn of_item_rule(&self, rules: &Wrapper) -> Result<Vec<Found>, PageError> {
        let Some(rule) = &rules.item else {
            return Ok(Vec::new());
        };
        let items = select::items(self.cards.tree, self.cards.links, rule)?;
        let cards = self.cards.of_listing(&items);
        Ok(self.join(entry::of_items(
            self.cards.tree,
            self.cards.links,
            items,
            cards,
        )))
    }

    /// Fills gaps from the structured records of the same posts.
    fn join(&self, mut found: Vec<Found>) -> Vec<Found> {
        let entries = found.iter_mut().map(|(_, entry)| entry);
        self.structured.join(self.cards.links, entries);
        found
    }

    /// The learnt wrapper, or as much of it as reads the same entries again.
    fn prove(&self, wrapper: Wrapper, found: &[Found]) -> Option<Wrapper> {
        let same = |wrapper: &Wrapper| {
            self.by_rules(wrapper).is_ok_and(|again| {
                // in any order: a featured post stands first here, and in its place there
                let of: HashMap<&Option<String>, &RawEntry> =
                    again.iter().map(|entry| (&entry.url, entry)).collect();
                again.len() == found.len()
                    && found.iter().all(|(_, entry)| {
                        of.get(&entry.url)
                            .is_some_and(|a| entry::same_values(a, entry))
                    })
            })
        };
        let only_items = Wrapper {
            item: wrapper.item.clone(),
            ..Wrapper::default()
        };
        if same(&wrapper) {
            Some(wrapper)
        } else {
            same(&only_items).then_some(only_items)
        }
    }
}

/// `rules` over `learnt`, field by field.
fn overlay(rules: &Wrapper, learnt: Wrapper) -> Wrapper {
    let over = |rule: &Option<_>, learnt| rule.clone().or(learnt);
    Wrapper {
        item: over(&rules.item, learnt.item),
        title: over(&rules.title, learnt.title),
        link: over(&rules.link, learnt.link),
        date: over(&rules.date, learnt.date),
        summary: over(&rules.summary, learnt.summary),
        tags: over(&rules.tags, learnt.tags),
        read_time: over(&rules.read_time, learnt.read_time),
        author: over(&rules.author, learnt.author),
        image: over(&rules.image, learnt.image),
    }
}

/// Tells the log which listings were weighed, best first.
fn trace(tree: &Tree<'_>, links: &Links, ranked: &[score::Listing]) {
    /// As many candidates are told.
    const TOLD: usize = 8;
    for listing in ranked.iter().take(TOLD) {
        tracing::trace!(score = listing.score, quality = listing.quality, evidence = ?listing.evidence, "candidate listing");
        for (item, card) in listing.items.iter().zip(&listing.cards).take(3) {
            let title = card.title.as_ref().map(|title| title.text.as_str());
            let key = links
                .targets
                .get(item.target)
                .map(|target| target.key.as_str());
            tracing::trace!(element = tree.name(item.unit), ?title, ?key, date = ?card.date, "its items");
        }
    }
}

#[cfg(test)]
mod mutated;
#[cfg(test)]
mod tests;
