//! Two publications of one feed, as its subscribers would see the second after the first.

use std::collections::HashMap;

use serde::Serialize;

use crate::model::RawEntry;

/// What a subscriber would notice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Entries that were not there.
    pub new: Vec<Seen>,
    /// Entries that say something else.
    pub changed: Vec<Seen>,
    /// Entries that are there no more; pushed out by new ones, as a rule.
    pub gone: Vec<Seen>,
    /// Entries that stand elsewhere among those that stayed.
    pub moved: Vec<Seen>,
    /// What must never change, and would.
    pub broken: Vec<Broken>,
}

/// An entry as a subscriber knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// A promise that would be broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The title of the entry.
    pub title: String,
    /// Which of its parts: "id" or "date".
    pub what: &'static str,
    /// What subscribers have.
    pub was: String,
    /// What they would get.
    pub becomes: String,
}

/// What becomes of `old`, as it was published, if `new` is.
///
/// An entry is known by its id. If one that goes and one that comes lead to the same address, it is one entry whose id would
/// change.
#[must_use]
pub fn difference(old: &[RawEntry], new: &[RawEntry]) -> Difference {
    let place = |entries: &[RawEntry]| -> HashMap<String, usize> {
        (entries.iter().enumerate())
            .filter_map(|(at, entry)| Some((entry.id.clone()?, at)))
            .collect()
    };
    let (before, after) = (place(old), place(new));
    let has = |places: &HashMap<String, usize>, entry: &RawEntry| {
        entry.id.as_ref().is_some_and(|id| places.contains_key(id))
    };
    let mut difference = Difference::default();
    let mut stayed = Vec::new();
    for entry in new {
        let Some(old) = (entry.id.as_ref()).and_then(|id| before.get(id).map(|at| &old[*at]))
        else {
            difference.new.push(seen(entry));
            continue;
        };
        stayed.push(before[entry.id.as_deref().unwrap_or_default()]);
        if old.published != entry.published {
            difference.broken.push(Broken {
                title: title(entry),
                what: "date",
                was: old.published.clone().unwrap_or_default(),
                becomes: entry.published.clone().unwrap_or_default(),
            });
        } else if old != entry {
            difference.changed.push(seen(entry));
        }
    }
    for entry in old.iter().filter(|entry| !has(&after, entry)) {
        difference.gone.push(seen(entry));
        let other = new
            .iter()
            .find(|other| other.url.is_some() && other.url == entry.url && !has(&before, other));
        if let Some(other) = other {
            difference.broken.push(Broken {
                title: title(entry),
                what: "id",
                was: entry.id.clone().unwrap_or_default(),
                becomes: other.id.clone().unwrap_or_default(),
            });
        }
    }
    difference.moved = moved(&stayed)
        .into_iter()
        .map(|at| seen(&old[at]))
        .collect();
    difference
}

fn seen(entry: &RawEntry) -> Seen {
    Seen {
        id: entry.id.clone().unwrap_or_default(),
        title: title(entry),
    }
}

fn title(entry: &RawEntry) -> String {
    let title = entry.title.as_ref();
    title.map_or_else(String::new, |title| title.as_str().to_owned())
}

/// Of `places`, which are all different, those that must move so that the others are in rising order; as few as can be.
fn moved(places: &[usize]) -> Vec<usize> {
    // for each length of a rising series, where the one that ends lowest ends
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let length = ends.partition_point(|end| places[*end] < *place);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut stays = vec![false; places.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        stays[at] = true;
        next = before[at];
    }
    let moves = places.iter().zip(stays).filter(|(_, stays)| !stays);
    moves.map(|(place, _)| *place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Text;

    fn entries(ids: &[&str]) -> Vec<RawEntry> {
        let entry = |id: &&str| RawEntry {
            id: Some((*id).to_owned()),
            url: Some(format!("https://blog.example/{id}")),
            title: Some(Text::Plain(format!("On {id}"))),
            published: Some("2026-03-01T00:00:00Z".to_owned()),
            ..RawEntry::default()
        };
        ids.iter().map(entry).collect()
    }

    fn ids(seen: &[Seen]) -> Vec<&str> {
        seen.iter().map(|seen| seen.id.as_str()).collect()
    }

    #[test]
    fn what_comes_goes_changes_and_moves_is_told_apart() {
        let old = entries(&["a", "b", "c", "d", "e"]);
        let mut new = entries(&["x", "d", "a", "b", "c"]);
        new[3].title = Some(Text::Plain("On b, mended".to_owned()));
        let found = difference(&old, &new);
        assert_eq!(ids(&found.new), ["x"]);
        assert_eq!(ids(&found.gone), ["e"]);
        assert_eq!(ids(&found.changed), ["b"]);
        assert_eq!(ids(&found.moved), ["d"], "not the three that it passed");
        assert_eq!(found.broken, []);
        assert_eq!(difference(&old, &old), Difference::default());
    }

    #[test]
    fn another_id_or_date_for_the_same_entry_breaks_a_promise() {
        let old = entries(&["a", "b"]);
        let mut new = entries(&["a", "b"]);
        new[0].id = Some("z".to_owned());
        new[1].published = Some("2026-03-02T00:00:00Z".to_owned());
        let broken = difference(&old, &new).broken;
        let told: Vec<_> = (broken.iter())
            .map(|it| (it.what, it.was.as_str(), it.becomes.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("date", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"),
                ("id", "a", "z")
            ]
        );
    }
}
