//! A parsed page → what its head says: one walk over the document collects the `meta`, `link`, `base` and `title` elements
//! and the language that all later questions are about. Body elements count too: microdata puts `meta` there.

use ego_tree::NodeRef;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};
use url::Url;

use super::tree::collapse;

/// Media types of feeds, as `link rel=alternate` names them (HTML §4.6.7.1).
const FEED_TYPES: &[&str] = &[
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/json",
];
/// How many feeds are named at most.
const MOST_FEEDS: usize = 8;

/// What stands in a page's head.
#[derive(Debug, Default)]
pub(super) struct Head<'a> {
    metas: Vec<&'a Element>,
    links: Vec<&'a Element>,
    base: Option<&'a str>,
    /// The text of `title`.
    pub(super) title: Option<String>,
    /// The `lang` of the document, as written.
    lang: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// Collects the elements of `html`.
    pub(super) fn new(html: &'a Html) -> Self {
        let mut head = Self::default();
        for node in html.tree.nodes() {
            if let Node::Element(element) = node.value() {
                head.take(node, element);
            }
        }
        head
    }

    fn take(&mut self, node: NodeRef<'a, Node>, element: &'a Element) {
        match element.name() {
            "meta" => self.metas.push(element),
            "link" => self.links.push(element),
            "base" => self.base = self.base.or(element.attr("href")),
            "html" => self.lang = self.lang.or(element.attr("lang")),
            "title" if self.title.is_none() && is_in_head(node) => {
                self.title = ElementRef::wrap(node)
                    .map(|title| collapse(&title.text().collect::<String>()))
                    .filter(|title| !title.is_empty());
            }
            _ => {}
        }
    }

    /// The first `content` of the meta elements of the first name that has any, whether it stands in `property`, `name`
    /// or `itemprop`.
    pub(super) fn content(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.contents(name).next())
    }

    /// Every `content` of the meta elements of this name, in order.
    pub(super) fn contents(&self, name: &str) -> impl Iterator<Item = String> {
        self.metas
            .iter()
            .filter(move |meta| {
                ["property", "name", "itemprop"]
                    .iter()
                    .any(|key| meta.attr(key) == Some(name))
            })
            .filter_map(|meta| meta.attr("content"))
            .map(collapse)
            .filter(|text| !text.is_empty())
    }

    /// The language that the document states: in its `lang`, to those who share it, or as an old header.
    pub(super) fn language(&self) -> Option<String> {
        let lang = self.lang.map(str::trim).filter(|lang| !lang.is_empty());
        let header = || {
            self.metas
                .iter()
                .find(|meta| {
                    meta.attr("http-equiv")
                        .is_some_and(|name| name.eq_ignore_ascii_case("content-language"))
                })
                .and_then(|meta| meta.attr("content"))
                .map(|tags| tags.split(',').next().unwrap_or("").trim().to_owned())
                .filter(|tag| !tag.is_empty())
        };
        lang.map(str::to_owned)
            .or_else(|| self.content(&["og:locale", "inLanguage", "language"]))
            .or_else(header)
    }

    /// True if the page calls itself one article.
    pub(super) fn is_article(&self) -> bool {
        self.content(&["og:type"])
            .is_some_and(|kind| kind == "article")
            || self.content(&["article:published_time"]).is_some()
    }

    /// What relative addresses resolve against, where the page found at `url` says so itself.
    pub(super) fn base(&self, url: &Url) -> Option<Url> {
        let base = url.join(self.base?.trim()).ok()?;
        (matches!(base.scheme(), "http" | "https") && &base != url).then_some(base)
    }

    /// The address of `rel=canonical`.
    pub(super) fn canonical(&self, base: &Url) -> Option<Url> {
        let link = self
            .links
            .iter()
            .find(|link| has_rel(link, &["canonical"]) && link.attr("href").is_some())?;
        let url = base.join(link.attr("href")?.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// Feeds that the page advertises, absolute, each once, in page order.
    pub(super) fn feeds(&self, base: &Url) -> Vec<Url> {
        let mut feeds: Vec<Url> = Vec::new();
        let advertised = self
            .links
            .iter()
            .filter(|link| has_rel(link, &["alternate", "feed"]) && is_feed(link))
            .filter_map(|link| base.join(link.attr("href")?.trim()).ok())
            .filter(|feed| matches!(feed.scheme(), "http" | "https"));
        for feed in advertised {
            if feeds.len() == MOST_FEEDS {
                break;
            }
            if !feeds.contains(&feed) {
                feeds.push(feed);
            }
        }
        feeds
    }
}

fn is_in_head(node: NodeRef<'_, Node>) -> bool {
    node.parent()
        .and_then(|parent| parent.value().as_element())
        .is_some_and(|parent| parent.name() == "head")
}

fn has_rel(link: &Element, wanted: &[&str]) -> bool {
    link.attr("rel").is_some_and(|rel| {
        rel.split_whitespace()
            .any(|rel| wanted.iter().any(|wanted| rel.eq_ignore_ascii_case(wanted)))
    })
}

fn is_feed(link: &Element) -> bool {
    let kind = link.attr("type").unwrap_or("").split(';').next();
    let kind = kind.unwrap_or("").trim().to_ascii_lowercase();
    // what WordPress calls alternate JSON is its programming interface
    let interface = |href: &str| href.contains("wp-json") || href.contains("oembed");
    FEED_TYPES.contains(&kind.as_str())
        && !(kind == "application/json" && link.attr("href").is_some_and(interface))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_document_or_else_what_its_head_says() {
        for (html, language) in [
            (
                "<html lang=hr><meta property=og:locale content=en_US>",
                Some("hr"),
            ),
            (
                "<html lang=''><meta property=og:locale content=hr_HR>",
                Some("hr_HR"),
            ),
            (
                "<meta http-equiv=Content-Language content='sl, en'>",
                Some("sl"),
            ),
            ("<meta name=language content=pl>", Some("pl")),
            ("<p lang=fr>Oui", None),
        ] {
            let html = Html::parse_document(html);
            assert_eq!(Head::new(&html).language().as_deref(), language);
        }
    }

    #[test]
    fn advertised_feeds_are_absolute_and_named_once() {
        let url = Url::parse("https://blog.example/posts/").unwrap();
        let html = Html::parse_document(
            "<link rel=stylesheet href=a.css><link rel='alternate' type=application/rss+xml href='/feed?a=1&amp;b=2'>\
            <link rel=alternate hreflang=de href=/de><link href=/feed?a=1&b=2 type=application/rss+xml rel=alternate>",
        );
        assert_eq!(
            Head::new(&html).feeds(&url),
            [Url::parse("https://blog.example/feed?a=1&b=2").unwrap()]
        );
    }
}
