//! The React flight payload → its rows. A row is `id:value`; values refer to other rows by `$id` (`$L…` for a component
//! that comes later), and to parts of them by a path behind it.

use std::collections::HashMap;

use super::literal::{self, Budget};
use super::value::Value;

/// References that are followed one after the other.
const MAX_HOPS: usize = 4;

/// The rows of a payload, by number.
#[derive(Debug, Default)]
pub(super) struct Flight {
    rows: HashMap<u32, Value>,
    /// In the order written.
    order: Vec<u32>,
}

impl Flight {
    /// Reads a payload as the page's scripts spell it, all pieces in one.
    pub(super) fn new(payload: &str, budget: &mut Budget) -> Self {
        let mut flight = Self::default();
        let mut at = 0;
        while at < payload.len() {
            let Some((id, behind)) = row_start(payload, at) else {
                at = line_end(payload, at);
                continue;
            };
            let rest = &payload[behind..];
            if rest.starts_with('T')
                && let Some((text, end)) = long_text(payload, behind + 1)
            {
                flight.add(id, Value::from(text));
                at = end;
            } else {
                let end = line_end(payload, behind);
                if rest.starts_with(['[', '{', '"']) {
                    flight.add(id, literal::value_at(&payload[..end], behind, budget).0);
                }
                at = end;
            }
        }
        flight
    }

    fn add(&mut self, id: u32, value: Value) {
        if self.rows.insert(id, value).is_none() {
            self.order.push(id);
        }
    }

    /// All rows, in the order written.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, &Value)> {
        let row = |id: &u32| self.rows.get(id).map(|value| (*id, value));
        self.order.iter().filter_map(row)
    }

    /// What `value` stands for: itself, unless it is a reference to a row or a part of one.
    pub(super) fn see<'v>(&'v self, mut value: &'v Value) -> &'v Value {
        for _ in 0..MAX_HOPS {
            let Some(seen) = value.as_text().and_then(|text| self.target(text)) else {
                return value;
            };
            value = seen;
        }
        &Value::Null
    }

    fn target(&self, reference: &str) -> Option<&Value> {
        let path = reference.strip_prefix('$')?;
        let path = path.strip_prefix(['L', '@', 'Q', 'W']).unwrap_or(path);
        let mut path = path.split(':');
        let mut value = self
            .rows
            .get(&u32::from_str_radix(path.next()?, 16).ok()?)?;
        for step in path {
            value = match value {
                // an element is written ["$", type, key, props]
                Value::List(element) if step == "props" => element.get(3)?,
                Value::List(elements) => elements.get(step.parse::<usize>().ok()?)?,
                value => value.get(step)?,
            };
        }
        Some(value)
    }
}

/// The number of the row that starts at `at`, and where its value starts.
fn row_start(payload: &str, at: usize) -> Option<(u32, usize)> {
    let digits = payload[at..]
        .bytes()
        .take_while(u8::is_ascii_hexdigit)
        .take(8)
        .count();
    let id = u32::from_str_radix(&payload[at..at + digits], 16).ok()?;
    let colon = payload.as_bytes().get(at + digits) == Some(&b':');
    colon.then_some((id, at + digits + 1))
}

/// Behind the next line break.
fn line_end(payload: &str, at: usize) -> usize {
    payload[at..]
        .find('\n')
        .map_or(payload.len(), |end| at + end + 1)
}

/// A text of stated length in bytes, `1f,…`, and where it ends.
fn long_text(payload: &str, at: usize) -> Option<(&str, usize)> {
    let comma = at + payload[at..].bytes().take(9).position(|b| b == b',')?;
    let length = usize::from_str_radix(&payload[at..comma], 16).ok()?;
    let end = payload.floor_char_boundary((comma + 1).checked_add(length)?);
    Some((&payload[comma + 1..end], end))
}
