//! A text as words: in lower case, characters of scripts without spaces one by one, numbers without their separators.

use std::collections::BTreeSet;

use crate::lexicon::date;
use crate::lexicon::words::is_unspaced;

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

/// The words of `text`.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let in_number = matches!(c, '.' | ',' | ':' | '\'' | '’' | '\u{a0}' | '\u{202f}')
            && word.ends_with(|c: char| c.is_ascii_digit())
            && characters.peek().is_some_and(char::is_ascii_digit);
        if c.is_alphanumeric() && !is_unspaced(c) {
            word.extend(c.to_lowercase());
        } else if !in_number && !matches!(c, '\'' | '’' | '\u{ad}') {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if is_unspaced(c) {
                words.push(c.to_string());
            }
        }
        if words.len() >= MAX_WORDS {
            return words;
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// How much `words` say, in words: a character of a script without spaces counts half.
pub(super) fn size(words: &[String]) -> usize {
    let characters = words
        .iter()
        .filter(|word| word.chars().next().is_some_and(is_unspaced))
        .count();
    words.len() - characters + characters / 2
}

/// The numbers that a text names, with the months and days of the week beside them.
pub(super) fn numbers(words: &[String]) -> BTreeSet<String> {
    let is_number = |word: &String| word.contains(|c: char| c.is_ascii_digit());
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| is_number(word)) {
        found.insert(word.chars().filter(char::is_ascii_digit).collect());
        // short ones are words of their own: may, mar, sun
        let around = at.saturating_sub(2)..(at + 3).min(words.len());
        found.extend(
            (words[around].iter())
                .filter(|word| word.len() > 3 && !is_number(word) && date::is_calendar_word(word))
                .cloned(),
        );
    }
    found
}

/// The same of a title, which may also write numbers out.
pub(super) fn title_numbers(words: &[String]) -> BTreeSet<String> {
    let mut found = numbers(words);
    found.extend(
        words
            .iter()
            .filter(|word| NUMBERS.contains(&word.as_str()) || date::is_calendar_word(word))
            .cloned(),
    );
    let mut han = String::new();
    for word in words.iter().map(String::as_str).chain([""]) {
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
        assert_eq!(
            words("It’s Über-all: 4.200 kWh"),
            ["its", "über", "all", "4200", "kwh"]
        );
        assert_eq!(words("秋茶 x"), ["秋", "茶", "x"]);
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
