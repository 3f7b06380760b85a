//! Changes to the text of `feeds.toml` that leave all else in it as it is: comments, order, blanks.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike, Value, value};
use url::Url;

use super::configuration::Config;
use crate::model::SourceId;

/// Why a text cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is no TOML, or has no such source.
    #[error("source `{0}` cannot be found in the text of the configuration")]
    NotFound(SourceId),
    /// With the change, it would be no configuration.
    #[error("the address of `{id}` cannot be changed: {why}")]
    Refused {
        /// Which source.
        id: SourceId,
        /// What would be wrong.
        why: String,
    },
}

/// The configuration `text` of the file at `path` with another address for the source `id`, which keeps its name: where
/// that was made from the address, it is written down.
///
/// # Errors
/// [`EditError`]; the text is what it was.
pub fn with_address(
    text: &str,
    path: &Path,
    id: &SourceId,
    url: &Url,
) -> Result<String, EditError> {
    let not_found = || EditError::NotFound(id.clone());
    let refused = |why: String| EditError::Refused {
        id: id.clone(),
        why,
    };
    let ids = |text: &str| -> Result<Vec<SourceId>, super::Error> {
        let config = Config::parse(text, path)?;
        Ok(config.sources.into_iter().map(|source| source.id).collect())
    };
    let before = ids(text).map_err(|error| refused(problems(&error)))?;
    let at = before
        .iter()
        .position(|known| known == id)
        .ok_or_else(not_found)?;
    let mut document: DocumentMut = text.parse().map_err(|_| not_found())?;
    let table = document
        .get_mut("source")
        .and_then(|sources| source(sources, at))
        .ok_or_else(not_found)?;
    let given = table
        .get_mut("url")
        .and_then(Item::as_value_mut)
        .ok_or_else(not_found)?;
    // the blanks before it, and the comment behind it
    let decor = given.decor().clone();
    *given = Value::from(url.as_str());
    *given.decor_mut() = decor;
    if !table.contains_key("id") {
        table.insert("id", value(id.as_str()));
    }
    let changed = with_line_ends_of(text, document.to_string());
    match ids(&changed) {
        Ok(after) if after == before => Ok(changed),
        Ok(_) => Err(not_found()),
        Err(error) => Err(refused(problems(&error))),
    }
}

/// The table of the source at that place, however the sources are written.
fn source(sources: &mut Item, at: usize) -> Option<&mut dyn TableLike> {
    match sources {
        Item::ArrayOfTables(tables) => tables.get_mut(at).map(|table| table as &mut dyn TableLike),
        Item::Value(Value::Array(array)) => array
            .get_mut(at)
            .and_then(Value::as_inline_table_mut)
            .map(|table| table as &mut dyn TableLike),
        _ => None,
    }
}

/// The changed text with line ends as those of the old one, where all are CRLF.
pub(super) fn with_line_ends_of(old: &str, changed: String) -> String {
    let crlf = old.matches("\r\n").count();
    if crlf == 0 || crlf != old.matches('\n').count() {
        return changed;
    }
    changed.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// What is wrong, in one line.
pub(super) fn problems(error: &super::Error) -> String {
    match error {
        super::Error::Invalid { problems, .. } => {
            let all: Vec<&str> = problems.iter().map(|p| p.what.as_str()).collect();
            all.join("; ")
        }
        error => error.to_string(),
    }
}

/// Writes `text` in the place of the file at `path`, which keeps its permissions and its owner. Nobody ever sees half a
/// file; where `path` is a link, the file behind it is written.
///
/// # Errors
/// What the system says; the file is what it was.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    let before = fs::metadata(&path)?;
    let mut file = tempfile::Builder::new()
        .prefix(".feeds.toml.")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(before.permissions())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        let new = file.as_file().metadata()?;
        if (new.uid(), new.gid()) != (before.uid(), before.gid()) {
            // who may write the folder may not always give a file away
            let _ = fchown(file.as_file(), Some(before.uid()), Some(before.gid()));
        }
    }
    file.as_file().sync_all()?;
    file.persist(&path)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str, id: &str, url: &str) -> Result<String, EditError> {
        let id = SourceId::new(id).unwrap();
        with_address(
            text,
            Path::new("feeds.toml"),
            &id,
            &Url::parse(url).unwrap(),
        )
    }

    #[test]
    fn one_address_changes_and_nothing_else_does() {
        let text = "# mine\n[site]\ntitle='T'   # so\n\n[[source]]   # first\nurl   =  \"https://a.example/feed\"  # old\nid = 'a'\n\n# --- second\n\
                    [[source]]\nid = \"b\"\nurl = \"https://b.example/\"\n[source.select]\nitem = \"article\" # one\n";
        let changed = edit(text, "a", "https://new.example/feed").unwrap();
        assert_eq!(
            changed,
            text.replace("https://a.example/feed", "https://new.example/feed")
        );
        let changed = edit(text, "b", "https://new.example/").unwrap();
        assert_eq!(
            changed,
            text.replace("https://b.example/", "https://new.example/")
        );
    }

    #[test]
    fn a_source_keeps_the_name_that_its_old_address_gave_it() {
        let text = "[[source]]\nurl = \"https://a.example/feed\" # old\n# about tags\ntags = [\"x\"]\n\n# --- next\n[[source]]\nurl = \"https://b.example/\"\n";
        let changed = edit(text, "a.example-feed", "https://new.example/feed").unwrap();
        assert_eq!(
            changed,
            "[[source]]\nurl = \"https://new.example/feed\" # old\n# about tags\ntags = [\"x\"]\nid = \"a.example-feed\"\n\n\
             # --- next\n[[source]]\nurl = \"https://b.example/\"\n"
        );
    }

    #[test]
    fn a_file_with_crlf_keeps_it_in_every_line() {
        let text =
            "# mine\r\n[[source]]\r\nurl = \"https://a.example/feed\" # old\r\ntags = [\"x\"]\r\n";
        let changed = edit(text, "a.example-feed", "https://new.example/feed").unwrap();
        let lines = text.replace("https://a", "https://new");
        assert_eq!(changed, format!("{lines}id = \"a.example-feed\"\r\n"));
        let added = super::super::with_source(
            text,
            Path::new("feeds.toml"),
            super::super::NewSource {
                url: &Url::parse("https://b.example/").unwrap(),
                id: None,
                kind: crate::model::SourceKind::Auto,
            },
        );
        let added = added.unwrap().text;
        assert!(added.starts_with(text), "{added:?}");
        assert_eq!(added.matches('\n').count(), added.matches("\r\n").count());
    }

    #[test]
    fn sources_in_one_line_are_changed_too() {
        let text = "source = [{ url = \"https://a.example/\" }, { url = \"https://b.example/\", id = \"b\" }]\n";
        let changed = edit(text, "b", "https://new.example/").unwrap();
        assert_eq!(
            changed,
            text.replace("https://b.example/", "https://new.example/")
        );
    }

    #[test]
    fn an_address_that_another_source_has_is_refused() {
        let text =
            "[[source]]\nurl = \"https://a.example/\"\n[[source]]\nurl = \"https://b.example/\"\n";
        let error = edit(text, "b.example", "https://a.example/").unwrap_err();
        assert!(error.to_string().contains("read already"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_replaced_keeps_its_permissions_and_its_link() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.toml"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        replace(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "new");
        assert_eq!(
            fs::metadata(&real).unwrap().permissions().mode() & 0o777,
            0o640
        );
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
