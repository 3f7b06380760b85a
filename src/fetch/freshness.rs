//! When a server wishes to be asked again: `Retry-After` (RFC 9110 §10.2.3), and for how long an answer is good (RFC 9111
//! §4.2). Pure.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::message::{Message, from_bytes};

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
        if let Some(seconds) = seconds(value) {
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

/// For how long an answer is good from when it came, as it says itself; nobody guesses where it says nothing (no heuristic
/// freshness, RFC 9111 §4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// For so long; zero where it is to be asked for again each time (`no-cache`, `no-store`).
    For(Duration),
    /// Until then, by the server's clock, where the answer did not say what that clock shows.
    Until(DateTime<Utc>),
}

impl Freshness {
    /// What an answer says: `no-store` and `no-cache` first, then `max-age` less `Age`, then `Expires` less `Date`. A
    /// `max-age` or `Expires` that cannot be read says that the answer is stale (§4.2.1, §5.3). `s-maxage` and
    /// `must-revalidate` say nothing to a client that asks again anyway.
    pub(super) fn of(message: &Message) -> Option<Self> {
        let mut max_age = None;
        for (name, value) in cache_directives(message) {
            match name.as_str() {
                "no-store" | "no-cache" => return Some(Self::For(Duration::ZERO)),
                // of two, the first (§4.2.1)
                "max-age" if max_age.is_none() => max_age = Some(seconds(&value).unwrap_or(0)),
                _ => {}
            }
        }
        if let Some(max_age) = max_age {
            let age = message.text("age").and_then(|age| seconds(&age));
            let left = max_age.saturating_sub(age.unwrap_or(0));
            return Some(Self::For(Duration::from_secs(left)));
        }
        let expires = message.text("expires")?;
        let Some(expires) = http_date(&expires) else {
            return Some(Self::For(Duration::ZERO));
        };
        let date = message.text("date");
        Some(match date.and_then(|date| http_date(&date)) {
            Some(date) => Self::For((expires - date).to_std().unwrap_or_default()),
            None => Self::Until(expires),
        })
    }

    /// The span from `now`, when the answer came.
    #[must_use]
    pub fn span(self, now: DateTime<Utc>) -> Duration {
        match self {
            Self::For(span) => span,
            Self::Until(until) => (until - now).to_std().unwrap_or_default(),
        }
    }
}

/// The directives of all `Cache-Control` headers with their values, names in lower case (§5.2).
fn cache_directives(message: &Message) -> impl Iterator<Item = (String, String)> {
    let headers = message
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("cache-control"));
    headers.flat_map(|(_, value)| {
        let value = from_bytes(value);
        value
            .split(',')
            .map(|directive| {
                let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
                let value = value.trim().trim_matches('"');
                (name.trim().to_ascii_lowercase(), value.to_owned())
            })
            .collect::<Vec<_>>()
    })
}

/// Whole seconds (§1.2.2); more than fit are very many.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().unwrap_or(u64::MAX))
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

    fn fresh(headers: &[(&str, &str)]) -> Option<Freshness> {
        Freshness::of(&Message {
            status: 200,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                .collect(),
            body: bytes::Bytes::new(),
        })
    }

    /// For how many seconds an answer with these headers is good; `None`: it does not say.
    fn fresh_seconds(headers: &[(&str, &str)]) -> Option<u64> {
        match fresh(headers)? {
            Freshness::For(span) => Some(span.as_secs()),
            Freshness::Until(_) => panic!("it says what its clock shows"),
        }
    }

    #[test]
    fn an_answer_that_says_nothing_of_its_age_is_not_guessed_at() {
        assert_eq!(fresh_seconds(&[]), None);
        let modified = ("Last-Modified", "Sun, 01 Mar 2015 13:30:00 GMT");
        assert_eq!(
            fresh_seconds(&[modified, ("Cache-Control", "public")]),
            None
        );
        let revalidate = ("Cache-Control", "must-revalidate, s-maxage=900");
        assert_eq!(fresh_seconds(&[revalidate]), None);
    }

    #[test]
    fn an_answer_is_good_for_its_max_age_less_the_age_it_came_with() {
        let control = |value| ("Cache-Control", value);
        assert_eq!(fresh_seconds(&[control("public, Max-Age=600")]), Some(600));
        assert_eq!(fresh_seconds(&[control("max-age=\"600\"")]), Some(600));
        assert_eq!(
            fresh_seconds(&[control("public"), control("max-age=60")]),
            Some(60)
        );
        assert_eq!(
            fresh_seconds(&[control("max-age=600"), ("Age", "200")]),
            Some(400)
        );
        assert_eq!(
            fresh_seconds(&[control("max-age=600"), ("Age", "900")]),
            Some(0)
        );
        assert_eq!(
            fresh_seconds(&[control("max-age=60, max-age=600")]),
            Some(60)
        );
        assert_eq!(fresh_seconds(&[control("max-age=-1")]), Some(0));
        for each_time in ["no-cache", "no-store, max-age=600", "max-age=600, no-cache"] {
            assert_eq!(fresh_seconds(&[control(each_time)]), Some(0), "{each_time}");
        }
    }

    #[test]
    fn expires_is_read_by_the_servers_own_clock_and_only_without_max_age() {
        let expires = ("Expires", "Sun, 01 Mar 2026 13:30:00 GMT");
        let date = ("Date", "Sun, 01 Mar 2026 13:00:00 GMT");
        assert_eq!(fresh_seconds(&[expires, date]), Some(1_800));
        assert_eq!(
            fresh_seconds(&[expires, date, ("Cache-Control", "max-age=60")]),
            Some(60)
        );
        assert_eq!(fresh_seconds(&[("Expires", "0"), date]), Some(0));
        assert_eq!(
            fresh_seconds(&[date, ("Expires", "Sun, 01 Mar 2020 13:30:00 GMT")]),
            Some(0)
        );
        let by_our_clock = fresh(&[expires]).unwrap();
        let now = at("2026-03-01T13:20:00Z");
        assert_eq!(by_our_clock.span(now), Duration::from_mins(10));
        assert_eq!(
            by_our_clock.span(at("2027-03-01T12:00:00Z")),
            Duration::ZERO
        );
    }

    #[test]
    fn what_is_neither_seconds_nor_a_date_means_nothing() {
        for odd in ["", "-5", "soon", "1.5", "2026-03-01T12:00:00Z"] {
            assert_eq!(RetryAfter::parse(odd, None), None, "{odd}");
        }
    }
}
