//! Killed at any instant, or out of room at any write: nothing that was stored is lost, no half file is seen, and the next run
//! ends where an undisturbed one would have.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::program::{Agg, Run};

/// How many runs are killed at once: more than there are processors, so that they are cut off at odd places.
const AT_ONCE: usize = 4;
const CONFIGURATION: &str = "[site]\ntitle = \"Mill race\"\nurl = \"https://feeds.example.org/\"\n[publish]\narchive = 5\n\
    [[source]]\nid = \"sluice\"\nurl = \"https://sluice.test/feed\"\n\
    [[source]]\nid = \"weir\"\nurl = \"https://weir.test/feed\"\n\
    [[source]]\nid = \"wheel\"\nurl = \"https://wheel.test/feed\"\n";

/// What each source writes about, and how many posts it has on the first and on the second day.
const SITES: [(&str, &str, usize, usize); 3] = [
    ("sluice", "gates and boards", 9, 12),
    ("weir", "water over stone", 8, 8),
    ("wheel", "buckets and bearings", 7, 9),
];

/// Writes a recorded day into `folder`: the first `posts` of each site.
fn record(agg: &Agg, folder: &str, posts: impl Fn(usize, usize) -> usize) {
    for (site, about, first, second) in SITES {
        let mut body = format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{site}</title><id>urn:mill:{site}</id>\
             <updated>2026-02-03T10:00:00Z</updated>"
        );
        for number in (1..=posts(first, second)).rev() {
            // the third post of every site is one and the same
            let (link, id) = match number {
                3 => ("shared.test/flood".to_owned(), format!("{site}:flood")),
                _ => (format!("{site}.test/{number}"), format!("{site}:{number}")),
            };
            let text = format!("Of {about}, number {number}, as the miller told it. ").repeat(40);
            let _ = write!(
                body,
                "<entry><id>urn:mill:{id}</id><title>On {about} ({number})</title>\
                 <link href=\"https://{link}\"/><published>2026-01-{number:02}T08:00:00Z</published>\
                 <updated>2026-01-{number:02}T08:00:00Z</updated><content type=\"html\">&lt;p&gt;{text}&lt;/p&gt;\
                 </content></entry>"
            );
        }
        let folder = agg.path(folder).join(format!("{site}.test"));
        fs::create_dir_all(&folder).unwrap();
        let answer =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/atom+xml\r\n\r\n{body}</feed>");
        fs::write(folder.join("feed.http"), answer).unwrap();
    }
}

/// A folder with both days, as it is before the run that is going to be killed.
fn prepared(scene: &Scene) -> Agg {
    let agg = Agg::new();
    agg.configure(CONFIGURATION);
    record(&agg, "first", |first, _| first);
    record(&agg, "second", |_, second| second);
    for line in scene.before {
        let run = agg.run(line);
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
    }
    agg.configure(&CONFIGURATION.replace("Mill race", scene.title));
    agg
}

/// Another folder that holds the same.
fn copy(agg: &Agg) -> Agg {
    let copy = Agg::new();
    for name in ["feeds.toml", "first", "second", "agg.db", "public"] {
        if agg.path(name).exists() {
            let (from, to) = (agg.path(name), copy.path(""));
            let copied = Command::new("cp").arg("-R").args([from, to]).status();
            assert!(copied.unwrap().success(), "{name}");
        }
    }
    copy
}

/// A run that is killed, and what was run before it.
struct Scene {
    before: &'static [&'static str],
    /// What the feed is called from then on.
    title: &'static str,
    line: &'static str,
    kills: usize,
}

/// What subscribers and owners have: published ids, dates and places; articles, what they are recognised by, who shows them.
fn state(agg: &Agg) -> Vec<Vec<Value>> {
    let conn = Connection::open(agg.path("agg.db")).unwrap();
    let mut rows = Vec::new();
    for question in [
        "SELECT f.id, p.sequence, l.published_id, l.date, l.date_kind, p.front, p.fits
         FROM publications p JOIN feeds f ON f.num = p.feed JOIN ledger l ON l.entry = p.entry ORDER BY 1, 2",
        "SELECT f.id, a.page, a.last FROM archives a JOIN feeds f ON f.num = a.feed ORDER BY 1, 2",
        "SELECT a.kind, a.value, e.title, e.url, hex(e.text) FROM aliases a JOIN entries e ON e.id = a.entry ORDER BY 1, 2",
        "SELECT c.id, s.guid, s.place, s.gives_body, length(b.html)
         FROM sightings s JOIN sources c ON c.num = s.source LEFT JOIN bodies b ON b.sighting = s.id ORDER BY 1, 2",
        "SELECT count(*) FROM pending WHERE entry NOT IN (SELECT entry FROM ledger)",
        "SELECT count(*) FROM joined",
        "SELECT count(*) FROM held",
    ] {
        let mut statement = conn.prepare(question).unwrap();
        let columns = statement.column_count();
        let read = statement
            .query_map([], |row| (0..columns).map(|at| row.get(at)).collect())
            .unwrap();
        rows.extend(read.map(|row| row.unwrap()));
    }
    rows
}

