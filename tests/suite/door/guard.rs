//! Which addresses are asked.

use super::*;
use crate::program::Agg;

/// As it is without a word in `[fetch] allow`.
fn strict() -> Fetcher {
    let options = Options {
        allow: Vec::new(),
        ..options()
    };
    Fetcher::new(&options, Door::Network, None).unwrap()
}

async fn refused(fetcher: &Fetcher, url: &str) -> Error {
    let url = Url::parse(url).unwrap();
    let error = fetcher.fetch(&request(url)).await.unwrap_err();
    assert!(matches!(error, Error::NotPublic { .. }), "{error}");
    error
}

#[tokio::test]
async fn our_own_machine_is_not_asked_and_never_connected_to() {
    let site = Site::always(Reply::ok("text/html", "secret"));
    let port = site.address().port();
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ] {
        refused(&strict(), &format!("http://{host}:{port}/")).await;
    }
    assert!(site.asked().is_empty());
}

#[tokio::test]
async fn a_name_that_leads_to_our_own_machine_is_not_asked() {
    let site = Site::always(Reply::ok("text/html", "secret"));
    let port = site.address().port();
    let error = refused(&strict(), &format!("http://localhost:{port}/")).await;
    assert!(
        error
            .to_string()
            .starts_with("localhost is an address of this machine ("),
        "{error}"
    );
    assert!(error.help().unwrap().ends_with("allow = [\"localhost\"]"));
    assert!(!error.is_unreachable(), "the network is not to blame");
    assert!(site.asked().is_empty());
}

#[tokio::test]
async fn a_name_that_is_allowed_is_asked_wherever_it_leads() {
    let site = Site::always(Reply::ok("text/html", "page"));
    let options = Options {
        allow: vec!["localhost".parse().unwrap()],
        ..options()
    };
    let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
    let port = site.address().port();
    let named = Url::parse(&format!("http://LOCALHOST:{port}/")).unwrap();
    assert_eq!(fetcher.fetch(&request(named)).await.unwrap().status, 200);
    // the name is allowed, not what it leads to
    refused(&fetcher, &format!("http://127.0.0.1:{port}/")).await;
}

#[tokio::test]
async fn a_redirect_into_our_own_network_is_not_followed() {
    let inside = Site::always(Reply::ok("text/html", "secret"));
    let inner = inside.url("/admin").to_string();
    for target in [
        // the one loopback address that is not allowed here
        inner.replace("127.0.0.1", "127.0.0.2"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "http://[fd00:ec2::254]/".to_owned(),
        "http://[::ffff:10.0.0.1]/".to_owned(),
    ] {
        let location = target.clone();
        let site = Site::open(move |_| Reply::redirect(302, &location));
        let options = Options {
            allow: vec!["127.0.0.1".parse().unwrap()],
            ..options()
        };
        let fetcher = Fetcher::new(&options, Door::Network, None).unwrap();
        let error = refused(&fetcher, site.url("/").as_str()).await;
        let told = format!("{} redirects to another host: ", site.url("/"));
        assert!(error.to_string().starts_with(&told), "{target}: {error}");
    }
    assert!(inside.asked().is_empty());
}

#[test]
fn a_source_in_a_private_network_says_which_line_would_allow_it() {
    let site = Site::always(Reply::ok("text/html", "page"));
    let agg = Agg::new();
    let source = |url: &Url| format!("[[source]]\nid = \"mine\"\nurl = \"{url}\"\n");
    agg.configure(&format!(
        "{}[fetch]\nallow = [\"10.0.0.0/8\"]\n",
        source(&site.url("/"))
    ));
    let run = agg.run("fetch");
    assert_eq!(run.code, 3);
    for words in [
        "mine: 127.0.0.1 is an address of this machine (127.0.0.1), which is not asked",
        "allow = [\"10.0.0.0/8\", \"127.0.0.1\"]",
    ] {
        assert!(run.stderr.contains(words), "{words}\n{}", run.stderr);
    }
    assert!(site.asked().is_empty());
}
