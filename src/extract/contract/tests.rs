//! Verdicts on made-up listings.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::*;
use crate::model::{
    Date, Document, Entry, EntryKey, KnownPost, PageMemory, Precision, Print, Provenance,
    Validators, Verdict,
};

fn day(number: i64) -> Date {
    let first: DateTime<Utc> = "2024-01-01T00:00:00Z".parse().unwrap();
    Date {
        at: first + TimeDelta::days(number),
        precision: Precision::Day,
    }
}

/// Post `number`, with everything.
fn post(number: i64) -> Entry {
    let url = format!("https://blog.example/posts/{number}");
    Entry {
        guid: None,
        url: Some(url.parse().unwrap()),
        key: Some(url),
        title: format!("Post number {number}"),
        published: Some(day(number)),
        updated: None,
        summary: Some(format!("All that there is to say about number {number}.")),
        content: None,
        tags: vec!["rust".to_owned()],
        read_minutes: Some(4),
        authors: Vec::new(),
        language: Some("en".to_owned()),
        image: None,
        enclosures: Vec::new(),
        comments: None,
        also: Vec::new(),
        rights: None,
        provenance: Provenance::default(),
        position: 0,
        print: Print([0; 16]),
    }
}

fn bare(mut entry: Entry) -> Entry {
    entry.published = None;
    entry.summary = None;
    entry.tags.clear();
    entry.read_minutes = None;
    entry
}

fn at(entry: Entry, url: &str) -> Entry {
    Entry {
        url: Some(url.parse().unwrap()),
        key: Some(url.to_owned()),
        ..entry
    }
}

/// Posts from the newest down.
fn posts(newest: i64, count: i64) -> Vec<Entry> {
    (0..count).map(|back| post(newest - back)).collect()
}

/// What is remembered after one good reading of `entries`.
fn after(entries: &[Entry]) -> PageMemory {
    PageMemory {
        contract: Some(learn(None, entries, &[])),
        wrapper: None,
        posts: entries
            .iter()
            .map(|entry| KnownPost {
                entry: EntryKey(0),
                guid: None,
                print: entry.print,
                key: entry.key.clone(),
                title: entry.title.clone(),
                summary: entry.summary.clone(),
                published: entry.published,
                listed: true,
            })
            .collect(),
    }
}

fn verdict(memory: &PageMemory, entries: &[Entry]) -> &'static str {
    judge(memory, entries, false).verdict.as_str()
}

#[test]
fn a_first_reading_is_healthy_whatever_it_is() {
    for entries in [posts(1, 1), posts(40, 40), vec![bare(post(1))]] {
        assert_eq!(verdict(&PageMemory::default(), &entries), "healthy");
    }
}

#[test]
fn the_same_list_again_is_quiet() {
    let memory = after(&posts(20, 10));
    assert_eq!(verdict(&memory, &posts(20, 10)), "quiet");
    assert_eq!(verdict(&memory, &posts(20, 7)), "quiet", "some fell off");
}

#[test]
fn new_posts_on_top_are_healthy_however_many() {
    for listed in [1, 2, 3, 10, 20] {
        let memory = after(&posts(20, listed));
        for new in 1..=listed + 2 {
            let entries = posts(20 + new, listed);
            assert_eq!(
                verdict(&memory, &entries),
                "healthy",
                "{new} new, {listed} listed"
            );
        }
    }
}

#[test]
fn a_whole_page_of_newer_posts_is_healthy_and_told() {
    let judgement = judge(&after(&posts(20, 10)), &posts(50, 10), false);
    assert_eq!(judgement.verdict, Verdict::Healthy);
    assert!(judgement.remark.unwrap().contains("none of the 10 posts"));
}

#[test]
fn a_whole_page_of_other_posts_that_are_not_newer_is_another_list() {
    assert_eq!(
        verdict(&after(&posts(50, 10)), &posts(20, 10)),
        "redesigned"
    );
    let undated = |newest| -> Vec<Entry> {
        let undate = |entry| Entry {
            published: None,
            ..entry
        };
        posts(newest, 10).into_iter().map(undate).collect()
    };
    assert_eq!(verdict(&after(&undated(20)), &undated(50)), "redesigned");
}

#[test]
fn an_item_without_summary_or_date_is_a_slip() {
    let memory = after(&posts(20, 10));
    let mut entries = posts(22, 10);
    entries[0].summary = None;
    entries[1].published = None;
    entries[5].tags.clear();
    let judgement = judge(&memory, &entries, false);
    assert_eq!(judgement.verdict, Verdict::Healthy);
    assert!(judgement.odd.is_empty());
}

