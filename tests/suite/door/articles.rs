//! Pages of articles that cannot be had for now.

use std::sync::{Arc, Mutex};

use agg::model::OutcomeKind;
use chrono::TimeDelta;
use serde_json::Value;

use super::reader::{Reader, paths};
use super::*;

/// A page of posts up to that number, with their dates or without.
fn list(newest: u32, dated: bool) -> Reply {
    let item = |n: u32| {
        let date = format!("<time datetime=\"2026-02-0{n}\">2026-02-0{n}</time>");
        let date = if dated { date.as_str() } else { "" };
        format!(
            "<li class=p><h2><a href=\"/post/{n}\">A post about the harbour, number {n}</a></h2>{date}</li>"
        )
    };
    let items: String = (1..=newest).rev().map(item).collect();
    let page = format!("<main><h1>Log</h1><ul>{items}</ul></main>");
    Reply::ok("text/html", page)
}

/// The page of a post, at that path.
fn article(path: &str) -> Reply {
    let n = path.rsplit('/').next().unwrap_or_default();
    let page = format!(
        "<html><head><title>A post about the harbour, number {n}</title>\
         <meta property=\"article:published_time\" content=\"2026-02-0{n}T08:00:00Z\">\
         <meta name=\"description\" content=\"What was seen at the harbour on day {n}.\"></head>\
         <body><article><h1>A post about the harbour, number {n}</h1><p>Boats came and went.</p></article></body></html>"
    );
    Reply::ok("text/html", page)
}

/// A reader of such a list, whose fifth post comes after the first reading; the page of that one answers as it is told.
struct Harbour {
    reader: Reader,
    site: Site,
    fifth: Arc<Mutex<Reply>>,
}

impl Harbour {
    async fn new(dated: bool) -> Self {
        let fifth = Arc::new(Mutex::new(Reply::status(503)));
        let newest = Arc::new(Mutex::new(4));
        let (reply, up_to) = (Arc::clone(&fifth), Arc::clone(&newest));
        let site = Site::open(move |asked| match asked.path.as_str() {
            "/log" => list(*up_to.lock().unwrap(), dated).header("ETag", "\"always\""),
            "/post/5" => reply.lock().unwrap().clone(),
            path => article(path),
        });
        let reader = Reader::of(&site.url("/log"), "kind = \"page\"");
        assert_eq!(reader.fetches().await.new, 4);
        reader.wait(TimeDelta::hours(2));
        *newest.lock().unwrap() = 5;
        Self {
            reader,
            site,
            fifth,
        }
    }

    /// The fifth post, as the archive has it.
    fn post(&self) -> Option<Value> {
        let listed = self.reader.agg.run("list --format json").stdout;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        let is_fifth = |it: &&Value| it["title"].as_str().is_some_and(|it| it.ends_with('5'));
        listed.as_array().unwrap().iter().find(is_fifth).cloned()
    }

    fn tries(&self) -> usize {
        let is_fifth = |path: &&String| *path == "/post/5";
        paths(&self.site).iter().filter(is_fifth).count()
    }
}

#[tokio::test]
async fn a_post_that_has_its_date_on_its_own_page_waits_for_it_where_that_is_in_trouble() {
    let harbour = Harbour::new(false).await;
    let outcome = harbour.reader.fetches().await;
    assert_eq!((outcome.kind, outcome.new), (OutcomeKind::Read, 0));
    let warning = outcome.warnings.concat();
    assert!(warning.contains("the next run asks again"), "{warning}");
    *harbour.fifth.lock().unwrap() = article("/post/5");
    harbour.reader.wait(TimeDelta::minutes(5));
    let report = harbour.reader.cycles().await;
    assert_eq!(report.outcomes[0].new, 1, "in the very next cycle");
    harbour.reader.wait(TimeDelta::minutes(5));
    let report = harbour.reader.cycles().await;
    assert_eq!(report.outcomes[0].kind, OutcomeKind::Waiting);
    let post = harbour.post().unwrap();
    assert_eq!(post["date"], "2026-02-05T08:00:00Z", "{post}");
    harbour.reader.wait(TimeDelta::hours(2));
    assert_eq!(harbour.reader.fetches().await.kind, OutcomeKind::Unchanged);
}

#[tokio::test]
async fn a_post_with_a_date_is_there_at_once_and_is_filled_later_without_being_an_update() {
    let harbour = Harbour::new(true).await;
    assert_eq!(harbour.reader.fetches().await.new, 1);
    let words = "What was seen at the harbour on day 5.";
    assert!(!harbour.reader.agg.read("public/atom.xml").contains(words));
    *harbour.fifth.lock().unwrap() = article("/post/5");
    harbour.reader.wait(TimeDelta::minutes(30));
    let outcome = harbour.reader.fetches().await;
    assert_eq!((outcome.new, outcome.updated), (0, 0), "{outcome:?}");
    assert!(harbour.reader.agg.read("public/atom.xml").contains(words));
    assert!(outcome.warnings.is_empty(), "{outcome:?}");
}

#[tokio::test]
async fn a_page_that_stays_in_trouble_is_given_up_and_its_post_is_taken_without_a_date() {
    let harbour = Harbour::new(false).await;
    for new in [0, 0, 1, 0, 0] {
        assert_eq!(harbour.reader.fetches().await.new, new);
        harbour.reader.wait(TimeDelta::hours(2));
    }
    assert_eq!(harbour.tries(), 3);
    assert_eq!(harbour.post().unwrap()["date_kind"], "first_seen");
}
