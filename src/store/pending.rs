//! What the publisher has to look at.

use rusqlite::Connection;

use crate::model::EntryKey;

/// The publisher is to look at `key`, which is shown for itself.
pub(super) fn add(conn: &Connection, key: EntryKey) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR IGNORE INTO pending (entry) VALUES (?1)")?
        .execute([key.0])?;
    Ok(())
}

/// The publisher is to look at `key`, under the entry that it is shown as.
pub(super) fn add_head(conn: &Connection, key: EntryKey) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT OR IGNORE INTO pending (entry)
         VALUES (coalesce((SELECT head FROM joined WHERE entry = ?1), ?1))",
    )?
    .execute([key.0])?;
    Ok(())
}