#[test]
fn a_field_that_was_always_there_and_is_gone_is_half_matched() {
    let memory = after(&posts(20, 10));
    let mut undated = posts(21, 10);
    for entry in &mut undated {
        entry.published = None;
    }
    let judgement = judge(&memory, &undated, false);
    assert_eq!(judgement.verdict.as_str(), "half matched");
    assert!(
        judgement
            .verdict
            .why()
            .unwrap()
            .contains("10 of 10 posts have no date")
    );
    assert!(!judgement.is_minor, "a date is never minor");

    let mut short = posts(21, 10);
    for entry in &mut short {
        entry.summary = None;
    }
    let judgement = judge(&memory, &short, false);
    assert!(judgement.is_minor && judgement.is_proved, "{judgement:?}");
}

#[test]
fn known_links_under_other_titles_or_dates_are_half_matched() {
    let memory = after(&posts(20, 10));
    let mut retitled = posts(20, 10);
    for entry in &mut retitled {
        entry.title = "Read more".to_owned();
    }
    assert_eq!(verdict(&memory, &retitled), "half matched");
    let mut redated = posts(20, 10);
    for (entry, number) in redated.iter_mut().zip(100..) {
        entry.published = Some(day(number));
    }
    assert_eq!(verdict(&memory, &redated), "half matched");
    let mut edited = posts(20, 10);
    edited[3].title = "A better title".to_owned();
    assert_eq!(
        verdict(&memory, &edited),
        "quiet",
        "one author edits one title"
    );
}

#[test]
fn a_title_that_is_the_excerpt_is_held_back() {
    let memory = after(&posts(20, 10));
    let mut entries = posts(20, 10);
    entries[2].title = entries[2].summary.clone().unwrap();
    let judgement = judge(&memory, &entries, false);
    assert!(judgement.verdict.holds());
    assert_eq!(judgement.odd, [2]);
}

#[test]
fn known_titles_under_other_links_are_no_news() {
    let memory = after(&posts(20, 10));
    let moved: Vec<Entry> = (11..=20)
        .rev()
        .map(|number| {
            at(
                post(number),
                &format!("https://blog.example/archive/{number}"),
            )
        })
        .collect();
    let judgement = judge(&memory, &moved, false);
    assert_eq!(judgement.verdict.as_str(), "redesigned");
    assert!(!judgement.is_proved);
}

#[test]
fn a_title_that_comes_again_is_another_post_unless_all_says_that_it_has_moved() {
    let memory = after(&posts(20, 10));
    let again = |date: Option<Date>| Entry {
        title: "Post number 20".to_owned(),
        published: date,
        ..at(post(21), "https://blog.example/posts/links-of-the-week")
    };
    // beside the first, or with a date of its own
    let mut both = posts(20, 10);
    both.insert(0, again(Some(day(20))));
    assert!(judge(&memory, &both, false).moved.is_empty());
    let mut later = posts(19, 9);
    later.insert(0, again(Some(day(27))));
    assert!(judge(&memory, &later, false).moved.is_empty());
    // the old link is gone, and the date is the same, or there is none
    for date in [Some(day(20)), None] {
        let mut moved = posts(19, 9);
        moved.insert(0, again(date));
        let judgement = judge(&memory, &moved, false);
        assert_eq!(judgement.moved, [(0, 0)]);
        assert!(judgement.verdict.holds());
    }
}

#[test]
fn dates_that_were_taken_as_right_once_are_not_doubted_again() {
    let known = posts(40, 10);
    let redated_to = |number: i64| -> Vec<Entry> {
        let to = |entry| Entry {
            published: Some(day(number)),
            ..entry
        };
        known.iter().cloned().map(to).collect()
    };
    let mut memory = after(&known);
    assert_eq!(verdict(&memory, &redated_to(90)), "half matched");
    memory.contract.as_mut().unwrap().redated = redated(&redated_to(90), &memory.posts, &[]);
    assert_eq!(verdict(&memory, &redated_to(90)), "quiet");
    // under the addresses that they have since
    let mut moved = redated_to(90);
    moved[0].key = Some("https://blog.example/new/40".to_owned());
    let names = [(moved[0].key.clone().unwrap(), known[0].key.clone().unwrap())];
    let found = redated(&moved, &memory.posts, &names);
    assert!(found.contains("https://blog.example/new/40"));
    assert_eq!(found.len(), 10);
    // those of others are
    memory.contract.as_mut().unwrap().redated = redated(&redated_to(90)[..2], &memory.posts, &[]);
    assert_eq!(verdict(&memory, &redated_to(90)), "half matched");
}

