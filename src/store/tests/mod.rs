//! The archive as its callers see it, over real SQLite.

mod joined;
mod learnt;
mod listed;
mod opening;
mod published;
mod shelves;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rusqlite::{Connection, OpenFlags};
use url::Url;

use super::*;
use crate::model::{
    Change, Contract, Date, DateKind, Document, Enclosure, Entry, Field, Merged, Outcome,
    OutcomeKind, Person, Precision, Print, Provenance, Sighting, SourceKind, SourceMeta, Tier,
    UpdateHints, Validators, Wrapper,
};

fn at(day: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2024, 5, day)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap()
        .and_utc()
}

fn id(id: &str) -> SourceId {
    SourceId::new(id).unwrap()
}

pub(super) fn source(name: &str) -> Source {
    Source {
        id: id(name),
        url: format!("https://{name}.example/").parse().unwrap(),
        title: None,
        kind: SourceKind::Auto,
        select: None,
        enrich: true,
        robots: true,
        pages: 1,
        interval: None,
        timezone: None,
        tags: Vec::new(),
        access: std::sync::Arc::default(),
    }
}

fn entry(title: &str) -> Entry {
    Entry {
        guid: Some(format!("guid of {title}")),
        url: Some(format!("https://blog.example/{title}").parse().unwrap()),
        key: Some(format!("blog.example/{title}")),
        title: title.to_owned(),
        published: Some(Date {
            at: at(1),
            precision: Precision::Instant,
        }),
        updated: Some(at(2)),
        summary: Some("In short.".to_owned()),
        content: Some(format!("<p>All about {title}.</p>")),
        tags: vec!["rust".to_owned(), "sqlite".to_owned()],
        read_minutes: Some(4),
        authors: vec![Person {
            name: "Ada".to_owned(),
            url: Some("https://ada.example/".parse().unwrap()),
        }],
        language: Some("en".to_owned()),
        image: Some("https://blog.example/i.png".parse().unwrap()),
        enclosures: vec![Enclosure {
            url: "https://blog.example/a.mp3".parse().unwrap(),
            media_type: Some("audio/mpeg".to_owned()),
            length: Some(1234),
            duration_seconds: None,
        }],
        comments: Some("https://blog.example/c".parse().unwrap()),
        also: Vec::new(),
        rights: Some("CC BY".to_owned()),
        provenance: Provenance::from([(Field::Title, Tier::Feed)]),
        position: 0,
        print: Print([7; 16]),
    }
}

fn new(entry: &Entry) -> Change {
    Change::New {
        entry: Box::new(entry.clone()),
        aliases: vec![
            Alias::Guid(id("blog"), entry.guid.clone().unwrap()),
            Alias::Link(entry.key.clone().unwrap()),
        ],
    }
}

fn all() -> FeedDefinition {
    FeedDefinition {
        limit: 10,
        ..FeedDefinition::new("all", "https://planet.example/".parse().unwrap())
    }
}

fn line(key: EntryKey, own: &str, date: DateTime<Utc>) -> LedgerLine {
    LedgerLine {
        key,
        own: (!own.is_empty()).then(|| own.to_owned()),
        minted: format!("tag:blog.example,2024-05-03:{}", key.0),
        date,
        date_kind: DateKind::Instant,
        changed: date,
        is_flood: false,
        is_backlog: false,
    }
}

/// The first of the sightings, where nothing depends on how they are merged.
fn first_alone(sightings: &[Sighting]) -> Merged {
    Merged {
        entry: sightings[0].entry.clone(),
        origins: sightings.iter().map(|it| it.source.clone()).collect(),
        body: None,
    }
}

/// An archive with the source `blog` and its entries of those titles, numbered from 1.
fn archive(titles: &[&str]) -> Store {
    let mut store = Store::in_memory().unwrap();
    store.register(&[source("blog"), source("planet")]).unwrap();
    let changes: Vec<Change> = (0..)
        .zip(titles)
        .map(|(position, title)| {
            new(&Entry {
                position,
                ..entry(title)
            })
        })
        .collect();
    let applied = store
        .write(|w| w.apply(&id("blog"), &changes, at(3)))
        .unwrap();
    assert_eq!(
        (applied.new, applied.touched.len()),
        (titles.len(), 0),
        "a new entry needs no merging"
    );
    store
}

fn ids(feed: &Feed) -> Vec<&str> {
    feed.entries.iter().map(|entry| entry.id.as_str()).collect()
}

