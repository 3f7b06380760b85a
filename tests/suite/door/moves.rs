//! Redirects.

use super::*;

/// Where one leads that names `location`, asked for at /blog/index?a=b.
async fn leads(location: &'static str) -> String {
    let site = Site::open(move |asked| match asked.path.as_str() {
        "/blog/index?a=b" => Reply::redirect(302, location),
        _ => Reply::ok("text/html", "page"),
    });
    let answer = fetcher()
        .fetch(&request(site.url("/blog/index?a=b")))
        .await
        .unwrap();
    assert_eq!(document(answer).url.host_str(), Some("127.0.0.1"));
    site.asked()[1].path.clone()
}

#[tokio::test]
async fn every_form_of_a_relative_location_is_understood() {
    for (location, path) in [
        ("/feed", "/feed"),
        ("feed", "/blog/feed"),
        ("./feed", "/blog/feed"),
        ("../feed", "/feed"),
        ("?page=2", "/blog/index?page=2"),
    ] {
        assert_eq!(leads(location).await, path, "{location}");
    }
}

#[tokio::test]
async fn a_fragment_is_not_sent() {
    assert_eq!(leads("/feed#latest").await, "/feed");
}

#[tokio::test]
async fn a_location_with_blanks_and_letters_of_any_kind_is_understood() {
    assert_eq!(leads("/a b/é").await, "/a%20b/%C3%A9");
}

#[tokio::test]
async fn every_kind_of_redirect_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let site = Site::open(move |asked| match asked.path.as_str() {
            "/" => Reply::redirect(status, "/feed"),
            _ => Reply::ok("text/html", "page"),
        });
        let answer = fetch(&site).await.unwrap();
        let moved = matches!(status, 301 | 308).then(|| site.url("/feed"));
        assert_eq!((answer.status, answer.moved), (200, moved), "{status}");
    }
}

#[tokio::test]
async fn ten_hops_are_followed_and_an_eleventh_is_not() {
    let after = |hops: usize| {
        Site::open(move |asked| match asked.path.len() - 1 {
            made if made < hops => Reply::redirect(302, &format!("{}x", asked.path)),
            _ => Reply::ok("text/html", "page"),
        })
    };
    assert_eq!(fetch(&after(10)).await.unwrap().status, 200);
    let error = fetch(&after(11)).await.unwrap_err();
    assert!(
        matches!(error, Error::TooManyRedirects { limit: 10, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn a_redirect_to_itself_is_a_circle() {
    for location in ["/", "#top", "http://127.0.0.1"] {
        let site = Site::open(move |asked| {
            let host = String::from_utf8_lossy(asked.header("host").unwrap()).into_owned();
            Reply::redirect(301, &location.replace("127.0.0.1", &host))
        });
        let error = fetch(&site).await.unwrap_err();
        assert!(
            matches!(error, Error::RedirectLoop { .. }),
            "{location}: {error}"
        );
        assert_eq!(site.asked().len(), 1, "{location}");
    }
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error() {
    for location in [
        "",
        "http://",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
    ] {
        let error = fetch(&Site::always(Reply::redirect(302, location)))
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::BadRedirect { .. }),
            "{location}: {error}"
        );
    }
}

#[tokio::test]
async fn a_redirect_to_a_host_that_is_dead_says_which_one() {
    let dead = Site::always(Reply::status(200));
    let there = dead.url("/").to_string().replace("127.0.0.1", "127.0.0.2");
    drop(dead);
    let site = Site::open(move |_| Reply::redirect(302, &there));
    let error = fetch(&site).await.unwrap_err();
    assert!(
        error.to_string().starts_with("no connection to 127.0.0.2"),
        "{error}"
    );
}

#[tokio::test]
async fn nobody_is_told_where_we_come_from() {
    let other = Site::always(Reply::ok("text/html", "page"));
    let there = other.url("/").to_string();
    let site = Site::open(move |_| Reply::redirect(302, &there).header("Set-Cookie", "a=b"));
    fetch(&site).await.unwrap();
    for absent in ["referer", "cookie", "origin", "authorization"] {
        assert_eq!(other.asked()[0].header(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn a_redirect_that_is_gone_for_good_is_told_as_such() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/" => Reply::redirect(301, "/new"),
        _ => Reply::status(410),
    });
    assert!(matches!(
        fetch(&site).await.unwrap_err(),
        Error::Gone { .. }
    ));
}
