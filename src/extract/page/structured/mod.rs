//! Data that a page carries for machines → records of posts. Evidence beside the visible listing, joined by address; the
//! only way in where the posts are not in the HTML at all.

mod json_ld;
mod record;
mod state;

use std::collections::HashMap;

use scraper::{Html, Selector};
use url::Url;

use super::address;
use super::links::Links;
use crate::model::{RawEntry, RawPerson, Text, Tier};
pub(super) use record::Record;

/// All records of a page.
pub(super) struct Structured {
    records: Vec<Record>,
}

impl Structured {
    /// Reads the scripts of a page.
    pub(super) fn new(html: &Html) -> Self {
        let scripts = Selector::parse("script").expect("a constant selector is valid");
        let mut records = Vec::new();
        let mut states = Vec::new();
        let mut flight = String::new();
        for script in html.select(&scripts) {
            let text: String = script.text().collect();
            let kind = script
                .attr("type")
                .unwrap_or("")
                .trim()
                .to_ascii_lowercase();
            if kind == "application/ld+json" {
                records.extend(json_ld::read(&text));
            } else if kind == "application/json" || script.attr("id") == Some("__NEXT_DATA__") {
                states.push(text);
            } else if text.contains("self.__next_f") {
                state::unpack_flight(&text, &mut flight);
            } else {
                states.extend(state::global(&text));
            }
        }
        records.extend(state::read(&states, &flight));
        Self { records }
    }

    /// How many posts the data tells of, and how many of them are typed as articles.
    pub(super) fn counts(&self) -> (usize, usize) {
        let typed = self.records.iter().filter(|record| record.typed).count();
        (self.records.len(), typed)
    }

    /// The record of each address (folded), typed ones first.
    pub(super) fn by_key(&self, links: &Links) -> HashMap<String, &Record> {
        let mut out: HashMap<String, &Record> = HashMap::new();
        for record in &self.records {
            if let Some(key) = record.url.as_deref().and_then(|url| links.key_of(url))
                && out
                    .get(&key)
                    .is_none_or(|other| !other.typed && record.typed)
            {
                out.insert(key, record);
            }
        }
        out
    }

    /// The record of the page itself: a typed one of its address, or the only typed one without another.
    pub(super) fn of_page(
        &self,
        links: &Links,
        url: &Url,
        canonical: Option<&Url>,
    ) -> Option<Record> {
        let own = [Some(address::key(url)), canonical.map(address::key)];
        let typed: Vec<&Record> = self.records.iter().filter(|record| record.typed).collect();
        let named = typed.iter().find(|record| {
            let key = record.url.as_deref().and_then(|url| links.key_of(url));
            key.is_some() && own.contains(&key)
        });
        match (named, typed.as_slice()) {
            (Some(record), _) => Some((*record).clone()),
            (None, [only]) if only.url.is_none() => Some((*only).clone()),
            _ => None,
        }
    }

    /// The posts, for a page that shows none: those with an address of their own, a title, and a date or an excerpt.
    pub(super) fn entries(&self, links: &Links, page: &Url) -> Vec<RawEntry> {
        let mut seen = Vec::new();
        let mut out = Vec::new();
        let page_key = address::key(page);
        for record in &self.records {
            let Some(title) = record.title.as_deref().filter(|title| !title.is_empty()) else {
                continue;
            };
            if record.published.is_none() && record.summary.is_none() {
                continue;
            }
            let url = record.url.clone().or_else(|| {
                record
                    .slug
                    .as_deref()
                    .map(|slug| address_of(slug, links, page))
            });
            let Some(url) = url else { continue };
            let Some(key) = links.key_of(&url) else {
                continue;
            };
            if key == page_key || seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let mut entry = RawEntry {
                url: Some(url),
                base: links.own_base.then(|| links.base.clone()),
                title: Some(Text::Plain(title.to_owned())),
                ..RawEntry::default()
            };
            fill(&mut entry, record);
            super::entry::mark(&mut entry, Tier::Structured);
            out.push(entry);
        }
        out
    }
}

/// Gives an entry what it lacks and the record has.
pub(super) fn fill(entry: &mut RawEntry, record: &Record) {
    if entry.published.is_none() {
        entry.published.clone_from(&record.published);
    }
    if entry.updated.is_none() {
        entry.updated.clone_from(&record.updated);
    }
    if entry.summary.is_none() {
        entry.summary = record.summary.clone().map(Text::Plain);
    }
    if entry.tags.is_empty() {
        entry.tags.clone_from(&record.tags);
    }
    if entry.authors.is_empty() {
        entry.authors = record
            .authors
            .iter()
            .map(|name| RawPerson {
                name: name.clone(),
                ..RawPerson::default()
            })
            .collect();
    }
    if entry.image.is_none() {
        entry.image.clone_from(&record.image);
    }
    if entry.read_time.is_none() {
        entry.read_time.clone_from(&record.read_time);
    }
    if entry.language.is_none() {
        entry.language.clone_from(&record.language);
    }
}

/// Path segments that number the pages of a listing.
const PAGE_WORDS: &[&str] = &["page", "pages", "p"];

/// Where a post with this slug stands: as a link of the page that ends in it, else below the page.
fn address_of(slug: &str, links: &Links, page: &Url) -> String {
    let slug = slug.trim_matches('/');
    if let Some(target) = links
        .targets
        .iter()
        .find(|target| target.key.ends_with(&format!("/{slug}")))
    {
        return target.url.to_string();
    }
    let mut segments: Vec<&str> = page
        .path()
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    if let [.., word, number] = segments.as_slice()
        && PAGE_WORDS.contains(word)
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        segments.truncate(segments.len() - 2);
    }
    segments.push(slug);
    format!("/{}", segments.join("/"))
}
