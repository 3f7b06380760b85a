//! A start tag, wherever it was read.

use scraper::node::Element;

/// A start tag of HTML.
pub(crate) trait Tag {
    /// Its name, lower-case.
    fn name(&self) -> &str;
    /// The value of the attribute of that name, its references resolved.
    fn attr(&self, name: &str) -> Option<&str>;
    /// All attributes, ordered by their names.
    fn attrs(&self) -> impl Iterator<Item = (&str, &str)>;
}

impl Tag for Element {
    fn name(&self) -> &str {
        self.name()
    }

    fn attr(&self, name: &str) -> Option<&str> {
        self.attr(name)
    }

    fn attrs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attrs()
    }
}
