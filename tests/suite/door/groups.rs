//! Who takes turns with whom: hosts by themselves, and as `[[group]]` says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::*;
use crate::program::Agg;

/// How many requests are under way, and how many were at most.
#[derive(Clone, Default)]
struct Busy {
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Busy {
    /// A site that takes its time, at `ip`.
    fn site(&self, ip: &str) -> Site {
        let busy = self.clone();
        Site::open_at(ip, move |_| {
            let now = busy.now.fetch_add(1, Ordering::SeqCst) + 1;
            busy.most.fetch_max(now, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(60));
            busy.now.fetch_sub(1, Ordering::SeqCst);
            Reply::ok("application/rss+xml", FEED)
        })
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// `count` feeds on `site`.
fn sources(site: &Site, count: usize) -> String {
    let source = |n| {
        format!(
            "[[source]]\nkind = \"feed\"\nurl = \"{}\"\n",
            site.url(&format!("/{n}"))
        )
    };
    (0..count).map(source).collect::<Vec<_>>().concat()
}

/// Asks all of them once, with this in feeds.toml.
fn fetch_all(sources: &str, more: &str) {
    let agg = Agg::new();
    agg.configure(&format!("{sources}{more}\n[fetch]\nspacing = \"0s\"\n"));
    let run = agg.run("fetch");
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn one_host_is_asked_for_one_thing_at_a_time_and_hosts_side_by_side() {
    let (one, both) = (Busy::default(), Busy::default());
    let site = one.site("127.0.0.1");
    fetch_all(&sources(&site, 6), "");
    assert_eq!((one.most(), site.asked().len()), (1, 6));
    let sites = [both.site("127.0.0.1"), both.site("127.0.0.2")];
    fetch_all(&sites.each_ref().map(|site| sources(site, 6)).concat(), "");
    assert_eq!(both.most(), 2);
}

#[test]
fn hosts_of_a_group_are_asked_one_after_the_other() {
    let busy = Busy::default();
    let sites = [busy.site("127.0.0.1"), busy.site("127.0.0.2")];
    let all = sites.each_ref().map(|site| sources(site, 4)).concat();
    fetch_all(&all, "[[group]]\nhosts = [\"127.0.0.1\", \"127.0.0.2\"]\n");
    assert_eq!(busy.most(), 1);
}

#[test]
fn a_group_is_asked_for_as_many_things_at_once_as_it_says() {
    let busy = Busy::default();
    let site = busy.site("127.0.0.1");
    let group = "[[group]]\nhosts = [\"127.0.0.1\"]\nconcurrency = 3\n";
    fetch_all(&sources(&site, 9), group);
    assert_eq!((busy.most(), site.asked().len()), (3, 9));
}

#[test]
fn the_host_with_the_most_sources_is_asked_first() {
    let (long, short) = ("127.0.0.9", "127.0.0.1");
    let busy = Busy::default();
    let sites = [busy.site(short), busy.site(long)];
    let all = format!("{}{}", sources(&sites[0], 1), sources(&sites[1], 3));
    let agg = Agg::new();
    agg.configure(&format!(
        "{all}[fetch]\nspacing = \"0s\"\nconcurrency = 1\n"
    ));
    assert_eq!(agg.run("fetch").code, 0);
    let first = |site: &Site| site.asked()[0].at;
    assert!(first(&sites[1]) < first(&sites[0]));
}

/// How many of three feeds of a site that answers 429 are asked for in one run, and in the next.
fn asked_after_429(group: &str) -> (usize, usize) {
    let site = Site::always(Reply::status(429).header("Retry-After", "3600"));
    let agg = Agg::new();
    agg.configure(&format!(
        "{}{group}[fetch]\nspacing = \"0s\"\n",
        sources(&site, 3)
    ));
    agg.run("fetch --force");
    let first = site.asked().len();
    agg.run("fetch --force");
    (first, site.asked().len() - first)
}

#[test]
fn a_wish_is_that_of_the_whole_host_unless_a_group_says_otherwise() {
    assert_eq!(asked_after_429(""), (1, 0));
    let narrow = "[[group]]\nhosts = [\"127.0.0.1\"]\nscope = \"source\"\n";
    assert_eq!(
        asked_after_429(narrow),
        (3, 0),
        "each by itself, and each heard"
    );
}

#[test]
fn a_wish_in_a_group_is_kept_for_all_its_hosts() {
    let refusing = Site::always(Reply::status(429).header("Retry-After", "3600"));
    let other = Site::open_at("127.0.0.2", |_| Reply::ok("application/rss+xml", FEED));
    let agg = Agg::new();
    let group = "[[group]]\nhosts = [\"127.0.0.1\", \"127.0.0.2\"]\n[fetch]\nspacing = \"0s\"\n";
    let both = format!("{}{}", sources(&refusing, 1), sources(&other, 1));
    agg.configure(&format!("{both}{group}"));
    agg.run("fetch --force");
    assert_eq!((refusing.asked().len(), other.asked().len()), (1, 0));
    agg.run("fetch --force");
    assert_eq!(
        (refusing.asked().len(), other.asked().len()),
        (1, 0),
        "the next run knows it"
    );
}
