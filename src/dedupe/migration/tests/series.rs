//! Titles that come again and again: issues of a series, numbers of versions.

use super::*;

/// Dated by day, to a week of its own.
fn by_week(mut entry: Entry) -> Entry {
    let number = i64::from(entry.print.0[0]);
    if let Some(date) = &mut entry.published {
        date.at = at(number * 7, 0);
    }
    by_day(entry)
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
