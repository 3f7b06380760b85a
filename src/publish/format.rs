//! The formats that a feed is published in: their names and constants, nothing else.

pub use crate::model::Format;

/// The XML namespace of our own elements, by custom with the prefix `agg`: `agg:readMinutes` (whole minutes) and
/// `agg:dateKind` (`instant`, `day`, `month`, or, where the source gives no date, `first_seen` if the entry carries the
/// time at which it was first seen and `placed` if it carries one between those of its neighbours in the list).
pub const NAMESPACE: &str = "urn:x-agg:feed:1";

/// How our XML documents begin.
pub(super) const XML_DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

impl Format {
    /// The name of its file in the folder of the feed.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Atom => "atom.xml",
            Self::Rss => "rss.xml",
            Self::Json => "feed.json",
            Self::Html => "index.html",
        }
    }

    /// The name of the file of an archive page, in the folder of the feed; `None` where the format has no archives.
    #[must_use]
    pub fn archive_name(self, page: u64) -> Option<String> {
        match self {
            Self::Atom => Some(format!("archive/{page}.xml")),
            Self::Json => Some(format!("archive/{page}.json")),
            Self::Rss | Self::Html => None,
        }
    }

    /// Its media type, without parameters.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Json => "application/feed+json",
            Self::Html => "text/html",
        }
    }

    /// Its name in prose.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Atom => "Atom",
            Self::Rss => "RSS",
            Self::Json => "JSON Feed",
            Self::Html => "HTML",
        }
    }
}
