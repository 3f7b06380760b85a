//! Entries: changes applied to them, and the merged article settled.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::prepared::Prepared;
use super::row::{Instant, Shown};
use super::{aliases, articles, search, sightings};
use crate::model::{Change, Entry, EntryKey, Merged};

/// What came of applying changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Entries never seen before.
    pub new: usize,
    /// Entries whose text had changed in this source.
    pub updated: usize,
    /// Entries known already, from this source or another.
    pub known: usize,
    /// The new entries, in the order of the changes.
    pub fresh: Vec<EntryKey>,
    /// Entries with a sighting that is new beside others or has other text, in the order of the changes, each once: their
    /// merged article is to be settled.
    pub touched: Vec<EntryKey>,
}

/// Keeps what the source with number `num` showed. `prepared` holds of the changes, in their order, what was made ready.
pub(super) fn apply(
    conn: &Connection,
    num: i64,
    changes: &[Change],
    prepared: &[Option<Prepared>],
    now: DateTime<Utc>,
) -> rusqlite::Result<Applied> {
    let mut applied = Applied::default();
    let mut shown = 0;
    for (number, change) in changes.iter().enumerate() {
        let prepared = prepared.get(number).and_then(Option::as_ref);
        let (key, names) = match change {
            Change::New { entry, aliases } => {
                let made;
                let prepared = if let Some(prepared) = prepared {
                    prepared
                } else {
                    made = Prepared::new(entry)?;
                    &made
                };
                let key = articles::insert(conn, entry, prepared, now)?;
                let body = prepared.body.as_ref();
                sightings::insert(conn, num, key, entry, (true, body), now)?;
                applied.fresh.push(key);
                applied.new += 1;
                shown += 1;
                (key, aliases)
            }
            Change::Updated {
                of,
                entry,
                aliases,
                rewrites,
            } => {
                sightings::update(conn, num, *of, entry, now)?;
                sightings::remember(conn, num, *of, rewrites)?;
                applied.updated += 1;
                applied.touched.push(*of);
                (*of, aliases)
            }
            Change::Moved { of, entry, aliases } => {
                sightings::update(conn, num, *of, entry, now)?;
                applied.known += 1;
                applied.touched.push(*of);
                (*of, aliases)
            }
            Change::Corrected {
                of,
                entry,
                aliases,
                rewrites,
            } => {
                sightings::update(conn, num, *of, entry, now)?;
                sightings::remember(conn, num, *of, rewrites)?;
                applied.known += 1;
                applied.touched.push(*of);
                (*of, aliases)
            }
            Change::Same {
                of,
                aliases,
                position,
                ..
            } => {
                sightings::still(conn, num, *of, *position, now)?;
                applied.known += 1;
                (*of, aliases)
            }
            Change::Duplicate { of, entry, aliases } => {
                let made;
                let body = if let Some(prepared) = prepared {
                    prepared.body.as_ref()
                } else {
                    made = sightings::packed(entry)?;
                    made.as_ref()
                };
                sightings::insert(conn, num, *of, entry, (false, body), now)?;
                applied.known += 1;
                applied.touched.push(*of);
                shown += 1;
                (*of, aliases)
            }
        };
        aliases::add(conn, key, names)?;
    }
    if shown > 0 {
        conn.prepare_cached("UPDATE sources SET entries = entries + ?2 WHERE num = ?1")?
            .execute(params![num, shown])?;
    }
    let mut seen = std::collections::HashSet::new();
    applied.touched.retain(|key| seen.insert(*key));
    Ok(applied)
}

/// Keeps the merged article of `key`.
pub(super) fn settle(
    conn: &Connection,
    key: EntryKey,
    merged: &Merged,
    now: DateTime<Utc>,
    text_changed: bool,
) -> rusqlite::Result<bool> {
    let entry = &merged.entry;
    // read while those that show just the article still can be
    let shown = sightings::of(conn, key, None)?;
    let mut place = conn.prepare_cached(
        "UPDATE sightings SET place = ?3, gives_body = ?4, shown = ?5
         WHERE entry = ?1 AND source = (SELECT num FROM sources WHERE id = ?2)",
    )?;
    for (number, source) in (0i64..).zip(&merged.origins) {
        let gives_body = merged.body.as_ref() == Some(source);
        let shown = shown
            .iter()
            .find(|it| it.source == *source && !shows_just(&it.entry, entry))
            .map(|it| Shown::of(&it.entry));
        place.execute(params![key.0, source.as_str(), number, gives_body, shown])?;
    }
    if !articles::replace(conn, key, entry)? {
        return Ok(false);
    }
    search::changed(conn, key, entry)?;
    if text_changed {
        conn.prepare_cached("UPDATE ledger SET changed = max(changed, ?2) WHERE entry = ?1")?
            .execute(params![key.0, Instant(now)])?;
    }
    Ok(text_changed)
}

/// True if the sighting `shown` needs no [`Shown`] beside the merged article.
fn shows_just(shown: &Entry, merged: &Entry) -> bool {
    let beside = Entry {
        guid: shown.guid.clone(),
        content: shown.content.clone(),
        position: shown.position,
        print: shown.print,
        ..merged.clone()
    };
    *shown == beside
}
