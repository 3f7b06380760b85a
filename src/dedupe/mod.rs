//! Entry + Known → Change; sightings → one article; an entry → its line in the ledger.
//!
//! Takes the entries of one document and what the archive remembers of their [`aliases`], and says what each of them is
//! ([`decide()`]); where a source has moved, which of its posts are which ([`migrate`]), and whether another text is an edit
//! ([`revise()`]), or something beside it was mended ([`correct()`]). Brings the sightings of one article together
//! ([`merge()`]). Makes the id and the date under which an article is published ([`ledger_line`], for a whole run
//! [`ledger_lines`]), and holds floods back ([`guard`](guard())). Pure: no archive, no clock, and nothing depends on the order
//! in which sources answered.
//!
//! Two entries are one when an alias says so. When in doubt both are kept: a duplicate is a nuisance, a lost article a
//! loss.
mod carry;
mod correct;
mod decide;
mod guard;
mod ledger;
mod likeness;
mod merge;
mod migration;
mod placed;
mod revise;
mod sameness;
#[cfg(test)]
mod samples;

pub use carry::{carry, carry_all, carry_derived};
pub use correct::{correct, redate};
pub use decide::decide;
pub use guard::{Guarded, guard};
pub use ledger::ledger_line;
pub use likeness::{
    Candidate, Profile, THRESHOLD, WINDOW_DAYS, compare, group, is_rewritten, is_same,
    is_same_title, marks,
};
pub use merge::merge;
pub use migration::{Migration, Shown, days_of_moves, is_used_again, migrate};
pub use placed::ledger_lines;
pub use revise::revise;
pub use sameness::aliases;
