//! The older pages of a list: how far they are followed, the first time and later.

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{Agg, Run};
use crate::site::{Reply, Site};

const FIRST: &str = "/log";
const SECOND: &str = "/log/page/2";
const THIRD: &str = "/log/page/3";

/// A page of the list: the posts of these numbers, newest (highest) first, and then a link.
fn page(posts: RangeInclusive<u32>, link: &str) -> Reply {
    list(posts.rev(), link)
}

fn list(posts: impl Iterator<Item = u32>, link: &str) -> Reply {
    let items: Vec<String> = posts
        .map(|n| {
            let (month, day) = (1 + n / 28, 1 + n % 28);
            format!(
                "<li class=p><h2><a href=/log/night-{n}>What the watch of night {n} saw</a></h2>\
                 <time datetime=2025-{month:02}-{day:02}>2025-{month:02}-{day:02}</time>\
                 <p>Wind and ships of the night with the number {n}, as they were told.</p></li>"
            )
        })
        .collect();
    let html = format!(
        "<!doctype html><html lang=en><head><title>The watch</title></head><body><nav><a href=/>Home</a> \
         <a href=/about>About</a></nav><main><h1>The watch</h1><ul>{}</ul>{link}</main></body></html>",
        items.concat()
    );
    Reply::ok("text/html; charset=utf-8", html)
}

fn older(to: &str) -> String {
    format!("<p><a href='{to}'>Older posts</a></p>")
}

/// A site whose pages can be changed, and a reader that is to follow up to `pages` of them.
struct Watch {
    agg: Agg,
    site: Site,
    shown: Arc<Mutex<BTreeMap<&'static str, Reply>>>,
    seen: usize,
}

impl Watch {
    fn new(pages: u32) -> Self {
        let shown: Arc<Mutex<BTreeMap<&'static str, Reply>>> = Arc::default();
        let answers = Arc::clone(&shown);
        let site = Site::open(move |asked| {
            let shown = answers.lock().unwrap();
            shown
                .get(asked.path.as_str())
                .cloned()
                .unwrap_or_else(|| Reply::status(404))
        });
        let watch = Self {
            agg: Agg::new(),
            site,
            shown,
            seen: 0,
        };
        watch.configure(pages, "0s");
        watch
    }

    fn configure(&self, pages: u32, spacing: &str) {
        self.agg.configure(&format!(
            "[fetch]\nspacing = \"{spacing}\"\n[[source]]\nid = \"watch\"\nurl = \"{}\"\nenrich = false\npages = {pages}\n",
            self.site.url(FIRST)
        ));
    }

    fn shows(&self, path: &'static str, reply: Reply) {
        self.shown.lock().unwrap().insert(path, reply);
    }

    /// Three pages with the posts 1 to 9.
    fn shows_three_pages(&self) {
        self.shows(FIRST, page(7..=9, &older(SECOND)));
        self.shows(SECOND, page(4..=6, &older(THIRD)));
        self.shows(THIRD, page(1..=3, "<a href=/log>Newer posts</a>"));
    }

    /// The numbers of the posts on the front page of the feed.
    fn front(&self) -> Vec<u32> {
        let feed: Value = serde_json::from_str(&self.agg.read("public/feed.json")).unwrap();
        let number = |item: &Value| {
            let url = item["url"].as_str().unwrap();
            url.rsplit('-').next().unwrap().parse().unwrap()
        };
        (feed["items"].as_array().unwrap().iter())
            .map(number)
            .collect()
    }

    fn fetches(&self) -> Run {
        let run = self.agg.run("fetch watch");
        assert_eq!(run.code, 0, "{}\n{}", run.stdout, run.stderr);
        run
    }

    /// What was asked for since this was called last.
    fn asked(&mut self) -> Vec<String> {
        let all = self.site.asked();
        let new = all[self.seen..].iter().map(|it| it.path.clone()).collect();
        self.seen = all.len();
        new
    }

