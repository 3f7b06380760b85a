//! Fetching over a real socket: what a site's operator would wish for, and what no site can do to us.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use agg::fetch::{
    Accept, Answer, Door, Error, Fetched, Fetcher, Options, Phase, Request, RetryAfter, file_name,
};
use agg::model::{Document, OutcomeKind, Validators};
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::site::{Reply, Site};

/// What a test would wait for in vain never comes, however busy the machine is.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// No spacing, small bodies, and this machine may be asked.
pub(crate) fn options() -> Options {
    Options {
        allow: vec!["127.0.0.0/8".parse().expect("a network")],
        timeout: Duration::from_mins(1),
        connect_timeout: SOON,
        stall_timeout: SOON,
        max_body_bytes: 10_000,
        spacing: Duration::ZERO,
        ..Options::default()
    }
}

pub(crate) fn fetcher() -> Fetcher {
    Fetcher::new(&options(), Door::Network, None).expect("the client needs no system")
}

pub(crate) fn request(url: Url) -> Request {
    Request {
        url,
        validators: Validators::default(),
        validators_from: None,
        accept: Accept::FeedOrPage,
        access: std::sync::Arc::default(),
    }
}

/// Asks the front page of `site`.
pub(crate) async fn fetch(site: &Site) -> Result<Answer, Error> {
    fetcher().fetch(&request(site.url("/"))).await
}

pub(crate) fn document(answer: Answer) -> Document {
    match answer.fetched {
        Fetched::Document(document) => document,
        Fetched::NotModified { .. } => panic!("a 304 where a document was expected"),
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

#[tokio::test]
async fn a_document_comes_with_its_address_type_charset_and_validators() {
    let site = Site::always(
        Reply::ok("Text/XML; charset=\"ISO-8859-1\"", b"<rss>\xe9</rss>")
            .header("ETag", "W/\"1\"")
            .header("Last-Modified", "not even a date"),
    );
    let answer = fetch(&site).await.unwrap();
    assert_eq!(
        (answer.status, answer.bytes, answer.moved.clone()),
        (200, 12, None)
    );
    let document = document(answer);
    assert_eq!(document.url, site.url("/"));
    assert_eq!(document.media_type.as_deref(), Some("text/xml"));
    assert_eq!(document.charset.as_deref(), Some("ISO-8859-1"));
    assert_eq!(document.body, &b"<rss>\xe9</rss>"[..]);
    assert_eq!(document.validators.etag.as_deref(), Some("W/\"1\""));
    assert_eq!(
        document.validators.last_modified.as_deref(),
        Some("not even a date")
    );
}

#[tokio::test]
async fn a_request_says_who_asks_and_what_it_takes() {
    let site = Site::always(Reply::ok("text/html", "page"));
    let options = Options {
        contact: Some("https://reader.example/bot".to_owned()),
        ..options()
    };
    let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
    let mut page = request(site.url("/a?b=c#d"));
    page.accept = Accept::Page;
    fetcher.fetch(&page).await.unwrap();
    let asked = &site.asked()[0];
    assert_eq!(asked.path, "/a?b=c");
    let header = |name| String::from_utf8_lossy(asked.header(name).unwrap()).into_owned();
    assert!(header("user-agent").starts_with("agg/"));
    assert!(header("user-agent").contains("+https://reader.example/bot"));
    assert!(header("accept").starts_with("text/html"));
    assert!(header("accept-encoding").contains("gzip"));
    for absent in ["if-none-match", "if-modified-since", "referer", "cookie"] {
        assert_eq!(asked.header(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn validators_are_echoed_byte_for_byte() {
    let etag = b"\"caf\xe9 \xff\"";
    let date = b"Sun, 1 Mar 2026 9:00 +0100";
    let site = Site::open(move |asked| {
        if asked.header("if-none-match") == Some(etag)
            && asked.header("if-modified-since") == Some(date)
        {
            Reply::status(304)
        } else {
            Reply::ok("text/html", "page")
                .header("ETag", etag)
                .header("Last-Modified", date)
        }
    });
    let fetcher = fetcher();
    let first = document(fetcher.fetch(&request(site.url("/"))).await.unwrap());
    let again = Request {
        validators: first.validators.clone(),
        ..request(site.url("/"))
    };
    let answer = fetcher.fetch(&again).await.unwrap();
    assert_eq!((answer.status, answer.bytes), (304, 0));
    assert_eq!(
        answer.fetched,
        Fetched::NotModified {
            validators: first.validators
        },
        "a 304 that states nothing keeps what was known"
    );
}

#[tokio::test]
async fn a_304_with_new_validators_replaces_the_old_ones() {
    let site = Site::always(Reply::status(304).header("ETag", "\"2\""));
    let known = Request {
        validators: Validators {
            etag: Some("\"1\"".to_owned()),
            last_modified: Some("then".to_owned()),
        },
        ..request(site.url("/"))
    };
    let answer = fetcher().fetch(&known).await.unwrap();
    let Fetched::NotModified { validators } = answer.fetched else {
        panic!("no 304");
    };
    assert_eq!(validators.etag.as_deref(), Some("\"2\""));
    assert_eq!(validators.last_modified.as_deref(), Some("then"));
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_no_document() {
    let error = fetch(&Site::always(Reply::status(304))).await.unwrap_err();
    assert_eq!(error.status(), Some(304));
}

#[tokio::test]
async fn a_relative_redirect_is_followed_and_the_document_knows_where_it_was() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/blog/" => Reply::redirect(302, "../feeds/all.xml"),
        _ => Reply::ok("text/xml", "<rss/>"),
    });
    let answer = fetcher().fetch(&request(site.url("/blog/"))).await.unwrap();
    assert_eq!(answer.moved, None, "302 moves nothing");
    assert_eq!(document(answer).url, site.url("/feeds/all.xml"));
}

#[tokio::test]
async fn validators_are_sent_to_the_address_that_gave_them_and_to_no_other_on_the_way() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/" => Reply::redirect(301, "/feed"),
        _ => Reply::status(304),
    });
    let known = Request {
        validators_from: Some(site.url("/feed")),
        validators: Validators {
            etag: Some("\"1\"".to_owned()),
            last_modified: None,
        },
        ..request(site.url("/"))
    };
    let answer = fetcher().fetch(&known).await.unwrap();
    assert_eq!(answer.status, 304);
    assert_eq!(answer.moved, Some(site.url("/feed")));
    let sent = |at: usize| site.asked()[at].header("if-none-match").is_some();
    assert!(!sent(0) && sent(1));

    let elsewhere = Request {
        validators_from: None,
        ..known
    };
    let error = fetcher().fetch(&elsewhere).await.unwrap_err();
    assert_eq!(
        error.status(),
        Some(304),
        "nobody asked whether it had changed"
    );
    assert!(sent(2) && !sent(3));
}

#[tokio::test]
async fn a_wholly_permanent_redirect_names_the_new_address() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/a" => Reply::redirect(301, "/b"),
        "/b" => Reply::redirect(308, "/c"),
        _ => Reply::ok("text/html", "page"),
    });
    let answer = fetcher().fetch(&request(site.url("/a"))).await.unwrap();
    assert_eq!(answer.moved, Some(site.url("/c")));
}

