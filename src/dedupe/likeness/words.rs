//! A text as words: in lower case, characters of scripts without spaces one by one, numbers without their separators.

use std::collections::BTreeSet;

use crate::lexicon::date;
use crate::lexicon::words::{is_letter, is_unspaced, lower};

/// As many words of a text are looked at.
const MAX_WORDS: usize = 6_000;
/// Numbers that titles write out, in the languages in which series are numbered so; lower-case.
const NUMBERS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "first",
    "second", "third", "fourth", "fifth", "eins", "zwei", "drei", "vier", "fünf", "sechs",
    "sieben", "acht", "neun", "zehn", "deux", "trois", "quatre", "cinq", "sept", "huit", "neuf",
    "dix", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "due",
    "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "ii", "iii", "iv", "vi",
    "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xv",
];

/// Words, one after the other in one string.
#[derive(Debug, Default)]
pub(in crate::dedupe) struct Words {
    text: String,
    /// Where each word ends.
    ends: Vec<usize>,
    /// Which of them have digits, by number.
    numbers: Vec<usize>,
}

impl Words {
    pub(in crate::dedupe) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(in crate::dedupe) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        (starts.zip(&self.ends)).map(|(start, end)| &self.text[*start..*end])
    }

    /// The word of that number.
    fn word(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[at]]
    }

    /// Those from number `first` up to `last`, as far as there are any.
    fn around(&self, first: usize, last: usize) -> impl Iterator<Item = &str> {
        (first..last.min(self.len())).map(|at| self.word(at))
    }
}

impl Spell for Words {
    fn letters(&mut self, text: &str) -> usize {
        let count = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let start = self.text.len();
        self.text.push_str(&text[..count]);
        self.text[start..].make_ascii_lowercase();
        count
    }

    fn letter(&mut self, letter: char) {
        lower(letter, |c| self.text.push(c));
    }

    fn digit(&mut self, digit: char) {
        self.text.push(digit);
        if self.numbers.last() != Some(&self.ends.len()) {
            self.numbers.push(self.ends.len());
        }
    }

    fn is_in_number(&self) -> bool {
        let begun = &self.text.as_bytes()[self.ends.last().copied().unwrap_or(0)..];
        begun.last().is_some_and(u8::is_ascii_digit)
    }

    fn end(&mut self) {
        if self.text.len() > self.ends.last().copied().unwrap_or(0) {
            self.ends.push(self.text.len());
        }
    }

    fn count(&self) -> usize {
        self.ends.len()
    }
}

/// What takes words, letter by letter.
pub(super) trait Spell {
    /// The letters of ASCII that `text` begins with, perhaps capital ones; gives how many they are.
    fn letters(&mut self, text: &str) -> usize;
    /// A letter, perhaps a capital one.
    fn letter(&mut self, letter: char);
    /// A digit of ASCII.
    fn digit(&mut self, digit: char);
    /// True if a digit stands last in the word that has not ended.
    fn is_in_number(&self) -> bool;
    /// Ends the word that has begun, if one has.
    fn end(&mut self);
    /// A character of a script without spaces, which is a word.
    fn character(&mut self, character: char) {
        self.end();
        self.letter(character);
        self.end();
    }
    /// How many words have ended.
    fn count(&self) -> usize;
}

/// The words of `text`.
pub(in crate::dedupe) fn words(text: &str) -> Words {
    let mut words = Words {
        text: String::with_capacity(text.len()),
        ends: Vec::with_capacity(text.len() / 5),
        numbers: Vec::new(),
    };
    if spell(text, &mut words) {
        words.end();
    }
    words
}

/// Spells what `text` goes on with; false if there were enough words before its end.
pub(super) fn spell(text: &str, words: &mut impl Spell) -> bool {
    let mut at = 0;
    loop {
        at += words.letters(&text[at..]);
        let Some(c) = text[at..].chars().next() else {
            return true;
        };
        at += c.len_utf8();
        match c {
            ' ' => words.end(),
            '0'..='9' => {
                words.digit(c);
                continue;
            }
            '\'' | '’' | '\u{ad}' => {}
            _ if is_unspaced(c) => words.character(c),
            _ if is_letter(c) => words.letter(c),
            _ => {
                let in_number = matches!(c, '.' | ',' | ':' | '\u{a0}' | '\u{202f}')
                    && words.is_in_number()
                    && text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
                if !in_number {
                    words.end();
                }
            }
        }
        if words.count() >= MAX_WORDS {
            return false;
        }
    }
}

/// How much `words` say, in words: a character of a script without spaces counts half.
pub(super) fn size(words: &Words) -> usize {
    let characters = words
        .iter()
        .filter(|word| !word.as_bytes()[0].is_ascii() && word.chars().all(is_unspaced))
        .count();
    words.len() - characters + characters / 2
}

/// The numbers that a text names, with the months and days of the week beside them.
pub(super) fn numbers(words: &Words) -> BTreeSet<String> {
    let is_number = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    let mut found = BTreeSet::new();
    for &at in &words.numbers {
        found.insert(
            words
                .word(at)
                .chars()
                .filter(char::is_ascii_digit)
                .collect(),
        );
        // short ones are words of their own: may, mar, sun
        found.extend(
            (words.around(at.saturating_sub(2), at + 3))
                .filter(|word| word.len() > 3 && !is_number(word) && date::is_calendar_word(word))
                .map(str::to_owned),
        );
    }
    found
}

/// The same of a title, which may also write numbers out.
pub(in crate::dedupe) fn title_numbers(words: &Words) -> BTreeSet<String> {
    let mut found = numbers(words);
    found.extend(
        words
            .iter()
            .filter(|word| NUMBERS.contains(word) || date::is_calendar_word(word))
            .map(str::to_owned),
    );
    let mut han = String::new();
    for word in words.iter().chain([""]) {
        if "一二三四五六七八九十百".contains(word) && !word.is_empty() {
            han.push_str(word);
        } else if !han.is_empty() {
            found.insert(std::mem::take(&mut han));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_lower_case_and_characters_stand_alone() {
        let of = |text: &str| words(text).iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            of("It’s Über-all: 4.200 kWh, 7. x"),
            ["its", "über", "all", "4200", "kwh", "7", "x"]
        );
        assert_eq!(of("秋茶 x"), ["秋", "茶", "x"]);
        assert_eq!(size(&words("秋茶上市 one two")), 4);
    }

    #[test]
    fn the_number_of_an_issue_is_found_however_it_is_written() {
        let of = |title: &str| title_numbers(&words(title)).into_iter().collect::<Vec<_>>();
        assert_eq!(of("Ferrule 1.4.0 released"), ["140"]);
        assert_eq!(of("Part two"), ["two"]);
        assert_eq!(of("Bericht vom 7. Oktober"), ["7", "oktober"]);
        assert_eq!(of("十一月号"), ["十一"]);
        assert_eq!(of("How I left"), Vec::<String>::new());
    }

    #[test]
    fn a_text_names_numbers_in_figures_and_months() {
        let of = |text: &str| numbers(&words(text)).into_iter().collect::<Vec<_>>();
        assert_eq!(
            of("We may meet on 5 March at 18:30, you two"),
            ["1830", "5", "march"]
        );
    }
}
