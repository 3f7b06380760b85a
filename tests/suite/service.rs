//! `agg serve` as the system runs it: a configuration that changes under it, and its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::program::Agg;
use crate::running::{Running, get, health, until};
use crate::site::{Asked, Reply, Site};

/// Never within a test.
const SELDOM: &str = "schedule = \"0 0 29 2 *\"\n";

/// A feed with one entry, called as its address.
fn feed(asked: &Asked) -> Reply {
    let name = asked.path.trim_start_matches('/');
    let feed = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{name}</title><id>urn:{name}</id>\
         <updated>2026-02-03T10:00:00Z</updated><entry><id>urn:{name}:1</id><title>Post of {name}</title>\
         <link href=\"https://{name}.example/1\"/><updated>2026-02-03T10:00:00Z</updated></entry></feed>"
    );
    Reply::ok("application/atom+xml", feed)
}

/// The beginning of an answer, and never the rest.
fn hanging() -> Reply {
    Reply::ok("text/html", "<p>").length(Some(1_000)).stalls()
}

fn source(site: &Site, name: &str) -> String {
    format!(
        "[[source]]\nid = \"{name}\"\nurl = \"{}\"\n",
        site.url(&format!("/{name}"))
    )
}

/// A service over this configuration.
fn serve(agg: &Agg, configuration: &str) -> (Running, SocketAddr) {
    agg.configure(configuration);
    let call = agg.args(["serve", "--listen", "127.0.0.1:0"]);
    let service = Running::start(call.into_command());
    let address = service.address();
    (service, address)
}

fn until_published(address: SocketAddr, text: &str) {
    until(&format!("{text:?} is published"), || {
        get(address, "/atom.xml").1.contains(text)
    });
}

fn asked(site: &Site, path: &str) -> usize {
    site.asked()
        .iter()
        .filter(|asked| asked.path == path)
        .count()
}

#[test]
fn after_sighup_the_new_configuration_holds_and_only_what_is_new_is_asked() {
    let site = Site::open(feed);
    let agg = Agg::new();
    let one = source(&site, "one");
    let (service, address) = serve(&agg, &format!("{SELDOM}{one}"));
    until_published(address, "Post of one");
    assert_eq!(health(address)["configuration"]["sources"], 1);

    let two = source(&site, "two");
    agg.configure(&format!(
        "schedule = \"0 0 1 1 *\"\n[site]\ntitle = \"Kiln and wheel\"\n{one}{two}"
    ));
    service.signal("HUP");
    until_published(address, "Post of two");
    until_published(address, "Kiln and wheel");
    assert_eq!((asked(&site, "/one"), asked(&site, "/two")), (1, 1));
    let health = health(address);
    assert_eq!(health["configuration"]["sources"], 2);
    let next = health["next_cycle"].as_str().unwrap();
    assert!(next.ends_with("-01-01T00:00:00Z"), "{next}");
    service.signal("TERM");
    assert_eq!(service.end().0, 0);
}

#[test]
fn a_bad_file_keeps_the_old_configuration_and_every_problem_is_told_with_its_place() {
    let site = Site::open(feed);
    let agg = Agg::new();
    let good = format!("{SELDOM}{}", source(&site, "one"));
    let (service, address) = serve(&agg, &good);
    until_published(address, "Post of one");

    agg.configure("schedule = \"whenever\"\n[[source]]\nurl = \"ftp://kiln.example/\"\n");
    service.signal("HUP");
    let problems = || health(address)["configuration"]["problems"].clone();
    until("the problems are told", || {
        problems()
            .as_array()
            .is_some_and(|problems| problems.len() == 2)
    });
    for (number, place) in ["feeds.toml:1:12", "feeds.toml:3:7"].iter().enumerate() {
        assert!(
            problems()[number].as_str().unwrap().contains(place),
            "{place}: {}",
            problems()
        );
        assert!(
            service.said().contains(place),
            "{place}: {}",
            service.said()
        );
    }
    let health = health(address);
    assert_eq!(
        (&health["status"], &health["configuration"]["sources"]),
        (&"ok".into(), &1.into())
    );
    until_published(address, "Post of one");

    agg.configure(&good);
    service.signal("HUP");
    until("the problems are gone", || {
        problems() == serde_json::json!([])
    });
}

