//! Class names: which of them the author of a page chose for a kind of element, and which only number or name one.

use super::tree::{self, Tree};

/// The classes of an element as one text, without those that tell items apart (`post-332`, `odd`, hashes).
pub(super) fn classes(tree: &Tree<'_>, i: usize) -> String {
    let Some(element) = tree.element(i) else {
        return String::new();
    };
    let mut all: Vec<&str> = tree::classes(element).collect();
    all.sort_unstable();
    all.dedup();
    let mut out = String::new();
    for class in all {
        if matches!(
            class,
            "odd" | "even" | "first" | "last" | "alt" | "active" | "current"
        ) {
            continue;
        }
        // CSS modules write `Part_name__hash`: the name is the author's
        let named = class.split("__").next().unwrap_or(class);
        if is_stable_class(class) {
            out.push_str(class);
            out.push(' ');
        } else if named.len() < class.len() && is_stable_class(named) {
            out.push_str(named);
            out.push(' ');
        }
    }
    out
}

/// False for class names with figures (ids, generated hashes) and for those that WordPress makes from terms.
pub(super) fn is_stable_class(class: &str) -> bool {
    !class.bytes().any(|b| b.is_ascii_digit())
        && ![
            "tag-",
            "category-",
            "author-",
            "status-",
            "format-",
            "post-tag",
        ]
        .iter()
        .any(|term| class.starts_with(term))
}
