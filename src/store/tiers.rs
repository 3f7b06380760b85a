//! Where the fields of an entry came from, as it is kept: a letter a field, in the order of the fields.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

use crate::model::{Field, Provenance, Tier};

/// All fields in their order; a new one comes at the end.
const FIELDS: [Field; 11] = [
    Field::Url,
    Field::Title,
    Field::Published,
    Field::Updated,
    Field::Summary,
    Field::Content,
    Field::Tags,
    Field::ReadMinutes,
    Field::Authors,
    Field::Language,
    Field::Image,
];
const TIERS: [(Tier, char); 7] = [
    (Tier::Select, 's'),
    (Tier::Feed, 'f'),
    (Tier::Structured, 'd'),
    (Tier::Listing, 'l'),
    (Tier::Article, 'a'),
    (Tier::Derived, 'w'),
    (Tier::Configured, 'c'),
];

/// Writes `ff-f`, say.
pub(super) fn serialize<S: Serializer>(it: &Provenance, to: S) -> Result<S::Ok, S::Error> {
    let letter = |field| {
        let tier = it.get(field)?;
        let found = TIERS.iter().find(|(known, _)| known == tier);
        found.map(|(_, letter)| *letter)
    };
    let letters: String = FIELDS.iter().map(|it| letter(it).unwrap_or('-')).collect();
    to.serialize_str(letters.trim_end_matches('-'))
}

/// What was kept: so, or by older versions as a map.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Letters(String),
    Map(Provenance),
}

/// Reads it.
pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<Provenance, D::Error> {
    let letters = match Kept::deserialize(from)? {
        Kept::Map(map) => return Ok(map),
        Kept::Letters(letters) => letters,
    };
    let mut provenance = Provenance::new();
    for (field, letter) in FIELDS.into_iter().zip(letters.chars()) {
        match TIERS.iter().find(|(_, known)| *known == letter) {
            Some((tier, _)) => _ = provenance.insert(field, *tier),
            None if letter == '-' => {}
            None => return Err(D::Error::custom(format!("{letter:?} is no tier"))),
        }
    }
    Ok(provenance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize, Deserialize)]
    struct Holder(#[serde(with = "super")] Provenance);

    #[test]
    fn where_every_field_came_from_is_read_back_from_letters_and_from_words() {
        for shift in 0..TIERS.len() {
            let tier = |at: usize| TIERS[(at + shift) % TIERS.len()].0;
            let all: Provenance = (FIELDS.into_iter().enumerate())
                .filter(|(at, _)| at % 3 != shift % 3)
                .map(|(at, field)| (field, tier(at)))
                .collect();
            let letters = serde_json::to_string(&Holder(all.clone())).unwrap();
            assert!(letters.len() <= 13, "{letters}");
            let words = serde_json::to_string(&all).unwrap();
            for kept in [letters, words] {
                let Holder(back) = serde_json::from_str(&kept).unwrap();
                assert_eq!(back, all, "{kept}");
            }
        }
        assert!(serde_json::from_str::<Holder>("\"fx\"").is_err());
    }
}
