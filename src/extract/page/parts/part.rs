//! What one line of an item says, and a date in it.

use std::ops::Range;

use crate::model::Precision;

/// A date as it stands in a line.
#[derive(Clone, Debug)]
pub(in crate::extract::page) struct DateSpot {
    /// Its words, or the `datetime` attribute where the words are relative.
    pub(in crate::extract::page) text: String,
    /// How exactly.
    pub(in crate::extract::page) precision: Precision,
    /// True for a date of change.
    pub(in crate::extract::page) updated: bool,
    /// True if the markup says that it is a date: a `time` element, a class, the item's own link.
    pub(in crate::extract::page) strong: bool,
    /// True if it fills its piece of the line; false for one glued to other words.
    pub(in crate::extract::page) own: bool,
    /// The text node it begins in.
    pub(in crate::extract::page) node: usize,
}

/// What one line says.
#[derive(Clone, Debug, Default)]
pub(in crate::extract::page) struct Part {
    /// The whole line.
    pub(in crate::extract::page) text: String,
    /// Its text nodes, first to last.
    pub(in crate::extract::page) nodes: Range<usize>,
    /// The block it stands in.
    pub(in crate::extract::page) block: usize,
    /// Dates in it.
    pub(in crate::extract::page) dates: Vec<DateSpot>,
    /// The read time in it.
    pub(in crate::extract::page) read_time: Option<String>,
    /// Tags in it.
    pub(in crate::extract::page) tags: Vec<String>,
    /// Short unexplained texts that lead to other pages of the site.
    pub(in crate::extract::page) links: Vec<String>,
    /// `maybe_tags` and `formats` as they stand.
    pub(in crate::extract::page) kickers: Vec<String>,
    /// Short texts in elements of their own that name a subject of the page.
    pub(in crate::extract::page) subjects: Vec<String>,
    /// Kinds of things ("Video") in it, which are tags only where no other is.
    pub(in crate::extract::page) formats: Vec<String>,
    /// Authors in it.
    pub(in crate::extract::page) authors: Vec<String>,
    /// Short unexplained texts in elements of their own.
    pub(in crate::extract::page) maybe_tags: Vec<String>,
    /// Short unexplained texts that may be a day and month.
    pub(in crate::extract::page) shorts: Vec<String>,
    /// How many facts a line tells that is nothing but a row of them.
    pub(in crate::extract::page) facts: usize,
    /// Prose, without what else stands in the line.
    pub(in crate::extract::page) prose: Option<String>,
    /// True for an idle line that an inlined post may hold too ("Just for a memo:").
    pub(in crate::extract::page) may_be_body: bool,
    /// True for a short line of links, in words of their own to the post, or to what stands elsewhere.
    pub(in crate::extract::page) leads_on: bool,
    /// True for a line that says nothing (an invitation to read on, a label, a counter, side matter).
    pub(in crate::extract::page) idle: bool,
}

impl Part {
    /// True if the line tells facts and no prose.
    pub(in crate::extract::page) fn is_meta(&self) -> bool {
        self.prose.is_none()
            && (!self.dates.is_empty()
                || self.read_time.is_some()
                || !self.tags.is_empty()
                || !self.authors.is_empty())
    }

    /// The words that may stand in an excerpt once prose has begun.
    pub(in crate::extract::page) fn words(&self) -> Option<&str> {
        match &self.prose {
            Some(prose) => Some(prose),
            None if self.idle && !self.may_be_body || self.is_meta() => None,
            None => Some(&self.text),
        }
    }
}
