//! What a site adds at the end of every summary: syndication notices, links to the rest, marks of something left out.
//!
//! Told by fixed phrases, looked for from the end: every text of every feed comes through here.

use std::borrow::Cow;

use super::text;

/// A text without what the site adds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stripped<'a> {
    /// What is left, without white space at its end.
    pub(super) text: Cow<'a, str>,
    /// True if a mark said that something was left out.
    pub(super) is_cut: bool,
}

/// How a syndication notice begins, and what stands between the title and the site in it.
const NOTICES: [(&[&str], &[&str]); 8] = [
    (
        &[
            "The post ",
            "The article ",
            "This post ",
            "This article ",
            "The entry ",
        ],
        &[
            " appeared first on ",
            " first appeared on ",
            " was originally published on ",
            " was originally published in ",
            " was originally published at ",
            " is republished from ",
        ],
    ),
    (
        &["Der Beitrag ", "Der Artikel "],
        &[" erschien zuerst auf "],
    ),
    (
        &["L'article ", "L’article ", "Cet article ", "Le billet "],
        &[" est apparu en premier sur "],
    ),
    (
        &["La entrada ", "El artículo "],
        &[
            " se publicó primero en ",
            " apareció primero en ",
            " aparece primero en ",
        ],
    ),
    (
        &["O post ", "O artigo ", "O conteúdo "],
        &[
            " apareceu primeiro em ",
            " foi publicado primeiro em ",
            " foi publicado em ",
        ],
    ),
    (
        &["L'articolo ", "L’articolo ", "Il post "],
        &[" proviene da ", " sembra essere il primo su "],
    ),
    (
        &["Het bericht ", "Het artikel ", "Artykuł ", "Wpis "],
        &[" verscheen eerst op ", " pochodzi z serwisu "],
    ),
    (
        &["Сообщение ", "Запись "],
        &[" появились сначала на ", " впервые появилась "],
    ),
];
/// The longest title, and the longest name of a site, that a notice holds; characters.
const LONGEST_TITLE: usize = 300;
const LONGEST_SITE: usize = 200;

/// Links to the rest, lower-case; they count as an end only behind a whole sentence.
const LEADS: [&str; 36] = [
    "read more",
    "read on",
    "read the rest",
    "read the full article",
    "read the full post",
    "read the full story",
    "read the rest of this entry",
    "read the rest of this post",
    "read the rest of this article",
    "keep reading",
    "continue reading",
    "weiterlesen",
    "mehr lesen",
    "lire la suite",
    "seguir leyendo",
    "leer más",
    "continuar leyendo",
    "continua a leggere",
    "leggi tutto",
    "leia mais",
    "continue lendo",
    "czytaj dalej",
    "lees meer",
    "lees verder",
    "читать далее",
    "читати далі",
    "阅读全文",
    "閱讀全文",
    "繼續閱讀",
    "继续阅读",
    "続きを読む",
    "더 읽기",
    "계속 읽기",
    "permalink | leave a comment",
    "leave a comment",
    "comments",
];

/// `plain` (one line) without what the site adds; a mark that something was left out becomes `…`, but for one behind a
/// whole sentence.
pub(super) fn strip(plain: &str) -> Stripped<'_> {
    let mut text = plain.trim_end();
    let mut is_cut = false;
    let mut dots = false;
    loop {
        let cut = [
            notice(text),
            lead(text),
            continue_reading(text),
            thread(text),
        ]
        .into_iter()
        .flatten()
        .min();
        if let Some(at) = cut {
            text = text[..at].trim_end();
            dots = false;
            continue;
        }
        let Some(at) = mark(text) else { break };
        text = text[..at].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '…' | ','));
        (is_cut, dots) = (true, true);
    }
    let text = if dots && !text.is_empty() && !ends_a_sentence(text) {
        text::marked(text).into()
    } else {
        text.into()
    };
    Stripped { text, is_cut }
}

