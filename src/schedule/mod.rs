//! When is it time? [`Schedule`] says when a cycle runs; [`due`] says which sources that cycle may ask, from what was
//! learnt of them and `now`; [`after`] says what is learnt from how asking one ended. Pure: `now` is an argument.

mod due;
mod line;

pub use due::{Due, LONGEST_WAIT, Why, after, due, jitter, network_is_down};
pub use line::{Schedule, ScheduleError};
