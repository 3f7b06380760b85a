//! One post in the data that a page carries for machines, whatever format it was found in.

/// A post as machine data tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::extract::page) struct Record {
    /// Its address as written.
    pub(in crate::extract::page) url: Option<String>,
    /// The last part of its address, where that is all there is.
    pub(in crate::extract::page) slug: Option<String>,
    /// Its title.
    pub(in crate::extract::page) title: Option<String>,
    /// When it was published.
    pub(in crate::extract::page) published: Option<String>,
    /// When it was changed.
    pub(in crate::extract::page) updated: Option<String>,
    /// Its excerpt.
    pub(in crate::extract::page) summary: Option<String>,
    /// Its tags.
    pub(in crate::extract::page) tags: Vec<String>,
    /// Its authors.
    pub(in crate::extract::page) authors: Vec<String>,
    /// Its image.
    pub(in crate::extract::page) image: Option<String>,
    /// The stated read time, with its unit.
    pub(in crate::extract::page) read_time: Option<String>,
    /// Its language.
    pub(in crate::extract::page) language: Option<String>,
    /// True if the record is typed as an article (JSON-LD), not guessed from key names.
    pub(in crate::extract::page) typed: bool,
}
