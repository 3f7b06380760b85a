//! How long feeds take to read, beside feed-rs alone: all fixtures, or, where a labelled corpus stands beside the checkout,
//! all of its feeds. `cargo bench --bench feeds` prints the time of each, on one thread and in the same run, over the
//! documents that feed-rs can read, and how many times as long it takes to wash them first and to join what feed-rs cannot
//! carry.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group};
use url::Url;

use agg::extract::extract;
use agg::model::{Document, SourceKind, Validators};

/// How often each is measured for the ratio.
const ROUNDS: usize = 15;

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// The feeds that both can read.
fn documents() -> Vec<Document> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = files(&here.join("../shared/corpus/feeds"));
    if paths.is_empty() {
        let formats = ["atom", "json_feed", "rss1", "rss2"];
        paths = formats
            .iter()
            .flat_map(|format| files(&here.join("fixtures").join(format)))
            .collect();
    }
    let read = paths.iter().filter_map(|path| fs::read(path).ok());
    read.map(|body| Document {
        url: Url::parse("https://blog.example/feed").expect("a constant address is one"),
        media_type: None,
        charset: None,
        body: body.into(),
        validators: Validators::default(),
    })
    .filter(|document| alone(document) && whole(document))
    .collect()
}

/// Reads with feed-rs; true if it could.
fn alone(document: &Document) -> bool {
    black_box(feed_rs::parser::parse(&document.body[..])).is_ok()
}

/// Reads as agg does; true if it could.
fn whole(document: &Document) -> bool {
    black_box(extract(document, SourceKind::Feed, None)).is_ok()
}

/// Adds the time that `read` takes over all documents to `times`, which are kept in order.
fn measure(documents: &[Document], read: fn(&Document) -> bool, times: &mut Vec<Duration>) {
    let start = Instant::now();
    assert!(documents.iter().all(read), "each was read before");
    times.push(start.elapsed());
    times.sort_unstable();
}

fn feeds(criterion: &mut Criterion) {
    let documents = documents();
    let bytes: usize = documents.iter().map(|document| document.body.len()).sum();
    let mut group = criterion.benchmark_group("feeds");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("feed-rs alone", |bencher| {
        bencher.iter(|| documents.iter().filter(|it| alone(it)).count());
    });
    group.bench_function("agg", |bencher| {
        bencher.iter(|| documents.iter().filter(|it| whole(it)).count());
    });
    group.finish();
}

/// Prints how many times as long as feed-rs alone it takes, both measured in turn.
#[expect(clippy::print_stdout, reason = "a benchmark is a program of its own")]
fn ratio() {
    let documents = documents();
    let (mut own, mut other) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        measure(&documents, alone, &mut other);
        measure(&documents, whole, &mut own);
    }
    println!(
        "feeds/ratio: {} feeds take {:.2} times as long as with feed-rs alone",
        documents.len(),
        own[ROUNDS / 2].as_secs_f64() / other[ROUNDS / 2].as_secs_f64()
    );
}

criterion_group!(benches, feeds);

fn main() {
    ratio();
    if std::env::args().any(|argument| argument == "--ratio") {
        return;
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
