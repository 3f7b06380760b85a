//! A value as SQLite keeps it, and as it stands in a line.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::row::{FromText, Instant, Packed};

/// How a value is written into a line.
#[derive(Clone, Copy)]
pub(in crate::store) enum Form {
    /// A string.
    Text,
    /// A string of which only some will do.
    Word(fn(&str) -> bool),
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A time, as RFC 3339 has it, in UTC; in milliseconds since 1970 where its year has no four digits.
    Instant,
    /// A value of its own, which must be one that we can read.
    Json(fn(&str) -> bool),
    /// Text that is kept deflated: a string.
    Packed,
    /// A closed page of an archive, by its number, since its body may lean on that of another one: a string.
    Document,
    /// Bytes that are kept deflated: a string where they are UTF-8, else `{"hex": "…"}`.
    PackedBytes,
    /// 16 bytes: a string of hexadecimal digits.
    Print,
    /// The id of a source.
    Source,
    /// The id of the source that a guid belongs to; absent: it holds everywhere.
    Scope,
    /// The name of a feed.
    Feed,
    /// `guid`, `link` or `fingerprint`.
    AliasKind,
}

/// The words for the kinds of aliases, which are numbered from 1.
const ALIAS_KINDS: [&str; 3] = ["guid", "link", "fingerprint"];

/// True if `text` is a `T`.
pub(super) fn of<T: FromText>(text: &str) -> bool {
    T::parse(text).is_some()
}

/// True if `text` is the JSON of a `T`.
pub(super) fn json<T: for<'a> Deserialize<'a>>(text: &str) -> bool {
    serde_json::from_str::<T>(text).is_ok()
}

/// Bytes that are no text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bytes {
    hex: String,
}

impl Form {
    /// What gives the value of `column`, of the table `t`.
    pub(super) fn read(self, column: &str) -> String {
        match self {
            Self::Source | Self::Scope => {
                format!("(SELECT id FROM sources WHERE num = t.{column})")
            }
            Self::Feed => format!("(SELECT id FROM feeds WHERE num = t.{column})"),
            _ => format!("t.{column}"),
        }
    }

