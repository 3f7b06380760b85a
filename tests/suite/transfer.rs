//! The whole archive as JSON Lines, and back.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::kill::{chance, kill_after, run_with_little_room};
use crate::program::Agg;

/// A folder whose archive has been filled, used in several ways and published.
fn filled() -> Agg {
    let agg = Agg::with_eleven_sources();
    let text = agg.read("feeds.toml");
    let text = text
        .replace("limit = 100 ", "limit = 20 ")
        .replace("archive = 100 ", "archive = 10 ");
    let another = "[[feed]]\nid = \"some\"\ntags = [\"rust\", \"llm*\"]\n\n# --- Pages";
    agg.configure(&text.replacen("# --- Pages", another, 1));
    for line in [
        "fetch --replay fixtures/web",
        "join 1 2",
        "split 1",
        "join 3 40",
        "publish",
    ] {
        let run = agg.run(line);
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
    }
    agg
}

/// Another folder with the same configuration, and no archive.
fn fresh(agg: &Agg) -> Agg {
    let other = Agg::new();
    fs::copy(agg.path("feeds.toml"), other.path("feeds.toml")).unwrap();
    other
}

/// Every published file.
fn published(agg: &Agg) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&agg.path("public"), &agg.path("public"), &mut found);
    found
}

#[test]
fn an_archive_that_goes_through_an_export_publishes_the_same_bytes_and_finds_nothing_new() {
    let agg = filled();
    let run = agg.run("export all.jsonl");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("all.jsonl: "), "{}", run.stdout);
    let exported = agg.read("all.jsonl");

    let copy = fresh(&agg);
    fs::copy(agg.path("all.jsonl"), copy.path("all.jsonl")).unwrap();
    let run = copy.run("import all.jsonl");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("86 entries, 87 published"),
        "{}",
        run.stdout
    );
    let run = copy.run("doctor");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let run = copy.run("export again.jsonl");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(exported == copy.read("again.jsonl"), "another export");

    assert_eq!(copy.run("publish").code, 0);
    let before = published(&agg);
    assert!(
        before.keys().any(|name| name.contains("archive/")),
        "{:?}",
        before.keys()
    );
    assert!(before == published(&copy), "other bytes are published");
    for line in [
        "list --format json",
        "list --search the --format json",
        "status --format json",
    ] {
        assert_eq!(agg.run(line).stdout, copy.run(line).stdout, "{line}");
    }

    let run = copy.run("fetch --replay fixtures/web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("nothing new"), "{}", run.stdout);
    assert!(before == published(&copy), "something is new");
    assert_eq!(copy.run("doctor").code, 0);
}

#[test]
fn an_export_goes_through_a_pipe_and_is_of_one_moment() {
    let agg = filled();
    let writer = Connection::open(agg.path("agg.db")).unwrap();
    writer
        .execute_batch("BEGIN IMMEDIATE; UPDATE entries SET title = 'half done';")
        .unwrap();
    let run = agg.run("export");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stdout.contains("half done"));
    drop(writer);

    let copy = fresh(&agg);
    let mut child = copy
        .args(["import", "-"])
        .into_command()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(run.stdout.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success());
    assert!(copy.run("export").stdout == run.stdout);
}

#[test]
fn an_export_replaces_nothing_unless_it_is_told_to_and_never_the_archive_itself() {
    let agg = filled();
    fs::write(agg.path("all.jsonl"), "dear to somebody").unwrap();
    let run = agg.run("export all.jsonl");
    assert_eq!(run.code, 1);
    for word in ["all.jsonl is there already", "--force"] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    assert_eq!(agg.read("all.jsonl"), "dear to somebody");
    let run = agg.run("export --force all.jsonl");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        agg.read("all.jsonl")
            .starts_with("{\"format\":\"agg archive\"")
    );
    for ours in ["agg.db", "agg.db-wal", "./agg.db.lock"] {
        let run = agg.run(&format!("export --force {ours}"));
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains("in use"), "{ours}: {}", run.stderr);
    }
    let run = agg.run("export --force nowhere/all.jsonl");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("folder does not exist") && !run.stderr.contains("`database`"),
        "{}",
        run.stderr
    );
    assert_eq!(agg.run("list").code, 0);
}

