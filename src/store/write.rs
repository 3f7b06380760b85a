//! What one transaction may change.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::{
    Applied, Error, Prepared, aliases, contracts, entries, ledger, number, registry, robots,
    sightings, sources,
};
use crate::model::{
    Alias, Change, Contract, Document, EntryKey, Kept, Known, KnownPost, Merged, Outcome,
    RobotsFile, Sighting, Source, SourceId, SourceMeta, SourceState, Verdict, Wrapper,
};

/// An open transaction of [`Store::write`](super::Store::write).
#[derive(Debug)]
pub struct Write<'a> {
    pub(super) conn: &'a Connection,
    pub(super) path: &'a Path,
}

impl Write<'_> {
    pub(super) fn at<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|source| Error::of(self.path, source))
    }

    pub(super) fn number(&self, source: &SourceId) -> Result<i64, Error> {
        number(self.conn, self.path, source)
    }

    /// As [`Store::register`](super::Store::register). Gives the entries that are to be merged anew and settled before the
    /// transaction ends: a source that shows them has come or gone.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn register(&mut self, configured: &[Source]) -> Result<BTreeSet<EntryKey>, Error> {
        self.at(registry::register(self.conn, configured))
    }

    /// What the archive remembers of `aliases`.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn known(&mut self, source: &SourceId, aliases: &[Alias]) -> Result<Known, Error> {
        let num = self.number(source)?;
        self.at(aliases::known(self.conn, num, aliases))
    }

    /// The posts that `source` showed, the thousand that it listed last, or those of the very `dates`: as a migration compares
    /// them.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn posts(
        &mut self,
        source: &SourceId,
        dates: Option<&[DateTime<Utc>]>,
    ) -> Result<Vec<KnownPost>, Error> {
        let num = self.number(source)?;
        self.at(contracts::posts(self.conn, num, dates))
    }

    /// So many of the posts that `source` listed last, from the top.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn posts_listed(
        &mut self,
        source: &SourceId,
        most: usize,
    ) -> Result<Vec<KnownPost>, Error> {
        let num = self.number(source)?;
        self.at(contracts::latest(self.conn, num, most))
    }

    /// Those of `keys` that `source` showed, as a migration compares them.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn posts_at(
        &mut self,
        source: &SourceId,
        keys: &BTreeSet<EntryKey>,
    ) -> Result<Vec<KnownPost>, Error> {
        let num = self.number(source)?;
        self.at(contracts::posts_at(self.conn, num, keys))
    }

    /// When `source` was last read, or was what it had been; `None`: never.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn last_good(&mut self, source: &SourceId) -> Result<Option<DateTime<Utc>>, Error> {
        let num = self.number(source)?;
        self.at(sources::last_good(self.conn, num))
    }

    /// True if `source` has shown anything yet.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn has_shown(&mut self, source: &SourceId) -> Result<bool, Error> {
        let num = self.number(source)?;
        self.at(contracts::has_shown(self.conn, num))
    }

    /// The guids of `source`, and the `links`, are evidence for nothing any more.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn renumbered(&mut self, source: &SourceId, links: &[Alias]) -> Result<(), Error> {
        let num = self.number(source)?;
        self.at(aliases::forget(self.conn, num, links))
    }

    /// Keeps what `source` showed at `now`. A new entry is its own merged article; those in [`Applied::touched`] are to be
    /// merged anew and given to [`Write::settle`] before the transaction ends.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn apply(
        &mut self,
        source: &SourceId,
        changes: &[Change],
        now: DateTime<Utc>,
    ) -> Result<Applied, Error> {
        self.apply_prepared(source, changes, &[], now)
    }

    /// As [`Write::apply`]. `prepared` holds, in the order of the changes, what was made ready of their entries just as they are
    /// there; what is missing is made now.
    ///
    /// # Errors
    /// As [`Write::apply`].
    pub fn apply_prepared(
        &mut self,
        source: &SourceId,
        changes: &[Change],
        prepared: &[Option<Prepared>],
        now: DateTime<Utc>,
    ) -> Result<Applied, Error> {
        let num = self.number(source)?;
        self.at(entries::apply(self.conn, num, changes, prepared, now))
    }

    /// What `source` shows under the aliases of `key`, if it does.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn sighting(
        &mut self,
        source: &SourceId,
        key: EntryKey,
    ) -> Result<Option<Sighting>, Error> {
        let all = self.at(sightings::at_home(self.conn, key, true))?;
        Ok(all.into_iter().find(|it| it.source == *source))
    }

    /// As [`Write::sighting`], without its body, which is most of the work.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn sighting_without_body(
        &mut self,
        source: &SourceId,
        key: EntryKey,
    ) -> Result<Option<Sighting>, Error> {
        let all = self.at(sightings::at_home(self.conn, key, false))?;
        Ok(all.into_iter().find(|it| it.source == *source))
    }

    /// True if the entry that `key` is shown as was ever published.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn is_on_record(&mut self, key: EntryKey) -> Result<bool, Error> {
        self.at(ledger::is_on_record(self.conn, key))
    }

    /// The entry `key` as each of its sources shows it.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn sightings(&mut self, key: EntryKey) -> Result<Vec<Sighting>, Error> {
        self.at(sightings::of(self.conn, key, None))
    }

    /// Keeps the merged article of `key`. `text_changed` says that a source has changed its text: if the merged text is
    /// then another one, it counts as changed at `now` for subscribers. Without it a change (a fuller text from one more
    /// source) is kept but announced to nobody. True if it counts.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn settle(
        &mut self,
        key: EntryKey,
        merged: &Merged,
        now: DateTime<Utc>,
        text_changed: bool,
    ) -> Result<bool, Error> {
        self.at(entries::settle(self.conn, key, merged, now, text_changed))
    }

    /// The text of `key` has changed so much that a feed may show it again ([`FeedDefinition::republish`]).
    ///
    /// [`FeedDefinition::republish`]: crate::model::FeedDefinition::republish
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn edited(&mut self, key: EntryKey) -> Result<(), Error> {
        let done = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO edited (entry) VALUES (?1)")
            .and_then(|mut insert| insert.execute([key.0]));
        self.at(done).map(|_| ())
    }

    /// The dates of the latest `limit` posts of `source` up to `now`, each once, newest first; an undated post counts by
    /// when it was first seen.
    ///
    /// # Errors
    /// If the database cannot be read, or `source` was never registered.
    pub fn posted(
        &mut self,
        source: &SourceId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<DateTime<Utc>>, Error> {
        let num = self.number(source)?;
        self.at(sources::posted(self.conn, num, now, limit))
    }

    /// Keeps what the document of `source` says of itself.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn describe(
        &mut self,
        source: &SourceId,
        meta: &SourceMeta,
        is_feed: bool,
    ) -> Result<(), Error> {
        let num = self.number(source)?;
        self.at(sources::describe(self.conn, num, meta, is_feed))
    }

    /// Keeps the verdict on a page, and what was `learnt` from it if it is good.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn judged(
        &mut self,
        source: &SourceId,
        verdict: &Verdict,
        learnt: Option<(&Contract, Option<&Wrapper>)>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let num = self.number(source)?;
        self.at(contracts::judged(self.conn, num, verdict, learnt, now))
    }

    /// The page of `source`, if it has one, is again what it was when it was last read rightly.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn good_again(&mut self, source: &SourceId, now: DateTime<Utc>) -> Result<(), Error> {
        let num = self.number(source)?;
        self.at(contracts::good_again(self.conn, num, now))
    }

    /// What `source` shows is no page: what was said of one that stood in its place is void.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn no_page(&mut self, source: &SourceId) -> Result<(), Error> {
        let num = self.number(source)?;
        self.at(contracts::no_page(self.conn, num))
    }

    /// Keeps a page for people to look at: the last good one, or the first bad one since the source was fine. Of a very
    /// long one, the first 2 MB.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn keep_page(
        &mut self,
        source: &SourceId,
        which: Kept,
        document: &Document,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let num = self.number(source)?;
        self.at(contracts::keep_page(self.conn, num, which, document, now))
    }

    /// Keeps a `robots.txt` that was asked for at `now`; sites that were not asked for a long time are forgotten.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_robots(&mut self, file: &RobotsFile, now: DateTime<Utc>) -> Result<(), Error> {
        self.at(robots::keep_robots(self.conn, file, now))
    }

    /// `source` turned out to be an index page, though nothing was taken from it.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn is_page(&mut self, source: &SourceId) -> Result<(), Error> {
        let num = self.number(source)?;
        self.at(robots::is_page(self.conn, num))
    }

    /// No source of `host` is to be asked before `until`, as its server wishes.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn leave_alone(&mut self, host: &str, until: DateTime<Utc>) -> Result<(), Error> {
        self.at(sources::leave_alone(self.conn, host, until))
    }

    /// Keeps the new state of a source (but for `title`, `hints`, `is_page` and `entries`, which [`Write::describe`] and
    /// [`Write::apply`] keep), and a line of the fetch log unless it was not asked at all. The log keeps the last hundred lines a
    /// source.
    ///
    /// # Errors
    /// If the database cannot be written, or the source was never registered.
    pub fn record(
        &mut self,
        outcome: &Outcome,
        state: &SourceState,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let num = self.number(&outcome.source)?;
        self.at(sources::record(self.conn, num, outcome, state, now))
    }
}
