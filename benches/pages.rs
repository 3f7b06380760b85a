//! How long a page takes to read, and how much memory: index pages of three sizes, and one post's own page. The pages are
//! made up here, with the parts that a blog's cards have. `cargo bench --bench pages` prints the time and the throughput of
//! extracting each and of the whole way from bytes to entries, and, on Linux, by how many times its own size each makes a
//! process grow.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use chrono::{DateTime, Utc};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use url::Url;

use agg::extract::{article, extract};
use agg::model::{Document, Source, SourceId, SourceKind, Validators};
use agg::normalise::{Context, Normalised, normalise};

/// Sizes of index pages.
const SIZES: [(&str, usize); 3] = [("10 kB", 10_000), ("100 kB", 100_000), ("1 MB", 1_000_000)];

/// Words that titles and excerpts are made of.
const WORDS: [&str; 20] = [
    "river", "stone", "light", "winter", "engine", "model", "paper", "garden", "signal", "number",
    "window", "letter", "market", "harbour", "copper", "silver", "morning", "method", "branch",
    "memory",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `count` words, the same for the same `seed`.
fn words(seed: usize, count: usize, between: &str) -> String {
    let mut state = seed as u64 + 1;
    let picked = (0..count).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).map_or("word", |n| WORDS[n % WORDS.len()])
    });
    picked.collect::<Vec<_>>().join(between)
}

/// An index page of at least `bytes`.
fn index(bytes: usize) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=en><head><title>Notes</title><link rel=alternate type=application/rss+xml href=/feed.xml>\
        </head><body><header><nav><a href=/>Home</a> <a href=/about/>About</a> <a href=/projects/>Projects</a></nav></header>\
        <main><h1>Notes</h1><div class=posts>\n",
    );
    for i in 0.. {
        if page.len() >= bytes {
            break;
        }
        let (year, month, day) = (2025 - i / 200, i / 20 % 12, i % 27 + 1);
        let (slug, title) = (words(i, 4, "-"), words(i + 7, 6, " "));
        let (tag, excerpt) = (WORDS[i % WORDS.len()], words(i + 3, 38, " "));
        writeln!(
            page,
            "<article class=post-card><h2 class=post-title><a href=\"/posts/{i}-{slug}/\">No. {i}: {title}</a></h2>\
            <p class=post-meta><time datetime=\"{year}-{:02}-{day:02}\">{} {day}, {year}</time> · {} min read · \
            <a href=\"/tags/{tag}/\">{tag}</a></p><p class=excerpt>Of {excerpt}.</p>\
            <a class=more href=\"/posts/{i}-{slug}/\">Read more</a></article>",
            month + 1,
            MONTHS[month],
            i % 14 + 2,
        )
        .expect("a string takes all that is written");
    }
    page + "</div></main><footer><p>Made by hand</p></footer></body></html>"
}

/// A post's page of at least `bytes`.
fn post(bytes: usize) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=en><head><title>One post</title><meta name=description content=\"About it\">\
        <meta property=article:published_time content=2025-03-04T10:00:00Z></head><body><nav><a href=/>Home</a></nav>\
        <main><article><h1>One post</h1><p>March 4, 2025 · 9 min read</p>\n",
    );
    for i in 0.. {
        if page.len() >= bytes {
            break;
        }
        let (text, link) = (words(i, 70, " "), words(i, 3, " "));
        writeln!(
            page,
            "<p>On {text}. <a href=\"/x/{i}\">{link}</a>.</p><pre><code>let x = {i};</code></pre>"
        )
        .expect("a string takes all that is written");
    }
    page + "</article></main></body></html>"
}

fn document(html: String) -> Document {
    Document {
        url: Url::parse("https://blog.example/posts/").expect("a constant address is one"),
        media_type: Some("text/html".to_owned()),
        charset: Some("utf-8".to_owned()),
        body: html.into(),
        validators: Validators::default(),
    }
}

