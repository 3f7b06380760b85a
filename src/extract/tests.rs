//! Whole documents through the front door: each fixture of a feed is one snapshot.

use std::fmt::Write;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;
use crate::model::{RawPerson, Text, Validators};

fn document(body: &[u8], media_type: Option<&str>) -> Document {
    Document {
        url: Url::parse("https://feeds.example/blog/feed.xml").unwrap(),
        media_type: media_type.map(str::to_owned),
        charset: None,
        body: body.to_vec().into(),
        validators: Validators::default(),
    }
}

fn read(body: &str) -> Result<Extraction, Error> {
    extract(&document(body.as_bytes(), None), SourceKind::Auto, None)
}

/// What was read, one field a line; what is absent has none.
fn show(extraction: &Extraction) -> String {
    let mut out = String::new();
    let meta = &extraction.meta;
    let mut line = |indent: &str, name: &str, value: Option<String>| {
        if let Some(value) = value {
            writeln!(out, "{indent}{name}: {value}").unwrap();
        }
    };
    line("", "title", meta.title.clone());
    line("", "site", meta.site.clone());
    line("", "id", meta.id.clone());
    line("", "language", meta.language.clone());
    for warning in &extraction.warnings {
        line("", "warning", Some(warning.clone()));
    }
    for (number, entry) in extraction.entries.iter().enumerate() {
        line("", "entry", Some(number.to_string()));
        let text = |text: &Option<Text>| text.as_ref().map(|text| format!("{text:?}"));
        let person =
            |person: &RawPerson| format!("{} | {:?} | {:?}", person.name, person.url, person.email);
        line("  ", "id", entry.id.clone());
        line("  ", "url", entry.url.clone());
        line("  ", "base", entry.base.as_ref().map(ToString::to_string));
        line("  ", "title", text(&entry.title));
        line("  ", "published", entry.published.clone());
        line("  ", "updated", entry.updated.clone());
        line("  ", "summary", text(&entry.summary));
        line("  ", "content", text(&entry.content));
        line(
            "  ",
            "tags",
            (!entry.tags.is_empty()).then(|| entry.tags.join(", ")),
        );
        for author in &entry.authors {
            line("  ", "author", Some(person(author)));
        }
        line("  ", "language", entry.language.clone());
        line("  ", "image", entry.image.clone());
        for file in &entry.enclosures {
            line("  ", "enclosure", Some(format!("{file:?}")));
        }
        line("  ", "comments", entry.comments.clone());
        line("  ", "rights", entry.rights.clone());
        line(
            "  ",
            "provenance",
            Some(format!("{:?}", entry.provenance.keys().collect::<Vec<_>>())),
        );
    }
    out
}

#[test]
fn every_fixture_of_a_feed_is_read_as_its_snapshot_says() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut seen = 0;
    for format in ["rss2", "rss1", "atom", "json_feed"] {
        for file in fs::read_dir(fixtures.join(format)).unwrap() {
            let file = file.unwrap().path();
            let extraction = extract(
                &document(&fs::read(&file).unwrap(), None),
                SourceKind::Feed,
                None,
            )
            .unwrap();
            let name = format!("{format}-{}", file.file_stem().unwrap().to_str().unwrap());
            insta::assert_snapshot!(name, show(&extraction));
            seen += 1;
        }
    }
    assert!(seen >= 15, "{seen} fixtures");
}

#[test]
fn a_page_where_a_feed_was_asked_for_names_the_feeds_that_it_advertises() {
    let page = b"<!doctype html><html><head><link rel=alternate type=application/atom+xml href=/atom.xml></head><body>";
    let error = extract(
        &document(page, Some("application/rss+xml")),
        SourceKind::Feed,
        None,
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "this is an HTML page, not a feed");
    assert!(
        error
            .help()
            .unwrap()
            .contains("https://feeds.example/atom.xml")
    );
}

#[test]
fn a_feed_is_a_feed_whatever_its_media_type_says() {
    for media_type in [
        None,
        Some("text/html"),
        Some("text/plain"),
        Some("application/octet-stream"),
    ] {
        let body = b"\xef\xbb\xbf  <!-- x --><rss><channel><title>T</title></channel></rss>";
        let extraction = extract(&document(body, media_type), SourceKind::Auto, None).unwrap();
        assert_eq!(extraction.meta.title.as_deref(), Some("T"));
        let error = extract(&document(body, media_type), SourceKind::Page, None).unwrap_err();
        assert_eq!(error.to_string(), "this is an RSS feed, not an HTML page");
    }
}

