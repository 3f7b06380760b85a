//! Posts that come under other names than before are found in the archive, and keep theirs.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::dedupe::{self, Migration, Shown};
use crate::model::{Alias, Change, Entry, EntryKey, Known, KnownPost, Migrated, Renamed, SourceId};
use crate::store::{self, Write};

/// As many examples are told.
const TOLD: usize = 3;
/// So many entries that are not what they were, and half of all, are looked at together.
const CROWD: usize = 3;

/// Turns `changes` that are posts under other names into what they are. `moved` are posts that were told to have moved
/// already: each with its new address and its old one.
pub(super) fn follow(
    write: &mut Write<'_>,
    source: &SourceId,
    changes: &mut [Change],
    (known, moved): (&Known, &[(String, String)]),
) -> Result<Option<Migrated>, store::Error> {
    let mut migrated = Migrated {
        known: moved.len(),
        of: moved.len(),
        is_event: moved.len() >= CROWD && moved.len() * 2 >= changes.len(),
        examples: moved.iter().take(TOLD).map(renamed_link).collect(),
    };
    let posts = candidates(write, source, changes, known)?;
    if !posts.is_empty() {
        let (places, found) = found(&posts, changes);
        let place = |at: &usize| places[*at];
        let renumbered: Vec<usize> = found.renumbered.iter().map(place).collect();
        if !renumbered.is_empty() {
            let stale = renumbered.iter().flat_map(|at| aliases(&changes[*at]));
            write.renumbered(source, &stale.cloned().collect::<Vec<_>>())?;
        }
        // whose ids only go round is no news to anybody, least of all each time
        let is_news = |at: usize| !renumbered.contains(&at);
        let pairs = found.pairs.iter();
        migrated.known += pairs.filter(|(at, _)| is_news(place(at))).count();
        migrated.of += found.open - renumbered.len();
        migrated.is_event |= found.is_event && renumbered.is_empty();
        for at in &renumbered {
            into_new(&mut changes[*at]);
        }
        for (at, post) in &found.pairs {
            let (change, post) = (&mut changes[place(at)], &posts[*post]);
            let examples = &mut migrated.examples;
            let is_told = is_news(place(at)) && examples.len() < TOLD;
            examples.extend(renamed(post, change).filter(|_| is_told));
            into_moved(change, post.entry);
        }
    }
    Ok((migrated.known > 0).then_some(migrated))
}

/// What the owner is told.
pub(super) fn warning(migrated: &Migrated) -> String {
    let Migrated {
        known,
        of,
        is_event,
        examples,
    } = migrated;
    let examples: Vec<String> = (examples.iter())
        .map(|it| format!("{} → {}", it.from, it.to))
        .collect();
    let what = if *is_event { "migrated" } else { "moved" };
    let told = match *of {
        1 => "a post stands under another address or id, and is what it was".to_owned(),
        of => format!(
            "of {of} posts under addresses or ids never seen {known} are known, and are what they were"
        ),
    };
    format!("{what}: {told} ({})", examples.join(", ")).replace(" ()", "")
}

/// The posts that may come under other names now: all that are remembered where most of a document is not what it was, else
/// those of the very date of a new one.
fn candidates(
    write: &mut Write<'_>,
    source: &SourceId,
    changes: &[Change],
    known: &Known,
) -> Result<Vec<KnownPost>, store::Error> {
    let open = || changes.iter().filter_map(open);
    let other = changes
        .iter()
        .filter(|it| matches!(it, Change::Updated { .. }));
    let crowd = open().count() + other.count();
    let is_crowd = crowd >= CROWD && crowd * 2 >= changes.len();
    // nothing is asked where nothing is open, nor of a source that is read for the first time
    if open().next().is_none() && !is_crowd
        || known.prints.is_empty() && !write.has_shown(source)?
    {
        return Ok(Vec::new());
    }
    if is_crowd {
        return write.posts(source, None);
    }
    let mut dates: Vec<DateTime<Utc>> = open()
        .filter_map(|entry| entry.published.map(|date| date.at))
        .collect();
    dates.sort_unstable();
    dates.dedup();
    write.posts(source, Some(&dates))
}

/// What has moved of `changes`, counted among those whose places are given.
fn found(posts: &[KnownPost], changes: &[Change]) -> (Vec<usize>, Migration) {
    let unchanged: BTreeSet<EntryKey> = changes.iter().filter_map(unchanged).collect();
    let shown = changes.iter().enumerate();
    let (places, shown): (Vec<usize>, Vec<Shown<'_>>) = shown
        .filter_map(|(at, change)| Some((at, shown_by(change)?)))
        .unzip();
    (places, dedupe::migrate(posts, &shown, &unchanged))
}

/// An entry that this source has not shown before under any of its names.
fn open(change: &Change) -> Option<&Entry> {
    match change {
        Change::New { entry, .. } | Change::Duplicate { entry, .. } => Some(entry),
        _ => None,
    }
}

fn unchanged(change: &Change) -> Option<EntryKey> {
    match change {
        Change::Same { of, .. } => Some(*of),
        _ => None,
    }
}

fn shown_by(change: &Change) -> Option<Shown<'_>> {
    match change {
        Change::Updated { of, entry, .. } | Change::Moved { of, entry, .. } => Some(Shown {
            entry,
            is: Some(*of),
        }),
        change => open(change).map(|entry| Shown { entry, is: None }),
    }
}

fn aliases(change: &Change) -> &[Alias] {
    match change {
        Change::New { aliases, .. }
        | Change::Updated { aliases, .. }
        | Change::Moved { aliases, .. }
        | Change::Same { aliases, .. }
        | Change::Duplicate { aliases, .. } => aliases,
    }
}

/// An entry whose ids meant another post before.
fn into_new(change: &mut Change) {
    if let Some((entry, aliases)) = taken(change) {
        *change = Change::New { entry, aliases };
    }
}

/// The post `of`, under other names.
pub(super) fn into_moved(change: &mut Change, of: EntryKey) {
    if let Some((entry, aliases)) = taken(change) {
        *change = Change::Moved { of, entry, aliases };
    }
}

/// What came, taken out of a change that is to be another one; `None`: it is as it was.
fn taken(change: &mut Change) -> Option<(Box<Entry>, Vec<Alias>)> {
    let nothing = Change::Same {
        of: EntryKey(0),
        aliases: Vec::new(),
        position: 0,
    };
    match std::mem::replace(change, nothing) {
        Change::New { entry, aliases }
        | Change::Updated { entry, aliases, .. }
        | Change::Moved { entry, aliases, .. }
        | Change::Duplicate { entry, aliases, .. } => Some((entry, aliases)),
        same @ Change::Same { .. } => {
            *change = same;
            None
        }
    }
}

/// The names of a post whose new address is told with its old one.
fn renamed_link((new, old): &(String, String)) -> Renamed {
    Renamed {
        from: old.clone(),
        to: new.clone(),
    }
}

/// The names of `post` before and now, where they are not the same.
fn renamed(post: &KnownPost, change: &Change) -> Option<Renamed> {
    let entry = shown_by(change)?.entry;
    let names = [(&post.key, &entry.key), (&post.guid, &entry.guid)];
    let (from, to) = names
        .into_iter()
        .find(|(old, new)| old != new && new.is_some())?;
    Some(Renamed {
        from: from.clone().unwrap_or_else(|| "no name".to_owned()),
        to: to.clone()?,
    })
}
