//! Which addresses may be connected to: those that anybody on the internet could ask too, and those that `[fetch] allow`
//! names. A page must not make us ask our own machine, our own network or the metadata service of a cloud (RFC 6890 and the
//! registries of special-purpose addresses behind it).
//!
//! A host that is an address is judged before it is asked, on every hop. A name is judged after it was resolved, and exactly
//! the addresses that were judged are connected to: a name that leads elsewhere the second time is judged a second time.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// An entry of `[fetch] allow`: what may be asked although it is not public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allow {
    /// Every address of a network; a single address is a network of its own.
    Network(IpNet),
    /// Whatever this name leads to; lower-case, as in a URL.
    Host(String),
}

/// The text is neither a network nor a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAllowable;

impl FromStr for Allow {
    type Err = NotAllowable;

    /// Reads `127.0.0.0/8`, `192.168.1.5`, `fd00::/8`, `[::1]` or `nas.lan`.
    fn from_str(text: &str) -> Result<Self, NotAllowable> {
        let text = text.trim();
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if let Ok(network) = bare.parse::<IpNet>() {
            return Ok(Self::Network(network.trunc()));
        }
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Network(address.to_canonical().into()));
        }
        match Host::parse(text) {
            Ok(Host::Domain(name)) if !text.contains('*') => Ok(Self::Host(bare_name(&name))),
            _ => Err(NotAllowable),
        }
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) if network.prefix_len() == network.max_prefix_len() => {
                network.addr().fmt(f)
            }
            Self::Network(network) => network.fmt(f),
            Self::Host(name) => name.fmt(f),
        }
    }
}

/// A host that is not asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{host} is {kind} ({address})")]
pub(super) struct Refused {
    /// The host as it stands in the URL.
    pub(super) host: String,
    /// Where it is.
    pub(super) address: IpAddr,
    /// What that is, with an article.
    pub(super) kind: &'static str,
}

/// Judges addresses.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    allow: Arc<[Allow]>,
}

impl Guard {
    /// Lets public addresses through, and what `allow` names.
    pub(super) fn new(allow: &[Allow]) -> Self {
        Self {
            allow: allow.into(),
        }
    }

    /// The line of `feeds.toml` that would let `host` through, with all that may pass already.
    pub(super) fn line(&self, host: &str) -> String {
        let bare = host.trim_matches(['[', ']']);
        let all = self.allow.iter().map(ToString::to_string);
        let all: Vec<String> = all
            .chain([bare.to_owned()])
            .map(|entry| format!("\"{entry}\""))
            .collect();
        format!("allow = [{}]", all.join(", "))
    }

    /// Judges a host that is an address. One that is a name is judged when it is resolved.
    pub(super) fn check(&self, url: &Url) -> Result<(), Refused> {
        // the parser has made one address of all spellings: octal, hexadecimal, a single number
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        match self.objection(address) {
            None => Ok(()),
            Some(kind) => Err(Refused {
                host: url.host_str().unwrap_or_default().to_owned(),
                address,
                kind,
            }),
        }
    }

    /// Those of the addresses of the host `name` that may be connected to.
    fn admitted(&self, name: &str, found: Vec<IpAddr>) -> Result<Vec<IpAddr>, Refused> {
        let bare = bare_name(name);
        let named = |allow: &Allow| matches!(allow, Allow::Host(host) if *host == bare);
        if self.allow.iter().any(named) {
            return Ok(found);
        }
        let (mut admitted, mut refused) = (Vec::new(), None);
        for address in found {
            match self.objection(address) {
                None => admitted.push(address),
                Some(kind) => {
                    refused.get_or_insert((address, kind));
                }
            }
        }
        match refused {
            Some((address, kind)) if admitted.is_empty() => Err(Refused {
                host: name.to_owned(),
                address,
                kind,
            }),
            _ => Ok(admitted),
        }
    }

    /// What speaks against an address.
    fn objection(&self, address: IpAddr) -> Option<&'static str> {
        let plain = address.to_canonical();
        let allowed = |allow: &Allow| matches!(allow, Allow::Network(network) if network.contains(&address) || network.contains(&plain));
        special(plain).filter(|_| !self.allow.iter().any(allowed))
    }

    /// The resolver of a client: asks the system, and gives on what is admitted.
    pub(super) fn resolver(self) -> impl Resolve + 'static {
        self.resolver_with(system)
    }

    /// The same, where names are looked up by `lookup`.
    pub(super) fn resolver_with(
        self,
        lookup: impl Fn(String) -> Lookup + Send + Sync + 'static,
    ) -> impl Resolve + 'static {
        Resolver {
            guard: self,
            lookup,
        }
    }
}

/// How a name becomes addresses.
pub(super) type Lookup = BoxFuture<'static, io::Result<Vec<IpAddr>>>;

