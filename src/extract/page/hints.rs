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

/// No word that tells is longer.
const LONGEST_WORD: usize = 16;

/// What an element's class, `rel`, `itemprop` or the like says of it.
pub(super) fn hint(classes: &str) -> Option<Hint> {
    // `meta-label` names what stands beside it; `label` alone is a badge
    if classes
        .split_whitespace()
        .any(|class| class.eq_ignore_ascii_case("label") || class.eq_ignore_ascii_case("labels"))
    {
        return Some(Hint::Tags);
    }
    // these are words of layout too where they stand in longer names ("views-field")
    let counts = ["views", "likes", "view-count", "like-count", "post-views"];
    if classes
        .split_whitespace()
        .any(|class| counts.iter().any(|count| class.eq_ignore_ascii_case(count)))
    {
        return Some(Hint::Aside);
    }
    words(classes).find_map(|word| {
        let mut room = [0; LONGEST_WORD];
        let word = lower(word, &mut room);
        match word.strip_suffix('s').unwrap_or(word) {
            "tag" | "tagged" | "category" | "categorie" | "cat" | "badge" | "chip" | "keyword"
            | "topic" | "taxonomy" | "pill" | "hashtag" | "kicker" | "eyebrow" | "folder"
            | "taglist" | "tagcloud" | "articlesection" | "categoria" | "kategorie"
            | "rubrique" | "etiqueta" | "rubric" | "term" => Some(Hint::Tags),
            "author" | "byline" | "writer" | "avatar" | "fn" | "username" | "contributor"
            | "creator" | "user" | "autor" | "auteur" => Some(Hint::Author),
            "comment" | "share" | "sharing" | "social" | "disqus" | "wordcount" | "trackback"
            | "gallery" | "caption" | "figcaption" | "lineno" | "pagination" => Some(Hint::Aside),
            _ => None,
        }
    })
}

/// True for class names that announce a date.
pub(super) fn says_date(classes: &str) -> bool {
    words(classes).any(|word| {
        let mut room = [0; LONGEST_WORD];
        matches!(
            lower(word, &mut room),
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

/// The words that class names are made of; those of one or two letters tell nothing.
fn words(classes: &str) -> impl Iterator<Item = &str> {
    classes
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| (3..=LONGEST_WORD).contains(&word.len()))
}

/// `word` in lower case, written into `room`; it has at most so many bytes, all ASCII.
fn lower<'r>(word: &str, room: &'r mut [u8; LONGEST_WORD]) -> &'r str {
    let lower = &mut room[..word.len()];
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).unwrap_or("")
}
