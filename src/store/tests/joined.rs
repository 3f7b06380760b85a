//! Entries that are shown as one.

use super::*;
use crate::model::{Mark, MarkKind, Marks};

/// A mark of a title, from the upper bits of whose value it is told from others.
fn marks(value: u32, day: Option<i32>) -> Marks {
    let kind = MarkKind::Whole;
    let value = value << 8;
    Marks {
        kept: vec![Mark { value, day, kind }],
        ..Marks::default()
    }
}

/// The marks of a text with these parts.
fn parts(values: &[u32], day: Option<i32>) -> Marks {
    let part = |value: &u32| Mark {
        value: value << 8,
        day,
        kind: MarkKind::Part,
    };
    Marks {
        kept: values.iter().map(part).collect(),
        ..Marks::default()
    }
}

/// Two sources, each with an entry of its own: 1 and 2.
fn two() -> Store {
    let mut store = Store::in_memory().unwrap();
    store
        .register(&[source("one"), source("two"), source("blog")])
        .unwrap();
    for name in ["one", "two"] {
        store
            .write(|w| w.apply(&id(name), &[new(&entry(name))], at(3)))
            .unwrap();
    }
    store
}

fn found(store: &Store, marks: &Marks) -> Vec<i64> {
    let found = store.candidates(marks, 30).unwrap();
    found.into_iter().map(|key| key.0).collect()
}

#[test]
fn an_entry_is_found_by_a_mark_of_its_time_or_of_any_time() {
    let mut store = two();
    store
        .write(|w| {
            w.meet(EntryKey(1), &[], &marks(7, Some(20_000)), 30)?;
            w.meet(EntryKey(2), &[], &marks(7, None), 30)
        })
        .unwrap();
    for day in [19_970, 20_000, 20_030] {
        assert_eq!(found(&store, &marks(7, Some(day))), [1, 2], "{day}");
    }
    for day in [-20_000, 0, 19_700, 20_300, i32::MAX, i32::MIN] {
        assert_eq!(found(&store, &marks(7, Some(day))), [2], "{day}");
    }
    assert_eq!(found(&store, &marks(7, None)), [1, 2]);
    assert!(found(&store, &marks(8, None)).is_empty());
}

#[test]
fn a_mark_for_ever_is_found_by_its_like_only() {
    let mut store = two();
    let ever = |day| {
        let mut marks = marks(7, day);
        marks.kept[0].kind = MarkKind::Ever;
        marks
    };
    store
        .write(|w| w.meet(EntryKey(1), &[], &ever(Some(20_000)), 30))
        .unwrap();
    assert_eq!(found(&store, &ever(None)), [1]);
    assert_eq!(found(&store, &ever(Some(3))), [1]);
    assert!(found(&store, &marks(7, None)).is_empty());
}

#[test]
fn two_parts_of_a_text_are_evidence_and_one_is_not() {
    let mut store = two();
    store
        .write(|w| {
            w.meet(EntryKey(1), &[], &parts(&[1, 2, 3], Some(20_000)), 30)?;
            w.meet(EntryKey(2), &[], &parts(&[3, 4, 5], Some(20_100)), 30)
        })
        .unwrap();
    assert_eq!(found(&store, &parts(&[1, 3, 9], Some(20_020))), [1]);
    assert!(found(&store, &parts(&[3, 8, 9], Some(20_020))).is_empty());
    assert_eq!(found(&store, &parts(&[1, 2, 3, 4], None)), [1, 2]);
    // what it shows now has other parts
    let (gone, now) = (
        parts(&[1, 2, 3], Some(20_000)),
        parts(&[3, 7], Some(20_000)),
    );
    store
        .write(|w| w.meet(EntryKey(1), &gone.kept, &now, 30))
        .unwrap();
    assert!(found(&store, &parts(&[1, 2, 3], Some(20_020))).is_empty());
    assert_eq!(found(&store, &parts(&[3, 7], Some(20_020))), [1]);
}

#[test]
fn a_mark_that_a_hundred_entries_share_is_no_evidence() {
    let mut store = two();
    let many: Vec<Change> = (0..101)
        .map(|number| new(&entry(&format!("post {number}"))))
        .collect();
    store
        .write(|w| {
            let applied = w.apply(&id("one"), &many, at(3))?;
            for key in &applied.fresh[..100] {
                w.meet(*key, &[], &marks(7, None), 30)?;
            }
            assert_eq!(w.candidates(&marks(7, None), 30)?.len(), 100);
            w.meet(applied.fresh[100], &[], &marks(7, None), 30)?;
            assert!(w.candidates(&marks(7, None), 30)?.is_empty());
            Ok(())
        })
        .unwrap();
}

#[test]
fn what_is_joined_and_parted_again_is_as_it_was() {
    let mut store = two();
    let before = store.record(EntryKey(2)).unwrap().unwrap();
    let regroup =
        |store: &mut Store, groups: &[Vec<EntryKey>]| store.write(|w| w.regroup(groups)).unwrap();
    let together = [vec![EntryKey(1), EntryKey(2)]];
    assert_eq!(regroup(&mut store, &together), [EntryKey(1)]);
    assert_eq!(regroup(&mut store, &together), []);
    let joined = store.record(EntryKey(1)).unwrap().unwrap();
    assert_eq!(joined.sightings.len(), 2);
    assert_eq!(joined.aliases.len(), 2 * before.aliases.len());
    assert_eq!(store.totals().unwrap().entries, 1);
    assert_eq!(store.find("2").unwrap()[0].key, EntryKey(1));
    // the source still knows it by its own aliases
    let known = store.known(&id("two"), &before.aliases).unwrap();
    assert!(known.prints.contains_key(&EntryKey(2)));
    let apart = [vec![EntryKey(1)], vec![EntryKey(2)]];
    assert_eq!(regroup(&mut store, &apart), [EntryKey(1), EntryKey(2)]);
    let after = store.record(EntryKey(2)).unwrap().unwrap();
    assert_eq!(after.sightings, before.sightings);
    assert_eq!(after.aliases, before.aliases);
    assert_eq!(store.totals().unwrap().entries, 2);
}
