//! Rules of `[source.select]` → items and fields. A written rule wins over everything found otherwise; one that fits
//! nothing at all is an error, never a blank.

use scraper::Selector;
use scraper::error::SelectorErrorKind;

use super::cards::Cards;
use super::dates;
use super::entry::Found;
use super::error::PageError;
use super::flat;
use super::item::Item;
use super::links::Links;
use super::split;
use super::title;
use super::tree::Tree;
use super::words;
use crate::model::{Field, FieldRule, RawEntry, RawPerson, Text, Tier, Wrapper};

/// Checks the selector of the rule that stands under `key`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_rule(key: &str, rule: &FieldRule) -> Result<(), String> {
    let finds_items = matches!(key, "item" | "split");
    if rule.above && (finds_items || key == "link") {
        return Err(format!("`{key}` cannot stand above the post"));
    }
    if finds_items && rule.attribute.is_some() {
        return Err(format!("`{key}` takes an element, not an attribute of it"));
    }
    if rule.selector.is_empty() {
        return if finds_items || rule.above {
            Err("it is empty".to_owned())
        } else {
            Ok(())
        };
    }
    parsed(&rule.selector).map(|_| ())
}

/// The compiled selector.
///
/// # Errors
/// Why it is none, in words.
fn parsed(selector: &str) -> Result<Selector, String> {
    Selector::parse(selector).map_err(|error| match error {
        SelectorErrorKind::EndOfLine => "it ends too early".to_owned(),
        // the parser's own words for the rest ask for a report to its developer
        SelectorErrorKind::UnexpectedSelectorParseError(_) => {
            "something in it is not as CSS has it".to_owned()
        }
        other => other.to_string(),
    })
}

/// A rule with its key and compiled selector; `None`: the item itself.
pub(super) struct Compiled<'r> {
    key: &'static str,
    rule: &'r FieldRule,
    selector: Option<Selector>,
}

/// Compiles the rule that stands under `key`.
///
/// # Errors
/// [`PageError::BadSelector`].
pub(super) fn compile<'r>(
    key: &'static str,
    rule: &'r FieldRule,
) -> Result<Compiled<'r>, PageError> {
    let bad = |why| PageError::BadSelector {
        key,
        selector: rule.selector.clone(),
        why,
    };
    check_rule(key, rule).map_err(bad)?;
    let selector = if rule.selector.is_empty() {
        None
    } else {
        Some(parsed(&rule.selector).map_err(bad)?)
    };
    Ok(Compiled {
        key,
        rule,
        selector,
    })
}

impl Compiled<'_> {
    fn matched_nothing(&self) -> PageError {
        PageError::SelectorMatchedNothing {
            key: self.key,
            selector: String::from(self.rule.clone()),
        }
    }

    /// The elements of the whole page that fit, in page order.
    ///
    /// # Errors
    /// [`PageError::SelectorMatchedNothing`].
    fn all(&self, tree: &Tree<'_>) -> Result<Vec<usize>, PageError> {
        let found = self.selector.as_ref().map(|it| tree.select(it));
        found
            .filter(|found| !found.is_empty())
            .ok_or_else(|| self.matched_nothing())
    }
}

