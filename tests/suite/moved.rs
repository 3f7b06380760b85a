//! A source that moves for good: when its new address is asked, when it is not, and how feeds.toml comes to say so.

use std::sync::{Arc, Mutex};

use agg::config::Config;
use agg::fetch::Door;
use agg::model::{Outcome, OutcomeKind};
use agg::pipeline::{Asking, Pipeline};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::program::Agg;
use crate::site::{Reply, Site};

/// A feed with these posts.
fn feed(posts: std::ops::Range<u32>) -> Reply {
    let posts: Vec<String> = posts
        .map(|n| {
            format!("<item><title>Post {n}</title><link>https://tides.example/{n}</link><description>Words.</description></item>")
        })
        .collect();
    let posts = posts.concat();
    let feed = format!("<rss version=\"2.0\"><channel><title>Tides</title>{posts}</channel></rss>");
    Reply::ok("application/rss+xml", feed)
}

/// A reader of one feed at /feed, once a day, and the site that it reads.
struct Reader {
    agg: Agg,
    runtime: tokio::runtime::Runtime,
    site: Site,
    /// What is at /feed, and what is at /new.
    shown: Arc<Mutex<[Reply; 2]>>,
    /// Where 304 is answered to whoever knows a date.
    dated: Arc<Mutex<Vec<String>>>,
}

impl Reader {
    fn new() -> Self {
        let shown = Arc::new(Mutex::new([Reply::redirect(301, "/new"), feed(0..6)]));
        let replies = Arc::clone(&shown);
        let dated: Arc<Mutex<Vec<String>>> = Arc::default();
        let honours = Arc::clone(&dated);
        let site = Site::open(move |asked| {
            let [feed, new] = replies.lock().unwrap().clone();
            let honours = honours.lock().unwrap().contains(&asked.path);
            match asked.path.as_str() {
                _ if honours && asked.header("if-modified-since").is_some() => Reply::status(304),
                "/feed" => feed,
                "/new" | "/a" | "/b" => new,
                _ => Reply::status(404),
            }
        });
        let agg = Agg::new();
        agg.configure(&format!(
            "# what I read\n[[source]]\nurl = \"{}\" # daily\ntags = [\"sea\"]\n\n# the end\n[fetch]\nspacing = \"0s\"\n",
            site.url("/feed")
        ));
        Self {
            agg,
            runtime: tokio::runtime::Runtime::new().unwrap(),
            site,
            shown,
            dated,
        }
    }

    /// From now on it says there that nothing has changed since any date.
    fn honours_dates(&self, path: &str) {
        self.dated.lock().unwrap().push(path.to_owned());
    }

    fn shows(&self, feed: Reply, new: Reply) {
        *self.shown.lock().unwrap() = [feed, new];
    }

    /// A cycle at noon of that day; what it came to, and the paths that were asked for.
    fn day(&self, day: i64) -> (Outcome, Vec<String>) {
        let before = self.site.asked().len();
        let noon: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let now = noon + TimeDelta::days(day - 1);
        let config = Config::load(&self.agg.path("feeds.toml")).unwrap();
        let report = self.runtime.block_on(async {
            let pipeline = Pipeline::open(config, Door::Network, None).unwrap();
            let pipeline = pipeline.with_clock(Arc::new(move || now));
            let asking = Asking {
                force: true,
                ..Asking::default()
            };
            pipeline.update(&[], asking, &|_| {}).await.unwrap()
        });
        let asked = self.site.asked();
        let asked = asked[before..].iter().map(|asked| asked.path.clone());
        (report.outcomes[0].clone(), asked.collect())
    }

    /// The paths asked for on that day.
    fn asked(&self, day: i64) -> Vec<String> {
        self.day(day).1
    }

    /// Three days of the same redirect.
    fn moved() -> Self {
        let reader = Self::new();
        for day in 1..=3 {
            assert_eq!(reader.asked(day), ["/feed", "/new"], "{day}");
        }
        reader
    }
}

#[test]
fn after_three_days_the_new_address_is_asked_and_no_other() {
    let reader = Reader::moved();
    let (outcome, asked) = reader.day(4);
    assert_eq!(asked, ["/new"]);
    assert_eq!(outcome.new, 0);
    assert!(outcome.warnings.is_empty(), "{:?}", outcome.warnings);
}

#[test]
fn many_redirects_in_one_day_count_once() {
    let reader = Reader::new();
    for _ in 0..5 {
        assert_eq!(reader.asked(1), ["/feed", "/new"]);
    }
    assert!(reader.day(2).0.warnings[0].contains("moved for good"));
}

