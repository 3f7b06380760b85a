//! States whose values are written once and referred to by number or marked with their type → plain values: devalue
//! (Nuxt 3, SvelteKit), turbo-stream (Remix, React Router), and the properties of an Astro island.

use super::value::Value;

/// Containers within containers that are followed; a state may refer to itself.
const MAX_DEPTH: usize = 24;
/// Values that one state may grow to.
const MAX_VALUES: usize = 200_000;

/// The value that a list in devalue's form stands for; `None` if it is none.
pub(super) fn devalue(value: &Value) -> Option<Value> {
    let Value::List(table) = value else {
        return None;
    };
    let indexed = |value: &Value| match value {
        Value::Object(members) => {
            !members.is_empty() && members.iter().all(|(_, v)| v.as_index().is_some())
        }
        Value::List(elements) => match elements.as_slice() {
            [Value::Text(kind), ..] => is_wrapper(kind),
            [] => false,
            elements => elements.iter().all(|v| v.as_index().is_some()),
        },
        _ => false,
    };
    if table.len() < 2 || !indexed(&table[0]) {
        return None;
    }
    // a list of objects of numbers is just that
    if table
        .iter()
        .all(|value| value.is_object() && indexed(value))
    {
        return None;
    }
    Some(Table::new(table, false).at(0, 0))
}

/// The value that a list in the form of a turbo-stream stands for.
pub(super) fn turbo_stream(value: &Value) -> Option<Value> {
    match value {
        Value::List(table) if !table.is_empty() => Some(Table::new(table, true).at(0, 0)),
        _ => None,
    }
}

/// Types that stand for the value they hold.
fn is_wrapper(kind: &str) -> bool {
    matches!(
        kind,
        "Reactive"
            | "ShallowReactive"
            | "Ref"
            | "ShallowRef"
            | "EmptyRef"
            | "EmptyShallowRef"
            | "Date"
            | "Set"
            | "Map"
            | "Object"
            | "null"
    )
}

struct Table<'v> {
    values: &'v [Value],
    /// True if the names of members are numbers too (`"_4": 5`).
    names: bool,
    left: usize,
}

impl<'v> Table<'v> {
    fn new(values: &'v [Value], names: bool) -> Self {
        Self {
            values,
            names,
            left: MAX_VALUES,
        }
    }

    /// The value of a number; `Null` for those that stand for nothing.
    fn at(&mut self, index: i64, depth: usize) -> Value {
        let value = usize::try_from(index)
            .ok()
            .and_then(|index| self.values.get(index));
        let Some(value) = value.filter(|_| self.left > 0 && depth < MAX_DEPTH) else {
            return Value::Null;
        };
        self.left -= 1;
        match value {
            Value::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, value)| (self.name(name), self.of(value, depth)));
                Value::Object(members.collect())
            }
            Value::List(elements) => match elements.as_slice() {
                [Value::Text(kind), rest @ ..] => self.typed(kind, rest, depth),
                elements => {
                    Value::List(elements.iter().map(|value| self.of(value, depth)).collect())
                }
            },
            // a text of a state is long at most once
            Value::Text(text) => {
                self.left = self.left.saturating_sub(text.len() / 64);
                value.clone()
            }
            value => value.clone(),
        }
    }

    fn of(&mut self, value: &Value, depth: usize) -> Value {
        match value.as_index() {
            Some(index) => self.at(index, depth + 1),
            None if value.is_container() => Value::Null,
            None => value.clone(),
        }
    }

    fn name(&self, name: &str) -> String {
        let index = name.strip_prefix('_').filter(|_| self.names);
        let index = index.and_then(|index| index.parse::<usize>().ok());
        match index.and_then(|index| self.values.get(index)) {
            Some(Value::Text(name)) => name.clone(),
            _ => name.to_owned(),
        }
    }

    fn typed(&mut self, kind: &str, rest: &[Value], depth: usize) -> Value {
        match (kind, rest) {
            ("Set", values) => {
                Value::List(values.iter().map(|value| self.of(value, depth)).collect())
            }
            ("Map", pairs) => {
                let pairs = pairs.as_chunks::<2>().0.iter();
                Value::List(pairs.map(|[_, value]| self.of(value, depth)).collect())
            }
            ("null", pairs) => {
                let pairs = pairs.as_chunks::<2>().0.iter();
                let members = pairs.filter_map(|[name, value]| {
                    Some((name.as_text()?.to_owned(), self.of(value, depth)))
                });
                Value::Object(members.collect())
            }
            // these hold the value itself, and not its number
            ("Date" | "URL" | "BigInt" | "D" | "U" | "B", [value, ..]) => value.clone(),
            (_, [value, ..]) => self.of(value, depth),
            (_, []) => Value::Null,
        }
    }
}

/// The properties of an Astro island: each value is a pair of its type and itself.
pub(super) fn island(value: &Value) -> Option<Value> {
    let Value::Object(members) = value else {
        return None;
    };
    let members = members
        .iter()
        .map(|(name, pair)| Some((name.clone(), unpaired(pair)?)));
    members.collect::<Option<Vec<_>>>().map(Value::Object)
}

/// `[0, value]` is a plain value or an object of pairs, `[1, …]`, `[4, …]` and `[5, …]` lists of pairs, the rest texts.
fn unpaired(pair: &Value) -> Option<Value> {
    let Value::List(pair) = pair else { return None };
    let (kind, value) = match pair.as_slice() {
        [kind] => (kind.as_index()?, &Value::Null),
        [kind, value] => (kind.as_index()?, value),
        _ => return None,
    };
    match (kind, value) {
        (1 | 4 | 5, Value::List(elements)) => elements
            .iter()
            .map(unpaired)
            .collect::<Option<Vec<_>>>()
            .map(Value::List),
        (0, Value::Object(_)) => island(value),
        _ => Some(value.clone()),
    }
}
