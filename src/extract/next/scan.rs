//! A parsed page → its links, with what they say and what stands before them. One walk in document order.

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use super::super::page;

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

/// Reads the links of a page.
pub(super) fn scan(document: &Html) -> Scan {
    let mut state = State::default();
    state.walk(document, true);
    state.close();
    state.found
}

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
    /// Inside `noscript`, whose markup is not parsed.
    is_plain: bool,
}

impl State {
    fn walk(&mut self, document: &Html, is_page: bool) {
        for edge in document.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => self.start(element),
                    // what is for readers without scripts stands there as text
                    Node::Text(text) if self.is_plain && is_page && text.contains("<a") => {
                        if let Ok(inner) = page::parse(text) {
                            self.muted = false;
                            self.walk(&inner, false);
                        }
                    }
                    Node::Text(text) => self.text(text),
                    _ => {}
                },
                Edge::Close(node) => {
                    if let Node::Element(element) = node.value() {
                        self.end(element);
                    }
                }
            }
        }
    }

    fn start(&mut self, element: &Element) {
        self.settle();
        match element.name() {
            "base" if self.found.base.is_none() => self.found.base = value(element, "href"),
            "link" if is_next(element) => self.found.heads.extend(value(element, "href")),
            "a" => {
                self.close();
                self.open(element);
            }
            "img" => {
                if let (Some((_, text)), Some(alt)) = (&mut self.open, value(element, "alt")) {
                    append(text, &alt);
                }
            }
            "script" | "style" | "xmp" | "iframe" | "noembed" | "noframes" => self.muted = true,
            "noscript" => (self.muted, self.is_plain) = (true, true),
            _ => {}
        }
    }

    fn end(&mut self, element: &Element) {
        (self.muted, self.is_plain) = (false, false);
        self.settle();
        if element.name() == "a" {
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

    fn open(&mut self, tag: &Element) {
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

fn value(tag: &Element, key: &str) -> Option<String> {
    tag.attrs()
        .find(|(name, _)| *name == key)
        .map(|(_, value)| value.to_owned())
}

fn is_next(tag: &Element) -> bool {
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
        let found = scan(&Html::parse_document(html));
        assert_eq!(found.anchors.len(), 1);
        assert_eq!(found.anchors[0].labels, ["Older posts arrow", "Page two"]);
    }

    #[test]
    fn the_white_space_of_the_source_is_no_part_of_a_label() {
        let space = "\n        ".repeat(40);
        let found = scan(&Html::parse_document(&format!(
            "<a href=/2>{space}Next{space}<b>{space}a post</b></a>"
        )));
        assert_eq!(found.anchors[0].labels, ["Next a post"]);
    }

    #[test]
    fn links_inside_scripts_and_comments_are_none() {
        let html = "<script>'<a href=/1>x</a>'</script><!-- <a href=/2>y</a> --><style><a href=/3></style>\
            <textarea><a href=/4>z</a></textarea><a href=/5 class='btn Disabled'>Next</a><a href=/6>w</a>";
        let hrefs: Vec<String> = scan(&Html::parse_document(html))
            .anchors
            .into_iter()
            .map(|it| it.href)
            .collect();
        assert_eq!(hrefs, ["/6"]);
    }

    #[test]
    fn links_for_readers_without_scripts_are_links() {
        let html = "<p>Page 1 of 5</p><noscript><a href=/2>→</a><a href=/3>3</a></noscript><a href=/4>x</a>";
        let found = scan(&Html::parse_document(html)).anchors;
        let hrefs: Vec<&str> = found.iter().map(|it| it.href.as_str()).collect();
        assert_eq!(hrefs, ["/2", "/3", "/4"]);
        assert!(found[0].follows_number);
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
            let found = scan(&Html::parse_document(html));
            let last = found.anchors.last().unwrap();
            assert_eq!(last.follows_number, expected, "{html}");
        }
    }
}
