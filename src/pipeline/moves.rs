//! Sources that have moved for good: when their new address is believed, and when not any more. Pure.
//!
//! One permanent redirect proves little: whole sites lead to a page about maintenance for an hour. So a new address counts
//! once a day, and only if what is there was read as the same source: the same bytes, or the posts that are known. A new
//! address where something else was found is followed like any redirect, but not believed as long as it is led to.

use chrono::{DateTime, Utc};
use url::Url;

use crate::model::{DocumentKind, Moved, Outcome, SourceState};

/// So many failures in a row at the new address, and the configured one is tried; then again after as many.
const PATIENCE: u32 = 3;

/// The address to ask in the place of the configured one.
pub(super) fn address(state: &SourceState) -> Option<&Url> {
    let moved = state.moved.as_ref().filter(|moved| moved.is_adopted())?;
    let tries_configured = state.failures % PATIENCE == PATIENCE - 1;
    (!tries_configured).then_some(&moved.to)
}

/// What is to be remembered if this answer turns out to be the same source's: `asked_new` says that the new address was
/// asked, and `led_to` where permanent redirects led from there.
pub(super) fn after(
    before: Option<&Moved>,
    asked_new: bool,
    led_to: Option<&Url>,
    now: DateTime<Utc>,
) -> Option<Moved> {
    let Some(to) = led_to else {
        return before.filter(|_| asked_new).cloned();
    };
    match before {
        Some(known) if known.to == *to && !asked_new => {
            // what was something else once is not believed for going on
            let is_new_day = known.days > 0 && known.last.date_naive() < now.date_naive();
            Some(Moved {
                days: known.days.saturating_add(u32::from(is_new_day)),
                last: if is_new_day { now } else { known.last },
                to: known.to.clone(),
            })
        }
        _ => Some(Moved {
            to: to.clone(),
            days: 1,
            last: now,
        }),
    }
}

/// What is remembered where something else was found at the new address.
pub(super) fn doubted(led_to: Option<Moved>) -> Option<Moved> {
    led_to.map(|moved| Moved { days: 0, ..moved })
}

/// True if what was read is the source as it was known: a feed is a feed, a page a page, and half of its posts were there
/// before. What was never read before is taken at its word.
pub(super) fn is_same(state: &SourceState, kind: DocumentKind, outcome: &Outcome) -> bool {
    let is_page = kind == DocumentKind::Page;
    state.entries == 0
        || (state.is_page == is_page
            && outcome.known + outcome.updated > 0
            && outcome.known + outcome.updated >= outcome.new)
}

/// What the owner is told of a redirect that is not believed yet.
pub(super) fn warning(to: &Url) -> String {
    format!(
        "moved for good to {to}: once it has led there on three days, agg asks there, and `agg fix` changes its url in the \
         configuration"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{OutcomeKind, SourceId};

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn days(seen: &[(&str, Option<&str>)]) -> Option<u32> {
        let mut moved = None;
        for (now, to) in seen {
            moved = after(moved.as_ref(), false, to.map(url).as_ref(), at(now));
        }
        moved.map(|moved| moved.days)
    }

    const NEW: Option<&str> = Some("https://new.example/feed");

    #[test]
    fn a_new_address_counts_once_a_day() {
        let seen = [
            ("2026-03-01T00:10:00Z", NEW),
            ("2026-03-01T12:00:00Z", NEW),
            ("2026-03-01T23:50:00Z", NEW),
            ("2026-03-02T00:10:00Z", NEW),
        ];
        assert_eq!(days(&seen), Some(2));
    }

    #[test]
    fn another_target_or_none_begins_anew() {
        let other = Some("https://maintenance.example/");
        let seen = [
            ("2026-03-01T00:00:00Z", NEW),
            ("2026-03-02T00:00:00Z", NEW),
            ("2026-03-03T00:00:00Z", other),
            ("2026-03-04T00:00:00Z", NEW),
        ];
        assert_eq!(days(&seen), Some(1));
        let back = [
            ("2026-03-01T00:00:00Z", NEW),
            ("2026-03-02T00:00:00Z", None),
        ];
        assert_eq!(days(&back), None);
    }

    #[test]
    fn a_clock_that_was_set_back_counts_no_day_twice() {
        let seen = [
            ("2026-03-02T00:00:00Z", NEW),
            ("2026-03-01T00:00:00Z", NEW),
            ("2026-03-02T00:00:00Z", NEW),
        ];
        assert_eq!(days(&seen), Some(1));
    }

    #[test]
    fn something_else_is_not_believed_by_and_by() {
        let first = after(
            None,
            false,
            NEW.map(url).as_ref(),
            at("2026-03-01T00:00:00Z"),
        );
        let mut moved = doubted(first);
        for day in 2..9 {
            let now = at(&format!("2026-03-0{day}T00:00:00Z"));
            moved = after(moved.as_ref(), false, NEW.map(url).as_ref(), now);
        }
        assert_eq!(moved.map(|moved| moved.days), Some(0));
    }

    fn adopted(failures: u32) -> SourceState {
        SourceState {
            failures,
            entries: 10,
            moved: Some(Moved {
                to: url("https://new.example/feed"),
                days: 3,
                last: at("2026-03-03T00:00:00Z"),
            }),
            ..SourceState::default()
        }
    }

    #[test]
    fn the_configured_address_is_tried_again_where_the_new_one_fails() {
        let asked: Vec<bool> = (0..6).map(|n| address(&adopted(n)).is_some()).collect();
        assert_eq!(asked, [true, true, false, true, true, false]);
        let mut young = adopted(0);
        young.moved.as_mut().unwrap().days = 2;
        assert_eq!(address(&young), None);
    }

    #[test]
    fn a_new_address_that_answers_stays_and_one_that_leads_on_is_counted_anew() {
        let before = adopted(0).moved;
        let now = at("2026-04-01T00:00:00Z");
        assert_eq!(after(before.as_ref(), true, None, now), before);
        let further = url("https://newer.example/feed");
        let next = after(before.as_ref(), true, Some(&further), now).unwrap();
        assert_eq!((next.to, next.days), (further, 1));
    }

    #[test]
    fn only_what_shows_the_known_posts_is_the_same_source() {
        let read = |new, updated, known| Outcome {
            new,
            updated,
            known,
            ..Outcome::new(SourceId::new("a").unwrap(), OutcomeKind::Read)
        };
        let state = adopted(0);
        let feed = DocumentKind::Feed;
        assert!(is_same(&state, feed, &read(1, 0, 9)));
        assert!(is_same(&state, feed, &read(0, 10, 0)));
        assert!(!is_same(&state, feed, &read(10, 0, 0)));
        assert!(!is_same(&state, feed, &read(9, 0, 1)));
        assert!(!is_same(&state, feed, &read(0, 0, 0)));
        assert!(!is_same(&state, DocumentKind::Page, &read(0, 0, 10)));
        assert!(is_same(&SourceState::default(), feed, &read(10, 0, 0)));
    }
}
