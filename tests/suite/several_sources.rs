//! One article from several sources, of which some come and go: what is shown, of whom, and under which id.

use serde_json::Value;

use crate::planet::{Planet, Post, posts};

/// Three posts of one site, as a source shows them that adds this to their texts.
fn shown(addition: &str) -> Vec<Post> {
    let mut shown = posts(0..3);
    for post in &mut shown {
        post.link = Some(format!("https://site.example/{}", post.slug));
        post.text += addition;
    }
    shown
}

const LONG: &str = " And a second sentence, which makes it longer than what the other one has.";

fn each(planet: &Planet, read: impl Fn(&Value) -> Value) -> Vec<Value> {
    planet.items("public/feed.json").iter().map(read).collect()
}

#[test]
fn a_source_that_was_removed_is_credited_no_more_and_hides_no_edit() {
    let planet = Planet::new("", &["copy", "real"]);
    planet.show("copy", shown(LONG));
    planet.show("real", shown(""));
    planet.fetch();
    let lasting = |item: &Value| serde_json::json!([item["id"], item["date_published"]]);
    let before = each(&planet, lasting);
    assert!(planet.titles("public/feed.json")[0].starts_with("copy"));
    planet.configure("", &["real"]);
    let mut retracted = shown("");
    retracted[0].text = "We take that back.".to_owned();
    planet.show("real", retracted);
    planet.fetch();
    assert_eq!(each(&planet, lasting), before);
    let items = planet.items("public/feed.json");
    assert_eq!(items[0]["summary"], "We take that back.");
    for item in &items {
        assert!(
            item["title"].as_str().unwrap().starts_with("real"),
            "{item}"
        );
        assert_eq!(
            item["_agg"]["origins"].as_array().unwrap().len(),
            1,
            "{item}"
        );
    }
    assert!(!planet.agg.read("public/atom.xml").contains("copy"));
    // it is back
    planet.configure("", &["copy", "real"]);
    planet.publish();
    let items = planet.items("public/feed.json");
    assert!(items[1]["title"].as_str().unwrap().starts_with("copy"));
    assert_eq!(each(&planet, lasting), before);
}

#[test]
fn the_posts_of_the_only_source_that_shows_them_go_with_it_and_come_back_as_they_were() {
    let planet = Planet::new("", &["copy", "real"]);
    planet.show("copy", posts(5..7));
    planet.show("real", shown(""));
    planet.fetch();
    let before = planet.agg.read("public/feed.json");
    planet.configure("", &["real"]);
    planet.publish();
    assert_eq!(planet.items("public/feed.json").len(), 3);
    planet.configure("", &["copy", "real"]);
    planet.publish();
    assert_eq!(planet.agg.read("public/feed.json"), before);
}

#[test]
fn a_source_under_another_name_is_the_one_that_it_was_even_while_it_fails() {
    let planet = Planet::new("", &["quay", "mole"]);
    planet.show("quay", posts(0..3));
    planet.show("mole", posts(3..6));
    planet.fetch();
    let lasting = |item: &Value| serde_json::json!([item["id"], item["date_published"]]);
    let before = each(&planet, lasting);
    let text = planet.agg.read("feeds.toml");
    planet
        .agg
        .configure(&text.replace("id = \"quay\"", "id = \"pier\""));
    planet.publish();
    assert_eq!(each(&planet, lasting), before);
    let origin = |item: &Value| item["_agg"]["origins"][0]["source"].clone();
    assert!(each(&planet, origin).contains(&Value::from("pier")));
    assert_eq!(planet.fetch().changes(), (0, 0));
    assert_eq!(each(&planet, lasting), before);
}
