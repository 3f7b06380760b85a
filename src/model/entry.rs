//! One article, normalised: absolute addresses, UTC instants, safe HTML, plain-text title and summary.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

/// How exactly a date was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// A month; kept as its first day, midnight UTC.
    Month,
    /// A day; kept as midnight UTC.
    Day,
    /// A point in time.
    Instant,
}

impl Precision {
    /// The word for it in JSON and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Day => "day",
            Self::Instant => "instant",
        }
    }
}

/// A date with its precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Date {
    /// The instant, or the first instant of the day or month (UTC).
    pub at: DateTime<Utc>,
    /// How much of `at` was stated.
    pub precision: Precision,
}

/// Someone who wrote an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name shown.
    pub name: String,
    /// A home page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
}

/// An attached file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Where the file is.
    pub url: Url,
    /// Its media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Its size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// How long it plays, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<u64>,
}

/// A field of an entry, as provenance names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the field of the same name of `Entry`")]
pub enum Field {
    Url,
    Title,
    Published,
    Updated,
    Summary,
    Content,
    Tags,
    ReadMinutes,
    Authors,
    Language,
    Image,
}

/// Where a field's value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// A rule of `[source.select]`.
    Select,
    /// The feed's own element.
    Feed,
    /// Structured data in the page (JSON-LD, microdata, microformats, page state).
    Structured,
    /// The inferred listing.
    Listing,
    /// The article's own page.
    Article,
    /// Worked out from other fields (a title from the summary, read time from the body).
    Derived,
    /// Given by the configuration.
    Configured,
}

/// Which tier each field came from; a field that is empty has none.
pub type Provenance = BTreeMap<Field, Tier>;

/// A fingerprint of an entry's cleaned text as its source shows it: 16 bytes of BLAKE3. Equal prints mean that nothing a
/// reader would notice has changed. Taken before enrichment, so that a listing compares with itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Print(pub [u8; 16]);

/// One article as one source shows it, normalised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The id as the source gives it; evidence, scoped to that source.
    pub guid: Option<String>,
    /// The permalink as given, absolute, http or https.
    pub url: Option<Url>,
    /// The canonical form of `url`, for recognition only, never shown: scheme, `www.`, tracking parameters and the like folded.
    pub key: Option<String>,
    /// Canonical forms of further addresses that its article's own page gave: the target of a redirect, rel=canonical.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Plain text on one line, never empty.
    pub title: String,
    /// When it was published, where the source says so.
    pub published: Option<Date>,
    /// When it was changed, where the source says so.
    pub updated: Option<DateTime<Utc>>,
    /// Plain text, about 300 characters at most.
    pub summary: Option<String>,
    /// Sanitised HTML with absolute addresses.
    pub content: Option<String>,
    /// Case-folded, without `#`, each once.
    pub tags: Vec<String>,
    /// As stated by the source, or computed from the whole body; never from a teaser.
    pub read_minutes: Option<u32>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// An image that stands for it.
    pub image: Option<Url>,
    /// Attached files.
    pub enclosures: Vec<Enclosure>,
    /// The page of its comments.
    pub comments: Option<Url>,
    /// Its rights or licence.
    pub rights: Option<String>,
    /// Which tier each field came from.
    pub provenance: Provenance,
    /// Its place in the document, from 0.
    pub position: u32,
    /// What its cleaned text was before enrichment.
    pub print: Print,
}

impl Entry {
    /// True if there is nothing to publish in it: neither a link, nor a title or text of its own, nor a file. Its title stands
    /// for want of one, and comes from nowhere.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        !self.provenance.contains_key(&Field::Title)
    }

    /// True if its body is its description with its markup, of which the summary says all that is text.
    #[must_use]
    pub fn is_described(&self) -> bool {
        self.provenance.get(&Field::Content) == Some(&Tier::Derived)
    }
}
