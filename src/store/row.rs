//! Our values as SQLite's, and back.

use chrono::{DateTime, Utc};
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{
    Date, DateKind, Enclosure, Entry, EntryKey, OutcomeKind, Person, Precision, Print, Provenance,
    SourceId,
};

/// An instant: milliseconds since the epoch.
pub(super) struct Instant(pub(super) DateTime<Utc>);

impl ToSql for Instant {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.timestamp_millis().into())
    }
}

impl FromSql for Instant {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let millis = value.as_i64()?;
        DateTime::from_timestamp_millis(millis)
            .map(Self)
            .ok_or(FromSqlError::OutOfRange(millis))
    }
}

/// Text that is read back into a value of its own.
pub(super) struct Word<T>(pub(super) T);

/// A value that can be read back from its text.
pub(super) trait FromText: Sized {
    /// What was kept, if it is that.
    fn parse(text: &str) -> Option<Self>;
}

impl FromText for Url {
    fn parse(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl FromText for SourceId {
    fn parse(text: &str) -> Option<Self> {
        Self::new(text)
    }
}

impl FromText for OutcomeKind {
    fn parse(text: &str) -> Option<Self> {
        Self::from_word(text)
    }
}

impl FromText for Precision {
    fn parse(text: &str) -> Option<Self> {
        [Self::Month, Self::Day, Self::Instant]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

impl FromText for DateKind {
    fn parse(text: &str) -> Option<Self> {
        [Self::Instant, Self::Day, Self::Month, Self::FirstSeen]
            .into_iter()
            .find(|it| it.as_str() == text)
    }
}

impl<T: FromText> FromSql for Word<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        T::parse(value.as_str()?)
            .map(Self)
            .ok_or(FromSqlError::InvalidType)
    }
}

/// JSON text.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(Into::into)
            .map_err(|source| rusqlite::Error::ToSqlConversionFailure(source.into()))
    }
}

impl<T: for<'a> Deserialize<'a>> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(FromSqlError::other)
    }
}

/// The parts of an entry that nothing is looked up by.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Detail {
    tags: Vec<String>,
    authors: Vec<Person>,
    enclosures: Vec<Enclosure>,
    comments: Option<Url>,
    rights: Option<String>,
    provenance: Provenance,
}

/// [`Detail`] on its way in.
#[derive(Serialize)]
pub(super) struct DetailOf<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    authors: &'a [Person],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    enclosures: &'a [Enclosure],
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: &'a Option<Url>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: &'a Option<String>,
    #[serde(skip_serializing_if = "Provenance::is_empty")]
    provenance: &'a Provenance,
}

impl<'a> DetailOf<'a> {
    /// The detail of a sighting.
    pub(super) fn sighting(entry: &'a Entry) -> Json<Self> {
        Json(Self {
            tags: &entry.tags,
            authors: &entry.authors,
            enclosures: &entry.enclosures,
            comments: &entry.comments,
            rights: &entry.rights,
            provenance: &entry.provenance,
        })
    }

    /// The detail of a merged article, whose tags and enclosures have tables of their own.
    pub(super) fn merged(entry: &'a Entry) -> Json<Self> {
        let Json(all) = Self::sighting(entry);
        Json(Self {
            tags: &[],
            enclosures: &[],
            ..all
        })
    }
}

/// The columns that [`entry`] reads, of the table of that name.
macro_rules! article_columns {
    ($table:literal) => {
        concat!(
            $table,
            ".title, ",
            $table,
            ".url, ",
            $table,
            ".key, ",
            $table,
            ".published, ",
            $table,
            ".precision, ",
            $table,
            ".updated, ",
            $table,
            ".summary, ",
            $table,
            ".read_minutes, ",
            $table,
            ".language, ",
            $table,
            ".image, ",
            $table,
            ".detail"
        )
    };
}
pub(super) use article_columns;

/// How many columns [`article_columns`] names.
pub(super) const ARTICLE: usize = 11;

/// The entry in the first columns of `row`; then come its guid, position, print and body.
pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let Json(detail): Json<Detail> = row.get(10)?;
    Ok(Entry {
        guid: row.get(ARTICLE)?,
        url: word(row, 1)?,
        key: row.get(2)?,
        title: row.get(0)?,
        published: date(row, 3)?,
        updated: instant(row, 5)?,
        summary: row.get(6)?,
        content: row.get(ARTICLE + 3)?,
        tags: detail.tags,
        read_minutes: row.get(7)?,
        authors: detail.authors,
        language: row.get(8)?,
        image: word(row, 9)?,
        enclosures: detail.enclosures,
        comments: detail.comments,
        rights: detail.rights,
        provenance: detail.provenance,
        position: row.get(ARTICLE + 1)?,
        print: Print(row.get(ARTICLE + 2)?),
    })
}

/// The date in the columns `at` (the instant) and `at + 1` (its precision).
pub(super) fn date(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Date>> {
    let Some(instant) = instant(row, at)? else {
        return Ok(None);
    };
    let Word(precision) = row.get(at + 1)?;
    Ok(Some(Date {
        at: instant,
        precision,
    }))
}

/// The instant in column `at`, if there is one.
pub(super) fn instant(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    Ok(row.get::<_, Option<Instant>>(at)?.map(|it| it.0))
}

/// The value kept as text in column `at`, if there is one.
pub(super) fn word<T: FromText>(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<Word<T>>>(at)?.map(|it| it.0))
}

/// The value kept as text in column `at`.
pub(super) fn the<T: FromText>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    Ok(row.get::<_, Word<T>>(at)?.0)
}

/// The key in column `at`.
pub(super) fn key(row: &Row<'_>, at: usize) -> rusqlite::Result<EntryKey> {
    Ok(EntryKey(row.get(at)?))
}

/// The count in column `at`, which is never negative.
pub(super) fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(at)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, number))
}

/// A count as SQLite keeps it; what does not fit is as large as can be.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
