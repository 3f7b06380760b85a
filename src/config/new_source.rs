//! A new source at the end of the text of `feeds.toml`; all else in it stays as it is.

use std::path::Path;

use toml_edit::Value;
use url::Url;

use super::adding::{Row, with_tables};
use super::check::source_id;
use super::configuration::Config;
use super::problem::Error;
use crate::model::{Source, SourceId, SourceKind};
use crate::normalise;

/// The longest name of a source.
const LONGEST_ID: usize = 64;

/// What a new source is to be.
#[derive(Clone, Copy, Debug)]
pub struct NewSource<'a> {
    /// Its address.
    pub url: &'a Url,
    /// Its name; `None`: one that is made from the address, and that no other source has.
    pub id: Option<&'a str>,
    /// How it is to be read.
    pub kind: SourceKind,
}

/// A configuration with a new source.
#[derive(Clone, Debug)]
pub struct WithSource {
    /// The text of the file.
    pub text: String,
    /// What it says.
    pub config: Config,
    /// The new source.
    pub source: Source,
}

/// Why a source cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// Its address is read already.
    #[error("{url} is read already, as `{id}`")]
    Known {
        /// The address.
        url: Url,
        /// By which source.
        id: SourceId,
    },
    /// It cannot be called so.
    #[error("`{0}` cannot name a source")]
    Name(String),
    /// Another source is called so.
    #[error("there is a source called `{0}` already")]
    Taken(SourceId),
    /// The text takes no more sources.
    #[error("{0}")]
    Text(String),
    /// The configuration as it is, or as it would be, cannot be used.
    #[error(transparent)]
    Invalid(#[from] Error),
}

/// The configuration `text` of the file at `path` with one more source. It may have had none.
///
/// # Errors
/// [`AddError`].
pub fn with_source(text: &str, path: &Path, wanted: NewSource<'_>) -> Result<WithSource, AddError> {
    let before = Config::parse(text, path);
    let sources = before.as_ref().map(|it| it.sources.as_slice());
    let sources = sources.unwrap_or_default();
    let key = normalise::canonical_key(wanted.url);
    if let Some(known) = (sources.iter()).find(|it| normalise::canonical_key(&it.url) == key) {
        return Err(AddError::Known {
            url: wanted.url.clone(),
            id: known.id.clone(),
        });
    }
    let is_taken = |id: &SourceId| sources.iter().any(|source| source.id == *id);
    let id = match wanted.id {
        Some(given) => {
            let id = SourceId::new(given).ok_or_else(|| AddError::Name(given.to_owned()))?;
            if is_taken(&id) {
                return Err(AddError::Taken(id));
            }
            id
        }
        None => free_id(wanted.url, is_taken),
    };
    let changed = with_tables(text, &[rows(&id, wanted)]).map_err(|why| {
        // a text that takes no source is no configuration either
        match Config::parse(text, path) {
            Err(error) => AddError::Invalid(error),
            Ok(_) => AddError::Text(why),
        }
    })?;
    // a file without a source is wrong only until it has one; what is wrong otherwise is told as it stands there
    let config = match (Config::parse(&changed, path), before) {
        (Ok(config), _) => config,
        (Err(_), Err(error)) | (Err(error), Ok(_)) => return Err(error.into()),
    };
    let source = config.sources.iter().find(|source| source.id == id);
    let source = source.cloned().ok_or(AddError::Taken(id))?;
    Ok(WithSource {
        text: changed,
        config,
        source,
    })
}

/// A name made from the address that no source has yet.
fn free_id(url: &Url, is_taken: impl Fn(&SourceId) -> bool) -> SourceId {
    let plain = source_id(url).or_else(|| SourceId::new("source"));
    let plain = plain.expect("`source` is an id");
    let numbered = (2..).map(|number: u64| {
        let end = format!("-{number}");
        // ids are ASCII
        let begin = &plain.as_str()[..plain.as_str().len().min(LONGEST_ID - end.len())];
        SourceId::new(&format!("{begin}{end}")).expect("an id with a number is one")
    });
    std::iter::once(plain.clone())
        .chain(numbered)
        .find(|id| !is_taken(id))
        .expect("numbers do not end")
}

