//! An address → what it says by itself: its folded form, by which two spellings compare equal, and whether it can be a post,
//! a tag, a person.

use url::Url;

/// The host without `www.`.
pub(super) fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or("");
    host.strip_prefix("www.").unwrap_or(host)
}

/// `url` folded for comparison. A fragment counts only where it is a route (`#/`, `#!`).
pub(super) fn key(url: &Url) -> String {
    let mut path = url.path();
    for index in ["index.html", "index.htm", "index.php"] {
        if let Some(folder) = path.strip_suffix(index)
            && folder.ends_with('/')
        {
            path = folder;
        }
    }
    let mut key = format!("{}{}", host(url), path.trim_end_matches('/'));
    if let Some(query) = url.query().filter(|query| !query.is_empty()) {
        key.push('?');
        key.push_str(query);
    }
    if let Some(fragment) = url.fragment()
        && (fragment.starts_with('/') || fragment.starts_with('!'))
    {
        key.push('#');
        key.push_str(fragment);
    }
    key
}

/// Path segments after which no single post stands.
const COLLECTIONS: &[&str] = &[
    "tag",
    "tags",
    "category",
    "categories",
    "topic",
    "topics",
    "author",
    "authors",
    "page",
    "label",
    "labels",
    "archive",
    "archives",
    "kategorie",
    "categoria",
    "categorie",
    "etiqueta",
    "search",
    "user",
    "users",
    "team",
    "series",
    "login",
    "signup",
    "register",
    "feed",
    "rss",
    "cat",
    "profile",
    "etiquetas",
    "thema",
    "themen",
];

/// Last path segments of pages that every site has.
const SITE_PAGES: &[&str] = &[
    "about",
    "about-us",
    "contact",
    "contact-us",
    "privacy",
    "privacy-policy",
    "terms",
    "terms-of-service",
    "imprint",
    "impressum",
    "datenschutz",
    "login",
    "signup",
    "sign-up",
    "sign-in",
    "register",
    "subscribe",
    "newsletter",
    "rss",
    "feed",
    "atom",
    "sitemap",
    "search",
    "home",
    "projects",
    "cv",
    "resume",
    "now",
    "uses",
    "friends",
    "links",
    "legal",
    "careers",
    "jobs",
    "pricing",
    "support",
    "help",
    "donate",
    "faq",
    "cookies",
    "cookie-policy",
    "docs",
    "portfolio",
    "blog",
    "posts",
    "articles",
    "news",
    "archive",
    "archives",
    "tags",
    "categories",
    "topics",
    "events",
];

/// Endings of files that are no page.
const FILES: &[&str] = &[
    ".xml", ".rss", ".atom", ".json", ".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".zip",
    ".gz", ".mp3", ".mp4", ".css", ".js", ".ico", ".exe", ".jar", ".apk", ".msi", ".deb", ".tar",
    ".pdf", ".dmg", ".epub",
];

/// Paths and hosts at which a page is shared or saved, with the page's address in the query.
const SHARE: &[&str] = &[
    "share",
    "sharer",
    "intent",
    "submit",
    "sharearticle",
    "save",
    "addtoany",
    "cgi-bin",
];

/// Hosts on which an address of one or two segments is a person, a project or a profile, never a post.
const CODE_HOSTS: &[&str] = &[
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "sr.ht",
    "npmjs.com",
    "crates.io",
    "pypi.org",
    "twitter.com",
    "x.com",
    "linkedin.com",
    "facebook.com",
    "instagram.com",
    "youtube.com",
    "t.me",
    "mastodon.social",
    "discord.gg",
    "discord.com",
];

/// True for addresses that cannot be a post: the site's root, the page at `page` and its parents, tag, author and numbered
/// pages, share links, files.
pub(super) fn is_utility(to: &Url, page: &Url) -> bool {
    let path = to.path().to_ascii_lowercase();
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let Some(last) = segments.last() else {
        // the root of a site; with a query it may be a post (`/?p=12`)
        return to
            .query()
            .is_none_or(|query| query.starts_with("page") || query.starts_with("paged"))
            && to
                .fragment()
                .is_none_or(|fragment| !fragment.starts_with(['/', '!']));
    };
    if FILES.iter().any(|file| last.ends_with(file)) {
        return true;
    }
    if host(to) == host(page) {
        let above = page.path().to_ascii_lowercase();
        let folder = format!("{}/", path.trim_end_matches('/'));
        if above.starts_with(&folder) {
            return true;
        }
    }
    if to
        .query()
        .is_some_and(|query| query.contains("http") || query.contains("url="))
        && segments
            .iter()
            .any(|segment| SHARE.contains(&segment.trim_end_matches(".php")))
    {
        return true;
    }
    if is_period(&segments) {
        return true;
    }
    if let [.., before, last] = segments.as_slice()
        && COLLECTIONS.contains(before)
        && !is_long_slug(last)
    {
        return true;
    }
    if segments.len() <= 2 && CODE_HOSTS.contains(&host(to)) {
        return true;
    }
    segments.len() <= 2 && SITE_PAGES.contains(&last.trim_end_matches(".html"))
}

