//! How sources are asked: headers, logins, cookies, proxies, certificates. Whatever could be a secret is taken from the
//! environment or from a file; nothing is read here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::findings::Check;
use crate::model::{Access, Login, Place, Proxy, Route, Secret};

/// Headers that are ours to write, or that speak of one connection.
const RESERVED: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-modified-since",
    "if-none-match",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// Words in the name of a header that holds a secret.
const SECRET: &[&str] = &[
    "apikey",
    "auth",
    "authorization",
    "key",
    "password",
    "secret",
    "session",
    "signature",
    "token",
];
/// The same for a parameter in an address.
const SECRET_PARAMETER: &[&str] = &[
    "accesskey",
    "accesstoken",
    "authkey",
    "authtoken",
    "pass",
    "passwd",
    "pwd",
    "sessionid",
    "sid",
    "sig",
];
const FROM_ENV: &str =
    "name where it is kept: { env = \"VARIABLE\" } or { file = \"/etc/agg/secret\" }";

/// A value that stands in the file, or is kept elsewhere.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a text, { env = \"VARIABLE\" } or { file = \"PATH\" }"
)]
pub(super) enum ValueTable {
    Text(String),
    Elsewhere(Elsewhere),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Elsewhere {
    env: Option<String>,
    file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthTable {
    user: Option<String>,
    password_env: Option<String>,
    password_file: Option<PathBuf>,
    token_env: Option<String>,
    token_file: Option<PathBuf>,
}

/// A proxy: its address, or that with a login.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "an address as in \"socks5h://127.0.0.1:9050\", \"none\", or { url = …, user = …, password_env = … }"
)]
pub(super) enum ProxyTable {
    Address(String),
    WithLogin(ProxyLogin),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProxyLogin {
    url: String,
    user: String,
    password_env: Option<String>,
    password_file: Option<PathBuf>,
}

/// What a `[[source]]` says of how it is asked.
pub(super) struct AccessTable {
    pub(super) headers: BTreeMap<String, Spanned<ValueTable>>,
    pub(super) auth: Option<Spanned<AuthTable>>,
    pub(super) cookies: Option<Spanned<ValueTable>>,
    pub(super) user_agent: Option<Spanned<String>>,
    pub(super) timeout: Option<Spanned<String>>,
    pub(super) max_body: Option<Spanned<String>>,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) proxy: Option<Spanned<ProxyTable>>,
}

