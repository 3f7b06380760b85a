//! When a server wishes to be asked again: `Retry-After` (RFC 9110 §10.2.3). Pure.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The longest wish that is granted; a server that asks for a year has made a mistake.
pub const LONGEST_WISH: Duration = Duration::from_hours(7 * 24);

/// A server's wish to be left alone for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// For so long from the answer on.
    For(Duration),
    /// Until then, by the server's clock, where the answer did not say what that clock shows.
    Until(DateTime<Utc>),
}

impl RetryAfter {
    /// Reads a `Retry-After` header: seconds, or a date. With `date`, the answer's own `Date` header, a date becomes a
    /// span, so that a server whose clock is wrong is understood all the same. What is neither means nothing.
    pub(super) fn parse(value: &str, date: Option<&str>) -> Option<Self> {
        let value = value.trim();
        if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
            // more digits than fit mean very long
            let seconds = value.parse().unwrap_or(u64::MAX);
            return Some(Self::For(Duration::from_secs(seconds)));
        }
        let until = http_date(value)?;
        Some(match date.and_then(http_date) {
            Some(date) => Self::For((until - date).to_std().unwrap_or_default()),
            None => Self::Until(until),
        })
    }

    /// The instant before which the server does not want to be asked: never before `now`, at most [`LONGEST_WISH`] after.
    #[must_use]
    pub fn until(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let longest = now + TimeDelta::from_std(LONGEST_WISH).unwrap_or(TimeDelta::MAX);
        match self {
            Self::For(span) => TimeDelta::from_std(span)
                .ok()
                .and_then(|span| now.checked_add_signed(span))
                .map_or(longest, |until| until.min(longest)),
            Self::Until(until) => until.clamp(now, longest),
        }
    }
}

/// An HTTP date in any of its three forms (RFC 9110 §5.6.7).
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    httpdate::parse_http_date(text.trim())
        .ok()
        .map(DateTime::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn retry_after_seconds_delay_the_next_check() {
        let now = at("2026-03-01T12:00:00Z");
        let wish = RetryAfter::parse(" 120 ", None).unwrap();
        assert_eq!(wish.until(now), at("2026-03-01T12:02:00Z"));
    }

    #[test]
    fn retry_after_date_delays_the_next_check() {
        let now = at("2026-03-01T12:00:00Z");
        for form in [
            "Sun, 01 Mar 2026 13:30:00 GMT",
            "Sunday, 01-Mar-26 13:30:00 GMT",
            "Sun Mar  1 13:30:00 2026",
        ] {
            let wish = RetryAfter::parse(form, None).unwrap();
            assert_eq!(wish.until(now), at("2026-03-01T13:30:00Z"), "{form}");
        }
    }

    #[test]
    fn a_date_is_read_by_the_servers_own_clock_where_it_shows_it() {
        let wish = RetryAfter::parse(
            "Sun, 01 Mar 2026 13:30:00 GMT",
            Some("Sun, 01 Mar 2026 13:00:00 GMT"),
        )
        .unwrap();
        assert_eq!(wish, RetryAfter::For(Duration::from_mins(30)));
    }

    #[test]
    fn a_wish_is_bounded_and_never_in_the_past() {
        let now = at("2026-03-01T12:00:00Z");
        for absurd in ["99999999999999999999999", "31536000"] {
            let wish = RetryAfter::parse(absurd, None).unwrap();
            assert_eq!(wish.until(now), at("2026-03-08T12:00:00Z"), "{absurd}");
        }
        let past = RetryAfter::parse("Sun, 01 Mar 2020 13:30:00 GMT", None).unwrap();
        assert_eq!(past.until(now), now);
    }

    #[test]
    fn what_is_neither_seconds_nor_a_date_means_nothing() {
        for odd in ["", "-5", "soon", "1.5", "2026-03-01T12:00:00Z"] {
            assert_eq!(RetryAfter::parse(odd, None), None, "{odd}");
        }
    }
}
