//! What is remembered of a site's `robots.txt`.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use url::Url;

use super::Validators;

/// The `robots.txt` of one site, and how it was had. Made by `pipeline`, kept by `store` from run to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RobotsFile {
    /// The site: scheme, host, and the port where it is not the scheme's own.
    pub origin: String,
    /// The file; `None`: the site has none, or has never answered.
    pub body: Option<Bytes>,
    /// What the next conditional request sends back.
    pub validators: Validators,
    /// When the site last said what its file is, or that it has none.
    pub answered: Option<DateTime<Utc>>,
    /// Since when it could not be had; `None`: the last answer was good.
    pub failing: Option<DateTime<Utc>>,
}

impl RobotsFile {
    /// That of the site of `url`, of which nothing is known yet.
    #[must_use]
    pub fn unknown(url: &Url) -> Self {
        Self {
            origin: url.origin().ascii_serialization(),
            body: None,
            validators: Validators::default(),
            answered: None,
            failing: None,
        }
    }
}
