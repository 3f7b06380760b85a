//! Days to which a machine has dated posts, and not who wrote them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{FEWEST, ONE_DAY};
use crate::model::{Date, Precision};

/// The days of moves: those to which several posts are dated that were of other days before, given each with the date that it
/// had and the one that it has.
pub fn days_of_moves(dates: impl IntoIterator<Item = (Date, Date)>) -> BTreeSet<NaiveDate> {
    let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let is_told = |it: Date| it.precision != Precision::Month;
    for (old, new) in dates {
        if is_told(old) && is_told(new) && (old.at - new.at).abs() > ONE_DAY {
            *days.entry(new.at.date_naive()).or_default() += 1;
        }
    }
    days.retain(|_, posts| *posts >= FEWEST);
    days.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::dedupe::samples::day;

    #[test]
    fn a_day_that_several_posts_have_been_given_is_that_of_a_move() {
        let to = |days: &[(u32, u32)]| {
            let dates = days.iter().map(|(old, new)| (day(*old), day(*new)));
            days_of_moves(dates).len()
        };
        assert_eq!(to(&[(1, 20), (4, 20), (9, 20)]), 1);
        // two were mended, one is what it was
        assert_eq!(to(&[(1, 20), (4, 20), (20, 20)]), 0);
        // a clock that was wrong by a month
        assert_eq!(to(&[(1, 20), (2, 21), (3, 22)]), 0);
        // in another time zone
        let zone = (0..5).map(|_| {
            let mut new = day(20);
            new.at += TimeDelta::hours(9);
            (day(20), new)
        });
        assert!(days_of_moves(zone).is_empty());
    }
}
