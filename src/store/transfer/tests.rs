//! That nothing of an archive is forgotten, and that what is read is what was written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use rusqlite::Connection;

use super::super::{Error, Store};
use super::kinds::{KINDS, Place};

/// What is not given on, with why: the name of a table, or of a column of one.
const LEFT_OUT: [(&str, &str); 15] = [
    ("search", "made anew from the articles by the next search"),
    ("marks", "made anew from the sightings by the next fetch"),
    (
        "unmarked",
        "an archive that was imported has no marks at all",
    ),
    ("migrations", "the shape of this database"),
    ("tags.entry", "a list of the line of their entry"),
    ("tags.place", "a list of the line of their entry"),
    ("tags.tag", "a list of the line of their entry"),
    ("enclosures", "a list of the line of their entry"),
    ("bodies", "a field of the line of their sighting"),
    ("pruned", "fields of the line of their sighting"),
    ("archive_bodies", "a field of the line of their document"),
    ("sources.num", "the order of the lines"),
    ("sightings.id", "the order of the lines"),
    ("feeds.num", "the order of the lines"),
    ("fetches.id", "the order of the lines"),
];
/// The number of a document is in its bodies only.
const ALSO_LEFT_OUT: &str = "archive_documents.id";

#[test]
fn every_column_is_given_on_or_is_listed_with_why_not() {
    let store = Store::in_memory().unwrap();
    let there = columns(&store.conn);
    let mut given: BTreeSet<String> = BTreeSet::new();
    for kind in KINDS {
        for field in kind.fields {
            if let Place::Column(column) = field.place {
                let column = format!("{}.{column}", kind.table);
                assert!(there.contains(&column), "{column} is not there");
                assert!(given.insert(column), "{} twice", field.name);
            }
        }
    }
    let left_out = |column: &String| {
        let table = column.split('.').next().unwrap_or_default();
        let table = if table.starts_with("search_") {
            "search"
        } else {
            table
        };
        column == ALSO_LEFT_OUT
            || LEFT_OUT
                .iter()
                .any(|(name, _)| name == column || *name == table)
    };
    let forgotten: Vec<&String> = (there.iter())
        .filter(|column| !given.contains(*column) && !left_out(column))
        .collect();
    assert!(
        forgotten.is_empty(),
        "an export would lose these: name them in transfer/kinds.rs, or here with why not: {forgotten:?}"
    );
    let both: Vec<&String> = given.iter().filter(|column| left_out(column)).collect();
    assert!(both.is_empty(), "{both:?}");
    for (name, _) in LEFT_OUT {
        assert!(
            there
                .iter()
                .any(|it| it == name || it.starts_with(&format!("{name}."))),
            "{name} is not there any more"
        );
    }
}

fn columns(conn: &Connection) -> BTreeSet<String> {
    conn.prepare(
        "SELECT s.name || '.' || i.name FROM sqlite_schema s, pragma_table_info(s.name) i
         WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%'",
    )
    .unwrap()
    .query_map([], |row| row.get(0))
    .unwrap()
    .collect::<rusqlite::Result<_>>()
    .unwrap()
}

/// An archive with a row or more of every kind, and with values at the edges.
pub(super) fn full() -> Store {
    let store = Store::in_memory().unwrap();
    store.conn.execute_batch(include_str!("full.sql")).unwrap();
    store
}

fn export(store: &Store) -> String {
    let mut bytes = Vec::new();
    let lines = store.export(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.lines().count() as u64, lines + 2);
    text
}

fn import(text: &str) -> Result<Store, Error> {
    let mut store = Store::in_memory().unwrap();
    store.import(&mut Cursor::new(text), "it.jsonl")?;
    Ok(store)
}

/// Every row of every table that is given on, as text.
fn rows(store: &Store) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in KINDS.iter().map(|kind| kind.table).chain([
        "tags",
        "enclosures",
        "bodies",
        "pruned",
        "archive_bodies",
    ]) {
        let mut statement = store
            .conn
            .prepare(&format!("SELECT * FROM {table}"))
            .unwrap();
        let count = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..count)
                .map(|at| row.get_ref(at).map(|value| format!("{value:?}")))
                .collect::<rusqlite::Result<Vec<_>>>()
                .map(|values| values.join(" | "))
        });
        all.insert(
            table.to_owned(),
            rows.unwrap().collect::<Result<_, _>>().unwrap(),
        );
    }
    all
}

#[test]
fn what_is_imported_is_what_was_exported_row_by_row_and_byte_by_byte() {
    let store = full();
    let text = export(&store);
    for kind in KINDS {
        let line = format!("{{\"line\":\"{}\",", kind.name);
        assert!(text.contains(&line), "{} is not there at all", kind.name);
    }
    let copy = import(&text).unwrap();
    let (before, after) = (rows(&store), rows(&copy));
    for (table, rows) in &before {
        assert!(!rows.is_empty(), "{table}");
        assert_eq!(rows, &after[table], "{table}");
    }
    assert_eq!(export(&copy), text);
    assert_eq!(copy.examine().unwrap(), []);
    let unmarked: u32 = copy
        .conn
        .query_row("SELECT count(*) FROM unmarked", [], |row| row.get(0))
        .unwrap();
    assert_eq!(unmarked as usize, before["entries"].len());
}

