//! From a request to an answer: asks, follows, judges the status, keeps the validators.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use tokio::task::spawn_blocking;
use tokio::time::Instant;
use url::Url;

use crate::model::{Access, Document, Validators};

use super::access::{Ready, reads_files};
use super::client::{Clients, Limits};
use super::conditional::{after_not_modified, content_type, request_headers, validators};
use super::error::{Error, Phase};
use super::freshness::{Freshness, RetryAfter};
use super::message::Message;
use super::options::{Door, Options};
use super::politeness::Politeness;
use super::redirect::{ROBOTS_LIMIT, Trail};
use super::replay::{record, replay};
use super::robots;

/// What kind of document is wanted; servers that can choose listen to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Accept {
    /// A feed rather than a page.
    #[default]
    FeedOrPage,
    /// An HTML page.
    Page,
    /// A `robots.txt`.
    Robots,
}

impl Accept {
    fn header(self) -> &'static str {
        match self {
            Self::FeedOrPage => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, \
                 application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.7, application/xhtml+xml;q=0.7, */*;q=0.5"
            }
            Self::Page => {
                "text/html, application/xhtml+xml;q=0.9, application/xml;q=0.5, */*;q=0.3"
            }
            Self::Robots => "text/plain, */*;q=0.5",
        }
    }
}

/// Decides whether an address may be asked, before it is: the first one, and each that a redirect leads to.
pub trait Gate: Send + Sync {
    /// Lets `url` pass.
    ///
    /// # Errors
    /// Why not; it becomes the answer.
    fn pass<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), Error>>;
}

/// What a site says of its `robots.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RobotsAnswer {
    /// This is it.
    File {
        /// The file; no more of it than counts.
        body: Bytes,
        /// What to send back next time.
        validators: Validators,
    },
    /// 304. These validators are to be sent back next time.
    NotModified {
        /// What was stated, and what was sent where nothing was.
        validators: Validators,
    },
    /// There is none: everything may be asked for (RFC 9309 §2.3.1.3).
    Missing,
}

/// What to ask for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The address.
    pub url: Url,
    /// What the last answer for it gave; empty: ask for the whole document.
    pub validators: Validators,
    /// The address that gave them; no other on the way is sent them (RFC 9110 §13.1). `None`: `url`.
    pub validators_from: Option<Url>,
    /// What kind of document is wanted.
    pub accept: Accept,
    /// How its source is asked.
    pub access: Arc<Access>,
}

/// A document, or that the one we have still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// A document; its validators are those to send back next time.
    Document(Document),
    /// 304. These validators, possibly new ones, are to be sent back next time.
    NotModified {
        /// What was stated, and what was sent where nothing was.
        validators: Validators,
    },
}

/// How a request was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What came.
    pub fetched: Fetched,
    /// The status of the last answer on the way.
    pub status: u16,
    /// Where the source has moved to: the end of a chain of redirects that were all permanent (301, 308).
    pub moved: Option<Url>,
    /// When the server wishes to be asked again; seldom said with a document.
    pub retry_after: Option<RetryAfter>,
    /// For how long it is good, where it says so.
    pub fresh: Option<Freshness>,
    /// The size of the body after decoding.
    pub bytes: u64,
}

/// The door in. Cheap to clone; all clones share connections and the turns of the hosts.
#[derive(Clone, Debug)]
pub struct Fetcher {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    way: Way,
    record: Option<PathBuf>,
    options: Options,
}

/// Where answers come from, ready for use.
#[derive(Debug)]
enum Way {
    Network {
        clients: Box<Clients>,
        politeness: Box<Politeness>,
    },
    Replay(PathBuf),
}

impl Fetcher {
    /// Opens `door`. With `record`, every answer is kept in that folder too, and every request asks for the whole document.
    ///
    /// # Errors
    /// If the HTTP client cannot be set up, or the folder of recordings does not exist.
    pub fn new(options: &Options, door: Door, record: Option<PathBuf>) -> Result<Self, Error> {
        let way = match door {
            Door::Network => Way::Network {
                clients: Box::new(Clients::new(options)?),
                politeness: Box::new(Politeness::new(options)),
            },
            Door::Replay(folder) => {
                // said once, and not for every source
                if let Err(cause) = std::fs::read_dir(&folder) {
                    return Err(Error::Io {
                        path: folder,
                        cause,
                    });
                }
                Way::Replay(folder)
            }
        };
        Ok(Self {
            shared: Arc::new(Shared {
                way,
                record,
                options: options.clone(),
            }),
        })
    }

    /// True if answers are recorded ones: nobody is asked, so that there is nobody to be polite to.
    #[must_use]
    pub fn is_replay(&self) -> bool {
        matches!(self.shared.way, Way::Replay(_))
    }

