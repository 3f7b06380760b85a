//! What an element can be called by in a selector that lasts: its tag, the names that a person gave to its kind, the folder
//! that its links lead to. Never an item's id, a generated class name or a position.

use std::collections::HashSet;
use std::fmt;

use super::super::classes::is_stable_class;
use super::super::tree::{self, Tree, attribute};
use crate::model::FieldRule;

/// Words in class names that say what an element is, not how it looks.
const TELLING: &[&str] = &[
    "abstract",
    "archive",
    "archives",
    "article",
    "articles",
    "author",
    "blog",
    "byline",
    "card",
    "cards",
    "categories",
    "category",
    "content",
    "date",
    "dek",
    "desc",
    "description",
    "entries",
    "entry",
    "excerpt",
    "feed",
    "headline",
    "hentry",
    "intro",
    "item",
    "items",
    "latest",
    "lead",
    "link",
    "list",
    "listing",
    "meta",
    "name",
    "news",
    "note",
    "notes",
    "permalink",
    "post",
    "posted",
    "posts",
    "preview",
    "published",
    "reading",
    "readtime",
    "recent",
    "results",
    "snippet",
    "stories",
    "story",
    "stream",
    "subtitle",
    "summary",
    "tag",
    "tags",
    "teaser",
    "thread",
    "time",
    "timeline",
    "timestamp",
    "title",
    "topic",
    "topics",
    "writing",
];

/// Words of class names that are a line of style (`items-center`, `list-none`).
const LAYOUT: &[&str] = &[
    "around", "baseline", "between", "center", "decimal", "disc", "end", "evenly", "inline",
    "inside", "none", "outside", "start", "stretch", "unstyled",
];
/// What a class name begins with that tells the state of one element, not its kind.
const STATES: &[&str] = &["has-", "is-", "no-", "with-", "not-", "js-"];
/// Class names that number or single out elements of one kind.
const SINGLING: &[&str] = &[
    "active", "alt", "current", "even", "featured", "first", "last", "latest", "new", "odd",
    "pinned", "selected", "sticky",
];

/// What is said of an element beside its tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mark {
    /// A class.
    Class(String),
    /// The author's part of a generated class name (`PostCard_root__` of `PostCard_root__x1Y2z`).
    Stem(String),
    /// The id, of containers only.
    Id(String),
    /// A part of where a link leads.
    Href(String),
}

/// A tag and what is said beside it; an empty tag stands for any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Simple {
    /// The tag.
    pub(super) tag: String,
    /// All of it holds.
    pub(super) marks: Vec<Mark>,
}

impl Simple {
    /// Any element of that tag.
    pub(super) fn bare(tag: &str) -> Self {
        Self {
            tag: tag.to_owned(),
            marks: Vec::new(),
        }
    }

    /// True if node `i` is such an element.
    pub(super) fn fits(&self, tree: &Tree<'_>, i: usize) -> bool {
        let Some(element) = tree.element(i) else {
            return false;
        };
        (self.tag.is_empty() || element.name() == self.tag)
            && self.marks.iter().all(|mark| match mark {
                Mark::Class(name) => tree::classes(element).any(|class| class == name),
                Mark::Stem(stem) => {
                    attribute(element, "class").is_some_and(|all| all.contains(stem))
                }
                Mark::Id(id) => attribute(element, "id") == Some(id),
                Mark::Href(part) => attribute(element, "href").is_some_and(|to| to.contains(part)),
            })
    }
}

impl fmt::Display for Simple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tag)?;
        for mark in &self.marks {
            match mark {
                Mark::Class(name) => write!(f, ".{name}")?,
                Mark::Stem(stem) => write!(f, "[class*=\"{stem}\"]")?,
                Mark::Id(id) => write!(f, "#{id}")?,
                Mark::Href(part) => write!(f, "[href*=\"{part}\"]")?,
            }
        }
        Ok(())
    }
}

/// What elements of one kind have in common.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Their tag.
    pub(super) tag: String,
    /// The id of a single container.
    pub(super) id: Option<Mark>,
    /// What all of them bear and says what they are, the plainest first.
    pub(super) telling: Vec<Mark>,
    /// All class names that all of them bear and a person may have given.
    pub(super) plain: Vec<Mark>,
}

