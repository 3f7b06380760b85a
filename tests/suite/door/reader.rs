//! Somebody who reads sources, and something to read.

use std::sync::{Arc, Mutex};

use agg::config::Config;
use agg::model::Outcome;
use agg::pipeline::{Asking, Pipeline, Report};
use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::program::Agg;

/// An index page with four posts; each lacks what its own page could say.
pub(super) fn index() -> Reply {
    let item = |n: u32| {
        format!(
            "<li class=p><h2><a href=\"/post/{n}\">A post about the harbour, number {n}</a></h2>\
             <time datetime=\"2026-02-0{n}\">2026-02-0{n}</time></li>"
        )
    };
    let items = (1..=4).rev().map(item).collect::<Vec<_>>().concat();
    Reply::ok(
        "text/html",
        format!("<main><h1>Log</h1><ul>{items}</ul></main>"),
    )
}

pub(super) fn feed() -> Reply {
    let item = "<item><title>A post</title><link>https://blog.example/a</link></item>";
    let rss = format!("<rss version=\"2.0\"><channel><title>t</title>{item}</channel></rss>");
    Reply::ok("application/rss+xml", rss)
}

/// What was asked for, in order.
pub(super) fn paths(site: &Site) -> Vec<String> {
    site.asked().into_iter().map(|asked| asked.path).collect()
}

/// Somebody who reads sources, with a clock that a test can turn.
pub(super) struct Reader {
    pub(super) agg: Agg,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Reader {
    /// Of the address `url`, with these lines below it.
    pub(super) fn of(url: &Url, lines: &str) -> Self {
        Self::with(&format!(
            "[[source]]\nid = \"log\"\nurl = \"{url}\"\n{lines}\n"
        ))
    }

    pub(super) fn with(sources: &str) -> Self {
        let agg = Agg::new();
        agg.configure(&format!("{sources}[fetch]\nspacing = \"0s\"\n"));
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        Self {
            agg,
            now: Arc::new(Mutex::new(now)),
        }
    }

    pub(super) fn wait(&self, span: TimeDelta) {
        *self.now.lock().unwrap() += span;
    }

    /// A run of a program that has just begun, so that it knows nothing but what is stored.
    pub(super) async fn runs(&self) -> Report {
        self.asks(true).await
    }

    /// A run that asks what is due.
    pub(super) async fn cycles(&self) -> Report {
        self.asks(false).await
    }

    async fn asks(&self, force: bool) -> Report {
        let config = Config::load(&self.agg.path("feeds.toml")).unwrap();
        let now = Arc::clone(&self.now);
        let clock = Arc::new(move || *now.lock().unwrap());
        let pipeline = Pipeline::open(config, Door::Network, None)
            .unwrap()
            .with_clock(clock);
        let asking = Asking {
            force,
            accept: false,
        };
        let report = pipeline.update(&[], asking, &|_| {}).await.unwrap();
        assert!(report.stopped.is_none(), "{:?}", report.stopped);
        report
    }

    /// The same with one source.
    pub(super) async fn fetches(&self) -> Outcome {
        self.runs().await.outcomes.remove(0)
    }
}
