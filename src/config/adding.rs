//! Sources that are added to the text of `feeds.toml`, behind those that are there; all else in it stays as it is.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Value};
use url::Url;

use super::configuration::Config;
use super::edit::{problems, with_line_ends_of};
use super::outlines::Outline;
use crate::normalise;

/// A text with more sources.
#[derive(Debug)]
pub struct Added {
    /// The text.
    pub text: String,
    /// Those that were added.
    pub added: Vec<Outline>,
    /// Those that were not, each with why not.
    pub skipped: Vec<(Outline, String)>,
}

/// The configuration `text` of the file at `path` with those of `wanted` that it does not read yet. The text is a configuration
/// with them, or they are skipped.
///
/// # Errors
/// What is wrong with the text as it is.
pub fn with_sources(text: &str, path: &Path, wanted: &[Outline]) -> Result<Added, String> {
    let document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    let mut read: HashSet<String> = addresses(&document)
        .iter()
        .map(normalise::canonical_key)
        .collect();
    let mut fresh = Vec::new();
    let mut skipped = Vec::new();
    for outline in wanted {
        if read.insert(normalise::canonical_key(&outline.url)) {
            fresh.push(outline.clone());
        } else {
            skipped.push((outline.clone(), "is read already".to_owned()));
        }
    }
    if fresh.is_empty() {
        return Ok(Added {
            text: text.to_owned(),
            added: fresh,
            skipped,
        });
    }
    let changed = with(text, &fresh)?;
    if Config::parse(&changed, path).is_ok() {
        return Ok(Added {
            text: changed,
            added: fresh,
            skipped,
        });
    }
    one_by_one(text.to_owned(), path, fresh, skipped)
}

/// Where some cannot be added: those that can.
fn one_by_one(
    mut text: String,
    path: &Path,
    wanted: Vec<Outline>,
    mut skipped: Vec<(Outline, String)>,
) -> Result<Added, String> {
    let mut added = Vec::new();
    for outline in wanted {
        let changed = with(&text, std::slice::from_ref(&outline))?;
        match Config::parse(&changed, path) {
            Ok(_) => {
                text = changed;
                added.push(outline);
            }
            Err(error) => skipped.push((outline, problems(&error))),
        }
    }
    Ok(Added {
        text,
        added,
        skipped,
    })
}

/// The addresses of the sources that are there.
fn addresses(document: &DocumentMut) -> Vec<Url> {
    let of = |url: Option<&str>| url.and_then(|url| Url::parse(url.trim()).ok());
    match document.get("source") {
        Some(Item::ArrayOfTables(tables)) => (tables.iter())
            .filter_map(|table| of(table.get("url").and_then(Item::as_str)))
            .collect(),
        Some(Item::Value(Value::Array(array))) => (array.iter())
            .filter_map(Value::as_inline_table)
            .filter_map(|table| of(table.get("url").and_then(Value::as_str)))
            .collect(),
        _ => Vec::new(),
    }
}

/// The text with `sources` at the end of the list.
fn with(text: &str, sources: &[Outline]) -> Result<String, String> {
    let row = |source: &Outline| {
        let title = source.title.as_deref();
        let title = title.map(|title| ("title", Value::from(title)));
        let url = ("url", Value::from(source.url.as_str()));
        let tags: Array = source.folders.iter().map(String::as_str).collect();
        let tags = (!tags.is_empty()).then(|| ("tags", Value::from(tags)));
        std::iter::once(url).chain(title).chain(tags).collect()
    };
    let rows: Vec<Row> = sources.iter().map(row).collect();
    with_tables(text, &rows)
}

/// The keys and values of a new source.
pub(super) type Row = Vec<(&'static str, Value)>;

/// The text with these sources behind all that is there, so that no comment comes to stand with another table than before.
pub(super) fn with_tables(text: &str, rows: &[Row]) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
    match document.get_mut("source") {
        None | Some(Item::ArrayOfTables(_)) => {
            let mut changed = text.trim_end().to_owned();
            for row in rows {
                changed.push_str(if changed.is_empty() { "" } else { "\n\n" });
                changed.push_str("[[source]]");
                for (key, value) in row {
                    let _ = write!(changed, "\n{key} = {value}");
                }
            }
            changed.push('\n');
            Ok(with_line_ends_of(text, changed))
        }
        Some(Item::Value(Value::Array(array))) => {
            for row in rows {
                let pairs = row.iter().map(|(key, value)| (*key, value.clone()));
                array.push(pairs.collect::<InlineTable>());
            }
            Ok(with_line_ends_of(text, document.to_string()))
        }
        Some(_) => Err("`source` is no list of sources".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(url: &str, title: Option<&str>) -> Outline {
        Outline {
            url: Url::parse(url).unwrap(),
            title: title.map(str::to_owned),
            folders: Vec::new(),
        }
    }

    fn add(text: &str, wanted: &[Outline]) -> Added {
        with_sources(text, Path::new("feeds.toml"), wanted).unwrap()
    }

    #[test]
    fn sources_go_behind_those_that_are_there_and_nothing_else_changes() {
        let text = "# mine\n[site]\ntitle = 'T' # so\n\n[[source]] # first\nurl = \"https://a.example/\"\n[source.select]\nitem = \"article\"\n\n\
                    [publish]\nfirst = 3\n# the end\n";
        let added = add(
            text,
            &[
                outline("https://b.example/feed", Some("B & \"co\"")),
                outline("http://www.a.example", None),
                outline("https://c.example/", None),
                outline("https://c.example/#top", None),
                outline("ftp://d.example/", None),
            ],
        );
        for line in text.lines() {
            assert!(added.text.contains(line), "{line}: {}", added.text);
        }
        assert_eq!(added.added.len(), 2);
        let skipped: Vec<_> = (added.skipped.iter())
            .map(|(it, why)| (it.url.as_str(), why.as_str()))
            .collect();
        assert_eq!(
            skipped[..2],
            [
                ("http://www.a.example/", "is read already"),
                ("https://c.example/#top", "is read already"),
            ]
        );
        assert!(skipped[2].1.contains("ftp"), "{skipped:?}");
        let config = Config::parse(&added.text, Path::new("feeds.toml")).unwrap();
        let urls: Vec<_> = config.sources.iter().map(|it| it.url.as_str()).collect();
        assert_eq!(
            urls,
            [
                "https://a.example/",
                "https://b.example/feed",
                "https://c.example/"
            ]
        );
        assert_eq!(config.sources[1].title.as_deref(), Some("B & \"co\""));
        assert!(config.sources[0].select.is_some() && config.sources[1].select.is_none());
    }

    #[test]
    fn comments_stay_with_the_table_that_they_are_about() {
        let text = "[[source]]\nurl = \"https://a.example/\"\n# title = \"A\"\n";
        let added = add(text, &[outline("https://b.example/", None)]);
        assert_eq!(
            added.text,
            format!("{text}\n[[source]]\nurl = \"https://b.example/\"\n")
        );
    }

    #[test]
    fn a_text_without_sources_and_one_with_all_in_a_line_take_them_too() {
        let wanted = [outline("https://b.example/", None)];
        let added = add("[site]\ntitle = 'T'\n", &wanted);
        assert_eq!(
            added.text,
            "[site]\ntitle = 'T'\n\n[[source]]\nurl = \"https://b.example/\"\n"
        );
        let added = add("source = [{ url = \"https://a.example/\" }]\n", &wanted);
        let config = Config::parse(&added.text, Path::new("feeds.toml")).unwrap();
        assert_eq!(config.sources.len(), 2);
        assert!(with_sources("no toml", Path::new("feeds.toml"), &wanted).is_err());
    }
}
