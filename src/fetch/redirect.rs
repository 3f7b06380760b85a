//! Following redirects (RFC 9110 §15.4): at most [`LIMIT`], never in a circle, never from https to http. Pure.

use url::Url;

use super::error::Error;

/// How many redirects are followed.
pub(super) const LIMIT: usize = 10;
/// How many are followed to a `robots.txt` (RFC 9309 §2.3.1.2).
pub(super) const ROBOTS_LIMIT: usize = 5;

/// The way from the address asked to the one that answers.
#[derive(Debug)]
pub(super) struct Trail {
    /// Every address asked so far; the last one is the present one.
    asked: Vec<Url>,
    /// True while every redirect was a permanent one (301, 308).
    permanent: bool,
    /// How many redirects may be followed.
    limit: usize,
}

impl Trail {
    /// A way that begins at `url`.
    pub(super) fn new(url: Url) -> Self {
        Self::limited(url, LIMIT)
    }

    /// The same, with at most `limit` redirects.
    pub(super) fn limited(mut url: Url, limit: usize) -> Self {
        bare(&mut url);
        Self {
            asked: vec![url],
            permanent: true,
            limit,
        }
    }

    /// True before the first redirect.
    pub(super) fn is_at_start(&self) -> bool {
        self.asked.len() == 1
    }

    /// The address to ask now.
    pub(super) fn here(&self) -> &Url {
        self.asked.last().expect("a trail begins with an address")
    }

    /// The new address of the source, if all redirects were permanent and there was one.
    pub(super) fn moved(&self) -> Option<Url> {
        (self.permanent && self.asked.len() > 1).then(|| self.here().clone())
    }

    /// True if a temporary redirect was among them: what is said here is not said of the source.
    pub(super) fn is_detour(&self) -> bool {
        !self.permanent
    }

    /// The error of the present address; a host that is not asked is told with the address that led there.
    pub(super) fn blame(&self, mut error: Error) -> Error {
        if let (Error::NotPublic { from, .. }, [.., before, _]) = (&mut error, &self.asked[..]) {
            *from = Some(before.to_string());
        }
        error
    }

    /// Goes where a redirect leads. `location` is the header's bytes.
    ///
    /// # Errors
    /// If it leads nowhere, in a circle, too far, or from https to http.
    pub(super) fn follow(&mut self, status: u16, location: Option<&[u8]>) -> Result<(), Error> {
        let here = self.here();
        // a Location should be ASCII; some servers send UTF-8
        let location = location.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let next = location
            .as_deref()
            .filter(|location| !location.is_empty())
            .and_then(|location| here.join(location).ok())
            .filter(|next| matches!(next.scheme(), "http" | "https") && next.has_host());
        let Some(mut next) = next else {
            return Err(Error::BadRedirect {
                url: here.to_string(),
                location,
            });
        };
        bare(&mut next);
        if here.scheme() == "https" && next.scheme() == "http" {
            return Err(Error::Downgrade {
                from: here.to_string(),
                to: next.to_string(),
            });
        }
        if self.asked.contains(&next) {
            return Err(Error::RedirectLoop {
                url: next.to_string(),
            });
        }
        if self.asked.len() > self.limit {
            return Err(Error::TooManyRedirects {
                limit: self.limit,
                url: next.to_string(),
            });
        }
        self.permanent &= matches!(status, 301 | 308);
        self.asked.push(next);
        Ok(())
    }
}

/// Takes away what is not asked for: the fragment, and a login, which nobody gives by way of an address.
fn bare(url: &mut Url) {
    url.set_fragment(None);
    // an address with a host has both
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(url: &str) -> Trail {
        Trail::new(Url::parse(url).unwrap())
    }

    #[test]
    fn a_relative_location_is_resolved_where_it_was_given() {
        let mut trail = trail("https://blog.example/posts/#top");
        trail.follow(302, Some(b"../feed.xml#x")).unwrap();
        assert_eq!(trail.here().as_str(), "https://blog.example/feed.xml");
        trail
            .follow(302, Some(b"//me:secret@www.blog.example/a"))
            .unwrap();
        assert_eq!(trail.here().as_str(), "https://www.blog.example/a");
    }

    #[test]
    fn only_a_wholly_permanent_way_moves_the_source() {
        let mut way = trail("http://blog.example/");
        assert_eq!(way.moved(), None);
        way.follow(301, Some(b"https://blog.example/")).unwrap();
        way.follow(308, Some(b"/feed")).unwrap();
        assert_eq!(way.moved().unwrap().as_str(), "https://blog.example/feed");
        assert!(!way.is_detour());
        way.follow(302, Some(b"/maintenance")).unwrap();
        way.follow(301, Some(b"/down")).unwrap();
        assert_eq!(way.moved(), None);
        assert!(way.is_detour());
    }

    #[test]
    fn a_circle_is_refused() {
        let mut trail = trail("https://blog.example/a");
        trail.follow(302, Some(b"/b")).unwrap();
        let error = trail.follow(302, Some(b"/a#again")).unwrap_err();
        assert!(matches!(error, Error::RedirectLoop { .. }), "{error}");
    }

    #[test]
    fn ten_redirects_are_followed_and_no_more() {
        let mut trail = trail("https://blog.example/0");
        for n in 1..=10 {
            trail.follow(302, Some(format!("/{n}").as_bytes())).unwrap();
        }
        let error = trail.follow(302, Some(b"/11")).unwrap_err();
        assert!(
            matches!(error, Error::TooManyRedirects { limit: 10, .. }),
            "{error}"
        );
    }

    #[test]
    fn https_is_never_left_for_http() {
        let error = trail("https://blog.example/")
            .follow(301, Some(b"http://blog.example/"))
            .unwrap_err();
        assert!(matches!(error, Error::Downgrade { .. }), "{error}");
    }

    #[test]
    fn a_redirect_to_nowhere_says_so() {
        for location in [None, Some(&b""[..]), Some(b"ftp://a/b"), Some(b"https://")] {
            let error = trail("https://blog.example/")
                .follow(302, location)
                .unwrap_err();
            assert!(matches!(error, Error::BadRedirect { .. }), "{error}");
        }
    }
}
