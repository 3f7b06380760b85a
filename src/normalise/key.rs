//! The canonical form of an address, by which the same article is recognised. Never shown, never asked for.

use std::fmt::Write;

use url::Url;

use super::url::is_name;

/// How many wrappers are taken off, and how often the rules are applied.
const MAX_ROUNDS: usize = 8;

/// Query parameters that tell who sent the reader, not what is read; lower-case, whole names.
const TRACKING: &[&str] = &[
    "__hsfp",
    "__hssc",
    "__hstc",
    "__s",
    "__twitter_impression",
    "_bta_c",
    "_bta_tid",
    "_branch_match_id",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_ke",
    "_kx",
    "_openstat",
    "_sm_au_",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "dm_i",
    "ef_id",
    "epik",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "gad_campaignid",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "gdffi",
    "gdfms",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "hsctatracking",
    "icid",
    "igsh",
    "igshid",
    "isfreemail",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mibextid",
    "mkt_tok",
    "ml_subscriber",
    "ml_subscriber_hash",
    "msclkid",
    "ncid",
    "ns_campaign",
    "ns_linkname",
    "ns_mchannel",
    "ns_source",
    "oly_anon_id",
    "oly_enc_id",
    "rb_clickid",
    "ref_src",
    "ref_url",
    "referrer",
    "s_cid",
    "s_kwcid",
    "sc_campaign",
    "sc_channel",
    "share_source",
    "sr_share",
    "srsltid",
    "triedredirect",
    "trk",
    "trkcampaign",
    "ttclid",
    "twclid",
    "vero_conv",
    "vero_id",
    "wbraid",
    "wickedid",
    "wt.mc_id",
    "wt_mc",
    "xtor",
    "yclid",
];

/// Beginnings of such names.
const TRACKING_PREFIXES: &[&str] = &["utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "amp_"];

/// The canonical form of `url`: `https`, the host without `www.` and `amp.`, no default port, no trailing slash or index
/// file, no tracking parameters, no fragment unless it is a route (`#!`, `#/`), AMP and feed-proxy wrappers taken off. Other
/// parameters stay, in order. The canonical form of a canonical form is the same.
#[must_use]
pub fn canonical_key(url: &Url) -> String {
    let mut key = once(&unwrapped(url.clone()));
    for _ in 0..MAX_ROUNDS {
        let Ok(url) = Url::parse(&key) else { break };
        let again = once(&unwrapped(url));
        if again == key {
            break;
        }
        key = again;
    }
    key
}

fn once(url: &Url) -> String {
    let mut key = format!("https://{}", bare_host(url.host_str().unwrap_or_default()));
    let default = match url.scheme() {
        "http" => 80,
        _ => 443,
    };
    // `https://host:80` is the form that `http://host:80` takes once the scheme is folded
    if let Some(port) = url
        .port()
        .filter(|port| *port != default && !matches!(port, 80 | 443))
    {
        let _ = write!(key, ":{port}");
    }
    key.push_str(&path(url.path()));
    let query = query(url.query().unwrap_or_default());
    if !query.is_empty() {
        key.push('?');
        key.push_str(&query);
    }
    if let Some(route) = url
        .fragment()
        .filter(|fragment| fragment.starts_with('!') || fragment.starts_with('/'))
    {
        key.push('#');
        key.push_str(route);
    }
    key
}

/// The host without what only tells how it is served; never less than two labels.
fn bare_host(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let mut host = host.trim_end_matches('.');
    while let Some(rest) = ["www.", "amp."]
        .iter()
        .find_map(|prefix| host.strip_prefix(prefix))
    {
        if !rest.contains('.') || rest.starts_with('.') {
            break;
        }
        host = rest;
    }
    host.to_owned()
}

fn path(path: &str) -> String {
    let path = unescape(path);
    let mut segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    while let Some(last) = segments.last() {
        let lower = last.to_ascii_lowercase();
        let is_index = matches!(
            lower.as_str(),
            "index.html" | "index.htm" | "index.php" | "index.xhtml"
        );
        // a page that is called "amp" is not one in AMP's clothes
        let is_amp = matches!(lower.as_str(), "amp" | "amp.html") && segments.len() > 1;
        if !is_index && !is_amp {
            break;
        }
        segments.pop();
    }
    let mut folded = String::with_capacity(path.len());
    for segment in segments {
        folded.push('/');
        folded.push_str(segment);
    }
    match folded.strip_suffix(".amp.html") {
        Some(stem) if !stem.ends_with('/') => format!("{stem}.html"),
        _ => match folded.strip_suffix(".amp") {
            Some(stem) if !stem.ends_with('/') && !stem.is_empty() => stem.to_owned(),
            _ => folded,
        },
    }
}

/// Percent-escapes in their one form (RFC 3986 §6.2.2): upper-case, and none for characters that need none. A percent sign
/// that begins none is one itself, lest it make one with what follows.
fn unescape(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        folded.push_str(&rest[..at]);
        let byte = rest.get(at + 1..at + 3).and_then(|hex| {
            hex.bytes()
                .all(|b| b.is_ascii_hexdigit())
                .then(|| u8::from_str_radix(hex, 16).ok())?
        });
        let Some(byte) = byte else {
            folded.push_str("%25");
            rest = &rest[at + 1..];
            continue;
        };
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            folded.push(char::from(byte));
        } else {
            let _ = write!(folded, "%{byte:02X}");
        }
        rest = &rest[at + 3..];
    }
    folded.push_str(rest);
    folded
}

