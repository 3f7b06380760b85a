//! Page state that scripts start from → lists of posts. There is no vocabulary: a list of posts is a list of objects that
//! have a title, an address or a slug, and a date or an excerpt, under a name that does not say otherwise.

mod keys;
mod post;

use std::collections::HashMap;

use super::flight::Flight;
use super::record::{Form, List, Record};
use super::value::Value;
use post::Seer;

/// Nesting that is followed.
const MAX_DEPTH: usize = 40;
/// Lists that are kept of one page.
const MAX_LISTS: usize = 200;

/// The lists of posts in the states of a page, in page order.
pub(super) fn read(states: &[Value], flight: &Flight) -> Vec<List> {
    let mut entities = HashMap::new();
    for state in states {
        collect_entities(state, &mut entities, 0);
    }
    let mut walker = Walker {
        seer: Seer {
            flight,
            entities: &entities,
        },
        path: String::new(),
        lists: Vec::new(),
        singles: Vec::new(),
    };
    for (number, state) in states.iter().enumerate() {
        walker.path = format!("state{number}");
        walker.walk(state, 0);
    }
    for (id, row) in flight.rows() {
        walker.path = format!("row{id}");
        walker.walk(row, 0);
    }
    walker.lists()
}

/// Collects the objects of the caches in a state, in which objects refer to each other by name (Apollo).
fn collect_entities<'v>(
    value: &'v Value,
    entities: &mut HashMap<&'v str, &'v Value>,
    depth: usize,
) {
    if depth > MAX_DEPTH {
        return;
    }
    let is_cache = value.get("ROOT_QUERY").is_some();
    for (name, member) in value.members() {
        if is_cache {
            entities.insert(name, member);
        } else {
            collect_entities(member, entities, depth + 1);
        }
    }
    for element in value.elements() {
        collect_entities(element, entities, depth + 1);
    }
}

struct Named {
    path: String,
    explicit: bool,
    records: Vec<Record>,
}

struct Walker<'v> {
    seer: Seer<'v>,
    /// Names from the root to here; what only numbers or groups is a `*`.
    path: String,
    lists: Vec<Named>,
    /// Featured posts that stand beside a list, with the path of what holds them.
    singles: Vec<(String, Record)>,
}

impl<'v> Walker<'v> {
    fn walk(&mut self, value: &'v Value, depth: usize) {
        if depth > MAX_DEPTH || self.lists.len() >= MAX_LISTS {
            return;
        }
        match value {
            Value::List(elements) => {
                self.list(elements.iter().collect());
                self.step("*", |walker| {
                    for element in elements {
                        walker.walk(element, depth + 1);
                    }
                });
            }
            Value::Object(members) => {
                let values: Vec<&Value> = members.iter().map(|(_, value)| value).collect();
                // objects by id, as stores keep them
                if values.len() > 1
                    && values.iter().filter(|value| value.is_object()).count() * 10
                        >= values.len() * 8
                {
                    self.step("*", |walker| walker.list(values));
                }
                for (name, value) in members {
                    if !value.is_container() || keys::leads_away(name) {
                        continue;
                    }
                    let step = if keys::is_group(name) { "*" } else { name };
                    self.single(name, value);
                    self.step(step, |walker| walker.walk(value, depth + 1));
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, name: &str, walk: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('.');
        self.path.push_str(name);
        walk(self);
        self.path.truncate(length);
    }

    fn list(&mut self, elements: Vec<&'v Value>) {
        let kind = keys::kind(&self.path);
        if kind == keys::Kind::Other || elements.is_empty() {
            return;
        }
        let seer = self.seer;
        let objects = elements.into_iter().map(|element| seer.see(element));
        let (mut count, mut others, mut records) = (0, 0, Vec::new());
        for object in objects.filter(|object| object.is_object()) {
            count += 1;
            let Some(record) = post::record(seer, object) else {
                continue;
            };
            if post::is_withheld(seer, object) {
                count -= 1;
                continue;
            }
            others += usize::from(post::is_other(object));
            records.push(record);
        }
        let share = |part: usize| part * 2 >= records.len();
        let dated = records
            .iter()
            .filter(|record| record.published.is_some())
            .count();
        let told = records
            .iter()
            .filter(|r| r.summary.is_some() || r.read_time.is_some() || !r.tags.is_empty())
            .count();
        let posts = kind == keys::Kind::Posts;
        let full = share(dated) || posts && share(told);
        if !records.is_empty() && records.len() * 10 >= count * 6 && full && !share(others) {
            self.lists.push(Named {
                path: self.path.clone(),
                explicit: posts,
                records,
            });
        }
    }

    fn single(&mut self, name: &str, value: &'v Value) {
        let seer = self.seer;
        if keys::is_featured(name)
            && !post::is_withheld(seer, value)
            && !post::is_other(value)
            && let Some(record) = post::record(seer, value)
        {
            self.singles.push((self.path.clone(), record));
        }
    }

    /// The lists that were found: those of one place joined, with the featured post that stands beside them.
    fn lists(self) -> Vec<List> {
        let mut joined: Vec<Named> = Vec::new();
        for list in self.lists {
            let same = |other: &&mut Named| list.path.contains(".*") && other.path == list.path;
            match joined.iter_mut().find(same) {
                Some(other) => other.records.extend(list.records),
                None => joined.push(list),
            }
        }
        let list = |mut list: Named| {
            let path = format!("{}.", list.path);
            let holds = |holder: &str| {
                path.strip_prefix(holder)
                    .is_some_and(|rest| rest.starts_with('.'))
            };
            let beside = self.singles.iter().filter(|(holder, _)| holds(holder));
            for (_, record) in beside {
                if !list.records.iter().any(|other| other.title == record.title) {
                    list.records.insert(0, record.clone());
                }
            }
            List {
                records: list.records,
                form: Form::State,
                explicit: list.explicit,
            }
        };
        joined.into_iter().map(list).collect()
    }
}
