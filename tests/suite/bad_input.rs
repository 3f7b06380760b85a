//! Bad input: what, where, what to do, the right exit status, and the other sources' results.

use std::fs;

use crate::program::{Agg, Run};
use crate::site::{Reply, Site};

fn says(run: &Run, code: i32, words: &[&str]) {
    assert_eq!(run.code, code, "{}\n{}", run.stdout, run.stderr);
    for word in words {
        assert!(
            run.stderr.contains(word) || run.stdout.contains(word),
            "`{word}` is not in:\n{}\n{}",
            run.stdout,
            run.stderr
        );
    }
}

#[test]
fn no_configuration_says_how_to_get_one() {
    let agg = Agg::new();
    for command in ["fetch", "check", "publish", "list", "status", "serve"] {
        says(&agg.run(command), 1, &["feeds.toml", "agg init"]);
    }
}

#[test]
fn an_empty_configuration_says_what_a_source_looks_like() {
    let agg = Agg::new();
    agg.configure("");
    says(
        &agg.run("fetch"),
        1,
        &["there is no [[source]]", "feeds.toml:1:1", "url ="],
    );
}

#[test]
fn a_mistake_is_shown_where_it_stands() {
    let agg = Agg::new();
    agg.configure("[[source]]\nurl = \"https://example.org/\"\ntitel = \"x\"\n");
    says(
        &agg.run("check"),
        1,
        &[
            "feeds.toml:3:1",
            "titel = \"x\"",
            "^^^^^",
            "did you mean `title`?",
        ],
    );
}

#[test]
fn init_writes_a_file_that_check_accepts_and_never_overwrites() {
    let agg = Agg::new();
    says(&agg.run("init"), 0, &["wrote feeds.toml"]);
    says(&agg.run("check"), 0, &["fine", "1 source"]);
    fs::write(agg.path("feeds.toml"), "# mine\n").unwrap();
    says(&agg.run("init"), 1, &["there already"]);
    assert_eq!(agg.read("feeds.toml"), "# mine\n");
}

#[test]
fn wrong_words_on_the_command_line_are_usage() {
    let agg = Agg::with_eleven_sources();
    says(&agg.run("fetch --frce"), 2, &["--frce"]);
    says(
        &agg.run("fetch nobody --replay fixtures/web"),
        2,
        &["nobody", "ninad-pathak"],
    );
    says(&agg.run("fetch --replay nowhere"), 1, &["nowhere"]);
}

#[test]
fn a_database_that_cannot_be_used_stops_before_any_request() {
    let agg = Agg::with_eleven_sources();
    fs::write(
        agg.path("agg.db"),
        "this is no database, and is long enough to be taken for one".repeat(40),
    )
    .unwrap();
    says(&agg.run("fetch --replay fixtures/web"), 1, &["agg.db"]);
    let agg = Agg::with_eleven_sources();
    let text = agg
        .read("feeds.toml")
        .replace("\"agg.db\"", "\"/proc/agg.db\"");
    agg.configure(&text);
    says(
        &agg.run("fetch --replay fixtures/web"),
        1,
        &["/proc/agg.db"],
    );
}

#[test]
fn an_output_that_cannot_be_written_keeps_what_was_read() {
    let agg = Agg::with_eleven_sources();
    let text = agg
        .read("feeds.toml")
        .replace("\"public\"", "\"/dev/full\"");
    agg.configure(&text);
    let run = agg.run("fetch --replay fixtures/web");
    says(
        &run,
        1,
        &["/dev/full", "ninad-pathak", "nothing was published"],
    );
    let list = agg.run("list");
    assert!(
        list.stdout.contains("LLM context windows"),
        "{}",
        list.stdout
    );
}

#[test]
fn a_full_disk_below_stdout_is_an_error() {
    let agg = Agg::with_eleven_sources();
    agg.run("fetch --replay fixtures/web");
    let run = agg.args(["list"]).into_file("/dev/full");
    says(&run, 1, &["cannot write the result"]);
}

#[test]
fn each_bad_source_says_what_and_the_others_go_on() {
    let feed = "<rss version=\"2.0\"><channel><title>Good</title><link>http://good.example/</link>\
                <item><title>A post</title><link>http://good.example/1</link></item></channel></rss>";
    let site = Site::open(move |asked| match asked.path.as_str() {
        "/feed" => Reply::ok("application/rss+xml", feed),
        "/large" => Reply::ok("text/html", "<p>much</p>".repeat(2_000_000)),
        "/about" => Reply::ok(
            "text/html",
            "<html><body><h1>About</h1><p>Hello there.</p></body></html>",
        ),
        "/gone" => Reply::status(410),
        "/busy" => Reply::status(503),
        _ => Reply::status(404),
    });
    let agg = Agg::new();
    let source = |id: &str, more: &str| {
        format!(
            "[[source]]\nid = \"{id}\"\nurl = \"{}\"\n{more}",
            site.url(&format!("/{id}"))
        )
    };
    agg.configure(&format!(
        "[fetch]\nspacing = \"0s\"\n{}{}{}{}{}{}",
        source("feed", ""),
        source("large", ""),
        source("about", "kind = \"feed\"\n"),
        source("missing", ""),
        source("gone", ""),
        source("busy", ""),
    ));
    let run = agg.run("fetch");
    says(
        &run,
        3,
        &[
            "larger than 10 MB",
            "raise `max_body`",
            "an HTML page, not a feed",
            "404 Not Found",
            "gone for good",
            "503",
            "1 new, 5 sources failed",
        ],
    );
    assert!(agg.read("public/rss.xml").contains("A post"));
    let again = agg.run("fetch");
    assert_eq!(
        again.code, 0,
        "nothing failed: they were left alone: {}",
        again.stdout
    );
    assert_eq!(
        again.stdout.matches(" waiting ").count(),
        5,
        "{}",
        again.stdout
    );
}

#[test]
fn the_status_of_one_source_does_not_speak_for_the_others() {
    let feed = "<rss version=\"2.0\"><channel><title>Good</title><item><title>A post</title></item></channel></rss>";
    let site = Site::open(move |asked| match asked.path.as_str() {
        "/feed" => Reply::ok("application/rss+xml", feed),
        _ => Reply::status(404),
    });
    let agg = Agg::new();
    let source = |id: &str| {
        format!(
            "[[source]]\nid = \"{id}\"\nurl = \"{}\"\n",
            site.url(&format!("/{id}"))
        )
    };
    agg.configure(&format!(
        "[fetch]\nspacing = \"0s\"\n{}{}",
        source("feed"),
        source("missing")
    ));
    assert_eq!(agg.run("fetch").code, 3);
    says(
        &agg.run("status feed"),
        0,
        &["fine when asked last; 1 other source failed"],
    );
    says(&agg.run("status"), 0, &["1 source failed when asked last"]);
}

#[test]
fn a_page_without_a_listing_says_why_and_what_to_do() {
    let site = Site::always(Reply::ok(
        "text/html",
        "<html><body><h1>About</h1><p>Hello there.</p></body></html>",
    ));
    let agg = Agg::new();
    agg.configure(&format!("[[source]]\nurl = \"{}\"\n", site.url("/")));
    let run = agg.args(["preview", site.url("/about").as_str()]).run();
    says(&run, 1, &["lists no posts", "where:", "/about", "help:"]);
}
