//! The dates of a document, read together: its own dates tell how its numbers are ordered.

use chrono::{DateTime, TimeDelta, Utc};

use super::context::Context;

use crate::lexicon::date::{self, Habits, When};
use crate::model::{Date, DocumentKind, Precision, RawEntry};

/// Articles are announced for next week, perhaps for next year.
const FARTHEST: TimeDelta = TimeDelta::days(366);

/// One post may be announced, and clocks differ.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// A date stands at the beginning of what is written for one.
const MAX_BYTES: usize = 512;

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
    let written = || {
        let both = raw.iter().flat_map(|raw| [&raw.published, &raw.updated]);
        both.flatten().map(String::as_str)
    };
    let language = context.meta.language.as_deref();
    let habits = Habits {
        order: date::order(written())
            .or_else(|| date::order_of(language?))
            .unwrap_or_default(),
        tongue: date::tongue(language, written()),
        home: context.source.timezone,
    };
    let of = |written: Option<&str>| match context.kind {
        DocumentKind::Feed => stated(written, habits, context.now),
        DocumentKind::Page => read(written, habits, context.now),
    };
    let mut dates: Vec<Dates> = raw
        .iter()
        .map(|raw| Dates {
            published: of(raw.published.as_deref()),
            updated: of(raw.updated.as_deref()).map(|date| date.at),
        })
        .collect();
    let mut warnings = Vec::new();
    let mut unread = raw
        .iter()
        .zip(&dates)
        .filter_map(|(raw, dates)| {
            raw.published
                .as_deref()
                .filter(|_| dates.published.is_none())
        })
        .filter(|written| !written.trim().is_empty());
    if let Some(written) = unread.next() {
        let shown: String = written.trim().chars().take(60).collect();
        let others = match unread.count() {
            0 => String::new(),
            others => format!(", and {others} more like it"),
        };
        warnings.push(format!(
            "the date {shown:?} is left out{others}: it cannot be read, or no article can have it"
        ));
    }
    if all_ahead(&dates, context.now) {
        for dates in &mut dates {
            dates.published = None;
        }
        warnings.push(format!(
            "all {} entries are dated more than a day ahead; their dates were left out",
            dates.len()
        ));
    } else if let Some(at) = same_instant(&dates) {
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

/// What the text `written` says, wherever in it; `None` if it is no date, or one so far ahead that it only keeps an entry
/// on top.
pub(super) fn read(written: Option<&str>, habits: Habits, now: DateTime<Utc>) -> Option<Date> {
    let written = beginning(written?);
    let when = date::read(written, habits)
        .or_else(|| date::find(written, habits).map(|found| found.when))?;
    near(when, now)
}

/// What `written` says, which stands in the place of a date.
fn stated(written: Option<&str>, habits: Habits, now: DateTime<Utc>) -> Option<Date> {
    near(date::stated(beginning(written?), habits)?, now)
}

fn beginning(written: &str) -> &str {
    let written = written.trim();
    &written[..written.floor_char_boundary(MAX_BYTES)]
}

fn near(when: When, now: DateTime<Utc>) -> Option<Date> {
    Some(when.resolve(now)).filter(|date| date.at < now + FARTHEST)
}

/// True if each of three or more entries lies ahead of us: the clock of their source does, or the dates are not those of
/// the posts. Held until they are due, nobody would see any of them.
fn all_ahead(dates: &[Dates], now: DateTime<Utc>) -> bool {
    let ahead = |dates: &Dates| dates.published.is_some_and(|date| date.at > now + AHEAD);
    dates.len() >= 3 && dates.iter().all(ahead)
}

/// The point in time that every one of three or more entries has.
fn same_instant(dates: &[Dates]) -> Option<DateTime<Utc>> {
    let first = dates.first()?.published?;
    let all = dates.iter().all(|dates| dates.published == Some(first));
    (dates.len() >= 3 && first.precision == Precision::Instant && all).then_some(first.at)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    use crate::model::{Source, SourceId, SourceKind, SourceMeta};

    fn dates(published: &[&str], kind: DocumentKind) -> (Vec<Option<String>>, Vec<String>) {
        let document = Url::parse("https://blog.example/").unwrap();
        let source = Source {
            id: SourceId::new("blog").unwrap(),
            url: document.clone(),
            title: None,
            kind: SourceKind::Auto,
            select: None,
            enrich: false,
            robots: true,
            pages: 1,
            interval: None,
            timezone: None,
            tags: Vec::new(),
            access: std::sync::Arc::default(),
        };
        let context = Context {
            source: &source,
            document: &document,
            meta: &SourceMeta::default(),
            kind,
            now: "2024-05-06T07:08:09Z".parse().unwrap(),
        };
        let raw: Vec<RawEntry> = published
            .iter()
            .map(|date| RawEntry {
                published: Some((*date).to_owned()),
                ..RawEntry::default()
            })
            .collect();
        let (dates, warnings) = of_document(&raw, &context);
        let dates = dates
            .into_iter()
            .map(|dates| dates.published.map(|date| date.at.to_rfc3339()));
        (dates.collect(), warnings)
    }

    #[test]
    fn the_order_of_numbers_is_told_by_the_other_dates() {
        let (found, warnings) = dates(&["25/04/2024", "03/04/2024"], DocumentKind::Page);
        assert_eq!(found[1].as_deref(), Some("2024-04-03T00:00:00+00:00"));
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn relative_dates_count_from_now() {
        let (found, _) = dates(&["3 days ago"], DocumentKind::Page);
        assert_eq!(found[0].as_deref(), Some("2024-05-03T00:00:00+00:00"));
    }

    #[test]
    fn dates_that_no_article_has_are_left_out_with_a_warning() {
        let (found, warnings) = dates(
            &["0001-01-01T00:00:00Z", "2099-12-31", "soon"],
            DocumentKind::Feed,
        );
        assert_eq!(found, [None, None, None]);
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn dates_that_all_lie_ahead_are_doubted() {
        let (found, warnings) = dates(
            &["2024-05-08T00:00:00Z", "2024-06-01", "2024-07-01"],
            DocumentKind::Feed,
        );
        assert_eq!(found, [None, None, None]);
        assert_eq!(warnings.len(), 1);
        let (found, warnings) = dates(
            &["2024-05-08T00:00:00Z", "2024-06-01", "2024-05-06"],
            DocumentKind::Feed,
        );
        assert!(found.iter().all(Option::is_some), "two are announced");
        assert!(warnings.is_empty());
    }

    #[test]
    fn an_element_for_a_date_may_say_a_year_alone_and_holds_no_prose() {
        let written = ["2024", "Fri, 01 Mar 2024 25:00:00 +0000", "yesterday"];
        let (found, _) = dates(&written, DocumentKind::Feed);
        assert_eq!(
            found,
            [Some("2024-01-01T00:00:00+00:00".to_owned()), None, None]
        );
        let (found, _) = dates(&written, DocumentKind::Page);
        assert_eq!(found[0], None);
        assert!(found[1].is_some() && found[2].is_some());
    }

    #[test]
    fn one_instant_on_every_entry_of_a_page_is_doubted() {
        let at = "2024-05-01T10:11:12Z";
        let (found, warnings) = dates(&[at; 3], DocumentKind::Page);
        assert_eq!(found, [None, None, None]);
        assert_eq!(warnings.len(), 1);
        let (found, warnings) = dates(&[at; 3], DocumentKind::Feed);
        assert!(found.iter().all(Option::is_some));
        assert_eq!(warnings.len(), 1);
        let (found, warnings) = dates(&["2024-05-01"; 3], DocumentKind::Page);
        assert!(
            found.iter().all(Option::is_some),
            "one day may have three posts"
        );
        assert!(warnings.is_empty());
    }
}
