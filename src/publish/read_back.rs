//! What we publish is read back by others' readers, and must say what we meant.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rss::validation::Validate;

use super::hygiene::reads_as_markup;
use super::outgoing::{Outgoing, OutgoingEntry};
use super::sample::{any_text, at, entry, feed, origin, rich, url};
use super::{Format, NAMESPACE, opml, render};
use crate::model::{DateKind, Document, Feed};

fn text(document: &Document) -> &str {
    std::str::from_utf8(&document.body).unwrap()
}

fn published(feed: &Feed, format: Format) -> String {
    text(&render(feed, format)).to_owned()
}

/// The string with the five entities of HTML that we write decoded.
fn unescaped(html: &str) -> String {
    quick_xml::escape::unescape(html).unwrap().into_owned()
}

/// `text` to a reader that takes all text for HTML: the references that we write decoded, what is none left.
fn as_html(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// What an Atom text says to a reader.
fn plain_text(text: &atom_syndication::Text) -> String {
    match text.r#type {
        atom_syndication::TextType::Html => unescaped(&text.value),
        _ => text.value.clone(),
    }
}

#[test]
fn snapshots_of_all_formats() {
    let feed = rich();
    for format in Format::ALL {
        insta::assert_snapshot!(format.file_name(), published(&feed, format));
    }
    insta::assert_snapshot!(
        "empty.html",
        published(&super::sample::feed(Vec::new()), Format::Html)
    );
}

#[test]
fn snapshot_of_the_list_of_sources() {
    let sources: Vec<_> = rich()
        .entries
        .into_iter()
        .flat_map(|entry| entry.origins)
        .collect();
    let document = opml(
        "Sources of\r\n\u{0}<all> & more",
        &url("https://agg.example/"),
        &sources,
    );
    assert_eq!(document.url.as_str(), "https://agg.example/sources.opml");
    assert!(!text(&document).contains("secret"));
    insta::assert_snapshot!("sources.opml", text(&document));
}

#[test]
fn the_same_feed_gives_the_same_bytes_and_validators() {
    for format in Format::ALL {
        let document = render(&rich(), format);
        assert_eq!(document, render(&rich(), format));
        let etag = document.validators.etag.unwrap();
        assert!(
            etag.len() == 34 && etag.starts_with('"') && etag.ends_with('"'),
            "{etag}"
        );
        assert_eq!(
            document.validators.last_modified.as_deref(),
            Some("Wed, 04 Mar 2026 10:00:00 GMT")
        );
        assert_eq!(document.media_type.as_deref(), Some(format.media_type()));
        assert_eq!(
            document.url.as_str(),
            format!("https://agg.example/{}", format.file_name())
        );
        let mut other = rich();
        other.entries[3].entry.title.push('!');
        assert_ne!(render(&other, format).validators.etag.unwrap(), etag);
    }
}

/// An entry as a reader sees it, for all formats alike.
#[derive(Debug, PartialEq)]
struct Seen {
    id: String,
    title: String,
    link: Option<String>,
    date: DateTime<Utc>,
    summary: Option<String>,
    content: Option<String>,
    tags: Vec<String>,
    authors: Vec<String>,
}

fn meant(entry: &OutgoingEntry) -> Seen {
    Seen {
        id: entry.id.clone(),
        title: entry.title.clone(),
        link: entry.link.clone(),
        date: entry.date,
        summary: entry.summary.clone(),
        content: entry.content.clone(),
        tags: entry.tags.clone(),
        authors: entry
            .byline()
            .into_iter()
            .map(|byline| byline.name)
            .collect(),
    }
}

/// With feed-rs, as our own way in reads it.
fn seen_by_feed_rs(feed: &Feed, format: Format) -> Vec<Seen> {
    let document = render(feed, format);
    let read = feed_rs::parser::parse(&document.body[..]).unwrap();
    read.entries
        .into_iter()
        .map(|entry| {
            let content = entry.content.and_then(|content| content.body);
            Seen {
                id: entry.id,
                title: as_html(&entry.title.unwrap().content),
                link: entry
                    .links
                    .iter()
                    .find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))
                    .map(|link| link.href.clone()),
                date: entry.published.unwrap(),
                summary: entry.summary.map(|summary| match format {
                    Format::Json => summary.content,
                    _ => as_html(&summary.content),
                }),
                content,
                tags: entry.categories.into_iter().map(|tag| tag.term).collect(),
                authors: entry
                    .authors
                    .into_iter()
                    .filter_map(|author| author.name)
                    .collect(),
            }
        })
        .collect()
}

