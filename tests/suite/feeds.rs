//! Feeds as they are met: what a person sees of them, and what is kept and published.

use serde_json::Value;

use crate::program::Agg;
use crate::site::{Reply, Site};

/// What `agg preview` shows of `body`.
fn preview(agg: &Agg, name: &str, body: &str) -> Value {
    std::fs::write(agg.path(name), body).unwrap();
    let run = agg
        .args([
            "preview",
            name,
            "--base-url",
            "https://feeds.example/feed",
            "--format",
            "json",
        ])
        .run();
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn feed(items: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Good</title><link>https://good.example/</link>{items}</channel></rss>"
    )
}

#[test]
fn an_entry_with_nothing_in_it_is_shown_but_never_published() {
    let body = feed(
        "<item/><item><title>A post</title></item><item><author>Jo</author><category>x</category></item><item><description>A note</description></item>",
    );
    let agg = Agg::new();
    let shown = preview(&agg, "feed.xml", &body);
    let titles: Vec<_> = shown["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Untitled", "A post", "x", "A note"]);
    let warning = shown["warnings"][0].as_str().unwrap();
    assert!(warning.contains("nothing to publish"), "{warning}");
    assert!(warning.ends_with(": 2"), "{warning}");

    let site = Site::always(Reply::ok("application/rss+xml", body));
    agg.configure(&format!("[[source]]\nurl = \"{}\"\n", site.url("/feed")));
    let run = agg.run("fetch");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(
        format!("{}{}", run.stdout, run.stderr).contains("nothing to publish"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert_eq!(agg.read("public/rss.xml").matches("<item>").count(), 2);
    assert!(!agg.run("list").stdout.contains("Untitled"));
}

#[test]
fn a_feed_of_nothing_but_empty_entries_is_a_failure() {
    let site = Site::always(Reply::ok("application/rss+xml", feed("<item/><item/>")));
    let agg = Agg::new();
    agg.configure(&format!("[[source]]\nurl = \"{}\"\n", site.url("/feed")));
    let run = agg.run("fetch");
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(
        format!("{}{}", run.stdout, run.stderr).contains("nothing could be read from any of them"),
        "{}{}",
        run.stdout,
        run.stderr
    );
}

#[test]
fn a_feed_without_entries_is_quiet() {
    let agg = Agg::new();
    let shown = preview(&agg, "feed.xml", &feed(""));
    assert_eq!(shown["entries"].as_array().unwrap().len(), 0);
    assert_eq!(shown["warnings"][0], "There is no entry in the feed.");
    let site = Site::always(Reply::ok("application/rss+xml", feed("")));
    agg.configure(&format!("[[source]]\nurl = \"{}\"\n", site.url("/feed")));
    let run = agg.run("fetch");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_title_that_a_feed_encodes_twice_is_shown_as_it_stands_and_published_mended() {
    let body = feed(
        "<item><title>L\u{e2}\u{20ac}\u{2122}\u{c3}\u{a9}t\u{c3}\u{a9}</title><link>https://good.example/a</link></item>\
         <item><title>L\u{2019}hiver</title><link>https://good.example/b</link></item>",
    );
    let agg = Agg::new();
    let shown = preview(&agg, "feed.xml", &body);
    let [broken, sound] = shown["entries"].as_array().unwrap().as_slice() else {
        panic!("{shown}");
    };
    assert_eq!(
        broken["title"],
        "L\u{e2}\u{20ac}\u{2122}\u{c3}\u{a9}t\u{c3}\u{a9}"
    );
    assert_eq!(broken["mended_title"], "L\u{2019}\u{e9}t\u{e9}");
    assert_eq!(sound["title"], "L\u{2019}hiver");
    assert!(sound.get("mended_title").is_none());
    assert!(shown["warnings"][0].as_str().unwrap().contains("mended: 1"));

    let site = Site::always(Reply::ok("application/rss+xml", body));
    agg.configure(&format!("[[source]]\nurl = \"{}\"\n", site.url("/feed")));
    assert_eq!(agg.run("fetch").code, 0);
    let published = agg.read("public/rss.xml");
    assert!(published.contains("L\u{2019}\u{e9}t\u{e9}"), "{published}");
    assert!(!published.contains("\u{20ac}"), "{published}");
}

#[test]
fn a_comic_whose_only_text_is_an_image_reaches_subscribers() {
    let body = feed(
        "<item><title>Fishing</title><link>https://good.example/1</link>\
         <description>&lt;img src=\"/fishing.png\" title=\"The joke\"/&gt;</description></item>\
         <item><title>Links</title><link>https://good.example/2</link>\
         <description>&lt;p&gt;Read &lt;a href=\"https://other.example/soil\"&gt;this&lt;/a&gt;.&lt;/p&gt;&lt;p&gt;And rest.&lt;/p&gt;</description></item>",
    );
    let site = Site::always(Reply::ok("application/rss+xml", body));
    let agg = Agg::new();
    agg.configure(&format!(
        "[[source]]\nurl = \"{}\"\nenrich = false\n",
        site.url("/feed")
    ));
    let run = agg.run("fetch");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    for file in ["public/atom.xml", "public/rss.xml", "public/feed.json"] {
        let published = agg.read(file);
        for word in ["/fishing.png", "The joke", "https://other.example/soil"] {
            assert!(published.contains(word), "{file}: {published}");
        }
    }
}

#[test]
fn a_time_without_a_zone_is_of_the_clock_that_the_source_is_said_to_mean() {
    let body = feed(
        "<item><title>Bare</title><link>https://good.example/1</link><pubDate>2025-07-08 10:00:00</pubDate></item>\
         <item><title>Zoned</title><link>https://good.example/2</link><pubDate>Tue, 08 Jul 2025 10:00:00 +0000</pubDate></item>\
         <item><title>Day</title><link>https://good.example/3</link><pubDate>2025-07-07</pubDate></item>",
    );
    let page = "<html><body><main><h1>Notes</h1><ul>\
         <li><h2><a href=\"/notes/one\">The first of the notes</a></h2><time>8 July 2025 10:00</time><p>What it is about, in a sentence.</p></li>\
         <li><h2><a href=\"/notes/two\">The second of the notes</a></h2><time>7 July 2025 09:30</time><p>What it is about, in a sentence.</p></li>\
         <li><h2><a href=\"/notes/three\">The third of the notes</a></h2><time>1 January 2025 09:30</time><p>What it is about, in a sentence.</p></li>\
         </ul></main></body></html>";
    let site = Site::open(move |asked| match asked.path.as_str() {
        "/feed" => Reply::ok("application/rss+xml", &body),
        "/notes" => Reply::ok("text/html", page),
        _ => Reply::status(404),
    });
    let agg = Agg::new();
    let source = |path: &str| {
        format!(
            "[[source]]\nurl = \"{}\"\nenrich = false\ntimezone = \"Europe/Berlin\"\n",
            site.url(path)
        )
    };
    agg.configure(&format!(
        "[fetch]\nspacing = \"0s\"\n{}{}",
        source("/feed"),
        source("/notes")
    ));
    let run = agg.run("fetch");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let published: Value = serde_json::from_str(&agg.read("public/feed.json")).unwrap();
    let mut dates: Vec<_> = published["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            format!(
                "{} {}",
                item["title"].as_str().unwrap(),
                item["date_published"].as_str().unwrap()
            )
        })
        .collect();
    dates.sort();
    assert_eq!(
        dates,
        [
            "Bare 2025-07-08T08:00:00Z",
            "Day 2025-07-07T00:00:00Z",
            "The first of the notes 2025-07-08T08:00:00Z",
            "The second of the notes 2025-07-07T07:30:00Z",
            "The third of the notes 2025-01-01T08:30:00Z",
            "Zoned 2025-07-08T10:00:00Z",
        ]
    );
}
