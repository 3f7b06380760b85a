//! Under which id and date an entry is published.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::sameness;
use crate::model::{DateKind, Hold, LedgerLine, Precision, Unpublished, tag_uri};

/// How far ahead of the clock the date of what is published may be.
const AHEAD: TimeDelta = TimeDelta::hours(24);

/// The line that `entry` gets in the ledger if it is first published at `now`.
///
/// Its id is its source's own where that is a URI that nobody else gives (absolute http or https, `urn:`, `tag:`), else a
/// `tag:` URI (RFC 4151) of the host of the article, the day, and a hash of what its source names it by. Its date is what
/// its sources state; else when they say that it was last changed, since it was published by then; else when it was first seen.
#[must_use]
pub fn ledger_line(entry: &Unpublished, now: DateTime<Utc>) -> LedgerLine {
    let host = entry
        .url
        .as_ref()
        .and_then(Url::host_str)
        .unwrap_or(&entry.source_host);
    let name = sameness::digest(&[
        Some(entry.source.as_str()),
        entry.guid.as_deref(),
        entry.link.as_deref(),
        Some(&entry.title),
    ]);
    // what a person lets go before its date has none that can be believed yet
    let stated = entry.published.filter(|date| date.at <= now + AHEAD);
    let (date, date_kind) = match stated {
        Some(date) => (
            date.at,
            match date.precision {
                Precision::Instant => DateKind::Instant,
                Precision::Day => DateKind::Day,
                Precision::Month => DateKind::Month,
            },
        ),
        None => match changed_before(entry) {
            Some(changed) => (changed, DateKind::Updated),
            None => (entry.first_seen, DateKind::FirstSeen),
        },
    };
    LedgerLine {
        key: entry.key,
        own: entry.guid.clone().filter(|guid| is_global(guid)),
        minted: tag_uri(host, now.date_naive(), &name[..20]),
        date,
        date_kind,
        // a change that lies ahead of us is a wrong clock
        changed: entry
            .updated
            .filter(|updated| *updated <= now)
            .map_or(date, |updated| updated.max(date)),
        is_flood: entry.hold == Hold::Confirmed,
        is_backlog: entry.backlog.is_some(),
    }
}

/// When its source says that `entry` was last changed, if that was before it was first seen.
pub(super) fn changed_before(entry: &Unpublished) -> Option<DateTime<Utc>> {
    entry.updated.filter(|changed| *changed <= entry.first_seen)
}

/// True if `guid` is a URI that names one thing in the world. Nobody is shown a login that stands in one, and without it two
/// ids may be the same.
fn is_global(guid: &str) -> bool {
    if guid.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c)) {
        return false;
    }
    let lower = guid.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("urn:").or(lower.strip_prefix("tag:")) {
        return rest.contains(':');
    }
    (lower.starts_with("http://") || lower.starts_with("https://"))
        && Url::parse(guid).is_ok_and(|url| {
            url.has_host() && url.username().is_empty() && url.password().is_none()
        })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::dedupe::samples::{day, unpublished};

    #[test]
    fn a_guid_that_is_a_global_uri_is_the_published_id() {
        for (guid, global) in [
            ("https://blog.example/?p=12", true),
            ("http://blog.example/a", true),
            ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", true),
            ("tag:blog.example,2024:a", true),
            ("12", false),
            ("blog.example/a", false),
            ("/a", false),
            ("https://", false),
            ("https://blog.example/a b", false),
            ("urn:", false),
            ("mailto:a@blog.example", false),
            ("https://user:pw@blog.example/a", false),
            ("https://blog.example/@user", true),
        ] {
            let mut entry = unpublished();
            entry.guid = Some(guid.into());
            let line = ledger_line(&entry, day(3).at);
            assert_eq!(line.own.is_some(), global, "{guid}");
        }
    }

    #[test]
    fn a_minted_id_is_stable_and_names_host_and_day() {
        let line = ledger_line(&unpublished(), day(3).at);
        assert_eq!(
            line.minted,
            "tag:www.blog.example,2024-05-03:90d977031ded09340db9"
        );
        let mut other = unpublished();
        other.title = "B".into();
        assert_ne!(ledger_line(&other, day(3).at).minted, line.minted);
    }

    #[test]
    fn no_date_is_the_time_of_first_sight_and_says_so() {
        let line = ledger_line(&unpublished(), day(3).at);
        assert_eq!(
            (line.date, line.date_kind),
            (day(2).at, DateKind::FirstSeen)
        );
        let mut changed = unpublished();
        changed.updated = Some(day(1).at);
        let line = ledger_line(&changed, day(3).at);
        assert_eq!((line.date, line.date_kind), (day(1).at, DateKind::Updated));
        changed.updated = Some(day(3).at);
        let line = ledger_line(&changed, day(3).at);
        assert_eq!(line.date_kind, DateKind::FirstSeen, "that was later");
        let mut dated = unpublished();
        dated.published = Some(day(1));
        let line = ledger_line(&dated, day(3).at);
        assert_eq!((line.date, line.date_kind), (day(1).at, DateKind::Day));
    }

    #[test]
    fn a_stated_change_counts_unless_it_lies_ahead() {
        let mut entry = unpublished();
        entry.published = Some(day(1));
        entry.updated = Some(day(2).at);
        assert_eq!(ledger_line(&entry, day(3).at).changed, day(2).at);
        entry.updated = Some(day(3).at + TimeDelta::days(900));
        assert_eq!(ledger_line(&entry, day(3).at).changed, day(1).at);
        entry.updated = Some(day(1).at - TimeDelta::days(1));
        assert_eq!(ledger_line(&entry, day(3).at).changed, day(1).at);
    }
}
