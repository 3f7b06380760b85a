//! When a source is asked again: by its own rhythm and what its server and feed say, across cycles and restarts.

use std::path::Path;
use std::sync::{Arc, Mutex};

use agg::config::Config;
use agg::fetch::Door;
use agg::model::{Outcome, OutcomeKind};
use agg::pipeline::{Asking, Pipeline, Report};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::program::Agg;
use crate::site::{Reply, Site};

/// A feed with these elements in its channel, and a post every six hours until noon of 1 March 2026.
fn feed(elements: &str) -> Reply {
    let posts: Vec<String> = (0..5)
        .map(|n| {
            let at: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
            let at = (at - TimeDelta::hours(6 * n)).to_rfc2822();
            format!("<item><title>Post {n}</title><link>https://tides.example/{n}</link><pubDate>{at}</pubDate></item>")
        })
        .collect();
    let posts = posts.concat();
    Reply::ok(
        "application/rss+xml",
        format!(
            "<rss version=\"2.0\"><channel><title>Tides</title>{elements}{posts}</channel></rss>"
        ),
    )
}

/// A cycle with this configuration at that time, by a program started for it.
fn cycle(text: &str, folder: &Path, now: DateTime<Utc>) -> Report {
    run(text, folder, now, false)
}

/// The same with `--force`.
fn by_hand(text: &str, folder: &Path, now: DateTime<Utc>) -> Report {
    run(text, folder, now, true)
}

fn run(text: &str, folder: &Path, now: DateTime<Utc>, force: bool) -> Report {
    let config = Config::parse(text, &folder.join("feeds.toml")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let report = runtime.block_on(async {
        let pipeline = Pipeline::open(config, Door::Network, None).unwrap();
        let pipeline = pipeline.with_clock(Arc::new(move || now));
        let asking = Asking {
            force,
            ..Asking::default()
        };
        pipeline.update(&[], asking, &|_| {}).await
    });
    report.unwrap()
}

/// A reader of one feed whose clock is ours to set, and which is started anew for every cycle.
struct Reader {
    folder: tempfile::TempDir,
    site: Site,
    shown: Arc<Mutex<Reply>>,
    settings: String,
}

impl Reader {
    fn of(shown: Reply) -> Self {
        Self::set(shown, "")
    }

    /// With these keys in its `[[source]]`.
    fn set(shown: Reply, settings: &str) -> Self {
        let shown = Arc::new(Mutex::new(shown));
        let reply = Arc::clone(&shown);
        Self {
            folder: tempfile::tempdir().unwrap(),
            site: Site::open(move |_| reply.lock().unwrap().clone()),
            shown,
            settings: settings.to_owned(),
        }
    }

    fn shows(&self, reply: Reply) {
        *self.shown.lock().unwrap() = reply;
    }

    /// A cycle at that time of 1 March 2026, or of another day where one is given; what it came to.
    fn cycle(&self, time: &str) -> Outcome {
        let time = if time.contains('T') {
            time.to_owned()
        } else {
            format!("2026-03-01T{time}")
        };
        let now: DateTime<Utc> = format!("{time}:00Z").parse().unwrap();
        let mut report = cycle(&self.text(), self.folder.path(), now);
        report.outcomes.remove(0)
    }

    /// Its feeds.toml.
    fn text(&self) -> String {
        format!(
            "[fetch]\nspacing = \"0s\"\nallow = [\"127.0.0.0/8\"]\n[[source]]\nid = \"tides\"\nurl = \"{}\"\n{}\n",
            self.site.url("/feed"),
            self.settings
        )
    }

    /// Those of these cycles that asked.
    fn asks<'a>(&self, times: &[&'a str]) -> Vec<&'a str> {
        let asks = |time: &&&str| self.cycle(time).kind != OutcomeKind::Waiting;
        times.iter().filter(asks).copied().collect()
    }
}

#[test]
fn a_source_is_asked_by_its_own_rhythm_whoever_starts_the_cycle() {
    let reader = Reader::of(feed(""));
    let asked = reader.asks(&["12:00", "12:30", "12:59", "13:00", "13:30", "14:00"]);
    assert_eq!(asked, ["12:00", "13:00", "14:00"], "a post every six hours");
    assert_eq!(reader.site.asked().len(), 3, "the others sent nothing");
}

