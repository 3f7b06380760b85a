//! Who wrote it: names as people write them, never a mail address.

use url::Url;

use super::flat;
use super::text;
use super::url::absolute;

use crate::model::{Person, RawPerson};

/// A name written at such length is not looked at.
const MAX_BYTES: usize = 2048;
/// A name longer than this is a sentence.
const MAX_CHARS: usize = 100;
/// More than these are not authors but a staff page.
const MAX_PEOPLE: usize = 32;

/// The people of `written`, each once; addresses of home pages resolved against `base`.
pub(super) fn people(written: &[RawPerson], base: &Url) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for person in written {
        let Some(name) = name(&person.name) else {
            continue;
        };
        let url = person.url.as_deref().and_then(|url| absolute(url, base));
        if let Some(known) = people.iter_mut().find(|known| known.name == name) {
            known.url = known.url.take().or(url);
        } else if people.len() < MAX_PEOPLE {
            people.push(Person { name, url });
        }
    }
    people
}

/// The name in `written`: `jane@a.example (Jane)` and `Jane <jane@a.example>` are both Jane.
fn name(written: &str) -> Option<String> {
    if written.len() > MAX_BYTES {
        return None;
    }
    let line = text::line(&flat::decoded(written));
    let words: Vec<&str> = line
        .split(' ')
        .filter(|word| !is_mail_address(word))
        .collect();
    let mut name = words.join(" ");
    if let Some(inner) = name
        .strip_prefix('(')
        .and_then(|name| name.strip_suffix(')'))
    {
        name = inner.trim().to_owned();
    }
    let name = strip_by(&name)
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"'));
    let fits = name.chars().count() <= MAX_CHARS && name.chars().any(char::is_alphanumeric);
    // a mail address that no white space sets apart is not published either
    (fits && !name.split(['(', ')', '<', '>', ' ']).any(is_mail_address)).then(|| name.to_owned())
}

fn strip_by(name: &str) -> &str {
    match name.get(..3) {
        Some(by) if by.eq_ignore_ascii_case("by ") => name[3..].trim_start(),
        _ => name,
    }
}

fn is_mail_address(word: &str) -> bool {
    let word = word.trim_matches(|c: char| {
        matches!(
            c,
            '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | '"' | '\''
        )
    });
    let word = word
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
        .map_or(word, |_| &word[7..]);
    word.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && host.contains('.') && !host.starts_with('.') && !local.contains('/')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_name_is_kept_and_the_mail_address_is_not() {
        for written in [
            "jane@blog.example (Jane Doe)",
            "Jane Doe <jane@blog.example>",
            "(Jane Doe)",
            "By Jane Doe",
            " Jane\u{a0} Doe, ",
            "mailto:jane@blog.example Jane Doe",
        ] {
            assert_eq!(name(written).as_deref(), Some("Jane Doe"), "{written}");
        }
        assert_eq!(name("jane@blog.example"), None);
        assert_eq!(name("Jane(jane@blog.example)"), None);
    }

    #[test]
    fn what_was_encoded_twice_is_decoded() {
        for written in ["Smith &amp; Sons", "Smith &amp;amp; Sons", "Smith & Sons"] {
            assert_eq!(name(written).as_deref(), Some("Smith & Sons"));
        }
    }

    #[test]
    fn a_handle_is_a_name() {
        assert_eq!(name("@jane").as_deref(), Some("@jane"));
    }

    #[test]
    fn each_author_is_named_once() {
        let base = Url::parse("https://blog.example/").unwrap();
        let jane = |url: Option<&str>| RawPerson {
            name: "Jane".to_owned(),
            url: url.map(str::to_owned),
            email: Some("jane@blog.example".to_owned()),
        };
        let people = people(&[jane(None), jane(Some("/jane"))], &base);
        assert_eq!(people.len(), 1);
        assert_eq!(
            people[0].url.as_ref().map(Url::as_str),
            Some("https://blog.example/jane")
        );
    }

    proptest! {
        #[test]
        fn no_name_panics(written in any::<String>()) {
            let _ = name(&written);
        }
    }
}