#[test]
fn what_cannot_change_while_it_runs_is_named_and_stays() {
    let site = Site::open(feed);
    let agg = Agg::new();
    let sources = source(&site, "one");
    agg.configure(&format!("{SELDOM}{sources}"));
    let (service, address) = serve(&agg, &format!("{SELDOM}{sources}"));
    until_published(address, "Post of one");
    agg.configure(&format!("{SELDOM}database = \"other.db\"\n{sources}"));
    for _ in 0..2 {
        service.signal("HUP");
        until("it says what takes a restart", || {
            let remarks = &health(address)["configuration"]["needs_restart"];
            remarks[0]
                .as_str()
                .is_some_and(|remark| remark.contains("other.db"))
        });
    }
    assert!(!agg.path("other.db").exists());
    until_published(address, "Post of one");
    service.until_said("holds after a restart", 2);
}

#[test]
fn a_cycle_under_way_ends_with_the_old_configuration_before_the_new_one_is_used() {
    let free = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&free);
    let site = Site::open(move |asked| {
        if asked.path == "/one" {
            until("the site is let", || gate.load(Ordering::SeqCst));
        }
        feed(asked)
    });
    let agg = Agg::new();
    let (service, address) = serve(&agg, &format!("{SELDOM}{}", source(&site, "one")));
    until("the cycle asks", || asked(&site, "/one") == 1);
    agg.configure(&format!("{SELDOM}{}", source(&site, "two")));
    service.signal("HUP");
    service.until_said("the new configuration holds", 1);
    assert_eq!(asked(&site, "/two"), 0, "not while the other cycle runs");
    free.store(true, Ordering::SeqCst);
    until_published(address, "Post of two");
    assert!(
        agg.run("list").stdout.contains("Post of one"),
        "what was under way was stored"
    );
}

#[test]
fn sigterm_ends_a_service_whose_cycle_hangs_within_ten_seconds() {
    let site = Site::always(hanging());
    let agg = Agg::new();
    let (service, _) = serve(&agg, &format!("{SELDOM}{}", source(&site, "one")));
    until("the cycle asks", || !site.asked().is_empty());
    service.signal("TERM");
    let (code, took) = service.end();
    assert_eq!(code, 0);
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    for (first, second, status) in [("TERM", "TERM", 143), ("TERM", "INT", 130)] {
        let site = Site::always(hanging());
        let agg = Agg::new();
        let (service, _) = serve(&agg, &format!("{SELDOM}{}", source(&site, "one")));
        until("the cycle asks", || !site.asked().is_empty());
        service.signal(first);
        service.until_said("stopping", 1);
        service.signal(second);
        let (code, took) = service.end();
        assert_eq!(code, status);
        // the cycle would be given seven
        assert!(took < Duration::from_secs(6), "{took:?}");
    }
}

#[test]
fn metrics_count_cycles_outcomes_and_entries_and_name_the_sources_that_fail() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/astray" => Reply::status(404),
        _ => feed(asked),
    });
    let agg = Agg::new();
    let sources = [source(&site, "one"), source(&site, "astray")].concat();
    let (service, address) = serve(&agg, &format!("{SELDOM}{sources}"));
    service.until_said("cycle ended", 1);
    let mut metrics = String::new();
    until("the cycle is counted", || {
        metrics = get(address, "/metrics").1;
        metrics.contains("agg_sources_failing")
    });
    for line in [
        "# TYPE agg_cycles_total counter",
        "agg_cycles_total{result=\"done\"} 1",
        "agg_outcomes_total{outcome=\"failed\"} 1",
        "agg_outcomes_total{outcome=\"read\"} 1",
        "agg_entries_new_total 1",
        "agg_sources 2",
        "agg_sources_failing 1",
        "agg_archive_entries 1",
        "agg_source_failing{source=\"astray\"} 1",
        "agg_source_failing{source=\"one\"} 0",
        "agg_configuration_good 1",
    ] {
        assert!(
            metrics.lines().any(|known| known == line),
            "{line}:\n{metrics}"
        );
    }
    assert!(metrics.contains("text/plain; version=0.0.4"), "{metrics}");
    assert!(
        !metrics.contains("last_good_timestamp_seconds{source=\"astray\"}"),
        "it never was"
    );
}