/// Gives a client only addresses that were judged.
struct Resolver<L> {
    guard: Guard,
    lookup: L,
}

impl<L: Fn(String) -> Lookup + Send + Sync> Resolve for Resolver<L> {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard.clone();
        let found = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let admitted = guard.admitted(name.as_str(), found.await?)?;
            // a port of 0 stands for the one of the URL
            let addresses = admitted.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

/// The addresses of `name`, as the system knows them.
fn system(name: String) -> Lookup {
    Box::pin(async move {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    })
}

/// A name as it is compared: lower-case, without the dot of the root.
fn bare_name(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

const METADATA: &str = "the metadata service of a cloud";
const LOCAL: &str = "an address of this machine";
const PRIVATE: &str = "an address of a private network";
const LINK: &str = "a link-local address";
const DOCUMENTATION: &str = "an address for examples";
const BENCHMARK: &str = "an address for measurements";
const MULTICAST: &str = "a multicast address";
const RESERVED: &str = "a reserved address";

/// What an address is, with an article, if it is not one that anybody can reach.
fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    const fn net(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
        Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
    }
    const SPECIAL: &[(Ipv4Net, &str)] = &[
        (net(169, 254, 169, 254, 32), METADATA),
        (net(169, 254, 170, 2, 32), METADATA),
        (net(100, 100, 100, 200, 32), METADATA),
        (net(168, 63, 129, 16, 32), METADATA),
        (net(192, 0, 0, 192, 32), METADATA),
        (net(0, 0, 0, 0, 8), LOCAL),
        (net(127, 0, 0, 0, 8), LOCAL),
        (net(10, 0, 0, 0, 8), PRIVATE),
        (net(172, 16, 0, 0, 12), PRIVATE),
        (net(192, 168, 0, 0, 16), PRIVATE),
        (net(100, 64, 0, 0, 10), "an address of a provider's network"),
        (net(169, 254, 0, 0, 16), LINK),
        (net(192, 0, 0, 0, 24), RESERVED),
        (net(192, 88, 99, 0, 24), RESERVED),
        (net(192, 0, 2, 0, 24), DOCUMENTATION),
        (net(198, 51, 100, 0, 24), DOCUMENTATION),
        (net(203, 0, 113, 0, 24), DOCUMENTATION),
        (net(198, 18, 0, 0, 15), BENCHMARK),
        (net(224, 0, 0, 0, 4), MULTICAST),
        (net(255, 255, 255, 255, 32), "a broadcast address"),
        (net(240, 0, 0, 0, 4), RESERVED),
    ];
    SPECIAL
        .iter()
        .find(|(network, _)| network.contains(&address))
        .map(|(_, kind)| *kind)
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    const fn net(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
        Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
    }
    const NAT64: Ipv6Net = net(0x64, 0xff9b, 0, 96);
    const TEREDO: Ipv6Net = net(0x2001, 0, 0, 32);
    const SIX_TO_FOUR: Ipv6Net = net(0x2002, 0, 0, 16);
    const SPECIAL: &[(Ipv6Net, &str)] = &[
        (net(0xfd00, 0xec2, 0, 32), METADATA),
        (net(0, 0, 0, 127), LOCAL),
        (net(0xfc00, 0, 0, 7), PRIVATE),
        (net(0xfec0, 0, 0, 10), PRIVATE),
        (net(0x64, 0xff9b, 1, 48), PRIVATE),
        (net(0xfe80, 0, 0, 10), LINK),
        (net(0xff00, 0, 0, 8), MULTICAST),
        (net(0x2001, 0xdb8, 0, 32), DOCUMENTATION),
        (net(0x3fff, 0, 0, 20), DOCUMENTATION),
        (net(0x2001, 2, 0, 48), BENCHMARK),
        (net(0x2001, 0, 0, 23), RESERVED),
    ];
    let [_, first, second, third, .., last_but_one, last] = address.segments();
    let within =
        |high: u16, low: u16| special_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    // an IPv4 address inside another one leads to where it would lead by itself
    if NAT64.contains(&address) {
        return within(last_but_one, last);
    }
    if SIX_TO_FOUR.contains(&address) {
        return within(first, second);
    }
    if TEREDO.contains(&address) {
        // the server, and the client with its bits turned round (RFC 4380 §4)
        return within(second, third).or_else(|| within(!last_but_one, !last));
    }
    let listed = SPECIAL
        .iter()
        .find(|(network, _)| network.contains(&address));
    match listed {
        Some((_, kind)) => Some(kind),
        // all that was ever given out to the public
        None if net(0x2000, 0, 0, 3).contains(&address) => None,
        None => Some(RESERVED),
    }
}

#[cfg(test)]
mod tests;
