//! What is a source's own: headers, logins, cookies, names, limits, certificates, proxies. Secrets stay with the site they are
//! for.

use std::fs;

use agg::fetch::Accept;
use agg::model::{Access, Login, Place, Proxy, Route, Secret, Validators};

use super::*;
use crate::program::Agg;

const SECRET: &str = "hunter2-hunter2";

fn here(text: &str) -> Place {
    Place::Here(Secret::new(text.to_owned()))
}

/// A request for `url` with all secrets there are, meant for its site.
fn secretive(url: Url) -> agg::fetch::Request {
    let access = Access {
        home: Some(url.clone()),
        headers: vec![("x-api-key".to_owned(), here(SECRET))],
        login: Some(Login::Basic {
            user: "me".to_owned(),
            password: here(SECRET),
        }),
        cookies: Some(here("session=hunter2-hunter2")),
        ..Access::default()
    };
    agg::fetch::Request {
        access: access.into(),
        ..request(url)
    }
}

#[tokio::test]
async fn headers_login_and_cookies_reach_the_site_they_are_for() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/" => Reply::redirect(301, "/feed"),
        _ => Reply::ok("text/html", "page"),
    });
    fetcher().fetch(&secretive(site.url("/"))).await.unwrap();
    for asked in site.asked() {
        let header = |name| String::from_utf8_lossy(asked.header(name).unwrap()).into_owned();
        assert_eq!(header("x-api-key"), SECRET, "{}", asked.path);
        assert_eq!(header("authorization"), "Basic bWU6aHVudGVyMi1odW50ZXIy");
        assert_eq!(header("cookie"), "session=hunter2-hunter2");
    }
    assert_eq!(site.asked().len(), 2);
}

#[tokio::test]
async fn a_redirect_to_another_site_carries_no_secret_there() {
    let same_host_other_port = Site::always(Reply::ok("text/html", "page"));
    let other_host = Site::open_at("127.0.0.2", |_| Reply::ok("text/html", "page"));
    for other in [&same_host_other_port, &other_host] {
        let there = other.url("/").to_string();
        let site = Site::open(move |_| Reply::redirect(301, &there));
        fetcher().fetch(&secretive(site.url("/"))).await.unwrap();
        let asked = &other.asked()[0];
        for absent in ["x-api-key", "authorization", "cookie"] {
            assert_eq!(asked.header(absent), None, "{absent}");
        }
    }
}

#[tokio::test]
async fn a_recording_holds_no_secret_though_the_server_sends_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(|asked| {
        let values = asked.headers.iter().map(|(_, value)| value.as_slice());
        let all = values.collect::<Vec<_>>().join(&b'\n');
        Reply::ok("text/html", all)
            .header("Set-Cookie", "session=fresh-secret")
            .header("X-Echo", SECRET)
            .header("Authorization", "Bearer back")
    });
    let record = Some(folder.path().to_owned());
    let fetcher = Fetcher::new(&options(), Door::Network, record).unwrap();
    let url = site.url("/page");
    let answer = fetcher.fetch(&secretive(url.clone())).await.unwrap();
    let body = document(answer).body;
    assert!(String::from_utf8_lossy(&body).contains(SECRET));
    let kept = fs::read_to_string(folder.path().join(agg::fetch::file_name(&url))).unwrap();
    for secret in [
        SECRET,
        "bWU6aHVudGVyMi1odW50ZXIy",
        "fresh-secret",
        "Bearer back",
    ] {
        assert!(!kept.contains(secret), "{secret}: {kept}");
    }
    assert!(kept.contains("x-echo: ***"), "{kept}");
}

#[tokio::test]
async fn a_source_may_go_by_a_name_of_its_own() {
    let site = Site::always(Reply::ok("text/html", "page"));
    let named = agg::fetch::Request {
        url: site.url("/"),
        validators: Validators::default(),
        validators_from: None,
        accept: Accept::Page,
        access: Access {
            user_agent: Some("reader/1.0".to_owned()),
            ..Access::default()
        }
        .into(),
    };
    fetcher().fetch(&named).await.unwrap();
    assert_eq!(
        site.asked()[0].header("user-agent"),
        Some(&b"reader/1.0"[..])
    );
}

#[tokio::test]
async fn limits_of_one_source_are_its_own() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/large" => Reply::ok("text/html", vec![b'x'; 20_000]),
        _ => Reply::ok("text/html", "page").length(Some(9)).stalls(),
    });
    let with = |path: &str, access: Access| agg::fetch::Request {
        access: access.into(),
        ..request(site.url(path))
    };
    let large = Access {
        max_body_bytes: Some(30_000),
        ..Access::default()
    };
    let answer = fetcher().fetch(&with("/large", large)).await.unwrap();
    assert_eq!(answer.bytes, 20_000);
    let error = fetcher().fetch(&with("/large", Access::default())).await;
    assert!(matches!(
        error.unwrap_err(),
        Error::TooLarge { limit: 10_000 }
    ));
    let hasty = Access {
        timeout: Some(Duration::from_millis(50)),
        ..Access::default()
    };
    let error = fetcher().fetch(&with("/slow", hasty)).await.unwrap_err();
    let phase = Phase::Everything;
    assert!(
        matches!(error, Error::Timeout { phase: p, after } if p == phase && after.as_millis() == 50),
        "{error}"
    );
}

