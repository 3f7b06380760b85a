//! The merged articles of the archive, made anew where what they are made from is another one.

use chrono::{DateTime, Utc};

use crate::dedupe;
use crate::model::{EntryKey, Source};
use crate::store::{self, Store, Write};

/// Takes over the configured sources, and merges anew what one shows that has come or gone: what it said counts no more, or
/// again, and that is news to nobody.
pub(super) fn register(
    store: &mut Store,
    sources: &[Source],
    now: DateTime<Utc>,
) -> Result<(), store::Error> {
    store.write(|write| {
        for key in write.register(sources)? {
            settle(write, key, now, false)?;
        }
        Ok(())
    })
}

/// Merges the article of `key` anew. True if that counts as a change for subscribers.
pub(super) fn settle(
    write: &mut Write<'_>,
    key: EntryKey,
    now: DateTime<Utc>,
    text_changed: bool,
) -> Result<bool, store::Error> {
    let merged = dedupe::merge(&write.sightings(key)?);
    write.settle(key, &merged, now, text_changed)
}
