//! Data out of a page's scripts and markup, whatever notation it stood in. Objects keep their order: it is the page's.

/// One value of JSON, of a JavaScript literal, or of markup read as such.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value {
    /// `null`, `undefined`, and whatever is no data.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Names and values, in the order written.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The value of `name` in an object; the last where a name stands twice, as in JSON.parse.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let found = self.members().iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value)
    }

    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list; none of anything else.
    pub(super) fn elements(&self) -> &[Value] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    /// The names and values of an object; none of anything else.
    pub(super) fn members(&self) -> &[(String, Value)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// True for an object.
    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// True for a list or an object.
    pub(super) fn is_container(&self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_))
    }

    /// The whole number that an index is, if it is one; negative ones stand for special values.
    pub(super) fn as_index(&self) -> Option<i64> {
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a whole number within the bounds"
            )]
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e9 => {
                Some(*number as i64)
            }
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
