//! What a source mends of its posts without another text, and dates that come late or were wrong.

use crate::planet::{Planet, posts};

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
