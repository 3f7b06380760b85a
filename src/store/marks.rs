//! The index by which entries that may be one are found: a row a mark, in the order of time.
//!
//! A mark is kept as one number that holds all of it: its period, a part of its hash, its entry. Entries of one period stand
//! together, so looking for those of near days is a few looks into a small part of the index, whatever the archive
//! holds. That two marks share a number, or that a period comes again after centuries, gives a candidate too many at worst.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params_from_iter};

use crate::model::{EntryKey, Mark, MarkKind, Marks};

/// A mark that so many entries of a period have is boiler-plate, and no evidence.
const COMMON: usize = 100;
/// Of the parts of a text so many must be shared.
const PARTS: usize = 2;
/// How long a period is: most of what is near a day is in its period and in one beside it.
const PERIOD_DAYS: i32 = 128;
/// How many bits of a place say which period, and which entry.
const PERIOD_BITS: u32 = 10;
const ENTRY_BITS: u32 = 28;
/// The period of what has no day, and that of what means something at any time; the others follow.
const UNDATED: u64 = 0;
const EVER: u64 = 1;
const FIRST: u64 = 2;
/// So many places are asked for at once: a question costs as much as some answers.
const AT_ONCE: usize = 8;

/// The places at `?2` and after, up to a place for every entry.
const FIND: &str = "SELECT m.place FROM (VALUES (?2), (?3), (?4), (?5), (?6), (?7), (?8), (?9)) v
    CROSS JOIN marks m WHERE m.place BETWEEN v.column1 AND v.column1 + ?1";
/// One at a time: before a statement that writes several rows, SQLite copies each page that it changes.
const KEEP: &str = "INSERT OR IGNORE INTO marks (place) VALUES (?1)";
#[cfg(test)]
pub(super) const LOOKUPS: [&str; 1] = [FIND];

/// The parts of a place: which entry, when, which mark.
const ENTRY: u64 = (1 << ENTRY_BITS) - 1;
const PERIOD: u64 = !(u64::MAX >> PERIOD_BITS);
const VALUE: u64 = !(ENTRY | PERIOD);

/// The first place of the marks with that value in a period.
fn first(period: u64, value: u32) -> u64 {
    let value = u64::from(value) >> (PERIOD_BITS + ENTRY_BITS - 32);
    (period << (64 - PERIOD_BITS)) | (value << ENTRY_BITS)
}

/// As SQLite keeps it: places of one period stay together.
fn number(place: u64) -> i64 {
    place.cast_signed()
}

fn period(day: i32) -> u64 {
    let periods = (1 << PERIOD_BITS) - i64::try_from(FIRST).expect("two");
    let number = i64::from(day.div_euclid(PERIOD_DAYS)).rem_euclid(periods);
    FIRST + number.unsigned_abs()
}

fn place(mark: &Mark, key: EntryKey) -> u64 {
    let period = match (mark.kind, mark.day) {
        (MarkKind::Ever, _) => EVER,
        (_, None) => UNDATED,
        (_, Some(day)) => period(day),
    };
    first(period, mark.value) | (key.0.cast_unsigned() & ENTRY)
}

/// Takes the marks `gone` from `key`, and gives it those of `marks` by which others find it; gives what [`candidates`] gives
/// besides `key`. More than a few entries with one mark in one period are not kept, so that no question has a long answer.
pub(super) fn meet(
    conn: &Connection,
    key: EntryKey,
    gone: &[Mark],
    marks: &Marks,
    reach: u32,
) -> rusqlite::Result<BTreeSet<EntryKey>> {
    let kept: BTreeSet<u64> = (marks.kept.iter()).map(|mark| place(mark, key)).collect();
    if !gone.is_empty() {
        let mut delete = conn.prepare_cached("DELETE FROM marks WHERE place = ?1")?;
        for place in gone.iter().map(|mark| place(mark, key)) {
            if !kept.contains(&place) {
                delete.execute([number(place)])?;
            }
        }
    }
    let found = holders(conn, &places(conn, marks, reach)?)?;
    let is_rare = |place: &u64| {
        let holders = found.get(&(place & !ENTRY)).map_or(0, Vec::len);
        holders <= COMMON
    };
    let mut keep = conn.prepare_cached(KEEP)?;
    for place in kept.into_iter().filter(is_rare) {
        keep.execute([number(place)])?;
    }
    let mut keys = shared(marks, &found);
    keys.remove(&EntryKey((key.0.cast_unsigned() & ENTRY).cast_signed()));
    Ok(keys)
}

/// The entries that share with `marks`, at most about `reach` days apart, one that says enough or several parts of a text.
pub(super) fn candidates(
    conn: &Connection,
    marks: &Marks,
    reach: u32,
) -> rusqlite::Result<BTreeSet<EntryKey>> {
    let found = holders(conn, &places(conn, marks, reach)?)?;
    Ok(shared(marks, &found))
}

