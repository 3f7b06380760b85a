//! The time of day and the zone that follow a date.

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::cursor::Cursor;
use super::names;

/// A time of day with its zone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Time {
    /// Seconds since midnight, up to 86,400 (24:00 and a leap second belong to the next day).
    pub(super) seconds: u32,
    /// Minutes east of Greenwich, where a zone is stated.
    pub(super) offset: Option<i32>,
    /// The place whose clock it is, where one is named and no zone.
    pub(super) place: Option<Tz>,
}

impl Time {
    /// Takes the clock of `home`, else that of `language` (minutes east of Greenwich), where none is said.
    pub(super) fn settle(&mut self, home: Option<Tz>, language: i32) {
        if self.offset.is_none() && self.place.is_none() {
            self.place = home;
            self.offset = home.is_none().then_some(language);
        }
    }
}

/// What stands where a time may stand.
pub(super) enum Clock<'a> {
    /// Nothing that looks like a time.
    None,
    /// Something like a time that no clock shows (25:00, +99:99).
    Bad,
    /// A time, and where it ends.
    Read(Time, Cursor<'a>),
}

/// Reads the time at `cursor`. With `whole`, unknown letters after it count as a zone, which is taken for UTC: hours off
/// is nearer than no date.
pub(super) fn read(mut cursor: Cursor<'_>, whole: bool) -> Clock<'_> {
    let before = half(&mut cursor);
    let Some(hour) = cursor.short_number() else {
        return basic(cursor, whole);
    };
    let mut minute = 0;
    let mut second = 0;
    let mut ahead = cursor;
    let divided = ahead.eat_any(&[':', 'h', 'H', '時', '时', '點', '点', '시']);
    if let Some(mark) = divided {
        if !matches!(mark, ':' | 'h' | 'H') {
            ahead.space();
        }
        match ahead.number() {
            Some(n) if n.digits == 2 || !matches!(mark, ':' | 'h' | 'H') => {
                minute = n.value;
                ahead.eat_any(&['分', '분']);
                let mut seconds = ahead;
                if seconds.eat_any(&[':']).is_some()
                    && let Some(n) = seconds.number()
                {
                    second = n.value;
                    ahead = seconds;
                    fraction(&mut ahead);
                }
            }
            None if !matches!(mark, ':' | 'h' | 'H') => {}
            _ => return Clock::None,
        }
        cursor = ahead;
    }
    let after = half(&mut cursor);
    if divided.is_none() && after.is_none() {
        return Clock::None;
    }
    let hour = match before.or(after) {
        Some(_) if hour > 12 && before.is_none() && divided.is_none() => return Clock::None,
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    finish(cursor, whole, hour, minute, second)
}

/// `100000`, `1000`, as after the `T` of ISO 8601's basic form.
fn basic(mut cursor: Cursor<'_>, whole: bool) -> Clock<'_> {
    let Some(number) = cursor.number() else {
        return Clock::None;
    };
    let value = number.value;
    fraction(&mut cursor);
    match number.digits {
        4 => finish(cursor, whole, value / 100, value % 100, 0),
        6 => finish(
            cursor,
            whole,
            value / 10_000,
            value / 100 % 100,
            value % 100,
        ),
        _ => Clock::None,
    }
}

fn finish(mut cursor: Cursor<'_>, whole: bool, hour: u32, minute: u32, second: u32) -> Clock<'_> {
    let midnight = hour == 24 && minute == 0 && second == 0;
    if (hour > 23 && !midnight) || minute > 59 || second > 60 {
        return Clock::Bad;
    }
    let Ok(mut offset) = zone(&mut cursor, whole) else {
        return Clock::Bad;
    };
    let mut place = None;
    if whole && let Some(name) = place_name(&mut cursor) {
        place = name.parse().ok().filter(|_| offset.is_none());
        // hours off is nearer than no date
        offset = offset.or((place.is_none()).then_some(0));
    }
    let time = Time {
        seconds: hour * 3600 + minute * 60 + second,
        offset,
        place,
    };
    Clock::Read(time, cursor)
}

/// Steps over a fraction of a second, which no reader of feeds needs.
fn fraction(cursor: &mut Cursor<'_>) {
    let mut ahead = *cursor;
    if ahead.eat_any(&['.', ',']).is_some()
        && ahead.rest().starts_with(|c: char| c.is_ascii_digit())
    {
        while ahead.number().is_some() {}
        *cursor = ahead;
    }
}

/// Steps over AM or PM in its languages: true for PM.
fn half(cursor: &mut Cursor<'_>) -> Option<bool> {
    const CJK: [(&str, bool); 6] = [
        ("上午", false),
        ("午前", false),
        ("오전", false),
        ("下午", true),
        ("午後", true),
        ("오후", true),
    ];
    let mut ahead = *cursor;
    ahead.space();
    for (name, after_noon) in CJK {
        if ahead.eat_str(&[name]) {
            ahead.space();
            *cursor = ahead;
            return Some(after_noon);
        }
    }
    let first = ahead.eat_any(&['a', 'A', 'p', 'P'])?;
    ahead.eat('.');
    ahead.eat_any(&['m', 'M'])?;
    ahead.eat('.');
    // "amber" is no time of day
    if ahead.peek().is_some_and(char::is_lowercase) {
        return None;
    }
    *cursor = ahead;
    Some(first.eq_ignore_ascii_case(&'p'))
}

/// No place on earth has this zone.
struct Nowhere;

/// Steps over the zone: minutes east of Greenwich, where one is stated.
fn zone(cursor: &mut Cursor<'_>, whole: bool) -> Result<Option<i32>, Nowhere> {
    let mut minutes = None;
    // twice, for "GMT+0200" and the "+00:00Z" that some write
    for _ in 0..2 {
        let mut ahead = *cursor;
        ahead.space();
        if let Some(sign) = ahead.eat_any(&['+', '-', '−']) {
            let Some(offset) = offset(&mut ahead) else {
                break;
            };
            // no place on earth is further from Greenwich
            if offset > 15 * 60 {
                return Err(Nowhere);
            }
            minutes = Some(if sign == '+' { offset } else { -offset });
            *cursor = ahead;
        } else if let Some(known) = ahead.word().and_then(|word| {
            let unknown = whole && word.len() <= 5 && word.bytes().all(|b| b.is_ascii_uppercase());
            // "2024-03-05 10:00 et puis": prose, not New York
            let written = whole || word.bytes().all(|b| b.is_ascii_uppercase());
            names::zone(word)
                .filter(|_| written)
                .or(unknown.then_some(0))
        }) {
            minutes = minutes.or(Some(known));
            *cursor = ahead;
        } else {
            break;
        }
    }
    Ok(minutes)
}

/// Steps over the name of a place of the time zone database: `Europe/Berlin`, and `[Europe/Berlin]` as RFC 9557 has it.
fn place_name<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let mut ahead = *cursor;
    ahead.space();
    let is_marked = ahead.eat('[');
    let rest = ahead.rest();
    let is_of_name =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+' | '!');
    let name = &rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())];
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase() || (is_marked && c == '!'));
    if !is_name || !(is_marked || name.contains('/')) || !ahead.eat_str(&[name]) {
        return None;
    }
    if is_marked && !ahead.eat(']') {
        return None;
    }
    *cursor = ahead;
    Some(name.trim_start_matches('!'))
}

/// `0200`, `02:00`, `02`, `2`: minutes.
fn offset(cursor: &mut Cursor<'_>) -> Option<i32> {
    let number = cursor.number()?;
    let (hours, minutes) = match number.digits {
        1 | 2 => {
            let mut ahead = *cursor;
            if ahead.eat(':')
                && let Some(minutes) = ahead.short_number()
            {
                *cursor = ahead;
                (number.value, minutes)
            } else {
                (number.value, 0)
            }
        }
        4 => (number.value / 100, number.value % 100),
        _ => return None,
    };
    i32::try_from(hours * 60 + minutes).ok()
}

/// When the clock of `place` shows `clock`: the first time of two, and an hour that is left out as if it were not.
pub(super) fn there(clock: NaiveDateTime, place: Tz) -> DateTime<Utc> {
    let shown = place.from_local_datetime(&clock).earliest();
    shown.map_or_else(
        || {
            let offset = place.offset_from_utc_datetime(&clock).fix();
            (clock - offset).and_utc()
        },
        |at| at.to_utc(),
    )
}
