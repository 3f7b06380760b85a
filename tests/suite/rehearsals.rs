//! `agg publish --diff`: what subscribers would see, told before they do, without a trace.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::planet::{Planet, posts};
use crate::program::Run;

const SHORT: &str = "[[feed]]\nid = \"all\"\nlimit = 3\n";

/// Every published file with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for found in fs::read_dir(folder).unwrap() {
        let path = found.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(
                path.to_string_lossy().into_owned(),
                fs::read(&path).unwrap(),
            );
        }
    }
    all
}

/// As text and as JSON, which must agree.
fn diff(planet: &Planet) -> (Run, Value) {
    let text = planet.agg.run("publish --diff");
    let run = planet.agg.run("publish --diff --format json");
    assert_eq!(text.code, run.code, "{}", run.stderr);
    (text, serde_json::from_str(&run.stdout).unwrap())
}

fn titles(list: &Value) -> Vec<&str> {
    let entries = list.as_array().unwrap().iter();
    entries
        .map(|entry| entry["title"].as_str().unwrap())
        .collect()
}

#[test]
fn a_change_of_the_configuration_is_told_before_it_is_made() {
    let planet = Planet::new(SHORT, &["quay", "mole"]);
    planet.show("quay", posts(0..3));
    planet.show("mole", posts(3..5));
    planet.fetch();
    let (text, json) = diff(&planet);
    assert_eq!(text.code, 0);
    assert!(
        text.stdout.contains("nothing would change"),
        "{}",
        text.stdout
    );
    assert_eq!(json[0]["new"], serde_json::json!([]));
    // without one source, its entries go and others move up from behind
    planet.configure(&format!("{SHORT}[[feed]]\nid = \"quays\"\n"), &["quay"]);
    let before = files(&planet.agg.path("public"));
    let listed = planet.agg.run("list --format json").stdout;
    for _ in 0..2 {
        let (text, json) = diff(&planet);
        assert_eq!(text.code, 0, "{}", text.stderr);
        assert_eq!(titles(&json[0]["gone"]), ["mole post-4", "mole post-3"]);
        assert!(text.stdout.contains("- mole post-4"), "{}", text.stdout);
        assert_eq!(json[1]["was_published"], false);
        assert_eq!(titles(&json[1]["new"]).len(), 3);
    }
    assert_eq!(
        files(&planet.agg.path("public")),
        before,
        "nothing is written"
    );
    assert_eq!(planet.agg.run("list --format json").stdout, listed);
}

#[test]
fn another_database_under_the_same_files_is_noticed() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", posts(0..3));
    planet.fetch();
    // as if these subscribers had been given other ids and another date
    let feed = planet.agg.path("public/feed.json");
    let text = fs::read_to_string(&feed).unwrap();
    let text = text
        .replace(
            "\"id\": \"https://quay.example/post-1\"",
            "\"id\": \"urn:x:one\"",
        )
        .replace("2026-03-03T08:00:00Z", "2026-03-03T09:00:00Z");
    fs::write(&feed, &text).unwrap();
    let (run, json) = diff(&planet);
    assert_eq!(run.code, 3, "{}", run.stdout);
    let broken = json[0]["broken"].as_array().unwrap();
    let told: Vec<(&Value, &Value)> = (broken.iter())
        .map(|it| (&it["what"], &it["was"]))
        .collect();
    assert_eq!(
        told,
        [
            (&Value::from("date"), &Value::from("2026-03-03T09:00:00Z")),
            (&Value::from("id"), &Value::from("urn:x:one")),
        ]
    );
    assert!(
        run.stdout
            .contains("its id urn:x:one would become https://quay.example/post-1"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr
            .contains("2 ids and dates that subscribers have would change"),
        "{}",
        run.stderr
    );
    assert_eq!(fs::read_to_string(&feed).unwrap(), text);
}

#[test]
fn without_an_archive_there_is_nothing_to_compare_and_none_is_made() {
    let planet = Planet::new("", &["quay"]);
    let run = planet.agg.run("publish --diff");
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("agg fetch"), "{}", run.stderr);
    assert!(!planet.agg.path("agg.db").exists());
}
