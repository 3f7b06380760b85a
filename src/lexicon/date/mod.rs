//! Dates as people write them, in the languages of the web: a text in, an instant, a day, a month or a span before now
//! out. Never a guess: a bare year, a bare number, a time alone, a version or a phone number is no date, and nothing
//! outside [`EARLIEST_YEAR`]..=[`LATEST_YEAR`] is one (feeds that say year 0001 mean that they do not know). Where nothing
//! but a date can stand, [`stated`] is less strict.
//!
//! RFC 3339, RFC 5322 §3.3 and its wounds, ISO 8601 calendar and week dates; what has no zone is of the clock that [`Habits`]
//! tell, else UTC, a leap second is folded into the next one.

mod absolute;
mod between;
mod calendars;
mod cursor;
mod find;
mod month;
mod names;
mod numeric;
mod read;
mod relative;
mod time;
mod when;

pub use find::{Found, find};
pub use names::{is_calendar_word, tongue};
pub use numeric::{order, order_of};
pub use read::{read, stated};
pub use relative::ago;
pub use when::{EARLIEST_YEAR, Habits, LATEST_YEAR, Order, Tongue, When};

#[cfg(test)]
mod spellings;
#[cfg(test)]
mod tests;
