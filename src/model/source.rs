//! What we read: a source as configured, the rules that read its listing, and what was learnt by asking it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Access, Migrated, Moved, UpdateHints, Validators, Verdict, Wait};

/// The name of a source in `feeds.toml`: lower-case letters, digits, `-`, `_` and `.`; unique, and the scope of its guids. It
/// is a folder of its own where each source has a feed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(String);

impl SourceId {
    /// The id, if `text` is one: 1 to 64 characters of `a-z`, `0-9`, `-`, `_` and `.`, a letter or digit among them, and no
    /// `.` in front.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
            && text.bytes().any(|b| b.is_ascii_alphanumeric())
            && !text.starts_with('.');
        fits.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How a source's documents are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Decided by media type, then by the bytes.
    #[default]
    Auto,
    /// RSS, Atom or JSON Feed; anything else is an error.
    Feed,
    /// An HTML index page; anything else is an error.
    Page,
}

/// A `[[source]]` table of `feeds.toml`. Made by `config`, read by every stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name.
    pub id: SourceId,
    /// Its address.
    pub url: Url,
    /// The name that subscribers see; `None`: what the document calls itself.
    pub title: Option<String>,
    /// How to read it.
    pub kind: SourceKind,
    /// Rules that win over everything learnt, field by field.
    pub select: Option<Wrapper>,
    /// Whether the pages of new articles may be asked for what the listing lacks.
    pub enrich: bool,
    /// Whether the site's `robots.txt` is asked before its pages are. Feeds are read without.
    pub robots: bool,
    /// How many pages of a listing are read at most, this one included; at least 1. Feeds have one.
    pub pages: u32,
    /// How often it is asked at most; `None`: by its own rhythm.
    pub interval: Option<Duration>,
    /// Whose clock shows a time that it states without a zone; `None`: nobody has said, and it is taken for UTC.
    pub timezone: Option<Tz>,
    /// Tags that every entry of this source gets.
    pub tags: Vec<String>,
    /// How it is asked, where that is its own.
    pub access: Arc<Access>,
}

/// Rules that read a listing: written in `[source.select]`, or learnt by inference. Every selector but `item` is relative
/// to one item; a `None` leaves that field to the tiers below.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapper {
    /// What the posts are read from, where it is not the visible page. Excludes all other rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Carrier>,
    /// Selects one element an entry or, with `split`, the elements that hold several entries each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<FieldRule>,
    /// Selects what begins an entry, or parts two, where entries have no element of their own: each goes on to the next one,
    /// or to the end of the element around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<FieldRule>,
    /// The title's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<FieldRule>,
    /// The link to the article (`href` unless the rule names another attribute).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<FieldRule>,
    /// The date of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<FieldRule>,
    /// The excerpt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<FieldRule>,
    /// The tags, one element each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<FieldRule>,
    /// The stated read time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_time: Option<FieldRule>,
    /// The authors, one element each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<FieldRule>,
    /// The image (`src` unless the rule names another attribute).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<FieldRule>,
}

/// Where in a page posts are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Carrier {
    /// The data that it carries for machines: JSON-LD, microdata, microformats, the state that scripts start from.
    Data,
}

impl Wrapper {
    /// The rules that find the entries, without those that only tell their fields.
    #[must_use]
    pub fn listing(&self) -> Self {
        Self {
            from: self.from,
            item: self.item.clone(),
            split: self.split.clone(),
            link: self.link.clone(),
            ..Self::default()
        }
    }

    /// True if it says where the entries are, not only how to read their fields.
    #[must_use]
    pub fn finds_entries(&self) -> bool {
        self.item.is_some() || self.from.is_some()
    }

    /// Each selector with its key in `[source.select]`.
    pub fn rules(&self) -> impl Iterator<Item = (&'static str, &FieldRule)> {
        [
            ("item", &self.item),
            ("split", &self.split),
            ("title", &self.title),
            ("link", &self.link),
            ("date", &self.date),
            ("summary", &self.summary),
            ("tags", &self.tags),
            ("read_time", &self.read_time),
            ("author", &self.author),
            ("image", &self.image),
        ]
        .into_iter()
        .filter_map(|(key, rule)| rule.as_ref().map(|rule| (key, rule)))
    }
}

/// What marks a rule for the nearest element above an item.
const ABOVE: &str = "above:";

/// One rule: a CSS selector, and after an `@` the attribute to take instead of the text (`time@datetime`). With `above:`
/// before it, it speaks of the nearest element above the item, not of those inside it (`above: h2`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct FieldRule {
    /// True for the last fitting element before the item, outside it.
    pub above: bool,
    /// The CSS selector; empty: the item itself.
    pub selector: String,
    /// The attribute to take; `None`: the text.
    pub attribute: Option<String>,
}

impl From<String> for FieldRule {
    /// Splits at the last `@` that is followed by an attribute's name (an `@` inside `[…]` or quotes is the selector's).
    fn from(text: String) -> Self {
        let (above, text) = match text.trim().strip_prefix(ABOVE) {
            Some(rest) => (true, rest.trim()),
            None => (false, text.trim()),
        };
        let named = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b':' || b == b'_';
        let attribute = text
            .rsplit_once('@')
            .filter(|(_, name)| !name.is_empty() && name.bytes().all(named));
        Self {
            above,
            selector: attribute
                .map_or(text, |(selector, _)| selector.trim())
                .to_owned(),
            attribute: attribute.map(|(_, name)| name.to_owned()),
        }
    }
}

