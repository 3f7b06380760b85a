//! Dates that say which day or month they mean.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};

use crate::model::{Date, Precision};

use super::between::{self, GAP};
use super::calendars;
use super::cursor::{Cursor, is_cjk, is_letter};
use super::month::month;
use super::names;
use super::time::{self, Clock, Time};
use super::when::{
    EARLIEST_STATED_YEAR, EARLIEST_YEAR, Habits, LATEST_STATED_YEAR, LATEST_YEAR, Order,
};

/// How a text is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// What is known of the text's dates beside the text.
    pub(super) habits: Habits,
    /// True if the text holds nothing but a date: then spellings count that are too weak to be picked out of prose.
    pub(super) whole: bool,
    /// True if the text stands where nothing but a date can stand: then years count that would be slips of the pen
    /// elsewhere.
    pub(super) stated: bool,
}

impl Rules {
    /// True if a date can be in that year.
    pub(super) fn takes(self, year: i32) -> bool {
        if self.stated {
            (EARLIEST_STATED_YEAR..=LATEST_STATED_YEAR).contains(&year)
        } else {
            (EARLIEST_YEAR..=LATEST_YEAR).contains(&year)
        }
    }
}

/// A calendar date as spelled; no day: a month.
#[derive(Clone, Copy, Debug)]
struct Ymd {
    year: u32,
    month: u32,
    day: Option<u32>,
}

/// A reading: what it says, and where it ends.
type Read<'a, T> = Option<(T, Cursor<'a>)>;

/// Minutes east of Greenwich of all Korea.
const KOREA: i32 = 540;

