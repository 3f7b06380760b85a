//! Names in page state → what stands under them.

/// What a list is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Posts.
    Posts,
    /// Something else: people, goods, links.
    Other,
    /// The name does not tell.
    Open,
}

/// Words under which nothing is the page's own listing.
const AWAY: &[&str] = &[
    "related",
    "recommended",
    "recommendations",
    "suggested",
    "suggestions",
    "similar",
    "search",
    "comment",
    "comments",
    "replies",
    "footer",
    "nav",
    "navbar",
    "navigation",
    "menu",
    "menus",
    "sidebar",
    "breadcrumb",
    "breadcrumbs",
    "translations",
    "messages",
    "locales",
    "i18n",
    "ads",
    "webmentions",
    "mentions",
    "backlinks",
    "trending",
];

/// Words for lists of things that are no posts.
const OTHER: &[&str] = &[
    "author",
    "authors",
    "tag",
    "tags",
    "category",
    "categories",
    "topics",
    "product",
    "products",
    "people",
    "team",
    "user",
    "users",
    "member",
    "members",
    "project",
    "projects",
    "portfolio",
    "event",
    "events",
    "job",
    "jobs",
    "course",
    "courses",
    "feature",
    "features",
    "pricing",
    "plans",
    "sponsor",
    "sponsors",
    "partner",
    "partners",
    "testimonial",
    "testimonials",
    "faq",
    "faqs",
    "links",
    "social",
    "socials",
    "docs",
    "releases",
    "images",
    "slides",
    "services",
    "talks",
    "books",
    "experience",
    "skills",
    "companies",
    "next",
    "previous",
    "prev",
    "routes",
    "pages",
    "versions",
    "plugins",
    "gallery",
    "collections",
    "recipes",
    "videos",
    "photos",
    "albums",
    "tracks",
    "songs",
    "playlists",
    "movies",
    "games",
    "apps",
    "tools",
    "resources",
    "templates",
    "themes",
    "repos",
    "repositories",
    "datasets",
    "models",
    "papers",
    "publications",
    "threads",
    "questions",
    "answers",
    "locations",
    "stores",
    "properties",
    "teams",
    "matches",
    "players",
    "classes",
    "lessons",
    "modules",
    "chapters",
    "sections",
    "steps",
    "files",
    "folders",
    "notifications",
    "orders",
    "reviews",
    "ratings",
    "guests",
    "clients",
    "customers",
    "brands",
    "places",
    "meetings",
    "webinars",
    "changelog",
    "certificates",
    "awards",
];

/// Words for lists of posts.
const POSTS: &[&str] = &[
    "post",
    "posts",
    "article",
    "articles",
    "blog",
    "blogs",
    "blogposts",
    "entry",
    "entries",
    "story",
    "stories",
    "news",
    "notes",
    "writing",
    "writings",
    "essays",
    "markdown",
    "mdx",
    "journal",
    "episodes",
    "updates",
    "insights",
];

/// Names that hold a list and say nothing of it.
const GENERIC: &[&str] = &[
    "*",
    "edges",
    "nodes",
    "node",
    "items",
    "item",
    "data",
    "results",
    "result",
    "list",
    "content",
    "contents",
    "records",
    "value",
    "values",
    "rows",
    "collection",
    "children",
    "props",
    "page",
    "payload",
    "all",
    "hits",
    "json",
    "body",
    "byid",
    "entities",
];

/// A name in words, lower-case: `relatedPosts`, `related_posts` and `related-posts` are `related posts`.
fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut lower = false;
    let mut open = false;
    for c in name.chars().take(60) {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        if !open || c.is_uppercase() && lower {
            out.push(String::new());
            open = true;
        }
        lower = c.is_lowercase();
        if let Some(word) = out.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    out
}

/// True for a name under which nothing is the page's own listing.
pub(super) fn leads_away(name: &str) -> bool {
    words(name).iter().any(|word| AWAY.contains(&word.as_str()))
}

/// True for a name that only groups: a number, a year, a month.
pub(super) fn is_group(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'-' || b == b'/')
}

/// True for the name of one post that stands above a list.
pub(super) fn is_featured(name: &str) -> bool {
    let named = |word: &String| {
        matches!(
            word.as_str(),
            "featured" | "pinned" | "hero" | "sticky" | "highlight" | "highlighted" | "latest"
        )
    };
    words(name).iter().any(named)
}

/// What a list is by the last name on its path that says anything.
pub(super) fn kind(path: &str) -> Kind {
    // the first part only numbers the states
    let names = path.split('.').skip(1);
    let telling = names.filter(|name| !GENERIC.contains(&name.to_ascii_lowercase().as_str()));
    let Some(name) = telling.last() else {
        return Kind::Open;
    };
    let words = words(name);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if any(POSTS)
        && !words
            .last()
            .is_some_and(|last| OTHER.contains(&last.as_str()))
    {
        Kind::Posts
    } else if any(OTHER) {
        Kind::Other
    } else {
        Kind::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_list_is_of() {
        for (path, is) in [
            ("state0.props.pageProps.posts", Kind::Posts),
            ("state0.data.allMarkdownRemark.edges", Kind::Posts),
            ("state0.tag.posts.nodes", Kind::Posts),
            ("state0.postTags", Kind::Other),
            ("state0.author.items", Kind::Other),
            ("state0.props.items.*", Kind::Open),
            ("row3.*", Kind::Open),
        ] {
            assert_eq!(kind(path), is, "{path}");
        }
        assert!(leads_away("relatedPosts") && leads_away("SEARCH_INDEX") && !leads_away("posts"));
        assert!(is_group("2024") && is_group("2024-05") && !is_group("posts"));
    }
}
