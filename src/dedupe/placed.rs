//! Where entries without a date stand that come with the first import of a source, or with its older posts: among their
//! neighbours in the list, not above all that is dated.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::ledger::{changed_before, ledger_line};
use crate::model::{DateKind, LedgerLine, SourceId, Unpublished};

/// Entries that say that they were changed within such a span, all of a list, were changed by what made the list.
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);

/// The lines of a run, one for each of `entries`, as [`ledger_line`] makes them; but what a source that was never published
/// before shows without a date takes its place between the dates of its neighbours there, and says so ([`DateKind::Placed`]).
/// So do older posts of a source that is known, below the oldest of these. Where no neighbour has a date, and where the source
/// is known, first sight is all there is to tell.
///
/// When a source says that an entry was last changed stands for its date, unless all entries were changed at once: that is
/// the time at which their list was made, and says only that none of them is later.
#[must_use]
pub fn ledger_lines(entries: &[Unpublished], now: DateTime<Utc>) -> Vec<LedgerLine> {
    let mut lines: Vec<LedgerLine> = entries.iter().map(|it| ledger_line(it, now)).collect();
    let mut lists: HashMap<(&SourceId, Option<DateTime<Utc>>), Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if !entry.established || entry.backlog.is_some() {
            let list = lists.entry((&entry.source, entry.backlog)).or_default();
            list.push(at);
        }
    }
    for ((_, known), list) in &mut lists {
        list.sort_by_key(|at| (entries[*at].position, entries[*at].key));
        place(*known, list, entries, &mut lines, now);
    }
    lines
}

/// Places the undated of one source; `list` is the order in which it shows them, below what is `known`, if anything is.
fn place(
    known: Option<DateTime<Utc>>,
    list: &[usize],
    entries: &[Unpublished],
    lines: &mut [LedgerLine],
    now: DateTime<Utc>,
) {
    let is_made = made_at_once(list.iter().map(|at| &entries[*at]));
    // counted from 1; what is known stands at 0
    let date = |place: usize| {
        let entry = &entries[list[place - 1]];
        let stated = entry.published.map(|date| date.at);
        stated.or_else(|| changed_before(entry).filter(|_| !is_made))
    };
    let mut above = known.map(|oldest| (0, oldest));
    for place in 1..=list.len() {
        if let Some(date) = date(place) {
            above = Some((place, date));
            continue;
        }
        let below = (place + 1..=list.len()).find_map(|below| Some((below, date(below)?)));
        let at = match (above, below) {
            (Some(above), Some(below)) => between(above, below, place),
            // at an end of the list the nearest date is all that is known; the order of the list decides among equals
            (Some((_, only)), None) | (None, Some((_, only))) => only,
            (None, None) => return,
        };
        let entry = &entries[list[place - 1]];
        let line = &mut lines[list[place - 1]];
        line.date = at.min(changed_before(entry).unwrap_or(entry.first_seen));
        line.date_kind = DateKind::Placed;
        let changed = entry.updated.filter(|updated| *updated <= now);
        line.changed = changed.map_or(line.date, |changed| changed.max(line.date));
    }
}

/// True if each of three or more of `entries` that say when they were changed says the same, nearly.
fn made_at_once<'a>(entries: impl Iterator<Item = &'a Unpublished>) -> bool {
    let changed: Vec<DateTime<Utc>> = entries.filter_map(|entry| entry.updated).collect();
    let span = changed.iter().max().zip(changed.iter().min());
    changed.len() >= 3 && span.is_some_and(|(last, first)| *last - first <= AT_ONCE)
}