#[test]
fn an_old_issue_of_a_series_that_is_put_in_later_is_new_though_another_had_its_day() {
    let issue = |number: i64, says: &str| Entry {
        title: "Links of the week".to_owned(),
        summary: Some(says.to_owned()),
        ..post(number)
    };
    let old = "a ferry, two hedges, and what the baker heard of the winter";
    let known: Vec<Entry> = (0..12)
        .rev()
        .map(|number| {
            issue(
                number,
                if number == 1 {
                    old
                } else {
                    "clocks, nets and a crooked staircase in the school yard"
                },
            )
        })
        .collect();
    let mut memory = after(&known);
    for post in &mut memory.posts {
        post.listed = post.published.is_some_and(|date| date.at > day(3).at);
    }
    let with = |says: &str| {
        let mut entries = known[..8].to_vec();
        entries.push(at(
            issue(1, says),
            "https://blog.example/posts/put-in-later",
        ));
        judge(&memory, &entries, true)
    };
    let put_in = with("three lamps for a hall that was painted by nobody we know");
    assert_eq!((put_in.moved, put_in.odd), (vec![], vec![]));
    // what says the same is the same
    assert_eq!(
        with("a ferry, two hedges, and what the baker heard").moved,
        [(8, 10)]
    );
}

#[test]
fn the_only_post_at_another_address_is_no_news() {
    let memory = after(&posts(1, 1));
    let moved = at(post(1), "https://blog.example/posts/one");
    assert_eq!(verdict(&memory, &[moved]), "redesigned");
    let elsewhere = at(post(2), "https://academy.example/course");
    let judgement = judge(&memory, &[elsewhere, post(1)], false);
    assert_eq!(judgement.odd, [0], "one link is enough to know the host");
}

#[test]
fn several_quite_other_titles_at_once_are_held_back() {
    let memory = after(&posts(20, 10));
    let with = |titles: [&str; 2]| {
        let mut entries = posts(20, 10);
        for (entry, title) in entries.iter_mut().zip(titles) {
            entry.title = title.to_owned();
        }
        judge(&memory, &entries, false)
    };
    let misread = with(["Summary", "Foreword by the guest"]);
    assert!(misread.verdict.holds());
    assert_eq!(misread.odd, [0, 1]);
    let edited = with(["Post number 20, mended", "The post number 19"]);
    assert!(edited.odd.is_empty());
    assert_eq!(edited.retitled, [0, 1]);
}

#[test]
fn a_further_page_is_older_and_may_lead_to_folders_that_the_site_has_left() {
    let first = posts(40, 10);
    let contract = learn(None, &first, &[]);
    let old: Vec<Entry> = (11..=20)
        .map(|number| {
            let undated = Entry {
                published: Some(day(number)),
                ..bare(post(number))
            };
            at(undated, &format!("https://blog.example/2012/05/{number}"))
        })
        .collect();
    let judgement = judge_further(&contract, &after(&first).posts, &old);
    assert!(judgement.verdict.holds() && judgement.odd.is_empty());
    let mut mixed = old.clone();
    mixed.push(at(bare(post(90)), "https://academy.example/course"));
    assert_eq!(judge_further(&contract, &[], &mixed).odd, [10]);
    let undated: Vec<Entry> = old.into_iter().map(bare).collect();
    assert_eq!(
        judge_further(&contract, &[], &undated).verdict.as_str(),
        "broken",
        "nothing that all posts had"
    );
}

#[test]
fn the_beginning_of_a_long_list_is_no_half_of_it() {
    let memory = after(&posts(20, 20));
    assert_eq!(verdict(&memory, &posts(21, 5)), "healthy", "a shorter page");
    let every_fourth: Vec<Entry> = posts(20, 20).into_iter().step_by(4).collect();
    assert_eq!(verdict(&memory, &every_fourth), "half matched");
}

#[test]
fn nothing_is_broken() {
    assert_eq!(verdict(&after(&posts(20, 10)), &[]), "broken");
}

