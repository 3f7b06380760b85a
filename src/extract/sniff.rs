//! Tells what a document is: by its first bytes and its root, and by its media type where those say nothing.

use std::fmt;

use super::feed::{self, RootKind};

/// What a document turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// White space at most.
    Nothing,
    /// RSS or Atom.
    Xml {
        /// Atom rather than RSS.
        atom: bool,
        /// The byte of the text at which its root begins.
        start: usize,
    },
    JsonFeed,
    Page,
    /// Something else, in words with an article.
    Other(&'static str),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "an empty document",
            Self::Xml { atom: true, .. } => "an Atom feed",
            Self::Xml { atom: false, .. } => "an RSS feed",
            Self::JsonFeed => "a JSON Feed",
            Self::Page => "an HTML page",
            Self::Other(what) => what,
        })
    }
}

/// First bytes that no text begins with.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a recording"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
    (b"\0asm", "a program"),
    (b"\x7fELF", "a program"),
];

/// What `body` is, which reads as `text`.
pub(super) fn sniff(body: &[u8], text: &str, media_type: Option<&str>) -> Found {
    if let Some((_, what)) = SIGNATURES
        .iter()
        .find(|(signature, _)| body.starts_with(signature))
    {
        return Found::Other(what);
    }
    // what could be inflated is text by now
    if text.starts_with('\u{1f}') {
        return Found::Other("compressed data");
    }
    let media_type = media_type.unwrap_or_default();
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    if trimmed.is_empty() {
        return Found::Nothing;
    }
    if feed::is_json_feed(text, media_type) {
        return Found::JsonFeed;
    }
    let json = trimmed.starts_with(['{', '[']);
    let root = feed::find_root(text);
    if json
        && (media_type.ends_with("json") || root.is_none_or(|root| root.kind == RootKind::Other))
    {
        return Found::Other("JSON that is no JSON Feed");
    }
    match root.map(|root| (root.kind, root.at)) {
        Some((RootKind::Rss, start)) => Found::Xml { atom: false, start },
        Some((RootKind::Atom, start)) => Found::Xml { atom: true, start },
        Some((RootKind::Html, _)) => Found::Page,
        Some((RootKind::Opml, _)) => Found::Other("an OPML list of feeds"),
        Some((RootKind::Svg, _)) => Found::Other("an image"),
        Some((RootKind::Sitemap, _)) => Found::Other("a sitemap"),
        Some((RootKind::Other, _)) if media_type.is_empty() || media_type.contains("html") => {
            if trimmed.starts_with("<?xml") {
                Found::Other("XML that is no feed")
            } else {
                Found::Page
            }
        }
        Some((RootKind::Other, _)) if media_type.contains("xml") => {
            Found::Other("XML that is no feed")
        }
        _ => Found::Other(by_media_type(media_type)),
    }
}

fn by_media_type(media_type: &str) -> &'static str {
    match media_type.split('/').next().unwrap_or_default() {
        "image" => "an image",
        "audio" => "a recording",
        "video" => "a video",
        "font" => "a font",
        "text" | "" => "plain text",
        _ => "a document of another kind",
    }
}
