//! How long a page takes to read: index pages of three sizes, and one post's own page. The pages are made up here, with the
//! parts that a blog's cards have; `cargo bench --bench pages` prints the time and the throughput of each.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use url::Url;

use agg::extract::{article, extract};
use agg::model::{Document, SourceKind, Validators};

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

fn pages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pages");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4));
    for (name, bytes) in [("10 kB", 10_000), ("100 kB", 100_000), ("1 MB", 1_000_000)] {
        let page = document(index(bytes));
        let read = extract(&page, SourceKind::Page, None).expect("the page lists posts");
        assert!(read.entries.len() * 1000 > bytes, "most cards are read");
        group.throughput(Throughput::Bytes(page.body.len() as u64));
        group.bench_function(BenchmarkId::new("index", name), |bencher| {
            bencher.iter(|| extract(black_box(&page), SourceKind::Page, None));
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

criterion_group!(benches, pages);
criterion_main!(benches);
