//! Another program, run and measured: wall time, processor time and peak memory are its own.

use std::fs;
use std::io::{self, Read as _};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What a program took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    /// Seconds from its start to its end.
    pub(crate) wall: f64,
    /// Seconds of processor time, its own and the kernel's for it; 0 where the system does not tell.
    pub(crate) cpu: f64,
    /// The most memory it held, MB; 0 where the system does not tell.
    pub(crate) peak: f64,
    /// What it printed on stdout.
    pub(crate) printed: String,
}

/// Linux counts processor time in hundredths of a second.
const TICKS_A_SECOND: f64 = 100.0;

/// Runs `command` to its end.
pub(crate) fn run(command: &mut Command) -> io::Result<Taken> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let folder = format!("/proc/{}", child.id());
    let (ended, peak) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut taken = Taken::default();
    thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::SeqCst) {
                if let Some(now) = peak_kilobytes(&folder) {
                    peak.fetch_max(now, Ordering::SeqCst);
                }
                thread::sleep(Duration::from_millis(5));
            }
        });
        // its end closes the pipe
        let read = child.stdout.take().map_or(Ok(0), |mut stdout| {
            stdout.read_to_string(&mut taken.printed)
        });
        taken.wall = started.elapsed().as_secs_f64();
        ended.store(true, Ordering::SeqCst);
        read
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    {
        taken.peak = peak.into_inner() as f64 / 1024.0;
    }
    taken.cpu = cpu_seconds(&folder);
    let status = child.wait()?;
    if status.success() {
        Ok(taken)
    } else {
        Err(io::Error::other(format!("{command:?} ended with {status}")))
    }
}

fn peak_kilobytes(folder: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("{folder}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The processor time of a program that has ended and was not waited for yet.
fn cpu_seconds(folder: &str) -> f64 {
    for _ in 0..1000 {
        let Ok(stat) = fs::read_to_string(format!("{folder}/stat")) else {
            return 0.0;
        };
        let Some((_, fields)) = stat.rsplit_once(')') else {
            return 0.0;
        };
        let fields: Vec<&str> = fields.split_whitespace().collect();
        if fields.first() == Some(&"Z") {
            let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok());
            return (ticks(11).unwrap_or_default() + ticks(12).unwrap_or_default())
                / TICKS_A_SECOND;
        }
        thread::sleep(Duration::from_millis(1));
    }
    0.0
}
