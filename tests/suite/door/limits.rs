//! How long we wait, and how much we take.

use std::net::TcpStream;

use tokio::net::TcpSocket;

use super::*;

#[tokio::test]
async fn a_body_that_comes_drop_by_drop_is_left_after_the_timeout() {
    let reply = Reply::ok("text/html", [b'x'; 1_000]).drips(Duration::from_millis(20));
    let site = Site::always(reply);
    let error = fails_within(Duration::from_millis(300), &site).await;
    let phase = Phase::Everything;
    assert!(
        matches!(error, Error::Timeout { phase: p, .. } if p == phase),
        "{error}"
    );
}

#[tokio::test]
async fn headers_that_come_drop_by_drop_are_left_after_the_timeout() {
    let head = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(1_000));
    let site = Site::always(Reply::raw(head).drips(Duration::from_millis(20)));
    let error = fails_within(Duration::from_millis(300), &site).await;
    let phase = Phase::Everything;
    assert!(
        matches!(error, Error::Timeout { phase: p, .. } if p == phase),
        "{error}"
    );
}

#[tokio::test]
async fn the_time_is_that_of_all_hops_together() {
    let site = Site::open(|asked| {
        std::thread::sleep(Duration::from_millis(120));
        Reply::redirect(302, &format!("{}x", asked.path))
    });
    let error = fails_within(Duration::from_millis(300), &site).await;
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(site.asked().len() <= 3, "{}", site.asked().len());
}

#[tokio::test]
async fn a_host_that_takes_no_connection_is_left_after_the_connect_timeout() {
    // a queue for one connection, which is full: further ones are not even refused
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let short = Duration::from_millis(100);
    let waiting: Vec<_> = std::iter::from_fn(|| TcpStream::connect_timeout(&address, short).ok())
        .take(10)
        .collect();
    assert!(waiting.len() < 10, "the queue is full");
    let options = Options {
        connect_timeout: Duration::from_millis(200),
        ..options()
    };
    let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
    let url = Url::parse(&format!("http://{address}/")).unwrap();
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
    assert!(error.is_unreachable());
}

#[tokio::test]
async fn a_redirect_whose_body_never_ends_is_followed() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/" => Reply::redirect(302, "/page").length(Some(50)).stalls(),
        _ => Reply::ok("text/html", "page"),
    });
    assert_eq!(document(fetch(&site).await.unwrap()).url, site.url("/page"));
}

#[tokio::test]
async fn an_error_whose_body_never_ends_is_told_at_once() {
    let reply = Reply::status(503)
        .length(None)
        .body([b'x'; 1_000])
        .drips(Duration::from_millis(20));
    let error = fetch(&Site::always(reply)).await.unwrap_err();
    assert_eq!(error.status(), Some(503));
}

#[tokio::test]
async fn more_headers_than_anyone_needs_cannot_be_read() {
    let reply = (0..1_000).fold(Reply::ok("text/html", "page"), |reply, n| {
        reply.header(&format!("X-{n}"), "x")
    });
    let error = fetch(&Site::always(reply)).await.unwrap_err();
    assert!(matches!(error, Error::BadAnswer { .. }), "{error}");
}

#[tokio::test]
async fn a_header_of_a_megabyte_cannot_be_read() {
    let reply = Reply::ok("text/html", "page").header("X", vec![b'x'; 1_000_000]);
    let error = fetch(&Site::always(reply)).await.unwrap_err();
    assert!(matches!(error, Error::BadAnswer { .. }), "{error}");
}

#[tokio::test]
async fn as_many_headers_as_a_busy_site_sends_are_read() {
    let reply = (0..150).fold(Reply::ok("text/html", "page"), |reply, n| {
        reply.header(&format!("X-{n}"), "x".repeat(200))
    });
    assert_eq!(fetch(&Site::always(reply)).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_body_without_an_end_is_left_at_the_limit() {
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let endless = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        chunk.repeat(100)
    );
    let error = fetch(&Site::always(Reply::raw(endless).stalls()))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}
