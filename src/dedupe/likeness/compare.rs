//! How like two sightings are.

use std::collections::BTreeSet;

use super::marks::{MIN_PRINT, MIN_TEXT, MIN_TITLE};
use super::profile::Profile;
use super::words::words;
use crate::model::{Likeness, Veto};

/// From this score on, two entries are one. Chosen on the labelled pairs in `fixtures/pairs` that are not held out: from
/// .55 to .65 none of them is judged wrongly; this is in between, on the side of keeping both.
pub const THRESHOLD: f64 = 0.62;
/// Entries that are further apart are two, days.
pub const WINDOW_DAYS: u32 = 30;
/// The weight of the texts; the rest is the titles'.
const TEXT_WEIGHT: f64 = 0.85;
/// The beginning of an article under its title is nearly as good as all of it.
const EXCERPT_WEIGHT: f64 = 0.9;
/// Titles that share so much are the same title.
const SAME_TITLE: f64 = 0.9;
/// Titles that share so little are of something else, whatever a link says.
const OTHER_TITLE: f64 = 0.5;
/// Texts that share so much are in one language, whatever their sources say.
const SAME_TEXT: f64 = 0.8;
/// Under other titles, texts that begin otherwise may share only what a site puts below all of them: so many shingles are
/// the beginning, and so much of it must stand in the other one.
const OPENING: usize = 12;
const SAME_OPENING: f64 = 0.5;
/// What such texts' likeness is worth.
const OTHER_OPENING: f64 = 0.6;
/// Texts that share so many of their shingles have nine of ten words in common: the same for those who have read one.
const SAME_WORDS: f64 = 0.55;
/// A teaser of fewer words is no evidence.
const MIN_TEASER: usize = 12;
/// Unless it is dated to the same day, and says so much at least, and so much with its title: an index page shows no more.
const MIN_LINE: usize = 6;
const MIN_TOLD: usize = 14;
/// With nothing but titles, they must be longer, words.
const MIN_LONE_TITLE: usize = 4;
/// The score of a link that both are known by, and of the same title on one host and day.
const BY_LINK: f64 = 0.95;
const BY_PLACE: f64 = 0.7;

/// True if entries that are so alike are one.
#[must_use]
pub fn is_same(likeness: &Likeness) -> bool {
    likeness.veto.is_none() && likeness.score >= THRESHOLD
}

/// How like `a` and `b` are. The same whichever comes first.
#[must_use]
pub fn compare(a: &Profile, b: &Profile) -> Likeness {
    let title = title_likeness(words_of(&a.title), words_of(&b.title));
    let shared = count_shared(&a.set, &b.set);
    let text = share(shared, a.set.len() + b.set.len() - shared);
    let same_title = title >= SAME_TITLE && a.title_size.min(b.title_size) >= MIN_TITLE;
    let excerpt = if same_title { excerpt(a, b) } else { 0.0 };
    let least = match same_title {
        true if is_one_day(a, b) => MIN_TOLD
            .saturating_sub(a.title_size.min(b.title_size))
            .clamp(MIN_LINE, MIN_TEASER),
        true => MIN_TEASER,
        false => MIN_TEXT,
    };
    let days = days_between(a, b);
    let mut likeness = Likeness {
        score: 0.0,
        title,
        text,
        excerpt,
        link: is_linked(a, b) && (title >= OTHER_TITLE || text >= OTHER_TITLE || excerpt > 0.0),
        place: is_one_place(a, b),
        days,
        veto: None,
    };
    if a.size.min(b.size) >= least {
        let texts = text.max(EXCERPT_WEIGHT * excerpt * excerpt);
        let is_telling = title >= OTHER_TITLE || opening(a, b) >= SAME_OPENING;
        let weight = if is_telling { 1.0 } else { OTHER_OPENING };
        likeness.score = weight * (TEXT_WEIGHT * texts + (1.0 - TEXT_WEIGHT) * title);
    }
    if likeness.place {
        likeness.score = likeness.score.max(BY_PLACE);
    }
    if likeness.link {
        likeness.score = likeness.score.max(BY_LINK);
    }
    likeness.veto = veto(a, b, &likeness);
    likeness
}

/// True if a reader of the text `old` would want to read `new`: it has another title, or a tenth of its text is other
/// words. Of a text that was given up nothing can be told.
#[must_use]
pub fn is_rewritten(old: &Profile, new: &Profile) -> bool {
    let shared = count_shared(&old.set, &new.set);
    let all = old.set.len() + new.set.len() - shared;
    old.title != new.title || !old.set.is_empty() && share(shared, all) < SAME_WORDS
}

/// True if two titles may be of one article: most of their words are the same.
#[must_use]
pub fn is_same_title(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    title_likeness(a.iter().collect(), b.iter().collect()) >= OTHER_TITLE
}

