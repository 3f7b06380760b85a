//! A source's own way of being asked, made ready: its secrets read from where they are kept, its headers checked.
//!
//! Secrets are read anew for every document, so that a changed password holds without a restart, and live no longer than
//! that. They go to the source's own origin (scheme, host and port) and nowhere else.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue, USER_AGENT,
};
use url::{Origin, Url};

use crate::model::{Access, Login, Place, Proxy, Route, Secret};

use super::error::Error;
use super::mask::{Mask, parts};
use super::options::Options;

/// A file with a secret is no longer than this.
const LONGEST: u64 = 64 * 1024;

/// What makes a connection unlike others: requests that agree in this share their connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Connection {
    /// Certificates that are trusted beside the built-in ones.
    pub(super) ca_file: Option<PathBuf>,
    /// Where requests go through.
    pub(super) proxy: Option<Through>,
}

/// A proxy with its login.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Through {
    /// Without a login.
    pub(super) url: Url,
    pub(super) login: Option<(String, Secret)>,
}

/// All that the requests for one document need.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) connection: Connection,
    pub(super) timeout: Duration,
    pub(super) max_body_bytes: u64,
    user_agent: Option<HeaderValue>,
    /// Whose `private` is.
    home: Option<Origin>,
    private: HeaderMap,
    /// Hides the secrets in what is kept or told.
    pub(super) mask: Mask,
}

impl Ready {
    /// Reads what `access` names.
    ///
    /// # Errors
    /// [`Error::Secret`] for a variable or file that is not there or holds nothing that can be sent.
    pub(super) fn new(options: &Options, access: &Access) -> Result<Self, Error> {
        let mut reader = Reader::default();
        let mut ready = Self::read(options, access, &mut reader)?;
        let mut pieces: Vec<Secret> = Vec::new();
        for (name, place) in &access.headers {
            let value = reader.value(place, &format!("the header {name}"))?;
            if let Place::Here(_) = place {
                // what the configuration says openly is no secret
                reader.read.pop();
            } else if name.eq_ignore_ascii_case("authorization") {
                pieces.extend(reader.read.last().into_iter().flat_map(parts));
            }
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
                ready.private.append(name, value);
            }
        }
        if let Some(login) = &access.login {
            let value = match login {
                Login::Basic { user, password } => {
                    let password = reader.text(password, "the password of `auth`")?;
                    let coded = base64(&format!("{user}:{}", password.reveal()));
                    reader.read.push(Secret::new(coded.clone()));
                    format!("Basic {coded}")
                }
                Login::Bearer(token) => {
                    format!(
                        "Bearer {}",
                        reader.text(token, "the token of `auth`")?.reveal()
                    )
                }
            };
            let value = sensitive(&value).map_err(|_| Error::Secret {
                place: "what `auth` says".to_owned(),
                holds: "the login".to_owned(),
                why: "cannot be sent: it has line breaks or control characters".to_owned(),
                is_file: false,
            })?;
            ready.private.insert(AUTHORIZATION, value);
        }
        if let Some(cookies) = &access.cookies {
            let value = reader.value(cookies, "the cookies")?;
            pieces.extend(reader.read.last().into_iter().flat_map(parts));
            ready.private.insert(COOKIE, value);
        }
        pieces.append(&mut reader.read);
        ready.mask = Mask::new(pieces, access.home.as_ref());
        Ok(ready)
    }

    /// The same without what is for the source's own origin: a robots.txt is asked for by anybody.
    ///
    /// # Errors
    /// [`Error::Secret`] for the login of a proxy.
    pub(super) fn public(options: &Options, access: &Access) -> Result<Self, Error> {
        let mut reader = Reader::default();
        let mut ready = Self::read(options, access, &mut reader)?;
        ready.mask = Mask::new(reader.read, access.home.as_ref());
        Ok(ready)
    }

    fn read(options: &Options, access: &Access, reader: &mut Reader) -> Result<Self, Error> {
        let proxy = match access.route.as_ref().unwrap_or(&options.route) {
            Route::Direct => None,
            Route::Through(proxy) => Some(through(proxy, reader)?),
        };
        let ca_file = access.ca_file.as_ref().or(options.ca_file.as_ref());
        Ok(Self {
            connection: Connection {
                ca_file: ca_file.cloned(),
                proxy,
            },
            timeout: access.timeout.unwrap_or(options.timeout),
            max_body_bytes: access.max_body_bytes.unwrap_or(options.max_body_bytes),
            user_agent: access
                .user_agent
                .as_deref()
                .and_then(|agent| HeaderValue::from_str(agent).ok()),
            home: access.home.as_ref().map(Url::origin),
            private: HeaderMap::new(),
            mask: Mask::default(),
        })
    }

    /// For recordings, where nobody is asked.
    pub(super) fn offline(options: &Options, access: &Access) -> Self {
        Self {
            connection: Connection::default(),
            timeout: options.timeout,
            max_body_bytes: access.max_body_bytes.unwrap_or(options.max_body_bytes),
            user_agent: None,
            home: None,
            private: HeaderMap::new(),
            mask: Mask::default(),
        }
    }

    /// Adds to `headers` what `url` is to see.
    pub(super) fn add_headers(&self, url: &Url, headers: &mut HeaderMap) {
        if let Some(agent) = &self.user_agent {
            headers.insert(USER_AGENT, agent.clone());
        }
        if self.home.as_ref().is_some_and(|home| *home == url.origin()) {
            for name in self.private.keys() {
                headers.remove(name);
            }
            for (name, value) in &self.private {
                headers.append(name, value.clone());
            }
        }
    }
}

