//! The fingerprint of what a reader would notice.

use crate::lexicon::noise;
use crate::model::Print;

/// The print of an entry: title, summary and the plain text of its content. White space, the query strings of addresses in
/// the text, and what changes though nobody edits it ([`noise`]) do not count; markup and the addresses of images are not in
/// it.
pub(super) fn print(title: &str, summary: Option<&str>, content: Option<&str>) -> Print {
    let title = noise::ending(title).map_or(title, |count| &title[..count.start]);
    let parts = [
        title,
        summary.unwrap_or_default(),
        content.unwrap_or_default(),
    ];
    // one piece is hashed quicker than many
    let mut noticed = Vec::with_capacity(parts.iter().map(|part| LENGTH + part.len()).sum());
    for part in parts {
        let start = noticed.len() + LENGTH;
        noticed.resize(start, 0);
        push_letters(part, &mut noticed);
        // the length keeps the parts apart
        let length = (noticed.len() - start) as u64;
        noticed[start - LENGTH..start].copy_from_slice(&length.to_le_bytes());
    }
    let mut print = [0; 16];
    print.copy_from_slice(&blake3::hash(&noticed).as_bytes()[..16]);
    Print(print)
}

/// What a length takes, bytes.
const LENGTH: usize = size_of::<u64>();

/// Adds `text`, which is one line, without white space and noise, and without the query of each address in it.
fn push_letters(text: &str, letters: &mut Vec<u8>) {
    let noise = noise::find(text);
    if noise.is_empty() {
        return push_packed(text, letters);
    }
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for range in noise {
        rest.push_str(&text[at..range.start]);
        at = range.end;
    }
    rest.push_str(&text[at..]);
    push_packed(&rest, letters);
}

/// Adds `text`, which is one line, without white space, and without the query of each address in it.
fn push_packed(text: &str, letters: &mut Vec<u8>) {
    if text.contains("://") {
        for word in text.split_whitespace() {
            let query = word.find('?').filter(|_| word.contains("://"));
            letters.extend_from_slice(&word.as_bytes()[..query.unwrap_or(word.len())]);
        }
        return;
    }
    // without a branch a byte: this is done to all that is read
    let start = letters.len();
    letters.resize(start + text.len(), 0);
    let room = &mut letters[start..];
    let mut kept = 0;
    for byte in text.bytes() {
        room[kept] = byte;
        kept += usize::from(!byte.is_ascii_whitespace());
    }
    letters.truncate(start + kept);
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