#[test]
fn entries_of_another_list_are_held_back_and_the_posts_taken() {
    let memory = after(&posts(20, 10));
    let mut entries = vec![
        at(post(90), "https://academy.example/course"),
        at(bare(post(91)), "https://blog.example/shop/course"),
        at(bare(post(92)), "https://blog.example/posts/buy"),
    ];
    entries.extend(posts(21, 10));
    let judgement = judge(&memory, &entries, false);
    assert_eq!(judgement.verdict, Verdict::Healthy);
    assert_eq!(judgement.odd, [0, 1, 2]);
    assert_eq!(
        verdict(&memory, &entries[..3]),
        "broken",
        "nothing else is there"
    );
}

#[test]
fn an_undated_entry_among_dated_posts_is_unlike_them() {
    let memory = after(&posts(20, 10));
    let mut entries = posts(22, 10);
    entries[0].published = None;
    let judgement = judge(&memory, &entries, false);
    assert!(judgement.odd.is_empty());
    assert_eq!(judgement.unlike, [0]);
}

#[test]
fn a_page_that_links_to_many_sites_may_go_on_doing_so() {
    let links = |from: i64| -> Vec<Entry> {
        (from..from + 8)
            .map(|number| at(post(number), &format!("https://site-{number}.example/a")))
            .collect()
    };
    let judgement = judge(&after(&links(1)), &links(5), false);
    assert!(judgement.odd.is_empty());
    assert_eq!(judgement.verdict, Verdict::Healthy);
}

#[test]
fn without_a_contract_the_known_posts_are_a_measure_all_the_same() {
    let memory = PageMemory {
        contract: None,
        ..after(&posts(20, 10))
    };
    assert_eq!(verdict(&memory, &posts(22, 10)), "healthy");
    let stranger: Vec<Entry> = (0..5)
        .map(|number| {
            at(
                bare(post(100 + number)),
                &format!("https://parked.example/{number}"),
            )
        })
        .collect();
    assert_eq!(verdict(&memory, &stranger), "redesigned");
}

#[test]
fn what_the_owner_has_changed_begins_anew() {
    let memory = PageMemory {
        contract: Some(crate::model::Contract::default()),
        ..after(&posts(20, 10))
    };
    assert_eq!(verdict(&memory, &[bare(post(99))]), "healthy");
}

#[test]
fn a_contract_is_learnt_and_survives_the_store() {
    let first = learn(None, &posts(20, 10), &[]);
    let mut entries = posts(21, 11);
    entries[0].summary = None;
    let memory = after(&posts(20, 10));
    let second = learn(Some(&first), &entries, &memory.posts);
    assert_eq!((second.runs, second.fewest, second.most), (2, 10, 11));
    assert_eq!(second.in_order, Some(100));
    assert_eq!(second.known, 90);
    assert_eq!(second.language.as_deref(), Some("en"));
    assert_eq!(second.places["blog.example/posts/"], 21);
    assert_eq!(second.filled[&crate::model::Field::Summary], 97);
    let text = serde_json::to_string(&second).unwrap();
    assert_eq!(
        serde_json::from_str::<crate::model::Contract>(&text).unwrap(),
        second
    );
}

fn page(body: &str) -> Document {
    Document {
        url: Url::parse("https://blog.example/").unwrap(),
        media_type: None,
        charset: None,
        body: format!("<html><body><nav><a href=/a>A</a></nav>{body}</body></html>").into(),
        validators: Validators::default(),
    }
}

#[test]
fn an_empty_list_is_told_from_a_missing_one() {
    let items: Vec<String> = (11..=20)
        .map(|number| format!("<li><a href=/posts/{number}>Post</a></li>"))
        .collect();
    let items = items.concat();
    for (open, close, name) in [
        ("<ul>", "</ul>", "ul"),
        ("<div class='posts x1'>", "</div>", "div.posts"),
        ("<main id=list><section>", "</section></main>", ""),
    ] {
        let found = container(&page(&format!("{open}{items}{close}")), &posts(20, 10));
        assert_eq!(found.as_deref().unwrap_or_default(), name);
        let Some(found) = found else { continue };
        let there = |inner: &str| is_empty_list(&page(&format!("{open}{inner}{close}")), &found);
        assert!(there("") && there("<p>No posts yet.</p>"));
        assert!(!there("<form><input></form>"), "a login is no empty list");
        assert!(!there("<a href=https://else.example/>We moved</a>"));
        assert!(!is_empty_list(&page("<p>Gone.</p>"), &found));
    }
}
