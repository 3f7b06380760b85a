//! What robots.txt keeps us from, and what it does not.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use agg::model::{Outcome, OutcomeKind};
use chrono::TimeDelta;

use super::reader::{Reader, feed, index, paths};
use super::*;

const KEEP_OUT: &str = "User-agent: *\n# not for machines\nDisallow: /log\n";

fn robots(text: impl AsRef<[u8]>) -> Reply {
    Reply::ok("text/plain", text)
}

/// A site with this robots.txt and an index page everywhere else.
fn ruled(text: &'static str) -> Site {
    Site::with_robots(move |asked| match asked.path.as_str() {
        "/robots.txt" => robots(text),
        _ => index(),
    })
}

const PAGE: &str = "kind = \"page\"\nenrich = false";

#[tokio::test]
async fn a_page_that_robots_disallows_is_not_asked_for_and_says_which_line() {
    let site = ruled(KEEP_OUT);
    let outcome = Reader::of(&site.url("/log"), PAGE).fetches().await;
    assert_eq!(outcome.kind, OutcomeKind::Failed);
    let told = format!(
        "{} line 3 says `Disallow: /log`, which keeps agg from",
        site.url("/robots.txt")
    );
    assert!(
        outcome.error.as_ref().unwrap().starts_with(&told),
        "{outcome:?}"
    );
    assert!(outcome.help.unwrap().contains("`robots = false`"));
    assert_eq!(paths(&site), ["/robots.txt"]);
}

#[tokio::test]
async fn what_robots_keeps_us_from_stands_in_the_status() {
    let site = ruled(KEEP_OUT);
    let reader = Reader::of(&site.url("/log"), PAGE);
    reader.fetches().await;
    let run = reader.agg.run("status");
    assert!(run.stdout.contains("`Disallow: /log`"), "{}", run.stdout);
    assert!(run.stderr.contains("look for a feed"), "{}", run.stderr);
}

#[tokio::test]
async fn a_page_that_robots_allows_is_read() {
    let site = ruled("User-agent: *\nDisallow: /\n\nUser-agent: agg\nAllow: /log\nDisallow: /\n");
    let outcome = Reader::of(&site.url("/log"), PAGE).fetches().await;
    assert_eq!(
        (outcome.kind, outcome.new),
        (OutcomeKind::Read, 4),
        "{outcome:?}"
    );
    assert_eq!(paths(&site), ["/robots.txt", "/log"]);
    assert!(
        site.asked()[0]
            .header("accept")
            .unwrap()
            .starts_with(b"text/plain")
    );
}

#[tokio::test]
async fn a_feed_is_read_whatever_robots_says() {
    for kind in ["auto", "feed"] {
        let site = Site::with_robots(|asked| match asked.path.as_str() {
            "/robots.txt" => robots("User-agent: *\nDisallow: /\n"),
            _ => feed(),
        });
        let reader = Reader::of(&site.url("/feed"), &format!("kind = \"{kind}\""));
        assert_eq!(reader.fetches().await.new, 1);
        assert_eq!(paths(&site), ["/feed"], "{kind}");
    }
}

#[tokio::test]
async fn what_turns_out_to_be_a_page_that_may_not_be_read_is_asked_for_once() {
    let site = ruled(KEEP_OUT);
    let reader = Reader::of(&site.url("/log"), "enrich = false");
    for _ in 0..2 {
        let outcome = reader.fetches().await;
        assert_eq!((outcome.kind, outcome.new), (OutcomeKind::Failed, 0));
        assert!(outcome.error.unwrap().contains("Disallow: /log"));
        reader.wait(TimeDelta::hours(1));
    }
    assert_eq!(paths(&site), ["/log", "/robots.txt"]);
}

