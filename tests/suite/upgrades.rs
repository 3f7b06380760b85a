//! An archive of any older version goes on under this one: same ids, same order, same dates, same bytes, nothing twice.
//!
//! `fixtures/archives` keeps one archive of every schema; its README says how they are made.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use crate::kill::{chance, kill_after, run_with_little_room};
use crate::program::Agg;

const CONFIGURATION: &str = "[site]\ntitle = \"Tide table\"\nurl = \"https://feeds.example.org/\"\n\
    [publish]\narchive = 4\nhold = 2\n\
    [[feed]]\nid = \"all\"\nlimit = 6\n[[feed]]\nid = \"ropes\"\ntags = [\"ropes\"]\n\
    [[source]]\nid = \"ferry\"\nurl = \"https://ferry.test/feed\"\n\
    [[source]]\nid = \"harbour\"\nurl = \"https://harbour.test/rss\"\n\
    [[source]]\nid = \"lantern\"\nurl = \"https://lantern.test/notes\"\nenrich = false\n";
/// What is published of it, and how the names of the files end in which that is kept.
const PUBLISHED: [(&str, &str); 2] = [
    ("public/atom.xml", "atom.xml"),
    ("public/archive/1.xml", "archive.xml"),
];
/// How a missing archive is made.
const COMMAND: &str =
    "cargo test --test suite upgrades::keep_the_archives_that_are_missing -- --ignored";

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn kept(version: usize, ending: &str) -> PathBuf {
    root(&format!("fixtures/archives/{version:04}.{ending}"))
}

