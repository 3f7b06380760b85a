//! The words that programs see, for people.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// The word that stands for a value in JSON, with spaces.
pub(super) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        _ => String::new(),
    }
}

/// A point in time, to the minute.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}
