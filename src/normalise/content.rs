//! The body: safe HTML with absolute addresses.

use std::sync::LazyLock;

use url::Url;

use super::blocks::Block;
use super::flat;
use super::markup::{self, Writer, Written};
use super::simple;
use super::text;

use crate::model::Text;

/// How often misnested source is written before we leave its markup.
const MAX_ROUNDS: usize = 8;

/// Stands for the address of a text whose addresses nobody asks for.
static NOWHERE: LazyLock<Url> =
    LazyLock::new(|| Url::parse("https://nowhere.invalid/").expect("a constant address is one"));

/// A body made safe.
pub(super) struct Safe {
    /// HTML without scripts, styles, forms and frames other than players.
    pub html: String,
    /// Its text.
    pub blocks: Vec<Block>,
    /// True if the markup was beyond bounds and only paragraphs are left.
    pub flattened: bool,
    /// True if it holds an image, a player or a recording.
    pub has_media: bool,
    /// True if it holds a list, a table, code or a quotation, which are not the same on one line.
    pub has_structure: bool,
}

impl Safe {
    /// Where its links lead.
    pub(super) fn links(&self) -> impl Iterator<Item = Url> {
        // as it is written here, a tag begins with `<`, which is nowhere else, and so is a quote that ends a value
        (self.html.split("<a ").skip(1))
            .filter_map(|tag| {
                tag.split_once('>')?
                    .0
                    .split_once("href=\"")?
                    .1
                    .split_once('"')
            })
            .filter_map(|(href, _)| Url::parse(&href.replace("&amp;", "&")).ok())
    }
}

/// `body` made safe, its addresses resolved against `base` and its fragments against `page`. `None` if it shows neither
/// text nor an image.
pub(super) fn safe(body: &Text, base: &Url, page: Option<&Url>) -> Option<Safe> {
    let (written, flattened) = match body {
        Text::Plain(text) => (paragraphs(text), false),
        Text::Html(html) => match settled(html, base, page.unwrap_or(base)) {
            Some(written) if shows(&written) => (written, false),
            Some(_) => (flatten(html), false),
            None => (flatten(html), true),
        },
    };
    shows(&written).then_some(Safe {
        html: written.html,
        blocks: written.blocks,
        flattened,
        has_media: written.has_media,
        has_structure: written.has_structure,
    })
}

/// The blocks of HTML source that show any text.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    match written(html, &NOWHERE, &NOWHERE) {
        Some(written) if shows(&written) => written.blocks,
        _ => flat::blocks(html),
    }
}

fn shows(written: &Written) -> bool {
    !written.blocks.is_empty() || written.has_media
}

/// What `html` shows, in one round; `None` beyond bounds.
fn written(html: &str, base: &Url, page: &Url) -> Option<Written> {
    simple::write(html, base, page).or_else(|| markup::write(html, base, page))
}

/// `html` made safe, so that a reader's parser builds the same tree from it as ours did: misnested source, such as a link
/// in a table in a link, may take two rounds. `None` beyond bounds, or if that has no end.
fn settled(html: &str, base: &Url, page: &Url) -> Option<Written> {
    let mut written = self::written(html, base, page)?;
    for _ in 0..MAX_ROUNDS {
        if !written.is_unsettled {
            return Some(written);
        }
        let again = self::written(&written.html, base, page)?;
        if again.html == written.html {
            return Some(again);
        }
        written = again;
    }
    None
}

/// The text of markup, a paragraph a block.
fn flatten(html: &str) -> Written {
    let mut writer = Writer::default();
    for block in flat::blocks(html) {
        writer.open("p", "");
        writer.text(&block.text);
        writer.close();
    }
    writer.finish()
}