fn veto(a: &Profile, b: &Profile, likeness: &Likeness) -> Option<Veto> {
    let is_print = a.shingles == b.shingles && a.title == b.title && a.size >= MIN_PRINT;
    let month = if a.is_month || b.is_month { 31 } else { 0 };
    let differ = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
        (a.difference(b).count()).min(b.difference(a).count())
    };
    if a.source == b.source {
        Some(Veto::SameSource)
    } else if differ(&a.title_numbers, &b.title_numbers) > 0 {
        Some(Veto::TitleNumbers)
    } else if likeness.text > 0.3 && is_filled_in(&a.numbers, &b.numbers) {
        Some(Veto::TextNumbers)
    } else if likeness.days > WINDOW_DAYS + month && !is_print && !likeness.link {
        Some(Veto::FarApart)
    } else if a.language.is_some()
        && b.language.is_some()
        && a.language != b.language
        && likeness.text < SAME_TEXT
    {
        Some(Veto::Language)
    } else {
        None
    }
}

/// True if two texts that are alike name other numbers, as two forms do that were filled in: two at least, and not just a
/// few of many, which may be corrected.
fn is_filled_in(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let other = (a.difference(b).count()).min(b.difference(a).count());
    let shared = a.intersection(b).count();
    match other {
        0 => false,
        1 => shared <= 1,
        _ => other * 10 >= (other + shared) * 3,
    }
}

fn words_of(title: &[String]) -> Vec<&str> {
    title.iter().map(String::as_str).collect()
}

/// Twice the words that both titles have, of all words of both.
pub(in crate::dedupe) fn title_likeness(mut a: Vec<&str>, mut b: Vec<&str>) -> f64 {
    a.sort_unstable();
    b.sort_unstable();
    let shared = count_shared(&a, &b);
    share(2 * shared, a.len() + b.len())
}

/// How many members of two sorted lists are in both; what is twice in both counts twice.
fn count_shared<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut at, mut in_b, mut shared) = (0, 0, 0);
    while at < a.len() && in_b < b.len() {
        match a[at].cmp(&b[in_b]) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => in_b += 1,
            std::cmp::Ordering::Equal => {
                at += 1;
                in_b += 1;
                shared += 1;
            }
        }
    }
    shared
}

/// How much of the shorter text stands at the beginning of the longer one.
fn excerpt(a: &Profile, b: &Profile) -> f64 {
    let (short, long) = if (a.shingles.len(), &a.shingles) <= (b.shingles.len(), &b.shingles) {
        (a, b)
    } else {
        (b, a)
    };
    // a few words may stand before it
    let reach = (short.shingles.len() * 5 / 4 + 3).min(long.shingles.len());
    let mut beginning = long.shingles[..reach].to_vec();
    beginning.sort_unstable();
    beginning.dedup();
    share(count_shared(&short.set, &beginning), short.set.len())
}

/// How much of the beginning of one text stands somewhere in the other one: of that of which more does.
fn opening(a: &Profile, b: &Profile) -> f64 {
    let found = |one: &Profile, other: &Profile| {
        let beginning = &one.shingles[..one.shingles.len().min(OPENING)];
        let found = (beginning.iter()).filter(|it| other.set.binary_search(it).is_ok());
        share(found.count(), beginning.len())
    };
    found(a, b).max(found(b, a))
}

/// True if one is known by an address of the other. That both have the same link is no evidence here: it would be an
/// alias, unless it stands on several entries.
fn is_linked(a: &Profile, b: &Profile) -> bool {
    let knows = |one: &Profile, key: Option<&String>| key.is_some_and(|key| one.also.contains(key));
    knows(a, b.key.as_ref()) || knows(b, a.key.as_ref()) || !a.also.is_disjoint(&b.also)
}

/// True if both are dated to the same day.
fn is_one_day(a: &Profile, b: &Profile) -> bool {
    a.day.is_some() && a.day == b.day && !a.is_month && !b.is_month
}

/// True if both have the same title on the same host on the same day, and at least one of them no text.
fn is_one_place(a: &Profile, b: &Profile) -> bool {
    let authors_may_be_one =
        a.authors.is_empty() || b.authors.is_empty() || !a.authors.is_disjoint(&b.authors);
    a.host.is_some()
        && a.host == b.host
        && a.title == b.title
        && a.title_size >= MIN_LONE_TITLE
        && a.day.is_some()
        && b.day.is_some()
        && days_between(a, b) <= 1
        && !a.is_month
        && !b.is_month
        && a.size.min(b.size) < MIN_TEASER
        && authors_may_be_one
}

/// Days between the two. One without a date was published before it was first seen, and nothing else is known of it.
fn days_between(a: &Profile, b: &Profile) -> u32 {
    let days = match (a.day, b.day) {
        (Some(a), Some(b)) => a.signed_duration_since(b).num_days().unsigned_abs(),
        (Some(day), None) => later(day, b.first_seen),
        (None, Some(day)) => later(day, a.first_seen),
        (None, None) => 0,
    };
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// How many days `day` is later than `seen`.
fn later(day: chrono::NaiveDate, seen: chrono::NaiveDate) -> u64 {
    u64::try_from(day.signed_duration_since(seen).num_days()).unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