impl Step {
    /// What the elements of `level` have in common; `None` if not even the tag. `is_container`: a single one's id is the
    /// page's own name for it.
    pub(super) fn of(tree: &Tree<'_>, level: &[usize], is_container: bool) -> Option<Self> {
        let (&first, others) = level.split_first()?;
        let tag = tree.name(first);
        if tag.is_empty() || others.iter().any(|&i| tree.name(i) != tag) {
            return None;
        }
        let id = tree
            .attr(first, "id")
            .filter(|id| is_container && others.is_empty() && is_plain(id))
            .map(|id| Mark::Id(id.to_owned()));
        let common = |mark: &Mark| {
            let simple = Simple {
                tag: String::new(),
                marks: vec![mark.clone()],
            };
            others.iter().all(|&i| simple.fits(tree, i))
        };
        let mut plain = Vec::new();
        let mut telling: Vec<(bool, usize, Mark)> = Vec::new();
        let classes = tree.element(first).into_iter().flat_map(tree::classes);
        for class in classes {
            let mark = if is_plain(class) {
                Mark::Class(class.to_owned())
            } else if let Some(stem) = stem(class) {
                Mark::Stem(stem.to_owned())
            } else {
                continue;
            };
            if !common(&mark) || plain.contains(&mark) {
                continue;
            }
            if is_telling(class) {
                telling.push((!TELLING.contains(&class), class.len(), mark.clone()));
            }
            plain.push(mark);
        }
        telling.sort_by_key(|(is_part, length, _)| (*is_part, *length));
        Some(Self {
            tag: tag.to_owned(),
            id,
            telling: telling.into_iter().map(|(_, _, mark)| mark).collect(),
            plain,
        })
    }

    /// The tag alone.
    pub(super) fn bare(&self) -> Simple {
        Simple::bare(&self.tag)
    }

    /// The tag with one mark.
    pub(super) fn with(&self, mark: &Mark) -> Simple {
        Simple {
            tag: self.tag.clone(),
            marks: vec![mark.clone()],
        }
    }

    /// The tag with all its classes, if it has any.
    pub(super) fn full(&self) -> Option<Simple> {
        (!self.plain.is_empty()).then(|| Simple {
            tag: self.tag.clone(),
            marks: self.plain.clone(),
        })
    }
}

/// True if a word of the class name says what an element is, and none how it is laid out.
fn is_telling(class: &str) -> bool {
    has_word(class, TELLING) && !has_word(class, LAYOUT)
}

/// True if one of `known` is a word of the class name.
pub(super) fn has_word(class: &str, known: &[&str]) -> bool {
    words(class).any(|word| known.contains(&word.to_ascii_lowercase().as_str()))
}

/// The words of a class name: parted by signs and by capitals.
fn words(class: &str) -> impl Iterator<Item = &str> {
    class.split(['-', '_']).flat_map(|part| {
        let mut starts: Vec<usize> = vec![0];
        let bytes = part.as_bytes();
        starts.extend(
            (1..bytes.len())
                .filter(|&i| bytes[i].is_ascii_uppercase() && bytes[i - 1].is_ascii_lowercase()),
        );
        starts.push(part.len());
        starts
            .windows(2)
            .map(|pair| part.get(pair[0]..pair[1]).unwrap_or_default())
            .collect::<Vec<_>>()
    })
}

/// True for a class or id that a person would write: a kind of element, no figures, no characters to escape, no generated
/// part.
pub(super) fn is_plain(class: &str) -> bool {
    is_stable_class(class)
        && class.starts_with(|c: char| c.is_ascii_alphabetic())
        && class
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_')
        && !STATES.iter().any(|state| class.starts_with(state))
        && !SINGLING.contains(&class)
        && !is_generated(class)
}

/// True for the class names that CSS modules, styled components and their like make.
fn is_generated(class: &str) -> bool {
    /// CSS modules end in so many letters of a hash.
    const HASH_LETTERS: usize = 5;
    let module = class.rsplit_once("__").is_some_and(|(name, hash)| {
        hash.len() == HASH_LETTERS
            && (name.contains('_') || name.starts_with(|c: char| c.is_ascii_uppercase()))
    });
    module
        || matches!(
            class.split('-').next(),
            Some("css" | "sc" | "jsx" | "svelte" | "astro" | "emotion" | "tss")
        )
        || class.contains("-sc-")
        || class.split(['-', '_']).any(is_hashed)
}