#[test]
fn what_a_feed_says_of_its_rhythm_is_heeded() {
    for (elements, asked) in [
        ("<ttl>90</ttl>", vec!["12:00", "14:00"]),
        (
            "<skipHours><hour>13</hour><hour>14</hour></skipHours>",
            vec!["12:00", "15:00"],
        ),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>",
            vec!["12:00", "14:30"],
        ),
    ] {
        let reader = Reader::of(feed(elements));
        let times = [
            "12:00", "12:30", "13:00", "13:30", "14:00", "14:30", "15:00",
        ];
        let first: Vec<_> = reader.asks(&times).into_iter().take(2).collect();
        assert_eq!(first, asked, "{elements}");
    }
}

#[test]
fn an_answer_is_not_asked_for_again_while_it_is_fresh() {
    let fresh = feed("")
        .header("Cache-Control", "max-age=7200")
        .header("Age", "600");
    let reader = Reader::of(fresh.header("ETag", "\"1\""));
    let wait = reader.asks(&["12:00", "13:30", "13:49", "14:10"]);
    assert_eq!(wait, ["12:00", "14:10"]);
    // a 304 that says nothing new leaves what was said
    reader.shows(Reply::status(304));
    assert_eq!(
        reader.asks(&["17:00", "18:59", "19:20"]),
        ["17:00", "19:20"]
    );
    // and one that does, not
    reader.shows(Reply::status(304).header("Cache-Control", "no-cache"));
    assert_eq!(
        reader.asks(&["22:00", "22:30", "23:00"]),
        ["22:00", "23:00"]
    );
}

#[test]
fn an_answer_that_is_fresh_for_a_year_is_asked_for_the_day_after_tomorrow_at_the_latest() {
    let reader = Reader::of(feed("").header("Cache-Control", "max-age=31536000"));
    let asked = reader.asks(&["12:00", "2026-03-02T11:59", "2026-03-02T15:00"]);
    assert_eq!(asked, ["12:00", "2026-03-02T15:00"]);
}

#[test]
fn an_interval_of_the_configuration_takes_the_place_of_the_rhythm() {
    let times = ["12:00", "12:20", "12:40", "13:00", "16:00"];
    let often = Reader::set(feed(""), "interval = \"20m\"");
    assert_eq!(often.asks(&times), times);
    let seldom = Reader::set(feed(""), "interval = \"4h\"");
    assert_eq!(seldom.asks(&times), ["12:00", "16:00"]);
    let always = Reader::set(feed("<ttl>30</ttl>"), "interval = \"0s\"");
    assert_eq!(
        always.asks(&["12:00", "12:01", "12:30"]),
        ["12:00", "12:30"]
    );
}

#[test]
fn a_document_with_a_wish_to_be_left_alone_is_read_and_its_server_left_alone() {
    let reader = Reader::of(feed("").header("Retry-After", "10800"));
    let outcome = reader.cycle("12:00");
    assert_eq!((outcome.kind, outcome.new), (OutcomeKind::Read, 5));
    // the wish counts from the answer on, some moments after the cycle began
    assert_eq!(reader.asks(&["14:30", "15:00", "15:01"]).len(), 1);
}

#[test]
fn by_hand_only_what_the_server_wished_counts_however_often_it_failed() {
    let reader = Reader::of(Reply::status(503).header("Retry-After", "2"));
    for day in 1..9 {
        reader.cycle(&format!("2026-03-0{day}T12:00"));
    }
    reader.shows(feed(""));
    assert_eq!(reader.cycle("2026-03-08T12:10").kind, OutcomeKind::Waiting);
    let now: DateTime<Utc> = "2026-03-08T12:10:00Z".parse().unwrap();
    let report = by_hand(&reader.text(), reader.folder.path(), now);
    assert_eq!(report.outcomes[0].new, 5, "{report:?}");
}

#[test]
fn a_clock_that_was_wrong_stops_nothing() {
    let reader = Reader::of(feed("<ttl>60</ttl>"));
    assert_eq!(reader.cycle("2031-03-01T12:00").kind, OutcomeKind::Read);
    let asked = reader.asks(&["12:00", "12:30", "13:00"]);
    assert_eq!(asked, ["12:00", "13:00"]);
}

#[test]
fn a_source_that_is_configured_anew_is_due_at_once() {
    let mut reader = Reader::of(feed("<ttl>600</ttl>").header("ETag", "\"1\""));
    reader.asks(&["12:00"]);
    reader.settings = "tags = [\"sea\"]".to_owned();
    assert_eq!(reader.asks(&["12:01", "12:02"]), ["12:01"]);
    let last = reader.site.asked().pop().unwrap();
    assert_eq!(last.header("If-None-Match"), None, "and read anew");
}

