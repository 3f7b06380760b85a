//! A formula as text: MathML is not written, since a parser can be led out of it, but its meaning has a form on one line.

use ego_tree::NodeRef;
use html5ever::ns;
use scraper::Node;

use super::policy::{Fate, fate};

/// The formula `math` on one line: as it says itself, as it was typed in TeX, else as its elements say (`(a+b)/2`, `x^2`).
pub(super) fn text(math: NodeRef<'_, Node>) -> String {
    let element = math.value().as_element();
    if let Some(text) = element.and_then(|element| element.attr("alttext")) {
        return text.to_owned();
    }
    typed(math).unwrap_or_else(|| children(math))
}

/// The TeX that a formula was made of.
fn typed(math: NodeRef<'_, Node>) -> Option<String> {
    let source = math.descendants().find(|node| {
        let element = node.value().as_element();
        let encoding = element
            .filter(|element| element.name() == "annotation")
            .and_then(|element| element.attr("encoding"));
        encoding.is_some_and(|encoding| encoding.to_ascii_lowercase().contains("tex"))
    })?;
    let tex: String = source.children().filter_map(said).collect();
    let tex = trimmed(&tex);
    (!tex.is_empty()).then_some(tex)
}

/// The text that `node` is.
fn said(node: NodeRef<'_, Node>) -> Option<&str> {
    node.value().as_text().map(|text| &**text)
}

/// Everything in `node`, part after part. Trees are bounded in depth, so this ends.
fn children(node: NodeRef<'_, Node>) -> String {
    node.children().map(part).collect()
}

/// A part of a formula (MathML Core §3).
fn part(node: NodeRef<'_, Node>) -> String {
    let Some(element) = node.value().as_element() else {
        return said(node).map(trimmed).unwrap_or_default();
    };
    if element.name.ns != ns!(mathml) {
        return match fate(element.name()) {
            Fate::Write(_) | Fate::Unwrap => children(node),
            _ => String::new(),
        };
    }
    let parts: Vec<String> = (node.children())
        .filter(|child| child.value().is_element())
        .map(part)
        .collect();
    match (element.name(), parts.as_slice()) {
        ("annotation" | "annotation-xml" | "mphantom" | "none" | "mprescripts", _) => String::new(),
        ("semantics", [shown, ..]) => shown.clone(),
        ("mfrac", [above, below]) => format!("{}/{}", whole(above), whole(below)),
        ("msup" | "mover", [base, above]) => with(base, &[('^', above)]),
        ("msub" | "munder", [base, below]) => with(base, &[('_', below)]),
        ("msubsup" | "munderover", [base, below, above]) => {
            with(base, &[('_', below), ('^', above)])
        }
        ("mroot", [inside, index]) => format!("{}√{}", whole(index), whole(inside)),
        ("msqrt", parts) => format!("√{}", whole(&parts.concat())),
        ("mfenced", parts) => format!("({})", parts.join(", ")),
        ("mtable", rows) => rows.join("; "),
        ("mtr" | "mlabeledtr", cells) => cells.join(", "),
        ("mspace", _) => " ".to_owned(),
        _ => children(node),
    }
}

fn with(base: &str, scripts: &[(char, &String)]) -> String {
    let mut text = whole(base);
    for (mark, script) in scripts.iter().filter(|(_, script)| !script.is_empty()) {
        text.push(*mark);
        text.push_str(&whole(script));
    }
    text
}

/// `part` so that it stays together beside others.
fn whole(part: &str) -> String {
    let is_one = part.chars().nth(1).is_none() || part.chars().all(char::is_alphanumeric);
    if is_one {
        part.to_owned()
    } else {
        format!("({part})")
    }
}

/// White space around what an element says does not count (MathML Core §2.1.7).
fn trimmed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
