//! Tests of what belongs together.

use super::*;
use crate::dedupe::samples;
use crate::model::{EntryKey, Member, Ruling, Sighting};

const STORY: &str = "The lamp at the end of the pier went out on Friday night and nobody noticed until the ferry asked; it \
    was lit again by the baker, who happened to have a ladder, a bulb of the right size and nothing to do before three.";

/// An entry that one source shows, published or not.
fn shown(number: i64, source: &str, title: &str, text: &str, published: Option<i64>) -> Candidate {
    let mut entry = samples::entry(title, None, Some(&format!("{source}/{number}")));
    entry.summary = Some(text.to_owned());
    entry.published = Some(samples::day(1));
    let at = samples::day(2).at;
    Candidate::from(Member {
        key: EntryKey(number),
        head: None,
        published: published.map(|hours| {
            (
                at + chrono::TimeDelta::hours(hours),
                at,
                format!("urn:x:{number}"),
            )
        }),
        sightings: vec![Sighting {
            source: samples::source(source),
            source_host: format!("{source}.example"),
            source_rank: 0,
            is_active: true,
            entry,
            pruned: None,
            rewrites: crate::model::Rewrites::default(),
            first_seen: at,
            last_seen: at,
        }],
    })
}

/// The numbers of each group, in an order of their own.
fn groups(candidates: &[Candidate], rulings: &[Ruling]) -> Vec<Vec<i64>> {
    let mut all: Vec<Vec<i64>> = (group(candidates, rulings).iter())
        .map(|group| group.iter().map(|key| key.0).collect())
        .collect();
    let mut back = candidates.to_vec();
    back.reverse();
    let mut again: Vec<Vec<i64>> = (group(&back, rulings).iter())
        .map(|group| group.iter().map(|key| key.0).collect())
        .collect();
    all.sort();
    again.sort();
    assert_eq!(all, again, "whatever the order");
    all
}

fn ruling(one: i64, other: i64, together: bool) -> Ruling {
    Ruling {
        one: EntryKey(one),
        other: EntryKey(other),
        together,
    }
}

#[test]
fn copies_of_three_sources_are_one() {
    let copy = |number, source| shown(number, source, "The lamp on the pier", STORY, None);
    assert_eq!(
        groups(&[copy(1, "a"), copy(2, "b"), copy(3, "c")], &[]),
        [[1, 2, 3]]
    );
}

#[test]
fn a_text_between_two_issues_of_a_series_does_not_join_them() {
    let issues = [
        shown(1, "a", "Pier letter 12", STORY, None),
        shown(2, "b", "Pier letter", STORY, None),
        shown(3, "c", "Pier letter 13", STORY, None),
    ];
    let all = groups(&issues, &[]);
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(
        !all.iter()
            .any(|group| group.contains(&1) && group.contains(&3))
    );
}

#[test]
fn no_group_has_two_entries_of_a_source_and_the_more_alike_wins() {
    let near = format!("{STORY} The bulb was yellow.");
    let copies = [
        shown(1, "a", "The lamp on the pier", &near, None),
        shown(2, "b", "The lamp on the pier", STORY, None),
        shown(3, "a", "The lamp on the pier", STORY, None),
    ];
    assert_eq!(groups(&copies, &[]), [vec![1], vec![2, 3]]);
}

#[test]
fn what_was_published_first_is_shown() {
    let copy =
        |number, source, published| shown(number, source, "The lamp on the pier", STORY, published);
    assert_eq!(
        groups(
            &[
                copy(1, "a", None),
                copy(2, "b", Some(5)),
                copy(3, "c", Some(2))
            ],
            &[]
        ),
        [[3, 2, 1]]
    );
}

#[test]
fn what_was_published_as_one_stays_one_though_the_texts_part() {
    let mut first = shown(1, "a", "The lamp on the pier", STORY, Some(0));
    let mut second = shown(2, "b", "Something else entirely now", "Another text.", None);
    second.member.head = Some(EntryKey(1));
    assert_eq!(groups(&[first.clone(), second.clone()], &[]), [[1, 2]]);
    // but not what was never published
    first.member.published = None;
    assert_eq!(groups(&[first, second], &[]), [[1], [2]]);
}

#[test]
fn what_people_say_wins_over_every_rule() {
    let copies = [
        shown(1, "a", "The lamp on the pier", STORY, Some(0)),
        shown(2, "b", "The lamp on the pier", STORY, None),
    ];
    assert_eq!(groups(&copies, &[ruling(2, 1, false)]), [[1], [2]]);
    let others = [
        shown(1, "a", "The lamp on the pier", STORY, None),
        shown(2, "a", "Pier letter 13", "Another text.", None),
    ];
    assert_eq!(groups(&others, &[]), [[1], [2]]);
    assert_eq!(groups(&others, &[ruling(1, 2, true)]), [[1, 2]]);
}
