//! HTML source → plain text, block by block.

use super::blocks::{self, Block};
use super::content;
use super::text;

use crate::model::Text;

/// `text` as plain text on one line: markup removed, entities decoded once, blocks parted by spaces.
pub(super) fn plain(text: &Text) -> String {
    match text {
        Text::Plain(text) => text::line(text),
        Text::Html(html) => plain_html(html),
    }
}

/// The plain text of HTML source, on one line.
pub(super) fn plain_html(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return text::line(html);
    }
    blocks::joined(&blocks(html))
}

/// The blocks of HTML source that show any text.
pub(super) fn blocks(html: &str) -> Vec<Block> {
    content::blocks(html)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_is_taken_as_it_is() {
        let text = Text::Plain("Vec<T> &amp; you".to_owned());
        assert_eq!(plain(&text), "Vec<T> &amp; you");
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(
            plain_html("R&amp;D &amp;amp; caf&eacute;"),
            "R&D &amp; café"
        );
    }

    #[test]
    fn blocks_are_parted_and_inline_markup_is_not() {
        assert_eq!(
            plain_html("<p>one</p><p>tw<b>o</b></p>three<br>four"),
            "one two three four"
        );
    }

    #[test]
    fn scripts_and_styles_are_not_text() {
        assert_eq!(plain_html("a<script>b</script><style>c</style>d"), "ad");
    }

    #[test]
    fn a_picture_of_a_character_is_that_character() {
        assert_eq!(
            plain_html("Go<img class=emoji alt=\"🚀\">!<img src=x alt=photo>"),
            "Go🚀!"
        );
    }

    proptest! {
        #[test]
        fn no_source_panics(html in any::<String>(), tags in "(<[a-z!/]{0,4}[ =\"'a]{0,4}>?|&[a-z#0-9]{0,5};?|x){0,30}") {
            let _ = plain_html(&html);
            let _ = plain_html(&tags);
        }
    }
}
