//! Any bytes under any media type: washed, read, normalised. Nothing may panic, hang or grow.
#![no_main]

use libfuzzer_sys::fuzz_target;

const MEDIA_TYPES: [Option<&str>; 6] = [
    None,
    Some("application/rss+xml"),
    Some("application/atom+xml"),
    Some("application/feed+json"),
    Some("text/xml"),
    Some("text/html"),
];

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, body) = input;
    let media_type = MEDIA_TYPES[usize::from(choice) % MEDIA_TYPES.len()];
    if let Some((extraction, entries)) = agg_fuzz::read(&agg_fuzz::document(body, media_type)) {
        assert!(entries.len() <= extraction.entries.len());
        for entry in &entries {
            assert!(!entry.title.trim().is_empty(), "an entry has a title");
            assert!(!entry.title.contains(['\n', '\r']), "a title is one line");
        }
    }
});