#[tokio::test]
async fn a_notice_in_the_place_of_a_feed_makes_no_page_of_it() {
    let notice =
        "<html><body><h1>Briefly unavailable</h1><p>Check back in a minute.</p></body></html>";
    // a list of posts, but not of those of the feed
    for other in [Reply::ok("text/html", notice), index()] {
        let shown = Arc::new(Mutex::new(feed()));
        let replies = Arc::clone(&shown);
        let site = Site::with_robots(move |asked| match asked.path.as_str() {
            "/robots.txt" => robots("User-agent: *\nDisallow: /feed\n"),
            _ => replies.lock().unwrap().clone(),
        });
        let reader = Reader::of(&site.url("/feed"), "enrich = false");
        assert_eq!(reader.fetches().await.new, 1);
        let published = reader.agg.read("public/atom.xml");

        *shown.lock().unwrap() = other;
        reader.wait(TimeDelta::hours(1));
        let outcome = reader.fetches().await;
        assert_eq!((outcome.kind, outcome.new), (OutcomeKind::Failed, 0));
        let told = outcome.error.as_ref().unwrap();
        assert!(
            told.contains("was a feed, and is an HTML page now"),
            "{told}"
        );
        assert_eq!(reader.agg.read("public/atom.xml"), published);

        let two = "<item><title>Next</title><link>https://blog.example/b</link></item></channel>";
        let rss = Reply::ok("application/rss+xml", FEED.replace("</channel>", two));
        *shown.lock().unwrap() = rss;
        reader.wait(TimeDelta::hours(1));
        let outcome = reader.fetches().await;
        assert_eq!(outcome.kind, OutcomeKind::Read, "{outcome:?}");
        assert!(outcome.new > 0);
        assert!(!paths(&site).contains(&"/robots.txt".to_owned()));
        let status = reader.agg.run("status --format json").stdout;
        assert!(
            !status.contains("redesigned") && !status.contains("broken"),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_page_in_the_place_of_a_feed_is_taken_if_it_shows_its_posts() {
    let item = |n: u32| {
        format!(
            "<item><title>A post about the harbour, number {n}</title><link>/post/{n}</link></item>"
        )
    };
    let items: String = (1..=4).rev().map(item).collect();
    let rss = format!("<rss version=\"2.0\"><channel><title>Log</title>{items}</channel></rss>");
    let replies = Mutex::new(vec![index(), Reply::ok("application/rss+xml", rss)]);
    let site = Site::open(move |_| replies.lock().unwrap().pop().unwrap());
    let reader = Reader::of(&site.url("/log"), "enrich = false");
    assert_eq!(reader.fetches().await.new, 4);
    reader.wait(TimeDelta::hours(1));
    let outcome = reader.fetches().await;
    assert_eq!((outcome.new, outcome.known), (0, 4), "{outcome:?}");
}

#[tokio::test]
async fn the_owner_of_a_source_may_do_without_robots() {
    let site = ruled(KEEP_OUT);
    let reader = Reader::of(&site.url("/log"), &format!("{PAGE}\nrobots = false"));
    assert_eq!(reader.fetches().await.new, 4);
    assert_eq!(paths(&site), ["/log"]);
}

#[tokio::test]
async fn a_site_without_robots_allows_everything() {
    for status in [400, 401, 403, 404, 410] {
        let site = Site::with_robots(move |asked| match asked.path.as_str() {
            "/robots.txt" => Reply::status(status),
            _ => index(),
        });
        let outcome = Reader::of(&site.url("/log"), PAGE).fetches().await;
        assert_eq!(outcome.new, 4, "{status}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_page_in_the_place_of_robots_forbids_nothing() {
    let site = Site::with_robots(|_| index());
    assert_eq!(Reader::of(&site.url("/log"), PAGE).fetches().await.new, 4);
    let site = ruled("");
    assert_eq!(
        Reader::of(&site.url("/log"), PAGE).fetches().await.new,
        4,
        "an empty file"
    );
}

#[tokio::test]
async fn a_site_whose_robots_is_in_trouble_is_left_alone_for_now() {
    for trouble in [
        Reply::status(500),
        Reply::status(503),
        robots("User-agent").length(Some(1_000)),
        Reply::raw("220 mail.example ESMTP ready\r\n"),
    ] {
        let site = Site::with_robots(move |asked| match asked.path.as_str() {
            "/robots.txt" => trouble.clone(),
            _ => index(),
        });
        let outcome = Reader::of(&site.url("/log"), PAGE).fetches().await;
        assert_eq!(outcome.kind, OutcomeKind::Failed);
        let error = outcome.error.unwrap();
        let told = format!(
            "{} cannot be had, and without it no page there is asked for: ",
            site.url("/robots.txt")
        );
        assert!(error.starts_with(&told), "{error}");
        assert!(!paths(&site).contains(&"/log".to_owned()));
    }
}

#[tokio::test]
async fn a_wish_to_be_left_alone_counts_for_robots_too() {
    let site = Site::with_robots(|_| Reply::status(429).header("Retry-After", "7200"));
    let reader = Reader::of(&site.url("/log"), PAGE);
    reader.fetches().await;
    reader.wait(TimeDelta::hours(1));
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Waiting);
    assert_eq!(paths(&site), ["/robots.txt"]);
}

#[tokio::test]
async fn a_wish_that_comes_late_in_a_run_counts_from_when_it_came() {
    let site = Site::with_robots(|asked| match asked.path.as_str() {
        "/robots.txt" => {
            std::thread::sleep(Duration::from_millis(2_200));
            Reply::status(429).header("Retry-After", "7200")
        }
        _ => index(),
    });
    // what it is, a page, is known only when it is there
    let reader = Reader::of(&site.url("/log"), "enrich = false");
    reader.fetches().await;
    reader.wait(TimeDelta::hours(2) + TimeDelta::seconds(1));
    assert_eq!(
        reader.fetches().await.kind,
        OutcomeKind::Waiting,
        "a second too early"
    );
    reader.wait(TimeDelta::minutes(1));
    reader.fetches().await;
    assert_eq!(paths(&site), ["/log", "/robots.txt", "/robots.txt"]);
}

#[tokio::test]
async fn robots_that_is_away_for_thirty_days_counts_as_missing() {
    let site = Site::with_robots(|asked| match asked.path.as_str() {
        "/robots.txt" => Reply::status(500),
        _ => index(),
    });
    let reader = Reader::of(&site.url("/log"), PAGE);
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Failed);
    reader.wait(TimeDelta::days(29));
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Failed);
    reader.wait(TimeDelta::days(1));
    assert_eq!(reader.fetches().await.new, 4);
}

#[tokio::test]
async fn a_copy_counts_while_robots_is_in_trouble() {
    let replies = Arc::new(Mutex::new(vec![
        Reply::status(500),
        robots("User-agent: *\nAllow: /\n"),
    ]));
    let site = Site::with_robots(move |asked| match asked.path.as_str() {
        "/robots.txt" => replies.lock().unwrap().pop().unwrap(),
        _ => index(),
    });
    let reader = Reader::of(&site.url("/log"), PAGE);
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Read);
    reader.wait(TimeDelta::hours(25));
    assert_eq!(reader.fetches().await.kind, OutcomeKind::Unchanged);
    assert_eq!(paths(&site), ["/robots.txt", "/log", "/robots.txt", "/log"]);
}

#[tokio::test]
async fn robots_is_asked_for_once_a_day_and_conditionally() {
    let site = Site::with_robots(|asked| match asked.path.as_str() {
        "/robots.txt" if asked.header("if-none-match") == Some(b"\"r1\"") => Reply::status(304),
        "/robots.txt" => robots(KEEP_OUT).header("ETag", "\"r1\""),
        _ => index(),
    });
    let reader = Reader::of(&site.url("/log"), PAGE);
    let told = |outcome: &Outcome| outcome.error.as_ref().unwrap().contains("line 3");
    assert!(told(&reader.fetches().await));
    reader.wait(TimeDelta::hours(23));
    assert!(told(&reader.fetches().await));
    assert_eq!(site.asked().len(), 1, "what it said holds for a day");
    reader.wait(TimeDelta::hours(1));
    assert!(told(&reader.fetches().await), "304: it still says so");
    assert_eq!(site.asked().len(), 2);
    reader.wait(TimeDelta::hours(23));
    assert!(told(&reader.fetches().await));
    assert_eq!(site.asked().len(), 2, "and that holds for a day again");
}

#[tokio::test]
async fn all_pages_of_a_site_share_one_robots() {
    let site = ruled("User-agent: *\nDisallow: /b\n");
    let source = |name: &str| format!("[[source]]\nurl = \"{}\"\n{PAGE}\n", site.url(name));
    let reader = Reader::with(&["/a", "/b", "/c"].map(source).concat());
    let kinds: Vec<OutcomeKind> = reader
        .runs()
        .await
        .outcomes
        .iter()
        .map(|o| o.kind)
        .collect();
    let (read, failed) = (OutcomeKind::Read, OutcomeKind::Failed);
    assert_eq!(kinds, [read, failed, read]);
    assert_eq!(paths(&site), ["/robots.txt", "/a", "/c"]);
}

#[tokio::test]
async fn robots_may_be_elsewhere_and_counts_for_the_site_that_was_asked() {
    let other = ruled(KEEP_OUT);
    let there = other.url("/robots.txt").to_string();
    let site = Site::with_robots(move |asked| match asked.path.as_str() {
        "/robots.txt" => Reply::redirect(301, &there),
        _ => index(),
    });
    let outcome = Reader::of(&site.url("/log"), PAGE).fetches().await;
    assert!(
        outcome
            .error
            .unwrap()
            .starts_with(site.url("/robots.txt").as_str())
    );
    assert_eq!(
        (paths(&site), paths(&other)),
        (
            vec!["/robots.txt".to_owned()],
            vec!["/robots.txt".to_owned()]
        )
    );
}

#[tokio::test]
async fn robots_that_leads_on_and_on_is_none() {
    let site = Site::with_robots(|asked| match asked.path.as_str() {
        "/log" => index(),
        path => Reply::redirect(302, &format!("{path}x")),
    });
    assert_eq!(Reader::of(&site.url("/log"), PAGE).fetches().await.new, 4);
    assert_eq!(site.asked().len(), 1 + 5 + 1, "five redirects are followed");
}

#[tokio::test]
async fn a_redirect_to_a_page_that_may_not_be_read_is_not_followed() {
    let site = Site::with_robots(|asked| match asked.path.as_str() {
        "/robots.txt" => robots(KEEP_OUT),
        "/blog" => Reply::redirect(301, "/log"),
        _ => index(),
    });
    let outcome = Reader::of(&site.url("/blog"), PAGE).fetches().await;
    assert!(outcome.error.unwrap().contains("Disallow: /log"));
    assert_eq!(paths(&site), ["/robots.txt", "/blog"]);
}

#[tokio::test]
async fn article_pages_that_may_not_be_read_are_not_asked_for() {
    let site = ruled("User-agent: *\nDisallow: /post/\n");
    let outcome = Reader::of(&site.url("/log"), "kind = \"page\"")
        .fetches()
        .await;
    assert_eq!((outcome.kind, outcome.new), (OutcomeKind::Read, 4));
    let warning = outcome.warnings.concat();
    assert!(
        warning.contains("4 of 4 article pages") && warning.contains("line 2"),
        "{warning}"
    );
    assert_eq!(paths(&site), ["/robots.txt", "/log"]);
}

#[tokio::test]
async fn older_pages_that_may_not_be_read_are_not_asked_for() {
    let older = "<nav><a rel=next href=\"/log?page=2\">Older posts</a></nav>";
    let site = Site::with_robots(move |asked| match asked.path.as_str() {
        "/robots.txt" => robots("User-agent: *\nDisallow: /*?page=\n"),
        "/log" => index().add(older),
        _ => Reply::status(500),
    });
    let outcome = Reader::of(&site.url("/log"), &format!("{PAGE}\npages = 3"))
        .fetches()
        .await;
    assert_eq!((outcome.kind, outcome.new), (OutcomeKind::Read, 4));
    assert!(
        outcome.warnings.concat().contains("Disallow: /*?page="),
        "{outcome:?}"
    );
    assert_eq!(paths(&site), ["/robots.txt", "/log"]);
}

#[tokio::test]
async fn a_crawl_delay_is_the_pause_between_two_requests() {
    let site = ruled("User-agent: *\nCrawl-delay: 0.15\n");
    let source = |name: &str| format!("[[source]]\nurl = \"{}\"\n{PAGE}\n", site.url(name));
    let reader = Reader::with(&["/a", "/b"].map(source).concat());
    let begun = Instant::now();
    reader.runs().await;
    assert_eq!(site.asked().len(), 3);
    let taken = begun.elapsed();
    assert!(taken >= Duration::from_millis(2 * 150), "{taken:?}");
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_is_not_a_matter_of_robots() {
    let site = ruled(KEEP_OUT);
    let url = site.url("/log");
    drop(site);
    let outcome = Reader::of(&url, PAGE).fetches().await;
    assert!(
        outcome
            .error
            .as_ref()
            .unwrap()
            .starts_with("no connection to"),
        "{outcome:?}"
    );
}

#[test]
fn a_preview_warns_that_a_page_may_not_be_read() {
    let site = ruled(KEEP_OUT);
    let reader = Reader::of(&site.url("/log"), PAGE);
    let run = reader
        .agg
        .args(["preview", "log", "--format", "json"])
        .run();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout
            .contains("`agg fetch` would take nothing from it"),
        "{}",
        run.stdout
    );
}

#[test]
fn robots_is_neither_recorded_nor_replayed() {
    let site = ruled("User-agent: *\nAllow: /\n");
    let reader = Reader::of(&site.url("/log"), PAGE);
    assert_eq!(reader.agg.run("fetch --record web").code, 0);
    let host = reader
        .agg
        .path("web")
        .read_dir()
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let files: Vec<_> = std::fs::read_dir(host.path()).unwrap().flatten().collect();
    assert_eq!(files.len(), 1, "{files:?}");
    drop(site);
    let run = reader.agg.run("fetch --replay web");
    assert_eq!(run.code, 0, "{}", run.stderr);
}