#[tokio::test]
async fn a_redirect_in_a_circle_is_an_error() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/a" => Reply::redirect(302, "/b"),
        _ => Reply::redirect(302, "/a"),
    });
    let error = fetcher().fetch(&request(site.url("/a"))).await.unwrap_err();
    assert!(matches!(error, Error::RedirectLoop { .. }), "{error}");
    assert_eq!(site.asked().len(), 2);
}

#[tokio::test]
async fn too_many_redirects_are_an_error() {
    let site = Site::open(|asked| Reply::redirect(302, &format!("{}x", asked.path)));
    let error = fetch(&site).await.unwrap_err();
    assert!(matches!(error, Error::TooManyRedirects { .. }), "{error}");
    assert_eq!(site.asked().len(), 11);
}

#[tokio::test]
async fn a_redirect_without_a_target_is_an_error() {
    for reply in [
        Reply::status(301),
        Reply::redirect(301, "mailto:me@blog.example"),
    ] {
        let error = fetch(&Site::always(reply)).await.unwrap_err();
        assert!(matches!(error, Error::BadRedirect { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_status_that_is_no_success_is_named() {
    for status in [400, 401, 403, 404, 406, 451, 500, 502] {
        let site = Site::always(Reply::status(status).body("<h1>sorry</h1>"));
        let error = fetch(&site).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.retry_after(), None);
        assert!(error.to_string().contains(&status.to_string()), "{error}");
    }
}

#[tokio::test]
async fn gone_is_told_apart_from_missing() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/detour" => Reply::redirect(302, "/"),
        _ => Reply::status(410),
    });
    let error = fetch(&site).await.unwrap_err();
    assert_eq!(error.outcome(), OutcomeKind::Gone);
    assert!(error.help().is_some());
    let error = fetcher()
        .fetch(&request(site.url("/detour")))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Status { status: 410, .. }),
        "what a detour leads to is not the source: {error}"
    );
}

