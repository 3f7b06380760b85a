//! Days of cycles against hosts that fail one answer in five, with a clock that is ours to set: no source is starved, none is
//! asked before it said, no host is asked twice at once, and memory does not grow. The cycles are run by a program of
//! their own, which closes and opens its archive for each, as from cron.
//! `cargo test --release --test soak -- --ignored --nocapture` runs it at full size, with its figures.

// elsewhere 127.0.0.1 is the only loopback address that is there without setting one up
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it must be"
)]

mod origin;
mod program;
mod script;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use crate::origin::{Fared, Origin, Seen};
use crate::program::Program;

/// From one cycle to the next: no part of an hour, so that all times of it are met.
const STEP: TimeDelta = TimeDelta::minutes(40);
/// Nobody who is not gone is left alone for longer: a day, an eighth more by jitter, and what a busy host wishes.
const LONGEST: TimeDelta = TimeDelta::hours(32);
const CONCURRENCY: u32 = 16;
/// Memory may differ by so much, and a tenth, between two times, kB: pages of the allocator and of the archive.
const SLACK_KB: u64 = 4_000;

#[test]
fn days_of_cycles_starve_no_source_and_ask_none_early() {
    soak(200, 10, 60);
}

#[test]
#[ignore = "takes minutes: `cargo test --release --test soak -- --ignored --nocapture`"]
fn days_of_cycles_at_full_size() {
    soak(2_000, 50, 200);
}

fn soak(sources: u64, hosts: u8, cycles: i32) {
    let folder = tempfile::tempdir().unwrap();
    let origin = Origin::open(hosts);
    let mut program = Program::start(&configuration(folder.path(), &origin, sources));
    let start: DateTime<Utc> = "2026-03-02T00:00:00Z".parse().unwrap();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let mut memory = Vec::new();
    for cycle in 0..cycles {
        let now = start + STEP * cycle;
        origin.cycle(now);
        let done = program.cycle(now);
        assert_eq!(done.stopped, None);
        for (outcome, count) in done.outcomes {
            *outcomes.entry(outcome).or_default() += count;
        }
        memory.extend(done.memory);
    }
    let (seen, fared) = (origin.seen(), origin.fared());
    figures(&seen, &fared, &outcomes, &memory);

    assert_eq!(fared.len() as u64, sources, "some were never asked");
    let starved: Vec<(&u64, &Fared)> = fared
        .iter()
        .filter(|(_, it)| !it.gone && it.longest > LONGEST.num_seconds())
        .collect();
    assert!(starved.is_empty(), "{starved:?}");
    let first: Vec<&String> = seen.early.iter().take(10).collect();
    assert!(first.is_empty(), "{} early: {first:#?}", seen.early.len());
    assert_eq!(seen.most_at_once_on_a_host, 1);
    assert!(seen.most_at_once <= CONCURRENCY);
    assert!(seen.faults * 10 > seen.requests, "the script is followed");
    assert!(seen.not_modified > 0);
    if let Some((early, late)) = second_and_last_quarter(&memory) {
        let most = early + early / 10 + SLACK_KB;
        assert!(late <= most, "memory grows: {early} kB, then {late} kB");
    }
}

/// The most memory in the second quarter of the cycles, when all is known that there is, and in the last.
fn second_and_last_quarter(memory: &[u64]) -> Option<(u64, u64)> {
    let quarter = memory.len() / 4;
    let most = |part: &[u64]| part.iter().max().copied();
    let early = most(memory.get(quarter..2 * quarter)?)?;
    Some((early, most(memory.get(3 * quarter..)?)?))
}

#[expect(
    clippy::print_stdout,
    reason = "the figures are what it is run for at full size"
)]
fn figures(
    seen: &Seen,
    fared: &BTreeMap<u64, Fared>,
    outcomes: &BTreeMap<String, usize>,
    memory: &[u64],
) {
    println!(
        "{} requests, {} of them 304, {} answered wrongly; outcomes: {outcomes:?}",
        seen.requests, seen.not_modified, seen.faults
    );
    println!(
        "asked early: {}; at once: {} on a host, {} in all",
        seen.early.len(),
        seen.most_at_once_on_a_host,
        seen.most_at_once
    );
    let alive = || fared.values().filter(|it| !it.gone);
    let longest = alive().map(|it| it.longest).max().unwrap_or_default();
    println!(
        "{} sources, {} of them gone; the others were asked {} to {} times, and left alone for {:.1} h at most",
        fared.len(),
        fared.len() - alive().count(),
        alive().map(|it| it.asked).min().unwrap_or_default(),
        alive().map(|it| it.asked).max().unwrap_or_default(),
        TimeDelta::seconds(longest).as_seconds_f64() / 3_600.0
    );
    let some: Vec<&u64> = memory.iter().step_by((memory.len() / 20).max(1)).collect();
    println!(
        "memory in kB, now and then: {some:?}; the most in the second and the last quarter: {:?}",
        second_and_last_quarter(memory)
    );
}

/// Writes the configuration.
fn configuration(folder: &Path, origin: &Origin, sources: u64) -> PathBuf {
    let tables: Vec<String> = (0..sources)
        .map(|number| {
            let url = origin.url(number);
            format!("[[source]]\nid = \"light-{number}\"\nurl = \"{url}\"\n")
        })
        .collect();
    let text = format!(
        "[fetch]\nspacing = \"0s\"\nallow = [\"127.0.0.0/8\"]\nconcurrency = {CONCURRENCY}\n{}",
        tables.concat()
    );
    let path = folder.join("feeds.toml");
    std::fs::write(&path, text).unwrap();
    path
}
