//! Which known post each entry is.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;

use crate::model::{Date, Entry, KnownPost, Precision};

/// A shorter beginning of an excerpt may well be a title.
const MIN_BYTES: usize = 24;
/// One post is dated alike wherever it is, but for its time zone,
const SAME_DAY: TimeDelta = TimeDelta::days(1);
/// and where only the month is told.
const SAME_MONTH: TimeDelta = TimeDelta::days(31);

/// Of fewer words nobody can say that they are another text; it is one if so many percent of the shorter are not in the longer.
const FEW_WORDS: usize = 5;
const OTHER: usize = 50;

/// How near two titles are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same letters.
    Same,
    /// The same words for the most part: its author has worked on it.
    Alike,
    /// Another one.
    Other,
}

/// Titles that share so many percent of their pairs of letters are alike.
const ALIKE: usize = 40;

/// What an entry is to the posts that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// The known post of that number: the same link (where both have one).
    Known {
        /// Its place among the posts.
        post: usize,
        /// How near the title is to the known one.
        title: Likeness,
    },
    /// A known link, with its excerpt in place of its title.
    Mixed,
    /// The title and date of the known post of that number under another link, while the link that was known is gone.
    Moved {
        /// Its place among the posts.
        post: usize,
    },
    /// Never seen.
    New,
}

/// What each of `entries` is.
pub(super) fn tell(entries: &[Entry], posts: &[KnownPost]) -> Vec<Is> {
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    let mut by_title: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, post) in posts.iter().enumerate() {
        if let Some(key) = &post.key {
            by_key.entry(key).or_insert(at);
        }
        by_title.entry(letters(&post.title)).or_default().push(at);
    }
    let listed: HashSet<&str> = entries.iter().filter_map(|it| it.key.as_deref()).collect();
    entries
        .iter()
        .map(|entry| {
            let title = letters(&entry.title);
            if let Some(&post) = entry.key.as_deref().and_then(|key| by_key.get(key)) {
                let known = &posts[post];
                let summary = known.summary.as_deref().map(letters).unwrap_or_default();
                let same = title == letters(&known.title);
                if !same && title.len() >= MIN_BYTES && summary.starts_with(&title) {
                    return Is::Mixed;
                }
                let title = likeness(&title, &letters(&known.title));
                return Is::Known { post, title };
            }
            let namesakes = by_title.get(&title).map(Vec::as_slice).unwrap_or_default();
            if let Some(&post) = namesakes
                .iter()
                .find(|post| entry.key.is_none() || posts[**post].key.is_none())
            {
                let title = Likeness::Same;
                return Is::Known { post, title };
            }
            // "Links of the week" comes again: it is another post if it has another date, or stands beside the first, or, where
            // it has come again before, if it says something else
            let repeats = namesakes.len() > 1;
            let moved = namesakes.iter().find(|post| {
                let post = &posts[**post];
                post.key.as_deref().is_none_or(|key| !listed.contains(key))
                    && is_same_day(post.published, entry.published)
                    && !(repeats
                        && is_other_text(post.summary.as_deref(), entry.summary.as_deref()))
            });
            moved.map_or(Is::New, |post| Is::Moved { post: *post })
        })
        .collect()
}

/// Compares the letters of two titles, by the pairs that they share: that holds in scripts without words, too.
fn likeness(one: &str, other: &str) -> Likeness {
    if one == other {
        return Likeness::Same;
    }
    let pairs =
        |text: &str| -> HashSet<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (one, other) = (pairs(one), pairs(other));
    let shared = one.intersection(&other).count();
    if shared * 200 >= (one.len() + other.len()) * ALIKE && shared > 0 {
        Likeness::Alike
    } else {
        Likeness::Other
    }
}

/// True if nothing says that these are two dates.
fn is_same_day(one: Option<Date>, other: Option<Date>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return true;
    };
    let far = if one.precision.min(other.precision) == Precision::Month {
        SAME_MONTH
    } else {
        SAME_DAY
    };
    (one.at - other.at).abs() <= far
}

/// True if two texts, or their beginnings, are of two posts.
fn is_other_text(one: Option<&str>, other: Option<&str>) -> bool {
    let words = |text: Option<&str>| -> HashSet<String> {
        text.unwrap_or_default()
            .split_whitespace()
            .map(letters)
            .filter(|word| !word.is_empty())
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let least = one.len().min(other.len());
    let shared = one.intersection(&other).count();
    least >= FEW_WORDS && (least - shared) * 100 > OTHER * least
}

/// The letters and figures of a title: what is left when only its dress changes.
fn letters(title: &str) -> String {
    title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
