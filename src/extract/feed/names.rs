//! Names in feeds → fields. Namespaces are told by family, since real feeds spell one namespace in several ways, forget
//! to declare the usual prefixes, or put RSS itself into a namespace.

/// A family of namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// The namespace of the feed's own format, or none.
    Home,
    Atom,
    Dc,
    Content,
    Media,
    Itunes,
    Xhtml,
    Licence,
    Feedburner,
    Syndication,
    Other,
}

/// What namespace URI belongs to what family; RSS's own are [`Family::Home`].
pub(super) fn of_uri(uri: &str) -> Family {
    let uri = uri.trim().to_ascii_lowercase();
    let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    let rest = rest.trim_start_matches("www.").trim_end_matches(['/', '#']);
    match rest {
        "" | "w3.org/1999/02/22-rdf-syntax-ns" => Family::Home,
        "w3.org/2005/atom" | "purl.org/atom/ns" => Family::Atom,
        "search.yahoo.com/mrss" | "search.yahoo.com/rss" => Family::Media,
        "w3.org/1999/xhtml" => Family::Xhtml,
        _ if rest.starts_with("purl.org/atom/") => Family::Atom,
        _ if rest.starts_with("purl.org/rss/1.0/modules/content") => Family::Content,
        _ if rest.starts_with("purl.org/rss/1.0/modules/dc")
            || rest.starts_with("purl.org/dc/") =>
        {
            Family::Dc
        }
        _ if rest.starts_with("rssnamespace.org/feedburner/") => Family::Feedburner,
        _ if rest.starts_with("purl.org/rss/1.0/modules/syndication") => Family::Syndication,
        _ if rest.starts_with("purl.org/rss/1.0/modules") => Family::Other,
        _ if rest.starts_with("itunes.com/dtds/") => Family::Itunes,
        _ if rest.starts_with("backend.userland.com/creativecommonsrssmodule")
            || rest.starts_with("web.resource.org/cc")
            || rest.starts_with("creativecommons.org/ns") =>
        {
            Family::Licence
        }
        _ if rest.starts_with("purl.org/rss/1.")
            || rest.starts_with("purl.org/net/rss1.")
            || rest.contains("netscape.com/")
            || rest.starts_with("backend.userland.com/")
            || rest.contains("harvard.edu/tech/rss")
            || rest.contains("rssboard.org/rss-specification") =>
        {
            Family::Home
        }
        _ => Family::Other,
    }
}

/// What a prefix means by convention, where it is not declared.
pub(super) fn of_prefix(prefix: &str) -> Family {
    match prefix.to_ascii_lowercase().as_str() {
        "" | "rdf" | "rss" => Family::Home,
        "atom" | "a10" => Family::Atom,
        "dc" | "dcterms" => Family::Dc,
        "content" => Family::Content,
        "media" => Family::Media,
        "itunes" => Family::Itunes,
        "xhtml" => Family::Xhtml,
        "cc" | "creativecommons" => Family::Licence,
        "feedburner" => Family::Feedburner,
        "sy" => Family::Syndication,
        _ => Family::Other,
    }
}

/// A field of a feed or entry, as the wash collects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Link,
    /// The address behind a link that only counts who follows it.
    Origin,
    Summary,
    Content,
    Id,
    Published,
    Updated,
    Category,
    Keywords,
    Author,
    Person,
    PersonName,
    PersonUri,
    PersonEmail,
    Comments,
    /// The feed that an entry was taken from.
    Source,
    SourceTitle,
    Rights,
    Licence,
    Duration,
    Language,
    Enclosure,
    Image,
    ImageUrl,
    MediaContent,
    Thumbnail,
    /// An element whose children count as if it were not there.
    Group,
    Ttl,
    /// A list of hours or days.
    Skips,
    SkipHour,
    SkipDay,
    UpdatePeriod,
    UpdateFrequency,
    UpdateBase,
}