#[test]
fn a_source_whose_secret_is_missing_fails_alone_and_says_what_is_missing() {
    let site = Site::always(Reply::ok("application/rss+xml", crate::door::FEED));
    let agg = Agg::new();
    agg.configure(&format!(
        "[[source]]\nid = \"locked\"\nurl = \"{}\"\nkind = \"feed\"\nauth = {{ token_env = \"AGG_TEST_NO_SUCH\" }}\n\
         [[source]]\nid = \"open\"\nurl = \"{}\"\nkind = \"feed\"\n[fetch]\nspacing = \"0s\"\n",
        site.url("/locked"),
        site.url("/open")
    ));
    let check = agg.run("check");
    assert_eq!(check.code, 1);
    for said in ["AGG_TEST_NO_SUCH", "is not set", "source `locked`"] {
        assert!(check.stderr.contains(said), "{}", check.stderr);
    }
    let run = agg.run("fetch --format json");
    assert_eq!(run.code, 3, "{}", run.stderr);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let outcomes = &report["outcomes"];
    assert_eq!(outcomes[0]["kind"], "failed");
    assert!(
        outcomes[0]["error"]
            .as_str()
            .unwrap()
            .contains("AGG_TEST_NO_SUCH")
    );
    assert_eq!(outcomes[1]["kind"], "read");
    assert!(site.asked().iter().all(|asked| asked.path == "/open"));
}

#[test]
fn no_secret_is_printed_logged_or_kept_anywhere() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/feed" => Reply::ok("application/rss+xml", crate::door::FEED),
        _ => Reply::status(403),
    });
    let agg = Agg::new();
    fs::write(agg.path("token"), format!("{SECRET}\n")).unwrap();
    agg.configure(&format!(
        "[[source]]\nid = \"one\"\nurl = \"{}\"\nkind = \"feed\"\nauth = {{ token_file = \"token\" }}\ncookies = {{ file = \"token\" }}\n\
         headers = {{ \"X-Key\" = {{ file = \"token\" }} }}\n\
         [[source]]\nid = \"two\"\nurl = \"{}\"\nkind = \"feed\"\nauth = {{ user = \"me\", password_file = \"token\" }}\n\
         [fetch]\nspacing = \"0s\"\n",
        site.url("/feed"),
        site.url("/forbidden")
    ));
    let coded = "bWU6aHVudGVyMi1odW50ZXIy";
    for line in [
        "check",
        "-vv fetch --record kept",
        "status",
        "status --format json",
        "preview one --format json",
    ] {
        let run = agg.run(line);
        for text in [&run.stdout, &run.stderr] {
            assert!(
                !text.contains(SECRET) && !text.contains(coded),
                "{line}: {text}"
            );
        }
    }
    let asked = &site.asked()[0];
    assert_eq!(
        asked.header("authorization"),
        Some(format!("Bearer {SECRET}").as_bytes())
    );
    assert_eq!(asked.header("x-key"), Some(SECRET.as_bytes()));
    let mut folders = vec![agg.path("")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).unwrap().flatten() {
            let kind = file.file_type().unwrap();
            if kind.is_dir() && file.file_name() != "fixtures" {
                folders.push(file.path());
            } else if kind.is_file() && file.file_name() != "token" {
                let bytes = fs::read(file.path()).unwrap();
                let holds = bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes());
                assert!(!holds, "{}", file.path().display());
                files += 1;
            }
        }
    }
    assert!(files > 3, "{files}");
}

#[test]
fn a_check_warns_of_a_secret_in_an_address_that_is_published() {
    let agg = Agg::new();
    agg.configure("[[source]]\nurl = \"https://a.example/feed?token=topsecret99\"\n");
    let check = agg.run("check");
    assert_eq!(check.code, 0, "{}", check.stderr);
    assert!(
        check
            .stderr
            .contains("a.example: its address holds `token`, and is published"),
        "{}",
        check.stderr
    );
    assert!(!check.stderr.contains("topsecret99"), "{}", check.stderr);
}