/// Where a syndication notice begins that ends `text`.
fn notice(text: &str) -> Option<usize> {
    let from = back(text, text.len(), LONGEST_TITLE + LONGEST_SITE + 60);
    let last = last_connectors(text, from);
    NOTICES
        .iter()
        .zip(last)
        .find_map(|((openings, _), connector)| {
            let at = connector?;
            let title = back(text, at, LONGEST_TITLE + 20);
            openings
                .iter()
                .filter_map(|opening| {
                    let start = text[title..at].find(opening)? + title;
                    (start == 0 || text[..start].ends_with(char::is_whitespace)).then_some(start)
                })
                .min()
        })
}

/// The bytes that connectors begin with, behind their space, and those that follow.
const FIRSTS: [bool; 256] = bytes_at(1);
const SECONDS: [bool; 256] = bytes_at(2);

/// The bytes that stand at that place of any connector.
const fn bytes_at(place: usize) -> [bool; 256] {
    let mut found = [false; 256];
    let mut notice = 0;
    while notice < NOTICES.len() {
        let connectors = NOTICES[notice].1;
        let mut connector = 0;
        while connector < connectors.len() {
            found[connectors[connector].as_bytes()[place] as usize] = true;
            connector += 1;
        }
        notice += 1;
    }
    found
}

/// Where the last connector of each of [`NOTICES`] begins in `text`, from byte `from` on. One look at each space: most
/// texts hold none.
fn last_connectors(text: &str, from: usize) -> [Option<usize>; NOTICES.len()] {
    let mut last = [None; NOTICES.len()];
    for (space, _) in text[from..].match_indices(' ') {
        let at = from + space;
        let rest = &text.as_bytes()[at..];
        let may_begin = |[first, second]: &[u8; 2]| {
            FIRSTS[usize::from(*first)] && SECONDS[usize::from(*second)]
        };
        if !rest[1..].first_chunk().is_some_and(may_begin) {
            continue;
        }
        for ((_, connectors), last) in NOTICES.iter().zip(&mut last) {
            if connectors.iter().any(|connector| {
                rest.get(1) == connector.as_bytes().get(1) && rest.starts_with(connector.as_bytes())
            }) {
                *last = Some(at);
            }
        }
    }
    last
}

/// Where a link to the rest begins that ends `text`.
fn lead(text: &str) -> Option<usize> {
    let end = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | '…' | '»' | '›' | '→' | '>' | ':' | ']' | ')')
    });
    let last = end.chars().next_back()?.to_lowercase().next();
    LEADS
        .iter()
        .filter(|words| words.chars().next_back() == last)
        .filter_map(|words| {
            let start = end
                .len()
                .checked_sub(words.len())
                .filter(|at| end.is_char_boundary(*at))?;
            let said = end[start..]
                .chars()
                .flat_map(char::to_lowercase)
                .eq(words.chars());
            (said && follows_a_sentence(&text[..start])).then_some(start)
        })
        .min()
}

/// Where "Continue reading" and the title behind it begin that end `text`.
fn continue_reading(text: &str) -> Option<usize> {
    const WORDS: &str = "Continue reading";
    let from = back(text, text.len(), WORDS.len() + LONGEST_SITE);
    let start = from + text[from..].rfind(WORDS)?;
    let rest = &text[start + WORDS.len()..];
    let is_title = !rest.starts_with(char::is_alphanumeric)
        && !rest.contains(['.', '!', '?'])
        && rest.chars().nth(LONGEST_SITE).is_none();
    (is_title && follows_a_sentence(&text[..start])).then_some(start)
}

/// Where `submitted by … [link] [12 comments]` begins that ends `text`.
fn thread(text: &str) -> Option<usize> {
    if !text.ends_with(']') {
        return None;
    }
    let start = text.rfind("[link] [")?;
    let count = text[start + "[link] [".len()..].strip_suffix(']')?;
    let noun = count.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
    if !matches!(noun, "comments" | "comment") {
        return None;
    }
    let before = text[..start].trim_end();
    let by = before.rfind("submitted by ").filter(|at| {
        let words = before[*at..].split_whitespace().count();
        words == 3 || words == 5
    });
    Some(by.unwrap_or(start))
}