#[tokio::test]
async fn retry_after_in_seconds_and_as_a_date_reaches_the_caller() {
    let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    let date = |seconds| {
        (now + TimeDelta::seconds(seconds))
            .format("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    };
    for (reply, seconds) in [
        (Reply::status(429).header("Retry-After", "120"), 120),
        (Reply::status(503).header("Retry-After", date(300)), 300),
        (
            // a server whose clock is an hour slow
            Reply::status(429)
                .header("Date", date(-3600))
                .header("Retry-After", date(-3540)),
            60,
        ),
    ] {
        let error = fetch(&Site::always(reply)).await.unwrap_err();
        let until = error.retry_after().unwrap().until(now);
        let wait = (until - now).num_seconds();
        assert_eq!(wait, seconds);
    }
}

#[tokio::test]
async fn a_429_spares_the_host_for_the_rest_of_the_run() {
    let site = Site::always(Reply::status(429).header("Retry-After", "120"));
    let fetcher = fetcher();
    let error = fetcher.fetch(&request(site.url("/a"))).await.unwrap_err();
    assert_eq!(error.status(), Some(429));
    let error = fetcher
        .clone()
        .fetch(&request(site.url("/b")))
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), OutcomeKind::Waiting);
    assert!(matches!(error.retry_after(), Some(RetryAfter::For(left)) if left.as_secs() > 100));
    assert_eq!(site.asked().len(), 1);
}

#[tokio::test]
async fn requests_to_one_host_come_one_by_one_and_spaced() {
    let site = Site::always(Reply::ok("text/html", "page"));
    let options = Options {
        spacing: Duration::from_millis(60),
        ..options()
    };
    let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
    let begun = Instant::now();
    let tasks = (0..4).map(|n| {
        let (fetcher, request) = (fetcher.clone(), request(site.url(&format!("/{n}"))));
        tokio::spawn(async move { fetcher.fetch(&request).await.map(|_| ()) })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
    assert_eq!(site.asked().len(), 4);
    // three pauses, each jittered by a quarter
    let taken = begun.elapsed();
    assert!(taken >= Duration::from_millis(3 * 45), "{taken:?}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_left_after_the_timeout() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let options = Options {
        timeout: Duration::from_millis(200),
        ..options()
    };
    let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let begun = Instant::now();
    let error = fetcher.fetch(&request(url)).await.unwrap_err();
    let phase = Phase::Everything;
    assert!(matches!(error, Error::Timeout { phase: p, .. } if p == phase));
    assert!(begun.elapsed() < SOON);
    assert_eq!(error.to_string(), "no whole answer within 0.2 s");
}

#[tokio::test]
async fn a_body_that_stops_is_left_after_the_stall_timeout() {
    let site = Site::always(
        Reply::ok("text/html", "<p>half")
            .length(Some(1000))
            .stalls(),
    );
    let options = Options {
        stall_timeout: Duration::from_millis(200),
        ..options()
    };
    let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
    let begun = Instant::now();
    let error = fetcher.fetch(&request(site.url("/"))).await.unwrap_err();
    let phase = Phase::Body;
    assert!(
        matches!(error, Error::Timeout { phase: p, .. } if p == phase),
        "{error}"
    );
    assert!(begun.elapsed() < SOON);
}

#[tokio::test]
async fn a_cut_body_is_an_error_and_no_document() {
    let page = gzip(&b"<p>post</p>".repeat(500));
    for reply in [
        Reply::ok("text/html", "<p>half").length(Some(1000)),
        Reply::ok("text/html", "5\r\n<p>ha\r\n")
            .length(None)
            .header("Transfer-Encoding", "chunked"),
        Reply::ok("text/html", &page[..page.len() / 2])
            .length(None)
            .header("Content-Encoding", "gzip"),
    ] {
        let error = fetch(&Site::always(reply.clone())).await.unwrap_err();
        assert!(matches!(error, Error::CutOff { .. }), "{reply:?}: {error}");
    }
}

#[tokio::test]
async fn a_connection_that_closes_without_a_word_is_cut_off() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || {
        use std::io::Read as _;
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
        }
    });
    let error = fetcher().fetch(&request(url)).await.unwrap_err();
    assert!(matches!(error, Error::CutOff { .. }), "{error}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_with_and_without_a_length() {
    let large = vec![b'x'; 10_001];
    for reply in [
        Reply::ok("text/html", &large),
        Reply::ok("text/html", &large).length(None),
        // the length alone is enough: the rest is not waited for
        Reply::ok("text/html", "x").length(Some(20_000)).stalls(),
    ] {
        let error = fetch(&Site::always(reply)).await.unwrap_err();
        assert!(
            matches!(error, Error::TooLarge { limit: 10_000 }),
            "{error}"
        );
    }
    let just_fits = Reply::ok("text/html", &large[..10_000]);
    assert_eq!(fetch(&Site::always(just_fits)).await.unwrap().bytes, 10_000);
}