/// What of all that `access` names cannot be read and used: [`Error::Secret`] or [`Error::Certificates`] each.
#[must_use]
pub fn check_access(options: &Options, access: &Access) -> Vec<Error> {
    let alone = || Access {
        route: Some(Route::Direct),
        ..Access::default()
    };
    // each by itself, so that one that is missing does not hide the next
    let header = |header: &(String, Place)| Access {
        headers: vec![header.clone()],
        ..alone()
    };
    let mut parts: Vec<Access> = access.headers.iter().map(header).collect();
    parts.push(Access {
        login: access.login.clone(),
        ..alone()
    });
    parts.push(Access {
        cookies: access.cookies.clone(),
        ..alone()
    });
    parts.push(Access {
        route: access.route.clone(),
        ..Access::default()
    });
    let ca_file = access.ca_file.as_ref().or(options.ca_file.as_ref());
    parts
        .iter()
        .filter_map(|part| Ready::new(options, part).err())
        .chain(ca_file.and_then(|file| certificates(file).err()))
        .collect()
}

/// True if something has to be read from a disk.
pub(super) fn reads_files(options: &Options, access: &Access) -> bool {
    let is_file = |place: &Place| matches!(place, Place::File(_));
    let login = access.login.iter().any(|login| match login {
        Login::Basic { password, .. } => is_file(password),
        Login::Bearer(token) => is_file(token),
    });
    let proxy = match access.route.as_ref().unwrap_or(&options.route) {
        Route::Through(Proxy {
            login: Some((_, password)),
            ..
        }) => is_file(password),
        _ => false,
    };
    login
        || proxy
        || access.cookies.iter().any(is_file)
        || access.headers.iter().any(|(_, place)| is_file(place))
}

/// The certificates in a PEM file.
pub(super) fn certificates(file: &Path) -> Result<Vec<reqwest::Certificate>, Error> {
    let wrong = |cause: String| Error::Certificates {
        file: file.to_owned(),
        cause,
    };
    let bytes = fs::read(file).map_err(|error| wrong(error.to_string()))?;
    let found = reqwest::Certificate::from_pem_bundle(&bytes)
        .map_err(|_| wrong("it is not in the form of a PEM file".to_owned()))?;
    if found.is_empty() {
        return Err(wrong("there is no certificate in it".to_owned()));
    }
    Ok(found)
}

fn through(proxy: &Proxy, reader: &mut Reader) -> Result<Through, Error> {
    let login = match &proxy.login {
        None => None,
        Some((user, password)) => Some((
            user.clone(),
            reader.text(password, "the password of the proxy")?,
        )),
    };
    Ok(Through {
        url: proxy.url.clone(),
        login,
    })
}

/// Reads secrets, and remembers which.
#[derive(Default)]
struct Reader {
    read: Vec<Secret>,
}

impl Reader {
    /// What `place` holds; `holds` says what that is.
    fn text(&mut self, place: &Place, holds: &str) -> Result<Secret, Error> {
        let (found, name) = match place {
            Place::Here(secret) => (Ok(secret.reveal().to_owned()), "what stands there".into()),
            Place::Env(name) => (
                env::var(name).map_err(|error| match error {
                    env::VarError::NotPresent => "is not set".to_owned(),
                    env::VarError::NotUnicode(_) => "is not UTF-8 text".to_owned(),
                }),
                format!("the environment variable {name}"),
            ),
            Place::File(path) => (file(path), format!("the file {}", path.display())),
        };
        let empty = |text: &String| text.is_empty().then(|| "is empty".to_owned());
        let found = found.and_then(|text| empty(&text).map_or(Ok(text), Err));
        let secret = found.map(Secret::new).map_err(|why| Error::Secret {
            place: name,
            holds: holds.to_owned(),
            why,
            is_file: matches!(place, Place::File(_)),
        })?;
        self.read.push(secret.clone());
        Ok(secret)
    }

    /// The same as the value of a header.
    fn value(&mut self, place: &Place, holds: &str) -> Result<HeaderValue, Error> {
        let text = self.text(place, holds)?;
        sensitive(text.reveal()).map_err(|_| Error::Secret {
            place: match place {
                Place::Here(_) => "what stands there".to_owned(),
                Place::Env(name) => format!("the environment variable {name}"),
                Place::File(path) => format!("the file {}", path.display()),
            },
            holds: holds.to_owned(),
            why: "cannot be sent: it has line breaks or control characters".to_owned(),
            is_file: matches!(place, Place::File(_)),
        })
    }
}

