//! Which of the entries that come into a feed stand on its front page; the others go to its archive only, for good.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

use super::row;
use crate::model::{FeedDefinition, FeedOrder};

/// An entry that comes into a feed.
pub(super) struct Offered {
    /// Its row.
    pub(super) entry: i64,
    /// The number of the source whose values won.
    pub(super) source: i64,
    /// True if it went on record in this very run; else it was published elsewhere before.
    pub(super) is_fresh: bool,
    /// True if it is older than what is known of its source.
    pub(super) is_backlog: bool,
}

/// What a feed holds so far.
#[derive(Default)]
pub(super) struct Feed {
    /// False: it was never published, and has no subscribers yet.
    has_entries: bool,
    /// Of the sources of what comes in, those that it has had entries of.
    sources: HashSet<i64>,
}

impl Feed {
    /// That of the feed with number `num`.
    pub(super) fn of(conn: &Connection, num: i64, offered: &[Offered]) -> rusqlite::Result<Self> {
        let has_entries = conn
            .prepare_cached("SELECT 1 FROM publications WHERE feed = ?1 LIMIT 1")?
            .exists([num])?;
        let mut feed = Self {
            has_entries,
            ..Self::default()
        };
        if !has_entries {
            return Ok(feed);
        }
        let mut has = conn
            .prepare_cached("SELECT 1 FROM publications WHERE feed = ?1 AND source = ?2 LIMIT 1")?;
        let offered: HashSet<i64> = offered.iter().map(|it| it.source).collect();
        for source in offered {
            if has.exists([num, source])? {
                feed.sources.insert(source);
            }
        }
        Ok(feed)
    }
}

/// For each of `offered`, which are in the order in which they come in, whether it stands on the front page.
///
/// Each source has room up to its share. The limit of the page is no rule for entries: it holds when the page is made, and
/// may be raised. In a feed that was published before, a source that is new to it gets the
/// newest few ([`FeedDefinition::first`]), and so does a flood that was confirmed; of what was published elsewhere before
/// and comes in because the configuration has changed, there are so few in all. What is older than all that was known of a
/// source is no news where that source is known.
pub(super) fn places(
    offered: &[Offered],
    flood: &HashSet<i64>,
    definition: &FeedDefinition,
    feed: &Feed,
) -> Vec<bool> {
    let mut old = definition.first;
    let mut any = usize::MAX;
    let mut guarded: HashMap<i64, usize> = HashMap::new();
    let mut shares: HashMap<i64, usize> = HashMap::new();
    let mut take = |it: &Offered| {
        let most = definition.share.unwrap_or(usize::MAX);
        let share = shares.entry(it.source).or_insert(most);
        if *share == 0 {
            return false;
        }
        if it.is_backlog && feed.sources.contains(&it.source) {
            return false;
        }
        if feed.has_entries {
            let few = if !it.is_fresh {
                &mut old
            } else if flood.contains(&it.entry) || !feed.sources.contains(&it.source) {
                guarded.entry(it.source).or_insert(definition.first)
            } else {
                &mut any
            };
            if *few == 0 {
                return false;
            }
            *few -= 1;
        }
        *share -= 1;
        true
    };
    let mut places: Vec<bool> = offered.iter().rev().map(&mut take).collect();
    places.reverse();
    places
}

/// Takes older entries of the sources of `offered` off the front page of the feed with number `num`, where they have more
/// than their share: if newer ones go, or the share is raised, they do not come back as news.
pub(super) fn crowd_out(
    conn: &Connection,
    num: i64,
    offered: &[Offered],
    definition: &FeedDefinition,
) -> rusqlite::Result<()> {
    let Some(share) = definition.share else {
        return Ok(());
    };
    // in another order the newest are not those that came last; the share is kept when the page is made
    if definition.order != FeedOrder::FirstPublished {
        return Ok(());
    }
    let sources: HashSet<i64> = offered.iter().map(|it| it.source).collect();
    let mut update = conn.prepare_cached(
        "UPDATE publications SET front = 0
         WHERE feed = ?1 AND source = ?2 AND front = 1 AND sequence <= (
             SELECT sequence FROM publications
             WHERE feed = ?1 AND source = ?2 AND front = 1 AND fits = 1
             ORDER BY sequence DESC LIMIT 1 OFFSET ?3)",
    )?;
    for source in sources {
        update.execute(params![num, source, row::stored(share as u64)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition() -> FeedDefinition {
        FeedDefinition {
            first: 2,
            ..FeedDefinition::new("all", "https://planet.example/".parse().unwrap())
        }
    }

    fn from(source: i64, entries: std::ops::Range<i64>, is_fresh: bool) -> Vec<Offered> {
        let offer = |entry| Offered {
            entry,
            source,
            is_fresh,
            is_backlog: false,
        };
        entries.map(offer).collect()
    }

    fn feed(sources: &[i64]) -> Feed {
        Feed {
            has_entries: true,
            sources: sources.iter().copied().collect(),
        }
    }

    fn on_front(offered: &[Offered], flood: &[i64], feed: &Feed) -> Vec<i64> {
        let flood = flood.iter().copied().collect();
        let places = places(offered, &flood, &definition(), feed);
        let on_front = offered.iter().zip(places).filter(|(_, front)| *front);
        on_front.map(|(it, _)| it.entry).collect()
    }

    #[test]
    fn a_feed_without_subscribers_takes_all() {
        let offered = from(1, 0..4, true);
        assert_eq!(on_front(&offered, &[], &Feed::default()), [0, 1, 2, 3]);
    }

    #[test]
    fn a_new_source_gets_the_newest_few_and_a_known_one_all() {
        let mut offered = from(1, 0..9, true);
        offered.extend(from(2, 10..14, true));
        assert_eq!(on_front(&offered, &[], &feed(&[2])), [7, 8, 10, 11, 12, 13]);
    }

    #[test]
    fn no_source_gets_more_than_its_share() {
        let mut offered = from(1, 0..9, true);
        offered.extend(from(2, 10..11, true));
        let definition = FeedDefinition {
            share: Some(3),
            ..definition()
        };
        let places = places(&offered, &HashSet::new(), &definition, &feed(&[1, 2]));
        assert_eq!(places.iter().filter(|front| **front).count(), 4);
        assert_eq!(places[6..], [true; 4]);
    }

    #[test]
    fn a_confirmed_flood_gets_the_newest_few() {
        let offered = from(1, 0..9, true);
        let flood: Vec<i64> = (0..8).collect();
        assert_eq!(on_front(&offered, &flood, &feed(&[1])), [6, 7, 8]);
    }

    #[test]
    fn older_posts_of_a_known_source_are_no_news() {
        let mut offered = from(1, 0..9, true);
        for it in &mut offered[..7] {
            it.is_backlog = true;
        }
        assert_eq!(on_front(&offered, &[], &feed(&[1])), [7, 8]);
        // where the source is not known they are as good as any
        assert_eq!(on_front(&offered, &[], &feed(&[2])), [7, 8]);
        assert_eq!(on_front(&offered[..7], &[], &feed(&[2])), [5, 6]);
    }

    #[test]
    fn what_was_published_elsewhere_gets_the_newest_few_in_all() {
        let mut offered = from(1, 0..5, false);
        offered.extend(from(2, 5..9, false));
        assert_eq!(on_front(&offered, &[], &feed(&[1])), [7, 8]);
    }
}
