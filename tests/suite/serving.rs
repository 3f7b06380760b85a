//! The service over a real socket: what a feed reader asks, what a monitor asks, and how it ends.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use agg::model::{Document, Outcome, OutcomeKind, SourceId, Validators};
use agg::pipeline::Standing;
use agg::schedule::Schedule;
use agg::serve::{Control, Cycle, CycleError, Manager, Plan, Site, run};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Never within a test.
const SELDOM: &str = "0 0 29 2 *";
/// A feed that is worth packing.
const LONG: &str = "<entry>all the same</entry>";
/// So often, ten milliseconds apart, something is looked for that has to come: a busy machine may take long.
const PATIENCE: usize = 6_000;

fn document(media_type: &str, body: &str) -> Document {
    Document {
        url: Url::parse("https://planet.example/").expect("it is an address"),
        media_type: Some(media_type.to_owned()),
        charset: Some("utf-8".to_owned()),
        body: body.to_owned().into(),
        validators: Validators {
            etag: None,
            last_modified: Some("Sun, 01 Mar 2026 12:00:00 GMT".to_owned()),
        },
    }
}

/// A publication of a page, a long feed and a feed of its own folder.
fn published() -> Cycle {
    let outcome = |kind, new| Outcome {
        source: SourceId::new("blog").expect("it is an id"),
        kind,
        status: Some(200),
        new,
        updated: 0,
        known: 0,
        bytes: 0,
        millis: 1,
        error: None,
        help: None,
        warnings: Vec::new(),
        migrated: None,
        wait: None,
        verdict: None,
    };
    Cycle {
        documents: [
            ("index.html", document("text/html", "<h1>all</h1>")),
            (
                "atom.xml",
                document("application/atom+xml", &LONG.repeat(200)),
            ),
            ("tech/index.html", document("text/html", "<h1>tech</h1>")),
        ]
        .map(|(path, document)| (path.to_owned(), document))
        .to_vec(),
        archived: Vec::new(),
        outcomes: vec![
            outcome(OutcomeKind::Read, 3),
            outcome(OutcomeKind::Failed, 0),
        ],
        standing: Standing::default(),
    }
}

/// A running service.
struct Service {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<Result<(), agg::serve::Error>>,
}

impl Service {
    async fn start<C>(schedule: &str, cycle: C) -> Self
    where
        C: Fn() -> BoxFuture<'static, Result<Cycle, CycleError>> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        let stop = CancellationToken::new();
        let schedule = Schedule::parse(schedule).expect("a test's schedule is right");
        let plan = Plan {
            schedule,
            sources: 2,
            remarks: Vec::new(),
            cycle: Arc::new(move |_, _| cycle()),
        };
        let control = Control {
            reload: Arc::new(|| Err(Vec::new())),
            hangups: mpsc::channel(1).1,
            manager: Manager::default(),
            shutdown: stop.clone(),
        };
        let task = tokio::spawn(run(vec![listener], plan, Arc::new(Site::new()), control));
        Self {
            address,
            stop,
            task,
        }
    }

    /// A service whose first cycle has published.
    async fn published() -> Self {
        let service = Self::start(SELDOM, || async { Ok(published()) }.boxed()).await;
        service.until_healthy(200).await;
        service
    }

    async fn until_healthy(&self, status: u16) -> serde_json::Value {
        let what = format!("/healthz answers {status}");
        self.until(&what, |answered, _| answered == status).await
    }

    /// Asks how the service is until that is `right`; gives the report.
    async fn until(
        &self,
        what: &str,
        right: impl Fn(u16, &serde_json::Value) -> bool,
    ) -> serde_json::Value {
        for _ in 0..PATIENCE {
            let answer = self.ask("GET /healthz", &[]).await;
            let health = serde_json::from_slice(&answer.body).expect("health is JSON");
            if right(answer.status, &health) {
                return health;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came to this: {what}");
    }

    /// Sends one request on a connection of its own.
    async fn ask(&self, line: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = format!("{line} HTTP/1.1\r\nHost: planet.example\r\n");
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        request.push_str("Connection: close\r\n\r\n");
        self.send(&request).await
    }

    /// Sends this text on a connection of its own.
    async fn send(&self, request: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address)
            .await
            .expect("the service listens");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("the service reads");
        let mut bytes = Vec::new();
        timeout(Duration::from_mins(1), stream.read_to_end(&mut bytes))
            .await
            .expect("the service answers")
            .expect("the service answers");
        Reply::read(&bytes)
    }

    /// Tells it to stop, and waits for it.
    async fn stop(self) -> Duration {
        let begun = Instant::now();
        self.stop.cancel();
        timeout(Duration::from_mins(1), self.task)
            .await
            .expect("it ends in time")
            .expect("it does not panic")
            .expect("it ends well");
        begun.elapsed()
    }
}

