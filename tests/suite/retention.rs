//! What `[retain]` gives up: the full text of old entries, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;

use crate::kill::{chance, kill_after, run_with_little_room};
use crate::planet::{Planet, Post, posts};

const SMALL: &str = "[publish]\narchive = 4\nhold = 1000\n[[feed]]\nid = \"all\"\nlimit = 3\n";

/// Posts of these numbers with long texts, each with a word of its own at the end.
fn essays(numbers: std::ops::Range<u32>) -> Vec<Post> {
    let mut essays = posts(numbers);
    for essay in &mut essays {
        let number = essay.slug.trim_start_matches("post-").to_owned();
        essay.text = format!(
            "{} The word is lantern{number}.",
            format!("Sentence after sentence of number {number}, as long as an essay is. ")
                .repeat(40)
        );
    }
    essays
}

/// A planet that keeps the text of so many entries, whose blog has shown the posts 0 to 19 and lists the last five.
fn with_history(rule: &str) -> Planet {
    let planet = Planet::new(&format!("{rule}{SMALL}"), &["quay"]);
    for end in [8, 14, 20] {
        planet.show("quay", essays(end - 8..end));
        planet.fetch();
    }
    planet.show("quay", essays(15..20));
    planet.fetch();
    planet
}

/// The numbers of the posts whose text is there, lowest first.
fn kept(planet: &Planet) -> Vec<u32> {
    let number = |n: &u32| {
        let post = shown(planet, *n);
        post["entry"]["content"].is_string()
    };
    (0..20).filter(number).collect()
}

/// All that is known of a post.
fn shown(planet: &Planet, number: u32) -> Value {
    let line = format!("show --format json https://quay.example/post-{number}");
    let run = planet.agg.run(&line);
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{number}: {}", run.stderr))
}

