//! What a `[[feed]]` asks for is what its subscribers get, and a change of it floods nobody.

use crate::planet::{Planet, Post, posts};

fn post(slug: &str, day: u32, tags: &[&'static str], text: &str) -> Post {
    Post {
        slug: slug.to_owned(),
        day: Some(day),
        tags: tags.to_vec(),
        text: text.to_owned(),
        ..Post::default()
    }
}

/// Two blogs of a few posts that differ in all that feeds ask for.
fn harbour(configuration: &str) -> Planet {
    let planet = Planet::new(configuration, &["quay", "mole", "pier"]);
    planet.show(
        "quay",
        vec![
            post("tides", 9, &["Moon"], "How tides are told from the moon."),
            post("ropes", 7, &["hemp"], "Sponsored: what lasts in the rain."),
        ],
    );
    planet.show(
        "mole",
        vec![
            post("nets", 8, &["hemp", "knots"], "A knot for children."),
            post("lamps", 6, &["luna"], "Who lit them at new moon."),
        ],
    );
    planet.show("pier", vec![post("jobs", 5, &[], "We look for a pilot.")]);
    planet.fetch();
    planet
}

#[test]
fn each_filter_takes_what_it_says() {
    let planet = harbour(
        r#"
        [tags]
        moon = ["luna", "Selene"]
        [[feed]]
        id = "moon"
        tags = ["luna"]
        [[feed]]
        id = "tagged"
        tags = ["kno*", "hemp"]
        exclude = { content = ["sponsored"], summary = ["sponsored"] }
        [[feed]]
        id = "some"
        sources = ["*ole", "pier"]
        exclude = { url = ["*/jobs"] }
        [[feed]]
        id = "titles"
        include = { title = ["quay T"], summary = ["a knot*"] }
        [[feed]]
        id = "english"
        languages = ["en"]
        [[feed]]
        id = "long"
        min_read_minutes = 3
        "#,
    );
    for (feed, expected) in [
        ("moon", &["quay tides", "mole lamps"][..]),
        ("tagged", &["mole nets"]),
        ("some", &["mole nets", "mole lamps"]),
        ("titles", &["quay tides", "mole nets"]),
        ("english", &[]),
        ("long", &[]),
    ] {
        let titles = planet.titles(&format!("public/{feed}/feed.json"));
        assert_eq!(titles, expected, "{feed}");
    }
    let all = planet.items("public/feed.json");
    assert_eq!(all.len(), 5);
    let lamps = all
        .iter()
        .find(|item| item["title"] == "mole lamps")
        .unwrap();
    assert_eq!(lamps["tags"], serde_json::json!(["moon"]), "one vocabulary");
}

#[test]
fn a_change_of_the_vocabulary_is_no_update_and_no_flood() {
    let feed = "[[feed]]\nid = \"hemp\"\ntags = [\"hemp\"]\n";
    let tagged = |numbers: std::ops::Range<u32>, tag: &'static str| {
        let mut posts = posts(numbers);
        for post in &mut posts {
            post.tags = vec![tag];
        }
        posts
    };
    let planet = Planet::new(feed, &["quay", "mole"]);
    planet.show("quay", tagged(0..3, "hemp"));
    planet.show("mole", tagged(4..24, "cannabis"));
    planet.fetch();
    assert_eq!(planet.titles("public/hemp/feed.json").len(), 3);
    let times = |planet: &Planet| -> Vec<_> {
        let items = planet.items("public/feed.json").into_iter();
        items
            .map(|item| (item["id"].clone(), item["date_modified"].clone()))
            .collect()
    };
    let before = times(&planet);
    let old = planet.titles("public/hemp/feed.json");
    planet.configure(
        &format!("[tags]\nhemp = [\"cannabis\"]\n{feed}"),
        &["quay", "mole"],
    );
    planet.publish();
    assert_eq!(
        times(&planet),
        before,
        "an entry has not changed by our words for it"
    );
    let titles = planet.titles("public/hemp/feed.json");
    assert_eq!(titles.len(), 3 + 5, "the newest few of twenty: {titles:?}");
    assert!(titles.ends_with(&old));
    // and back: what it takes no more is gone, what it took stands where it stood
    planet.configure(feed, &["quay", "mole"]);
    planet.publish();
    assert_eq!(planet.titles("public/hemp/feed.json"), old);
}

#[test]
fn one_source_never_fills_a_page() {
    let table = "[[feed]]\nid = \"all\"\nshare = 4\n";
    let planet = Planet::new(table, &["quay", "mole"]);
    planet.show("quay", posts(0..9));
    planet.show("mole", posts(0..2));
    planet.fetch();
    let of_quay = |planet: &Planet| {
        let mut titles = planet.titles("public/feed.json");
        titles.retain(|title| title.starts_with("quay"));
        titles
    };
    assert_eq!(
        of_quay(&planet),
        ["quay post-8", "quay post-7", "quay post-6", "quay post-5"]
    );
    planet.show("quay", posts(8..11));
    planet.fetch();
    assert_eq!(
        of_quay(&planet),
        ["quay post-10", "quay post-9", "quay post-8", "quay post-7"]
    );
    assert_eq!(planet.titles("public/feed.json").len(), 6);
    // a greater share does not bring back what had to go
    planet.configure(&table.replace('4', "9"), &["quay", "mole"]);
    planet.publish();
    assert_eq!(of_quay(&planet).len(), 4);
}