impl From<FieldRule> for String {
    fn from(rule: FieldRule) -> Self {
        let mut text = rule.selector;
        if let Some(attribute) = rule.attribute {
            text = format!("{text}@{attribute}");
        }
        if rule.above {
            text = format!("{ABOVE} {text}");
        }
        text
    }
}

/// What was learnt of a source by asking it. Kept by `store`, read by `schedule` and `agg status`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceState {
    /// What the next conditional request sends back.
    pub validators: Validators,
    /// The address that gave them, the only one to send them to (RFC 9110 §13.1); `None`: the one that is asked.
    pub validators_from: Option<Url>,
    /// BLAKE3 of the body last read, hex: a 200 with the same bytes is "unchanged" too.
    pub body_hash: Option<String>,
    /// The name the document gives itself.
    pub title: Option<String>,
    /// When it was asked last, as it is configured now; `None`: never, so that it is due.
    pub last_asked: Option<DateTime<Utc>>,
    /// When an answer was last good (200 that could be read, or 304).
    pub last_good: Option<DateTime<Utc>>,
    /// When an answer last held something new.
    pub last_new: Option<DateTime<Utc>>,
    /// Failures in a row since then.
    pub failures: u32,
    /// Not to be asked before, as the server wished (`Retry-After`) or, where it wished nothing, because of failures; `None`:
    /// whenever a cycle runs.
    pub not_before: Option<DateTime<Utc>>,
    /// True if `not_before` is the server's wish, which `--force` respects too.
    pub server_wish: bool,
    /// For how long its last answer is good, as that said (RFC 9111 §4.2.1); `None`: it said nothing.
    pub fresh_for: Option<Duration>,
    /// When its feed wishes to be asked.
    pub hints: UpdateHints,
    /// The usual time between two of its posts; `None`: too few are known.
    pub gap: Option<Duration>,
    /// The date of its latest post; `None`: none is known.
    pub newest: Option<DateTime<Utc>>,
    /// The outcome of the last time.
    pub last_outcome: Option<OutcomeKind>,
    /// What went wrong then.
    pub last_error: Option<String>,
    /// How many entries it has given so far.
    pub entries: u64,
    /// True if what it showed last was an index page; false, too, if it was never read.
    pub is_page: bool,
    /// Where it says that it has moved for good; `None`: nowhere.
    pub moved: Option<Moved>,
    /// True if pages of its articles could not be had for now: its index is to be seen again, changed or not.
    pub lacks_articles: bool,
}

/// How asking one source ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// 200, and read.
    Read,
    /// 304, or a 200 with the very bytes of the last time.
    Unchanged,
    /// Read, and rightly empty.
    Empty,
    /// Read, though the page has changed or its posts have moved: what was known of it was found again.
    Healed,
    /// Not asked: not due yet, or the server or our own backoff said later.
    Waiting,
    /// Could not be fetched or read.
    Failed,
    /// 410: the server says that it is gone for good; asked again only by hand.
    Gone,
}

impl OutcomeKind {
    /// The word for it in tables, JSON and the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unchanged => "unchanged",
            Self::Empty => "empty",
            Self::Healed => "healed",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Gone => "gone",
        }
    }

    /// The outcome of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Read,
            Self::Unchanged,
            Self::Empty,
            Self::Healed,
            Self::Waiting,
            Self::Failed,
            Self::Gone,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }

    /// True if the source's owner should hear of it.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Gone)
    }
}

/// One line of the fetch log: how asking one source ended, and what came of it. Made by `pipeline`, kept by `store`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Which source.
    pub source: SourceId,
    /// How it ended.
    pub kind: OutcomeKind,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Entries never seen before.
    pub new: usize,
    /// Entries whose text had changed.
    pub updated: usize,
    /// Entries known already, from this source or another.
    pub known: usize,
    /// Bytes of the body after decoding.
    pub bytes: u64,
    /// From the request to the stored result.
    pub millis: u64,
    /// What went wrong, with its causes, in one line.
    pub error: Option<String>,
    /// What the owner can do about it.
    pub help: Option<String>,
    /// What was odd but no failure.
    pub warnings: Vec<String>,
    /// What it shows under other ids or addresses than before; the archive keeps the warning that tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migrated: Option<Migrated>,
    /// Why it was not asked, where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Wait>,
    /// How the reading of an index page compares with the earlier ones; `None`: it was not judged. The archive keeps the
    /// last one of a source, not that of every line of the log.
    #[serde(flatten)]
    pub verdict: Option<Verdict>,
}

impl Outcome {
    /// An outcome of `kind` of which nothing else is known yet.
    #[must_use]
    pub fn new(source: SourceId, kind: OutcomeKind) -> Self {
        Self {
            source,
            kind,
            status: None,
            new: 0,
            updated: 0,
            known: 0,
            bytes: 0,
            millis: 0,
            error: None,
            help: None,
            warnings: Vec::new(),
            migrated: None,
            wait: None,
            verdict: None,
        }
    }
}
