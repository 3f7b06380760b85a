//! By what a sighting is found, and looks for others: hashes of its title and its text, the same on every machine and in every
//! version. Most sightings are only ever looked up, so an entry has its marks without a [`Profile`](super::Profile), in one
//! pass over its text.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::words::{Spell, spell};
use crate::lexicon::markup;
use crate::lexicon::words::lower;
use crate::model::{Entry, Mark, MarkKind, Marks};

/// How many words in a row make a shingle.
const SHINGLE: usize = 3;
/// So many of the smallest hashes of its shingles stand for a text (a bottom-k sketch): texts that share half of their
/// shingles have two of these in common in 97 of 100 cases, those that share four tenths in 90.
pub(super) const PARTS: usize = 6;
/// A shorter text says too little to find another one by, words.
pub(super) const MIN_TEXT: usize = 25;
/// A shorter title may be anybody's, words.
pub(super) const MIN_TITLE: usize = 3;
/// A shorter beginning of one, up to where something was put behind it, words.
pub(super) const MIN_OPENING: usize = 4;
/// Two texts that are the same at this length are one at any time, words.
pub(super) const MIN_PRINT: usize = 100;

/// The marks of `entry`: those of its [`Profile`](super::Profile).
#[must_use]
pub fn marks(entry: &Entry) -> Marks {
    let title = Hashes::of(entry.title.len(), [entry.title.as_str()]);
    let opening = opening(&entry.title).map(|it| Hashes::of(it.len(), [it]));
    let text = match (&entry.content, &entry.summary) {
        (Some(_), Some(summary)) if entry.is_described() => {
            Hashes::of(summary.len(), [summary.as_str()])
        }
        (Some(html), _) => Hashes::of(html.len(), markup::pieces(html)),
        (None, Some(summary)) => Hashes::of(summary.len(), [summary.as_str()]),
        (None, None) => Hashes::of(0, []),
    };
    let shingles = shingles(&text.words);
    Sketch {
        title: (title.size() >= MIN_TITLE).then_some(&title.words),
        opening: (opening.as_ref())
            .filter(|it| it.size() >= MIN_OPENING)
            .map(|it| it.words.as_slice()),
        size: text.size().min(distinct(&shingles, MIN_PRINT)),
        smallest: &smallest(&shingles),
        shingles: &shingles,
        day: entry.published.and_then(|it| day(it.at)),
        key: entry.key.as_ref(),
        also: entry.also.iter().collect(),
    }
    .marks()
}

/// What marks are made of.
pub(super) struct Sketch<'a> {
    /// Hashes of the words of the title, if it is long enough.
    pub(super) title: Option<&'a [u64]>,
    /// Of those before what may have been put behind it, if there is such a thing and they are enough.
    pub(super) opening: Option<&'a [u64]>,
    /// How much the text says, words; it may be told as less if it is [`MIN_PRINT`] at least.
    pub(super) size: usize,
    /// The smallest hashes of shingles, each once, in order; up to [`PARTS`] count.
    pub(super) smallest: &'a [u64],
    /// Hashes of all shingles of the text, in its order.
    pub(super) shingles: &'a [u64],
    pub(super) day: Option<NaiveDate>,
    pub(super) key: Option<&'a String>,
    pub(super) also: BTreeSet<&'a String>,
}

impl Sketch<'_> {
    pub(super) fn marks(self) -> Marks {
        let day = self.day.map(number);
        let mut marks = Marks::default();
        for words in self.title.into_iter().chain(self.opening) {
            marks.kept.push(Mark {
                value: narrow(fold(0, words)),
                day,
                kind: MarkKind::Whole,
            });
        }
        if self.size >= MIN_TEXT {
            let smallest = self.smallest.iter().take(PARTS);
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
            marks.kept.push(ever(narrow(fold(1, self.shingles))));
        }
        let link = |key: &String| ever(narrow(fold(2, &[hash(key)])));
        marks.kept.extend(self.also.iter().copied().map(link));
        marks.asked.extend(self.key.map(link));
        marks.links.extend(self.also.iter().copied().cloned());
        marks.kept.sort_unstable();
        marks.kept.dedup();
        marks
    }
}

/// What of a title stands before its first comma, colon, dash or bracket, after which authors put in what they think of later.
pub(super) fn opening(title: &str) -> Option<&str> {
    let mut last = ' ';
    let mut places = title.char_indices().peekable();
    while let Some((at, c)) = places.next() {
        let is_before_space = places.peek().is_some_and(|(_, next)| next.is_whitespace());
        let parts = match c {
            ',' | ':' | ';' => is_before_space,
            '-' | '–' | '—' | '|' => is_before_space && last.is_whitespace(),
            '(' | '[' => last.is_whitespace(),
            _ => false,
        };
        if parts && at > 0 {
            return Some(&title[..at]);
        }
        last = c;
    }
    None
}

/// The day of `at`, but for day 0, which stands for "no day".
pub(super) fn day(at: DateTime<Utc>) -> Option<NaiveDate> {
    Some(at.date_naive()).filter(|day| *day != NaiveDate::default())
}

