//! The body: safe HTML with absolute addresses.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write;

use ammonia::{Builder, UrlRelative, UrlRelativeEvaluate};
use url::Url;

use super::html::{self, Block};
use super::parse;
use super::text;

use crate::model::Text;

/// How often misnested source is sanitised before we leave its markup.
const MAX_ROUNDS: usize = 8;

/// A body made safe.
pub(super) struct Safe {
    /// HTML without scripts, styles, forms and frames.
    pub html: String,
    /// Its text.
    pub blocks: Vec<Block>,
    /// True if the markup was beyond bounds and only paragraphs are left.
    pub flattened: bool,
}

/// `body` made safe, its addresses resolved against `base` and its fragments against `page`. `None` if it shows neither
/// text nor an image.
pub(super) fn safe(body: &Text, base: &Url, page: Option<&Url>) -> Option<Safe> {
    let (html, flattened) = match body {
        Text::Plain(text) => (paragraphs(text), false),
        Text::Html(html) => {
            let stable = parse::parse(html).and_then(|_| stable(html, base, page));
            match stable {
                Some(html) => (html, false),
                None => (flatten(html), true),
            }
        }
    };
    let blocks = html::blocks(&html);
    let shows = !blocks.is_empty() || html.contains("<img ");
    shows.then_some(Safe {
        html,
        blocks,
        flattened,
    })
}

/// `html` sanitised until that changes nothing more: a reader's parser builds the same tree from it as ours did (misnested
/// source, such as a link in a table in a link, takes two rounds). `None` if that has no end.
fn stable(html: &str, base: &Url, page: Option<&Url>) -> Option<String> {
    let mut html = sanitise(html, base, page);
    for _ in 0..MAX_ROUNDS {
        let again = sanitise(&html, base, page);
        if again == html {
            return Some(html);
        }
        html = again;
    }
    None
}

fn sanitise(html: &str, base: &Url, page: Option<&Url>) -> String {
    let resolve = Resolve {
        base: base.clone(),
        page: page.unwrap_or(base).clone(),
    };
    let hidden = [
        "audio", "button", "canvas", "form", "iframe", "noembed", "noframes", "noscript", "object",
        "select", "svg", "template", "textarea", "title", "video",
    ];
    let clean = Builder::default()
        .add_clean_content_tags(hidden)
        .add_tags(["tfoot"])
        .rm_tags(["area", "map", "nav"])
        .add_tag_attributes("img", ["loading"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Custom(Box::new(resolve)))
        .attribute_filter(|_, attribute, value| {
            // a mail address is no image and no quotation
            let is_mail =
                attribute != "href" && Url::parse(value).is_ok_and(|url| url.scheme() == "mailto");
            (!is_mail).then_some(Cow::Borrowed(value))
        })
        .clean(html)
        .to_string();
    sound_between_tags(clean.trim())
}

/// Sound text between and inside tags. `<` and `>` are never part of what is composed: U+0338 after a `>` would make it a
/// `≯` and the tag would not end.
fn sound_between_tags(html: &str) -> String {
    let mut sound = String::with_capacity(html.len());
    for part in html.split_inclusive(['<', '>']) {
        let (text, bound) = match part.char_indices().next_back() {
            Some((at, '<' | '>')) => part.split_at(at),
            _ => (part, ""),
        };
        sound.push_str(&text::sound(text));
        sound.push_str(bound);
    }
    sound
}

/// Resolves the relative addresses of a body.
struct Resolve {
    base: Url,
    page: Url,
}

impl UrlRelativeEvaluate<'_> for Resolve {
    fn evaluate<'a>(&self, address: &'a str) -> Option<Cow<'a, str>> {
        // a footnote is on the article's page, wherever the feed is
        let base = if address.starts_with('#') {
            &self.page
        } else {
            &self.base
        };
        let url = base.join(address).ok()?;
        matches!(url.scheme(), "http" | "https" | "mailto").then(|| Cow::Owned(url.into()))
    }
}

/// The text of markup that is beyond bounds, a paragraph a block.
fn flatten(html: &str) -> String {
    let mut out = String::new();
    for block in html::blocks(html) {
        paragraph(&mut out, &block.text);
    }
    out
}

/// Plain text as HTML: blank lines part paragraphs, line breaks stay.
fn paragraphs(text: &str) -> String {
    let mut out = String::new();
    let mut lines = Vec::new();
    let sound = text::sound(text);
    for line in sound.split('\n').chain([""]) {
        let line = text::line(line);
        if !line.is_empty() {
            lines.push(line);
        } else if !lines.is_empty() {
            paragraph(&mut out, &lines.join("\n"));
            lines.clear();
        }
    }
    out
}

fn paragraph(out: &mut String, text: &str) {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\n', "<br>");
    let _ = write!(out, "<p>{escaped}</p>");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn base() -> Url {
        Url::parse("https://blog.example/posts/").unwrap()
    }

    fn clean(html: &str) -> String {
        safe(&Text::Html(html.to_owned()), &base(), None).map_or_else(String::new, |safe| safe.html)
    }

    #[test]
    fn scripts_handlers_forms_and_frames_go() {
        let html = "<p onclick=x() style=a>hi<script>b</script><style>c</style></p><form>d<input></form><iframe src=//e></iframe>";
        assert_eq!(clean(html), "<p>hi</p>");
    }

    #[test]
    fn addresses_become_absolute_and_dangerous_ones_go() {
        let html = "<a href=\"../a\">a</a><a href=\"javascript:x\">b</a><img src=\"i.png\" alt=\"c\" onerror=\"d\"><img src=\"data:image/gif;base64,AA\">";
        assert_eq!(
            clean(html),
            "<a href=\"https://blog.example/a\" rel=\"noopener noreferrer\">a</a><a rel=\"noopener noreferrer\">b</a>\
             <img src=\"https://blog.example/posts/i.png\" alt=\"c\"><img>"
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
