//! Is this reading of an index page like the source's healthy ones? Quiet, broken, half matched, redesigned.
//!
//! Takes normalised entries and what the archive remembers; gives a verdict, with the entries that are unlike the posts
//! that are known. Pure: stores nothing, asks nobody. See "When a page changes" in ARCHITECTURE.md.

mod container;
mod judge;
mod learn;
mod likeness;
mod posts;

pub use container::{container, is_empty_list};
pub use judge::{Judgement, judge, judge_further, redated};
pub use learn::learn;
pub use likeness::with_places_of;

#[cfg(test)]
mod tests;
