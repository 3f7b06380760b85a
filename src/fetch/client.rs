//! One request over the network: address and headers in, [`Message`] out. Sets limits of time and size; follows nothing,
//! keeps nothing, knows no proxy but the configured one.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::num::NonZero;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::dns::Resolve;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Proxy, Response};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use url::{Host, Url};

use super::access::{Connection, Through, certificates};
use super::coding::{self, Damage};
use super::error::{Error, Phase};
use super::guard::{Allow, Guard, Refused};
use super::message::Message;
use super::options::Options;

/// How much is read of the body of an answer that is no document.
const OTHER_BODY: usize = 64 * 1024;
/// For how long.
const OTHER_BODY_TIME: Duration = Duration::from_secs(1);
/// The most headers of an answer over HTTP/1; all of them together are held to 400 kB by the HTTP library.
const MAX_HEADERS: usize = 200;
/// The most bytes of headers of an answer over HTTP/2.
const MAX_HEADER_BYTES: u32 = 128 * 1024;
/// A packed body that is larger than this is unpacked on a thread for such work.
const SMALL: usize = 16 * 1024;

/// Places for that work: no more bodies than there are processors are unpacked in memory at once.
static UNPACKING: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, NonZero::get)));

/// The clients there are: one for each kind of connection, made when it is needed first.
#[derive(Debug)]
pub(super) struct Clients {
    options: Options,
    made: Mutex<HashMap<Connection, Arc<Client>>>,
}

impl Clients {
    /// Makes the one that most sources need.
    pub(super) fn new(options: &Options) -> Result<Self, Error> {
        let clients = Self {
            options: options.clone(),
            made: Mutex::default(),
        };
        clients.of(&Connection::default())?;
        Ok(clients)
    }

    /// The client for such connections.
    pub(super) fn of(&self, connection: &Connection) -> Result<Arc<Client>, Error> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(connection) {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new(Client::new(&self.options, connection)?);
        made.insert(connection.clone(), Arc::clone(&client));
        Ok(client)
    }
}

/// What one request may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// What is left of the time for the document.
    pub(super) left: Duration,
    /// The time for the whole document.
    pub(super) total: Duration,
    /// The largest body.
    pub(super) max_body_bytes: u64,
}

/// An HTTP client.
pub(super) struct Client {
    http: reqwest::Client,
    guard: Guard,
    connect_timeout: Duration,
    stall_timeout: Duration,
    /// The address of the proxy.
    proxy: Option<String>,
}

impl fmt::Debug for Client {
    // the library's own would show the login of a proxy
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Sets the client up. The certificate roots are compiled in, so that it works where no system has any.
    fn new(options: &Options, connection: &Connection) -> Result<Self, Error> {
        let mut allow = options.allow.clone();
        // a proxy is trusted wherever it is; one that is an address is not looked up
        if let Some(Host::Domain(name)) = connection.proxy.as_ref().and_then(|p| p.url.host()) {
            allow.push(Allow::Host(name.to_owned()));
        }
        let guard = Guard::new(&allow);
        let resolver = guard.clone().resolver();
        Self::with_resolver(options, connection, guard, resolver)
    }