/// True for letters that no word is made of: a part between capitals without a vowel, a long run of consonants.
fn is_hashed(part: &str) -> bool {
    /// No word in a class name has so many consonants in a row.
    const CONSONANTS: usize = 5;
    /// Shorter ones may be short for a word (`btn`, `nav`).
    const SHORT: usize = 3;
    let is_vowel = |b: u8| b"aeiouyAEIOUY".contains(&b);
    let capital = |b: &u8| b.is_ascii_uppercase();
    let mixed = part.bytes().skip(1).any(|b| capital(&b));
    let silent = words(part).any(|hump| hump.len() == 1 || !hump.bytes().any(is_vowel));
    let ends_high = part.bytes().next_back().is_some_and(|b| capital(&b));
    let mute = part.len() > SHORT && !part.bytes().any(is_vowel);
    let rough = part
        .as_bytes()
        .split(|&b| is_vowel(b))
        .any(|run| run.len() >= CONSONANTS);
    mixed && (silent || ends_high) || mute || rough
}

/// What the author wrote of a generated class name, up to and with the sign before the generated part.
fn stem(class: &str) -> Option<&str> {
    /// Shorter ones fit by chance.
    const MIN_STEM: usize = 6;
    let end = match (class.find("-sc-"), class.rsplit_once("__")) {
        (Some(at), _) => at + "-sc-".len(),
        (None, Some((name, _))) => name.len() + "__".len(),
        (None, None) => return None,
    };
    let stem = &class[..end];
    let name = stem.trim_end_matches(['-', '_']).trim_end_matches("-sc");
    (end < class.len() && name.len() >= MIN_STEM && is_plain(name)).then_some(stem)
}

/// A rule that is just a selector.
pub(super) fn rule(selector: String) -> FieldRule {
    FieldRule {
        selector,
        ..FieldRule::default()
    }
}

/// What the elements inside `i` are, as far as it can be said in a selector.
pub(super) fn features(tree: &Tree<'_>, i: usize) -> HashSet<Simple> {
    /// As many nodes of an item are looked at.
    const MAX_NODES: usize = 300;
    let mut out = HashSet::new();
    for n in tree.extent(i).skip(1).take(MAX_NODES) {
        let Some(step) = Step::of(tree, &[n], false) else {
            continue;
        };
        for mark in &step.telling {
            out.insert(step.with(mark));
        }
        if let Some(folder) = folder(tree, n) {
            out.insert(step.with(&folder));
        }
        out.insert(step.bare());
    }
    out
}

/// The folder at the top of where a link leads: `/blog/` of `https://example.org/blog/a-post`.
pub(super) fn folder(tree: &Tree<'_>, i: usize) -> Option<Mark> {
    let href = tree.attr(i, "href").filter(|_| tree.name(i) == "a")?.trim();
    let (path, sign) = match href.split_once("://") {
        Some((_, rest)) => (&rest[rest.find('/')?..], "/"),
        None => (href, if href.starts_with('/') { "/" } else { "" }),
    };
    let mut segments = path
        .trim_start_matches("./")
        .trim_start_matches('/')
        .split('/');
    let (first, rest) = (segments.next()?, segments.next()?);
    let is_word = first
        .bytes()
        .all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_');
    (is_word && first.len() > 1 && !rest.is_empty()).then(|| Mark::Href(format!("{sign}{first}/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_person_gave_are_told_from_generated_ones() {
        for name in [
            "post",
            "post-card",
            "hentry",
            "entry_title",
            "postList",
            "blog-post__title",
            "archive-entry",
            "card-hover",
            "ThreadCard_card",
            "md-post--excerpt",
            "block__title",
        ] {
            assert!(is_plain(name), "{name}");
        }
        for name in [
            "post-332",
            "css-bdnxrm",
            "sc-fzoLsD",
            "PostCard_root__bDyIZ",
            "beSmhL",
            "kFwjts",
            "jgmfXi",
            "fa-DqsY",
            "wvWOI",
            "tag_QGVx",
            "styles_item__xkcdq",
            "svelte-abcdef",
            "has-post-thumbnail",
            "first",
            "mt-4",
            "hover:underline",
            "category-fish",
            "postCard__PostBox-sc-cde5i-4",
        ] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn of_a_generated_name_the_authors_part_remains() {
        assert_eq!(stem("PostCard_root__x1Y2z"), Some("PostCard_root__"));
        assert_eq!(
            stem("postCard__PostBox-sc-cde5i-4"),
            Some("postCard__PostBox-sc-")
        );
        assert_eq!(stem("sc-fzoLsD"), None);
        assert_eq!(stem("css-1x2y"), None);
        assert_eq!(stem("a__b1c2d"), None);
    }
}
