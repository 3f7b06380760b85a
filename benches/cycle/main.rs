//! A whole cycle, measured from outside: agg as its users run it, against fifty invented sites on this machine, beside
//! `curl --parallel --compressed` that fetches and unpacks the same bytes and throws them away.
//!
//! `cargo bench --bench cycle` prints a table: a thousand feeds of thirty entries, read for the first time, with and without
//! the pages of the archive, unchanged, and with one new entry in one feed of twenty; the merged feed written anew, and all of
//! its archive; ten thousand feeds, unchanged. With `-- --check`
//! it fails if a figure is above its ceiling; `-- --agg FILE` measures another build; `-- --serve` only keeps the sites open,
//! for a profiler. Each figure is the median of some
//! runs; those of agg and curl take turns, so that a busy machine is busy for both.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark is a program of its own"
)]

mod feeds;
mod origin;
mod process;
mod words;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;

use feeds::Feed;
use origin::{Answer, Origin};
use process::{Taken, run};

/// What is run, and how often.
struct Plan {
    agg: PathBuf,
    check: bool,
    serve: bool,
    /// Feeds of thirty entries.
    feeds: usize,
    /// Feeds of three short ones, for the memory that many sources take.
    many: usize,
    rounds: usize,
}

/// How many entries a feed has, and how long a body is.
const ENTRIES: usize = 30;
const BODY_BYTES: usize = 3_000;
/// One feed of so many has a new entry in a changed round.
const CHANGED: usize = 20;
/// How many feeds are asked at once, by curl and by agg.
const CONCURRENCY: usize = 50;
/// The merged feed in the formats that have no archive.
const NO_ARCHIVE: &str = "\n[[feed]]\nid = \"all\"\nformats = [\"rss\", \"html\"]\n";

impl Plan {
    /// What the command line asks for; without `--bench`, as tests run it, a glance at whether all works.
    fn from_arguments() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let has = |name: &str| arguments.iter().any(|argument| argument == name);
        let agg = arguments
            .iter()
            .position(|argument| argument == "--agg")
            .and_then(|at| arguments.get(at + 1));
        let is_bench = has("--bench");
        Self {
            agg: agg.map_or_else(|| env!("CARGO_BIN_EXE_agg").into(), PathBuf::from),
            check: has("--check"),
            serve: has("--serve"),
            feeds: if is_bench { 1_000 } else { 40 },
            many: if is_bench { 10_000 } else { 60 },
            rounds: if is_bench { 5 } else { 1 },
        }
    }
}

/// A configuration of its own with its archive and its output, and the sites it reads.
struct Bench<'a> {
    plan: &'a Plan,
    origin: &'a Origin,
    folder: PathBuf,
}