    /// True if every answer is kept in a folder.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.shared.record.is_some()
    }

    /// Asks for a document, following redirects.
    ///
    /// # Errors
    /// If there is no document; [`Error`] says why.
    pub async fn fetch(&self, request: &Request) -> Result<Answer, Error> {
        self.fetch_through(request, None).await
    }

    /// Asks for a document as far as `gate` lets us.
    ///
    /// # Errors
    /// If there is no document; [`Error`] says why.
    pub async fn fetch_through(
        &self,
        request: &Request,
        gate: Option<&dyn Gate>,
    ) -> Result<Answer, Error> {
        if !matches!(request.url.scheme(), "http" | "https") || !request.url.has_host() {
            return Err(Error::BadAddress {
                url: request.url.to_string(),
            });
        }
        let ready = self.shared.ready(&request.access).await?;
        match self.follow(request, gate, &ready).await {
            // an address that a secret was written into is followed, and not remembered
            Ok(mut answer) => {
                answer.moved = answer.moved.filter(|to| !ready.mask.hides(to.as_str()));
                if let Fetched::Document(document) = &mut answer.fetched {
                    document.url = ready.mask.url(&document.url).into_owned();
                }
                Ok(answer)
            }
            Err(error) => Err(ready.mask.error(error)),
        }
    }

    /// Goes from address to address until one answers.
    async fn follow(
        &self,
        request: &Request,
        gate: Option<&dyn Gate>,
        ready: &Ready,
    ) -> Result<Answer, Error> {
        let mut trail = Trail::new(request.url.clone());
        let mut left = ready.timeout;
        // a 304 is nothing to record
        let known = match self.shared.record {
            Some(_) => Validators::default(),
            None => request.validators.clone(),
        };
        let from = request.validators_from.clone();
        let from = from.unwrap_or_else(|| trail.here().clone());
        loop {
            let sent = if *trail.here() == from {
                known.clone()
            } else {
                Validators::default()
            };
            if let Some(gate) = gate {
                let passed = gate.pass(trail.here()).await;
                passed.map_err(|error| trail.blame(error))?;
            }
            let message = self
                .shared
                .exchange(trail.here(), &sent, request.accept, ready, &mut left)
                .await
                .map_err(|error| trail.blame(error))?;
            if matches!(message.status, 301 | 302 | 303 | 307 | 308) {
                trail.follow(message.status, message.header("location"))?;
            } else {
                return judge(&trail, &sent, &message);
            }
        }
    }

    /// Asks the site of `url` for its `robots.txt` (RFC 9309 §2.3.1), once, on the way that `access` says and without its
    /// secrets; it is not recorded.
    ///
    /// # Errors
    /// If nobody can tell what the file is: the site is in trouble ([`Error::RobotsUnknown`]), or cannot be asked at all.
    pub async fn robots(
        &self,
        url: &Url,
        known: &Validators,
        access: &Access,
    ) -> Result<RobotsAnswer, Error> {
        if self.is_replay() {
            return Ok(RobotsAnswer::Missing);
        }
        let ready = self.shared.apart(access, Ready::public).await?;
        let file = url.join("/robots.txt").map_err(|_| Error::BadAddress {
            url: url.to_string(),
        })?;
        let unknown = |error: Error| match error {
            error @ Error::RobotsUnknown { .. } => error,
            error => Error::RobotsUnknown {
                url: file.to_string(),
                cause: error.to_string(),
                retry_after: error.retry_after(),
            },
        };
        let mut trail = Trail::limited(file.clone(), ROBOTS_LIMIT);
        let mut left = ready.timeout;
        let none = Validators::default();
        loop {
            // what a site gives elsewhere is asked for whole each time
            let sent = if trail.is_at_start() { known } else { &none };
            let asked = self
                .shared
                .ask(trail.here(), sent, Accept::Robots, &ready, &mut left)
                .await;
            let message = match asked {
                // what is true of the host is true of its pages
                Err(error) if trail.is_at_start() && error.is_of_host() => return Err(error),
                asked => asked.map_err(unknown)?,
            };
            if !matches!(message.status, 301 | 302 | 303 | 307 | 308) {
                let mut answer = robots_of(trail.here(), sent, &message).map_err(unknown)?;
                if let (RobotsAnswer::File { validators, .. }, false) =
                    (&mut answer, trail.is_at_start())
                {
                    *validators = none;
                }
                return Ok(answer);
            }
            // a way that leads nowhere leads to no file
            if trail
                .follow(message.status, message.header("location"))
                .is_err()
            {
                return Ok(RobotsAnswer::Missing);
            }
        }
    }

    /// From now on, the host of `url` is left alone for at least `delay` after each request.
    pub fn slow(&self, url: &Url, delay: Option<Duration>) {
        if let Way::Network { politeness, .. } = &self.shared.way {
            politeness.slow(url, delay);
        }
    }
}

impl Shared {
    /// What the requests for one document need.
    async fn ready(&self, access: &Access) -> Result<Ready, Error> {
        match self.way {
            Way::Replay(_) => Ok(Ready::offline(&self.options, access)),
            Way::Network { .. } => self.apart(access, Ready::new).await,
        }
    }

