//! What a server says of a document's version goes back to it, and nothing else does.

use std::sync::{Arc, Mutex};

use agg::model::OutcomeKind;
use chrono::TimeDelta;

use super::reader::{Reader, feed};
use super::*;

/// A feed whose answers a test lays out, the last one first; and its reader.
fn answering(replies: Vec<Reply>) -> (Site, Reader) {
    let replies = Arc::new(Mutex::new(replies));
    let site = Site::open(move |_| replies.lock().unwrap().pop().unwrap());
    let reader = Reader::of(&site.url("/feed"), "kind = \"feed\"");
    (site, reader)
}

/// The `If-None-Match` and `If-Modified-Since` of the last request.
fn sent(site: &Site) -> [Option<String>; 2] {
    let asked = site.asked().pop().unwrap();
    ["if-none-match", "if-modified-since"].map(|name| {
        asked
            .header(name)
            .map(|value| value.iter().copied().map(char::from).collect())
    })
}

fn tagged(etag: &str) -> [Option<String>; 2] {
    [Some(etag.to_owned()), None]
}

#[tokio::test]
async fn a_tag_of_any_form_goes_back_as_it_came() {
    for etag in [
        "\"1\"",
        "W/\"1\"",
        "w/\"1\"",
        "bare",
        "\"\"",
        "\"a\", \"b\"",
        "\"-gzip\"",
        "W/ \"odd\"",
    ] {
        let (site, reader) = answering(vec![Reply::status(304), feed().header("ETag", etag)]);
        reader.fetches().await;
        assert_eq!(sent(&site), [None, None]);
        assert_eq!(reader.fetches().await.kind, OutcomeKind::Unchanged);
        assert_eq!(sent(&site), tagged(etag));
    }
}

#[tokio::test]
async fn a_tag_beyond_ascii_goes_back_byte_for_byte() {
    let (site, reader) = answering(vec![
        Reply::status(304),
        feed().header("ETag", b"\"\xe9\xff\""),
    ]);
    reader.fetches().await;
    reader.fetches().await;
    assert_eq!(
        site.asked()[1].header("if-none-match"),
        Some(&b"\"\xe9\xff\""[..])
    );
}

#[tokio::test]
async fn a_date_alone_goes_back_as_it_came() {
    let date = "Sun, 1 March 2026 9:00:00 +0100";
    let (site, reader) = answering(vec![
        Reply::status(304),
        feed().header("Last-Modified", date),
    ]);
    reader.fetches().await;
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Unchanged);
    assert_eq!(sent(&site), [None, Some(date.to_owned())]);
}

#[tokio::test]
async fn a_304_without_a_tag_keeps_the_one_that_was_sent() {
    let (site, reader) = answering(vec![
        Reply::status(304),
        Reply::status(304),
        feed().header("ETag", "\"1\""),
    ]);
    for _ in 0..3 {
        reader.fetches().await;
    }
    assert_eq!(sent(&site), tagged("\"1\""));
}

#[tokio::test]
async fn a_tag_that_a_304_renews_is_the_one_that_goes_back() {
    let renewed = Reply::status(304).header("ETag", "\"2\"");
    let (site, reader) = answering(vec![
        Reply::status(304),
        renewed,
        feed().header("ETag", "\"1\""),
    ]);
    for _ in 0..3 {
        reader.fetches().await;
    }
    assert_eq!(sent(&site), tagged("\"2\""));
}

#[tokio::test]
async fn the_same_document_with_a_new_tag_is_unchanged_and_its_tag_goes_back() {
    let (site, reader) = answering(vec![
        Reply::status(304),
        feed().header("ETag", "\"2\""),
        feed().header("ETag", "\"1\""),
    ]);
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Read);
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Unchanged);
    reader.fetches().await;
    assert_eq!(sent(&site), tagged("\"2\""));
}

#[tokio::test]
async fn a_document_that_is_no_longer_tagged_is_asked_for_whole() {
    let (site, reader) = answering(vec![feed(), feed(), feed().header("ETag", "\"1\"")]);
    for _ in 0..3 {
        reader.fetches().await;
    }
    assert_eq!(sent(&site), [None, None]);
}

#[tokio::test]
async fn trouble_and_emptiness_change_nothing_that_is_known() {
    for trouble in [
        Reply::status(500).header("ETag", "\"sorry\""),
        Reply::status(200).header("ETag", "\"empty\""),
        Reply::ok("text/html", "<h1>We are closed</h1>").header("ETag", "\"closed\""),
    ] {
        let (site, reader) = answering(vec![
            Reply::status(304),
            trouble,
            feed().header("ETag", "\"1\""),
        ]);
        assert_eq!(reader.fetches().await.new, 1);
        assert_eq!(reader.fetches().await.kind, OutcomeKind::Failed);
        reader.wait(TimeDelta::days(1));
        let outcome = reader.fetches().await;
        assert_eq!((outcome.kind, outcome.known), (OutcomeKind::Unchanged, 1));
        assert_eq!(sent(&site), tagged("\"1\""));
    }
}

#[tokio::test]
async fn another_way_of_reading_asks_for_the_whole_document() {
    let (site, reader) = answering(vec![feed(), feed().header("ETag", "\"1\"")]);
    reader.fetches().await;
    let tags = "kind = \"feed\"\ntags = [\"sea\"]";
    let file = format!(
        "[[source]]\nid = \"log\"\nurl = \"{}\"\n{tags}\n",
        site.url("/feed")
    );
    reader.agg.configure(&file);
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Read);
    assert_eq!(sent(&site), [None, None]);
}
