//! Entry → what stands in each of its fields, as written, for an explanation.

use crate::model::{Field, FieldTrace, Lost, RawEntry, Text};

/// All fields, in the order in which a reader asks for them.
pub(super) const FIELDS: [Field; 11] = [
    Field::Url,
    Field::Title,
    Field::Published,
    Field::Updated,
    Field::Summary,
    Field::Content,
    Field::Tags,
    Field::ReadMinutes,
    Field::Authors,
    Field::Language,
    Field::Image,
];

/// Longer texts are cut.
const MAX_CHARS: usize = 100;

/// What stands in a field, on one line, whole; lists are joined by commas.
pub(super) fn value(entry: &RawEntry, field: Field) -> Option<String> {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.as_str().to_owned());
    let list = |list: Vec<&str>| (!list.is_empty()).then(|| list.join(", "));
    match field {
        Field::Url => entry.url.clone(),
        Field::Title => text(&entry.title),
        Field::Published => entry.published.clone(),
        Field::Updated => entry.updated.clone(),
        Field::Summary => text(&entry.summary),
        Field::Content => text(&entry.content),
        Field::Tags => list(entry.tags.iter().map(String::as_str).collect()),
        Field::ReadMinutes => entry.read_time.clone(),
        Field::Authors => list(entry.authors.iter().map(|a| a.name.as_str()).collect()),
        Field::Language => entry.language.clone(),
        Field::Image => entry.image.clone(),
    }
}

/// The trace of a field; `None` if it is empty and nothing was found for it.
pub(super) fn field(
    entry: &RawEntry,
    field: Field,
    at: Option<String>,
    lost: Vec<Lost>,
) -> Option<FieldTrace> {
    let found = value(entry, field).map(|found| cut(&found));
    (found.is_some() || !lost.is_empty()).then(|| FieldTrace {
        field,
        tier: found
            .as_ref()
            .and_then(|_| entry.provenance.get(&field).copied()),
        at: found.as_ref().and(at),
        found,
        lost,
    })
}

/// What names an entry: its title, else its address or id.
pub(super) fn name(entry: &RawEntry) -> String {
    let named = value(entry, Field::Title)
        .or_else(|| entry.url.clone())
        .or_else(|| entry.id.clone());
    cut(&named.unwrap_or_default())
}

/// `text` on one line, its end left out where it is long.
pub(super) fn cut(text: &str) -> String {
    cut_to(text, MAX_CHARS)
}

/// The same, cut after so many characters.
pub(super) fn cut_to(text: &str, max_chars: usize) -> String {
    // white space of a body is not read to its end
    let mut out = String::new();
    let mut chars = 0;
    for word in text.split_whitespace() {
        let gap = usize::from(!out.is_empty());
        let length = word.chars().count();
        if chars + gap + length > max_chars {
            if out.is_empty() {
                out.extend(word.chars().take(max_chars));
            }
            out.push('…');
            break;
        }
        if gap == 1 {
            out.push(' ');
        }
        out.push_str(word);
        chars += gap + length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_in_dots_between_words() {
        let text = "Tide  and\ntime ".repeat(20);
        let cut = cut(&text);
        assert!(cut.starts_with("Tide and time Tide"), "{cut}");
        assert!(
            cut.ends_with("…") && cut.chars().count() <= MAX_CHARS + 1,
            "{cut}"
        );
        assert_eq!(super::cut("a  short\none "), "a short one");
    }

    #[test]
    fn one_word_without_an_end_is_cut_too() {
        assert_eq!(cut(&"x".repeat(5000)).chars().count(), MAX_CHARS + 1);
    }
}
