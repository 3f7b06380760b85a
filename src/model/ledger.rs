//! What goes on record when entries are published: their ids and dates, which never change afterwards.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use url::Url;

use super::{Date, DateKind, EntryKey, SourceId};

/// An entry that was never published, with what its line in the ledger is made from. Made by `store`, read by `dedupe`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpublished {
    /// Which entry.
    pub key: EntryKey,
    /// The source whose values won.
    pub source: SourceId,
    /// The host of that source's address.
    pub source_host: String,
    /// The guid there, if it is evidence: one that its source gives to several entries is not.
    pub guid: Option<String>,
    /// The title of the merged article.
    pub title: String,
    /// Its permalink.
    pub url: Option<Url>,
    /// Its canonical link key.
    pub link: Option<String>,
    /// When it was published, where a source says so.
    pub published: Option<Date>,
    /// When it was changed, where a source says so.
    pub updated: Option<DateTime<Utc>>,
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// Its place in the document of that source, from 0.
    pub position: u32,
    /// True if entries of that source were published before this one was seen there.
    pub established: bool,
    /// The oldest date that was published of that source, if this is older: it stands below all that is known in the
    /// document, and states no later date.
    pub backlog: Option<DateTime<Utc>>,
    /// Whether it was held back by the flood guard.
    pub hold: Hold,
}

/// Whether the flood guard holds an entry back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It never did.
    Never,
    /// It does since an earlier run, and no later one has confirmed it.
    Waits,
    /// It did, and a later reading of the source still showed the entry.
    Confirmed,
    /// It did, until a person released it.
    Released,
}

/// Entries of one source that the flood guard holds back. Made by `store`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldBack {
    /// The source that brought them.
    pub source: SourceId,
    /// How many there are.
    pub entries: usize,
    /// When the first of them was held back.
    pub since: DateTime<Utc>,
}

/// A line for the ledger. Made by `dedupe`, kept by `store` for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// Which entry.
    pub key: EntryKey,
    /// Its own globally unique URI, taken as its published id unless another entry has it already.
    pub own: Option<String>,
    /// The `tag:` URI that is its published id otherwise.
    pub minted: String,
    /// The date that subscribers see.
    pub date: DateTime<Utc>,
    /// Where that date came from.
    pub date_kind: DateKind,
    /// When its text last changed, at least `date`.
    pub changed: DateTime<Utc>,
    /// True if it comes with a flood: only the newest few of those stand on front pages.
    pub is_flood: bool,
    /// True if it is older than what is known of its source: it stands on no front page where that source is known.
    pub is_backlog: bool,
}

/// A `tag:` URI (RFC 4151) of `host`, minted on `day`. `name` must be unique for that host and day, and of characters
/// that a URI may hold (RFC 4151 §2.1).
///
/// The authority must be a DNS name: characters that cannot be in one (the colons of an IPv6 address) become hyphens.
#[must_use]
pub fn tag_uri(host: &str, day: NaiveDate, name: &str) -> String {
    let authority: String = host
        .chars()
        .map(|c| match c {
            'a'..='z' | '0'..='9' | '-' | '.' => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    let authority = authority.trim_matches(['-', '.']);
    let authority = if authority.is_empty() {
        "localhost"
    } else {
        authority
    };
    format!("tag:{authority},{}:{name}", day.format("%Y-%m-%d"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_uri_has_a_dns_name_and_a_date() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
        assert_eq!(
            tag_uri("Blog.example", day, "a1"),
            "tag:blog.example,2026-03-05:a1"
        );
        assert_eq!(tag_uri("[::1]", day, "a1"), "tag:1,2026-03-05:a1");
        assert_eq!(tag_uri("", day, "a1"), "tag:localhost,2026-03-05:a1");
    }
}
