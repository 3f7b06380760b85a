//! Years and days of other calendars in our count: Buddhist years, the eras of Japan and the Republic of China, and the
//! solar calendar of Iran.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::cursor::{Cursor, is_letter};

/// So many years the Buddhist calendar, which Thailand keeps, is ahead.
const BUDDHIST_ERA: u32 = 543;

/// Eras whose years are counted from one, with the year before their first.
const ERAS: [(&str, u32); 4] = [
    ("令和", 2018),
    ("平成", 1988),
    ("民國", 1911),
    ("民国", 1911),
];

/// The first year of an era.
const FIRST: &str = "元";

/// The months of Iran's year, which begins in spring.
const SOLAR_MONTHS: [&str; 12] = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
];

/// Years of Iran's count in which there are blogs: 1990 to 2042 of ours.
const SOLAR_YEARS: std::ops::RangeInclusive<u32> = 1369..=1420;

/// A year that stands behind the Thai name of a month, in our count.
pub(super) fn from_buddhist(year: u32) -> u32 {
    /// What is less is our count.
    const EARLIEST: u32 = 2400;
    if year < EARLIEST {
        year
    } else {
        year - BUDDHIST_ERA
    }
}

/// A year of the Republic of China in our count, if there were blogs then.
pub(super) fn from_republican(year: u32) -> Option<u32> {
    const BEFORE: u32 = 1911;
    (79..=150).contains(&year).then_some(year + BEFORE)
}

/// The year, in our count, that an era and its year spell at `cursor` ("令和6" before "年"), and where they end.
pub(super) fn era_year(mut cursor: Cursor<'_>) -> Option<(u32, Cursor<'_>)> {
    let (name, before) = ERAS
        .iter()
        .find(|(name, _)| cursor.rest().starts_with(name))?;
    cursor.eat_str(&[name]);
    cursor.space();
    let year = if cursor.eat_str(&[FIRST]) {
        1
    } else {
        cursor.number().filter(|number| number.digits <= 3)?.value
    };
    let mut ahead = cursor;
    ahead.space();
    ahead.eat('年').then_some((before + year, cursor))
}

/// Where the era begins that ends before the digits at byte `at`: "令和6年", "令和元年5月".
pub(super) fn era_before(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].trim_end();
    let before = before
        .strip_suffix('年')
        .and_then(|before| before.strip_suffix(FIRST))
        .unwrap_or(before);
    ERAS.iter()
        .find_map(|(name, _)| before.strip_suffix(name))
        .map(str::len)
}

/// Steps over the name of a month of Iran's year; which one it is, 1 to 12.
pub(super) fn solar_month(cursor: &mut Cursor<'_>) -> Option<u32> {
    let month = SOLAR_MONTHS
        .iter()
        .position(|month| cursor.rest().starts_with(month))?;
    let mut ahead = *cursor;
    ahead.eat_str(&[SOLAR_MONTHS[month]]);
    if ahead.peek().is_some_and(is_letter) {
        return None;
    }
    *cursor = ahead;
    u32::try_from(month + 1).ok()
}

/// Year, month and day of Iran's calendar in ours; `None` where it has no such day or nobody blogged yet.
pub(super) fn from_solar(year: u32, month: u32, day: u32) -> Option<(u32, u32, u32)> {
    let days_of_month = if month <= 6 { 31 } else { 30 };
    if !SOLAR_YEARS.contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=days_of_month).contains(&day)
    {
        return None;
    }
    // the first day of the year 1403
    let known = NaiveDate::from_ymd_opt(2024, 3, 20)?;
    let days = i64::from(solar_days(year, month, day)) - i64::from(solar_days(1403, 1, 1));
    let date = known.checked_add_signed(TimeDelta::days(days))?;
    Some((u32::try_from(date.year()).ok()?, date.month(), date.day()))
}

/// Days from a fixed one, by the cycle of 33 years with eight leap years in it.
fn solar_days(year: u32, month: u32, day: u32) -> u32 {
    let year = year + 1595;
    let before = if month <= 7 {
        (month - 1) * 31
    } else {
        (month - 7) * 30 + 186
    };
    365 * year + year / 33 * 8 + (year % 33).div_ceil(4) + before + day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_solar_year_are_days_of_ours() {
        for ((year, month, day), means) in [
            ((1403, 1, 1), (2024, 3, 20)),
            ((1402, 12, 29), (2024, 3, 19)),
            ((1403, 12, 30), (2025, 3, 20)),
            ((1404, 1, 1), (2025, 3, 21)),
            ((1399, 12, 30), (2021, 3, 20)),
            ((1403, 8, 28), (2024, 11, 18)),
            ((1380, 7, 1), (2001, 9, 23)),
        ] {
            assert_eq!(from_solar(year, month, day), Some(means));
        }
        for (year, month, day) in [(1300, 1, 1), (1403, 13, 1), (1403, 7, 31), (1403, 1, 0)] {
            assert_eq!(from_solar(year, month, day), None);
        }
    }
}
