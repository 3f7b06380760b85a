//! Years of a planet in minutes: blogs that write, move, break and come back, read by the whole line with a clock that is ours
//! to set, and a subscriber who remembers all that was ever published. Nothing is shown twice, nothing floods, no id and no
//! date changes, nothing rises, and what was published stays in the archives, where each article is an entry of its own.
//! `cargo test --release --test decade -- --ignored --nocapture` runs ten years of forty sources, with the figures; `SEED`,
//! `SOURCES` and `DAYS` make another world of it.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it must be"
)]

mod blog;
mod chance;
mod kept;
mod subscriber;
mod world;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use agg::config::Config;
use agg::fetch::Door;
use agg::model::OutcomeKind;
use agg::pipeline::{Asking, Pipeline, Report};
use chrono::{DateTime, TimeDelta, Utc};

use crate::kept::Kept;
use crate::subscriber::{Seen, is_json};
use crate::world::World;

/// What the configuration says of floods.
const HOLD: usize = 20;
const FIRST: usize = 5;
/// So many days later somebody looks at a page that agg does not take.
const LOOKS_AFTER: i64 = 14;

#[test]
fn a_year_and_a_half_of_twelve_sources_breaks_no_promise() {
    years(12, 540, 3, 7);
}

#[test]
#[ignore = "takes minutes: `cargo test --release --test decade -- --ignored --nocapture`"]
fn ten_years_of_forty_sources_break_no_promise() {
    let of = |name: &str, usual: u16| {
        let given = std::env::var(name).ok();
        given.map_or(usual, |it| it.parse().unwrap())
    };
    let (sources, days) = (of("SOURCES", 40), of("DAYS", 3_650));
    years(sources.into(), days.into(), 1, of("SEED", 7).into());
}

/// So many days of the world that `chance` makes, of which every `step`th is one on which agg runs.
fn years(sources: usize, days: i64, step: i64, chance: u64) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let start: DateTime<Utc> = "2030-01-01T06:00:00Z".parse().unwrap();
    let mut world = World::new(&folder.join("web"), sources, start, chance);
    let mut seen = Seen::default();
    let mut cycles = Cycles::new(folder);
    let mut owner = Owner::default();
    let mut kept = None;
    let mut is_other = true;
    let begun = Instant::now();
    for day in 0..days {
        let now = start + TimeDelta::days(day);
        let is_new = world.live(now);
        is_other |= is_new;
        if day % step > 0 && day + 1 < days {
            continue;
        }
        world.serve(now);
        if std::mem::take(&mut is_other) || day % (11 * step) == 0 {
            cycles.begin(&world.configured(now));
        }
        let mut report = cycles.run(now, &[]);
        let kept = kept.get_or_insert_with(|| Kept::of(&folder.join("agg.db")));
        kept.look(now, &world, &report);
        owner.hears(&report, day);
        let accepted = owner.accepts(&report, day);
        if !accepted.is_empty() {
            report = cycles.run(now, &accepted);
            kept.look(now, &world, &report);
            owner.hears(&report, day);
        }
        let publication = report.publication.unwrap();
        let name = now.format("%Y-%m-%d").to_string();
        let feed = publication
            .documents
            .iter()
            .find(|(path, _)| path == "feed.json");
        seen.look(&name, &feed.unwrap().1.body, &world, HOLD, FIRST);
        let closed: Vec<String> = publication
            .archived
            .iter()
            .map(|it| it.path.clone())
            .collect();
        let all = day % 300 == 0 || day + 1 == days;
        seen.look_back(&name, &folder.join("public"), &closed, all);
        if day + 1 == days {
            let (path, open) = publication
                .documents
                .iter()
                .rfind(|(path, _)| path.starts_with("archive/") && is_json(path))
                .map_or((String::new(), Vec::new()), |(path, it)| {
                    (path.clone(), it.body.to_vec())
                });
            assert!(days < 400 || !path.is_empty(), "there is no archive");
            seen.find_lost(&ids(&open), &cycles.joined());
            kept.look_at_all(&world);
        }
    }
    drop(cycles);
    let kept = kept.unwrap();
    let missing = kept.missing(&world, &seen, start + TimeDelta::days(days));
    seen.broken.extend(kept.broken);
    figures(&world, &seen, &owner, &missing, begun.elapsed());
    let broken: BTreeMap<&str, usize> = (seen.broken.iter())
        .map(|(what, cases)| (*what, cases.len()))
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// The ids of a page of the archive.
fn ids(page: &[u8]) -> HashSet<String> {
    let page: serde_json::Value = serde_json::from_slice(page).unwrap_or_default();
    let items = page["items"].as_array().cloned().unwrap_or_default();
    (items.iter())
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what it is run for at full size"
)]
fn figures(
    world: &World,
    seen: &Seen,
    owner: &Owner,
    missing: &BTreeMap<String, Vec<String>>,
    took: Duration,
) {
    println!(
        "{took:.0?}: {} sources ({} blogs with titles that repeat), {} articles written, {} served to a reader",
        world.views.len(),
        world.series(),
        world.articles.len(),
        world.served.len()
    );
    let moves: usize = world.blogs.iter().map(|blog| blog.moves.len()).sum();
    println!(
        "the blogs moved {moves} times; agg told: {:?}",
        owner.counts
    );
    println!(
        "{} ids of {} articles seen, {} closed pages; {} new ones at once at most",
        seen.ids(),
        seen.articles.len(),
        seen.archived_pages(),
        seen.most_at_once
    );
    for (source, (times, why)) in &owner.failed {
        println!("{source} failed {times} times, the last time: {why}");
    }
    for (what, cases) in missing {
        println!("never seen, {what}: {}", cases.len());
        for case in cases.iter().take(5) {
            println!("    {case}");
        }
    }
    for (what, cases) in &seen.broken {
        println!("BROKEN {what}: {}", cases.len());
        for case in cases.iter().take(12) {
            println!("    {case}");
        }
    }
}

