//! What keeps an archive safe: copies of it, made while it is written, and a look whether it is sound.

use std::fs;

use rusqlite::Connection;

use crate::kill::run_with_little_room;
use crate::program::Agg;

/// A folder whose archive has been filled and published.
fn filled() -> Agg {
    let agg = Agg::with_eleven_sources();
    let run = agg.run("fetch --replay fixtures/web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    agg
}

/// Overwrites the page of the archive where its articles begin.
fn damage(agg: &Agg) {
    let conn = Connection::open(agg.path("agg.db")).unwrap();
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let (page, size): (u32, u32) = conn
        .query_row(
            "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = 'entries'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    drop(conn);
    let mut bytes = fs::read(agg.path("agg.db")).unwrap();
    let begin = (page as usize - 1) * size as usize;
    bytes[begin..begin + size as usize].fill(0x5a);
    fs::write(agg.path("agg.db"), bytes).unwrap();
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
    damage(&agg);
    let run = agg.run("backup copy.db");
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stderr.contains("damaged"), "{}", run.stderr);
    assert!(!agg.path("copy.db").exists());
    assert!(!agg.path(".copy.db.agg-new").exists());
}

#[test]
fn a_backup_without_room_says_which_file_has_none_and_leaves_none() {
    let agg = filled();
    for (failed, kilobytes) in (64..8_000).step_by(120).enumerate() {
        let run = run_with_little_room(&agg, "backup copy.db", kilobytes);
        if run.code == 0 {
            assert!(failed > 2, "nothing is shown by that");
            assert_eq!(agg.run("list").code, 0);
            return;
        }
        assert_eq!(run.code, 1, "{kilobytes} kB: {}", run.stderr);
        for word in ["the copy copy.db", "df"] {
            assert!(run.stderr.contains(word), "{kilobytes} kB: {}", run.stderr);
        }
        for left in ["copy.db", ".copy.db.agg-new"] {
            assert!(!agg.path(left).exists(), "{kilobytes} kB: {left}");
        }
    }
    panic!("the copy never had room enough");
}

#[test]
fn an_archive_that_has_been_used_in_every_way_is_sound() {
    let agg = filled();
    for line in ["list --search rust", "join 1 2", "split 1", "publish"] {
        let run = agg.run(line);
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
    }
    let run = agg.run("doctor");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("agg.db: sound"), "{}", run.stdout);
}

#[test]
fn what_follows_from_the_rest_is_found_wrong_and_made_anew() {
    let agg = filled();
    let found = agg.run("list --search the --format json").stdout;
    let feed = agg.read("public/atom.xml");
    let conn = Connection::open(agg.path("agg.db")).unwrap();
    conn.execute_batch(
        "DELETE FROM search WHERE rowid IN (3, 4, 5);
         UPDATE sightings SET place = place + 7 WHERE entry = 2;",
    )
    .unwrap();
    drop(conn);
    fs::write(agg.path("public/.atom.xml.Ab3.agg-new"), "half a feed").unwrap();
    let run = agg.run("doctor");
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    for word in [
        "index has 3",
        "1 merged entry is",
        "number 2",
        ".Ab3.agg-new",
    ] {
        assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
    }
    assert!(run.stderr.contains("--repair"), "{}", run.stderr);
    assert!(agg.path("public/.atom.xml.Ab3.agg-new").exists(), "a look");

    let run = agg.run("doctor --repair");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("repaired"), "{}", run.stdout);
    assert!(!agg.path("public/.atom.xml.Ab3.agg-new").exists());
    assert_eq!(agg.run("list --search the --format json").stdout, found);
    assert_eq!(agg.run("publish").code, 0);
    assert!(feed == agg.read("public/atom.xml"), "the bytes are others");
}

#[test]
fn what_cannot_be_made_anew_is_said_and_left_alone() {
    let agg = filled();
    let conn = Connection::open(agg.path("agg.db")).unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = OFF; DROP TRIGGER ledger_lines_do_not_go; DELETE FROM ledger WHERE entry = 2;",
    )
    .unwrap();
    drop(conn);
    for line in ["doctor", "doctor --repair"] {
        let run = agg.run(line);
        assert_eq!(run.code, 3, "{line}: {}{}", run.stdout, run.stderr);
        for word in [
            "trigger ledger_lines_do_not_go is missing",
            "not in the ledger",
        ] {
            assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
        }
        assert!(run.stderr.contains("agg backup"), "{}", run.stderr);
    }
}

#[test]
fn a_file_whose_pages_are_damaged_is_told_from_a_sound_one() {
    let agg = filled();
    damage(&agg);
    let run = agg.run("doctor");
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("damaged"), "{}", run.stdout);
    assert!(run.stderr.contains("agg backup"), "{}", run.stderr);
}
