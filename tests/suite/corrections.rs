//! What a source mends of its posts without another text, and dates that come late or were wrong.

use chrono::TimeDelta;
use serde_json::Value;

use crate::planet::{Planet, Post, posts};

/// Four episodes, all of them with this in their items.
fn episodes(more: &str) -> Vec<Post> {
    let mut shown = posts(0..4);
    for post in &mut shown {
        post.more = more.replace("SLUG", &post.slug);
    }
    shown
}

fn audio(host: &str) -> String {
    format!("<enclosure url=\"https://{host}/SLUG.mp3?sig=1\" type=\"audio/mpeg\" length=\"9\"/>")
}

fn files(planet: &Planet) -> Vec<String> {
    let url = |item: &Value| item["attachments"][0]["url"].as_str().unwrap().to_owned();
    planet.items("public/feed.json").iter().map(url).collect()
}

#[test]
fn a_podcast_that_moves_its_files_leaves_no_dead_links_and_is_no_news() {
    let planet = Planet::new("", &["show"]);
    planet.show("show", episodes(&audio("old.example")));
    planet.fetch();
    let before = planet.items("public/feed.json");
    planet.show("show", episodes(&audio("new.example")));
    assert_eq!(planet.fetch().changes(), (0, 0));
    let after = planet.items("public/feed.json");
    assert!(
        files(&planet)
            .iter()
            .all(|it| it.starts_with("https://new.example/post-"))
    );
    for (old, new) in before.iter().zip(&after) {
        for field in ["id", "date_published", "date_modified"] {
            assert_eq!(old[field], new[field], "{field}");
        }
    }
    let published = planet.agg.read("public/feed.json");
    planet.show(
        "show",
        episodes(&audio("new.example").replace("sig=1", "sig=2")),
    );
    planet.fetch();
    assert!(
        planet.agg.read("public/feed.json") == published,
        "a signature is no correction"
    );
}

#[test]
fn files_on_hosts_that_take_turns_stay_after_the_first_turn() {
    let planet = Planet::new("", &["show"]);
    let hosts = ["a.example", "b.example"];
    planet.show("show", episodes(&audio(hosts[0])));
    planet.fetch();
    let mut changes = 0;
    for turn in 1..12 {
        let before = planet.agg.read("public/feed.json");
        planet.show("show", episodes(&audio(hosts[turn % 2])));
        planet.fetch();
        changes += usize::from(planet.agg.read("public/feed.json") != before);
    }
    assert_eq!(changes, 2);
}

#[test]
fn a_mended_author_and_category_of_a_known_post_are_shown() {
    let planet = Planet::new("", &["quay"]);
    let show = |tag: &'static str, author: &str| {
        let mut shown = posts(0..1);
        shown[0].tags = vec![tag];
        shown[0].more = format!("<author>{author}</author>");
        planet.show("quay", shown);
        planet.fetch();
        planet.items("public/feed.json")[0].clone()
    };
    let before = show("ligth", "An");
    let after = show("light", "Ann");
    assert_eq!(after["tags"], serde_json::json!(["light"]));
    assert_eq!(after["authors"][0]["name"], "Ann");
    assert_eq!(after["date_modified"], before["date_modified"]);
}

#[test]
fn a_tag_that_is_given_to_a_source_comes_to_the_posts_that_it_lists() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", posts(0..3));
    planet.fetch();
    let text = planet.agg.read("feeds.toml");
    let tagged = text.replace("enrich = false", "enrich = false\ntags = [\"harbour\"]");
    planet.agg.configure(&tagged);
    assert_eq!(planet.fetch().changes(), (0, 0));
    for item in planet.items("public/feed.json") {
        assert_eq!(item["tags"], serde_json::json!(["harbour"]));
    }
    planet.agg.configure(&text);
    planet.fetch();
    for item in planet.items("public/feed.json") {
        assert_eq!(item["tags"], Value::Null);
    }
}

/// Three posts, the first of them of this day.
fn dated(day: &str) -> Vec<Post> {
    let mut shown = posts(0..3);
    shown[0].day = None;
    shown[0].more = format!("<pubDate>{day} 08:00:00 GMT</pubDate>");
    shown
}

#[test]
fn a_mistyped_date_can_be_mended_until_the_post_is_published() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", dated("01 Apr 2027"));
    assert_eq!(planet.fetch().publication.unwrap().held, 1);
    planet.show("quay", dated("01 Apr 2026"));
    assert_eq!(planet.fetch().publication.unwrap().held, 0);
    let first = || planet.items("public/feed.json")[0].clone();
    assert_eq!(first()["date_published"], "2026-04-01T08:00:00Z");
    planet.show("quay", dated("02 Mar 2026"));
    planet.fetch();
    assert_eq!(
        first()["date_published"],
        "2026-04-01T08:00:00Z",
        "it is on record"
    );
}

#[test]
fn a_post_that_is_held_for_its_date_can_be_released_and_is_not_dated_ahead() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", dated("01 Mar 2027"));
    planet.fetch();
    planet.later(TimeDelta::days(1));
    let (released, publication) = planet.release("quay");
    assert_eq!((released, publication.held), (1, 0));
    let first = planet.items("public/feed.json")[0].clone();
    assert_eq!(first["title"], "quay post-2");
    assert_eq!(first["date_published"], "2026-04-01T13:00:00Z");
    assert_eq!(planet.release("quay").0, 0);
}

#[test]
fn a_post_that_says_only_when_it_was_changed_is_not_dated_now() {
    let planet = Planet::new("", &["quay", "tool"]);
    planet.show("quay", posts(0..3));
    let mut releases = posts(0..4);
    for (post, month) in releases.iter_mut().zip([5, 4, 3, 2]) {
        post.day = None;
        post.updated = Some(format!("2019-{month:02}-02T08:00:00Z"));
    }
    planet.show("tool", releases);
    planet.fetch();
    let items = planet.items("public/feed.json");
    let of_tool: Vec<_> = (items.iter())
        .filter(|item| item["title"].as_str().unwrap().starts_with("tool"))
        .map(|item| {
            (
                item["date_published"].as_str().unwrap(),
                &item["date_modified"],
            )
        })
        .collect();
    assert_eq!(items[0]["title"], "quay post-2");
    assert_eq!(of_tool[0].0, "2019-05-02T08:00:00Z");
    assert_eq!(of_tool[0].1, "2019-05-02T08:00:00Z");
    assert_eq!(of_tool[3].0, "2019-02-02T08:00:00Z");
    let item = items
        .iter()
        .find(|item| item["title"] == "tool post-3")
        .unwrap();
    assert_eq!(item["_agg"]["date_kind"], "updated");
}

#[test]
fn two_posts_whose_ids_differ_in_a_login_have_different_ids() {
    let planet = Planet::new("", &["quay"]);
    let mut shown = posts(0..2);
    shown[0].more = "<guid>https://user:pw@quay.example/5</guid>".to_owned();
    shown[1].more = "<guid>https://quay.example/5</guid>".to_owned();
    planet.show("quay", shown);
    planet.fetch();
    let items = planet.items("public/feed.json");
    assert_eq!(items.len(), 2);
    assert_ne!(items[0]["id"], items[1]["id"]);
    assert!(!planet.agg.read("public/atom.xml").contains("pw@"));
}
