//! Files of feeds, or of formats of feeds, that are not published any more: found among what the store remembers, and removed.
//! What they held can be made again: the archive forgets nothing.

use std::path::Path;

use tracing::info;

use super::archives::path_in;
use super::definitions::definitions;
use super::error::Error;
use crate::config::Config;
use crate::deliver::removal::{self, Removal};
use crate::model::{Document, FeedDefinition, Format};
use crate::store::Store;

/// What became of files that are not published any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// Paths below the output folder of those that were removed.
    pub removed: Vec<String>,
    /// Of those that were left alone, each with why.
    pub left: Vec<(String, String)>,
}

/// The names of feeds, each with its formats.
type Feeds = [(String, Vec<Format>)];

/// Remembers what was written, and removes what `feeds` do not publish any more.
///
/// # Errors
/// [`Error::Store`]. A file that cannot be removed is told in the answer, and tried again the next time.
pub(super) fn withdraw(
    store: &mut Store,
    config: &Config,
    feeds: &Feeds,
    documents: &[&(String, Document)],
) -> Result<Withdrawn, Error> {
    let known = store.outputs()?;
    let written: Vec<(&str, String)> = documents
        .iter()
        .map(|it| (it.0.as_str(), hash(&it.1.body)))
        .filter(|(path, hash)| known.get(*path) != Some(hash))
        .collect();
    let mut withdrawn = Withdrawn::default();
    let mut gone = Vec::new();
    for (path, hash_then) in known.iter().filter(|(path, _)| !is_published(path, feeds)) {
        // closed pages first: as long as the front page is remembered, they are
        if let Some((feed, format)) = front_of(path) {
            closed_pages(store, config, feed, format, &mut withdrawn)?;
        }
        let removal = removal::remove(&config.output, path, |bytes| hash(bytes) == *hash_then);
        if withdrawn.tell(path, removal) {
            gone.push(path.as_str());
        }
    }
    store.remember_outputs(&written, &gone)?;
    Ok(withdrawn)
}

/// Removes the closed pages of the archive of a feed.
fn closed_pages(
    store: &Store,
    config: &Config,
    feed: &str,
    format: Format,
    withdrawn: &mut Withdrawn,
) -> Result<(), Error> {
    let definition = FeedDefinition::new(feed, config.url.clone());
    for page in store.shelved_pages(feed, format)? {
        let Some(name) = format.archive_name(page) else {
            continue;
        };
        let path = path_in(feed, &name);
        let Some(body) = store.shelved_body(&definition, page, format)? else {
            continue;
        };
        let removal = removal::remove(&config.output, &path, |bytes| bytes == body.as_bytes());
        withdrawn.tell(&path, removal);
    }
    Ok(())
}

impl Withdrawn {
    /// True if the file is no matter of ours any more.
    fn tell(&mut self, path: &str, removal: std::io::Result<Removal>) -> bool {
        let (is_done, why) = match removal {
            Ok(Removal::NotThere) => return true,
            Ok(Removal::Removed) => {
                info!(path, "removed, since it is not published any more");
                self.removed.push(path.to_owned());
                return true;
            }
            Ok(Removal::NotOurs) => (true, "it is not what agg wrote there".to_owned()),
            Err(error) => (false, error.to_string()),
        };
        info!(path, why, "not published any more, and left alone");
        self.left.push((path.to_owned(), why));
        is_done
    }
}

/// The files that were published, are not any more, and are still there, as far as they are remembered. Of the feeds that
/// only the front page is named.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn stale(store: &Store, config: &Config) -> Result<Vec<String>, Error> {
    let definitions = definitions(store, config)?;
    let feeds: Vec<(String, Vec<Format>)> = (definitions.into_iter())
        .map(|definition| (definition.id, definition.formats))
        .collect();
    let known = store.outputs()?.into_keys();
    Ok(known
        .filter(|path| !is_published(path, &feeds) && is_file(&config.output, path))
        .collect())
}

fn is_file(output: &Path, path: &str) -> bool {
    output
        .join(path)
        .symlink_metadata()
        .is_ok_and(|found| found.is_file())
}

/// True if the file belongs to a feed and a format that are published, or to none.
fn is_published(path: &str, feeds: &Feeds) -> bool {
    let Some((feed, format)) = front_of(path).or_else(|| page_of(path)) else {
        return true;
    };
    feeds
        .iter()
        .any(|(known, formats)| known == feed && formats.contains(&format))
}

/// The feed whose front page the file is, and in which format.
pub(super) fn front_of(path: &str) -> Option<(&str, Format)> {
    let (feed, name) = path.rsplit_once('/').unwrap_or(("all", path));
    let format = Format::ALL.into_iter().find(|it| it.file_name() == name)?;
    Some((feed, format))
}

/// The feed that has the file as a page of its archive, and in which format.
fn page_of(path: &str) -> Option<(&str, Format)> {
    let (folder, name) = path.rsplit_once('/')?;
    let feed = match folder.rsplit_once('/') {
        Some((feed, "archive")) => feed,
        None if folder == "archive" => "all",
        _ => return None,
    };
    let (page, _) = name.split_once('.')?;
    let name = format!("archive/{name}");
    let page = page.parse().ok()?;
    let is_of = |format: &Format| format.archive_name(page).as_deref() == Some(&name);
    Some((feed, Format::ALL.into_iter().find(is_of)?))
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_to_which_feed_and_format_it_belongs() {
        let of = |path| front_of(path).or_else(|| page_of(path));
        for (path, expected) in [
            ("atom.xml", Some(("all", Format::Atom))),
            ("archive/3.xml", Some(("all", Format::Atom))),
            ("archive/rss.xml", Some(("archive", Format::Rss))),
            ("archive/archive/12.json", Some(("archive", Format::Json))),
            ("tag/sea/index.html", Some(("tag/sea", Format::Html))),
            ("tag/sea/archive/1.xml", Some(("tag/sea", Format::Atom))),
            ("sources.opml", None),
            ("old/archive/notes.xml", None),
            ("old/page/1.xml", None),
        ] {
            assert_eq!(of(path), expected, "{path}");
        }
    }

    #[test]
    fn a_page_of_a_feed_that_goes_on_in_that_format_stays() {
        let feeds = [("all".to_owned(), vec![Format::Atom])];
        assert!(is_published("archive/3.xml", &feeds));
        assert!(is_published("sources.opml", &feeds));
        assert!(!is_published("archive/3.json", &feeds));
        assert!(!is_published("old/atom.xml", &feeds));
    }
}
