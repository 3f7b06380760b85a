//! Lists of posts in machine data → the page's own listing, where none could be told from its links. A page carries lists
//! that are not its own (of the layout, for the search, of another section), so the visible page is asked as well.

use url::Url;

use super::super::address;
use super::super::links::Links;
use super::super::tree::Tree;
use super::record::{Form, List, Record, fold};

/// So many titles of a list are looked for on the page.
const LOOKED_FOR: usize = 20;
/// A page with more running text (characters) is about something else than posts that it does not show.
const SHELL_CHARS: usize = 300;
/// A title with fewer letters stands on every page.
const MIN_TITLE_CHARS: usize = 4;

/// The best list that may be the page's own, if there is one.
pub(super) fn best<'l>(
    lists: &'l [List],
    seen: &Seen,
    links: &Links,
    page: &Url,
    is_article: bool,
) -> Option<&'l List> {
    let fits = |list: &&List| {
        let posts = list
            .records
            .iter()
            .filter(|record| is_told(record, list))
            .count();
        posts > 0
            && posts * 2 >= list.records.len()
            && (!is_article || list.explicit && list.form == Form::JsonLd)
            && seen.allows(list)
    };
    // of equal ones the first
    lists
        .iter()
        .filter(fits)
        .rev()
        .max_by_key(|list| worth(list, links, page))
}

/// True for a record that can be an entry: an address, and more than a title beside it.
pub(super) fn is_told(record: &Record, list: &List) -> bool {
    let told = record.published.is_some() || record.summary.is_some();
    let titled =
        record.title.is_some() || list.form == Form::Microformats && record.summary.is_some();
    record.key.is_some() && titled && (told || list.explicit)
}

fn worth(list: &List, links: &Links, page: &Url) -> (usize, usize) {
    let folder = format!("{}/", address::key(page));
    let below = list
        .records
        .iter()
        .filter(|r| r.key.as_ref().is_some_and(|key| key.starts_with(&folder)))
        .count();
    let linked = list
        .records
        .iter()
        .filter(|r| {
            links
                .targets
                .iter()
                .any(|target| Some(&target.key) == r.key.as_ref())
        })
        .count();
    let sum: usize = list
        .records
        .iter()
        .map(|record| {
            2 + usize::from(record.published.is_some()) * 2
                + usize::from(record.summary.is_some())
                + usize::from(!record.tags.is_empty())
        })
        .sum();
    let own = below.max(linked) * 2 >= list.records.len();
    (usize::from(list.explicit) + usize::from(own), sum)
}

/// What a visitor sees of the page.
pub(super) struct Seen {
    /// The text of its own part, folded.
    main: String,
    /// That of its navigation, sidebars and footer.
    chrome: String,
    /// Characters of running text in its own part.
    prose: usize,
}

impl Seen {
    /// Reads the text of a page.
    pub(super) fn new(tree: &Tree<'_>) -> Self {
        let (mut main, mut chrome) = (String::new(), String::new());
        let mut prose = 0;
        for (i, node) in tree.nodes.iter().enumerate() {
            if let super::super::tree::Kind::Text(text) = node.kind {
                let text = fold(text);
                if node.chrome {
                    chrome.push_str(&text);
                } else {
                    main.push_str(&text);
                }
            } else if !node.chrome && matches!(tree.name(i), "p" | "pre" | "blockquote" | "dd") {
                prose += tree.char_count(tree.extent(i));
            }
        }
        Self {
            main,
            chrome,
            prose,
        }
    }

    /// True if the list may be what this page is for: it is shown in the page's own part, or it has yet to be put there by
    /// a script. What stands in the chrome alone belongs to the layout.
    fn allows(&self, list: &List) -> bool {
        let titles: Vec<String> = list
            .records
            .iter()
            .filter_map(Record::folded_title)
            .filter(|title| title.chars().count() >= MIN_TITLE_CHARS)
            .take(LOOKED_FOR)
            .collect();
        let shown = titles
            .iter()
            .filter(|title| self.main.contains(title.as_str()))
            .count();
        let around = titles
            .iter()
            .filter(|title| self.chrome.contains(title.as_str()))
            .count();
        if shown * 2 >= titles.len() && shown > 0 {
            return true;
        }
        around == 0 && self.prose < SHELL_CHARS
    }
}