impl<'a> Bench<'a> {
    /// Writes the configuration for the documents `numbers`, with what it says of the merged feed.
    fn new(
        plan: &'a Plan,
        origin: &'a Origin,
        name: &str,
        numbers: Range<usize>,
        feed: &str,
    ) -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("cycle")
            .join(name);
        fs::create_dir_all(&folder)?;
        let mut config = format!(
            "[fetch]\nspacing = \"0s\"\nallow = [\"127.0.0.0/8\"]\nconcurrency = {CONCURRENCY}\n{feed}"
        );
        let mut curl = String::new();
        for number in numbers {
            let url = origin.url(number);
            let _ = write!(
                config,
                "\n[[source]]\nid = \"s{number}\"\nurl = \"{url}\"\n"
            );
            let _ = write!(curl, "url = \"{url}\"\noutput = \"/dev/null\"\n");
        }
        fs::write(folder.join("feeds.toml"), config)?;
        fs::write(folder.join("curl.conf"), curl)?;
        Ok(Self {
            plan,
            origin,
            folder,
        })
    }

    /// As if agg had never run.
    fn forget(&self) -> io::Result<()> {
        for name in ["agg.db", "agg.db-wal", "agg.db-shm"] {
            if let Err(error) = fs::remove_file(self.folder.join(name))
                && error.kind() != io::ErrorKind::NotFound
            {
                return Err(error);
            }
        }
        self.forget_output()
    }

    fn forget_output(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.folder.join("public")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// As if all that is published were lost but the closed pages of archives.
    fn forget_fronts(&self) -> io::Result<()> {
        for found in fs::read_dir(self.folder.join("public"))? {
            let path = found?.path();
            if path.is_file() {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn agg(&self, arguments: &[&str]) -> io::Result<Taken> {
        let config = self.folder.join("feeds.toml");
        run(Command::new(&self.plan.agg)
            .args(arguments)
            .arg("--config")
            .arg(config))
    }

    /// One cycle, which must find so many documents and 304s, and say so many new entries.
    fn cycle(&self, whole: usize, not_modified: usize, new: usize) -> io::Result<Taken> {
        self.origin.sent.take();
        let taken = self.agg(&["fetch", "--force"])?;
        let said = taken.printed.lines().last().unwrap_or_default();
        let expected = match new {
            0 => "nothing new".to_owned(),
            new => format!("{new} new"),
        };
        let sent = self.origin.sent.take();
        if sent != (whole, not_modified) || !said.starts_with(&expected) {
            return Err(io::Error::other(format!(
                "expected {whole} documents, {not_modified} times 304 and \"{expected}\"; the sites sent {sent:?}, agg said \"{said}\""
            )));
        }
        Ok(taken)
    }

    fn curl(&self) -> io::Result<Taken> {
        run(Command::new("curl")
            .args([
                "--silent",
                "--fail",
                "--compressed",
                "--parallel",
                "--parallel-max",
            ])
            .arg(CONCURRENCY.to_string())
            .arg("--config")
            .arg(self.folder.join("curl.conf"))
            // it shows its progress however silent it is
            .stderr(Stdio::null()))
    }
}

/// All that was measured.
#[derive(Default)]
struct Measured {
    curl: Vec<Taken>,
    cold: Vec<Taken>,
    fronts: Vec<Taken>,
    warm: Vec<Taken>,
    changed: Vec<Taken>,
    publish: Vec<Taken>,
    lost: Vec<Taken>,
    search: Vec<Taken>,
    many: Vec<Taken>,
}

fn main() -> ExitCode {
    let plan = Plan::from_arguments();
    match measure(&plan) {
        Ok(measured) => print(&plan, &measured),
        Err(error) => {
            eprintln!("the benchmark cannot go on: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(plan: &Plan) -> io::Result<Measured> {
    let origin = Origin::open()?;
    fill(&origin, plan);
    let bench = Bench::new(plan, &origin, "usual", 0..plan.feeds, "")?;
    let fronts = Bench::new(plan, &origin, "fronts", 0..plan.feeds, NO_ARCHIVE)?;
    let end = plan.feeds + plan.many;
    let many = Bench::new(plan, &origin, "many", plan.feeds..end, "")?;
    if plan.serve {
        println!("{}\n{}", bench.folder.display(), many.folder.display());
        loop {
            thread::park();
        }
    }
    let mut measured = Measured::default();
    if let Err(error) = Command::new("curl").arg("--version").output() {
        println!("curl does not run ({error}): there is nothing to compare with");
    } else {
        measured.curl.push(bench.curl()?);
    }
    let has_curl = !measured.curl.is_empty();
    measured.curl.clear();

    for _ in 0..plan.rounds.min(3) {
        bench.forget()?;
        if has_curl {
            measured.curl.push(bench.curl()?);
        }
        let new = plan.feeds * ENTRIES;
        measured.cold.push(bench.cycle(plan.feeds, 0, new)?);
        fronts.forget()?;
        measured.fronts.push(fronts.cycle(plan.feeds, 0, new)?);
    }
    let search = ["list", "--search", "bou", "--limit", "1"];
    measured.search.push(bench.agg(&search)?);
    let changing: Vec<usize> = (0..plan.feeds).step_by(CHANGED).collect();
    for round in 1..=plan.rounds {
        if has_curl {
            measured.curl.push(bench.curl()?);
        }
        measured.warm.push(bench.cycle(0, plan.feeds, 0)?);
        for number in &changing {
            origin.replace(*number, answer(usual(*number, round)));
        }
        let (changed, same) = (changing.len(), plan.feeds - changing.len());
        measured.changed.push(bench.cycle(changed, same, changed)?);
        bench.forget_fronts()?;
        measured.publish.push(bench.agg(&["publish"])?);
    }
    bench.forget_output()?;
    measured.lost.push(bench.agg(&["publish"])?);

    many.forget()?;
    many.cycle(plan.many, 0, plan.many * 3)?;
    for _ in 0..plan.rounds.min(3) {
        measured.many.push(many.cycle(0, plan.many, 0)?);
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let megabytes = origin.size(plan.feeds) as f64 / 1e6;
    println!(
        "{} feeds of {ENTRIES} entries, {megabytes:.1} MB on the wire; {} feeds of 3; {} hosts",
        plan.feeds,
        plan.many,
        origin::HOSTS,
    );
    Ok(measured)
}

/// Gives the sites their documents, made by two threads at once.
fn fill(origin: &Origin, plan: &Plan) {
    let half = plan.feeds / 2;
    let make = |numbers: Range<usize>| -> Vec<Answer> {
        numbers.map(|number| answer(usual(number, 0))).collect()
    };
    let (first, second) = thread::scope(|scope| {
        let first = scope.spawn(|| make(0..half));
        let second = make(half..plan.feeds);
        (first.join().expect("making feeds cannot fail"), second)
    });
    origin.add(first);
    origin.add(second);
    origin.add((plan.feeds..plan.feeds + plan.many).map(|number| {
        answer(Feed {
            number,
            entries: 3,
            newer: 0,
            body_bytes: 0,
        })
    }));
}

/// A feed as most are, after so many new entries.
fn usual(number: usize, newer: usize) -> Feed {
    Feed {
        number,
        entries: ENTRIES,
        newer,
        body_bytes: BODY_BYTES,
    }
}

fn answer(feed: Feed) -> Answer {
    Answer::new(feed.newer, feed.media_type(), &feed.document())
}

/// A line of the table: a figure with its ceiling.
struct Line {
    what: &'static str,
    runs: Vec<Taken>,
    ceiling: Ceiling,
}

/// What a figure is measured by.
#[derive(Clone, Copy)]
enum Ceiling {
    /// So many times what curl takes.
    Curl(f64),
    /// Milliseconds.
    Millis(f64),
    /// MB at the peak.
    Memory(f64),
    /// Nothing.
    None,
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn of(runs: &[Taken], figure: impl Fn(&Taken) -> f64) -> f64 {
    median(runs.iter().map(figure).collect())
}

/// Prints the table; fails if a figure is above its ceiling and that is asked for.
fn print(plan: &Plan, measured: &Measured) -> ExitCode {
    let line = |what, runs: &Vec<Taken>, ceiling| Line {
        what,
        runs: runs.clone(),
        ceiling,
    };
    let lines = [
        line("curl, bytes thrown away", &measured.curl, Ceiling::None),
        line("cold cycle", &measured.cold, Ceiling::Curl(5.0)),
        line(
            "without pages of the archive",
            &measured.fronts,
            Ceiling::None,
        ),
        line("warm cycle", &measured.warm, Ceiling::Curl(1.0)),
        line("5 % changed", &measured.changed, Ceiling::Curl(1.25)),
        line("merged feed", &measured.publish, Ceiling::Millis(60.0)),
        line("all files lost, archive too", &measured.lost, Ceiling::None),
        line("first search of all", &measured.search, Ceiling::None),
        line("memory, cold", &measured.cold, Ceiling::Memory(120.0)),
        line("memory, warm", &measured.warm, Ceiling::Memory(120.0)),
        line(
            "memory, many sources, warm",
            &measured.many,
            Ceiling::Memory(160.0),
        ),
    ];
    let curl = of(&measured.curl, |taken| taken.wall);
    println!(
        "{:28} {:>8} {:>8} {:>8}  {:>12}  at most",
        "", "wall s", "cpu s", "peak MB", "figure"
    );
    let mut above = 0;
    for Line {
        what,
        runs,
        ceiling,
    } in lines
    {
        let (wall, cpu, peak) = (
            of(&runs, |taken| taken.wall),
            of(&runs, |taken| taken.cpu),
            of(&runs, |taken| taken.peak),
        );
        let (figure, unit, most) = match ceiling {
            Ceiling::Curl(most) if curl > 0.0 => (wall / curl, "× curl", most),
            Ceiling::Millis(most) => (wall * 1000.0, "ms", most),
            Ceiling::Memory(most) => (peak, "MB", most),
            Ceiling::Curl(_) | Ceiling::None => (0.0, "", 0.0),
        };
        print!("{what:28} {wall:8.3} {cpu:8.2} {peak:8.1}");
        if unit.is_empty() {
            println!();
            continue;
        }
        let is_above = figure > most;
        above += usize::from(is_above);
        let mark = if is_above { "  ABOVE" } else { "" };
        println!("  {:>12}  {most} {unit}{mark}", format!("{figure:.2}"));
    }
    if plan.check && above > 0 {
        println!("{above} above");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
