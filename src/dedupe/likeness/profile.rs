//! What of a sighting is compared with others.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use url::Url;

use super::words::{self, Words, words};
use crate::lexicon::markup;
use crate::model::{Entry, Mark, MarkKind, Marks, Precision, Sighting, SourceId};

/// How many words in a row make a shingle.
const SHINGLE: usize = 3;
/// So many of the smallest hashes of its shingles stand for a text (a bottom-k sketch): texts that share half of their
/// shingles have two of these in common in 97 of 100 cases, those that share four tenths in 90.
const PARTS: usize = 6;
/// A shorter text says too little to find another one by, words.
pub(super) const MIN_TEXT: usize = 25;
/// A shorter title may be anybody's, words.
pub(super) const MIN_TITLE: usize = 3;
/// Two texts that are the same at this length are one at any time, words.
pub(super) const MIN_PRINT: usize = 100;

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
            (Some(html), _) => words(&markup::plain(html)),
            (None, Some(summary)) => words(summary),
            (None, None) => Words::default(),
        };
        let title = words(&entry.title);
        let shingles = shingles(&text);
        let mut set = shingles.clone();
        set.sort_unstable();
        set.dedup();
        let date = |at: DateTime<Utc>| at.date_naive();
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
            title_numbers: words::title_numbers(&title),
            title: title.iter().map(str::to_owned).collect(),
            // one word said a hundred times says no more than once
            size: words::size(&text).min(set.len()),
            numbers: words::numbers(&text),
            shingles,
            set,
            // day 0 stands for "no day"
            day: (entry.published.map(|it| date(it.at))).filter(|day| *day != NaiveDate::default()),
            is_month: (entry.published).is_some_and(|it| it.precision == Precision::Month),
            first_seen: date(first_seen),
            key: entry.key.clone(),
            also: entry.also.iter().cloned().collect(),
        }
    }

    /// By what it is found, and looks for others.
    #[must_use]
    pub fn marks(&self) -> Marks {
        let day = self.day.map(day);
        let mut marks = Marks::default();
        if self.title_size >= MIN_TITLE {
            marks.kept.push(Mark {
                value: narrow(fold(0, self.title.iter().map(|word| hash(word)))),
                day,
                kind: MarkKind::Whole,
            });
        }
        if self.size >= MIN_TEXT {
            let smallest = self.set.iter().take(PARTS);
            marks.kept.extend(smallest.map(|shingle| Mark {
                value: narrow(*shingle),
                day,
                kind: MarkKind::Part,
            }));
        }
        let ever = |value| Mark {
            value,
            day: None,
            kind: MarkKind::Ever,
        };
        if self.size >= MIN_PRINT {
            let value = narrow(fold(1, self.shingles.iter().copied()));
            marks.kept.push(ever(value));
        }
        let link = |key: &String| ever(narrow(fold(2, [hash(key)])));
        marks.kept.extend(self.also.iter().map(link));
        marks.asked.extend(self.key.iter().map(link));
        marks.links.extend(self.also.iter().cloned());
        marks.kept.sort_unstable();
        marks.kept.dedup();
        marks
    }
}

/// Days since 1970-01-01.
fn day(date: NaiveDate) -> i32 {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// The hashes of every three words in a row; of fewer words, one for all of them.
fn shingles(words: &Words) -> Vec<u64> {
    let hashes: Vec<u64> = words.iter().map(hash).collect();
    hashes
        .windows(SHINGLE.min(hashes.len().max(1)))
        .map(|window| fold(3, window.iter().copied()))
        .collect()
}

/// FNV-1a, mixed: it must give the same on every machine and in every version.
fn hash(word: &str) -> u64 {
    mix(word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// The hash of hashes, in their order.
fn fold(seed: u64, hashes: impl IntoIterator<Item = u64>) -> u64 {
    (hashes.into_iter()).fold(mix(seed + 1), |all, hash| mix(all.rotate_left(5) ^ hash))
}

/// The finaliser of SplitMix64.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
fn narrow(hash: u64) -> u32 {
    hash as u32
}