/// The instant at `place`, on the line from the instant above it to that below; in whole seconds.
fn between(
    (above, from): (usize, DateTime<Utc>),
    (below, to): (usize, DateTime<Utc>),
    place: usize,
) -> DateTime<Utc> {
    let share = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let (part, whole) = (share(place - above), share(below - above).max(1));
    let span = to.timestamp().saturating_sub(from.timestamp());
    let seconds = i128::from(span) * i128::from(part) / i128::from(whole);
    let seconds = from
        .timestamp()
        .saturating_add(i64::try_from(seconds).unwrap_or_default());
    DateTime::from_timestamp(seconds, 0).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::samples::{day, unpublished};
    use crate::model::EntryKey;

    /// Entries of a new source on these days of May, first seen on the 30th.
    fn list(days: &[Option<u32>], established: bool) -> Vec<Unpublished> {
        (0..)
            .zip(days)
            .map(|(position, published)| Unpublished {
                key: EntryKey(i64::from(position)),
                position,
                published: published.map(day),
                first_seen: day(30).at,
                established,
                ..unpublished()
            })
            .collect()
    }

    fn days(entries: &[Unpublished]) -> Vec<(String, DateKind)> {
        ledger_lines(entries, day(31).at)
            .iter()
            .map(|line| (line.date.format("%-d").to_string(), line.date_kind))
            .collect()
    }

    #[test]
    fn what_has_no_date_stands_between_its_neighbours() {
        let found = days(&list(&[None, Some(20), None, None, Some(5), None], false));
        let expected = [
            ("20", DateKind::Placed),
            ("20", DateKind::Day),
            ("15", DateKind::Placed),
            ("10", DateKind::Placed),
            ("5", DateKind::Day),
            ("5", DateKind::Placed),
        ];
        assert_eq!(found, expected.map(|(day, kind)| (day.to_owned(), kind)));
    }

    #[test]
    fn a_list_that_rises_is_read_the_same_way() {
        let found = days(&list(&[Some(4), None, Some(8)], false));
        assert_eq!(found[1], ("6".to_owned(), DateKind::Placed));
    }

    #[test]
    fn older_posts_of_a_known_source_stand_below_what_is_known() {
        let mut older = list(&[None, Some(6), None], true);
        for entry in &mut older {
            entry.backlog = Some(day(10).at);
        }
        let found = days(&older);
        assert_eq!(found[0], ("8".to_owned(), DateKind::Placed));
        assert_eq!(found[2], ("6".to_owned(), DateKind::Placed));
        older.retain(|entry| entry.published.is_none());
        assert_eq!(days(&older)[1], ("10".to_owned(), DateKind::Placed));
    }

    #[test]
    fn what_says_only_when_it_was_changed_is_of_that_day() {
        let mut entries = list(&[Some(20), None, None, Some(5)], false);
        entries[1].updated = Some(day(18).at);
        let found = days(&entries);
        assert_eq!(found[1], ("18".to_owned(), DateKind::Updated));
        assert_eq!(found[2], ("11".to_owned(), DateKind::Placed));
        let mut releases = list(&[None, None, None], false);
        for (entry, changed) in releases.iter_mut().zip([7, 6, 5]) {
            entry.updated = Some(day(changed).at);
        }
        let updated = |day: &str| (day.to_owned(), DateKind::Updated);
        assert_eq!(days(&releases), [updated("7"), updated("6"), updated("5")]);
    }

    #[test]
    fn changes_of_all_entries_at_once_are_no_dates_but_no_entry_is_later() {
        let mut entries = list(&[Some(20), None, None, Some(5)], false);
        for (entry, seconds) in entries.iter_mut().zip([2, 1, 0, 0]) {
            entry.updated = Some(day(12).at + TimeDelta::seconds(seconds));
        }
        let found = days(&entries);
        assert_eq!(
            found[1],
            ("12".to_owned(), DateKind::Placed),
            "not the 15th"
        );
        assert_eq!(found[2], ("10".to_owned(), DateKind::Placed));
    }

    #[test]
    fn without_a_dated_neighbour_or_in_a_known_source_first_sight_is_the_date() {
        for (entries, at) in [
            (list(&[None, None], false), 1),
            (list(&[Some(20), None, Some(5)], true), 1),
        ] {
            assert_eq!(days(&entries)[at], ("30".to_owned(), DateKind::FirstSeen));
        }
    }
}
