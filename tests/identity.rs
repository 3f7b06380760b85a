//! Identity: whatever the order in which sources answer, and however often, the archive is the same, and so are the ids that
//! subscribers see.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it must be"
)]

use agg::dedupe;
use agg::model::{
    Change, Date, Entry, Feed, FeedDefinition, Field, Precision, Print, Provenance, Source,
    SourceId, SourceKind, Tier,
};
use agg::store::Store;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

/// The hosts of the sources; articles are on the first three.
const HOSTS: [&str; 4] = [
    "one.example",
    "www.two.example",
    "feeds.three.example",
    "planet.example",
];

fn now() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn sources() -> Vec<Source> {
    (0..)
        .zip(HOSTS)
        .map(|(number, host)| Source {
            id: SourceId::new(&format!("s{number}")).unwrap(),
            url: format!("https://{host}/").parse().unwrap(),
            title: None,
            kind: SourceKind::Auto,
            select: None,
            enrich: false,
            robots: true,
            pages: 1,
            interval: None,
            tags: Vec::new(),
        })
        .collect()
}

/// What one source shows of one article. Few values each, so that guids, links and titles meet by chance.
fn entry() -> impl Strategy<Value = Entry> {
    (
        proptest::option::of(0..4u8),
        proptest::option::weighted(0.8, (0..3usize, 0..3u8)),
        0..4u8,
        proptest::option::of(0..3i64),
        proptest::option::of(0..60usize),
        proptest::option::of(1..9u32),
        any::<bool>(),
    )
        .prop_map(|(guid, link, title, day, body, read_minutes, is_feed)| {
            let guid = guid.map(|guid| match guid {
                0 => "urn:x:shared".to_owned(),
                _ => guid.to_string(),
            });
            let key = link
                .map(|(host, page)| format!("{}/{page}", HOSTS[host].trim_start_matches("www.")));
            let published = day.map(|day| Date {
                at: now() - TimeDelta::days(day),
                precision: Precision::Day,
            });
            let tier = if is_feed { Tier::Feed } else { Tier::Listing };
            let content = body.map(|length| "a ".repeat(length));
            let text = format!("{title} {content:?}");
            Entry {
                guid,
                url: link
                    .map(|(host, page)| format!("https://{}/{page}", HOSTS[host]).parse().unwrap()),
                key,
                title: format!("Title {title}"),
                published,
                updated: None,
                summary: None,
                content,
                tags: vec![format!("tag {title}")],
                read_minutes,
                authors: Vec::new(),
                language: None,
                image: None,
                enclosures: Vec::new(),
                comments: None,
                also: Vec::new(),
                rights: None,
                provenance: Provenance::from([(Field::Title, tier)]),
                position: 0,
                print: Print(
                    blake3::hash(text.as_bytes()).as_bytes()[..16]
                        .try_into()
                        .unwrap(),
                ),
            }
        })
}

/// One document a source.
fn documents() -> impl Strategy<Value = Vec<Vec<Entry>>> {
    proptest::collection::vec(proptest::collection::vec(entry(), 0..6), HOSTS.len()).prop_map(
        |mut documents| {
            for document in &mut documents {
                for (position, entry) in (0..).zip(document) {
                    entry.position = position;
                }
            }
            documents
        },
    )
}

/// Takes in the document of one source; gives how many entries were new or changed.
fn take(store: &mut Store, source: &Source, document: &[Entry], now: DateTime<Utc>) -> usize {
    let id = &source.id;
    store
        .write(|w| {
            let aliases = dedupe::aliases(id, document).concat();
            let known = w.known(id, &aliases)?;
            let mut changes = dedupe::decide(id, document.to_vec(), &known);
            for change in &mut changes {
                if let Change::Updated { of, entry, .. } = change {
                    let old = w.sighting(id, *of)?.unwrap();
                    **entry = dedupe::carry(&old.entry, (**entry).clone());
                }
            }
            let applied = w.apply(id, &changes, now)?;
            for key in &applied.touched {
                let merged = dedupe::merge(&w.sightings(*key)?);
                w.settle(*key, &merged, now, true)?;
            }
            Ok(applied.new + applied.touched.len())
        })
        .unwrap()
}

fn publish(store: &mut Store, now: DateTime<Utc>) -> Feed {
    let all = FeedDefinition {
        limit: 1000,
        ..FeedDefinition::new("all", "https://planet.example/".parse().unwrap())
    };
    let due = store.unpublished(now).unwrap();
    let lines: Vec<_> = due
        .entries
        .iter()
        .map(|entry| dedupe::ledger_line(entry, now))
        .collect();
    store
        .publish(&lines, std::slice::from_ref(&all), now)
        .unwrap();
    store.feed(&all).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_order_of_arrival_gives_the_same_feed(
        documents in documents(),
        order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let sources = sources();
        let feed = |order: &[usize]| {
            let mut store = Store::in_memory().unwrap();
            store.register(&sources).unwrap();
            for &number in order {
                take(&mut store, &sources[number], &documents[number], now());
            }
            publish(&mut store, now())
        };
        prop_assert_eq!(feed(&order), feed(&[0, 1, 2, 3]));
    }

    #[test]
    fn a_second_look_at_the_same_documents_changes_nothing(documents in documents()) {
        let sources = sources();
        let mut store = Store::in_memory().unwrap();
        store.register(&sources).unwrap();
        for (source, document) in sources.iter().zip(&documents) {
            take(&mut store, source, document, now());
        }
        let before = publish(&mut store, now());
        let later = now() + TimeDelta::days(1);
        for (source, document) in sources.iter().zip(&documents) {
            prop_assert_eq!(take(&mut store, source, document, later), 0);
        }
        prop_assert_eq!(publish(&mut store, later), before);
    }

    #[test]
    fn a_published_id_and_its_date_never_change_and_no_entry_rises(
        first in documents(),
        second in documents(),
    ) {
        let sources = sources();
        let mut store = Store::in_memory().unwrap();
        store.register(&sources).unwrap();
        for (source, document) in sources.iter().zip(&first) {
            take(&mut store, source, document, now());
        }
        let line = |feed: &Feed| -> Vec<(String, DateTime<Utc>)> {
            feed.entries.iter().map(|it| (it.id.clone(), it.date)).collect()
        };
        let before = line(&publish(&mut store, now()));
        let later = now() + TimeDelta::days(1);
        for (source, document) in sources.iter().zip(&second) {
            take(&mut store, source, document, later);
        }
        let after = line(&publish(&mut store, later));
        // what is new stands above all that was there
        prop_assert!(after.ends_with(&before), "{before:?}\n{after:?}");
    }
}