    fn with_resolver(
        options: &Options,
        connection: &Connection,
        guard: Guard,
        resolver: impl Resolve + 'static,
    ) -> Result<Self, Error> {
        let mut roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS
            .iter()
            .map(|root| Certificate::from_der(root))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| client(&error))?;
        if let Some(file) = &connection.ca_file {
            roots.extend(certificates(file)?);
        }
        let builder = reqwest::Client::builder()
            .user_agent(options.user_agent())
            .tls_certs_only(roots)
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .dns_resolver(resolver)
            .connect_timeout(options.connect_timeout)
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_max_headers(MAX_HEADERS)
            .http2_max_header_list_size(MAX_HEADER_BYTES);
        let builder = match &connection.proxy {
            Some(proxy) => builder.proxy(through(proxy).map_err(|error| client(&error))?),
            None => builder,
        };
        Ok(Self {
            http: builder.build().map_err(|error| client(&error))?,
            guard,
            connect_timeout: options.connect_timeout,
            stall_timeout: options.stall_timeout,
            proxy: connection.proxy.as_ref().map(|p| p.url.to_string()),
        })
    }

    /// Asks for `url`.
    pub(super) async fn get(
        &self,
        url: &Url,
        headers: HeaderMap,
        limits: Limits,
    ) -> Result<Message, Error> {
        // an address needs no resolver, so the client would not ask ours
        self.guard.check(url).map_err(|no| self.refused(no))?;
        timeout(
            limits.left,
            self.exchange(url, headers, limits.max_body_bytes),
        )
        .await
        .unwrap_or(Err(Error::Timeout {
            phase: Phase::Everything,
            after: limits.total,
        }))
    }

    async fn exchange(
        &self,
        url: &Url,
        mut headers: HeaderMap,
        limit: u64,
    ) -> Result<Message, Error> {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(coding::ACCEPTED));
        let response = self
            .http
            .get(url.clone())
            .headers(headers)
            .send()
            .await
            .map_err(|error| self.not_sent(url, &error))?;
        let status = response.status().as_u16();
        let headers: Vec<(String, Vec<u8>)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        let codings = headers
            .iter()
            .filter(|(name, _)| name == "content-encoding")
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
            .collect();
        let body = if response.status().is_success() {
            let packed = self.body(response, limit).await?;
            unpacked(codings, packed, limit).await?
        } else {
            let packed = self.beginning(response).await;
            // nobody reads it but a recording
            unpacked(codings, packed, limit).await.unwrap_or_default()
        };
        Ok(Message {
            status,
            headers,
            body,
        })
    }

    /// The whole body as it was sent.
    async fn body(&self, mut response: Response, limit: u64) -> Result<Bytes, Error> {
        let too_large = Error::TooLarge { limit };
        let stated = response.content_length().unwrap_or_default();
        if stated > limit {
            return Err(too_large);
        }
        let mut body = BytesMut::new();
        loop {
            let chunk = timeout(self.stall_timeout, response.chunk()).await;
            match chunk {
                Err(_) => {
                    return Err(Error::Timeout {
                        phase: Phase::Body,
                        after: self.stall_timeout,
                    });
                }
                Ok(Err(error)) => return Err(not_read(&error)),
                Ok(Ok(None)) => return Ok(body.freeze()),
                Ok(Ok(Some(chunk))) => {
                    if (body.len() + chunk.len()) as u64 > limit {
                        return Err(too_large);
                    }
                    body.extend_from_slice(&chunk);
                }
            }
        }
    }

    /// What comes of a body that nobody reads but a recording, and the connection, which wants to be used again.
    async fn beginning(&self, mut response: Response) -> Bytes {
        let mut body = BytesMut::new();
        let read = async {
            while body.len() < OTHER_BODY
                && let Ok(Some(chunk)) = response.chunk().await
            {
                body.extend_from_slice(&chunk);
            }
        };
        // what there is by then is enough
        let _ = timeout(OTHER_BODY_TIME.min(self.stall_timeout), read).await;
        body.truncate(OTHER_BODY);
        body.freeze()
    }

    /// Why a host is not asked.
    fn refused(&self, refused: Refused) -> Error {
        Error::NotPublic {
            line: self.guard.line(&refused.host),
            host: refused.host,
            address: refused.address,
            kind: refused.kind,
            from: None,
        }
    }

    /// Why no answer began.
    fn not_sent(&self, url: &Url, error: &reqwest::Error) -> Error {
        if let Some(refused) = causes(error).find_map(|cause| cause.downcast_ref::<Refused>()) {
            return self.refused(refused.clone());
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let cause = deepest(error);
        if let (Some(proxy), true) = (&self.proxy, error.is_connect()) {
            let proxy = proxy.clone();
            return Error::Proxy { host, proxy, cause };
        }
        if error.is_dns() {
            Error::Dns { host, cause }
        } else if error.is_connect() {
            if error.is_timeout() {
                Error::Timeout {
                    phase: Phase::Connection,
                    after: self.connect_timeout,
                }
            } else if url.scheme() == "https" && has_io(error, is_tls) {
                Error::Tls { host, cause }
            } else {
                let refused = has_io(error, |kind| kind == io::ErrorKind::ConnectionRefused);
                Error::Connect {
                    host,
                    cause,
                    refused,
                }
            }
        } else if error.is_builder() {
            Error::BadAddress {
                url: url.to_string(),
            }
        } else if is_cut_off(error) {
            Error::CutOff { cause }
        } else {
            Error::BadAnswer { cause }
        }
    }
}

