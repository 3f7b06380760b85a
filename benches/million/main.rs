//! An archive of a million entries: what one new entry costs, from the store to the published files, how long entries that
//! are like it are looked for, and how large the archive is beside the texts it holds.
//!
//! `cargo bench --bench million` makes the archive if it is not there (that takes minutes; it is kept below `target/`) and
//! prints a table. With `-- --check` it fails if a figure is above its ceiling; `-- --entries N` makes an archive of its own
//! for other sizes. Each figure is taken with connections that were just opened, as `agg fetch` has them.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark is a program of its own"
)]

mod posts;
#[expect(
    dead_code,
    reason = "bodies as sites write them are for the other bench"
)]
#[path = "../cycle/words.rs"]
mod words;

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use agg::config::Config;
use agg::dedupe::Profile;
use agg::fetch::Door;
use agg::pipeline::{Foreknown, Pipeline, take_in};
use agg::store::Store;
use chrono::{DateTime, TimeDelta, Utc};

type Anyhow<T> = Result<T, Box<dyn Error>>;

/// How many posts a source has written.
const POSTS: usize = 500;
/// So many of them come at a time.
const ROUND: usize = 10;
/// How many sources are stored in one transaction, as in a cycle.
const BATCH: usize = 16;

/// What is run, and how often.
struct Plan {
    check: bool,
    sources: usize,
    /// How many entries are stored and published one by one.
    stored: usize,
    /// How many times entries are looked for that are like another.
    lookups: usize,
}

impl Plan {
    /// What the command line asks for; without `--bench`, as tests run it, a glance at whether all works.
    fn from_arguments() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let has = |name: &str| arguments.iter().any(|argument| argument == name);
        let wanted = arguments
            .iter()
            .position(|argument| argument == "--entries")
            .and_then(|at| arguments.get(at + 1)?.parse().ok());
        let is_bench = has("--bench");
        let entries: usize = wanted.unwrap_or(if is_bench { 1_000_000 } else { 1_000 });
        Self {
            check: has("--check"),
            sources: (entries / POSTS).max(2),
            stored: if is_bench { 21 } else { 3 },
            lookups: if is_bench { 1_000 } else { 20 },
        }
    }
}

/// The archive and what is published of it.
struct Bench {
    plan: Plan,
    folder: PathBuf,
    config: Config,
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("the benchmark cannot go on: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Anyhow<ExitCode> {
    let bench = Bench::new(Plan::from_arguments())?;
    let raw = bench.archive()?;
    let mut measured = bench.measure()?;
    measured.bytes = Store::open(&bench.config.database)?.totals()?.bytes;
    Ok(print(&bench.plan, &measured, raw))
}

impl Bench {
    fn new(plan: Plan) -> Anyhow<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("million")
            .join(plan.sources.to_string());
        fs::create_dir_all(&folder)?;
        let mut text = String::new();
        for number in 0..plan.sources {
            let url = format!("https://blog{number}.example/feed.xml");
            let _ = write!(text, "[[source]]\nid = \"s{number}\"\nurl = \"{url}\"\n\n");
        }
        let config = Config::parse(&text, &folder.join("feeds.toml"))?;
        Ok(Self {
            plan,
            folder,
            config,
        })
    }

    /// Makes the archive unless it is there; gives how many bytes of text it was made from.
    fn archive(&self) -> Anyhow<u64> {
        let made = self.folder.join("made");
        if let Ok(raw) = fs::read_to_string(&made) {
            return Ok(raw.trim().parse()?);
        }
        for name in ["agg.db", "agg.db-wal", "agg.db-shm"] {
            let _ = fs::remove_file(self.folder.join(name));
        }
        let _ = fs::remove_dir_all(&self.config.output);
        let begun = Instant::now();
        let mut raw = 0;
        let mut store = Store::open(&self.config.database)?;
        store.register(&self.config.sources)?;
        for from in (0..POSTS).step_by(ROUND) {
            let now = posts::date(0, from + ROUND) + TimeDelta::days(7);
            for batch in (0..self.plan.sources).step_by(BATCH) {
                let numbers = batch..self.plan.sources.min(batch + BATCH);
                store.write(|write| {
                    for number in numbers {
                        let entries: Vec<_> = (from..from + ROUND)
                            .rev()
                            .map(|rank| posts::post(number, rank))
                            .collect();
                        raw += entries.iter().map(posts::bytes).sum::<u64>();
                        take_in(
                            write,
                            &posts::source(number),
                            entries,
                            Foreknown::default(),
                            now,
                        )?;
                    }
                    Ok(())
                })?;
            }
            self.publish(now)?;
            eprint!(
                "\r{} of {POSTS} posts of {} sources",
                from + ROUND,
                self.plan.sources
            );
        }
        eprintln!(
            "\rmade in {:.0} s                         ",
            begun.elapsed().as_secs_f64()
        );
        fs::write(made, raw.to_string())?;
        Ok(raw)
    }

