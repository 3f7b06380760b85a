//! What counts as a migration, and what does not: one blog, moved and changed in every way.

mod numbers;
mod series;
mod single;
mod sources;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::dedupe::samples;
use crate::model::Print;

/// A title and a text, neither of which shares words with its neighbours.
const TOPICS: [(&str, &str); 12] = [
    (
        "How the ferry learnt to wait",
        "ferry pier timetable rope captain fog bell harbour passenger storm delay winter",
    ),
    (
        "Beech hedges in a dry spring",
        "beech root mulch trench spade shade leaf frost gardener hose soil shears",
    ),
    (
        "Three lamps for a long hall",
        "lamp cable switch ceiling brass bulb ladder plaster hallway evening fuse glass",
    ),
    (
        "What bread does overnight",
        "dough yeast oven flour kneading crust baker salt cellar morning steam linen",
    ),
    (
        "The clock above the market",
        "clock pendulum tower gear weight chime market mason pigeon brass shaft hour",
    ),
    (
        "Mending nets without a needle",
        "net knot twine mesh trawler needle herring float quay fisherman tar wharf",
    ),
    (
        "A library that moved by tram",
        "library tram shelf crate catalogue reader wheel street borrower driver map stop",
    ),
    (
        "Why our bees left in May",
        "bee swarm hive queen orchard smoke comb keeper blossom box veil honey",
    ),
    (
        "Paper from last year's straw",
        "paper straw vat pulp mould felt press sheet fibre printer ink drying",
    ),
    (
        "Rain gauges of the old school",
        "gauge rain pupil teacher roof glass ledger cloud measure bucket gutter yard",
    ),
    (
        "Two winters with one stove",
        "stove log chimney ember iron ash kettle blanket draught splitting axe shed",
    ),
    (
        "Notes on a crooked staircase",
        "stair tread banister carpenter nail plank landing cellar attic creak chisel level",
    ),
];

fn at(day: i64, hour: i64) -> DateTime<Utc> {
    let first: DateTime<Utc> = "2024-03-01T00:00:00Z".parse().unwrap();
    first + TimeDelta::days(day) + TimeDelta::hours(hour) + TimeDelta::seconds(hour * 61 % 3_600)
}

/// The text of a topic: its words in an order of their own, so that two of them share no run of three.
fn text(number: usize) -> String {
    let words = TOPICS[number % TOPICS.len()].1;
    format!(
        "{words}, said again backwards: {}",
        words.split(' ').rev().collect::<Vec<_>>().join(" ")
    )
}

/// Post `number`: dated to the second, two days after the one before.
fn post(number: usize) -> Entry {
    let title = TOPICS[number % TOPICS.len()].0;
    let link = format!("blog.example/2024/{number}.html");
    let mut entry = samples::entry(title, Some(&format!("http://{link}")), Some(&link));
    let day = i64::try_from(number).unwrap() * 2;
    entry.published = Some(Date {
        at: at(day, 9),
        precision: Precision::Instant,
    });
    entry.summary = Some(text(number));
    entry.print = Print([u8::try_from(number).unwrap() + 1; 16]);
    entry
}

/// Those posts, newest first.
fn posts(numbers: std::ops::Range<usize>) -> Vec<Entry> {
    numbers.rev().map(post).collect()
}

/// What the archive knows after a reading of `entries`, of which the `listed` first ones were in the last.
fn known(entries: &[Entry], listed: usize) -> Vec<KnownPost> {
    (0i64..)
        .zip(entries)
        .map(|(number, entry)| KnownPost {
            entry: EntryKey(number),
            guid: entry.guid.clone(),
            key: entry.key.clone(),
            title: entry.title.clone(),
            summary: entry.summary.clone(),
            published: entry.published,
            print: entry.print,
            listed: number < i64::try_from(listed).unwrap(),
        })
        .collect()
}