/// What the path of an address says of the page it leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct PathSigns {
    /// True if it stands in a folder of things that are no posts: projects, products, people, documentation.
    pub(super) goods: bool,
    /// True if a segment is a year, a date or a long slug.
    pub(super) posty: bool,
}

impl PathSigns {
    /// What the path of `to` says.
    pub(super) fn of(to: &Url) -> Self {
        Self {
            goods: is_goods(to),
            posty: is_posty(to),
        }
    }
}

/// Folders of things that are listed like posts and are none.
const GOODS: &[&str] = &[
    "project",
    "projects",
    "product",
    "products",
    "portfolio",
    "docs",
    "documentation",
    "shop",
    "store",
    "course",
    "courses",
    "gallery",
    "people",
    "team",
    "careers",
    "jobs",
    "services",
    "solutions",
    "apps",
    "packages",
    "plugins",
    "themes",
    "pricing",
    "members",
    "authors",
    "speakers",
    "publications",
    "api",
    "proyectos",
    "projekte",
    "projets",
];

fn is_goods(to: &Url) -> bool {
    let path = to.path().to_ascii_lowercase();
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    segments
        .split_last()
        .is_some_and(|(_, folders)| folders.iter().any(|folder| GOODS.contains(folder)))
}

/// True for the pages of a month or day (`/2015/12/`). A year alone may be the name of a post about that year.
fn is_period(segments: &[&str]) -> bool {
    let digits = |segment: &str, most: usize| {
        !segment.is_empty() && segment.len() <= most && segment.bytes().all(|b| b.is_ascii_digit())
    };
    let year = |segment: &str| {
        segment.len() == 4
            && digits(segment, 4)
            && (segment.starts_with("19") || segment.starts_with("20"))
    };
    match segments {
        [.., a, b, c] if year(a) && digits(b, 2) && digits(c, 2) => true,
        [.., a, b] if year(a) && digits(b, 2) => true,
        _ => false,
    }
}

fn is_posty(to: &Url) -> bool {
    let path = to.path();
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .any(|segment| {
            let year = segment
                .get(..4)
                .is_some_and(|year| year.starts_with("19") || year.starts_with("20"))
                && segment.bytes().take(4).all(|b| b.is_ascii_digit())
                && (segment.len() == 4
                    || segment
                        .as_bytes()
                        .get(4)
                        .is_some_and(|b| !b.is_ascii_alphabetic()));
            year || is_long_slug(segment)
        })
}

/// Three words or more, or a long run of escaped characters.
fn is_long_slug(segment: &str) -> bool {
    segment
        .split(['-', '_', '+', ' '])
        .filter(|word| !word.is_empty())
        .count()
        >= 3
        || segment.matches("%20").count() >= 2
        || segment.matches('%').count() >= 9
}

/// What kind of collection an address stands for, if it is one: a tag, or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    /// Tag, category or topic.
    Tag,
    /// Author.
    Author,
}

/// Path segments and query names that precede a tag.
const TAG_WORDS: &[&str] = &[
    "tag",
    "tags",
    "category",
    "categories",
    "topic",
    "topics",
    "label",
    "labels",
    "kategorie",
    "kategorien",
    "categoria",
    "categorias",
    "categorie",
    "etiqueta",
    "etiquetas",
    "cat",
    "thema",
    "themen",
    "section",
    "tagged",
    "keyword",
];

/// Path segments and query names that precede a person.
const AUTHOR_WORDS: &[&str] = &[
    "author",
    "authors",
    "autor",
    "auteur",
    "by",
    "people",
    "team",
    "contributors",
    "user",
    "profile",
];

/// Tells tag and author pages from their address.
pub(super) fn collection(to: &Url) -> Option<Collection> {
    let path = to.path().to_ascii_lowercase();
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let before = segments.len().saturating_sub(1);
    let fragment = to.fragment().unwrap_or("").to_ascii_lowercase();
    let named = |words: &[&str]| {
        segments[..before]
            .iter()
            .any(|segment| words.contains(segment))
            || to
                .query_pairs()
                .any(|(name, _)| words.contains(&name.as_ref()))
            || fragment
                .split(['=', '/', ':'])
                .next()
                .is_some_and(|first| words.contains(&first) && fragment.len() > first.len())
            || segments.last().is_some_and(|last| words.contains(last)) && !fragment.is_empty()
    };
    if named(TAG_WORDS) {
        Some(Collection::Tag)
    } else if named(AUTHOR_WORDS) {
        Some(Collection::Author)
    } else {
        None
    }
}
