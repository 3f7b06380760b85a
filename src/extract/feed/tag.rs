//! The attributes of a start tag, as leniently as HTML reads them.

use quick_xml::events::BytesStart;

use super::text;

/// How many attributes of one tag are read.
const MOST: usize = 64;

/// Attributes in document order, references resolved.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(super) fn read(tag: &BytesStart<'_>) -> Self {
        let mut attributes = tag.html_attributes();
        attributes.with_checks(false);
        let read = attributes.take(MOST).flatten().map(|attribute| {
            let key: &str = attribute.key.as_ref();
            (
                text::clean(key).into_owned(),
                text::unescape(&attribute.value).into_owned(),
            )
        });
        // what cannot be written again as the name of an attribute is dropped
        let fits = |key: &str| {
            !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_alphanumeric() || ":-_.".contains(c))
        };
        Self(read.filter(|(key, _)| fits(key)).collect())
    }

    /// The value of `key`, in any case.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(present, _)| present.eq_ignore_ascii_case(key))
            .map(|(_, value)| value.as_str())
    }

    /// The trimmed value of the first of `keys` that has one.
    pub(super) fn value(&self, keys: &[&str]) -> Option<String> {
        keys.iter()
            .filter_map(|key| self.get(key))
            .map(str::trim)
            .find(|value| !value.is_empty())
            .map(str::to_owned)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
