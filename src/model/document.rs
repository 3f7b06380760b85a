//! What crosses the network, in both directions: bytes with their media type, address and validators.

use bytes::Bytes;
use url::Url;

/// Bytes as they came from a source, or as they go out to a subscriber.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Where the bytes were found, after redirects: the base of every relative address in them.
    pub url: Url,
    /// The essence of `Content-Type`, lower-case and without parameters (`text/html`); `None` where nothing was said.
    pub media_type: Option<String>,
    /// The `charset` parameter of `Content-Type`, as it was written.
    pub charset: Option<String>,
    /// The body, with every content coding (gzip, br, zstd, deflate) removed.
    pub body: Bytes,
    /// What a later conditional request sends back.
    pub validators: Validators,
}

/// The validators of a document (RFC 9110 §8.8), byte for byte as the server wrote them.
///
/// Header values need not be UTF-8: each byte is kept as the character of the same number (ISO-8859-1), so that what was
/// received is what is sent back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, quotes and `W/` included.
    pub etag: Option<String>,
    /// `Last-Modified`, never parsed, never computed.
    pub last_modified: Option<String>,
}

impl Validators {
    /// True if there is nothing to send back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}
