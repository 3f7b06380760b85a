//! Retry-After: who is left alone, and for how long.

use agg::fetch::{LONGEST_WISH, RetryAfter};
use agg::model::OutcomeKind;

use super::*;
use crate::program::Agg;

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
