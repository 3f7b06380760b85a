//! Closed pages and their bytes.

use std::io::Read as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::read::DeflateEncoder;

use super::*;

/// An archive with one closed page of a feed.
fn closed() -> (Store, FeedDefinition) {
    let mut store = archive(&["one", "two", "three"]);
    let definition = FeedDefinition {
        archive: 2,
        ..all()
    };
    let lines: Vec<LedgerLine> = (1..=3).map(|key| line(EntryKey(key), "", at(2))).collect();
    let feeds = std::slice::from_ref(&definition);
    store.publish(&lines, feeds, first_alone, at(4)).unwrap();
    (store, definition)
}

fn document(text: &str) -> Document {
    Document {
        url: "https://planet.example/archive/1.xml".parse().unwrap(),
        media_type: None,
        charset: None,
        validators: Validators::default(),
        body: Bytes::from(text.repeat(200)),
    }
}

#[test]
fn each_format_of_a_closed_page_is_read_back_whatever_becomes_of_the_other() {
    let (mut store, definition) = closed();
    let (atom, json) = (document("<p>Tide</p>"), document("\"Tide\", "));
    let both = [(Format::Atom, atom.clone()), (Format::Json, json.clone())];
    let page = |documents| [ClosedPage::new(1, documents)];
    store.shelve(&definition, &page(both.to_vec())).unwrap();
    let kept = |store: &Store, definition: &FeedDefinition, format| {
        let body = store.shelved_body(definition, 1, format).unwrap();
        body.map(Bytes::from)
    };
    assert_eq!(
        kept(&store, &definition, Format::Atom),
        Some(atom.body.clone())
    );
    assert_eq!(
        kept(&store, &definition, Format::Json),
        Some(json.body.clone())
    );
    // at another address only one of them is published
    let moved = FeedDefinition {
        url: "https://other.example/".parse().unwrap(),
        ..definition.clone()
    };
    let other = document("<p>Ebb</p>");
    assert_eq!(store.shelved(&definition).unwrap().len(), 2);
    assert!(store.shelved(&moved).unwrap().is_empty());
    let alone = page(vec![(Format::Atom, other.clone())]);
    store.shelve(&moved, &alone).unwrap();
    let formats = |definition| {
        let shelved = store.shelved(definition).unwrap();
        shelved.iter().map(|it| it.format).collect::<Vec<_>>()
    };
    assert_eq!(formats(&moved), [Format::Atom]);
    assert_eq!(formats(&definition), [Format::Json]);
    assert_eq!(kept(&store, &moved, Format::Atom), Some(other.body));
    assert_eq!(kept(&store, &moved, Format::Json), Some(json.body));
    assert!(store.examine().unwrap().is_empty());
}

#[test]
fn bytes_that_an_older_version_has_kept_are_read() {
    let (mut store, definition) = closed();
    let atom = document("<p>Tide</p>");
    let page = ClosedPage::new(1, vec![(Format::Atom, atom.clone())]);
    store.shelve(&definition, &[page]).unwrap();
    let text = std::str::from_utf8(&atom.body).unwrap();
    let sql = "UPDATE archive_bodies SET body = ?1";
    let mut deflated = Vec::new();
    DeflateEncoder::new(text.as_bytes(), Compression::default())
        .read_to_end(&mut deflated)
        .unwrap();
    store.conn.execute(sql, [deflated]).unwrap();
    let body = store.shelved_body(&definition, 1, Format::Atom).unwrap();
    assert_eq!(body.as_deref(), Some(text));
}
