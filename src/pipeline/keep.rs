//! Entries → store.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::contract::Learnt;
use super::join::{self, Shown};
use super::merging::settle;
use super::migration;
use super::moves;
use super::prepare::Incoming;
use super::read::Reading;
use crate::dedupe::{self, Profile};
use crate::model::{
    Alias, Change, Document, DocumentKind, Entry, EntryKey, Field, Kept, Known, Mark, Migrated,
    Moved, Outcome, OutcomeKind, Print, Source, SourceId, SourceState,
};
use crate::schedule;
use crate::store::{self, Applied, Write};

/// Entries → store, in one transaction: what is known is looked up again inside it, so that two sources which bring the
/// same article in the same cycle still make one entry. With the state comes where the source has moved to, if what was read
/// is still the same. Entries that are known and whose links are `filled` come with what their own pages say.
pub(super) fn keep(
    write: &mut Write<'_>,
    source: &Source,
    (reading, incoming): (Reading, Incoming),
    kept: Option<&(Box<Learnt>, Document)>,
    mut outcome: Outcome,
    (mut state, led_to, is_read_anew, filled): (SourceState, Option<Moved>, bool, &[String]),
    now: DateTime<Utc>,
) -> Result<Outcome, store::Error> {
    let known = Foreknown {
        moved: kept.map_or(&[], |(learnt, _)| &learnt.moved),
        filled,
        is_read_anew,
    };
    let (applied, migrated) = take_in(write, &source.id, incoming, known, now)?;
    if let Some(migrated) = &migrated {
        outcome.warnings.push(migration::warning(migrated));
        if migrated.is_event {
            outcome.kind = OutcomeKind::Healed;
        }
    }
    outcome.migrated = migrated;
    write.describe(
        &source.id,
        &reading.meta,
        reading.kind == DocumentKind::Feed,
    )?;
    (outcome.new, outcome.updated, outcome.known) = (applied.new, applied.updated, applied.known);
    if moves::is_same(&state, reading.kind, &outcome) {
        state.moved = led_to;
    } else if led_to.is_some() && led_to != state.moved {
        state.moved = moves::doubted(led_to);
    }
    if applied.new > 0 {
        state.last_new = Some(now);
    }
    if applied.new > 0 || state.gap.is_none() {
        let posted = write.posted(&source.id, now, schedule::MOST_POSTS)?;
        state.gap = schedule::gap(&posted);
        state.newest = posted.first().copied();
    }
    if let Some((learnt, document)) = kept {
        let rules = (&learnt.contract, learnt.wrapper.as_ref());
        write.judged(&source.id, &learnt.verdict, Some(rules), now)?;
        write.keep_page(&source.id, Kept::Good, document, now)?;
    } else if reading.kind == DocumentKind::Feed {
        write.no_page(&source.id)?;
    }
    write.record(&outcome, &state, now)?;
    Ok(outcome)
}

/// What is known of a document before its entries are looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Foreknown<'a> {
    /// Posts that are now at other addresses: canonical keys, the new one with the old one.
    pub moved: &'a [(String, String)],
    /// Posts that come with more than when they were new, what their own pages say: by their canonical keys.
    pub filled: &'a [String],
    /// It is read in another way than before: from another address, by other rules, a feed in the place of a page. What is
    /// other in the texts of its posts then is no work of their authors.
    pub is_read_anew: bool,
}

/// The entries of one document of `source` → store: recognised, joined with what is like them, merged. Gives what has come
/// under other names than before, too. Of what is `incoming` and not prepared, what is kept is made now.
///
/// # Errors
/// If the database cannot be written, or `source` was never registered.
pub fn take_in(
    write: &mut Write<'_>,
    source: &SourceId,
    incoming: impl Into<Incoming>,
    foreknown: Foreknown<'_>,
    now: DateTime<Utc>,
) -> Result<(Applied, Option<Migrated>), store::Error> {
    let mut incoming = incoming.into();
    let entries = incoming.take_entries();
    let aliases = dedupe::aliases(source, &entries);
    let mut known = write.known(source, &aliases.concat())?;
    let mut moved = recognise(write, source, foreknown.moved, &mut known)?;
    // what is other of them is no work of their authors either
    for key in foreknown.filled {
        if let Some(key) = known.aliases.get(&Alias::Link(key.clone())) {
            known.prints.insert(*key, Print([0; 16]));
            moved.insert(*key);
        }
    }
    let dates = migration::dates(&entries, &aliases, &known);
    let mut changes = dedupe::decide(source, entries, &known);
    for change in &mut changes {
        if let Change::Updated { of, .. } = *change
            && moved.contains(&of)
        {
            migration::into_moved(change, of);
        }
    }
    let told = (&known, foreknown.moved);
    let migrated = migration::follow(write, source, &mut changes, told)?;
    if foreknown.is_read_anew {
        for change in &mut changes {
            if let Change::Updated { of, .. } = *change {
                migration::into_moved(change, of);
            }
        }
    }
    for at in migration::undate(write, source, &mut changes, dates)? {
        // what was made of it has the date
        incoming.take(&changes[at]);
    }
    let mut before = carry_over(write, source, &mut changes, foreknown.is_read_anew, now)?;
    let (prepared, marks): (Vec<_>, Vec<_>) = (changes.iter())
        .map(|change| incoming.take(change).map(|it| (it.kept, it.marks)).unzip())
        .unzip();
    let applied = write.apply_prepared(source, &changes, &prepared, now)?;
    let fresh = (changes.iter().zip(marks)).filter_map(|(change, marks)| match change {
        Change::New { entry, .. } => Some(marks.unwrap_or_else(|| dedupe::marks(entry))),
        _ => None,
    });
    let mut shown: Vec<Shown> = (applied.fresh.iter().zip(fresh))
        .map(|(key, marks)| Shown {
            key: *key,
            before: Vec::new(),
            alone: Some(marks),
        })
        .collect();
    shown.extend(applied.touched.iter().map(|key| Shown {
        key: *key,
        before: before.marks.remove(key).unwrap_or_default(),
        alone: None,
    }));
    let mut heads: BTreeSet<EntryKey> = join::join(write, shown)?.into_iter().collect();
    let mut rewritten = HashSet::new();
    let mut news = HashSet::new();
    for change in &changes {
        let (Change::Updated { of, .. }
        | Change::Moved { of, .. }
        | Change::Corrected { of, .. }
        | Change::Duplicate { of, .. }) = change
        else {
            continue;
        };
        let head = write.head(*of)?;
        heads.insert(head);
        // neither another address or tag nor one more source is news to subscribers
        if matches!(change, Change::Updated { .. }) {
            rewritten.insert(head);
            if before.rewritten.contains(of) {
                news.insert(head);
            }
        }
    }
    for key in heads {
        if settle(write, key, now, rewritten.contains(&key))? && news.contains(&key) {
            write.edited(key)?;
        }
    }
    Ok((applied, migrated))
}

