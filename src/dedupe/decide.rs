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
                    beside: Some(Box::new(entry)),
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

/// The known entry that each incoming one is, the strongest evidence of all of them first: all by which the source names it,
/// then any name under which the very same text is known, then its guid, then its link.
///
/// Where a guid is found on another text, and link and text say that this is another known post, the source numbers what it
/// lists: its guids say nothing of what has a link.
fn owners(incoming: &[(Entry, Vec<Alias>)], known: &Known) -> Vec<Option<EntryKey>> {
    let found = |number: usize, strength: u8| {
        let (_, aliases): &(Entry, Vec<Alias>) = &incoming[number];
        let alias = aliases.iter().find(|alias| rank(alias) == strength)?;
        known.aliases.get(alias).copied()
    };
    let is_as_known =
        |number: usize, key: EntryKey| known.prints.get(&key) == Some(&incoming[number].0.print);
    let mut owners = vec![None; incoming.len()];
    let mut claimed = HashMap::new();
    let mut claim = |owners: &mut Vec<Option<EntryKey>>, number: usize, key: EntryKey| {
        if owners[number].is_none() && *claimed.entry(key).or_insert(number) == number {
            owners[number] = Some(key);
        }
    };
    let all = 0..incoming.len();
    for number in all.clone() {
        if let Some(key) = found(number, FINGERPRINT) {
            claim(&mut owners, number, key);
        }
    }
    let mut are_places = false;
    for strength in [GUID, LINK] {
        for number in all.clone() {
            let key = found(number, strength).filter(|key| is_as_known(number, *key));
            if let (Some(key), None) = (key, owners[number]) {
                claim(&mut owners, number, key);
                let is_other = |guid| guid != key && owners[number] == Some(key);
                are_places |= found(number, GUID).is_some_and(is_other);
            }
        }
    }
    let has_link = |number: usize| incoming[number].1.iter().any(|it| rank(it) == LINK);
    for strength in [GUID, LINK] {
        for number in all.clone() {
            if strength == GUID && are_places && has_link(number) {
                continue;
            }
            if let Some(key) = found(number, strength) {
                claim(&mut owners, number, key);
            }
        }
    }
    owners
}

/// The names of an entry, the strongest first.
const FINGERPRINT: u8 = 0;
const GUID: u8 = 1;
const LINK: u8 = 2;

/// How strong an alias is, from 0: the strongest.
fn rank(alias: &Alias) -> u8 {
    match alias {
        Alias::Fingerprint(_) => FINGERPRINT,
        Alias::Guid(..) => GUID,
        Alias::Link(_) => LINK,
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
            Change::Corrected { of, .. } => format!("C{}", of.0),
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

    /// A post with a text of its own.
    fn told_apart(title: &str, guid: &str, link: &str) -> Entry {
        let mut entry = entry(title, Some(guid), Some(link));
        entry.print = Print([title.as_bytes()[0]; 16]);
        entry
    }

    #[test]
    fn guids_that_number_the_places_of_a_list_do_not_make_one_post_another() {
        let blog = source("blog");
        let list = |titles: &[&str]| -> Vec<Entry> {
            let numbered = titles.iter().enumerate();
            numbered
                .map(|(place, title)| {
                    let link = format!("blog.example/{title}");
                    told_apart(title, &format!("item-{place}"), &link)
                })
                .collect()
        };
        let known = archive(&blog, &list(&["C", "B", "A"]));
        let told = |titles: &[&str]| told(&decide(&blog, list(titles), &known));
        assert_eq!(told(&["D", "C", "B", "A"]), "N S1 S2 S3");
        assert_eq!(told(&["B", "C", "A"]), "S2 S1 S3");
        assert_eq!(told(&["B", "A"]), "S2 S3");
        // the first is not what stood there before, though that is gone
        assert_eq!(told(&["D", "E", "B", "A"]), "N N S2 S3");
        // one of them is edited meanwhile
        let mut now = list(&["D", "C", "B", "A"]);
        now[1].print = Print([9; 16]);
        assert_eq!(
            super::tests::told(&decide(&blog, now, &known)),
            "N U1 S2 S3"
        );
    }

    #[test]
    fn a_guid_that_goes_on_beats_the_link_of_another_post() {
        let blog = source("blog");
        let known = archive(
            &blog,
            &[
                told_apart("A", "1", "blog.example/a"),
                told_apart("B", "2", "blog.example/b"),
            ],
        );
        let edited = told_apart("C", "1", "blog.example/b");
        assert_eq!(told(&decide(&blog, vec![edited], &known)), "U1");
    }
}