#[test]
fn what_is_neither_feed_nor_page_is_named() {
    for (body, media_type, says) in [
        (&b"\x89PNG\r\n\x1a\n"[..], None, "an image"),
        (b"%PDF-1.7 <html>", Some("application/pdf"), "a PDF"),
        (
            b"{\"a\": 1}",
            Some("application/json"),
            "JSON that is no JSON Feed",
        ),
        (
            b"<opml><body><outline/></body></opml>",
            None,
            "an OPML list",
        ),
        (
            b"<?xml version='1.0'?><note/>",
            Some("text/xml"),
            "XML that is no feed",
        ),
        (b"hello", Some("text/plain"), "plain text"),
        (b"\x1f\x8b\x08\0\0\0\0\0 no gzip", None, "compressed data"),
    ] {
        let error = extract(&document(body, media_type), SourceKind::Auto, None).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        assert!(error.help().is_some());
    }
    let error = extract(&document(b" \n", Some("text/html")), SourceKind::Auto, None).unwrap_err();
    assert_eq!(error, Error::Empty);
}

#[test]
fn a_feed_without_entries_is_empty_and_says_so() {
    for body in [
        "<rss><channel><title>T</title></channel></rss>",
        "<rss version='2.0'><channel/></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
        "<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel><items/></channel></rdf:RDF>",
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}",
    ] {
        let extraction = read(body).unwrap();
        assert_eq!(extraction.entries, [], "{body}");
        assert_eq!(
            extraction.warnings,
            ["There is no entry in the feed."],
            "{body}"
        );
    }
}

#[test]
fn what_only_looks_like_a_feed_is_an_error() {
    for body in ["<rss><x/></rss>", "<feed><row>1</row></feed>"] {
        assert_eq!(
            read(body).unwrap_err(),
            Error::Feed(FeedError::Nothing),
            "{body}"
        );
    }
}

#[test]
fn entries_that_no_reader_could_take_for_its_own_are_an_error() {
    let strange = "<rss><channel><title>T</title><x:item><title>A</title></x:item></channel></rss>";
    assert_eq!(
        read(strange).unwrap_err(),
        Error::Feed(FeedError::StrangeEntries)
    );
    let numbers = r#"{"version": "https://jsonfeed.org/version/1", "items": [1, 2]}"#;
    assert_eq!(
        read(numbers).unwrap_err(),
        Error::Feed(FeedError::OnlyEmptyEntries)
    );
}

#[test]
fn an_entry_that_stands_in_the_feed_is_an_entry_whatever_is_in_it() {
    for (body, count) in [
        ("<rss><channel><item/><item> </item></channel></rss>", 2),
        ("<rss><channel><item><x:y>1</x:y></item></channel></rss>", 1),
        ("<rss><item><author>Jo</author></item></rss>", 1),
        (
            "<rss><channel><entry><title>T</title></entry></channel></rss>",
            1,
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry/><entry><id>urn:a</id></entry></feed>",
            2,
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><source><title>S</title></source></entry></feed>",
            1,
        ),
        (
            r#"{"version": "https://jsonfeed.org/version/1", "items": [{}, {"id": 1}, null]}"#,
            2,
        ),
    ] {
        assert_eq!(read(body).unwrap().entries.len(), count, "{body}");
    }
}

#[test]
fn an_empty_item_costs_itself_alone() {
    let extraction =
        read("<rss><channel><item/><item><title>T</title><item/></item></channel></rss>").unwrap();
    assert_eq!(extraction.entries.len(), 2);
}

#[test]
fn items_outside_the_channel_and_rubbish_around_the_feed_do_no_harm() {
    let item = "<item><title>T</title></item>";
    let body = format!(
        "<b>Warning</b>: x {{ y <br />\n<?xml version='1.0'?><rss><channel>{item}</channel>{item}</rss> bye {item}"
    );
    let extraction = read(&body).unwrap();
    assert_eq!(extraction.entries.len(), 2);
    assert!(extraction.warnings[0].contains("stands before it"));
}

