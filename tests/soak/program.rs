//! agg as a program of its own, so that its memory is its own: this test, started again, which runs a cycle for each instant
//! that it is told.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use agg::config::Config;
use agg::fetch::Door;
use agg::pipeline::{Asking, Pipeline};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Names the configuration to whoever is started as that program.
const CONFIG: &str = "AGG_SOAK_CONFIG";
/// What the test is called that is the program.
const NAME: &str = "program::is_started_by_the_others";
/// What a cycle came to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Cycle {
    /// Why it could not go on.
    pub(crate) stopped: Option<String>,
    /// How many sources came to what.
    pub(crate) outcomes: BTreeMap<String, usize>,
    /// The memory of the program after it, in kB, where the system says it.
    pub(crate) memory: Option<u64>,
}

/// The program that was started.
pub(crate) struct Program {
    child: Child,
    told: Option<ChildStdin>,
    says: BufReader<ChildStdout>,
}

impl Program {
    pub(crate) fn start(config: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                NAME,
                "--exact",
                "--ignored",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(CONFIG, config)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let says = BufReader::new(child.stdout.take().unwrap());
        let told = child.stdin.take();
        Self { child, told, says }
    }

    pub(crate) fn cycle(&mut self, now: DateTime<Utc>) -> Cycle {
        let told = self.told.as_mut().unwrap();
        writeln!(told, "{}", now.timestamp()).unwrap();
        told.flush().unwrap();
        let mut line = String::new();
        loop {
            line.clear();
            let length = self.says.read_line(&mut line).unwrap();
            assert!(length > 0, "the program has ended");
            // the tests' own words stand around ours
            if let Some(cycle) = line
                .find('{')
                .and_then(|at| serde_json::from_str(&line[at..]).ok())
            {
                return cycle;
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.told.take());
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "is started by the others, as a program of its own; by itself it has nothing to do"]
fn is_started_by_the_others() {
    let Some(path) = std::env::var_os(CONFIG) else {
        return;
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let config = Config::parse(&text, Path::new(&path)).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for line in std::io::stdin().lines() {
        let now = line.unwrap().parse().unwrap();
        let now = DateTime::from_timestamp(now, 0).unwrap();
        // as after a restart: how long a host wishes to be left alone is counted in our time, which does not go by meanwhile
        let pipeline = Pipeline::open(config.clone(), Door::Network, None).unwrap();
        let pipeline = pipeline.with_clock(Arc::new(move || now));
        let report = runtime
            .block_on(pipeline.update(&[], Asking::default(), &|_| {}))
            .unwrap();
        let mut outcomes = BTreeMap::new();
        for outcome in &report.outcomes {
            *outcomes
                .entry(outcome.kind.as_str().to_owned())
                .or_default() += 1;
        }
        let cycle = Cycle {
            stopped: report.stopped.as_ref().map(ToString::to_string),
            outcomes,
            memory: resident(),
        };
        println!("\n{}", serde_json::to_string(&cycle).unwrap());
    }
}

/// The memory of this process in kB, where the system says it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
