//! Visible entries and records → the same entries with their gaps filled. What is shown is never overruled, and where it
//! contradicts the records, their dates are not believed at all.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::super::links::Links;
use super::super::{dates, entry};
use super::Structured;
use super::index::{Index, titles};
use super::record::Record;
use crate::model::{Field, RawEntry, RawPerson, Text, Tier};

impl Structured {
    /// Fills the gaps of `entries`: from what is published for machines, then from the state of the page's own program. The
    /// latter knows more than the page means to say, so it adds nothing of a kind that no post here shows.
    pub(in crate::extract::page) fn join<'e>(
        &self,
        links: &Links,
        entries: impl Iterator<Item = &'e mut RawEntry>,
    ) {
        let mut entries: Vec<&mut RawEntry> = entries.collect();
        let shown = entries.iter().flat_map(|entry| entry.provenance.keys());
        let shown: BTreeSet<Field> = shown.copied().collect();
        join(&self.stated, links, &mut entries, |_| {});
        join(&self.state, links, &mut entries, |record| {
            keep_shown(record, &shown);
        });
    }
}

fn join(index: &Index, links: &Links, entries: &mut [&mut RawEntry], limit: impl Fn(&mut Record)) {
    let titles = titles(entries.iter().map(|entry| &**entry));
    let mut pairs: Vec<(&mut RawEntry, &Record)> = entries
        .iter_mut()
        .filter_map(|entry| {
            index
                .of_entry(links, entry, &titles)
                .map(|record| (&mut **entry, record))
        })
        .collect();
    let (agree, differ) = compare(&pairs);
    let dates_lie = differ > 0 && differ >= agree;
    for (entry, record) in &mut pairs {
        let mut record = (*record).clone();
        limit(&mut record);
        if dates_lie {
            record.published = None;
            record.updated = None;
        }
        fill(entry, &record);
        entry::mark(entry, Tier::Structured);
    }
}

/// Takes out of a record what is of no kind that is shown.
fn keep_shown(record: &mut Record, shown: &BTreeSet<Field>) {
    let is = |field| shown.contains(&field);
    if !is(Field::Published) {
        record.published = None;
        record.updated = None;
    }
    if !is(Field::Summary) {
        record.summary = None;
    }
    if !is(Field::ReadMinutes) {
        record.read_time = None;
    }
    if !is(Field::Tags) {
        record.tags.clear();
    }
}

/// How many of the shown dates the records repeat, and how many they contradict.
fn compare(pairs: &[(&mut RawEntry, &Record)]) -> (usize, usize) {
    let mut counts = (0, 0);
    for (entry, record) in pairs {
        let day = |text: &Option<String>| text.as_deref().and_then(dates::day);
        if let (Some(shown), Some(stated)) = (day(&entry.published), day(&record.published)) {
            if is_same_day(shown, stated) {
                counts.0 += 1;
            } else {
                counts.1 += 1;
            }
        }
    }
    counts
}

/// True for days that are one, give or take a time zone, a month without its day, or figures whose order is unknown.
fn is_same_day(shown: NaiveDate, stated: NaiveDate) -> bool {
    use chrono::Datelike;
    let turned = NaiveDate::from_ymd_opt(shown.year(), shown.day(), shown.month());
    let near = |day: NaiveDate| (day - stated).num_days().abs() <= 1;
    near(shown)
        || turned.is_some_and(near)
        || shown.day() == 1 && (shown.year(), shown.month()) == (stated.year(), stated.month())
}

/// Gives an entry what it lacks and the record has.
pub(in crate::extract::page) fn fill(entry: &mut RawEntry, record: &Record) {
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
