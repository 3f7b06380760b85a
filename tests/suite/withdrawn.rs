//! What is not published any more does not stay behind and look alive; what somebody else wrote is not touched.

use std::fs;

use crate::planet::{Planet, posts};

const OLD: &str = "[publish]\narchive = 5\n[[feed]]\nid = \"old\"\nlimit = 3\n";
const NEW: &str = "[publish]\narchive = 5\n[[feed]]\nid = \"new\"\nlimit = 3\n";

/// The files below the output folder.
fn files(planet: &Planet) -> Vec<String> {
    let output = planet.agg.path("public");
    let mut found = Vec::new();
    let mut folders = vec![output.clone()];
    while let Some(folder) = folders.pop() {
        for it in fs::read_dir(folder).unwrap().flatten() {
            if it.file_type().unwrap().is_dir() {
                folders.push(it.path());
            } else {
                let path = it.path();
                let path = path.strip_prefix(&output).unwrap();
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn planet() -> Planet {
    let planet = Planet::new(OLD, &["quay"]);
    planet.show("quay", posts(0..12));
    planet.fetch();
    planet
}

#[test]
fn the_files_of_a_feed_that_was_renamed_go_with_its_archive() {
    let planet = planet();
    let before = files(&planet);
    let of_old = before.iter().filter(|path| path.starts_with("old/"));
    // four formats, two closed pages and the open one in each of the two that have archives
    assert_eq!(of_old.clone().count(), 4 + 3 * 2, "{before:?}");
    let ids = planet.items("public/old/feed.json")[0]["id"].clone();
    planet.configure(NEW, &["quay"]);
    let run = planet.agg.run("doctor");
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(
        run.stderr
            .contains("removed by the next `agg publish`: old/archive/3.json"),
        "{}",
        run.stderr
    );
    assert_eq!(files(&planet), before, "a look changes nothing");
    let run = planet.agg.run("publish");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("not published any more, and removed: old/archive/"),
        "{}",
        run.stderr
    );
    let renamed: Vec<String> = (before.iter())
        .map(|path| path.replace("old/", "new/"))
        .collect();
    let mut after = files(&planet);
    after.sort_by_key(|path| renamed.iter().position(|it| it == path));
    assert_eq!(after.len(), renamed.len(), "{after:?}");
    assert!(!planet.agg.path("public/old").exists(), "no empty folder");
    assert_eq!(planet.items("public/new/feed.json")[0]["id"], ids);
    let run = planet.agg.run("publish");
    assert!(!run.stderr.contains("not published"), "{}", run.stderr);
}

#[test]
fn a_feed_that_comes_back_is_byte_for_byte_what_it_was() {
    let planet = planet();
    let read = |planet: &Planet| -> Vec<(String, String)> {
        let paths = files(planet).into_iter();
        paths
            .map(|path| (path.clone(), planet.agg.read(&format!("public/{path}"))))
            .collect()
    };
    let before = read(&planet);
    planet.configure("[publish]\narchive = 5\n", &["quay"]);
    let removed = planet.publish().withdrawn.removed;
    assert_eq!(removed.len(), 10, "{removed:?}");
    planet.configure(OLD, &["quay"]);
    planet.publish();
    assert_eq!(read(&planet), before);
}

#[test]
fn a_format_that_is_no_longer_wanted_goes_alone() {
    let planet = planet();
    planet.configure(
        "[publish]\narchive = 5\n[[feed]]\nid = \"old\"\nlimit = 3\nformats = [\"atom\", \"rss\"]\n",
        &["quay"],
    );
    let mut removed = planet.publish().withdrawn.removed;
    removed.sort();
    let archive = (1..=3).map(|page| format!("old/archive/{page}.json"));
    let expected: Vec<String> = archive
        .chain(["old/feed.json", "old/index.html"].map(str::to_owned))
        .collect();
    assert_eq!(removed, expected);
    assert!(planet.agg.path("public/old/archive/1.xml").exists());
    assert!(planet.agg.path("public/feed.json").exists());
}

#[test]
fn what_somebody_else_put_in_the_place_of_a_feed_stays() {
    let planet = planet();
    for mine in ["public/old/rss.xml", "public/old/archive/1.xml"] {
        fs::write(planet.agg.path(mine), "mine").unwrap();
    }
    fs::write(planet.agg.path("public/old/notes.txt"), "mine").unwrap();
    planet.configure(NEW, &["quay"]);
    let run = planet.agg.run("publish");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let warning =
        "old/rss.xml is not published any more, and was left alone: it is not what agg wrote there";
    assert!(run.stderr.contains(warning), "{}", run.stderr);
    let mut left = files(&planet);
    left.retain(|path| path.starts_with("old/"));
    assert_eq!(left, ["old/archive/1.xml", "old/notes.txt", "old/rss.xml"]);
    let run = planet.agg.run("publish");
    assert!(
        !run.stderr.contains("left alone"),
        "said once: {}",
        run.stderr
    );
    assert_eq!(planet.agg.read("public/old/notes.txt"), "mine");
}

#[test]
fn a_file_is_as_old_as_its_bytes_though_the_newest_of_its_entries_have_gone() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", posts(0..3));
    planet.fetch();
    planet.show("dock", posts(3..6));
    planet.configure("", &["quay", "dock"]);
    planet.fetch();
    let dates = || {
        let atom = planet.agg.read("public/atom.xml");
        let (before, _) = atom.split_once("</updated>").unwrap();
        let updated = before.rsplit_once("<updated>").unwrap().1.to_owned();
        let publication = planet.publish();
        let (_, document) = (publication.documents.iter())
            .find(|(path, _)| path == "atom.xml")
            .unwrap();
        (updated, document.validators.last_modified.clone().unwrap())
    };
    assert_eq!(
        dates(),
        (
            "2026-04-01T14:00:00+00:00".to_owned(),
            "Wed, 01 Apr 2026 14:00:00 GMT".to_owned()
        ),
        "published again an hour later, it is the same"
    );
    planet.configure("", &["quay"]);
    planet.publish();
    assert!(!planet.agg.read("public/atom.xml").contains("dock"));
    for _ in 0..2 {
        let (updated, modified) = dates();
        assert_eq!(updated, "2026-04-01T14:00:00+00:00");
        assert_eq!(modified, "Wed, 01 Apr 2026 16:00:00 GMT");
    }
}

#[test]
fn a_file_that_somebody_else_put_there_is_not_replaced_and_all_else_is_published() {
    let planet = Planet::new(NEW, &["quay"]);
    planet.show("quay", posts(0..12));
    fs::create_dir(planet.agg.path("public")).unwrap();
    fs::write(planet.agg.path("public/index.html"), "<h1>My home</h1>").unwrap();
    fs::write(planet.agg.path("public/new"), "notes").unwrap();
    std::os::unix::fs::symlink("elsewhere.xml", planet.agg.path("public/rss.xml")).unwrap();
    for _ in 0..2 {
        let run = planet.agg.run("fetch --force");
        assert_eq!(run.code, 1, "{}", run.stdout);
        for said in [
            "public/index.html is a file that agg did not write: it is left alone",
            "public/rss.xml is a symbolic link",
            "public/new/atom.xml is below a file, which cannot be a folder",
            "move it away",
        ] {
            assert!(run.stderr.contains(said), "{}", run.stderr);
        }
        assert_eq!(planet.agg.read("public/index.html"), "<h1>My home</h1>");
        assert_eq!(planet.agg.read("public/new"), "notes");
        assert!(planet.agg.path("public/rss.xml").is_symlink());
        assert!(planet.agg.read("public/atom.xml").contains("quay post-11"));
    }
    for mine in ["public/index.html", "public/new", "public/rss.xml"] {
        fs::remove_file(planet.agg.path(mine)).unwrap();
    }
    let run = planet.agg.run("publish");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        planet
            .agg
            .read("public/index.html")
            .contains("quay post-11")
    );
    assert!(planet.agg.path("public/new/rss.xml").exists());
}

#[test]
fn what_agg_wrote_for_an_archive_that_is_lost_is_replaced() {
    let planet = planet();
    for file in ["agg.db", "agg.db-wal", "agg.db-shm"] {
        let _ = fs::remove_file(planet.agg.path(file));
    }
    planet.show("quay", posts(3..20));
    planet.fetch();
    let run = planet.agg.run("publish");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(planet.agg.read("public/rss.xml").contains("quay post-19"));
}

#[test]
fn pages_of_archives_that_were_written_are_counted() {
    let planet = Planet::new(OLD, &["quay"]);
    planet.show("quay", posts(0..12));
    let run = planet.agg.run("fetch");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout
            .contains("files written, and 8 pages of archives"),
        "{}",
        run.stdout
    );
    let run = planet.agg.run("publish");
    assert!(!run.stdout.contains("pages of archives"), "{}", run.stdout);
}

#[test]
fn a_rehearsal_says_that_a_feed_would_vanish() {
    let planet = planet();
    planet.configure("", &["quay"]);
    let run = planet.agg.run("publish --diff");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("old (old/atom.xml): 3 gone"),
        "{}",
        run.stdout
    );
    assert!(planet.agg.path("public/old/atom.xml").exists());
}
