//! Takes a [`Feed`], gives a [`Document`]: Atom 1.0 (RFC 4287), RSS 2.0, JSON Feed 1.1, a page for people, and the sources
//! as OPML 2.0.
//!
//! Pure: the same feed gives the same bytes, to the last one, and so the same validators. Never asks the clock, never
//! sanitises HTML (that is done before anything is stored), but never lets out what would break a document either: see
//! `hygiene`. What the formats have no element for (read time, where a date came from) goes into [`NAMESPACE`] and into the
//! `_agg` object of JSON Feed.

mod atom;
mod difference;
mod format;
mod hygiene;
mod json_feed;
mod moved;
mod opml;
mod outgoing;
mod page;
mod rss;

#[cfg(test)]
mod read_back;
#[cfg(test)]
mod sample;

use bytes::Bytes;
use url::Url;

use crate::model::{Document, Feed, Origin, SOURCES_FILE, Validators};

pub use difference::{Broken, Difference, Seen, difference};
pub use format::{Format, NAMESPACE};
pub use moved::readdress;

use outgoing::{Outgoing, OutgoingOrigin};

/// `feed` in `format`, at the address where subscribers will find it: the folder of the feed and the format's file name, or
/// that of the page of the archive that it is ([`Format::archive_name`]).
///
/// `ETag` is strong and made from the bytes; `Last-Modified` is the instant of the feed's newest change, which may be up to
/// a day ahead of the clock where an entry's date is; an empty feed has none.
#[must_use]
pub fn render(feed: &Feed, format: Format) -> Document {
    write(&Outgoing::new(feed), format)
}

/// The same in each of `formats`, in their order.
#[must_use]
pub fn render_each(feed: &Feed, formats: &[Format]) -> Vec<Document> {
    let outgoing = Outgoing::new(feed);
    (formats.iter())
        .map(|format| write(&outgoing, *format))
        .collect()
}

fn write(outgoing: &Outgoing, format: Format) -> Document {
    let body = match format {
        Format::Atom => atom::write(outgoing),
        Format::Rss => rss::write(outgoing),
        Format::Json => json_feed::write(outgoing),
        Format::Html => page::write(outgoing),
    };
    let modified = outgoing
        .has_changed()
        .then(|| hygiene::imf_fixdate(outgoing.updated));
    let address = outgoing.own_address(format);
    document(address, format.media_type(), body, modified)
}

/// The list of `sources` as OPML 2.0, named `sources.opml` in the folder at `url`, in the order given. Without
/// `Last-Modified`: nobody knows when a configuration changed.
#[must_use]
pub fn opml(title: &str, url: &Url, sources: &[Origin]) -> Document {
    let sources: Vec<_> = sources.iter().map(OutgoingOrigin::new).collect();
    let body = opml::write(&hygiene::one_line(title), &sources);
    let address = outgoing::document_address(url, SOURCES_FILE);
    document(address, opml::MEDIA_TYPE, body, None)
}

fn document(url: Url, media_type: &str, body: Vec<u8>, last_modified: Option<String>) -> Document {
    let hash = blake3::hash(&body).to_hex();
    Document {
        url,
        media_type: Some(media_type.to_owned()),
        charset: Some("utf-8".to_owned()),
        validators: Validators {
            etag: Some(format!("\"{}\"", &hash[..32])),
            last_modified,
        },
        body: Bytes::from(body),
    }
}
