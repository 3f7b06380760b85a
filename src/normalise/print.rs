//! The fingerprint of what a reader would notice.

use crate::lexicon::noise;
use crate::model::Print;

/// The print of an entry: title, summary and the plain text of its content. White space, the query strings of addresses in
/// the text, and what changes though nobody edits it ([`noise`]) do not count; markup and the addresses of images are not in
/// it.
pub(super) fn print(title: &str, summary: Option<&str>, content: Option<&str>) -> Print {
    let mut hasher = blake3::Hasher::new();
    let title = noise::ending(title).map_or(title, |count| &title[..count.start]);
    for part in [Some(title), summary, content] {
        let letters = letters(part.unwrap_or_default());
        // the length keeps the parts apart
        hasher.update(&(letters.len() as u64).to_le_bytes());
        hasher.update(&letters);
    }
    let mut print = [0; 16];
    print.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Print(print)
}

/// `text`, which is one line, without white space and noise, and without the query of each address in it.
fn letters(text: &str) -> Vec<u8> {
    let noise = noise::find(text);
    if noise.is_empty() {
        return packed(text);
    }
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for range in noise {
        rest.push_str(&text[at..range.start]);
        at = range.end;
    }
    rest.push_str(&text[at..]);
    packed(&rest)
}

/// `text` without white space, and without the query of each address in it.
fn packed(text: &str) -> Vec<u8> {
    if text.contains("://") {
        let word = |word: &str| {
            let query = word.find('?').filter(|_| word.contains("://"));
            word[..query.unwrap_or(word.len())].to_owned()
        };
        return text
            .split_whitespace()
            .flat_map(|it| word(it).into_bytes())
            .collect();
    }
    // without a branch a byte: this is done to all that is read
    let mut letters = vec![0; text.len()];
    let mut kept = 0;
    for byte in text.bytes() {
        letters[kept] = byte;
        kept += usize::from(!byte.is_ascii_whitespace());
    }
    letters.truncate(kept);
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_does_not_count() {
        let a = print("A title", None, Some("one two"));
        let b = print("A  title", None, Some("one\ntwo "));
        assert_eq!(a, b);
    }

    #[test]
    fn the_query_of_an_address_in_the_text_does_not_count() {
        let a = print("A title", Some("See https://a.example/b?session=1"), None);
        let b = print("A title", Some("See https://a.example/b?session=2"), None);
        assert_eq!(a, b);
    }

    #[test]
    fn counts_and_ages_do_not_count() {
        let at = |n: u32| {
            let text = format!("The lamp is lit. {n} comments, {n} min ago");
            print(&format!("A title ({n})"), Some(&text), Some(&text))
        };
        assert_eq!(at(3), at(12));
        assert_ne!(at(3), print("A title", Some("The lamp is out."), None));
    }

    #[test]
    fn each_word_counts_and_its_place() {
        let one = print("A title", Some("one"), None);
        assert_ne!(one, print("A title", Some("two"), None));
        assert_ne!(one, print("A title", None, Some("one")));
        assert_ne!(one, print("A titleone", None, None));
    }
}
