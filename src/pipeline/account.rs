//! Why an entry is as it is: who shows it, why they are one, where each field came from, which feeds it is in.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::error::Error;
use super::places::{Place, places};
use crate::config::Config;
use crate::dedupe::{self, Candidate, Profile};
use crate::model::{Entry, EntryKey, Field, Likeness, Ruling, Sighting, SourceId, Tier};
use crate::store::{EntryRecord, Store};

/// All that speaks for an entry being as it is.
#[derive(Clone, Debug)]
pub struct Account {
    /// What the archive holds.
    pub record: EntryRecord,
    /// The entries that are shown as one, each recognised by its own aliases, with those who show it; the one that is shown
    /// first.
    pub members: Vec<(EntryKey, Vec<SourceId>)>,
    /// The ids under which the others were published before, never given again.
    pub former_ids: Vec<String>,
    /// How like every two of its sightings are.
    pub pairs: Vec<Pair>,
    /// What people said of it.
    pub rulings: Vec<Ruling>,
    /// Where each field came from.
    pub fields: Vec<FieldOrigin>,
    /// Where it stands in each feed, and if it is in none, why.
    pub places: Vec<Place>,
}

/// Two sources that show an entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// One of them.
    pub one: SourceId,
    /// The other one.
    pub other: SourceId,
    /// True if they are recognised by the same alias, whatever their likeness.
    pub by_alias: bool,
    /// How like they are.
    pub likeness: Likeness,
}

/// Where the value of a field came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldOrigin {
    /// Which field.
    pub field: Field,
    /// The source that shows it so; `None`: no single one, as for the tags of several.
    pub source: Option<SourceId>,
    /// From which tier of that source.
    pub tier: Tier,
}

/// The account of `key` in this archive.
///
/// # Errors
/// [`Error::Store`]. `None` if there is no such entry.
pub fn account(
    store: &Store,
    config: &Config,
    key: EntryKey,
    now: DateTime<Utc>,
) -> Result<Option<Account>, Error> {
    let members = store.members(key)?;
    let Some(head) = members.first().map(|member| member.key) else {
        return Ok(None);
    };
    let Some(record) = store.record(head)? else {
        return Ok(None);
    };
    let mut rulings = Vec::new();
    for member in &members {
        for ruling in store.rulings(member.key)? {
            if !rulings.contains(&ruling) {
                rulings.push(ruling);
            }
        }
    }
    let places = places(store, config, &record, now)?;
    let former_ids = members.iter().skip(1);
    let former_ids = former_ids
        .filter_map(|it| it.published.as_ref().map(|(_, _, id)| id.clone()))
        .collect();
    let candidates: Vec<Candidate> = members.into_iter().map(Candidate::from).collect();
    Ok(Some(Account {
        pairs: pairs(&candidates),
        fields: fields(&record.entry, &record.sightings),
        members: (candidates.iter())
            .map(|it| {
                let sources = it.member.sightings.iter().map(|it| it.source.clone());
                (it.member.key, sources.collect())
            })
            .collect(),
        former_ids,
        record,
        rulings,
        places,
    }))
}

fn pairs(candidates: &[Candidate]) -> Vec<Pair> {
    let all: Vec<(usize, &SourceId, &Profile)> = (candidates.iter().enumerate())
        .flat_map(|(at, candidate)| {
            let sources = candidate.member.sightings.iter().map(|it| &it.source);
            sources
                .zip(&candidate.profiles)
                .map(move |(source, profile)| (at, source, profile))
        })
        .collect();
    let mut pairs = Vec::new();
    for (at, (home, one, profile)) in all.iter().enumerate() {
        for (other_home, other, other_profile) in &all[at + 1..] {
            pairs.push(Pair {
                one: (*one).clone(),
                other: (*other).clone(),
                by_alias: home == other_home,
                likeness: dedupe::compare(profile, other_profile),
            });
        }
    }
    pairs
}

/// Where each field of `merged` came from: the best sighting that shows it so.
fn fields(merged: &Entry, sightings: &[Sighting]) -> Vec<FieldOrigin> {
    (merged.provenance.iter())
        .map(|(field, tier)| {
            let same = |it: &&Sighting| {
                it.entry.provenance.get(field) == Some(tier) && shows(&it.entry, merged, *field)
            };
            FieldOrigin {
                field: *field,
                source: sightings.iter().find(same).map(|it| it.source.clone()),
                tier: *tier,
            }
        })
        .collect()
}

/// True if both have the same value there.
fn shows(one: &Entry, other: &Entry, field: Field) -> bool {
    match field {
        Field::Url => one.url == other.url,
        Field::Title => one.title == other.title,
        Field::Published => one.published == other.published,
        Field::Updated => one.updated == other.updated,
        Field::Summary => one.summary == other.summary,
        Field::Content => one.content == other.content,
        Field::Tags => one.tags == other.tags,
        Field::ReadMinutes => one.read_minutes == other.read_minutes,
        Field::Authors => one.authors == other.authors,
        Field::Language => one.language == other.language,
        Field::Image => one.image == other.image,
    }
}
