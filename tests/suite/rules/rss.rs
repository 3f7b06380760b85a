//! RSS 2.0 and the RSS Advisory Board's profile of it.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset};

use super::Broken;
use super::xml::{Element, read};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
/// What an item or a channel may have one of.
const ONCE: [&str; 11] = [
    "title",
    "link",
    "description",
    "guid",
    "pubDate",
    "enclosure",
    "source",
    "comments",
    "author",
    "language",
    "lastBuildDate",
];

/// The broken rules of an RSS feed.
pub(crate) fn check(bytes: &[u8]) -> Vec<String> {
    let mut broken = Broken::default();
    if let Some(root) = read(bytes, &mut broken) {
        broken.unless(root.is("", "rss"), || "the root is no rss".to_owned());
        broken.unless(root.attribute("version") == Some("2.0"), || {
            "the version is not 2.0".to_owned()
        });
        broken.unless(
            root.children.len() == 1 && root.children[0].is("", "channel"),
            || "there is not exactly one channel".to_owned(),
        );
        for channel in root.all("", "channel") {
            check_channel(channel, &mut broken);
        }
    }
    broken.0
}

fn check_channel(channel: &Element, broken: &mut Broken) {
    for name in ["title", "link", "description"] {
        broken.unless(channel.all("", name).count() == 1, || {
            format!("the channel has not exactly one {name}")
        });
    }
    once("the channel", channel, broken);
    broken.one_line("the channel's title", &text(channel, "title"));
    broken.one_line("the channel's description", &text(channel, "description"));
    broken.web_address("the channel's link", &text(channel, "link"));
    for language in channel.all("", "language") {
        broken.language("the channel's language", &language.text);
    }
    let own: Vec<_> = channel
        .all(ATOM, "link")
        .filter(|link| link.attribute("rel") == Some("self"))
        .collect();
    broken.unless(own.len() == 1, || "a channel names itself once".to_owned());
    for link in own {
        broken.web_address(
            "the channel's own link",
            link.attribute("href").unwrap_or_default(),
        );
        broken.unless(
            link.attribute("type") == Some("application/rss+xml"),
            || "the channel's own link is of another type".to_owned(),
        );
    }
    let built = channel
        .all("", "lastBuildDate")
        .next()
        .and_then(|date| rfc822("lastBuildDate", &date.text, broken));
    let mut guids = HashSet::new();
    for item in channel.all("", "item") {
        let what = format!("item {:?}", text(item, "guid"));
        broken.unless(guids.insert(text(item, "guid")), || format!("{what} twice"));
        check_item(&what, item, broken);
        let date = rfc822(&format!("{what}: pubDate"), &text(item, "pubDate"), broken);
        broken.unless(date <= built, || format!("{what} is newer than the feed"));
    }
}

fn check_item(what: &str, item: &Element, broken: &mut Broken) {
    once(what, item, broken);
    let known = [
        "title",
        "link",
        "description",
        "guid",
        "pubDate",
        "enclosure",
        "source",
        "comments",
        "category",
    ];
    for child in &item.children {
        let is_known = !child.namespace.is_empty() || known.contains(&child.name.as_str());
        broken.unless(is_known, || format!("{what} may not have <{}>", child.name));
    }
    broken.unless(
        item.all("", "title").next().is_some() || item.all("", "description").next().is_some(),
        || format!("{what} has neither title nor description"),
    );
    for title in item.all("", "title") {
        broken.one_line(&format!("{what}: title"), &title.text);
    }
    for name in ["link", "comments"] {
        for link in item.all("", name) {
            broken.web_address(&format!("{what}: {name}"), &link.text);
        }
    }
    for guid in item.all("", "guid") {
        broken.iri(&format!("{what}: guid"), &guid.text);
        let is_permalink = guid.attribute("isPermaLink").unwrap_or("true");
        broken.unless(matches!(is_permalink, "true" | "false"), || {
            format!("{what}: isPermaLink {is_permalink:?}")
        });
        if is_permalink == "true" {
            broken.web_address(&format!("{what}: guid"), &guid.text);
        }
    }
    broken.unless(item.all("", "guid").count() == 1, || {
        format!("{what} has no guid")
    });
    for enclosure in item.all("", "enclosure") {
        let value = |name: &str| enclosure.attribute(name).unwrap_or_default();
        broken.web_address(&format!("{what}: enclosure"), value("url"));
        broken.media_type(&format!("{what}: enclosure"), value("type"));
        broken.unless(value("length").parse::<u64>().is_ok(), || {
            format!("{what}: an enclosure of length {:?}", value("length"))
        });
    }
    for source in item.all("", "source") {
        broken.web_address(
            &format!("{what}: source"),
            source.attribute("url").unwrap_or_default(),
        );
        broken.one_line(&format!("{what}: source"), &source.text);
    }
    for category in item.all("", "category") {
        broken.one_line(&format!("{what}: category"), &category.text);
    }
    for creator in item.all(DUBLIN_CORE, "creator") {
        broken.one_line(&format!("{what}: creator"), &creator.text);
    }
    for link in item.all(ATOM, "link") {
        broken.web_address(
            &format!("{what}: atom:link"),
            link.attribute("href").unwrap_or_default(),
        );
    }
    for (namespace, name) in [("", "description"), (CONTENT, "encoded")] {
        for html in item.all(namespace, name) {
            broken.unless(
                !html.text.trim().is_empty() && html.children.is_empty(),
                || format!("{what}: {name} is empty, or holds elements"),
            );
            broken.html(&format!("{what}: {name}"), &html.text);
        }
    }
}

fn once(what: &str, element: &Element, broken: &mut Broken) {
    for name in ONCE {
        broken.unless(element.all("", name).count() <= 1, || {
            format!("{what} has more than one {name}")
        });
    }
}

/// RFC 822 with a year of four digits and the right day of the week.
fn rfc822(what: &str, text: &str, broken: &mut Broken) -> Option<DateTime<FixedOffset>> {
    let year = text.split(' ').nth(3).unwrap_or_default();
    let at = DateTime::parse_from_rfc2822(text).ok();
    broken.unless(at.is_some() && year.len() == 4, || {
        format!("{what} is no date of RFC 822: {text:?}")
    });
    at
}

fn text(element: &Element, name: &str) -> String {
    let found = element.all("", name).next();
    found.map_or_else(String::new, |element| element.text.clone())
}
