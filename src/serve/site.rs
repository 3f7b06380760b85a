//! What is published at this moment, ready to be sent: entity tags and gzip are made once per publication.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::model::{Document, Validators};
use crate::pipeline::Archived;

use super::health::Health;

/// Below this size gzip saves no packet.
const WORTH_PACKING: usize = 1024;

/// The published documents by path, and how the service is. Shared by all requests.
#[derive(Debug, Default)]
pub struct Site {
    resources: RwLock<Arc<HashMap<String, Arc<Resource>>>>,
    archived: RwLock<Arc<HashMap<String, Archived>>>,
    pub(super) health: Health,
}

/// One published document in the forms in which it is sent.
#[derive(Debug)]
pub(super) struct Resource {
    /// `Content-Type`.
    pub(super) content_type: String,
    /// `Last-Modified`, as the document states it.
    pub(super) last_modified: Option<String>,
    /// As it is.
    pub(super) plain: Representation,
    /// Packed, where that is smaller.
    pub(super) gzip: Option<Representation>,
}

/// The bytes that are sent and their strong entity tag (RFC 9110 §8.8.3): another coding is another tag.
#[derive(Debug)]
pub(super) struct Representation {
    pub(super) body: Bytes,
    pub(super) etag: String,
}

impl Site {
    /// A site where nothing is published yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Publishes `documents`, each under its path (`atom.xml`, `tech/index.html`), instead of all that was published. A
    /// client sees either the old publication or the new one. What has not changed keeps its entity tag; a `Last-Modified`
    /// after `now` is not sent (RFC 9110 §8.8.2.1). Takes the time of packing what has changed.
    pub fn replace(&self, documents: Vec<(String, Document)>, now: DateTime<Utc>) {
        let old = self.resources();
        let new: HashMap<_, _> = documents
            .into_iter()
            .map(|(path, document)| {
                let path = path.trim_start_matches('/').to_owned();
                let resource = Resource::new(&path, document, old.get(&path), now);
                (path, Arc::new(resource))
            })
            .collect();
        *self
            .resources
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        self.health.published();
    }

    /// Serves these closed pages of archives, too, from their files: a history is too long to be held in memory. To be told
    /// before [`Site::replace`], whose documents lead to them.
    pub fn shelve(&self, archived: Vec<Archived>, now: DateTime<Utc>) {
        let archived = (archived.into_iter())
            .map(|mut page| {
                page.last_modified = page.last_modified.filter(|date| is_past(date, now));
                (page.path.clone(), page)
            })
            .collect();
        *self
            .archived
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(archived);
    }

    /// The closed page under `path`, read from its file; `None` if there is none. Takes the time of the disk.
    pub(super) fn read(&self, path: &str) -> Option<Resource> {
        let pages = Arc::clone(&self.archived.read().unwrap_or_else(PoisonError::into_inner));
        let page = pages.get(path)?;
        match std::fs::read(&page.file) {
            Ok(body) => {
                let document = Document {
                    // only what is sent matters here
                    url: url::Url::parse("about:blank").ok()?,
                    media_type: Some(page.media_type.to_owned()),
                    charset: Some("utf-8".to_owned()),
                    validators: Validators {
                        etag: None,
                        last_modified: page.last_modified.clone(),
                    },
                    body: body.into(),
                };
                Some(Resource::new(
                    path,
                    document,
                    None,
                    DateTime::<Utc>::MAX_UTC,
                ))
            }
            Err(error) => {
                tracing::error!(file = %page.file.display(), %error, "a page of the archive cannot be read; `agg publish` writes it again");
                None
            }
        }
    }

    /// What is published under `path`, without its leading slash.
    pub(super) fn get(&self, path: &str) -> Option<Arc<Resource>> {
        self.resources().get(path).cloned()
    }

