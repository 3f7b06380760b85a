//! How one source is asked, where that is its own: who we say we are, the way there, and the secrets it wants. Made by
//! `config`, read by `fetch`. A secret is named here and read only when the source is asked; none is ever printed.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// A text that nobody is to see: its `Debug` is `***`, and it has no other form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text: only for the request that it belongs to.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where a value is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the configuration itself.
    Here(Secret),
    /// In an environment variable of that name.
    Env(String),
    /// In that file; a line break at its end does not count.
    File(PathBuf),
}

/// How we log in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// With a name and a password (RFC 7617).
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: Place,
    },
    /// With a token (RFC 6750).
    Bearer(Place),
}

/// A server that asks in our place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// `http://`, `https://` or `socks5h://`, without a login.
    pub url: Url,
    /// The name and the password for it.
    pub login: Option<(String, Place)>,
}

/// The way to a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Straight there.
    Direct,
    /// Through a proxy, which is trusted, and which looks up names itself.
    Through(Proxy),
}

/// What is special in asking one source; each `None` means: as `[fetch]` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The address for whose origin (scheme, host and port) headers, login and cookies are meant; `None`: for nobody.
    pub home: Option<Url>,
    /// Headers by name, beside those that every request has, or in their place.
    pub headers: Vec<(String, Place)>,
    /// How we log in.
    pub login: Option<Login>,
    /// The `Cookie` header.
    pub cookies: Option<Place>,
    /// The `User-Agent`, in the place of ours.
    pub user_agent: Option<String>,
    /// For one document, redirects included.
    pub timeout: Option<Duration>,
    /// The largest body, in bytes.
    pub max_body_bytes: Option<u64>,
    /// A PEM file with certificates that are trusted beside the built-in ones.
    pub ca_file: Option<PathBuf>,
    /// The way there.
    pub route: Option<Route>,
}

impl Access {
    /// True if something is secret that goes to the source's own origin: a login, cookies, headers that are kept elsewhere.
    #[must_use]
    pub fn has_secrets(&self) -> bool {
        let is_secret = |(_, place): &(String, Place)| !matches!(place, Place::Here(_));
        self.login.is_some() || self.cookies.is_some() || self.headers.iter().any(is_secret)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_a_configuration_shows_a_secret() {
        let secret = || Place::Here(Secret::new("hunter2".to_owned()));
        let access = Access {
            headers: vec![("x-key".to_owned(), secret())],
            login: Some(Login::Bearer(secret())),
            cookies: Some(secret()),
            route: Some(Route::Through(Proxy {
                url: Url::parse("http://proxy.example").unwrap(),
                login: Some(("me".to_owned(), secret())),
            })),
            ..Access::default()
        };
        for shown in [format!("{access:?}"), format!("{access:#?}")] {
            assert!(!shown.contains("hunter2"), "{shown}");
            assert_eq!(shown.matches("***").count(), 4, "{shown}");
        }
    }
}
