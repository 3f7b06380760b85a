//! Is another text an edit, or does it only never rest?

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Entry, Print, Rewrites, Sighting};

/// So many texts that an entry had before are remembered.
const REMEMBERED: usize = 8;
/// So many changes are taken as they come, if nothing but the text says that it has changed.
const FREE: u32 = 3;
/// The same, if the source says so itself.
const FREE_STATED: u32 = 24;
/// The longest wait until the next one is taken: so there are at most 24 in the first year, and twelve in each later one.
const LONGEST_HOURS: i64 = 32 * 24;
/// A change that lies further ahead of us is a wrong clock, and says nothing.
const AHEAD: TimeDelta = TimeDelta::hours(24);

/// What is remembered once the text of `new` has taken the place of that of `old`, the same entry as the same source showed
/// it before; `None` if it is to stay as it was, since this is no edit that anybody needs to hear of at `now`.
///
/// A first few changes are taken at once; then each waits longer after the one before it, from an hour to a month, unless
/// the source's own `updated` has moved forward. A text may go back once to what it was before: servers that take turns with
/// two texts change nothing more.
#[must_use]
pub fn revise(old: &Sighting, new: &Entry, now: DateTime<Utc>) -> Option<Rewrites> {
    if old.entry.print == new.print {
        // something else of it has changed, which is taken as it is
        return Some(old.rewrites.clone());
    }
    let is_stated = is_stated(&old.entry, new, now);
    let prints = (old.entry.print, new.print);
    next(&old.rewrites, prints, is_stated, now)
}

/// What is remembered once what has the print `new` has taken the place of what had the print `old`; `None` if it is too
/// early for that.
pub(super) fn next(
    rewrites: &Rewrites,
    (old, new): (Print, Print),
    is_stated: bool,
    now: DateTime<Utc>,
) -> Option<Rewrites> {
    let mut rewrites = rewrites.clone();
    if !is_stated && rewrites.earlier.contains(&new) {
        if rewrites.went_back {
            return None;
        }
        rewrites.went_back = true;
    }
    let wait = wait(rewrites.count, is_stated);
    // a clock that was put back is no reason to wait longer
    let is_early = |last: DateTime<Utc>| last <= now && now - last < wait;
    if rewrites.last.is_some_and(is_early) {
        return None;
    }
    rewrites.count = rewrites.count.saturating_add(1);
    rewrites.last = Some(now);
    rewrites.earlier.retain(|print| *print != old);
    rewrites.earlier.push(old);
    let too_many = rewrites.earlier.len().saturating_sub(REMEMBERED);
    rewrites.earlier.drain(..too_many);
    Some(rewrites)
}

/// True if the source itself says that `new` is later than `old`.
fn is_stated(old: &Entry, new: &Entry, now: DateTime<Utc>) -> bool {
    match (old.updated, new.updated) {
        (Some(old), Some(new)) => new > old && new <= now + AHEAD,
        _ => false,
    }
}

/// How long after the last of `count` changes the next one is taken.
fn wait(count: u32, is_stated: bool) -> TimeDelta {
    let hours = match count {
        0..FREE => 0,
        0..FREE_STATED if is_stated => 0,
        _ if is_stated => 1,
        _ => 1 << (count - FREE).min(16),
    };
    TimeDelta::hours(hours.min(LONGEST_HOURS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::samples::{day, entry, source};
    use crate::model::Print;

    /// A source that shows one text after another, each an hour after the one before.
    struct Blog {
        shown: Sighting,
        now: DateTime<Utc>,
    }

    impl Blog {
        fn new() -> Self {
            let now = day(1).at;
            let shown = Sighting {
                source: source("blog"),
                source_host: "blog.example".into(),
                source_rank: 0,
                is_active: true,
                entry: entry("A", Some("1"), None),
                pruned: None,
                rewrites: Rewrites::default(),
                first_seen: now,
                last_seen: now,
            };
            Self { shown, now }
        }

        /// True if the text with that number is taken.
        fn shows(&mut self, text: u8, updated: Option<DateTime<Utc>>) -> bool {
            self.now += TimeDelta::hours(1);
            let mut new = self.shown.entry.clone();
            (new.print, new.updated) = (Print([text; 16]), updated);
            let taken = revise(&self.shown, &new, self.now);
            let is_change = new.print != self.shown.entry.print;
            let is_taken = taken.is_some() && is_change;
            if let Some(rewrites) = taken {
                (self.shown.rewrites, self.shown.entry) = (rewrites, new);
            }
            is_taken
        }
    }

    #[test]
    fn an_edit_is_taken_at_once_and_taken_back_at_once() {
        let mut blog = Blog::new();
        assert!(blog.shows(2, None));
        assert!(blog.shows(1, None));
        assert!(blog.shows(3, None));
    }

    #[test]
    fn two_texts_that_take_turns_change_nothing_after_the_first_turn() {
        let mut blog = Blog::new();
        let taken = (0..100).filter(|n| blog.shows(2 - n % 2, None)).count();
        assert_eq!(taken, 2);
    }

    #[test]
    fn a_text_that_never_rests_is_followed_ever_more_seldom() {
        let mut blog = Blog::new();
        let year = (0..365 * 24u32).filter(|n| blog.shows((n % 251) as u8, None));
        assert!(year.count() <= 24);
        let next = (0..365 * 24u32).filter(|n| blog.shows((n % 251) as u8, None));
        assert!((10..=12).contains(&next.count()));
    }

    #[test]
    fn what_the_source_itself_dates_is_taken_though_it_changes_often() {
        let mut blog = Blog::new();
        blog.shown.entry.updated = Some(blog.now);
        for n in 2..100 {
            let updated = blog.now;
            assert!(blog.shows(n, Some(updated + TimeDelta::minutes(1))), "{n}");
        }
    }

    #[test]
    fn a_date_that_goes_back_or_lies_far_ahead_is_no_date() {
        let mut blog = Blog::new();
        let ahead = |blog: &Blog, n: u8| blog.now + TimeDelta::days(100 + i64::from(n));
        blog.shown.entry.updated = Some(ahead(&blog, 0));
        let taken = (1..80).filter(|n| {
            let updated = ahead(&blog, *n);
            blog.shows(n + 100, Some(updated))
        });
        assert!(taken.count() < 12);
        let back = (1..80u8).filter(|n| {
            let updated = day(1).at - TimeDelta::days(i64::from(*n));
            blog.shows(n + 10, Some(updated))
        });
        assert!(back.count() < 3);
    }

    #[test]
    fn another_address_of_the_same_text_is_taken_whatever_was_before() {
        let mut blog = Blog::new();
        for n in 2..20 {
            blog.shows(n, None);
        }
        let new = blog.shown.entry.clone();
        assert_eq!(
            revise(&blog.shown, &new, blog.now),
            Some(blog.shown.rewrites.clone())
        );
    }
}
