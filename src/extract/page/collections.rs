//! Addresses of what holds several posts: those of a tag, of a person, of a search.

use url::Url;

/// What kind of collection an address stands for, if it is one: a tag, or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    /// Tag, category or topic.
    Tag,
    /// Author.
    Author,
}

/// Path segments and query names that precede a tag; no single post stands after them.
const SUBJECTS: &[&str] = &[
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
    "tagged",
    "term",
    "taxonomy",
    "rubrik",
    "rubrique",
    "kategoria",
    "kategori",
    "tema",
    "temas",
    "cimke",
    "cimkek",
    "stitek",
    "stitky",
    "tagi",
    "temat",
    "etiket",
    "etichetta",
    "danh-muc",
    "chuyen-muc",
    "chu-de",
    "rubric",
    "rubrics",
    "rubrika",
    "rubriki",
    "rubriky",
    "metka",
    "emne",
    "emner",
    "amne",
    "aihe",
    "onderwerp",
    "onderwerpen",
    "sujet",
    "sujets",
    "thematique",
    "thematiques",
    "assunto",
    "assuntos",
    "argomento",
    "argomenti",
    "oznaka",
    "oznake",
    "hashtag",
];

/// More that precede a tag, and may be a folder of posts.
const PARTS: &[&str] = &[
    "section", "sections", "seccion", "sezione", "editoria", "razdel", "subject", "keyword", "hub",
    "hubs",
];

/// Path segments and query names that precede a person; no single post stands after them.
const PEOPLE: &[&str] = &["author", "authors", "team", "user", "users", "u", "profile"];

/// More that precede a person, and may be a folder of posts.
const NAMES: &[&str] = &["autor", "auteur", "by", "people", "contributors"];

/// Other path segments after which no single post stands.
const OTHERS: &[&str] = &[
    "page", "search", "series", "login", "signup", "register", "feed", "rss",
];

/// True for a path segment or query name that precedes a tag: one of [`SUBJECTS`], "blog-category", "post-tag", "category_id".
fn is_subject(segment: &str) -> bool {
    let whole = segment.trim_end_matches("_id").trim_end_matches("id");
    let last = whole.rsplit(['-', '_']).next().unwrap_or("");
    SUBJECTS.contains(&segment)
        || last.starts_with("categor")
        || last.starts_with("kategor")
        || last.len() < whole.len() && ["tag", "tags", "topic", "topics"].contains(&last)
}

/// True for a path segment after which no single post stands.
pub(super) fn has_lists(segment: &str) -> bool {
    is_subject(segment)
        || [PEOPLE, OTHERS]
            .iter()
            .any(|words| words.contains(&segment))
}

/// True for what a tag marks in the history of a program ("/releases/tag/v2.1"): a version, no subject.
pub(super) fn is_release(segments: &[&str]) -> bool {
    matches!(segments, [.., "releases" | "release", "tag" | "tags", _])
}

/// Tells tag and author pages from their address.
pub(super) fn collection(to: &Url) -> Option<Collection> {
    let path = to.path().to_ascii_lowercase();
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let before = segments.len().saturating_sub(1);
    let fragment = to.fragment().unwrap_or("").to_ascii_lowercase();
    let named = |is_one: &dyn Fn(&str) -> bool| {
        segments[..before].iter().any(|segment| is_one(segment))
            || to
                .query_pairs()
                // one letter of a query may mean anything
                .any(|(name, _)| name.len() > 1 && is_one(&name))
            || fragment
                .split(['=', '/', ':'])
                .next()
                .is_some_and(|first| is_one(first) && fragment.len() > first.len())
            || segments.last().is_some_and(|last| is_one(last)) && !fragment.is_empty()
    };
    if named(&|word| is_subject(word) || PARTS.contains(&word)) && !is_release(&segments) {
        Some(Collection::Tag)
    } else if named(&|word| PEOPLE.contains(&word) || NAMES.contains(&word)) {
        Some(Collection::Author)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_people_are_told_by_what_stands_before_their_names() {
        let of = |path: &str| {
            let base = Url::parse("https://blog.example/").expect("an address");
            collection(&base.join(path).expect("a path"))
        };
        for path in [
            "/tag/sea",
            "/posts?category=sea",
            "/blog#tag/sea",
            "/blog-category/sea",
            "/?category_id=3",
        ] {
            assert_eq!(of(path), Some(Collection::Tag), "{path}");
        }
        for path in ["/u/mo", "/authors/mo", "/posts?author=mo"] {
            assert_eq!(of(path), Some(Collection::Author), "{path}");
        }
        // a letter that a mailing gives to its list, and a version
        for path in [
            "/?u=3c5a8f&id=20",
            "/releases/tag/v2.1",
            "/blog/tag-along",
            "/tag",
        ] {
            assert_eq!(of(path), None, "{path}");
        }
    }
}