#[test]
fn a_redirect_that_is_not_for_good_is_never_believed() {
    let reader = Reader::new();
    reader.shows(Reply::redirect(302, "/new"), feed(0..6));
    for day in 1..=5 {
        assert_eq!(reader.asked(day), ["/feed", "/new"], "{day}");
    }
}

#[test]
fn a_redirect_to_something_else_is_never_believed() {
    let maintenance = "<html><body><h1>Back soon</h1><p>We are at work.</p></body></html>";
    for other in [feed(100..106), Reply::ok("text/html", maintenance)] {
        let reader = Reader::new();
        reader.shows(feed(0..6), Reply::status(404));
        assert_eq!(reader.asked(1), ["/feed"]);
        reader.shows(Reply::redirect(301, "/new"), other.clone());
        for day in 2..=6 {
            assert_eq!(reader.asked(day), ["/feed", "/new"], "{day}");
        }
    }
}

#[test]
fn a_new_address_that_only_says_not_modified_is_never_believed() {
    let reader = Reader::new();
    let dated = |posts, date| feed(posts).header("Last-Modified", date);
    reader.shows(
        dated(0..6, "Sun, 01 Nov 2026 00:00:00 GMT"),
        Reply::status(404),
    );
    assert_eq!(reader.asked(1), ["/feed"]);
    // what is there is another feed, which would not have changed since
    let other = dated(100..106, "Thu, 01 Jan 2026 00:00:00 GMT");
    reader.shows(Reply::redirect(301, "/new"), other);
    reader.honours_dates("/new");
    for day in 2..=6 {
        let (outcome, asked) = reader.day(day);
        assert_eq!(asked, ["/feed", "/new"], "{day}");
        let kind = [OutcomeKind::Unchanged, OutcomeKind::Read][usize::from(day == 2)];
        assert_eq!(outcome.kind, kind, "{day}: it is read before it is known");
    }
}

#[test]
fn another_target_of_a_redirect_is_read_though_it_is_older() {
    let reader = Reader::new();
    let dated = |posts, date| feed(posts).header("Last-Modified", date);
    reader.shows(
        Reply::redirect(302, "/a"),
        dated(0..6, "Sun, 01 Nov 2026 00:00:00 GMT"),
    );
    for path in ["/a", "/b"] {
        reader.honours_dates(path);
    }
    assert_eq!(reader.day(1).0.new, 6);
    assert_eq!(reader.day(2).0.kind, OutcomeKind::Unchanged);
    reader.shows(
        Reply::redirect(302, "/b"),
        dated(0..10, "Thu, 01 Jan 2026 00:00:00 GMT"),
    );
    assert_eq!(reader.day(3).0.new, 4);
}

#[test]
fn a_new_address_that_fails_gives_way_to_the_old_one() {
    let reader = Reader::moved();
    reader.shows(feed(0..7), Reply::status(500));
    assert_eq!(reader.asked(4), ["/new"]);
    assert_eq!(reader.asked(5), ["/new"]);
    let (outcome, asked) = reader.day(6);
    assert_eq!(asked, ["/feed"]);
    assert_eq!((outcome.kind, outcome.new), (OutcomeKind::Read, 1));
    assert_eq!(reader.asked(7), ["/feed"], "for good");
}

#[test]
fn a_new_address_that_is_gone_for_good_gives_way_at_once() {
    let reader = Reader::moved();
    reader.shows(feed(0..7), Reply::status(410));
    let (outcome, asked) = reader.day(4);
    assert_eq!(asked, ["/new", "/feed"]);
    assert_eq!((outcome.kind, outcome.new), (OutcomeKind::Read, 1));
    assert_eq!(reader.asked(5), ["/feed"]);

    let reader = Reader::moved();
    reader.shows(Reply::redirect(301, "/new"), Reply::status(410));
    assert_eq!(
        reader.day(4).0.kind,
        OutcomeKind::Gone,
        "it still leads there"
    );
    let status = reader.agg.run("status");
    assert!(!status.stderr.contains("agg fix"), "{}", status.stderr);
}

#[test]
fn a_new_address_in_trouble_is_kept_where_the_old_one_only_leads_there() {
    let reader = Reader::moved();
    reader.shows(Reply::redirect(301, "/new"), Reply::status(500));
    assert_eq!(reader.asked(4), ["/new"]);
    assert_eq!(reader.asked(5), ["/new"]);
    assert_eq!(reader.asked(6), ["/feed", "/new"]);
    reader.shows(Reply::status(404), feed(0..7));
    let (outcome, asked) = reader.day(7);
    assert_eq!((asked, outcome.new), (vec!["/new".to_owned()], 1));
}