/// Where the marks of entries begin that share one with `marks`.
fn places(conn: &Connection, marks: &Marks, reach: u32) -> rusqlite::Result<Vec<u64>> {
    let mut places = Vec::new();
    // most marks of an entry are of one day
    let mut of_day: Option<(Option<i32>, Vec<u64>)> = None;
    for mark in marks.kept.iter().chain(&marks.asked) {
        if mark.kind == MarkKind::Ever {
            places.push(first(EVER, mark.value));
            continue;
        }
        let periods = match &of_day {
            Some((day, periods)) if *day == mark.day => periods,
            _ => &of_day.insert((mark.day, periods(conn, mark.day, reach)?)).1,
        };
        places.extend(periods.iter().map(|period| first(*period, mark.value)));
    }
    // neighbours one after the other
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// The entries that have enough of `marks`, given who has which.
fn shared(marks: &Marks, found: &BTreeMap<u64, Vec<u64>>) -> BTreeSet<EntryKey> {
    let mut keys = BTreeSet::new();
    let mut parts: BTreeMap<u64, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let of_value = |value| {
        // the same in all periods
        found
            .iter()
            .filter(move |(place, _)| **place & VALUE == value)
    };
    for mark in marks.kept.iter().chain(&marks.asked) {
        let value = first(0, mark.value);
        if found.is_empty() || !seen.insert((value, mark.kind)) {
            continue;
        }
        let count: usize = of_value(value).map(|(_, entries)| entries.len()).sum();
        if count > COMMON {
            continue;
        }
        for entry in of_value(value).flat_map(|(_, entries)| entries) {
            if mark.kind == MarkKind::Part {
                *parts.entry(*entry).or_default() += 1;
            } else {
                keys.insert(EntryKey(entry.cast_signed()));
            }
        }
    }
    let several = parts.into_iter().filter(|(_, shared)| *shared >= PARTS);
    keys.extend(several.map(|(entry, _)| EntryKey(entry.cast_signed())));
    keys
}

/// The periods that have marks and may have some near that day; without one, all.
fn periods(conn: &Connection, day: Option<i32>, reach: u32) -> rusqlite::Result<Vec<u64>> {
    let Some(day) = day else {
        return all_periods(conn);
    };
    let reach = i32::try_from(reach).unwrap_or(i32::MAX);
    let from = day.saturating_sub(reach).div_euclid(PERIOD_DAYS);
    let to = day.saturating_add(reach).div_euclid(PERIOD_DAYS);
    if to - from >= 1 << PERIOD_BITS {
        return all_periods(conn);
    }
    let near = (from..=to).map(|number| period(number.saturating_mul(PERIOD_DAYS)));
    let mut has =
        conn.prepare_cached("SELECT 1 FROM marks WHERE place BETWEEN ?1 AND ?2 LIMIT 1")?;
    let mut periods = Vec::new();
    for period in near.chain([UNDATED]) {
        let begin = first(period, 0);
        if has.exists([number(begin), number(begin | !PERIOD)])? {
            periods.push(period);
        }
    }
    Ok(periods)
}

/// The periods that have marks but for [`EVER`].
fn all_periods(conn: &Connection) -> rusqlite::Result<Vec<u64>> {
    let mut after = conn.prepare_cached("SELECT min(place) FROM marks WHERE place >= ?1")?;
    let mut found = Vec::new();
    let mut at = Some(i64::MIN);
    while let Some(from) = at {
        let place: Option<i64> = after.query_row([from], |row| row.get(0))?;
        at = place.and_then(|place| {
            let place = place.cast_unsigned();
            found.push(place >> (64 - PERIOD_BITS));
            number(place | !PERIOD).checked_add(1)
        });
    }
    found.retain(|period| *period != EVER);
    Ok(found)
}

/// Which entries have marks at `places`, by these.
fn holders(conn: &Connection, places: &[u64]) -> rusqlite::Result<BTreeMap<u64, Vec<u64>>> {
    let mut found: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut find = conn.prepare_cached(FIND)?;
    for few in places.chunks(AT_ONCE) {
        let range = std::iter::once(number(ENTRY));
        // what is asked for twice is answered twice
        let asked = few.iter().copied().map(number).map(Some);
        let values = range.map(Some).chain(asked).chain(std::iter::repeat(None));
        let mut rows = find.query(params_from_iter(values.take(AT_ONCE + 1)))?;
        while let Some(row) = rows.next()? {
            let place = row.get::<_, i64>(0)?.cast_unsigned();
            found.entry(place & !ENTRY).or_default().push(place & ENTRY);
        }
    }
    Ok(found)
}
