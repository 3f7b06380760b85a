//! RFC 4287, each MUST that a feed like ours can break.

use std::collections::HashSet;

use super::Broken;
use super::xml::{Element, read};

const ATOM: &str = "http://www.w3.org/2005/Atom";
/// What only one of each may be in a feed, an entry or a source (§4.1.1 to §4.2.11).
const ONCE: [&str; 12] = [
    "content",
    "generator",
    "icon",
    "id",
    "logo",
    "published",
    "rights",
    "source",
    "subtitle",
    "summary",
    "title",
    "updated",
];

/// The broken rules of an Atom feed.
pub(crate) fn check(bytes: &[u8]) -> Vec<String> {
    let mut broken = Broken::default();
    if let Some(root) = read(bytes, &mut broken) {
        broken.unless(root.is(ATOM, "feed"), || {
            "the root is no atom:feed".to_owned()
        });
        feed(&root, &mut broken);
    }
    broken.0
}

fn feed(feed: &Element, broken: &mut Broken) {
    let entries: Vec<&Element> = feed.all(ATOM, "entry").collect();
    let known = [
        "author",
        "category",
        "contributor",
        "entry",
        "generator",
        "icon",
        "id",
        "link",
        "logo",
        "rights",
        "subtitle",
        "title",
        "updated",
    ];
    container("feed", feed, &known, broken);
    let has_author = feed.all(ATOM, "author").next().is_some();
    let own = feed
        .all(ATOM, "link")
        .filter(|link| link.attribute("rel") == Some("self"));
    broken.unless(own.count() == 1, || {
        "a feed names itself once (§4.1.1)".to_owned()
    });
    let updated = moment("feed", feed, "updated", broken);
    let mut ids = HashSet::new();
    for entry in entries {
        let id = text_of(entry, "id");
        let what = format!("entry {id:?}");
        broken.unless(ids.insert(id.clone()), || format!("{what} twice"));
        let known = [
            "author",
            "category",
            "content",
            "contributor",
            "id",
            "link",
            "published",
            "rights",
            "source",
            "summary",
            "title",
            "updated",
        ];
        container(&what, entry, &known, broken);
        entry_rules(&what, entry, has_author, broken);
        let changed = moment(&what, entry, "updated", broken);
        broken.unless(changed <= updated, || {
            format!("{what} is newer than the feed")
        });
        if entry.all(ATOM, "published").next().is_some() {
            let published = moment(&what, entry, "published", broken);
            broken.unless(published <= changed, || {
                format!("{what} was changed before it was published")
            });
        }
    }
}

fn entry_rules(what: &str, entry: &Element, feed_has_author: bool, broken: &mut Broken) {
    // §4.1.2: an author, in the entry, in its source, or in the feed
    let source = entry.all(ATOM, "source").next();
    let has_author = entry.all(ATOM, "author").next().is_some()
        || feed_has_author
        || source.is_some_and(|source| source.all(ATOM, "author").next().is_some());
    broken.unless(has_author, || format!("{what} has no author"));
    let content = entry.all(ATOM, "content").next();
    let has_alternate = entry
        .all(ATOM, "link")
        .any(|link| link.attribute("rel").is_none_or(|rel| rel == "alternate"));
    broken.unless(content.is_some() || has_alternate, || {
        format!("{what} has neither content nor an alternate link")
    });
    if let Some(content) = content {
        let kind = content.attribute("type").unwrap_or("text");
        broken.unless(matches!(kind, "text" | "html"), || {
            format!("{what}: content of type {kind:?}")
        });
        broken.unless(
            content.attribute("src").is_none() && content.children.is_empty(),
            || format!("{what}: content is not text inside the element"),
        );
        broken.unless(!content.text.trim().is_empty(), || {
            format!("{what}: content is empty")
        });
        if kind == "html" {
            broken.html(&format!("{what}: content"), &content.text);
        }
    }
    if let Some(source) = source {
        let known = [
            "author",
            "category",
            "generator",
            "icon",
            "id",
            "link",
            "logo",
            "rights",
            "subtitle",
            "title",
            "updated",
        ];
        container(&format!("{what}: source"), source, &known, broken);
        moment(&format!("{what}: source"), source, "updated", broken);
    }
}

