//! One entry of a page → where each of its fields came from, and what was found beside it and lost.

use super::super::cards::Cards;
use super::super::dates;
use super::super::item::Item;
use super::super::parts::is_updated_element;
use super::super::structured::Record;
use super::super::words;
use super::place;
use crate::extract::trace;
use crate::model::{EntryTrace, Field, LossReason, Lost, RawEntry, Tier, Wrapper};

/// So many values that lost are told of one field.
const MOST_LOST: usize = 4;

/// One entry and what is known of how it came about.
pub(super) struct Reading<'r, 'a> {
    pub(super) cards: &'r Cards<'r, 'a>,
    /// Where it stands; `None` for entries of machine data.
    pub(super) item: Option<&'r Item>,
    /// As it was before any rule.
    pub(super) before: &'r RawEntry,
    /// As it is.
    pub(super) entry: &'r RawEntry,
    /// What machine data says of the same address.
    pub(super) record: Option<&'r Record>,
    /// The rules that were heeded.
    pub(super) rules: Option<&'r Wrapper>,
}

impl Reading<'_, '_> {
    /// Tells all fields.
    pub(super) fn trace(&self) -> EntryTrace {
        let tree = self.cards.tree;
        let field = |field: Field| {
            let tier = self.entry.provenance.get(&field);
            let at = match tier {
                Some(Tier::Select) => self.rule(field),
                Some(Tier::Listing) => self.element(field).map(|node| place::name(tree, node)),
                _ => None,
            };
            trace::field(self.entry, field, at, self.lost(field))
        };
        EntryTrace {
            title: trace::name(self.entry),
            place: self.item.map(|item| place::of(tree, item.unit)),
            fields: trace::FIELDS.into_iter().filter_map(field).collect(),
        }
    }

    fn rule(&self, field: Field) -> Option<String> {
        let key = match field {
            Field::Url => "link",
            Field::Title => "title",
            Field::Published => "date",
            Field::Summary => "summary",
            Field::Tags => "tags",
            Field::ReadMinutes => "read_time",
            Field::Authors => "author",
            Field::Image => "image",
            Field::Updated | Field::Content | Field::Language => return None,
        };
        let mut rules = self.rules?.rules();
        let (_, rule) = rules.find(|(known, _)| *known == key)?;
        Some(format!("select.{key} = \"{}\"", String::from(rule.clone())))
    }

    /// The node that a field of the visible item was read from, where it is known.
    fn element(&self, field: Field) -> Option<usize> {
        let card = self.cards.alone(self.item?);
        match field {
            Field::Url => card.link,
            Field::Title => card
                .title
                .as_ref()
                .filter(|title| !title.nodes.is_empty())
                .map(|title| title.nodes.start),
            Field::Published => card.date_node.filter(|_| card.date == self.entry.published),
            Field::Summary => (!card.summary_nodes.is_empty()).then_some(card.summary_nodes.start),
            _ => None,
        }
    }

    /// What was found for a field and not taken.
    fn lost(&self, field: Field) -> Vec<Lost> {
        let mut lost = Vec::new();
        let value = trace::value(self.entry, field);
        if self.entry.provenance.get(&field) == Some(&Tier::Select)
            && let Some(found) = trace::value(self.before, field)
            && Some(&found) != value.as_ref()
        {
            lost.push(Lost {
                found: trace::cut(&found),
                at: "the listing".to_owned(),
                why: LossReason::Rule,
            });
        }
        match (field, self.item) {
            (Field::Published, Some(item)) => self.other_dates(item, &mut lost),
            (Field::Title, Some(item)) => self.other_titles(item, &mut lost),
            _ => {}
        }
        if let (Some(record), Some(value)) = (self.record, value)
            && let Some(found) = contradiction(record, field, &value)
        {
            lost.push(Lost {
                found: trace::cut(&found),
                at: record.form.name().to_owned(),
                why: LossReason::PageWins,
            });
        }
        lost.truncate(MOST_LOST);
        lost
    }

