//! What a page shows where no scripts run, if it lists its posts there only. The parser, like a browser, keeps the content of
//! `noscript` as text.

use scraper::Html;
use url::Url;

use super::tree;

/// Fewer links are no list.
const FEWEST_LINKS: usize = 2;

/// A page of all that stands in `noscript` elements with links in them, its links relative to `base`; `None` if there are none.
pub(super) fn document(html: &Html, base: &Url) -> Option<Html> {
    let texts = html.tree.nodes().filter_map(|node| {
        let is_inside =
            (node.parent()?.value().as_element()).is_some_and(|it| it.name() == "noscript");
        let text = node.value().as_text()?;
        is_inside.then_some(&**text)
    });
    let shown: Vec<&str> = texts
        .filter(|text| links_in(text) >= FEWEST_LINKS && !holds_another(text))
        .collect();
    if shown.is_empty() {
        return None;
    }
    let base = base.as_str().replace('"', "%22");
    tree::parse(&format!("<base href=\"{base}\">{}", shown.concat())).ok()
}

/// True if one begins inside the other, which has no end: what is made of it would be read so in turn, without end.
fn holds_another(text: &str) -> bool {
    text.to_ascii_lowercase().contains("<noscript")
}

fn links_in(text: &str) -> usize {
    text.matches("<a ").count() + text.matches("<A ").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_inside_another_is_no_page() {
        let base = Url::parse("https://blog.example/").unwrap();
        let inner = |html: &str| document(&tree::parse(html).unwrap(), &base);
        let links = "<a href=/a>One</a> <a href=/b>Two</a>";
        assert!(inner(&format!("<p>x<noscript>{links}</noscript>")).is_some());
        let nested = format!("<body>{}", format!("<noscript>{links}").repeat(20_000));
        assert!(inner(&nested).is_none());
    }
}
