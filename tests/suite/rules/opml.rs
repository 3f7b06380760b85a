//! OPML 2.0, as readers import it.

use super::Broken;
use super::xml::{Element, read};

/// The broken rules of a list of sources.
pub(crate) fn check(bytes: &[u8]) -> Vec<String> {
    let mut broken = Broken::default();
    if let Some(root) = read(bytes, &mut broken) {
        broken.unless(
            root.is("", "opml") && root.attribute("version") == Some("2.0"),
            || "the root is no opml of version 2.0".to_owned(),
        );
        let names: Vec<&str> = root
            .children
            .iter()
            .map(|child| child.name.as_str())
            .collect();
        broken.unless(names == ["head", "body"], || {
            format!("opml holds {names:?}")
        });
        for head in root.all("", "head") {
            for title in head.all("", "title") {
                broken.one_line("the title", &title.text);
            }
        }
        for body in root.all("", "body") {
            for outline in &body.children {
                check_outline(outline, &mut broken);
            }
        }
    }
    broken.0
}

fn check_outline(outline: &Element, broken: &mut Broken) {
    let text = outline.attribute("text").unwrap_or_default();
    let what = format!("outline {text:?}");
    broken.unless(outline.is("", "outline"), || {
        format!("body holds <{}>", outline.name)
    });
    broken.one_line(&format!("{what}: text"), text);
    let (address, others): (_, &[&str]) = match outline.attribute("type") {
        Some("rss") => ("xmlUrl", &["htmlUrl"]),
        Some("link") => ("url", &[]),
        other => {
            broken.0.push(format!("{what} is of type {other:?}"));
            return;
        }
    };
    broken.web_address(&what, outline.attribute(address).unwrap_or_default());
    for other in others {
        if let Some(url) = outline.attribute(other) {
            broken.web_address(&what, url);
        }
    }
}
