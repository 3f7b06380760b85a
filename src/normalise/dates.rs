//! The dates of a document, read together: its own dates tell how its numbers are ordered.

use chrono::{DateTime, TimeDelta, Utc};

use super::Context;

use crate::lexicon::date::{self, Order};
use crate::model::{Date, DocumentKind, Precision, RawEntry};

/// The dates of one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dates {
    /// When it was published.
    pub published: Option<Date>,
    /// When it was changed.
    pub updated: Option<DateTime<Utc>>,
}

/// The dates of each of `raw`, and what was odd about them.
pub(super) fn of_document(raw: &[RawEntry], context: &Context<'_>) -> (Vec<Dates>, Vec<String>) {
    let written = raw.iter().flat_map(|raw| [&raw.published, &raw.updated]);
    let order = date::order(written.flatten().map(String::as_str)).unwrap_or_default();
    let mut dates: Vec<Dates> = raw
        .iter()
        .map(|raw| Dates {
            published: read(raw.published.as_deref(), order, context.now),
            updated: read(raw.updated.as_deref(), order, context.now).map(|date| date.at),
        })
        .collect();
    let mut warnings = Vec::new();
    let unread = raw
        .iter()
        .zip(&dates)
        .filter_map(|(raw, dates)| {
            raw.published
                .as_deref()
                .filter(|_| dates.published.is_none())
        })
        .find(|written| !written.trim().is_empty());
    if let Some(written) = unread {
        let shown: String = written.trim().chars().take(60).collect();
        warnings.push(format!("the date {shown:?} cannot be read"));
    }
    if let Some(at) = same_instant(&dates) {
        let count = dates.len();
        if context.kind == DocumentKind::Page {
            for dates in &mut dates {
                dates.published = None;
            }
            warnings.push(format!(
                "all {count} entries have the same date ({at}), which is that of the page rather; it was left out"
            ));
        } else {
            warnings.push(format!("all {count} entries have the same date ({at})"));
        }
    }
    (dates, warnings)
}

/// What `written` says; `None` if it is no date or one that no article can have.
pub(super) fn read(written: Option<&str>, order: Order, now: DateTime<Utc>) -> Option<Date> {
    let written = written?.trim();
    let when = date::read(written, order)
        .or_else(|| date::find(written, order).map(|found| found.when))?;
    Some(when.resolve(now)).filter(|date| is_plausible(date.at, now))
}

/// Zero dates (year 0 or 1, the epoch) stand for "none" in many systems, and far ones for "for ever".
fn is_plausible(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at.timestamp() > 86_400 && at < now + TimeDelta::days(3660)
}

/// The point in time that every one of three or more entries has.
fn same_instant(dates: &[Dates]) -> Option<DateTime<Utc>> {
    let first = dates.first()?.published?;
    let all = dates.iter().all(|dates| dates.published == Some(first));
    (dates.len() >= 3 && first.precision == Precision::Instant && all).then_some(first.at)
}
