//! The flood guard: which entries may be published in a run, and which are held back first.

use std::collections::HashMap;

use crate::model::{EntryKey, Hold, SourceId, Unpublished};

/// So many older posts at once may be new ones with an old date.
const FEW: usize = 3;

/// The entries of a run, parted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guarded {
    /// Those that are published now.
    pub publish: Vec<Unpublished>,
    /// Those that are held back from now on.
    pub hold: Vec<EntryKey>,
}

/// Parts what was never published. A source that has been published before and brings more than `most` new entries at once
/// has most likely changed its ids, not written so much: all of them are held back, until a later reading still shows them
/// or a person releases them. A source that is new is no flood, whatever it brings: it has its own limit on front pages. Nor is
/// what is older than all that is known of its source (more pages are read, or its feed is longer now): it goes to the archive.
/// A few such posts may have been written with an old date, and are news. Without a date only the place in the list speaks
/// for it, and a list may begin with the oldest: then it takes a flood to believe it.
#[must_use]
pub fn guard(mut entries: Vec<Unpublished>, most: usize) -> Guarded {
    let mut older: HashMap<(SourceId, bool), usize> = HashMap::new();
    for entry in entries.iter().filter(|entry| entry.backlog.is_some()) {
        *older.entry(list(entry)).or_default() += 1;
    }
    for entry in &mut entries {
        let few = if entry.published.is_some() { FEW } else { most };
        if older.get(&list(entry)).is_some_and(|n| *n <= few) {
            entry.backlog = None;
        }
    }
    let mut coming: HashMap<SourceId, usize> = HashMap::new();
    for entry in entries.iter().filter(|entry| is_coming(entry)) {
        *coming.entry(entry.source.clone()).or_default() += 1;
    }
    let mut guarded = Guarded::default();
    for entry in entries {
        let is_flood = is_coming(&entry) && coming.get(&entry.source).is_some_and(|n| *n > most);
        if is_flood {
            guarded.hold.push(entry.key);
        } else if entry.hold != Hold::Waits {
            guarded.publish.push(entry);
        }
    }
    guarded
}

/// What an older entry is counted with: those of its source that have a date as well, or have none either.
fn list(entry: &Unpublished) -> (SourceId, bool) {
    (entry.source.clone(), entry.published.is_some())
}

/// True if the entry counts against its source: it came in this run, and the source is known to subscribers.
fn is_coming(entry: &Unpublished) -> bool {
    entry.established && entry.backlog.is_none() && entry.hold == Hold::Never
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::samples::{day, source, unpublished};

    fn brought(
        by: &str,
        first: i64,
        count: i64,
        established: bool,
        hold: Hold,
    ) -> Vec<Unpublished> {
        let entry = |key| Unpublished {
            key: EntryKey(key),
            source: source(by),
            established,
            hold,
            ..unpublished()
        };
        (first..first + count).map(entry).collect()
    }

    fn keys(entries: &[Unpublished]) -> Vec<i64> {
        entries.iter().map(|entry| entry.key.0).collect()
    }

    #[test]
    fn more_than_so_many_of_one_source_are_all_held_and_the_others_go_on() {
        let mut entries = brought("flood", 1, 4, true, Hold::Never);
        entries.extend(brought("calm", 10, 3, true, Hold::Never));
        let guarded = guard(entries, 3);
        assert_eq!(keys(&guarded.publish), [10, 11, 12]);
        assert_eq!(guarded.hold, [1, 2, 3, 4].map(EntryKey));
    }

    #[test]
    fn a_new_source_is_no_flood() {
        let guarded = guard(brought("new", 1, 50, false, Hold::Never), 3);
        assert_eq!((guarded.publish.len(), guarded.hold.len()), (50, 0));
    }

    #[test]
    fn what_is_older_than_all_that_is_known_is_no_flood_and_hides_none() {
        let mut entries = brought("raised", 1, 30, true, Hold::Never);
        for entry in &mut entries {
            (entry.backlog, entry.published) = (Some(day(9).at), Some(day(1)));
        }
        entries.extend(brought("raised", 40, 3, true, Hold::Never));
        assert_eq!(guard(entries.clone(), 3).publish.len(), 33);
        let guarded = guard(entries, 2);
        assert_eq!(guarded.publish.len(), 30);
        assert_eq!(guarded.hold, [40, 41, 42].map(EntryKey));
    }

    #[test]
    fn a_few_posts_with_an_old_date_are_news() {
        let mut entries = brought("quiet", 1, 4, true, Hold::Never);
        for entry in &mut entries {
            (entry.backlog, entry.published) = (Some(day(9).at), Some(day(1)));
        }
        let is_backlog = |it: &Unpublished| it.backlog.is_some();
        assert!(guard(entries.clone(), 20).publish.iter().all(is_backlog));
        entries.pop();
        assert!(!guard(entries, 20).publish.iter().any(is_backlog));
    }

    #[test]
    fn a_few_undated_posts_at_the_end_of_a_list_may_be_its_newest() {
        let mut entries = brought("rising", 1, 3, true, Hold::Never);
        for entry in &mut entries {
            entry.backlog = Some(day(9).at);
        }
        let is_backlog = |it: &Unpublished| it.backlog.is_some();
        assert!(!guard(entries.clone(), 3).publish.iter().any(is_backlog));
        assert!(guard(entries, 2).publish.iter().all(is_backlog));
    }

    #[test]
    fn what_is_held_waits_until_it_is_confirmed_or_released() {
        for (hold, published) in [(Hold::Waits, 0), (Hold::Confirmed, 9), (Hold::Released, 9)] {
            let guarded = guard(brought("flood", 1, 9, true, hold), 3);
            assert_eq!(guarded.publish.len(), published, "{hold:?}");
            assert!(guarded.hold.is_empty(), "it is held already, or no more");
        }
    }

    #[test]
    fn what_waits_does_not_count_against_what_comes_later() {
        let mut entries = brought("flood", 1, 9, true, Hold::Waits);
        entries.extend(brought("flood", 20, 3, true, Hold::Never));
        assert_eq!(keys(&guard(entries, 3).publish), [20, 21, 22]);
    }
}