/// What a feed, an entry and a source have in common.
fn container(what: &str, element: &Element, known: &[&str], broken: &mut Broken) {
    for name in ["id", "title", "updated"] {
        broken.unless(element.all(ATOM, name).count() == 1, || {
            format!("{what} has not exactly one {name}")
        });
    }
    for name in ONCE {
        broken.unless(element.all(ATOM, name).count() <= 1, || {
            format!("{what} has more than one {name}")
        });
    }
    for child in &element.children {
        if child.namespace == ATOM {
            broken.unless(known.contains(&child.name.as_str()), || {
                format!("{what} may not have <{}>", child.name)
            });
        }
        if let Some(language) = child.attribute("xml:lang") {
            broken.language(&format!("{what}: xml:lang"), language);
        }
        match child.name.as_str() {
            _ if child.namespace != ATOM => {}
            "id" => broken.iri(&format!("{what}: id"), &child.text),
            "title" | "subtitle" | "summary" | "rights" => text(what, child, broken),
            "author" | "contributor" => person(what, child, broken),
            "category" => {
                let term = child.attribute("term").unwrap_or_default();
                broken.one_line(&format!("{what}: category"), term);
            }
            _ => {}
        }
    }
    if let Some(language) = element.attribute("xml:lang") {
        broken.language(&format!("{what}: xml:lang"), language);
    }
    links(what, element, broken);
}

/// Text constructs (§3.1): text only, also where it is written as HTML.
fn text(what: &str, element: &Element, broken: &mut Broken) {
    let what = format!("{what}: {}", element.name);
    let kind = element.attribute("type").unwrap_or("text");
    match kind {
        "text" => {}
        "html" => broken.unless(!element.text.contains('<'), || {
            format!("{what} has tags: {}", element.text)
        }),
        _ => broken.0.push(format!("{what} is of type {kind:?}")),
    }
    broken.unless(element.children.is_empty(), || {
        format!("{what} holds elements")
    });
    broken.one_line(&what, &element.text);
}

/// Person constructs (§3.2).
fn person(what: &str, element: &Element, broken: &mut Broken) {
    let what = format!("{what}: {}", element.name);
    let names: Vec<_> = element.all(ATOM, "name").collect();
    broken.unless(names.len() == 1, || {
        format!("{what} has not exactly one name")
    });
    for name in names {
        broken.one_line(&format!("{what}: name"), &name.text);
    }
    for uri in element.all(ATOM, "uri") {
        broken.web_address(&format!("{what}: uri"), &uri.text);
    }
    broken.unless(element.all(ATOM, "uri").count() <= 1, || {
        format!("{what} has two uris")
    });
    broken.unless(element.all(ATOM, "email").next().is_none(), || {
        format!("{what} shows a mail address")
    });
}

/// Links (§4.2.7): one alternate of each type and language (§4.1.1, §4.1.2), absolute.
fn links(what: &str, element: &Element, broken: &mut Broken) {
    let mut alternates = HashSet::new();
    for link in element.all(ATOM, "link") {
        let href = link.attribute("href").unwrap_or_default();
        broken.web_address(&format!("{what}: link"), href);
        let rel = link.attribute("rel").unwrap_or("alternate");
        let is_named = !rel.is_empty() && rel.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        broken.unless(is_named, || {
            format!("{what}: rel {rel:?} is neither a name nor an IRI")
        });
        if rel == "alternate" {
            let kind = (link.attribute("type"), link.attribute("hreflang"));
            broken.unless(alternates.insert(kind), || {
                format!("{what} has two alternates of the same type and language")
            });
        }
        if let Some(kind) = link.attribute("type") {
            broken.media_type(&format!("{what}: link"), kind);
        }
        if let Some(title) = link.attribute("title") {
            broken.one_line(&format!("{what}: link title"), title);
        }
        if let Some(length) = link.attribute("length") {
            broken.unless(length.parse::<u64>().is_ok(), || {
                format!("{what}: a length of {length:?}")
            });
        }
    }
}

/// Date constructs (§3.3).
fn moment(
    what: &str,
    element: &Element,
    name: &str,
    broken: &mut Broken,
) -> Option<chrono::DateTime<chrono::FixedOffset>> {
    broken.rfc3339(&format!("{what}: {name}"), &text_of(element, name))
}

fn text_of(element: &Element, name: &str) -> String {
    let found = element.all(ATOM, name).next();
    found.map_or_else(String::new, |element| element.text.clone())
}
