//! What a feed or page says, as strings, nothing mended. Made by `extract`, read by `normalise`.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Provenance, UpdateHints, Wrapper};

/// Text with what is known of its markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Characters, to be taken as they are.
    Plain(String),
    /// HTML source, possibly hostile.
    Html(String),
}

impl Text {
    /// The characters or the HTML source.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Html(text) => text,
        }
    }
}

/// A person as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawPerson {
    /// The name shown.
    pub name: String,
    /// A home page.
    pub url: Option<String>,
    /// An e-mail address; never published.
    pub email: Option<String>,
}

/// An attached file as written (RSS `enclosure`, Atom `rel=enclosure`, JSON Feed `attachments`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawEnclosure {
    /// Where the file is.
    pub url: String,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub length: Option<u64>,
    /// How long it plays, in seconds.
    pub duration_seconds: Option<u64>,
}

/// One entry as found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawEntry {
    /// guid, atom:id, rdf:about or JSON Feed id.
    pub id: Option<String>,
    /// The link to the article, possibly relative to `base`.
    pub url: Option<String>,
    /// The address by which to know the article again, where `url` is one that only leads to it (`feedburner:origLink`).
    pub canonical: Option<String>,
    /// What relative addresses of this entry resolve against (xml:base, `<base>`); `None`: the document's address.
    pub base: Option<Url>,
    /// The title.
    pub title: Option<Text>,
    /// When it was published, as written or RFC 3339.
    pub published: Option<String>,
    /// When it was changed, as written or RFC 3339.
    pub updated: Option<String>,
    /// The excerpt.
    pub summary: Option<Text>,
    /// The body.
    pub content: Option<Text>,
    /// Tags and categories, as written.
    pub tags: Vec<String>,
    /// The stated read time ("6 min read"), as written.
    pub read_time: Option<String>,
    /// Who wrote it.
    pub authors: Vec<RawPerson>,
    /// The language tag given for it.
    pub language: Option<String>,
    /// An image that stands for it.
    pub image: Option<String>,
    /// Attached files.
    pub enclosures: Vec<RawEnclosure>,
    /// The page of its comments.
    pub comments: Option<String>,
    /// Its rights or licence.
    pub rights: Option<String>,
    /// Which tier each field came from.
    pub provenance: Provenance,
}

/// What a document turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentKind {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// An HTML page.
    Page,
}

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMeta {
    /// Its name.
    pub title: Option<String>,
    /// The site it belongs to.
    pub site: Option<String>,
    /// Its own id (atom:id).
    pub id: Option<String>,
    /// Its language tag.
    pub language: Option<String>,
    /// Feeds that a page advertises (`link rel=alternate`), absolute, in page order.
    pub feeds: Vec<Url>,
    /// When it wishes to be asked.
    pub hints: UpdateHints,
}

/// All that was read from one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// What the document was.
    pub kind: DocumentKind,
    /// The WHATWG name of the encoding it was decoded with.
    pub charset: &'static str,
    /// What it says of itself.
    pub meta: SourceMeta,
    /// Its entries, in document order.
    pub entries: Vec<RawEntry>,
    /// The rules that read the listing, where it is a page.
    pub wrapper: Option<Wrapper>,
    /// Why no such rules could be learnt of a page, in words.
    pub unlearnt: Option<String>,
    /// The page with older posts, on the same host, where the document is a page and links to one.
    pub next: Option<Url>,
    /// True if the document ends before it should: the rest may come with the next answer.
    pub is_cut: bool,
    /// What was odd, in sentences.
    pub warnings: Vec<String>,
}
