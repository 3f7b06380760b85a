//! Our values as SQLite's, and back.

use std::io::Read as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use flate2::read::DeflateDecoder;
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{packing, tiers};
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
        [
            Self::Instant,
            Self::Day,
            Self::Month,
            Self::Updated,
            Self::FirstSeen,
            Self::Placed,
        ]
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

/// The parts of the merged article that have no column or table of their own.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Detail {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<Url>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<String>,
    #[serde(with = "tiers", skip_serializing_if = "Provenance::is_empty")]
    provenance: Provenance,
}

impl Detail {
    /// That of `entry`, as it is kept.
    pub(super) fn of(entry: &Entry) -> Json<Self> {
        Json(Self {
            authors: entry.authors.clone(),
            comments: entry.comments.clone(),
            rights: entry.rights.clone(),
            also: entry.also.clone(),
            provenance: entry.provenance.clone(),
        })
    }
}

/// What a sighting shows, where that is not just the merged article: an entry but for guid, body, position and print.
/// A field that is absent is empty.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Url>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Url>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enclosures: Vec<Enclosure>,
    #[serde(flatten)]
    detail: Detail,
}

impl Shown {
    /// That of `entry`, as it is kept.
    pub(super) fn of(entry: &Entry) -> Json<Self> {
        Json(Self {
            url: entry.url.clone(),
            key: entry.key.clone(),
            title: entry.title.clone(),
            published: entry.published,
            updated: entry.updated,
            summary: entry.summary.clone(),
            tags: entry.tags.clone(),
            read_minutes: entry.read_minutes,
            language: entry.language.clone(),
            image: entry.image.clone(),
            enclosures: entry.enclosures.clone(),
            detail: Detail::of(entry).0,
        })
    }

    /// The fields of `entry` that this holds become these.
    pub(super) fn put_into(self, entry: &mut Entry) {
        entry.url = self.url;
        entry.key = self.key;
        entry.title = self.title;
        entry.published = self.published;
        entry.updated = self.updated;
        entry.summary = self.summary;
        entry.tags = self.tags;
        entry.read_minutes = self.read_minutes;
        entry.language = self.language;
        entry.image = self.image;
        entry.enclosures = self.enclosures;
        entry.authors = self.detail.authors;
        entry.comments = self.detail.comments;
        entry.rights = self.detail.rights;
        entry.also = self.detail.also;
        entry.provenance = self.detail.provenance;
    }
}

/// The columns that [`entry`] reads, of `entries e` and `sightings s`.
pub(super) const ARTICLE: &str =
    "e.title, e.url, e.key, e.published, e.precision, e.updated, e.summary,
    e.read_minutes, e.language, e.image, e.detail, s.guid, s.position, s.print";

/// How many columns [`ARTICLE`] names.
pub(super) const ARTICLE_COLUMNS: usize = 14;

/// The merged article in the first columns of `row`, with guid, position and print of a sighting; without body, tags and
/// enclosures.
pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let Json(detail): Json<Detail> = row.get(10)?;
    Ok(Entry {
        guid: row.get(11)?,
        url: word(row, 1)?,
        key: row.get(2)?,
        title: row.get(0)?,
        published: date(row, 3)?,
        updated: instant(row, 5)?,
        summary: row.get(6)?,
        content: None,
        tags: Vec::new(),
        read_minutes: row.get(7)?,
        authors: detail.authors,
        language: row.get(8)?,
        image: word(row, 9)?,
        enclosures: Vec::new(),
        comments: detail.comments,
        rights: detail.rights,
        also: detail.also,
        provenance: detail.provenance,
        position: row.get(12)?,
        print: Print(row.get(13)?),
    })
}

/// Text that is kept packed.
pub(super) struct Packed<T>(pub(super) T);

impl ToSql for Packed<&str> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        packing::pack_alone(self.0.as_bytes())
            .map(Into::into)
            .map_err(|source| rusqlite::Error::ToSqlConversionFailure(source.into()))
    }
}

impl FromSql for Packed<String> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let packed = value.as_blob()?;
        if packing::is_frame(packed) {
            let bytes = packing::unpack_alone(packed).map_err(FromSqlError::other)?;
            return String::from_utf8(bytes)
                .map(Self)
                .map_err(FromSqlError::other);
        }
        // older versions deflated it (RFC 1951)
        let mut text = String::new();
        DeflateDecoder::new(packed)
            .read_to_string(&mut text)
            .map_err(FromSqlError::other)?;
        Ok(Self(text))
    }
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

/// The span of whole seconds in column `at`, if there is one.
pub(super) fn span(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Duration>> {
    let seconds: Option<i64> = row.get(at)?;
    Ok(seconds.map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or_default())))
}

/// The value kept as JSON in column `at`, if there is one.
pub(super) fn json<T: for<'a> Deserialize<'a>>(
    row: &Row<'_>,
    at: usize,
) -> rusqlite::Result<Option<T>> {
    Ok(row.get::<_, Option<Json<T>>>(at)?.map(|it| it.0))
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

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::read::DeflateEncoder;

    use super::*;

    #[test]
    fn a_body_is_read_back_as_it_was_whatever_it_is_and_whoever_packed_it() {
        let mut noise = String::new();
        let mut state = 7u32;
        for _ in 0..200_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            noise.extend(char::from_u32(state >> 11));
        }
        for text in ["", "x", "<p>Ein Satz.</p>", &"ab".repeat(500_000), &noise] {
            let packed = match Packed(text).to_sql().unwrap() {
                ToSqlOutput::Owned(rusqlite::types::Value::Blob(packed)) => packed,
                other => panic!("{other:?}"),
            };
            let mut deflated = Vec::new();
            DeflateEncoder::new(text.as_bytes(), Compression::default())
                .read_to_end(&mut deflated)
                .unwrap();
            for kept in [packed, deflated] {
                let Packed(back) = Packed::<String>::column_result(ValueRef::Blob(&kept)).unwrap();
                assert!(back == text, "{} bytes", text.len());
            }
        }
    }
}
