//! Class names and other attribute words → what the element that bears them holds, where its text alone does not tell.

/// Class and id words, and how a part of an item that bears them is to be taken where its text alone does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// Tags, categories, badges.
    Tags,
    /// The author.
    Author,
    /// Comments, shares and other side matters.
    Aside,
}

/// What an element's class, `rel`, `itemprop` or the like says of it.
pub(super) fn hint(classes: &str) -> Option<Hint> {
    let lower = classes.to_ascii_lowercase();
    // `meta-label` names what stands beside it; `label` alone is a badge
    if lower
        .split_whitespace()
        .any(|class| class == "label" || class == "labels")
    {
        return Some(Hint::Tags);
    }
    for word in lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() > 2)
    {
        let found = match word {
            "tag" | "tags" | "tagged" | "category" | "categories" | "cat" | "badge" | "badges"
            | "chip" | "chips" | "keyword" | "keywords" | "topic" | "topics" | "taxonomy"
            | "pill" | "hashtag" | "kicker" | "eyebrow" | "folder" | "taglist"
            | "articlesection" | "categoria" => Some(Hint::Tags),
            "author" | "authors" | "byline" | "writer" | "avatar" | "fn" | "username"
            | "contributor" | "creator" | "user" => Some(Hint::Author),
            "comment" | "comments" | "share" | "sharing" | "social" | "disqus" | "views"
            | "likes" | "wordcount" | "trackback" | "gallery" | "caption" | "figcaption"
            | "linenos" | "pagination" | "comments-link" => Some(Hint::Aside),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// True for class names that announce a date.
pub(super) fn says_date(classes: &str) -> bool {
    let lower = classes.to_ascii_lowercase();
    lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| {
            matches!(
                word,
                "date"
                    | "time"
                    | "published"
                    | "posted"
                    | "meta"
                    | "timestamp"
                    | "pubdate"
                    | "datetime"
                    | "day"
                    | "postmetadata"
                    | "calendar"
            )
        })
}
