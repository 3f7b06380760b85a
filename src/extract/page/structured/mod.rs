//! Data that a page carries for machines → records of posts: JSON-LD, microdata, RDFa, microformats, and the state that
//! scripts start from. Evidence beside the visible listing, joined by address or title; the only way in where the posts are
//! not in the HTML at all. Machine data lies, so it fills gaps and overrules nothing that is shown.

mod doubt;
mod flight;
mod index;
mod indexed;
mod items;
mod join;
mod listing;
mod literal;
mod microformats;
mod record;
mod schema_org;
mod scripts;
mod slug;
mod state;
mod value;

use std::cell::OnceCell;
use std::collections::HashSet;

use scraper::{Html, Node};
use url::Url;

use super::address;
use super::links::Links;
use super::tree::Tree;
use crate::model::{RawEntry, Text, Tier};
use index::Index;
use items::Notation;
use listing::Seen;
use record::{Form, List};
use schema_org::Described;
use scripts::Scripts;
use slug::Addresses;

pub(super) use join::fill;
pub(super) use record::Record;

/// All records of a page.
pub(super) struct Structured {
    /// Posts that stand alone, with the form they were found in.
    alone: Vec<(Form, Record)>,
    /// Lists, the most credible form first.
    lists: Vec<List>,
    /// What is published for machines of each post.
    stated: Index,
    /// What the page's own program knows of each post.
    state: Index,
}

/// The listing that the data of a page holds.
pub(super) struct Listed {
    /// Its posts, in the order written.
    pub(super) entries: Vec<RawEntry>,
    /// Where it was found, in a sentence.
    pub(super) told: &'static str,
}

impl Structured {
    /// Reads the data of the page found at `page`.
    pub(super) fn new(html: &Html, links: &Links, page: &Url) -> Self {
        let scripts = Scripts::new(html);
        let marks = Marks::of(html);
        let mut found = vec![(
            Form::JsonLd,
            schema_org::read(&scripts.json_ld, Form::JsonLd),
        )];
        if marks.microdata {
            let nodes = items::read(html, Notation::Microdata);
            found.push((Form::Markup, schema_org::read(&nodes, Form::Markup)));
        }
        if marks.rdfa {
            let nodes = items::read(html, Notation::Rdfa);
            found.push((Form::Markup, schema_org::read(&nodes, Form::Markup)));
        }
        if marks.microformats {
            found.push((Form::Microformats, microformats::read(html)));
        }
        let states = Described {
            alone: Vec::new(),
            lists: state::read(&scripts.states, &scripts.flight),
        };
        found.push((Form::State, states));
        let mut all = Self {
            alone: Vec::new(),
            lists: Vec::new(),
            stated: Index::default(),
            state: Index::default(),
        };
        let addresses = OnceCell::new();
        let addresses = || {
            addresses.get_or_init(|| Addresses::new(scripts.addresses().into_iter(), links, page))
        };
        for (form, described) in found {
            all.add(form, described, &addresses, links, page);
        }
        all.index();
        all
    }

