//! An archive and its published files, looked through and mended.

use std::path::{Path, PathBuf};

use super::error::Error;
use super::line::now;
use super::merging::settle;
use super::withdraw::stale;
use crate::config::Config;
use crate::dedupe;
use crate::deliver::files;
use crate::model::EntryKey;
use crate::store::{self, Finding, Store, Write};

/// What a look through an archive and its output folder found.
#[derive(Debug, Default)]
pub struct Examined {
    /// What is wrong with the archive.
    pub archive: Vec<Finding>,
    /// Entries that are not what follows from what their sources show.
    pub unmerged: Vec<EntryKey>,
    /// Files that killed runs left in the output folder.
    pub leftovers: Vec<PathBuf>,
    /// Files of feeds that are not published any more, below the output folder: the next publication removes them.
    pub withdrawn: Vec<String>,
}

/// Looks through the archive of `config` and its output folder. Writes nothing.
///
/// # Errors
/// [`Error::Store`] if the archive cannot be asked.
pub fn examine(store: &mut Store, config: &Config) -> Result<Examined, Error> {
    let archive = store.examine()?;
    // of an archive whose file is damaged nothing more can be told
    let (unmerged, withdrawn) = if archive.iter().all(|finding| finding.can_mend) {
        let unmerged = store.rehearse(|store| Ok::<_, Error>(store.write(unmerged)?))?;
        (unmerged, stale(store, config)?)
    } else {
        (Vec::new(), Vec::new())
    };
    Ok(Examined {
        archive,
        unmerged,
        leftovers: leftovers(&config.output),
        withdrawn,
    })
}

/// Makes anew what can be: merged entries from what sources show, the search index from entries; removes leftovers. Whoever
/// calls this holds the claim.
///
/// # Errors
/// [`Error::Store`] if the archive cannot be written; it is as it was then.
pub fn mend(store: &mut Store, examined: &Examined) -> Result<(), Error> {
    let now = now();
    store.write(|write| {
        if examined.archive.iter().any(|finding| finding.can_mend) {
            write.forget_words()?;
        }
        for key in &examined.unmerged {
            settle(write, *key, now, false)?;
        }
        Ok(())
    })?;
    for path in &examined.leftovers {
        if let Err(error) = std::fs::remove_file(path) {
            tracing::warn!(path = %path.display(), %error, "a leftover stays");
        }
    }
    Ok(())
}

/// The entries whose article is not what merging gives.
fn unmerged(write: &mut Write<'_>) -> Result<Vec<EntryKey>, store::Error> {
    let mut found = Vec::new();
    for key in write.shown()? {
        let wanted = dedupe::merge(&write.sightings(key)?).entry;
        if write.merged(key)?.as_ref() != Some(&wanted) {
            found.push(key);
        }
    }
    Ok(found)
}

/// Leftovers in the output folder and in the folders of its feeds.
fn leftovers(output: &Path) -> Vec<PathBuf> {
    let mut found = files::leftovers(output);
    let folders = std::fs::read_dir(output).into_iter().flatten().flatten();
    for folder in folders.filter(|it| it.file_type().is_ok_and(|kind| kind.is_dir())) {
        found.extend(leftovers(&folder.path()));
    }
    found.sort();
    found
}
