//! All of a source has moved, or much of it.

use super::*;

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