/// The items that the rules `item`, `split` and `link` find.
///
/// # Errors
/// [`PageError::BadSelector`] and [`PageError::SelectorMatchedNothing`].
pub(super) fn items(
    tree: &Tree<'_>,
    links: &Links,
    rules: &Wrapper,
) -> Result<Vec<Item>, PageError> {
    let Some(rule) = &rules.item else {
        return Ok(Vec::new());
    };
    // an element inside another selected one belongs to it
    let mut outer: Vec<usize> = Vec::new();
    for unit in compile("item", rule)?.all(tree)? {
        if outer
            .last()
            .is_none_or(|&last| unit >= tree.nodes[last].end)
        {
            outer.push(unit);
        }
    }
    let mut items = if let Some(rule) = &rules.split {
        let split = compile("split", rule)?;
        let cuts: Vec<usize> = outer
            .iter()
            .flat_map(|&holder| elements(tree, &whole(tree, holder), &split).collect::<Vec<_>>())
            .collect();
        if cuts.is_empty() {
            return Err(split.matched_nothing());
        }
        split::parts(tree, &outer, &cuts)
    } else {
        let mut items: Vec<Item> = outer.iter().map(|&unit| whole(tree, unit)).collect();
        flat::widen(tree, &mut items);
        items
    };
    let link = rules.link.as_ref().map(|rule| compile("link", rule));
    let link = link.transpose()?;
    for item in &mut items {
        let told = link.as_ref().and_then(|link| told(tree, links, item, link));
        item.target = told
            .or_else(|| target(tree, links, item))
            .unwrap_or(usize::MAX);
    }
    // a stretch between two cuts that leads to no post is none
    let leads = |item: &Item| {
        let target = links.targets.get(item.target);
        target.is_some_and(|target| !target.utility)
    };
    if rules.split.is_some() && items.iter().any(leads) {
        items.retain(leads);
    }
    Ok(items)
}

/// An element and all that stands in it, leading nowhere yet.
fn whole(tree: &Tree<'_>, unit: usize) -> Item {
    Item {
        range: tree.extent(unit),
        unit,
        target: usize::MAX,
    }
}

/// Where the rule `link` says that an item leads.
pub(super) fn told(
    tree: &Tree<'_>,
    links: &Links,
    item: &Item,
    link: &Compiled<'_>,
) -> Option<usize> {
    elements(tree, item, link)
        .find_map(|i| links.at(i))
        .map(|link| link.target)
}

/// The address that an element given by a rule leads to.
fn target(tree: &Tree<'_>, links: &Links, item: &Item) -> Option<usize> {
    let unit = item.unit;
    target_in(tree, links, unit, tree.extent(unit))
        .filter(|target| !links.targets[*target].utility)
        .or_else(|| target_in(tree, links, unit, item.range.clone()))
}

fn target_in(
    tree: &Tree<'_>,
    links: &Links,
    unit: usize,
    range: std::ops::Range<usize>,
) -> Option<usize> {
    let inside: Vec<(usize, usize)> = range
        .clone()
        .filter_map(|i| links.at(i))
        .map(|link| (link.node, link.target))
        .collect();
    let headed = inside.iter().find(|(node, _)| {
        tree.extent(*node).any(|i| tree.heading(i) > 0)
            || tree
                .ancestors(*node)
                .take_while(|&a| a >= range.start)
                .any(|a| tree.heading(a) > 0)
    });
    let around = || {
        tree.ancestors(unit)
            .find_map(|a| links.at(a))
            .map(|link| link.target)
    };
    let useful: Vec<&(usize, usize)> = inside
        .iter()
        .filter(|(_, target)| !links.targets[*target].utility)
        .collect();
    let telling = || {
        useful.iter().find(|(node, _)| {
            let text = tree.text(tree.extent(*node));
            !text.is_empty() && !words::is_call(&text) && !title::is_meta(&text)
        })
    };
    headed
        .filter(|(_, target)| !links.targets[*target].utility)
        .or_else(|| telling().copied())
        .or(useful.first().copied())
        .or(inside.first())
        .map(|(_, target)| *target)
        .or_else(around)
}

/// Lets the field rules overwrite the fields of the entries, each in the item it was read from.
///
/// # Errors
/// [`PageError::BadSelector`] and [`PageError::SelectorMatchedNothing`] (a rule that fits in no item at all).
pub(super) fn apply(
    cards: &Cards<'_, '_>,
    found: &mut [Found],
    wrapper: &Wrapper,
) -> Result<(), PageError> {
    let fields = wrapper
        .rules()
        .filter(|(key, _)| !matches!(*key, "item" | "split"));
    for (key, rule) in fields {
        let compiled = compile(key, rule)?;
        let above = above(cards.tree, &compiled);
        let mut any = false;
        for (item, entry) in found.iter_mut() {
            let Some(item) = item else { continue };
            let values = values(cards.tree, item, &compiled, &above);
            any |= !values.is_empty();
            set(cards, item, entry, key, values);
        }
        if !any {
            return Err(compiled.matched_nothing());
        }
    }
    Ok(())
}