    /// Reads what `access` names, where it may block if that is in files.
    async fn apart(
        &self,
        access: &Access,
        read: fn(&Options, &Access) -> Result<Ready, Error>,
    ) -> Result<Ready, Error> {
        if !reads_files(&self.options, access) {
            return read(&self.options, access);
        }
        let (options, access) = (self.options.clone(), access.clone());
        spawn_blocking(move || read(&options, &access))
            .await
            .map_err(|stopped| Error::Client {
                cause: stopped.to_string(),
            })?
    }

    /// One request and its answer. `left` is what remains of the time for the document.
    async fn exchange(
        &self,
        url: &Url,
        sent: &Validators,
        accept: Accept,
        ready: &Ready,
        left: &mut Duration,
    ) -> Result<Message, Error> {
        let message = match &self.way {
            Way::Replay(folder) => replay(folder, url, sent, ready.max_body_bytes).await?,
            Way::Network { .. } => self.ask(url, sent, accept, ready, left).await?,
        };
        if let Some(folder) = &self.record {
            // a masked Location leads to the name of a masked address
            record(folder, &ready.mask.url(url), &ready.mask.message(&message)).await?;
        }
        Ok(message)
    }

    /// One request over the network, when it is its turn.
    async fn ask(
        &self,
        url: &Url,
        sent: &Validators,
        accept: Accept,
        ready: &Ready,
        left: &mut Duration,
    ) -> Result<Message, Error> {
        let (clients, politeness) = match &self.way {
            Way::Network {
                clients,
                politeness,
            } => (clients, politeness),
            Way::Replay(_) => {
                return Err(Error::Client {
                    cause: "answers come from recordings".to_owned(),
                });
            }
        };
        let client = clients.of(&ready.connection)?;
        let headers = headers(url, sent, accept, ready);
        let mut turn = politeness.turn(url).await?;
        if left.is_zero() {
            return Err(Error::Timeout {
                phase: Phase::Everything,
                after: ready.timeout,
            });
        }
        let begun = Instant::now();
        let limits = Limits {
            left: *left,
            total: ready.timeout,
            max_body_bytes: ready.max_body_bytes,
        };
        let answer = client.get(url, headers, limits).await;
        *left = left.saturating_sub(begun.elapsed());
        let message = answer?;
        let wish = wish(&message);
        if message.status == 429 || (message.status == 503 && wish.is_some()) {
            turn.close(wish);
        }
        Ok(message)
    }
}

/// The headers of a request for `url`.
fn headers(url: &Url, sent: &Validators, accept: Accept, ready: &Ready) -> HeaderMap {
    let mut headers: HeaderMap = request_headers(sent)
        .into_iter()
        .filter_map(|(name, value)| {
            // a validator that no header can carry is not sent
            let value = HeaderValue::from_bytes(&value).ok()?;
            Some((HeaderName::from_static(name), value))
        })
        .collect();
    headers.insert(ACCEPT, HeaderValue::from_static(accept.header()));
    ready.add_headers(url, &mut headers);
    headers
}

/// What the last answer on the way to a `robots.txt` means.
fn robots_of(url: &Url, sent: &Validators, message: &Message) -> Result<RobotsAnswer, Error> {
    let stated = validators(message);
    match message.status {
        304 if !sent.is_empty() => Ok(RobotsAnswer::NotModified {
            validators: after_not_modified(sent, stated),
        }),
        200..=299 => Ok(RobotsAnswer::File {
            body: message
                .body
                .slice(..message.body.len().min(robots::MAX_BYTES)),
            validators: stated,
        }),
        // too many requests are trouble, and no word on what may be asked
        400..=499 if message.status != 429 => Ok(RobotsAnswer::Missing),
        status => Err(Error::Status {
            url: url.to_string(),
            status,
            retry_after: wish(message),
        }),
    }
}

/// What a final answer means.
fn judge(trail: &Trail, sent: &Validators, message: &Message) -> Result<Answer, Error> {
    let url = trail.here();
    let stated = validators(message);
    let retry_after = wish(message);
    let answer = |fetched, bytes| Answer {
        fetched,
        status: message.status,
        moved: trail.moved(),
        retry_after,
        fresh: Freshness::of(message),
        bytes,
    };
    match message.status {
        304 if !sent.is_empty() => {
            let validators = after_not_modified(sent, stated);
            Ok(answer(Fetched::NotModified { validators }, 0))
        }
        200 | 203 if !message.body.trim_ascii().is_empty() => {
            let (media_type, charset) = content_type(message);
            let bytes = message.body.len() as u64;
            let document = Document {
                url: url.clone(),
                media_type,
                charset,
                body: message.body.clone(),
                validators: stated,
            };
            Ok(answer(Fetched::Document(document), bytes))
        }
        200 | 203..=205 => Err(Error::Empty {
            url: url.to_string(),
            status: message.status,
        }),
        410 if !trail.is_detour() => Err(Error::Gone {
            url: url.to_string(),
        }),
        status => Err(Error::Status {
            url: url.to_string(),
            status,
            retry_after,
        }),
    }
}

/// The `Retry-After` of an answer.
fn wish(message: &Message) -> Option<RetryAfter> {
    let value = message.text("retry-after")?;
    RetryAfter::parse(&value, message.text("date").as_deref())
}
