//! What a feed of some sources shows of an entry that others show too: the best of what its own sources show, merged as ever.
//! A feed of all shows the merged entry, a feed of one source what that shows.

use super::error::Error;
use crate::dedupe;
use crate::model::{Feed, FeedDefinition, Origin};
use crate::store::Store;

/// The front page of the feed.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn front(store: &Store, definition: &FeedDefinition) -> Result<Feed, Error> {
    of_its_sources(store, store.feed(definition)?)
}

/// A page of its archive.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn page(store: &Store, definition: &FeedDefinition, page: u64) -> Result<Feed, Error> {
    of_its_sources(store, store.page(definition, page)?)
}

fn of_its_sources(store: &Store, mut feed: Feed) -> Result<Feed, Error> {
    let definition = &feed.definition;
    let is_own = |origin: &Origin| definition.sources.contains(&origin.source);
    if definition.sources.len() < 2 {
        return Ok(feed);
    }
    for published in &mut feed.entries {
        if published.origins.iter().all(is_own) {
            continue;
        }
        let mut sightings = store.sightings(&published.id)?;
        sightings.retain(|it| definition.sources.contains(&it.source));
        if sightings.is_empty() {
            continue;
        }
        let merged = dedupe::merge(&sightings);
        published.entry = merged.entry;
        published.entry.tags = definition.vocabulary.apply(&published.entry.tags);
        let rank = |origin: &Origin| {
            let own = merged.origins.iter().position(|it| *it == origin.source);
            own.unwrap_or(usize::MAX)
        };
        published.origins.sort_by_key(rank);
    }
    Ok(feed)
}
