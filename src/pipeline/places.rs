//! Where an entry stands in each feed, and if it is in none, why.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::archives;
use super::definitions::definitions;
use super::error::Error;
use crate::config::Config;
use crate::dedupe;
use crate::lexicon::pattern::slug;
use crate::model::{Clause, FeedDefinition, SourceId};
use crate::store::{EntryRecord, Placement, Store};

/// How far ahead of the clock the date of a published entry may be.
const AHEAD: TimeDelta = TimeDelta::hours(24);

/// Where an entry stands in one feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The name of the feed.
    pub feed: String,
    /// Where.
    #[serde(flatten)]
    pub standing: FeedStanding,
}

/// Whether an entry is in a feed, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum FeedStanding {
    /// It is there.
    In {
        /// From 1, the newest.
        place: usize,
    },
    /// It left the front page; newer entries have taken its place.
    BelowLimit {
        /// How many the feed shows.
        limit: usize,
        /// Where it is now.
        #[serde(flatten)]
        page: ArchivePage,
    },
    /// It left the front page, or never stood there: its source has its share of that.
    BelowShare {
        /// How many of one source the feed shows.
        share: usize,
        /// Where it is.
        #[serde(flatten)]
        page: ArchivePage,
    },
    /// It came with too many at once to stand on the front page: with a new source, a flood, a feed that takes more now.
    ArchiveOnly {
        /// Where it is.
        #[serde(flatten)]
        page: ArchivePage,
    },
    /// The feed is of other sources.
    OtherSources,
    /// None of its sources is configured any more.
    NoSource,
    /// The filters of the feed leave it out.
    Filtered {
        /// By which of their parts.
        #[serde(flatten)]
        by: Clause,
    },
    /// It came with a flood, which is held back until a later run confirms it or a person releases it.
    HeldBack {
        /// The source that brought it.
        source: SourceId,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// Its date lies ahead; it is held until then.
    Held {
        /// That date.
        until: DateTime<Utc>,
    },
    /// The next publication lets it in.
    Waiting,
}

/// A page of the archive of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArchivePage {
    /// Its number, from 1, the oldest.
    pub page: u64,
    /// Its first-class file below the output folder; `None`: the feed is in no format that has archives.
    pub file: Option<String>,
}

/// Where the entry of `record` stands in each feed that is published. Of the feeds of single tags only those that have to do
/// with it.
///
/// # Errors
/// [`Error::Store`].
pub fn places(
    store: &Store,
    config: &Config,
    record: &EntryRecord,
    now: DateTime<Utc>,
) -> Result<Vec<Place>, Error> {
    let mut places = Vec::new();
    for definition in definitions(store, config)? {
        let placement = record.placements.iter().find(|it| it.feed == definition.id);
        if placement.is_none() && is_of_another_tag(&definition, record) {
            continue;
        }
        places.push(Place {
            standing: standing(store, config, record, &definition, placement, now)?,
            feed: definition.id,
        });
    }
    Ok(places)
}

fn is_of_another_tag(definition: &FeedDefinition, record: &EntryRecord) -> bool {
    let Some(wanted) = &definition.filter.tag_slug else {
        return false;
    };
    let tags = definition.vocabulary.apply(&record.entry.tags);
    tags.iter().all(|tag| slug(tag) != *wanted)
}

fn standing(
    store: &Store,
    config: &Config,
    record: &EntryRecord,
    definition: &FeedDefinition,
    placement: Option<&Placement>,
    now: DateTime<Utc>,
) -> Result<FeedStanding, Error> {
    let sources: Vec<&SourceId> = (record.origins.iter())
        .map(|it| &it.source)
        .filter(|it| definition.sources.is_empty() || definition.sources.contains(it))
        .collect();
    if sources.is_empty() {
        return Ok(FeedStanding::OtherSources);
    }
    let is_configured = |id: &&SourceId| config.sources.iter().any(|source| source.id == **id);
    if !sources.iter().any(is_configured) {
        return Ok(FeedStanding::NoSource);
    }
    // what is in fits: the filters are asked again whenever it or they change
    if placement.is_none_or(|it| !it.fits)
        && let Some(by) = store.refusal(definition, record.key, dedupe::merge)?
    {
        return Ok(FeedStanding::Filtered { by });
    }
    match placement {
        Some(placement) if placement.fits && record.ledger.is_some() => {
            on_page(store, record, definition, placement)
        }
        _ => Ok(waiting(record, now)),
    }
}

/// The standing of an entry that no publication has had yet.
fn waiting(record: &EntryRecord, now: DateTime<Utc>) -> FeedStanding {
    if record.ledger.is_some() {
        return FeedStanding::Waiting;
    }
    match (&record.held, record.entry.published) {
        (held, Some(date))
            if date.at > now + AHEAD && !held.as_ref().is_some_and(|held| held.released) =>
        {
            FeedStanding::Held { until: date.at }
        }
        (Some(held), _) if !held.released => FeedStanding::HeldBack {
            source: held.source.clone(),
            since: held.since,
        },
        _ => FeedStanding::Waiting,
    }
}

/// The standing of an entry that is in the feed: on its front page, or why not.
fn on_page(
    store: &Store,
    record: &EntryRecord,
    definition: &FeedDefinition,
    placement: &Placement,
) -> Result<FeedStanding, Error> {
    let page = ArchivePage {
        page: placement.page,
        file: archives::file(definition, placement.page),
    };
    if !placement.front {
        return Ok(match definition.share {
            Some(share) => FeedStanding::BelowShare { share, page },
            None => FeedStanding::ArchiveOnly { page },
        });
    }
    let front = store.feed(definition)?.entries;
    let id = record.ledger.as_ref().map(|line| &line.id);
    let place = front.iter().position(|it| Some(&it.id) == id);
    Ok(match (place, definition.share) {
        (Some(place), _) => FeedStanding::In { place: place + 1 },
        (None, Some(share)) if front.len() < definition.limit => {
            FeedStanding::BelowShare { share, page }
        }
        (None, _) => FeedStanding::BelowLimit {
            limit: definition.limit,
            page,
        },
    })
}
