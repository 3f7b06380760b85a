//! What stands where a file of ours is to be, and was not written by agg: it is left alone, and told.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::deliver::files;
use crate::model::Document;

/// Our files say within so many bytes that they are ours.
const HEAD: usize = 4096;
/// How what agg has written is known: what its formats say of who made them, and how those begin that cannot say so.
const MARKS: &[&[u8]] = &[
    b"<generator>agg</generator>",
    b"<meta name=\"generator\" content=\"agg\">",
];
const BEGINNINGS: &[&[u8]] = &[
    b"{\n  \"version\": \"https://jsonfeed.org/version/1.1\",\n",
    b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\">\n <head>\n  <title>",
];

/// Something in the place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InTheWay {
    /// The path of the file below the output folder.
    pub path: String,
    /// What is there, in words ("a symbolic link").
    pub what: &'static str,
}

/// The `documents` that cannot be written below `output` without destroying what somebody else put there. Files in `known`
/// were written before.
pub(super) fn in_the_way(
    output: &Path,
    documents: &[(String, Document)],
    known: &BTreeMap<String, String>,
) -> Vec<InTheWay> {
    let found = documents.iter().filter_map(|(path, document)| {
        let what = obstacle(output, path).or_else(|| {
            let is_new = !known.contains_key(path);
            (is_new && is_foreign(&output.join(path), &document.body))
                .then_some("a file that agg did not write")
        })?;
        Some(InTheWay {
            path: path.clone(),
            what,
        })
    });
    found.collect()
}

/// What stands at `path` below `output` and is no file, or on the way there and is no folder.
pub(super) fn obstacle(output: &Path, path: &str) -> Option<&'static str> {
    let slashes = path
        .match_indices('/')
        .map(|(at, _)| output.join(&path[..at]));
    let is_none = |folder: &Path| match fs::metadata(folder) {
        Ok(found) => !found.is_dir(),
        // a link that leads nowhere
        Err(_) => folder.is_symlink(),
    };
    let mut folders = slashes.filter(|folder| is_none(folder));
    match folders.next() {
        None => files::in_the_way(&output.join(path)),
        Some(folder) => Some(match files::in_the_way(&folder) {
            Some(_) => "below what is no folder",
            None => "below a file, which cannot be a folder",
        }),
    }
}

/// True for a file that holds something else than `bytes` and does not look like ours: one that we wrote for an archive that
/// is lost does.
fn is_foreign(path: &Path, bytes: &[u8]) -> bool {
    if fs::symlink_metadata(path).is_err() {
        return false;
    }
    // what we may not read was not written by us
    let Ok(old) = fs::read(path) else {
        return true;
    };
    let head = &old[..old.len().min(HEAD)];
    let is_marked = MARKS
        .iter()
        .any(|mark| head.windows(mark.len()).any(|part| part == *mark))
        || BEGINNINGS.iter().any(|begin| head.starts_with(begin));
    old != bytes && !is_marked
}