/// An answer as it came.
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("an answer has a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        Self {
            status: head[9..12].parse().expect("a status has three digits"),
            head,
            body: bytes[end + 4..].to_vec(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

#[tokio::test]
async fn what_is_published_is_served_as_what_it_is() {
    let service = Service::published().await;
    for (path, media_type, body) in [
        ("/", "text/html; charset=utf-8", "<h1>all</h1>"),
        ("/index.html", "text/html; charset=utf-8", "<h1>all</h1>"),
        ("/tech/", "text/html; charset=utf-8", "<h1>tech</h1>"),
        (
            "/atom.xml",
            "application/atom+xml; charset=utf-8",
            &LONG.repeat(200),
        ),
    ] {
        let answer = service.ask(&format!("GET {path}"), &[]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(media_type));
        assert_eq!(answer.body, body.as_bytes());
        assert!(answer.header("cache-control").unwrap().contains("max-age="));
        assert_eq!(
            answer.header("last-modified"),
            Some("Sun, 01 Mar 2026 12:00:00 GMT")
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
    let page = service.ask("GET /", &[]).await;
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .starts_with("default-src 'none'")
    );
    assert_eq!(page.header("access-control-allow-origin"), None);
    let feed = service.ask("GET /atom.xml", &[]).await;
    assert_eq!(feed.header("access-control-allow-origin"), Some("*"));
}

#[tokio::test]
async fn a_reader_that_has_it_already_gets_a_304() {
    let service = Service::published().await;
    let first = service.ask("GET /atom.xml", &[]).await;
    let etag = first.header("etag").unwrap();
    assert!(etag.starts_with('"'), "a strong tag: {etag}");
    let date = first.header("last-modified").unwrap();
    for headers in [
        [("If-None-Match", etag)],
        [("If-None-Match", &format!("\"other\", W/{etag}"))],
        [("If-Modified-Since", date)],
    ] {
        let again = service.ask("GET /atom.xml", &headers).await;
        assert_eq!(again.status, 304, "{headers:?}");
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), Some(etag));
        assert_eq!(again.header("last-modified"), Some(date));
        assert_eq!(again.header("cache-control"), first.header("cache-control"));
        assert_eq!(again.header("vary"), Some("Accept-Encoding"));
    }
    let stale = [("If-None-Match", "\"old\""), ("If-Modified-Since", date)];
    assert_eq!(service.ask("GET /atom.xml", &stale).await.status, 200);
}

#[tokio::test]
async fn head_says_what_get_would_send_and_sends_nothing() {
    let service = Service::published().await;
    let get = service.ask("GET /atom.xml", &[]).await;
    let head = service.ask("HEAD /atom.xml", &[]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["etag", "content-length", "content-type", "last-modified"] {
        assert!(get.header(name).is_some(), "{name}");
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[tokio::test]
async fn gzip_is_another_representation_with_a_tag_of_its_own() {
    let service = Service::published().await;
    let plain = service.ask("GET /atom.xml", &[]).await;
    let packed = service
        .ask("GET /atom.xml", &[("Accept-Encoding", "br, gzip")])
        .await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.header("vary"), Some("Accept-Encoding"));
    assert_eq!(plain.header("vary"), Some("Accept-Encoding"));
    assert_ne!(packed.header("etag"), plain.header("etag"));
    assert!(packed.body.len() < plain.body.len() / 10);
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::GzDecoder::new(&packed.body[..]),
        &mut unpacked,
    )
    .unwrap();
    assert_eq!(unpacked, plain.body);

    let again = [
        ("Accept-Encoding", "gzip"),
        ("If-None-Match", packed.header("etag").unwrap()),
    ];
    let again = service.ask("GET /atom.xml", &again).await;
    assert_eq!(again.status, 304);
    assert_eq!(again.header("etag"), packed.header("etag"));
    assert_eq!(again.header("content-encoding"), None);

    let refused = [("Accept-Encoding", "gzip;q=0")];
    let refused = service.ask("GET /atom.xml", &refused).await;
    assert_eq!(refused.header("content-encoding"), None);
    let small = [("Accept-Encoding", "gzip")];
    let small = service.ask("GET /", &small).await;
    assert_eq!(small.header("content-encoding"), None);
}

#[tokio::test]
async fn what_is_not_there_or_not_allowed_is_said_in_plain_words() {
    let service = Service::published().await;
    for path in ["/nothing", "/atom.xml/", "/../atom.xml.", "/etc/passwd"] {
        let answer = service.ask(&format!("GET {path}"), &[]).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            answer.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
        assert!(answer.body.starts_with(b"There is nothing here."));
    }
    for (line, allowed) in [
        ("POST /atom.xml", false),
        ("DELETE /", false),
        ("PUT /healthz", false),
        ("HEAD /healthz", true),
    ] {
        let answer = service.ask(line, &[]).await;
        assert_eq!(answer.status == 405, !allowed, "{line}");
        assert_eq!(
            answer.header("allow"),
            (!allowed).then_some("GET, HEAD"),
            "{line}"
        );
    }
    let folder = service.ask("GET /tech", &[]).await;
    assert_eq!(
        (folder.status, folder.header("location")),
        (308, Some("./tech/")),
        "right also below a folder of a proxy's"
    );
}

#[tokio::test]
async fn an_address_may_be_written_with_escapes() {
    let service = Service::published().await;
    for (path, status) in [
        ("/%61tom.xml", 200),
        ("/atom%2Exml", 200),
        ("/%74ech/", 200),
        ("/atom%2", 404),
        ("/atom%", 404),
        ("/%zztom.xml", 404),
        ("/tech%2Findex.html", 404),
    ] {
        let answer = service.ask(&format!("GET {path}"), &[]).await;
        assert_eq!(answer.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_request_says_once_which_host_it_is_for() {
    let service = Service::published().await;
    for (head, status) in [
        ("GET /atom.xml HTTP/1.1\r\nHost: a\r\n", 200),
        ("GET /atom.xml HTTP/1.1\r\n", 400),
        ("GET /atom.xml HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 400),
        ("GET /healthz HTTP/1.1\r\n", 400),
        ("GET /atom.xml HTTP/1.0\r\n", 200),
    ] {
        let answer = service
            .send(&format!("{head}Connection: close\r\n\r\n"))
            .await;
        assert_eq!(answer.status, status, "{head}");
    }
}

#[tokio::test]
async fn health_is_bad_before_the_first_publication_and_counts_the_last_cycle() {
    let gate = Arc::new(Semaphore::new(0));
    let passed = Arc::clone(&gate);
    let service = Service::start(SELDOM, move || {
        let gate = Arc::clone(&passed);
        async move {
            gate.acquire().await?.forget();
            Ok(published())
        }
        .boxed()
    })
    .await;
    let early = service.ask("GET /healthz", &[]).await;
    assert_eq!(early.status, 503);
    assert_eq!(early.header("content-type"), Some("application/json"));
    assert!(String::from_utf8_lossy(&early.body).contains("\"starting\""));
    assert_eq!(service.ask("GET /", &[]).await.status, 404);

    gate.add_permits(1);
    // what is published is served, and well, a moment before its cycle is over
    let health = service
        .until("a cycle has ended", |_, health| {
            !health["last_cycle"].is_null()
        })
        .await;
    assert_eq!(health["status"], "ok");
    assert_eq!(health["last_cycle"]["sources"]["asked"], 2);
    assert_eq!(health["last_cycle"]["sources"]["outcomes"]["failed"], 1);
    assert_eq!(health["last_cycle"]["sources"]["new"], 3);
    assert!(health["last_cycle"]["started"].is_string());
    assert!(health["next_cycle"].is_string());
}

#[tokio::test]
async fn a_cycle_that_cannot_run_makes_health_bad_and_takes_nothing_away() {
    let cycles = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&cycles);
    let service = Service::start("* * * * * *", move || {
        let cycle = counted.fetch_add(1, Ordering::Relaxed);
        async move {
            match cycle {
                0 => Ok(published()),
                1 => Err("the disk is full".into()),
                _ => panic!("a fault of ours"),
            }
        }
        .boxed()
    })
    .await;
    service.until_healthy(200).await;
    let health = service.until_healthy(503).await;
    assert_eq!(health["status"], "failing");
    assert_eq!(service.ask("GET /atom.xml", &[]).await.status, 200);
    let says =
        |text: &'static str| move |_, health: &serde_json::Value| health.to_string().contains(text);
    let disk = "the disk is full";
    service.until(disk, says(disk)).await;
    let panic = "a panic ends a cycle, not the loop";
    service.until(panic, says("panicked")).await;
    service.stop().await;
}

#[tokio::test]
async fn two_cycles_never_run_at_once() {
    let gate = Arc::new(Semaphore::new(0));
    let (begun, running) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, now_running, passed) =
        (Arc::clone(&begun), Arc::clone(&running), Arc::clone(&gate));
    let service = Service::start("* * * * * *", move || {
        let (begun, running, gate) = (
            Arc::clone(&counted),
            Arc::clone(&now_running),
            Arc::clone(&passed),
        );
        async move {
            begun.fetch_add(1, Ordering::SeqCst);
            assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0, "one at a time");
            gate.acquire().await?.forget();
            running.fetch_sub(1, Ordering::SeqCst);
            Ok(published())
        }
        .boxed()
    })
    .await;
    service
        .until("the schedule fires", |_, health| {
            health["skipped_cycles"].as_u64() > Some(0)
        })
        .await;
    assert_eq!(begun.load(Ordering::SeqCst), 1);
    gate.add_permits(100);
    service
        .until("the next cycle runs", |_, _| {
            begun.load(Ordering::SeqCst) > 1
        })
        .await;
    assert_eq!(service.until_healthy(200).await["status"], "ok");
    service.stop().await;
}

#[tokio::test]
async fn it_stops_at_once_when_nothing_is_under_way_and_frees_its_port() {
    let service = Service::published().await;
    let address = service.address;
    // a client that keeps its connection open
    let _idle = TcpStream::connect(address).await.unwrap();
    // connections that answer something are given five
    assert!(service.stop().await < Duration::from_secs(4));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_cycle_under_way_may_end_before_it_stops() {
    let ended = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ended);
    let service = Service::start("* * * * * *", move || {
        let ended = Arc::clone(&counted);
        async move {
            sleep(Duration::from_millis(300)).await;
            ended.fetch_add(1, Ordering::SeqCst);
            Ok(published())
        }
        .boxed()
    })
    .await;
    service.ask("GET /healthz", &[]).await;
    service.stop().await;
    let cycles = ended.load(Ordering::SeqCst);
    assert!(cycles >= 1);
    // the scheduler may fire once more after its end; no cycle may follow
    sleep(Duration::from_millis(1100)).await;
    assert_eq!(ended.load(Ordering::SeqCst), cycles);
}
