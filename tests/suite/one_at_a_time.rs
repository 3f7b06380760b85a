//! One archive, several runs of agg: those that write take turns, those that look are in nobody's way.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::program::Agg;
use crate::running::{Running, until};
use crate::site::{Reply, Site};

const FEED: &str = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Kiln</title><id>urn:kiln</id>
<updated>2026-02-03T10:00:00Z</updated><entry><id>urn:kiln:1</id><title>Glaze tests</title>
<link href="https://kiln.example/glaze"/><updated>2026-02-03T10:00:00Z</updated></entry></feed>"#;
/// Who runs no service and owns no file.
const NOBODY: u32 = 65_534;

/// A folder with one source, on a site that answers when it is let.
fn held_site() -> (Agg, Site, Arc<AtomicBool>) {
    let free = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&free);
    let site = Site::open(move |_| {
        until("the site is let", || gate.load(Ordering::SeqCst));
        Reply::ok("application/atom+xml", FEED)
    });
    let agg = Agg::new();
    agg.configure(&format!(
        "[[source]]\nid = \"kiln\"\nurl = \"{}\"\n",
        site.url("/feed")
    ));
    (agg, site, free)
}

fn start(agg: &Agg, line: &str) -> Running {
    Running::start(agg.args(line.split_whitespace()).into_command())
}

#[test]
fn a_second_fetch_says_for_whom_it_waits_and_then_does_its_work() {
    let (agg, site, free) = held_site();
    let first = start(&agg, "fetch");
    until("the first run asks", || !site.asked().is_empty());
    let second = start(&agg, "fetch --force");
    second.until_said(
        &format!("waiting for `agg fetch` (process {}", first.pid()),
        1,
    );
    free.store(true, Ordering::SeqCst);
    assert_eq!(first.end().0, 0);
    assert_eq!(second.end().0, 0);
    assert_eq!(site.asked().len(), 2, "one after the other");
}

#[test]
fn a_run_that_waits_in_vain_says_who_has_the_archive_and_looking_still_works() {
    let (agg, site, free) = held_site();
    let first = start(&agg, "fetch");
    until("the first run asks", || !site.asked().is_empty());
    for line in [
        "fetch --wait 0s",
        "publish --wait 0s",
        "release kiln --wait 0s",
        "serve --wait 0s --listen 127.0.0.1:0",
    ] {
        let run = agg.run(line);
        assert_eq!(run.code, 1, "{line}: {}", run.stderr);
        for word in [
            "agg.db",
            "`agg fetch`",
            &first.pid().to_string(),
            "since 2",
            "kill",
            "--wait",
        ] {
            assert!(run.stderr.contains(word), "{line}: {word}: {}", run.stderr);
        }
    }
    for line in ["list", "status", "preview --stored good kiln"] {
        let run = agg.run(line);
        assert!(!run.stderr.contains("waiting"), "{line}: {}", run.stderr);
        assert!(!run.stderr.contains("in use"), "{line}: {}", run.stderr);
    }
    assert_eq!(agg.run("list").code, 0);

    first.signal("KILL");
    assert_eq!(first.end().0, 137);
    assert!(
        agg.read("agg.db.lock").contains("agg fetch"),
        "it is left over"
    );
    free.store(true, Ordering::SeqCst);
    let run = agg.run("fetch --wait 0s");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("1 new"));
}

#[test]
fn an_archive_on_a_disk_that_takes_no_writing_can_be_looked_into() {
    let (agg, _site, free) = held_site();
    free.store(true, Ordering::SeqCst);
    assert_eq!(agg.run("fetch").code, 0);
    let folder = agg.path("");
    let before = fs::read(agg.path("agg.db")).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_agg"), agg.path("copy")).unwrap();
    for name in ["agg.db", "feeds.toml", "agg.db.lock"] {
        fs::set_permissions(agg.path(name), Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let run = |line: &str| {
        // root may write anywhere: then it is tried as somebody who may not, with a copy that they can reach
        let mut command = if is_root {
            let mut command = Command::new(agg.path("copy"));
            command.uid(NOBODY).gid(NOBODY);
            command
        } else {
            Command::new(env!("CARGO_BIN_EXE_agg"))
        };
        let output = command
            .current_dir(&folder)
            .args(line.split_whitespace())
            .output()
            .unwrap();
        let code = output.status.code().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (code, String::from_utf8(said).unwrap())
    };
    let list = run("list");
    let show = run("show 1");
    let status = run("status");
    let fetch = run("fetch");
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    for (code, said) in [&list, &show, &status] {
        assert_eq!(*code, 0, "{said}");
    }
    assert!(list.1.contains("Glaze tests"), "{}", list.1);
    assert!(show.1.contains("https://kiln.example/glaze"), "{}", show.1);
    assert!(status.1.contains("kiln"), "{}", status.1);
    assert_eq!(fetch.0, 1);
    assert!(fetch.1.contains("agg.db.lock"), "{}", fetch.1);
    assert_eq!(fs::read(agg.path("agg.db")).unwrap(), before);
}
