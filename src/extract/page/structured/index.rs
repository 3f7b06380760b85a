//! Records → what is known of each post, by address and by title.

use std::collections::HashMap;

use super::super::links::Links;
use super::record::{Record, fold};
use crate::model::RawEntry;

/// A title with fewer letters is no proof that two posts are one.
const MIN_TITLE_CHARS: usize = 4;

/// The records of some forms, each post once.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// All there is on the post of each address (folded).
    by_key: HashMap<String, Record>,
    /// The same by folded title; `None` where several posts have it.
    by_title: HashMap<String, Option<Record>>,
}

impl Index {
    /// Adds what a record says that those before it do not.
    pub(super) fn add(&mut self, record: &Record) {
        if let Some(key) = &record.key {
            match self.by_key.get_mut(key) {
                Some(known) => known.complete(record),
                None => {
                    self.by_key.insert(key.clone(), record.clone());
                }
            }
        }
        let Some(title) = record.folded_title() else {
            return;
        };
        let Some(known) = self.by_title.get_mut(&title) else {
            self.by_title.insert(title, Some(record.clone()));
            return;
        };
        let same =
            |known: &Record| known.key.is_none() || record.key.is_none() || known.key == record.key;
        match known {
            Some(record_of_title) if same(record_of_title) => record_of_title.complete(record),
            known => *known = None,
        }
    }

    /// The record of an address.
    pub(super) fn of_key(&self, key: &str) -> Option<&Record> {
        self.by_key.get(key)
    }

    /// The record of an entry's address, or of its title where no other entry has it.
    pub(super) fn of_entry(
        &self,
        links: &Links,
        entry: &RawEntry,
        titles: &HashMap<String, usize>,
    ) -> Option<&Record> {
        let key = entry.url.as_deref().and_then(|url| links.key_of(url));
        if let Some(record) = key.and_then(|key| self.by_key.get(&key)) {
            return Some(record);
        }
        let title = folded_title(entry).filter(|title| titles.get(title) == Some(&1))?;
        self.by_title.get(&title)?.as_ref()
    }
}

/// How often each title stands among `entries`.
pub(super) fn titles<'e>(entries: impl Iterator<Item = &'e RawEntry>) -> HashMap<String, usize> {
    let mut titles: HashMap<String, usize> = HashMap::new();
    for title in entries.filter_map(folded_title) {
        *titles.entry(title).or_default() += 1;
    }
    titles
}

fn folded_title(entry: &RawEntry) -> Option<String> {
    let title = fold(entry.title.as_ref()?.as_str());
    (title.chars().count() >= MIN_TITLE_CHARS).then_some(title)
}
