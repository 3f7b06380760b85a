//! Any text as the body of an entry: what is left holds nothing dangerous, and is left as it is the second time.
#![no_main]

use agg::model::{DocumentKind, RawEntry, SourceMeta, Text};
use libfuzzer_sys::fuzz_target;
use scraper::Html;
use url::Url;

const NEVER: &[&str] = &[
    "script", "style", "object", "embed", "applet", "form", "input", "button", "base", "meta",
    "link", "svg", "math", "frame", "frameset", "template", "title", "noscript", "textarea",
    "select",
];

fuzz_target!(|html: &str| {
    let Some(content) = sanitised(html) else {
        return;
    };
    for node in Html::parse_fragment(&content).tree.values() {
        let Some(element) = node.as_element() else {
            assert!(!node.is_comment(), "a comment in {content:?}");
            continue;
        };
        let name = element.name();
        assert!(!NEVER.contains(&name), "<{name}> in {content:?}");
        for (attribute, value) in element.attrs() {
            assert!(!attribute.starts_with("on"), "{attribute} in {content:?}");
            assert!(
                attribute != "style" && attribute != "srcdoc",
                "{attribute} in {content:?}"
            );
            if matches!(
                attribute,
                "href" | "src" | "cite" | "poster" | "data" | "action"
            ) {
                let scheme = Url::parse(value).map(|url| url.scheme().to_owned());
                let fits =
                    scheme.is_ok_and(|scheme| matches!(&*scheme, "http" | "https" | "mailto"));
                assert!(fits, "{attribute}={value:?} in {content:?}");
            }
        }
    }
    assert_eq!(
        sanitised(&content).as_deref(),
        Some(&*content),
        "the second time"
    );
});

fn sanitised(html: &str) -> Option<String> {
    let raw = RawEntry {
        title: Some(Text::Plain("A post".to_owned())),
        content: Some(Text::Html(html.to_owned())),
        ..RawEntry::default()
    };
    let mut entries = agg_fuzz::normalised(vec![raw], DocumentKind::Feed, &SourceMeta::default());
    entries.pop()?.content
}
