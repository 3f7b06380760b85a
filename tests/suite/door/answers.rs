//! What a server may answer: every class of status, and bodies that are not as long or not in the letters they say.

use super::*;
use crate::program::Agg;

/// The document in these bytes of an answer.
async fn body(answer: &str) -> Result<Vec<u8>, Error> {
    let answer = fetch(&Site::always(Reply::raw(answer))).await?;
    Ok(document(answer).body.to_vec())
}

async fn is_status(status: u16) {
    let reply = Reply::status(status).body("<p>not the document");
    let error = fetch(&Site::always(reply)).await.unwrap_err();
    assert!(matches!(error, Error::Status { .. }), "{status}: {error}");
    assert_eq!(error.status(), Some(status));
}

#[tokio::test]
async fn early_hints_are_skipped() {
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage";
    assert_eq!(
        body(&format!("{hints}{hints}{answer}")).await.unwrap(),
        b"page"
    );
}

#[tokio::test]
async fn interim_answers_of_every_kind_are_skipped() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage";
    for interim in ["100 Continue", "102 Processing", "199 Odd"] {
        let answer = format!("HTTP/1.1 {interim}\r\n\r\n{answer}");
        assert_eq!(body(&answer).await.unwrap(), b"page", "{interim}");
    }
}

#[tokio::test]
async fn a_switch_to_another_protocol_is_no_document() {
    let answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    body(answer).await.unwrap_err();
}

#[tokio::test]
async fn a_document_that_a_proxy_has_changed_is_a_document() {
    let reply = Reply::status(203).body("page");
    assert_eq!(fetch(&Site::always(reply)).await.unwrap().bytes, 4);
}

#[tokio::test]
async fn a_success_that_is_not_the_document_is_named() {
    for status in [201, 202, 206, 207, 226] {
        is_status(status).await;
    }
}

#[tokio::test]
async fn a_success_without_content_is_an_error() {
    for status in [200, 203, 204, 205] {
        let error = fetch(&Site::always(Reply::status(status)))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Empty { .. }), "{status}: {error}");
    }
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let error = body(chunked).await.unwrap_err();
    assert!(matches!(error, Error::Empty { .. }), "{error}");
}

