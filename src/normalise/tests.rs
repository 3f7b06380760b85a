//! The rules together, on whole documents.

use ::url::Url;
use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;

use crate::model::{
    DocumentKind, Field, RawEnclosure, RawPerson, Source, SourceId, SourceKind, SourceMeta, Text,
    Tier,
};

/// Pieces of what feeds hold.
const SOURCE: &str = "(</?(p|b|i|div|br|h1|img alt=x src=y|a href=x)>|&(amp|lt|#8217|hellip);|\\[…\\]|Read more|[A-Za-z]{1,9}[ .]|\\PC){0,60}";

struct World {
    source: Source,
    document: Url,
    meta: SourceMeta,
}

impl World {
    fn new() -> Self {
        let document = Url::parse("https://blog.example/feed.xml").unwrap();
        Self {
            source: Source {
                id: SourceId::new("blog").unwrap(),
                url: document.clone(),
                title: None,
                kind: SourceKind::Auto,
                select: None,
                enrich: false,
                robots: true,
                pages: 1,
                interval: None,
                timezone: None,
                tags: vec!["Configured".to_owned()],
                access: std::sync::Arc::default(),
            },
            document,
            meta: SourceMeta {
                language: Some("en_gb".to_owned()),
                ..SourceMeta::default()
            },
        }
    }

    fn context(&self, kind: DocumentKind) -> Context<'_> {
        Context {
            source: &self.source,
            document: &self.document,
            meta: &self.meta,
            kind,
            now: now(),
        }
    }
}

fn now() -> DateTime<Utc> {
    "2024-05-06T07:08:09Z".parse().unwrap()
}

fn html(text: &str) -> Text {
    Text::Html(text.to_owned())
}

fn only(raw: RawEntry, kind: DocumentKind) -> Entry {
    let world = World::new();
    let mut normalised = normalise(vec![raw], &world.context(kind));
    assert_eq!(normalised.entries.len(), 1, "{:?}", normalised.warnings);
    normalised.entries.remove(0)
}

#[test]
fn a_missing_title_is_made_from_what_there_is() {
    let summary = RawEntry {
        summary: Some(html("<p>The first words.</p>")),
        url: Some("/a-post".to_owned()),
        ..RawEntry::default()
    };
    let entry = only(summary, DocumentKind::Feed);
    assert_eq!(entry.title, "The first words.");
    assert_eq!(entry.provenance.get(&Field::Title), Some(&Tier::Derived));
    let link = RawEntry {
        url: Some("/a-post".to_owned()),
        ..RawEntry::default()
    };
    assert_eq!(only(link, DocumentKind::Page).title, "A post");
}

#[test]
fn an_entry_of_a_date_alone_is_known_by_it() {
    let raw = RawEntry {
        published: Some("2024-05-01".to_owned()),
        ..RawEntry::default()
    };
    let entry = only(raw, DocumentKind::Feed);
    assert_eq!(entry.title, "2024-05-01");
    assert!(entry.is_blank());
}

#[test]
fn an_entry_of_a_feed_that_says_nothing_stays_with_a_warning_and_one_of_a_page_goes() {
    let world = World::new();
    let blank = RawEntry {
        title: Some(html("<img src=x>")),
        rights: Some("All rights reserved".to_owned()),
        ..RawEntry::default()
    };
    let good = RawEntry {
        title: Some(html("A title")),
        ..RawEntry::default()
    };
    let raw = vec![blank, good];
    let of_feed = normalise(raw.clone(), &world.context(DocumentKind::Feed));
    let titles: Vec<_> = of_feed.entries.iter().map(|e| e.title.as_str()).collect();
    assert_eq!(titles, ["Untitled", "A title"]);
    assert!(of_feed.entries[0].is_blank() && !of_feed.entries[1].is_blank());
    assert_eq!(of_feed.warnings.len(), 1);
    let of_page = normalise(raw, &world.context(DocumentKind::Page));
    assert_eq!(of_page.entries.len(), 1);
    assert_eq!(of_page.warnings.len(), 1);
}

#[test]
fn a_short_text_that_became_the_title_is_something_to_publish() {
    let world = World::new();
    let note = RawEntry {
        summary: Some(html("<p>A note</p>")),
        ..RawEntry::default()
    };
    let picture = RawEntry {
        content: Some(html("<img src=/a.png>")),
        ..RawEntry::default()
    };
    let normalised = normalise(vec![note, picture], &world.context(DocumentKind::Feed));
    assert_eq!(normalised.entries[0].title, "A note");
    assert!(normalised.entries.iter().all(|entry| !entry.is_blank()));
    assert!(normalised.warnings.is_empty());
}

