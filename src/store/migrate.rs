//! Brings a database to the shape that this program knows: runs the files of `migrations/` that it has not seen, in order,
//! each in its own transaction. `PRAGMA user_version` counts them; the table `migrations` keeps their fingerprints.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::error::Error;

/// Each migration's file name and text. A file is never edited once released; the next one is added at the end.
pub(super) const MIGRATIONS: &[(&str, &str)] = &[
    (
        "0001_init.sql",
        include_str!("../../migrations/0001_init.sql"),
    ),
    (
        "0002_contracts.sql",
        include_str!("../../migrations/0002_contracts.sql"),
    ),
    (
        "0003_robots.sql",
        include_str!("../../migrations/0003_robots.sql"),
    ),
    (
        "0004_due.sql",
        include_str!("../../migrations/0004_due.sql"),
    ),
    (
        "0005_feeds.sql",
        include_str!("../../migrations/0005_feeds.sql"),
    ),
    (
        "0006_likeness.sql",
        include_str!("../../migrations/0006_likeness.sql"),
    ),
    (
        "0007_archives.sql",
        include_str!("../../migrations/0007_archives.sql"),
    ),
    (
        "0008_moves.sql",
        include_str!("../../migrations/0008_moves.sql"),
    ),
    (
        "0009_shelves.sql",
        include_str!("../../migrations/0009_shelves.sql"),
    ),
    (
        "0010_marks.sql",
        include_str!("../../migrations/0010_marks.sql"),
    ),
    (
        "0011_outputs.sql",
        include_str!("../../migrations/0011_outputs.sql"),
    ),
    (
        "0012_retention.sql",
        include_str!("../../migrations/0012_retention.sql"),
    ),
    (
        "0013_rewrites.sql",
        include_str!("../../migrations/0013_rewrites.sql"),
    ),
    (
        "0014_edited.sql",
        include_str!("../../migrations/0014_edited.sql"),
    ),
    (
        "0015_listings.sql",
        include_str!("../../migrations/0015_listings.sql"),
    ),
    (
        "0016_validators.sql",
        include_str!("../../migrations/0016_validators.sql"),
    ),
];

/// The mark that says whose database a file is (`PRAGMA application_id`): "agg1".
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"agg1");

/// The version that a database has when it has seen them all.
pub(super) fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).expect("a handful of migrations")
}

/// Refuses a database that is not ours, is newer than `list`, or was made by other migrations; else gives its version.
/// Changes nothing.
///
/// # Errors
/// [`Error::Foreign`], [`Error::Newer`], [`Error::History`]; [`Error::NotADatabase`] and the like.
pub(super) fn check(
    conn: &Connection,
    path: &Path,
    list: &[(&'static str, &str)],
) -> Result<u32, Error> {
    let at = |source| Error::of(path, source);
    let path = || path.to_owned();
    let found = version(conn).map_err(at)?;
    let known = u32::try_from(list.len()).expect("a handful of migrations");
    let mark: i32 = conn
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(at)?;
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(at)?;
    if (found, tables) != (0, 0) && mark != APPLICATION_ID {
        return Err(Error::Foreign { path: path() });
    }
    if found > known {
        return Err(Error::Newer {
            path: path(),
            found,
            known,
        });
    }
    for (version, (_, sql)) in (1..=found).zip(list) {
        let kept: Option<String> = conn
            .query_row(
                "SELECT hash FROM migrations WHERE version = ?1",
                [version],
                |row| row.get(0),
            )
            .optional()
            .map_err(at)?;
        if kept.as_deref() != Some(hash(sql).as_str()) {
            return Err(Error::History {
                path: path(),
                version,
            });
        }
    }
    Ok(found)
}

/// Runs the migrations of `list` that the database has not seen.
///
/// # Errors
/// [`Error::Migration`] if one fails, with those before it kept; [`Error::DiskFull`] and the like.
pub(super) fn run(
    conn: &mut Connection,
    path: &Path,
    list: &[(&'static str, &str)],
) -> Result<(), Error> {
    let found = version(conn).map_err(|source| Error::of(path, source))?;
    for (number, (name, sql)) in (1..).zip(list) {
        if number > found {
            apply(conn, number, name, sql).map_err(|source| match Error::of(path, source) {
                Error::Sqlite { path, source } => Error::Migration { path, name, source },
                other => other,
            })?;
        }
    }
    Ok(())
}

/// How many migrations the database has seen.
fn version(conn: &Connection) -> rusqlite::Result<u32> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn apply(conn: &mut Connection, number: u32, name: &str, sql: &str) -> rusqlite::Result<()> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // another process may have been faster while we waited for the lock
    if version(&transaction)? >= number {
        return Ok(());
    }
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (
             version INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL
         ) STRICT",
    )?;
    transaction.execute_batch(sql)?;
    transaction.execute(
        "INSERT INTO migrations (version, name, hash) VALUES (?1, ?2, ?3)",
        (number, name, hash(sql)),
    )?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", number)?;
    transaction.commit()
}

fn hash(sql: &str) -> String {
    blake3::hash(sql.as_bytes()).to_hex().to_string()
}