    /// What turns the parameter of that name into what is kept: a reference must not lead nowhere.
    pub(super) fn table(self) -> Option<&'static str> {
        match self {
            Self::Source | Self::Scope => Some("sources"),
            Self::Feed => Some("feeds"),
            _ => None,
        }
    }

    /// The value that is kept, as it stands in a line; `None` for none.
    pub(super) fn line(self, value: ValueRef<'_>) -> FromSqlResult<Option<String>> {
        if value == ValueRef::Null {
            return Ok(None);
        }
        let text = match self {
            Self::Text | Self::Word(_) | Self::Source | Self::Scope | Self::Feed => {
                quoted(value.as_str()?)
            }
            Self::Number | Self::Document => value.as_i64()?.to_string(),
            Self::Flag => (value.as_i64()? != 0).to_string(),
            Self::Instant => match Instant::column_result(value)?.0 {
                at if (0..=9999).contains(&at.year()) => {
                    quoted(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
                }
                at => at.timestamp_millis().to_string(),
            },
            Self::Json(_) => one_line(value.as_str()?)?,
            Self::Packed => quoted(&Packed::<String>::column_result(value)?.0),
            Self::PackedBytes => {
                let mut bytes = Vec::new();
                DeflateDecoder::new(value.as_blob()?)
                    .read_to_end(&mut bytes)
                    .map_err(FromSqlError::other)?;
                match String::from_utf8(bytes) {
                    Ok(text) => quoted(&text),
                    Err(error) => format!("{{\"hex\":\"{}\"}}", hex(error.as_bytes())),
                }
            }
            Self::Print => format!("\"{}\"", hex(value.as_blob()?)),
            Self::AliasKind => {
                let number = value.as_i64()?;
                let word = usize::try_from(number - 1).ok();
                let word = word.and_then(|at| ALIAS_KINDS.get(at));
                quoted(word.ok_or(FromSqlError::OutOfRange(number))?)
            }
        };
        Ok(Some(text))
    }

    /// True if the value, as it is kept, is one that we can read.
    pub(in crate::store) fn can_read(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null) => true,
            (Self::Source | Self::Scope | Self::Feed, value) => matches!(value, Value::Integer(_)),
            (Self::Word(will_do) | Self::Json(will_do), Value::Text(text)) => will_do(text),
            _ => self.line(value.into()).is_ok(),
        }
    }

    /// What stands in a line, as it is kept; the name of a source or feed for a reference to it. `Err` says what it must be.
    pub(super) fn kept(self, raw: &RawValue) -> Result<Value, &'static str> {
        let raw = raw.get();
        let text = || serde_json::from_str::<String>(raw).map_err(|_| "a string");
        Ok(match self {
            Self::Text | Self::Source | Self::Scope | Self::Feed => Value::Text(text()?),
            Self::Word(will_do) => {
                let text = text()?;
                if !will_do(&text) {
                    return Err("something else: no agg writes this");
                }
                Value::Text(text)
            }
            Self::Number => {
                Value::Integer(serde_json::from_str(raw).map_err(|_| "a whole number")?)
            }
            Self::Flag => {
                let flag: bool = serde_json::from_str(raw).map_err(|_| "true or false")?;
                Value::Integer(i64::from(flag))
            }
            Self::Instant => Value::Integer(match serde_json::from_str::<i64>(raw) {
                Ok(millis) if DateTime::from_timestamp_millis(millis).is_some() => millis,
                _ => serde_json::from_str::<DateTime<Utc>>(raw)
                    .map_err(|_| "a time such as 2026-03-01T12:00:00Z")?
                    .timestamp_millis(),
            }),
            Self::Json(will_do) => {
                if !will_do(raw) {
                    return Err("something else: no agg writes this");
                }
                Value::Text(raw.to_owned())
            }
            Self::Packed | Self::Document => {
                let text = text()?;
                let Ok(ToSqlOutput::Owned(packed)) = Packed(text.as_str()).to_sql() else {
                    return Err("a text that can be packed");
                };
                packed
            }
            Self::PackedBytes => {
                const WANTED: &str = "a string, or {\"hex\": \"…\"}";
                let bytes = if let Ok(text) = text() {
                    text.into_bytes()
                } else {
                    let bytes: Bytes = serde_json::from_str(raw).map_err(|_| WANTED)?;
                    from_hex(&bytes.hex).ok_or(WANTED)?
                };
                Value::Blob(deflated(&bytes).map_err(|_| WANTED)?)
            }
            Self::Print => match from_hex(&text()?) {
                Some(print) if print.len() == 16 => Value::Blob(print),
                _ => return Err("32 hexadecimal digits"),
            },
            Self::AliasKind => {
                let word = text()?;
                let number = (1..).zip(ALIAS_KINDS).find(|(_, it)| *it == word);
                Value::Integer(number.ok_or("guid, link or fingerprint")?.0)
            }
        })
    }
}

fn deflated(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = DeflateEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes)?;
    out.finish()
}

/// The string as JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is JSON")
}

/// The JSON in one line.
fn one_line(text: &str) -> FromSqlResult<String> {
    let raw: &RawValue = serde_json::from_str(text).map_err(FromSqlError::other)?;
    if raw.get().contains(['\n', '\r']) {
        let value: serde_json::Value = serde_json::from_str(text).map_err(FromSqlError::other)?;
        return Ok(value.to_string());
    }
    Ok(raw.get().to_owned())
}

fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(digits, "{byte:02x}").expect("a string takes text");
    }
    digits
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_come_back_as_they_were() {
        for bytes in [&b"plain"[..], b"", b"\xff\x00\x80", "é\u{1}".as_bytes()] {
            let packed = deflated(bytes).unwrap();
            let line = Form::PackedBytes.line(ValueRef::Blob(&packed)).unwrap();
            let raw = RawValue::from_string(line.unwrap()).unwrap();
            assert_eq!(Form::PackedBytes.kept(&raw), Ok(Value::Blob(packed)));
        }
        assert_eq!(from_hex("0g"), None);
        assert_eq!(from_hex("012"), None);
        assert_eq!(from_hex("é"), None);
    }

    #[test]
    fn times_outside_of_what_rfc_3339_can_say_are_not_lost() {
        for millis in [
            0,
            -1,
            1_772_366_400_123,
            253_402_300_800_000,
            -62_200_000_000_000,
        ] {
            let line = Form::Instant.line(ValueRef::Integer(millis)).unwrap();
            let raw = RawValue::from_string(line.unwrap()).unwrap();
            assert_eq!(Form::Instant.kept(&raw), Ok(Value::Integer(millis)));
        }
        let day = RawValue::from_string("\"2026-03-01\"".to_owned()).unwrap();
        assert!(Form::Instant.kept(&day).is_err());
    }
}
