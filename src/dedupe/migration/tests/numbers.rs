//! Ids that are given to other posts.

use super::*;

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
