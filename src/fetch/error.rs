//! Why a source could not be fetched, and what its owner can do.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::model::OutcomeKind;

use super::freshness::RetryAfter;
use super::message::{MessageError, reason};

/// What was waited for in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A connection, TLS included.
    Connection,
    /// More of the body.
    Body,
    /// The whole of it, redirects included.
    Everything,
}

/// Why there is no document. The addresses in it are those that were asked, which after a redirect are not the source's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An answer that holds no document.
    #[error("{url} answered {}", with_reason(*status))]
    Status {
        /// The address asked.
        url: String,
        /// The status code.
        status: u16,
        /// When the server wishes to be asked again.
        retry_after: Option<RetryAfter>,
    },
    /// 410: the server says that the document is gone for good.
    #[error("{url} is gone for good (410)")]
    Gone {
        /// The address asked.
        url: String,
    },
    /// The host was asked for something else in this run, and wishes to be left alone.
    #[error("{host} has asked to be left alone for a while")]
    HostWaiting {
        /// The host.
        host: String,
        /// What is left of its wish.
        retry_after: RetryAfter,
    },
    /// It took too long.
    #[error("{}", timed_out(*phase, *after))]
    Timeout {
        /// What was waited for.
        phase: Phase,
        /// For how long.
        after: Duration,
    },
    /// The name of the host leads nowhere.
    #[error("the address of {host} cannot be found: {cause}")]
    Dns {
        /// The host.
        host: String,
        /// What the resolver said.
        cause: String,
    },
    /// No connection.
    #[error("no connection to {host}: {cause}")]
    Connect {
        /// The host.
        host: String,
        /// What the network said.
        cause: String,
        /// True if it was the host that said it: it is there, and nobody listens.
        refused: bool,
    },
    /// The host is not one that anybody on the internet could ask, and `[fetch] allow` does not name it.
    #[error("{}{host} is {kind} ({address}), which is not asked", led(from.as_deref()))]
    NotPublic {
        /// The host.
        host: String,
        /// Where it is.
        address: IpAddr,
        /// What that is, with an article.
        kind: &'static str,
        /// The address that redirected there; `None`: it was asked for itself.
        from: Option<String>,
        /// The line for `[fetch]` that would allow it.
        line: String,
    },
    /// The site's `robots.txt` keeps us out.
    #[error(
        "{} line {line} says `{rule}`, which keeps agg from {url}",
        robots_of(url)
    )]
    Disallowed {
        /// The address that may not be asked.
        url: String,
        /// The number of the rule's line.
        line: usize,
        /// The rule.
        rule: String,
    },
    /// Nobody knows what the site's `robots.txt` allows, so nothing is asked for now (RFC 9309 §2.3.1.4).
    #[error("{url} cannot be had, and without it no page there is asked for: {cause}")]
    RobotsUnknown {
        /// Where it is.
        url: String,
        /// Why it cannot be had.
        cause: String,
        /// When the server wishes to be asked again.
        retry_after: Option<RetryAfter>,
    },
    /// A connection, but no safe one.
    #[error("no secure connection to {host}: {cause}")]
    Tls {
        /// The host.
        host: String,
        /// What was wrong with it.
        cause: String,
    },
    /// The body is larger than allowed, as it was sent or unpacked.
    #[error("the document is larger than {}", size(*limit))]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The connection ended before the answer did.
    #[error("the answer was cut off: {cause}")]
    CutOff {
        /// What the connection said.
        cause: String,
    },
    /// The answer is no HTTP, or its content coding is broken.
    #[error("the answer cannot be read: {cause}")]
    BadAnswer {
        /// What was wrong with it.
        cause: String,
    },
    /// More redirects than anyone needs.
    #[error("more than {limit} redirects, the last to {url}")]
    TooManyRedirects {
        /// How many are followed.
        limit: usize,
        /// Where the last one led.
        url: String,
    },
    /// A redirect back to where we have been.
    #[error("{url} redirects in a circle")]
    RedirectLoop {
        /// The address that came twice.
        url: String,
    },
    /// A redirect from https to http.
    #[error("{from} redirects to {to}, which is not encrypted")]
    Downgrade {
        /// The address asked.
        from: String,
        /// Where it would lead.
        to: String,
    },
    /// A redirect that leads nowhere.
    #[error("{url} redirects to {}", target(location.as_deref()))]
    BadRedirect {
        /// The address asked.
        url: String,
        /// The `Location`, where there was one.
        location: Option<String>,
    },
    /// A success without a body.
    #[error("{url} answered {} with an empty body", with_reason(*status))]
    Empty {
        /// The address asked.
        url: String,
        /// The status code.
        status: u16,
    },
    /// Replay: nobody recorded this address.
    #[error("{url} was not recorded: there is no {}", file.display())]
    NotRecorded {
        /// The address asked.
        url: String,
        /// The file that would hold it.
        file: PathBuf,
    },
    /// Replay: the file is no `message/http`.
    #[error("{} is not a recorded response: {cause}", file.display())]
    BadRecording {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        cause: MessageError,
    },
    /// A recording could not be read or written.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The address is neither http nor https, or has no host.
    #[error("{url} is not an http or https address")]
    BadAddress {
        /// The address.
        url: String,
    },
    /// A secret that the source wants is not there, or cannot be sent. Never shows it.
    #[error("{place}, which holds {holds}, {why}")]
    Secret {
        /// Where it should be.
        place: String,
        /// What it is.
        holds: String,
        /// What is wrong with it.
        why: String,
        /// Whether it should be in a file.
        is_file: bool,
    },
    /// The file of certificates cannot be used.
    #[error("the certificates in {} cannot be used: {cause}", file.display())]
    Certificates {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// The proxy gives no connection to the host.
    #[error("no connection to {host} through the proxy {proxy}: {cause}")]
    Proxy {
        /// The host.
        host: String,
        /// The proxy's address.
        proxy: String,
        /// What it said, or the network.
        cause: String,
    },
    /// The client could not be set up.
    #[error("the HTTP client cannot be set up: {cause}")]
    Client {
        /// Why.
        cause: String,
    },
}

