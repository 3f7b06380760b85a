//! Retry-After: who is left alone, and for how long.

use agg::fetch::{LONGEST_WISH, RetryAfter};
use agg::model::OutcomeKind;
use chrono::TimeDelta;

use super::reader::{Reader, feed, index, paths};
use super::*;
use crate::program::Agg;
use crate::running::{Running, until};

/// What a 503 with this wish is understood as.
async fn wish(value: &str) -> Option<RetryAfter> {
    let reply = Reply::status(503).header("Retry-After", value);
    fetch(&Site::always(reply)).await.unwrap_err().retry_after()
}

#[tokio::test]
async fn a_wish_that_is_no_time_is_none() {
    for value in [
        "",
        "-5",
        "soon",
        "1.5",
        "2026-03-01T12:00:00Z",
        "5 minutes",
        "0x10",
    ] {
        assert_eq!(wish(value).await, None, "{value}");
    }
}

#[tokio::test]
async fn a_wish_beyond_all_bounds_is_cut_to_a_week() {
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    for value in [
        "31536000",
        "99999999999999999999999",
        "Fri, 01 Jan 2100 00:00:00 GMT",
    ] {
        let until = wish(value).await.unwrap().until(now);
        assert_eq!((until - now).to_std().unwrap(), LONGEST_WISH, "{value}");
    }
}

#[tokio::test]
async fn a_wish_for_a_time_that_has_passed_is_for_now() {
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let until = wish("Sun, 01 Mar 2020 12:00:00 GMT")
        .await
        .unwrap()
        .until(now);
    assert_eq!(until, now);
}

#[tokio::test]
async fn a_wish_that_comes_with_a_document_is_heard() {
    let reply = Reply::ok("text/html", "page").header("Retry-After", "60");
    let answer = fetch(&Site::always(reply)).await.unwrap();
    assert_eq!(
        answer.retry_after,
        Some(RetryAfter::For(Duration::from_mins(1)))
    );
}

#[tokio::test]
async fn a_429_without_a_wish_spares_the_host_all_the_same() {
    let site = Site::always(Reply::status(429));
    let fetcher = fetcher();
    fetcher.fetch(&request(site.url("/a"))).await.unwrap_err();
    let error = fetcher.fetch(&request(site.url("/b"))).await.unwrap_err();
    assert_eq!(error.outcome(), OutcomeKind::Waiting);
    assert_eq!(site.asked().len(), 1);
}

#[tokio::test]
async fn a_503_without_a_wish_is_the_trouble_of_one_page() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/a" => Reply::status(503),
        _ => Reply::ok("text/html", "page"),
    });
    let fetcher = fetcher();
    fetcher.fetch(&request(site.url("/a"))).await.unwrap_err();
    assert_eq!(
        fetcher
            .fetch(&request(site.url("/b")))
            .await
            .unwrap()
            .status,
        200
    );
}

#[tokio::test]
async fn a_wish_for_no_time_at_all_keeps_nobody_waiting() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/a" => Reply::status(429).header("Retry-After", "0"),
        _ => Reply::ok("text/html", "page"),
    });
    let fetcher = fetcher();
    fetcher.fetch(&request(site.url("/a"))).await.unwrap_err();
    assert_eq!(
        fetcher
            .fetch(&request(site.url("/b")))
            .await
            .unwrap()
            .status,
        200
    );
}

#[tokio::test]
async fn a_wish_of_one_host_keeps_no_other_waiting() {
    let site = Site::always(Reply::status(429).header("Retry-After", "120"));
    let other = Site::open_at("127.0.0.2", |_| Reply::ok("text/html", "page"));
    let fetcher = fetcher();
    fetcher.fetch(&request(site.url("/"))).await.unwrap_err();
    assert_eq!(
        fetcher
            .fetch(&request(other.url("/")))
            .await
            .unwrap()
            .status,
        200
    );
}

#[test]
fn a_storm_of_429_is_one_request() {
    let site = Site::always(Reply::status(429).header("Retry-After", "3600"));
    let agg = Agg::new();
    let source = |n: u32| {
        format!(
            "[[source]]\nkind = \"feed\"\nurl = \"{}\"\n",
            site.url(&format!("/{n}"))
        )
    };
    let sources: String = (0..20).map(source).collect();
    agg.configure(&format!("{sources}[fetch]\nspacing = \"0s\"\n"));
    let run = agg.run("fetch --format json");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let kinds: Vec<&str> = report["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "failed").count(),
        1,
        "{kinds:?}"
    );
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "waiting").count(),
        19,
        "{kinds:?}"
    );
    agg.run("fetch --force");
    assert_eq!(site.asked().len(), 1, "nobody is forced to answer");
}

#[tokio::test]
async fn after_a_redirect_it_is_the_host_that_answers_that_is_left_alone() {
    let busy = Site::open_at("127.0.0.2", |asked| match asked.path.as_str() {
        "/moved" => Reply::status(429).header("Retry-After", "7200"),
        _ => feed(),
    });
    let there = busy.url("/moved").to_string();
    let site = Site::open(move |asked| match asked.path.as_str() {
        "/moved" => Reply::redirect(302, &there),
        _ => feed(),
    });
    let source = |url: Url| format!("[[source]]\nkind = \"feed\"\nurl = \"{url}\"\n");
    let sources = [site.url("/moved"), site.url("/well"), busy.url("/other")];
    let reader = Reader::with(&sources.map(source).concat());
    reader.runs().await;
    reader.wait(TimeDelta::hours(1));
    let report = reader.runs().await;
    let kinds: Vec<&str> = (report.outcomes.iter())
        .map(|outcome| outcome.kind.as_str())
        .collect();
    assert_eq!(kinds, ["waiting", "unchanged", "waiting"]);
}

#[tokio::test]
async fn a_wish_that_an_article_page_states_is_heard() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/log" => index(),
        _ => Reply::status(429).header("Retry-After", "7200"),
    });
    let reader = Reader::of(&site.url("/log"), "kind = \"page\"");
    assert_eq!(reader.fetches().await.new, 4);
    reader.wait(TimeDelta::hours(1));
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Waiting);
    assert_eq!(paths(&site), ["/log", "/post/4"]);
}

#[test]
fn what_a_server_wished_is_not_forgotten_by_a_run_that_is_interrupted() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/busy" => Reply::status(429).header("Retry-After", "7200"),
        _ => Reply::status(404),
    });
    let slow = Site::open_at("127.0.0.2", |_| {
        Reply::ok("text/html", "<p>").length(Some(9)).stalls()
    });
    let agg = Agg::new();
    let source = |url: Url| format!("[[source]]\nkind = \"feed\"\nurl = \"{url}\"\n");
    // what was asked before the wish came is another failure
    let sources = [site.url("/missing"), site.url("/busy"), slow.url("/")].map(source);
    agg.configure(&format!("{}[fetch]\nspacing = \"0s\"\n", sources.concat()));
    let run = Running::start(agg.args(["fetch"]).into_command());
    let states = || -> serde_json::Value {
        serde_json::from_str(&agg.run("status --format json").stdout).unwrap_or_default()
    };
    until("the wish is known while the run goes on", || {
        states()[1]["due"]["why"] == "retry_after"
    });
    assert_eq!(
        states()[0]["error"].as_str().map(|it| it.contains("404")),
        Some(true)
    );
    run.signal("INT");
    assert_eq!(run.end().0, 130);
    let before = site.asked().len();
    agg.args(["fetch", "--force", "127.0.0.1-busy"]).run();
    assert_eq!(site.asked().len(), before);
}
