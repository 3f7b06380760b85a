//! Where an entry stands, and why it is not where somebody looks for it: `agg list`, `agg show`, `agg explain`.

use serde_json::Value;

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

fn explained(planet: &Planet, entry: &str) -> String {
    let run = planet.agg.run(&format!("explain {entry}"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn explain_names_the_filter_that_leaves_an_entry_out() {
    let planet = Planet::new(
        r#"
        [tags]
        moon = ["luna"]
        [[feed]]
        id = "moon"
        tags = ["moon"]
        [[feed]]
        id = "english"
        languages = ["en"]
        [[feed]]
        id = "long"
        min_read_minutes = 3
        [[feed]]
        id = "ropes"
        include = { title = ["rope"] }
        [[feed]]
        id = "clean"
        exclude = { summary = ["sponsored"] }
        [[feed]]
        id = "pier"
        sources = ["pier"]
        "#,
        &["quay", "pier"],
    );
    planet.show(
        "quay",
        vec![post("nets", 8, &["hemp"], "Sponsored: what lasts.")],
    );
    planet.show("pier", vec![post("jobs", 5, &["luna"], "A pilot.")]);
    planet.fetch();
    let text = explained(&planet, "https://quay.example/nets");
    for line in [
        "all: in it, as number 1",
        "moon: not in it: `tags` asks for moon, and it has hemp",
        "english: not in it: `languages` takes en, and it is of unknown language",
        "long: not in it: `min_read_minutes` is 3, and nobody knows how long it takes",
        "ropes: not in it: it meets nothing of `include`: title = \"rope\"",
        "clean: not in it: `exclude` leaves it out: summary = \"sponsored\"",
        "pier: not in it: it is of other sources",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let text = explained(&planet, "https://pier.example/jobs");
    for line in ["moon: in it, as number 1", "pier: in it, as number 1"] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn an_entry_of_a_flood_is_held_back_wherever_it_is_shown() {
    let planet = Planet::new("[publish]\nhold = 3\n", &["quay"]);
    planet.show("quay", posts(0..2));
    planet.fetch();
    planet.show("quay", posts(0..9));
    planet.fetch();
    let list: Value = serde_json::from_str(&planet.agg.run("list --format json").stdout).unwrap();
    let states: Vec<(&str, &str)> = (list.as_array().unwrap().iter())
        .map(|it| (it["title"].as_str().unwrap(), it["state"].as_str().unwrap()))
        .collect();
    assert_eq!(states[0], ("quay post-8", "held"));
    assert_eq!(states[8], ("quay post-0", "published"));
    let table = planet.agg.run("list").stdout;
    let held = table.lines().filter(|line| line.contains(" held ")).count();
    assert_eq!(held, 7, "{table}");
    for command in ["show", "explain"] {
        let run = planet
            .agg
            .run(&format!("{command} https://quay.example/post-8"));
        assert!(
            run.stdout
                .contains("all: held back since 2026-04-01 14:00 with a flood of quay"),
            "{}",
            run.stdout
        );
    }
    planet.agg.run("release quay");
    assert!(explained(&planet, "https://quay.example/post-8").contains("all: in it"));
}

#[test]
fn what_is_only_in_the_archive_says_on_which_page() {
    let planet = Planet::new("[publish]\narchive = 10\nfirst = 2\n", &["quay"]);
    planet.show("quay", posts(0..3));
    planet.fetch();
    planet.configure("[publish]\narchive = 10\nfirst = 2\n", &["quay", "mole"]);
    planet.show("mole", posts(0..20));
    planet.fetch();
    // three and twenty: two closed pages, and the open one
    for (entry, page) in [("post-0", 1), ("post-7", 2)] {
        let address = format!("https://mole.example/{entry}");
        let file = format!("archive/{page}.xml");
        let said = format!("all: on page {page} of its archive ({file})");
        for command in ["show", "explain"] {
            let text = planet.agg.run(&format!("{command} {address}")).stdout;
            assert!(text.contains(&said), "{said}\n{text}");
        }
        let page = planet.agg.read(&format!("public/{file}"));
        assert!(page.contains(&address), "{file}");
    }
    let list = planet.agg.run("list --source mole").stdout;
    let archived = list.lines().filter(|line| line.contains(" archive "));
    assert_eq!(archived.count(), 18, "{list}");
}

#[test]
fn what_newer_entries_have_pushed_out_says_by_which_limit() {
    let feeds = "[[feed]]\nid = \"few\"\nlimit = 2\n[[feed]]\nid = \"fair\"\nshare = 1\n";
    let planet = Planet::new(feeds, &["quay", "mole"]);
    planet.show("quay", posts(0..3));
    planet.show("mole", posts(0..1));
    planet.fetch();
    let text = explained(&planet, "https://quay.example/post-0");
    for line in [
        "few: on page 1 of its archive (few/archive/1.xml), below its limit: 2 newer entries are shown",
        "fair: on page 1 of its archive (fair/archive/1.xml): of one source it shows 1 entry at most",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn entries_that_were_joined_are_one_line_that_says_so() {
    let planet = Planet::new("", &["quay", "mole"]);
    planet.show("quay", vec![post("a", 1, &[], "What the tide brings in.")]);
    planet.show("mole", vec![post("b", 2, &[], "Who mends the nets.")]);
    planet.fetch();
    let run = planet
        .agg
        .run("join https://quay.example/a https://mole.example/b");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let list = planet.agg.run("list").stdout;
    let joined = list.lines().filter(|line| line.contains(" joined "));
    assert_eq!((joined.count(), list.lines().count()), (1, 2), "{list}");
    let shown = planet.agg.run("show https://quay.example/a").stdout;
    assert!(shown.contains("joined  with "), "{shown}");
}

#[test]
fn a_tag_is_found_by_every_word_that_means_the_same() {
    let planet = Planet::new("[tags]\nmoon = [\"luna\", \"Selene\"]\n", &["quay"]);
    planet.show(
        "quay",
        vec![
            post("one", 9, &["Moon"], "One."),
            post("two", 8, &["selene"], "Two."),
            post("three", 7, &["sun"], "Three."),
        ],
    );
    planet.fetch();
    for tag in ["moon", "#Luna", "SELENE"] {
        let run = planet.agg.args(["list", "--tag", tag]).run();
        assert_eq!(run.stdout.lines().count(), 3, "{tag}: {}", run.stdout);
        assert!(!run.stdout.contains("three"), "{}", run.stdout);
    }
    let run = planet.agg.args(["list", "--tag", "sun"]).run();
    assert!(run.stdout.contains("three"), "{}", run.stdout);
    let run = planet.agg.args(["list", "--tag", "##"]).run();
    assert_eq!(run.code, 2, "{}", run.stderr);
}