    fn resources(&self) -> Arc<HashMap<String, Arc<Resource>>> {
        Arc::clone(
            &self
                .resources
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Resource {
    fn new(path: &str, document: Document, old: Option<&Arc<Self>>, now: DateTime<Utc>) -> Self {
        let hash = blake3::hash(&document.body).to_hex();
        let etag = format!("\"{}\"", &hash[..32]);
        let gzip = match old {
            Some(old) if old.plain.etag == etag => old.gzip.as_ref().map(|packed| Representation {
                body: packed.body.clone(),
                etag: packed.etag.clone(),
            }),
            _ => pack(&document.body).map(|body| Representation {
                body,
                etag: format!("\"{}-gz\"", &hash[..32]),
            }),
        };
        Self {
            content_type: content_type(path, &document),
            last_modified: document
                .validators
                .last_modified
                .filter(|date| is_past(date, now)),
            plain: Representation {
                body: document.body,
                etag,
            },
            gzip,
        }
    }

    /// True for a page, which a browser runs, unlike a feed.
    pub(super) fn is_page(&self) -> bool {
        self.content_type.starts_with("text/html")
    }
}

/// True for an HTTP date that is not after `now`.
fn is_past(date: &str, now: DateTime<Utc>) -> bool {
    httpdate::parse_http_date(date).is_ok_and(|date| DateTime::<Utc>::from(date) <= now)
}

/// `body` in gzip, if that is worth it.
fn pack(body: &[u8]) -> Option<Bytes> {
    if body.len() < WORTH_PACKING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::default());
    encoder.write_all(body).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < body.len()).then(|| packed.into())
}

/// The `Content-Type` of a document: what it says itself, else what its path's ending means.
fn content_type(path: &str, document: &Document) -> String {
    let media_type = document.media_type.as_deref().unwrap_or_else(|| {
        match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("html") => "text/html",
            Some("xml") => "application/xml",
            Some("json") => "application/feed+json",
            Some("opml") => "text/x-opml",
            Some("css") => "text/css",
            _ => "application/octet-stream",
        }
    });
    let is_text = media_type.starts_with("text/") || media_type.ends_with("xml");
    match document.charset.as_deref() {
        Some(charset) => format!("{media_type}; charset={charset}"),
        None if is_text => format!("{media_type}; charset=utf-8"),
        None => media_type.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(media_type: Option<&str>, body: &str) -> Document {
        Document {
            url: url::Url::parse("https://planet.example/").unwrap(),
            media_type: media_type.map(str::to_owned),
            charset: None,
            body: Bytes::copy_from_slice(body.as_bytes()),
            validators: Validators::default(),
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_same_bytes_have_the_same_tag_and_others_another() {
        let site = Site::new();
        let tags = |site: &Site| {
            let resource = site.get("atom.xml").unwrap();
            let gzip = resource.gzip.as_ref().unwrap().etag.clone();
            (resource.plain.etag.clone(), gzip)
        };
        let publish = |body: String| {
            site.replace(vec![("atom.xml".to_owned(), document(None, &body))], now());
            tags(&site)
        };
        let first = publish("one ".repeat(1000));
        assert_ne!(first.0, first.1);
        assert_eq!(publish("one ".repeat(1000)), first);
        assert_ne!(publish("two ".repeat(1000)).0, first.0);
    }

    #[test]
    fn what_is_not_published_again_is_gone() {
        let site = Site::new();
        site.replace(vec![("/a.html".to_owned(), document(None, "a"))], now());
        assert!(site.get("a.html").is_some());
        site.replace(vec![("b.html".to_owned(), document(None, "b"))], now());
        assert!(site.get("a.html").is_none());
    }

    #[test]
    fn a_closed_page_of_an_archive_is_sent_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("1.xml");
        std::fs::write(&file, "<feed/>").unwrap();
        let page = |name: &str, date: &str| Archived {
            path: format!("archive/{name}"),
            file: folder.path().join(name),
            media_type: "application/atom+xml",
            last_modified: Some(date.to_owned()),
        };
        let site = Site::new();
        let (past, ahead) = (
            "Sun, 01 Mar 2026 12:00:00 GMT",
            "Mon, 02 Mar 2026 12:00:00 GMT",
        );
        site.shelve(vec![page("1.xml", past), page("2.xml", ahead)], now());
        let sent = site.read("archive/1.xml").unwrap();
        assert_eq!(sent.plain.body, "<feed/>");
        assert_eq!(sent.content_type, "application/atom+xml; charset=utf-8");
        assert_eq!(sent.last_modified.as_deref(), Some(past));
        assert!(
            site.read("archive/2.xml").is_none(),
            "its file is not there"
        );
        assert!(site.read("archive/3.xml").is_none());
        std::fs::write(folder.path().join("2.xml"), "<feed/>").unwrap();
        assert_eq!(site.read("archive/2.xml").unwrap().last_modified, None);
    }

    #[test]
    fn a_change_that_lies_ahead_is_not_stated() {
        let site = Site::new();
        for (date, expected) in [
            ("Sun, 01 Mar 2026 12:00:00 GMT", true),
            ("Sun, 01 Mar 2026 12:00:01 GMT", false),
            ("2026-03-01", false),
        ] {
            let mut document = document(None, "a");
            document.validators.last_modified = Some(date.to_owned());
            site.replace(vec![("a.xml".to_owned(), document)], now());
            let stated = site.get("a.xml").unwrap().last_modified.is_some();
            assert_eq!(stated, expected, "{date}");
        }
    }

    #[test]
    fn what_packing_makes_no_smaller_is_not_packed() {
        assert!(pack(b"short").is_none());
        let noise: Vec<u8> = (0..64u8)
            .flat_map(|n| *blake3::hash(&[n]).as_bytes())
            .collect();
        assert!(pack(&noise).is_none());
        assert!(pack(&[b' '; 2000]).is_some());
    }

    #[test]
    fn a_document_is_sent_as_what_it_says_it_is() {
        for (path, media_type, expected) in [
            (
                "atom.xml",
                Some("application/atom+xml"),
                "application/atom+xml; charset=utf-8",
            ),
            (
                "feed.json",
                Some("application/feed+json"),
                "application/feed+json",
            ),
            ("index.html", None, "text/html; charset=utf-8"),
            ("sources.opml", None, "text/x-opml; charset=utf-8"),
            ("what", None, "application/octet-stream"),
        ] {
            assert_eq!(content_type(path, &document(media_type, "")), expected);
        }
    }
}
