//! The summary: plain text, short, without what the site adds to every one.

use std::sync::LazyLock;

use regex::Regex;

use super::html::{self, Block};
use super::text;

/// Characters.
const MAX_CHARS: usize = 300;
/// Prose is gathered from the body until there is this much, characters.
const ENOUGH_CHARS: usize = 240;

/// `plain` (one line) as a summary of an entry called `title`; `None` if it says nothing that the title does not.
pub(super) fn summary(plain: &str, title: &str) -> Option<String> {
    let mut kept = text::cut(&without_boilerplate(plain), MAX_CHARS);
    loop {
        // a cut can bring to the end what is boiler-plate there
        let again = text::cut(&without_boilerplate(&kept), MAX_CHARS);
        if again == kept {
            break;
        }
        kept = again;
    }
    let says = kept.chars().any(char::is_alphanumeric) && !same_words(&kept, title);
    says.then_some(kept)
}

/// True if nothing of `plain` would be cut.
pub(super) fn is_whole(plain: &str) -> bool {
    plain.chars().nth(MAX_CHARS).is_none()
}

/// The first prose of a body, on one line.
pub(super) fn first_prose(blocks: &[Block]) -> Option<String> {
    let mut prose = String::new();
    for block in blocks.iter().filter(|block| block.prose) {
        if !prose.is_empty() {
            prose.push(' ');
        }
        prose.push_str(&block.text);
        if prose.chars().count() >= ENOUGH_CHARS {
            break;
        }
    }
    if prose.is_empty() {
        // a list or a table is better than nothing, a heading is not
        prose = html::joined(blocks);
    }
    text::some_line(&prose)
}

/// True if both say the same, apart from white space, case and punctuation.
fn same_words(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    letters(a) == letters(b)
}

/// What a site adds at the end of each summary, in the languages of the web.
static TAILS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // syndication notices
        r"(?:^|\s)(?:The post|The article|This post|This article|The entry) .{1,300}? (?:appeared first on|first appeared on|was originally published (?:on|in|at)|is republished from) .{1,200}$",
        r"(?:^|\s)(?:Der Beitrag|Der Artikel) .{1,300}? erschien zuerst auf .{1,200}$",
        r"(?:^|\s)(?:L.article|Cet article|Le billet) .{1,300}? est apparu en premier sur .{1,200}$",
        r"(?:^|\s)(?:La entrada|El artículo) .{1,300}? (?:se publicó primero en|apareció primero en|aparece primero en) .{1,200}$",
        r"(?:^|\s)(?:O post|O artigo|O conteúdo) .{1,300}? (?:apareceu primeiro em|foi publicado primeiro em|foi publicado em) .{1,200}$",
        r"(?:^|\s)(?:L.articolo|Il post) .{1,300}? (?:proviene da|sembra essere il primo su) .{1,200}$",
        r"(?:^|\s)(?:Het bericht|Het artikel) .{1,300}? verscheen eerst op .{1,200}$",
        r"(?:^|\s)(?:Artykuł|Wpis) .{1,300}? pochodzi z serwisu .{1,200}$",
        r"(?:^|\s)(?:Сообщение|Запись) .{1,300}? (?:появились сначала на|впервые появилась) .{1,200}$",
        // what leads to the rest
        r#"(?:^|[.!?…。！？\]”"»)]\s*)(?P<tail>Continue reading\b[^.!?]{0,200})$"#,
        r#"(?i)(?:^|[.!?…。！？\]”"»)]\s*)(?P<tail>(?:read (?:more|on)|read the (?:rest|full (?:article|post|story))(?: of this (?:entry|post|article))?|keep reading|continue reading|weiterlesen|mehr lesen|lire la suite|seguir leyendo|leer más|continuar leyendo|continua a leggere|leggi tutto|leia mais|continue lendo|czytaj dalej|lees (?:meer|verder)|читать далее|читати далі|阅读全文|閱讀全文|繼續閱讀|继续阅读|続きを読む|더 읽기|계속 읽기)[\s.…»›→>:\])]*)$"#,
        r"(?:^|\s+)(?:submitted by \S+ (?:to \S+ )?)?\[link\] \[(?:\d+ )?comments?\]$",
        r"\s*(?:Permalink \| )?Leave a comment »$",
        r"(?i)^comments$",
    ]
    .into_iter()
    .map(|pattern| Regex::new(pattern).expect("patterns are tested"))
    .collect()
});

