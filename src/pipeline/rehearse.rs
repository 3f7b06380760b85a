//! What a publication would change for subscribers, told without one.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use bytes::Bytes;
use serde::Serialize;

use super::archives::path_in;
use super::error::Error;
use super::line;
use super::merging;
use super::publish::prepare;
use super::withdraw::{front_of, stale};
use crate::config::Config;
use crate::deliver::files;
use crate::extract::extract;
use crate::model::{Document, Format, RawEntry, SourceKind, Validators};
use crate::publish::{self, Difference};
use crate::store::Store;

/// What would become of one feed.
#[derive(Clone, Debug, Serialize)]
pub struct FeedDifference {
    /// The name of the feed.
    pub feed: String,
    /// The file that was compared, below the output folder; ids and dates are compared in its other formats, too.
    pub file: String,
    /// False if there was no such file, or none that could be read as a feed: all is new then.
    pub was_published: bool,
    /// What its subscribers would see.
    #[serde(flatten)]
    pub difference: Difference,
}

/// What subscribers would see if `store` were published now, feed by feed, against the files that are there. Nothing is
/// written, neither files nor anything in the store.
///
/// # Errors
/// [`Error::Store`], or [`Error::Deliver`] if a file is there and cannot be read.
pub fn rehearse(mut store: Store, config: &Config) -> Result<Vec<FeedDifference>, Error> {
    let now = line::now();
    let publication = store.rehearse(|store| {
        merging::register(store, &config.sources, now)?;
        prepare(store, config, now, None)
    })?;
    let mut differences = Vec::new();
    for (feed, formats) in &publication.feeds {
        let mut told: Option<FeedDifference> = None;
        // the page for people is no feed
        for format in formats.iter().filter(|format| **format != Format::Html) {
            let file = path_in(feed, format.file_name());
            let documents = &publication.documents;
            let Some((_, document)) = documents.iter().find(|(path, _)| *path == file) else {
                continue;
            };
            let old = published(&config.output.join(&file), document)?;
            let was_published = old.is_some();
            let new = entries(document).unwrap_or_default();
            let difference = publish::difference(&old.unwrap_or_default(), &new);
            match &mut told {
                // the same in another format, unless one of them is not ours
                Some(told) if told.difference.broken.is_empty() => {
                    told.difference.broken = difference.broken;
                }
                Some(_) => {}
                None => {
                    told = Some(FeedDifference {
                        feed: feed.clone(),
                        file,
                        was_published,
                        difference,
                    });
                }
            }
        }
        differences.extend(told);
    }
    differences.extend(withdrawn(&store, config, &publication.feeds)?);
    Ok(differences)
}

/// The feeds that would vanish, with all that they show now.
fn withdrawn(
    store: &Store,
    config: &Config,
    feeds: &[(String, Vec<Format>)],
) -> Result<Vec<FeedDifference>, Error> {
    let mut differences: Vec<FeedDifference> = Vec::new();
    for file in stale(store, config)? {
        let Some((feed, format)) = front_of(&file) else {
            continue;
        };
        let is_known = feeds.iter().any(|(known, _)| known == feed)
            || differences.iter().any(|told| told.feed == feed);
        if is_known || format == Format::Html {
            continue;
        }
        let url = config
            .url
            .join(&file)
            .unwrap_or_else(|_| config.url.clone());
        let document = Document {
            url,
            media_type: Some(format.media_type().to_owned()),
            charset: None,
            body: Bytes::new(),
            validators: Validators::default(),
        };
        let Some(old) = published(&config.output.join(&file), &document)? else {
            continue;
        };
        differences.push(FeedDifference {
            feed: feed.to_owned(),
            file,
            was_published: true,
            difference: publish::difference(&old, &[]),
        });
    }
    Ok(differences)
}

/// The entries of the file at `path`, which has the address and the format of `document`; `None` if it is not there or is no
/// feed.
fn published(path: &Path, document: &Document) -> Result<Option<Vec<RawEntry>>, Error> {
    match fs::read(path) {
        Ok(body) => Ok(entries(&Document {
            body: body.into(),
            ..document.clone()
        })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Deliver(files::Error::Io {
            path: path.to_owned(),
            source,
        })),
    }
}

/// The entries of a document of ours; `None` if it is no feed.
fn entries(document: &Document) -> Option<Vec<RawEntry>> {
    let read = extract(document, SourceKind::Feed, None).ok()?;
    Some(read.entries)
}
