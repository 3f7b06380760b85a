//! Lines → archive.

use std::fmt;
use std::io::{BufRead, Read as _};

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params_from_iter};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::{Error, Store, doctor};
use super::form::Form;
use super::kinds::{Field, KINDS, Kind, Place};
use super::{FORMAT, VERSION};

/// No line is longer, in bytes: SQLite keeps nothing that large.
const LONGEST: u64 = 1_000_000_000;

/// Why a line is not kept.
enum Failure {
    /// It is not as it must be.
    Line(String),
    /// It cannot be written.
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            // another line says otherwise, or none says what must be
            rusqlite::Error::SqliteFailure(code, Some(what))
                if code.code == ErrorCode::ConstraintViolation =>
            {
                Self::Line(format!("it does not go with the lines before it: {what}"))
            }
            error => Self::Sql(error),
        }
    }
}

impl Store {
    /// Fills the archive, which must be empty, with the lines of `from`, which errors call `name`: all of them, on disk when
    /// it returns, or nothing. No more is in memory than one line. Gives how many there are between the first and the last.
    ///
    /// # Errors
    /// [`Error::NotEmpty`]; [`Error::Line`] for a line that is not as it must be, [`Error::Input`] if `from` cannot be read; if
    /// the database cannot be written.
    pub fn import(&mut self, from: &mut dyn BufRead, name: &str) -> Result<u64, Error> {
        self.durably(|write| {
            let (conn, path) = (write.conn, write.path);
            if !write.at(is_empty(conn))? {
                return Err(Error::NotEmpty {
                    path: path.to_owned(),
                });
            }
            let mut lines = Lines {
                from,
                name,
                number: 0,
                text: Vec::new(),
            };
            let kept = lines.keep_all(conn, path)?;
            // what has no marks yet is marked before the next new entry is stored
            write.at(conn.execute("INSERT INTO unmarked SELECT id FROM entries", []))?;
            match write.at(doctor::missing(conn))?.as_slice() {
                [] => Ok(kept),
                missing => {
                    Err(lines.wrong(format!("the file is not whole: {}", missing.join(", "))))
                }
            }
        })
    }
}

/// True if nothing that a file could bring is there.
fn is_empty(conn: &Connection) -> rusqlite::Result<bool> {
    for kind in KINDS {
        if conn
            .prepare(&format!("SELECT 1 FROM {}", kind.table))?
            .exists([])?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The first line.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// The last line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    #[serde(rename = "line")]
    _line: String,
    lines: u64,
}

/// The fields of a line, in their order.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(Object).map(Self)
    }
}

/// A file that is read, line by line.
struct Lines<'a> {
    from: &'a mut dyn BufRead,
    name: &'a str,
    /// The number of the line that is in `text`, from 1.
    number: u64,
    text: Vec<u8>,
}

impl Lines<'_> {
    fn wrong(&self, what: impl Into<String>) -> Error {
        Error::Line {
            file: self.name.to_owned(),
            line: self.number,
            what: what.into(),
        }
    }

    /// Goes on to the next line; `None` after the last.
    fn next(&mut self) -> Result<Option<String>, Error> {
        self.text.clear();
        let mut from = (&mut *self.from).take(LONGEST);
        from.read_until(b'\n', &mut self.text)
            .map_err(|source| Error::Input {
                file: self.name.to_owned(),
                source,
            })?;
        self.number += 1;
        if self.text.is_empty() {
            return Ok(None);
        }
        if self.text.len() as u64 == LONGEST {
            return Err(self.wrong("it is longer than any line that agg writes"));
        }
        // what was cut off in the middle of a character is told by its missing end
        String::from_utf8(std::mem::take(&mut self.text))
            .map(Some)
            .map_err(|_| self.wrong("it is not UTF-8"))
    }

    fn keep_all(&mut self, conn: &Connection, path: &std::path::Path) -> Result<u64, Error> {
        let head = self.next()?.unwrap_or_default();
        match serde_json::from_str::<Head>(&head) {
            Ok(head) if head.format == FORMAT && head.version <= VERSION && head.version > 0 => {}
            Ok(head) if head.format == FORMAT => {
                return Err(self.wrong(format!(
                    "the file has version {}, this agg reads versions up to {VERSION}: use the newer agg that wrote it",
                    head.version
                )));
            }
            _ => {
                return Err(self.wrong(
                    "this is no export of agg, which begins {\"format\":\"agg archive\",…}",
                ));
            }
        }
        let mut kept = 0;
        while let Some(text) = self.next()? {
            let Fields(fields) = serde_json::from_str(&text)
                .map_err(|error| self.wrong(format!("it is no JSON object: {error}")))?;
            let word = (fields.iter())
                .find(|(name, _)| name == "line")
                .and_then(|(_, raw)| serde_json::from_str::<String>(raw.get()).ok())
                .ok_or_else(|| self.wrong("its field `line` does not say what it is"))?;
            if word == "end" {
                return self.end(&text, kept);
            }
            let kind = (KINDS.iter())
                .find(|kind| kind.name == word)
                .ok_or_else(|| self.wrong(format!("there are no lines called `{word}`")))?;
            keep(conn, kind, &fields).map_err(|failure| match failure {
                Failure::Line(what) => self.wrong(what),
                Failure::Sql(source) => Error::of(path, source),
            })?;
            kept += 1;
        }
        Err(self.wrong("the file ends before its last line: it was cut off"))
    }

    /// The last line: there must have been as many as it says, and nothing may follow.
    fn end(&mut self, text: &str, kept: u64) -> Result<u64, Error> {
        let end: End = serde_json::from_str(text).map_err(|error| self.wrong(error.to_string()))?;
        if end.lines != kept {
            return Err(self.wrong(format!(
                "there should be {} lines before it, and there are {kept}",
                end.lines
            )));
        }
        match self.next()? {
            None => Ok(kept),
            Some(_) => Err(self.wrong("something follows the last line")),
        }
    }
}

