//! Is an entry that was never seen like the posts that were?

use url::Url;

use crate::model::{Contract, Entry, Field, Tier};

/// The fields that a contract looks at.
pub(super) const FIELDS: [Field; 6] = [
    Field::Title,
    Field::Url,
    Field::Published,
    Field::Summary,
    Field::Tags,
    Field::ReadMinutes,
];

/// A field that so many percent of the posts fill is always filled: one item without it is a slip.
pub(super) const ALWAYS: u8 = 90;
/// So many percent of the links in one place make it the place.
const TELLING: u32 = 90;
/// Fewer links tell nothing of a folder.
const MIN_LINKS: u32 = 3;
/// An entry with so many points is no post of this list. No single fault reaches it but
/// another host where there was one, and another folder where no dates tell.
const ODD: u32 = 4;

/// True if the page itself fills `field`; what the configuration gives or we worked out does not count.
pub(super) fn fills(entry: &Entry, field: Field) -> bool {
    let filled = match field {
        Field::Title => true,
        Field::Url => entry.url.is_some(),
        Field::Published => entry.published.is_some(),
        Field::Summary => entry.summary.is_some(),
        Field::Tags => !entry.tags.is_empty(),
        Field::ReadMinutes => entry.read_minutes.is_some(),
        _ => false,
    };
    let ours = matches!(
        entry.provenance.get(&field),
        Some(Tier::Configured | Tier::Derived)
    );
    filled && !ours
}

/// True if good readings always fill `field`.
pub(super) fn always(contract: &Contract, field: Field) -> bool {
    contract
        .filled
        .get(&field)
        .is_some_and(|share| *share >= ALWAYS)
}

/// Where the link of an entry leads: its host without `www.`, and the folder of its path with figures as `#`.
pub(super) fn place(entry: &Entry) -> Option<String> {
    let url = Url::parse(entry.key.as_deref()?)
        .ok()
        .or_else(|| entry.url.clone())?;
    let host = url.host_str()?;
    let mut segments: Vec<&str> = url
        .path_segments()?
        .filter(|part| !part.is_empty())
        .collect();
    segments.pop();
    let mut place = format!("{host}/");
    for segment in segments {
        let figures = segment.bytes().all(|b| b.is_ascii_digit());
        place.push_str(if figures { "#" } else { segment });
        place.push('/');
    }
    Some(place)
}

/// How far where an entry leads is from where the posts are: 0 near, up to 4.
fn astray(contract: &Contract, entry: &Entry) -> u32 {
    let Some(place) = place(entry) else {
        return if always(contract, Field::Url) { 4 } else { 0 };
    };
    let links: u32 = contract.places.values().sum();
    let mostly = |count: u32| count * 100 >= links * TELLING;
    if links == 0 || contract.places.contains_key(&place) {
        return 0;
    }
    // where dates tell posts from other things, an address alone does not condemn
    let dated = always(contract, Field::Published);
    let own = host(&place);
    let mut hosts: Vec<&str> = contract.places.keys().map(|known| host(known)).collect();
    hosts.dedup();
    if !hosts.contains(&own) {
        // a site that links to others, or to its own subdomains, may do so again
        return match hosts.as_slice() {
            [home] if is_related(home, own) => 2,
            [_] => ODD,
            _ => 0,
        };
    }
    if links < MIN_LINKS {
        return 0;
    }
    let Some((folder, _)) = contract.places.iter().find(|(_, count)| mostly(**count)) else {
        return 0;
    };
    match (place.starts_with(folder.as_str()), dated) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 4,
    }
}

/// The contract, content with every folder that `entries` lead to on a host that it knows.
pub(super) fn with_folders_of(contract: &Contract, entries: &[Entry]) -> Contract {
    let mut lenient = contract.clone();
    for place in entries.iter().filter_map(place) {
        let mut known = contract.places.keys();
        if known.any(|known| host(known) == host(&place)) {
            lenient.places.entry(place).or_insert(0);
        }
    }
    lenient
}

/// The contract, content with wherever `entries` lead to: posts that are known lead there now.
#[must_use]
pub fn with_places_of<'a>(
    contract: &Contract,
    entries: impl Iterator<Item = &'a Entry>,
) -> Contract {
    let mut lenient = contract.clone();
    for place in entries.filter_map(place) {
        *lenient.places.entry(place).or_insert(0) += 1;
    }
    lenient
}

/// The host of a place.
fn host(place: &str) -> &str {
    place.split('/').next().unwrap_or_default()
}

/// True if one host is below the other.
fn is_related(one: &str, other: &str) -> bool {
    let below = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.'));
    below(one, other) || below(other, one)
}

/// How much speaks against an entry that was never seen.
pub(super) fn faults(contract: &Contract, entry: &Entry) -> u32 {
    let missing = |field| u32::from(always(contract, field) && !fills(entry, field));
    astray(contract, entry)
        + 2 * missing(Field::Published)
        + missing(Field::Summary)
        + missing(Field::Tags)
        + missing(Field::ReadMinutes)
        + missing(Field::Title)
}

/// True if an entry that was never seen is no post of this list.
pub(super) fn is_odd(contract: &Contract, entry: &Entry) -> bool {
    contract.runs > 0 && faults(contract, entry) >= ODD
}

/// True if nothing or next to nothing speaks against it.
pub(super) fn fits(contract: &Contract, entry: &Entry) -> bool {
    contract.runs > 0 && faults(contract, entry) <= 1
}
