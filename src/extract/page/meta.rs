//! What an index page says of itself: name, site, language, advertised feeds.

use scraper::{Html, Selector};
use url::Url;

use super::tree::collapse;
use crate::model::SourceMeta;

/// Media types of feeds, as `link rel=alternate` names them.
const FEED_TYPES: &[&str] = &[
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
];

/// Reads the page's head.
pub(super) fn read(html: &Html, base: &Url, url: &Url) -> SourceMeta {
    let title = content(html, r#"meta[property="og:site_name"]"#)
        .or_else(|| content(html, r#"meta[name="application-name"]"#))
        .or_else(|| {
            let selector = Selector::parse("head > title").expect("a constant selector is valid");
            let title = html.select(&selector).next()?;
            Some(collapse(&title.text().collect::<String>())).filter(|title| !title.is_empty())
        });
    let language = Selector::parse("html[lang]")
        .ok()
        .and_then(|selector| {
            html.select(&selector)
                .next()?
                .attr("lang")
                .map(str::trim)
                .map(str::to_owned)
        })
        .filter(|lang| !lang.is_empty());
    SourceMeta {
        title,
        site: Some(site(base, url)),
        id: None,
        language,
        feeds: feeds(html, base),
    }
}

fn site(base: &Url, url: &Url) -> String {
    let mut site = if base.host() == url.host() {
        base.clone()
    } else {
        url.clone()
    };
    site.set_query(None);
    site.set_fragment(None);
    site.set_path("/");
    site.into()
}

/// Feeds that the page advertises, absolute, each once, in page order.
pub(super) fn feeds(html: &Html, base: &Url) -> Vec<Url> {
    let selector = Selector::parse("link[rel][href]").expect("a constant selector is valid");
    let mut out: Vec<Url> = Vec::new();
    for link in html.select(&selector) {
        let alternate = link.attr("rel").is_some_and(|rel| {
            rel.split_whitespace()
                .any(|r| r.eq_ignore_ascii_case("alternate") || r.eq_ignore_ascii_case("feed"))
        });
        let kind = link
            .attr("type")
            .unwrap_or("")
            .split(';')
            .next()
            .unwrap_or("")
            .trim()
            .to_ascii_lowercase();
        if !alternate || !FEED_TYPES.contains(&kind.as_str()) {
            continue;
        }
        if kind == "application/json"
            && link
                .attr("href")
                .is_some_and(|href| href.contains("wp-json") || href.contains("oembed"))
        {
            continue;
        }
        if let Some(feed) = link
            .attr("href")
            .and_then(|href| base.join(href.trim()).ok())
            && matches!(feed.scheme(), "http" | "https")
            && !out.contains(&feed)
        {
            out.push(feed);
        }
    }
    out
}

/// The `content` of the first element that `selector` finds.
pub(super) fn content(html: &Html, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).expect("a constant selector is valid");
    html.select(&selector)
        .filter_map(|meta| meta.attr("content"))
        .map(collapse)
        .find(|text| !text.is_empty())
}

/// True if the page calls itself one article.
pub(super) fn is_article(html: &Html) -> bool {
    content(html, r#"meta[property="og:type"]"#).is_some_and(|kind| kind == "article")
        || content(html, r#"meta[property="article:published_time"]"#).is_some()
}
