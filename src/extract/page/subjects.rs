//! A page's links, tabs and choices → the subjects it sorts its posts by: a short text that names one of them is a tag,
//! wherever in an item it stands.

use std::collections::HashSet;

use url::Url;

use super::collections::{self, Collection};
use super::hints::{self, Hint};
use super::tree::Tree;
use super::words;

/// No subject is longer.
const MOST_CHARS: usize = 32;

/// No subject has more words.
const MOST_WORDS: usize = 4;

/// The subjects that the page names, in small letters; `own` gives the address within the site that a node links to.
pub(super) fn collect<'u>(
    tree: &Tree<'_>,
    own: impl Fn(usize) -> Option<&'u Url>,
) -> HashSet<String> {
    let names = |i: usize| match tree.name(i) {
        "a" => own(i).is_some_and(|to| collections::collection(to) == Some(Collection::Tag)),
        _ => is_tab(tree, i) || is_marked(tree, i),
    };
    let subjects = (0..tree.nodes.len()).filter(|&i| names(i));
    subjects
        .filter_map(|i| Some((i, subject(tree, i)?)))
        // "data" is a date in one language and a subject in another: what chooses posts says a subject
        .filter(|(i, subject)| !words::is_label(subject) || !is_marked(tree, *i))
        .map(|(_, subject)| subject)
        .collect()
}

/// True for a choice among the subjects of a list.
fn is_tab(tree: &Tree<'_>, i: usize) -> bool {
    let role = tree.attr(i, "role");
    let is_switch = |i: usize| {
        ["aria-pressed", "aria-selected", "aria-current"]
            .iter()
            .any(|state| tree.attr(i, state).is_some())
    };
    role == Some("tab")
        || tree.name(i) == "button"
            && (tree.children(tree.nodes[i].parent).any(is_switch)
                || tree
                    .ancestors(i)
                    .take(3)
                    .any(|a| tree.attr(a, "role") == Some("tablist")))
}

/// True for an element that says to hold a tag, outside links to elsewhere.
fn is_marked(tree: &Tree<'_>, i: usize) -> bool {
    matches!(tree.name(i), "span" | "div" | "p" | "li" | "small" | "b")
        && tree.attr(i, "class").and_then(hints::hint) == Some(Hint::Tags)
}

/// The subject that is all that node `i` says, without the count behind it.
fn subject(tree: &Tree<'_>, i: usize) -> Option<String> {
    let nodes = tree.extent(i);
    if tree.char_count(nodes.clone()) > MOST_CHARS + 8 {
        return None;
    }
    let text = tree.text(nodes);
    let text = text
        .trim_end_matches(|c: char| c.is_numeric() || c.is_whitespace() || matches!(c, '(' | ')'))
        .trim_start_matches('#')
        .trim();
    let says = (1..=MOST_CHARS).contains(&text.chars().count())
        && words::weight(text) <= MOST_WORDS
        && text.contains(char::is_alphabetic)
        && !words::is_call(text)
        && !words::is_badge(text);
    says.then(|| text.to_lowercase())
}