#[tokio::test]
async fn an_empty_200_is_an_error() {
    for reply in [
        Reply::status(200),
        Reply::ok("text/html", " \r\n"),
        Reply::status(204),
    ] {
        let error = fetch(&Site::always(reply)).await.unwrap_err();
        assert!(matches!(error, Error::Empty { .. }), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_http_cannot_be_read() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || {
        use std::io::Read as _;
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"220 mail.example ESMTP ready\r\n");
        }
    });
    let error = fetcher().fetch(&request(url)).await.unwrap_err();
    assert!(matches!(error, Error::BadAnswer { .. }), "{error}");
}

#[tokio::test]
async fn nobody_listening_and_nobody_by_that_name_are_told_apart_from_answers() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let error = fetcher().fetch(&request(url)).await.unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error}");
    assert!(!error.is_unreachable(), "the host itself has refused");

    // a label of more than 63 letters is no name, so that nobody is asked for it
    let url = Url::parse(&format!("http://{}.invalid/", "x".repeat(70))).unwrap();
    let error = fetcher().fetch(&request(url)).await.unwrap_err();
    assert!(matches!(error, Error::Dns { .. }), "{error}");
    assert!(error.is_unreachable());
    assert_eq!(error.status(), None);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_no_secure_connection() {
    let site = Site::always(Reply::ok("text/html", "page"));
    let url = Url::parse(&format!("https://{}/", site.address())).unwrap();
    let error = fetcher().fetch(&request(url)).await.unwrap_err();
    assert!(matches!(error, Error::Tls { .. }), "{error}");
    assert!(!error.is_unreachable());
}

#[tokio::test]
async fn only_http_addresses_are_asked() {
    for url in ["file:///etc/passwd", "data:,x", "ftp://blog.example/"] {
        let error = fetcher()
            .fetch(&request(Url::parse(url).unwrap()))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::BadAddress { .. }), "{error}");
    }
}

#[tokio::test]
async fn what_was_recorded_replays_as_the_same_answer_without_a_network() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/" => Reply::redirect(301, "/feed?all"),
        "/gone" => Reply::status(410),
        "/busy" => Reply::status(503).header("Retry-After", "60"),
        _ => Reply::ok("text/html; charset=utf-8", gzip(b"<p>post"))
            .header("Content-Encoding", "gzip")
            .header("Set-Cookie", "session=secret")
            .header("ETag", b"\"\xe9\""),
    });
    let folder = tempfile::tempdir().unwrap();
    let recorder =
        Fetcher::new(&options(), Door::Network, Some(folder.path().to_path_buf())).unwrap();
    let known = Request {
        validators: Validators {
            etag: Some("\"\u{e9}\"".to_owned()),
            last_modified: None,
        },
        validators_from: Some(site.url("/feed?all")),
        ..request(site.url("/"))
    };
    let live = recorder.fetch(&known).await.unwrap();
    for path in ["/gone", "/busy"] {
        recorder.fetch(&request(site.url(path))).await.unwrap_err();
    }
    assert_eq!(
        site.asked()[0].header("if-none-match"),
        None,
        "a recording holds whole documents"
    );
    let (root, gone, busy) = (site.url("/"), site.url("/gone"), site.url("/busy"));
    let file = folder.path().join(file_name(&site.url("/feed?all")));
    drop(site);

    let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    assert!(text.contains("Content-Length: 7\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\n<p>post"), "{text}");
    assert!(!text.contains("secret"), "{text}");

    let replay = Door::Replay(folder.path().to_path_buf());
    let replayer = Fetcher::new(&options(), replay, None).unwrap();
    assert_eq!(
        replayer.fetch(&request(root.clone())).await.unwrap(),
        live,
        "the same document, address, validators and move"
    );
    let again = replayer.fetch(&known).await.unwrap();
    assert_eq!(again.status, 304);
    let Fetched::NotModified { validators } = again.fetched else {
        panic!("no 304");
    };
    assert_eq!(validators, known.validators);

    let error = replayer.fetch(&request(gone)).await.unwrap_err();
    assert!(matches!(error, Error::Gone { .. }), "{error}");
    let error = replayer.fetch(&request(busy)).await.unwrap_err();
    assert_eq!(
        error.retry_after(),
        Some(RetryAfter::For(Duration::from_mins(1)))
    );
    let other = root.join("/other").unwrap();
    let error = replayer.fetch(&request(other)).await.unwrap_err();
    assert!(matches!(error, Error::NotRecorded { .. }), "{error}");
}

#[test]
fn a_folder_of_recordings_that_does_not_exist_is_said_at_once() {
    let replay = Door::Replay(PathBuf::from("no/such/folder"));
    let error = Fetcher::new(&options(), replay, None).unwrap_err();
    assert!(error.to_string().contains("no/such/folder"), "{error}");
}