#[test]
fn no_secret_is_told_though_a_server_writes_it_into_an_address() {
    let cookie = "sid=abcdefcookie99; theme=dark";
    let token = "s3cr3t/tok+en=XYZ";
    let site = Site::open(|asked| match asked.path.as_str() {
        "/token" => Reply::redirect(302, "/login?t=s3cr3t%2Ftok%2Ben%3DXYZ"),
        "/page" => Reply::redirect(302, "/wall?sid=abcdefcookie99"),
        "/wall?sid=abcdefcookie99" => Reply::ok("text/html", "<h1>Log in</h1>"),
        "/ftp" => Reply::redirect(302, "ftp://files.example/abcdefcookie99"),
        "/moved" => Reply::redirect(301, "/feed?sid=abcdefcookie99"),
        "/feed?sid=abcdefcookie99" => Reply::ok("application/rss+xml", crate::door::FEED),
        _ => Reply::status(404),
    });
    let agg = Agg::new();
    fs::write(agg.path("token"), token).unwrap();
    fs::write(agg.path("cookie"), cookie).unwrap();
    let source = |id: &str, auth: &str| {
        let url = site.url(&format!("/{id}"));
        format!("[[source]]\nid = \"{id}\"\nurl = \"{url}\"\nkind = \"feed\"\n{auth}\n")
    };
    agg.configure(&format!(
        "{}{}{}{}[fetch]\nspacing = \"0s\"\n",
        source("page", "cookies = { file = \"cookie\" }"),
        source("token", "auth = { token_file = \"token\" }"),
        source("ftp", "cookies = { file = \"cookie\" }"),
        source("moved", "cookies = { file = \"cookie\" }"),
    ));
    let mut shown = String::new();
    for line in [
        "fetch --record kept",
        "fetch --force",
        "status",
        "status --format json",
        "preview page",
    ] {
        let run = agg.run(line);
        shown += &run.stdout;
        shown += &run.stderr;
    }
    assert!(shown.contains("/login?t=***"), "{shown}");
    assert!(shown.contains("ftp://files.example/***"), "{shown}");
    fs::remove_file(agg.path("token")).unwrap();
    fs::remove_file(agg.path("cookie")).unwrap();
    let secrets = ["abcdefcookie99", token, "s3cr3t%2Ftok%2Ben%3DXYZ"];
    for secret in secrets {
        assert!(!shown.contains(secret), "{shown}");
    }
    let mut folders = vec![agg.path("")];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).unwrap().flatten() {
            let kind = file.file_type().unwrap();
            let mut bytes = file.path().into_os_string().into_encoded_bytes();
            if kind.is_dir() && file.file_name() != "fixtures" {
                folders.push(file.path());
            } else if kind.is_file() {
                bytes.extend(fs::read(file.path()).unwrap());
            }
            for secret in secrets {
                let holds = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
                assert!(!holds, "{} holds {secret}", file.path().display());
            }
        }
    }
    // the way that was recorded can be gone again
    let replayed = agg.run("fetch moved --replay kept --format json");
    assert!(
        replayed.stdout.contains("\"kind\": \"read\"") || replayed.stdout.contains("unchanged"),
        "{}",
        replayed.stdout
    );
}

/// A proxy that knows one page, whatever host it is asked for.
fn proxied(proxy: Url, login: Option<(String, Place)>) -> agg::fetch::Request {
    agg::fetch::Request {
        access: Access {
            route: Some(Route::Through(Proxy { url: proxy, login })),
            ..Access::default()
        }
        .into(),
        ..request(Url::parse("http://blog.example/feed").unwrap())
    }
}

#[tokio::test]
async fn a_proxy_is_asked_in_the_place_of_the_site_and_gets_its_own_login() {
    let proxy = Site::always(Reply::ok("text/html", "page"));
    let login = Some(("me".to_owned(), here(SECRET)));
    let answer = fetcher()
        .fetch(&proxied(proxy.url("/"), login))
        .await
        .unwrap();
    assert_eq!(document(answer).url.as_str(), "http://blog.example/feed");
    let asked = &proxy.asked()[0];
    assert_eq!(asked.path, "http://blog.example/feed");
    assert_eq!(
        asked.header("proxy-authorization"),
        Some(&b"Basic bWU6aHVudGVyMi1odW50ZXIy"[..])
    );
    assert_eq!(asked.header("authorization"), None);
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_told_as_such_without_its_login() {
    let elsewhere = Site::always(Reply::status(200)).url("/").to_string();
    let address = Url::parse(&elsewhere.replace("127.0.0.1", "127.0.0.2")).unwrap();
    let login = Some(("me".to_owned(), here(SECRET)));
    let error = fetcher()
        .fetch(&proxied(address.clone(), login))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Proxy { .. }), "{error}");
    let text = format!("{error} {error:?}");
    assert!(
        text.contains(address.as_str()) && !text.contains("hunter2"),
        "{text}"
    );
}

#[tokio::test]
async fn socks_is_spoken_and_the_proxy_looks_up_the_name() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting).unwrap();
        stream
            .read_exact(&mut vec![0; usize::from(greeting[1])])
            .unwrap();
        stream.write_all(&[5, 0]).unwrap();
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        let mut name = vec![0; usize::from(head[4]) + 2];
        stream.read_exact(&mut name).unwrap();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        let _ = stream.read(&mut [0; 2048]).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\npage")
            .unwrap();
        (head[3], name)
    });
    let url = Url::parse(&format!("socks5h://127.0.0.1:{port}")).unwrap();
    let answer = fetcher().fetch(&proxied(url, None)).await.unwrap();
    assert_eq!(document(answer).body, "page");
    let (kind, name) = proxy.join().unwrap();
    assert_eq!(
        (kind, &name[..12]),
        (3, &b"blog.example"[..]),
        "by name, and not looked up here"
    );
}