#[test]
fn published_feeds_read_back_equal() {
    let feed = rich();
    let outgoing = Outgoing::new(&feed);
    for format in [Format::Atom, Format::Rss, Format::Json] {
        let seen = seen_by_feed_rs(&feed, format);
        assert_eq!(seen.len(), outgoing.entries.len());
        for (seen, entry) in seen.into_iter().zip(&outgoing.entries) {
            let mut meant = meant(entry);
            let stands_in =
                format == Format::Json || (format == Format::Atom && entry.link.is_none());
            if stands_in && meant.content.is_none() {
                meant.content = Some(entry.stand_in().to_owned());
            }
            if format != Format::Atom {
                // Here feed-rs takes an address in angle brackets out of a name.
                for name in &mut meant.authors {
                    name.truncate(name.find(" <m@").unwrap_or(name.len()));
                }
            }
            assert_eq!(seen, meant, "{format:?}");
        }
    }
}

#[test]
fn atom_reads_back_with_its_own_reader() {
    let feed = rich();
    let read: atom_syndication::Feed = published(&feed, Format::Atom).parse().unwrap();
    let outgoing = Outgoing::new(&feed);
    assert_eq!(read.id, feed.id);
    assert_eq!(read.updated, outgoing.updated);
    for (read, entry) in read.entries.iter().zip(&outgoing.entries) {
        assert_eq!(plain_text(&read.title), entry.title);
        assert_eq!(read.summary.as_ref().map(plain_text), entry.summary);
        assert_eq!(read.updated, entry.updated);
        let source = read.source.as_ref().unwrap();
        assert_eq!(source.title.as_str(), entry.origins[0].title);
        assert_eq!(source.id, entry.origins[0].id);
        let minutes = read.extensions["agg"].get("readMinutes");
        let minutes = minutes.and_then(|found| found[0].value.as_deref());
        assert_eq!(
            minutes,
            entry.read_minutes.map(|n| n.to_string()).as_deref()
        );
    }
    let full = &read.entries[0];
    let via: Vec<_> = full.links.iter().filter(|link| link.rel == "via").collect();
    assert_eq!(
        via.len(),
        1,
        "the same permalink from two sources is told once"
    );
    assert_eq!(via[0].href, "https://planet.example/item/77");
    assert_eq!(via[0].title.as_deref(), Some("Planet"));
    let image = &full.extensions["media"]["thumbnail"][0].attrs["url"];
    assert_eq!(image, "https://ferris.example/cover.png?w=2&h=1");
}

#[test]
fn rss_reads_back_and_validates_with_its_own_reader() {
    let feed = rich();
    let read = rss::Channel::read_from(&render(&feed, Format::Rss).body[..]).unwrap();
    read.validate().unwrap();
    for (read, entry) in read.items.iter().zip(&Outgoing::new(&feed).entries) {
        assert_eq!(as_html(read.title.as_ref().unwrap()), entry.title);
        assert_eq!(read.content, entry.content);
        assert_eq!(
            read.source.as_ref().unwrap().title.as_ref(),
            Some(&entry.origins[0].title)
        );
        let guid = read.guid.as_ref().unwrap();
        assert_eq!(guid.permalink, read.link.as_ref() == Some(&guid.value));
        let minutes = read.extensions["agg"].get("readMinutes");
        let minutes = minutes.and_then(|found| found[0].value.as_deref());
        assert_eq!(
            minutes,
            entry.read_minutes.map(|n| n.to_string()).as_deref()
        );
    }
    let podcast = &read.items[3];
    assert_eq!(podcast.enclosure.as_ref().unwrap().length, "38211004");
    assert_eq!(
        podcast.itunes_ext.as_ref().unwrap().duration.as_deref(),
        Some("2403")
    );
    let others = &podcast.atom_ext.as_ref().unwrap().links;
    assert_eq!(others[0].href, "https://talks.example/12.opus");
    assert_eq!(
        others[0].mime_type.as_deref(),
        Some("application/octet-stream")
    );
}

