//! How to fetch: who we say we are, and our limits.

use std::path::PathBuf;
use std::time::Duration;

use crate::model::Route;

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
}
