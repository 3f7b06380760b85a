//! When is it time? [`Schedule`] says when a cycle runs; [`due()`] says which sources that cycle may ask, from what was
//! learnt of them and `now`; [`after()`] says what is learnt from how asking one ended. Pure: `now` is an argument.

mod after;
mod due;
mod hints;
mod line;
mod rhythm;

pub use after::{Attempt, Blame, LONGEST_WAIT, after, blame, doubted, jitter};
pub use due::{Due, due, next};
pub use line::{Schedule, ScheduleError};
pub use rhythm::{MOST_POSTS, gap};