/// What comes of it: `known: right of open, wrong`, and whether it is an event. A pair is right if both have one summary,
/// where there is any, else one title.
fn follow(
    posts: &[KnownPost],
    entries: &[Entry],
    truth: impl Fn(&KnownPost, &Entry) -> bool,
) -> (usize, usize, bool) {
    let shown: Vec<Shown<'_>> = entries
        .iter()
        .map(|entry| Shown {
            entry,
            is: posts
                .iter()
                .find(|it| {
                    it.guid.is_some() && it.guid == entry.guid
                        || it.key == entry.key && it.key.is_some()
                })
                .map(|it| it.entry),
            is_late: false,
        })
        .collect();
    let found = migrate(posts, &shown, &BTreeSet::new());
    let right = (found.pairs.iter())
        .filter(|(at, post)| truth(&posts[*post], &entries[*at]))
        .count();
    (right, found.pairs.len() - right, found.is_event)
}

fn same_title(post: &KnownPost, entry: &Entry) -> bool {
    letters(&post.title) == letters(&entry.title)
}

/// The entry under another guid and link.
fn renamed(mut entry: Entry) -> Entry {
    let link = entry
        .key
        .take()
        .unwrap()
        .replace("blog.example/2024/", "new.example/posts/a-")
        .replace(".html", "/");
    entry.guid = Some(format!("https://{link}"));
    entry.url = Some(format!("https://{link}").parse().unwrap());
    entry.key = Some(link);
    entry
}

fn all(entries: Vec<Entry>, change: impl Fn(Entry) -> Entry) -> Vec<Entry> {
    entries.into_iter().map(change).collect()
}

fn retitled(mut entry: Entry) -> Entry {
    entry.title.push_str(", corrected");
    entry
}

fn undated(mut entry: Entry) -> Entry {
    entry.published = None;
    entry
}

fn textless(mut entry: Entry) -> Entry {
    entry.summary = None;
    entry
}

fn by_day(mut entry: Entry) -> Entry {
    if let Some(date) = &mut entry.published {
        *date = Date {
            at: date.at.date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc(),
            precision: Precision::Day,
        };
    }
    entry
}

/// Dated to the day of the move.
fn redated(mut entry: Entry) -> Entry {
    let number = i64::from(entry.print.0[0]);
    entry.published = Some(Date {
        at: at(400, 0) + TimeDelta::seconds(number * 3),
        precision: Precision::Instant,
    });
    entry
}

fn other_text(mut entry: Entry) -> Entry {
    entry.summary = Some("an introduction that somebody wrote for the new list of this site and that nobody has read before".into());
    entry.print = Print([99; 16]);
    entry
}

#[test]
fn what_is_still_listed_has_not_moved() {
    let was = posts(0..10);
    let posts = known(&was, 10);
    let mut now = was.clone();
    now.extend(all(was, renamed));
    assert_eq!(follow(&posts, &now, same_title), (0, 0, false));
}

#[test]
fn new_posts_are_no_event() {
    let was = posts(0..4);
    assert_eq!(
        follow(&known(&was, 4), &posts(2..12), same_title),
        (0, 0, false)
    );
    assert_eq!(
        follow(&known(&was, 4), &posts(4..12), same_title),
        (0, 0, false),
        "none is known"
    );
    assert_eq!(
        follow(&[], &posts(0..10), same_title),
        (0, 0, false),
        "a new source"
    );
}

#[test]
fn no_post_is_two_entries_and_no_entry_two_posts() {
    let posts = known(&[post(0), post(1), post(2), post(3)], 4);
    let mut now: Vec<Entry> = (0..4).map(|it| renamed(post(it))).collect();
    let mut twice = now[0].clone();
    twice.key = Some("new.example/featured".into());
    twice.guid = None;
    now.push(twice);
    let (right, wrong, _) = follow(&posts, &now, same_title);
    assert_eq!((right, wrong), (4, 0));
}
