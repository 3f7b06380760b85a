//! Any bytes as an index page: inference, structured data, the next page, one article.
#![no_main]

use agg::model::SourceKind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let document = agg_fuzz::document(body, Some("text/html"));
    if let Some((extraction, _)) = agg_fuzz::read(&document) {
        // rules that were learnt are rules that can be written
        if let Some(wrapper) = &extraction.wrapper {
            let again = agg::extract::extract(&document, SourceKind::Page, Some(wrapper));
            assert!(again.is_ok(), "what was learnt reads the page");
        }
    }
    let _ = agg::extract::article(&document);
    let _ = agg::extract::explain(&document, SourceKind::Auto, None);
});
