//! Entries that are shown as one.

use super::*;
use crate::model::{Mark, Marks};

fn marks(value: u32, day: Option<i32>) -> Marks {
    Marks {
        kept: vec![Mark { value, day }],
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

#[test]
fn an_entry_is_found_by_a_mark_of_its_time_or_of_any_time() {
    let mut store = two();
    store
        .write(|w| {
            w.mark(EntryKey(1), &[], &marks(7, Some(20_000)).kept)?;
            w.mark(EntryKey(2), &[], &marks(7, None).kept)
        })
        .unwrap();
    let found = |day| -> Vec<i64> {
        let found = store.candidates(&marks(7, day), 30).unwrap();
        found.into_iter().map(|key| key.0).collect()
    };
    assert_eq!(found(Some(20_030)), [1, 2]);
    assert_eq!(found(Some(20_031)), [2]);
    assert_eq!(found(None), [1, 2]);
    assert!(store.candidates(&marks(8, None), 30).unwrap().is_empty());
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
                w.mark(*key, &[], &marks(7, None).kept)?;
            }
            assert_eq!(w.candidates(&marks(7, None), 30)?.len(), 100);
            w.mark(applied.fresh[100], &[], &marks(7, None).kept)?;
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