#[test]
fn an_enclosure_of_unknown_length_says_zero_in_rss_and_nothing_elsewhere() {
    let mut feed = rich();
    feed.entries[3].entry.enclosures[0].length = None;
    assert!(published(&feed, Format::Rss).contains(r#"length="0" type="audio/mpeg""#));
    assert!(!published(&feed, Format::Atom).contains("length="));
    assert!(!published(&feed, Format::Json).contains("size_in_bytes"));
}

/// RFC 4287 §4.1.1, §4.1.2: what must be there, once, and how.
#[test]
fn atom_holds_what_rfc_4287_requires() {
    let read: atom_syndication::Feed = published(&rich(), Format::Atom).parse().unwrap();
    let rel = |wanted: &'static str| move |link: &&atom_syndication::Link| link.rel == wanted;
    assert!(!read.title.is_empty() && url::Url::parse(&read.id).is_ok());
    assert_eq!(read.links.iter().filter(rel("self")).count(), 1);
    let mut ids = HashSet::new();
    for entry in &read.entries {
        assert!(ids.insert(&entry.id), "{} twice", entry.id);
        assert!(!entry.title.trim().is_empty());
        assert!(!entry.authors.is_empty() && entry.authors.iter().all(|who| !who.name.is_empty()));
        let alternates = entry.links.iter().filter(rel("alternate")).count();
        assert!(alternates <= 1);
        assert!(alternates == 1 || entry.content.is_some());
        for link in &entry.links {
            assert!(matches!(
                url::Url::parse(&link.href).unwrap().scheme(),
                "http" | "https"
            ));
        }
        assert!(entry.updated <= read.updated);
        assert!(entry.published.unwrap() <= entry.updated);
    }
}

/// RSS 2.0 and the RSS Advisory Board's profile.
#[test]
fn rss_holds_what_its_profile_requires() {
    let read = rss::Channel::read_from(&render(&rich(), Format::Rss).body[..]).unwrap();
    assert!(!read.title.is_empty() && !read.description.is_empty());
    let own = &read.atom_ext.as_ref().unwrap().links[0];
    assert_eq!(
        (&*own.rel, &*own.href),
        ("self", "https://agg.example/rss.xml")
    );
    let built = DateTime::parse_from_rfc2822(read.last_build_date.as_ref().unwrap()).unwrap();
    let mut guids = HashSet::new();
    for item in &read.items {
        assert!(guids.insert(&item.guid.as_ref().unwrap().value));
        assert!(DateTime::parse_from_rfc2822(item.pub_date.as_ref().unwrap()).unwrap() <= built);
        assert!(!item.dublin_core_ext.as_ref().unwrap().creators.is_empty());
        assert_eq!(item.author, None, "author is for e-mail addresses");
        if let Some(link) = &item.link {
            assert!(link.starts_with("https://"));
        }
    }
}

/// JSON Feed 1.1: what must be there, and no key that is none.
#[test]
fn json_feed_holds_what_its_specification_requires() {
    let json: serde_json::Value = serde_json::from_str(&published(&rich(), Format::Json)).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(json["feed_url"], "https://agg.example/feed.json");
    let mut ids = HashSet::new();
    for item in json["items"].as_array().unwrap() {
        assert!(ids.insert(item["id"].as_str().unwrap()));
        assert!(item["content_html"].is_string() != item["content_text"].is_string());
        assert!(item["_agg"]["origins"][0]["source"].is_string());
        DateTime::parse_from_rfc3339(item["date_published"].as_str().unwrap()).unwrap();
    }
    let first = &json["items"][0]["_agg"];
    assert_eq!(first["read_minutes"], 6);
    assert_eq!(first["provenance"]["read_minutes"], "derived");
    assert_eq!(json["items"][2]["_agg"]["date_kind"], "first_seen");
}

#[test]
fn a_feed_without_a_page_leads_to_none() {
    let mut feed = feed(Vec::new());
    let link = |feed: &crate::model::Feed| {
        let rss = published(feed, Format::Rss);
        let at = rss.find("<link>").unwrap();
        rss[at..].split('<').nth(1).unwrap().to_owned()
    };
    assert_eq!(link(&feed), "link>https://agg.example/");
    feed.definition.formats = vec![Format::Rss, Format::Json];
    assert_eq!(link(&feed), "link>https://agg.example/rss.xml");
    assert!(!published(&feed, Format::Json).contains("home_page_url"));
}

#[test]
fn an_undated_entry_is_never_passed_off_as_dated() {
    let feed = feed(vec![{
        let mut undated = entry(
            "tag:a.example,2026:1",
            "T",
            "2026-01-01T00:00:00Z",
            origin("a", "A", true, None),
        );
        undated.date_kind = DateKind::FirstSeen;
        undated
    }]);
    for format in [Format::Atom, Format::Rss] {
        let xml = published(&feed, format);
        assert!(xml.contains("<agg:dateKind>first_seen</agg:dateKind>"));
        assert!(xml.contains(&format!("xmlns:agg=\"{NAMESPACE}\"")));
    }
    let page = published(&feed, Format::Html);
    assert!(page.contains("No date") && page.contains("first seen <time"));
}

#[test]
fn a_feed_is_never_older_than_its_entries() {
    let mut feed = rich();
    feed.updated = at("2020-01-01T00:00:00Z");
    let read: atom_syndication::Feed = published(&feed, Format::Atom).parse().unwrap();
    assert_eq!(read.updated, at("2026-03-04T10:00:00Z"));
}

#[test]
fn an_empty_feed_is_a_whole_document_that_claims_no_date_of_change() {
    let feed = feed(Vec::new());
    for format in [Format::Atom, Format::Rss, Format::Json] {
        let document = render(&feed, format);
        assert_eq!(document.validators.last_modified, None);
        let read = feed_rs::parser::parse(&document.body[..]).unwrap();
        assert_eq!(read.title.unwrap().content, "Slow reading");
    }
    assert!(!published(&feed, Format::Rss).contains("lastBuildDate"));
    let page = published(&feed, Format::Html);
    assert!(page.contains("Nothing here yet") && !page.contains("1970"));
}

#[test]
fn a_feed_in_one_language_says_so() {
    let mut feed = rich();
    feed.entries.truncate(5);
    feed.entries.drain(..4);
    assert!(published(&feed, Format::Atom).contains(
        r#"xml:lang="zh-Hans">
 <title>Slow"#
    ));
    assert!(published(&feed, Format::Rss).contains("  <language>zh-Hans</language>"));
    assert!(published(&feed, Format::Json).contains("\n  \"language\": \"zh-Hans\""));
}

#[test]
fn a_feed_in_a_folder_of_its_own_is_reached_there() {
    let mut feed = rich();
    feed.definition.id = "rust".to_owned();
    feed.definition.url = url("https://ann:secret@agg.example/rust/");
    for format in Format::ALL {
        let document = render(&feed, format);
        let address = format!("https://agg.example/rust/{}", format.file_name());
        assert_eq!(document.url.as_str(), address);
        assert!(!text(&document).contains("secret"));
        if format != Format::Html {
            assert!(text(&document).contains(&address));
        }
        assert!(
            !text(&document).contains("sources.opml"),
            "it is not in this folder"
        );
    }
}

#[test]
fn passwords_of_sources_are_in_no_format() {
    for format in Format::ALL {
        assert!(!published(&rich(), format).contains("secret"), "{format:?}");
    }
}

#[test]
fn the_page_shows_hostile_text_as_text_and_loads_nothing() {
    let page = published(&rich(), Format::Html);
    let html = scraper::Html::parse_document(&page);
    let count = |selector: &str| {
        html.select(&scraper::Selector::parse(selector).unwrap())
            .count()
    };
    assert_eq!(
        count("script, img, iframe, link[rel=stylesheet], [onclick], [onload]"),
        0
    );
    assert_eq!(count("h1"), 1);
    assert_eq!(count("main article h2"), rich().entries.len());
    assert_eq!(count("link[rel=alternate][type]"), 3);
    assert_eq!(
        count("html[lang], main#entries, header, footer, nav[aria-label], a.skip"),
        6
    );
    let links = scraper::Selector::parse("main a[href]").unwrap();
    for link in html.select(&links) {
        assert!(link.attr("href").unwrap().starts_with("https://"));
    }
    assert!(page.contains("&lt;script&gt;"));
    assert!(
        page.contains("{{ title }} {% endif %}"),
        "entries are no templates"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_reads_back_from_every_format(
        id in any_text(), title in any_text(), summary in any_text(),
        content in any_text(), tag in any_text(), name in any_text(),
    ) {
        let mut any = entry(&format!("urn:x:{id}"), &title, "2026-01-01T00:00:00Z",
            origin("a", &name, true, Some("https://a.example/1")));
        any.entry.summary = Some(summary);
        any.entry.content = Some(content);
        any.entry.tags = vec![tag];
        any.entry.authors = vec![crate::model::Person { name: name.clone(), url: None }];
        let feed = feed(vec![any]);
        let meant = meant(&Outgoing::new(&feed).entries[0]);

        let atom: atom_syndication::Feed = published(&feed, Format::Atom).parse().unwrap();
        let atom = &atom.entries[0];
        prop_assert_eq!(&atom.id, &meant.id);
        prop_assert_eq!(plain_text(&atom.title), &*meant.title);
        prop_assert_eq!(atom.summary.as_ref().map(plain_text), meant.summary.clone());
        prop_assert_eq!(atom.content.as_ref().and_then(|c| c.value.clone()), meant.content.clone());
        prop_assert_eq!(atom.categories.iter().map(|c| c.term.clone()).collect::<Vec<_>>(), meant.tags.clone());
        prop_assert_eq!(&atom.authors[0].name, &meant.authors[0]);

        let rss = rss::Channel::read_from(published(&feed, Format::Rss).as_bytes()).unwrap();
        let rss = &rss.items[0];
        prop_assert_eq!(&rss.guid.as_ref().unwrap().value, &meant.id);
        let title = rss.title.as_ref().unwrap();
        let as_meant = if reads_as_markup(&meant.title) { unescaped(title) } else { title.clone() };
        prop_assert_eq!(&as_meant, &meant.title);
        prop_assert_eq!(rss.description.as_deref().map(unescaped), meant.summary.clone());
        prop_assert_eq!(rss.content.clone(), meant.content.clone());

        let json: serde_json::Value = serde_json::from_str(&published(&feed, Format::Json)).unwrap();
        prop_assert_eq!(json["items"][0]["title"].as_str().unwrap(), &meant.title);
        prop_assert_eq!(json["items"][0]["content_html"].as_str(), meant.content.as_deref());

        for format in [Format::Atom, Format::Rss, Format::Json] {
            let read = feed_rs::parser::parse(published(&feed, format).as_bytes());
            prop_assert!(read.is_ok(), "{:?}: {:?}", format, read.err());
        }
        for format in Format::ALL {
            // These readers are lenient; XML 1.0 §2.2 is not.
            let forbidden = |c: char| (c < ' ' && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}');
            prop_assert_eq!(published(&feed, format).find(forbidden), None);
        }
        let page = published(&feed, Format::Html);
        let html = scraper::Html::parse_document(&page);
        let heading = scraper::Selector::parse("h2").unwrap();
        prop_assert_eq!(html.select(&heading).next().unwrap().text().collect::<String>(), meant.title);
    }

    #[test]
    fn any_instant_can_be_written(seconds in any::<i32>(), far in any::<bool>()) {
        let mut any = entry("urn:x:1", "T", "2026-01-01T00:00:00Z", origin("a", "A", true, None));
        let scale = if far { 1_000 } else { 1 };
        any.date = DateTime::from_timestamp(i64::from(seconds) * scale, 5).unwrap();
        let feed = feed(vec![any]);
        let date = Outgoing::new(&feed).entries[0].date;
        let atom: atom_syndication::Feed = published(&feed, Format::Atom).parse().unwrap();
        prop_assert_eq!(atom.entries[0].published.unwrap(), date);
        let rss = rss::Channel::read_from(published(&feed, Format::Rss).as_bytes()).unwrap();
        let pub_date = rss.items[0].pub_date.clone().unwrap();
        prop_assert_eq!(DateTime::parse_from_rfc2822(&pub_date).unwrap(), date);
    }
}
