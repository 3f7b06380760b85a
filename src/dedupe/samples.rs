//! Entries for the tests of this stage.

use chrono::NaiveDate;

use crate::model::{
    Date, Entry, EntryKey, Hold, Precision, Print, Provenance, SourceId, Unpublished,
};

pub(super) fn source(id: &str) -> SourceId {
    SourceId::new(id).unwrap()
}

/// That day of May 2024.
pub(super) fn day(day: u32) -> Date {
    let at = NaiveDate::from_ymd_opt(2024, 5, day)
        .unwrap()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    Date {
        at: at.and_utc(),
        precision: Precision::Day,
    }
}

/// An entry without a date that waits to be published.
pub(super) fn unpublished() -> Unpublished {
    Unpublished {
        key: EntryKey(1),
        source: source("blog"),
        source_host: "blog.example".into(),
        guid: None,
        title: "A".into(),
        url: Some("https://www.blog.example/a".parse().unwrap()),
        link: Some("blog.example/a".into()),
        published: None,
        updated: None,
        first_seen: day(2).at,
        position: 0,
        established: true,
        backlog: None,
        hold: Hold::Never,
    }
}

/// An entry of that title, guid and link key.
pub(super) fn entry(title: &str, guid: Option<&str>, key: Option<&str>) -> Entry {
    Entry {
        guid: guid.map(str::to_owned),
        url: key.map(|key| format!("https://{key}").parse().unwrap()),
        key: key.map(str::to_owned),
        title: title.to_owned(),
        published: None,
        updated: None,
        summary: None,
        content: None,
        tags: Vec::new(),
        read_minutes: None,
        authors: Vec::new(),
        language: None,
        image: None,
        enclosures: Vec::new(),
        comments: None,
        also: Vec::new(),
        rights: None,
        provenance: Provenance::new(),
        position: 0,
        print: Print([1; 16]),
    }
}
