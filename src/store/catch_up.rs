//! Articles → index, when somebody asks: indexing costs as much as all other storing together, and many archives are never
//! searched.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{articles, row, search};
use crate::model::EntryKey;

/// How many articles are indexed in one transaction: whoever else wants to write waits for no more.
const BATCH: usize = 500;

/// Indexes the articles that have come since the last time.
pub(super) fn catch_up(conn: &Connection) -> rusqlite::Result<()> {
    let mut done = search::reach(conn)?;
    while is_behind(conn, done)? {
        let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        // another process may have indexed meanwhile
        let from = done.max(search::reach(conn)?);
        let batch: Vec<EntryKey> = conn
            .prepare_cached("SELECT id FROM entries WHERE id > ?1 ORDER BY id LIMIT ?2")?
            .query_map(params![from, row::stored(BATCH as u64)], |row| {
                row::key(row, 0)
            })?
            .collect::<rusqlite::Result<_>>()?;
        done = batch.last().map_or(from, |last| last.0);
        for key in batch {
            if let Some(entry) = articles::merged(conn, key)? {
                search::insert(conn, key, &entry)?;
            }
        }
        transaction.commit()?;
    }
    Ok(())
}

/// True if articles have come since the one with the key `done`. Looking needs no right to write.
fn is_behind(conn: &Connection, done: i64) -> rusqlite::Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM entries e WHERE e.id > ?1
             AND NOT EXISTS (SELECT 1 FROM joined j WHERE j.entry = e.id))",
    )?
    .query_row(params![done], |row| row.get(0))
}
