//! An entry as it will stand in the tables: what takes long is done before, on any thread, so that the writer only writes.

use rusqlite::types::{ToSql, ToSqlOutput, Value};

use super::row::{Detail, Packed};
use crate::model::Entry;

/// What is kept of an entry besides its plain fields.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The parts without a column of their own.
    pub(super) detail: Value,
    /// Its body, packed; `None`: it has none.
    pub(super) body: Option<Value>,
    /// A fingerprint of what a reader reads.
    pub(super) text: [u8; 16],
}

impl Prepared {
    /// That of `entry`, which must not be changed after; `None` if it cannot be kept, which the writer will say.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        Self::new(entry).ok()
    }

    /// As [`Prepared::of`], with the cause.
    pub(super) fn new(entry: &Entry) -> rusqlite::Result<Self> {
        Ok(Self {
            detail: value(&Detail::of(entry))?,
            body: entry.content.as_deref().map(packed).transpose()?,
            text: text(entry),
        })
    }
}

/// A body as it is kept.
pub(super) fn packed(html: &str) -> rusqlite::Result<Value> {
    value(&Packed(html))
}

fn value(it: &dyn ToSql) -> rusqlite::Result<Value> {
    Ok(match it.to_sql()? {
        ToSqlOutput::Owned(value) => value,
        ToSqlOutput::Borrowed(value) => Value::try_from(value)?,
        _ => Value::Null,
    })
}

/// A fingerprint of what a reader reads.
pub(super) fn text(entry: &Entry) -> [u8; 16] {
    let parts = [
        Some(&entry.title),
        entry.summary.as_ref(),
        entry.content.as_ref(),
    ]
    .map(|part| part.map_or("", String::as_str));
    // one piece is hashed quicker than many
    let mut read = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        // the length keeps the parts apart
        read.extend_from_slice(&(part.len() as u64).to_le_bytes());
        read.extend_from_slice(part.as_bytes());
    }
    let mut print = [0; 16];
    print.copy_from_slice(&blake3::hash(&read).as_bytes()[..16]);
    print
}