fn query(query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            !pair.is_empty()
                && !is_tracking(&name.to_ascii_lowercase(), &value.to_ascii_lowercase())
        })
        .collect();
    kept.join("&")
}

fn is_tracking(name: &str, value: &str) -> bool {
    TRACKING.contains(&name)
        || TRACKING_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
        || match name {
            "amp" => matches!(value, "" | "1" | "true"),
            "outputtype" => value == "amp",
            // generic names, told by their values
            "source" | "src" => value.starts_with("rss") || value.starts_with("feed"),
            "from" => value == "rss",
            // a figure may be the number of the article
            "ref" => value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        }
}

/// `url` without the wrappers whose address holds the article's own.
fn unwrapped(url: Url) -> Url {
    let mut url = url;
    for _ in 0..MAX_ROUNDS {
        match unwrap_once(&url) {
            Some(inner) if inner.host_str().is_some_and(is_name) => url = inner,
            _ => break,
        }
    }
    url
}

fn unwrap_once(url: &Url) -> Option<Url> {
    let host = url.host_str()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    if host.ends_with(".cdn.ampproject.org") || host == "cdn.ampproject.org" {
        return cached(url, &["/c/", "/v/", "/wp/"]);
    }
    if is_google(host) {
        return match url.path() {
            "/url" => parameter(url, &["url", "q"]),
            _ => cached(url, &["/amp/"]),
        };
    }
    let is_proxy = matches!(
        host,
        "feedproxy.google.com"
            | "feeds.feedburner.com"
            | "feedburner.google.com"
            | "rss.feedsportal.com"
    ) || url.path().contains("/~r/");
    is_proxy.then(|| parameter(url, &["url"])).flatten()
}

fn is_google(host: &str) -> bool {
    host.strip_prefix("google.").is_some_and(|rest| {
        matches!(rest, "com")
            || rest.len() == 2
            || rest.starts_with("co.")
            || rest.starts_with("com.")
    })
}

/// The address in the path of an AMP cache: `/c/s/host/path` (`s` for https).
fn cached(url: &Url, prefixes: &[&str]) -> Option<Url> {
    let path = url.path();
    let rest = prefixes
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))?;
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    let host = rest.split('/').next()?;
    if !host.contains('.') {
        return None;
    }
    let mut inner = Url::parse(&format!("https://{rest}")).ok()?;
    inner.set_query(url.query());
    Some(inner)
}