/// Plain text as HTML: blank lines part paragraphs, line breaks stay.
fn paragraphs(text: &str) -> Written {
    let mut writer = Writer::default();
    let mut is_open = false;
    let sound = text::sound(text);
    for line in sound.split('\n') {
        let line = text::line(line);
        match (line.is_empty(), is_open) {
            (true, true) => writer.close(),
            (true, false) => continue,
            (false, true) => writer.open("br", ""),
            (false, false) => writer.open("p", ""),
        }
        is_open = !line.is_empty();
        writer.text(&line);
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse;
    use super::*;

    fn base() -> Url {
        Url::parse("https://blog.example/posts/").unwrap()
    }

    fn clean(html: &str) -> String {
        safe(&Text::Html(html.to_owned()), &base(), None).map_or_else(String::new, |safe| safe.html)
    }

    #[test]
    fn scripts_handlers_forms_and_foreign_frames_go() {
        let html = "<p onclick=x() style=a>hi<script>b</script><style>c</style></p><form>d<input></form><iframe src=//e.example></iframe>";
        assert_eq!(
            clean(html),
            "<p>hi</p><div>d</div> <a href=\"https://e.example/\" rel=\"noopener noreferrer\">e.example</a>"
        );
    }

    #[test]
    fn addresses_become_absolute_and_dangerous_ones_go() {
        let html = "<a href=\"../a\">a</a><a href=\"javascript:x\">b</a><img src=\"i.png\" alt=\"c\" onerror=\"d\"><img src=\"data:image/gif;base64,AA\">";
        assert_eq!(
            clean(html),
            "<a href=\"https://blog.example/a\" rel=\"noopener noreferrer\">a</a>b\
             <img src=\"https://blog.example/posts/i.png\" alt=\"c\" loading=\"lazy\">"
        );
    }

    #[test]
    fn a_fragment_is_on_the_page_of_the_article() {
        let page = Url::parse("https://blog.example/posts/one").unwrap();
        let body = Text::Html("<a href='#fn1'>1</a>".to_owned());
        let safe = safe(&body, &base(), Some(&page)).unwrap().html;
        assert!(
            safe.contains("https://blog.example/posts/one#fn1"),
            "{safe}"
        );
    }

    #[test]
    fn a_combining_character_cannot_open_a_tag() {
        let html = clean("<b>\u{338} onclick=alert(1) x</b>");
        assert!(html.starts_with("<b>"), "{html}");
    }

    #[test]
    fn markup_beyond_bounds_becomes_paragraphs() {
        let html = format!("{}<p>a &lt;b&gt;</p><p>c</p>", "<div>".repeat(1000));
        let safe = safe(&Text::Html(html), &base(), None).unwrap();
        assert!(safe.flattened);
        assert_eq!(safe.html, "<p>a &lt;b&gt;</p><p>c</p>");
    }

    #[test]
    fn plain_text_keeps_its_paragraphs() {
        let body = Text::Plain("one <b>\ntwo\n\n three ".to_owned());
        let safe = safe(&body, &base(), None).unwrap().html;
        assert_eq!(safe, "<p>one &lt;b&gt;<br>two</p><p>three</p>");
    }

    #[test]
    fn a_body_that_shows_nothing_is_none() {
        assert!(
            safe(
                &Text::Html("<p> <span></span></p>".to_owned()),
                &base(),
                None
            )
            .is_none()
        );
    }

    proptest! {
        #[test]
        fn a_safe_body_made_safe_is_the_same(html in "(<(/?(p|b|a href=x|div|ul|li|table|td|select|svg|math|title)|img src=y)>|&(amp|lt|nbsp);?|[a-z\u{338}\u{301} >\"]){0,40}") {
            let once = clean(&html);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn nothing_dangerous_survives(html in "(<(script|img|a|p|svg|style)( (onerror|href|src|style)=['\"]?(javascript:|data:)?x['\"]?){0,2}/?>|[a-z<>&;\u{338}]){0,30}") {
            let safe = clean(&html);
            let Some(tree) = parse::parse(&safe) else { return Ok(()) };
            for node in tree.tree.nodes() {
                if let scraper::Node::Element(element) = node.value() {
                    prop_assert!(!matches!(element.name(), "script" | "style" | "svg" | "iframe" | "form"));
                    for (name, value) in element.attrs() {
                        prop_assert!(!name.starts_with("on") && name != "style", "{safe}");
                        prop_assert!(!value.trim_start().starts_with("javascript:"), "{safe}");
                    }
                }
            }
        }
    }
}
