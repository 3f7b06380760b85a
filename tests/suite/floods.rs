//! No flood reaches subscribers: new sources come in slowly, and what comes all at once waits.

use serde_json::Value;

use crate::planet::{Planet, posts};

fn titles(blog: &str, numbers: std::ops::Range<u32>) -> Vec<String> {
    numbers.rev().map(|n| format!("{blog} post-{n}")).collect()
}

#[test]
fn a_first_publication_shows_all_there_is() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", posts(0..27));
    let publication = planet.fetch().publication.unwrap();
    assert_eq!(publication.held_back, []);
    assert_eq!(planet.titles("public/feed.json"), titles("quay", 0..27));
}

#[test]
fn a_new_source_puts_only_its_newest_few_on_the_front_page() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", posts(0..3));
    planet.fetch();
    planet.configure("", &["quay", "mole"]);
    planet.show("mole", posts(0..27));
    let publication = planet.fetch().publication.unwrap();
    assert_eq!((publication.entered, publication.held_back.len()), (27, 0));
    let mut expected = titles("mole", 22..27);
    expected.extend(titles("quay", 0..3));
    assert_eq!(planet.titles("public/feed.json"), expected);
    // it is no longer new, and what it left out does not come later
    planet.show("mole", posts(8..35));
    planet.fetch();
    assert_eq!(planet.titles("public/feed.json").len(), 3 + 5 + 8);
}