#[test]
fn one_host_that_cannot_be_reached_is_tried_every_hour_at_least() {
    // a label of more than 63 letters is no name, so that nobody is asked for it
    let url = format!("http://{}.invalid/feed", "x".repeat(70));
    let text = format!("[[source]]\nid = \"tides\"\nurl = \"{url}\"\n");
    let folder = tempfile::tempdir().unwrap();
    let start: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    let mut tries = 0;
    for hour in 0..24 {
        let report = cycle(&text, folder.path(), start + TimeDelta::hours(hour));
        tries += usize::from(report.outcomes[0].kind == OutcomeKind::Failed);
    }
    assert_eq!(tries, 24, "it may be our own network");
}

#[test]
fn hosts_that_are_dead_for_long_are_asked_less_and_less_and_the_network_is_not_blamed() {
    let well = Site::open(|_| feed(""));
    let dead = |letter: &str| {
        format!(
            "[[source]]\nid = \"{letter}\"\nurl = \"http://{}.invalid/\"\n",
            letter.repeat(70)
        )
    };
    let text = format!(
        "[fetch]\nspacing = \"0s\"\nallow = [\"127.0.0.0/8\"]\n[[source]]\nid = \"well\"\nurl = \"{}\"\ninterval = \"12h\"\n{}{}",
        well.url("/feed"),
        dead("x"),
        dead("y")
    );
    let folder = tempfile::tempdir().unwrap();
    let start: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    let mut tries = 0;
    for hour in 0..12 {
        let report = cycle(&text, folder.path(), start + TimeDelta::hours(hour));
        assert!(!report.network_down, "{hour}");
        tries += usize::from(report.outcomes[1].kind == OutcomeKind::Failed);
    }
    assert!((3..8).contains(&tries), "{tries}");
}

/// The program with these sources at `site`, each with its keys.
fn program(site: &Site, sources: &[(&str, &str)]) -> Agg {
    let agg = Agg::new();
    let tables: Vec<String> = sources
        .iter()
        .map(|(name, keys)| {
            let url = site.url(&format!("/{name}"));
            format!("[[source]]\nid = \"{name}\"\nurl = \"{url}\"\n{keys}\n")
        })
        .collect();
    agg.configure(&format!("[fetch]\nspacing = \"0s\"\n{}", tables.concat()));
    agg
}

#[test]
fn a_fetch_right_after_the_last_one_asks_nobody_and_says_so_in_one_line() {
    let site = Site::open(|_| feed(""));
    let agg = program(&site, &[("one", ""), ("two", ""), ("three", "")]);
    agg.run("fetch");
    let run = agg.run("fetch");
    assert_eq!(site.asked().len(), 3);
    assert_eq!(run.code, 0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.stdout);
    assert!(
        lines[0].starts_with("3 sources are not due yet, the next at 2"),
        "{}",
        lines[0]
    );
    assert!(lines[1].starts_with("nothing new; "), "{}", lines[1]);

    let run = agg.run("fetch --format json");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let first = &report["outcomes"][0];
    assert_eq!(first["kind"], "waiting");
    assert_eq!(first["error"], Value::Null);
    assert_eq!(first["wait"]["why"], "rhythm");
    assert!(first["wait"]["until"].is_string());
}

#[test]
fn naming_a_source_asks_it_now_and_force_asks_all() {
    let site = Site::open(|_| feed("<ttl>600</ttl>"));
    let agg = program(&site, &[("one", ""), ("two", "")]);
    agg.run("fetch");
    let paths = || -> Vec<String> { site.asked().into_iter().map(|it| it.path).collect() };
    agg.run("fetch two");
    assert_eq!(paths()[2..], ["/two"]);
    agg.run("fetch --force");
    assert_eq!(paths()[3..], ["/one", "/two"]);
    agg.run("fetch --record kept");
    assert_eq!(paths()[5..], ["/one", "/two"]);
    agg.run("fetch");
    assert_eq!(paths().len(), 7);
    let replayed = agg.run("fetch --replay kept");
    assert!(replayed.stdout.contains("unchanged"), "{}", replayed.stdout);
}