/// The text of a file, without the line break that editors leave at its end.
fn file(path: &Path) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("cannot be read ({error})");
    let length = fs::metadata(path).map_err(cannot)?.len();
    if length > LONGEST {
        return Err("is too long to be a secret".to_owned());
    }
    let text = fs::read_to_string(path).map_err(cannot)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// A value that the logs of the HTTP library do not show.
fn sensitive(text: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Base64 (RFC 4648 §4).
fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(text.len().div_ceil(3) * 4);
    for chunk in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            out.push(if digit <= chunk.len() {
                char::from(DIGITS[value as usize])
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn headers(access: &Access, to: &str) -> HeaderMap {
        let ready = Ready::new(&Options::default(), access).unwrap();
        let mut headers = HeaderMap::new();
        ready.add_headers(&url(to), &mut headers);
        headers
    }

    fn here(text: &str) -> Place {
        Place::Here(Secret::new(text.to_owned()))
    }

    #[test]
    fn secrets_go_to_the_origin_of_the_source_and_nowhere_else() {
        let access = Access {
            home: Some(url("https://blog.example/feed")),
            headers: vec![("X-Key".to_owned(), here("k"))],
            login: Some(Login::Bearer(here("t"))),
            cookies: Some(here("a=b")),
            ..Access::default()
        };
        for (to, count) in [
            ("https://blog.example/other", 3),
            ("https://BLOG.example:443/", 3),
            ("http://blog.example/feed", 0),
            ("https://blog.example:8443/feed", 0),
            ("https://www.blog.example/feed", 0),
            ("https://blog.example.evil.test/feed", 0),
        ] {
            assert_eq!(headers(&access, to).len(), count, "{to}");
        }
    }

    #[test]
    fn nothing_that_is_made_ready_shows_a_secret() {
        let access = Access {
            home: Some(url("https://blog.example/feed")),
            login: Some(Login::Basic {
                user: "me".to_owned(),
                password: here("hunter2"),
            }),
            headers: vec![("X-Key".to_owned(), here("hunter2"))],
            ..Access::default()
        };
        let ready = Ready::new(&Options::default(), &access).unwrap();
        let shown = format!("{ready:?} {:?}", headers(&access, "https://blog.example/"));
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(!shown.contains(&base64("me:hunter2")), "{shown}");
    }

    #[test]
    fn a_secret_that_cannot_be_read_is_named_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let broken = folder.path().join("broken");
        fs::write(&broken, "hunter2\nhunter3\n").unwrap();
        let empty = folder.path().join("empty");
        fs::write(&empty, "\n").unwrap();
        for (place, named, why) in [
            (
                Place::Env("AGG_NO_SUCH_VARIABLE".to_owned()),
                "AGG_NO_SUCH_VARIABLE",
                "is not set",
            ),
            (
                Place::File(folder.path().join("none")),
                "none",
                "cannot be read",
            ),
            (Place::File(empty), "empty", "is empty"),
            (Place::File(broken), "broken", "line breaks"),
        ] {
            let access = Access {
                cookies: Some(place),
                ..Access::default()
            };
            let found = check_access(&Options::default(), &access);
            let [error] = found.as_slice() else {
                panic!("{found:?}")
            };
            let text = error.to_string();
            assert!(text.contains(named) && text.contains(why), "{text}");
            assert!(!text.contains("hunter"), "{text}");
            assert!(error.help().is_some());
        }
    }

    #[test]
    fn all_that_is_missing_is_told_and_a_file_is_not_taken_for_a_variable() {
        let access = Access {
            headers: vec![("X-Key".to_owned(), Place::Env("AGG_NO_SUCH_KEY".to_owned()))],
            login: Some(Login::Bearer(Place::File("/no/such/token".into()))),
            cookies: Some(Place::Env("AGG_NO_SUCH_COOKIES".to_owned())),
            ..Access::default()
        };
        let found = check_access(&Options::default(), &access);
        let told: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("AGG_NO_SUCH_KEY") && told[2].contains("AGG_NO_SUCH_COOKIES"));
        assert!(told[1].contains("/no/such/token"));
        assert!(!found[1].help().unwrap().contains("variable"));
        assert!(found[0].help().unwrap().contains("variable"));
    }

    #[test]
    fn a_basic_login_is_written_as_rfc_7617_shows_it() {
        assert_eq!(
            base64("Aladdin:open sesame"),
            "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        for (text, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(base64(text), coded);
        }
    }

    #[test]
    fn a_file_without_certificates_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roots.pem");
        fs::write(&path, "no certificate here\n").unwrap();
        for path in [path, folder.path().join("none.pem")] {
            let access = Access {
                ca_file: Some(path),
                ..Access::default()
            };
            let found = check_access(&Options::default(), &access);
            let [error] = found.as_slice() else {
                panic!("{found:?}")
            };
            assert!(matches!(error, Error::Certificates { .. }), "{error}");
        }
    }
}
