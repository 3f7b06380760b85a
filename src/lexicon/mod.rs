//! How people write: dates, read times, words, broken characters, markup and what they look for, in the languages of the web.
//! Pure; knows no stage. `extract` asks it where in a text a date stands, `normalise` what the date means.

pub mod date;
mod digits;
pub mod markup;
pub mod mojibake;
pub mod noise;
pub mod pattern;
pub mod read_time;
pub mod scan;
pub mod words;
