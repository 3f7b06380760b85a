//! What an entry is recognised by.

use std::collections::HashMap;

use crate::model::{Alias, Entry, SourceId};

/// The aliases of each of `entries`, which one document of `source` shows, strongest first: a fingerprint of all by which
/// this source names the entry, its guid, its canonical link.
///
/// A guid or link that several different entries of the document share is no evidence and is left out. The fingerprint is
/// always there: an entry whose guid or link is evidence in one document and not in the next one is still found.
#[must_use]
pub fn aliases(source: &SourceId, entries: &[Entry]) -> Vec<Vec<Alias>> {
    let prints: Vec<String> = entries
        .iter()
        .map(|entry| fingerprint(source, entry))
        .collect();
    let mut owners: HashMap<Alias, Option<&str>> = HashMap::new();
    for (entry, print) in entries.iter().zip(&prints) {
        for alias in named(source, entry) {
            owners
                .entry(alias)
                .and_modify(|owner| *owner = owner.filter(|it| *it == print.as_str()))
                .or_insert(Some(print.as_str()));
        }
    }
    entries
        .iter()
        .zip(&prints)
        .map(|(entry, print)| {
            let evidence =
                named(source, entry).filter(|alias| owners.get(alias).is_some_and(Option::is_some));
            std::iter::once(Alias::Fingerprint(print.clone()))
                .chain(evidence)
                .collect()
        })
        .collect()
}

/// What the source itself names the entry by.
fn named(source: &SourceId, entry: &Entry) -> impl Iterator<Item = Alias> {
    let guid = entry
        .guid
        .as_deref()
        .filter(|guid| !guid.is_empty())
        .map(|guid| Alias::Guid(source.clone(), guid.to_owned()));
    let link = entry.key.clone().map(Alias::Link);
    guid.into_iter().chain(link)
}

/// A fingerprint of source, title, guid and link, 32 hex digits; where there is neither guid nor link, of the attached file
/// too. Entries of one document with the same fingerprint are repeats of one another.
pub(super) fn fingerprint(source: &SourceId, entry: &Entry) -> String {
    let nameless = entry.guid.is_none() && entry.key.is_none();
    let file = entry.enclosures.first().filter(|_| nameless);
    digest(&[
        Some(source.as_str()),
        Some(&entry.title),
        entry.guid.as_deref(),
        entry.key.as_deref(),
        file.map(|file| file.url.as_str()),
    ])
}

/// The first 16 bytes of BLAKE3 of `parts`, hex; an absent part differs from an empty one.
pub(super) fn digest(parts: &[Option<&str>]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        if let Some(part) = part {
            // the length keeps the parts apart
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        } else {
            hasher.update(&u64::MAX.to_le_bytes());
        }
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::samples::{entry, source};

    fn evidence(aliases: &[Alias]) -> Vec<&Alias> {
        aliases
            .iter()
            .filter(|alias| !matches!(alias, Alias::Fingerprint(_)))
            .collect()
    }

    #[test]
    fn a_guid_is_scoped_to_its_source_and_a_link_is_not() {
        let entries = [entry("A", Some("7"), Some("blog.example/a"))];
        let one = aliases(&source("one"), &entries);
        let two = aliases(&source("two"), &entries);
        let shared: Vec<&Alias> = one[0].iter().filter(|it| two[0].contains(it)).collect();
        assert_eq!(shared, [&Alias::Link("blog.example/a".into())]);
    }

    #[test]
    fn a_guid_that_repeats_inside_one_document_is_no_evidence() {
        let entries = [
            entry("A", Some("same"), Some("blog.example/a")),
            entry("B", Some("same"), Some("blog.example/b")),
        ];
        let found = aliases(&source("one"), &entries);
        assert_eq!(evidence(&found[0]), [&Alias::Link("blog.example/a".into())]);
        assert_eq!(evidence(&found[1]), [&Alias::Link("blog.example/b".into())]);
    }

    #[test]
    fn a_link_that_all_entries_share_is_no_evidence() {
        let entries = [
            entry("A", Some("1"), Some("show.example")),
            entry("B", Some("2"), Some("show.example")),
            entry("C", None, Some("show.example")),
        ];
        let found = aliases(&source("one"), &entries);
        assert_eq!(
            evidence(&found[0]),
            [&Alias::Guid(source("one"), "1".into())]
        );
        assert!(evidence(&found[2]).is_empty());
        assert_eq!(found[2].len(), 1);
    }

    #[test]
    fn an_exact_repeat_does_not_spoil_its_own_evidence() {
        let twice = entry("A", None, Some("blog.example/a"));
        let found = aliases(&source("one"), &[twice.clone(), twice]);
        assert_eq!(evidence(&found[0]), [&Alias::Link("blog.example/a".into())]);
        assert_eq!(found[0], found[1]);
    }
}
