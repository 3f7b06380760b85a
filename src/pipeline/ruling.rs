//! What people say of entries: that two are one, or that one is several. Kept, and stronger than every rule.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::error::Error;
use super::join;
use super::line::Pipeline;
use super::merging::settle;
use crate::model::{EntryKey, Ruling, SourceId};
use crate::store::{self, Store, Write};

/// Why entries were left as they are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is nothing to join.
    #[error("these are one entry already")]
    OneAlready,
    /// There is nothing to part.
    #[error("only `{0}` shows this entry: there is nothing to part")]
    OneSource(String),
    /// The source has nothing to do with it.
    #[error("`{wanted}` does not show this entry")]
    NotThere {
        /// What was asked for.
        wanted: String,
        /// Who shows it.
        known: Vec<String>,
    },
}

impl Pipeline {
    /// Makes two entries one, and remembers it. Gives the one that is shown from now on: that which was published first. The
    /// other one's id stays in the ledger and is never given again.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn join(
        &self,
        one: EntryKey,
        other: EntryKey,
    ) -> Result<Result<EntryKey, Refused>, Error> {
        let now = self.now();
        self.with_store(move |store| Ok(join_entries(store, one, other, now)?))
            .await
    }

    /// Parts an entry into what each of its sources shows, or `source` from the others, and remembers it. Gives all that there
    /// are now.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn split(
        &self,
        entry: EntryKey,
        source: Option<SourceId>,
    ) -> Result<Result<Vec<EntryKey>, Refused>, Error> {
        let now = self.now();
        self.with_store(move |store| Ok(split_entry(store, entry, source.as_ref(), now)?))
            .await
    }
}

fn join_entries(
    store: &mut Store,
    one: EntryKey,
    other: EntryKey,
    now: DateTime<Utc>,
) -> Result<Result<EntryKey, Refused>, store::Error> {
    store.write(|write| {
        let (here, there) = (write.shown_with(one)?, write.shown_with(other)?);
        if here == there {
            return Ok(Err(Refused::OneAlready));
        }
        // all of them, so that no earlier word to the contrary is left
        rule(write, &here, &there, true, now)?;
        for key in join::again(write, &[one])? {
            settle(write, key, now, false)?;
        }
        Ok(Ok(write.head(one)?))
    })
}

fn split_entry(
    store: &mut Store,
    entry: EntryKey,
    source: Option<&SourceId>,
    now: DateTime<Utc>,
) -> Result<Result<Vec<EntryKey>, Refused>, store::Error> {
    store.write(|write| {
        let members = write.shown_with(entry)?;
        let head = write.head(entry)?;
        let shown = write.sightings(head)?;
        let mut names: Vec<SourceId> = shown.into_iter().map(|it| it.source).collect();
        for member in &members {
            let others = write.sources_of(*member)?;
            names.extend(
                others
                    .into_iter()
                    .filter(|it| !names.contains(it))
                    .collect::<Vec<_>>(),
            );
        }
        let leaving: Vec<SourceId> = match source {
            Some(wanted) if !names.contains(wanted) => {
                return Ok(Err(Refused::NotThere {
                    wanted: wanted.to_string(),
                    known: names.iter().map(SourceId::to_string).collect(),
                }));
            }
            Some(wanted) => vec![wanted.clone()],
            None => names.iter().skip(1).cloned().collect(),
        };
        if names.len() < 2 && members.len() < 2 {
            return Ok(Err(Refused::OneSource(
                names.first().map(SourceId::to_string).unwrap_or_default(),
            )));
        }
        let mut all = members;
        for source in &leaving {
            let apart = part(write, &all, source, now)?;
            let rest: Vec<EntryKey> = all
                .iter()
                .copied()
                .filter(|it| !apart.contains(it))
                .collect();
            rule(write, &apart, &rest, false, now)?;
            all = [rest, apart].concat();
        }
        if source.is_none() {
            for (at, one) in all.iter().enumerate() {
                rule(write, &[*one], &all[at + 1..], false, now)?;
            }
        }
        let mut touched: BTreeSet<EntryKey> = join::again(write, &all)?.into_iter().collect();
        let mut heads = BTreeSet::new();
        for key in all {
            heads.insert(write.head(key)?);
        }
        touched.extend(&heads);
        for key in touched {
            settle(write, key, now, false)?;
        }
        Ok(Ok(heads.into_iter().collect()))
    })
}

/// The entries of `members` that `source` shows; a new one, if others show the same entry too.
fn part(
    write: &mut Write<'_>,
    members: &[EntryKey],
    source: &SourceId,
    now: DateTime<Utc>,
) -> Result<Vec<EntryKey>, store::Error> {
    let mut apart = Vec::new();
    for key in members {
        if !write.sources_of(*key)?.contains(source) {
            continue;
        }
        apart.push(write.part(*key, source, now)?.unwrap_or(*key));
    }
    join::mark(write, &apart)?;
    Ok(apart)
}

fn rule(
    write: &mut Write<'_>,
    here: &[EntryKey],
    there: &[EntryKey],
    together: bool,
    now: DateTime<Utc>,
) -> Result<(), store::Error> {
    for one in here {
        for other in there.iter().filter(|other| *other != one) {
            let ruling = Ruling {
                one: *one,
                other: *other,
                together,
            };
            write.rule(&ruling, now)?;
        }
    }
    Ok(())
}
