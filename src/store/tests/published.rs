//! What was published, and which feed shows it.

use super::*;

#[test]
fn what_was_published_never_changes() {
    let mut store = archive(&["a", "b"]);
    let first = [
        line(EntryKey(1), "urn:x:a", at(1)),
        line(EntryKey(2), "", at(2)),
    ];
    assert_eq!(
        store.publish(&first, &[all()], first_alone, at(3)).unwrap(),
        2
    );
    let before = store.feed(&all()).unwrap();
    assert_eq!(ids(&before), ["tag:blog.example,2024-05-03:2", "urn:x:a"]);
    assert_eq!(before.id, "tag:planet.example,2024-05-03:feed/all");
    let again = [line(EntryKey(1), "urn:x:other", at(9))];
    let mut moved = all();
    moved.url = "https://elsewhere.example/".parse().unwrap();
    assert_eq!(
        store.publish(&again, &[moved], first_alone, at(9)).unwrap(),
        0
    );
    assert_eq!(store.feed(&all()).unwrap(), before);
    // not even by a statement of our own
    for sql in [
        "UPDATE ledger SET published_id = 'x'",
        "UPDATE ledger SET date = 0",
        "DELETE FROM ledger",
    ] {
        assert!(store.conn.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn two_entries_never_get_the_same_id() {
    let mut store = archive(&["a", "b", "c"]);
    let same = |number| LedgerLine {
        key: EntryKey(number),
        own: Some("https://blog.example/".to_owned()),
        minted: "tag:blog.example,2024-05-03:x".to_owned(),
        date: at(number.try_into().unwrap()),
        date_kind: DateKind::Instant,
        changed: at(3),
        is_flood: false,
        is_backlog: false,
    };
    store
        .publish(&[same(1), same(2), same(3)], &[all()], first_alone, at(3))
        .unwrap();
    assert_eq!(
        ids(&store.feed(&all()).unwrap()),
        [
            "https://blog.example/",
            "tag:blog.example,2024-05-03:x",
            "tag:blog.example,2024-05-03:x-2"
        ]
    );
}

#[test]
fn later_publications_come_first_then_later_dates_then_the_order_of_the_document() {
    let mut store = archive(&["a", "b", "c", "old"]);
    let lines = [
        line(EntryKey(1), "urn:x:a", at(1)),
        line(EntryKey(2), "urn:x:b", at(1)),
        line(EntryKey(3), "urn:x:c", at(2)),
    ];
    store.publish(&lines, &[all()], first_alone, at(3)).unwrap();
    let mut late = line(EntryKey(4), "urn:x:old", at(1));
    late.date -= TimeDelta::days(900);
    store
        .publish(&[late], &[all()], first_alone, at(4))
        .unwrap();
    let feed = store.feed(&all()).unwrap();
    assert_eq!(ids(&feed), ["urn:x:old", "urn:x:c", "urn:x:a", "urn:x:b"]);
    let mut short = all();
    short.limit = 2;
    assert_eq!(ids(&store.feed(&short).unwrap()), ["urn:x:old", "urn:x:c"]);
}

#[test]
fn an_entry_of_the_future_is_held_until_due() {
    let mut store = archive(&[]);
    let mut early = entry("early");
    early.published = Some(Date {
        at: at(5),
        precision: Precision::Instant,
    });
    store
        .write(|w| w.apply(&id("blog"), &[new(&early), new(&entry("b"))], at(3)))
        .unwrap();
    let due = store.unpublished(at(3)).unwrap();
    assert_eq!((due.entries.len(), due.held), (1, 1));
    assert_eq!(due.entries[0].guid.as_deref(), Some("guid of b"));
    store
        .publish(
            &[line(due.entries[0].key, "", at(1))],
            &[all()],
            first_alone,
            at(3),
        )
        .unwrap();
    let due = store.unpublished(at(4)).unwrap();
    assert_eq!((due.entries.len(), due.held), (1, 0));
    assert_eq!(due.entries[0].title, "early");
}

#[test]
fn a_guid_that_is_no_evidence_is_no_id() {
    let mut store = archive(&[]);
    let change = Change::New {
        entry: Box::new(entry("a")),
        aliases: vec![Alias::Link("blog.example/a".to_owned())],
    };
    store
        .write(|w| w.apply(&id("blog"), &[change], at(3)))
        .unwrap();
    assert_eq!(store.unpublished(at(3)).unwrap().entries[0].guid, None);
}

#[test]
fn a_feed_of_some_sources_shows_their_entries_only() {
    let mut store = archive(&["a", "b"]);
    let mut planet = all();
    planet.id = "planet".to_owned();
    planet.sources = vec![id("planet")];
    let lines = [
        line(EntryKey(1), "urn:x:a", at(1)),
        line(EntryKey(2), "urn:x:b", at(2)),
    ];
    let feeds = [all(), planet.clone()];
    store.publish(&lines, &feeds, first_alone, at(3)).unwrap();
    assert!(store.feed(&planet).unwrap().entries.is_empty());
    // the second source shows one that is on record already
    let duplicate = Change::Duplicate {
        of: EntryKey(1),
        entry: Box::new(entry("a")),
        aliases: Vec::new(),
    };
    store
        .write(|w| w.apply(&id("planet"), &[duplicate], at(4)))
        .unwrap();
    assert!(store.unpublished(at(4)).unwrap().entries.is_empty());
    store.publish(&[], &feeds, first_alone, at(4)).unwrap();
    assert_eq!(ids(&store.feed(&planet).unwrap()), ["urn:x:a"]);
    assert_eq!(ids(&store.feed(&all()).unwrap()), ["urn:x:b", "urn:x:a"]);
    // a filter that changes is filled from the whole ledger
    planet.sources = vec![id("blog")];
    store
        .publish(&[], &[all(), planet.clone()], first_alone, at(5))
        .unwrap();
    assert_eq!(ids(&store.feed(&planet).unwrap()), ["urn:x:b", "urn:x:a"]);
    let unknown = FeedDefinition {
        id: "other".to_owned(),
        ..all()
    };
    assert!(matches!(
        store.feed(&unknown),
        Err(Error::UnknownFeed { .. })
    ));
}

#[test]
fn a_source_that_is_no_longer_configured_is_kept_but_not_shown() {
    let mut store = archive(&["a"]);
    store
        .publish(
            &[line(EntryKey(1), "urn:x:a", at(1))],
            &[all()],
            first_alone,
            at(3),
        )
        .unwrap();
    store.register(&[source("planet")]).unwrap();
    assert!(store.feed(&all()).unwrap().entries.is_empty());
    assert_eq!(store.sources().unwrap().len(), 1);
    assert_eq!(store.totals().unwrap().entries, 1);
    store.register(&[source("planet"), source("blog")]).unwrap();
    assert_eq!(ids(&store.feed(&all()).unwrap()), ["urn:x:a"]);
    let order: Vec<String> = store
        .sources()
        .unwrap()
        .iter()
        .map(|it| it.title.clone())
        .collect();
    assert_eq!(order, ["planet.example", "blog.example"]);
}
