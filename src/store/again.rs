//! Entries that come into a feed a second time, since their text has changed.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::row::Instant;
use crate::model::FeedDefinition;

/// An entry that has come in is not news again for so long.
const REST: TimeDelta = TimeDelta::hours(24);

/// Lets the edited entries of the feed with number `num` in again, above all that is there: oldest date first, each at most
/// once a day. What its front page never showed does not come onto it so. More edits of one source at once than a new source
/// could show ([`FeedDefinition::first`]) are the work of a template, and no news.
pub(super) fn enter(
    conn: &Connection,
    num: i64,
    definition: &FeedDefinition,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    if !definition.republish {
        return Ok(());
    }
    let edited: Vec<(i64, Option<i64>, bool)> = conn
        .prepare_cached(
            "SELECT p.sequence, p.source, p.first_published <= ?2
             FROM edited d CROSS JOIN publications p ON p.feed = ?1 AND p.entry = d.entry
                 JOIN ledger l ON l.entry = d.entry
             WHERE p.front = 1 AND p.fits = 1 AND NOT EXISTS (SELECT 1 FROM joined j WHERE j.entry = d.entry)
             ORDER BY l.date, l.published_id",
        )?
        .query_map(params![num, Instant(now - REST)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut counts: HashMap<Option<i64>, usize> = HashMap::new();
    for (_, source, _) in &edited {
        *counts.entry(*source).or_default() += 1;
    }
    let mut update = conn.prepare_cached(
        "UPDATE publications SET first_published = ?3,
             sequence = (SELECT max(sequence) + 1 FROM publications WHERE feed = ?1)
         WHERE feed = ?1 AND sequence = ?2",
    )?;
    for (sequence, source, is_rested) in edited {
        if is_rested && counts[&source] <= definition.first {
            update.execute(params![num, sequence, Instant(now)])?;
        }
    }
    Ok(())
}

/// Forgets what was edited: it has been shown again, or never is.
pub(super) fn forget(conn: &Connection) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM edited")?.execute([])?;
    Ok(())
}