/// The elements of the page that an `above:` rule may speak of.
pub(super) fn above(tree: &Tree<'_>, compiled: &Compiled<'_>) -> Vec<usize> {
    if compiled.rule.above {
        compiled.all(tree).unwrap_or_default()
    } else {
        Vec::new()
    }
}

/// What a rule finds in an item, or in the nearest of the elements `above` it.
pub(super) fn values(
    tree: &Tree<'_>,
    item: &Item,
    compiled: &Compiled<'_>,
    above: &[usize],
) -> Vec<String> {
    if compiled.rule.above {
        let until = above.partition_point(|&i| i < item.range.start);
        let nearest = above[..until]
            .iter()
            .rev()
            .find(|&&i| tree.nodes[i].end <= item.range.start);
        return nearest
            .and_then(|&i| value(tree, i, compiled))
            .into_iter()
            .collect();
    }
    elements(tree, item, compiled)
        .filter_map(|i| value(tree, i, compiled))
        .collect()
}

/// The elements of an item that a rule fits; without a selector the item's own.
fn elements<'t>(
    tree: &'t Tree<'_>,
    item: &Item,
    compiled: &'t Compiled<'_>,
) -> impl Iterator<Item = usize> + 't {
    let unit = item.unit;
    let scope = tree.element_ref(unit);
    let range = match compiled.selector {
        Some(_) => item.range.clone(),
        None => unit..unit + 1,
    };
    range.filter(move |&i| match (&compiled.selector, tree.element_ref(i)) {
        (Some(selector), Some(element)) => selector.matches_with_scope(&element, scope),
        (None, Some(_)) => true,
        (_, None) => false,
    })
}

fn value(tree: &Tree<'_>, i: usize, compiled: &Compiled<'_>) -> Option<String> {
    let implied = match compiled.key {
        "link" => Some("href"),
        "image" => Some("src"),
        _ => None,
    };
    let text = match compiled.rule.attribute.as_deref().or(implied) {
        Some(name) => tree.attr(i, name)?.trim().to_owned(),
        None => tree.text(tree.extent(i)),
    };
    (!text.is_empty()).then_some(text)
}

/// The words of a rule's value that state a date; a day without a year is completed by the year in a heading above.
fn date(cards: &Cards<'_, '_>, item: &Item, text: &str) -> String {
    if let Some(spot) = dates::all(text).into_iter().next() {
        return text[spot.range].to_owned();
    }
    let year = cards.context.year_over(cards.tree, &item.range);
    year.and_then(|year| dates::partial(text.trim(), &year))
        .map_or_else(|| text.to_owned(), |(_, date)| date)
}

/// Sets the field of `key` to what a rule found, if it found anything.
pub(super) fn set(
    cards: &Cards<'_, '_>,
    item: &Item,
    entry: &mut RawEntry,
    key: &str,
    values: Vec<String>,
) {
    let Some(first) = values.first().cloned() else {
        return;
    };
    let field = match key {
        "title" => {
            entry.title = Some(Text::Plain(first));
            Field::Title
        }
        "link" => {
            entry.url = Some(first);
            Field::Url
        }
        "date" => {
            entry.published = Some(date(cards, item, &first));
            Field::Published
        }
        "summary" => {
            entry.summary = Some(Text::Plain(values.join(" ")));
            Field::Summary
        }
        "tags" => {
            entry.tags = values;
            Field::Tags
        }
        "read_time" => {
            entry.read_time = Some(first);
            Field::ReadMinutes
        }
        "author" => {
            entry.authors = values
                .into_iter()
                .map(|name| RawPerson {
                    name,
                    ..RawPerson::default()
                })
                .collect();
            Field::Authors
        }
        "image" => {
            entry.image = Some(first);
            Field::Image
        }
        _ => return,
    };
    entry.provenance.insert(field, Tier::Select);
}
