//! Blogs of one page: parts of it that are posts, each with an id of its own, a date, and a link to itself.

use super::dates;
use super::tree::Tree;
use super::words;

/// The text that is looked at for a date; it stands near the start.
const NODES: usize = 60;

/// No date is longer.
const DATE_BYTES: usize = 60;

/// True if link `i` leads to the element around it whose id is `id`, and that element is a post: a block with a date in an
/// element of its own, which the link or a heading gives a title.
pub(super) fn is_post(tree: &Tree<'_>, i: usize, id: &str) -> bool {
    let around = tree
        .ancestors(i)
        .find(|&a| !id.is_empty() && tree.attr(a, "id") == Some(id));
    let Some(post) = around.filter(|&a| !tree.nodes[a].inline && tree.heading(a) == 0) else {
        return false;
    };
    let is_headed = || tree.extent(post).take(NODES).any(|n| tree.heading(n) > 0);
    let text = tree.text(tree.extent(i));
    let is_title = !words::is_call(&text) && !dates::is_date(&text);
    let is_date = |n: usize| {
        tree.element(n).is_none() && (4..=DATE_BYTES).contains(&tree.char_count(n..n + 1)) && {
            let text = tree.text(n..n + 1);
            dates::day(&text).is_some()
        }
    };
    (is_title || is_headed()) && tree.extent(post).take(NODES).any(is_date)
}
