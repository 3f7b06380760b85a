//! HTML index page → raw entries. In tiers, the best value of each field wins: rules of `[source.select]`, the visible
//! listing found by inference, structured data. Also reads one post's own page ([`article()`]). Knows no network and no
//! clock; what it cannot tell it leaves out.

mod address;
mod article;
mod body;
mod candidates;
mod card;
mod cards;
mod choose;
mod claim;
mod classes;
mod collections;
mod context;
mod dates;
mod entry;
mod error;
mod evidence;
mod explain;
mod facts;
mod flat;
mod folders;
mod head;
mod hints;
mod item;
mod lines;
mod links;
mod meta;
mod noscript;
mod own_parts;
mod parts;
mod read_times;
mod score;
mod select;
mod settle;
mod sink;
mod split;
mod structured;
mod subjects;
mod title;
mod tree;
mod words;
mod wrapper;

pub use error::PageError;
pub use select::check_rule;

pub(super) use article::article;
pub(super) use explain::Notes;
pub(super) use tree::parse;

use scraper::Html;
use url::Url;

use crate::model::{Carrier, RawEntry, SourceMeta, Wrapper};
use cards::Cards;
use claim::Claim;
use entry::Found;
use head::Head;
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
    /// Why there are none, in words, where the page was read.
    pub(super) unlearnt: Option<String>,
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
    let claim = Claim::of(
        &head,
        &tree,
        structured.of_page(&links, url, None).is_some(),
    );
    let is_article = claim == Claim::Article;
    let mut warnings = Vec::new();
    if let Some(rules) = select
        && rules.finds_entries()
    {
        let mut found = reader.found(rules, url, is_article)?;
        if let Some(notes) = &mut notes {
            notes.before_rules(&found);
        }
        select::apply(&cards, &mut found, rules)?;
        if let Some(notes) = &mut notes {
            notes.trace(&cards, &structured, &found, select);
        }
        return Ok(Page {
            meta,
            entries: entries(found),
            wrapper: Some(rules.clone()),
            unlearnt: None,
            warnings,
        });
    }
    let mut ranked = score::rank(&cards, claim);
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
    let wrapper = if found.is_empty() {
        let Some(listed) = structured.listing(&tree, &links, url, is_article) else {
            // what browsers without scripts are shown
            if let Some(inner) = noscript::document(document, &links.base)
                && let Ok(page) = read_among(&inner, url, select, known, None)
            {
                if notes.is_some() {
                    read_among(&inner, url, select, known, notes)?;
                }
                return Ok(without_scripts(page, meta));
            }
            if let Some(notes) = &mut notes {
                notes.trace(&cards, &structured, &[], select);
            }
            return Err(PageError::NoListing {
                why: choose::refusal(&ranked),
            });
        };
        warnings.push(listed.told.to_owned());
        found = of_data(listed.entries);
        Ok(Wrapper {
            from: Some(Carrier::Data),
            ..Wrapper::default()
        })
    } else {
        let read = |rules: &Wrapper| reader.by_rules(rules).ok();
        wrapper::learn(&cards, &ranked, &chosen, &found, &read)
    };
    if let Some(rules) = select {
        if let Some(notes) = &mut notes {
            notes.before_rules(&found);
        }
        select::apply(&cards, &mut found, rules)?;
    }
    if let Some(notes) = &mut notes {
        notes.trace(&cards, &structured, &found, select);
    }
    let (wrapper, unlearnt) = match wrapper {
        Ok(learnt) => (Some(overlay(select, learnt)), None),
        Err(why) => (None, Some(why)),
    };
    Ok(Page {
        meta,
        entries: entries(found),
        wrapper,
        unlearnt,
        warnings,
    })
}

/// The page that stands in the `noscript` elements of another, which says `meta` of itself.
fn without_scripts(read: Page, meta: SourceMeta) -> Page {
    let mut warnings = read.warnings;
    warnings.push("the page lists its posts only for browsers without scripts".to_owned());
    Page {
        meta,
        wrapper: None,
        unlearnt: Some("its posts stand in a `noscript`, which selectors cannot reach".to_owned()),
        warnings,
        ..read
    }
}

fn of_data(entries: Vec<RawEntry>) -> Vec<Found> {
    entries.into_iter().map(|entry| (None, entry)).collect()
}

fn entries(found: Vec<Found>) -> Vec<RawEntry> {
    found.into_iter().map(|(_, entry)| entry).collect()
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

struct Reader<'r, 'a> {
    cards: &'r Cards<'r, 'a>,
    structured: &'r Structured,
}

impl Reader<'_, '_> {
    /// The entries that rules find.
    fn by_rules(&self, rules: &Wrapper) -> Result<Vec<Found>, PageError> {
        let mut found = self.of_items(rules)?;
        select::apply(self.cards, &mut found, rules)?;
        Ok(found)
    }

    /// The posts of the page at `url` where `rules` say that they are: its items, or its data.
    fn found(&self, rules: &Wrapper, url: &Url, is_article: bool) -> Result<Vec<Found>, PageError> {
        let (tree, links) = (self.cards.tree, self.cards.links);
        let found = match rules.from {
            Some(Carrier::Data) => {
                let listed = self.structured.listing(tree, links, url, is_article);
                of_data(listed.map(|listed| listed.entries).unwrap_or_default())
            }
            None => self.of_items(rules)?,
        };
        if found.is_empty() {
            return Err(PageError::NoData);
        }
        Ok(found)
    }

    /// The items that rules find, their fields as they are inferred.
    fn of_items(&self, rules: &Wrapper) -> Result<Vec<Found>, PageError> {
        let items = select::items(self.cards.tree, self.cards.links, rules)?;
        let cards = self.cards.of_listing(&items);
        let (tree, links) = (self.cards.tree, self.cards.links);
        Ok(self.join(entry::of_items(tree, links, items, cards)))
    }

    /// Fills gaps from the structured records of the same posts.
    fn join(&self, mut found: Vec<Found>) -> Vec<Found> {
        let entries = found.iter_mut().map(|(_, entry)| entry);
        self.structured.join(self.cards.links, entries);
        found
    }
}

/// The rules of `written` over `learnt`, field by field.
fn overlay(written: Option<&Wrapper>, learnt: Wrapper) -> Wrapper {
    let Some(rules) = written else { return learnt };
    let over = |rule: &Option<_>, learnt| rule.clone().or(learnt);
    Wrapper {
        from: learnt.from,
        item: over(&rules.item, learnt.item),
        split: over(&rules.split, learnt.split),
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
mod marks;
#[cfg(test)]
mod mutated;
#[cfg(test)]
mod others;
#[cfg(test)]
mod posts;
#[cfg(test)]
mod styles;
#[cfg(test)]
mod tails;
#[cfg(test)]
mod tests;
