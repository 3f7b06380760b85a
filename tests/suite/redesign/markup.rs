//! Redesigns: the same posts in other markup.

use super::dates::{self, DOTTED, Format, ISO, LONG};
use super::page::{Item, Page, letters};
use super::tree::{Element, Node};

/// Elements that are no place for a block.
const INLINE: [&str; 12] = [
    "p", "span", "a", "em", "strong", "b", "h1", "h2", "h3", "h4", "h5", "h6",
];
/// Elements that stand in a list or a table and nowhere else.
const BOUND: [&str; 9] = ["li", "tr", "td", "th", "dt", "dd", "tbody", "thead", "col"];
/// The longest date or label.
const SHORT: usize = 40;

/// The page as it is, written out again: what shows that the other changes are what they say, and no more.
#[expect(
    clippy::unnecessary_wraps,
    reason = "changes are functions of one kind"
)]
pub(super) fn written_again(page: &Page) -> Option<Element> {
    Some(page.tree.clone())
}

/// Every class name becomes another one, the same for the same.
pub(super) fn classes_renamed(page: &Page) -> Option<Element> {
    let mut tree = page.tree.clone();
    rename(&mut tree).then_some(tree)
}

/// Every post is put into two more elements.
pub(super) fn items_wrapped(page: &Page) -> Option<Element> {
    each(page, |nodes, item| {
        let name = wrapper(page, &item.parent);
        Some(inside(nodes, &|inner| two(name, inner)))
    })
}

/// The whole list is put into two more elements.
pub(super) fn list_wrapped(page: &Page) -> Option<Element> {
    let mut tree = page.tree.clone();
    let (path, begin, end) = list(page)?;
    let name = wrapper(page, &path);
    let children = &mut tree.at_mut(&path).children;
    let inner: Vec<Node> = children.drain(begin..end).collect();
    children.insert(begin, two(name, inner).remove(0));
    Some(tree)
}

/// Articles and the elements of a list become `div`, and a `div` an `article`.
pub(super) fn items_renamed(page: &Page) -> Option<Element> {
    let mut tree = each(page, |mut nodes, _| {
        if nodes.len() == 1
            && let Node::Element(element) = &mut nodes[0]
        {
            match element.name.as_str() {
                "a" => nodes = vec![Node::element("div", "", nodes)],
                "article" | "section" | "li" => "div".clone_into(&mut element.name),
                "div" => "article".clone_into(&mut element.name),
                _ => return None,
            }
            return Some(nodes);
        }
        None
    })?;
    for item in &page.items {
        let parent = tree.at_mut(&item.parent);
        if matches!(parent.name.as_str(), "ul" | "ol") {
            "div".clone_into(&mut parent.name);
            for child in &mut parent.children {
                if let Node::Element(child) = child
                    && child.name == "li"
                {
                    "div".clone_into(&mut child.name);
                }
            }
        }
    }
    Some(tree)
}

/// A list becomes a table, a post a row; and a table becomes a list.
pub(super) fn list_to_table(page: &Page) -> Option<Element> {
    let mut tree = page.tree.clone();
    let mut parents: Vec<&Item> = page.items.iter().collect();
    parents.dedup_by(|a, b| a.parent == b.parent);
    for first in parents.into_iter().rev() {
        let own: Vec<&Item> = page
            .items
            .iter()
            .filter(|item| item.parent == first.parent)
            .collect();
        let (begin, end) = (own[0].begin, own[own.len() - 1].end);
        let parent = tree.at_mut(&first.parent);
        let name = parent.name.clone();
        let is_table = matches!(name.as_str(), "table" | "tbody");
        let old = std::mem::take(&mut parent.children);
        let mut rows = Vec::new();
        let mut at = begin;
        while at < end {
            let item = own.iter().find(|item| item.begin == at);
            let to = item.map_or(at + 1, |item| item.end);
            let nodes = &old[at..to];
            if item.is_some() || nodes.iter().any(Node::is_telling) {
                rows.push(if is_table { entry(nodes) } else { row(nodes) });
            }
            at = to;
        }
        if is_table {
            "ul".clone_into(&mut parent.name);
            parent.children = rows;
            // what held the rows is no table any more
            if let Some((_, above)) = first.parent.split_last()
                && name == "tbody"
            {
                "div".clone_into(&mut tree.at_mut(above).name);
            }
        } else if matches!(name.as_str(), "ul" | "ol" | "dl") {
            "table".clone_into(&mut parent.name);
            parent.children = rows;
        } else {
            if INLINE.contains(&name.as_str()) {
                "div".clone_into(&mut parent.name);
            }
            parent.children = old;
            parent
                .children
                .splice(begin..end, [Node::element("table", "", rows)]);
        }
    }
    (!page.items.is_empty()).then_some(tree)
}

