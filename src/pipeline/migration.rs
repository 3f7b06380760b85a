//! Posts that come under other names than before are found in the archive, and keep theirs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::join::reach;
use crate::dedupe::{self, Migration, Shown};
use crate::model::{
    Alias, Change, Date, Entry, EntryKey, Field, Known, KnownPost, Migrated, Renamed, SourceId,
};
use crate::store::{self, Write};

/// As many examples are told.
const TOLD: usize = 3;
/// So many entries that are not what they were, and a quarter of all, are looked at together.
const CROWD: usize = 3;
const PART: usize = 4;
/// So many of the posts listed last are looked at, should one of them be gone.
const LISTED: usize = 64;
/// So many posts of a day tell whether it is that of a move.
const LOOKED_AT: usize = 12;
/// Clocks differ, and a post is not listed in the minute of its date; but what is dated so long before the last reading was
/// there to be listed.
const LATE: TimeDelta = TimeDelta::days(1);

/// With what entries under names that are not known are compared.
#[derive(Default)]
struct Candidates {
    posts: Vec<KnownPost>,
    /// The places of changes whose entries are dated to a time before the last reading.
    late: BTreeSet<usize>,
}

/// Turns `changes` that are posts under other names into what they are. `moved` are posts that were told to have moved
/// already: each with its new address and its old one.
pub(super) fn follow(
    write: &mut Write<'_>,
    source: &SourceId,
    changes: &mut [Change],
    (known, moved): (&Known, &[(String, String)]),
) -> Result<Option<Migrated>, store::Error> {
    for change in changes.iter_mut() {
        if is_used_again(write, source, change)? {
            into_new(change);
        }
    }
    let mut migrated = Migrated {
        known: moved.len(),
        of: moved.len(),
        is_event: moved.len() >= CROWD && moved.len() * 2 >= changes.len(),
        examples: moved.iter().take(TOLD).map(renamed_link).collect(),
    };
    let Candidates { posts, late } = candidates(write, source, changes, known)?;
    if !posts.is_empty() {
        let (places, found) = found(&posts, changes, &late);
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

/// The dates that `entries` give to what is known, given each with its aliases.
pub(super) fn dates(
    entries: &[Entry],
    aliases: &[Vec<Alias>],
    known: &Known,
) -> BTreeMap<EntryKey, Date> {
    let of = |aliases: &[Alias]| aliases.iter().find_map(|it| known.aliases.get(it).copied());
    (entries.iter().zip(aliases))
        .filter_map(|(entry, aliases)| Some((of(aliases)?, entry.published?)))
        .collect()
}

/// Takes from what is new the day to which its document dates posts that are of other days: that is when they moved, and not
/// when anything was written. `dates` are those that it gives to what is known. Gives the places of what was changed.
pub(super) fn undate(
    write: &mut Write<'_>,
    source: &SourceId,
    changes: &mut [Change],
    mut dates: BTreeMap<EntryKey, Date>,
) -> Result<Vec<usize>, store::Error> {
    let mut days = BTreeSet::new();
    for change in changes.iter() {
        match change {
            Change::New { entry, .. } => {
                days.extend(entry.published.map(|it| it.at.date_naive()));
            }
            Change::Updated { of, entry, .. } | Change::Moved { of, entry, .. } => {
                dates.extend(entry.published.map(|it| (*of, it)));
            }
            Change::Same { .. } | Change::Corrected { .. } | Change::Duplicate { .. } => {}
        }
    }
    let mut moves = BTreeSet::new();
    for day in days {
        // the oldest that are known are the last to be really of the day of what is new
        let of_day = dates.iter().filter(|(_, it)| it.at.date_naive() == day);
        let keys: BTreeSet<EntryKey> = of_day.map(|(key, _)| *key).take(LOOKED_AT).collect();
        if keys.len() >= CROWD {
            let posts = write.posts_at(source, &keys)?;
            let pairs = posts
                .iter()
                .filter_map(|post| Some((post.published?, dates[&post.entry])));
            moves.extend(dedupe::days_of_moves(pairs));
        }
    }
    let mut undated = Vec::new();
    for (at, change) in changes.iter_mut().enumerate() {
        if let Change::New { entry, .. } = change
            && let Some(date) = entry.published
            && moves.contains(&date.at.date_naive())
        {
            entry.published = None;
            entry.provenance.remove(&Field::Published);
            undated.push(at);
        }
    }
    Ok(undated)
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

/// True if `change` is an entry under the guid of another post, which has nothing in common with it.
fn is_used_again(
    write: &mut Write<'_>,
    source: &SourceId,
    change: &Change,
) -> Result<bool, store::Error> {
    let Change::Updated { of, entry, .. } = change else {
        return Ok(false);
    };
    let posts = write.posts_at(source, &BTreeSet::from([*of]))?;
    Ok(posts.iter().any(|post| dedupe::is_used_again(post, entry)))
}

/// The posts that may come under other names now: all that are remembered where much of a document is not what it was, else
/// those listed last, those of the very date of a new one, and those that share marks with it.
fn candidates(
    write: &mut Write<'_>,
    source: &SourceId,
    changes: &[Change],
    known: &Known,
) -> Result<Candidates, store::Error> {
    let open = || changes.iter().filter_map(open);
    let other = changes
        .iter()
        .filter(|it| matches!(it, Change::Updated { .. }));
    let crowd = open().count() + other.count();
    let is_crowd = crowd >= CROWD && crowd * PART >= changes.len();
    // nothing is asked where nothing is open, nor of a source that is read for the first time
    if open().next().is_none() && !is_crowd
        || known.prints.is_empty() && !write.has_shown(source)?
    {
        return Ok(Candidates::default());
    }
    let before = write.last_good(source)?.map(|last| last - LATE);
    let mut late = BTreeSet::new();
    let mut dates = BTreeSet::new();
    let mut alike = BTreeSet::new();
    let mut is_short = false;
    for (at, change) in changes.iter().enumerate() {
        let Some(entry) = self::open(change) else {
            continue;
        };
        let mut entry = Cow::Borrowed(entry);
        if let Some(date) = entry.published {
            dates.insert(date.at);
            if before.is_some_and(|before| date.at < before) {
                late.insert(at);
                // so that it is compared with those of any time
                entry.to_mut().published = None;
            }
        }
        if !is_crowd {
            let marks = dedupe::marks(&entry);
            is_short |= marks.kept.is_empty() && entry.published.is_none();
            alike.extend(write.candidates(&marks, reach())?);
        }
    }
    if is_crowd {
        let posts = write.posts(source, None)?;
        return Ok(Candidates { posts, late });
    }
    // what says too little to be found by is looked for among all that are remembered
    let mut posts = if is_short {
        write.posts(source, None)?
    } else {
        write.posts_listed(source, LISTED)?
    };
    let mut others = write.posts(source, Some(&Vec::from_iter(dates)))?;
    others.extend(write.posts_at(source, &alike)?);
    posts.extend(others.into_iter().map(|post| KnownPost {
        listed: false,
        ..post
    }));
    let mut seen = BTreeSet::new();
    posts.retain(|post| seen.insert(post.entry));
    Ok(Candidates { posts, late })
}

/// What has moved of `changes`, counted among those whose places are given.
fn found(
    posts: &[KnownPost],
    changes: &[Change],
    late: &BTreeSet<usize>,
) -> (Vec<usize>, Migration) {
    let unchanged: BTreeSet<EntryKey> = changes.iter().filter_map(unchanged).collect();
    let shown = changes.iter().enumerate();
    let (places, shown): (Vec<usize>, Vec<Shown<'_>>) = shown
        .filter_map(|(at, change)| {
            let mut shown = shown_by(change)?;
            shown.is_late = late.contains(&at);
            Some((at, shown))
        })
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
            is_late: false,
        }),
        change => open(change).map(|entry| Shown {
            entry,
            is: None,
            is_late: false,
        }),
    }
}

fn aliases(change: &Change) -> &[Alias] {
    match change {
        Change::New { aliases, .. }
        | Change::Updated { aliases, .. }
        | Change::Moved { aliases, .. }
        | Change::Same { aliases, .. }
        | Change::Corrected { aliases, .. }
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
        beside: None,
    };
    match std::mem::replace(change, nothing) {
        Change::New { entry, aliases }
        | Change::Updated { entry, aliases, .. }
        | Change::Moved { entry, aliases, .. }
        | Change::Corrected { entry, aliases, .. }
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
