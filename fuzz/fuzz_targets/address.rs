//! Any text as the address of an entry: absolute or none, and folding twice is folding once.
#![no_main]

use agg::model::{DocumentKind, RawEntry, SourceMeta, Text};
use agg::normalise::canonical_key;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|text: &str| {
    let raw = RawEntry {
        title: Some(Text::Plain("A post".to_owned())),
        url: Some(text.to_owned()),
        image: Some(text.to_owned()),
        ..RawEntry::default()
    };
    let entries = agg_fuzz::normalised(vec![raw], DocumentKind::Feed, &SourceMeta::default());
    for entry in entries {
        for address in entry.url.iter().chain(&entry.image) {
            assert!(matches!(address.scheme(), "http" | "https"), "{address}");
            let key = canonical_key(address);
            let folded = Url::parse(&key).expect("a key is an address");
            assert_eq!(canonical_key(&folded), key);
        }
    }
});