/// In every post the title changes places with the field beside it.
pub(super) fn fields_swapped(page: &Page) -> Option<Element> {
    each(page, |mut nodes, item| {
        let title = letters(&page.posts[item.post].title);
        // where nothing encloses a post, the heading begins it: two other fields change places
        let is_flat = nodes.iter().filter(|it| it.is_telling()).count() > 1;
        let swapped = if is_flat {
            swap_flat(&mut nodes, &title)
        } else {
            swap(&mut nodes, &title)
        };
        swapped.then_some(nodes)
    })
}

/// Every date is written in another way.
pub(super) fn dates_rewritten(page: &Page) -> Option<Element> {
    let dated = || {
        let day = |item: &&Item| page.posts[item.post].day.is_some();
        page.items.iter().filter(day)
    };
    let says = |item: &Item, format: Format| {
        let day = page.posts[item.post].day?;
        let mut nodes = page.nodes(item).to_vec();
        dates::replace(&mut nodes, day, format, "").then_some(())
    };
    let mut formats: Vec<Format> = Vec::new();
    for item in dated() {
        let found = dates::find(page.nodes(item), page.posts[item.post].day?)?;
        if !formats.contains(&found) {
            formats.push(found);
        }
    }
    // "May" is the long name and the short one, and 05/05 is written in one way only
    let format = formats
        .into_iter()
        .find(|format| dated().all(|item| says(item, *format).is_some()))?;
    let lang = page
        .tree
        .find("html")
        .and_then(|path| page.tree.at(&path).attribute("lang").map(str::to_owned))
        .unwrap_or_else(|| "en".to_owned());
    let other = match (format.is_year_first(), lang.starts_with("en")) {
        (true, true) => LONG,
        (true, false) => DOTTED,
        (false, _) => ISO,
    };
    each_of(page, |mut nodes, item| {
        if let Some(day) = page.posts[item.post].day {
            dates::replace(&mut nodes, day, format, &other.write(day));
        }
        Some(nodes)
    })
    .filter(|_| dated().next().is_some())
}

/// Names every class anew; false if there is none.
pub(super) fn rename(tree: &mut Element) -> bool {
    let mut found = false;
    tree.walk(&mut |node| {
        let Node::Element(element) = node else { return };
        for (name, value) in &mut element.attributes {
            if name == "class" && !value.trim().is_empty() {
                let names: Vec<String> = value.split_whitespace().map(other_name).collect();
                *value = names.join(" ");
                found = true;
            }
        }
    });
    found
}

fn other_name(name: &str) -> String {
    let sum = name
        .bytes()
        .fold(7u32, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into()));
    let letter = |n: u32| char::from(b'a' + u8::try_from(n % 26).unwrap());
    format!("z{}{}{}", letter(sum), letter(sum / 26), letter(sum / 676))
}

/// Puts other nodes in the place of those of every post; none, if a tenth of them has nothing to change.
fn each(
    page: &Page,
    mut make: impl FnMut(Vec<Node>, &Item) -> Option<Vec<Node>>,
) -> Option<Element> {
    let mut changed = 0;
    let tree = each_of(page, |nodes, item| {
        let other = make(nodes.clone(), item);
        changed += usize::from(other.is_some());
        other.or(Some(nodes))
    });
    tree.filter(|_| changed > 0 && changed * 10 >= page.items.len() * 9)
}

fn each_of(
    page: &Page,
    mut make: impl FnMut(Vec<Node>, &Item) -> Option<Vec<Node>>,
) -> Option<Element> {
    let mut tree = page.tree.clone();
    // from the end, so that nothing that is still to be done moves
    for item in page.items.iter().rev() {
        let nodes = page.nodes(item).to_vec();
        let other = make(nodes, item)?;
        let children = &mut tree.at_mut(&item.parent).children;
        children.splice(item.begin..item.end, other);
    }
    (!page.items.is_empty()).then_some(tree)
}

/// Where the list stands and can be moved as a whole: an element, and which of its children.
pub(super) fn list(page: &Page) -> Option<(Vec<usize>, usize, usize)> {
    if page.items.is_empty() {
        return None;
    }
    let mut path = page.container();
    let (mut begin, mut end) = page.extent();
    while ["ul", "ol", "dl", "table", "tbody", "tr", "thead"]
        .contains(&page.tree.at(&path).name.as_str())
        || INLINE.contains(&page.tree.at(&path).name.as_str())
    {
        begin = path.pop()?;
        end = begin + 1;
    }
    Some((path, begin, end))
}