    fn add<'k>(
        &mut self,
        form: Form,
        described: Described,
        addresses: &impl Fn() -> &'k Addresses,
        links: &Links,
        page: &Url,
    ) {
        let Described {
            mut alone,
            mut lists,
        } = described;
        let of_lists = lists.iter_mut().flat_map(|list| &mut list.records);
        for record in of_lists.chain(&mut alone) {
            record.form = form;
        }
        doubt::locate(&mut alone, links, page);
        for mut list in lists {
            doubt::doubt(&mut list.records);
            doubt::locate(&mut list.records, links, page);
            if list
                .records
                .iter()
                .any(|record| record.key.is_none() && record.slug.is_some())
            {
                slug::resolve(&mut list.records, addresses(), links, page);
            }
            self.lists.push(list);
        }
        // several posts with addresses of their own, and none of this page: a list that nobody named
        if alone.len() > 1 && alone.iter().all(|record| record.key.is_some()) {
            let mut records = alone.clone();
            doubt::doubt(&mut records);
            self.lists.push(List {
                records,
                form,
                explicit: true,
            });
        }
        self.alone
            .extend(alone.into_iter().map(|record| (form, record)));
    }

    fn index(&mut self) {
        for list in &self.lists {
            let index = if list.form == Form::State {
                &mut self.state
            } else {
                &mut self.stated
            };
            list.records.iter().for_each(|record| index.add(record));
        }
        self.alone
            .iter()
            .for_each(|(_, record)| self.stated.add(record));
    }

    /// The record of the page itself: one of its address, or the only one that stands alone without another address.
    pub(super) fn of_page(
        &self,
        links: &Links,
        url: &Url,
        canonical: Option<&Url>,
    ) -> Option<Record> {
        let own = [Some(address::key(url)), canonical.map(address::key)];
        let named = |record: &&Record| {
            let key = record.urls.first().and_then(|url| links.key_of(url));
            key.is_some() && own.contains(&key)
        };
        if let Some(record) = self.alone_in(Form::JsonLd).find(named) {
            return Some(record.clone());
        }
        // themes give every post of a listing the address of the listing, but a page that is one post has one
        if let Some(only) = only(self.alone_in(Form::Markup)).filter(named) {
            return Some(only.clone());
        }
        let only = only(self.alone_in(Form::JsonLd))?;
        only.urls.is_empty().then(|| only.clone())
    }

    /// How many posts the data tells of, and how many of them it calls posts.
    pub(super) fn counts(&self) -> (usize, usize) {
        let in_lists = self
            .lists
            .iter()
            .map(|list| (list.form, list.records.len()));
        let alone = self.alone.iter().map(|(form, _)| (*form, 1));
        in_lists
            .chain(alone)
            .fold((0, 0), |(all, typed), (form, count)| {
                let is_typed = usize::from(form != Form::State);
                (all + count, typed + count * is_typed)
            })
    }

    /// What the data tells of each of `entries`.
    pub(super) fn of_entries<'e>(
        &self,
        links: &Links,
        entries: impl Iterator<Item = &'e RawEntry> + Clone,
    ) -> Vec<Option<&Record>> {
        let titles = index::titles(entries.clone());
        let of = |index: &'_ Index, entry| index.of_entry(links, entry, &titles).is_some();
        entries
            .map(|entry| {
                let index = [&self.stated, &self.state]
                    .into_iter()
                    .find(|index| of(index, entry))?;
                index.of_entry(links, entry, &titles)
            })
            .collect()
    }

    fn alone_in(&self, form: Form) -> impl Iterator<Item = &Record> {
        let records = self.alone.iter().filter(move |(of, _)| *of == form);
        records.map(|(_, record)| record)
    }

    /// The record of a page that is known to be one post: also one that has no address.
    pub(super) fn of_article(
        &self,
        links: &Links,
        url: &Url,
        canonical: Option<&Url>,
    ) -> Option<Record> {
        let mut own: Option<Record> = self.of_page(links, url, canonical);
        for form in [Form::JsonLd, Form::Markup, Form::Microformats] {
            if let Some(record) = only(self.alone_in(form).filter(|record| record.key.is_none())) {
                match &mut own {
                    Some(own) => own.complete(record),
                    None => own = Some(record.clone()),
                }
            }
        }
        own
    }

    /// The listing in the data, for a page on which none could be told. `is_article`: the page calls itself one post.
    pub(super) fn listing(
        &self,
        tree: &Tree<'_>,
        links: &Links,
        page: &Url,
        is_article: bool,
    ) -> Option<Listed> {
        if self.lists.is_empty() || self.of_page(links, page, None).is_some() {
            return None;
        }
        let seen = Seen::new(tree);
        let list = listing::best(&self.lists, &seen, links, page, is_article)?;
        let mut met = HashSet::new();
        let mut entries = Vec::new();
        for record in list
            .records
            .iter()
            .filter(|record| listing::is_told(record, list))
        {
            if !met.insert(&record.key) {
                continue;
            }
            let mut entry = RawEntry {
                url: record.url.clone(),
                base: links.own_base.then(|| links.base.clone()),
                title: record.title.clone().map(Text::Plain),
                ..RawEntry::default()
            };
            fill(&mut entry, record);
            let key = record.key.as_deref().unwrap_or("");
            for known in [self.stated.of_key(key), self.state.of_key(key)] {
                fill(&mut entry, known.unwrap_or(record));
            }
            super::entry::mark(&mut entry, Tier::Structured);
            entries.push(entry);
        }
        let told = match list.form {
            Form::State => {
                "The posts are not in the page's HTML; they were read from the data that its scripts carry."
            }
            Form::JsonLd => {
                "No list of posts could be told from the page's links; it was read from the page's JSON-LD."
            }
            Form::Markup => {
                "No list of posts could be told from the page's links; it was read from the page's microdata."
            }
            Form::Microformats => {
                "No list of posts could be told from the page's links; it was read from the page's microformats."
            }
        };
        (!entries.is_empty()).then_some(Listed { entries, told })
    }
}

/// The one that there is, if there is one.
fn only<'r>(mut records: impl Iterator<Item = &'r Record>) -> Option<&'r Record> {
    records.next().filter(|_| records.next().is_none())
}

/// Which notations the markup of a page uses, so that the others are not looked for.
#[derive(Default)]
struct Marks {
    microdata: bool,
    rdfa: bool,
    microformats: bool,
}

impl Marks {
    fn of(html: &Html) -> Self {
        let mut marks = Self::default();
        for node in html.tree.nodes() {
            let Node::Element(element) = node.value() else {
                continue;
            };
            for (name, value) in element.attrs() {
                match name {
                    "itemscope" => marks.microdata = true,
                    "typeof" => marks.rdfa = true,
                    "class" => {
                        marks.microformats |= value.contains("h-entry") || value.contains("hentry");
                    }
                    _ => {}
                }
            }
        }
        marks
    }
}

#[cfg(test)]
mod tests;