#[test]
fn a_field_names_its_tier_and_an_absent_field_none() {
    let mut raw = RawEntry {
        title: Some(html("A title")),
        url: Some("/a".to_owned()),
        image: Some("data:,x".to_owned()),
        ..RawEntry::default()
    };
    raw.provenance.insert(Field::Title, Tier::Select);
    raw.provenance.insert(Field::Image, Tier::Structured);
    let entry = only(raw, DocumentKind::Page);
    let tiers: Vec<_> = entry.provenance.into_iter().collect();
    assert_eq!(
        tiers,
        [
            (Field::Url, Tier::Listing),
            (Field::Title, Tier::Select),
            (Field::Tags, Tier::Configured),
            (Field::Language, Tier::Listing),
        ]
    );
    assert_eq!(entry.language.as_deref(), Some("en-GB"));
}

#[test]
fn a_long_description_is_also_the_body() {
    let text = "Words that say something. ".repeat(40);
    let raw = RawEntry {
        title: Some(html("A title")),
        summary: Some(html(&format!("<p>{text}</p>"))),
        ..RawEntry::default()
    };
    let entry = only(raw.clone(), DocumentKind::Feed);
    assert!(entry.summary.unwrap().chars().count() <= 300);
    assert!(entry.content.unwrap().len() > 1000);
    assert_eq!(only(raw, DocumentKind::Page).content, None);
}

/// The body of an entry of a feed that has this description and no other text.
fn described(description: &str) -> Option<String> {
    let raw = RawEntry {
        title: Some(html("A title")),
        url: Some("/a-post".to_owned()),
        comments: Some("/a-post/talk".to_owned()),
        summary: Some(html(description)),
        ..RawEntry::default()
    };
    only(raw, DocumentKind::Feed).content
}

#[test]
fn a_short_description_is_the_body_where_plain_text_would_lose_of_it() {
    for description in [
        "<img src=\"/comic.png\" title=\"The joke\">",
        "<p>Read <a href=\"https://elsewhere.example/piece\">this piece</a> on soil.</p>",
        "<ul><li>One</li><li>Two</li></ul>",
        "<pre>let a = 1;</pre>",
        "<p>One paragraph.</p><p>Another one.</p>",
        "<iframe src=\"https://www.youtube.com/embed/abc\"></iframe>",
        "<img src=\"/photo.jpg\"><p>The beginning… <a href=\"/a-post\">Read more</a></p>",
    ] {
        let body = described(description);
        assert!(body.is_some(), "{description}");
    }
}

#[test]
fn a_short_description_that_is_text_alone_is_no_body() {
    for description in [
        "Words &amp; more words.",
        "<p>Words.</p>",
        "<p>Words. <a href=\"/a-post?utm_source=feed\">Read more</a></p>",
        "<p>Words […]</p><p>The post <a href=\"/a-post\">A title</a> appeared first on <a href=\"/\">A blog</a>.</p>",
        "<p>Words.</p><p>The post <a href=\"/a-post\">A title</a> appeared first on <a href=\"/\">A blog</a>.</p>",
        "<p>The beginning of <a href=\"https://elsewhere.example/\">something</a>…</p>",
        "<a href=\"/a-post/talk\">Comments</a>",
    ] {
        assert_eq!(described(description), None, "{description}");
    }
}

/// Otherwise all that was read before would be edited on the day that it is read so.
#[test]
fn the_markup_of_a_short_description_is_no_edit_of_it() {
    let plain = RawEntry {
        title: Some(html("A title")),
        summary: Some(html("One paragraph. Another one.")),
        ..RawEntry::default()
    };
    let marked = RawEntry {
        summary: Some(html(
            "<img src=/a.png><p>One paragraph.</p><p>Another one.</p>",
        )),
        ..plain.clone()
    };
    let (plain, marked) = (
        only(plain, DocumentKind::Feed),
        only(marked, DocumentKind::Feed),
    );
    assert!(marked.content.is_some());
    assert_eq!((plain.print, plain.summary), (marked.print, marked.summary));
    assert_eq!(marked.read_minutes, None);
}

