//! What counts as a migration, and what does not: one blog, moved and changed in every way.

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

/// Dated by day, to a week of its own.
fn by_week(mut entry: Entry) -> Entry {
    let number = i64::from(entry.print.0[0]);
    if let Some(date) = &mut entry.published {
        date.at = at(number * 7, 0);
    }
    by_day(entry)
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

/// What becomes of a post.
type Fate = fn(Entry) -> Entry;

#[test]
fn a_source_that_moves_is_one_event_and_every_post_is_known_again() {
    let was = posts(0..10);
    let same: Fate = |it| it;
    let cases: [(&str, Fate, Fate); 12] = [
        ("other guids and links", same, same),
        ("without texts", textless, textless),
        ("a page of days in the place of a feed", same, |it| {
            by_day(textless(it))
        }),
        (
            "a feed in the place of a page of days",
            |it| by_day(textless(it)),
            same,
        ),
        (
            "a feed in the place of a page without dates",
            |it| undated(textless(it)),
            same,
        ),
        ("a page without dates in the place of a feed", same, |it| {
            undated(textless(it))
        }),
        (
            "nothing but titles",
            |it| undated(textless(it)),
            |it| undated(textless(it)),
        ),
        ("another time zone", same, |mut it| {
            if let Some(date) = &mut it.published {
                date.at += TimeDelta::hours(8);
            }
            it
        }),
        ("all dated to the day of the move", same, redated),
        ("the same, and no texts", textless, |it| {
            textless(redated(it))
        }),
        ("other introductions", same, other_text),
        ("titles in another dress", same, |mut it| {
            it.title = it.title.to_uppercase().replace('\'', "\u{2019}");
            it
        }),
    ];
    for (what, before, after) in cases {
        let posts = known(&all(was.clone(), before), 10);
        let now = all(was.clone(), |it| renamed(after(it)));
        assert_eq!(follow(&posts, &now, same_title), (10, 0, true), "{what}");
    }
}

#[test]
fn a_relaunch_with_some_old_posts_and_new_ones_is_one_event() {
    let posts = known(&posts(0..8), 8);
    for (what, now) in [
        ("two thirds are old", (2..11).rev().collect::<Vec<_>>()),
        ("four of ten are old", vec![11, 10, 9, 8, 7, 6, 5, 4]),
    ] {
        let old = now.iter().filter(|it| **it < 8).count();
        let now: Vec<Entry> = now.into_iter().map(|it| renamed(post(it))).collect();
        assert_eq!(follow(&posts, &now, same_title), (old, 0, true), "{what}");
        let now = all(now, redated);
        assert_eq!(
            follow(&posts, &now, same_title),
            (old, 0, true),
            "{what}, redated"
        );
    }
}

#[test]
fn titles_that_were_worked_on_during_the_move_are_known_by_their_very_dates() {
    let posts = known(&posts(0..10), 10);
    let now = all(self::posts(0..10), |mut it| {
        if it.title.contains("bread") || it.title.contains("clock") {
            it.title = format!("{}, told again", it.title);
        }
        renamed(it)
    });
    let (right, wrong, is_event) = follow(&posts, &now, |post, entry| {
        post.published == entry.published
    });
    assert_eq!((right, wrong, is_event), (10, 0, true));
}

fn retitled(mut entry: Entry) -> Entry {
    entry.title.push_str(", corrected");
    entry
}

#[test]
fn a_single_post_is_known_again_by_its_title_and_its_very_date() {
    let was = posts(0..10);
    let posts = known(&was, 10);
    let with = |change: fn(Entry) -> Entry| {
        let mut now = was.clone();
        now[4] = renamed(change(now[4].clone()));
        let right = |post: &KnownPost, _: &Entry| post.title == was[4].title;
        follow(&posts, &now, right)
    };
    assert_eq!(with(|it| it), (1, 0, false));
    assert_eq!(with(other_text), (1, 0, false));
    // a word more in its title, and all the rest is the same
    assert_eq!(with(retitled), (1, 0, false));
    assert_eq!(with(|it| other_text(retitled(it))), (0, 0, false));
    // nothing but the title is too little for one
    assert_eq!(with(|it| textless(undated(it))), (0, 0, false));
    assert_eq!(with(|it| other_text(undated(it))), (0, 0, false));
    assert_eq!(with(redated), (0, 0, false));
    // the whole text is enough where there is no date
    assert_eq!(with(undated), (1, 0, false));
    assert_eq!(with(|it| undated(retitled(it))), (1, 0, false));
}

#[test]
fn a_day_and_an_instant_of_it_are_one_date() {
    let mut was = posts(0..10);
    was[4] = by_day(textless(was[4].clone()));
    let mut now = was.clone();
    now[4] = renamed(post(5));
    assert_eq!(follow(&known(&was, 10), &now, same_title), (1, 0, false));
    now[4] = renamed(post(5));
    if let Some(date) = &mut now[4].published {
        date.at += TimeDelta::days(1);
    }
    assert_eq!(follow(&known(&was, 10), &now, same_title), (0, 0, false));
}

#[test]
fn a_post_that_comes_back_under_a_date_of_the_past_is_known_by_its_whole_text() {
    let was = posts(0..10);
    let posts = known(&was, 4);
    let with = |change: fn(Entry) -> Entry, is_late| {
        let entry = renamed(change(was[7].clone()));
        let shown = [Shown {
            entry: &entry,
            is: None,
            is_late,
        }];
        let found = migrate(&posts, &shown, &BTreeSet::new());
        assert!(!found.is_event);
        found.pairs == [(0, 7)]
    };
    assert!(with(redated, true));
    assert!(with(|it| redated(retitled(it)), true));
    assert!(!with(|it| redated(other_text(it)), true));
    assert!(!with(|it| redated(textless(it)), true));
    // dated to the time at which it came, it is said again
    assert!(!with(redated, false));
}

#[test]
fn a_short_text_is_whole_with_its_title_where_both_are_to_the_letter() {
    let short = |mut it: Entry| {
        it.title = format!("{}, and what came of it in the end", it.title);
        it.summary = it
            .summary
            .map(|it| it.split(' ').take(12).collect::<Vec<_>>().join(" "));
        it
    };
    let was = all(posts(0..10), short);
    let mut now = was.clone();
    now[4] = renamed(undated(now[4].clone()));
    assert_eq!(follow(&known(&was, 10), &now, same_title), (1, 0, false));
    // nor does it matter where the excerpt was cut, if it is the beginning
    now[4].print = Print([77; 16]);
    let excerpt = now[4].summary.take().unwrap();
    now[4].summary = Some(excerpt[..excerpt.len() - 3].to_owned());
    assert_eq!(follow(&known(&was, 10), &now, same_title), (1, 0, false));
    now[4].summary = Some(format!("Today: {excerpt}"));
    assert_eq!(follow(&known(&was, 10), &now, same_title), (0, 0, false));
}

#[test]
fn one_of_two_blogs_in_a_list_moves() {
    let was = posts(0..12);
    let posts = known(&was, 12);
    let is_of_one = |at: usize| at.is_multiple_of(3);
    let now = |change: fn(Entry) -> Entry| -> Vec<Entry> {
        (was.iter().enumerate())
            .map(|(at, it)| {
                if is_of_one(at) {
                    renamed(change(it.clone()))
                } else {
                    it.clone()
                }
            })
            .collect()
    };
    assert_eq!(follow(&posts, &now(|it| it), same_title), (4, 0, true));
    assert_eq!(follow(&posts, &now(redated), same_title), (4, 0, true));
    assert_eq!(follow(&posts, &now(undated), same_title), (4, 0, true));
    // nothing but titles is too little while the rest is as it was
    let bare: Fate = |it| Entry {
        print: Print([99; 16]),
        ..textless(undated(it))
    };
    assert_eq!(follow(&posts, &now(bare), same_title), (0, 0, false));
}

#[test]
fn a_text_that_a_source_says_again_and_again_tells_no_single_post() {
    let mut was = posts(0..10);
    let notice = "the office is closed for the day and opens again in the morning as ever, please leave parcels \
        with the neighbours across the yard until then";
    for number in [3, 6] {
        was[number].title = "Closed for the day".to_owned();
        was[number].summary = Some(notice.to_owned());
    }
    let posts = known(&was, 4);
    let mut again = undated(renamed(was[3].clone()));
    again.key = Some("blog.example/closed".to_owned());
    let mut now = vec![again];
    now.extend_from_slice(&was[..3]);
    now.push(was[4].clone());
    assert_eq!(follow(&posts, &now, same_title), (0, 0, false));
}

/// An issue of a series under another guid and link.
fn renamed_issue(mut it: Entry) -> Entry {
    it.guid = Some(format!("new-{}", it.guid.unwrap()));
    it.key = Some(format!("new.example/{}", it.key.unwrap()));
    it
}

#[test]
fn a_series_that_moves_and_is_dated_anew_is_told_apart_by_its_texts() {
    fn begun(mut it: Entry, count: usize) -> Entry {
        let text = it.summary.unwrap();
        it.summary = Some(text.split(' ').take(count).collect::<Vec<_>>().join(" "));
        it
    }
    let moved = |it| redated(renamed_issue(it));
    let tellings: [fn(Entry) -> Entry; 3] = [|it| it, |it| begun(it, 13), |it| begun(it, 10)];
    for told in tellings {
        let was = series(0..40, &["Weekly links"], told);
        let now = all(was[..10].to_vec(), moved);
        let right = |post: &KnownPost, entry: &Entry| post.summary == entry.summary;
        assert_eq!(follow(&known(&was, 10), &now, right), (10, 0, true));
        // new issues with texts of their own
        let news = all(series(40..50, &["Weekly links"], told), moved);
        assert_eq!(follow(&known(&was, 10), &news, right), (0, 0, false));
    }
}

#[test]
fn old_issues_of_a_series_that_are_put_in_later_are_new_though_their_days_are_near_those_of_others()
{
    let words = |it: Entry, count| {
        let text = it
            .summary
            .map(|it| it.split(' ').take(count).collect::<Vec<_>>().join(" "));
        Entry {
            summary: text.filter(|it| !it.is_empty()),
            ..it
        }
    };
    for (what, count) in [("none of a text", 0), ("its beginning", 10), ("all", 100)] {
        for (when, hours) in [
            ("that day", 0),
            ("the day after", 24),
            ("the day before", -24),
        ] {
            let was = all(series(0..40, &["Weekly links"], by_day), |it| {
                words(it, count)
            });
            let put_in = series(60..72, &["Weekly links"], by_day)
                .into_iter()
                .enumerate();
            let mut now = was[..10].to_vec();
            now.extend(put_in.map(|(at, mut it)| {
                let day = i64::try_from(at * 2 + 3).unwrap();
                it.published = was[was.len() - 1].published.map(|mut date| {
                    date.at += TimeDelta::days(day) + TimeDelta::hours(hours);
                    date
                });
                words(it, count)
            }));
            let found = follow(&known(&was, 10), &now, |_, _| false);
            assert_eq!(found, (0, 0, false), "{what}, {when}");
        }
    }
}

#[test]
fn an_old_issue_of_a_series_that_comes_back_is_known_by_its_few_words_though_one_was_mended() {
    let short = |mut it: Entry| {
        let text = it.summary.unwrap();
        it.summary = Some(text.split(' ').take(10).collect::<Vec<_>>().join(" "));
        it
    };
    let was = all(series(0..40, &["Weekly links"], by_week), short);
    let mut now = was[..10].to_vec();
    now.extend(all(was[20..26].to_vec(), |mut it| {
        let text = it.summary.unwrap();
        let text = text.replacen(text.split(' ').nth(4).unwrap(), "mended", 1);
        // nor does it matter that the last of eight words is cut
        let cut: Vec<&str> = text.split(' ').take(8).collect();
        it.summary = cut
            .join(" ")
            .strip_suffix(char::is_alphanumeric)
            .map(str::to_owned);
        it.print = Print([99; 16]);
        renamed_issue(it)
    }));
    let right = |post: &KnownPost, entry: &Entry| post.published == entry.published;
    assert_eq!(follow(&known(&was, 10), &now, right), (6, 0, false));
}

#[test]
fn a_time_that_several_posts_of_one_title_have_tells_none_of_them() {
    let at_once = |mut it: Entry| {
        it.published = post(3).published;
        it
    };
    let was = series(0..20, &["Weekly links"], at_once);
    let news = all(series(40..50, &["Weekly links"], at_once), |mut it| {
        it.key = it.key.map(|key| format!("new.example/{key}"));
        it
    });
    assert_eq!(follow(&known(&was, 10), &news, |_, _| false), (0, 0, false));
    // what has their texts is what it was
    let now = all(was[..10].to_vec(), renamed_issue);
    let right = |post: &KnownPost, entry: &Entry| post.summary == entry.summary;
    assert_eq!(follow(&known(&was, 10), &now, right), (10, 0, true));
}

#[test]
fn a_guid_of_a_post_with_which_an_entry_has_nothing_in_common_is_used_again() {
    let with = |change: fn(Entry) -> Entry| {
        let was = known(&[post(3)], 1);
        is_used_again(&was[0], &change(post(4)))
    };
    assert!(with(|it| it));
    assert!(with(undated));
    // titles may be made to one pattern
    assert!(with(|it| Entry {
        title: "What frost does overnight".to_owned(),
        ..it
    }));
    // as long as anything goes on, it is the post, edited
    assert!(!with(|it| Entry {
        key: post(3).key,
        ..it
    }));
    assert!(!with(|it| Entry {
        title: retitled(post(3)).title,
        ..it
    }));
    assert!(!with(|it| Entry {
        summary: post(3).summary,
        ..it
    }));
    assert!(!with(|it| Entry {
        published: post(3).published,
        ..it
    }));
    // and where there is no text nobody can tell
    assert!(!with(textless));
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

/// A series: the same few titles for ever, each entry a day after the one before.
fn series(days: std::ops::Range<i64>, titles: &[&str], change: fn(Entry) -> Entry) -> Vec<Entry> {
    days.rev()
        .map(|day| {
            let number = usize::try_from(day).unwrap();
            let mut entry = post(number % 12);
            entry.title = titles[number % titles.len()].to_owned();
            let link = format!("blog.example/{day}");
            entry.guid = Some(link.clone());
            entry.key = Some(link);
            entry.published = Some(Date {
                at: at(day, 7),
                precision: Precision::Instant,
            });
            // each issue is about something else
            entry.summary = entry.summary.map(|it| {
                let words: Vec<String> = it.split(' ').map(|word| format!("{word}{day}")).collect();
                words.join(" ")
            });
            entry.print = Print([u8::try_from(day).unwrap(); 16]);
            change(entry)
        })
        .collect()
}

#[test]
fn a_source_whose_titles_always_repeat_goes_on() {
    let week = [
        "Monday notes",
        "Tuesday notes",
        "Wednesday notes",
        "Thursday notes",
        "Friday notes",
        "Saturday notes",
        "Sunday notes",
    ];
    for titles in [
        &["Weekly links"][..],
        &["Morning briefing", "Evening briefing"],
        &week,
    ] {
        for (what, change) in [
            ("whole", (|it| it) as fn(Entry) -> Entry),
            ("without texts", textless),
            ("by day", |it| by_day(textless(it))),
        ] {
            for before in [7, 14, 70] {
                let posts = known(&series(0..before, titles, change), 7);
                let now = series(before..before + 7, titles, change);
                let found = follow(&posts, &now, |_, _| false);
                assert_eq!(found, (0, 0, false), "{titles:?} {what} after {before}");
            }
        }
    }
}

#[test]
fn titles_that_repeat_are_told_apart_by_their_dates_when_the_source_moves() {
    let titles = ["Weekly links", "Reading list"];
    for change in [|it| it, textless] as [fn(Entry) -> Entry; 2] {
        let was = series(0..40, &titles, change);
        let now: Vec<Entry> = all(was[..10].to_vec(), |mut it| {
            it.guid = Some(format!("new-{}", it.guid.unwrap()));
            it.key = Some(format!("new.example/{}", it.key.unwrap()));
            it
        });
        let right = |post: &KnownPost, entry: &Entry| post.published == entry.published;
        assert_eq!(follow(&known(&was, 10), &now, right), (10, 0, true));
    }
}

#[test]
fn titles_that_repeat_without_dates_are_told_apart_by_their_texts_if_these_differ() {
    let was = series(0..20, &["Weekly links"], |it| it);
    let undated = all(was[..10].to_vec(), |mut it| {
        it.guid = Some(format!("new-{}", it.guid.unwrap()));
        it.key = Some(format!("new.example/{}", it.key.unwrap()));
        undated(it)
    });
    let right = |post: &KnownPost, entry: &Entry| post.summary == entry.summary;
    assert_eq!(follow(&known(&was, 10), &undated, right), (10, 0, true));
    let alike = |mut it: Entry| {
        let text = "all that we have read in this week and that we think you should read as well";
        it.summary = Some(text.into());
        it
    };
    let (was, undated) = (all(was, alike), all(undated, alike));
    assert_eq!(follow(&known(&was, 10), &undated, right), (0, 0, false));
}

#[test]
fn version_numbers_of_two_packages_are_two() {
    let versions = |package: &str, day: i64| -> Vec<Entry> {
        (0..8)
            .map(|minor| {
                let link = format!("code.example/{package}/v1.{minor}.0");
                let mut entry = samples::entry(&format!("v1.{minor}.0"), Some(&link), Some(&link));
                entry.published = Some(Date {
                    at: at(day + i64::from(minor), 3),
                    precision: Precision::Instant,
                });
                entry
            })
            .collect()
    };
    for change in [|it| it, undated] as [fn(Entry) -> Entry; 2] {
        let posts = known(&all(versions("rope", 0), change), 8);
        let now = all(versions("sail", 30), change);
        assert_eq!(follow(&posts, &now, |_, _| false), (0, 0, false));
    }
}

#[test]
fn ids_that_are_given_anew_to_other_posts_are_no_evidence() {
    let numbered = |mut entries: Vec<Entry>| {
        for (number, entry) in (0..).zip(&mut entries) {
            entry.guid = Some(format!("item-{number}"));
            entry.key = None;
        }
        entries
    };
    let posts = known(&numbered(posts(0..8)), 8);
    let now = numbered(self::posts(1..9));
    let shown: Vec<Shown<'_>> = (0i64..)
        .zip(&now)
        .map(|(number, entry)| Shown {
            entry,
            is: Some(EntryKey(number)),
            is_late: false,
        })
        .collect();
    let found = migrate(&posts, &shown, &BTreeSet::new());
    assert_eq!(found.renumbered.len(), 8);
    let pairs: Vec<(usize, usize)> = (1..8).map(|at| (at, at - 1)).collect();
    assert_eq!(
        found.pairs, pairs,
        "the newest is new, the others are what they were"
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
