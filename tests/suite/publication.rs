//! What is published keeps the rules of its format, whatever is in the archive, and says the same when it is read again.

use agg::dedupe;
use agg::extract::extract;
use agg::model::{
    Alias, Change, Date, Document, DocumentKind, Enclosure, Entry, FeedDefinition, Person,
    Precision, RawEnclosure, RawEntry, RawPerson, Source, SourceId, SourceKind, SourceMeta, Text,
};
use agg::normalise::{self, Context};
use agg::publish::{self, Format};
use agg::store::Store;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use url::Url;

use crate::program::Agg;
use crate::rules;
use crate::site::{Reply, Site};

fn now() -> DateTime<Utc> {
    "2026-03-05T12:00:00Z".parse().unwrap()
}

fn source(name: &str, url: &str) -> Source {
    Source {
        id: SourceId::new(name).unwrap(),
        url: url.parse().unwrap(),
        title: None,
        kind: SourceKind::Auto,
        select: None,
        enrich: false,
        robots: true,
        pages: 1,
        interval: None,
        timezone: None,
        tags: Vec::new(),
        access: std::sync::Arc::default(),
    }
}

fn definition() -> FeedDefinition {
    FeedDefinition {
        title: "All \u{202e}that\r\n is & <b>read</b>\u{0}".to_owned(),
        ..FeedDefinition::new(
            "all",
            "https://ann:secret@planet.example/feeds/".parse().unwrap(),
        )
    }
}

/// Stores `entries` as two sources show them, one of a name and an address that could be better, and publishes them.
fn published(entries: &[Entry], meta: &SourceMeta) -> Vec<(Format, Document)> {
    let mut store = Store::in_memory().unwrap();
    let sources = [
        source("blog", "https://ann:secret@blog.example/feed?a=1&b=2"),
        source("page", "https://page.example/posts/"),
    ];
    store.register(&sources).unwrap();
    store
        .write(|write| {
            write.describe(&sources[0].id, meta, true)?;
            for (at, source) in [(0, &sources[0]), (1, &sources[1])] {
                let shown: Vec<Change> = entries
                    .iter()
                    .enumerate()
                    .filter(|(number, _)| number % 2 == at)
                    .map(|(number, entry)| Change::New {
                        entry: Box::new(entry.clone()),
                        aliases: vec![Alias::Guid(source.id.clone(), format!("{number}"))],
                    })
                    .collect();
                write.apply(&source.id, &shown, now())?;
            }
            Ok(())
        })
        .unwrap();
    let due = store.unpublished(now()).unwrap();
    let lines: Vec<_> = due
        .entries
        .iter()
        .map(|entry| dedupe::ledger_line(entry, now()))
        .collect();
    let feeds = [definition()];
    store
        .publish(&lines, &feeds, agg::dedupe::merge, now())
        .unwrap();
    let feed = store.feed(&feeds[0]).unwrap();
    assert_eq!(feed.entries.len() + due.held, entries.len());
    let opml = publish::opml(&feeds[0].title, &feeds[0].url, &store.sources().unwrap());
    let broken = rules::check_opml(&opml.body);
    assert!(broken.is_empty(), "{broken:#?}\n{}", text(&opml));
    Format::ALL
        .into_iter()
        .map(|format| (format, publish::render(&feed, format)))
        .collect()
}

fn text(document: &Document) -> &str {
    std::str::from_utf8(&document.body).unwrap()
}

/// Every rule that `documents` break.
fn broken(documents: &[(Format, Document)]) -> Vec<String> {
    let mut all = Vec::new();
    for (format, document) in documents {
        let broken = match format {
            Format::Atom => rules::check_atom(&document.body),
            Format::Rss => rules::check_rss(&document.body),
            Format::Json => rules::check_json_feed(&document.body),
            Format::Html => page_that_acts(text(document)),
        };
        all.extend(broken.into_iter().map(|rule| format!("{format:?}: {rule}")));
        if text(document).contains("secret") {
            all.push(format!("{format:?} tells a password"));
        }
    }
    all
}

/// What the page for people does beside being read.
fn page_that_acts(html: &str) -> Vec<String> {
    let tree = scraper::Html::parse_document(html);
    let mut found = Vec::new();
    for element in tree
        .root_element()
        .descendants()
        .filter_map(scraper::ElementRef::wrap)
    {
        let name = element.value().name();
        if matches!(
            name,
            "script" | "iframe" | "img" | "object" | "embed" | "form" | "base" | "svg"
        ) {
            found.push(format!("the page holds <{name}>"));
        }
        for (attribute, value) in element.value().attrs() {
            if attribute.starts_with("on") || attribute == "style" {
                found.push(format!("the page holds <{name} {attribute}>"));
            }
            let is_link = attribute == "href" && name == "a" && !value.starts_with('#');
            if is_link
                && value.contains(':')
                && !value.starts_with("http://")
                && !value.starts_with("https://")
            {
                found.push(format!("the page links to {value:?}"));
            }
        }
    }
    found
}

