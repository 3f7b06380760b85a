//! What counts as an update, and what subscribers see of it: an edit once, a text that never rests next to nothing.

use serde_json::Value;

use crate::planet::{Planet, Post, posts};

/// Four posts, the first of them with this text.
fn with_text(text: &str) -> Vec<Post> {
    let mut shown = posts(0..4);
    text.clone_into(&mut shown[0].text);
    shown
}

/// Four posts, the first of them changed at this time, as its source says.
fn stated(text: &str, updated: &str) -> Vec<Post> {
    let mut shown = with_text(text);
    for post in &mut shown {
        post.updated = Some("2026-03-10T08:00:00Z".to_owned());
    }
    shown[0].updated = Some(updated.to_owned());
    shown
}

/// What subscribers see of the post that is edited.
fn seen(planet: &Planet) -> Value {
    let items = planet.items("public/feed.json");
    let found = items
        .iter()
        .find(|item| item["url"] == "https://quay.example/post-3");
    found.expect("it is there").clone()
}

/// How many of `versions`, shown one after the other, were updates; every other one changes no byte of the feed.
fn updates(planet: &Planet, versions: impl IntoIterator<Item = Vec<Post>>) -> usize {
    let mut count = 0;
    for version in versions {
        let before = planet.agg.read("public/atom.xml");
        planet.show("quay", version);
        let (new, updated) = planet.fetch().changes();
        assert_eq!(new, 0);
        count += updated;
        if updated == 0 {
            assert!(
                planet.agg.read("public/atom.xml") == before,
                "a byte changed"
            );
        }
    }
    count
}

fn planet(first: Vec<Post>) -> Planet {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", first);
    planet.fetch();
    planet
}

#[test]
fn an_edit_is_an_update_once_and_the_entry_keeps_its_place_and_date() {
    let planet = planet(with_text("The lamp is lit."));
    let before = planet.items("public/feed.json");
    let edit = || with_text("The lamp is lit again, and green.");
    assert_eq!(updates(&planet, [edit(), edit(), edit()]), 1);
    let after = planet.items("public/feed.json");
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(
            (&old["id"], &old["date_published"]),
            (&new["id"], &new["date_published"])
        );
    }
    assert!(seen(&planet)["date_modified"].as_str() > before[0]["date_modified"].as_str());
    assert!(seen(&planet)["summary"].as_str().unwrap().contains("green"));
}

#[test]
fn counts_ages_and_tokens_that_change_at_every_request_are_no_updates() {
    let version = |n: u32| {
        with_text(&format!(
            "The lamp is lit. {n} comments, {}.{}k views, {n} min ago, request 5f3a9c{n:04}b2e81d07aa{n:04}, \
             see https://quay.example/lamp?session={n}",
            n / 3,
            n % 7
        ))
    };
    let planet = planet(version(1));
    assert_eq!(updates(&planet, (2..12).map(version)), 0);
}

#[test]
fn tags_in_another_order_are_no_update() {
    let tagged = |tags: [&'static str; 2]| {
        let mut shown = with_text("The lamp is lit.");
        shown[0].tags = tags.to_vec();
        shown
    };
    let planet = planet(tagged(["lamp", "quay"]));
    assert_eq!(updates(&planet, [tagged(["quay", "lamp"])]), 0);
}

#[test]
fn servers_that_take_turns_with_two_texts_are_followed_for_one_turn_only() {
    let version =
        |n: u32| with_text(["Sponsored by a bank.", "Sponsored by a baker."][n as usize % 2]);
    let planet = planet(version(0));
    assert_eq!(updates(&planet, (1..30).map(version)), 2);
    // an edit that comes then is taken all the same
    let edit = || with_text("The lamp is out, and nobody sponsors it.");
    assert_eq!(updates(&planet, [edit(), edit()]), 1);
}

#[test]
fn an_edit_that_is_taken_back_is_taken_back() {
    let planet = planet(with_text("The lamp is lit."));
    let versions = ["The lamp is out.", "The lamp is lit."].map(with_text);
    assert_eq!(updates(&planet, versions), 2);
    assert_eq!(seen(&planet)["summary"], "The lamp is lit.");
}

#[test]
fn a_text_that_is_another_at_every_request_is_followed_ever_more_seldom() {
    let version = |n: u32| {
        let words = ["ash", "birch", "cedar", "date", "elm", "fir", "gorse"];
        let word = |n: u32| words[n as usize % 7];
        with_text(&format!(
            "The tree of the hour is {} {} {}.",
            word(n),
            word(n / 7),
            word(n / 49)
        ))
    };
    let planet = planet(version(0));
    // an hour apart: three at once, then after 1, 2, 4, 8 and 16 hours and so on
    assert_eq!(updates(&planet, (1..60).map(version)), 8);
}

#[test]
fn a_date_of_change_that_moves_without_the_text_is_no_update() {
    let planet = planet(stated("The lamp is lit.", "2026-03-20T08:00:00Z"));
    let dates = [
        "2026-03-21T08:00:00Z",
        "2026-03-28T08:00:00Z",
        "2026-03-01T08:00:00Z",
        "2031-01-01T00:00:00Z",
    ];
    let versions = dates.map(|date| stated("The lamp is lit.", date));
    assert_eq!(updates(&planet, versions), 0);
}

