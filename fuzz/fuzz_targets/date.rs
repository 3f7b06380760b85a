//! Any text as the date of an entry, and as its read time.
#![no_main]

use agg::model::{DocumentKind, RawEntry, SourceMeta, Text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|texts: Vec<&str>| {
    let raw: Vec<_> = texts
        .iter()
        .take(8)
        .map(|text| RawEntry {
            title: Some(Text::Plain("A post".to_owned())),
            published: Some((*text).to_owned()),
            read_time: Some((*text).to_owned()),
            ..RawEntry::default()
        })
        .collect();
    // what a feed states may be older than what is picked out of a page
    let kinds = [
        (DocumentKind::Feed, 1970..=2100),
        (DocumentKind::Page, 1990..=2100),
    ];
    for (kind, years) in kinds {
        for entry in agg_fuzz::normalised(raw.clone(), kind, &SourceMeta::default()) {
            let Some(date) = entry.published else {
                continue;
            };
            assert!(
                years.contains(&chrono::Datelike::year(&date.at)),
                "{}",
                date.at
            );
        }
    }
});