/// What is in a body.
async fn unpacked(codings: Vec<String>, packed: Bytes, limit: u64) -> Result<Bytes, Error> {
    let is_small = packed.len() <= SMALL;
    let unpack = move || coding::unpacked(codings.iter().map(String::as_str), packed, limit);
    let unpacked = if is_small {
        unpack()
    } else {
        // each takes what is in it in memory
        let _place = UNPACKING.acquire().await;
        spawn_blocking(unpack)
            .await
            .map_err(|stopped| Error::BadAnswer {
                cause: stopped.to_string(),
            })?
    };
    unpacked.map_err(|damage| match damage {
        Damage::TooLarge => Error::TooLarge { limit },
        Damage::CutOff { .. } => Error::CutOff {
            cause: damage.to_string(),
        },
        Damage::Broken { .. } => Error::BadAnswer {
            cause: damage.to_string(),
        },
    })
}

/// A proxy as the library wants it. The login stands in its address, where SOCKS looks for it too.
fn through(proxy: &Through) -> reqwest::Result<Proxy> {
    let mut url = proxy.url.clone();
    if let Some((user, password)) = &proxy.login {
        // an address with a host takes both
        let _ = url.set_username(user);
        let _ = url.set_password(Some(password.reveal()));
    }
    Proxy::all(url)
}

/// Why a body ended before its end.
fn not_read(error: &reqwest::Error) -> Error {
    let cause = deepest(error);
    let is_coding = |kind| {
        use io::ErrorKind::{InvalidData, InvalidInput, Other};
        matches!(kind, InvalidData | InvalidInput | Other)
    };
    if !is_cut_off(error) && has_io(error, is_coding) {
        Error::BadAnswer { cause }
    } else {
        Error::CutOff { cause }
    }
}

fn client(error: &reqwest::Error) -> Error {
    Error::Client {
        cause: deepest(error),
    }
}

/// The errors below `error`, outermost first.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    std::iter::from_fn(move || {
        let this = next?;
        next = match this
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            // `source` would skip what the error wraps
            Some(wrapped) => Some(wrapped),
            None => this.source(),
        };
        Some(this)
    })
}

/// What the innermost cause says: the outer ones only repeat what we say ourselves.
fn deepest(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn has_io(error: &reqwest::Error, is: impl Fn(io::ErrorKind) -> bool) -> bool {
    causes(error).any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|io| is(io.kind()))
    })
}

/// A certificate or protocol that rustls refused, or a handshake that ended early.
fn is_tls(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

/// True if the connection ended before the message did.
fn is_cut_off(error: &reqwest::Error) -> bool {
    let incomplete = causes(error).any(|cause| {
        cause
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_incomplete_message)
    });
    incomplete
        || has_io(error, |kind| {
            use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
            matches!(
                kind,
                ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof
            )
        })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::super::guard::Lookup;
    use super::*;

    /// A server at `ip` that counts the connections it gets, and its port: any, or the one that is given.
    fn server(ip: &str, port: u16) -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind((ip, port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::Relaxed);
                let _ = stream.read(&mut [0; 1024]);
                let answer =
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\npage";
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        (port, count)
    }

    #[tokio::test]
    async fn a_name_that_leads_to_us_the_second_time_is_asked_once() {
        let (port, outside) = server("127.0.0.2", 0);
        let (_, inside) = server("127.0.0.1", port);
        let options = Options {
            allow: vec!["127.0.0.2".parse().unwrap()],
            ..Options::default()
        };
        let guard = Guard::new(&options.allow);
        let lookups = AtomicUsize::new(0);
        let resolver = guard.clone().resolver_with(move |_| -> Lookup {
            // an answer that holds for no time, as such attacks give it
            let host = if lookups.fetch_add(1, Ordering::Relaxed) == 0 {
                [127, 0, 0, 2]
            } else {
                [127, 0, 0, 1]
            };
            Box::pin(async move { Ok(vec![host.into()]) })
        });
        let connection = Connection::default();
        let client = Client::with_resolver(&options, &connection, guard, resolver).unwrap();
        let url = Url::parse(&format!("http://rebinding.test:{port}/")).unwrap();
        let limits = Limits {
            left: Duration::from_secs(5),
            total: Duration::from_secs(5),
            max_body_bytes: 100,
        };
        let ask = || client.get(&url, HeaderMap::new(), limits);
        assert_eq!(ask().await.unwrap().body, "page");
        let error = ask().await.unwrap_err();
        assert!(matches!(error, Error::NotPublic { .. }), "{error}");
        let connections = [&outside, &inside].map(|count| count.load(Ordering::Relaxed));
        assert_eq!(connections, [1, 0]);
    }
}