#[test]
fn a_new_entry_is_read_back_as_it_was() {
    let mut store = archive(&["a"]);
    let record = store.record(EntryKey(1)).unwrap().unwrap();
    assert_eq!(record.entry, entry("a"));
    assert_eq!(record.sightings[0].entry, entry("a"));
    assert_eq!(record.sightings[0].source_host, "blog.example");
    assert_eq!(record.aliases.len(), 2);
    assert_eq!(record.ledger, None);
    let sighting = store
        .write(|w| w.sighting(&id("planet"), EntryKey(1)))
        .unwrap();
    assert_eq!(sighting, None);
}

#[test]
fn aliases_are_found_within_their_scope() {
    let store = archive(&["a"]);
    let guid = "guid of a".to_owned();
    let ask = [
        Alias::Guid(id("blog"), guid.clone()),
        Alias::Guid(id("planet"), guid.clone()),
        Alias::Guid(id("never-registered"), guid.clone()),
        Alias::Link(guid),
        Alias::Link("blog.example/a".to_owned()),
    ];
    let known = store.known(&id("blog"), &ask).unwrap();
    let found: Vec<bool> = ask
        .iter()
        .map(|alias| known.aliases.contains_key(alias))
        .collect();
    assert_eq!(found, [true, false, false, false, true]);
    assert_eq!(known.prints[&EntryKey(1)], Print([7; 16]));
    // another source knows the entry, but has not shown it
    let known = store.known(&id("planet"), &ask).unwrap();
    assert_eq!((known.aliases.len(), known.prints.len()), (2, 0));
    let unknown = store.known(&id("nobody"), &ask);
    assert!(matches!(unknown, Err(Error::UnknownSource { .. })));
}

#[test]
fn an_entry_that_comes_in_with_an_old_date_makes_the_feed_newer() {
    let mut store = archive(&["a", "b"]);
    store
        .publish(
            &[line(EntryKey(1), "urn:x:a", at(2))],
            &[all()],
            first_alone,
            at(5),
        )
        .unwrap();
    assert_eq!(store.feed(&all()).unwrap().updated, at(5));
    store
        .publish(
            &[line(EntryKey(2), "urn:x:b", at(1))],
            &[all()],
            first_alone,
            at(9),
        )
        .unwrap();
    let feed = store.feed(&all()).unwrap();
    assert_eq!((feed.updated, feed.entries[0].date), (at(9), at(1)));
}

#[test]
fn an_update_replaces_the_text_and_is_announced_once() {
    let mut store = archive(&["a"]);
    store
        .publish(
            &[line(EntryKey(1), "urn:x:a", at(1))],
            &[all()],
            first_alone,
            at(3),
        )
        .unwrap();
    let mut edited = entry("a");
    edited.title = "corrected".to_owned();
    edited.content = None;
    edited.print = Print([8; 16]);
    let change = Change::Updated {
        of: EntryKey(1),
        entry: Box::new(edited.clone()),
        aliases: Vec::new(),
        rewrites: crate::model::Rewrites::default(),
    };
    let merged = Merged {
        entry: edited.clone(),
        origins: vec![id("blog")],
        body: None,
    };
    store
        .write(|w| {
            let applied = w.apply(&id("blog"), &[change], at(4))?;
            assert_eq!(applied.touched, [EntryKey(1)]);
            w.settle(EntryKey(1), &merged, at(4), true)
        })
        .unwrap();
    let feed = store.feed(&all()).unwrap();
    assert_eq!(feed.entries[0].entry, edited);
    assert_eq!((feed.updated, feed.entries[0].date), (at(4), at(1)));
    // the same text again is no change
    store
        .write(|w| w.settle(EntryKey(1), &merged, at(5), true))
        .unwrap();
    assert_eq!(store.feed(&all()).unwrap(), feed);
    let search = |words: &str| {
        let query = ListQuery {
            source: None,
            tags: Vec::new(),
            search: Some(words.to_owned()),
            limit: 9,
        };
        store.list(&query).unwrap().len()
    };
    assert_eq!((search("corrected"), search("about")), (1, 0));
}