#[test]
fn status_tells_the_edit_and_fix_makes_it_without_a_source_starting_anew() {
    let reader = Reader::moved();
    let agg = &reader.agg;
    let new = reader.site.url("/new").to_string();
    let status = agg.run("status");
    for said in ["agg fix", new.as_str()] {
        assert!(status.stderr.contains(said), "{}", status.stderr);
    }
    let json: Value = serde_json::from_str(&agg.run("status --format json").stdout).unwrap();
    assert_eq!(json[0]["moved"], serde_json::json!({"to": new, "days": 3}));
    let id = json[0]["source"].as_str().unwrap().to_owned();
    let before = agg.read("feeds.toml");
    let published = agg.read("public/atom.xml");
    let dry = agg.run("fix --dry-run");
    assert_eq!((dry.code, agg.read("feeds.toml")), (0, before.clone()));
    let old = reader.site.url("/feed").to_string();
    let expected = [
        format!("-url = \"{old}\" # daily"),
        format!("+url = \"{new}\" # daily"),
        format!("+id = \"{id}\""),
    ];
    for line in &expected {
        assert!(
            dry.stdout.lines().any(|l| l == line),
            "{line}: {}",
            dry.stdout
        );
    }
    assert_eq!(agg.run("fix").stdout, dry.stdout);
    let tags = "tags = [\"sea\"]\n";
    let fixed = before
        .replace(&old, &new)
        .replace(tags, &format!("{tags}id = \"{id}\"\n"));
    assert_eq!(agg.read("feeds.toml"), fixed);
    let (outcome, asked) = reader.day(4);
    assert_eq!(asked, ["/new"]);
    assert_eq!(
        outcome.kind,
        OutcomeKind::Unchanged,
        "it is the source it was"
    );
    let entries = |text: &str| {
        let at = text.find("<entry>").unwrap();
        // where it is read now is said, and changes; by what it is known is not
        text[at..].replace(&new, &old)
    };
    let now = agg.read("public/atom.xml");
    assert!(now.contains(&format!("<id>{old}</id>")), "{now}");
    assert_eq!(entries(&now), entries(&published));
    assert!(agg.run("fix").stderr.contains("nothing to fix"));
    assert!(!agg.run("status").stderr.contains("agg fix"));
}

#[test]
fn what_a_person_has_to_decide_is_not_fixed_and_says_so() {
    let reader = Reader::moved();
    let agg = &reader.agg;
    let text = agg.read("feeds.toml");
    let new = reader.site.url("/new");
    let known = format!("[[source]]\nid = \"other\"\nurl = \"{new}\"\n{text}");
    agg.configure(&known);
    let (fixed, status) = (agg.run("fix"), agg.run("status"));
    assert_eq!(agg.read("feeds.toml"), known);
    for run in [&fixed, &status] {
        assert!(
            run.stderr.contains("`other` reads already"),
            "{}",
            run.stderr
        );
        assert!(!run.stderr.contains("`agg fix` puts"), "{}", run.stderr);
    }
    assert!(!fixed.stderr.contains("nothing to fix"), "{}", fixed.stderr);
}

#[test]
fn a_login_is_not_handed_to_another_site_by_a_fix() {
    let new = Site::open_at("127.0.0.2", |_| feed(0..6));
    let there = new.url("/new").to_string();
    let target = there.clone();
    let old = Site::open(move |_| Reply::redirect(301, &target));
    let reader = Reader::new();
    let agg = &reader.agg;
    std::fs::write(agg.path("token"), "hunter2-hunter2").unwrap();
    let text = format!(
        "[[source]]\nid = \"mine\"\nurl = \"{}\"\nauth = {{ token_file = \"token\" }}\n[fetch]\nspacing = \"0s\"\n",
        old.url("/feed")
    );
    agg.configure(&text);
    let configured = agg.read("feeds.toml");
    for day in 1..=4 {
        reader.day(day);
    }
    let (fixed, status) = (agg.run("fix"), agg.run("status"));
    assert_eq!(agg.read("feeds.toml"), configured);
    for run in [&fixed, &status] {
        assert!(run.stderr.contains("without its login"), "{}", run.stderr);
    }
    reader.day(5);
    assert!(
        new.asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
}
