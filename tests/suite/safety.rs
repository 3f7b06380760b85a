//! What keeps an archive safe: copies of it, made while it is written.

use std::fs;

use rusqlite::Connection;

use crate::program::Agg;

/// A folder whose archive has been filled and published.
fn filled() -> Agg {
    let agg = Agg::with_eleven_sources();
    let run = agg.run("fetch --replay fixtures/web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    agg
}

#[test]
fn a_backup_made_in_the_middle_of_a_write_gives_the_same_published_bytes() {
    let agg = filled();
    let feed = agg.read("public/atom.xml");
    let writer = Connection::open(agg.path("agg.db")).unwrap();
    writer
        .execute_batch("BEGIN IMMEDIATE; UPDATE entries SET title = 'half done';")
        .unwrap();
    let run = agg.run("backup copy.db");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("copy.db"), "{}", run.stdout);
    drop(writer);
    fs::remove_dir_all(agg.path("public")).unwrap();
    for name in ["agg.db", "agg.db-wal", "agg.db-shm"] {
        let _ = fs::remove_file(agg.path(name));
    }
    fs::rename(agg.path("copy.db"), agg.path("agg.db")).unwrap();
    let run = agg.run("publish");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("written"), "{}", run.stdout);
    assert!(feed == agg.read("public/atom.xml"), "the bytes are others");
    assert_eq!(agg.run("fetch --replay fixtures/web").code, 0);
    assert!(feed == agg.read("public/atom.xml"), "something is new");
}

#[test]
fn a_backup_replaces_nothing_unless_it_is_told_to_and_never_the_archive_itself() {
    let agg = filled();
    fs::write(agg.path("copy.db"), "dear to somebody").unwrap();
    let run = agg.run("backup copy.db");
    assert_eq!(run.code, 1);
    for word in ["copy.db is there already", "--force"] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    assert_eq!(agg.read("copy.db"), "dear to somebody");
    // what a killed run left is taken over
    fs::write(agg.path(".copy.db.agg-new"), "half a copy").unwrap();
    let run = agg.run("backup --force copy.db");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        fs::read(agg.path("copy.db"))
            .unwrap()
            .starts_with(b"SQLite")
    );
    assert!(!agg.path(".copy.db.agg-new").exists());
    for line in ["backup --force agg.db", "backup --force ./agg.db"] {
        let run = agg.run(line);
        assert_eq!(run.code, 1, "{line}");
        assert!(run.stderr.contains("in use"), "{line}: {}", run.stderr);
    }
    let run = agg.run("backup nowhere/copy.db");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("folder"), "{}", run.stderr);
    assert_eq!(agg.run("list").code, 0);
}

#[test]
fn a_backup_of_a_damaged_archive_is_refused_and_leaves_no_file() {
    let agg = filled();
    drop(
        Connection::open(agg.path("agg.db"))
            .unwrap()
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"),
    );
    let mut bytes = fs::read(agg.path("agg.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40_000].fill(0x5a);
    fs::write(agg.path("agg.db"), bytes).unwrap();
    let run = agg.run("backup copy.db");
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stderr.contains("damaged"), "{}", run.stderr);
    assert!(!agg.path("copy.db").exists());
    assert!(!agg.path(".copy.db.agg-new").exists());
}
