//! A damaged archive gives back all that can be read of it, says what it does not, and never an id that was published.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use rusqlite::Connection;

use crate::kill::{chance, kill_after, run_with_little_room};
use crate::program::{Agg, Run};

/// How many posts each of the two sources shows: enough for tables of several pages.
const POSTS: usize = 300;
/// The pages of an archive that is made now, bytes.
const PAGE: usize = 8192;

/// An archive of several hundred pages, published.
fn filled() -> Agg {
    let agg = Agg::new();
    agg.configure(
        "[site]\ntitle = \"Weather ship\"\nurl = \"https://feeds.example.org/\"\n[publish]\narchive = 20\nhold = 1000\n\
         [[feed]]\nid = \"all\"\nlimit = 300\n\
         [[source]]\nid = \"bow\"\nurl = \"https://bow.test/feed\"\n\
         [[source]]\nid = \"stern\"\nurl = \"https://stern.test/feed\"\n",
    );
    for site in ["bow", "stern"] {
        let mut body = format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{site}</title><id>urn:ship:{site}</id>\
             <updated>2026-02-03T10:00:00Z</updated>"
        );
        for number in (0..POSTS).rev() {
            let word = |seed: usize| {
                format!(
                    "{:x}",
                    (number + 1) * (seed + 7) * 2_654_435_761 % 1_000_003
                )
            };
            let text: Vec<String> = (0..220).map(|seed| word(seed * 31 + site.len())).collect();
            let (day, month) = (number % 28 + 1, number / 28 + 1);
            let _ = write!(
                body,
                "<entry><id>urn:ship:{site}:{number}</id><title>Watch {} of {site}, {}</title>\
                 <link href=\"https://{site}.test/{number}\"/><published>2025-{month:02}-{day:02}T08:00:00Z</published>\
                 <updated>2025-{month:02}-{day:02}T08:00:00Z</updated><category term=\"t{}\"/>\
                 <content type=\"html\">&lt;p&gt;{}&lt;/p&gt;</content></entry>",
                word(1),
                word(2),
                number % 9,
                text.join(" ")
            );
        }
        let folder = agg.path("web").join(format!("{site}.test"));
        fs::create_dir_all(&folder).unwrap();
        let answer =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/atom+xml\r\n\r\n{body}</feed>");
        fs::write(folder.join("feed.http"), answer).unwrap();
    }
    let run = agg.run("fetch --replay web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    agg
}

fn connect(agg: &Agg) -> Connection {
    Connection::open(agg.path("agg.db")).unwrap()
}

/// The pages of that table or index, from 1.
fn pages(agg: &Agg, name: &str, kind: &str) -> Vec<usize> {
    let conn = connect(agg);
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    let root: u32 = conn
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?1",
            [name],
            |row| row.get(0),
        )
        .unwrap();
    drop(conn);
    let bytes = fs::read(agg.path("agg.db")).unwrap();
    let mut found = Vec::new();
    let mut waiting = vec![root as usize];
    while let Some(page) = waiting.pop() {
        let offset = (page - 1) * PAGE;
        let bytes = &bytes[offset..offset + PAGE];
        let number = |at: usize| usize::from(bytes[at]) << 8 | usize::from(bytes[at + 1]);
        let child = |at: usize| number(at) << 16 | number(at + 2);
        // an inner page of a table or an index: its children; SQLite file format, section 1.6
        if matches!(bytes[0], 5 | 2) {
            waiting.push(child(8));
            waiting.extend((0..number(3)).map(|cell| child(number(12 + 2 * cell))));
        }
        if (kind == "inner") == matches!(bytes[0], 5 | 2) {
            found.push(page);
        }
    }
    found.sort_unstable();
    found
}

fn overwrite(agg: &Agg, pages: &[usize]) {
    let mut bytes = fs::read(agg.path("agg.db")).unwrap();
    for page in pages {
        bytes[(page - 1) * PAGE..page * PAGE].fill(0x5a);
    }
    fs::write(agg.path("agg.db"), bytes).unwrap();
}

/// A number below `limit`, always the same for `seed`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a few thousand"
)]
fn number(seed: usize, limit: usize) -> usize {
    (chance(seed) * limit as f64) as usize
}

