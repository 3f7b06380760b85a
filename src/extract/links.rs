//! What a page links to from its head: the feeds it advertises (`link rel=alternate`, HTML §4.6.7.1).

use quick_xml::events::BytesStart;
use url::Url;

/// How many are named at most.
const MOST: usize = 8;

/// The feeds that `html` advertises, absolute, in page order.
pub(super) fn feeds(html: &str, url: &Url) -> Vec<Url> {
    let mut feeds = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<link").filter(|_| feeds.len() < MOST) {
        rest = &rest[start + 1..];
        let Some(end) = rest.find('>') else { break };
        let tag = BytesStart::from_content(rest[..end].trim_end_matches('/'), "link".len());
        let value = |key: &str| {
            tag.html_attributes()
                .with_checks(false)
                .flatten()
                .find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(key))
                .map(|attribute| attribute.value.replace("&amp;", "&"))
        };
        let alternate = value("rel").is_some_and(|rel| {
            rel.split_whitespace()
                .any(|rel| rel.eq_ignore_ascii_case("alternate"))
        });
        let feed = value("type").is_some_and(|kind| {
            let kind = kind.trim().to_ascii_lowercase();
            [
                "application/rss+xml",
                "application/atom+xml",
                "application/feed+json",
                "application/rdf+xml",
            ]
            .contains(&kind.as_str())
        });
        if alternate
            && feed
            && let Some(href) = value("href")
            && let Ok(feed) = url.join(href.trim())
            && !feeds.contains(&feed)
        {
            feeds.push(feed);
        }
    }
    feeds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advertised_feeds_are_absolute_and_named_once() {
        let url = Url::parse("https://blog.example/posts/").unwrap();
        let html = "<link rel=stylesheet href=a.css><link rel='alternate' type=application/rss+xml href='/feed?a=1&amp;b=2'>\
            <link rel=alternate hreflang=de href=/de><link href=/feed?a=1&b=2 type=application/rss+xml rel=alternate>";
        assert_eq!(
            feeds(html, &url),
            [Url::parse("https://blog.example/feed?a=1&b=2").unwrap()]
        );
    }
}