#[test]
fn undated_posts_of_a_new_source_stand_among_their_neighbours() {
    let planet = Planet::new("", &["quay", "mole"]);
    planet.show("quay", posts(0..9));
    let mut undated = posts(0..5);
    for at in [1, 2, 4] {
        undated[at].day = None;
    }
    planet.show("mole", undated);
    planet.fetch();
    let items = planet.items("public/feed.json");
    assert_eq!(
        items[0]["title"], "quay post-8",
        "nothing undated lands on top"
    );
    let of_mole: Vec<&Value> = (items.iter())
        .filter(|item| item["title"].as_str().unwrap().starts_with("mole"))
        .collect();
    let shown: Vec<(&str, &str)> = (of_mole.iter())
        .map(|item| {
            (
                item["title"].as_str().unwrap(),
                item["_agg"]["date_kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("mole post-4", "instant"),
            ("mole post-3", "placed"),
            ("mole post-2", "placed"),
            ("mole post-1", "instant"),
            ("mole post-0", "placed"),
        ]
    );
    // a source that is known shows something new without a date: it is as new as its first sight
    let mut more = posts(0..6);
    more[0].day = None;
    planet.show("mole", more);
    planet.fetch();
    assert_eq!(
        planet.items("public/feed.json")[0]["_agg"]["date_kind"],
        "first_seen"
    );
}

#[test]
fn how_many_that_are_can_be_said() {
    let few = "[publish]\nfirst = 2\n";
    let planet = Planet::new(few, &["quay"]);
    planet.show("quay", posts(0..3));
    planet.fetch();
    planet.configure(few, &["quay", "mole"]);
    planet.show("mole", posts(0..9));
    planet.fetch();
    assert_eq!(
        planet.titles("public/feed.json")[..2],
        titles("mole", 7..9)[..]
    );
    assert_eq!(planet.titles("public/feed.json").len(), 5);
}

#[test]
fn older_posts_that_a_longer_list_shows_go_to_the_archive_and_not_to_the_front_page() {
    let planet = Planet::new("[publish]\narchive = 10\n", &["quay"]);
    planet.show("quay", posts(24..28));
    planet.fetch();
    let front = planet.agg.read("public/feed.json");
    // the list is seven times as long now, its new part older than all that was known
    planet.show("quay", posts(0..28));
    let publication = planet.fetch().publication.unwrap();
    assert_eq!((publication.entered, publication.held_back.len()), (24, 0));
    assert_eq!(
        planet.titles("public/feed.json"),
        titles("quay", 24..28),
        "{front}"
    );
    let mut archived = planet.titles("public/archive/1.json");
    archived.extend(planet.titles("public/archive/2.json"));
    archived.sort();
    let mut older = titles("quay", 0..16);
    older.extend(titles("quay", 24..28));
    older.sort();
    assert_eq!(archived, older);
}

#[test]
fn a_new_post_with_an_old_date_is_news_if_it_stands_on_top() {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", posts(10..14));
    planet.fetch();
    let mut shown = posts(10..15);
    shown[0].day = Some(1);
    planet.show("quay", shown);
    planet.fetch();
    assert_eq!(planet.titles("public/feed.json")[0], "quay post-14");
}

/// A planet whose one blog has shown three posts, then thirty others at once.
fn flooded() -> Planet {
    let planet = Planet::new("", &["quay"]);
    planet.show("quay", posts(0..3));
    planet.fetch();
    planet.show("quay", posts(40..70));
    planet
}

#[test]
fn a_flood_is_held_back_and_said_until_the_next_run_confirms_it() {
    let planet = flooded();
    let before = planet.agg.read("public/atom.xml");
    let publication = planet.fetch().publication.unwrap();
    assert_eq!(publication.entered, 0);
    assert_eq!(publication.held_back.len(), 1);
    assert_eq!(publication.held_back[0].entries, 30);
    assert_eq!(planet.agg.read("public/atom.xml"), before);
    let status = planet.agg.run("status");
    assert!(
        status.stderr.contains("30 new entries came at once")
            && status.stderr.contains("agg release quay"),
        "{}",
        status.stderr
    );
    let status: Value =
        serde_json::from_str(&planet.agg.run("status --format json").stdout).unwrap();
    assert_eq!(status[0]["held_back"], 30);
    // writing the feeds again confirms nothing
    assert_eq!(planet.publish().entered, 0);
    assert_eq!(planet.agg.read("public/atom.xml"), before);
    // the source still shows them, though it has not changed
    let publication = planet.fetch().publication.unwrap();
    assert_eq!((publication.entered, publication.held_back.len()), (30, 0));
    assert_eq!(
        planet.titles("public/feed.json").len(),
        5 + 3,
        "the newest few"
    );
    assert_eq!(planet.titles("public/feed.json")[5..], titles("quay", 0..3));
}

#[test]
fn a_flood_that_is_gone_the_next_time_is_never_published() {
    let planet = flooded();
    planet.fetch();
    planet.show("quay", posts(1..4));
    let publication = planet.fetch().publication.unwrap();
    assert_eq!(publication.entered, 1, "the one new post goes on");
    assert_eq!(publication.held_back[0].entries, 30);
    planet.fetch();
    assert_eq!(planet.titles("public/feed.json"), titles("quay", 0..4));
}

#[test]
fn what_is_held_back_can_be_released_by_hand() {
    let planet = flooded();
    planet.fetch();
    let run = planet.agg.run("release quay");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("30 entries released"), "{}", run.stdout);
    assert_eq!(planet.titles("public/feed.json").len(), 33);
    assert!(!planet.agg.run("status").stderr.contains("at once"));
    let again = planet.agg.run("release quay");
    assert!(again.stderr.contains("nothing"), "{}", again.stderr);
    let unknown = planet.agg.run("release nobody");
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.stderr.contains("there are: quay"),
        "{}",
        unknown.stderr
    );
}

#[test]
fn a_busy_day_below_the_limit_is_no_flood() {
    let planet = Planet::new("[publish]\nhold = 4\n", &["quay"]);
    planet.show("quay", posts(0..3));
    planet.fetch();
    planet.show("quay", posts(0..7));
    assert_eq!(planet.fetch().publication.unwrap().entered, 4);
    planet.show("quay", posts(0..12));
    let publication = planet.fetch().publication.unwrap();
    assert_eq!(
        (publication.entered, publication.held_back[0].entries),
        (0, 5)
    );
}
