//! Opening what is there: ours, older, newer, somebody else's, broken.

use std::io::Read as _;

use flate2::Compression;
use flate2::read::DeflateEncoder;

use super::*;

fn open(path: &Path) -> Result<Store, Error> {
    Store::open(path)
}

#[test]
fn an_existing_database_is_opened_with_all_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    let mut store = open(&path).unwrap();
    store.register(&[source("blog")]).unwrap();
    store
        .write(|w| w.apply(&id("blog"), &[new(&entry("a"))], at(3)))
        .unwrap();
    drop(store);
    let store = open(&path).unwrap();
    assert_eq!(
        store.record(EntryKey(1)).unwrap().unwrap().entry,
        entry("a")
    );
}

#[test]
fn later_migrations_run_on_an_existing_database_once_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    drop(open(&path).unwrap());
    let mut list = migrate::MIGRATIONS.to_vec();
    list.push(("later.sql", "CREATE TABLE later (it INTEGER) STRICT"));
    for _ in 0..2 {
        let conn = Connection::open(&path).unwrap();
        let store = Store::migrated(conn, &path, &list).unwrap();
        store
            .conn
            .execute("INSERT INTO later VALUES (1)", [])
            .unwrap();
    }
    // a migration that fails leaves the database as it was
    list.push((
        "bad.sql",
        "CREATE TABLE bad (it INTEGER) STRICT; SELECT nonsense",
    ));
    let failed = Store::migrated(Connection::open(&path).unwrap(), &path, &list);
    assert!(matches!(
        failed,
        Err(Error::Migration {
            name: "bad.sql",
            ..
        })
    ));
    list.pop();
    let store = Store::migrated(Connection::open(&path).unwrap(), &path, &list).unwrap();
    assert!(store.conn.prepare("SELECT * FROM bad").is_err());
    // an edited one is noticed
    list[1].1 = "CREATE TABLE later (other INTEGER) STRICT";
    let edited = Store::migrated(Connection::open(&path).unwrap(), &path, &list);
    assert!(matches!(edited, Err(Error::History { version: 2, .. })));
}

#[test]
fn a_database_of_version_1_is_upgraded_with_all_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    let conn = Connection::open(&path).unwrap();
    let mut store = Store::migrated(conn, &path, &migrate::MIGRATIONS[..1]).unwrap();
    store
        .conn
        .execute(
            "INSERT INTO sources (id, url, host, kind, rank, active, configuration)
             VALUES ('blog', 'https://blog.example/', 'blog.example', 'auto', 0, 1, '')",
            [],
        )
        .unwrap();
    store
        .write(|w| w.apply(&id("blog"), &[new(&entry("a"))], at(3)))
        .unwrap();
    drop(store);
    let mut store = open(&path).unwrap();
    let version: u32 = store
        .conn
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version as usize, migrate::MIGRATIONS.len());
    let memory = store.memory(&id("blog")).unwrap();
    assert_eq!(memory.contract, None);
    assert!(memory.posts[0].title == "a" && memory.posts[0].listed);
    assert_eq!(
        store.record(EntryKey(1)).unwrap().unwrap().entry,
        entry("a")
    );
    // what came before there were marks is to be marked, once
    let mut unmarked = || store.write(|w| w.unmarked(10)).unwrap();
    assert_eq!(unmarked(), [EntryKey(1)]);
    assert_eq!(unmarked(), []);
}

#[test]
fn an_archive_that_was_marked_and_packed_otherwise_is_marked_anew_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    let conn = Connection::open(&path).unwrap();
    let mut store = Store::migrated(conn, &path, &migrate::MIGRATIONS[..8]).unwrap();
    store.register(&[source("blog")]).unwrap();
    store
        .write(|w| w.apply(&id("blog"), &[new(&entry("a"))], at(3)))
        .unwrap();
    let mut deflated = Vec::new();
    DeflateEncoder::new("<p>All about a.</p>".as_bytes(), Compression::fast())
        .read_to_end(&mut deflated)
        .unwrap();
    store
        .conn
        .execute("UPDATE bodies SET html = ?1", [deflated])
        .unwrap();
    store
        .conn
        .execute_batch("INSERT INTO marks VALUES (7, 19000, 1); DELETE FROM unmarked")
        .unwrap();
    drop(store);
    let mut store = open(&path).unwrap();
    assert_eq!(
        store.write(|w| w.unmarked(10)).unwrap(),
        [EntryKey(1)],
        "by its new marks nobody would find it"
    );
    assert_eq!(
        store.record(EntryKey(1)).unwrap().unwrap().entry,
        entry("a")
    );
    assert!(store.examine().unwrap().is_empty());
}

#[test]
fn a_newer_database_is_refused_with_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    let store = open(&path).unwrap();
    store.conn.pragma_update(None, "user_version", 99).unwrap();
    drop(store);
    let message = open(&path).unwrap_err().to_string();
    let known = format!("versions up to {}", migrate::MIGRATIONS.len());
    for part in ["99", &known, "agg.db", "use the newer agg"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_is_no_database_of_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "not a database, but long enough to be taken for one. ".repeat(40);
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(open(&path), Err(Error::NotADatabase { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    let path = folder.path().join("other.db");
    let conn = Connection::open(&path).unwrap();
    conn.execute_batch("CREATE TABLE theirs (it)").unwrap();
    drop(conn);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(open(&path), Err(Error::Foreign { .. })));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let folder = folder.path();
    assert!(matches!(open(folder), Err(Error::CannotOpen { .. })));
    let nowhere = folder.join("nowhere/agg.db");
    assert!(matches!(open(&nowhere), Err(Error::NoFolder { .. })));
}

#[test]
fn a_read_only_database_is_refused_clearly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    drop(open(&path).unwrap());
    let conn = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let refused = Store::prepare(conn, &path).unwrap_err();
    assert!(matches!(refused, Error::ReadOnly { .. }), "{refused:?}");
    assert!(refused.to_string().contains("agg.db is read-only"));
}

#[test]
fn a_database_that_another_process_writes_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    let mut store = open(&path).unwrap();
    store.conn.busy_timeout(Duration::ZERO).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store.register(&[source("blog")]).unwrap_err();
    assert!(matches!(refused, Error::Locked { .. }), "{refused:?}");
    other.execute_batch("COMMIT").unwrap();
    store.register(&[source("blog")]).unwrap();
}

#[test]
fn a_full_disk_is_named_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    let mut store = open(&path).unwrap();
    store.register(&[source("blog")]).unwrap();
    store
        .write(|w| w.apply(&id("blog"), &[new(&entry("a"))], at(3)))
        .unwrap();
    let pages: i64 = store
        .conn
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    store
        .conn
        .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
        .unwrap();
    let mut long = entry("b");
    // what cannot be packed small
    long.content = Some((0..30_000).map(|number: u32| number.to_string()).collect());
    let full = store.write(|w| w.apply(&id("blog"), &[new(&long)], at(4)));
    assert!(matches!(full, Err(Error::DiskFull { .. })), "{full:?}");
    drop(store);
    let store = open(&path).unwrap();
    assert_eq!(store.totals().unwrap().entries, 1);
}