/// The text of every migration, the first first.
fn migrations() -> Vec<String> {
    let files = fs::read_dir(root("migrations")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect()
}

/// A folder with the kept archive of that version.
fn with_archive(version: usize) -> Agg {
    let agg = Agg::new();
    agg.configure(CONFIGURATION);
    let sql = fs::read_to_string(kept(version, "sql")).unwrap();
    connect(&agg).execute_batch(&sql).unwrap();
    agg
}

fn connect(agg: &Agg) -> Connection {
    Connection::open(agg.path("agg.db")).unwrap()
}

/// What `question` gives, a line a row.
fn ask(agg: &Agg, question: &str) -> Vec<String> {
    let conn = connect(agg);
    let mut statement = conn.prepare(question).unwrap();
    let count = statement.column_count();
    let rows = statement.query_map([], |row| {
        let values: rusqlite::Result<Vec<Value>> = (0..count).map(|at| row.get(at)).collect();
        Ok(format!("{:?}", values?))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Ids, dates and places of all that was published.
fn promised(agg: &Agg) -> Vec<String> {
    let mut all = ask(
        agg,
        "SELECT entry, published_id, date, date_kind, first_published FROM ledger ORDER BY entry",
    );
    all.extend(ask(
        agg,
        "SELECT f.id, f.uri, p.sequence, p.entry, p.first_published
         FROM publications p JOIN feeds f ON f.num = p.feed ORDER BY 1, 3",
    ));
    all
}

fn assert_sound(agg: &Agg, when: &str) {
    let run = agg.run("doctor");
    assert_eq!(run.code, 0, "{when}: {}{}", run.stdout, run.stderr);
}

/// What was published from the archive of that version: kept with it, or with the last one before that had another.
fn expected(version: usize, ending: &str) -> Option<String> {
    let kept = (1..=version).rev().map(|version| kept(version, ending));
    let file = kept.into_iter().find(|file| file.exists())?;
    Some(fs::read_to_string(file).unwrap())
}

#[test]
fn every_schema_has_a_kept_archive() {
    for version in 1..=migrations().len() {
        assert!(
            kept(version, "sql").exists(),
            "migration {version:04} has no kept archive: make it by `{COMMAND}`, and commit it"
        );
    }
}

#[test]
fn an_archive_of_every_version_goes_on_with_the_same_ids_order_dates_and_bytes() {
    for version in 1..=migrations().len() {
        let agg = with_archive(version);
        let when = format!("version {version}");
        let before = promised(&agg);
        assert!(before.len() > 10, "{when}");
        assert_sound(&agg, &when);
        assert_eq!(promised(&agg), before, "{when}");
        let newest = format!("[Integer({})]", migrations().len());
        assert_eq!(ask(&agg, "PRAGMA user_version"), [newest], "{when}");

        let run = agg.run("publish");
        assert_eq!(run.code, 0, "{when}: {}", run.stderr);
        for (file, ending) in PUBLISHED {
            // a page that was closed never changes again; before version 7 none was
            let bytes = expected(version, ending).unwrap_or_else(|| agg.read(file));
            assert!(agg.read(file) == bytes, "{when}: {file} has other bytes");
        }
        assert_eq!(promised(&agg), before, "{when}");

        let web = root(if version < 5 {
            "fixtures/archives/first"
        } else {
            "fixtures/archives/second"
        });
        let run = agg.run(&format!("fetch --format json --replay {}", web.display()));
        assert_eq!(run.code, 0, "{when}: {}", run.stderr);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        for outcome in report["outcomes"].as_array().unwrap() {
            assert_eq!(
                (&outcome["new"], &outcome["updated"]),
                (&0.into(), &0.into()),
                "{when}: {outcome}"
            );
        }
        let after = promised(&agg);
        assert!(
            before.iter().all(|line| after.contains(line)),
            "{when}: {after:#?}"
        );
        // what had been held back was confirmed by this fetch, and nothing else came
        let held = if version < 5 { 0 } else { 4 };
        let lines = |all: &[String]| {
            all.iter()
                .filter(|line| line.starts_with("[Integer"))
                .count()
        };
        assert_eq!(lines(&after), lines(&before) + held, "{when}");
        assert_sound(&agg, &when);
    }
}

#[test]
fn an_upgrade_that_is_killed_is_done_by_the_next_run() {
    let before = promised(&with_archive(1));
    let whole = Instant::now();
    assert_eq!(with_archive(1).run("list").code, 0);
    let whole = whole.elapsed();
    let mut cut = 0;
    for number in 0..24 {
        let agg = with_archive(1);
        let delay = whole.mul_f64(chance(number));
        cut += usize::from(kill_after(&agg, "list", delay));
        let when = format!("killed after {delay:?}");
        assert_eq!(
            ask(&agg, "PRAGMA integrity_check"),
            ["[Text(\"ok\")]"],
            "{when}"
        );
        assert_eq!(promised(&agg), before, "{when}");
        assert_sound(&agg, &when);
        assert_eq!(promised(&agg), before, "{when}");
    }
    assert!(cut > 0, "none was cut off: nothing is shown by that");
}

#[test]
fn an_upgrade_without_room_says_so_and_loses_nothing() {
    let before = promised(&with_archive(1));
    for (failed, kilobytes) in (0..1_000).step_by(16).enumerate() {
        let agg = with_archive(1);
        let run = run_with_little_room(&agg, "list", kilobytes);
        let when = format!("files of {kilobytes} kB");
        assert_eq!(
            ask(&agg, "PRAGMA integrity_check"),
            ["[Text(\"ok\")]"],
            "{when}"
        );
        assert_eq!(promised(&agg), before, "{when}");
        assert_sound(&agg, &when);
        if run.code == 0 {
            assert!(failed > 0, "{when}: nothing is shown by that");
            return;
        }
        for word in ["agg.db", "ulimit"] {
            assert!(run.stderr.contains(word), "{when}: {}", run.stderr);
        }
    }
    panic!("the upgrade never had room enough");
}

/// Writes the archives that are missing. One that is there is never written again: it is what an older agg has left.
#[test]
#[ignore = "writes into fixtures/archives"]
fn keep_the_archives_that_are_missing() {
    let agg = Agg::new();
    agg.configure(CONFIGURATION);
    for version in 1..=migrations().len() {
        for line in story(version) {
            // what came later than what was published is a flood, and the clock has seconds only
            std::thread::sleep(Duration::from_millis(1_100));
            let run = agg.run(&line);
            assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        }
        connect(&agg).execute_batch(by_hand(version)).unwrap();
        if kept(version, "sql").exists() {
            continue;
        }
        let sql = dump(&as_of(&agg, version), version);
        fs::write(kept(version, "sql"), sql).unwrap();
        for (file, ending) in PUBLISHED {
            let bytes = agg.read(file);
            let is_kept = version >= 7 || file == PUBLISHED[0].0;
            if is_kept && expected(version, ending).as_ref() != Some(&bytes) {
                fs::write(kept(version, ending), bytes).unwrap();
            }
        }
    }
}

/// What happens before the archive of that version is kept.
fn story(version: usize) -> Vec<String> {
    let replay = |day: &str| {
        let folder = root(&format!("fixtures/archives/{day}"));
        format!("fetch --replay {}", folder.display())
    };
    match version {
        1 => vec![replay("first"), "list --search rope".to_owned()],
        5 => vec![replay("second")],
        6 => [
            "join https://ferry.test/3 https://harbour.test/b",
            "split https://ferry.test/2",
            "publish",
        ]
        .map(str::to_owned)
        .to_vec(),
        _ => Vec::new(),
    }
}

/// What only the network brings.
fn by_hand(version: usize) -> &'static str {
    match version {
        3 => {
            "INSERT INTO robots (origin, body, asked) VALUES ('https://lantern.test', NULL, 1767225600000)"
        }
        8 => {
            "UPDATE sources SET moved_to = 'https://ferry.test/new', moved_days = 1, moved_at = 1767225600000
             WHERE id = 'ferry'"
        }
        12 => {
            "INSERT INTO pruned (sighting, length, at)
             SELECT s.id, 100, 1767225600000 FROM sightings s JOIN sources c ON c.num = s.source AND c.id = 'lantern'
             ORDER BY s.id LIMIT 1"
        }
        _ => "",
    }
}

/// The archive as that version would have it: its tables and columns, and nothing else.
fn as_of(agg: &Agg, version: usize) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    let path = agg.path("agg.db");
    conn.execute("ATTACH ?1 AS now", [path.to_str().unwrap()])
        .unwrap();
    // the one table that no migration declares
    let declared: String = conn
        .query_row(
            "SELECT sql FROM now.sqlite_schema WHERE name = 'migrations'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    conn.execute_batch(&declared).unwrap();
    for sql in &migrations()[..version] {
        conn.execute_batch(sql).unwrap();
    }
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for (table, _) in parts(&conn, "table") {
        if table == "search" {
            continue;
        }
        let columns = columns(&conn, &table).join(", ");
        // what was derived in another shape is derived anew
        let is_there = conn.prepare(&format!("SELECT {columns} FROM now.{table}"));
        if is_there.is_err() {
            continue;
        }
        let rows = match table.as_str() {
            "migrations" => format!("WHERE version <= {version}"),
            _ => String::new(),
        };
        conn.execute_batch(&format!(
            "DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table} {rows}"
        ))
        .unwrap();
    }
    conn.execute_batch("DETACH now").unwrap();
    let mut dangling = conn.prepare("PRAGMA foreign_key_check").unwrap();
    assert!(!dangling.exists([]).unwrap(), "version {version}");
    drop(dangling);
    conn
}

/// The tables, indexes or triggers of ours and how they were declared, in the order in which they came.
fn parts(conn: &Connection, kind: &str) -> Vec<(String, String)> {
    conn.prepare(
        "SELECT name, sql FROM sqlite_schema WHERE type = ?1 AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
             AND name NOT LIKE 'search_%' ORDER BY rowid",
    )
    .unwrap()
    .query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))
    .unwrap()
    .collect::<Result<_, _>>()
    .unwrap()
}

fn columns(conn: &Connection, table: &str) -> Vec<String> {
    conn.prepare("SELECT name FROM pragma_table_info(?1)")
        .unwrap()
        .query_map([table], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// The database as SQL.
fn dump(conn: &Connection, version: usize) -> String {
    let mut sql = format!(
        "-- An archive of schema {version:04}; see README.md. Never edited, never written again.\nBEGIN;\n"
    );
    for (table, declared) in parts(conn, "table") {
        writeln!(sql, "{declared};").unwrap();
        if table == "search" {
            sql.push_str("INSERT INTO search (search, rank) VALUES ('automerge', 16);\n");
            continue;
        }
        let names = columns(conn, &table).join(", ");
        let mut statement = conn
            .prepare(&format!("SELECT {names} FROM {table}"))
            .unwrap();
        let count = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<String> = (0..count)
                .map(|at| literal(row.get_ref(at).unwrap()))
                .collect();
            writeln!(sql, "INSERT INTO {table} VALUES ({});", values.join(", ")).unwrap();
        }
    }
    for kind in ["index", "trigger"] {
        for (_, declared) in parts(conn, kind) {
            writeln!(sql, "{declared};").unwrap();
        }
    }
    let mark = i32::from_be_bytes(*b"agg1");
    writeln!(
        sql,
        "PRAGMA application_id = {mark};\nPRAGMA user_version = {version};\nCOMMIT;"
    )
    .unwrap();
    sql
}

fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => {
            let text = String::from_utf8(text.to_vec()).unwrap();
            format!("'{}'", text.replace('\'', "''"))
        }
        ValueRef::Blob(bytes) => {
            let mut digits = String::new();
            for byte in bytes {
                write!(digits, "{byte:02x}").unwrap();
            }
            format!("x'{digits}'")
        }
    }
}
