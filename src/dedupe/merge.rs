//! One article from all its sightings.

use std::cmp::Reverse;

use crate::model::{Entry, Field, Merged, Sighting, Tier};

/// The best of `sightings`, at least one, all of the same article.
///
/// The author's own site comes first (not one whose page names another of them as the original), its feed before its pages;
/// then the fullest text; then the place in the configuration. Each field is that of the first sighting that has it, stated
/// before worked out; the body is the longest of the author's own site, else the longest of all, and a description with its
/// markup only where there is none. The order of `sightings` makes
/// no difference, and one sighting alone is its own merged article. A body that was given up counts by the length that it had:
/// no other one takes its place. What a source shows that is configured no more counts only where no other one is.
///
/// # Panics
/// If there is no sighting.
#[must_use]
pub fn merge(sightings: &[Sighting]) -> Merged {
    let (active, gone): (Vec<&Sighting>, Vec<&Sighting>) =
        sightings.iter().partition(|it| it.is_active);
    let (counting, rest) = if active.is_empty() {
        (gone, active)
    } else {
        (active, gone)
    };
    let ranked = ranked(counting);
    let best = *ranked.first().expect("an article has a sighting");
    let mut merged = best.entry.clone();
    // later ones only where something is missing, so that the common case costs nothing
    if let [_, others @ ..] = ranked.as_slice()
        && !others.is_empty()
    {
        fill(&mut merged, &ranked);
    }
    let body = ranked
        .iter()
        .filter(|sighting| sighting.entry.content.is_some() || sighting.pruned.is_some())
        .min_by_key(|sighting| {
            let own = is_own(sighting) && !is_copy(sighting, &ranked);
            let stated = !sighting.entry.is_described();
            (
                Reverse(own && stated),
                Reverse(stated),
                Reverse(own),
                Reverse(length(sighting)),
            )
        });
    if let Some(body) = body {
        merged.content.clone_from(&body.entry.content);
        tier(&mut merged, &body.entry, Field::Content);
    }
    let body = body.map(|it| it.source.clone());
    let origins = ranked.iter().copied().chain(self::ranked(rest));
    Merged {
        entry: merged,
        origins: origins.map(|it| it.source.clone()).collect(),
        body,
    }
}

/// `sightings`, best first.
fn ranked(mut sightings: Vec<&Sighting>) -> Vec<&Sighting> {
    let all = sightings.clone();
    sightings.sort_by_cached_key(|sighting| {
        let own = is_own(sighting) && !is_copy(sighting, &all);
        (
            Reverse(own),
            Reverse(own && is_feed(&sighting.entry)),
            Reverse(body_length(sighting)),
            sighting.source_rank,
            sighting.source.clone(),
        )
    });
    sightings
}

/// Takes each field of `merged` but the body from the best of `ranked` that has it.
fn fill(merged: &mut Entry, ranked: &[&Sighting]) {
    if let Some(from) = pick(ranked, Field::Url, |it| it.url.is_some()) {
        merged.url.clone_from(&from.url);
        merged.key.clone_from(&from.key);
        tier(merged, from, Field::Url);
    }
    if let Some(from) = pick(ranked, Field::Title, |_| true) {
        merged.title.clone_from(&from.title);
        tier(merged, from, Field::Title);
    }
    if let Some(from) = pick(ranked, Field::Published, |it| it.published.is_some()) {
        merged.published = from.published;
        tier(merged, from, Field::Published);
    }
    if let Some(from) = pick(ranked, Field::Updated, |it| it.updated.is_some()) {
        merged.updated = from.updated;
        tier(merged, from, Field::Updated);
    }
    if let Some(from) = pick(ranked, Field::Summary, |it| it.summary.is_some()) {
        merged.summary.clone_from(&from.summary);
        tier(merged, from, Field::Summary);
    }
    if let Some(from) = pick(ranked, Field::ReadMinutes, |it| it.read_minutes.is_some()) {
        merged.read_minutes = from.read_minutes;
        tier(merged, from, Field::ReadMinutes);
    }
    if let Some(from) = pick(ranked, Field::Authors, |it| !it.authors.is_empty()) {
        merged.authors.clone_from(&from.authors);
        tier(merged, from, Field::Authors);
    }
    if let Some(from) = pick(ranked, Field::Language, |it| it.language.is_some()) {
        merged.language.clone_from(&from.language);
        tier(merged, from, Field::Language);
    }
    if let Some(from) = pick(ranked, Field::Image, |it| it.image.is_some()) {
        merged.image.clone_from(&from.image);
        tier(merged, from, Field::Image);
    }
    fill_tags(merged, ranked);
    let entries = || ranked.iter().map(|it| &it.entry);
    if let Some(from) = entries().find(|it| !it.enclosures.is_empty()) {
        merged.enclosures.clone_from(&from.enclosures);
    }
    merged.comments = entries().find_map(|it| it.comments.clone());
    merged.rights = entries().find_map(|it| it.rights.clone());
}