#[test]
fn white_space_around_a_body_is_no_part_of_it() {
    let body = "<rss><channel><item><title>A</title><description><![CDATA[ \n\u{a0}<p>x</p>\u{a0}]]></description>\
        </item></channel></rss>";
    let extraction = read(body).unwrap();
    let text = extraction.entries[0].summary.as_ref().map(Text::as_str);
    assert_eq!(text, Some("<p>x</p>"));
}

#[test]
fn reading_goes_on_behind_what_is_no_xml() {
    let body = "<rss><channel><item><title>A</title><description><![CDATA[never closed</description></item>\
        <item><title>B</title><!bad></item><item><title>C</title></item></channel></rss>";
    let extraction = read(body).unwrap();
    let titles: Vec<_> = extraction
        .entries
        .iter()
        .filter_map(|entry| entry.title.as_ref())
        .map(Text::as_str)
        .collect();
    assert_eq!(titles, ["A", "B", "C"]);
    assert!(extraction.warnings[0].contains("damaged"));
}

#[test]
fn nesting_without_end_neither_overflows_the_stack_nor_hides_what_follows() {
    for name in [
        "media:group",
        "media:content",
        "itunes:category",
        "x",
        "p",
        "description",
        "author",
        "channel",
    ] {
        let deep = format!("<{name}>").repeat(100_000);
        let body = format!(
            "<rss><channel><item><title>A</title>{deep}</item><item><title>B</title></item></channel></rss>"
        );
        assert_eq!(read(&body).unwrap().entries.len(), 2, "{name}");
    }
}

#[test]
fn entries_without_end_are_capped() {
    let body = format!(
        "<rss><channel>{}",
        "<item><title>T</title></item>".repeat(10_001)
    );
    let extraction = read(&body).unwrap();
    assert_eq!(extraction.entries.len(), 10_000);
    assert!(
        extraction
            .warnings
            .iter()
            .any(|warning| warning.contains("10000"))
    );
}

#[test]
fn entities_are_never_expanded_and_never_fetched() {
    let body = "<!DOCTYPE rss [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>\
        <rss><channel><item><title>x &b; &c; y</title></item></channel></rss>";
    let extraction = read(body).unwrap();
    assert_eq!(
        extraction.entries[0].title,
        Some(Text::Plain("x &b; &c; y".to_owned()))
    );
}

#[test]
fn a_feed_that_nobody_said_is_gzipped_is_read() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed
        .write_all(b"<rss><channel><item><title>T</title></item></channel></rss>")
        .unwrap();
    let packed = packed.finish().unwrap();
    let gzip = document(&packed, Some("application/gzip"));
    let extraction = extract(&gzip, SourceKind::Feed, None).unwrap();
    assert_eq!(extraction.entries.len(), 1);
}

#[test]
fn a_cut_json_feed_keeps_its_complete_items() {
    let whole = r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","title":"a } ] b"},{"id":"2","tags":["x"]},{"id":"3","title":"c"#;
    let extraction = read(whole).unwrap();
    assert_eq!(extraction.entries.len(), 2);
    assert!(extraction.warnings[0].contains("damaged"));
}

#[test]
fn a_date_that_cannot_be_read_hides_none_that_can() {
    let published = |dates: &str| {
        let feed = format!("<rss><channel><item><title>A</title>{dates}</item></channel></rss>");
        read(&feed).unwrap().entries.remove(0).published
    };
    let good = "<dc:date>2025-01-08T10:00:00Z</dc:date>";
    for bad in ["Invalid Date", "-", "0000-00-00 00:00:00"] {
        let bad = format!("<pubDate>{bad}</pubDate>");
        for dates in [format!("{bad}{good}"), format!("{good}{bad}")] {
            assert_eq!(published(&dates).as_deref(), Some("2025-01-08T10:00:00Z"));
        }
        assert!(published(&bad).is_some(), "told as it stands");
    }
    let first = "<pubDate>Wed, 08 Jan 2025 11:00:00 +0000</pubDate>";
    assert_eq!(
        published(&format!("{good}{first}")).as_deref(),
        Some("2025-01-08T11:00:00Z")
    );
}