#[tokio::test]
async fn a_choice_or_a_proxy_is_no_redirect() {
    for status in [300, 305, 306] {
        let site = Site::open(move |_| Reply::redirect(status, "/other").body("choose"));
        let error = fetch(&site).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(site.asked().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_fault_of_ours_is_named() {
    for status in [402, 405, 407, 408, 409, 411, 414, 418, 421, 425, 431] {
        is_status(status).await;
    }
}

#[tokio::test]
async fn a_fault_of_theirs_is_named_and_says_that_it_is_theirs() {
    for status in [500, 501, 502, 504, 505, 507, 520, 526, 599] {
        is_status(status).await;
        let error = fetch(&Site::always(Reply::status(status)))
            .await
            .unwrap_err();
        assert!(error.help().unwrap().contains("the site is in trouble"));
    }
}

#[tokio::test]
async fn a_status_beyond_all_classes_is_named() {
    for status in [600, 999] {
        is_status(status).await;
    }
}

#[tokio::test]
async fn a_status_that_is_no_number_of_http_cannot_be_read() {
    for status in ["099", "1000", "OK"] {
        let error = body(&format!(
            "HTTP/1.1 {status} X\r\nContent-Length: 4\r\n\r\npage"
        ))
        .await;
        assert!(
            matches!(error, Err(Error::BadAnswer { .. })),
            "{status}: {error:?}"
        );
    }
}

#[tokio::test]
async fn an_old_server_that_ends_by_closing_is_read() {
    assert_eq!(
        body("HTTP/1.0 200 OK\r\nServer: old\r\n\r\npage")
            .await
            .unwrap(),
        b"page"
    );
}

#[tokio::test]
async fn a_length_that_is_too_short_ends_the_document_there() {
    let reply = Reply::ok("text/html", "<p>page</p>rest").length(Some(11));
    assert_eq!(
        document(fetch(&Site::always(reply)).await.unwrap()).body,
        "<p>page</p>"
    );
}

#[tokio::test]
async fn a_length_that_is_too_long_is_a_cut_document() {
    let reply = Reply::ok("text/html", "<p>page</p>").length(Some(12));
    let error = fetch(&Site::always(reply)).await.unwrap_err();
    assert!(matches!(error, Error::CutOff { .. }), "{error}");
}

#[tokio::test]
async fn two_lengths_that_differ_cannot_be_read() {
    let error =
        body("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\npages").await;
    assert!(matches!(error, Err(Error::BadAnswer { .. })), "{error:?}");
}

#[tokio::test]
async fn a_length_that_is_no_number_cannot_be_read() {
    for length in ["-1", "four", "99999999999999999999999"] {
        let error = body(&format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\npage"
        ))
        .await;
        assert!(
            matches!(error, Err(Error::BadAnswer { .. })),
            "{length}: {error:?}"
        );
    }
}

#[tokio::test]
async fn chunks_win_over_a_length() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npage\r\n0\r\n\r\n";
    assert_eq!(body(answer).await.unwrap(), b"page");
}

#[tokio::test]
async fn chunks_with_words_beside_and_after_them_are_read() {
    let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\npa\r\n2\r\nge\r\n0\r\nX-Sum: 1\r\n\r\n";
    assert_eq!(body(answer).await.unwrap(), b"page");
}

#[tokio::test]
async fn chunks_that_are_none_are_no_document() {
    let error = body("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\npage\r\n").await;
    assert!(
        matches!(error, Err(Error::BadAnswer { .. } | Error::CutOff { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn headers_that_end_too_early_are_cut_off() {
    let error = body("HTTP/1.1 200 OK\r\nContent-Type: text/ht").await;
    assert!(matches!(error, Err(Error::CutOff { .. })), "{error:?}");
}

#[tokio::test]
async fn a_header_that_is_none_is_passed_over() {
    let answer =
        "HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 4\r\nETag: \"1\"\r\n\r\npage";
    let answer = fetch(&Site::always(Reply::raw(answer))).await.unwrap();
    assert_eq!(document(answer).validators.etag.as_deref(), Some("\"1\""));
}

/// The title of the one entry of a feed that is sent as `media_type` and begins with `prolog`.
fn title(media_type: &str, prolog: &[u8], title: &[u8]) -> String {
    let feed = [
        prolog,
        b"<rss version=\"2.0\"><channel><title>t</title><item><link>https://blog.example/a</link><title>",
        title,
        b"</title></item></channel></rss>",
    ];
    let site = Site::always(Reply::ok(media_type, feed.concat()));
    let agg = Agg::new();
    agg.configure(&format!(
        "[[source]]\nid = \"it\"\nurl = \"{}\"\n",
        site.url("/")
    ));
    let run = agg.run("preview it --format json");
    let shown: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    shown["entries"][0]["title"].as_str().unwrap().to_owned()
}

#[test]
fn a_charset_that_is_not_that_of_the_bytes_is_seen_through() {
    let utf8 = "Un café à Orléans".as_bytes();
    let latin: &[u8] = b"Un caf\xe9 \xe0 Orl\xe9ans";
    for (media_type, prolog, text) in [
        ("text/xml; charset=utf-8", &b""[..], latin),
        (
            "text/xml; charset=utf-8",
            b"<?xml version='1.0' encoding='iso-8859-1'?>",
            latin,
        ),
        ("text/xml; charset=iso-8859-1", b"\xef\xbb\xbf", utf8),
        (
            "text/xml; charset=iso-8859-1",
            b"<?xml version='1.0' encoding='utf-8'?>",
            utf8,
        ),
        ("text/xml; charset=us-ascii", b"", utf8),
    ] {
        assert_eq!(
            title(media_type, prolog, text),
            "Un café à Orléans",
            "{media_type} {prolog:?}"
        );
    }
}

#[test]
fn a_charset_that_nobody_knows_is_passed_over() {
    for charset in ["klingon", "", "\"", "utf-8\"", "none; charset=utf-8"] {
        let media_type = format!("text/xml; charset={charset}");
        assert_eq!(
            title(&media_type, b"", "Füße".as_bytes()),
            "Füße",
            "{charset}"
        );
    }
}
