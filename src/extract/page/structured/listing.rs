//! Lists of posts in machine data → the page's own listing, where none could be told from its links. A page carries lists
//! that are not its own (of the layout, for the search, of another section), so the visible page is asked as well.

use std::collections::HashSet;

use url::Url;

use super::super::address;
use super::super::links::Links;
use super::super::tree::{Kind, Tree};
use super::record::{Form, List, Record, fold};

/// So many titles of a list are looked for on the page.
const LOOKED_FOR: usize = 20;
/// A page with more running text (characters) is about something else than posts that it does not show.
const SHELL_CHARS: usize = 300;
/// So much running text before a list makes the page an article.
const ESSAY_CHARS: usize = 700;
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
    let linked: HashSet<&str> = links.targets.iter().map(|t| t.key.as_str()).collect();
    lists
        .iter()
        .filter(fits)
        .rev()
        .max_by_key(|list| worth(list, &linked, page))
}

/// True for a record that can be an entry: an address, and more than a title beside it.
pub(super) fn is_told(record: &Record, list: &List) -> bool {
    let told = match list.form {
        // a directory describes its goods too
        Form::JsonLd | Form::Markup => record.published.is_some(),
        _ => record.published.is_some() || record.summary.is_some(),
    };
    let titled =
        record.title.is_some() || list.form == Form::Microformats && record.summary.is_some();
    record.key.is_some() && titled && (told || list.explicit)
}

fn worth(list: &List, linked: &HashSet<&str>, page: &Url) -> (usize, usize) {
    let folder = format!("{}/", address::key(page));
    let keys = || {
        list.records
            .iter()
            .filter_map(|record| record.key.as_deref())
    };
    let below = keys().filter(|key| key.starts_with(&folder)).count();
    let linked = keys().filter(|key| linked.contains(key)).count();
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
    /// Where in `main` each piece of running text ends, and how many characters of such text there are up to it.
    prose: Vec<(usize, usize)>,
}

impl Seen {
    /// Reads the text of a page.
    pub(super) fn new(tree: &Tree<'_>) -> Self {
        let mut seen = Self {
            main: String::new(),
            chrome: String::new(),
            prose: Vec::new(),
        };
        let mut sum = 0;
        // the end of the piece of running text that is met
        let mut end = 0;
        for (i, node) in tree.nodes.iter().enumerate() {
            if let Kind::Text(text) = node.kind {
                let folded = fold(text);
                if node.chrome {
                    seen.chrome.push_str(&folded);
                    continue;
                }
                seen.main.push_str(&folded);
                if i < end {
                    sum += folded.chars().count();
                    seen.prose.push((seen.main.len(), sum));
                }
            } else if matches!(tree.name(i), "p" | "pre" | "blockquote" | "dd") {
                end = end.max(tree.extent(i).end);
            }
        }
        seen
    }

    /// Characters of running text in the page's own part before a place in it.
    fn prose_before(&self, place: usize) -> usize {
        let before = self.prose.partition_point(|(end, _)| *end <= place);
        before.checked_sub(1).map_or(0, |last| self.prose[last].1)
    }

    /// True if the list may be what this page is for: it is shown in the page's own part and not only below a text, or it
    /// has yet to be put there by a script. What stands in the chrome alone belongs to the layout.
    fn allows(&self, list: &List) -> bool {
        let titles: Vec<String> = list
            .records
            .iter()
            .filter_map(Record::folded_title)
            .filter(|title| title.chars().count() >= MIN_TITLE_CHARS)
            .take(LOOKED_FOR)
            .collect();
        let shown: Vec<usize> = titles
            .iter()
            .filter_map(|title| self.main.find(title.as_str()))
            .collect();
        if let Some(&first) = shown.iter().min()
            && shown.len() * 2 >= titles.len()
        {
            return self.prose_before(first) < ESSAY_CHARS;
        }
        let around = |title: &String| self.chrome.contains(title.as_str());
        !titles.iter().any(around) && self.prose_before(usize::MAX) < SHELL_CHARS
    }
}