#[test]
fn an_entry_of_a_planet_is_by_whom_its_own_feed_says() {
    let authors = |feed: &str| -> Vec<Vec<String>> {
        let name = |person: RawPerson| person.name;
        let names = |entry: RawEntry| entry.authors.into_iter().map(name).collect();
        read(feed).unwrap().entries.into_iter().map(names).collect()
    };
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>Planet</title><author><name>Planet editors</name></author>\
         <entry><title>A</title><id>a</id><source><id>s</id><title>A blog</title><author><name>Jane</name></author></source></entry>\
         <entry><title>B</title><id>b</id><source><title>B blog</title><link href='/x'/></source></entry>\
         <entry><title>C</title><id>c</id><author><name>Jo</name></author><source><author><name>Jane</name></author></source></entry>\
         <entry><title>D</title><id>d</id></entry></feed>";
    assert_eq!(
        authors(atom),
        [["Jane"], ["B blog"], ["Jo"], ["Planet editors"]]
    );
    let rss = "<rss><channel><title>Planet</title><managingEditor>Agg</managingEditor>\
         <item><title>A</title><source url='https://b.example/feed'>B blog</source></item>\
         <item><title>B</title><source url='https://planet.example/feed'>Planet</source></item></channel></rss>";
    assert_eq!(authors(rss), [["B blog"], ["Agg"]]);
}

#[test]
fn a_link_that_lacks_its_scheme_leads_to_its_site() {
    for (link, url) in [
        ("www.blog.example/a", "https://www.blog.example/a"),
        ("www.page.html", "https://feeds.example/blog/www.page.html"),
        ("a", "https://feeds.example/blog/a"),
    ] {
        let feed = format!(
            "<rss><channel><item><title>A</title><link>{link}</link></item></channel></rss>"
        );
        let entry = read(&feed).unwrap().entries.remove(0);
        assert_eq!(entry.url.as_deref(), Some(url));
    }
}

#[test]
fn an_article_is_read_from_a_page_only() {
    let error = article(&document(b"<rss><channel/></rss>", None)).unwrap_err();
    assert_eq!(error.to_string(), "this is an RSS feed, not an HTML page");
    let page = document(
        b"<!doctype html><html><body><article><h1>T</h1><p>Text</p></article></body></html>",
        None,
    );
    assert!(article(&page).is_ok());
}

proptest! {
    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = extract(&document(&body, None), SourceKind::Auto, None);
    }

    #[test]
    fn no_soup_of_feed_words_panics(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..60), root in 0..4_usize) {
        let body = format!("{}{}", ROOTS[root], words.concat());
        let _ = extract(&document(body.as_bytes(), None), SourceKind::Feed, None);
    }

    #[test]
    fn no_cut_loses_an_entry_that_is_complete(at in 0..2000_usize) {
        let item = "<item><title>T &amp; é</title><link>https://x.example/</link><description><![CDATA[<p>x</p>]]></description></item>";
        let body = format!("<rss><channel>{}</channel></rss>", item.repeat(20));
        let at = body.floor_char_boundary(at + 30);
        let complete = body[..at].matches("</item>").count();
        let found = extract(&document(&body.as_bytes()[..at], None), SourceKind::Feed, None).map_or(0, |read| read.entries.len());
        prop_assert!(found == complete || found == complete + 1, "{found} of {complete}");
    }
}

const ROOTS: [&str; 4] = [
    "<rss><channel>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<rdf:RDF xmlns='http://purl.org/rss/1.0/'>",
    "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[",
];

const WORDS: &[&str] = &[
    "<item>",
    "</item>",
    "<item/>",
    "<entry>",
    "</entry>",
    "</channel>",
    "<title>",
    "</title>",
    "<title type='xhtml'>",
    "<link>",
    "<link href='a b' xml:base='http://['/>",
    "<guid>",
    "<author>",
    "<name>",
    "</author>",
    "（jo@x.example）",
    "« a@b »",
    "<itunes:duration>١٢",
    "<media:content url='x' type='?'>",
    "<media:group>",
    "<content type='html' src='x'>",
    "</content>",
    "<enclosure url='h' length='-1'/>",
    "&#0;",
    "&#x110000;",
    "&eacute;",
    "&",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<",
    ">",
    "é",
    "\u{ffff}",
    "<a b=c d='",
    "<pubDate>Fri, 99 Foo 99999</pubDate>",
    "<updated>0001-01-01T00:00:00Z</updated>",
    "xmlns:p='u'",
    "<p:x xmlns:p=''>",
    "{",
    "}",
    "[",
    "]",
    "\"id\":1,",
    "\"\\ud800\"",
    ",",
    "\\",
];