/// Id and date of all that is on record.
fn ledger(agg: &Agg) -> BTreeSet<(i64, String, i64)> {
    connect(agg)
        .prepare("SELECT entry, published_id, date FROM ledger")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// Ids in the published feed.
fn published(agg: &Agg) -> BTreeSet<String> {
    let feed: serde_json::Value = serde_json::from_str(&agg.read("public/feed.json")).unwrap();
    let items = feed["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Repairs; the damaged file is as it was, and the archive is sound.
fn repair(agg: &Agg) -> Run {
    let before = fs::read(agg.path("agg.db")).unwrap();
    let look = agg.run("doctor");
    assert_eq!(look.code, 3, "{}{}", look.stdout, look.stderr);
    assert!(look.stdout.contains("damaged"), "{}", look.stdout);
    assert!(look.stderr.contains("doctor --repair"), "{}", look.stderr);
    let run = agg.run("doctor --repair");
    assert!(run.stdout.contains("saved"), "{}{}", run.stdout, run.stderr);
    let kept = fs::read(agg.path("agg.db.damaged")).unwrap();
    assert_eq!(kept.len(), before.len());
    // but for the marks of how it is journalled
    assert!(
        kept[PAGE..] == before[PAGE..],
        "the damaged file was changed"
    );
    let again = agg.run("doctor");
    assert_eq!(
        again.code, 0,
        "{}{}{}",
        run.stdout, again.stdout, again.stderr
    );
    for left in [".agg.db.agg-new", "agg.db.agg-mended"] {
        assert!(!agg.path(left).exists(), "{left}");
    }
    run
}

/// After a repair: the next fetch gives each source's posts back under their old ids, and nothing twice.
fn assert_whole_again(agg: &Agg, before: &BTreeSet<(i64, String, i64)>, feed: &BTreeSet<String>) {
    let run = agg.run("fetch --replay web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let titles = connect(agg)
        .query_row(
            "SELECT count(*) FROM entries WHERE title = '(lost)'",
            [],
            |row| row.get::<_, i64>(0),
        )
        .unwrap();
    assert_eq!(titles, 0);
    assert_eq!(&ledger(agg), before);
    assert_eq!(&published(agg), feed);
    let run = agg.run("doctor");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn entries_and_bodies_that_are_lost_come_back_under_their_ids_when_their_sources_show_them() {
    for table in ["entries", "bodies", "sightings"] {
        let agg = filled();
        let (before, feed) = (ledger(&agg), published(&agg));
        assert_eq!(before.len(), 2 * POSTS);
        let leaves = pages(&agg, table, "leaf");
        assert!(leaves.len() > 3, "{table}: {leaves:?}");
        overwrite(&agg, &[leaves[0], leaves[2], leaves[leaves.len() - 1]]);
        let run = repair(&agg);
        assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
        assert!(
            run.stdout.contains(&format!("lost: {table}: ")),
            "{}",
            run.stdout
        );
        assert!(
            run.stderr.contains("read again by the next"),
            "{}",
            run.stderr
        );
        assert_eq!(ledger(&agg), before, "{table}");
        assert_whole_again(&agg, &before, &feed);
    }
}

#[test]
fn what_is_recognised_by_aliases_that_are_lost_is_not_taken_for_new() {
    let agg = filled();
    let (before, feed) = (ledger(&agg), published(&agg));
    let leaves = pages(&agg, "aliases", "leaf");
    overwrite(&agg, &leaves[1..3]);
    let run = repair(&agg);
    assert!(run.stdout.contains("aliases, from what"), "{}", run.stdout);
    assert_whole_again(&agg, &before, &feed);
}

#[test]
fn a_damaged_index_costs_nothing() {
    let agg = filled();
    let (before, feed) = (ledger(&agg), agg.read("public/atom.xml"));
    for index in [
        "entries_by_date",
        "sqlite_autoindex_ledger_1",
        "sightings_by_source",
    ] {
        let leaves = pages(&agg, index, "leaf");
        overwrite(&agg, &leaves[..1]);
    }
    let run = repair(&agg);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(!run.stdout.contains("lost"), "{}", run.stdout);
    assert_eq!(ledger(&agg), before);
    assert_eq!(agg.run("publish").code, 0);
    assert!(agg.read("public/atom.xml") == feed, "other bytes");
}

#[test]
fn lines_of_the_ledger_that_are_lost_are_written_again_from_what_indexes_say() {
    let agg = filled();
    let (before, feed) = (ledger(&agg), published(&agg));
    let leaves = pages(&agg, "ledger", "leaf");
    assert!(leaves.len() > 2, "{leaves:?}");
    overwrite(&agg, &leaves[1..]);
    let run = repair(&agg);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("lines of the ledger"), "{}", run.stdout);
    assert_eq!(ledger(&agg), before);
    assert_whole_again(&agg, &before, &feed);
}

#[test]
fn what_stands_in_a_feed_keeps_its_place() {
    let places = |agg: &Agg| -> Vec<(i64, i64, i64, bool)> {
        connect(agg)
            .prepare("SELECT feed, sequence, entry, front FROM publications ORDER BY 1, 2")
            .unwrap()
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    let agg = filled();
    let (before, feed) = (places(&agg), agg.read("public/atom.xml"));
    let leaves = pages(&agg, "publications", "leaf");
    assert!(leaves.len() > 1, "{leaves:?}");
    overwrite(&agg, &leaves[leaves.len() - 1..]);
    let run = repair(&agg);
    assert!(run.stdout.contains("places in feeds"), "{}", run.stdout);
    assert_eq!(places(&agg), before);
    assert_eq!(agg.run("publish").code, 0);
    assert!(agg.read("public/atom.xml") == feed, "other bytes");
}

#[test]
fn a_value_that_nobody_can_read_any_more_is_lost_and_the_rest_is_not() {
    let agg = filled();
    let (before, feed) = (ledger(&agg), published(&agg));
    connect(&agg)
        .execute_batch(
            "UPDATE entries SET detail = '{\"auth' WHERE id = 7; UPDATE bodies SET html = x'ffff' WHERE sighting = 9;
             UPDATE sources SET url = 'ZZZZ' WHERE id = 'stern';",
        )
        .unwrap();
    let run = agg.run("doctor");
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("damaged"), "{}", run.stdout);
    let run = agg.run("doctor --repair");
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    for word in [
        "lost: entries: 1 row\n",
        "lost: bodies: 1 row\n",
        "lost: sources: 1 row\n",
    ] {
        assert!(run.stdout.contains(word), "{word}: {}", run.stdout);
    }
    assert_whole_again(&agg, &before, &feed);
}

#[test]
fn whatever_page_is_damaged_no_line_of_the_ledger_is_lost_without_a_word() {
    let agg = filled();
    let before = ledger(&agg);
    drop(pages(&agg, "entries", "leaf"));
    let whole = fs::read(agg.path("agg.db")).unwrap();
    let count = whole.len() / PAGE;
    let (mut saved, mut lost) = (0, 0);
    for round in 0..60 {
        let mut bytes = whole.clone();
        for at in 0..=round % 4 {
            let page = number(round * 8 + at, count - 2) + 2;
            // a whole page, or a few bytes in it
            let (from, length) = match round % 2 {
                0 => (0, PAGE),
                _ => (number(round * 8 + at + 4, 4000), 24),
            };
            let from = (page - 1) * PAGE + from;
            bytes[from..from + length].fill(0x5a);
        }
        for name in ["agg.db.damaged", "agg.db-wal", "agg.db-shm"] {
            let _ = fs::remove_file(agg.path(name));
        }
        fs::write(agg.path("agg.db"), &bytes).unwrap();
        let run = agg.run("doctor --repair");
        let said = format!("round {round}: {}{}", run.stdout, run.stderr);
        if run.stderr.contains("nothing of it can be saved") {
            // the pages that say where the tables are
            assert_eq!(run.code, 1, "{said}");
            assert!(
                fs::read(agg.path("agg.db")).unwrap()[100..] == bytes[100..],
                "{said}"
            );
            lost += 1;
            continue;
        }
        assert!(matches!(run.code, 0 | 3), "{said}");
        assert_eq!(agg.run("doctor").code, 0, "{said}");
        let after = ledger(&agg);
        if run.stderr.contains("on record any more") {
            lost += 1;
        } else {
            assert_eq!(after, before, "{said}");
            saved += 1;
        }
    }
    assert!(saved > 40, "{saved} whole, {lost} not");
}

#[test]
fn a_ledger_that_cannot_be_saved_whole_is_said_loudly() {
    let agg = filled();
    let before = ledger(&agg);
    let leaves = pages(&agg, "ledger", "leaf");
    overwrite(&agg, &leaves[1..2]);
    overwrite(&agg, &pages(&agg, "sqlite_autoindex_ledger_1", "leaf"));
    let run = repair(&agg);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("lost: ledger: "), "{}", run.stdout);
    for word in ["on record any more", "agg backup", "agg import"] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    let after = ledger(&agg);
    assert!(after.len() < before.len() && after.is_subset(&before));
    assert!(!after.is_empty());
}

#[test]
fn a_root_page_that_is_lost_loses_its_table_and_no_other() {
    let agg = filled();
    let before = ledger(&agg);
    overwrite(&agg, &pages(&agg, "entries", "inner"));
    let run = repair(&agg);
    assert_eq!(run.code, 3, "{}", run.stdout);
    assert!(
        run.stdout.contains("lost: entries: 600 rows"),
        "{}",
        run.stdout
    );
    assert_eq!(ledger(&agg), before);
    let run = agg.run("fetch --replay web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(ledger(&agg), before, "nothing is published twice");
}

#[test]
fn a_file_that_was_cut_off_or_has_lost_its_header_is_read_all_the_same() {
    let agg = filled();
    let (before, feed) = (ledger(&agg), published(&agg));
    drop(pages(&agg, "entries", "leaf"));
    let whole = fs::read(agg.path("agg.db")).unwrap();
    let mut headless = whole.clone();
    headless[..100].fill(0);
    fs::write(agg.path("agg.db"), headless).unwrap();
    let run = repair(&agg);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_whole_again(&agg, &before, &feed);

    fs::write(agg.path("agg.db"), &whole[..whole.len() - 20 * PAGE]).unwrap();
    fs::remove_file(agg.path("agg.db.damaged")).unwrap();
    let run = repair(&agg);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("lost: "), "{}", run.stdout);
}

#[test]
fn what_is_no_archive_or_has_lost_all_that_says_what_it_holds_is_left_as_it_is() {
    let agg = filled();
    drop(pages(&agg, "entries", "leaf"));
    let mut bytes = fs::read(agg.path("agg.db")).unwrap();
    bytes[..PAGE].fill(0);
    for bytes in [
        bytes,
        "not a database, but long enough for one. "
            .repeat(200)
            .into_bytes(),
    ] {
        fs::write(agg.path("agg.db"), &bytes).unwrap();
        let run = agg.run("doctor --repair");
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        for word in ["nothing of it can be saved", "agg backup", "agg import"] {
            assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
        }
        assert!(fs::read(agg.path("agg.db")).unwrap() == bytes);
        for left in ["agg.db.damaged", ".agg.db.agg-new", "agg.db.agg-mended"] {
            assert!(!agg.path(left).exists(), "{left}");
        }
    }
}

#[test]
fn an_archive_that_somebody_has_open_is_not_replaced_under_them() {
    let agg = filled();
    overwrite(&agg, &pages(&agg, "bodies", "leaf")[..1]);
    let reader = connect(&agg);
    let mut statement = reader.prepare("SELECT id FROM sources").unwrap();
    let mut rows = statement.query([]).unwrap();
    rows.next().unwrap();
    let run = agg.run("doctor --repair");
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr.contains("locked by another process"),
        "{}",
        run.stderr
    );
    assert!(!agg.path("agg.db.damaged").exists());
    assert!(!agg.path(".agg.db.agg-new").exists());
}

#[test]
fn a_repair_that_is_killed_or_has_no_room_leaves_the_damaged_file_to_the_next_one() {
    let agg = filled();
    let before = ledger(&agg);
    overwrite(&agg, &pages(&agg, "bodies", "leaf")[..2]);
    let bytes = fs::read(agg.path("agg.db")).unwrap();
    let put_back = || {
        for name in ["agg.db.damaged", "agg.db-wal", "agg.db-shm"] {
            let _ = fs::remove_file(agg.path(name));
        }
        fs::write(agg.path("agg.db"), &bytes).unwrap();
    };
    for kilobytes in (0..800).step_by(100) {
        let run = run_with_little_room(&agg, "doctor --repair", kilobytes);
        assert_eq!(run.code, 1, "{kilobytes} kB: {}{}", run.stdout, run.stderr);
        assert!(
            run.stderr.contains("agg.db"),
            "{kilobytes} kB: {}",
            run.stderr
        );
        assert!(fs::read(agg.path("agg.db")).unwrap()[PAGE..] == bytes[PAGE..]);
        assert!(!agg.path("agg.db.damaged").exists(), "{kilobytes} kB");
    }
    let mut cut = 0;
    for number in 0..16 {
        put_back();
        let delay = Duration::from_millis(150).mul_f64(chance(number));
        cut += usize::from(kill_after(&agg, "doctor --repair", delay));
        let run = agg.run("doctor --repair");
        assert!(matches!(run.code, 0 | 3), "{delay:?}: {}", run.stderr);
        assert_eq!(ledger(&agg), before, "{delay:?}");
        assert_eq!(agg.run("doctor").code, 0, "{delay:?}");
    }
    assert!(cut > 6, "only {cut} were cut off: nothing is shown by that");
}