#[test]
fn a_file_that_is_no_whole_export_is_refused_with_its_line_and_the_next_import_is_none_the_worse() {
    let agg = filled();
    assert_eq!(agg.run("export all.jsonl").code, 0);
    let text = agg.read("all.jsonl");
    let copy = fresh(&agg);
    fs::write(copy.path("cut.jsonl"), &text[..text.len() / 2]).unwrap();
    let run = copy.run("import cut.jsonl");
    assert_eq!(run.code, 1);
    let line = text[..text.len() / 2].lines().count();
    for word in [
        &*format!("cut.jsonl, line {line}: "),
        "nothing was imported",
        "help",
    ] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    let run = copy.run("import missing.jsonl");
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("cannot read missing.jsonl"),
        "{}",
        run.stderr
    );
    fs::write(copy.path("all.jsonl"), &text).unwrap();
    assert_eq!(copy.run("import all.jsonl").code, 0);

    let run = copy.run("import all.jsonl");
    assert_eq!(run.code, 1);
    for word in ["agg.db is not empty", "another `database`"] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    assert!(copy.run("export").stdout == text);
}

#[test]
fn help_says_what_every_line_of_an_export_is() {
    let agg = filled();
    let help = agg.run("export --help").stdout;
    let words: Vec<&str> = help.split([' ', ',', '\n']).collect();
    for line in agg.run("export").stdout.lines().skip(1) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let kind = line["line"].as_str().unwrap();
        assert!(words.contains(&kind), "{kind}: {help}");
    }
}

#[test]
fn an_export_holds_no_secret() {
    let agg = Agg::new();
    agg.configure(
        "[[source]]\nid = \"tidepool\"\nurl = \"https://tidepool.example/feeds/notes.atom\"\n\
         headers = { X-Key = { file = \"key\" } }\n",
    );
    fs::write(agg.path("key"), "s3cret-word").unwrap();
    let run = agg.run("fetch --replay fixtures/web");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = agg.run("export");
    assert!(run.stdout.contains("\"line\":\"ledger\""), "{}", run.stderr);
    assert!(!run.stdout.contains("s3cret"));
}

#[test]
fn the_list_of_sources_goes_to_another_configuration_as_opml() {
    let agg = filled();
    let run = agg.run("export --opml sources.opml");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(agg.read("sources.opml"), agg.read("public/sources.opml"));
    let printed = agg.run("export --opml").stdout;
    assert_eq!(printed, agg.read("sources.opml"));

    let other = Agg::new();
    other.configure(
        "# mine\n[[source]]\nid = \"tide\"\nurl = \"https://tidepool.example/feeds/notes.atom\" # dear\n",
    );
    fs::copy(agg.path("sources.opml"), other.path("sources.opml")).unwrap();
    let run = other.run("import sources.opml");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 10, "{}", run.stdout);
    assert!(
        run.stderr.contains("notes.atom: is read already"),
        "{}",
        run.stderr
    );
    let text = other.read("feeds.toml");
    assert!(
        text.starts_with("# mine\n") && text.contains("# dear"),
        "{text}"
    );
    assert_eq!(other.run("check").code, 0);
    let run = other.run("import sources.opml");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert_eq!(other.read("feeds.toml"), text);
    assert!(!other.path("agg.db").exists());
}

#[test]
fn the_list_of_sources_can_be_exported_before_the_first_run() {
    let agg = Agg::new();
    agg.configure(
        "[[source]]\nurl = \"https://a.example/feed\"\nkind = \"feed\"\ntitle = \"A\"\n[[source]]\nurl = \"https://b.example/\"\n",
    );
    let run = agg.run("export --opml list.opml");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let list = agg.read("list.opml");
    assert!(
        list.contains("text=\"A\" title=\"A\" xmlUrl=\"https://a.example/feed\""),
        "{list}"
    );
    assert!(list.contains("text=\"b.example\""), "{list}");
    assert_eq!(agg.run("export --opml").stdout, list);
    assert!(!agg.path("agg.db").exists());
}