/// Every published file with its bytes.
fn published(planet: &Planet) -> BTreeMap<String, Vec<u8>> {
    fn add(folder: &Path, all: &mut BTreeMap<String, Vec<u8>>) {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                add(&path, all);
            } else {
                all.insert(path.display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    let mut all = BTreeMap::new();
    add(&planet.agg.path("public"), &mut all);
    all
}

#[test]
fn everything_is_kept_unless_it_is_said_otherwise() {
    let planet = with_history("");
    let run = planet.agg.run("prune");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("everything is kept"), "{}", run.stderr);
    assert!(run.stdout.contains("nothing to give up"), "{}", run.stdout);
    assert_eq!(kept(&planet).len(), 20);
}

#[test]
fn only_the_text_of_what_nobody_lists_and_no_page_may_still_show_is_given_up() {
    let planet = with_history("");
    planet.configure(&format!("[retain]\nentries = 1\n{SMALL}"), &["quay"]);
    let before = published(&planet);
    let dry = planet.agg.run("prune --dry-run");
    assert!(
        dry.stdout.contains("the bodies of 15 entries") && dry.stdout.contains("would be given up"),
        "{}",
        dry.stdout
    );
    assert_eq!(kept(&planet).len(), 20);
    let run = planet.agg.run("prune");
    assert!(
        run.stdout.contains("the bodies of 15 entries"),
        "{}",
        run.stdout
    );
    // 15 to 19 are listed; 17 to 19 on the front page; 16 to 19 on the page of the archive that is open
    assert_eq!(kept(&planet), [15, 16, 17, 18, 19]);
    planet.publish();
    assert!(published(&planet) == before, "a published byte has changed");
    let told = planet.agg.run("show https://quay.example/post-3");
    assert!(
        told.stdout.contains("given up on") && told.stdout.contains("summary"),
        "{}",
        told.stdout
    );
    assert!(shown(&planet, 3)["sightings"][0]["pruned"]["length"].as_u64() > Some(2000));
    let why = planet.agg.run("explain https://quay.example/post-3");
    assert!(why.stdout.contains("given up on"), "{}", why.stdout);
    let again = planet.agg.run("prune");
    assert!(
        again.stdout.contains("nothing to give up"),
        "{}",
        again.stdout
    );
    assert_eq!(planet.agg.run("doctor").code, 0);
}

#[test]
fn what_the_front_page_and_the_open_page_of_the_archive_show_is_kept_though_its_source_lists_it_no_more()
 {
    let planet = with_history("");
    planet.configure(&format!("[retain]\nentries = 1\n{SMALL}"), &["quay"]);
    planet.show("quay", essays(19..20));
    planet.fetch();
    assert_eq!(kept(&planet), [16, 17, 18, 19]);
}

#[test]
fn a_format_that_is_added_later_has_the_texts_that_closed_pages_hold() {
    let atom = format!("[retain]\nentries = 1\n{SMALL}formats = [\"atom\"]\n");
    let planet = Planet::new(&atom, &["quay"]);
    for end in [8, 14, 20] {
        planet.show("quay", essays(end - 8..end));
        planet.fetch();
    }
    planet.later(TimeDelta::days(2));
    planet.fetch();
    assert!(!kept(&planet).contains(&0), "it is given up");
    planet.configure(&atom.replace("\"atom\"", "\"atom\", \"json\""), &["quay"]);
    planet.publish();
    let items = planet.items("public/archive/1.json");
    assert_eq!(items.len(), 4);
    for item in items {
        let number = item["title"]
            .as_str()
            .unwrap()
            .trim_start_matches("quay post-")
            .to_owned();
        let text = item["content_html"].as_str().unwrap_or_default();
        assert!(text.contains(&format!("lantern{number}.")), "{item}");
    }
}

#[test]
fn what_was_given_up_comes_back_neither_as_new_nor_as_updated() {
    let planet = with_history("");
    planet.configure(&format!("[retain]\nentries = 1\n{SMALL}"), &["quay"]);
    planet.fetch();
    let before = published(&planet);
    planet.show("quay", essays(0..20));
    let report = planet.fetch();
    assert_eq!(report.changes(), (0, 0));
    assert!(published(&planet) == before);
    // a text that has really changed is there again, and may be given up again
    let mut edited = essays(0..20);
    edited[17].text.push_str(" And a word more.");
    planet.show("quay", edited);
    assert_eq!(planet.fetch().changes(), (0, 1));
    assert!(kept(&planet).contains(&2));
    planet.show("quay", essays(19..20));
    planet.fetch();
    let run = planet.agg.run("prune");
    assert!(
        run.stdout.contains("the bodies of 2 entries"),
        "{}",
        run.stdout
    );
    assert_eq!(
        kept(&planet),
        [16, 17, 18, 19],
        "2, and 15, which is listed no more"
    );
}

#[test]
fn a_cycle_gives_up_what_has_grown_old_once_a_day_and_says_so() {
    let planet = with_history("[retain]\ndays = 30\n");
    assert_eq!(kept(&planet).len(), 20);
    planet.later(TimeDelta::days(29));
    assert!(planet.fetch().pruned.is_empty());
    planet.later(TimeDelta::hours(30));
    let report = planet.fetch();
    assert_eq!(report.pruned.len(), 1);
    assert_eq!((report.pruned[0].entries, report.changes()), (15, (0, 0)));
    assert_eq!(kept(&planet), [15, 16, 17, 18, 19]);
    // 15 is listed no more, and waits for the next day
    planet.show("quay", essays(16..20));
    assert!(planet.fetch().pruned.is_empty());
    planet.later(TimeDelta::hours(24));
    assert_eq!(planet.fetch().pruned[0].entries, 1);
}

#[test]
fn a_source_may_have_a_rule_of_its_own_and_an_empty_one_keeps_everything() {
    let planet = with_history("");
    let rule = |own: &str| {
        planet.configure(&format!("[retain]\nentries = 1\n{SMALL}"), &["quay"]);
        let text = planet.agg.read("feeds.toml");
        fs::write(
            planet.agg.path("feeds.toml"),
            format!("{text}[source.retain]\n{own}"),
        )
        .unwrap();
        planet.agg.run("prune --dry-run").stdout
    };
    assert!(rule("").contains("nothing would be given up"));
    assert!(rule("entries = 12\n").contains("the bodies of 8 entries"));
    assert!(
        rule("entries = 12\ndays = 365000\n").is_empty(),
        "a mistake"
    );
    let wrong = planet.agg.run("check");
    assert_eq!(wrong.code, 1, "{}", wrong.stderr);
    assert!(
        wrong.stderr.contains("bodies kept for 365000 days")
            && wrong.stderr.contains("feeds.toml:"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn a_search_finds_what_was_given_up_by_its_title_and_not_by_its_text() {
    let planet = with_history("");
    let hits = |words: &str| {
        let run = planet
            .agg
            .run(&format!("list --format json --search {words}"));
        let found: Value = serde_json::from_str(&run.stdout).unwrap();
        found.as_array().unwrap().len()
    };
    assert_eq!((hits("lantern3"), hits("post-3")), (1, 1));
    planet.configure(&format!("[retain]\nentries = 1\n{SMALL}"), &["quay"]);
    planet.fetch();
    assert_eq!((hits("lantern3"), hits("post-3")), (0, 1));
    assert_eq!(hits("lantern17"), 1);
    assert_eq!(planet.agg.run("doctor").code, 0);
}

#[test]
fn a_feed_that_asks_for_words_of_the_text_keeps_the_entries_whose_text_is_given_up() {
    let feed = |more: &str| {
        format!(
            "{SMALL}[[feed]]\nid = \"lanterns\"\ninclude = {{ content = [\"lantern\"] }}\n{more}"
        )
    };
    let planet = with_history("");
    planet.configure(&feed("limit = 1\n"), &["quay"]);
    planet.publish();
    let retain = "[retain]\nentries = 1\n";
    planet.configure(&format!("{retain}{}", feed("limit = 1\n")), &["quay"]);
    let run = planet.agg.run("prune");
    assert!(run.stdout.contains("15 entries"), "{}", run.stdout);
    let other = "limit = 100\nexclude = { content = [\"no such word\"] }\n";
    planet.configure(&format!("{retain}{}", feed(other)), &["quay"]);
    planet.publish();
    assert_eq!(planet.titles("public/lanterns/feed.json").len(), 20);
}

#[test]
fn the_disk_has_the_room_back() {
    let planet = Planet::new(SMALL, &["quay"]);
    for end in 1..6 {
        let mut long = essays(end * 20..end * 20 + 20);
        for (at, post) in (0..).zip(&mut long) {
            // what cannot be packed well
            let words: Vec<String> = (0..2000u32)
                .map(|n| {
                    format!(
                        "{:x}",
                        (n + 7919 * (at + 100 * end)).wrapping_mul(2_654_435_761)
                    )
                })
                .collect();
            post.text = words.join(" ");
        }
        planet.show("quay", long);
        planet.fetch();
    }
    planet.show("quay", essays(200..201));
    planet.fetch();
    let size = || fs::metadata(planet.agg.path("agg.db")).unwrap().len();
    let before = size();
    planet.configure(&format!("[retain]\nentries = 1\n{SMALL}"), &["quay"]);
    let run = planet.agg.run("prune --format json");
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    let returned = told["returned"].as_u64().unwrap();
    assert!(returned > 500_000, "{}", run.stdout);
    assert!(size() + returned <= before, "{before} {}", size());
}

#[test]
fn what_is_cut_off_or_has_no_room_gives_up_nothing_by_halves() {
    let planet = with_history("");
    planet.configure(&format!("[retain]\nentries = 1\n{SMALL}"), &["quay"]);
    let before = published(&planet);
    let whole = fs::read(planet.agg.path("agg.db")).unwrap();
    let again = || {
        for name in ["agg.db-wal", "agg.db-shm"] {
            let _ = fs::remove_file(planet.agg.path(name));
        }
        fs::write(planet.agg.path("agg.db"), &whole).unwrap();
    };
    let assert_ended = |when: &str| {
        assert_eq!(planet.agg.run("doctor").code, 0, "{when}");
        assert_eq!(planet.agg.run("prune").code, 0, "{when}");
        assert_eq!(kept(&planet), [15, 16, 17, 18, 19], "{when}");
        planet.publish();
        assert!(
            published(&planet) == before,
            "{when}: a published byte has changed"
        );
    };
    for kilobytes in (0..200).step_by(20) {
        again();
        let run = run_with_little_room(&planet.agg, "prune", kilobytes);
        let when = format!("{kilobytes} kB");
        assert!(matches!(run.code, 0 | 1), "{when}: {}", run.stderr);
        assert!(
            run.code == 0 || run.stderr.contains("agg.db"),
            "{when}: {}",
            run.stderr
        );
        assert!(
            run.code == 1 || kilobytes > 0,
            "{when}: nothing is shown by that"
        );
        assert_ended(&when);
    }
    for number in 0..8 {
        again();
        let delay = Duration::from_millis(60).mul_f64(chance(number));
        kill_after(&planet.agg, "prune", delay);
        assert_ended(&format!("killed after {delay:?}"));
    }
}