/// Days since 1970-01-01.
fn number(date: NaiveDate) -> i32 {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// The words of a text, each as its hash.
#[derive(Debug)]
struct Hashes {
    words: Vec<u64>,
    /// How many of them are characters of scripts without spaces.
    characters: usize,
    /// That of the word that has not ended.
    hash: u64,
    has_begun: bool,
    is_in_number: bool,
}

impl Hashes {
    /// Those of a text of about `length` bytes that comes in `pieces`.
    fn of<'a>(length: usize, pieces: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hashes = Self {
            words: Vec::with_capacity(length / 6),
            characters: 0,
            hash: FNV_START,
            has_begun: false,
            is_in_number: false,
        };
        if pieces.into_iter().all(|piece| spell(piece, &mut hashes)) {
            hashes.end();
        }
        hashes
    }

    /// How much the text says, in words: a character of a script without spaces counts half.
    fn size(&self) -> usize {
        self.words.len() - self.characters + self.characters / 2
    }

    fn push(&mut self, c: char) {
        self.hash = (c.encode_utf8(&mut [0; 4]).bytes()).fold(self.hash, fnv);
        (self.has_begun, self.is_in_number) = (true, false);
    }
}

impl Spell for Hashes {
    fn letters(&mut self, text: &str) -> usize {
        // the bit that tells small letters from capital ones
        let lower = text.bytes().map(|b| b | 0x20);
        let mut count = 0;
        for letter in lower.take_while(u8::is_ascii_lowercase) {
            self.hash = fnv(self.hash, letter);
            count += 1;
        }
        if count > 0 {
            (self.has_begun, self.is_in_number) = (true, false);
        }
        count
    }

    fn letter(&mut self, letter: char) {
        lower(letter, |c| self.push(c));
    }

    fn digit(&mut self, digit: char) {
        self.push(digit);
        self.is_in_number = true;
    }

    fn character(&mut self, character: char) {
        self.end();
        self.push(character);
        self.end();
        self.characters += 1;
    }

    fn is_in_number(&self) -> bool {
        self.is_in_number
    }

    fn end(&mut self) {
        if self.has_begun {
            self.words.push(mix(self.hash));
            self.hash = FNV_START;
            (self.has_begun, self.is_in_number) = (false, false);
        }
    }

    fn count(&self) -> usize {
        self.words.len()
    }
}

/// The hashes of every three words in a row; of fewer words, one for all of them.
pub(super) fn shingles(words: &[u64]) -> Vec<u64> {
    words
        .windows(SHINGLE.min(words.len().max(1)))
        .map(|window| fold(3, window))
        .collect()
}

/// How many different ones there are among `hashes`; `most` if there are more.
fn distinct(hashes: &[u64], most: usize) -> usize {
    let count = |hashes: &[u64]| {
        let mut sorted = hashes.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.len().min(most)
    };
    // few are said twice: the first tell, as a rule
    let first = &hashes[..hashes.len().min(most + most / 4)];
    match count(first) {
        fewer if fewer < most => count(hashes),
        enough => enough,
    }
}

/// The [`PARTS`] smallest of `hashes`, each once, in order.
fn smallest(hashes: &[u64]) -> Vec<u64> {
    let mut smallest: Vec<u64> = Vec::with_capacity(PARTS + 1);
    for hash in hashes {
        if smallest.len() == PARTS && *hash >= smallest[PARTS - 1] {
            continue;
        }
        if let Err(at) = smallest.binary_search(hash) {
            smallest.insert(at, *hash);
            smallest.truncate(PARTS);
        }
    }
    smallest
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// A step of FNV-1a.
fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// FNV-1a, mixed: it must give the same on every machine and in every version.
pub(super) fn hash(word: &str) -> u64 {
    mix(word.bytes().fold(FNV_START, fnv))
}

/// The hash of hashes, in their order.
fn fold(seed: u64, hashes: &[u64]) -> u64 {
    (hashes.iter()).fold(mix(seed + 1), |all, hash| mix(all.rotate_left(5) ^ hash))
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

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::super::Profile;
    use super::*;
    use crate::dedupe::samples;
    use crate::model::{Date, Field, Precision, Tier};

    #[test]
    fn a_picture_in_its_description_makes_no_entry_another_one() {
        let mut plain = samples::entry("A walk by the sea", None, None);
        plain.summary = Some("one two three ".repeat(20));
        let mut pictured = plain.clone();
        pictured.content = Some("<img src=\"https://a.example/b.png\" alt=\"\">".to_owned());
        pictured.provenance.insert(Field::Content, Tier::Derived);
        assert_eq!(marks(&pictured), marks(&plain));
    }

    proptest! {
        #[test]
        fn an_entry_is_found_by_the_marks_of_its_profile(
            title in "([A-D]{1,2}[ .,]?|ein |[0-9]|[茶é]|: | - | \\(){0,12}",
            text in "([a-dA-Z]{1,3} |<p>|</p>|&(amp|lt|nbsp|x);|[0-9][.,:]?|[茶市Éß']|<a b=\"x > y\">){0,60}",
            times in 0_usize..60,
            is_body in any::<bool>(),
            seconds in prop::option::of(0_i64..200_000),
        ) {
            let mut entry = samples::entry(&title, None, None);
            let text = text.repeat(times);
            if is_body {
                entry.content = Some(text);
            } else {
                entry.summary = Some(text);
            }
            entry.also = vec!["https://a.example/b".to_owned(), "https://a.example/a".to_owned()];
            entry.published = seconds.and_then(|it| DateTime::from_timestamp(it, 0)).map(|at| Date {
                at,
                precision: Precision::Instant,
            });
            let profile = Profile::new(&samples::source("a"), &entry, DateTime::UNIX_EPOCH);
            prop_assert_eq!(marks(&entry), profile.marks());
        }
    }
}
