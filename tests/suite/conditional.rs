//! Asking conditionally, from one run to the next (RFC 9110 §13): what is remembered of an answer, and what is sent back.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::program::Agg;
use crate::site::{Reply, Site};

/// A feed with posts of these numbers.
fn feed(posts: std::ops::Range<u32>) -> Reply {
    let posts: Vec<String> = posts
        .map(|n| {
            format!(
                "<item><title>Post {n}</title><link>https://lamp.example/{n}</link><pubDate>{n} Mar 2026 08:00 GMT</pubDate></item>"
            )
        })
        .collect();
    let posts = posts.concat();
    Reply::ok(
        "application/rss+xml",
        format!("<rss version=\"2.0\"><channel><title>Lamps</title>{posts}</channel></rss>"),
    )
}

/// A reader of one feed that changes.
struct Reader {
    agg: Agg,
    site: Site,
    shown: Arc<Mutex<Reply>>,
}

/// What a request sent back: `If-None-Match` and `If-Modified-Since`.
type Sent = (Option<Vec<u8>>, Option<Vec<u8>>);

impl Reader {
    fn of(shown: Reply) -> Self {
        let shown = Arc::new(Mutex::new(shown));
        let reply = Arc::clone(&shown);
        let site = Site::open(move |_| reply.lock().unwrap().clone());
        let reader = Self {
            agg: Agg::new(),
            site,
            shown,
        };
        reader.configure("");
        reader
    }

    fn configure(&self, keys: &str) {
        self.agg.configure(&format!(
            "[fetch]\nspacing = \"0s\"\n[[source]]\nid = \"lamp\"\nurl = \"{}\"\n{keys}\n",
            self.site.url("/feed")
        ));
    }

    fn shows(&self, reply: Reply) {
        *self.shown.lock().unwrap() = reply;
    }

    /// The outcome of a run.
    fn fetches(&self) -> Value {
        let run = self.agg.run("fetch --force --format json");
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        report["outcomes"][0].clone()
    }

    /// The kind of the outcome of a run, and what the request sent back.
    fn sends(&self) -> (String, Sent) {
        let kind = self.fetches()["kind"].as_str().unwrap().to_owned();
        let asked = self.site.asked().pop().unwrap();
        let sent = |name| asked.header(name).map(<[u8]>::to_vec);
        (kind, (sent("If-None-Match"), sent("If-Modified-Since")))
    }

    fn posts(&self) -> usize {
        let listed = self.agg.run("list --format json").stdout;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        listed.as_array().unwrap().len()
    }
}

/// What is sent back of these.
fn sent(etag: impl AsRef<[u8]>, date: &str) -> Sent {
    let some = |value: &[u8]| Some(value.to_vec()).filter(|value| !value.is_empty());
    (some(etag.as_ref()), some(date.as_bytes()))
}

fn tagged(reply: Reply, etag: &str, date: &str) -> Reply {
    reply.header("ETag", etag).header("Last-Modified", date)
}

#[test]
fn the_first_request_sends_nothing_back() {
    let reader = Reader::of(feed(1..4));
    assert_eq!(reader.sends(), ("read".to_owned(), (None, None)));
    assert_eq!(reader.sends().1, (None, None), "nothing was given");
}

#[test]
fn both_validators_of_a_200_are_sent_back_byte_for_byte() {
    for (etag, date) in [
        (&b"\"strong\""[..], "Sun, 01 Mar 2026 08:00:00 GMT"),
        (b"W/\"weak\"", "Sunday, 01-Mar-26 08:00:00 GMT"),
        (b"unquoted", "2026-03-01 08:00"),
        (b"\"\xff\xe9 two words\"", "0"),
        (b"", "Sun, 01 Mar 2026 08:00:00 GMT"),
        (b"\"only\"", ""),
    ] {
        let reader = Reader::of(
            feed(1..4)
                .header("ETag", etag)
                .header("Last-Modified", date),
        );
        reader.fetches();
        reader.shows(Reply::status(304));
        assert_eq!(reader.sends(), ("unchanged".to_owned(), sent(etag, date)));
        assert_eq!(reader.sends().1, sent(etag, date), "a bare 304 keeps them");
    }
}

#[test]
fn a_304_with_other_validators_rotates_them() {
    let reader = Reader::of(tagged(feed(1..4), "\"1\"", "then"));
    reader.fetches();
    reader.shows(Reply::status(304).header("ETag", "\"2\""));
    assert_eq!(reader.sends().1, sent("\"1\"", "then"));
    assert_eq!(reader.sends().1, sent("\"2\"", "then"));
    reader.shows(Reply::status(304).header("Last-Modified", "later"));
    reader.fetches();
    assert_eq!(reader.sends().1, sent("\"2\"", "later"));
}

