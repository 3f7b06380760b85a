//! What is found wrong in a configuration while it is checked.

use std::ops::Range;

use toml::Spanned;

use super::problem::Problem;

/// What a name of a source or a feed may be.
pub(super) const ID_RULE: &str =
    "up to 64 characters of a-z, 0-9, -, _ and ., a letter or digit among them, and no . in front";

/// The problems found so far in `text`.
pub(super) struct Check<'a> {
    pub(super) text: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl Check<'_> {
    pub(super) fn problem(
        &mut self,
        span: Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems
            .push(Problem::at(span, self.text, what).help(help));
    }

    /// A problem in a line that is not shown, as it holds a secret.
    pub(super) fn secret_problem(
        &mut self,
        span: Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problem(span, what, help);
        if let Some(problem) = self.problems.last_mut() {
            problem.excerpt.clear();
        }
    }

    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.text[..span.start.min(self.text.len())]
            .matches('\n')
            .count()
            + 1
    }

    /// A number from `from` to `to`, `default` if none is given; `of` says what it would be ("a feed of 0 entries").
    pub(super) fn number(
        &mut self,
        given: Option<Spanned<i64>>,
        (from, to): (i64, i64),
        default: usize,
        of: impl Fn(i64) -> String,
    ) -> usize {
        let Some(given) = given else { return default };
        let number = *given.get_ref();
        match usize::try_from(number) {
            Ok(fine) if (from..=to).contains(&number) => fine,
            _ => {
                let help = format!("write a number from {from} to {to}");
                self.problem(given.span(), of(number), help);
                default
            }
        }
    }
}