#[test]
fn a_list_of_another_reader_is_taken_with_its_folders_whatever_its_encoding() {
    let agg = Agg::new();
    agg.configure("# mine\n");
    let list = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><opml version=\"1.0\"><body><outline text=\"Boats\">\
        <outline text=\"Caf\u{e9}\" xmlUrl=\"feed://a.example/feed\"/></outline>\
        <outline text=\"b\" xmlUrl=\"http://me:pw123secret@b.example/feed\"/></body></opml>";
    let wide = std::iter::once(0xfeff).chain(list.encode_utf16());
    fs::write(
        agg.path("list.opml"),
        wide.flat_map(u16::to_be_bytes).collect::<Vec<_>>(),
    )
    .unwrap();
    let run = agg.run("import list.opml");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        agg.read("feeds.toml"),
        "# mine\n\n[[source]]\nurl = \"http://a.example/feed\"\ntitle = \"Caf\u{e9}\"\ntags = [\"Boats\"]\n"
    );
    assert!(
        run.stderr
            .contains("left out http://b.example/feed: an address with a login"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("pw123secret"), "{}", run.stderr);
}

#[test]
fn an_export_or_an_import_without_room_says_so_and_leaves_nothing_half_done() {
    let agg = filled();
    assert_eq!(agg.run("export all.jsonl").code, 0);
    let text = agg.read("all.jsonl");
    for (failed, kilobytes) in (0..4_000).step_by(60).enumerate() {
        let run = run_with_little_room(&agg, "export other.jsonl", kilobytes);
        if run.code == 0 {
            assert!(failed > 2, "nothing is shown by that");
            break;
        }
        assert_eq!(run.code, 1, "{kilobytes} kB: {}", run.stderr);
        assert!(
            run.stderr.contains("other.jsonl") || run.stderr.contains("agg.db"),
            "{kilobytes} kB: {}",
            run.stderr
        );
        for left in ["other.jsonl", ".other.jsonl.agg-new"] {
            assert!(!agg.path(left).exists(), "{kilobytes} kB: {left}");
        }
    }
    assert!(agg.read("other.jsonl") == text);

    let copy = fresh(&agg);
    fs::write(copy.path("all.jsonl"), &text).unwrap();
    for (failed, kilobytes) in (0..8_000).step_by(160).enumerate() {
        let run = run_with_little_room(&copy, "import all.jsonl", kilobytes);
        if run.code == 0 {
            assert!(failed > 2, "nothing is shown by that");
            break;
        }
        assert_eq!(run.code, 1, "{kilobytes} kB: {}", run.stderr);
        for word in ["agg.db", "help"] {
            assert!(run.stderr.contains(word), "{kilobytes} kB: {}", run.stderr);
        }
    }
    assert!(copy.run("export").stdout == text);
}

#[test]
fn an_import_that_is_killed_has_taken_nothing_or_all() {
    let agg = filled();
    assert_eq!(agg.run("export all.jsonl").code, 0);
    let text = agg.read("all.jsonl");
    let (mut length, mut cut) = (Duration::from_millis(200), 0);
    for number in 0..16 {
        let copy = fresh(&agg);
        fs::write(copy.path("all.jsonl"), &text).unwrap();
        let delay = length.mul_f64(chance(number));
        cut += usize::from(kill_after(&copy, "import all.jsonl", delay));
        let begun = Instant::now();
        let run = copy.run("import all.jsonl");
        if run.code == 0 {
            length = begun.elapsed();
        } else {
            assert!(
                run.stderr.contains("is not empty"),
                "{delay:?}: {}",
                run.stderr
            );
        }
        assert!(copy.run("export").stdout == text, "killed after {delay:?}");
    }
    assert!(cut > 6, "only {cut} were cut off: nothing is shown by that");
}
