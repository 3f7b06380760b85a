//! A feed with one of everything, and the worst of it, for the tests of this stage.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use url::Url;

use crate::model::{
    DateKind, Enclosure, Entry, Feed, FeedDefinition, Field, Origin, Paging, Person, Print,
    Provenance, PublishedEntry, SourceId, Tier,
};

/// Text of any characters at all, rich in those that break things.
pub(super) fn any_text() -> impl Strategy<Value = String> {
    const HOSTILE: &str = "<>&\"'/]}{%#;!-[ \t\r\n\0\u{1}\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{a0}\u{ad}\u{200b}\u{200f}\
        \u{2028}\u{202e}\u{2067}\u{3000}\u{fdd0}\u{fdef}\u{feff}\u{fffd}\u{fffe}\u{ffff}\u{10ffff}";
    let hostile: Vec<char> = HOSTILE.chars().collect();
    let piece = prop_oneof![
        4 => proptest::sample::select(hostile).prop_map(String::from),
        2 => any::<char>().prop_map(String::from),
        2 => "[a-z]{1,3}",
        1 => proptest::sample::select(vec!["]]>", "<![CDATA[", "<!--", "-->", "&amp;", "&#0;", "&nbsp;", "</title>", "{{", "http://a@b/"])
            .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

pub(super) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn origin(id: &str, title: &str, is_feed: bool, permalink: Option<&str>) -> Origin {
    let site = format!("https://{id}.example/");
    let address = if is_feed {
        format!("{site}feed.xml")
    } else {
        format!("{site}blog/")
    };
    Origin {
        source: SourceId::new(id).unwrap(),
        title: title.to_owned(),
        id: if is_feed {
            format!("tag:{id}.example,2020:feed")
        } else {
            address.clone()
        },
        address: url(&address),
        site: is_feed.then(|| url(&site)),
        is_feed,
        url: permalink.map(url),
    }
}

/// An entry with a title, a date and one origin.
pub(super) fn entry(id: &str, title: &str, date: &str, origin: Origin) -> PublishedEntry {
    PublishedEntry {
        id: id.to_owned(),
        date: at(date),
        date_kind: DateKind::Instant,
        updated: at(date),
        entry: Entry {
            guid: None,
            url: origin.url.clone(),
            key: None,
            title: title.to_owned(),
            published: None,
            updated: None,
            summary: None,
            content: None,
            tags: Vec::new(),
            read_minutes: None,
            authors: Vec::new(),
            language: None,
            image: None,
            enclosures: Vec::new(),
            comments: None,
            also: Vec::new(),
            rights: None,
            provenance: Provenance::from([(Field::Title, Tier::Listing)]),
            position: 0,
            print: Print([0; 16]),
        },
        origins: vec![origin],
    }
}

pub(super) fn feed(entries: Vec<PublishedEntry>) -> Feed {
    Feed {
        definition: FeedDefinition {
            title: "Slow reading".to_owned(),
            description: "Engineering blogs worth the time & the tea".to_owned(),
            ..FeedDefinition::new("all", url("https://agg.example/"))
        },
        id: "tag:agg.example,2026:feed:all".to_owned(),
        updated: entries
            .iter()
            .map(|entry| entry.updated)
            .max()
            .unwrap_or(DateTime::UNIX_EPOCH),
        entries,
        paging: Paging::default(),
    }
}

/// One entry with every field, then one for each that is missing or foreign, then the hostile ones.
pub(super) fn rich() -> Feed {
    let entries = vec![
        full(),
        day_only(),
        undated(),
        podcast(),
        chinese(),
        arabic(),
        no_link(),
        hostile(),
        hostile_markup(),
    ];
    feed(entries)
}

fn full() -> PublishedEntry {
    let own = origin(
        "ferris",
        "Ferris & Friends",
        true,
        Some("https://ferris.example/2026/borrow?a=1&b=2"),
    );
    let mut full = entry(
        "https://ferris.example/2026/borrow?a=1&b=2",
        "Borrowing <Vec<T>> & other \"stories\"",
        "2026-03-02T08:30:15Z",
        own,
    );
    full.updated = at("2026-03-04T10:00:00Z");
    full.origins.push(origin(
        "planet",
        "Planet",
        true,
        Some("https://planet.example/item/77"),
    ));
    full.origins.push(origin(
        "digest",
        "The Digest",
        false,
        Some("https://planet.example/item/77"),
    ));
    full.entry.summary =
        Some("Why `a < b && c > d` needs a borrow – and when it does not.".to_owned());
    full.entry.content =
        Some("<p>Why <code>a &lt; b</code>…</p>\n<pre>let x = a[b[0]];</pre>".to_owned());
    full.entry.tags = vec!["rust".to_owned(), "c++ & friends".to_owned()];
    full.entry.read_minutes = Some(6);
    full.entry.authors = vec![
        Person {
            name: "Ann O'Hara".to_owned(),
            url: Some(url("https://ann.example/")),
        },
        Person {
            name: "Bo".to_owned(),
            url: None,
        },
    ];
    full.entry.language = Some("en".to_owned());
    full.entry.image = Some(url("https://ferris.example/cover.png?w=2&h=1"));
    full.entry.comments = Some(url("https://ferris.example/2026/borrow/comments"));
    full.entry.rights = Some("CC BY 4.0".to_owned());
    full.entry.provenance = Provenance::from([
        (Field::Title, Tier::Feed),
        (Field::ReadMinutes, Tier::Derived),
        (Field::Tags, Tier::Article),
    ]);
    full
}

fn day_only() -> PublishedEntry {
    let own = origin(
        "lab",
        "Lab notes",
        false,
        Some("https://lab.example/blog/queues"),
    );
    let mut day = entry(
        "tag:agg.example,2026:lab/1",
        "Queues all the way down",
        "2026-02-27T00:00:00Z",
        own,
    );
    day.date_kind = DateKind::Day;
    day.entry.summary =
        Some("A queue in front of a queue is still one queue, only slower.".to_owned());
    day.entry.read_minutes = Some(14);
    day.entry.tags = vec!["performance".to_owned()];
    day
}

fn undated() -> PublishedEntry {
    let own = origin(
        "lab",
        "Lab notes",
        false,
        Some("https://lab.example/blog/undated"),
    );
    let mut undated = entry(
        "tag:agg.example,2026:lab/2",
        "What nobody dated",
        "2026-02-20T17:03:09.750Z",
        own,
    );
    undated.date_kind = DateKind::FirstSeen;
    undated
}

fn podcast() -> PublishedEntry {
    let own = origin("talks", "Talks", true, Some("https://talks.example/12"));
    let mut podcast = entry(
        "urn:uuid:0c6d7f2e-3f34-4c0a-9a53-1d6a3fb1f0aa",
        "Episode 12: silence",
        "2026-01-15T06:00:00Z",
        own,
    );
    podcast.date_kind = DateKind::Month;
    podcast.entry.summary = Some("Forty minutes about saying nothing.".to_owned());
    podcast.entry.enclosures = vec![
        Enclosure {
            url: url("https://talks.example/12.mp3?from=feed&t=1"),
            media_type: Some("audio/mpeg".to_owned()),
            length: Some(38_211_004),
            duration_seconds: Some(2_403),
        },
        Enclosure {
            url: url("https://talks.example/12.opus"),
            media_type: Some("nonsense".to_owned()),
            length: None,
            duration_seconds: None,
        },
    ];
    podcast
}

fn chinese() -> PublishedEntry {
    let own = origin(
        "bao",
        "程序员周报",
        true,
        Some("https://bao.example/2026/%E9%98%85%E8%AF%BB"),
    );
    let mut chinese = entry(
        "https://bao.example/2026/%E9%98%85%E8%AF%BB",
        "缓慢阅读的艺术",
        "2026-01-10T01:00:00Z",
        own,
    );
    chinese.entry.language = Some("zh-Hans".to_owned());
    chinese.entry.summary = Some("读得慢一些,想得多一些。📚".to_owned());
    chinese.entry.content = Some("<p>读得慢一些,想得多一些。</p>".to_owned());
    chinese.entry.tags = vec!["阅读".to_owned()];
    chinese.entry.read_minutes = Some(5);
    chinese
}

fn arabic() -> PublishedEntry {
    let own = origin(
        "qalam",
        "مدونة القلم",
        true,
        Some("https://qalam.example/1"),
    );
    let mut arabic = entry(
        "https://qalam.example/1",
        "كيف نقرأ ببطء (2026)",
        "2026-01-09T01:00:00Z",
        own,
    );
    arabic.entry.language = Some("ar".to_owned());
    arabic.entry.summary = Some("القراءة البطيئة مهارة.".to_owned());
    arabic.entry.authors = vec![Person {
        name: "ليلى".to_owned(),
        url: None,
    }];
    arabic
}

fn no_link() -> PublishedEntry {
    let own = origin("notes", "Notes", true, None);
    let mut no_link = entry(
        "tag:agg.example,2026:notes/1",
        "A thought without a page",
        "2026-01-08T12:00:00Z",
        own,
    );
    no_link.entry.summary = Some("Some feeds give no link at all.".to_owned());
    no_link
}

fn hostile() -> PublishedEntry {
    let own = origin(
        "evil",
        "Evil\r\n\u{202e}<b>Corp</b>\u{0}",
        false,
        Some("https://evil.example/a'b%22c"),
    );
    let mut hostile = entry(
        "evil id\u{1}<&>\"'",
        "\u{feff}<script>alert('x')</script>\u{0}\u{b}\u{1b}[31m ]]> \u{202e}gnp.exe\r\n two\u{fffe}\u{ffff}",
        "2026-01-07T12:00:00Z",
        own,
    );
    hostile.entry.summary =
        Some("]]>]]&gt; &amp; \u{c}</description><item> {{ title }} {% endif %}".to_owned());
    hostile.entry.content = Some("<p>a]]>b\r\nc\u{8}\u{fffe}</p>".to_owned());
    hostile.entry.tags = vec!["a\"b".to_owned(), "\u{7}".to_owned(), "<i>".to_owned()];
    hostile.entry.authors = vec![Person {
        name: "Mallory\n<m@evil.example>".to_owned(),
        url: Some(url("javascript:alert(1)")),
    }];
    hostile.entry.language = Some("en\" onclick=\"x".to_owned());
    hostile.entry.image = Some(url("data:image/png;base64,AAAA"));
    hostile.entry.comments = Some(url("file:///etc/passwd"));
    hostile.entry.rights = Some("\u{2067}all\u{2069}".to_owned());
    hostile
}

fn hostile_markup() -> PublishedEntry {
    let mut own = origin(
        "wild",
        "</title><h1>",
        true,
        Some("https://ann:secret@wild.example/1"),
    );
    own.address = url("https://ann:secret@wild.example/feed.xml");
    let mut wild = entry(
        "tag:agg.example,2026:wild/1",
        " \u{0} ",
        "2026-01-06T12:00:00Z",
        own,
    );
    wild.entry.summary = Some("<!-- --><![CDATA[ &nbsp; &#0; ".to_owned());
    wild
}
