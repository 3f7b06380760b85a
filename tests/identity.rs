//! Identity: whatever the order in which sources answer, and however often, the archive is the same, and so are the ids that
//! subscribers see.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it must be"
)]

use agg::dedupe;
use agg::model::{
    Date, Entry, Feed, FeedDefinition, Field, Precision, Print, Provenance, Source, SourceId,
    SourceKind, Tier,
};
use agg::pipeline;
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
            timezone: None,
            tags: Vec::new(),
            access: std::sync::Arc::default(),
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

/// Texts that are alike in pairs: the copies of one article differ by a word or an end, the issues of a series by a number.
fn text(article: u8, edit: u8) -> String {
    let story = [
        "The ferry did not sail on Monday, since the wind blew from the north and the pier stood under water until noon; \
         forty passengers slept in the school and were given soup by the fire brigade, who had the only dry stove.",
        "Whoever plants a hedge in autumn saves the watering in spring. Dig a trench as deep as your boot, lay the young \
         beech trees against its edge, a hand apart, fill it with the soil that came out of it, and tread it down.",
        "The workshop is open on Thursday from 18:30 to 21:00. Bring whatever is broken, and a friend if it is heavy; \
         there is coffee, there are screwdrivers, and somebody will look at it with you until it works or is sorted out.",
    ][usize::from(article % 3)];
    match edit {
        0 => story.to_owned(),
        1 => format!("{story} Read more such stories in our letter, which comes every week."),
        2 => story.replace("the ", "that "),
        3 => story
            .replace("18:30", "19:45")
            .replace("21:00", "22:15")
            .replace("forty", "50"),
        _ => story.split_inclusive(' ').take(25).collect(),
    }
}

/// What one source shows of one article that others show too, under links and guids of its own.
fn copy() -> impl Strategy<Value = Entry> {
    (
        0..3u8,
        0..5u8,
        0..3u8,
        proptest::option::of(0..40i64),
        0..2u8,
    )
        .prop_map(|(article, edit, title, day, link)| {
            let title = match title {
                0 => format!(
                    "What happened to article {}",
                    ["one", "two", "three"][usize::from(article)]
                ),
                1 => "A story from the coast, told twice".to_owned(),
                _ => format!("Letter number {}", edit + 1),
            };
            let content = text(article, edit);
            let name = format!("{title}/{content}/{link}");
            let hash = blake3::hash(name.as_bytes());
            let print = hash.as_bytes()[..16].try_into().unwrap();
            let path = hash.to_hex()[..8].to_owned();
            Entry {
                guid: None,
                url: None,
                key: Some(path),
                also: Vec::new(),
                title,
                published: day.map(|day| Date {
                    at: now() - TimeDelta::days(day),
                    precision: Precision::Day,
                }),
                updated: None,
                summary: None,
                content: Some(content),
                tags: Vec::new(),
                read_minutes: None,
                authors: Vec::new(),
                language: None,
                image: None,
                enclosures: Vec::new(),
                comments: None,
                rights: None,
                provenance: Provenance::from([(Field::Title, Tier::Feed)]),
                position: 0,
                print: Print(print),
            }
        })
}

/// One document a source, each with links of its own.
fn copies() -> impl Strategy<Value = Vec<Vec<Entry>>> {
    proptest::collection::vec(proptest::collection::vec(copy(), 0..4), HOSTS.len()).prop_map(
        |mut documents| {
            for (document, host) in documents.iter_mut().zip(HOSTS) {
                for (position, entry) in (0..).zip(document) {
                    entry.position = position;
                    let url = format!("https://{host}/{}", entry.key.take().unwrap());
                    entry.key = Some(url.replace("www.", ""));
                    entry.url = Some(url.parse().unwrap());
                }
            }
            documents
        },
    )
}

/// The documents cut up: each source shows its entries in so many steps.
fn in_steps(document: &[Entry], steps: usize) -> Vec<Vec<Entry>> {
    (1..=steps)
        .map(|step| document[..document.len() * step / steps].to_vec())
        .collect()
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
    let applied = store
        .write(|w| {
            pipeline::take_in(
                w,
                &source.id,
                document.to_vec(),
                pipeline::Foreknown::default(),
                now,
            )
        })
        .unwrap()
        .0;
    applied.new + applied.touched.len()
}

fn publish(store: &mut Store, now: DateTime<Utc>) -> Feed {
    let all = FeedDefinition {
        limit: 1000,
        ..FeedDefinition::new("all", "https://planet.example/".parse().unwrap())
    };
    let due = store.unpublished(now).unwrap();
    let lines = dedupe::ledger_lines(&due.entries, now);
    store
        .publish(&lines, std::slice::from_ref(&all), dedupe::merge, now)
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
    fn any_order_of_arrival_joins_the_same_copies(
        documents in copies(),
        order in Just([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]).prop_shuffle(),
    ) {
        let sources = sources();
        let feed = |order: &[usize], steps: usize| {
            let mut store = Store::in_memory().unwrap();
            store.register(&sources).unwrap();
            let mut steps: Vec<_> = (documents.iter())
                .map(|document| in_steps(document, steps).into_iter())
                .collect();
            for &number in order {
                let document = steps[number].next().unwrap();
                take(&mut store, &sources[number], &document, now());
            }
            let totals = store.totals().unwrap();
            (publish(&mut store, now()), totals.entries, totals.sightings)
        };
        prop_assert_eq!(feed(&order, 3), feed(&[0, 1, 2, 3], 1));
    }

    #[test]
    fn copies_that_come_later_change_no_published_id_and_raise_nothing(
        first in copies(),
        second in copies(),
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
        // an entry may be shown as one with an older one now; what is left stands as it stood, below what is new
        let old: Vec<_> = after.iter().filter(|it| before.contains(it)).cloned().collect();
        prop_assert!(after.ends_with(&old), "{before:?}\n{after:?}");
        let kept: Vec<_> = before.iter().filter(|it| old.contains(it)).cloned().collect();
        prop_assert_eq!(kept, old);
        // and a second look changes nothing
        for (source, document) in sources.iter().zip(&second) {
            prop_assert_eq!(take(&mut store, source, document, later), 0);
        }
        prop_assert_eq!(line(&publish(&mut store, later)), after);
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
