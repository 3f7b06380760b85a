//! What is asked of the archive in each cycle, whatever its age.

use super::*;

#[test]
fn of_a_source_with_a_long_history_only_what_matters_is_looked_at() {
    let store = archive(&[]);
    for sql in [hold::LAST_LISTED, hold::LOWEST, &contracts::listed_last()] {
        let plan = plan(&store, sql);
        assert!(plan.contains("sightings_by_listing (source=?"), "{plan}");
        // nothing is put in order that is not taken
        assert!(!plan.contains("B-TREE"), "{plan}");
    }
    let plan_of_date = plan(&store, &contracts::of_date());
    assert!(
        plan_of_date.starts_with("SEARCH e USING COVERING INDEX entries_by_date")
            || plan_of_date.starts_with("SEARCH e USING INDEX entries_by_date"),
        "{plan_of_date}"
    );
    let posted = plan(&store, sources::POSTED);
    assert!(posted.contains("sightings_by_listing"), "{posted}");
    assert!(!posted.contains("SCAN sightings"), "{posted}");
}

#[test]
fn the_latest_posts_are_told_wherever_the_list_has_them() {
    for is_newest_first in [true, false] {
        let mut store = archive(&[]);
        let names: Vec<String> = (0..500).map(|number| format!("post-{number}")).collect();
        let mut changes: Vec<Change> = (names.iter().enumerate())
            .map(|(number, name)| {
                let mut change = new(&entry(name));
                if let Change::New { entry, .. } = &mut change {
                    let published = at(1) + TimeDelta::days(i64::try_from(number).unwrap());
                    entry.published = Some(Date {
                        at: published,
                        precision: Precision::Instant,
                    });
                }
                change
            })
            .collect();
        if is_newest_first {
            changes.reverse();
        }
        for (position, change) in (0..).zip(&mut changes) {
            if let Change::New { entry, .. } = change {
                entry.position = position;
            }
        }
        let now = at(1) + TimeDelta::days(1_000);
        let posted = store
            .write(|w| {
                w.apply(&id("blog"), &changes, now)?;
                w.posted(&id("blog"), now, 3)
            })
            .unwrap();
        let expected = [499, 498, 497].map(|days| at(1) + TimeDelta::days(days));
        assert_eq!(posted, expected);
    }
}

#[test]
fn what_waits_for_the_publisher_waits_under_the_entry_that_is_shown() {
    let mut store = archive(&[]);
    let pending = |store: &Store| -> Vec<i64> {
        let mut all = store.conn.prepare("SELECT entry FROM pending").unwrap();
        let all = all.query_map([], |row| row.get(0)).unwrap();
        all.map(Result::unwrap).collect()
    };
    let guid = |name: &str| Alias::Guid(id(name), name.to_owned());
    let shown = |name: &str| Change::New {
        entry: Box::new(entry(name)),
        aliases: vec![guid(name)],
    };
    store
        .write(|w| {
            w.apply(&id("blog"), &[shown("blog")], at(3))?;
            w.apply(&id("planet"), &[shown("planet")], at(3))?;
            w.regroup(&[vec![EntryKey(1), EntryKey(2)]])
        })
        .unwrap();
    let lines = [line(EntryKey(1), "urn:x:a", at(2))];
    store.publish(&lines, &[all()], first_alone, at(4)).unwrap();
    assert!(pending(&store).is_empty());
    let edited = Change::Updated {
        of: EntryKey(2),
        entry: Box::new(entry("edited")),
        aliases: vec![guid("planet")],
        rewrites: crate::model::Rewrites::default(),
    };
    store
        .write(|w| w.apply(&id("planet"), &[edited], at(5)))
        .unwrap();
    assert_eq!(pending(&store), [1]);
    store.publish(&[], &[all()], first_alone, at(6)).unwrap();
    assert!(pending(&store).is_empty());
}
