//! Which hosts take turns together: each by itself, or as a `[[group]]` of `feeds.toml` says. Pure.

use std::str::FromStr;
use std::time::Duration;

use url::Host;

/// Hosts by name: one, or with `*.` before it all below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern {
    /// As in a URL: lower-case, IPv6 in brackets.
    name: String,
    is_below: bool,
}

/// The text names no hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoHosts;

impl FromStr for HostPattern {
    type Err = NoHosts;

    /// Reads `blog.example`, `*.blog.example` or an address.
    fn from_str(text: &str) -> Result<Self, NoHosts> {
        let text = text.trim();
        let (is_below, name) = match text.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, text),
        };
        match Host::parse(name) {
            Ok(Host::Domain(name)) if !name.contains('*') => Ok(Self { name, is_below }),
            Ok(address @ (Host::Ipv4(_) | Host::Ipv6(_))) if !is_below => Ok(Self {
                name: address.to_string(),
                is_below,
            }),
            _ => Err(NoHosts),
        }
    }
}

impl HostPattern {
    /// True for the name of a host, as it stands in a URL, that is meant.
    #[must_use]
    pub fn fits(&self, host: &str) -> bool {
        if !self.is_below {
            return host == self.name;
        }
        host.strip_suffix(&self.name)
            .is_some_and(|below| below.len() > 1 && below.ends_with('.'))
    }
}

/// A `[[group]]`: hosts that take turns together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its hosts; at least one.
    pub hosts: Vec<HostPattern>,
    /// From the end of a request to the next one; `None`: as everywhere.
    pub spacing: Option<Duration>,
    /// Requests under way at once; at least 1.
    pub concurrency: usize,
    /// True if a `Retry-After` is the wish of one document, and not of its host (a gateway to many sites).
    pub is_narrow: bool,
}

/// Whose turn it is: a host by itself, or all of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The name of the host, or one that no host has.
    pub name: String,
    /// From the end of a request to the next one.
    pub spacing: Duration,
    /// Requests under way at once; at least 1.
    pub concurrency: usize,
    /// True if a `Retry-After` holds for one source only.
    pub is_narrow: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_every_name_below_and_for_nothing_else() {
        for (pattern, host, fits) in [
            ("*.blogs.example", "a.blogs.example", true),
            ("*.blogs.example", "a.b.blogs.example", true),
            ("*.Blogs.Example", "a.blogs.example", true),
            ("*.blogs.example", "blogs.example", false),
            ("*.blogs.example", "myblogs.example", false),
            ("blogs.example", "blogs.example", true),
            ("blogs.example", "a.blogs.example", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("[::1]", "[::1]", true),
        ] {
            let read: HostPattern = pattern.parse().unwrap();
            assert_eq!(read.fits(host), fits, "{pattern} {host}");
        }
        for wrong in [
            "",
            "*",
            "*.",
            "a.*.example",
            "*.127.0.0.1",
            "https://a.example",
            "a b",
        ] {
            assert_eq!(wrong.parse::<HostPattern>(), Err(NoHosts), "{wrong}");
        }
    }
}
