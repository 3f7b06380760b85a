//! What [`Write`] and [`Store`] offer for entries that are shown as one.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Error, Store, Write, likeness, number};
use crate::model::{EntryKey, Mark, Marks, Member, Ruling, SourceId};

impl Store {
    /// The entries that share with `marks` one that says enough, or several parts of a text, or that have one of their links;
    /// of those with a day, all that are at most `reach` days apart, and some that are further.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn candidates(&self, marks: &Marks, reach: u32) -> Result<BTreeSet<EntryKey>, Error> {
        self.at(likeness::candidates(&self.conn, marks, reach))
    }

    /// All that are shown as one with `key`, each with what is recognised by its own aliases, the one that is shown first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn members(&self, key: EntryKey) -> Result<Vec<Member>, Error> {
        let group = self.at(likeness::group(&self.conn, key))?;
        let mut members = Vec::with_capacity(group.len());
        for key in group {
            members.extend(self.at(likeness::member(&self.conn, key))?);
        }
        Ok(members)
    }

    /// What people said of `key`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn rulings(&self, key: EntryKey) -> Result<Vec<Ruling>, Error> {
        self.at(likeness::rulings(&self.conn, key))
    }
}

impl Write<'_> {
    /// Takes the marks `gone` from `key` and gives it those of `marks`, by which others find it; gives what
    /// [`Write::candidates`] gives besides itself. Of entries that meet one after the other, the later one finds the earlier.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn meet(
        &mut self,
        key: EntryKey,
        gone: &[Mark],
        marks: &Marks,
        reach: u32,
    ) -> Result<BTreeSet<EntryKey>, Error> {
        self.at(likeness::meet(self.conn, key, gone, marks, reach))
    }

    /// At most `limit` entries that came before there were marks; they are to be marked now.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn unmarked(&mut self, limit: u32) -> Result<Vec<EntryKey>, Error> {
        self.at(likeness::unmarked(self.conn, limit))
    }

    /// As [`Store::candidates`].
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn candidates(&mut self, marks: &Marks, reach: u32) -> Result<BTreeSet<EntryKey>, Error> {
        self.at(likeness::candidates(self.conn, marks, reach))
    }

    /// The sources that show what is recognised by the aliases of `key`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn sources_of(&mut self, key: EntryKey) -> Result<BTreeSet<SourceId>, Error> {
        self.at(likeness::sources(self.conn, key))
    }

    /// The entry that is shown for `key`: itself, or the one that it is joined to.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn head(&mut self, key: EntryKey) -> Result<EntryKey, Error> {
        Ok(self.at(likeness::head(self.conn, key))?.unwrap_or(key))
    }

    /// All that are shown as one with `key`, the one that is shown first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn shown_with(&mut self, key: EntryKey) -> Result<Vec<EntryKey>, Error> {
        self.at(likeness::group(self.conn, key))
    }

    /// The entry `key` with what is recognised by its aliases.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn member(&mut self, key: EntryKey) -> Result<Option<Member>, Error> {
        self.at(likeness::member(self.conn, key))
    }

    /// What people said of `key`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn rulings(&mut self, key: EntryKey) -> Result<Vec<Ruling>, Error> {
        self.at(likeness::rulings(self.conn, key))
    }

    /// Keeps what a person said, over what was said before.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn rule(&mut self, ruling: &Ruling, now: DateTime<Utc>) -> Result<(), Error> {
        self.at(likeness::rule(self.conn, ruling, now))
    }

    /// Makes each of `groups` one entry, its first the one that is shown. Each must hold all that was joined to any of its
    /// members. Gives the entries that are to be merged anew and settled before the transaction ends.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn regroup(&mut self, groups: &[Vec<EntryKey>]) -> Result<Vec<EntryKey>, Error> {
        self.at(likeness::regroup(self.conn, groups))
    }

    /// What `source` shows under the aliases of `key` becomes an entry of its own, for good; both are to be settled. `None`
    /// if the source shows nothing of it, or nobody else does.
    ///
    /// # Errors
    /// If the database cannot be written, or `source` was never registered.
    pub fn part(
        &mut self,
        key: EntryKey,
        source: &SourceId,
        now: DateTime<Utc>,
    ) -> Result<Option<EntryKey>, Error> {
        let num = number(self.conn, self.path, source)?;
        self.at(likeness::part(self.conn, key, num, now))
    }
}