/// The field that an element is, with its rank: of several elements that fill one field, the lowest rank wins, then the
/// first. `local` is in lower case.
pub(super) fn field(family: Family, local: &str) -> Option<(Field, u8)> {
    use Family::{Atom, Content, Dc, Feedburner, Home, Itunes, Licence, Media, Syndication, Xhtml};
    Some(match (family, local) {
        (Home, "title") => (Field::Title, 0),
        (Atom | Dc, "title") => (Field::Title, 1),
        (Itunes, "title") => (Field::Title, 2),
        (Media, "title") => (Field::Title, 3),
        (Home | Atom, "link") => (Field::Link, 0),
        (Feedburner, "origlink") => (Field::Origin, 0),
        (Home, "description" | "summary") | (Atom, "summary") => (Field::Summary, 0),
        (Dc, "description" | "abstract") | (Home, "abstract") => (Field::Summary, 1),
        (Itunes, "summary") => (Field::Summary, 2),
        (Itunes, "subtitle") => (Field::Summary, 3),
        (Content, "encoded") | (Home | Atom, "content") => (Field::Content, 0),
        (Xhtml, "body" | "div") => (Field::Content, 1),
        (Home, "encoded" | "fulltext" | "fullitem" | "body") => (Field::Content, 2),
        (Home, "guid") => (Field::Id, 0),
        (Home | Atom, "id") => (Field::Id, 1),
        (Home, "pubdate" | "published" | "issued") | (Atom, "published" | "issued") => {
            (Field::Published, 0)
        }
        (Dc, "issued") => (Field::Published, 1),
        (Dc, "date") => (Field::Published, 2),
        (Home | Dc | Atom, "created") => (Field::Published, 3),
        (Home, "date") => (Field::Published, 4),
        (Home | Atom, "updated" | "modified") => (Field::Updated, 0),
        (Dc, "modified") => (Field::Updated, 1),
        (Home | Atom, "category") | (Dc, "subject") => (Field::Category, 0),
        (Itunes | Home, "keywords") => (Field::Keywords, 0),
        (Home | Atom, "author") => (Field::Person, 0),
        (Dc, "creator") => (Field::Author, 0),
        (Itunes, "author") => (Field::Author, 1),
        (Home, "managingeditor") => (Field::Author, 2),
        (Home, "comments") => (Field::Comments, 0),
        (Home | Atom, "source") => (Field::Source, 0),
        (Home, "rights" | "copyright") | (Atom, "rights") => (Field::Rights, 0),
        (Dc, "rights") => (Field::Rights, 1),
        (Licence, "license" | "licence") => (Field::Licence, 2),
        (Itunes, "duration") => (Field::Duration, 0),
        (Home | Dc, "language") => (Field::Language, 0),
        (Home, "enclosure") => (Field::Enclosure, 0),
        (Itunes | Home, "image") => (Field::Image, 0),
        (Media, "group") => (Field::Group, 0),
        (Media, "content") => (Field::MediaContent, 0),
        (Media, "thumbnail") => (Field::Thumbnail, 0),
        (Media, "description") => (Field::Summary, 4),
        (Home, "ttl") => (Field::Ttl, 0),
        (Home, "skiphours" | "skipdays") => (Field::Skips, 0),
        (Home, "hour") => (Field::SkipHour, 0),
        (Home, "day") => (Field::SkipDay, 0),
        (Syndication, "updateperiod") => (Field::UpdatePeriod, 0),
        (Syndication, "updatefrequency") => (Field::UpdateFrequency, 0),
        (Syndication, "updatebase") => (Field::UpdateBase, 0),
        _ => return None,
    })
}

impl Field {
    /// True for what only a feed says, and no entry.
    pub(super) fn is_hint(self) -> bool {
        matches!(
            self,
            Self::Ttl
                | Self::Skips
                | Self::SkipHour
                | Self::SkipDay
                | Self::UpdatePeriod
                | Self::UpdateFrequency
                | Self::UpdateBase
        )
    }
}

/// What a child of an author is.
pub(super) fn person_field(local: &str) -> Option<Field> {
    match local {
        "name" => Some(Field::PersonName),
        "uri" | "url" | "homepage" => Some(Field::PersonUri),
        "email" => Some(Field::PersonEmail),
        _ => None,
    }
}
