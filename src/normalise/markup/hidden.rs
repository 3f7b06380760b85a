//! What is in a body and not to be seen: a line for the preview of a mail, the second rendering of a formula.

use ego_tree::NodeRef;
use html5ever::ns;
use scraper::Node;

use super::tag::Tag;

/// More declarations than these no style has.
const MAX_DECLARATIONS: usize = 64;

/// The declarations of an element's style, the names in lower case, without what makes one important.
pub(super) fn style(element: &impl Tag) -> impl Iterator<Item = (String, &str)> {
    let style = element.attr("style").unwrap_or_default();
    let declarations = style.split(';').take(MAX_DECLARATIONS);
    declarations.filter_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        let value = value.split('!').next().unwrap_or_default().trim();
        Some((name.trim().to_ascii_lowercase(), value))
    })
}

/// True if the element says that nobody is to see it. What may be found by searching is to be seen then (HTML §6.1).
pub(crate) fn is_hidden(element: &impl Tag) -> bool {
    let hidden = element.attr("hidden");
    if hidden.is_some_and(|how| !how.trim().eq_ignore_ascii_case("until-found")) {
        return true;
    }
    style(element).any(|(name, value)| match name.as_str() {
        "display" => value.eq_ignore_ascii_case("none"),
        "visibility" => value.eq_ignore_ascii_case("hidden"),
        "mso-hide" => value.eq_ignore_ascii_case("all"),
        _ => false,
    })
}

/// True for what shows the formula beside it to those who see, once more: the one for all others is read.
pub(super) fn is_formula_again(node: NodeRef<'_, Node>) -> bool {
    let is_aside = (node.value().as_element()).is_some_and(|element| {
        element
            .attr("aria-hidden")
            .is_some_and(|it| it.trim() == "true")
    });
    is_aside
        && [node.prev_sibling(), node.next_sibling()]
            .into_iter()
            .flatten()
            .any(|beside| is_formula(beside) || beside.first_child().is_some_and(is_formula))
}

fn is_formula(node: NodeRef<'_, Node>) -> bool {
    (node.value().as_element()).is_some_and(|element| element.name.ns == ns!(mathml))
}
