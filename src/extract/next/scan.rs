//! HTML → its links, with what they say and what stands before them. Tokens only, no tree: one pass, linear in the page.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};

/// More bytes of a link or of a number's surroundings than this are not looked at.
const LONGEST_LABEL: usize = 160;

/// What a page links to.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The first `<base href>`.
    pub(super) base: Option<String>,
    /// The `href` of every `<link rel=next>`.
    pub(super) heads: Vec<String>,
    /// The anchors, in page order.
    pub(super) anchors: Vec<Anchor>,
}

/// One `<a href>`.
#[derive(Debug, Default)]
pub(super) struct Anchor {
    /// Where it leads, as written.
    pub(super) href: String,
    /// True if `rel` holds `next`.
    pub(super) is_next: bool,
    /// What it says: its text, `aria-label` and `title`.
    pub(super) labels: Vec<String>,
    /// True if a number of a pager stands right before it, alone or in another link.
    pub(super) follows_number: bool,
}

/// Reads the links of `html`.
pub(super) fn scan(html: &str) -> Scan {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    // the sink never asks to be interrupted
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut state = tokenizer.sink.0.into_inner();
    state.close();
    state.found
}

#[derive(Default)]
struct Sink(RefCell<State>);

#[derive(Default)]
struct State {
    found: Scan,
    /// The anchor whose end has not come yet, and its text so far.
    open: Option<(Anchor, String)>,
    /// The text since the last tag outside anchors.
    loose: String,
    /// True if the last thing that was said is a number of a pager.
    number: bool,
    /// Inside `script` and the like: no text for readers.
    muted: bool,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            TagToken(tag) if tag.kind == StartTag => state.start(&tag),
            TagToken(tag) => {
                state.end(&tag);
                TokenSinkResult::Continue
            }
            Token::CharacterTokens(text) => {
                state.text(&text);
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

impl State {
    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        self.settle();
        match &*tag.name {
            "base" if self.found.base.is_none() => self.found.base = value(tag, "href"),
            "link" if is_next(tag) => self.found.heads.extend(value(tag, "href")),
            "a" => {
                self.close();
                self.open(tag);
            }
            "img" => {
                if let (Some((_, text)), Some(alt)) = (&mut self.open, value(tag, "alt")) {
                    append(text, &alt);
                }
            }
            // as the tree builder would switch the tokenizer (HTML §13.2.6)
            "script" => {
                self.muted = true;
                return TokenSinkResult::RawData(RawKind::ScriptData);
            }
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                self.muted = true;
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            "title" | "textarea" => return TokenSinkResult::RawData(RawKind::Rcdata),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn end(&mut self, tag: &Tag) {
        self.muted = false;
        self.settle();
        if &*tag.name == "a" {
            self.close();
        }
    }

    fn text(&mut self, text: &str) {
        if self.muted {
            return;
        }
        match &mut self.open {
            Some((_, label)) => append(label, text),
            None => append(&mut self.loose, text),
        }
    }

    /// A tag has come: the text before it is whole.
    fn settle(&mut self) {
        if let Some((_, text)) = &mut self.open {
            append(text, " ");
            return;
        }
        // white space, dots and lines between the links of a pager say nothing
        if self.loose.chars().any(char::is_alphanumeric) {
            self.number = is_place(self.loose.trim());
        }
        self.loose.clear();
    }

    fn open(&mut self, tag: &Tag) {
        let is_disabled = value(tag, "aria-disabled").is_some_and(|it| it == "true")
            || value(tag, "class").is_some_and(|it| has_word(&it, "disabled"));
        let Some(href) = value(tag, "href").filter(|_| !is_disabled) else {
            return;
        };
        let anchor = Anchor {
            href,
            is_next: is_next(tag),
            labels: ["aria-label", "title"]
                .into_iter()
                .filter_map(|key| value(tag, key))
                .collect(),
            follows_number: self.number,
        };
        self.open = Some((anchor, String::new()));
    }

    fn close(&mut self) {
        if let Some((mut anchor, text)) = self.open.take() {
            self.number = is_place(text.trim());
            anchor.labels.insert(0, text.trim().to_owned());
            self.found.anchors.push(anchor);
        }
    }
}

/// True for a number alone, and for "1 / 5" and "Page 1 of 5".
fn is_place(text: &str) -> bool {
    if text.len() > 32 {
        return false;
    }
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let alone = text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(_), None, None) => alone,
        (Some(at), Some(of), None) => {
            let [at, of] = [at, of].map(|it| it.parse::<u32>().unwrap_or(u32::MAX));
            at <= of && of <= 999
        }
        _ => false,
    }
}

/// Adds to a label while it is short enough to be one; a run of white space is one space, however long.
fn append(label: &mut String, text: &str) {
    for c in text.chars() {
        if label.len() > LONGEST_LABEL {
            return;
        }
        if !c.is_whitespace() {
            label.push(c);
        } else if !label.ends_with(' ') {
            label.push(' ');
        }
    }
}

fn value(tag: &Tag, key: &str) -> Option<String> {
    tag.attrs
        .iter()
        .find(|attribute| &*attribute.name.local == key)
        .map(|attribute| attribute.value.to_string())
}

fn is_next(tag: &Tag) -> bool {
    value(tag, "rel").is_some_and(|rel| has_word(&rel, "next"))
}

fn has_word(list: &str, word: &str) -> bool {
    list.split_whitespace()
        .any(|it| it.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_link_says_is_its_text_its_images_and_its_labels() {
        let html = "<a href=/2 aria-label='Page two'>Older <img alt=posts><svg><title>arrow</title></svg></a>";
        let found = scan(html);
        assert_eq!(found.anchors.len(), 1);
        assert_eq!(found.anchors[0].labels, ["Older posts arrow", "Page two"]);
    }

    #[test]
    fn the_white_space_of_the_source_is_no_part_of_a_label() {
        let space = "\n        ".repeat(40);
        let found = scan(&format!(
            "<a href=/2>{space}Next{space}<b>{space}a post</b></a>"
        ));
        assert_eq!(found.anchors[0].labels, ["Next a post"]);
    }

    #[test]
    fn links_inside_scripts_and_comments_are_none() {
        let html = "<script>'<a href=/1>x</a>'</script><!-- <a href=/2>y</a> --><style><a href=/3></style>\
            <textarea><a href=/4>z</a></textarea><a href=/5 class='btn Disabled'>Next</a><a href=/6>w</a>";
        let hrefs: Vec<String> = scan(html).anchors.into_iter().map(|it| it.href).collect();
        assert_eq!(hrefs, ["/6"]);
    }

    #[test]
    fn a_number_before_a_link_is_noticed_and_a_date_is_not() {
        for (html, expected) in [
            ("<span>1</span> <a href=x>→</a>", true),
            ("<a href=/3>3</a> · <a href=x>→</a>", true),
            ("<p>Page 1 of 5</p><a href=x>→</a>", true),
            ("<p>4 May 2024</p><a href=x>→</a>", false),
            ("<span>1</span><p>words</p><a href=x>→</a>", false),
        ] {
            let found = scan(html);
            let last = found.anchors.last().unwrap();
            assert_eq!(last.follows_number, expected, "{html}");
        }
    }
}
