//! Which of the entries that a source has just shown are one with others.

use std::collections::{BTreeMap, BTreeSet};

use crate::dedupe::{self, Candidate, Profile};
use crate::model::{EntryKey, Mark, Marks, Ruling};
use crate::store::{self, Write};

/// No more entries are looked at together; so many texts that are alike are no article but a plague.
const MOST: usize = 64;
/// As many entries that came before there were marks are marked at once.
const BATCH: u32 = 500;

/// An entry that has just been stored or changed.
pub(super) struct Shown {
    pub(super) key: EntryKey,
    /// The marks that it had because of what its source showed before.
    pub(super) before: Vec<Mark>,
    /// The marks of what its source shows now, if nobody else shows the entry.
    pub(super) alone: Option<Marks>,
}

/// Marks what was `shown`, and makes one what is one with others. Gives the entries that are to be merged anew.
pub(super) fn join(
    write: &mut Write<'_>,
    shown: Vec<Shown>,
) -> Result<Vec<EntryKey>, store::Error> {
    let mut crowd = Vec::new();
    for Shown { key, before, alone } in shown {
        // nothing was ever said of what is new
        let is_new = alone.is_some();
        let marks = match alone {
            Some(marks) => marks,
            None => match write.member(key)? {
                Some(member) => all_marks(&Candidate::from(member)),
                None => continue,
            },
        };
        // of two that are shown at once, the later one finds the other
        let others = write.meet(key, &before, &marks, reach())?;
        let is_free = is_new || write.shown_with(key)?.len() == 1 && write.rulings(key)?.is_empty();
        if !is_free || !is_alone(write, key, others)? {
            crowd.push(key);
        }
    }
    again(write, &crowd)
}

/// Makes one what is one with any of `keys`, and several what is not. Gives the entries that are to be merged anew.
pub(super) fn again(
    write: &mut Write<'_>,
    keys: &[EntryKey],
) -> Result<Vec<EntryKey>, store::Error> {
    let mut touched = BTreeSet::new();
    let mut done = BTreeSet::new();
    for &key in keys {
        if done.contains(&key) {
            continue;
        }
        let around = around(write, key)?;
        done.extend(around.candidates.iter().map(|it| it.member.key));
        let groups = dedupe::group(&around.candidates, &around.rulings);
        touched.extend(write.regroup(&groups)?);
    }
    Ok(touched.into_iter().collect())
}

/// Gives `keys` the marks of what is shown of them.
pub(super) fn mark(write: &mut Write<'_>, keys: &[EntryKey]) -> Result<(), store::Error> {
    for key in keys {
        if let Some(member) = write.member(*key)? {
            write.meet(*key, &[], &all_marks(&Candidate::from(member)), reach())?;
        }
    }
    Ok(())
}

/// True if none of `others` may be one with `key`: a source shows both.
fn is_alone(
    write: &mut Write<'_>,
    key: EntryKey,
    others: BTreeSet<EntryKey>,
) -> Result<bool, store::Error> {
    if others.is_empty() {
        return Ok(true);
    }
    let sources = write.sources_of(key)?;
    for other in others {
        if write.sources_of(other)?.is_disjoint(&sources) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// All that may be one with an entry, or with what may be one with it.
struct Around {
    candidates: Vec<Candidate>,
    rulings: Vec<Ruling>,
}

fn around(write: &mut Write<'_>, key: EntryKey) -> Result<Around, store::Error> {
    let mut found: BTreeMap<EntryKey, Candidate> = BTreeMap::new();
    let mut rulings = BTreeSet::new();
    let mut waiting = vec![key];
    if let Some(member) = write.member(key)? {
        found.insert(key, Candidate::from(member));
    }
    while let Some(key) = waiting.pop() {
        let Some(marks) = found.get(&key).map(all_marks) else {
            continue;
        };
        let sources = write.sources_of(key)?;
        let mut certain: BTreeSet<EntryKey> = write.shown_with(key)?.into_iter().collect();
        for ruling in write.rulings(key)? {
            certain.extend(
                [ruling.one, ruling.other]
                    .into_iter()
                    .filter(|_| ruling.together),
            );
            rulings.insert((ruling.one, ruling.other, ruling.together));
        }
        let mut likely = write.candidates(&marks, reach())?;
        likely.extend(&certain);
        for other in likely {
            if found.contains_key(&other) || found.len() >= MOST && !certain.contains(&other) {
                continue;
            }
            if !certain.contains(&other) && !write.sources_of(other)?.is_disjoint(&sources) {
                continue;
            }
            let Some(candidate) = write.member(other)?.map(Candidate::from) else {
                continue;
            };
            let here = &found[&key];
            if certain.contains(&other)
                || here
                    .likeness(&candidate)
                    .as_ref()
                    .is_some_and(dedupe::is_same)
            {
                found.insert(other, candidate);
                waiting.push(other);
            }
        }
    }
    Ok(Around {
        candidates: found.into_values().collect(),
        rulings: (rulings.into_iter())
            .map(|(one, other, together)| Ruling {
                one,
                other,
                together,
            })
            .collect(),
    })
}

/// The marks of all that is shown of an entry.
fn all_marks(candidate: &Candidate) -> Marks {
    let mut all = Marks::default();
    for marks in candidate.profiles.iter().map(Profile::marks) {
        all.kept.extend(marks.kept);
        all.asked.extend(marks.asked);
        all.links.extend(marks.links);
    }
    all.kept.sort_unstable();
    all.kept.dedup();
    all
}

/// How far apart the days of two entries may be that are one; a date may be known by its month alone.
pub(super) fn reach() -> u32 {
    dedupe::WINDOW_DAYS + 31
}

/// Marks the entries that came before there were marks, some at a time; true while there are more. They are not joined to
/// one another: what subscribers have seen as two stays two.
pub(super) fn mark_old(write: &mut Write<'_>) -> Result<bool, store::Error> {
    let keys = write.unmarked(BATCH)?;
    mark(write, &keys)?;
    Ok(!keys.is_empty())
}
