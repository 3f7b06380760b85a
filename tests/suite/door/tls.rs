//! HTTPS: whom we trust, which protocol is spoken, how many connections it takes.

use agg::fetch::Request;
use agg::model::Access;
use axum::body::Body;
use axum::http::Version;
use axum::response::Response;

use super::secure::{Secure, root};
use super::*;
use crate::program::Agg;

const BOTH: &[&str] = &["h2", "http/1.1"];

fn page(_: &str) -> Response {
    Response::builder()
        .header("content-type", "text/html")
        .body(Body::from("page"))
        .unwrap()
}

/// A request of a source that trusts the site's root.
fn trusting(url: Url) -> Request {
    Request {
        access: Access {
            ca_file: Some(root()),
            ..Access::default()
        }
        .into(),
        ..request(url)
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_with_the_way_out() {
    let site = Secure::open(BOTH, page);
    let error = fetcher().fetch(&request(site.url("/"))).await.unwrap_err();
    assert!(matches!(error, Error::Tls { .. }), "{error}");
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
    assert!(error.help().unwrap().contains("`ca_file`"));
    assert_eq!(site.heard(), [], "nothing is said to whom we do not trust");
}

#[tokio::test]
async fn roots_of_one_source_are_trusted_for_that_source_only() {
    let site = Secure::open(BOTH, page);
    let fetcher = fetcher();
    let answer = fetcher.fetch(&trusting(site.url("/"))).await.unwrap();
    assert_eq!(document(answer).body, "page");
    let error = fetcher.fetch(&request(site.url("/"))).await.unwrap_err();
    assert!(matches!(error, Error::Tls { .. }), "{error}");
    assert_eq!(site.heard().len(), 1);
}

#[tokio::test]
async fn a_trusted_root_makes_no_certificate_good_for_another_name() {
    // an address of this machine that the certificate does not name
    let site = Secure::open_at("127.0.0.2", BOTH, page);
    let error = fetcher().fetch(&trusting(site.url("/"))).await.unwrap_err();
    assert!(matches!(error, Error::Tls { .. }), "{error}");
    assert_eq!(site.heard(), []);
}

#[test]
fn a_source_behind_a_certificate_of_its_own_is_configured_in_one_line() {
    let site = Secure::open(BOTH, |_| {
        Response::builder()
            .header("content-type", "application/rss+xml")
            .body(Body::from(FEED))
            .unwrap()
    });
    let agg = Agg::new();
    let allow = "[fetch]\nallow = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";
    let source = format!(
        "[[source]]\nid = \"own\"\nurl = \"{}\"\n",
        site.url("/feed")
    );
    agg.configure(&format!("{source}{allow}"));
    let run = agg.run("fetch");
    assert_eq!(run.code, 3, "{}", run.stdout);
    assert!(run.stderr.contains("`ca_file`"), "{}", run.stderr);
    std::fs::copy(root(), agg.path("own.pem")).unwrap();
    agg.configure(&format!("{source}ca_file = \"own.pem\"\n{allow}"));
    let run = agg.run("fetch --force");
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(site.heard().len(), 1);
}

#[tokio::test]
async fn http_leads_to_https_and_a_permanent_move_is_told() {
    let secure = Secure::open(BOTH, page);
    let there = secure.url("/").to_string();
    let site = Site::open(move |_| Reply::redirect(301, &there));
    let answer = fetcher().fetch(&trusting(site.url("/"))).await.unwrap();
    assert_eq!(answer.moved, Some(secure.url("/")));
    assert_eq!(document(answer).url, secure.url("/"));
}

#[tokio::test]
async fn https_never_leads_to_http() {
    let site = Site::always(Reply::ok("text/html", "page"));
    let there = site.url("/").to_string();
    let secure = Secure::open(BOTH, move |_| {
        Response::builder()
            .status(302)
            .header("location", &there)
            .body(Body::empty())
            .unwrap()
    });
    let error = fetcher()
        .fetch(&trusting(secure.url("/")))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Downgrade { .. }), "{error}");
    assert!(site.asked().is_empty(), "nobody was asked in the open");
}

#[tokio::test]
async fn one_connection_carries_all_requests_of_a_host() {
    for (protocols, version) in [
        (BOTH, Version::HTTP_2),
        (&["http/1.1"][..], Version::HTTP_11),
        (&[][..], Version::HTTP_11),
    ] {
        let site = Secure::open(protocols, page);
        let fetcher = fetcher();
        for path in ["/a", "/b", "/c"] {
            fetcher.fetch(&trusting(site.url(path))).await.unwrap();
        }
        let heard = site.heard();
        assert_eq!(heard.len(), 3);
        for request in heard {
            assert_eq!((request.version, request.connection), (version, 1));
        }
    }
}

#[tokio::test]
async fn an_answer_without_a_document_leaves_the_connection_for_the_next() {
    let site = Secure::open(&["http/1.1"], |path| match path {
        "/gone" => Response::builder()
            .status(404)
            .body(Body::from("no such page"))
            .unwrap(),
        "/moved" => Response::builder()
            .status(301)
            .header("location", "/page")
            .body(Body::from("over there"))
            .unwrap(),
        _ => page(path),
    });
    let fetcher = fetcher();
    let gone = fetcher.fetch(&trusting(site.url("/gone"))).await;
    assert_eq!(gone.unwrap_err().status(), Some(404));
    fetcher.fetch(&trusting(site.url("/moved"))).await.unwrap();
    let connections: Vec<usize> = site.heard().iter().map(|it| it.connection).collect();
    assert_eq!(connections, [1, 1, 1]);
}

/// An answer whose headers take `bytes`, in headers of a kilobyte.
fn with_headers(bytes: usize) -> Response {
    let names = 0..bytes / 1024;
    names
        .fold(Response::builder(), |answer, n| {
            answer.header(format!("x-{n}"), "x".repeat(1000))
        })
        .body(Body::from("page"))
        .unwrap()
}

#[tokio::test]
async fn headers_over_http_2_are_held_to_their_limit() {
    let site = Secure::open(BOTH, |path| match path {
        "/busy" => with_headers(100 * 1024),
        _ => with_headers(200 * 1024),
    });
    let fetcher = fetcher();
    let busy = fetcher.fetch(&trusting(site.url("/busy"))).await.unwrap();
    assert_eq!(document(busy).body, "page");
    let error = fetcher.fetch(&trusting(site.url("/mad"))).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, Error::BadAnswer { .. } | Error::CutOff { .. }),
        "{error}"
    );
    assert!(site.heard().iter().all(|it| it.version == Version::HTTP_2));
}
