//! `agg preview --explain`: why a document was read as it was.

use std::fs;

use serde_json::Value;

use crate::program::Agg;

const FEW: &str = "https://www.abstractalgorithms.dev/posts";

fn explain(page: &str) -> String {
    let run = Agg::new()
        .args(["preview", "--explain", page, "--replay", "fixtures/web"])
        .run();
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

/// True if a line of the text holds all these words in this order.
fn says(text: &str, words: &[&str]) -> bool {
    text.lines().any(|line| {
        let mut rest = line;
        words.iter().all(|word| match rest.split_once(word) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    })
}

#[test]
fn an_explained_page_names_its_list_and_what_spoke_for_it() {
    let text = explain("https://www.clint-johnson.com/articles/page/2");
    for words in [
        vec!["encoding", "UTF-8", "since"],
        vec!["chosen", "9 items", "post-grid > article.post-card"],
        vec!["for:", "titles +1.00 (9 of 9)", "headings", "prose"],
        vec!["rejected", "1 item", "nav.site-nav"],
        vec!["against:", "in navigation"],
        vec!["lacks:", "dates"],
        vec!["data for machines", "none"],
        vec!["1. The ESM Mess"],
        vec!["url", "listing", "/articles/the-esm-mess", "in a"],
    ] {
        assert!(says(&text, &words), "{words:?} in:\n{text}");
    }
}

#[test]
fn joined_lists_and_links_that_were_left_out_are_explained() {
    let text = explain(FEW);
    for words in [
        vec!["joined", "section#archive > article"],
        vec!["repeat", "listed already", "Softmax Function Explained"],
    ] {
        assert!(says(&text, &words), "{words:?} in:\n{text}");
    }
}

#[test]
fn an_explained_feed_as_a_person_reads_it() {
    insta::assert_snapshot!(explain("https://media.lowtide.example/slow-build.xml"));
}

#[test]
fn the_explanation_is_in_the_json_only_when_it_is_asked_for() {
    let json = |words: &[&str]| -> Value {
        let mut all = vec![
            "preview",
            FEW,
            "--replay",
            "fixtures/web",
            "--format",
            "json",
        ];
        all.extend(words);
        let run = Agg::new().args(all).run();
        assert_eq!(run.code, 0, "{}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap()
    };
    let mut explained = json(&["--explain"]);
    let explanation = explained
        .as_object_mut()
        .unwrap()
        .remove("explain")
        .unwrap();
    assert_eq!(explained, json(&[]), "asking why changes nothing");
    assert_eq!(explanation["page"]["candidates"][0]["verdict"], "chosen");
    assert_eq!(explanation["charset"]["why"], "valid_utf8");
    let entries = explained["entries"].as_array().unwrap();
    let traces = explanation["entries"].as_array().unwrap();
    assert_eq!(traces.len(), entries.len());
    for (trace, entry) in traces.iter().zip(entries) {
        for field in trace["fields"].as_array().unwrap() {
            let name = field["field"].as_str().unwrap();
            assert_eq!(field["tier"], entry["provenance"][name], "{name}");
        }
    }
}

#[test]
fn a_page_without_posts_is_explained_and_still_a_failure() {
    let agg = Agg::new();
    let page = "<title>Us</title><nav><ul><li><a href=/how-we-work-here>How we work here</a><li><a href=/where-we-are-now>Where \
                we are now</a></ul></nav><main><p>Only words about us, what we like about the sea, and why nobody here writes any posts, though many people ask us to.</p></main>";
    fs::write(agg.path("us.html"), page).unwrap();
    let base = ["--base-url", "https://us.example/about/"];
    let run = agg
        .args(["preview", "us.html", "--explain"].into_iter().chain(base))
        .run();
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("lists no posts"), "{}", run.stderr);
    for words in [
        vec![
            "none is taken",
            "the links that come nearest (2) stand in its navigation",
        ],
        vec!["rejected", "2 items", "nav > ul > li"],
        vec!["why", "a list of 2 posts needs 4.30"],
        vec!["lacks", "headings, dates, prose"],
    ] {
        assert!(says(&run.stdout, &words), "{words:?} in:\n{}", run.stdout);
    }
    let run = agg
        .args(
            ["preview", "us.html", "--explain", "--format", "json"]
                .into_iter()
                .chain(base),
        )
        .run();
    assert_eq!(run.code, 1);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["kind"], "page");
    assert_eq!(json["entries"], serde_json::json!([]));
    assert!(json["error"].as_str().unwrap().contains("navigation"));
    assert_eq!(
        json["explain"]["page"]["candidates"][0]["verdict"],
        "below_threshold"
    );
}

#[test]
fn a_date_that_cannot_be_read_is_told_to_be_lost() {
    let agg = Agg::new();
    let feed = "<rss version='2.0'><channel><title>T</title><item><title>One</title><link>https://a.example/1</link>\
                <pubDate>when the tide is out</pubDate></item></channel></rss>";
    fs::write(agg.path("feed.xml"), feed).unwrap();
    let run = agg.run("preview feed.xml --explain --base-url https://a.example/feed.xml");
    assert!(
        says(
            &run.stdout,
            &["lost", "when the tide is out", "pubDate", "cannot be read"]
        ),
        "{}",
        run.stdout
    );
    assert!(
        says(&run.stdout, &["published", "nothing"]),
        "{}",
        run.stdout
    );
}

#[test]
fn a_kept_page_of_a_source_can_be_explained() {
    let agg = Agg::new();
    agg.configure(&format!("[[source]]\nid = \"few\"\nurl = \"{FEW}\"\n"));
    let run = agg.run("fetch --replay fixtures/web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = agg.run("preview few --stored good --explain");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(says(&run.stdout, &["chosen", "3 items"]), "{}", run.stdout);
}

#[test]
fn reasons_do_not_go_with_rules_alone() {
    let run = Agg::new().run("preview https://a.example/ --explain --format toml");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("--explain"), "{}", run.stderr);
}

#[test]
fn a_page_that_advertises_a_feed_is_said_to_with_its_address() {
    for explain in ["", "--explain"] {
        let run = Agg::new().run(&format!(
            "preview https://mlsystems.dev/blog --replay fixtures/web {explain}"
        ));
        assert!(
            says(
                &run.stderr,
                &["advertises a feed", "https://mlsystems.dev/atom.xml"]
            ),
            "{}",
            run.stderr
        );
    }
}
