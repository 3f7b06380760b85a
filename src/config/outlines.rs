//! OPML → sources to be added: what other readers export, and what agg publishes. Folders become tags of the sources in them;
//! what is no source is left out.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use crate::extract;

/// A source of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its feed (`xmlUrl`), or the page (`url` of an outline of type `link`).
    pub url: Url,
    /// What it is called there.
    pub title: Option<String>,
    /// The folders that it is in, the outermost first.
    pub folders: Vec<String>,
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

/// The sources in a list, in its order (OPML 2.0), in whatever encoding it is. An address that is none is left out.
///
/// # Errors
/// [`OutlineError`].
pub fn outlines(bytes: &[u8]) -> Result<Vec<Outline>, OutlineError> {
    let text = extract::text_of(bytes);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut found = Vec::new();
    let mut is_opml = false;
    // the outlines that are open; those that are sources name no folder
    let mut open: Vec<Option<String>> = Vec::new();
    let is_outline = |name: &str| name.eq_ignore_ascii_case("outline");
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if is_outline(tag.name().into_inner()) => {
                let Line { source, text } = line(&tag);
                open.push(text.filter(|_| source.is_none()));
                found.extend(source.map(|source| within(source, &open)));
            }
            Ok(Event::Empty(tag)) if is_outline(tag.name().into_inner()) => {
                found.extend(line(&tag).source.map(|source| within(source, &open)));
            }
            Ok(Event::End(tag)) if is_outline(tag.name().into_inner()) => {
                open.pop();
            }
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name: &str = tag.name().into_inner();
                is_opml |= name.eq_ignore_ascii_case("opml");
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

/// The source in its folders.
fn within(source: Outline, folders: &[Option<String>]) -> Outline {
    Outline {
        folders: folders.iter().flatten().cloned().collect(),
        ..source
    }
}

/// An outline: a source, or what it says where it is none.
struct Line {
    source: Option<Outline>,
    text: Option<String>,
}

/// The address of a feed as `http` or `https`, for what says `feed://` or `feed:https://` instead.
#[must_use]
pub fn without_feed_scheme(address: &str) -> Cow<'_, str> {
    let is_feed = |it: &str| it.eq_ignore_ascii_case("feed:");
    match address.get(..5).filter(|it| is_feed(it)) {
        None => Cow::Borrowed(address),
        Some(scheme) => {
            let rest = &address[scheme.len()..];
            match rest.strip_prefix("//") {
                Some(rest) => Cow::Owned(format!("http://{rest}")),
                None => Cow::Borrowed(rest),
            }
        }
    }
}

fn line(tag: &BytesStart<'_>) -> Line {
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
    let address = get("xmlurl").or_else(|| get("url").filter(|_| is_link));
    let url = address.and_then(|address| Url::parse(&without_feed_scheme(address)).ok());
    let text = get("text").or_else(|| get("title"));
    Line {
        source: url.map(|url| Outline {
            title: text.filter(|it| Some(*it) != address).map(str::to_owned),
            url,
            folders: Vec::new(),
        }),
        // an address that is none is no folder either
        text: text.filter(|_| address.is_none()).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_and_pages_are_found_in_every_folder_and_nothing_else() {
        let text = "\u{feff}<?xml version=\"1.0\"?><opml version=\"1.0\"><head><title>Mine</title></head><body>\
            <outline text=\"Boats\"><outline type=\"rss\" text=\"Bow &amp; stern\" xmlUrl=\"https://bow.test/feed?a=1&amp;b=2\"/>\
            <outline TEXT='https://keel.test/' XMLURL='https://keel.test/'></outline>\
            <outline text=\"Pages\"><outline type=\"link\" text=\"A page\" url=\"https://page.test/notes\"/></outline></outline>\
            <outline text=\"nothing\"/><outline text=\"x\" url=\"https://other.test/\"/>\
            <outline text=\"wrong\" xmlUrl=\"not an address\"/></body></opml>";
        let found = outlines(text.as_bytes()).unwrap();
        let folders: Vec<_> = found.iter().map(|it| it.folders.join("/")).collect();
        assert_eq!(folders, ["Boats", "Boats", "Boats/Pages"]);
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
    fn a_list_is_read_in_the_encoding_that_it_is_in() {
        let text = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><opml><body><outline text=\"Caf\u{e9}\" xmlUrl=\"https://a.test/\"/></body></opml>";
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let wide: Vec<u8> = (std::iter::once(0xfeff).chain(text.encode_utf16()))
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [latin, wide] {
            let found = outlines(&bytes).unwrap();
            assert_eq!(found[0].title.as_deref(), Some("Caf\u{e9}"));
        }
    }

    #[test]
    fn an_address_that_says_feed_is_one_of_the_web() {
        for (address, expected) in [
            ("feed://a.test/rss", "http://a.test/rss"),
            ("feed:https://a.test/rss", "https://a.test/rss"),
            ("FEED:http://a.test/rss", "http://a.test/rss"),
            ("https://a.test/feed:1", "https://a.test/feed:1"),
        ] {
            assert_eq!(without_feed_scheme(address), expected);
        }
    }

    #[test]
    fn what_is_no_opml_is_said_to_be_none() {
        for text in ["", "words", "<html><body>Not found</body></html>"] {
            assert!(
                matches!(outlines(text.as_bytes()), Err(OutlineError::NoOpml)),
                "{text}"
            );
        }
        let cut = outlines(b"<opml><body><outline text=\"a");
        assert!(matches!(cut, Err(OutlineError::NoXml { .. })), "{cut:?}");
    }
}
