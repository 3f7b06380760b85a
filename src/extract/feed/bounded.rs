//! JSON of any size → a value of bounded size: what goes beyond the bound is read over and left out. A tree of values takes
//! some eighty times the room of its text, so a small document could otherwise take all memory.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How many values a document may hold, lists and objects among them.
const MAX_VALUES: usize = 200_000;

/// The first value of `text`, whatever stands behind it; with whether some of it was left out.
pub(super) fn first_value(text: &str) -> serde_json::Result<(Value, bool)> {
    let left = Cell::new(MAX_VALUES);
    let value = Bounded(&left).deserialize(&mut serde_json::Deserializer::from_str(text))?;
    Ok((value.unwrap_or_default(), left.get() == 0))
}

#[derive(Clone, Copy)]
struct Bounded<'a>(&'a Cell<usize>);

impl Bounded<'_> {
    /// Takes one value's room; `false` if there is none.
    fn take(self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    /// `None`: left out.
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        if self.take() {
            deserializer.deserialize_any(self).map(Some)
        } else {
            deserializer
                .deserialize_ignored_any(IgnoredAny)
                .map(|_| None)
        }
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.extend(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            let value = object.next_value_seed(self)?;
            values.extend(value.map(|value| (key, value)));
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_serde_json_makes_of_it_and_what_follows_is_left() {
        let text = r#"{"a":[1,-2,0.5,true,null,"x\u00e9"],"b":{"c":{}},"a2":[]} rubbish"#;
        let whole: Value = serde_json::from_str(text.trim_end_matches(" rubbish")).unwrap();
        assert_eq!(first_value(text).unwrap(), (whole, false));
    }

    #[test]
    fn values_beyond_the_bound_are_left_out() {
        let text = format!("[{}1]", r#"{"a":1},"#.repeat(MAX_VALUES));
        let (value, cut) = first_value(&text).unwrap();
        assert!(cut);
        assert_eq!(value.as_array().unwrap().len(), MAX_VALUES / 2);
    }
}
