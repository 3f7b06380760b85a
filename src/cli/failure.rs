//! An error as a person needs it: what, where, what to do; and the exit status it means.

use std::io;

use agg::config;
use agg::pipeline::{self, PreviewError};

/// Why a command could not do what it was asked for.
#[derive(Debug)]
pub(super) struct Failure {
    /// Each with what is wrong, where, and what to do.
    pub(super) parts: Vec<Part>,
    code: u8,
}

/// One thing that is wrong.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// What, in the field's words.
    pub(super) what: String,
    /// Line, address, file.
    pub(super) place: Option<String>,
    /// The line of a file that is meant, the column in it (from 1) and how many characters.
    pub(super) excerpt: Option<(String, usize, usize)>,
    /// One step that helps.
    pub(super) help: Option<String>,
}

impl Failure {
    /// It could not run: exit status 1.
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self {
            parts: vec![Part {
                what: what.into(),
                ..Part::default()
            }],
            code: 1,
        }
    }

    /// It could not run because of one thing: exit status 1.
    pub(super) fn of(part: Part) -> Self {
        Self {
            parts: vec![part],
            code: 1,
        }
    }

    /// It was asked for in a way that cannot be: exit status 2.
    pub(super) fn usage(what: impl Into<String>) -> Self {
        Self {
            code: 2,
            ..Self::new(what)
        }
    }

    /// The same, with where it went wrong.
    pub(super) fn place(mut self, place: impl Into<String>) -> Self {
        if let Some(part) = self.parts.last_mut() {
            part.place = Some(place.into());
        }
        self
    }

    /// The same, with what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(part) = self.parts.last_mut() {
            part.help = Some(help.into());
        }
        self
    }

    /// What is wrong, where and what to do, a line each: for logs.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |part: &Part| {
            let mut line = part.what.clone();
            if let Some(place) = &part.place {
                line = format!("{place}: {line}");
            }
            match &part.help {
                Some(help) => format!("{line} ({help})"),
                None => line,
            }
        };
        self.parts.iter().map(line).collect()
    }

    /// The exit status.
    pub(super) fn code(&self) -> u8 {
        self.code
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        match error {
            config::Error::Invalid { path, problems } => {
                let part = |problem: config::Problem| Part {
                    what: problem.what,
                    place: Some(format!(
                        "{}:{}:{}",
                        path.display(),
                        problem.line,
                        problem.column
                    )),
                    excerpt: Some((problem.excerpt, problem.column, problem.width))
                        .filter(|(excerpt, ..)| !excerpt.is_empty()),
                    help: problem.help,
                };
                Self {
                    parts: problems.into_iter().map(part).collect(),
                    code: 1,
                }
            }
            config::Error::Unreadable { ref cause, .. }
                if cause.kind() == io::ErrorKind::NotFound =>
            {
                Self::new(pipeline::with_causes(&error))
                    .help("`agg init` writes one to start from; --config FILE names another")
            }
            error => Self::new(pipeline::with_causes(&error)),
        }
    }
}

impl From<pipeline::Error> for Failure {
    fn from(error: pipeline::Error) -> Self {
        let help = error.help();
        let mut failure = Self::new(pipeline::with_causes(&error));
        if matches!(error, pipeline::Error::NoSuchSource { .. }) {
            failure.code = 2;
        }
        match help {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

impl From<PreviewError> for Failure {
    fn from(error: PreviewError) -> Self {
        let failure = Self::new(pipeline::with_causes(&error));
        match error.help() {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(format!("cannot write the result: {error}"))
    }
}