#[test]
fn an_article_is_found_by_the_words_it_has_now_whenever_it_is_asked_for() {
    let mut store = archive(&["a", "b"]);
    let found = |store: &Store, words: &str| -> Vec<i64> {
        let query = ListQuery {
            source: None,
            tags: Vec::new(),
            search: Some(words.to_owned()),
            limit: 9,
        };
        let found = store.list(&query).unwrap();
        found.iter().map(|it| it.key.0).collect()
    };
    let retitle = |store: &mut Store, key: i64, title: &str| {
        let mut entry = entry(title);
        entry.print = Print([8; 16]);
        let change = Change::Updated {
            of: EntryKey(key),
            entry: Box::new(entry.clone()),
            aliases: Vec::new(),
            rewrites: crate::model::Rewrites::default(),
        };
        let merged = Merged {
            entry,
            origins: vec![id("blog")],
            body: Some(id("blog")),
        };
        store
            .write(|w| {
                w.apply(&id("blog"), &[change], at(4))?;
                w.settle(EntryKey(key), &merged, at(4), true)
            })
            .unwrap();
    };
    // changed before anybody asked, and after
    retitle(&mut store, 1, "first");
    assert_eq!(found(&store, "first"), [1]);
    assert!(found(&store, "\"about a\"").is_empty());
    retitle(&mut store, 2, "second");
    assert_eq!(found(&store, "second"), [2]);
    assert!(found(&store, "\"about b\"").is_empty());
    // one that came since the last question
    store
        .write(|w| w.apply(&id("blog"), &[new(&entry("third"))], at(5)))
        .unwrap();
    assert_eq!(found(&store, "third"), [3]);
    assert_eq!(found(&store, "about"), [1, 2, 3]);
}

#[test]
fn changes_that_share_a_transaction_are_kept_each_for_itself() {
    let mut store = archive(&[]);
    let (tell, told) = std::sync::mpsc::channel();
    let queued = |source: &'static str, title: &'static str| {
        let tell = tell.clone();
        Queued::new(
            move |w| {
                let changes = [new(&entry(title))];
                w.apply(&id("blog"), &changes, at(3))?;
                w.describe(&id(source), &SourceMeta::default(), true)
            },
            move |result| tell.send((title, result.is_ok())).unwrap(),
        )
    };
    // the second writes an entry before it fails
    store.write_each(vec![
        queued("blog", "a"),
        queued("nobody", "b"),
        queued("planet", "c"),
    ]);
    let mut results: Vec<_> = told.try_iter().collect();
    results.sort_unstable();
    assert_eq!(results, [("a", true), ("b", false), ("c", true)]);
    assert_eq!(store.totals().unwrap().entries, 2);
}

#[test]
fn where_the_transaction_fails_no_change_is_told_as_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agg.db");
    let mut store = Store::open(&path).unwrap();
    store.register(&[source("blog")]).unwrap();
    store.conn.pragma_update(None, "busy_timeout", 0).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    let queued = || {
        let tell = tell.clone();
        Queued::new(
            |w| w.apply(&id("blog"), &[new(&entry("a"))], at(3)),
            move |result| tell.send(result.is_err()).unwrap(),
        )
    };
    store.write_each(vec![queued(), queued()]);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [true, true]);
    assert_eq!(store.totals().unwrap().entries, 0);
}

#[test]
fn a_second_source_is_a_second_origin() {
    let mut store = archive(&["a"]);
    let mut fuller = entry("a");
    fuller.content = Some("<p>More.</p>".to_owned());
    let duplicate = Change::Duplicate {
        of: EntryKey(1),
        entry: Box::new(fuller.clone()),
        aliases: vec![Alias::Guid(id("planet"), "p".to_owned())],
    };
    let merged = Merged {
        entry: fuller.clone(),
        origins: vec![id("planet"), id("blog")],
        body: Some(id("planet")),
    };
    store
        .write(|w| {
            let applied = w.apply(&id("planet"), &[duplicate], at(4))?;
            assert_eq!((applied.known, applied.touched.len()), (1, 1));
            w.settle(EntryKey(1), &merged, at(4), false)
        })
        .unwrap();
    let record = store.record(EntryKey(1)).unwrap().unwrap();
    assert_eq!(record.entry, fuller);
    let origins: Vec<&str> = record.origins.iter().map(|it| it.source.as_str()).collect();
    assert_eq!(origins, ["planet", "blog"]);
    // the other source's body is still there
    assert_eq!(record.sightings[1].entry.content, entry("a").content);
    let counts: Vec<u64> = store
        .states()
        .unwrap()
        .values()
        .map(|it| it.entries)
        .collect();
    assert_eq!(counts, [1, 1]);
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let mut store = archive(&[]);
    let before = store.totals().unwrap();
    let failed = store.write(|w| {
        w.apply(&id("blog"), &[new(&entry("a"))], at(3))?;
        w.known(&id("nobody"), &[])
    });
    assert!(matches!(failed, Err(Error::UnknownSource { .. })));
    assert_eq!(store.totals().unwrap(), before);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|w| -> Result<(), Error> {
            w.apply(&id("blog"), &[new(&entry("a"))], at(3))?;
            panic!("in the middle")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.totals().unwrap(), before);
    assert!(store.unpublished(at(3)).unwrap().entries.is_empty());
}

