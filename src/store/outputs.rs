//! Which files of the output folder are ours, and what we wrote there last. The pages of archives that have closed are not
//! among them: their bytes are kept themselves.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{Error, Store};

impl Store {
    /// The files that were written, by their paths below the output folder, each with the hash of its bytes.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn outputs(&self) -> Result<BTreeMap<String, String>, Error> {
        self.at(outputs(&self.conn))
    }

    /// Remembers the hashes of `written`, by path, and forgets the files of `gone`.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn remember_outputs(
        &mut self,
        written: &[(&str, String)],
        gone: &[&str],
    ) -> Result<(), Error> {
        if written.is_empty() && gone.is_empty() {
            return Ok(());
        }
        self.write(|w| {
            w.at((|| {
                let mut remember = w.conn.prepare_cached(
                    "INSERT INTO outputs (path, hash) VALUES (?1, ?2)
                     ON CONFLICT (path) DO UPDATE SET hash = excluded.hash",
                )?;
                for (path, hash) in written {
                    remember.execute(params![path, hash])?;
                }
                let mut forget = w
                    .conn
                    .prepare_cached("DELETE FROM outputs WHERE path = ?1")?;
                for path in gone {
                    forget.execute([path])?;
                }
                Ok(())
            })())
        })
    }
}

fn outputs(conn: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    conn.prepare_cached("SELECT path, hash FROM outputs")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
