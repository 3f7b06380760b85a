//! `[[group]]`: hosts that are asked together, or in their own way.

use std::collections::HashSet;

use super::file::{GroupTable, Scope};
use super::findings::Check;
use crate::fetch::{self, Group, HostPattern, NoHosts};

/// The most requests at once for one group.
const MOST_AT_ONCE: i64 = 16;

impl Check<'_> {
    pub(super) fn groups(&mut self, tables: Vec<GroupTable>) -> Vec<Group> {
        let mut known: HashSet<String> = HashSet::new();
        let mut groups = Vec::with_capacity(tables.len());
        for table in tables {
            let span = table.hosts.span();
            if table.hosts.get_ref().is_empty() {
                self.problem(
                    span,
                    "a group without hosts",
                    "write hosts = [\"*.blogs.example\"]",
                );
            }
            let mut hosts: Vec<HostPattern> = Vec::new();
            for text in table.hosts.into_inner() {
                match text.get_ref().parse() {
                    Ok(pattern) => hosts.push(pattern),
                    Err(NoHosts) => self.problem(
                        text.span(),
                        format!("`{}` names no host", text.get_ref()),
                        "write \"blog.example\", or \"*.blogs.example\" for all hosts below it, without scheme or port",
                    ),
                }
                if !known.insert(text.get_ref().trim().to_ascii_lowercase()) {
                    self.problem(
                        text.span(),
                        format!("`{}` is in a group already", text.get_ref()),
                        "remove one of the two: a host takes the first group that fits",
                    );
                }
            }
            let spacing = table.spacing.map(|given| {
                let default = fetch::Options::default().spacing;
                self.span_of_time(Some(given), default)
            });
            let at_once = |n| format!("{n} requests at once");
            groups.push(Group {
                hosts,
                spacing,
                concurrency: self.number(table.concurrency, (1, MOST_AT_ONCE), 1, at_once),
                is_narrow: table.scope == Scope::Source,
            });
        }
        groups
    }
}