#[test]
fn entries_are_listed_and_found() {
    let mut store = archive(&["a", "b"]);
    let mut chinese = entry("数据库入门");
    chinese.url = Some("https://blog.example/zh?a=1*2".parse().unwrap());
    chinese.tags = vec!["数据库".to_owned()];
    chinese.published = None;
    store
        .write(|w| w.apply(&id("planet"), &[new(&chinese)], at(4)))
        .unwrap();
    store
        .publish(
            &[line(EntryKey(1), "urn:x:a", at(1))],
            &[all()],
            first_alone,
            at(4),
        )
        .unwrap();
    let list = |source: Option<&str>, tag: Option<&str>, search: Option<&str>| -> Vec<i64> {
        let query = ListQuery {
            source: source.map(id),
            tags: tag.map(str::to_owned).into_iter().collect(),
            search: search.map(str::to_owned),
            limit: 9,
        };
        let listed = store.list(&query).unwrap();
        listed.iter().map(|it| it.key.0).collect()
    };
    assert_eq!(list(None, None, None), [3, 1, 2]);
    assert_eq!(list(Some("planet"), None, None), [3]);
    assert_eq!(list(None, Some("rust"), None), [1, 2]);
    assert_eq!(list(None, None, Some("数据库")), [3]);
    assert!(list(None, None, Some("据数")).is_empty());
    assert_eq!(list(None, None, Some("ALL abo* b")), [2]);
    assert_eq!(list(None, None, Some("\"about b\"")), [2]);
    assert!(list(None, None, Some("(")).is_empty());
    assert_eq!(list(Some("blog"), Some("sqlite"), Some("\"about a\"")), [1]);
    let find = |text: &str| -> Vec<i64> {
        let found = store.find(text).unwrap();
        found.iter().map(|it| it.key.0).collect()
    };
    assert_eq!(find("2"), [2]);
    assert_eq!(find("urn:x:a"), [1]);
    assert_eq!(find("urn:"), [1]);
    assert_eq!(find("https://blog.example/b"), [2]);
    assert_eq!(find("https://blog.example/zh?a=1*"), [3]);
    assert_eq!(find("https://blog.example/"), [3, 1, 2]);
    assert!(find("02").is_empty());
    assert!(find(" ").is_empty());
    let listed = &store.find("1").unwrap()[0];
    assert_eq!(listed.sources, [id("blog")]);
    assert_eq!(listed.date_kind, DateKind::Instant);
    assert_eq!(store.find("3").unwrap()[0].date_kind, DateKind::FirstSeen);
}

/// How SQLite answers `sql`.
fn plan(store: &Store, sql: &str) -> String {
    let mut statement = store
        .conn
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let count = statement.parameter_count();
    let steps = statement
        .query_map(rusqlite::params_from_iter(vec![1; count]), |row| {
            row.get::<_, String>(3)
        })
        .unwrap();
    let steps: rusqlite::Result<Vec<_>> = steps.collect();
    steps.unwrap().join("; ")
}

#[test]
fn a_publication_begins_with_what_waits_not_with_the_whole_archive() {
    let store = archive(&[]);
    for (sql, begins) in [
        (ledger::WAITING, "SCAN p;"),
        (&feeds::offering(true), "SCAN p;"),
        (feeds::LOOKED_AT, "SCAN pending;"),
        (hold::FORGET, "SCAN held;"),
    ] {
        let plan = plan(&store, sql);
        assert!(plan.starts_with(begins), "{sql}: {plan}");
        assert_eq!(
            plan.matches("SCAN").count(),
            1 + plan.matches("SCAN json_each").count()
        );
    }
}

#[test]
fn looking_up_aliases_uses_indexes() {
    let store = archive(&[]);
    for sql in aliases::LOOKUPS.into_iter().chain(marks::LOOKUPS) {
        let plan = plan(&store, sql);
        // what is asked for may be a list itself
        assert!(
            !plan.replace("SCAN 8-ROW VALUES", "").contains("SCAN"),
            "{sql}: {plan}"
        );
        assert!(plan.contains("SEARCH"), "{sql}: {plan}");
    }
}
