//! Which namespace a prefix stands for, where it stands.

use super::names::{self, Family};
use super::tag::Attributes;

/// The bindings of the open elements, innermost last.
#[derive(Debug, Default)]
pub(super) struct Namespaces(Vec<(String, Family)>);

impl Namespaces {
    /// Notes what a tag declares. The namespace that the root is in is the format's own, whatever its URI: `root` is the
    /// prefix of the tag if it is the root.
    pub(super) fn declare(&mut self, attributes: &Attributes, root: Option<&str>) {
        for (prefix, uri) in declared(attributes) {
            let family = if root == Some(prefix) {
                Family::Home
            } else {
                names::of_uri(uri)
            };
            self.0.push((prefix.to_owned(), family));
        }
    }

    /// How many bindings there are, to come back to.
    pub(super) fn mark(&self) -> usize {
        self.0.len()
    }

    /// Forgets the bindings since `mark`.
    pub(super) fn back_to(&mut self, mark: usize) {
        self.0.truncate(mark);
    }

    /// The family that `prefix` stands for: as declared, else by convention.
    pub(super) fn family(&self, prefix: &str) -> Family {
        let bound = self.0.iter().rev().find(|(bound, _)| bound == prefix);
        bound.map_or_else(|| names::of_prefix(prefix), |(_, family)| *family)
    }
}

/// True if a tag declares Atom's namespace.
pub(super) fn declares_atom(attributes: &Attributes) -> bool {
    declared(attributes).any(|(_, uri)| names::of_uri(uri) == Family::Atom)
}

/// Prefix (empty: the default) and URI of what a tag declares.
fn declared(attributes: &Attributes) -> impl Iterator<Item = (&str, &str)> {
    attributes
        .iter()
        .filter_map(|(key, uri)| match key.split_once(':') {
            None if key == "xmlns" => Some(("", uri)),
            Some(("xmlns", prefix)) => Some((prefix, uri)),
            _ => None,
        })
}