fn source() -> Source {
    Source {
        id: SourceId::new("bench").expect("a constant name is one"),
        url: Url::parse("https://blog.example/posts/").expect("a constant address is one"),
        title: None,
        kind: SourceKind::Page,
        select: None,
        enrich: false,
        robots: true,
        pages: 1,
        interval: None,
        timezone: None,
        tags: Vec::new(),
        access: std::sync::Arc::default(),
    }
}

/// Bytes to entries, as an update does it.
fn read(page: &Document, source: &Source) -> Normalised {
    let extraction = extract(page, source.kind, None).expect("the page lists posts");
    let context = Context {
        source,
        document: &page.url,
        meta: &extraction.meta,
        kind: extraction.kind,
        now: DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::days(20_500),
    };
    normalise(extraction.entries, &context)
}

fn pages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pages");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4));
    let source = source();
    for (name, bytes) in SIZES {
        let page = document(index(bytes));
        let entries = read(&page, &source).entries.len();
        assert!(entries * 1000 > bytes, "most cards are read");
        group.throughput(Throughput::Bytes(page.body.len() as u64));
        group.bench_function(BenchmarkId::new("extract", name), |bencher| {
            bencher.iter(|| extract(black_box(&page), SourceKind::Page, None));
        });
        group.bench_function(BenchmarkId::new("bytes to entries", name), |bencher| {
            bencher.iter(|| read(black_box(&page), &source));
        });
    }
    let page = document(post(60_000));
    let read = article(&page).expect("the page is HTML");
    assert!(read.content.is_some(), "the body is found");
    group.throughput(Throughput::Bytes(page.body.len() as u64));
    group.bench_function(BenchmarkId::new("article", "60 kB"), |bencher| {
        bencher.iter(|| article(black_box(&page)));
    });
    group.finish();
}

/// Tells a child of this program to read one page of so many bytes and to say by how much it grew.
const GROW: &str = "AGG_BENCH_GROW";

/// How much a process grows when it reads a page, as a multiple of the page: in a process of its own, for memory that was
/// given back is not seen to be taken again.
fn memory() {
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    for (name, bytes) in SIZES {
        let child = Command::new(&program).env(GROW, bytes.to_string()).output();
        let grown = child.ok().and_then(|child| {
            let said = String::from_utf8(child.stdout).ok()?;
            said.trim().parse::<u32>().ok()
        });
        let size = u32::try_from(index(bytes).len()).expect("the largest is a megabyte");
        match grown {
            Some(grown) => report(&format!(
                "pages/memory/{name:<7} {:.1} times the page ({} kB)",
                f64::from(grown) / f64::from(size),
                grown / 1000
            )),
            None => report(&format!("pages/memory/{name}: not measured here")),
        }
    }
}

#[expect(clippy::print_stdout, reason = "a benchmark is a program of its own")]
fn report(line: &str) {
    println!("{line}");
}

/// Reads a page of `bytes` and tells by how many bytes the process was larger at the highest than before.
fn grow(bytes: usize) {
    let source = source();
    // the tables that any first page fills are no part of the second
    read(&document(index(1000)), &source);
    let page = document(index(bytes));
    let before = status("VmRSS:");
    let entries = black_box(read(&page, &source)).entries.len();
    assert!(entries * 1000 > bytes, "most cards are read");
    if let (Some(before), Some(most)) = (before, status("VmHWM:")) {
        report(&most.saturating_sub(before).to_string());
    }
}

/// A line of what Linux tells of this process, in bytes.
fn status(key: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(key))?;
    let kilobytes = line.split_whitespace().nth(1)?.parse::<u64>().ok()?;
    Some(kilobytes * 1024)
}

criterion_group!(benches, pages);

fn main() {
    if let Some(bytes) = std::env::var(GROW)
        .ok()
        .and_then(|bytes| bytes.parse().ok())
    {
        return grow(bytes);
    }
    memory();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