/// Where a mark of something left out begins that ends `text`: `[…]`, `(...)`, `(more…)`.
fn mark(text: &str) -> Option<usize> {
    let filling = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | '…' | '.');
    let stem = text.trim_end_matches(filling);
    let tail = &text[stem.len()..];
    let closed = tail.ends_with([']', ')']) || tail.contains("] ") || tail.contains("]…");
    let more = stem.len().saturating_sub("(more".len());
    if stem
        .get(more..)
        .is_some_and(|end| end.eq_ignore_ascii_case("(more"))
    {
        return (tail.starts_with(['…', '.']) && tail.contains(')')).then_some(more);
    }
    let opens = tail.char_indices().find(|(at, c)| {
        let inner = tail[at + c.len_utf8()..].trim_start();
        let inner = inner
            .strip_prefix('…')
            .or_else(|| inner.strip_prefix("..."));
        matches!(c, '[' | '(')
            && inner.is_some_and(|inner| inner.trim_start().starts_with([']', ')']))
    });
    opens.filter(|_| closed).map(|(at, _)| stem.len() + at)
}

/// The byte so many characters before byte `at` of `text`.
fn back(text: &str, at: usize, characters: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut start, mut missing) = (at, characters);
    while missing > 0 && start > 0 {
        // no fewer bytes than characters; those that go on with one are made up for in the next round
        let window = start.saturating_sub(missing)..start;
        start = window.start;
        missing -= (bytes[window].iter())
            .filter(|b| **b & 0xc0 != 0x80)
            .count();
    }
    start
}

/// True where what follows `text` begins anew: it is empty, or ends a sentence.
fn follows_a_sentence(text: &str) -> bool {
    let text = text.trim_end();
    text.is_empty() || ends_a_sentence(text) || text.ends_with(['…', ']', '”', '"', '»', ')'])
}

fn ends_a_sentence(text: &str) -> bool {
    text.ends_with(['.', '!', '?', '。', '！', '？'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> String {
        strip(text).text.into_owned()
    }

    #[test]
    fn a_mark_behind_a_whole_sentence_leaves_no_trace() {
        assert_eq!(
            stripped("It was a day like any other. […]"),
            "It was a day like any other."
        );
        assert!(strip("It was a day like any other. […]").is_cut);
        assert_eq!(stripped("It was a day […]"), "It was a day…");
        assert_eq!(
            stripped("It was a day like any other."),
            "It was a day like any other."
        );
    }

    #[test]
    fn a_notice_is_cut_with_its_title_and_nothing_before_it() {
        assert_eq!(
            stripped("What it says. The post We say. And more. appeared first on A blog."),
            "What it says."
        );
        assert_eq!(
            stripped("The film that appeared first on a screen"),
            "The film that appeared first on a screen"
        );
    }

    #[test]
    fn brackets_and_dots_that_are_part_of_the_text_stay() {
        for text in [
            "It works (mostly).",
            "See [1].",
            "And so on...",
            "f(x) = [0]",
            "wait for it…",
        ] {
            assert_eq!(stripped(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn so_many_characters_back_is_where_one_begins(text in "[aé茶🍵]{0,40}", characters in 0_usize..50) {
            let at = text.char_indices().rev().take(characters).last();
            let expected = at.map_or(text.len(), |(at, _)| at);
            proptest::prop_assert_eq!(back(&text, text.len(), characters), expected);
        }

        #[test]
        fn no_text_panics_and_twice_is_once(text in "(The post |appeared first on |Continue reading|Read more|\\[…\\]|\\(more…\\)|[a-z .\\[\\]…)(]|\\PC){0,30}") {
            let once = strip(&text);
            proptest::prop_assert_eq!(strip(&once.text).text, &*once.text);
        }
    }
}