/// The name of an element that may stand there.
fn wrapper(page: &Page, parent: &[usize]) -> &'static str {
    let is_inline = (0..=parent.len())
        .map(|length| page.tree.at(&parent[..length]).name.as_str())
        .any(|name| INLINE.contains(&name));
    if is_inline { "span" } else { "div" }
}

fn two(name: &str, inner: Vec<Node>) -> Vec<Node> {
    let inner = Node::element(name, "inner", inner);
    vec![Node::element(name, "outer", vec![inner])]
}

/// Puts something around the content of the nodes: inside what cannot leave its list or table, else around all of them.
fn inside(nodes: Vec<Node>, around: &dyn Fn(Vec<Node>) -> Vec<Node>) -> Vec<Node> {
    if !nodes.iter().any(|node| BOUND.contains(&node.name())) {
        return around(nodes);
    }
    nodes
        .into_iter()
        .map(|node| match node {
            Node::Element(mut element) if BOUND.contains(&element.name.as_str()) => {
                element.children = inside(element.children, around);
                Node::Element(element)
            }
            other => other,
        })
        .collect()
}

/// A row with one cell.
fn row(nodes: &[Node]) -> Node {
    let mut inner = Vec::new();
    for node in nodes {
        match node {
            Node::Element(element) if BOUND.contains(&element.name.as_str()) => {
                inner.extend(element.children.clone());
            }
            other => inner.push(other.clone()),
        }
    }
    Node::element("tr", "", vec![Node::element("td", "", inner)])
}

/// Rows as one entry of a list: a cell is a line.
fn entry(nodes: &[Node]) -> Node {
    let mut lines = Vec::new();
    for node in nodes {
        let Node::Element(row) = node else { continue };
        for cell in &row.children {
            if let Node::Element(cell) = cell {
                lines.push(Node::element("div", "", cell.children.clone()));
            }
        }
    }
    Node::element("li", "", lines)
}

/// Swaps the title with what stands beside it, at the level where there is something.
fn swap(nodes: &mut [Node], title: &str) -> bool {
    let holds = |node: &Node| letters(&node.text()).contains(title);
    let Some(at) = nodes.iter().position(holds) else {
        return false;
    };
    if let Node::Element(element) = &mut nodes[at]
        && swap(&mut element.children, title)
    {
        return true;
    }
    let after = (at + 1..nodes.len()).find(|at| nodes[*at].is_telling());
    let before = (0..at).rev().find(|at| nodes[*at].is_telling());
    let Some(other) = after.or(before) else {
        return false;
    };
    // "Title: …" is one field with its label
    if nodes[other.min(at)]
        .text()
        .trim_end()
        .ends_with([':', '：'])
    {
        return false;
    }
    exchange(nodes, at, other);
    true
}

/// Swaps two of the fields after the title, or a date with it.
fn swap_flat(nodes: &mut [Node], title: &str) -> bool {
    let told: Vec<usize> = (0..nodes.len())
        .filter(|at| nodes[*at].is_telling())
        .collect();
    let Some(at) = told
        .iter()
        .position(|at| letters(&nodes[*at].text()).contains(title))
    else {
        return false;
    };
    match told[at + 1..] {
        [one, other, ..] => exchange(nodes, one, other),
        [other] if nodes[other].text().trim().len() <= SHORT => exchange(nodes, told[at], other),
        _ => return false,
    }
    true
}

/// Swaps two nodes; the signs between them (`Title — date`) stay where they are.
fn exchange(nodes: &mut [Node], one: usize, other: usize) {
    let (first, last) = (one.min(other), one.max(other));
    let is_sign = |c: char| !c.is_alphanumeric() && !"([{#\"'“‘«".contains(c);
    let is_end = |c: char| !c.is_alphanumeric() && !")]}.!?\"'”’»".contains(c);
    let mut between = (String::new(), String::new());
    if let Node::Text(text) = &mut nodes[last] {
        let rest = text.trim_start_matches(is_sign).to_owned();
        between.0.push_str(&text[..text.len() - rest.len()]);
        *text = rest;
    }
    if let Node::Text(text) = &mut nodes[first] {
        let rest = text.trim_end_matches(is_end).to_owned();
        between.1.push_str(&text[rest.len()..]);
        *text = rest;
    }
    nodes.swap(first, last);
    let mut sign = between.1 + &between.0;
    if sign.is_empty() {
        " ".clone_into(&mut sign);
    }
    if let Node::Text(text) = &mut nodes[last] {
        text.insert_str(0, &sign);
    } else if let Node::Text(text) = &mut nodes[first] {
        text.push_str(&sign);
    }
}
