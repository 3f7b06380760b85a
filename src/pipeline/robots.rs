//! Whether a page may be asked for: what its site's `robots.txt` says (RFC 9309), remembered for a day.
//!
//! Feeds are made for programs like this one, so nobody is asked whether they may be read. An address that may be either is
//! asked for once to learn which it is; if it is a page that may not be read, nothing is taken from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Mutex as Queue;
use tracing::warn;
use url::Url;

use super::archive::Archive;
use crate::fetch::{self, Fetcher, Gate, RetryAfter, Robots, RobotsAnswer};
use crate::model::{Access, RobotsFile, Source, Validators};

/// For so long what a site said holds without asking again (RFC 9309 §2.4).
const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// A file that could not be had for so long counts as missing (§2.3.1.4).
const PATIENCE: TimeDelta = TimeDelta::days(30);

/// What is known of the sites that were asked so far, each behind its own door: a site is asked once, however many want to
/// know.
pub(super) type Memo = Arc<Mutex<HashMap<String, Arc<Queue<Option<Arc<Site>>>>>>>;

/// What holds for one site.
pub(super) struct Site {
    rules: Robots,
    /// When it last said so.
    answered: Option<DateTime<Utc>>,
    /// In which run it was looked at.
    run: DateTime<Utc>,
    /// Why nobody knows.
    trouble: Option<Trouble>,
}

/// Why a file cannot be had.
#[derive(Clone)]
struct Trouble {
    url: String,
    cause: String,
    retry_after: Option<RetryAfter>,
}

/// Stands before the pages of a run.
pub(super) struct Gatekeeper {
    fetcher: Fetcher,
    /// Where files are kept from run to run; `None`: nowhere.
    store: Option<Arc<Archive>>,
    memo: Memo,
    /// The way to the source that wants to know.
    access: Arc<Access>,
    now: DateTime<Utc>,
}

impl Gatekeeper {
    /// One that remembers in `store` from run to run, and in `memo` from source to source.
    pub(super) fn new(
        fetcher: &Fetcher,
        store: &Arc<Archive>,
        memo: &Memo,
        source: &Source,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            fetcher: fetcher.clone(),
            store: Some(Arc::clone(store)),
            memo: Arc::clone(memo),
            access: Arc::clone(&source.access),
            now,
        }
    }

    /// One that remembers nothing from run to run.
    pub(super) fn forgetful(fetcher: &Fetcher, source: &Source, now: DateTime<Utc>) -> Self {
        Self {
            fetcher: fetcher.clone(),
            store: None,
            memo: Memo::default(),
            access: Arc::clone(&source.access),
            now,
        }
    }

    /// What holds for the site of `url`.
    async fn site(&self, url: &Url) -> Result<Arc<Site>, fetch::Error> {
        let origin = url.origin().ascii_serialization();
        let door = {
            let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(memo.entry(origin).or_default())
        };
        let mut known = door.lock().await;
        if let Some(site) = &*known
            && (site.run == self.now || is_fresh(site.answered, self.now))
        {
            return Ok(Arc::clone(site));
        }
        let mut file = self.recall(url).await;
        let mut trouble = None;
        if !is_fresh(file.answered, self.now) {
            let asked = self.fetcher.robots(url, &file.validators, &self.access);
            match asked.await {
                Ok(answer) => learn(&mut file, answer, self.now),
                Err(fetch::Error::RobotsUnknown {
                    url,
                    cause,
                    retry_after,
                }) => {
                    // a clock that was wrong for a while makes no trouble last
                    let since = file.failing.map_or(self.now, |since| since.min(self.now));
                    file.failing = Some(since);
                    trouble = Some(Trouble {
                        url,
                        cause,
                        retry_after,
                    });
                }
                Err(error) => return Err(error),
            }
            self.keep(&file).await;
        }
        let site = Arc::new(Site {
            rules: Robots::parse(file.body.as_deref().unwrap_or_default()),
            answered: file.answered,
            run: self.now,
            trouble: trouble.filter(|_| nothing_is_known(&file, self.now)),
        });
        *known = Some(Arc::clone(&site));
        Ok(site)
    }

    /// What was kept of the site of `url`.
    async fn recall(&self, url: &Url) -> RobotsFile {
        let unknown = RobotsFile::unknown(url);
        let Some(store) = self.store.clone() else {
            return unknown;
        };
        let origin = unknown.origin.clone();
        match store.with(move |store| Ok(store.robots(&origin)?)).await {
            Ok(file) => file.unwrap_or(unknown),
            // the archive says so itself as soon as something is to be kept
            Err(error) => {
                warn!(origin = unknown.origin, %error, "what is known of robots.txt cannot be read");
                unknown
            }
        }
    }

    async fn keep(&self, file: &RobotsFile) {
        let Some(store) = self.store.clone() else {
            return;
        };
        let (file, now) = (file.clone(), self.now);
        let origin = file.origin.clone();
        let kept = store.write(move |write| write.keep_robots(&file, now));
        if let Err(error) = kept.await {
            warn!(origin, %error, "robots.txt cannot be kept");
        }
    }
}

