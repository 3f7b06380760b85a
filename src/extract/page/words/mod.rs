//! Small word lists by which the parts of an item are told apart, in the languages of the web, and how much a text says.

mod calls;
mod labels;
mod weight;

use std::collections::HashMap;

pub(super) use calls::{
    is_call, is_counter, is_invitation, says_read, without_label_prefix, without_trailing_call,
};
pub(super) use labels::{
    Expects, are_labels, by_line, expects, is_badge, is_format, is_label, is_more, is_name,
    is_related, is_word_of_two, name_and_subject, says_updated, title_label, without_excerpt_label,
    without_trailing_label,
};
pub(super) use weight::{title_weight, weight};

/// No call, label or counter is longer: prose need not be looked up.
const LONGEST_CALL_BYTES: usize = 240;

/// No phrase that is looked up as a whole has more characters.
const LONGEST_PHRASE: usize = 50;

/// The phrases of a list: one string a language, parted by bars.
fn phrases(list: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    list.iter().flat_map(|language| language.split('|'))
}

/// The phrases of a list by their first character, to try those alone that may begin a text.
struct Openings(HashMap<char, Vec<&'static str>>);

impl Openings {
    fn new(list: &'static [&'static str]) -> Self {
        let mut by_first: HashMap<char, Vec<&'static str>> = HashMap::new();
        for phrase in phrases(list) {
            by_first
                .entry(phrase.chars().next().unwrap_or(' '))
                .or_default()
                .push(phrase);
        }
        Self(by_first)
    }

    /// The phrases that begin `text` (lower-case).
    fn of<'s, 't: 's>(&'s self, text: &'t str) -> impl Iterator<Item = &'static str> + 's {
        let first = text.chars().next().unwrap_or(' ');
        let of_first = self.0.get(&first).into_iter().flatten();
        of_first
            .copied()
            .filter(move |phrase| text.starts_with(phrase))
    }
}

/// `text` without signs at its ends.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// True if `text` has more than `most` characters.
fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().nth(most).is_some()
}

/// True if `text` has more than `most` words.
fn has_more_words(text: &str, most: usize) -> bool {
    text.split_whitespace().nth(most).is_some()
}
