//! The text of markup, block by block.

use super::text;

/// A run of text between block boundaries.
#[derive(Debug)]
pub(super) struct Block {
    /// Its text, one line.
    pub text: String,
    /// False for headings, code, tables, captions and the like.
    pub prose: bool,
}

/// The text of `blocks`, on one line.
pub(super) fn joined(blocks: &[Block]) -> String {
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    // what stood in different blocks may make new sense in one line
    text::as_line(texts.join(" "))
}

/// Gathers blocks while markup is read: elements are told as they open and close, text as it comes.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    blocks: Vec<Block>,
    text: String,
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
        let text = if self.as_written {
            Some(self.text.clone())
        } else {
            text::some_line(&self.text)
        };
        if let Some(text) = text {
            let prose = self.aside == 0;
            self.blocks.push(Block { text, prose });
        }
        self.text.clear();
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
