//! What a source mends of an entry though its text is the same: where it leads, its files, its tags, who wrote it, its date.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use url::Url;

use super::revise;
use super::sameness::digest;
use crate::model::{Date, Entry, Field, Print, Rewrites, Sighting, Tier};

/// What is remembered once `new`, which has the text of `old`, has taken its place; `None` if it says nothing else, or nothing
/// that is to be taken at `now`.
///
/// A correction is no news to anybody, so it is only a matter of how often: as often as another text is
/// ([`revise`](super::revise())), so that a source which takes turns with two values changes nothing after the first turn. One
/// that `is_read_anew` (other rules, other tags in its configuration) is taken whatever was before.
#[must_use]
pub fn correct(
    old: &Sighting,
    new: &Entry,
    is_read_anew: bool,
    now: DateTime<Utc>,
) -> Option<Rewrites> {
    let mut rewrites = old.rewrites.clone();
    if old.entry.published != new.published {
        return Some(rewrites);
    }
    if is_alike(&old.entry, new) {
        return None;
    }
    let (was, is) = (print(&old.entry), print(new));
    if was == is {
        return None;
    }
    if !is_read_anew {
        let beside = rewrites.beside.unwrap_or_default();
        rewrites.beside = Some(Box::new(revise::next(&beside, (was, is), false, now)?));
    }
    Some(rewrites)
}

/// The date that `new` states, where it is another one than `old` has and may take its place before anything is published. A
/// list may count the days since a post, and each time the answer is a little another: what it says first stays, unless that
/// lies ahead of us.
#[must_use]
pub fn redate(old: &Entry, new: &Entry, now: DateTime<Utc>) -> Option<Date> {
    let date = new.published.filter(|date| old.published != Some(*date))?;
    let tier = new.provenance.get(&Field::Published);
    let may_count = matches!(tier, Some(Tier::Listing | Tier::Select));
    let is_ahead = old.published.is_none_or(|date| date.at > now);
    (is_ahead || !may_count).then_some(date)
}

/// True if the two lead to the same, without a closer look.
fn is_alike(old: &Entry, new: &Entry) -> bool {
    let files = |of: &Entry| {
        of.enclosures
            .iter()
            .map(|it| it.url.clone())
            .collect::<Vec<_>>()
    };
    (&old.url, &old.key, &old.tags, &old.authors) == (&new.url, &new.key, &new.tags, &new.authors)
        && (&old.image, &old.comments, &old.language) == (&new.image, &new.comments, &new.language)
        && files(old) == files(new)
}

/// A fingerprint of what stands beside the text. Queries and fragments of addresses do not count, but for those by which posts
/// are told apart: they are signed, counted and dated anew at every request. Nor does the order of tags and people.
fn print(entry: &Entry) -> Print {
    let tags: BTreeSet<&str> = entry.tags.iter().map(String::as_str).collect();
    let people: BTreeSet<&str> = entry.authors.iter().map(|it| it.name.as_str()).collect();
    let file = |url: &Url| bare(Some(url));
    let files: Vec<String> = (entry.enclosures.iter())
        .filter_map(|it| file(&it.url))
        .collect();
    let (tags, people) = (Vec::from_iter(tags), Vec::from_iter(people));
    // no address holds a space, and no name this sign
    let parts = [
        entry.key.clone(),
        bare(entry.url.as_ref()),
        Some(files.join(" ")),
        Some(tags.join("\u{1f}")),
        Some(people.join("\u{1f}")),
        bare(entry.image.as_ref()),
        bare(entry.comments.as_ref()),
        entry.language.clone(),
    ];
    let digest = digest(&parts.each_ref().map(Option::as_deref));
    let mut print = [0; 16];
    print.copy_from_slice(&digest.as_bytes()[..16]);
    Print(print)
}

/// An address without its query and fragment.
fn bare(url: Option<&Url>) -> Option<String> {
    let mut url = url?.clone();
    url.set_query(None);
    url.set_fragment(None);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::dedupe::samples::{day, entry, source};
    use crate::model::Enclosure;

    fn episode(file: &str) -> Entry {
        let mut episode = entry("A", Some("1"), Some("show.example/a"));
        episode.enclosures.push(Enclosure {
            url: file.parse().unwrap(),
            media_type: None,
            length: None,
            duration_seconds: None,
        });
        episode
    }

    fn shown(entry: Entry) -> Sighting {
        Sighting {
            source: source("show"),
            source_host: "show.example".into(),
            source_rank: 0,
            is_active: true,
            entry,
            pruned: None,
            rewrites: Rewrites::default(),
            first_seen: day(1).at,
            last_seen: day(1).at,
        }
    }

    #[test]
    fn a_file_at_another_host_is_a_correction_and_another_signature_is_none() {
        let old = shown(episode("https://old.example/a.mp3?sig=1"));
        let taken = |file: &str| correct(&old, &episode(file), false, day(2).at).is_some();
        assert!(taken("https://new.example/a.mp3?sig=1"));
        assert!(!taken("https://old.example/a.mp3?sig=2"));
    }

    #[test]
    fn other_tags_and_people_are_corrections_and_another_order_of_them_is_none() {
        let tagged = |tags: [&str; 2]| {
            let mut entry = entry("A", Some("1"), None);
            entry.tags = tags.map(str::to_owned).to_vec();
            entry
        };
        let old = shown(tagged(["moon", "sun"]));
        let taken = |tags| correct(&old, &tagged(tags), false, day(2).at).is_some();
        assert!(taken(["moon", "sea"]));
        assert!(!taken(["sun", "moon"]));
    }

    #[test]
    fn two_hosts_that_take_turns_change_nothing_after_the_first_turn() {
        let hosts = ["https://a.example/a.mp3", "https://b.example/a.mp3"];
        let mut old = shown(episode(hosts[0]));
        let mut count = 0;
        for (n, host) in (1..200).zip(hosts.iter().cycle().skip(1)) {
            let now = day(1).at + TimeDelta::hours(n);
            let new = episode(host);
            if let Some(rewrites) = correct(&old, &new, false, now) {
                (old.rewrites, old.entry) = (rewrites, new);
                count += 1;
            }
        }
        assert_eq!(count, 2);
        // what the configuration says is taken all the same
        let new = episode(hosts[1]);
        assert!(correct(&old, &new, true, day(30).at).is_some());
    }

    #[test]
    fn a_stated_date_may_be_mended_and_one_that_counts_the_days_does_not_drift() {
        let dated = |on: u32, tier: Tier| {
            let mut entry = entry("A", None, None);
            entry.published = Some(day(on));
            entry.provenance.insert(Field::Published, tier);
            entry
        };
        let mended = |old: u32, new: u32, tier: Tier| {
            redate(&dated(old, tier), &dated(new, tier), day(10).at)
        };
        assert_eq!(mended(9, 8, Tier::Feed), Some(day(8)));
        assert_eq!(mended(9, 9, Tier::Feed), None);
        assert_eq!(mended(9, 8, Tier::Listing), None);
        assert_eq!(mended(20, 8, Tier::Listing), Some(day(8)));
    }
}
