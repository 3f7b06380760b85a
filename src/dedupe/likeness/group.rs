//! Which entries are one, given how like they are.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{compare, is_same};
use super::profile::Profile;
use crate::dedupe::sameness;
use crate::model::{EntryKey, Likeness, Member, Ruling, SourceId, Veto};

/// An entry with what of it is compared.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The entry.
    pub member: Member,
    /// That of each of its sightings, in their order.
    pub profiles: Vec<Profile>,
}

impl From<Member> for Candidate {
    fn from(member: Member) -> Self {
        let profiles = member.sightings.iter().map(Profile::of).collect();
        Self { member, profiles }
    }
}

impl Candidate {
    /// How like two entries are: as like as those two of their sightings that are most alike, unless one source shows both.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        let all = || {
            (self.profiles.iter())
                .flat_map(|one| other.profiles.iter().map(move |other| compare(one, other)))
        };
        if let Some(same_source) = all().find(|it| it.veto == Some(Veto::SameSource)) {
            return Some(same_source);
        }
        all().max_by(|a, b| {
            (a.veto.is_none().cmp(&b.veto.is_none()))
                .then(a.score.total_cmp(&b.score))
                .then(b.veto.cmp(&a.veto))
        })
    }

    /// A name that does not depend on when the entry came.
    fn name(&self) -> Option<String> {
        (self.member.sightings.iter())
            .map(|it| sameness::fingerprint(&it.source, &it.entry))
            .min()
    }
}

/// What holds two entries together, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    /// A person said so.
    Ruled,
    /// They were published as one.
    Standing,
    /// They are alike.
    Alike,
}

/// `candidates`, which are all that may be one with any of them, parted into entries; the first of each is the one that
/// is shown: that which was published first, else any.
///
/// What people said comes first, then what was published as one, then the pairs that are alike, the most alike first. A group
/// takes in no second entry of a source, none that a person parted from one of its members, and none that contradicts one
/// of them: so one text between two issues of a series does not join them. The order of `candidates` makes no difference.
#[must_use]
pub fn group(candidates: &[Candidate], rulings: &[Ruling]) -> Vec<Vec<EntryKey>> {
    let mut bonds = Vec::new();
    let mut contradicted = BTreeSet::new();
    let names: Vec<_> = candidates.iter().map(Candidate::name).collect();
    let pair = |a: EntryKey, b: EntryKey| (a.min(b), a.max(b));
    let said: BTreeMap<_, bool> = (rulings.iter())
        .map(|it| (pair(it.one, it.other), it.together))
        .collect();
    for (at, one) in candidates.iter().enumerate() {
        for (place, other) in candidates.iter().enumerate().skip(at + 1) {
            let likeness = one.likeness(other);
            let is_contradicted =
                likeness.is_some_and(|it| it.veto.is_some_and(Veto::is_contradiction));
            if is_contradicted {
                contradicted.insert((at, place));
            }
            let bond = match said.get(&pair(one.member.key, other.member.key)) {
                Some(true) => Bond::Ruled,
                None if stand_together(&one.member, &other.member) => Bond::Standing,
                None if likeness.as_ref().is_some_and(is_same) => Bond::Alike,
                Some(false) | None => continue,
            };
            let (score, days) = likeness.map_or((0.0, 0), |it| (it.score, it.days));
            let ends = (
                names[at].clone().min(names[place].clone()),
                names[at].clone().max(names[place].clone()),
            );
            bonds.push((bond, score, days, ends, at, place));
        }
    }
    bonds.sort_by(|a, b| {
        (a.0.cmp(&b.0))
            .then(b.1.total_cmp(&a.1))
            .then(a.2.cmp(&b.2))
            .then_with(|| a.3.cmp(&b.3))
    });
    let mut groups: Vec<Vec<usize>> = (0..candidates.len()).map(|at| vec![at]).collect();
    for (bond, _, _, _, one, other) in bonds {
        let find = |it: usize| groups.iter().position(|group| group.contains(&it));
        let (Some(here), Some(there)) = (find(one), find(other)) else {
            continue;
        };
        if here != there
            && may_meet(
                bond,
                &groups[here],
                &groups[there],
                candidates,
                &said,
                &contradicted,
            )
        {
            let moved = std::mem::take(&mut groups[there]);
            groups[here].extend(moved);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
        .iter()
        .map(|group| in_order(group, candidates))
        .collect()
}

fn may_meet(
    bond: Bond,
    here: &[usize],
    there: &[usize],
    candidates: &[Candidate],
    said: &BTreeMap<(EntryKey, EntryKey), bool>,
    contradicted: &BTreeSet<(usize, usize)>,
) -> bool {
    here.iter().all(|one| {
        there.iter().all(|other| {
            let (a, b) = (&candidates[*one].member, &candidates[*other].member);
            let keys = (a.key.min(b.key), a.key.max(b.key));
            let parted = said.get(&keys) == Some(&false);
            let against = contradicted.contains(&(*one.min(other), *one.max(other)))
                && said.get(&keys) != Some(&true);
            !parted
                && (bond == Bond::Ruled
                    || ((bond == Bond::Standing || !against) && !share_a_source(a, b)))
        })
    })
}

fn share_a_source(a: &Member, b: &Member) -> bool {
    let of = |member: &Member| -> BTreeSet<SourceId> {
        member
            .sightings
            .iter()
            .map(|it| it.source.clone())
            .collect()
    };
    !of(a).is_disjoint(&of(b))
}

/// True if they were published as one: what subscribers have seen as one stays one.
fn stand_together(a: &Member, b: &Member) -> bool {
    let head = |member: &Member| member.head.unwrap_or(member.key);
    let is_published = |member: &Member, head| member.key == head && member.published.is_some();
    head(a) == head(b) && (is_published(a, head(a)) || is_published(b, head(b)))
}

/// The keys of `group`, that which is shown first.
fn in_order(group: &[usize], candidates: &[Candidate]) -> Vec<EntryKey> {
    let mut members: Vec<&Member> = group.iter().map(|at| &candidates[*at].member).collect();
    members.sort_by_key(|member| {
        (
            member.published.is_none(),
            member.published.clone(),
            member.key,
        )
    });
    members.iter().map(|member| member.key).collect()
}