#[test]
fn a_page_that_may_be_longer_shows_what_it_had_no_room_for() {
    let planet = Planet::new("[[feed]]\nid = \"all\"\nlimit = 2\n", &["quay"]);
    planet.show("quay", posts(0..9));
    planet.fetch();
    assert_eq!(planet.titles("public/feed.json").len(), 2);
    planet.configure("", &["quay"]);
    planet.publish();
    assert_eq!(planet.titles("public/feed.json").len(), 9);
}

#[test]
fn a_feed_in_the_order_of_dates_shows_an_old_post_among_its_like() {
    let planet = Planet::new(
        "[[feed]]\nid = \"all\"\norder = \"date\"\nlimit = 3\n",
        &["quay"],
    );
    let of_day = |day| post(&format!("day-{day}"), day, &[], "x");
    planet.show("quay", vec![of_day(20), of_day(10)]);
    planet.fetch();
    planet.show("quay", vec![of_day(20), of_day(15), of_day(10), of_day(5)]);
    planet.fetch();
    assert_eq!(
        planet.titles("public/feed.json"),
        ["quay day-20", "quay day-15", "quay day-10"]
    );
}

#[test]
fn a_feed_is_written_in_the_formats_that_are_asked_for() {
    let planet = harbour("[[feed]]\nid = \"few\"\nformats = [\"atom\", \"html\"]\n");
    let mut files: Vec<String> = std::fs::read_dir(planet.agg.path("public/few"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["atom.xml", "index.html"]);
    assert!(!planet.agg.read("public/few/index.html").contains("rss.xml"));
}

#[test]
fn there_is_a_feed_for_each_source_and_each_tag_that_is_worth_one() {
    let planet = harbour(
        "[tags]\n\"night sky\" = [\"moon\", \"luna\"]\n[[feed]]\neach = \"source\"\nsources = [\"quay\", \"mole\"]\n\
         [[feed]]\neach = \"tag\"\nid = \"about\"\nleast = 2\ntitle = \"Harbour\"\n",
    );
    assert_eq!(
        planet.titles("public/source/quay/feed.json"),
        ["quay tides", "quay ropes"]
    );
    assert_eq!(
        planet.titles("public/source/mole/feed.json"),
        ["mole nets", "mole lamps"]
    );
    assert!(!planet.agg.path("public/source/pier").exists());
    assert_eq!(
        planet.titles("public/about/hemp/feed.json"),
        ["mole nets", "quay ropes"]
    );
    assert_eq!(
        planet.titles("public/about/night-sky/feed.json"),
        ["quay tides", "mole lamps"]
    );
    assert!(
        !planet.agg.path("public/about/knots").exists(),
        "one entry is not worth a feed"
    );
    let feed = planet.agg.read("public/about/night-sky/atom.xml");
    assert!(feed.contains("<title>Harbour: night sky</title>"), "{feed}");
    assert!(
        feed.contains("http://127.0.0.1:8080/about/night-sky/atom.xml"),
        "{feed}"
    );
}

#[test]
fn a_feed_is_filtered_by_what_it_shows_and_not_by_what_others_make_of_it() {
    let planet = Planet::new(
        r#"
        [[feed]]
        id = "clean"
        sources = ["mole"]
        exclude = { title = ["mole nets"] }
        [[feed]]
        id = "moon"
        sources = ["mole", "pier"]
        tags = ["moon"]
        "#,
        &["quay", "mole", "pier"],
    );
    let link = Some("https://nets.example/".to_owned());
    let of = |tag: &'static str, text: &str| Post {
        link: link.clone(),
        ..post("nets", 8, &[tag], text)
    };
    planet.show(
        "quay",
        vec![of(
            "moon",
            "A knot for children, and how it is made of two.",
        )],
    );
    planet.show("mole", vec![of("sun", "A knot.")]);
    planet.show(
        "pier",
        vec![post("tides", 9, &["moon"], "How tides are told.")],
    );
    planet.fetch();
    assert_eq!(
        planet.titles("public/feed.json"),
        ["pier tides", "quay nets"]
    );
    assert!(planet.titles("public/clean/feed.json").is_empty());
    assert_eq!(planet.titles("public/moon/feed.json"), ["pier tides"]);
}

#[test]
fn an_edited_entry_leaves_the_feeds_that_it_no_longer_fits_and_comes_back() {
    let planet = Planet::new("[[feed]]\nid = \"moon\"\ntags = [\"moon\"]\n", &["quay"]);
    let shows = |tag: &'static str, text: &str| {
        let nets = post("nets", 8, &["moon"], "A knot.");
        planet.show("quay", vec![post("tides", 9, &[tag], text), nets]);
        planet.fetch();
        planet.titles("public/moon/feed.json")
    };
    assert_eq!(
        shows("moon", "How tides are told."),
        ["quay tides", "quay nets"]
    );
    assert_eq!(shows("sun", "How days are told."), ["quay nets"]);
    assert_eq!(
        shows("moon", "How days are told."),
        ["quay tides", "quay nets"]
    );
}