#[test]
fn a_change_that_its_source_dates_is_taken_however_often_it_comes() {
    let version = |n: u32| {
        let word = char::from_u32('a' as u32 + n).unwrap();
        stated(
            &format!("The wind blows from {word}."),
            &format!("2026-03-{:02}T08:00:00Z", n + 1),
        )
    };
    let planet = planet(version(0));
    assert_eq!(updates(&planet, (1..12).map(version)), 11);
}

#[test]
fn subscribers_never_see_a_change_dated_ahead_or_before_the_last_one() {
    let planet = planet(stated("The lamp is lit.", "2031-01-01T00:00:00Z"));
    let modified = || seen(&planet)["date_modified"].as_str().unwrap().to_owned();
    let first = modified();
    assert!(first.starts_with("2026-03"), "{first}");
    updates(
        &planet,
        [stated("The lamp is out.", "2032-01-01T00:00:00Z")],
    );
    let second = modified();
    assert!(
        second > first && second.starts_with("2026-04-01"),
        "{second}"
    );
    updates(
        &planet,
        [stated("The lamp is green.", "2020-01-01T00:00:00Z")],
    );
    assert!(modified() > second && modified().starts_with("2026-04-01"));
}

const AGAIN: &str = "[[feed]]\nid = \"again\"\nupdates = \"republish\"\n";
const LONG: &str = "The keeper climbs to the lamp at dusk, winds the clock, trims the wick and writes the wind into the \
                    book; then he sits down, and looks at the sea until it is light.";

/// The titles of a feed, each with its id and date, from the top.
fn standing(planet: &Planet, file: &str) -> Vec<(String, String, String)> {
    let field = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    (planet.items(file).iter())
        .map(|it| {
            (
                field(it, "title"),
                field(it, "id"),
                field(it, "date_published"),
            )
        })
        .collect()
}

/// A planet with a feed that shows edits again; the text of its last post can be another one.
fn with_again() -> Planet {
    let planet = Planet::new(&format!("[publish]\narchive = 2\n{AGAIN}"), &["quay"]);
    planet.show("quay", old_post(LONG));
    planet.fetch();
    planet
}

fn old_post(text: &str) -> Vec<Post> {
    let mut shown = posts(0..8);
    text.clone_into(&mut shown[6].text);
    shown
}

#[test]
fn a_feed_that_republishes_shows_a_rewritten_entry_on_top_with_its_id_and_date_and_no_other_feed_does()
 {
    let planet = with_again();
    planet.later(chrono::TimeDelta::days(2));
    let (all, again) = ("public/feed.json", "public/again/feed.json");
    let before = (standing(&planet, all), standing(&planet, again));
    let closed = planet.agg.read("public/again/archive/1.xml");
    let rewritten = "Nobody climbs to the lamp any more: it is lit by a switch, in an office, far from the sea.";
    planet.show("quay", old_post(rewritten));
    planet.fetch();
    assert_eq!(standing(&planet, all), before.0, "an entry never rises");
    let mut expected = before.1;
    let risen = expected.remove(6);
    expected.insert(0, risen);
    assert_eq!(standing(&planet, again), expected);
    let first = &planet.items(again)[0];
    assert!(first["date_modified"].as_str() > first["date_published"].as_str());
    assert_eq!(
        planet.agg.read("public/again/archive/1.xml"),
        closed,
        "what is closed stays"
    );
    let diff = planet.agg.run("publish --diff");
    assert_eq!(diff.code, 0, "{}", diff.stdout);
    assert!(
        diff.stdout.contains("nothing would change"),
        "{}",
        diff.stdout
    );
    // again within a day, it changes where it stands
    planet.show("quay", old_post(LONG));
    planet.fetch();
    let mut newer = old_post(LONG);
    newer.insert(0, posts(8..9).remove(0));
    planet.show("quay", newer);
    planet.fetch();
    let titles = planet.titles(again);
    assert_eq!(titles[..2], ["quay post-8", "quay post-1"]);
    assert_eq!(titles.len(), 9);
    assert_eq!(planet.agg.run("doctor").code, 0);
}

#[test]
fn a_mended_word_and_a_new_template_are_no_news() {
    let planet = with_again();
    planet.later(chrono::TimeDelta::days(2));
    let again = "public/again/feed.json";
    let before = standing(&planet, again);
    planet.show("quay", old_post(&LONG.replace("dusk", "dawn")));
    assert_eq!(planet.fetch().changes(), (0, 1));
    assert_eq!(standing(&planet, again), before);
    planet.later(chrono::TimeDelta::days(2));
    let mut shown = old_post(LONG);
    for post in &mut shown {
        post.text = format!(
            "Subscribe to our letter, it is free and comes every week. {}",
            post.text
        );
    }
    planet.show("quay", shown);
    assert_eq!(planet.fetch().changes(), (0, 8));
    assert_eq!(standing(&planet, again), before);
}

#[test]
fn a_feed_in_the_order_of_dates_cannot_republish_and_says_so() {
    let planet = Planet::new(&format!("{AGAIN}order = \"date\"\n"), &["quay"]);
    let run = planet.agg.run("check");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("republish") && run.stderr.contains("feeds.toml:"),
        "{}",
        run.stderr
    );
}
