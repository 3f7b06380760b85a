//! What the owner of a page that has changed is told, and what they can do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Agg, Run};
use crate::redesign::{LOGIN, MOVED};

/// The file of a page in a folder of recordings.
fn file(url: &str) -> String {
    format!("web/{}.http", url.trim_start_matches("https://"))
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// agg in a folder of its own, with one source and a copy of its recordings.
fn with_source(url: &str) -> Agg {
    let agg = Agg::new();
    agg.configure(&format!("[[source]]\nurl = \"{url}\"\nid = \"it\"\n"));
    let host = url
        .trim_start_matches("https://")
        .split('/')
        .next()
        .unwrap();
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/web")
        .join(host);
    copy(&recorded, &agg.path("web").join(host));
    agg
}

/// The page's HTML in the recording.
fn recorded(agg: &Agg, url: &str) -> String {
    let message = agg.read(&file(url));
    message.split_once("\n\n").unwrap().1.to_owned()
}

/// Lets the server answer with `html` from now on.
fn serve(agg: &Agg, url: &str, html: &str, etag: &str) {
    let message = format!(
        "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\nETag: \"{etag}\"\n\n{html}"
    );
    fs::write(agg.path(&file(url)), message).unwrap();
}

fn fetch(agg: &Agg) -> (Run, Value) {
    let run = agg.run("fetch --replay web --force --format json");
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    (run, report)
}

/// What subscribers see of each entry, by id.
fn published(agg: &Agg) -> BTreeMap<String, (String, String, String)> {
    let feed: Value = serde_json::from_str(&agg.read("public/feed.json")).unwrap();
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                text(item, "id"),
                (
                    text(item, "title"),
                    text(item, "url"),
                    text(item, "date_published"),
                ),
            )
        })
        .collect()
}

/// A source that has been read once, and then shows `html`.
fn then_shows(url: &str, html: &str) -> (Agg, Run, Value) {
    let agg = with_source(url);
    assert_eq!(fetch(&agg).0.code, 0);
    serve(&agg, url, html, "another");
    let (run, report) = fetch(&agg);
    (agg, run, report)
}

const BLOG: &str = "https://ninadpathak.pages.dev/blog";

#[test]
fn a_broken_page_is_told_where_its_owner_looks_and_is_kept() {
    let (agg, run, report) = then_shows(BLOG, LOGIN);
    assert_eq!(run.code, 3);
    let outcome = &report["outcomes"][0];
    assert_eq!(outcome["kind"], "failed");
    assert_eq!(outcome["verdict"], "broken");
    assert_eq!(outcome["known"], 0);

    let status = agg.run("status");
    assert!(status.stdout.contains("broken"), "{}", status.stdout);
    assert!(
        status.stderr.contains("preview --stored bad it"),
        "{}",
        status.stderr
    );
    assert_eq!(agg.run("status --check").code, 3);
    let json: Value = serde_json::from_str(&agg.run("status --format json").stdout).unwrap();
    assert_eq!(json[0]["verdict"], "broken");
    assert_eq!(json[0]["entries"], 9);

    let table = agg.run("fetch --replay web --force");
    assert!(table.stdout.contains("broken: "), "{}", table.stdout);
    for part in ["error: it: broken", "where: https://ninad", "help: compare"] {
        assert!(table.stderr.contains(part), "{}", table.stderr);
    }

    let good = agg.run("preview --stored good it --format json");
    let good: Value = serde_json::from_str(&good.stdout).unwrap();
    assert_eq!(good["entries"].as_array().unwrap().len(), 9);
    let bad = agg.run("preview --stored bad it");
    assert_eq!(bad.code, 1);
    assert!(bad.stderr.contains("lists no posts"), "{}", bad.stderr);
}

#[test]
fn a_page_that_comes_back_is_fine_again() {
    let (agg, run, _) = then_shows(BLOG, MOVED);
    assert_eq!(run.code, 3);
    let recorded =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/web/ninadpathak.pages.dev/blog.http");
    fs::copy(recorded, agg.path(&file(BLOG))).unwrap();
    let (run, report) = fetch(&agg);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(report["outcomes"][0]["kind"], "unchanged");
    let json: Value = serde_json::from_str(&agg.run("status --format json").stdout).unwrap();
    assert_eq!(json[0]["verdict"], "quiet");
}