    /// The numbers of the posts that were taken, newest first.
    fn posts(&self) -> Vec<u32> {
        let listed = self.agg.run("list --format json --limit 1000").stdout;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        listed
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                let url = entry["url"].as_str().unwrap();
                url.rsplit('-').next().unwrap().parse().unwrap()
            })
            .collect()
    }
}

#[test]
fn the_first_import_follows_older_posts_to_the_end() {
    let mut watch = Watch::new(5);
    watch.shows_three_pages();
    let run = watch.fetches();
    assert_eq!(watch.asked(), [FIRST, SECOND, THIRD]);
    assert_eq!(watch.posts(), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn no_more_pages_are_read_than_are_wanted() {
    for (pages, asked) in [
        (1, &[FIRST] as &[&str]),
        (2, &[FIRST, SECOND]),
        (3, &[FIRST, SECOND, THIRD]),
    ] {
        let mut watch = Watch::new(pages);
        watch.shows_three_pages();
        watch.fetches();
        assert_eq!(watch.asked(), asked);
        assert_eq!(watch.posts().len(), asked.len() * 3);
    }
}

#[test]
fn pages_are_asked_for_with_the_pause_that_their_host_is_owed() {
    let mut watch = Watch::new(3);
    watch.configure(3, "150ms");
    watch.shows_three_pages();
    let begun = Instant::now();
    watch.fetches();
    assert_eq!(watch.asked().len(), 3);
    // two pauses, each jittered by a quarter
    assert!(begun.elapsed() >= Duration::from_millis(2 * 112));
}

#[test]
fn later_one_new_post_asks_for_the_first_page_only() {
    let mut watch = Watch::new(5);
    watch.shows_three_pages();
    watch.fetches();
    watch.asked();
    watch.shows(FIRST, page(8..=10, &older(SECOND)));
    watch.fetches();
    assert_eq!(watch.asked(), [FIRST]);
    assert_eq!(watch.posts(), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
}

#[test]
fn later_a_page_full_of_new_posts_leads_on_until_known_ones_come() {
    let mut watch = Watch::new(5);
    watch.shows_three_pages();
    watch.fetches();
    watch.asked();
    // the pinned post at the top is known, and no sign that the others are
    watch.shows(FIRST, list([2, 14, 13, 12].into_iter(), &older(SECOND)));
    watch.shows(SECOND, page(9..=11, &older(THIRD)));
    watch.fetches();
    assert_eq!(watch.asked(), [FIRST, SECOND]);
    assert_eq!(
        watch.posts(),
        [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    );
}

#[test]
fn an_unchanged_first_page_is_the_only_one_asked_for() {
    let mut watch = Watch::new(5);
    watch.shows_three_pages();
    let tagged = page(7..=9, &older(SECOND)).header("ETag", "\"first\"");
    watch.shows(FIRST, tagged);
    watch.shows(
        SECOND,
        page(4..=6, &older(THIRD)).header("ETag", "\"second\""),
    );
    watch.fetches();
    watch.asked();
    let run = watch.fetches();
    assert_eq!(watch.asked(), [FIRST]);
    let sent = watch.site.asked().last().unwrap().clone();
    assert_eq!(
        sent.header("If-None-Match"),
        Some(b"\"first\"".as_slice()),
        "the validators are those of the first page"
    );
    assert!(run.stdout.contains("unchanged"), "{}", run.stdout);
}

#[test]
fn pages_that_lead_back_end() {
    // back to the first, and on a site that knows no other page whatever it is asked for
    for third in [FIRST, "/log?again", "/log/page/4"] {
        let mut watch = Watch::new(50);
        watch.shows(FIRST, page(4..=6, &older(SECOND)));
        watch.shows(SECOND, page(1..=3, &older(third)));
        watch.shows("/log?again", page(4..=6, &older("/log?again-and-again")));
        watch.shows("/log/page/4", Reply::redirect(302, FIRST));
        watch.fetches();
        let asked = watch.asked();
        assert!(asked.len() <= 4, "{asked:?}");
        assert_eq!(watch.posts(), [6, 5, 4, 3, 2, 1], "{third}");
    }
}

#[test]
fn a_post_that_stands_on_two_pages_is_one() {
    let watch = Watch::new(2);
    watch.shows(FIRST, page(4..=6, &older(SECOND)));
    watch.shows(SECOND, page(2..=4, ""));
    watch.fetches();
    assert_eq!(watch.posts(), [6, 5, 4, 3, 2]);
}

#[test]
fn a_missing_page_keeps_what_stands_before_it_with_a_warning() {
    let mut watch = Watch::new(5);
    watch.shows(FIRST, page(7..=9, &older(SECOND)));
    let run = watch.fetches();
    assert_eq!(watch.asked(), [FIRST, SECOND]);
    assert_eq!(watch.posts(), [9, 8, 7]);
    assert!(
        run.stderr.contains("page 2 of the list") && run.stderr.contains("404"),
        "{}",
        run.stderr
    );
}

#[test]
fn wanting_more_pages_than_before_reads_the_older_posts_once() {
    let mut watch = Watch::new(1);
    watch.shows_three_pages();
    watch.fetches();
    assert_eq!(watch.posts(), [9, 8, 7]);
    watch.asked();
    watch.configure(3, "0s");
    watch.fetches();
    assert_eq!(watch.asked(), [FIRST, SECOND, THIRD]);
    assert_eq!(watch.posts(), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(watch.front(), [9, 8, 7], "older posts are no news");
    watch.fetches();
    assert_eq!(watch.asked(), [FIRST]);
}

#[test]
fn an_older_page_that_failed_is_asked_for_again_though_the_first_is_unchanged() {
    let mut watch = Watch::new(3);
    watch.shows_three_pages();
    let tagged = page(7..=9, &older(SECOND)).header("ETag", "\"first\"");
    watch.shows(FIRST, tagged);
    watch.shows(SECOND, Reply::status(500));
    let run = watch.fetches();
    assert!(
        run.stderr.contains("the next run tries again"),
        "{}",
        run.stderr
    );
    assert_eq!(watch.posts(), [9, 8, 7]);
    watch.shows(SECOND, page(4..=6, &older(THIRD)));
    watch.asked();
    watch.fetches();
    assert_eq!(watch.asked(), [FIRST, SECOND, THIRD]);
    assert_eq!(watch.posts(), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    watch.fetches();
    assert_eq!(watch.asked(), [FIRST]);
}

#[test]
fn an_older_page_that_fails_for_good_is_given_up() {
    let mut watch = Watch::new(2);
    watch.shows(FIRST, page(7..=9, &older(SECOND)));
    let told: Vec<bool> = (0..5)
        .map(|_| watch.fetches().stderr.contains("it is given up"))
        .collect();
    assert_eq!(told, [false, false, true, false, false]);
    let tries = watch.asked().iter().filter(|it| *it == SECOND).count();
    assert_eq!(tries, 3);
}

#[test]
fn an_older_page_that_lists_something_else_is_told_and_left_out() {
    let offers: Vec<String> = (1..=5)
        .map(|n| format!("<article><h2><a href=https://academy.example/course-{n}>Learn to keep a light, part {n}</a></h2><p>Join many others and learn at your own pace, with exercises.</p></article>"))
        .collect();
    let html = format!("<main>{}</main>", offers.concat());
    let watch = Watch::new(3);
    watch.shows(FIRST, page(4..=9, &older(SECOND)));
    watch.shows(SECOND, Reply::ok("text/html", html));
    let run = watch.fetches();
    assert_eq!(watch.posts(), [9, 8, 7, 6, 5, 4]);
    for part in ["page 2 of the list", "broken", "none of the 5 entries"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
}

#[test]
fn a_page_that_asks_to_be_left_alone_is_obeyed() {
    let mut watch = Watch::new(5);
    watch.shows(FIRST, page(7..=9, &older(SECOND)));
    watch.shows(SECOND, Reply::status(429).header("Retry-After", "3600"));
    watch.fetches();
    assert_eq!(watch.posts(), [9, 8, 7]);
    watch.asked();
    watch.agg.run("fetch --force");
    assert!(watch.asked().is_empty());
}

#[test]
fn a_last_page_without_posts_is_the_end() {
    let mut watch = Watch::new(5);
    watch.shows(FIRST, page(7..=9, &older(SECOND)));
    watch.shows(
        SECOND,
        Reply::ok(
            "text/html",
            "<!doctype html><title>The watch</title><p>Nothing found.</p>",
        ),
    );
    let run = watch.fetches();
    assert_eq!(watch.asked(), [FIRST, SECOND]);
    assert_eq!(watch.posts(), [9, 8, 7]);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn undated_posts_keep_their_order_across_pages() {
    let bare = |posts: RangeInclusive<u32>, link: &str| {
        let items: Vec<String> = posts
            .rev()
            .map(|n| format!("<li><a href=/log/night-{n}>What the watch of night {n} saw from the tower</a></li>"))
            .collect();
        Reply::ok(
            "text/html",
            format!(
                "<main><h1>The watch</h1><ul>{}</ul>{link}</main>",
                items.concat()
            ),
        )
    };
    let watch = Watch::new(2);
    watch.shows(FIRST, bare(6..=10, &older(SECOND)));
    watch.shows(SECOND, bare(1..=5, ""));
    watch.fetches();
    assert_eq!(watch.posts(), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
}

#[test]
fn pages_outside_reason_are_refused_where_they_stand() {
    for pages in [0, 999] {
        let watch = Watch::new(pages);
        let run = watch.agg.run("check");
        assert_eq!(run.code, 1);
        assert!(
            run.stderr.contains("8:9") && run.stderr.contains("from 1 to 50"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_feed_says_that_it_has_no_pages() {
    let watch = Watch::new(5);
    let feed = "<rss version=\"2.0\"><channel><title>t</title><item><title>one</title>\
        <link>https://blog.example/night-1</link></item></channel></rss>";
    watch.shows(FIRST, Reply::ok("application/rss+xml", feed));
    let run = watch.fetches();
    assert_eq!(watch.posts(), [1]);
    assert!(run.stderr.contains("`pages = 5`"), "{}", run.stderr);
}

#[test]
fn the_pages_of_a_folder_of_recordings_are_followed_too() {
    let agg = Agg::new();
    agg.configure("[[source]]\nid = \"watch\"\nurl = \"https://watch.example/log\"\nenrich = false\npages = 3\n");
    let folder = agg.path("web");
    let record = |name: &str, link: &str, posts: &[&str]| {
        let items: Vec<String> = posts
            .iter()
            .map(|post| format!("<li><h2><a href=/log/{post}>Seen from the {post} of the tower</a></h2><time>4 May 2025</time></li>"))
            .collect();
        let path = folder.join("watch.example").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
        fs::write(
            path,
            format!("{head}<main><ul>{}</ul>{link}</main>", items.concat()),
        )
        .unwrap();
    };
    record(
        "log.http",
        "<a href='?page=2'>2</a>",
        &["roof", "stairs", "gate"],
    );
    record("log%3Fpage%3D2.http", "", &["cellar", "yard", "wall"]);
    let run = agg.run("fetch --replay web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let listed: Value = serde_json::from_str(&agg.run("list --format json").stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 6);
}

#[test]
fn preview_says_where_older_posts_are() {
    let watch = Watch::new(1);
    watch.shows_three_pages();
    let url = watch.site.url(FIRST);
    let run = watch.agg.args(["preview", url.as_str()]).run();
    let next = watch.site.url(SECOND);
    assert!(
        run.stderr.contains(&format!("older posts are at {next}")),
        "{}",
        run.stderr
    );
    let last = watch.site.url(THIRD);
    let run = watch.agg.args(["preview", last.as_str()]).run();
    assert!(!run.stderr.contains("older posts"), "{}", run.stderr);
}
