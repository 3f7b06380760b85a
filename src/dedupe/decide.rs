//! What each incoming entry is to what we know already.

use std::collections::{HashMap, HashSet};

use super::sameness;
use crate::model::{Alias, Change, Entry, EntryKey, Known, Rewrites, SourceId};

/// What the `entries` of one document of `source` are, in document order. `known` is what the archive remembers of their
/// [`aliases`](super::aliases).
///
/// An exact repeat inside the document (same title, guid and link) is dropped. Each known entry answers to one incoming
/// entry at most, that with the strongest evidence; another one that shares a weaker alias with it is an entry of its own,
/// recognised by what is left.
#[must_use]
pub fn decide(source: &SourceId, entries: Vec<Entry>, known: &Known) -> Vec<Change> {
    let found = sameness::aliases(source, &entries);
    let mut seen = HashSet::new();
    let incoming: Vec<(Entry, Vec<Alias>)> = entries
        .into_iter()
        .zip(found)
        .filter(|(_, aliases)| seen.insert(aliases[0].clone()))
        .collect();
    let owners = owners(&incoming, known);
    incoming
        .into_iter()
        .zip(owners)
        .map(|((entry, mut aliases), owner)| {
            let Some(of) = owner else {
                aliases.retain(|alias| !known.aliases.contains_key(alias));
                return Change::New {
                    entry: Box::new(entry),
                    aliases,
                };
            };
            match known.prints.get(&of) {
                Some(print) if *print == entry.print => Change::Same {
                    of,
                    aliases,
                    position: entry.position,
                },
                Some(_) => Change::Updated {
                    of,
                    entry: Box::new(entry),
                    aliases,
                    rewrites: Rewrites::default(),
                },
                None => Change::Duplicate {
                    of,
                    entry: Box::new(entry),
                    aliases,
                },
            }
        })
        .collect()
}

/// The known entry that each incoming one is, the strongest evidence of all of them first.
fn owners(incoming: &[(Entry, Vec<Alias>)], known: &Known) -> Vec<Option<EntryKey>> {
    let mut owners = vec![None; incoming.len()];
    let mut claimed = HashMap::new();
    for strength in 0..3 {
        for (number, (_, aliases)) in incoming.iter().enumerate() {
            if owners[number].is_some() {
                continue;
            }
            let key = aliases
                .iter()
                .find(|alias| rank(alias) == strength)
                .and_then(|alias| known.aliases.get(alias));
            if let Some(key) = key
                && *claimed.entry(*key).or_insert(number) == number
            {
                owners[number] = Some(*key);
            }
        }
    }
    owners
}

/// How strong an alias is, from 0: the strongest.
fn rank(alias: &Alias) -> u8 {
    match alias {
        Alias::Fingerprint(_) => 0,
        Alias::Guid(..) => 1,
        Alias::Link(_) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::samples::{entry, source};
    use crate::model::Print;

    /// An archive that holds `entries`, numbered from 1, as `source` shows them.
    fn archive(source: &SourceId, entries: &[Entry]) -> Known {
        let mut known = Known::default();
        for ((number, entry), aliases) in (1..).zip(entries).zip(sameness::aliases(source, entries))
        {
            known.prints.insert(EntryKey(number), entry.print);
            known
                .aliases
                .extend(aliases.into_iter().map(|alias| (alias, EntryKey(number))));
        }
        known
    }

    /// One letter a change: New, Updated, Moved, Same, Duplicate; with the number of the known entry.
    fn told(changes: &[Change]) -> String {
        let word = |change: &Change| match change {
            Change::New { .. } => "N".to_owned(),
            Change::Updated { of, .. } => format!("U{}", of.0),
            Change::Moved { of, .. } => format!("M{}", of.0),
            Change::Same { of, .. } => format!("S{}", of.0),
            Change::Duplicate { of, .. } => format!("D{}", of.0),
        };
        changes.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_second_look_at_the_same_document_finds_nothing_new() {
        let blog = source("blog");
        let entries = vec![
            entry("A", Some("1"), Some("blog.example/a")),
            entry("B", None, None),
        ];
        assert_eq!(
            told(&decide(&blog, entries.clone(), &Known::default())),
            "N N"
        );
        let known = archive(&blog, &entries);
        assert_eq!(told(&decide(&blog, entries, &known)), "S1 S2");
    }

    #[test]
    fn other_text_under_the_same_guid_is_an_update() {
        let blog = source("blog");
        let known = archive(&blog, &[entry("A", Some("1"), Some("blog.example/a"))]);
        let mut edited = entry("A, corrected", Some("1"), Some("blog.example/a-2"));
        edited.print = Print([9; 16]);
        assert_eq!(told(&decide(&blog, vec![edited], &known)), "U1");
    }

    #[test]
    fn a_new_guid_for_a_known_link_is_no_new_entry() {
        let blog = source("blog");
        let known = archive(
            &blog,
            &[entry("A", Some("headline-1"), Some("blog.example/a"))],
        );
        let renamed = entry("A", Some("headline-2"), Some("blog.example/a"));
        assert_eq!(told(&decide(&blog, vec![renamed], &known)), "S1");
    }

    #[test]
    fn a_link_known_from_another_source_is_a_duplicate() {
        let mut known = archive(&source("page"), &[entry("A", None, Some("blog.example/a"))]);
        known.prints.clear();
        let same = entry("A", Some("1"), Some("blog.example/a"));
        assert_eq!(told(&decide(&source("feed"), vec![same], &known)), "D1");
    }

    #[test]
    fn the_same_post_twice_in_one_document_is_one_entry() {
        let featured = entry("A", None, Some("blog.example/a"));
        let mut listed = featured.clone();
        listed.position = 5;
        let changes = decide(&source("page"), vec![featured, listed], &Known::default());
        assert_eq!(told(&changes), "N");
    }

    #[test]
    fn one_known_entry_answers_to_one_incoming_entry_only() {
        let show = source("show");
        let known = archive(&show, &[entry("First", Some("1"), Some("show.example"))]);
        // the link was evidence while there was one episode, and is none any more
        let entries = vec![
            entry("Second", Some("2"), Some("show.example")),
            entry("First", Some("1"), Some("show.example")),
        ];
        assert_eq!(told(&decide(&show, entries, &known)), "N S1");
        // a guid beats the link of another entry that comes first
        let mut known = archive(&show, &[entry("First", Some("1"), Some("show.example/1"))]);
        known
            .aliases
            .insert(Alias::Link("show.example/x".into()), EntryKey(1));
        let entries = vec![
            entry("Second", None, Some("show.example/x")),
            entry("First!", Some("1"), Some("show.example/1")),
        ];
        let changes = decide(&show, entries, &known);
        assert_eq!(told(&changes), "N S1");
        let Change::New { aliases, .. } = &changes[0] else {
            panic!("{changes:?}")
        };
        assert!(!aliases.contains(&Alias::Link("show.example/x".into())));
    }

    #[test]
    fn an_entry_is_found_though_its_link_is_evidence_only_at_times() {
        let show = source("show");
        let (one, two) = (
            entry("One", None, Some("show.example")),
            entry("Two", None, Some("show.example")),
        );
        let alone = archive(&show, std::slice::from_ref(&one));
        assert_eq!(
            told(&decide(&show, vec![two.clone(), one.clone()], &alone)),
            "N S1"
        );
        let both = archive(&show, &[two.clone(), one]);
        assert_eq!(told(&decide(&show, vec![two], &both)), "S1");
    }
}