#[test]
fn a_server_that_wishes_to_be_left_alone_is_not_asked_by_hand_either() {
    let site = Site::always(Reply::status(429).header("Retry-After", "3600"));
    let agg = program(&site, &[("one", "")]);
    agg.run("fetch");
    for again in ["fetch", "fetch one", "fetch --force"] {
        let run = agg.run(again);
        assert!(
            run.stdout.contains("the server asked to be left alone"),
            "{}",
            run.stdout
        );
    }
    assert_eq!(site.asked().len(), 1);
}

#[test]
fn a_host_that_has_enough_is_left_alone_by_all_its_sources_in_later_runs_too() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/busy" => Reply::status(429).header("Retry-After", "3600"),
        _ => feed(""),
    });
    let agg = program(
        &site,
        &[("early", "interval = \"0s\""), ("busy", ""), ("late", "")],
    );
    agg.run("fetch");
    let run = agg.run("fetch");
    let wishes = run.stdout.matches("the server asked to be left alone");
    assert_eq!(wishes.count(), 3, "{}", run.stdout);
    assert_eq!(site.asked().len(), 2);
}

#[test]
fn a_host_that_takes_two_requests_an_hour_gives_all_its_sources_in_turn() {
    let taken = Arc::new(Mutex::new(0));
    let left = Arc::clone(&taken);
    let site = Site::open(move |_| {
        let mut taken = left.lock().unwrap();
        *taken += 1;
        match *taken {
            ..=2 => feed(""),
            _ => Reply::status(429).header("Retry-After", "3000"),
        }
    });
    let tables: Vec<String> = (0..6)
        .map(|n| format!("[[source]]\nurl = \"{}\"\n", site.url(&format!("/{n}"))))
        .collect();
    let text = format!(
        "[fetch]\nspacing = \"0s\"\nallow = [\"127.0.0.0/8\"]\n{}",
        tables.concat()
    );
    let folder = tempfile::tempdir().unwrap();
    let start: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    let mut read = std::collections::BTreeSet::new();
    for hour in 0..6 {
        *taken.lock().unwrap() = 0;
        let report = cycle(&text, folder.path(), start + TimeDelta::hours(hour));
        let good = report.outcomes.into_iter();
        read.extend(
            good.filter(|it| it.kind == OutcomeKind::Read)
                .map(|it| it.source),
        );
    }
    assert_eq!(read.len(), 6, "{read:?}");
}

#[test]
fn what_is_gone_is_asked_again_by_its_name() {
    let gone = Arc::new(Mutex::new(Reply::status(410)));
    let shown = Arc::clone(&gone);
    let site = Site::open(move |_| shown.lock().unwrap().clone());
    let agg = program(&site, &[("one", "")]);
    agg.run("fetch");
    let run = agg.run("fetch");
    assert!(
        run.stdout.contains("`agg fetch one` asks once more"),
        "{}",
        run.stdout
    );
    let status: Value = serde_json::from_str(&agg.run("status --format json").stdout).unwrap();
    assert_eq!(status[0]["due"]["why"], "gone");
    assert_eq!(status[0]["due"]["until"], Value::Null);
    *gone.lock().unwrap() = feed("");
    assert_eq!(agg.run("fetch one").code, 0);
    assert_eq!(site.asked().len(), 2);
}

#[test]
fn status_says_why_each_source_is_due_when_it_is() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/ttl" => feed("<ttl>60</ttl>"),
        "/fresh" => feed("").header("Cache-Control", "max-age=7200"),
        "/failing" => Reply::status(500),
        _ => feed(""),
    });
    let agg = program(
        &site,
        &[
            ("ttl", "interval = \"1m\""),
            ("fresh", "interval = \"1m\""),
            ("failing", ""),
            ("interval", "interval = \"6h\""),
            ("rhythm", ""),
        ],
    );
    agg.run("fetch");
    let after: Value = serde_json::from_str(&agg.run("status --format json").stdout).unwrap();
    let whys: Vec<&str> = after
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["due"]["why"].as_str().unwrap())
        .collect();
    assert_eq!(whys, ["ttl", "freshness", "failures", "interval", "rhythm"]);
    let table = agg.run("status").stdout;
    for said in [
        "its feed says every 60 minutes (ttl)",
        "an answer is good for 2 hours (Cache-Control, Expires)",
        "it failed the last time",
        "interval: asked every 6 hours",
        "rhythm: posts about every 6 hours",
    ] {
        assert!(table.contains(said), "{said}: {table}");
    }
}