/// The tags of the best sighting that has its own, and those that the configuration gives to any of them.
fn fill_tags(merged: &mut Entry, ranked: &[&Sighting]) {
    let Some(from) = pick(ranked, Field::Tags, |it| !it.tags.is_empty()) else {
        return;
    };
    merged.tags.clone_from(&from.tags);
    tier(merged, from, Field::Tags);
    for sighting in ranked {
        if standing(&sighting.entry, Field::Tags) == Standing::Given {
            for tag in &sighting.entry.tags {
                if !merged.tags.contains(tag) {
                    merged.tags.push(tag.clone());
                }
            }
        }
    }
}

/// How a value came to be, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// The source states it.
    Stated,
    /// We worked it out.
    WorkedOut,
    /// The configuration gives it to every entry of the source.
    Given,
}

fn standing(entry: &Entry, field: Field) -> Standing {
    match entry.provenance.get(&field) {
        Some(Tier::Derived) => Standing::WorkedOut,
        Some(Tier::Configured) => Standing::Given,
        _ => Standing::Stated,
    }
}

/// The entry that `field` is taken from: the best standing, then the first in order.
fn pick<'a>(
    ranked: &[&'a Sighting],
    field: Field,
    has: impl Fn(&Entry) -> bool,
) -> Option<&'a Entry> {
    ranked
        .iter()
        .map(|sighting| &sighting.entry)
        .filter(|entry| has(entry))
        .min_by_key(|entry| standing(entry, field))
}

/// Takes over where `field` came from.
fn tier(merged: &mut Entry, from: &Entry, field: Field) {
    match from.provenance.get(&field) {
        Some(tier) => merged.provenance.insert(field, *tier),
        None => merged.provenance.remove(&field),
    };
}

/// True if the article is on the site of the source: the same host, or one below the other, `www.` aside.
fn is_own(sighting: &Sighting) -> bool {
    let bare = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
    let Some(host) = sighting.entry.url.as_ref().and_then(url::Url::host_str) else {
        return false;
    };
    let (article, source) = (bare(host), bare(&sighting.source_host));
    article == source || is_below(&article, &source) || is_below(&source, &article)
}

/// True if the article's own page there says that it belongs to the address that another one shows (rel=canonical).
fn is_copy(sighting: &Sighting, all: &[&Sighting]) -> bool {
    let also = &sighting.entry.also;
    !also.is_empty()
        && all.iter().any(|other| {
            other.entry.key != sighting.entry.key
                && other
                    .entry
                    .key
                    .as_ref()
                    .is_some_and(|key| also.contains(key))
        })
}