#[test]
fn enrichment_fills_what_is_missing_and_nothing_else() {
    let world = World::new();
    let context = world.context(DocumentKind::Page);
    let raw = RawEntry {
        title: Some(html("A title")),
        url: Some("/a".to_owned()),
        ..RawEntry::default()
    };
    let mut entry = only(raw, DocumentKind::Page);
    let article = RawEntry {
        title: Some(html("Another title")),
        summary: Some(html("What it is about.")),
        tags: vec!["Rust".to_owned()],
        image: Some("i.png".to_owned()),
        ..RawEntry::default()
    };
    let address = Url::parse("https://blog.example/a/").unwrap();
    let before = entry.clone();
    assert!(enrich(&mut entry, article.clone(), &address, &context));
    assert_eq!(entry.title, before.title);
    assert_eq!(entry.print, before.print);
    assert_eq!(entry.summary.as_deref(), Some("What it is about."));
    assert_eq!(entry.tags, ["rust", "configured"]);
    assert_eq!(entry.provenance.get(&Field::Tags), Some(&Tier::Article));
    assert_eq!(
        entry.image.as_ref().map(Url::as_str),
        Some("https://blog.example/a/i.png")
    );
    assert!(!enrich(&mut entry, article, &address, &context));
}

#[test]
fn markup_and_the_addresses_of_images_do_not_change_the_print() {
    let raw = |content: &str| RawEntry {
        title: Some(html("A title")),
        content: Some(html(content)),
        ..RawEntry::default()
    };
    let a = only(raw("<p>one two</p><img src='a?v=1'>"), DocumentKind::Feed);
    let b = only(
        raw("<div><p>one</p>\n<b>two</b></div><img src='b?v=2'>"),
        DocumentKind::Feed,
    );
    assert_eq!(a.print, b.print);
    assert_ne!(a.content, b.content);
}

proptest! {
    #[test]
    fn an_entry_normalised_again_is_the_same(
        title in SOURCE,
        summary in SOURCE,
        content in SOURCE,
        tags in proptest::collection::vec(any::<String>(), 0..3),
        url in "(https?://(www\\.)?a\\.example)?/[a-z%?#=& .]{0,9}",
    ) {
        let raw = RawEntry {
            url: Some(url),
            title: Some(Text::Html(title)),
            summary: Some(Text::Html(summary)),
            content: Some(Text::Html(content)),
            tags,
            ..RawEntry::default()
        };
        let once = only(raw, DocumentKind::Feed);
        let mut body = once.content.clone().map(Text::Html);
        let is_description = once.provenance.get(&Field::Content) == Some(&Tier::Derived);
        let description = body.take_if(|_| is_description);
        let again = only(
            RawEntry {
                url: once.url.as_ref().map(Url::to_string),
                title: Some(Text::Plain(once.title.clone())),
                summary: description.or_else(|| once.summary.clone().map(Text::Plain)),
                content: body,
                tags: once.tags.clone(),
                language: once.language.clone(),
                provenance: once.provenance.clone(),
                ..RawEntry::default()
            },
            DocumentKind::Feed,
        );
        prop_assert_eq!(&again.title, &once.title);
        prop_assert_eq!(&again.summary, &once.summary);
        prop_assert_eq!(&again.content, &once.content);
        prop_assert_eq!(&again.tags, &once.tags);
        prop_assert_eq!(&again.url, &once.url);
        prop_assert_eq!(&again.key, &once.key);
        prop_assert_eq!(again.read_minutes, once.read_minutes);
        prop_assert_eq!(again.print, once.print);
    }

    #[test]
    fn no_entry_panics(
        texts in proptest::collection::vec(any::<Option<String>>(), 8),
        names in proptest::collection::vec(any::<String>(), 0..3),
    ) {
        let html = |at: usize| texts[at].clone().map(Text::Html);
        let raw = RawEntry {
            id: texts[0].clone(),
            url: texts[1].clone(),
            title: html(2),
            published: texts[3].clone(),
            updated: texts[0].clone(),
            summary: html(4),
            content: html(5),
            read_time: texts[6].clone(),
            language: texts[7].clone(),
            image: texts[6].clone(),
            comments: texts[7].clone(),
            rights: texts[3].clone(),
            tags: names.clone(),
            authors: names
                .iter()
                .map(|name| RawPerson { name: name.clone(), ..RawPerson::default() })
                .collect(),
            enclosures: names
                .into_iter()
                .map(|url| RawEnclosure { media_type: Some(url.clone()), url, ..RawEnclosure::default() })
                .collect(),
            ..RawEntry::default()
        };
        let world = World::new();
        let context = world.context(DocumentKind::Page);
        let address = Url::parse("https://blog.example/a").unwrap();
        for mut entry in normalise(vec![raw.clone(); 3], &context).entries {
            prop_assert!(!entry.title.is_empty());
            let print = entry.print;
            enrich(&mut entry, raw.clone(), &address, &context);
            prop_assert_eq!(entry.print, print);
        }
    }
}