#[test]
fn a_200_with_the_same_body_is_unchanged_and_its_new_validators_are_kept() {
    let reader = Reader::of(tagged(feed(1..4), "\"1\"", "then"));
    reader.fetches();
    reader.shows(tagged(feed(1..4), "\"2\"", "now"));
    let outcome = reader.fetches();
    assert_eq!(outcome["kind"], "unchanged");
    assert_eq!(outcome["status"], 200);
    assert_eq!(reader.sends().1, sent("\"2\"", "now"));
    // and one that gives none has none
    reader.shows(feed(1..4));
    reader.fetches();
    assert_eq!(reader.sends(), ("unchanged".to_owned(), (None, None)));
}

#[test]
fn a_200_with_another_body_replaces_the_validators_whole() {
    let reader = Reader::of(tagged(feed(1..4), "\"1\"", "then"));
    reader.fetches();
    reader.shows(feed(1..6).header("ETag", "\"2\""));
    assert_eq!(reader.fetches()["new"], 2);
    assert_eq!(
        reader.sends().1,
        sent("\"2\"", ""),
        "the old date is not that of the new body"
    );
}

#[test]
fn an_empty_200_is_a_failure_that_replaces_nothing() {
    for empty in ["", " \r\n\t\n"] {
        let reader = Reader::of(tagged(feed(1..4), "\"1\"", "then"));
        reader.fetches();
        let published = reader.agg.read("public/atom.xml");
        reader.shows(tagged(
            Reply::ok("application/rss+xml", empty),
            "\"2\"",
            "now",
        ));
        let outcome = reader.fetches();
        assert_eq!(outcome["kind"], "failed");
        assert!(
            outcome["error"].as_str().unwrap().contains("empty body"),
            "{outcome}"
        );
        assert_eq!(reader.posts(), 3);
        assert_eq!(reader.agg.read("public/atom.xml"), published);
        // the validators are still those of what we have, so that a 304 means that
        reader.shows(Reply::status(304));
        assert_eq!(
            reader.sends(),
            ("unchanged".to_owned(), sent("\"1\"", "then"))
        );
    }
}

#[test]
fn the_validators_of_what_could_not_be_read_are_not_those_of_what_we_have() {
    let reader = Reader::of(tagged(feed(1..4), "\"1\"", "then"));
    reader.fetches();
    let broken = Reply::ok("application/rss+xml", "Error 1040: too many connections");
    reader.shows(tagged(broken, "\"2\"", "now"));
    assert_eq!(reader.fetches()["kind"], "failed");
    assert_eq!(reader.sends().1, sent("\"1\"", "then"));
}

#[test]
fn a_failure_keeps_the_validators() {
    for failure in [
        Reply::status(500),
        Reply::status(404).header("ETag", "\"404\""),
    ] {
        let reader = Reader::of(tagged(feed(1..4), "\"1\"", "then"));
        reader.fetches();
        reader.shows(failure);
        assert_eq!(reader.fetches()["kind"], "failed");
        assert_eq!(reader.sends().1, sent("\"1\"", "then"));
    }
}

#[test]
fn a_source_that_is_read_in_another_way_is_asked_for_its_whole_document() {
    for keys in [
        "tags = [\"sea\"]",
        "kind = \"feed\"",
        "[source.select]\nitem = \"item\"",
    ] {
        let reader = Reader::of(tagged(feed(1..4), "\"1\"", "then"));
        reader.fetches();
        reader.configure(keys);
        assert_eq!(
            reader.sends(),
            ("read".to_owned(), (None, None)),
            "{keys}: the body is the same, and read all the same"
        );
    }
}

#[test]
fn a_feed_that_was_cut_off_is_asked_for_whole_until_it_is() {
    let whole = tagged(feed(1..5), "\"1\"", "then");
    let rss = "<rss version=\"2.0\"><channel><title>Lamps</title><item><title>Post 1</title>\
        <link>https://lamp.example/1</link></item><item><title>Po";
    let half = tagged(
        Reply::ok("application/rss+xml", rss).length(None),
        "\"1\"",
        "then",
    );
    let reader = Reader::of(half);
    reader.fetches();
    assert_eq!(
        reader.sends().1,
        (None, None),
        "half of it has no validators"
    );
    reader.shows(whole);
    reader.fetches();
    assert_eq!(reader.posts(), 4);
    assert_eq!(reader.sends().1, sent("\"1\"", "then"));
}

#[test]
fn what_changes_nothing_of_the_reading_keeps_the_validators() {
    let reader = Reader::of(tagged(feed(1..4), "\"1\"", "then"));
    reader.fetches();
    reader.configure("title = \"Other lamps\"\ninterval = \"2h\"");
    assert_eq!(reader.sends().1, sent("\"1\"", "then"));
}

#[test]
fn a_304_to_a_request_without_validators_is_a_failure() {
    let reader = Reader::of(Reply::status(304));
    let outcome = reader.fetches();
    assert_eq!(outcome["kind"], "failed");
    assert!(
        outcome["error"].as_str().unwrap().contains("304"),
        "{outcome}"
    );
}
