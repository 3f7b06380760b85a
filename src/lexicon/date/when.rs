//! What a text says about time.

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::model::{Date, Precision};

/// No blog is older.
pub const EARLIEST_YEAR: i32 = 1990;

/// Later years are slips of the pen, or a way to stay on top of every list.
pub const LATEST_YEAR: i32 = 2100;

/// What a machine states may lie before the first blog, but not before the first clock of its kind.
pub(super) const EARLIEST_STATED_YEAR: i32 = 1970;

/// The last year that RFC 3339 and RFC 822 can write.
pub(super) const LATEST_STATED_YEAR: i32 = 9999;

/// How `03/04/2024` is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// 3 April.
    DayFirst,
    /// 4 March; also what is assumed where nothing tells.
    #[default]
    MonthFirst,
}

/// What is known of how a text writes its dates, told by its neighbours or by the document it stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// What `03/04/2024` means.
    pub order: Order,
    /// What names mean that two languages give to two months.
    pub tongue: Tongue,
    /// Whose clock shows a time that is stated without a zone; `None`: that of Greenwich, or the one that its language tells.
    pub home: Option<Tz>,
}

impl From<Order> for Habits {
    fn from(order: Order) -> Self {
        Self {
            order,
            ..Self::default()
        }
    }
}

/// A language that calls a month what another one is called elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// Any other: a name means the month that most mean by it.
    #[default]
    Other,
    /// Croatian, whose `lipanj`, `srpanj` and `listopad` are the sixth, seventh and tenth month.
    Croatian,
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
    /// The date meant, if the text was written at `now`; a day or month is its first instant.
    pub fn resolve(self, now: DateTime<Utc>) -> Date {
        match self {
            Self::At(date) => date,
            Self::Ago(span, precision) => {
                let at = now - span;
                let at = match precision {
                    Precision::Instant => at,
                    Precision::Day => at.date_naive().and_time(NaiveTime::MIN).and_utc(),
                    Precision::Month => at
                        .date_naive()
                        .with_day(1)
                        .expect("every month has a first day")
                        .and_time(NaiveTime::MIN)
                        .and_utc(),
                };
                Date { at, precision }
            }
        }
    }
}
