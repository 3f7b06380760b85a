//! Document → RawEntry: picks the way in by media type, then by a look at the bytes. Knows no network and no clock.

pub mod contract;
mod decode;
mod error;
mod feed;
mod inflate;
mod next;
mod page;
mod sniff;
mod trace;

pub use error::Error;
pub use feed::FeedError;
pub use page::{PageError, check_rule};

use url::Url;

use crate::model::{
    Document, DocumentKind, Explanation, Extraction, MOST_LEFT_OUT, RawEntry, SourceKind, Wrapper,
};
use sniff::Found;

/// Reads all entries of a document. `select` holds the rules of `[source.select]`, which only pages heed.
///
/// # Errors
/// [`Error`]: nothing that is a feed or a page of posts, or not what `kind` asks for.
pub fn extract(
    document: &Document,
    kind: SourceKind,
    select: Option<&Wrapper>,
) -> Result<Extraction, Error> {
    read(document, kind, select, None)
}

/// [`extract`], with what it saw and why it decided so, also where it fails. Takes longer.
pub fn explain(
    document: &Document,
    kind: SourceKind,
    select: Option<&Wrapper>,
) -> (Result<Extraction, Error>, Explanation) {
    let mut explanation = Explanation {
        charset: decode::explain(&document.body, document.charset.as_deref()),
        ..Explanation::default()
    };
    let extraction = read(document, kind, select, Some(&mut explanation));
    let beyond = explanation
        .left_out
        .split_off(MOST_LEFT_OUT.min(explanation.left_out.len()));
    explanation.left_out_more = beyond.len();
    (extraction, explanation)
}

fn read(
    document: &Document,
    kind: SourceKind,
    select: Option<&Wrapper>,
    mut notes: Option<&mut Explanation>,
) -> Result<Extraction, Error> {
    let (text, charset) = decode::decode(&document.body, document.charset.as_deref());
    let found = sniff::sniff(&document.body, &text, document.media_type.as_deref());
    if let Some(notes) = &mut notes {
        notes.found = found.to_string();
    }
    let url = &document.url;
    match (found, kind) {
        (Found::Nothing, _) => Err(Error::Empty),
        (Found::Page, SourceKind::Feed) => Err(Error::NotAFeed {
            found: found.to_string(),
            feeds: page::feeds(&text, url),
        }),
        (Found::Page, _) => read_page(&text, charset, url, select, notes),
        (Found::Other(_), SourceKind::Feed) => Err(Error::NotAFeed {
            found: found.to_string(),
            feeds: Vec::new(),
        }),
        (Found::Other(_), SourceKind::Auto) => Err(Error::Neither {
            found: found.to_string(),
        }),
        (_, SourceKind::Page) => Err(Error::NotAPage {
            found: found.to_string(),
        }),
        (Found::Xml { start, .. }, _) => {
            Ok(of_feed(feed::read_xml(&text, start, url, notes)?, charset))
        }
        (Found::JsonFeed, _) => Ok(of_feed(feed::read_json(&text, notes)?, charset)),
    }
}

/// Reads an index page again whose posts are `known` by their addresses: takes the listing that leads to most of them, however
/// much else on the page looks like a list of posts.
///
/// # Errors
/// As [`extract`]; also where nothing on the page leads to any of them.
pub fn find_again(
    document: &Document,
    select: Option<&Wrapper>,
    known: &[&str],
) -> Result<Extraction, Error> {
    let (text, charset) = decode::decode(&document.body, document.charset.as_deref());
    let url = &document.url;
    let read = page::parse(&text).and_then(|document| {
        let page = page::find_again(&document, url, select, known)?;
        let next = next::next(&document, url, &page.entries);
        Ok((page, next))
    });
    of_page(read, &text, charset, url)
}

/// The text of `body` in whatever encoding it is, as its byte order mark, its bytes or its declaration say.
#[must_use]
pub fn text_of(body: &[u8]) -> String {
    decode::decode(body, None).0.into_owned()
}

/// Reads one post's own page, for the fields that its listing lacks.
///
/// # Errors
/// [`Error`]: the document is no HTML page, or one beyond the limits.
pub fn article(document: &Document) -> Result<RawEntry, Error> {
    let (text, _) = decode::decode(&document.body, document.charset.as_deref());
    match sniff::sniff(&document.body, &text, document.media_type.as_deref()) {
        Found::Nothing => Err(Error::Empty),
        Found::Page => page::article(&text, &document.url).map_err(|cause| Error::Page {
            cause,
            feeds: Vec::new(),
        }),
        found => Err(Error::NotAPage {
            found: found.to_string(),
        }),
    }
}

fn of_feed(read: feed::Read, charset: &'static str) -> Extraction {
    Extraction {
        kind: DocumentKind::Feed,
        charset,
        meta: read.meta,
        entries: read.entries,
        wrapper: None,
        unlearnt: None,
        next: None,
        is_cut: read.is_cut,
        warnings: read.warnings,
    }
}

fn read_page(
    text: &str,
    charset: &'static str,
    url: &Url,
    select: Option<&Wrapper>,
    notes: Option<&mut Explanation>,
) -> Result<Extraction, Error> {
    let document = page::parse(text);
    let mut seen = notes.is_some().then(page::Notes::default);
    let read = document.and_then(|document| {
        let page = page::read(&document, url, select, seen.as_mut())?;
        let next = next::next(&document, url, &page.entries);
        Ok((page, next))
    });
    if let (Some(explanation), Some(seen)) = (notes, seen) {
        explanation.page = Some(seen.page);
        explanation.entries = seen.entries;
        explanation.left_out = seen.left_out;
    }
    of_page(read, text, charset, url)
}

fn of_page(
    read: Result<(page::Page, Option<Url>), PageError>,
    text: &str,
    charset: &'static str,
    url: &Url,
) -> Result<Extraction, Error> {
    match read {
        Ok((page, next)) => Ok(Extraction {
            kind: DocumentKind::Page,
            charset,
            meta: page.meta,
            next,
            entries: page.entries,
            wrapper: page.wrapper,
            unlearnt: page.unlearnt,
            is_cut: false,
            warnings: page.warnings,
        }),
        Err(cause) => Err(Error::Page {
            cause,
            feeds: page::feeds(text, url),
        }),
    }
}

#[cfg(test)]
mod dialects;
#[cfg(test)]
mod tests;