impl Error {
    /// The HTTP status, where there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } | Self::Empty { status, .. } => Some(*status),
            Self::Gone { .. } => Some(410),
            _ => None,
        }
    }

    /// When the server wishes to be asked again.
    #[must_use]
    pub fn retry_after(&self) -> Option<RetryAfter> {
        match self {
            Self::Status { retry_after, .. } | Self::RobotsUnknown { retry_after, .. } => {
                *retry_after
            }
            Self::HostWaiting { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    /// The host that has had enough of us (429, 503), whatever is asked of it; it is that of the address that answered.
    #[must_use]
    pub fn closed_host(&self) -> Option<String> {
        match self {
            Self::Status {
                url,
                status: 429 | 503,
                ..
            } => Url::parse(url).ok()?.host_str().map(str::to_owned),
            _ => None,
        }
    }

    /// How the source's turn has ended: gone, failed, or waiting, where nothing was asked because its host wishes to be
    /// left alone.
    #[must_use]
    pub fn outcome(&self) -> OutcomeKind {
        match self {
            Self::Gone { .. } => OutcomeKind::Gone,
            Self::HostWaiting { .. } => OutcomeKind::Waiting,
            _ => OutcomeKind::Failed,
        }
    }

    /// True if no server was reached at all, which may be the fault of our own network.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(
            self,
            Self::Dns { .. }
                | Self::Connect { refused: false, .. }
                | Self::Proxy { .. }
                | Self::Timeout {
                    phase: Phase::Connection,
                    ..
                }
        )
    }

    /// True if something was sent, or tried to be: what was not says nothing of the network.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        !matches!(
            self,
            Self::HostWaiting { .. }
                | Self::NotPublic { from: None, .. }
                | Self::Disallowed { .. }
                | Self::Secret { .. }
                | Self::Certificates { .. }
                | Self::NotRecorded { .. }
                | Self::BadRecording { .. }
                | Self::BadAddress { .. }
                | Self::Io { .. }
                | Self::Client { .. }
        )
    }

    /// True if it may be otherwise in an hour: trouble of the network or of the server, and no word on the document.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.is_unreachable()
            || matches!(
                self,
                Self::Connect { .. }
                    | Self::Timeout { .. }
                    | Self::CutOff { .. }
                    | Self::HostWaiting { .. }
                    | Self::RobotsUnknown { .. }
                    | Self::Status {
                        status: 408 | 425 | 429 | 500..=599,
                        ..
                    }
            )
    }

    /// All its words that come from outside, and may repeat what a server was told.
    pub(super) fn texts(&mut self) -> Vec<&mut String> {
        match self {
            Self::Status { url, .. }
            | Self::Gone { url }
            | Self::TooManyRedirects { url, .. }
            | Self::RedirectLoop { url }
            | Self::Empty { url, .. }
            | Self::NotRecorded { url, .. }
            | Self::BadAddress { url } => vec![url],
            Self::HostWaiting { host, .. } => vec![host],
            Self::Dns { host, cause }
            | Self::Connect { host, cause, .. }
            | Self::Tls { host, cause }
            | Self::Proxy { host, cause, .. } => vec![host, cause],
            Self::NotPublic {
                host, from, line, ..
            } => [host, line].into_iter().chain(from).collect(),
            Self::Disallowed { url, rule, .. } => vec![url, rule],
            Self::RobotsUnknown { url, cause, .. } => vec![url, cause],
            Self::CutOff { cause } | Self::BadAnswer { cause } | Self::Client { cause } => {
                vec![cause]
            }
            Self::Downgrade { from, to } => vec![from, to],
            Self::BadRedirect { url, location } => [url].into_iter().chain(location).collect(),
            Self::Timeout { .. }
            | Self::TooLarge { .. }
            | Self::BadRecording { .. }
            | Self::Io { .. }
            | Self::Secret { .. }
            | Self::Certificates { .. } => Vec::new(),
        }
    }

    /// True if it says something of the whole host, or of ourselves, and not of one document.
    pub(super) fn is_of_host(&self) -> bool {
        self.is_unreachable()
            || matches!(
                self,
                Self::Connect { .. }
                    | Self::Tls { .. }
                    | Self::NotPublic { .. }
                    | Self::HostWaiting { .. }
                    | Self::Client { .. }
                    | Self::Secret { .. }
                    | Self::Certificates { .. }
            )
    }

    /// What the owner of the source can do, where there is something.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Status { status, .. } => return status_help(*status).map(str::to_owned),
            Self::Gone { .. } => {
                "remove the source, or give its new address; `agg fetch --force` with its name asks once more"
            }
            Self::HostWaiting { .. } => "nothing: it is asked again when its time has come",
            Self::Timeout { .. } => {
                "nothing, if it happens seldom; else raise `timeout` in feeds.toml"
            }
            Self::Dns { .. } => "check the spelling of the address, and that the network is up",
            Self::Connect { .. } => {
                "check that the site opens in a browser, and that the network is up"
            }
            Self::NotPublic { from, line, .. } => {
                let whose = match from {
                    None => "if it is yours",
                    Some(_) => "a site that is not yours has no business there; if both are",
                };
                return Some(format!(
                    "{whose}, put this line below [fetch] in feeds.toml: {line}"
                ));
            }
            Self::Disallowed { .. } => {
                "look for a feed on the site, which agg may read all the same; or ask its owner, and only if they agree \
                 put `robots = false` below the source in feeds.toml"
            }
            Self::RobotsUnknown { .. } => {
                "nothing, if the site is in trouble: it is asked again later, and after 30 days the file counts as missing"
            }
            Self::Tls { .. } => {
                "check that the site opens in a browser without a warning; if its certificates are your own, name them as `ca_file`"
            }
            Self::Secret { is_file: true, .. } => {
                "make the file where agg runs, with nothing but the secret in it, and let agg's user read it"
            }
            Self::Secret { .. } => {
                "set the variable where agg runs (a service: Environment= or EnvironmentFile=), or let agg read the file"
            }
            Self::Certificates { .. } => {
                "name a PEM file with certificates (-----BEGIN CERTIFICATE-----) as `ca_file`"
            }
            Self::Proxy { .. } => {
                "check that the proxy runs, and its address and login in feeds.toml"
            }
            Self::TooLarge { .. } => {
                "check that the address is the one of a feed or page; else raise `max_body` in feeds.toml"
            }
            Self::TooManyRedirects { .. }
            | Self::RedirectLoop { .. }
            | Self::BadRedirect { .. } => {
                "open the address in a browser, and put the one where it ends into feeds.toml"
            }
            Self::Downgrade { to, .. } => {
                return Some(format!(
                    "if you trust it all the same, put {to} into feeds.toml"
                ));
            }
            Self::NotRecorded { .. } => "record it: `agg fetch --record DIR`",
            Self::BadRecording { .. } => "record it again, or write what `curl -i` prints",
            Self::BadAddress { .. } => "write it as https://site/path",
            Self::CutOff { .. } | Self::BadAnswer { .. } | Self::Empty { .. } => {
                "nothing, if it happens seldom: it is asked again later"
            }
            Self::Io { .. } | Self::Client { .. } => return None,
        };
        Some(help.to_owned())
    }
}