/// Keeps a line.
fn keep(conn: &Connection, kind: &Kind, fields: &[(String, &RawValue)]) -> Result<(), Failure> {
    let mut values = vec![Value::Null; kind.fields.len()];
    let mut seen = vec![false; kind.fields.len()];
    for (name, raw) in fields.iter().filter(|(name, _)| name != "line") {
        let wrong = |what: &str| Failure::Line(format!("`{name}` {what}"));
        let at = (kind.fields.iter())
            .position(|field| field.name == name)
            .ok_or_else(|| {
                Failure::Line(format!(
                    "lines called `{}` have no field `{name}`",
                    kind.name
                ))
            })?;
        if std::mem::replace(&mut seen[at], true) {
            return Err(wrong("stands there twice"));
        }
        let form = kind.fields[at].form;
        let value = form
            .kept(raw)
            .map_err(|wanted| wrong(&format!("must be {wanted}")))?;
        values[at] = match form.table() {
            Some(table) => {
                refer(conn, table, &value)?.ok_or_else(|| wrong("is in no line before this one"))?
            }
            None => value,
        };
    }
    // without it SQLite would make up a number
    if let (Some(Value::Null), Some(field)) = (values.first(), kind.fields.first()) {
        return Err(Failure::Line(format!("`{}` is missing", field.name)));
    }
    for (value, field) in values.iter_mut().zip(kind.fields) {
        if *value == Value::Null && matches!(field.form, Form::Scope) {
            *value = Value::Integer(0);
        }
    }
    insert(conn, kind, values)
}

/// The number of the source or feed of that name.
fn refer(conn: &Connection, table: &str, name: &Value) -> rusqlite::Result<Option<Value>> {
    conn.prepare_cached(&format!("SELECT num FROM {table} WHERE id = ?1"))?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// Writes the row, and what is kept beside it.
fn insert(conn: &Connection, kind: &Kind, values: Vec<Value>) -> Result<(), Failure> {
    let (mut columns, mut marks, mut row) = (Vec::new(), Vec::new(), Vec::new());
    let mut beside = Vec::new();
    for (Field { place, .. }, value) in kind.fields.iter().zip(values) {
        match place {
            Place::Column(column) => {
                columns.push(*column);
                marks.push("?");
                row.push(value);
            }
            Place::Beside { write, .. } if value != Value::Null => beside.push((write, value)),
            Place::Beside { .. } => {}
        }
    }
    let (columns, marks) = (columns.join(", "), marks.join(", "));
    conn.prepare_cached(&format!(
        "INSERT INTO {} ({columns}) VALUES ({marks})",
        kind.table
    ))?
    .execute(params_from_iter(row))?;
    let number = conn.last_insert_rowid();
    for (write, value) in beside {
        conn.prepare_cached(write)?.execute((number, value))?;
    }
    Ok(())
}
