//! Dates of a feed → RFC 3339, no more exactly than they were written.

use chrono::SecondsFormat;
use chrono_tz::Tz;

use crate::lexicon::date::{self, Habits, Order, When};
use crate::model::Precision;

/// What `text` says, if it says something about time.
pub(super) fn read(text: &str, order: Order) -> Option<When> {
    date::stated(text, order)
}

/// `text` as RFC 3339, as `2026-03-05` or as `2026-03`; as it is written, if it cannot be read. A time without a zone stays
/// without: only who has configured the source may know whose it is.
pub(super) fn rfc_3339(text: &str, order: Order) -> String {
    match read(text, order) {
        Some(When::At(date)) => match date.precision {
            Precision::Instant if is_floating(text, order) => {
                date.at.format("%Y-%m-%dT%H:%M:%S").to_string()
            }
            Precision::Instant => date.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            Precision::Day => date.at.format("%Y-%m-%d").to_string(),
            Precision::Month => date.at.format("%Y-%m").to_string(),
        },
        Some(When::Ago(..)) | None => text.to_owned(),
    }
}

/// True if `text` says another time where another clock is meant, and its language tells none.
fn is_floating(text: &str, order: Order) -> bool {
    let at = |home| {
        let habits = Habits {
            home,
            ..Habits::from(order)
        };
        date::stated(text, habits)
    };
    at(None) != at(Some(Tz::Etc__GMTMinus1)) && at(None) == at(Some(Tz::UTC))
}

/// How the numeric dates of a feed are ordered, told from all of them.
pub(super) fn order<'a>(texts: impl IntoIterator<Item = &'a str>) -> Order {
    date::order(texts).unwrap_or_default()
}

/// A playing time in seconds: `2472`, `41:12`, `1:02:03`, with fractions dropped.
pub(super) fn duration_seconds(text: &str) -> Option<u64> {
    let parts: Vec<&str> = text.trim().split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    parts.into_iter().try_fold(0_u64, |seconds, part| {
        let whole = part.trim().split('.').next().unwrap_or_default();
        if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        seconds.checked_mul(60)?.checked_add(whole.parse().ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_a_zone_is_given_none() {
        for (text, said) in [
            ("2026-03-05 10:00", "2026-03-05T10:00:00"),
            ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00Z"),
            ("Thu, 05 Mar 2026 10:00:00 GMT", "2026-03-05T10:00:00Z"),
            ("2026-03-05 10:00 +0100", "2026-03-05T09:00:00Z"),
            ("1772704800", "2026-03-05T10:00:00Z"),
            ("2026-03-05", "2026-03-05"),
            ("2026년 3월 5일 오전 10:00", "2026-03-05T01:00:00Z"),
        ] {
            assert_eq!(rfc_3339(text, Order::default()), said);
        }
    }

    #[test]
    fn durations_are_read_in_every_spelling() {
        assert_eq!(duration_seconds("41:12"), Some(2472));
        assert_eq!(duration_seconds(" 1:02:03 "), Some(3723));
        assert_eq!(duration_seconds("90.5"), Some(90));
        for odd in [
            "",
            "99999999999999999999999",
            "١٢:٣٤",
            "1:2:3:4",
            "soon",
            "-5",
        ] {
            assert_eq!(duration_seconds(odd), None, "{odd}");
        }
    }
}