/// What to do about a status.
fn status_help(status: u16) -> Option<&'static str> {
    Some(match status {
        401 => {
            "the site wants a login: give the source `auth` in feeds.toml. It is sent to the origin of the source's `url` only: \
             give the address where the site answers"
        }
        407 => "the proxy wants a login: give `proxy` a user and a password in feeds.toml",
        403 | 406 => {
            "the site refuses agg; ask its owner, and give a `contact` in feeds.toml so that they know who asks"
        }
        404 => "look for the new address on the site, and put it into feeds.toml",
        429 => {
            "nothing: agg asks less often for a while; a longer `interval` for the source prevents it"
        }
        451 => "the site may not show it where you are",
        500..=599 => "nothing: the site is in trouble, and is asked again later",
        _ => return None,
    })
}

fn with_reason(status: u16) -> String {
    match reason(status) {
        Some(reason) => format!("{status} {reason}"),
        None => status.to_string(),
    }
}

/// A size in the largest unit of a thousand that leaves it whole, as `max_body` is written.
fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match units
        .iter()
        .find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit))
    {
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} bytes"),
    }
}

fn timed_out(phase: Phase, after: Duration) -> String {
    let seconds = after.as_secs_f32();
    match phase {
        Phase::Connection => format!("no connection within {seconds} s"),
        Phase::Body => format!("the answer stopped for {seconds} s"),
        Phase::Everything => format!("no whole answer within {seconds} s"),
    }
}

/// Where the rules for an address are.
fn robots_of(url: &str) -> String {
    let file = Url::parse(url).and_then(|url| url.join("/robots.txt"));
    file.map_or_else(|_| "robots.txt".to_owned(), String::from)
}

fn led(from: Option<&str>) -> String {
    from.map(|from| format!("{from} redirects to another host: "))
        .unwrap_or_default()
}

fn target(location: Option<&str>) -> String {
    match location {
        Some(location) => format!("`{location}`, which is no http or https address"),
        None => "nowhere: it gives no Location".to_owned(),
    }
}
