//! What agg promises, against a site that changes under it.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::program::Agg;
use crate::site::{Reply, Site};

/// A post of the site: slug, title, summary, date.
type Post = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const POSTS: [Post; 4] = [
    (
        "tides",
        "How tides are told",
        "Two tables and a clock tell most of it.",
        Some("2026-03-04"),
    ),
    (
        "ropes",
        "Ropes that last",
        "What a wet winter does to hemp and to nylon.",
        Some("2026-02-11"),
    ),
    (
        "lamps",
        "Lamps on the quay",
        "Who lit them, and what it cost the town.",
        Some("2026-01-20"),
    ),
    (
        "nets",
        "Mending nets",
        "A knot that every harbour child could tie.",
        Some("2025-12-02"),
    ),
];

fn page(posts: &[Post]) -> Reply {
    let item = |(slug, title, summary, date): &Post| {
        let date = date
            .map(|date| format!("<time datetime=\"{date}\">{date}</time>"))
            .unwrap_or_default();
        format!(
            "<li class=\"p\"><h2><a href=\"/log/{slug}\">{title}</a></h2>{date}<p>{summary}</p></li>"
        )
    };
    let items = posts.iter().map(item).collect::<Vec<_>>().concat();
    let html = format!(
        "<!doctype html><html lang=en><head><title>Harbour log</title></head><body><nav><a href=/>Home</a> \
         <a href=/about>About</a></nav><main><h1>Harbour log</h1><ul>{items}</ul></main></body></html>"
    );
    Reply::ok("text/html; charset=utf-8", html)
}

/// A site whose index page can be changed, and its configured reader, which asks for no article pages.
fn harbour(first: Reply) -> (Agg, Site, Arc<Mutex<Reply>>) {
    let index = Arc::new(Mutex::new(first));
    let shown = Arc::clone(&index);
    let site = Site::open(move |asked| match asked.path.as_str() {
        "/log" => shown.lock().unwrap().clone(),
        _ => Reply::status(404),
    });
    let agg = Agg::new();
    agg.configure(&format!(
        "[fetch]\nspacing = \"0s\"\n[[source]]\nid = \"harbour\"\nurl = \"{}\"\nenrich = false\n",
        site.url("/log")
    ));
    (agg, site, index)
}

fn items(agg: &Agg) -> Vec<Value> {
    let feed: Value = serde_json::from_str(&agg.read("public/feed.json")).unwrap();
    feed["items"].as_array().unwrap().clone()
}

fn titles(agg: &Agg) -> Vec<String> {
    items(agg)
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_source_that_breaks_says_so_and_loses_nothing() {
    let (agg, _site, index) = harbour(page(&POSTS));
    assert_eq!(agg.run("fetch").code, 0);
    let before = agg.read("public/atom.xml");
    for broken in [
        Reply::status(500),
        Reply::ok(
            "text/html",
            "<html><body><h1>Log in</h1><form></form></body></html>",
        ),
        Reply::ok("text/html", ""),
    ] {
        *index.lock().unwrap() = broken;
        let run = agg.run("fetch --force");
        assert_eq!(run.code, 3, "{}", run.stdout);
        assert!(
            run.stderr.contains("harbour") && run.stderr.contains("where:"),
            "{}",
            run.stderr
        );
        assert_eq!(
            agg.read("public/atom.xml"),
            before,
            "subscribers see nothing of it"
        );
        let status = agg.run("status --check");
        assert_eq!(status.code, 3);
        assert!(status.stdout.contains("failed"), "{}", status.stdout);
    }
    *index.lock().unwrap() = page(&POSTS);
    assert_eq!(agg.run("fetch --force").code, 0);
    assert_eq!(agg.run("status --check").code, 0);
    assert_eq!(agg.read("public/atom.xml"), before);
}

#[test]
fn ids_and_dates_stay_and_an_update_never_rises() {
    let (agg, _site, index) = harbour(page(&POSTS));
    agg.run("fetch");
    let before = items(&agg);
    let mut edited = POSTS;
    edited[2].1 = "Lamps on the quay, corrected";
    edited[2].3 = Some("2026-03-20");
    *index.lock().unwrap() = page(&edited);
    let run = agg.run("fetch --force --format json");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["outcomes"][0]["updated"], 1, "{}", run.stdout);
    let after = items(&agg);
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old["id"], new["id"], "the order and the ids are the same");
        assert_eq!(old["date_published"], new["date_published"]);
    }
    assert_eq!(after[2]["title"], "Lamps on the quay, corrected");
}

#[test]
fn a_new_post_comes_first_even_with_an_old_date() {
    let (agg, _site, index) = harbour(page(&POSTS[..3]));
    agg.run("fetch");
    // times are kept in whole seconds
    std::thread::sleep(std::time::Duration::from_millis(1100));
    *index.lock().unwrap() = page(&POSTS);
    agg.run("fetch --force");
    assert_eq!(
        titles(&agg),
        [
            "Mending nets",
            "How tides are told",
            "Ropes that last",
            "Lamps on the quay"
        ]
    );
}