/// A published document but for the line that says when its feed was published last: each run has its own time.
fn without_its_instant(bytes: &[u8]) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    for mark in ["<updated>", "<lastBuildDate>", "\u{b7} updated <time"] {
        if let Some(begin) = text.find(mark) {
            let end = text[begin..].find('\n').map_or(text.len(), |at| begin + at);
            text.replace_range(begin..end, mark);
        }
    }
    text.into_bytes()
}

/// Every file below `folder` by its path, but for [`without_its_instant`].
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(listed) = fs::read_dir(&next) else {
            continue;
        };
        for path in listed.map(|file| file.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, without_its_instant(&fs::read(&path).unwrap()));
            }
        }
    }
    found
}

fn is_hidden(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|name| name.starts_with('.'))
}

/// The archive opens, is whole, and knows every id that stands in the published files.
fn assert_whole(agg: &Agg, when: &str) {
    let path = agg.path("agg.db");
    if !path.exists() {
        return;
    }
    let conn = Connection::open(&path).unwrap();
    let answer: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(answer, "ok", "{when}");
    let mut dangling = conn.prepare("PRAGMA foreign_key_check").unwrap();
    assert!(!dangling.exists([]).unwrap(), "{when}: dangling references");
    let Ok(feed) = fs::read(agg.path("public/feed.json")) else {
        return;
    };
    let feed: serde_json::Value = serde_json::from_slice(&feed).unwrap();
    for item in feed["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let known = conn
            .prepare("SELECT 1 FROM ledger WHERE published_id = ?1")
            .unwrap()
            .exists([id])
            .unwrap();
        assert!(known, "{when}: {id} is published and not on record");
    }
}

/// What an undisturbed run begins with and ends in.
struct Undisturbed {
    before: BTreeMap<String, Vec<u8>>,
    after: BTreeMap<String, Vec<u8>>,
    state: Vec<Vec<Value>>,
}

fn undisturbed(scene: &Scene, prepared: &Agg) -> Undisturbed {
    let agg = copy(prepared);
    let before = files(&agg.path("public"));
    let run = agg.run(scene.line);
    assert_eq!(run.code, 0, "{}", run.stderr);
    Undisturbed {
        before,
        after: files(&agg.path("public")),
        state: state(&agg),
    }
}

/// Nothing is lost or half done after a run that was cut off.
fn assert_harmless(agg: &Agg, expected: &Undisturbed, when: &str) {
    assert_whole(agg, when);
    for (path, bytes) in files(&agg.path("public")) {
        let whole = [expected.before.get(&path), expected.after.get(&path)];
        assert!(
            is_hidden(&path) || whole.contains(&Some(&bytes)),
            "{when}: {path} is neither the old file nor the new one"
        );
    }
}

/// The `run` after it has ended where an undisturbed one does.
fn assert_same_end(agg: &Agg, run: &Run, expected: &Undisturbed, when: &str) {
    assert_eq!(run.code, 0, "{when}: {}", run.stderr);
    assert_whole(agg, when);
    assert_eq!(state(agg), expected.state, "{when}");
    let found = files(&agg.path("public"));
    assert!(found == expected.after, "{when}: {:?}", found.keys());
}

/// Kills a run `delay` after its start: true if it had not ended by itself.
pub(crate) fn kill_after(agg: &Agg, line: &str, delay: Duration) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    let mut child = agg
        .args(line.split_whitespace())
        .into_command()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(delay);
    let _ = child.kill();
    child.wait().unwrap().signal().is_some()
}