/// Reads the date at `cursor`, with the weekday before it and the time and zone behind it.
pub(super) fn parse(cursor: Cursor<'_>, rules: Rules) -> Read<'_, Date> {
    if let Some(read) = unnamed(cursor, rules) {
        return Some(read);
    }
    let mut after = cursor;
    weekday(&mut after)?;
    after.skip(&['.', ',', '、', '،', '-']);
    unnamed(after, rules)
}

/// Reads the date at `cursor`, which no weekday opens.
fn unnamed(mut cursor: Cursor<'_>, rules: Rules) -> Read<'_, Date> {
    // Vietnamese opens with "day"
    if cursor.eat_str(&["ngày ", "Ngày "]) {
        cursor.space();
    }
    if let Some((year, end)) = calendars::era_year(cursor) {
        let (ymd, end) = year_first(end, year, rules)?;
        return with_time(ymd, end, rules, 0);
    }
    if cursor.peek()?.is_ascii_digit() {
        let mut ahead = cursor;
        let number = ahead.number()?;
        let read = match number.digits {
            4 => year_first(ahead, number.value, rules),
            3 if rules.whole => republican(ahead, number.value, rules),
            8 => compact(ahead, number.value),
            1 | 2 => day_first(ahead, number.value, rules),
            _ => None,
        };
        let Some((ymd, end)) = read else {
            // "3月 5, 2024"
            return month_first(cursor, rules);
        };
        let spelled = &cursor.rest()[..cursor.rest().len() - end.rest().len()];
        // Korea has one zone, and its language no other country
        let home = if spelled.contains('년') { KOREA } else { 0 };
        return with_time(ymd, end, rules, home);
    }
    month_first(cursor, rules)
}

/// `2024-03-05`, `2024/3/5`, `2024. 3. 5.`, `2024-W10-2`, `2024-Mar-05`, `2024 March 5`, `2024年3月5日`, `2024년 3월 5일`,
/// `2024 m. kovo 5 d.`, `2024. gada 5. marts`.
fn year_first(mut cursor: Cursor<'_>, year: u32, rules: Rules) -> Read<'_, Ymd> {
    let mut ahead = cursor;
    ahead.space();
    if ahead.eat_any(&['年', '년']).is_some() {
        ahead.space();
        let month = ahead.short_number()?;
        ahead.space();
        ahead.eat_any(&['月', '월'])?;
        let end = ahead;
        ahead.space();
        if let Some(day) = ahead.short_number() {
            ahead.space();
            if ahead.eat_any(&['日', '号', '號', '일']).is_some() {
                let day = Some(day);
                return Some((Ymd { year, month, day }, ahead));
            }
        }
        let day = None;
        return Some((Ymd { year, month, day }, end));
    }
    if let Some(read) = week(cursor, year) {
        return Some(read);
    }
    let mut numeric = cursor;
    if let Some(mark) = numeric.eat_any(&['-', '/', '.', '‐', '‑', '–', '−']) {
        spaced(&mut numeric, mark);
        if let Some(month) = numeric.short_number() {
            let end = numeric;
            if numeric.eat(mark) {
                spaced(&mut numeric, mark);
                let day = numeric.short_number()?;
                if mark == '.' {
                    numeric.eat('.');
                }
                let (year, month, day) =
                    calendars::from_solar(year, month, day).unwrap_or((year, month, day));
                let day = Some(day);
                return Some((Ymd { year, month, day }, numeric));
            }
            let day = None;
            let month_only = rules.whole && matches!(mark, '-' | '/');
            return month_only.then_some((Ymd { year, month, day }, end));
        }
    }
    let worded = between::year_word(&mut cursor);
    cursor.skip(&GAP);
    let mut ahead = cursor;
    if worded && let Some(day) = ahead.short_number() {
        // "2024. gada 5. martā"
        between::ordinal(&mut ahead);
        between::before_month(&mut ahead);
        if let Some(month) = month(&mut ahead, rules.habits.tongue) {
            let day = Some(day);
            return Some((Ymd { year, month, day }, ahead));
        }
    }
    let month = month(&mut cursor, rules.habits.tongue)?;
    let end = cursor;
    cursor.skip(&GAP);
    let day = cursor.short_number().filter(|_| cursor.peek() != Some(':'));
    if day.is_none() {
        return Some((Ymd { year, month, day }, end));
    }
    between::ordinal(&mut cursor);
    Some((Ymd { year, month, day }, cursor))
}

/// `113-06-28`, `113/06/28`: a year of the Republic of China, where a date is all that is said.
fn republican(cursor: Cursor<'_>, year: u32, rules: Rules) -> Read<'_, Ymd> {
    let year = calendars::from_republican(year)?;
    let bytes = cursor.rest().as_bytes();
    let padded = bytes.len() == 6 && bytes[0] == bytes[3] && matches!(bytes[0], b'-' | b'/' | b'.');
    if padded {
        year_first(cursor, year, rules)
    } else {
        None
    }
}

/// ISO 8601 week dates: `2024-W10-2`, `2024W102`, `2024-W10` (its Monday).
fn week(mut cursor: Cursor<'_>, year: u32) -> Read<'_, Ymd> {
    let dashed = cursor.eat('-');
    cursor.eat_any(&['W', 'w'])?;
    let number = cursor.number()?;
    let (week, day) = match (number.digits, dashed) {
        (2, _) => {
            let mut ahead = cursor;
            if ahead.eat('-')
                && let Some(day) = ahead.short_number()
            {
                cursor = ahead;
                (number.value, day)
            } else {
                (number.value, 1)
            }
        }
        (3, false) => (number.value / 10, number.value % 10),
        _ => return None,
    };
    let day = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
    let date = NaiveDate::from_isoywd_opt(i32::try_from(year).ok()?, week, day)?;
    let ymd = Ymd {
        year: u32::try_from(date.year()).ok()?,
        month: date.month(),
        day: Some(date.day()),
    };
    Some((ymd, cursor))
}

/// `20240305T…`: only with a time behind it, for a bare number is no date.
fn compact(cursor: Cursor<'_>, value: u32) -> Read<'_, Ymd> {
    let rest = cursor.rest().as_bytes();
    let timed = rest.first().is_some_and(|b| b.eq_ignore_ascii_case(&b'T'))
        && rest.get(1).is_some_and(u8::is_ascii_digit);
    let ymd = Ymd {
        year: value / 10_000,
        month: value / 100 % 100,
        day: Some(value % 100),
    };
    timed.then_some((ymd, cursor))
}

/// `5 March 2024`, `5. März 2024`, `1er mars 2024`, `5 de marzo de 2024`, `05-Mar-24`, `05.03.2024`, `03/05/2024`, `3/2024`.
fn day_first(mut cursor: Cursor<'_>, first: u32, rules: Rules) -> Read<'_, Ymd> {
    if let Some(read) = numeric(cursor, first, rules) {
        return Some(read);
    }
    between::ordinal(&mut cursor);
    between::before_month(&mut cursor);
    if let Some(month) = calendars::solar_month(&mut cursor) {
        let (year, end) = year(cursor, rules)?;
        let (year, month, day) = calendars::from_solar(year, month, first)?;
        let day = Some(day);
        return Some((Ymd { year, month, day }, end));
    }
    let thai = cursor.peek().is_some_and(names::is_thai);
    let month = month(&mut cursor, rules.habits.tongue)?;
    let day = Some(first);
    let (year, end) = year(cursor, rules)?;
    let year = if thai {
        calendars::from_buddhist(year)
    } else {
        year
    };
    Some((Ymd { year, month, day }, end))
}

/// Three numbers, the year last.
fn numeric(mut cursor: Cursor<'_>, first: u32, rules: Rules) -> Read<'_, Ymd> {
    let mark = cursor.eat_any(&['/', '.', '-', '‐', '‑', '–'])?;
    spaced(&mut cursor, mark);
    let second = cursor.number()?;
    if second.digits == 4 && matches!(mark, '/' | '.') && rules.whole {
        let ymd = Ymd {
            year: second.value,
            month: first,
            day: None,
        };
        return Some((ymd, cursor));
    }
    if second.digits > 2 || !cursor.eat(mark) {
        return None;
    }
    let second = second.value;
    spaced(&mut cursor, mark);
    let year = cursor.number()?;
    let year = match year.digits {
        4 => year.value,
        // picked out of prose, 1.2.20 is a version
        2 if rules.whole || mark == '/' => century(year.value),
        _ => return None,
    };
    let day_first = match (first, second) {
        (13.., _) => true,
        (_, 13..) => false,
        // dots are written where the day comes first
        _ => mark == '.' || rules.habits.order == Order::DayFirst,
    };
    let (day, month) = if day_first {
        (first, second)
    } else {
        (second, first)
    };
    let day = Some(day);
    between::year_word(&mut cursor);
    Some((Ymd { year, month, day }, cursor))
}

/// `March 5, 2024`, `Mar. 5th 2024`, `March 2024`, `Mar 5 10:00:00 UTC 2024`.
fn month_first(mut cursor: Cursor<'_>, rules: Rules) -> Read<'_, Date> {
    let thai = cursor.peek().is_some_and(names::is_thai);
    let month = month(&mut cursor, rules.habits.tongue)?;
    between::before_year(&mut cursor);
    let number = cursor.number()?;
    if number.digits == 4 {
        let year = if thai {
            calendars::from_buddhist(number.value)
        } else {
            number.value
        };
        let ymd = Ymd {
            year,
            month,
            day: None,
        };
        let date = ymd.date(None, rules)?;
        return Some((date, cursor));
    }
    if number.digits > 2 {
        return None;
    }
    let day = Some(number.value);
    between::ordinal(&mut cursor);
    if let Some((year, end)) = year(cursor, rules) {
        return with_time(Ymd { year, month, day }, end, rules, 0);
    }
    cursor.space();
    let Clock::Read(mut time, mut end) = time::read(cursor, false) else {
        return None;
    };
    time.settle(rules.habits.home, 0);
    end.space();
    let year = end.number().filter(|n| n.digits == 4)?.value;
    let date = Ymd { year, month, day }.date(Some(time), rules)?;
    Some((date, end))
}

/// The year behind a day and a month.
fn year(mut cursor: Cursor<'_>, rules: Rules) -> Read<'_, u32> {
    between::before_year(&mut cursor);
    let short = cursor.eat_any(&['\'', '’', '‘']).is_some() || rules.whole;
    let number = cursor.number()?;
    let year = match number.digits {
        4 => number.value,
        // "5 March 10:00" says no year
        2 if short && cursor.peek() != Some(':') => century(number.value),
        _ => return None,
    };
    between::year_word(&mut cursor);
    Some((year, cursor))
}

/// Two digits of a year.
fn century(short: u32) -> u32 {
    if short < 70 {
        2000 + short
    } else {
        1900 + short
    }
}

/// Steps over the blanks that some put behind dots and slashes.
fn spaced(cursor: &mut Cursor<'_>, mark: char) {
    if matches!(mark, '.' | '/') {
        cursor.space();
    }
}

/// Steps over a weekday.
fn weekday(cursor: &mut Cursor<'_>) -> Option<()> {
    let mut ahead = *cursor;
    if ahead.eat_str(&["星期", "周", "週", "礼拜"]) {
        ahead.eat_any(&['一', '二', '三', '四', '五', '六', '日', '天'])?;
    } else if ahead
        .eat_any(&[
            '月', '火', '水', '木', '金', '土', '日', '월', '화', '수', '목', '금', '토', '일',
        ])
        .is_some()
    {
        ahead.eat_str(&["曜日", "曜", "요일"]);
    } else if ahead.eat_str(&["Thứ ", "thứ ", "Chủ ", "chủ "]) {
        ahead.word()?;
    } else {
        names::weekday(ahead.word()?).then_some(())?;
        // Portuguese: segunda-feira
        ahead.eat_str(&["-feira"]);
    }
    *cursor = ahead;
    Some(())
}

/// Steps over a weekday behind the date: "(Tue)", ", Tuesday", "(火)", "화요일".
fn weekday_behind(cursor: Cursor<'_>) -> Cursor<'_> {
    let mut ahead = cursor;
    ahead.eat_str(&[".,"]);
    ahead.skip(&[',']);
    let close = ahead
        .eat_any(&['(', '（'])
        .map(|open| if open == '(' { ')' } else { '）' });
    if weekday(&mut ahead).is_none() {
        return cursor;
    }
    let ended = match close {
        Some(close) => ahead.eat(close),
        None => !ahead.peek().is_some_and(|c| is_letter(c) || is_cjk(c)),
    };
    if ended { ahead } else { cursor }
}

/// The date `ymd`, with the time that follows it at `cursor`, if any does; `home` is its zone where it
/// states none, in minutes east of Greenwich.
fn with_time(ymd: Ymd, cursor: Cursor<'_>, rules: Rules, home: i32) -> Read<'_, Date> {
    if ymd.day.is_none() {
        return Some((ymd.date(None, rules)?, cursor));
    }
    let behind = weekday_behind(cursor);
    let date = ymd.date(None, rules)?;
    let mut ahead = behind;
    let mut parted = ahead.space();
    if ahead
        .eat_any(&['T', 't', ',', '@', '|', '·', '-', '–', '—', ':', '日'])
        .is_some()
    {
        parted = true;
        ahead.space();
    }
    let mut worded = ahead;
    if worded.word().is_some_and(|w| {
        [
            "at", "um", "a", "à", "om", "kl", "klo", "kell", "plkst", "alle", "às", "ás", "в", "о",
            "o", "u", "ob", "w", "ora", "saat", "pukul", "lúc", "από", "у", "във",
        ]
        .contains(&w)
    }) {
        parted = true;
        worded.skip(&['.']);
        worded.eat_str(&["las ", "les ", "ore "]);
        ahead = worded;
    }
    let cjk = cursor.rest().starts_with(is_cjk);
    if !parted && !cjk {
        return Some((date, behind));
    }
    match time::read(ahead, rules.whole) {
        Clock::Read(mut time, end) => {
            time.settle(rules.habits.home, home);
            ymd.date(Some(time), rules).map(|date| (date, end))
        }
        Clock::Bad if rules.whole => None,
        Clock::Bad | Clock::None => Some((date, behind)),
    }
}

impl Ymd {
    /// The instant of `time` on that day, if the calendar and our window have it.
    fn date(self, time: Option<Time>, rules: Rules) -> Option<Date> {
        let year = i32::try_from(self.year).ok()?;
        let day = NaiveDate::from_ymd_opt(year, self.month, self.day.unwrap_or(1))?;
        if !rules.takes(year) {
            return None;
        }
        let midnight = day.and_time(NaiveTime::MIN).and_utc();
        let precision = match (self.day, time) {
            (None, _) => Precision::Month,
            (Some(_), None) => Precision::Day,
            (Some(_), Some(_)) => Precision::Instant,
        };
        let time = time.unwrap_or_default();
        let clock = midnight + TimeDelta::seconds(i64::from(time.seconds));
        let at = match (time.offset, time.place) {
            (None, Some(place)) => time::there(clock.naive_utc(), place),
            (offset, _) => clock - TimeDelta::minutes(i64::from(offset.unwrap_or(0))),
        };
        (at.year() <= LATEST_STATED_YEAR).then_some(Date { at, precision })
    }
}
