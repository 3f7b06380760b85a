//! Which entries a feed is of, and by which words it speaks of them. Made by `config`, read by `store`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What an entry must have to be in a feed, beside its source. Each part that is given narrows the feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// It has one of these tags, in the words of the feed's [`Vocabulary`]; `*` stands for anything. Empty: all.
    pub tags: Vec<String>,
    /// It has a tag that makes this folder name (see `lexicon::slug`), for a feed of one tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_slug: Option<String>,
    /// It is in one of these languages: `en` takes `en-gb` too. Empty: all, even unknown ones.
    pub languages: Vec<String>,
    /// It meets one of these. Empty: all.
    pub include: Vec<Condition>,
    /// It meets none of these.
    pub exclude: Vec<Condition>,
    /// It takes so many minutes to read; an entry of unknown length does not.
    pub min_read_minutes: Option<u32>,
}

impl Filter {
    /// True if it takes every entry.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// True if it asks for tags.
    #[must_use]
    pub fn asks_for_tags(&self) -> bool {
        !self.tags.is_empty() || self.tag_slug.is_some()
    }
}

/// A text that a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Where.
    pub field: FilterField,
    /// What, in small letters. With a `*`, which stands for anything, it is the whole field, else any part of it.
    pub text: String,
}

/// A field that a [`Condition`] looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterField {
    /// The title.
    Title,
    /// The summary.
    Summary,
    /// The text of the body, without its markup.
    Content,
    /// The name of any author.
    Author,
    /// The permalink.
    Url,
}

/// The part of a [`Filter`] that leaves an entry out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "clause", rename_all = "snake_case")]
pub enum Clause {
    /// [`Filter::languages`].
    Languages {
        /// The languages of the feed.
        wanted: Vec<String>,
        /// That of the entry, if it is known.
        has: Option<String>,
    },
    /// [`Filter::min_read_minutes`].
    MinReadMinutes {
        /// The least for the feed.
        wanted: u32,
        /// The read time of the entry, if it is known.
        has: Option<u32>,
    },
    /// [`Filter::tags`], or the one tag of a feed of its own.
    Tags {
        /// The tags of the feed.
        wanted: Vec<String>,
        /// Those of the entry, in the words of the feed.
        has: Vec<String>,
    },
    /// [`Filter::include`]: it meets none of these.
    Include {
        /// What it has to meet one of.
        wanted: Vec<Condition>,
    },
    /// [`Filter::exclude`].
    Exclude {
        /// What it meets.
        met: Condition,
    },
}

/// The `[tags]` table: one word for tags that mean the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Vocabulary {
    /// By each synonym, the word that stands for it.
    pub words: BTreeMap<String, String>,
}

impl Vocabulary {
    /// The word for `tag`; its own, if it has no other.
    #[must_use]
    pub fn word<'a>(&'a self, tag: &'a str) -> &'a str {
        self.words.get(tag).map_or(tag, String::as_str)
    }

    /// All tags that mean the same as `tag`, its word first.
    #[must_use]
    pub fn meaning(&self, tag: &str) -> Vec<String> {
        let word = self.word(tag);
        let synonyms = self.words.iter().filter(|(_, known)| *known == word);
        std::iter::once(word)
            .chain(synonyms.map(|(synonym, _)| synonym.as_str()))
            .map(str::to_owned)
            .collect()
    }

    /// `tags` in these words, each once.
    #[must_use]
    pub fn apply(&self, tags: &[String]) -> Vec<String> {
        let mut words: Vec<String> = Vec::with_capacity(tags.len());
        for tag in tags {
            let word = self.word(tag);
            if words.iter().all(|known| known != word) {
                words.push(word.to_owned());
            }
        }
        words
    }
}

/// In which order a front page shows its entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedOrder {
    /// What was published last comes first, so that nothing new is missed; those of one run by date.
    #[default]
    FirstPublished,
    /// The newest date comes first.
    Date,
}
