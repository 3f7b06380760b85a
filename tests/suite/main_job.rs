//! The main job, on the recorded web: eleven sources in, one merged feed out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde_json::Value;

use crate::program::Agg;

fn published(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (
                name,
                (
                    fs::read(entry.path()).unwrap(),
                    entry.metadata().unwrap().modified().unwrap(),
                ),
            )
        })
        .collect()
}

#[test]
fn a_fetch_ends_with_a_table_of_eleven_sources_and_five_files() {
    let agg = Agg::with_eleven_sources();
    let run = agg.run("fetch --replay fixtures/web");
    assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
    let rows: Vec<&str> = run
        .stdout
        .lines()
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();
    assert_eq!(rows.len(), 11, "{}", run.stdout);
    assert!(
        rows.iter().all(|row| row.contains(" read ")),
        "{}",
        run.stdout
    );
    let files: Vec<String> = published(&agg.path("public")).into_keys().collect();
    assert_eq!(
        files,
        [
            "atom.xml",
            "feed.json",
            "index.html",
            "rss.xml",
            "sources.opml"
        ]
    );
}

#[test]
fn a_second_run_finds_nothing_and_touches_no_file() {
    let agg = Agg::with_eleven_sources();
    agg.run("fetch --replay fixtures/web");
    let before = published(&agg.path("public"));
    let listed = agg.run("list --format json --limit 1000").stdout;
    let run = agg.run("fetch --replay fixtures/web");
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("nothing new"), "{}", run.stdout);
    assert!(run.stdout.contains("all unchanged"), "{}", run.stdout);
    assert_eq!(
        published(&agg.path("public")),
        before,
        "bytes and times of the files"
    );
    assert_eq!(agg.run("list --format json --limit 1000").stdout, listed);
}

#[test]
fn the_order_in_which_sources_answer_changes_nothing_but_the_clock() {
    // Two archives made one after the other from the same recordings: the same ids, in the same order.
    let ids = || {
        let agg = Agg::with_eleven_sources();
        agg.run("fetch --replay fixtures/web");
        let feed: Value = serde_json::from_str(&agg.read("public/feed.json")).unwrap();
        let items = feed["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(), ids());
}

#[test]
fn the_same_article_on_a_page_and_in_a_feed_is_one_entry_with_two_origins() {
    let agg = Agg::with_eleven_sources();
    agg.run("fetch --replay fixtures/web");
    let feed: Value = serde_json::from_str(&agg.read("public/feed.json")).unwrap();
    let items = feed["items"].as_array().unwrap();
    let named = |title: &str| {
        items
            .iter()
            .filter(|item| item["title"] == title)
            .collect::<Vec<_>>()
    };
    let shared = named("Continuous batching, revisited");
    assert_eq!(shared.len(), 1, "published once");
    let origins: Vec<&str> = shared[0]["_agg"]["origins"]
        .as_array()
        .unwrap()
        .iter()
        .map(|origin| origin["source"].as_str().unwrap())
        .collect();
    assert_eq!(origins.len(), 2, "{origins:?}");
    assert!(
        origins.contains(&"mlsystems") && origins.contains(&"mlsystems-feed"),
        "{origins:?}"
    );
    assert_eq!(
        shared[0]["_agg"]["read_minutes"], 19,
        "the read time is the page's"
    );
    assert!(
        shared[0]["date_published"].is_string(),
        "the date is the feed's"
    );
}

#[test]
fn a_program_gets_the_same_report_as_json() {
    let agg = Agg::with_eleven_sources();
    let fetch = || -> Value {
        serde_json::from_str(&agg.run("fetch --replay fixtures/web --format json").stdout).unwrap()
    };
    let first = fetch();
    assert_eq!(first["outcomes"].as_array().unwrap().len(), 11);
    assert_eq!(first["published"]["changed"].as_array().unwrap().len(), 5);
    let second = fetch();
    assert_eq!(second["published"]["changed"].as_array().unwrap().len(), 0);
    assert_eq!(second["published"]["unchanged"], 5);
}

#[test]
fn only_the_named_sources_are_asked() {
    let agg = Agg::with_eleven_sources();
    let run = agg.run("fetch --replay fixtures/web --format json ninad-pathak");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["outcomes"].as_array().unwrap().len(), 1);
    assert_eq!(report["outcomes"][0]["new"], 9);
}

#[test]
fn list_and_show_answer_for_what_was_stored() {
    let agg = Agg::with_eleven_sources();
    agg.run("fetch --replay fixtures/web");
    let list: Value =
        serde_json::from_str(&agg.run("list --format json --source ninad-pathak").stdout).unwrap();
    let entries = list.as_array().unwrap();
    assert_eq!(entries.len(), 9);
    let id = entries[0]["id"].as_str().unwrap().to_owned();
    let shown = agg.args(["show", &id]).run();
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(
        shown.stdout.contains(entries[0]["title"].as_str().unwrap()),
        "{}",
        shown.stdout
    );
    let found = agg.run("list --search batching");
    assert!(
        found.stdout.contains("Continuous batching, revisited"),
        "{}",
        found.stdout
    );
    let missing = agg.run("show no-such-entry");
    assert_eq!(missing.code, 1);
    assert!(missing.stderr.contains("agg list"), "{}", missing.stderr);
}

#[test]
fn publish_writes_the_files_again_from_the_archive() {
    let agg = Agg::with_eleven_sources();
    agg.run("fetch --replay fixtures/web");
    let before = agg.read("public/atom.xml");
    fs::remove_dir_all(agg.path("public")).unwrap();
    let run = agg.run("publish");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        agg.read("public/atom.xml"),
        before,
        "the same database gives the same bytes"
    );
}
