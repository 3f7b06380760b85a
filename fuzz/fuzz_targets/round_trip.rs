//! A feed that was read is published, read again, published and read once more: nothing is lost on the way, and from the
//! first time on nothing changes.
#![no_main]

use agg::model::Entry;
use agg::publish::{Format, render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Some((_, entries)) = agg_fuzz::read(&agg_fuzz::document(body, None)) else {
        return;
    };
    if entries.is_empty() {
        return;
    }
    for format in [Format::Atom, Format::Rss, Format::Json] {
        let once = published_and_read(entries.clone(), format);
        assert_eq!(once.len(), entries.len(), "{format:?}");
        let twice = published_and_read(once.clone(), format);
        assert_eq!(twice.len(), once.len(), "{format:?}");
        for (first, second) in once.iter().zip(&twice) {
            assert_eq!(shown(first), shown(second), "{format:?}");
        }
    }
});

fn published_and_read(entries: Vec<Entry>, format: Format) -> Vec<Entry> {
    let document = render(&agg_fuzz::feed(entries), format);
    let read = agg_fuzz::read(&document);
    read.expect("what we publish can be read").1
}

/// What a subscriber sees.
fn shown(entry: &Entry) -> impl PartialEq + std::fmt::Debug {
    (
        entry.title.clone(),
        entry.url.clone(),
        entry.summary.clone(),
        entry.content.clone(),
        entry.published.map(|date| date.at),
        entry.tags.clone(),
        entry.authors.clone(),
        entry.enclosures.clone(),
    )
}
