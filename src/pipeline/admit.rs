//! Whether anything may be taken from a page that was not known to be one before it was asked for: it may stand where a feed
//! was, and robots.txt may keep us out.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::ending::{Visit, failed_to_fetch};
use super::error::Error;
use super::line::Pipeline;
use super::read::Reading;
use crate::extract;
use crate::fetch::{self, Gate as _};
use crate::model::{Document, Entry, Outcome, Source, SourceKind, SourceState};

/// Why nothing is taken from a page that was not known to be one before it was asked for.
pub(super) enum KeptOut {
    /// It stands where a feed was, and does not show its posts.
    NoFeed,
    /// What its site's robots.txt says.
    Robots(fetch::Error),
}

impl Pipeline {
    /// Why nothing may be taken from a page, which was found where `state` was learnt. Whoever runs agg may have said that it
    /// is right (`is_told`), and robots.txt may have let us pass before (`is_gated`).
    ///
    /// # Errors
    /// [`Error`] only if the archive fails.
    pub(super) async fn keeps_out(
        &self,
        source: &Source,
        (state, is_told, is_gated): (&SourceState, bool, bool),
        page: &Document,
        read: &Result<Reading, extract::Error>,
        now: DateTime<Utc>,
    ) -> Result<Option<KeptOut>, Error> {
        let was_feed = was_feed(source, state) && !is_told;
        if was_feed && !self.goes_on_as_page(source, state, read).await? {
            return Ok(Some(KeptOut::NoFeed));
        }
        let gatekeeper = self.gatekeeper(source, now).filter(|_| !is_gated);
        let Some(gatekeeper) = gatekeeper else {
            return Ok(None);
        };
        let Err(error) = gatekeeper.pass(&page.url).await else {
            return Ok(None);
        };
        if !was_feed {
            // so that next time it is known before it is asked
            let id = source.id.clone();
            self.with_store(move |store| Ok(store.write(|write| write.is_page(&id))?))
                .await?;
        }
        Ok(Some(KeptOut::Robots(error)))
    }

    /// How a visit ends that was kept out, at the first of these times by an answer.
    pub(super) async fn kept_out(
        &self,
        source: &Source,
        state: SourceState,
        document: Document,
        outcome: Outcome,
        why: KeptOut,
        (answered, now): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Visit, Error> {
        match why {
            KeptOut::NoFeed => {
                self.no_feed_any_more(source, state, document, outcome, now)
                    .await
            }
            KeptOut::Robots(error) => Ok(failed_to_fetch(
                source, outcome, state, &error, answered, now,
            )),
        }
    }

    /// True if a page that stands where a feed was shows what that feed showed: half of what the shorter of the two has.
    async fn goes_on_as_page(
        &self,
        source: &Source,
        state: &SourceState,
        read: &Result<Reading, extract::Error>,
    ) -> Result<bool, Error> {
        let Ok(reading) = read else {
            return Ok(false);
        };
        let posts = self.posts(source).await?;
        let keys: HashSet<&str> = posts
            .iter()
            .filter_map(|post| post.key.as_deref())
            .collect();
        let titles: HashSet<&str> = posts.iter().map(|post| post.title.as_str()).collect();
        let is_known = |entry: &&Entry| {
            let key = entry.key.as_deref();
            key.is_some_and(|key| keys.contains(key)) || titles.contains(entry.title.as_str())
        };
        let known = reading.entries.iter().filter(is_known).count();
        let shown = usize::try_from(state.entries).unwrap_or(usize::MAX);
        Ok(known > 0 && known * 2 >= reading.entries.len().min(shown))
    }
}

/// True if what `source` showed so far came from a feed, and it may be either.
fn was_feed(source: &Source, state: &SourceState) -> bool {
    source.kind == SourceKind::Auto && state.entries > 0 && !state.is_page
}
