//! Rules of `[source.select]` → items and fields. A written rule wins over everything found otherwise; one that fits
//! nothing at all is an error, never a blank.

use scraper::{ElementRef, Selector};

use super::dates;
use super::error::PageError;
use super::flat;
use super::item::Item;
use super::links::Links;
use super::title;
use super::tree::{Tree, collapse};
use super::words;
use crate::model::{Field, FieldRule, RawEntry, RawPerson, Text, Tier, Wrapper};

/// Checks the selector of a rule.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_rule(rule: &FieldRule) -> Result<(), String> {
    if rule.selector.is_empty() {
        return Ok(());
    }
    Selector::parse(&rule.selector)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

/// A rule with its key and compiled selector; `None`: the item itself.
struct Compiled<'r> {
    key: &'static str,
    rule: &'r FieldRule,
    selector: Option<Selector>,
}

fn compile<'r>(key: &'static str, rule: &'r FieldRule) -> Result<Compiled<'r>, PageError> {
    let selector = if rule.selector.is_empty() {
        None
    } else {
        let bad = |why: String| PageError::BadSelector {
            key,
            selector: rule.selector.clone(),
            why,
        };
        Some(Selector::parse(&rule.selector).map_err(|error| bad(error.to_string()))?)
    };
    Ok(Compiled {
        key,
        rule,
        selector,
    })
}

/// The items that the `item` rule selects.
///
/// # Errors
/// [`PageError::BadSelector`] and [`PageError::SelectorMatchedNothing`].
pub(super) fn items(
    tree: &Tree<'_>,
    links: &Links,
    rule: &FieldRule,
) -> Result<Vec<Item>, PageError> {
    let compiled = compile("item", rule)?;
    let Some(selector) = &compiled.selector else {
        return Err(PageError::BadSelector {
            key: "item",
            selector: String::new(),
            why: "it is empty".to_owned(),
        });
    };
    let units = tree.select(selector);
    // an element inside another selected one belongs to it
    let mut outer: Vec<usize> = Vec::new();
    for unit in units {
        if outer
            .last()
            .is_none_or(|&last| unit >= tree.nodes[last].end)
        {
            outer.push(unit);
        }
    }
    if outer.is_empty() {
        return Err(PageError::SelectorMatchedNothing {
            key: "item",
            selector: rule.selector.clone(),
        });
    }
    let mut items: Vec<Item> = outer
        .into_iter()
        .map(|unit| Item {
            range: tree.extent(unit),
            unit,
            target: target(tree, links, unit).unwrap_or(usize::MAX),
        })
        .collect();
    flat::widen(tree, &mut items);
    Ok(items)
}

/// The address that an element given by a rule leads to.
fn target(tree: &Tree<'_>, links: &Links, unit: usize) -> Option<usize> {
    let inside: Vec<(usize, usize)> = tree
        .extent(unit)
        .filter_map(|i| links.at(i))
        .map(|link| (link.node, link.target))
        .collect();
    let headed = inside.iter().find(|(node, _)| {
        tree.extent(*node).any(|i| tree.heading(i) > 0)
            || tree
                .ancestors(*node)
                .take_while(|&a| a >= unit)
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
    tree: &Tree<'_>,
    found: &mut [(Option<Item>, RawEntry)],
    wrapper: &Wrapper,
) -> Result<(), PageError> {
    for (key, rule) in wrapper.rules().filter(|(key, _)| *key != "item") {
        let compiled = compile(key, rule)?;
        let mut any = false;
        for (item, entry) in found.iter_mut() {
            let Some(item) = item else { continue };
            let values = values(tree, item, &compiled);
            any |= !values.is_empty();
            set(entry, key, values);
        }
        if !any {
            return Err(PageError::SelectorMatchedNothing {
                key: compiled.key,
                selector: String::from(rule.clone()),
            });
        }
    }
    Ok(())
}

/// What a rule finds in an item.
fn values(tree: &Tree<'_>, item: &Item, compiled: &Compiled<'_>) -> Vec<String> {
    let Some(selector) = &compiled.selector else {
        return tree
            .element_ref(item.unit)
            .and_then(|element| value(element, compiled))
            .into_iter()
            .collect();
    };
    item.range
        .clone()
        .filter_map(|i| tree.element_ref(i))
        .filter(|element| selector.matches_with_scope(element, tree.element_ref(item.unit)))
        .filter_map(|element| value(element, compiled))
        .collect()
}

fn value(element: ElementRef<'_>, compiled: &Compiled<'_>) -> Option<String> {
    let implied = match compiled.key {
        "link" => Some("href"),
        "image" => Some("src"),
        _ => None,
    };
    let text = match compiled.rule.attribute.as_deref().or(implied) {
        Some(name) => element.attr(name)?.trim().to_owned(),
        None => collapse(&element.text().collect::<Vec<_>>().join(" ")),
    };
    (!text.is_empty()).then_some(text)
}

fn set(entry: &mut RawEntry, key: &str, values: Vec<String>) {
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
            let spot = dates::all(&first).into_iter().next();
            entry.published = Some(spot.map_or(first.clone(), |spot| first[spot.range].to_owned()));
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