/// Whoever runs agg: hears what it says, and does what only a person can do. A page that was made anew in a way that nobody
/// can be sure of waits for somebody who looks at it, and says that it is right; without that it would be silent for years.
#[derive(Default)]
struct Owner {
    counts: BTreeMap<&'static str, usize>,
    /// How often each source failed, and why the last time.
    failed: BTreeMap<String, (usize, String)>,
    /// Pages that are not taken as they are, with the day since which.
    doubted: BTreeMap<String, i64>,
}

impl Owner {
    fn hears(&mut self, report: &Report, day: i64) {
        for outcome in &report.outcomes {
            let source = outcome.source.to_string();
            if outcome.kind.is_failure() && outcome.verdict.is_some() {
                self.doubted.entry(source.clone()).or_insert(day);
            } else if outcome.kind != OutcomeKind::Waiting {
                self.doubted.remove(&source);
            }
            if let Some(error) = &outcome.error {
                let (times, why) = self.failed.entry(source).or_default();
                *times += 1;
                why.clone_from(error);
            }
            self.count(outcome.kind.as_str(), 1);
            self.count("new", outcome.new);
            self.count("updated", outcome.updated);
            if let Some(migrated) = &outcome.migrated {
                let event = if migrated.is_event {
                    "events"
                } else {
                    "single moves"
                };
                self.count(event, 1);
                self.count("moved", migrated.known);
            }
        }
    }

    fn count(&mut self, what: &'static str, times: usize) {
        *self.counts.entry(what).or_default() += times;
    }

    /// The pages that have waited long enough to be looked at, of those that are configured.
    fn accepts(&mut self, report: &Report, day: i64) -> Vec<String> {
        let sources = (report.outcomes.iter()).map(|it| it.source.to_string());
        let is_due = |source: &String| {
            let since = self.doubted.get(source);
            since.is_some_and(|since| day - since >= LOOKS_AFTER)
        };
        let due: Vec<String> = sources.filter(is_due).collect();
        self.count("accepted by hand", due.len());
        due
    }
}

/// Runs of agg, some of them one after the other in one process.
struct Cycles {
    folder: std::path::PathBuf,
    runtime: tokio::runtime::Runtime,
    pipeline: Option<Pipeline>,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Cycles {
    fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
            pipeline: None,
            now: Arc::default(),
        }
    }

    /// A new process, with these sources.
    fn begin(&mut self, sources: &str) {
        self.pipeline = None;
        let text = format!(
            "[publish]\nhold = {HOLD}\nfirst = {FIRST}\narchive = 50\n[[feed]]\nid = \"all\"\nlimit = 100\n\
             formats = [\"atom\", \"json\"]\n[fetch]\nspacing = \"0s\"\n{sources}"
        );
        let config = Config::parse(&text, &self.folder.join("feeds.toml")).unwrap();
        let now = Arc::clone(&self.now);
        let door = Door::Replay(self.folder.join("web"));
        let pipeline = self
            .runtime
            .block_on(async { Pipeline::open(config, door, None) });
        self.pipeline = Some(
            pipeline
                .unwrap()
                .with_clock(Arc::new(move || *now.lock().unwrap())),
        );
    }

    /// A run of all that are due, or of those that are `accepted` as they are.
    fn run(&self, now: DateTime<Utc>, accepted: &[String]) -> Report {
        *self.now.lock().unwrap() = now;
        let pipeline = self.pipeline.as_ref().unwrap();
        let asking = Asking {
            accept: !accepted.is_empty(),
            ..Asking::default()
        };
        let run = pipeline.update(accepted, asking, &|_| {});
        let report = self.runtime.block_on(run).unwrap();
        assert!(report.stopped.is_none(), "{:?}", report.stopped);
        report
    }

    /// The ids of entries that are shown as others now.
    fn joined(&self) -> HashSet<String> {
        let conn = rusqlite::Connection::open(self.folder.join("agg.db")).unwrap();
        let mut joined = conn
            .prepare("SELECT l.published_id FROM ledger l JOIN joined j ON j.entry = l.entry")
            .unwrap();
        let ids = joined.query_map([], |row| row.get(0)).unwrap();
        ids.map(Result::unwrap).collect()
    }
}
