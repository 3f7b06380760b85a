//! Finds the root of a document that may stand behind a byte order mark, blanks, a prolog, comments or rubbish.

/// What a root element makes of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) enum RootKind {
    /// RSS in any version, RDF included.
    Rss,
    /// Atom.
    Atom,
    /// A page.
    Html,
    /// A list of feeds.
    Opml,
    /// A list of pages.
    Sitemap,
    /// A drawing.
    Svg,
    /// Another vocabulary of XML.
    Other,
}

/// A root element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::extract) struct Root {
    pub(in crate::extract) kind: RootKind,
    /// The byte at which its tag begins.
    pub(in crate::extract) at: usize,
}

/// The first tag of `text` that can be the root of a document that we know; `None` if there is none.
pub(in crate::extract) fn find(text: &str) -> Option<Root> {
    let mut at = 0;
    let mut first = None;
    let mut comments_end = true;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('<')) {
        at += next;
        let rest = &text[at + 1..];
        if rest.starts_with("!--") {
            // a comment that never ends hides nothing, or one could be looked for at every `<!--`
            let end = comments_end.then(|| rest.find("-->")).flatten();
            comments_end = end.is_some();
            at += end.map_or(1, |end| end + 1);
            continue;
        }
        let name_end = rest
            .find(|c: char| !(c.is_alphanumeric() || "!:_-.".contains(c)))
            .unwrap_or(rest.len());
        let name = rest[..name_end].to_ascii_lowercase();
        let local = name
            .rsplit_once(':')
            .map_or(name.as_str(), |(_, local)| local);
        let kind = match local {
            "rss" | "rdf" | "channel" => Some(RootKind::Rss),
            "feed" => Some(RootKind::Atom),
            "entry" if first.is_none() => Some(RootKind::Atom),
            "html" | "head" | "body" => Some(RootKind::Html),
            "!doctype"
                if rest[name_end..]
                    .trim_start()
                    .get(..4)
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("html")) =>
            {
                Some(RootKind::Html)
            }
            "svg" if first.is_none() => Some(RootKind::Svg),
            "opml" => Some(RootKind::Opml),
            "urlset" | "sitemapindex" => Some(RootKind::Sitemap),
            _ => None,
        };
        if let Some(kind) = kind {
            return Some(Root { kind, at });
        }
        if first.is_none() && name.starts_with(|c: char| c.is_alphabetic()) {
            first = Some(Root {
                kind: RootKind::Other,
                at,
            });
        }
        at += 1;
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_found_behind_rubbish() {
        for (text, kind) in [
            (
                "\u{feff}<?xml version='1.0'?>\n<!-- <html> --><rss>",
                RootKind::Rss,
            ),
            (
                "<br />\n<b>Warning</b>: a < b in x.php<br /><?xml version='1.0'?><feed xmlns='x'>",
                RootKind::Atom,
            ),
            ("<!DOCTYPE rdf:RDF><rdf:RDF>", RootKind::Rss),
            ("<!doctype HTML><p>", RootKind::Html),
            ("<opml>", RootKind::Opml),
            ("<!-- <!-- <!-- <rss>", RootKind::Rss),
            ("<svg><metadata><rdf:RDF>", RootKind::Svg),
            ("<p>hello <feedback>", RootKind::Other),
        ] {
            assert_eq!(find(text).map(|root| root.kind), Some(kind), "{text}");
        }
        assert_eq!(find("no markup, 3 < 4"), None);
    }
}
