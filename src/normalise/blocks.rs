//! The text of markup, block by block.

use super::text;

/// A run of text between block boundaries.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its text, one line.
    pub text: String,
    /// False for headings, code, tables, captions and the like.
    pub prose: bool,
    /// True if the text is [plain](text::is_plain).
    pub plain: bool,
}

/// The text of `blocks`, on one line.
pub(super) fn joined(blocks: &[Block]) -> String {
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    let joined = texts.join(" ");
    if blocks.iter().all(|block| block.plain) {
        return joined;
    }
    // what stood in different blocks may make new sense in one line
    text::as_line(joined)
}

/// Gathers blocks while markup is read: elements are told as they open and close, text as it comes.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    blocks: Vec<Block>,
    text: String,
    /// True if something in `text` may not be plain.
    is_odd: bool,
    /// How many elements are open whose text is no prose.
    aside: usize,
    /// True if texts are kept as they are written, not as sound lines.
    as_written: bool,
}

impl Gatherer {
    /// One that keeps texts as they are written.
    pub(super) fn as_written() -> Self {
        Self {
            as_written: true,
            ..Self::default()
        }
    }

    /// An element opens.
    pub(super) fn open(&mut self, name: &str) {
        self.part(name);
        self.aside += usize::from(is_aside(name));
    }

    /// An element closes.
    pub(super) fn close(&mut self, name: &str) {
        self.part(name);
        self.aside -= usize::from(is_aside(name));
    }

    /// A tag without content, or one that closes nothing.
    pub(super) fn part(&mut self, name: &str) {
        if is_block(name) {
            self.flush();
        }
    }

    /// A run of text.
    pub(super) fn text(&mut self, text: &str) {
        self.is_odd = true;
        self.text.push_str(text);
    }

    /// A run of text that is [plain](text::is_plain).
    pub(super) fn plain_text(&mut self, text: &str) {
        // two runs that are not ASCII may make new sense together
        let before = self.text.bytes().next_back();
        let after = text.bytes().next();
        self.is_odd |= (before.zip(after)).is_some_and(|(a, b)| !a.is_ascii() && !b.is_ascii());
        self.text.push_str(text);
    }

    /// All blocks that show any text.
    pub(super) fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }

    fn flush(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let plain = !self.is_odd && !self.as_written;
        let text = if self.as_written {
            Some(self.text.clone())
        } else if plain {
            text::some_plain_line(&self.text)
        } else {
            text::some_line(&self.text)
        };
        if let Some(text) = text {
            let prose = self.aside == 0;
            self.blocks.push(Block { text, prose, plain });
        }
        self.text.clear();
        self.is_odd = false;
    }
}

/// True for elements that stand on lines of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "br"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "iframe"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "video"
            | "audio"
            | "img"
            | "picture"
            | "svg"
    )
}

/// True for elements whose text is not the article's prose.
fn is_aside(name: &str) -> bool {
    matches!(
        name,
        "aside"
            | "caption"
            | "dl"
            | "figcaption"
            | "figure"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "nav"
            | "ol"
            | "pre"
            | "table"
            | "ul"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_told_to_be_plain_needs_no_second_look(
            runs in prop::collection::vec("[a \n\u{a0}]{0,2}|[Ãâ€™“œé\u{80}-\u{bf}]{0,2}|\\PC", 0..8), ends in any::<u8>()
        ) {
            let (mut quick, mut slow) = (Gatherer::default(), Gatherer::default());
            for (at, run) in runs.iter().enumerate() {
                if text::is_plain(run) {
                    quick.plain_text(run);
                } else {
                    quick.text(run);
                }
                slow.text(run);
                if ends >> at & 1 == 1 {
                    quick.part("p");
                    slow.part("p");
                }
            }
            let (quick, slow) = (quick.finish(), slow.finish());
            prop_assert_eq!(joined(&quick), joined(&slow));
            let texts = |blocks: &[Block]| blocks.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
            prop_assert_eq!(texts(&quick), texts(&slow));
        }
    }
}
