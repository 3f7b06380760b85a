//! Source → Document: the HTTP door in.
//!
//! An address and what is remembered of it (validators) come in; a document, or the word that it has not changed, goes out.
//! Conditional requests as RFC 9110 §13, redirects as §15.4, `Retry-After` as §10.2.3. Never parses a document, never
//! decides when a source is due, never asks a host twice at once, never connects to an address that is not public unless
//! `[fetch] allow` names it.
//!
//! The answers come from the network, or from a folder of recordings ([`Door::Replay`]), in which case no socket is opened
//! and nobody is waited for.

mod access;
mod client;
mod coding;
mod conditional;
mod error;
mod fetcher;
mod file_name;
mod freshness;
mod group;
mod guard;
mod mask;
mod message;
mod options;
mod politeness;
mod redirect;
mod replay;
mod robots;

pub use access::check_access;
pub use error::{Error, Phase};
pub use fetcher::{Accept, Answer, Fetched, Fetcher, Gate, Request, RobotsAnswer};
pub use file_name::file_name;
pub use freshness::{Freshness, LONGEST_WISH, RetryAfter};
pub use group::{Group, HostPattern, Line, NoHosts};
pub use guard::{Allow, NotAllowable};
pub use message::MessageError;
pub use options::{Door, Options};
pub use robots::{Disallowed, Robots};