#[test]
fn no_date_is_not_now_and_does_not_move() {
    let mut undated = POSTS;
    for post in &mut undated {
        post.3 = None;
    }
    let (agg, _site, index) = harbour(page(&undated));
    agg.run("fetch");
    let before = items(&agg);
    assert!(
        before
            .iter()
            .all(|item| item["_agg"]["date_kind"] == "first_seen"),
        "{before:?}"
    );
    std::thread::sleep(std::time::Duration::from_millis(1100));
    undated[0].2 = "Two tables, a clock, and the moon.";
    *index.lock().unwrap() = page(&undated);
    agg.run("fetch --force");
    for (old, new) in before.iter().zip(&items(&agg)) {
        assert_eq!(
            (&old["id"], &old["date_published"]),
            (&new["id"], &new["date_published"])
        );
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the program reads the clock, so must what it is held against"
)]
fn a_post_dated_in_the_future_waits_for_its_day() {
    let next_month = chrono::Utc::now() + chrono::TimeDelta::days(30);
    let mut posts = POSTS;
    posts[0].3 = Some(next_month.format("%Y-%m-%d").to_string().leak());
    let (agg, _site, _index) = harbour(page(&posts));
    let run = agg.run("fetch");
    assert!(
        run.stdout
            .contains("1 entry dated in the future, held until due"),
        "{}",
        run.stdout
    );
    assert_eq!(
        titles(&agg),
        ["Ropes that last", "Lamps on the quay", "Mending nets"]
    );
}

#[test]
fn stored_validators_go_back_byte_for_byte() {
    let tag = "W/\"3-\u{e9}\"";
    let latin: Vec<u8> = tag
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let first = page(&POSTS)
        .header("ETag", &latin)
        .header("Last-Modified", "yesterday, more or less");
    let (agg, site, index) = harbour(first);
    agg.run("fetch");
    *index.lock().unwrap() = Reply::status(304);
    let run = agg.run("fetch --force");
    assert!(run.stdout.contains("unchanged"), "{}", run.stdout);
    let asked = site.asked();
    let last = asked.last().unwrap();
    assert_eq!(last.header("If-None-Match"), Some(latin.as_slice()));
    assert_eq!(
        last.header("If-Modified-Since"),
        Some("yesterday, more or less".as_bytes())
    );
}

#[test]
fn an_article_page_is_asked_for_once_and_fills_what_the_listing_lacks() {
    let mut undated = POSTS;
    for post in &mut undated {
        post.3 = None;
    }
    let site = Site::open(move |asked| match asked.path.as_str() {
        "/log" => page(&undated).header("ETag", format!("\"{}\"", asked.headers.len())),
        "/log/tides" => Reply::ok(
            "text/html",
            "<html><head><meta property=\"article:published_time\" content=\"2026-03-04T08:00:00Z\"></head>\
             <body><article><h1>How tides are told</h1><p>Words.</p></article></body></html>",
        ),
        _ => Reply::status(404),
    });
    let agg = Agg::new();
    agg.configure(&format!(
        "[fetch]\nspacing = \"0s\"\n[[source]]\nid = \"harbour\"\nurl = \"{}\"\n",
        site.url("/log")
    ));
    let run = agg.run("fetch");
    assert_eq!(
        run.code, 0,
        "an article page that is missing is no failure: {}",
        run.stderr
    );
    assert!(
        run.stderr.contains("3 of 4 article pages"),
        "{}",
        run.stderr
    );
    let tides = items(&agg)
        .into_iter()
        .find(|item| item["title"] == "How tides are told")
        .unwrap();
    assert_eq!(tides["date_published"], "2026-03-04T08:00:00Z");
    agg.run("fetch --force");
    let articles = site
        .asked()
        .iter()
        .filter(|asked| asked.path.starts_with("/log/"))
        .count();
    assert_eq!(articles, 4, "each once, whatever came of it");
}

#[test]
fn what_is_recorded_replays_the_same() {
    let (agg, site, _index) = harbour(
        page(&POSTS)
            .header("ETag", "\"1\"")
            .header("Set-Cookie", "secret=1"),
    );
    assert_eq!(agg.run("fetch --record kept").code, 0);
    let before = agg.run("list --format json").stdout;
    drop(site);
    for file in ["agg.db", "agg.db-wal", "agg.db-shm"] {
        let _ = std::fs::remove_file(agg.path(file));
    }
    let run = agg.run("fetch --replay kept");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(agg.run("list --format json").stdout, before);
    let files: Vec<_> = std::fs::read_dir(agg.path("kept")).unwrap().collect();
    assert_eq!(files.len(), 1, "one folder a site");
    let site = files[0].as_ref().unwrap().path();
    let recording = std::fs::read_to_string(site.join("log.http")).unwrap();
    assert!(recording.starts_with("HTTP/1.1 200 OK\r\n"), "{recording}");
    assert!(!recording.contains("secret"), "no cookie is kept");
}
