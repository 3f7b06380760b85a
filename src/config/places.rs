//! Where agg keeps what it has, and under which address it is published.

use std::path::{Path, PathBuf, absolute};

use toml::Spanned;
use url::Url;

use super::findings::Check;

const DEFAULT_DATABASE: &str = "agg.db";
const DEFAULT_OUTPUT: &str = "public";

/// How the names of published files end.
const PUBLISHED: [&str; 7] = ["xml", "json", "html", "opml", "gz", "br", "zst"];

impl Check<'_> {
    /// The archive and the output folder, relative to `folder`.
    pub(super) fn places(
        &mut self,
        database: Option<&Spanned<String>>,
        output: Option<&Spanned<String>>,
        folder: &Path,
    ) -> (PathBuf, PathBuf) {
        let path = |given: Option<&Spanned<String>>, default: &str| {
            folder.join(given.map_or(default, |given| given.get_ref()))
        };
        let archive = path(database, DEFAULT_DATABASE);
        let published = path(output, DEFAULT_OUTPUT);
        if let Some(output) = output
            && output.get_ref().trim().is_empty()
        {
            let help =
                "name a folder, as in output = \"public\", or write \".\" for that of this file";
            self.problem(output.span(), "an output folder without a name", help);
        }
        let Some(database) = database else {
            return (archive, published);
        };
        let name = database.get_ref().trim();
        let help = "name a file, as in database = \"agg.db\"";
        // to SQLite, these are databases in memory, or addresses of one
        if name.is_empty() || name == ":memory:" || name.starts_with("file:") {
            let what = format!("`{name}` is no file: nothing that agg learns would be kept");
            self.problem(database.span(), what, help);
        } else if would_be_published(&archive, &published) {
            let what = format!(
                "the archive `{name}` has the name of a file that is published in `output`"
            );
            self.problem(database.span(), what, help);
        }
        (archive, published)
    }

    /// Where subscribers reach the output folder, with its trailing slash.
    pub(super) fn site_address(&mut self, given: &Spanned<String>) -> Option<Url> {
        let url = Url::parse(given.get_ref().trim()).ok();
        if let Some(url) = url {
            if !url.username().is_empty() || url.password().is_some() {
                let help = "take `user:password@` out of it: it stands in every feed, and all subscribers see it";
                self.secret_problem(given.span(), "an address with a login in it", help);
                return None;
            }
            if !matches!(url.scheme(), "http" | "https") {
                let what =
                    format!("`{url}` is no address for subscribers: they come over http or https");
                let help = "write where the output folder is reached, as in \"https://example.org/feeds/\"";
                self.problem(given.span(), what, help);
                return None;
            }
        }
        self.address(given).and_then(|url| self.folder(given, url))
    }

    /// The address of a folder, with its trailing slash.
    fn folder(&mut self, given: &Spanned<String>, mut url: Url) -> Option<Url> {
        let last = url.path().rsplit('/').next().unwrap_or_default();
        let is_file = last.rsplit_once('.').is_some_and(|(_, ending)| {
            let ending = ending.to_ascii_lowercase();
            matches!(
                ending.as_str(),
                "html" | "htm" | "php" | "xml" | "json" | "opml"
            )
        });
        if url.query().is_some() || url.fragment().is_some() || is_file {
            let text = given.get_ref();
            let what = format!("`{text}` is not the address of a folder");
            url.set_query(None);
            url.set_fragment(None);
            if is_file {
                url = url.join(".").ok()?;
            }
            let help = format!("write where the output folder is reached: \"{url}\"");
            self.problem(given.span(), what, help);
            return None;
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Some(url)
    }
}

/// True for a file in the output folder that is named as those which are written there.
fn would_be_published(file: &Path, output: &Path) -> bool {
    let whole = |path: &Path| absolute(path).unwrap_or_else(|_| path.to_owned());
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| PUBLISHED.contains(&ending.to_ascii_lowercase().as_str()))
        && whole(file).starts_with(whole(output))
}
