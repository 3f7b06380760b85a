//! Archive → lines.

use std::io::{self, Write};
use std::path::Path;

use rusqlite::Connection;

use super::super::{Error, Store, archives, backup};
use super::form::{Form, quoted};
use super::kinds::{KINDS, Kind, Place};
use super::{FORMAT, VERSION};

/// Why lines could not be written.
enum Failure {
    Read(rusqlite::Error),
    Write(io::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Read(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl Store {
    /// Writes the archive, as it is at this moment, as lines to `out`; gives how many there are between the first and the last.
    /// Others may go on writing into the archive meanwhile. No more is in memory than one line.
    ///
    /// # Errors
    /// [`Error::Output`] if `out` takes no more, [`Error::Damaged`] if the archive cannot be read to its end.
    pub fn export(&self, out: &mut dyn Write) -> Result<u64, Error> {
        lines(&self.conn, out).map_err(|failure| match failure {
            Failure::Read(source) => Error::of(&self.path, source),
            Failure::Write(source) => Error::Output { source },
        })
    }

    /// Writes the archive as lines into the file `target`, made beside, forced to the disk and given its name in one step. What
    /// is there is replaced only if `replace` says so. The file may be read and written by its owner only. Gives how many
    /// lines there are between the first and the last.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::InUse`] or [`Error::Copy`] for the file, and those of
    /// [`Store::export`]. No file has taken the name then.
    pub fn export_to(&self, target: &Path, replace: bool) -> Result<u64, Error> {
        let mut written = 0;
        backup::into_file(target, &self.path, replace, |file, _| {
            let mut out = io::BufWriter::new(file);
            written = self
                .export(&mut out)
                .and_then(|lines| {
                    out.flush().map_err(|source| Error::Output { source })?;
                    Ok(lines)
                })
                .map_err(|error| match error {
                    Error::Output { source } => Error::Copy {
                        path: target.to_owned(),
                        source,
                    },
                    other => other,
                })?;
            Ok(())
        })?;
        Ok(written)
    }

    /// Writes `bytes` into the file `target`, as [`Store::export_to`] of the archive `database` does, which need not be there;
    /// gives their number.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::InUse`] or [`Error::Copy`]. No file has taken the name then.
    pub fn write_beside(
        database: &Path,
        target: &Path,
        replace: bool,
        bytes: &[u8],
    ) -> Result<u64, Error> {
        backup::into_file(target, database, replace, |mut file, _| {
            file.write_all(bytes).map_err(|source| Error::Copy {
                path: target.to_owned(),
                source,
            })
        })
    }
}

fn lines(conn: &Connection, out: &mut dyn Write) -> Result<u64, Failure> {
    // what is read is the archive of one moment
    let snapshot = conn.unchecked_transaction()?;
    writeln!(out, "{{\"format\":\"{FORMAT}\",\"version\":{VERSION}}}")?;
    let mut lines = 0;
    for kind in KINDS {
        lines += rows(&snapshot, kind, out)?;
    }
    writeln!(out, "{{\"line\":\"end\",\"lines\":{lines}}}")?;
    Ok(lines)
}

/// The lines of one kind.
fn rows(conn: &Connection, kind: &Kind, out: &mut dyn Write) -> Result<u64, Failure> {
    let columns: Vec<String> = kind
        .fields
        .iter()
        .map(|field| match field.place {
            Place::Column(column) => field.form.read(column),
            Place::Beside { read, .. } => read.to_owned(),
        })
        .collect();
    let (table, order) = (kind.table, kind.order);
    let columns = columns.join(", ");
    let mut statement =
        conn.prepare(&format!("SELECT {columns} FROM {table} t ORDER BY {order}"))?;
    let mut rows = statement.query([])?;
    let mut lines = 0;
    while let Some(row) = rows.next()? {
        write!(out, "{{\"line\":\"{}\"", kind.name)?;
        for (at, field) in kind.fields.iter().enumerate() {
            let value = match field.form {
                Form::Document => archives::unpacked(conn, row.get(at)?)?.map(|body| quoted(&body)),
                form => {
                    let value = row.get_ref(at)?;
                    form.line(value).map_err(|cause| {
                        let kind = value.data_type();
                        rusqlite::Error::FromSqlConversionFailure(at, kind, cause.into())
                    })?
                }
            };
            if let Some(value) = value {
                write!(out, ",\"{}\":{value}", field.name)?;
            }
        }
        writeln!(out, "}}")?;
        lines += 1;
    }
    Ok(lines)
}