/// What an import of `text` says is wrong, and with which line.
fn refusal(text: &str) -> String {
    let mut store = Store::in_memory().unwrap();
    let error = store
        .import(&mut Cursor::new(text), "it.jsonl")
        .unwrap_err();
    for (table, rows) in rows(&store) {
        assert!(rows.is_empty(), "{table} of {error}");
    }
    error.to_string()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one case after the other")]
fn a_line_that_is_not_as_it_must_be_is_named_and_nothing_is_kept() {
    let text = export(&full());
    let lines: Vec<&str> = text.lines().collect();
    let at = |start: &str| lines.iter().position(|line| line.contains(start)).unwrap();
    let with = |number: usize, line: &str| {
        let mut lines = lines.clone();
        lines[number] = line;
        format!("{}\n", lines.join("\n"))
    };
    let entry = at("\"line\":\"entry\"");
    let ledger = at("\"line\":\"ledger\"");
    let cases = [
        (
            with(0, "{\"format\":\"agg archive\",\"version\":99}"),
            1,
            "use the newer agg",
        ),
        (with(0, "{\"hello\":1}"), 1, "no export of agg"),
        (String::new(), 1, "no export of agg"),
        (with(entry, "{\"line\":"), entry + 1, "no JSON object"),
        (
            with(entry, "{\"number\":1}"),
            entry + 1,
            "does not say what it is",
        ),
        (
            with(entry, "{\"line\":\"boat\"}"),
            entry + 1,
            "no lines called `boat`",
        ),
        (
            with(
                entry,
                &lines[entry].replace("\"number\":1,", "\"number\":1,\"number\":1,"),
            ),
            entry + 1,
            "`number` stands there twice",
        ),
        (
            with(
                entry,
                &lines[entry].replace("\"number\":1,", "\"number\":1,\"mood\":\"good\","),
            ),
            entry + 1,
            "no field `mood`",
        ),
        (
            with(entry, &lines[entry].replace("\"number\":1,", "")),
            entry + 1,
            "`number` is missing",
        ),
        (
            with(
                entry,
                &lines[entry].replace("\"number\":1,", "\"number\":\"1\","),
            ),
            entry + 1,
            "must be a whole number",
        ),
        (
            with(
                ledger,
                &lines[ledger].replace("\"entry\":1,", "\"entry\":4711,"),
            ),
            ledger + 1,
            "does not go with the lines before it: FOREIGN KEY",
        ),
        (
            with(ledger + 1, lines[ledger]),
            ledger + 2,
            "does not go with the lines before it: UNIQUE",
        ),
        (
            text.replace(
                "\"line\":\"held\",\"entry\":3,\"source\":\"blog\"",
                "\"line\":\"held\",\"entry\":3,\"source\":\"none\"",
            ),
            at("\"line\":\"held\"") + 1,
            "`source` is in no line before",
        ),
        (
            text.replace("{\"line\":\"end\"", "\n{\"line\":\"end\""),
            lines.len(),
            "no JSON object",
        ),
        (
            format!("{}\n", lines[..lines.len() - 1].join("\n")),
            lines.len(),
            "it was cut off",
        ),
        (text[..text.len() - 20].to_owned(), lines.len(), "JSON"),
        (
            format!("{text}{{}}"),
            lines.len() + 1,
            "follows the last line",
        ),
        (
            [&lines[..=entry], &lines[entry + 2..]].concat().join("\n"),
            0,
            "nothing was imported",
        ),
    ];
    for (text, line, what) in cases {
        let refused = refusal(&text);
        assert!(refused.contains(what), "{what}: {refused}");
        let number = format!("it.jsonl, line {line}: ");
        assert!(
            line == 0 || refused.starts_with(&number),
            "{what}: {refused}"
        );
    }
}

#[test]
fn a_file_in_which_one_kind_of_line_is_missing_is_not_whole() {
    let text = export(&full());
    let lines = text
        .lines()
        .filter(|line| !line.contains("\"line\":\"sighting\""));
    let mut rest: Vec<&str> = lines.collect();
    rest.pop();
    let end = format!("{{\"line\":\"end\",\"lines\":{}}}", rest.len() - 1);
    rest.push(&end);
    let refused = refusal(&rest.join("\n"));
    assert!(refused.contains("not whole"), "{refused}");
}

#[test]
fn an_archive_that_holds_anything_takes_no_file() {
    let mut store = full();
    let text = export(&store);
    let refused = store
        .import(&mut Cursor::new(&text), "it.jsonl")
        .unwrap_err();
    assert!(matches!(refused, Error::NotEmpty { .. }), "{refused:?}");
    assert_eq!(export(&store), text);
}

#[test]
fn a_value_that_cannot_be_read_is_damage_and_no_line() {
    let store = full();
    store
        .conn
        .execute("UPDATE bodies SET html = x'ff'", [])
        .unwrap();
    let error = store.export(&mut Vec::new()).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
}
