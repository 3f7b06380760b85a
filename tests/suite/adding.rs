//! `agg add`: asked once, shown, and written into feeds.toml only if it is worth it.

use serde_json::Value;

use crate::program::{Agg, Run};
use crate::site::{Reply, Site};

const BEGIN: &str =
    "# what I read\n[fetch]  # gently\nallow = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";

const FEED: &str = "<rss version=\"2.0\"><channel><title>The pier</title><link>https://pier.example/</link>\
    <item><title>Nets are mended</title><link>https://pier.example/nets</link><guid>nets</guid></item>\
    <item><title>Lamps are lit</title><link>https://pier.example/lamps</link><guid>lamps</guid></item></channel></rss>";

fn index(head: &str) -> Reply {
    let items: Vec<String> = (1..=7)
        .rev()
        .map(|n| {
            format!(
                "<li><h2><a href=\"/post/{n}\">A post about the harbour, number {n}</a></h2>\
                 <time datetime=\"2026-02-0{n}\">2026-02-0{n}</time></li>"
            )
        })
        .collect();
    Reply::ok(
        "text/html",
        format!(
            "<head>{head}<title>Log</title></head><main><h1>Log</h1><ul>{}</ul></main>",
            items.concat()
        ),
    )
}

/// Sites with a feed, an index page, one that advertises the feed, an empty feed, and trouble.
fn harbour(robots: &'static str) -> Site {
    Site::with_robots(move |asked| match asked.path.as_str() {
        "/robots.txt" => Reply::ok("text/plain", robots),
        "/feed" => Reply::ok("application/rss+xml", FEED),
        "/old" => Reply::redirect(301, "/feed"),
        "/log" => index(""),
        "/home" => index("<link rel=alternate type=application/rss+xml href=/feed>"),
        "/empty" => Reply::ok(
            "application/rss+xml",
            "<rss version=\"2.0\"><channel><title>t</title></channel></rss>",
        ),
        _ => Reply::status(404),
    })
}

fn begin() -> Agg {
    let agg = Agg::new();
    agg.configure(BEGIN);
    agg
}

fn paths(site: &Site) -> Vec<String> {
    site.asked().into_iter().map(|asked| asked.path).collect()
}

/// Nothing was added, and this was said.
fn refused(agg: &Agg, run: &Run, said: &[&str]) {
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    for said in said {
        assert!(run.stderr.contains(said), "{said}\n{}", run.stderr);
    }
    assert_eq!(agg.read("feeds.toml"), BEGIN);
}