/// True if the host `low` belongs to the domain `high`, which has a dot of its own.
fn is_below(low: &str, high: &str) -> bool {
    high.contains('.')
        && low
            .strip_suffix(high)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// True if the sighting was read from a feed.
fn is_feed(entry: &Entry) -> bool {
    entry.provenance.values().any(|tier| *tier == Tier::Feed)
}

/// The length of the body, bytes, though it was given up; nothing for one that is its description.
fn body_length(sighting: &Sighting) -> u64 {
    if sighting.entry.is_described() {
        0
    } else {
        length(sighting)
    }
}

/// The same of any body.
fn length(sighting: &Sighting) -> u64 {
    let there = sighting.entry.content.as_ref().map(|it| it.len() as u64);
    there.unwrap_or_else(|| sighting.pruned.map_or(0, |it| it.length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::samples::{day, entry, source};
    use crate::model::{Pruned, SourceId};

    fn sighting(id: &str, host: &str, rank: u32, entry: Entry) -> Sighting {
        Sighting {
            source: source(id),
            source_host: host.into(),
            source_rank: rank,
            is_active: true,
            entry,
            pruned: None,
            rewrites: crate::model::Rewrites::default(),
            first_seen: day(1).at,
            last_seen: day(1).at,
        }
    }

    fn feed_entry(title: &str) -> Entry {
        let mut entry = entry(title, Some("1"), Some("blog.example/a"));
        entry.provenance.insert(Field::Title, Tier::Feed);
        entry
    }

    fn names(sources: &[SourceId]) -> Vec<&str> {
        sources.iter().map(SourceId::as_str).collect()
    }

    #[test]
    fn one_sighting_alone_is_its_own_merged_article() {
        let mut only = feed_entry("A");
        only.content = Some("<p>Text</p>".into());
        only.tags = vec!["rust".into()];
        only.provenance.insert(Field::Tags, Tier::Configured);
        let merged = merge(&[sighting("feed", "blog.example", 0, only.clone())]);
        assert_eq!(merged.entry, only);
        assert_eq!(names(&merged.origins), ["feed"]);
        assert_eq!(merged.body, Some(source("feed")));
    }

    #[test]
    fn a_source_that_is_configured_no_more_gives_way_to_any_other() {
        let mut long = feed_entry("A (as it was)");
        long.content = Some("a much longer text than that of the planet".into());
        let gone = Sighting {
            is_active: false,
            ..sighting("blog", "blog.example", 0, long)
        };
        let there = sighting("planet", "planet.example", 1, feed_entry("A, corrected"));
        let merged = merge(&[gone.clone(), there]);
        assert_eq!(merged.entry.title, "A, corrected");
        assert_eq!(merged.body, None);
        assert_eq!(names(&merged.origins), ["planet", "blog"]);
        assert_eq!(merge(&[gone]).entry.title, "A (as it was)");
    }

    #[test]
    fn the_authors_own_site_wins_over_an_aggregator_that_is_configured_first() {
        let mut copy = feed_entry("A (via planet)");
        copy.content = Some("a much longer text than the author's own".into());
        let mut own = feed_entry("A");
        own.content = Some("short".into());
        let merged = merge(&[
            sighting("planet", "planet.example", 0, copy),
            sighting("blog", "www.blog.example", 1, own),
        ]);
        assert_eq!(merged.entry.title, "A");
        assert_eq!(merged.entry.content.as_deref(), Some("short"));
        assert_eq!(names(&merged.origins), ["blog", "planet"]);
        assert_eq!(merged.body, Some(source("blog")));
    }

    #[test]
    fn a_description_of_the_authors_own_gives_way_to_the_text_elsewhere() {
        let mut copy = feed_entry("A");
        copy.content = Some("<p>All of the text</p>".into());
        copy.provenance.insert(Field::Content, Tier::Feed);
        let mut own = feed_entry("A");
        own.content = Some("<p>A beginning</p><img src=\"https://blog.example/a.png\">".into());
        own.provenance.insert(Field::Content, Tier::Derived);
        let shown = [
            sighting("planet", "planet.example", 0, copy.clone()),
            sighting("blog", "blog.example", 1, own.clone()),
        ];
        assert_eq!(merge(&shown).entry.content, copy.content);
        assert_eq!(merge(&shown[1..]).entry.content, own.content);
    }

    #[test]
    fn a_body_that_was_given_up_changes_nothing_but_its_own_absence() {
        let mut full = feed_entry("A, in full");
        full.content = Some("<p>A long text, all of it</p>".into());
        full.provenance.insert(Field::Content, Tier::Feed);
        let mut short = feed_entry("A, in short");
        short.content = Some("<p>A teaser</p>".into());
        let mut shown = [
            sighting("short", "one.example", 0, short),
            sighting("full", "two.example", 1, full),
        ];
        let before = merge(&shown);
        let content = shown[1].entry.content.take();
        shown[1].pruned = Some(Pruned {
            at: day(9).at,
            length: content.map_or(0, |it| it.len() as u64),
        });
        let mut expected = before;
        expected.entry.content = None;
        assert_eq!(merge(&shown), expected);
    }

    #[test]
    fn page_and_feed_of_one_site_complete_each_other() {
        let mut page = entry("A", None, Some("blog.example/a"));
        page.read_minutes = Some(6);
        page.provenance.insert(Field::ReadMinutes, Tier::Listing);
        page.tags = vec!["rust".into()];
        let mut feed = feed_entry("A");
        feed.published = Some(day(3));
        feed.provenance.insert(Field::Published, Tier::Feed);
        feed.read_minutes = Some(9);
        feed.provenance.insert(Field::ReadMinutes, Tier::Derived);
        let merged = merge(&[
            sighting("page", "blog.example", 0, page),
            sighting("feed", "feeds.blog.example", 1, feed),
        ]);
        assert_eq!(names(&merged.origins), ["feed", "page"]);
        assert_eq!(merged.entry.published, Some(day(3)));
        assert_eq!(merged.entry.tags, ["rust"]);
        // stated beats worked out
        assert_eq!(merged.entry.read_minutes, Some(6));
        assert_eq!(
            merged.entry.provenance.get(&Field::ReadMinutes),
            Some(&Tier::Listing)
        );
    }

    #[test]
    fn tags_of_the_configuration_are_added_to_those_of_the_article() {
        let mut given = feed_entry("A");
        given.tags = vec!["planet".into()];
        given.provenance.insert(Field::Tags, Tier::Configured);
        let mut stated = entry("A", None, Some("blog.example/a"));
        stated.tags = vec!["rust".into()];
        let merged = merge(&[
            sighting("feed", "blog.example", 0, given),
            sighting("page", "blog.example", 1, stated),
        ]);
        assert_eq!(merged.entry.tags, ["rust", "planet"]);
    }

    #[test]
    fn a_domain_is_not_the_end_of_a_word() {
        let own =
            |host: &str, key: &str| is_own(&sighting("x", host, 0, entry("A", None, Some(key))));
        assert!(own("blog.example.org", "example.org/a"));
        assert!(own("example.org", "blog.example.org/a"));
        assert!(!own("ample.org", "example.org/a"));
        assert!(!own("org", "example.org/a"));
    }
}
