//! How to fetch: who we say we are, and our limits.

use std::path::PathBuf;
use std::time::Duration;

use crate::model::Route;

use super::group::{Group, Line};
use super::guard::Allow;

/// Where answers come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// The network.
    #[default]
    Network,
    /// A folder of recordings; no socket is opened.
    Replay(PathBuf),
}

/// The `[fetch]` table of `feeds.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// An e-mail address or page by which a site's operator reaches whoever runs this; part of the `User-Agent`.
    pub contact: Option<String>,
    /// For one document, redirects included; waiting for one's turn is not counted.
    pub timeout: Duration,
    /// For a connection, TLS included.
    pub connect_timeout: Duration,
    /// For the next piece of a body.
    pub stall_timeout: Duration,
    /// The largest body, in bytes: as it is sent, and again as it is unpacked.
    pub max_body_bytes: u64,
    /// From the end of a request to the next one for the same host; jittered by a quarter.
    pub spacing: Duration,
    /// Requests under way at once, over all hosts; at least 1.
    pub concurrency: usize,
    /// What may be asked although it is not public: our own machine, our own network.
    pub allow: Vec<Allow>,
    /// The `User-Agent`, in the place of ours.
    pub user_agent: Option<String>,
    /// A PEM file with certificates that are trusted beside the built-in ones.
    pub ca_file: Option<PathBuf>,
    /// The way to all that names no other one.
    pub route: Route,
    /// Hosts that take turns together, or in their own way; the first one that fits counts.
    pub groups: Vec<Group>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            contact: None,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            stall_timeout: Duration::from_secs(20),
            max_body_bytes: 10_000_000,
            spacing: Duration::from_secs(1),
            concurrency: 16,
            allow: Vec::new(),
            user_agent: None,
            ca_file: None,
            route: Route::Direct,
            groups: Vec::new(),
        }
    }
}

impl Options {
    /// The `User-Agent` that is sent, fit for a header: our name, our version, and whom to write to.
    #[must_use]
    pub fn user_agent(&self) -> String {
        const OURS: &str = concat!("agg/", env!("CARGO_PKG_VERSION"), " (feed aggregator");
        if let Some(given) = &self.user_agent {
            return given.clone();
        }
        let agent = match self.contact.as_deref() {
            // a page is marked so by custom
            Some(page) if page.starts_with("http") => format!("{OURS}; +{page})"),
            Some(contact) => format!("{OURS}; {contact})"),
            None => format!("{OURS})"),
        };
        agent
            .chars()
            .filter(|c| *c == ' ' || c.is_ascii_graphic())
            .collect()
    }

    /// The line in which a request for `host` waits: that of the first group that it belongs to, or its own.
    #[must_use]
    pub fn line(&self, host: &str) -> Line {
        let fits = |group: &&Group| group.hosts.iter().any(|pattern| pattern.fits(host));
        let mut groups = self.groups.iter().enumerate();
        match groups.find(|(_, group)| fits(group)) {
            Some((number, group)) => Line {
                name: format!("group {number}"),
                spacing: group.spacing.unwrap_or(self.spacing),
                concurrency: group.concurrency.max(1),
                is_narrow: group.is_narrow,
            },
            None => Line {
                name: host.to_owned(),
                spacing: self.spacing,
                concurrency: 1,
                is_narrow: false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_names_us_and_whom_to_write_to() {
        let mut options = Options::default();
        assert!(options.user_agent().starts_with("agg/"));
        options.contact = Some("https://blog.example/about\r\n".to_owned());
        assert!(
            options
                .user_agent()
                .ends_with(" (feed aggregator; +https://blog.example/about)")
        );
        options.contact = Some("me@blog.example".to_owned());
        assert!(
            options
                .user_agent()
                .ends_with(" (feed aggregator; me@blog.example)")
        );
    }

    #[test]
    fn hosts_of_a_group_share_a_line_and_others_have_their_own() {
        let options = Options {
            groups: vec![Group {
                hosts: vec![
                    "*.blogs.example".parse().unwrap(),
                    "b.example".parse().unwrap(),
                ],
                spacing: None,
                concurrency: 2,
                is_narrow: true,
            }],
            ..Options::default()
        };
        let shared = options.line("a.blogs.example");
        assert_eq!(shared, options.line("b.example"));
        assert_eq!((shared.concurrency, shared.spacing), (2, options.spacing));
        let own = options.line("c.example");
        assert_eq!(
            (own.name.as_str(), own.concurrency, own.is_narrow),
            ("c.example", 1, false)
        );
    }
}
