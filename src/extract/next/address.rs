//! The number of a page in its address: `/page/2`, `/page-2.html`, `?page=2`, `?paged=2`, `/blog/2`.

use url::Url;

/// Segments that stand before a page's number, lower case, as addresses spell them.
const WORDS: &[&str] = &[
    "page",
    "pages",
    "paged",
    "p",
    "pg",
    "index",
    "seite",
    "pagina",
    "p%c3%a1gina",
    "strona",
    "sida",
    "side",
    "sivu",
    "oldal",
    "stranka",
    "stranica",
    "sayfa",
];

/// Where an address stands in a series of pages.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What all pages of the series share.
    root: String,
    /// Which page it is, as the address counts; `None`: it does not say.
    number: Option<u32>,
    /// True if the address names the number as one of a page, and not only by being a number.
    pub(super) is_named: bool,
}

impl Place {
    pub(super) fn of(url: &Url) -> Self {
        let mut segments: Vec<String> = url
            .path_segments()
            .into_iter()
            .flatten()
            .filter(|segment| !segment.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let drop_index = |segments: &mut Vec<String>| {
            segments.pop_if(|last| stem(last) == "index");
        };
        drop_index(&mut segments);
        let mut found = in_query(url).map(|number| (number, true));
        if found.is_none() {
            found = in_path(&mut segments);
        }
        drop_index(&mut segments);
        let host = url.host_str().unwrap_or_default();
        let mut root = format!("{host}/{}", segments.join("/"));
        let rest = url
            .query_pairs()
            .filter(|(key, value)| !(is_page_key(key) && number(value).is_some()));
        for (key, value) in rest {
            root = format!("{root}&{key}={value}");
        }
        Self {
            root,
            number: found.map(|(number, _)| number),
            is_named: found.is_some_and(|(_, named)| named),
        }
    }

    /// True if both are pages of one series.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        self.root == other.root
    }

    /// Which page it is; `None`: the address does not say, as that of the first seldom does.
    pub(super) fn number(&self) -> Option<u32> {
        self.number
    }
}

/// True for the keys that content systems number pages with, prefixed or not (`query-3-page`), but not for those that number
/// comments or say how long a page is.
fn is_page_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let named = ["page", "paged", "pg", "pageno", "pagenum", "pagenumber"]
        .contains(&key.replace(['-', '_'], "").as_str());
    let prefixed = ["-page", "_page"]
        .iter()
        .any(|end| key.strip_suffix(end).is_some_and(|it| it != "per"));
    named || prefixed || WORDS[5..].contains(&key.as_str())
}

fn in_query(url: &Url) -> Option<u32> {
    url.query_pairs()
        .find_map(|(key, value)| number(&value).filter(|_| is_page_key(&key)))
}

/// Takes the number off the end of a path.
fn in_path(segments: &mut Vec<String>) -> Option<(u32, bool)> {
    let last = stem(segments.last()?).to_owned();
    if let Some(found) = number(&last) {
        segments.pop();
        let is_named = segments
            .last()
            .is_some_and(|word| WORDS.contains(&word.as_str()));
        if is_named {
            segments.pop();
        } else if last.len() > 3 {
            // a year, or the number of a post
            segments.push(last);
            return None;
        }
        return Some((found, is_named));
    }
    let word = last.trim_end_matches(|c: char| c.is_ascii_digit());
    let found = number(&last[word.len()..])?;
    if WORDS.contains(&word.trim_end_matches(['-', '_', '=', ':'])) {
        segments.pop();
        return Some((found, true));
    }
    None
}

/// A segment without the ending of a file.
fn stem(segment: &str) -> &str {
    [".html", ".htm", ".php", ".aspx", ".xhtml"]
        .iter()
        .find_map(|ending| segment.strip_suffix(ending))
        .unwrap_or(segment)
}

fn number(text: &str) -> Option<u32> {
    let fits = (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(address: &str) -> Place {
        let base = Url::parse("https://blog.example/").unwrap();
        Place::of(&base.join(address).unwrap())
    }

    #[test]
    fn the_pages_of_a_series_share_a_root_and_differ_by_number() {
        for (first, other, number) in [
            ("/", "/page/2", 2),
            ("/", "/page/2/", 2),
            ("/blog", "/blog/page/3/", 3),
            ("/blog/index.html", "/blog/page-3.html", 3),
            ("/index.html", "/index2.html", 2),
            ("/blog/index.html", "/blog/page/2/index.html", 2),
            ("/blog/", "/blog/?page=12", 12),
            ("/blog/?tag=x", "/blog/?paged=2&tag=x", 2),
            ("/blog", "/blog?query-4-page=2", 2),
            ("/aktuelles", "/aktuelles/seite/2", 2),
            ("/noticias", "/noticias/p%C3%A1gina/2", 2),
        ] {
            let other = place(other);
            assert!(place(first).is_beside(&other), "{first}");
            assert_eq!(other.number(), Some(number), "{first}");
            assert!(other.is_named, "{first}");
            assert_eq!(place(first).number(), None, "{first}");
        }
        assert_eq!(place("/blog/2").number(), Some(2));
        assert!(!place("/blog/2").is_named);
    }

    #[test]
    fn years_posts_and_other_numbers_are_no_pages() {
        for address in [
            "/2024",
            "/archive/2024/",
            "/posts/71ms",
            "/?p=12",
            "/blog?per_page=20",
            "/post?cpage=2",
            "/web2",
        ] {
            assert_eq!(place(address).number(), None, "{address}");
        }
        assert!(!place("/a?tag=x").is_beside(&place("/a?tag=y&page=2")));
        assert!(!place("/a").is_beside(&place("/b/page/2")));
    }
}