/// The new table.
fn rows(id: &SourceId, wanted: NewSource<'_>) -> Row {
    let mut rows = vec![
        ("id", Value::from(id.as_str())),
        ("url", Value::from(wanted.url.as_str())),
    ];
    let kind = match wanted.kind {
        SourceKind::Auto => None,
        SourceKind::Feed => Some("feed"),
        SourceKind::Page => Some("page"),
    };
    rows.extend(kind.map(|kind| ("kind", Value::from(kind))));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(text: &str, url: &str) -> Result<WithSource, AddError> {
        let url = Url::parse(url).unwrap();
        let wanted = NewSource {
            url: &url,
            id: None,
            kind: SourceKind::Auto,
        };
        with_source(text, Path::new("feeds.toml"), wanted)
    }

    #[test]
    fn the_text_before_it_is_not_touched() {
        let text = "# mine\n[[source]] # first\nurl = \"https://a.example/\"\n[source.select]\nitem='li'\n\n[site]\ntitle='T'\n# end";
        let added = add(text, "https://b.example/feed").unwrap();
        assert_eq!(
            added.text,
            format!(
                "{text}\n\n[[source]]\nid = \"b.example-feed\"\nurl = \"https://b.example/feed\"\n"
            )
        );
        assert_eq!(added.source.id.as_str(), "b.example-feed");
        assert_eq!(added.config.sources.len(), 2);
    }

    #[test]
    fn sources_in_one_line_get_one_more() {
        let text = "source = [{ url = \"https://a.example/\" }] # all\n";
        let added = add(text, "https://b.example/").unwrap();
        assert_eq!(
            added.text,
            "source = [{ url = \"https://a.example/\" }, { id = \"b.example\", url = \"https://b.example/\" }] # all\n"
        );
    }

    #[test]
    fn the_first_source_can_be_added() {
        for text in ["", "# nothing yet\n"] {
            let added = add(text, "https://b.example/").unwrap();
            assert_eq!(added.config.sources.len(), 1);
            assert!(added.text.starts_with(text.trim_end()));
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let text = "[[source]]\nurl = \"https://b.example/a-b\"\n[[source]]\nid = \"b.example-a-b-2\"\nurl = \"https://c.example/\"\n";
        let added = add(text, "https://b.example/a/b").unwrap();
        assert_eq!(added.source.id.as_str(), "b.example-a-b-3");
        let long = format!("https://{}.example/", "x".repeat(60));
        let text = format!("[[source]]\nurl = \"{long}a\"\n");
        let added = add(&text, &format!("{long}b")).unwrap();
        assert!(added.source.id.as_str().ends_with("-2"));
    }

    #[test]
    fn an_address_that_is_read_already_is_refused_however_it_is_written() {
        let text = "[[source]]\nid = \"a\"\nurl = \"https://www.a.example/blog/\"\n";
        for url in [
            "https://a.example/blog",
            "http://a.example/blog/?utm_source=x",
        ] {
            let error = add(text, url).unwrap_err();
            assert!(
                matches!(&error, AddError::Known { id, .. } if id.as_str() == "a"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_file_with_mistakes_is_told_as_it_stands() {
        let text = "[[source]]\nurl = \"https://a.example/\"\n[fetch]\ntimeout = \"soon\"\n";
        let error = add(text, "https://b.example/").unwrap_err();
        assert!(matches!(error, AddError::Invalid(Error::Invalid { .. })));
        let error = add("[[source]\n", "https://b.example/").unwrap_err();
        assert!(matches!(error, AddError::Invalid(_)), "{error}");
        let error = add("source = 3\n", "https://b.example/").unwrap_err();
        assert!(matches!(error, AddError::Invalid(_)), "{error}");
    }
}
