//! Likeness across sources: which sightings that share no alias are one article all the same.
//!
//! Two sightings are compared by their titles and by the shingles of their texts ([`compare()`]); what may be alike is found
//! by [`marks`](marks()), of which entries that are alike share one or several. What speaks against it, whatever the
//! score, is a [`Veto`](crate::model::Veto). When in doubt both are kept.

mod compare;
mod group;
#[cfg(test)]
mod grouping;
mod marks;
mod profile;
#[cfg(test)]
mod tests;
mod words;

pub(super) use compare::title_likeness;
pub use compare::{THRESHOLD, WINDOW_DAYS, compare, is_rewritten, is_same, is_same_title};
pub use group::{Candidate, group};
pub use marks::marks;
pub use profile::Profile;
pub(super) use words::{Words, title_numbers, words};
