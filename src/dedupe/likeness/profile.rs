//! What of a sighting is compared with others.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use url::Url;

use super::marks::{MIN_OPENING, MIN_TITLE, Sketch, day, hash, opening, shingles};
use super::words::{self, Words, words};
use crate::lexicon::markup;
use crate::model::{Entry, Marks, Precision, Sighting, SourceId};

/// What of a sighting is compared with others.
#[derive(Clone, Debug)]
pub struct Profile {
    pub(super) source: SourceId,
    pub(super) host: Option<String>,
    pub(super) authors: BTreeSet<String>,
    /// The language without its region.
    pub(super) language: Option<String>,
    pub(super) title: Vec<String>,
    pub(super) title_size: usize,
    /// How many words of the title stand before what may have been put behind it; 0: all of them, or too few.
    pub(super) opening: usize,
    pub(super) title_numbers: BTreeSet<String>,
    /// Hashes of the shingles of the text, in its order.
    pub(super) shingles: Vec<u64>,
    /// The same, sorted, each once.
    pub(super) set: Vec<u64>,
    /// How much the text says, words.
    pub(super) size: usize,
    pub(super) numbers: BTreeSet<String>,
    pub(super) day: Option<NaiveDate>,
    /// True if only the month is known.
    pub(super) is_month: bool,
    pub(super) first_seen: NaiveDate,
    pub(super) key: Option<String>,
    pub(super) also: BTreeSet<String>,
}

impl Profile {
    /// That of `sighting`. Where its body was given up, its text is unknown: an excerpt would be taken for all of it.
    #[must_use]
    pub fn of(sighting: &Sighting) -> Self {
        let profile = |entry| Self::new(&sighting.source, entry, sighting.first_seen);
        if sighting.pruned.is_none() {
            return profile(&sighting.entry);
        }
        let mut entry = sighting.entry.clone();
        entry.summary = None;
        profile(&entry)
    }

    /// That of `entry` as `source` shows it.
    #[must_use]
    pub fn new(source: &SourceId, entry: &Entry, first_seen: DateTime<Utc>) -> Self {
        let text = match (&entry.content, &entry.summary) {
            // what a picture shows is no text, and all that is text is in the summary
            (Some(_), Some(summary)) if entry.is_described() => words(summary),
            (Some(html), _) => words(&markup::plain(html)),
            (None, Some(summary)) => words(summary),
            (None, None) => Words::default(),
        };
        let title = words(&entry.title);
        let hashes: Vec<u64> = text.iter().map(hash).collect();
        let shingles = shingles(&hashes);
        let mut set = shingles.clone();
        set.sort_unstable();
        set.dedup();
        Self {
            source: source.clone(),
            host: (entry.url.as_ref().and_then(Url::host_str))
                .map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned()),
            authors: (entry.authors.iter())
                .map(|author| author.name.to_lowercase())
                .collect(),
            language: (entry.language.as_deref())
                .and_then(|tag| tag.split('-').next())
                .map(str::to_owned),
            title_size: words::size(&title),
            opening: opening(&entry.title)
                .map(words)
                .filter(|it| words::size(it) >= MIN_OPENING)
                .map_or(0, |it| it.len()),
            title_numbers: words::title_numbers(&title),
            title: title.iter().map(str::to_owned).collect(),
            // one word said a hundred times says no more than once
            size: words::size(&text).min(set.len()),
            numbers: words::numbers(&text),
            shingles,
            set,
            day: entry.published.and_then(|it| day(it.at)),
            is_month: (entry.published).is_some_and(|it| it.precision == Precision::Month),
            first_seen: first_seen.date_naive(),
            key: entry.key.clone(),
            also: entry.also.iter().cloned().collect(),
        }
    }

    /// By what it is found, and looks for others.
    #[must_use]
    pub fn marks(&self) -> Marks {
        let title: Vec<u64> = self.title.iter().map(|word| hash(word)).collect();
        Sketch {
            title: (self.title_size >= MIN_TITLE).then_some(&title),
            opening: (self.opening > 0).then_some(&title[..self.opening]),
            size: self.size,
            smallest: &self.set,
            shingles: &self.shingles,
            day: self.day,
            key: self.key.as_ref(),
            also: self.also.iter().collect(),
        }
        .marks()
    }
}