/// Kills runs of the scene at chance instants, each in a folder of its own; gives how many were cut off.
fn kill_and_run_again(scene: &Scene) -> usize {
    let prepared = prepared(scene);
    let expected = undisturbed(scene, &prepared);
    let (next, cut) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                // how long a run takes is measured anew each time: the machine has other things to do
                let mut length = Duration::from_millis(100);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= scene.kills {
                        return;
                    }
                    let agg = copy(&prepared);
                    let delay = length.mul_f64(chance(number));
                    if kill_after(&agg, scene.line, delay) {
                        cut.fetch_add(1, Ordering::Relaxed);
                    }
                    let when = format!("`{}` killed after {delay:?}", scene.line);
                    assert_harmless(&agg, &expected, &when);
                    let begun = Instant::now();
                    let run = agg.run(scene.line);
                    length = begun.elapsed();
                    assert_same_end(&agg, &run, &expected, &when);
                }
            });
        }
    });
    cut.into_inner()
}

/// A number from 0 to 1, always the same for `seed`.
pub(crate) fn chance(seed: usize) -> f64 {
    let mut state = u32::try_from(seed).unwrap() ^ 0x9e37_79b9;
    for _ in 0..4 {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
    }
    f64::from(state) / f64::from(u32::MAX)
}

fn assert_survives(scene: &Scene) {
    let cut = kill_and_run_again(scene);
    assert!(
        cut * 2 > scene.kills,
        "only {cut} of {} runs were cut off: nothing is shown by that",
        scene.kills
    );
}

#[test]
fn a_first_fetch_that_is_killed_is_done_by_the_next_one_as_if_nothing_had_been() {
    assert_survives(&Scene {
        before: &[],
        title: "Mill race",
        line: "fetch --replay first",
        kills: 80,
    });
}

#[test]
fn a_later_fetch_that_is_killed_loses_nothing_and_publishes_nothing_twice() {
    assert_survives(&Scene {
        before: &["fetch --replay first"],
        title: "Mill race",
        line: "fetch --replay second",
        kills: 70,
    });
}

#[test]
fn a_publication_that_is_killed_leaves_whole_files_old_or_new() {
    assert_survives(&Scene {
        before: &["fetch --replay first"],
        title: "Mill pond",
        line: "publish",
        kills: 50,
    });
}

/// Runs the line with a limit to the size of every file it writes: the write that would go beyond it fails.
pub(crate) fn run_with_little_room(agg: &Agg, line: &str, kilobytes: usize) -> Run {
    let words = format!(
        "trap '' XFSZ; ulimit -f {kilobytes}; exec '{}' {line}",
        env!("CARGO_BIN_EXE_agg")
    );
    let output = Command::new("bash")
        .current_dir(agg.path(""))
        .args(["-c", &words])
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Gives a run more and more room, until it has enough.
fn assert_survives_want_of_room(scene: &Scene, step: usize) {
    let prepared = prepared(scene);
    let expected = undisturbed(scene, &prepared);
    for (failed, kilobytes) in (0..2_000).step_by(step).enumerate() {
        let agg = copy(&prepared);
        let run = run_with_little_room(&agg, scene.line, kilobytes);
        let when = format!("`{}` with files of {kilobytes} kB", scene.line);
        assert_harmless(&agg, &expected, &when);
        if run.code == 0 {
            assert!(failed > 0, "{when}: nothing is shown by that");
            return;
        }
        assert_eq!(run.code, 1, "{when}: {}", run.stderr);
        let named = ["agg.db", "public/"];
        assert!(
            run.stderr.starts_with("error: ") && named.iter().any(|it| run.stderr.contains(it)),
            "{when}: {}",
            run.stderr
        );
        if run.stderr.contains("database agg.db") {
            assert!(run.stderr.contains("ulimit"), "{when}: {}", run.stderr);
        }
        let run = agg.run(scene.line);
        assert_same_end(&agg, &run, &expected, &when);
    }
    panic!("`{}` never had room enough", scene.line);
}

#[test]
fn a_first_fetch_without_room_says_so_and_is_done_by_the_next_one() {
    assert_survives_want_of_room(
        &Scene {
            before: &[],
            title: "Mill race",
            line: "fetch --replay first",
            kills: 0,
        },
        24,
    );
}

#[test]
fn a_later_fetch_without_room_loses_nothing() {
    assert_survives_want_of_room(
        &Scene {
            before: &["fetch --replay first"],
            title: "Mill race",
            line: "fetch --replay second",
            kills: 0,
        },
        12,
    );
}

#[test]
fn a_publication_without_room_leaves_whole_files_old_or_new() {
    assert_survives_want_of_room(
        &Scene {
            before: &["fetch --replay first"],
            title: "Mill pond",
            line: "publish",
            kills: 0,
        },
        4,
    );
}
