//! Rows → rows, around pages that cannot be read.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, params_from_iter};

use super::super::transfer::{self, Form};
use super::salvaged::Salvaged;

/// So many numbers between two that were read are tried one by one; so many after the last.
const WIDEST_GAP: i64 = 1_000_000;
const AFTER_LAST: i64 = 10_000;
/// So many values of a key's first column are tried where no other table tells them.
const MOST_KINDS: i64 = 8;
/// So many pairs of two columns of a key are tried in a table.
const MOST_TRIALS: usize = 200_000;
/// Made anew from the rest.
const DERIVED: [&str; 4] = ["migrations", "marks", "unmarked", "search"];

/// A table of which rows are copied.
struct Table {
    name: String,
    columns: Vec<String>,
    /// How the values of each are written.
    forms: Vec<Option<Form>>,
    /// What its rows are sorted by: `rowid`, or the columns of its key.
    key: Vec<String>,
    /// Of a table that is sorted by `rowid`: where the numbers of its rows stand too, `(table, column)`.
    parents: Vec<(String, String)>,
    indexes: Vec<String>,
}

/// Copies all rows that can be read.
pub(super) fn copy(
    from: &Connection,
    to: &Connection,
    salvaged: &mut Salvaged,
) -> rusqlite::Result<()> {
    for table in tables(to)? {
        to.execute_batch("BEGIN")?;
        let lost = Copying {
            from,
            to,
            table: &table,
            insert: table.insert(),
        }
        .run(salvaged)?;
        to.execute_batch("COMMIT")?;
        if !matches!(lost, Lost::Nothing) {
            salvaged.torn.insert(table.name.clone());
        }
        match lost {
            Lost::Nothing => {}
            Lost::Rows(1) => salvaged.lose(format!("{}: 1 row", table.name)),
            Lost::Rows(count) => salvaged.lose(format!("{}: {count} rows", table.name)),
            Lost::Some => salvaged.lose(format!(
                "{}: rows, of which nothing tells how many they were",
                table.name
            )),
        }
    }
    Ok(())
}

