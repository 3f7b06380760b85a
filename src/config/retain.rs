//! `[retain]` and `[source.retain]`: which bodies of entries are kept.

use toml::Spanned;

use super::file::RetainTable;
use super::findings::Check;
use crate::model::{Retain, Retention};

/// The longest age; more is for ever, which is to say nothing.
const MAX_DAYS: i64 = 36_500;
/// The most entries of one source.
const MAX_ENTRIES: i64 = 1_000_000_000;

impl Check<'_> {
    /// The rule for all sources; those with one of their own are added as they are read.
    pub(super) fn retention(&mut self, table: RetainTable) -> Retention {
        Retention {
            all: self.retain(table),
            ..Retention::default()
        }
    }

    /// A rule. That of a source takes the place of that for all: an empty one keeps everything.
    pub(super) fn retain(&mut self, table: RetainTable) -> Retain {
        Retain {
            days: self.bound(table.days, MAX_DAYS, "days"),
            entries: self.bound(table.entries, MAX_ENTRIES, "entries"),
        }
    }

    fn bound(&mut self, given: Option<Spanned<i64>>, most: i64, unit: &str) -> Option<u32> {
        let given = given?;
        let number = *given.get_ref();
        if !(1..=most).contains(&number) {
            self.problem(
                given.span(),
                format!("bodies kept for {number} {unit}"),
                format!("write a number from 1 to {most}, or leave it out: then all are kept"),
            );
        }
        u32::try_from(number).ok()
    }
}