/// The mark of something left out.
static ELLIPSIS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\s*(?:[\[(]\s*(?:…|\.{3})\s*[\])]|\(more(?:…|\.{3})\))[\s\[\]….]*$")
        .expect("patterns are tested")
});

/// `plain` without what the site adds; a mark that something was left out becomes `…`.
fn without_boilerplate(plain: &str) -> String {
    let mut kept = plain.to_owned();
    loop {
        let before = kept.len();
        for tail in TAILS.iter() {
            // patterns are much shorter than this, and a text may be a book
            let from = kept.floor_char_boundary(kept.len().saturating_sub(4096));
            let at = tail
                .captures(&kept[from..])
                .and_then(|found| found.name("tail").or_else(|| found.get(0)))
                .map(|found| found.start());
            if let Some(at) = at {
                kept.truncate(from + at);
                kept.truncate(kept.trim_end().len());
            }
        }
        if let Some(found) = ELLIPSIS.find(&kept) {
            let at = found.start();
            kept.truncate(at);
            let stem = kept.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '…' | ','));
            kept.truncate(stem.len());
            if !kept.is_empty() {
                kept.push('…');
            }
        }
        if kept.len() == before {
            return kept;
        }
    }
}

/// True if `plain` says that it is only the beginning.
pub(super) fn is_teaser(plain: &str) -> bool {
    let kept = without_boilerplate(plain);
    let is_cut = |text: &str| text.ends_with('…') || text.ends_with("...");
    is_cut(&kept) || is_cut(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_the_site_adds_is_removed() {
        for added in [
            " The post A title appeared first on A blog.",
            " Der Beitrag Ein Titel erschien zuerst auf Ein Blog.",
            " Read more",
            " Read more »",
            " Continue reading A title →",
            " Continue reading “A title”",
            " 続きを読む",
            " submitted by /u/jane [link] [12 comments]",
        ] {
            let plain = format!("What it says.{added}");
            assert_eq!(
                summary(&plain, "A title").as_deref(),
                Some("What it says."),
                "{added}"
            );
        }
    }

    #[test]
    fn the_mark_of_something_left_out_stays_as_one_character() {
        for mark in [" […]", "[...]", " [ … ]", " (more…)", "… […]"] {
            let plain = format!("What it says and{mark}");
            assert_eq!(
                summary(&plain, "A title").as_deref(),
                Some("What it says and…"),
                "{mark}"
            );
        }
    }

    #[test]
    fn honest_text_that_speaks_of_reading_is_kept() {
        let plain = "This is why I continue reading paper books and read more";
        assert_eq!(summary(plain, "A title").as_deref(), Some(plain));
    }

    #[test]
    fn a_summary_that_repeats_the_title_is_none() {
        assert_eq!(summary("A Title.", "A title"), None);
        assert_eq!(summary("Read more", "A title"), None);
    }

    #[test]
    fn the_first_prose_of_a_body_is_no_heading_or_code() {
        let content = "<h1>Heading</h1><pre>code</pre><p>The prose.</p><ul><li>item</li></ul>";
        assert_eq!(
            first_prose(&html::blocks(content)).as_deref(),
            Some("The prose.")
        );
    }

    proptest! {
        #[test]
        fn a_summary_of_a_summary_is_the_same(text in "([a-z]{1,9}|\\.|…| |\\[…\\]|Read more|The post a appeared first on b|\\PC){0,80}") {
            let plain = text::line(&text);
            if let Some(once) = summary(&plain, "title") {
                prop_assert!(once.chars().count() <= MAX_CHARS);
                prop_assert_eq!(summary(&once, "title"), Some(once.clone()));
            }
        }
    }
}
