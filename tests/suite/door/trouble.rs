//! Hosts that are dead, die, or never were.

use std::io::Read as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use agg::model::OutcomeKind;

use super::reader::{Reader, feed};
use super::*;

/// A server that does with each connection as `then` says, without a word of HTTP; and its address.
fn server(then: impl Fn(std::net::TcpStream) + Send + 'static) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().flatten().for_each(then));
    Url::parse(&format!("http://{address}/")).unwrap()
}

fn source(url: &Url) -> String {
    format!("[[source]]\nkind = \"feed\"\nurl = \"{url}\"\n")
}

#[tokio::test]
async fn a_connection_that_is_reset_is_cut_off() {
    // what is left unread resets it
    let url = server(|mut stream| {
        let _ = stream.read(&mut [0; 1]);
    });
    let error = fetcher().fetch(&request(url)).await.unwrap_err();
    assert!(matches!(error, Error::CutOff { .. }), "{error}");
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_left_after_the_connect_timeout() {
    let url = server(|mut stream| {
        std::thread::spawn(move || stream.read_to_end(&mut Vec::new()));
    });
    let url = Url::parse(&url.to_string().replace("http:", "https:")).unwrap();
    let options = Options {
        connect_timeout: Duration::from_millis(200),
        ..options()
    };
    let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
    let error = fetcher.fetch(&request(url)).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Timeout {
                phase: Phase::Connection,
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_host_that_dies_in_the_middle_of_a_run_takes_no_other_with_it() {
    let answered = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&answered);
    let dying = Site::open(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        0 => feed(),
        _ => Reply::raw(""),
    });
    let well = Site::open_at("127.0.0.2", |_| feed());
    let sources = [
        dying.url("/1"),
        well.url("/1"),
        dying.url("/2"),
        dying.url("/3"),
        well.url("/2"),
    ];
    let reader = Reader::with(&sources.iter().map(source).collect::<String>());
    let report = reader.runs().await;
    let kinds: Vec<&str> = report
        .outcomes
        .iter()
        .map(|outcome| outcome.kind.as_str())
        .collect();
    assert_eq!(kinds, ["read", "read", "failed", "failed", "read"]);
    assert!(!report.network_down);
    assert!(report.publication.is_some(), "what was read is published");
}

#[tokio::test]
async fn all_hosts_dead_is_the_fault_of_our_network_and_charged_to_nobody() {
    let nobody =
        ["x", "y"].map(|x| Url::parse(&format!("http://{}.invalid/", x.repeat(70))).unwrap());
    // what is not asked at all tells nothing
    let private = Url::parse("http://10.0.0.1/").unwrap();
    let [one, two] = &nobody;
    let reader = Reader::with(&[source(one), source(&private), source(two)].concat());
    let report = reader.runs().await;
    assert!(report.network_down);
    assert!(
        report
            .outcomes
            .iter()
            .all(|outcome| outcome.kind == OutcomeKind::Failed)
    );
    let run = reader.agg.run("status --format json");
    let states: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    for state in states.as_array().unwrap() {
        let is_private = state["url"] == "http://10.0.0.1/";
        assert_eq!(state["failures"], i32::from(is_private), "{state}");
        assert!(
            state["error"]
                .as_str()
                .unwrap()
                .starts_with(["the address of ", "10.0.0.1"][usize::from(is_private)]),
            "{state}"
        );
    }
}

#[tokio::test]
async fn hosts_that_refuse_have_answered_and_are_charged() {
    let [one, two] =
        ["127.0.0.1", "127.0.0.2"].map(|ip| Site::open_at(ip, |_| feed()).url("/feed"));
    let reader = Reader::with(&[source(&one), source(&two)].concat());
    assert!(!reader.runs().await.network_down);
    let run = reader.agg.run("status --format json");
    let states: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    for state in states.as_array().unwrap() {
        assert_eq!(state["failures"], 1, "{state}");
    }
}

#[tokio::test]
async fn one_host_dead_among_others_is_its_own_fault() {
    let dead = Site::open_at("127.0.0.2", |_| feed()).url("/feed");
    let well = Site::always(feed());
    let reader = Reader::with(&[source(&dead), source(&well.url("/feed"))].concat());
    let report = reader.runs().await;
    assert!(!report.network_down);
    let run = reader.agg.run("status --format json");
    let states: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&states[0]["failures"], &states[1]["failures"]),
        (&1.into(), &0.into())
    );
}

#[tokio::test]
async fn a_name_that_nobody_has_says_so() {
    // a label of more than 63 letters is no name, so that nobody is asked for it
    let url = Url::parse(&format!("http://{}.invalid/feed", "x".repeat(70))).unwrap();
    let outcome = Reader::with(&source(&url)).fetches().await;
    let error = outcome.error.unwrap();
    assert!(error.starts_with("the address of xxx"), "{error}");
    assert!(outcome.help.unwrap().contains("spelling"));
}