#[test]
fn a_feed_is_asked_for_once_shown_and_added_with_comments_kept() {
    let site = harbour("User-agent: *\nDisallow: /\n");
    let agg = begin();
    let url = site.url("/feed");
    let run = agg.run(&format!("add {url} --id pier"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    for shown in ["The pier", "2 entries", "Nets are mended", "+[[source]]"] {
        assert!(run.stdout.contains(shown), "{shown}\n{}", run.stdout);
    }
    assert_eq!(
        paths(&site),
        ["/feed"],
        "a feed is read whatever robots.txt says"
    );
    assert_eq!(
        agg.read("feeds.toml"),
        format!("{BEGIN}\n[[source]]\nid = \"pier\"\nurl = \"{url}\"\n")
    );
    assert!(run.stderr.contains("`agg fetch pier`"), "{}", run.stderr);
    assert_eq!(agg.run("fetch pier").code, 0);
    assert!(agg.run("list").stdout.contains("Lamps are lit"));
}

#[test]
fn a_page_without_a_feed_shows_the_list_that_was_learnt() {
    let site = harbour("");
    let agg = begin();
    let run = agg.run(&format!("add {}", site.url("/log")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    for shown in [
        "7 entries",
        "the harbour, number 7",
        "2026-02-07",
        "and 2 more",
    ] {
        assert!(run.stdout.contains(shown), "{shown}\n{}", run.stdout);
    }
    assert_eq!(paths(&site), ["/log", "/robots.txt"]);
    assert!(agg.run("check").stdout.contains("1 source"));
}

#[test]
fn a_page_that_advertises_a_feed_is_not_added_and_nothing_else_is_asked() {
    let site = harbour("");
    let agg = begin();
    let (home, feed) = (site.url("/home"), site.url("/feed"));
    let run = agg.run(&format!("add {home}"));
    refused(
        &agg,
        &run,
        &["advertises a feed", &format!("`agg add {feed}`")],
    );
    assert_eq!(paths(&site), ["/home"]);
    // told to, the page itself
    let run = agg.run(&format!("add {home} --kind page"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(agg.read("feeds.toml").ends_with("kind = \"page\"\n"));
    assert_eq!(paths(&site)[1..], ["/robots.txt", "/home"]);
}

#[test]
fn what_has_moved_for_good_is_added_where_it_is_now() {
    let site = harbour("");
    let agg = begin();
    let run = agg.run(&format!("add {}", site.url("/old")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    let feed = site.url("/feed");
    assert!(
        run.stderr
            .contains(&format!("has moved for good to {feed}")),
        "{}",
        run.stderr
    );
    let text = agg.read("feeds.toml");
    assert!(text.ends_with(&format!("url = \"{feed}\"\n")), "{text}");
    assert!(!text.contains("/old") && !text.contains("-old"), "{text}");
}

#[test]
fn a_page_that_calls_itself_a_feed_is_added_as_a_page() {
    let site = Site::with_robots(|asked| match asked.path.as_str() {
        "/log" => index("<link rel=alternate type=application/rss+xml href=/log>"),
        _ => Reply::status(404),
    });
    let agg = begin();
    let run = agg.run(&format!("add {}", site.url("/log")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("7 entries"), "{}", run.stdout);
}

#[test]
fn what_robots_keeps_us_from_is_not_added() {
    let site = harbour("User-agent: *\nDisallow: /log\nDisallow: /home\n");
    let agg = begin();
    let run = agg.run(&format!("add {}", site.url("/log")));
    refused(
        &agg,
        &run,
        &["line 2", "`Disallow: /log`", "look for a feed"],
    );
    let run = agg.run(&format!("add {} --kind page", site.url("/home")));
    refused(&agg, &run, &["`Disallow: /home`"]);
    assert_eq!(paths(&site), ["/log", "/robots.txt", "/robots.txt"]);
}

#[test]
fn what_cannot_be_read_is_added_only_when_told_so() {
    let site = harbour("");
    let agg = begin();
    for (path, said) in [("/gone", "404"), ("/empty", "nothing in it yet")] {
        let run = agg.run(&format!("add {}", site.url(path)));
        refused(&agg, &run, &[said]);
    }
    let run = agg.run(&format!("add {} --kind feed", site.url("/log")));
    refused(&agg, &run, &["not a feed"]);
    let run = agg.run("add ftp://pier.example/");
    assert_eq!(run.code, 2, "{}", run.stderr);
    let run = agg.run("add 127.0.0.9:1/feed");
    refused(&agg, &run, &["no connection"]);
    let run = agg.run(&format!("add {} --yes", site.url("/empty")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("nothing in it yet"), "{}", run.stderr);
    assert!(agg.read("feeds.toml").contains("/empty\""));
}

#[test]
fn what_is_read_already_is_refused_without_asking() {
    let site = harbour("");
    let agg = begin();
    let feed = site.url("/feed");
    assert_eq!(agg.run(&format!("add {feed} --id pier")).code, 0);
    let before = agg.read("feeds.toml");
    let asked = site.asked().len();
    for again in [format!("{feed}/"), format!("{feed}?utm_source=mail")] {
        let run = agg.run(&format!("add {again}"));
        assert_eq!(run.code, 1);
        assert!(
            run.stderr.contains("read already, as `pier`"),
            "{}",
            run.stderr
        );
    }
    assert_eq!(site.asked().len(), asked);
    let run = agg.run(&format!("add {}", site.url("/old")));
    assert!(
        run.stderr.contains("it leads to") && run.stderr.contains("as `pier`"),
        "{}",
        run.stderr
    );
    let run = agg.run(&format!("add {}", site.url("/home")));
    assert!(
        run.stderr.contains("`pier` reads that feed"),
        "{}",
        run.stderr
    );
    let run = agg.run(&format!("add {} --id pier", site.url("/log")));
    assert!(run.stderr.contains("another --id"), "{}", run.stderr);
    assert_eq!(agg.read("feeds.toml"), before);
}

#[test]
fn a_dry_run_shows_and_changes_nothing() {
    let site = harbour("");
    let agg = begin();
    let run = agg.run(&format!("add {} --dry-run", site.url("/feed")));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("+[[source]]"), "{}", run.stdout);
    assert_eq!(agg.read("feeds.toml"), BEGIN);
}

#[test]
fn of_several_addresses_the_good_ones_are_added() {
    let site = harbour("");
    let agg = begin();
    let all = ["/feed", "/gone", "/log"].map(|path| site.url(path).to_string());
    let run = agg.run(&format!("add {} --format json", all.join(" ")));
    assert_eq!(run.code, 3, "{}", run.stderr);
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    let added: Vec<bool> = (told.as_array().unwrap().iter())
        .map(|it| it["added"].as_bool().unwrap())
        .collect();
    assert_eq!(added, [true, false, true]);
    assert_eq!(
        (&told[0]["kind"], &told[2]["kind"]),
        (&"feed".into(), &"page".into())
    );
    assert_eq!(told[2]["entries"], 7);
    assert!(told[1]["problem"].as_str().unwrap().contains("404"));
    assert_eq!(agg.read("feeds.toml").matches("[[source]]").count(), 2);
    let run = agg.run(&format!("add {} --id one", all.join(" ")));
    assert_eq!(run.code, 2, "one name for several");
}

#[test]
fn recorded_answers_can_be_added_without_a_network() {
    let agg = Agg::new();
    let run = agg.run("add https://media.lowtide.example/slow-build.xml");
    assert!(run.stderr.contains("`agg init`"), "{}", run.stderr);
    agg.run("init");
    let before = agg.read("feeds.toml");
    let run = agg.run("add www.abstractalgorithms.dev/posts --replay fixtures/web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let after = agg.read("feeds.toml");
    assert_eq!(
        after.strip_prefix(before.trim_end()).unwrap(),
        "\n\n[[source]]\nid = \"abstractalgorithms.dev-posts\"\nurl = \"https://www.abstractalgorithms.dev/posts\"\n"
    );
    let run = agg.run("add https://mlsystems.dev/blog --replay fixtures/web");
    assert!(
        run.stderr
            .contains("`agg add https://mlsystems.dev/atom.xml`"),
        "{}",
        run.stderr
    );
}
