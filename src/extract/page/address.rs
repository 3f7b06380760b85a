//! An address → what it says by itself: its folded form, by which two spellings compare equal, and whether it can be a post.

use url::Url;

use super::{collections, folders};

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

/// Path segments after which the posts of a time stand, or a single post by its number or name.
const ARCHIVES: &[&str] = &[
    "archive", "archives", "archiv", "archivo", "arquivo", "archivio",
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
    ".pdf", ".dmg", ".epub", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".doc", ".docx", ".xls",
    ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".csv", ".ics", ".mov", ".ogg", ".wav", ".m4a",
    ".webm", ".iso", ".pkg", ".avif", ".woff2", ".mobi",
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
    if is_numbered_part(to, page) || is_turned(to, page) {
        return true;
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
        && collections::has_lists(before)
        && !is_long_slug(last)
        && !collections::is_release(&segments)
    {
        return true;
    }
    if let [.., before, last] = segments.as_slice()
        && ARCHIVES.contains(before)
        && is_time(last)
    {
        return true;
    }
    if segments.len() <= 2 && CODE_HOSTS.contains(&host(to)) {
        return true;
    }
    segments.len() <= 2 && SITE_PAGES.contains(&last.trim_end_matches(".html"))
}

/// True if `to` is another page of the list at `page`: the same path, with its number in the query.
fn is_turned(to: &Url, page: &Url) -> bool {
    const NUMBERS: [&str; 12] = [
        "page",
        "paged",
        "pageno",
        "pagenum",
        "page_num",
        "pagenumber",
        "pg",
        "start",
        "offset",
        "seite",
        "pagina",
        "strona",
    ];
    to.path() == page.path()
        && host(to) == host(page)
        && to.query_pairs().any(|(name, value)| {
            NUMBERS.contains(&name.to_ascii_lowercase().as_str())
                && !value.is_empty()
                && value.bytes().all(|b| b.is_ascii_digit())
        })
}

/// True if `to` is a number below `page`, which is itself a number or named like a post: one answer of a thread, one page of
/// an article ("/t/clean-a-flue/88/2").
fn is_numbered_part(to: &Url, page: &Url) -> bool {
    let figures = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let path = page.path().trim_end_matches('/');
    let number = to
        .path()
        .strip_prefix(path)
        .and_then(|rest| rest.strip_prefix('/'))
        .map(|rest| rest.trim_end_matches('/'));
    let mut above = path.rsplit('/');
    let last = above.next().unwrap_or("");
    // "/2024" and "/page/2" hold posts
    let is_period = last.len() == 4 && (last.starts_with("19") || last.starts_with("20"));
    let is_post = figures(last) && !is_period && above.next() != Some("page") || is_long_slug(last);
    host(to) == host(page) && is_post && number.is_some_and(figures)
}

/// What the path of an address says of the page it leads to.
#[expect(clippy::struct_excessive_bools, reason = "each is a sign of its own")]
#[derive(Clone, Copy, Debug)]
pub(super) struct PathSigns {
    /// True if it stands in a folder of things that are no posts: projects, products, people, documentation.
    pub(super) goods: bool,
    /// True if it stands in a folder of events.
    pub(super) event: bool,
    /// True if it stands in a folder of vacancies.
    pub(super) vacancy: bool,
    /// True if a segment is a year, a date or a long slug.
    pub(super) posty: bool,
    /// True if the page itself stands beside it and is named like a post.
    pub(super) peer: bool,
}

impl PathSigns {
    /// What the path of `to` says, on `page`.
    pub(super) fn of(to: &Url, page: &Url) -> Self {
        Self {
            goods: folders::are_goods(to, page),
            event: folders::are_events(to, page),
            vacancy: folders::is_vacancy(to),
            peer: are_peers(to, page),
            posty: is_posty(to),
        }
    }
}

/// True if `page` stands beside `to`, in the same folder or in one of another date, and is named like a post: two posts.
fn are_peers(to: &Url, page: &Url) -> bool {
    let split = |url: &Url| -> Vec<String> {
        let segments = url.path().split('/').filter(|segment| !segment.is_empty());
        segments.map(str::to_ascii_lowercase).collect()
    };
    let (to_path, own) = (split(to), split(page));
    let (Some((_, folders)), Some((name, own_folders))) = (to_path.split_last(), own.split_last())
    else {
        return false;
    };
    let figures = |segment: &str| segment.bytes().all(|b| b.is_ascii_digit());
    host(to) == host(page)
        && name.contains(['-', '_', '%'])
        && !SITE_PAGES.contains(&name.trim_end_matches(".html"))
        && folders.len() == own_folders.len()
        && folders
            .iter()
            .zip(own_folders)
            .all(|(a, b)| a == b || figures(a) && figures(b))
}

/// True for a year, or a year and month, by figures ("2024-03", "2020_10.html").
fn is_time(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment);
    (stem.starts_with("19") || stem.starts_with("20"))
        && stem.len() >= 4
        && !stem.contains(char::is_alphabetic)
        && stem.bytes().take(4).all(|b| b.is_ascii_digit())
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

/// True if the path or a name in the query speaks of comments.
pub(super) fn says_comments(to: &Url) -> bool {
    let about = |text: &str| {
        let text = text.to_ascii_lowercase();
        ["comment", "kommentar", "comentario", "repl", "trackback"]
            .iter()
            .any(|word| text.contains(word))
    };
    let last = to.path().trim_end_matches('/').rsplit('/').next();
    last.is_some_and(about) || to.query().is_some_and(about)
}