    /// Publishes with an archive that was just opened; gives what publishing takes.
    fn publish(&self, now: DateTime<Utc>) -> Anyhow<Taken> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let pipeline = Pipeline::open(self.config.clone(), Door::Network, None)?
            .with_clock(Arc::new(move || now));
        let begun = Begun::now();
        runtime.block_on(pipeline.publish())?;
        Ok(begun.taken())
    }

    fn measure(&self) -> Anyhow<Measured> {
        let mut measured = Measured::default();
        let store = Store::open(&self.config.database)?;
        let before = usize::try_from(store.totals()?.entries)?;
        for number in 0..self.plan.lookups {
            // any of them, those of late more often
            let rank = POSTS - 1 - (number * number) % POSTS;
            let number = number * 7919 % self.plan.sources;
            let entry = posts::post(number, rank);
            let seen = posts::date(number, rank);
            let marks = Profile::new(&posts::source(number), &entry, seen).marks();
            let begun = Begun::now();
            let found = store.candidates(&marks, posts::REACH)?;
            measured.lookups.push(begun.taken());
            assert!(!found.is_empty(), "an entry is like itself");
        }
        drop(store);
        for round in 0..self.plan.stored {
            // posts that nobody has seen yet, after all that are there
            let rank = POSTS + before + round;
            let number = rank * 31 % self.plan.sources;
            let mut entry = posts::post(number, rank);
            let now = posts::date(0, POSTS) + TimeDelta::hours(i64::try_from(rank)?);
            entry.published = entry
                .published
                .map(|date| agg::model::Date { at: now, ..date });
            let mut store = Store::open(&self.config.database)?;
            let begun = Begun::now();
            let (applied, _) = store.write(|write| {
                take_in(
                    write,
                    &posts::source(number),
                    vec![entry],
                    Foreknown::default(),
                    now,
                )
            })?;
            let stored = begun.taken();
            assert_eq!(applied.new, 1);
            drop(store);
            let published = self.publish(now)?;
            measured.stored.push(stored);
            measured.published.push(published);
            measured.both.push(Taken {
                wall: stored.wall + published.wall,
                cpu: stored.cpu + published.cpu,
            });
        }
        Ok(measured)
    }
}

/// Milliseconds, by the clock and of the processor; the latter 0 where the system does not tell.
#[derive(Clone, Copy, Default)]
struct Taken {
    wall: f64,
    cpu: f64,
}

/// When something began.
struct Begun(Instant, f64);

impl Begun {
    fn now() -> Self {
        let cpu = processor_millis();
        Self(Instant::now(), cpu)
    }

    fn taken(&self) -> Taken {
        let wall = self.0.elapsed().as_secs_f64() * 1000.0;
        let cpu = processor_millis() - self.1;
        Taken { wall, cpu }
    }
}

/// How long the threads of this program have been on a processor so far.
fn processor_millis() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanos = tasks.flatten().filter_map(|task| {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanos.sum::<f64>() / 1e6
}

/// All that was measured.
#[derive(Default)]
struct Measured {
    stored: Vec<Taken>,
    published: Vec<Taken>,
    both: Vec<Taken>,
    lookups: Vec<Taken>,
    bytes: u64,
}

/// The figure that so many of a hundred do not exceed.
fn of(figures: &[f64], hundredths: usize) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_by(f64::total_cmp);
    let at = (figures.len() * hundredths / 100).min(figures.len().saturating_sub(1));
    figures.get(at).copied().unwrap_or_default()
}

/// Prints the table; fails if a figure is above its ceiling and that is asked for.
fn print(plan: &Plan, measured: &Measured, raw: u64) -> ExitCode {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let (size, raw) = (measured.bytes as f64 / 1e6, raw as f64 / 1e6);
    println!(
        "{} entries of {} sources, {raw:.0} MB of text in {size:.0} MB",
        plan.sources * POSTS,
        plan.sources
    );
    println!(
        "{:30} {:>9} {:>9} {:>9} {:>9} {:>9}  at most",
        "", "median", "99 %", "worst", "cpu", "cpu 99 %"
    );
    let mut above = 0;
    let mut line = |what: &str, taken: &[Taken], most: Option<(usize, f64)>| {
        let wall: Vec<f64> = taken.iter().map(|it| it.wall).collect();
        let cpu: Vec<f64> = taken.iter().map(|it| it.cpu).collect();
        let [median, nearly, worst] = [50, 99, 100].map(|it| of(&wall, it));
        print!("{what:30} {median:9.3} {nearly:9.3} {worst:9.3}");
        print!(" {:9.3} {:9.3}", of(&cpu, 50), of(&cpu, 99));
        if let Some((hundredths, most)) = most {
            let is_above = of(&wall, hundredths) > most;
            above += usize::from(is_above);
            print!("  {most}{}", if is_above { "  ABOVE" } else { "" });
        }
        println!();
    };
    let ratio = Taken {
        wall: size / raw,
        ..Taken::default()
    };
    line("one entry stored, ms", &measured.stored, None);
    line("all feeds published, ms", &measured.published, None);
    line("both, ms", &measured.both, Some((50, 150.0)));
    let lookup = Some((99, 2.0));
    line("what is like it looked for, ms", &measured.lookups, lookup);
    line("archive to text", &[ratio], Some((50, 1.5)));
    if plan.check && above > 0 {
        println!("{above} above");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
