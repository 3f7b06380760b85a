//! What is remembered of the `robots.txt` of sites.

use std::io::{Read as _, Write as _};

use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, OptionalExtension, params};

use super::row::{self, Instant};
use crate::model::{RobotsFile, Validators};

/// A site that was not asked for so long is forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(90);

/// The file of the site at `origin`, if anything is known of it.
pub(super) fn robots(conn: &Connection, origin: &str) -> rusqlite::Result<Option<RobotsFile>> {
    conn.prepare_cached(
        "SELECT body, etag, last_modified, answered, failing FROM robots WHERE origin = ?1",
    )?
    .query_row([origin], |row| {
        let packed: Option<Vec<u8>> = row.get(0)?;
        let body = packed
            .map(|packed| {
                let mut body = Vec::new();
                DeflateDecoder::new(packed.as_slice())
                    .read_to_end(&mut body)
                    .map(|_| body.into())
            })
            .transpose()
            .map_err(|cause| {
                let cause = FromSqlError::other(cause).into();
                rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, cause)
            })?;
        Ok(RobotsFile {
            origin: origin.to_owned(),
            body,
            validators: Validators {
                etag: row.get(1)?,
                last_modified: row.get(2)?,
            },
            answered: row::instant(row, 3)?,
            failing: row::instant(row, 4)?,
        })
    })
    .optional()
}

/// Keeps the file of a site that was asked for at `now`, and forgets those that nobody has asked for in a long time.
pub(super) fn keep_robots(
    conn: &Connection,
    file: &RobotsFile,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let packed = file
        .body
        .as_ref()
        .map(|body| {
            let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
            packer.write_all(body).and_then(|()| packer.finish())
        })
        .transpose()
        .map_err(|cause| rusqlite::Error::ToSqlConversionFailure(cause.into()))?;
    conn.prepare_cached(
        "INSERT OR REPLACE INTO robots (origin, body, etag, last_modified, answered, failing, asked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        file.origin,
        packed,
        file.validators.etag,
        file.validators.last_modified,
        file.answered.map(Instant),
        file.failing.map(Instant),
        Instant(now),
    ])?;
    conn.prepare_cached("DELETE FROM robots WHERE asked < ?1")?
        .execute([Instant(now - FORGOTTEN_AFTER)])?;
    Ok(())
}

/// The source with number `num` turned out to be an index page, though it was not read.
pub(super) fn is_page(conn: &Connection, num: i64) -> rusqlite::Result<()> {
    conn.prepare_cached("UPDATE sources SET is_feed = 0 WHERE num = ?1")?
        .execute([num])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn file(origin: &str) -> RobotsFile {
        RobotsFile {
            origin: origin.to_owned(),
            body: Some((&b"User-agent: *\n\xff"[..]).into()),
            validators: Validators {
                etag: Some("\"1\"".to_owned()),
                last_modified: Some("then".to_owned()),
            },
            answered: Some(at(1)),
            failing: Some(at(2)),
        }
    }

    #[test]
    fn a_file_is_kept_as_it_is_until_nobody_asks_for_it_any_more() {
        let mut store = Store::in_memory().unwrap();
        let (a, b) = (file("https://a.example"), file("https://b.example:8443"));
        store.write(|write| write.keep_robots(&a, at(3))).unwrap();
        assert_eq!(store.robots(&a.origin).unwrap(), Some(a.clone()));
        assert_eq!(store.robots(&b.origin).unwrap(), None);
        let none = RobotsFile {
            body: None,
            ..a.clone()
        };
        store
            .write(|write| write.keep_robots(&none, at(4)))
            .unwrap();
        assert_eq!(store.robots(&a.origin).unwrap(), Some(none.clone()));
        store.write(|write| write.keep_robots(&b, at(94))).unwrap();
        assert_eq!(store.robots(&a.origin).unwrap(), Some(none));
        store.write(|write| write.keep_robots(&b, at(95))).unwrap();
        assert_eq!(store.robots(&a.origin).unwrap(), None);
        assert_eq!(store.robots(&b.origin).unwrap(), Some(b));
    }
}