/// The tables of the new database, those that others refer to first.
fn tables(to: &Connection) -> rusqlite::Result<Vec<Table>> {
    let listed: Vec<(String, bool)> = to
        .prepare(
            "SELECT l.name, l.wr FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name
             WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite_%' ORDER BY s.rowid",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut tables = Vec::new();
    for (name, without_rowid) in listed {
        if DERIVED.contains(&name.as_str()) {
            continue;
        }
        let strings = |sql: &str| -> rusqlite::Result<Vec<String>> {
            to.prepare(sql)?
                .query_map([&name], |row| row.get(0))?
                .collect()
        };
        let primary = strings("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?;
        let parents = to
            .prepare(
                "SELECT \"table\", \"to\" FROM pragma_foreign_key_list(?1) WHERE \"from\" = ?2",
            )?
            .query_map([&name, primary.first().unwrap_or(&name)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let columns = strings("SELECT name FROM pragma_table_info(?1)")?;
        tables.push(Table {
            forms: columns.iter().map(|it| transfer::form(&name, it)).collect(),
            columns,
            key: if without_rowid {
                primary
            } else {
                vec!["rowid".to_owned()]
            },
            parents,
            indexes: strings("SELECT name FROM pragma_index_list(?1) WHERE partial = 0")?,
            name,
        });
    }
    Ok(tables)
}

impl Table {
    fn insert(&self) -> String {
        format!(
            "INSERT OR IGNORE INTO {} ({}) VALUES ({})",
            self.name,
            self.columns.join(", "),
            vec!["?"; self.columns.len()].join(", ")
        )
    }

    /// The columns of its key and all of its columns.
    fn select(&self, rest: &str) -> String {
        let (key, columns) = (self.key.join(", "), self.columns.join(", "));
        format!(
            "SELECT {key}, {columns} FROM {} NOT INDEXED {rest}",
            self.name
        )
    }

    fn is_numbered(&self) -> bool {
        self.key == ["rowid"]
    }
}

/// How much of a table could not be read.
enum Lost {
    Nothing,
    Rows(u64),
    /// Nothing tells how many they were.
    Some,
}

struct Copying<'a> {
    from: &'a Connection,
    to: &'a Connection,
    table: &'a Table,
    insert: String,
}

/// The key of the last row that was read, and whether all were read that were asked for.
struct Walk {
    last: Option<Vec<Value>>,
    is_whole: bool,
    /// How many rows were read that no column takes.
    refused: u64,
}

impl Copying<'_> {
    fn run(&self, salvaged: &mut Salvaged) -> rusqlite::Result<Lost> {
        let forward = self.walk(&self.ordered("ASC"), &[], salvaged)?;
        if forward.is_whole {
            // each was read once: none was there already
            return Ok(match forward.refused {
                0 => Lost::Nothing,
                refused => Lost::Rows(refused),
            });
        }
        let backward = self.walk(&self.ordered("DESC"), &[], salvaged)?;
        if self.table.is_numbered() {
            self.by_number(&forward, &backward, salvaged)
        } else {
            self.by_first_column(&forward, &backward, salvaged)?;
            Ok(Lost::Some)
        }
    }

    fn ordered(&self, direction: &str) -> String {
        let keys: Vec<String> = (self.table.key.iter())
            .map(|key| format!("{key} {direction}"))
            .collect();
        self.table.select(&format!("ORDER BY {}", keys.join(", ")))
    }

    /// Copies the rows that `sql` gives, as far as they can be read.
    fn walk(
        &self,
        sql: &str,
        parameters: &[Value],
        salvaged: &mut Salvaged,
    ) -> rusqlite::Result<Walk> {
        let mut walk = Walk {
            last: None,
            is_whole: false,
            refused: 0,
        };
        let Ok(mut statement) = self.from.prepare_cached(sql) else {
            return Ok(walk);
        };
        let keys = self.table.key.len();
        let count = keys + self.table.columns.len();
        let mut insert = self.to.prepare_cached(&self.insert)?;
        let mut rows = statement.query(params_from_iter(parameters))?;
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => {
                    walk.is_whole = true;
                    return Ok(walk);
                }
                Err(_) => return Ok(walk),
            };
            let read: rusqlite::Result<Vec<Value>> = (0..count).map(|at| row.get(at)).collect();
            let Ok(mut values) = read else {
                walk.refused += 1;
                continue;
            };
            let row = values.split_off(keys);
            walk.last = Some(values);
            if !self.can_read(&row) {
                walk.refused += 1;
                continue;
            }
            match insert.execute(params_from_iter(row)) {
                Ok(0) => walk.refused += 1,
                Ok(written) => salvaged.saved += written as u64,
                // a value that was overwritten: not what the column takes
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    walk.refused += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// True if what was read is what we would have written.
    fn can_read(&self, row: &[Value]) -> bool {
        let forms = self.table.forms.iter();
        forms
            .zip(row)
            .all(|(form, value)| form.is_none_or(|form| form.can_read(value)))
    }

    /// Looks for rows between those that the two walks reached, by their numbers.
    fn by_number(
        &self,
        forward: &Walk,
        backward: &Walk,
        salvaged: &mut Salvaged,
    ) -> rusqlite::Result<Lost> {
        let number = |walk: &Walk| match walk.last.as_deref() {
            Some([Value::Integer(number)]) => Some(*number),
            _ => None,
        };
        let from = number(forward).unwrap_or(0) + 1;
        let until = number(backward);
        let (indexed, is_certain) = self.indexed();
        let mut tried: BTreeSet<i64> = indexed.clone();
        tried.extend(self.referred()?);
        match until {
            Some(until) if until - from <= WIDEST_GAP => tried.extend(from..until),
            Some(_) => {}
            None => tried.extend(from..from + AFTER_LAST),
        }
        let until = until.unwrap_or(i64::MAX);
        let sql = self.table.select("WHERE rowid = ?1");
        for number in tried.range(from..until.max(from)) {
            self.walk(&sql, &[Value::Integer(*number)], salvaged)?;
        }
        if !is_certain {
            return Ok(Lost::Some);
        }
        let count = format!("SELECT count(*) FROM {}", self.table.name);
        let saved: i64 = self.to.query_row(&count, [], |row| row.get(0))?;
        Ok(
            match (indexed.len() as u64).saturating_sub(saved.unsigned_abs()) {
                0 => Lost::Nothing,
                lost => Lost::Rows(lost),
            },
        )
    }

    /// The numbers of rows that stand in the table's indexes, and whether one of these could be read to its end.
    fn indexed(&self) -> (BTreeSet<i64>, bool) {
        let mut numbers = BTreeSet::new();
        let mut is_certain = false;
        for index in &self.table.indexes {
            let sql = format!(
                "SELECT rowid FROM {} INDEXED BY \"{index}\"",
                self.table.name
            );
            let Ok(mut statement) = self.from.prepare(&sql) else {
                continue;
            };
            let Ok(mut rows) = statement.query([]) else {
                continue;
            };
            loop {
                match rows
                    .next()
                    .and_then(|row| row.map(|row| row.get(0)).transpose())
                {
                    Ok(Some(number)) => {
                        numbers.insert(number);
                    }
                    Ok(None) => {
                        is_certain = true;
                        break;
                    }
                    Err(_) => break,
                }
            }
        }
        (numbers, is_certain)
    }

    /// The numbers of rows that this table's rows belong to, which have the same.
    fn referred(&self) -> rusqlite::Result<BTreeSet<i64>> {
        let mut numbers = BTreeSet::new();
        for (table, column) in &self.table.parents {
            let mut statement = self.to.prepare(&format!("SELECT {column} FROM {table}"))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if let Value::Integer(number) = row.get(0)? {
                    numbers.insert(number);
                }
            }
        }
        Ok(numbers)
    }

    /// Looks for rows between those that the two walks reached, by the first column of their key, and by the second where the
    /// rows of one value of the first cannot all be read.
    fn by_first_column(
        &self,
        forward: &Walk,
        backward: &Walk,
        salvaged: &mut Salvaged,
    ) -> rusqlite::Result<()> {
        let number = |walk: &Walk, at: usize| match walk.last.as_ref().and_then(|key| key.get(at)) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        };
        let first = number(forward, 0).unwrap_or(0);
        let last = number(backward, 0).unwrap_or(i64::MAX).max(first);
        let mut tried = self.referred()?;
        if self.table.parents.is_empty() {
            tried.extend(first..=last.min(first + MOST_KINDS));
        }
        let key = &self.table.key;
        let by_first = self.table.select(&format!("WHERE {} = ?1", key[0]));
        let by_both = (key.get(1)).map(|second| {
            self.table
                .select(&format!("WHERE {} = ?1 AND {second} = ?2", key[0]))
        });
        let mut trials = MOST_TRIALS;
        for value in tried.range(first..=last) {
            let walk = self.walk(&by_first, &[Value::Integer(*value)], salvaged)?;
            let Some(sql) = by_both.as_ref().filter(|_| !walk.is_whole) else {
                continue;
            };
            // numbers only: a text that is not known cannot be tried
            let from = number(&walk, 1).unwrap_or(0);
            let to = match number(backward, 1) {
                Some(to) if *value == last => to,
                _ => from + AFTER_LAST,
            };
            for second in (from..=to).take(trials) {
                trials -= 1;
                let both = [Value::Integer(*value), Value::Integer(second)];
                self.walk(sql, &both, salvaged)?;
            }
        }
        Ok(())
    }
}
