//! What is wrong in a configuration, and where.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("cannot read the configuration {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The file is not text.
    #[error("the configuration {} is not UTF-8 text (line {line})", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line of the first byte that is none.
        line: usize,
    },
    /// The file was read, but says something that cannot be.
    #[error("{} {} in {}", problems.len(), if problems.len() == 1 { "problem" } else { "problems" }, path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Each problem, in the order of the file.
        problems: Vec<Problem>,
    },
}

/// How lines begin that may hold a secret, in its place or out of it.
const SECRET: &[&str] = &[
    "auth", "cookie", "header", "password", "proxy", "secret", "token", "user",
];

/// One mistake in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub what: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// That line of the file; empty if it may hold a secret.
    pub excerpt: String,
    /// How many characters of it are meant.
    pub width: usize,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem with the bytes `span` of `text`.
    pub(super) fn at(span: Range<usize>, text: &str, what: impl Into<String>) -> Self {
        let start = floor(text, span.start);
        let end = floor(text, span.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[line_start..line_end].trim();
        let shown =
            !SECRET.iter().any(|word| line.starts_with(word)) || line.starts_with("user_agent");
        Self {
            what: what.into(),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            excerpt: if shown {
                text[line_start..line_end].trim_end().to_owned()
            } else {
                String::new()
            },
            width: text[start..end.min(line_end)].chars().count().max(1),
            help: None,
        }
    }

    /// The same problem with what to do about it.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What the TOML parser or serde found wrong.
    pub(super) fn from_toml(error: &toml::de::Error, text: &str) -> Self {
        let what = error.message().trim().replace('\n', ", ");
        let span = error.span().unwrap_or(0..0);
        let problem = Self::at(span, text, what.clone());
        if what.starts_with("unknown field") {
            let key = what.split('`').nth(1).unwrap_or_default().to_owned();
            let known: Vec<&str> = what.split('`').skip(3).step_by(2).collect();
            if matches!(key.as_str(), "password" | "token") {
                return problem.help(format!(
                    "no secret belongs here: name where it is kept, with `{key}_env` or `{key}_file`"
                ));
            }
            let nearest = known.iter().min_by_key(|known| distance(&key, known));
            return match nearest {
                Some(near) if distance(&key, near) <= 2 => {
                    problem.help(format!("did you mean `{near}`?"))
                }
                _ => problem.help(format!(
                    "remove `{key}`, or see `agg init` for the keys there are"
                )),
            };
        }
        if what.contains("missing field `url`") {
            return problem
                .help("every [[source]] needs the address it is read at: url = \"https://…\"");
        }
        problem
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// The last character boundary of `text` at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// How many characters must be changed, added or removed to make `a` into `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
