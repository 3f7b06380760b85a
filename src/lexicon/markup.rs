//! HTML without a parser: tags that are written to hurt (a parser looks at all attributes of a tag for each further one,
//! HTML §13.2.5.33), and the text of what was sanitised.

use memchr::{memchr, memchr2, memchr3};

/// Where the tokenizer is inside a tag.
#[derive(Clone, Copy)]
#[repr(usize)]
enum At {
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    DoubleQuoted,
    SingleQuoted,
    Unquoted,
}

const STATES: [At; 8] = [
    At::TagName,
    At::BeforeName,
    At::Name,
    At::AfterName,
    At::BeforeValue,
    At::DoubleQuoted,
    At::SingleQuoted,
    At::Unquoted,
];

/// True if a tag may begin anywhere in `html` (whatever the context: comments and scripts are not told apart) that would
/// get more than `most` attributes. Linear.
pub fn has_crowded_tag(html: &str, most: u32) -> bool {
    let mut looked = 0;
    for (at, _) in html.match_indices('<') {
        let tag = &html.as_bytes()[at + 1..];
        if !tag.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (mut state, mut attributes) = (At::TagName, 0);
        for &byte in tag {
            looked += 1;
            let Some((next, more)) = step(state, byte) else {
                break;
            };
            state = next;
            attributes += more;
            if attributes > most {
                return true;
            }
        }
        // honest tags end before the next begins
        if looked > html.len() {
            return has_crowded_tag_backwards(html, most);
        }
    }
    false
}

/// [`has_crowded_tag`] where tags may lie in tags: from the end to the start, how many attributes are still to come in each
/// state.
fn has_crowded_tag_backwards(html: &str, most: u32) -> bool {
    let mut after = [0_u32; STATES.len()];
    let mut last = 0_u8;
    for &byte in html.as_bytes().iter().rev() {
        if byte == b'<' && last.is_ascii_alphabetic() && after[At::TagName as usize] > most {
            return true;
        }
        let mut here = [0_u32; STATES.len()];
        for state in STATES {
            here[state as usize] = match step(state, byte) {
                Some((next, more)) => after[next as usize].saturating_add(more),
                None => 0,
            };
        }
        after = here;
        last = byte;
    }
    false
}

/// The state after `byte` and the attributes it begins; `None` if the tag ends.
fn step(state: At, byte: u8) -> Option<(At, u32)> {
    let space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc);
    Some(match (state, byte) {
        (At::DoubleQuoted, b'"') | (At::SingleQuoted, b'\'') => (At::BeforeName, 0),
        (At::DoubleQuoted | At::SingleQuoted, _) => (state, 0),
        (_, b'>') => return None,
        (At::BeforeValue, b'"') => (At::DoubleQuoted, 0),
        (At::BeforeValue, b'\'') => (At::SingleQuoted, 0),
        (At::BeforeName | At::AfterName | At::BeforeValue, _) if space => (state, 0),
        (At::BeforeValue, _) => (At::Unquoted, 0),
        (At::Unquoted | At::TagName, _) if space => (At::BeforeName, 0),
        (At::Unquoted, _) => (state, 0),
        (At::Name, _) if space => (At::AfterName, 0),
        (_, b'/') => (At::BeforeName, 0),
        (At::Name | At::AfterName, b'=') => (At::BeforeValue, 0),
        (At::TagName | At::Name, _) => (state, 0),
        (At::BeforeName | At::AfterName, _) => (At::Name, 1),
    })
}

/// The text of sanitised HTML: tags become spaces, the few entities that a serialiser writes become characters.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    pieces(html).for_each(|piece| text.push_str(piece));
    text
}

/// [`plain`], piece by piece: a run of text, or what a tag or an entity becomes.
pub fn pieces(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (piece, length) = match rest.as_bytes().first()? {
            b'<' => (" ", end_of_tag(rest)),
            b'&' => entity(rest),
            _ => {
                let end = memchr2(b'<', b'&', rest.as_bytes()).unwrap_or(rest.len());
                (&rest[..end], end)
            }
        };
        rest = &rest[length..];
        Some(piece)
    })
}

/// What the entity that `html` starts with stands for, and its length; what is none stands for itself.
fn entity(html: &str) -> (&'static str, usize) {
    const WRITTEN: [(&str, &str); 5] = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&nbsp;", " "),
    ];
    (WRITTEN.iter().find(|(entity, _)| html.starts_with(entity)))
        .map_or(("&", 1), |(entity, character)| (character, entity.len()))
}

/// Where the tag that `html` starts with ends; a `>` in a quoted attribute is none.
fn end_of_tag(html: &str) -> usize {
    let bytes = html.as_bytes();
    let mut at = 0;
    while let Some(next) = memchr3(b'>', b'"', b'\'', &bytes[at..]) {
        at += next + 1;
        let quote = bytes[at - 1];
        if quote == b'>' {
            return at;
        }
        let Some(end) = memchr(quote, &bytes[at..]) else {
            break;
        };
        at += end + 1;
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_separate_words_and_attributes_are_not_text() {
        assert_eq!(
            plain("<p>one<br>two</p><a title=\"a > b\">three</a> &amp; R&D &lt;x&gt;"),
            " one two  three  & R&D <x>"
        );
        assert_eq!(plain("cut <a href=\"x"), "cut  ");
    }

    #[test]
    fn attributes_are_counted_and_what_stands_in_quotes_is_not() {
        for (html, most) in [
            ("<p a b=1 c='x y z' d = \"1 > 2\" e/f>", 6),
            ("<p title='a b c d'>x a b c d</p>", 1),
            ("a b c < d e f <1 a b>", 0),
            ("<!-- x --!><p a b", 2),
        ] {
            assert!(!has_crowded_tag(html, most), "{html}");
            assert!(most == 0 || has_crowded_tag(html, most - 1), "{html}");
            assert!(!has_crowded_tag_backwards(html, most), "{html}");
            assert!(
                most == 0 || has_crowded_tag_backwards(html, most - 1),
                "{html}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn it_is_the_same_from_either_end(html in "(<|<a|[ab ='\"/>]){0,60}", most in 0_u32..6) {
            proptest::prop_assert_eq!(has_crowded_tag(&html, most), has_crowded_tag_backwards(&html, most));
        }
    }
}