/// The entries of a document that have changed, as they were.
#[derive(Default)]
struct Before {
    /// The marks by which each was found.
    marks: HashMap<EntryKey, Vec<Mark>>,
    /// Those that say something else now, and not only another word.
    rewritten: HashSet<EntryKey>,
}

/// Gives what has changed what it does not say itself any more, and takes a text that never rests for what it was.
fn carry_over(
    write: &mut Write<'_>,
    source: &SourceId,
    changes: &mut [Change],
    is_read_anew: bool,
    now: DateTime<Utc>,
) -> Result<Before, store::Error> {
    let mut before = Before::default();
    for change in changes {
        match change {
            Change::Updated {
                of,
                entry,
                aliases,
                rewrites,
            } => {
                let Some(old) = write.sighting(source, *of)? else {
                    continue;
                };
                let Some(revised) = dedupe::revise(&old, entry, now) else {
                    *change = Change::Same {
                        of: *of,
                        aliases: std::mem::take(aliases),
                        position: entry.position,
                        beside: None,
                    };
                    continue;
                };
                *rewrites = revised;
                **entry = carried(write, *of, &old.entry, entry, (false, now))?;
                let was = Profile::of(&old);
                if dedupe::is_rewritten(&was, &Profile::new(source, entry, now)) {
                    before.rewritten.insert(*of);
                }
                before.marks.insert(*of, was.marks().kept);
            }
            Change::Moved { of, entry, .. } => {
                if let Some(old) = write.sighting(source, *of)? {
                    **entry = carried(write, *of, &old.entry, entry, (true, now))?;
                    before.marks.insert(*of, Profile::of(&old).marks().kept);
                }
            }
            Change::Same {
                of,
                aliases,
                beside: Some(entry),
                ..
            } => {
                let Some(shown) = write.sighting_without_body(source, *of)? else {
                    continue;
                };
                let how = (is_read_anew, now);
                let new = carried(write, *of, &shown.entry, entry, how)?;
                let Some(rewrites) = dedupe::correct(&shown, &new, is_read_anew, now) else {
                    continue;
                };
                let Some(old) = write.sighting(source, *of)? else {
                    continue;
                };
                before.marks.insert(*of, Profile::of(&old).marks().kept);
                let new = carried(write, *of, &old.entry, entry, how)?;
                *change = Change::Corrected {
                    of: *of,
                    entry: Box::new(dedupe::carry_derived(&old.entry, new)),
                    aliases: std::mem::take(aliases),
                    rewrites,
                };
            }
            _ => {}
        }
    }
    Ok(before)
}

/// `new` with what must not be lost of `old`, the same entry `of` as it was shown before: all that is not said any more, if it
/// is read in another way. Its date may be mended until it is published.
fn carried(
    write: &mut Write<'_>,
    of: EntryKey,
    old: &Entry,
    new: &Entry,
    (is_read_anew, now): (bool, DateTime<Utc>),
) -> Result<Entry, store::Error> {
    let mut carried = if is_read_anew {
        dedupe::carry_all(old, new.clone())
    } else {
        dedupe::carry(old, new.clone())
    };
    if let Some(date) = dedupe::redate(old, new, now)
        && !write.is_on_record(of)?
    {
        carried.published = Some(date);
        if let Some(tier) = new.provenance.get(&Field::Published) {
            carried.provenance.insert(Field::Published, *tier);
        }
    }
    Ok(carried)
}

/// Makes posts known by their new addresses, given with the old ones; returns which they are.
fn recognise(
    write: &mut Write<'_>,
    source: &SourceId,
    moved: &[(String, String)],
    known: &mut Known,
) -> Result<HashSet<EntryKey>, store::Error> {
    let mut found = HashSet::new();
    for (new, old) in moved {
        let (new, old) = (Alias::Link(new.clone()), Alias::Link(old.clone()));
        let Some(key) = write
            .known(source, std::slice::from_ref(&old))?
            .aliases
            .remove(&old)
        else {
            continue;
        };
        known.aliases.entry(new).or_insert(key);
        // whatever its text, its link is another one
        known.prints.insert(key, Print([0; 16]));
        found.insert(key);
    }
    Ok(found)
}