impl Gate for Gatekeeper {
    fn pass<'a>(&'a self, url: &'a Url) -> BoxFuture<'a, Result<(), fetch::Error>> {
        async move {
            let site = self.site(url).await?;
            if let Some(trouble) = site.trouble.clone() {
                return Err(fetch::Error::RobotsUnknown {
                    url: trouble.url,
                    cause: trouble.cause,
                    retry_after: trouble.retry_after,
                });
            }
            self.fetcher.slow(url, site.rules.delay());
            site.rules
                .check(url)
                .map_err(|rule| fetch::Error::Disallowed {
                    url: url.to_string(),
                    line: rule.line,
                    rule: rule.rule,
                })
        }
        .boxed()
    }
}

/// True if what was said at `answered` still holds. A clock that was set back makes nothing hold longer.
fn is_fresh(answered: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    answered.is_some_and(|at| (TimeDelta::zero()..LIFETIME).contains(&(now - at)))
}

/// True if there is no copy, and the file has not been away for so long that there is none.
fn nothing_is_known(file: &RobotsFile, now: DateTime<Utc>) -> bool {
    file.answered.is_none() && file.failing.is_none_or(|since| now - since < PATIENCE)
}

/// Takes over what a site has answered.
fn learn(file: &mut RobotsFile, answer: RobotsAnswer, now: DateTime<Utc>) {
    match answer {
        RobotsAnswer::File { body, validators } => {
            file.body = Some(body);
            file.validators = validators;
        }
        RobotsAnswer::NotModified { validators } => file.validators = validators,
        RobotsAnswer::Missing => {
            file.body = None;
            file.validators = Validators::default();
        }
    }
    file.answered = Some(now);
    file.failing = None;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: u32, hour: u32) -> DateTime<Utc> {
        format!("2026-03-{day:02}T{hour:02}:00:00Z")
            .parse()
            .unwrap()
    }

    fn file() -> RobotsFile {
        RobotsFile::unknown(&"https://blog.example/a/b".parse().unwrap())
    }

    #[test]
    fn a_site_is_its_scheme_host_and_port() {
        let origin = |url: &str| RobotsFile::unknown(&url.parse().unwrap()).origin;
        assert_eq!(
            origin("https://Blog.example:443/a?b"),
            "https://blog.example"
        );
        assert_eq!(
            origin("http://blog.example:8080/"),
            "http://blog.example:8080"
        );
    }

    #[test]
    fn what_a_site_said_holds_for_a_day() {
        assert!(!is_fresh(None, at(2, 12)));
        assert!(is_fresh(Some(at(2, 12)), at(2, 12)));
        assert!(is_fresh(Some(at(2, 12)), at(3, 11)));
        assert!(!is_fresh(Some(at(2, 12)), at(3, 12)));
        assert!(
            !is_fresh(Some(at(3, 12)), at(2, 12)),
            "said by a clock that was wrong"
        );
    }

    #[test]
    fn a_file_that_is_away_keeps_us_out_for_thirty_days_unless_there_is_a_copy() {
        let mut away = file();
        away.failing = Some(at(1, 0));
        assert!(nothing_is_known(&away, at(30, 23)));
        assert!(!nothing_is_known(&away, at(31, 0)));
        away.answered = Some(at(1, 0));
        assert!(!nothing_is_known(&away, at(2, 0)));
    }

    #[test]
    fn a_file_that_has_not_changed_is_kept_and_one_that_is_gone_is_not() {
        let mut known = file();
        let validators = Validators {
            etag: Some("\"1\"".to_owned()),
            last_modified: None,
        };
        let (body, none) = (
            bytes::Bytes::from_static(b"User-agent: *\n"),
            Validators::default(),
        );
        let answer = RobotsAnswer::File {
            body: body.clone(),
            validators: none,
        };
        learn(&mut known, answer, at(1, 0));
        known.failing = Some(at(2, 0));
        learn(
            &mut known,
            RobotsAnswer::NotModified {
                validators: validators.clone(),
            },
            at(3, 0),
        );
        assert_eq!(
            known,
            RobotsFile {
                body: Some(body),
                validators,
                answered: Some(at(3, 0)),
                ..file()
            }
        );
        learn(&mut known, RobotsAnswer::Missing, at(4, 0));
        assert_eq!(
            known,
            RobotsFile {
                answered: Some(at(4, 0)),
                ..file()
            }
        );
    }
}
