//! `feeds.toml`: sources, feeds, and each stage's own options. Text in, a checked [`Config`] out, or every problem with
//! its line and column. Reads one file and nothing else; never guesses past a mistake.

mod access;
mod adding;
mod check;
mod configuration;
mod edit;
mod feeds;
mod file;
mod filters;
mod findings;
mod groups;
mod new_source;
mod outlines;
mod places;
mod problem;
mod retain;
mod units;
mod write;
mod zones;

use std::fs;
use std::path::Path;

pub use access::secret_parameter;
pub use adding::{Added, with_sources};
pub use check::source_id;
pub use configuration::Config;
pub use edit::{EditError, replace, with_address};
pub use new_source::{AddError, NewSource, WithSource, with_source};
pub use outlines::{Outline, OutlineError, outlines, without_feed_scheme};
pub use problem::{Error, Problem};
pub use units::duration;
pub use write::{select_table, source_table};

/// The text that `agg init` writes: a commented `feeds.toml` to start from.
pub const TEMPLATE: &str = include_str!("template.toml");

impl Config {
    /// Reads and checks the file at `path`; relative paths in it are relative to its folder.
    ///
    /// # Errors
    /// [`Error::Unreadable`] if the file cannot be read, [`Error::Invalid`] with every problem found in it.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let unreadable = |cause| Error::Unreadable {
            path: path.to_owned(),
            cause,
        };
        let bytes = fs::read(path).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid =
                String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            Error::NotUtf8 {
                path: path.to_owned(),
                line: valid.matches('\n').count() + 1,
            }
        })?;
        Self::parse(&text, path)
    }

    /// Checks `text` as if it stood in the file at `path`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every problem found.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let invalid = |problems| Error::Invalid {
            path: path.to_owned(),
            problems,
        };
        let file: file::File = toml::from_str(text)
            .map_err(|error| invalid(vec![Problem::from_toml(&error, text)]))?;
        check::check(file, path, text).map_err(invalid)
    }
}

#[cfg(test)]
mod tests;