/// The first of the named query parameters that is a web address.
fn parameter(url: &Url, names: &[&str]) -> Option<Url> {
    names.iter().find_map(|name| {
        let (_, value) = url.query_pairs().find(|(key, _)| key == name)?;
        Url::parse(&value)
            .ok()
            .filter(|inner| matches!(inner.scheme(), "http" | "https") && inner.has_host())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(url: &str) -> String {
        canonical_key(&Url::parse(url).unwrap())
    }

    #[test]
    fn the_ways_to_write_one_address_have_one_key() {
        for url in [
            "https://blog.example/a",
            "http://blog.example/a/",
            "http://www.blog.example:80/a/",
            "https://WWW.Blog.Example.:443//a/index.html",
            "https://blog.example/a?utm_source=rss&utm_medium=feed",
            "https://blog.example/a?fbclid=1#comments",
            "https://blog.example/%61/amp/",
            "https://blog.example/a?amp=1",
            "https://blog.example/a.amp",
            "https://blog.example/a/amp.html",
            "https://blog.example/a?ref=newsletter&mibextid=Zx&at_medium=rss",
            "https://amp.blog.example/a",
            "https://blog-example.cdn.ampproject.org/c/s/blog.example/a",
            "https://www.google.com/amp/s/blog.example/a",
            "https://feedproxy.google.com/~r/x/~3/y?url=https%3A%2F%2Fblog.example%2Fa",
        ] {
            assert_eq!(key(url), "https://blog.example/a", "{url}");
        }
    }

    #[test]
    fn parameters_that_may_choose_the_article_stay_in_order() {
        assert_eq!(
            key("https://blog.example/?p=12&utm_id=3&b&a=1"),
            "https://blog.example?p=12&b&a=1"
        );
        assert_ne!(
            key("https://blog.example/?p=12"),
            key("https://blog.example/?p=13")
        );
        assert_ne!(
            key("https://blog.example/notice.php?ref=412"),
            key("https://blog.example/notice.php?ref=413")
        );
    }

    #[test]
    fn routes_in_the_fragment_stay() {
        assert_eq!(key("https://blog.example/#!/a"), "https://blog.example#!/a");
        assert_eq!(key("https://blog.example/#/a"), "https://blog.example#/a");
    }

    #[test]
    fn the_case_of_a_path_and_another_port_count() {
        assert_ne!(key("https://blog.example/A"), key("https://blog.example/a"));
        assert_ne!(
            key("https://blog.example:8080/"),
            key("https://blog.example/")
        );
    }

    #[test]
    fn a_lone_percent_sign_makes_no_escape_with_what_follows() {
        let folded = key("https://blog.example/100%%33%33");
        assert_eq!(folded, "https://blog.example/100%2533");
        assert_eq!(key(&folded), folded);
    }

    #[test]
    fn a_wrapper_around_no_host_is_no_wrapper() {
        let wrapped = "https://www.google.com/amp/x@./5";
        assert_eq!(key(wrapped), "https://google.com/amp/x@./5");
    }

    #[test]
    fn a_host_that_is_called_www_or_amp_is_left_alone() {
        assert_eq!(key("https://amp.dev/amp"), "https://amp.dev/amp");
        assert_eq!(key("https://www.com/"), "https://www.com");
        assert_eq!(key("https://www..com/"), "https://www..com");
    }

    proptest! {
        #[test]
        fn the_key_of_a_key_is_the_same(
            rest in "(/|amp/|@|%3|\\.\\.|index\\.html|amp|\\.amp|%41|%2f|%|\\?|&|#|!|=|~|[a-z:.]|utm_x|url=https://a\\.example/){0,12}",
            host in "(www\\.|amp\\.|a\\.|google\\.com|cdn\\.ampproject\\.org){1,3}",
        ) {
            if let Ok(url) = Url::parse(&format!("http://{host}/{rest}")) {
                let once = canonical_key(&url);
                prop_assert_eq!(key(&once), once);
            }
        }

        #[test]
        fn no_address_panics(text in any::<String>()) {
            if let Ok(url) = Url::parse(&text) {
                let _ = canonical_key(&url);
            }
        }
    }
}
