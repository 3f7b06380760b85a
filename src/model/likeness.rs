//! How like two entries are, and what people have ruled about them. Made by `dedupe` and by people, kept by `store`.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{EntryKey, Sighting};

/// What sharing a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// Little: it is one of the parts of a text, of which two must be shared.
    Part,
    /// Enough, if the days of both are near each other.
    Whole,
    /// Enough at any time.
    Ever,
}

/// A thing that entries which may be one have in common. Kept by `store` as an index, so that nothing is compared with
/// everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// A hash of a part of the text, of the title, or of a link.
    pub value: u32,
    /// The day of the entry, in days since 1970-01-01; `None`: it has none, or the mark means something at any time.
    pub day: Option<i32>,
    /// What sharing it says.
    pub kind: MarkKind,
}

/// The marks of one entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Those by which others find it.
    pub kept: Vec<Mark>,
    /// Those by which it looks for others, besides `kept`.
    pub asked: Vec<Mark>,
    /// Canonical link keys that others may be known by.
    pub links: Vec<String>,
}

/// Why two entries are not one, however alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Veto {
    /// One source shows both: they are two of its posts.
    SameSource,
    /// Their dates are too far apart.
    FarApart,
    /// Their titles name other numbers, months or days: two issues of a series.
    TitleNumbers,
    /// Their texts name other numbers, months or days: a form that was filled in anew.
    TextNumbers,
    /// They are in different languages.
    Language,
}

impl Veto {
    /// True if it says that they are two, where other vetoes say only that this is no evidence.
    #[must_use]
    pub fn is_contradiction(self) -> bool {
        matches!(
            self,
            Self::SameSource | Self::TitleNumbers | Self::TextNumbers
        )
    }
}

/// How like two sightings are, and what that is made of; every share from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Likeness {
    /// All together.
    pub score: f64,
    /// Words that the titles have in common.
    pub title: f64,
    /// Runs of three words that the texts have in common, of all that there are in both.
    pub text: f64,
    /// How much of the shorter text is the beginning of the longer one, where the titles are the same.
    pub excerpt: f64,
    /// One is known by an address of the other: a redirect's target or rel=canonical.
    pub link: bool,
    /// The same title on one host on one day, where there is no text to compare.
    pub place: bool,
    /// Days between them, 0 where one has no date.
    pub days: u32,
    /// What speaks against it.
    pub veto: Option<Veto>,
}

/// What a person said of two entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// One of them.
    pub one: EntryKey,
    /// The other one.
    pub other: EntryKey,
    /// True: they are one; false: they are two.
    pub together: bool,
}

/// An entry that is recognised by its own aliases, whether it is shown by itself or with another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which one.
    pub key: EntryKey,
    /// The entry that it is shown with; `None`: itself.
    pub head: Option<EntryKey>,
    /// When it was first published, its date there, and its id; `None`: never, under an id of its own.
    pub published: Option<(DateTime<Utc>, DateTime<Utc>, String)>,
    /// What each source shows that is recognised by its aliases, in the order of the sources' names.
    pub sightings: Vec<Sighting>,
}