    /// Dates of the item that are not the one taken.
    fn other_dates(&self, item: &Item, lost: &mut Vec<Lost>) {
        let tree = self.cards.tree;
        let taken = self.entry.published.as_deref();
        let is_other = |text: &str| {
            taken.is_some_and(|taken| {
                taken.trim() != text
                    && (dates::day(taken).is_none() || dates::day(taken) != dates::day(text))
            })
        };
        for node in item.range.clone().filter(|&i| tree.name(i) == "time") {
            let updated = is_updated_element(tree, node);
            let shown = tree.text(tree.extent(node));
            let attribute = tree.attr(node, "datetime").map(str::trim);
            if let Some(written) = attribute.filter(|text| dates::is_date(text) && is_other(text)) {
                lost.push(Lost {
                    found: trace::cut(written),
                    at: format!("the datetime of {}", place::name(tree, node)),
                    why: match (updated, shown.is_empty()) {
                        (true, _) => LossReason::Updated,
                        (false, true) => LossReason::NotFirst,
                        (false, false) => LossReason::TextWins,
                    },
                });
            }
            let Some(spot) = dates::all(&shown).into_iter().next() else {
                continue;
            };
            let words = &shown[spot.range.clone()];
            if is_other(words) {
                let relative = spot.relative && attribute == taken;
                lost.push(Lost {
                    found: trace::cut(words),
                    at: place::name(tree, node),
                    why: match (updated, relative) {
                        (true, _) => LossReason::Updated,
                        (false, true) => LossReason::Relative,
                        (false, false) => LossReason::NotFirst,
                    },
                });
            }
        }
    }

    /// Words and attributes of the post's own links that are not its title.
    fn other_titles(&self, item: &Item, lost: &mut Vec<Lost>) {
        let (tree, links) = (self.cards.tree, self.cards.links);
        let Some(taken) = trace::value(self.entry, Field::Title) else {
            return;
        };
        let own = |&i: &usize| links.at(i).is_some_and(|link| link.target == item.target);
        for node in item.range.clone().filter(own) {
            let shown = tree.text(tree.extent(node));
            let said = [
                (Some(shown.as_str()), None),
                (tree.attr(node, "aria-label"), Some("aria-label")),
                (tree.attr(node, "title"), Some("title")),
            ];
            for (words, attribute) in said {
                let Some(words) = words.map(str::trim).filter(|words| !words.is_empty()) else {
                    continue;
                };
                let known = lost.iter().any(|other| other.found == trace::cut(words));
                // a whole card holds its title
                if known || folded(words).contains(&folded(&taken)) {
                    continue;
                }
                let name = place::name(tree, node);
                let calls = words::is_call(words) || words::is_invitation(words);
                lost.push(Lost {
                    found: trace::cut(words),
                    at: attribute.map_or(name.clone(), |key| format!("the {key} of {name}")),
                    why: match (calls, attribute) {
                        (true, _) => LossReason::Invitation,
                        (false, Some(_)) => LossReason::TextWins,
                        (false, None) => LossReason::BetterElement,
                    },
                });
            }
        }
    }
}

/// What a record says of a field, where it is not what was taken.
fn contradiction(record: &Record, field: Field, taken: &str) -> Option<String> {
    let other = |said: &Option<String>, same: &dyn Fn(&str) -> bool| {
        said.clone().filter(|said| !same(said))
    };
    let list = |said: &[String]| {
        let taken = folded(taken);
        let other: Vec<&str> = said
            .iter()
            .filter(|word| !taken.contains(&folded(word)))
            .map(String::as_str)
            .collect();
        (!other.is_empty()).then(|| other.join(", "))
    };
    let same_day = |said: &str| match (dates::day(said), dates::day(taken)) {
        (Some(said), Some(taken)) => said == taken,
        _ => said == taken,
    };
    // an excerpt is cut where it suits the page
    let same_start = |said: &str| {
        let (said, taken) = (folded(said), folded(taken));
        let shorter = said.len().min(taken.len());
        shorter > 0 && said.as_bytes()[..shorter] == taken.as_bytes()[..shorter]
    };
    match field {
        Field::Title => other(&record.title, &|said| folded(said) == folded(taken)),
        Field::Published => other(&record.published, &same_day),
        Field::Updated => other(&record.updated, &same_day),
        Field::Summary => other(&record.summary, &same_start),
        Field::Tags => list(&record.tags),
        Field::Authors => list(&record.authors),
        _ => None,
    }
}

/// Letters and figures only, in lower case.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
