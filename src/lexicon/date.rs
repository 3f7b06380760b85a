//! Dates as people write them.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Date, Precision};

/// How `03/04/2024` is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// 3 April.
    DayFirst,
    /// 4 March; also what is assumed where nothing tells.
    #[default]
    MonthFirst,
}

/// What a text says about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A date.
    At(Date),
    /// So long before now ("3 days ago"), known as exactly as the precision says.
    Ago(TimeDelta, Precision),
}

impl When {
    /// The date meant, if the text was written at `now`.
    pub fn resolve(self, now: DateTime<Utc>) -> Date {
        match self {
            Self::At(date) => date,
            Self::Ago(span, precision) => Date {
                at: now - span,
                precision,
            },
        }
    }
}

/// A date inside a longer text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The bytes of the text that spell it.
    pub range: Range<usize>,
    /// What they say.
    pub when: When,
}

/// The date that the whole of `text` spells, if it does.
pub fn read(_text: &str, _order: Order) -> Option<When> {
    None
}

/// The first date in `text`.
pub fn find(_text: &str, _order: Order) -> Option<Found> {
    None
}

/// How numeric dates are ordered in a source, told from those of its dates that can be read one way only.
pub fn order<'a>(_texts: impl IntoIterator<Item = &'a str>) -> Option<Order> {
    None
}