/// Entries as the line makes them of what a feed says.
fn normalised(raw: Vec<RawEntry>) -> Vec<Entry> {
    let source = source("blog", "https://blog.example/feed");
    let context = Context {
        source: &source,
        document: &source.url,
        meta: &SourceMeta::default(),
        kind: DocumentKind::Feed,
        now: now(),
    };
    normalise::normalise(raw, &context).entries
}

/// Text of any characters at all, rich in those that break things.
fn any_text() -> impl Strategy<Value = String> {
    let hostile: Vec<char> = "<>&\"'/]}{%#;!-[ \t\r\n\0\u{1}\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{a0}\u{ad}\u{200b}\u{200f}\u{2028}\u{202e}\u{2067}\u{3000}\u{fdd0}\u{feff}\u{fffd}\u{fffe}\u{ffff}\u{10ffff}"
        .chars()
        .collect();
    let words = vec![
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "&amp;",
        "&#0;",
        "&nbsp;",
        "</title>",
        "{{",
        "http://a@b/",
        "honest",
        "שלום",
        "مرحبا",
        "<script>",
        "</content>",
        "<p>",
        "\u{200e}",
    ];
    let piece = prop_oneof![
        3 => proptest::sample::select(hostile).prop_map(String::from),
        2 => any::<char>().prop_map(String::from),
        3 => "[a-z]{1,3}",
        2 => proptest::sample::select(words).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

fn any_html() -> impl Strategy<Value = String> {
    let pieces = vec![
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<a href=x>",
        "</a>",
        "<a href='javascript:x'>",
        "<script>x</script>",
        "<img src=y onerror=x alt='a>b'>",
        "<img src=z width=1 height=1>",
        "<iframe src=//a.example/x></iframe>",
        "<form><input>",
        "<svg onload=x>",
        "]]>",
        "&lt;",
        "&#8217;",
        "\u{0}",
        "\u{fffe}",
        "\r\n",
        "<table><tr><td>",
        "</table>",
        "<style>x</style>",
        "\u{202e}",
        "<ul><li>",
        "<pre>\n\n",
        "<video src=v.mp4 autoplay>",
        "<!-- x -->",
    ];
    let piece = prop_oneof![
        3 => proptest::sample::select(pieces).prop_map(str::to_owned),
        2 => "[a-z ]{1,9}",
        1 => any_text(),
    ];
    proptest::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

fn any_address() -> impl Strategy<Value = String> {
    let hostile = vec![
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://a.example/",
        "mailto:a@b.example",
        "https://ann:secret@a.example/x",
        "//b.example/\u{202e}x",
        "https://a.example/a b\"<>\n|^`{}",
        "",
        "#",
        "?a=1&b=]]>",
        "../x y",
        "https://a.example/%zz%",
        "https://xn--e1afmkfd.example/",
        "https://пример.example/путь?я=1#ф",
        "http://[::1]/",
    ];
    prop_oneof![
        2 => proptest::sample::select(hostile).prop_map(str::to_owned),
        2 => "https://a\\.example/[a-z0-9/?&=%.,'()~-]{0,12}",
        1 => any_text(),
    ]
}

fn any_raw() -> impl Strategy<Value = RawEntry> {
    let date = prop_oneof![
        Just("Tue, 03 Mar 2026 10:00:00 GMT".to_owned()),
        Just("0001-01-01T00:00:00Z".to_owned()),
        Just("2024-02-30".to_owned()),
        Just("12000-01-01T00:00:00Z".to_owned()),
        Just("2016-12-31T23:59:60Z".to_owned()),
        any_text(),
    ];
    let texts = (
        any_text(),
        any_html(),
        any_html(),
        any_text(),
        date.clone(),
        date,
    );
    let addresses = (any_address(), any_address(), any_address(), any_address());
    let lists = (
        proptest::collection::vec(any_text(), 0..3),
        proptest::collection::vec(any_text(), 0..3),
    );
    (texts, addresses, lists, any::<u64>(), any::<bool>()).prop_map(
        |(
            (title, summary, content, other, published, updated),
            (url, image, file, comments),
            (tags, names),
            size,
            plain,
        )| RawEntry {
            id: Some(other.clone()),
            url: Some(url),
            title: Some(if plain {
                Text::Plain(title)
            } else {
                Text::Html(title)
            }),
            published: Some(published),
            updated: Some(updated),
            summary: Some(Text::Html(summary)),
            content: Some(if plain {
                Text::Plain(content)
            } else {
                Text::Html(content)
            }),
            tags,
            authors: names
                .into_iter()
                .map(|name| RawPerson {
                    url: Some(image.clone()),
                    name,
                    email: None,
                })
                .collect(),
            language: Some(other.clone()),
            enclosures: vec![RawEnclosure {
                url: file,
                media_type: Some(other.clone()),
                length: Some(size),
                duration_seconds: Some(size),
            }],
            image: Some(image),
            comments: Some(comments),
            rights: Some(other),
            ..RawEntry::default()
        },
    )
}

/// Entries as no rule of ours would make them, as an archive may hold them that others wrote into.
fn any_stored() -> impl Strategy<Value = Entry> {
    let texts = (any_text(), any_text(), any_text(), any_text());
    let addresses = proptest::collection::vec(any_address(), 4);
    let days = -1_000_000_i64..0;
    (any_raw(), texts, addresses, days).prop_map(
        |(raw, (title, summary, name, other), addresses, days)| {
            let raw = RawEntry {
                title: Some(Text::Plain("x".to_owned())),
                ..raw
            };
            let mut entry = normalised(vec![raw]).remove(0);
            let url = |at: usize| Url::parse(&addresses[at]).ok();
            entry.title = title;
            entry.summary = Some(summary);
            entry.tags = vec![other.clone(), name.clone()];
            entry.authors = vec![Person { name, url: url(0) }];
            entry.url = url(1);
            entry.language = Some(other.clone());
            entry.image = url(2);
            entry.comments = url(3);
            entry.rights = Some(other.clone());
            entry.enclosures = url(2)
                .into_iter()
                .map(|url| Enclosure {
                    url,
                    media_type: Some(other.clone()),
                    length: Some(0),
                    duration_seconds: None,
                })
                .collect();
            let at = now() + TimeDelta::days(days);
            entry.published = Some(Date {
                at,
                precision: Precision::Instant,
            });
            entry.updated = Some(at);
            entry
        },
    )
}

fn any_meta() -> impl Strategy<Value = SourceMeta> {
    (any_text(), any_address(), any_address(), any_text()).prop_map(
        |(title, site, id, language)| SourceMeta {
            title: Some(title),
            site: Some(site),
            id: Some(id),
            language: Some(language),
            ..SourceMeta::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_feed_says_what_we_publish_keeps_the_rules(
        raw in proptest::collection::vec(any_raw(), 1..4), meta in any_meta(),
    ) {
        let documents = published(&normalised(raw), &meta);
        prop_assert_eq!(broken(&documents), Vec::<String>::new());
    }

    #[test]
    fn whatever_the_archive_holds_what_we_publish_keeps_the_rules(
        entries in proptest::collection::vec(any_stored(), 1..4), meta in any_meta(),
    ) {
        let documents = published(&entries, &meta);
        prop_assert_eq!(broken(&documents), Vec::<String>::new());
    }

    #[test]
    fn what_we_publish_reads_back_as_the_same_entries(raw in proptest::collection::vec(any_raw(), 1..4)) {
        let mut entries = normalised(raw);
        // a title that speaks of markup is markup to readers who know how feeds are written, ours among them
        entries.retain(|entry| {
            let texts = entry.tags.iter().chain(&entry.summary).chain([&entry.title]);
            texts.into_iter().all(|text| !text.contains(['<', '&']))
        });
        let mut ours: Vec<Seen> = entries.iter().map(seen).collect();
        ours.sort();
        for (format, document) in published(&entries, &SourceMeta::default()) {
            if format == Format::Html {
                continue;
            }
            let read = extract(&document, SourceKind::Feed, None);
            prop_assert!(read.is_ok(), "{format:?}: {:?}", read.err());
            let mut theirs: Vec<Seen> = normalised(read.unwrap().entries).iter().map(seen).collect();
            theirs.sort();
            for (theirs, ours) in theirs.iter_mut().zip(&ours) {
                // where a format wants a content, the summary or title stands in for one, and readers go where a file is
                theirs.content = theirs.content.take().filter(|_| ours.content.is_some());
                theirs.url = theirs.url.take().filter(|_| ours.url.is_some());
            }
            prop_assert_eq!(&theirs, &ours, "{:?}\n{}", format, text(&document));
        }
    }
}

/// What a reader sees of an entry.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    title: String,
    summary: Option<String>,
    tags: Vec<String>,
    language: Option<String>,
    enclosures: Vec<String>,
    url: Option<String>,
    content: Option<String>,
}

/// What no URI may hold is percent-encoded on the way out.
fn as_published(url: &Url) -> String {
    let mut text = String::new();
    for (at, c) in url.as_str().char_indices() {
        let escapes = || {
            url.as_str()[at + 1..]
                .bytes()
                .take(2)
                .filter(u8::is_ascii_hexdigit)
                .count()
                == 2
        };
        match c {
            '\\' => text.push_str("%5C"),
            '|' => text.push_str("%7C"),
            '^' => text.push_str("%5E"),
            '`' => text.push_str("%60"),
            '{' => text.push_str("%7B"),
            '}' => text.push_str("%7D"),
            '%' if !escapes() => text.push_str("%25"),
            _ => text.push(c),
        }
    }
    text
}

fn seen(entry: &Entry) -> Seen {
    Seen {
        title: entry.title.clone(),
        url: entry.url.as_ref().map(as_published),
        summary: entry.summary.clone(),
        content: entry.content.clone(),
        tags: entry.tags.clone(),
        language: entry.language.clone(),
        enclosures: entry
            .enclosures
            .iter()
            .map(|file| as_published(&file.url))
            .collect(),
    }
}

/// A feed by someone who has read the list of attacks.
const HOSTILE_FEED: &str = "<?xml version=\"1.0\"?>
<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>
<title>Evil &#x202e;&lt;script&gt;x&lt;/script&gt;</title><link>javascript:alert(1)</link><description>x</description>
<item><title>&lt;img src=x onerror=alert(1)&gt; A title ]]&gt; &#x202e;gnp.exe</title><link>javascript:alert(1)</link>
<guid>javascript:alert(2)</guid><pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>
<enclosure url=\"data:audio/mp3,x\" length=\"-1\" type=\"\"/><category>&lt;b&gt;a\ttag</category>
<content:encoded><![CDATA[<script>alert(1)</script><p onclick=x>Read this<svg onload=x></svg></p><a href=\"java&#10;script:x\">and that</a>]]]]><![CDATA[>]]></content:encoded></item>
<item><title></title><link>https://a.example/1</link><guid isPermaLink=\"true\">not an address</guid>
<description>&lt;iframe srcdoc=\"&lt;script&gt;x&lt;/script&gt;\"&gt;&lt;/iframe&gt; The only text.</description></item>
</channel></rss>";

#[test]
fn a_hostile_feed_is_published_as_an_honest_one() {
    let site = Site::open(|asked| match asked.path.as_str() {
        "/feed" => Reply::ok("application/rss+xml", HOSTILE_FEED),
        _ => Reply::status(404),
    });
    let agg = Agg::new();
    agg.configure(&format!(
        "[site]\nurl = \"https://planet.example/\"\n[fetch]\nspacing = \"0s\"\n[[source]]\nid = \"evil\"\nurl = \"{}\"\nenrich = false\n",
        site.url("/feed")
    ));
    let run = agg.run("fetch");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        rules::check_atom(agg.read("public/atom.xml").as_bytes()),
        [""; 0]
    );
    assert_eq!(
        rules::check_rss(agg.read("public/rss.xml").as_bytes()),
        [""; 0]
    );
    assert_eq!(
        rules::check_json_feed(agg.read("public/feed.json").as_bytes()),
        [""; 0]
    );
    assert_eq!(
        rules::check_opml(agg.read("public/sources.opml").as_bytes()),
        [""; 0]
    );
    let page = agg.read("public/index.html");
    assert_eq!(page_that_acts(&page), [""; 0]);
    for text in ["A title", "The only text"] {
        assert!(page.contains(text), "{text} is lost");
    }
    let feed = agg.read("public/feed.json");
    assert!(feed.contains("<p>Read this</p>and that]]&gt;"), "{feed}");
    assert!(!feed.contains("alert"), "{feed}");
}

/// The checkers themselves: what they must not let through.
#[test]
fn the_rules_find_what_breaks_them() {
    let atom = |entry: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>tag:a.example,2026:f</id>\
             <title>F</title><updated>2026-03-01T00:00:00Z</updated><link rel=\"self\" href=\"https://a.example/f\"/>{entry}</feed>"
        )
    };
    let entry = "<entry><id>tag:a.example,2026:1</id><title>T</title><updated>2026-02-01T00:00:00Z</updated>\
                 <author><name>N</name></author><link href=\"https://a.example/1\"/></entry>";
    assert_eq!(rules::check_atom(atom(entry).as_bytes()), [""; 0]);
    for (from, to) in [
        ("tag:a.example,2026:1", "one"),
        ("<title>T</title>", ""),
        ("<title>T</title>", "<title>T</title><title>U</title>"),
        ("<title>T</title>", "<title>T\u{202e}</title>"),
        ("<title>T</title>", "<title type=\"html\">&lt;b>T</title>"),
        ("2026-02-01T00:00:00Z", "2026-02-01"),
        ("2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"),
        ("<author><name>N</name></author>", ""),
        (
            "<author><name>N</name></author>",
            "<author><name> </name></author>",
        ),
        ("<link href=\"https://a.example/1\"/>", ""),
        ("https://a.example/1", "/1"),
        ("https://a.example/1", "javascript:x"),
        ("<link ", "<link href=\"https://a.example/2\"/><link "),
        (
            "<author>",
            "<content type=\"html\">&lt;script&gt;</content><author>",
        ),
        (
            "<author>",
            "<content type=\"html\">&lt;p onclick='x'&gt;x</content><author>",
        ),
        (
            "<author>",
            "<content type=\"xhtml\"><b>x</b></content><author>",
        ),
        ("<author>", "<category term=\"\"/><author>"),
        ("<author>", "&nbsp;<author>"),
        ("<author>", "]]><author>"),
        ("<author>", "\u{b}<author>"),
        ("<author>", "<x:y/><author>"),
        ("</entry>", ""),
    ] {
        let wrong = entry.replacen(from, to, 1);
        assert!(
            !rules::check_atom(atom(&wrong).as_bytes()).is_empty(),
            "{wrong}"
        );
    }
    assert!(!rules::check_atom(atom(&format!("{entry}{entry}")).as_bytes()).is_empty());

    let rss = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:a=\"http://www.w3.org/2005/Atom\"><channel><title>C</title>\
               <link>https://a.example/</link><description>D</description><a:link rel=\"self\" type=\"application/rss+xml\" href=\"https://a.example/f\"/>\
               <lastBuildDate>Tue, 03 Mar 2026 00:00:00 GMT</lastBuildDate><item><title>T</title><guid>https://a.example/1</guid>\
               <pubDate>Mon, 02 Mar 2026 00:00:00 GMT</pubDate><enclosure url=\"https://a.example/1.mp3\" length=\"1\" type=\"audio/mpeg\"/></item></channel></rss>";
    assert_eq!(rules::check_rss(rss.as_bytes()), [""; 0]);
    for (from, to) in [
        ("<description>D</description>", ""),
        ("rel=\"self\"", "rel=\"alternate\""),
        ("<title>T</title>", "<title>T\nU</title>"),
        ("https://a.example/1<", "one<"),
        ("Mon, 02 Mar 2026", "Tue, 02 Mar 2026"),
        ("Mon, 02 Mar 2026", "Mon, 02 Mar 26"),
        ("Mon, 02 Mar 2026", "Wed, 04 Mar 2026"),
        ("length=\"1\"", "length=\"-1\""),
        ("length=\"1\"", ""),
        ("audio/mpeg", "mp3"),
        ("https://a.example/1.mp3", "1.mp3"),
        (
            "<title>T</title>",
            "<title>T</title><description>&lt;iframe src=x&gt;</description>",
        ),
    ] {
        let wrong = rss.replacen(from, to, 1);
        assert!(!rules::check_rss(wrong.as_bytes()).is_empty(), "{wrong}");
    }

    let json = "{\n\"version\": \"https://jsonfeed.org/version/1.1\",\n\"title\": \"T\",\n\"home_page_url\": \"https://a.example/\",\n\
                \"feed_url\": \"https://a.example/f\",\n\"items\": [{\n\"id\": \"1\",\n\"content_text\": \"x\",\n\"date_published\": \"2026-03-01T00:00:00Z\"\n}]\n}";
    assert_eq!(rules::check_json_feed(json.as_bytes()), [""; 0]);
    for (from, to) in [
        ("version/1.1", "version/2"),
        ("\"title\": \"T\"", "\"title\": \" \""),
        ("https://a.example/f", "f"),
        ("\"id\": \"1\"", "\"id\": 1"),
        ("\"content_text\"", "\"content\""),
        ("T00:00:00Z", ""),
        ("\"id\": \"1\",", "\"id\": \"1\",\n\"id\": \"2\","),
        ("\"id\": \"1\",", "\"id\": \"1\",\n\"authors\": [],"),
        ("\"id\": \"1\",", "\"id\": \"1\",\n\"x\": {},"),
    ] {
        let wrong = json.replacen(from, to, 1);
        assert!(
            !rules::check_json_feed(wrong.as_bytes()).is_empty(),
            "{wrong}"
        );
    }
}
