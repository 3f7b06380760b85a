//! Files that are not wanted any more. Removed is only what holds the very bytes that we wrote, in folders that are folders.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It was ours, and is gone.
    Removed,
    /// There is none.
    NotThere,
    /// It is something else than what we wrote, and was left alone.
    NotOurs,
}

/// Removes the file at `path` below `output`, if `is_ours` knows its bytes, and the folders that it leaves empty.
///
/// # Errors
/// What the system says; the file is as it was.
pub fn remove(
    output: &Path,
    path: &str,
    is_ours: impl FnOnce(&[u8]) -> bool,
) -> io::Result<Removal> {
    let parts: Vec<Component<'_>> = Path::new(path).components().collect();
    let Some((name, folders)) = parts.split_last() else {
        return Ok(Removal::NotOurs);
    };
    if parts.iter().any(|it| !matches!(it, Component::Normal(_))) {
        return Ok(Removal::NotOurs);
    }
    let mut folder = output.to_owned();
    for part in folders {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Ok(Removal::NotOurs),
            Err(error) => return not_there(error),
        }
    }
    let file = folder.join(name);
    match fs::symlink_metadata(&file) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(Removal::NotOurs),
        Err(error) => return not_there(error),
    }
    if !is_ours(&fs::read(&file)?) {
        return Ok(Removal::NotOurs);
    }
    fs::remove_file(&file)?;
    for _ in folders {
        // one that is not empty stays
        if fs::remove_dir(&folder).is_err() {
            break;
        }
        folder.pop();
    }
    Ok(Removal::Removed)
}

fn not_there(error: io::Error) -> io::Result<Removal> {
    match error.kind() {
        ErrorKind::NotFound => Ok(Removal::NotThere),
        _ => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output() -> tempfile::TempDir {
        let output = tempfile::tempdir().unwrap();
        fs::create_dir_all(output.path().join("old/archive")).unwrap();
        fs::write(output.path().join("old/archive/1.xml"), "ours").unwrap();
        output
    }

    fn ours(bytes: &[u8]) -> bool {
        bytes == b"ours"
    }

    #[test]
    fn a_file_of_ours_goes_with_the_folders_that_it_leaves_empty() {
        let output = output();
        let removed = remove(output.path(), "old/archive/1.xml", ours).unwrap();
        assert_eq!(removed, Removal::Removed);
        assert!(!output.path().join("old").exists());
        assert!(output.path().exists());
        let again = remove(output.path(), "old/archive/1.xml", ours).unwrap();
        assert_eq!(again, Removal::NotThere);
    }

    #[test]
    fn what_somebody_else_put_there_stays() {
        let output = output();
        let (notes, file) = (output.path().join("old/notes"), "old/archive/1.xml");
        fs::write(&notes, "mine").unwrap();
        assert_eq!(
            remove(output.path(), "old/notes", ours).unwrap(),
            Removal::NotOurs
        );
        assert_eq!(remove(output.path(), file, ours).unwrap(), Removal::Removed);
        assert!(notes.exists() && !output.path().join("old/archive").exists());
        for folder in ["old", "old/../old/notes", "/etc/hostname", ""] {
            let what = remove(output.path(), folder, |_| true).unwrap();
            assert_eq!(what, Removal::NotOurs, "{folder}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        use std::os::unix::fs::symlink;
        let (output, elsewhere) = (output(), output());
        symlink(elsewhere.path().join("old"), output.path().join("feed")).unwrap();
        let file = elsewhere.path().join("old/archive/1.xml");
        symlink(&file, output.path().join("1.xml")).unwrap();
        for path in ["feed/archive/1.xml", "1.xml"] {
            let what = remove(output.path(), path, ours).unwrap();
            assert_eq!(what, Removal::NotOurs, "{path}");
        }
        assert!(file.exists());
    }
}