#[test]
fn what_the_owner_accepts_is_taken_and_is_the_measure_from_then_on() {
    let other: Vec<String> = (1..=8)
        .map(|at| format!("<article><h2><a href=\"/journal/{at}\">Another journal, part {at}</a></h2><p>A page that has nothing to do with the one before, but is right.</p></article>"))
        .collect();
    let html = format!(
        "<!doctype html><html><head><title>Journal</title></head><body><main>{}</main></body></html>",
        other.concat()
    );
    let (agg, run, report) = then_shows(BLOG, &html);
    assert_eq!(run.code, 3, "{report}");
    assert_eq!(
        agg.run("fetch --replay web --accept").code,
        2,
        "not without a name"
    );
    let run = agg.run("fetch --replay web --accept it --format json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["outcomes"][0]["new"], 8);
    serve(&agg, BLOG, &html.replace("part 3", "part three"), "third");
    let (run, report) = fetch(&agg);
    assert_eq!(
        (run.code, &report["outcomes"][0]["updated"]),
        (0, &Value::from(1))
    );
    assert_eq!(published(&agg).len(), 17, "the old ones stay");
}

/// A page of posts, of each its address, title and excerpt; without dates.
fn list(posts: &[(String, String, String)]) -> String {
    let items: Vec<String> = posts
        .iter()
        .map(|(address, title, text)| {
            format!("<article><h2><a href=\"{address}\">{title}</a></h2><p>{text}</p></article>")
        })
        .collect();
    let items = items.concat();
    format!(
        "<!doctype html><html lang=en><head><title>Quay</title></head><body><main><h1>Quay</h1>{items}</main></body></html>"
    )
}

#[test]
fn posts_at_other_addresses_are_known_again_and_keep_their_ids() {
    let agg = with_source(BLOG);
    assert_eq!(fetch(&agg).0.code, 0);
    let before = published(&agg);
    let html = recorded(&agg, BLOG).replace("/blog/", "/journal/of/old/");
    serve(&agg, BLOG, &html, "another");
    let (run, report) = fetch(&agg);
    assert_eq!(run.code, 0, "{report}");
    let outcome = &report["outcomes"][0];
    assert_eq!(outcome["kind"], "healed");
    assert_eq!(outcome["migrated"]["known"], 9);
    assert_eq!(
        (&outcome["new"], &outcome["updated"]),
        (&Value::from(0), &Value::from(0))
    );
    let after = published(&agg);
    assert_eq!(after.len(), before.len());
    for (id, (title, url, date)) in &after {
        let (old_title, old_url, old_date) = &before[id];
        assert_eq!((title, date), (old_title, old_date));
        assert_eq!(*url, old_url.replace("/blog/", "/journal/of/old/"));
    }
    let told = agg.run("status").stderr;
    assert!(
        told.contains("migrated: of 9 posts") && told.contains(" → "),
        "{told}"
    );
    serve(&agg, BLOG, &format!("{html}<!-- again -->"), "third");
    let (run, report) = fetch(&agg);
    assert_eq!(
        (run.code, &report["outcomes"][0]["known"]),
        (0, &Value::from(9))
    );
    assert!(report["outcomes"][0].get("migrated").is_none(), "told once");
}

#[test]
fn posts_that_may_have_moved_are_told_and_once_accepted_keep_their_ids() {
    let agg = Agg::new();
    agg.configure(&format!(
        "[[source]]\nurl = \"{BLOG}\"\nid = \"it\"\nenrich = false\n"
    ));
    // titles that may be anybody's, without dates or texts that say more
    let versions = |folder: &str| -> Vec<(String, String, String)> {
        (1..=8)
            .map(|n| {
                (
                    format!("/{folder}/{n}"),
                    format!("Tide 1.{n}"),
                    "Mended.".to_owned(),
                )
            })
            .collect()
    };
    fs::create_dir_all(agg.path("web/ninadpathak.pages.dev")).unwrap();
    serve(&agg, BLOG, &list(&versions("log")), "first");
    assert_eq!(fetch(&agg).0.code, 0);
    let before = published(&agg);
    serve(&agg, BLOG, &list(&versions("releases")), "another");
    let (run, report) = fetch(&agg);
    assert_eq!(run.code, 3, "{report}");
    let error = report["outcomes"][0]["error"].as_str().unwrap();
    assert!(
        error.contains("8 of 8 posts stand at other addresses"),
        "{error}"
    );
    assert_eq!(published(&agg), before);

    let run = agg.run("fetch --replay web --accept it --format json");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let after = published(&agg);
    assert_eq!(after.len(), before.len());
    for (id, (title, url, date)) in &after {
        let (old_title, old_url, old_date) = &before[id];
        assert_eq!((title, date), (old_title, old_date));
        assert_eq!(*url, old_url.replace("/log/", "/releases/"));
    }
}

#[test]
fn status_says_what_was_odd_for_as_long_as_the_page_is_what_it_was() {
    let agg = with_source(BLOG);
    assert_eq!(fetch(&agg).0.code, 0);
    let html = recorded(&agg, BLOG);
    let first = html.find("<li class=\"border-b").unwrap();
    let end = first + html[first..].find("</li>").unwrap() + "</li>".len();
    let offer = html[first..end].replace("/blog/", "https://academy.example/learn/");
    assert!(offer.contains("academy.example"), "{offer}");
    serve(
        &agg,
        BLOG,
        &format!("{}{offer}{}", &html[..first], &html[first..]),
        "another",
    );
    for outcome in ["read", "unchanged"] {
        let (run, report) = fetch(&agg);
        assert_eq!(
            (run.code, &report["outcomes"][0]["kind"]),
            (0, &Value::from(outcome))
        );
        let told = agg.run("status").stderr;
        assert!(
            told.contains("held back, being unlike the posts of this page: 1 (LLM context windows"),
            "{told}"
        );
    }
}

#[test]
fn a_feed_that_turns_into_a_page_is_no_list_of_news() {
    let url = "https://mlsystems.dev/atom.xml";
    let other: Vec<String> = (1..=8)
        .map(|at| format!("<article><h2><a href=\"/offers/{at}\">This name is for sale, part {at}</a></h2><p>Buy it now, while it is still there, and be the first.</p></article>"))
        .collect();
    let (agg, run, report) = then_shows(
        url,
        &format!(
            "<!doctype html><html><body><main>{}</main></body></html>",
            other.concat()
        ),
    );
    assert_eq!(run.code, 3, "{report}");
    assert!(
        published(&agg)
            .values()
            .all(|(title, ..)| !title.contains("for sale"))
    );
}

#[test]
fn the_page_of_an_unknown_source_or_of_none_is_not_there() {
    let agg = with_source(BLOG);
    assert_eq!(agg.run("preview --stored good it").code, 1, "never fetched");
    fetch(&agg);
    let run = agg.run("preview --stored bad it");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("no bad page of it is kept"),
        "{}",
        run.stderr
    );
    assert_eq!(agg.run("preview --stored bad that").code, 2);
}