impl Check<'_> {
    /// How a source is asked whose address is `home`; relative paths begin in `folder`.
    pub(super) fn access(&mut self, table: AccessTable, home: &Url, folder: &Path) -> Access {
        Access {
            home: Some(home.clone()),
            headers: self.headers(table.headers, folder),
            login: table.auth.and_then(|auth| self.login(auth, folder)),
            cookies: table
                .cookies
                .and_then(|cookies| self.value(&cookies, folder)),
            user_agent: self.user_agent(table.user_agent),
            timeout: self.timeout(table.timeout),
            max_body_bytes: self.max_body(table.max_body),
            ca_file: table.ca_file.map(|file| folder.join(file)),
            route: self.route(table.proxy, folder),
        }
    }

    fn headers(
        &mut self,
        given: BTreeMap<String, Spanned<ValueTable>>,
        folder: &Path,
    ) -> Vec<(String, Place)> {
        let mut headers = Vec::with_capacity(given.len());
        for (name, value) in given {
            let lower = name.to_ascii_lowercase();
            let is_here = matches!(value.get_ref(), ValueTable::Text(_));
            let objection = if !is_token(&name) {
                Some((
                    format!("`{name}` is no name of a header"),
                    "write letters, digits and dashes",
                ))
            } else if lower == "user-agent" {
                Some((
                    "a User-Agent among the headers".to_owned(),
                    "write `user_agent = \"…\"` below the source",
                ))
            } else if lower == "cookie" {
                Some((
                    "a Cookie among the headers".to_owned(),
                    "write `cookies = …` below the source",
                ))
            } else if RESERVED.contains(&lower.as_str()) {
                Some((
                    format!("the header {name} is agg's own"),
                    "leave it out: agg writes it as the connection needs it",
                ))
            } else if is_here && lower.split('-').any(|word| SECRET.contains(&word)) {
                Some((
                    format!("the header {name} holds a secret, which does not belong here"),
                    FROM_ENV,
                ))
            } else {
                None
            };
            match objection {
                Some((what, help)) => self.problem(value.span(), what, help),
                None => headers.extend(self.value(&value, folder).map(|place| (lower, place))),
            }
        }
        headers
    }

    fn value(&mut self, given: &Spanned<ValueTable>, folder: &Path) -> Option<Place> {
        match given.get_ref() {
            ValueTable::Text(text) => {
                if !text.is_empty() && text.chars().all(|c| !c.is_control()) {
                    return Some(Place::Here(Secret::new(text.clone())));
                }
                self.problem(
                    given.span(),
                    "a value that cannot be sent",
                    "write a text of one line",
                );
                None
            }
            ValueTable::Elsewhere(Elsewhere { env, file }) => {
                let place = place(env.as_ref(), file.as_ref(), folder);
                if place.is_none() {
                    self.problem(
                        given.span(),
                        "a value from nowhere, or from two places",
                        FROM_ENV,
                    );
                }
                place
            }
        }
    }

    fn login(&mut self, given: Spanned<AuthTable>, folder: &Path) -> Option<Login> {
        let span = given.span();
        let table = given.into_inner();
        let password = place(
            table.password_env.as_ref(),
            table.password_file.as_ref(),
            folder,
        );
        let token = place(table.token_env.as_ref(), table.token_file.as_ref(), folder);
        let login = match (table.user, password, token) {
            (Some(user), Some(password), None) if is_user(&user) => {
                Some(Login::Basic { user, password })
            }
            (None, None, Some(token)) => Some(Login::Bearer(token)),
            _ => None,
        };
        if login.is_none() {
            self.problem(
                span,
                "`auth` that is neither a user with a password nor a token",
                "write { user = \"me\", password_env = \"VARIABLE\" } or { token_env = \"VARIABLE\" }; \
                 password_file and token_file name files instead",
            );
        }
        login
    }

    /// A User-Agent.
    pub(super) fn user_agent(&mut self, given: Option<Spanned<String>>) -> Option<String> {
        let given = given?;
        let text = given.get_ref().trim();
        if !text.is_empty() && text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
            return Some(text.to_owned());
        }
        self.problem(
            given.span(),
            "no User-Agent",
            "write ASCII, as in \"reader/1.0 (+https://example.org/bot)\"",
        );
        None
    }

    /// The way that `proxy` says.
    pub(super) fn route(
        &mut self,
        given: Option<Spanned<ProxyTable>>,
        folder: &Path,
    ) -> Option<Route> {
        let given = given?;
        let span = given.span();
        let (text, login) = match given.into_inner() {
            ProxyTable::Address(text) if text.trim() == "none" => return Some(Route::Direct),
            ProxyTable::Address(text) => (text, None),
            ProxyTable::WithLogin(table) => {
                let password = place(
                    table.password_env.as_ref(),
                    table.password_file.as_ref(),
                    folder,
                );
                let Some(password) = password.filter(|_| is_user(&table.user)) else {
                    self.problem(
                        span,
                        "a proxy with a user, but without the place of one password",
                        "add password_env = \"VARIABLE\" or password_file = \"PATH\"",
                    );
                    return None;
                };
                (table.url, Some((table.user, password)))
            }
        };
        let url = Url::parse(text.trim()).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https" | "socks5h")
                && url.has_host()
                && matches!(url.path(), "" | "/")
        });
        let Some(url) = url else {
            self.problem(
                span,
                "a proxy without an address that agg understands",
                "write \"http://host:port\" or \"socks5h://host:port\", or \"none\" for no proxy",
            );
            return None;
        };
        if has_login(&url) {
            self.secret_problem(
                span,
                "the address of a proxy with a login in it",
                "write { url = \"…\", user = \"…\", password_env = \"VARIABLE\" }",
            );
            return None;
        }
        Some(Route::Through(Proxy { url, login }))
    }
}

/// True if `user:password@` stands in an address.
pub(super) fn has_login(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The parameter in the query of `url` that is called as secrets are. Addresses of sources are published.
#[must_use]
pub fn secret_parameter(url: &Url) -> Option<String> {
    let is_secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| SECRET.contains(&word) || SECRET_PARAMETER.contains(&word))
    };
    url.query_pairs()
        .find(|(name, value)| value.len() >= 4 && is_secret(name))
        .map(|(name, _)| name.into_owned())
}

/// Where a secret is, if exactly one place is named.
fn place(env: Option<&String>, file: Option<&PathBuf>, folder: &Path) -> Option<Place> {
    let is_name = |name: &&String| {
        !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
    };
    match (env, file) {
        (Some(name), None) => Some(name).filter(is_name).cloned().map(Place::Env),
        (None, Some(file)) => Some(Place::File(folder.join(file))),
        _ => None,
    }
}

/// A name that a login can hold (RFC 7617 §2: no colon).
fn is_user(user: &str) -> bool {
    !user.is_empty() && user.chars().all(|c| c != ':' && !c.is_control())
}

/// The name of a header (RFC 9110 §5.6.2).
fn is_token(name: &str) -> bool {
    let is = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(is)
}
