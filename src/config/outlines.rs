//! OPML → sources to be added: what other readers export, and what agg publishes. Folders are opened; what is no source is left
//! out.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use url::Url;

/// A source of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its feed (`xmlUrl`), or the page (`url` of an outline of type `link`).
    pub url: Url,
    /// What it is called there.
    pub title: Option<String>,
}

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OutlineError {
    /// There is no `opml` element.
    #[error("it is no OPML: there is no <opml> in it")]
    NoOpml,
    /// It is no XML from some place on.
    #[error("it is no XML behind byte {at}: {why}")]
    NoXml {
        /// Bytes from its beginning.
        at: u64,
        /// What is wrong.
        why: String,
    },
}

/// The sources in the list `text`, in its order (OPML 2.0). An address that is none is left out.
///
/// # Errors
/// [`OutlineError`].
pub fn outlines(text: &str) -> Result<Vec<Outline>, OutlineError> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut found = Vec::new();
    let mut is_opml = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name: &str = tag.name().into_inner();
                if name.eq_ignore_ascii_case("opml") {
                    is_opml = true;
                } else if name.eq_ignore_ascii_case("outline") {
                    found.extend(outline(&tag));
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                return Err(OutlineError::NoXml {
                    at: reader.error_position(),
                    why: error.to_string(),
                });
            }
        }
    }
    if is_opml {
        Ok(found)
    } else {
        Err(OutlineError::NoOpml)
    }
}

fn outline(tag: &BytesStart<'_>) -> Option<Outline> {
    let mut attributes = tag.html_attributes();
    attributes.with_checks(false);
    let read: Vec<(String, String)> = attributes
        .flatten()
        .map(|attribute| {
            let key: &str = attribute.key.as_ref();
            let value: &str = &attribute.value;
            let value = unescape(value).map_or_else(|_| value.to_owned(), Into::into);
            (key.to_ascii_lowercase(), value.trim().to_owned())
        })
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let get = |wanted: &str| {
        let found = read.iter().find(|(key, _)| key == wanted);
        found.map(|(_, value)| value.as_str())
    };
    let is_link = get("type").is_some_and(|it| it.eq_ignore_ascii_case("link"));
    let address = get("xmlurl").or_else(|| get("url").filter(|_| is_link))?;
    let url = Url::parse(address).ok()?;
    let title = get("text").or_else(|| get("title"));
    Some(Outline {
        title: title.filter(|it| *it != address).map(str::to_owned),
        url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_and_pages_are_found_in_every_folder_and_nothing_else() {
        let text = "\u{feff}<?xml version=\"1.0\"?><opml version=\"1.0\"><head><title>Mine</title></head><body>\
            <outline text=\"Boats\"><outline type=\"rss\" text=\"Bow &amp; stern\" xmlUrl=\"https://bow.test/feed?a=1&amp;b=2\"/>\
            <outline TEXT='https://keel.test/' XMLURL='https://keel.test/'></outline>\
            <outline type=\"link\" text=\"A page\" url=\"https://page.test/notes\"/></outline>\
            <outline text=\"nothing\"/><outline text=\"x\" url=\"https://other.test/\"/>\
            <outline text=\"wrong\" xmlUrl=\"not an address\"/></body></opml>";
        let found = outlines(text).unwrap();
        let found: Vec<_> = (found.iter())
            .map(|it| (it.url.as_str(), it.title.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                ("https://bow.test/feed?a=1&b=2", Some("Bow & stern")),
                ("https://keel.test/", None),
                ("https://page.test/notes", Some("A page")),
            ]
        );
    }

    #[test]
    fn what_is_no_opml_is_said_to_be_none() {
        for text in ["", "words", "<html><body>Not found</body></html>"] {
            assert!(
                matches!(outlines(text), Err(OutlineError::NoOpml)),
                "{text}"
            );
        }
        let cut = outlines("<opml><body><outline text=\"a");
        assert!(matches!(cut, Err(OutlineError::NoXml { .. })), "{cut:?}");
    }
}
