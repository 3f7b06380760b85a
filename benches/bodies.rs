//! How long bodies take to be made safe: four hundred of 3 kB, as a feed gives them, a long one, and the worst that a sender
//! could think of. `cargo bench --bench bodies` prints the time and the throughput of each.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use chrono::DateTime;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use url::Url;

use agg::model::{DocumentKind, RawEntry, Source, SourceId, SourceKind, SourceMeta, Text};
use agg::normalise::{Context, normalise};

const WORDS: [&str; 16] = [
    "river", "stone", "light", "winter", "engine", "model", "paper", "garden", "signal", "number",
    "window", "letter", "market", "café", "it’s", "R&amp;D",
];

/// `count` words, the same for the same `seed`.
fn words(seed: usize, count: usize) -> String {
    let mut state = seed as u64 + 1;
    let picked = (0..count).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).map_or("word", |n| WORDS[n % WORDS.len()])
    });
    picked.collect::<Vec<_>>().join(" ")
}

/// A body of at least `bytes`, with what bodies have: paragraphs, links, images, a list, code, classes and styles.
fn body(seed: usize, bytes: usize) -> String {
    let mut html = String::new();
    for i in 0.. {
        if html.len() >= bytes {
            break;
        }
        let (text, link) = (words(seed + i, 60), words(i, 3));
        match i % 5 {
            0 => writeln!(html, "<p class=\"lead\">{text}. <a href=\"/x/{i}?a=1&amp;b=2\" target=\"_blank\">{link}</a>.</p>"),
            1 => writeln!(html, "<p style=\"margin:0\">{text} <strong>{link}</strong> and <em>more</em>.</p>"),
            2 => writeln!(html, "<figure><img src=\"/i/{i}.jpg\" srcset=\"/i/{i}-2.jpg 2x\" width=\"640\" height=\"480\" alt=\"{link}\"><figcaption>{link}</figcaption></figure>"),
            3 => writeln!(html, "<ul><li>{link}</li><li><a href=\"https://a.example/{i}\">{link}</a></li></ul>"),
            _ => writeln!(html, "<h2 id=\"h{i}\">{link}</h2><pre><code class=\"language-rust\">let x = {i} &lt; 3;</code></pre>"),
        }
        .expect("a string takes all that is written");
    }
    html
}

fn entries(bodies: &[String], is_summary: bool) -> Vec<RawEntry> {
    let entry = |(i, body): (usize, &String)| {
        let body = Some(Text::Html(body.clone()));
        let mut entry = RawEntry {
            url: Some(format!("/posts/{i}")),
            title: Some(Text::Plain(format!("Post {i}"))),
            ..RawEntry::default()
        };
        if is_summary {
            entry.summary = body;
        } else {
            entry.content = body;
        }
        entry
    };
    bodies.iter().enumerate().map(entry).collect()
}

fn bodies(criterion: &mut Criterion) {
    let document = Url::parse("https://blog.example/feed.xml").expect("a constant address is one");
    let source = Source {
        id: SourceId::new("blog").expect("a constant name is one"),
        url: document.clone(),
        title: None,
        kind: SourceKind::Auto,
        select: None,
        enrich: false,
        robots: true,
        pages: 1,
        interval: None,
        timezone: None,
        tags: Vec::new(),
        access: std::sync::Arc::default(),
    };
    let meta = SourceMeta::default();
    let context = Context {
        source: &source,
        document: &document,
        meta: &meta,
        kind: DocumentKind::Feed,
        now: DateTime::UNIX_EPOCH,
    };
    let usual: Vec<String> = (0..400).map(|seed| body(seed, 3_000)).collect();
    let long = vec![body(1, 1_000_000)];
    let hostile = vec![
        "<div>".repeat(40_000),
        format!("<p{}>x", " a=b".repeat(100_000)),
        "&amp;".repeat(300_000),
        "<b><p>".repeat(20_000),
        "<a><table>".repeat(20_000),
    ];

    let mut group = criterion.benchmark_group("bodies");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4));
    for (name, bodies, is_summary) in [
        ("400 of 3 kB", &usual, false),
        ("400 of 3 kB, as descriptions", &usual, true),
        ("one of 1 MB", &long, false),
        ("hostile", &hostile, false),
    ] {
        let raw = entries(bodies, is_summary);
        let made = normalise(raw.clone(), &context);
        assert_eq!(made.entries.len(), bodies.len(), "{:?}", made.warnings);
        group.throughput(Throughput::Bytes(
            bodies.iter().map(|body| body.len() as u64).sum(),
        ));
        group.bench_function(BenchmarkId::new("normalise", name), |bencher| {
            bencher.iter_batched(
                || raw.clone(),
                |raw| normalise(black_box(raw), &context),
                criterion::BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, bodies);
criterion_main!(benches);
