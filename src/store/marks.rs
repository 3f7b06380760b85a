//! The index by which entries that may be one are found: a row a mark, in the order of time.
//!
//! A mark is kept as one number that holds all of it: its period, a part of its hash, its entry. Entries of one period stand
//! together, so looking for those of near days is a few looks into a small part of the index, whatever the archive
//! holds. That two marks share a number, or that a period comes again after centuries, gives a candidate too many at worst.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::row;
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
/// So many places are asked for, or written, at once: a question costs as much as some answers.
const AT_ONCE: usize = 8;

/// The places at `?2` and after, up to a place for every entry.
const FIND: &str = "SELECT m.place FROM (VALUES (?2), (?3), (?4), (?5), (?6), (?7), (?8), (?9)) v
    CROSS JOIN marks m WHERE m.place BETWEEN v.column1 AND v.column1 + ?1";
/// More than a few entries with one mark in one period are not kept, so that no question has a long answer.
const KEEP: &str = "INSERT OR IGNORE INTO marks (place)
    SELECT v.column1 FROM (VALUES (?3), (?4), (?5), (?6), (?7), (?8), (?9), (?10)) v
    WHERE v.column1 IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM marks m WHERE m.place BETWEEN v.column1 & ~?1 AND v.column1 | ?1 LIMIT 1 OFFSET ?2)";
#[cfg(test)]
pub(super) const LOOKUPS: [&str; 1] = [FIND];

/// The part of a place that says which entry.
const ENTRY: u64 = (1 << ENTRY_BITS) - 1;

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

/// Takes the marks `gone` from `key`, and gives it those of `kept`.
pub(super) fn mark(
    conn: &Connection,
    key: EntryKey,
    gone: &[Mark],
    kept: &[Mark],
) -> rusqlite::Result<()> {
    if !gone.is_empty() {
        let kept: BTreeSet<u64> = kept.iter().map(|mark| place(mark, key)).collect();
        let mut delete = conn.prepare_cached("DELETE FROM marks WHERE place = ?1")?;
        for place in gone.iter().map(|mark| place(mark, key)) {
            if !kept.contains(&place) {
                delete.execute([number(place)])?;
            }
        }
    }
    let mut keep = conn.prepare_cached(KEEP)?;
    let limit = [number(ENTRY), row::stored(COMMON as u64)];
    for few in kept.chunks(AT_ONCE) {
        let places = few.iter().map(|mark| number(place(mark, key)));
        keep.execute(params_from_iter(padded(&limit, places)))?;
    }
    Ok(())
}

/// The values of a statement that takes [`AT_ONCE`] places after `before`.
fn padded(before: &[i64], places: impl Iterator<Item = i64>) -> Vec<Value> {
    let mut values: Vec<Value> = before.iter().copied().map(Value::Integer).collect();
    values.extend(places.map(Value::Integer));
    values.resize(before.len() + AT_ONCE, Value::Null);
    values
}

/// The entries that share with `marks`, at most about `reach` days apart, one that says enough or several parts of a text.
pub(super) fn candidates(
    conn: &Connection,
    marks: &Marks,
    reach: u32,
) -> rusqlite::Result<BTreeSet<EntryKey>> {
    let mut asked = Vec::new();
    let mut all = None;
    for mark in marks.kept.iter().chain(&marks.asked) {
        match (mark.kind, mark.day) {
            (MarkKind::Ever, _) => asked.push(first(EVER, mark.value)),
            (_, Some(day)) => asked.extend(
                near(day, reach)
                    .chain([UNDATED])
                    .map(|period| first(period, mark.value)),
            ),
            (_, None) => {
                let periods = match &all {
                    Some(periods) => periods,
                    None => all.insert(periods(conn)?),
                };
                asked.extend(periods.iter().map(|period| first(*period, mark.value)));
            }
        }
    }
    let found = holders(conn, asked)?;
    let mut keys = BTreeSet::new();
    let mut parts: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for mark in marks.kept.iter().chain(&marks.asked) {
        let value = first(0, mark.value);
        let holders = found.get(&value).map(Vec::as_slice).unwrap_or_default();
        if holders.len() > COMMON {
            continue;
        }
        for entry in holders {
            if mark.kind == MarkKind::Part {
                parts.entry(*entry).or_default().insert(value);
            } else {
                keys.insert(EntryKey(entry.cast_signed()));
            }
        }
    }
    let several = parts
        .into_iter()
        .filter(|(_, shared)| shared.len() >= PARTS);
    keys.extend(several.map(|(entry, _)| EntryKey(entry.cast_signed())));
    Ok(keys)
}

/// The periods with the days that are at most `reach` away, each once.
fn near(day: i32, reach: u32) -> impl Iterator<Item = u64> {
    let reach = i32::try_from(reach).unwrap_or(i32::MAX);
    let (from, to) = (day.saturating_sub(reach), day.saturating_add(reach));
    let numbers: RangeInclusive<i32> = from.div_euclid(PERIOD_DAYS)..=to.div_euclid(PERIOD_DAYS);
    numbers.map(|number| period(number.saturating_mul(PERIOD_DAYS)))
}

/// The periods that have marks but for [`EVER`].
fn periods(conn: &Connection) -> rusqlite::Result<Vec<u64>> {
    let mut after = conn.prepare_cached("SELECT min(place) FROM marks WHERE place >= ?1")?;
    let mut found = Vec::new();
    let mut at = Some(i64::MIN);
    while let Some(from) = at {
        let place: Option<i64> = after
            .query_row([from], |row| row.get(0))
            .optional()?
            .flatten();
        at = place.and_then(|place| {
            let period = place.cast_unsigned() >> (64 - PERIOD_BITS);
            found.push(period);
            let last = place | number(u64::MAX >> PERIOD_BITS);
            last.checked_add(1)
        });
    }
    found.retain(|period| *period != EVER);
    Ok(found)
}

/// Which entries have marks at the places that begin with `asked`, by the value of the mark.
fn holders(conn: &Connection, mut asked: Vec<u64>) -> rusqlite::Result<BTreeMap<u64, Vec<u64>>> {
    // neighbours one after the other
    asked.sort_unstable();
    asked.dedup();
    let mut found: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    let mut find = conn.prepare_cached(FIND)?;
    for few in asked.chunks(AT_ONCE) {
        let places = few.iter().map(|place| number(*place));
        let mut rows = find.query(params_from_iter(padded(&[number(ENTRY)], places)))?;
        while let Some(row) = rows.next()? {
            let place = row.get::<_, i64>(0)?.cast_unsigned();
            let value = ((place << PERIOD_BITS) >> PERIOD_BITS) & !ENTRY;
            found.entry(value).or_default().push(place & ENTRY);
        }
    }
    Ok(found)
}
