//! What an entry's description is: its summary and, where a feed gives no body, that as well.

use url::Url;

use super::blocks;
use super::boilerplate::strip;
use super::content::{self, Safe};
use super::html;
use super::key::canonical_key;
use super::summary;

use crate::model::Text;

/// A description that was read.
#[derive(Default)]
pub(super) struct Described {
    /// Its text, on one line.
    pub plain: String,
    /// It as a body, where it is one.
    pub body: Option<Safe>,
    /// True for a body whose text a summary holds as well; what it has more is not its text.
    pub is_short: bool,
}

/// Reads a description. In many feeds the only text is one that holds the whole article; in others a short one is a comic, a
/// list of links or a few paragraphs, of which plain text shows little.
///
/// `own` are the addresses of the entry itself: a link to them says no more than the entry does.
pub(super) fn read(
    text: &Text,
    base: &Url,
    own: [Option<&Url>; 2],
    may_be_body: bool,
) -> Described {
    let is_markup = matches!(text, Text::Html(html) if html.contains(['<', '&']));
    let safe = || content::safe(text, base, own[0]);
    if may_be_body && is_markup {
        let body = safe();
        let plain = body.as_ref().map(|safe| blocks::joined(&safe.blocks));
        let plain = plain.unwrap_or_default();
        let is_short = summary::is_whole(&plain);
        return Described {
            body: body.filter(|safe| !is_short || says_more(safe, &plain, own)),
            is_short,
            plain,
        };
    }
    let plain = html::plain(text);
    let is_body = may_be_body && !summary::is_whole(&plain);
    Described {
        body: is_body.then(safe).flatten(),
        is_short: false,
        plain,
    }
}

/// True if `safe` shows what `plain`, its text, does not: a picture or a player always; lists, tables, code, paragraphs and
/// links elsewhere unless it is only the beginning of what stands behind the entry's own link.
fn says_more(safe: &Safe, plain: &str, own: [Option<&Url>; 2]) -> bool {
    if safe.has_media {
        return true;
    }
    if summary::is_teaser(plain) {
        return false;
    }
    let known: Vec<String> = own.into_iter().flatten().map(canonical_key).collect();
    let is_own = |url: &Url| known.contains(&canonical_key(url)) || is_front_page(url, own[0]);
    safe.has_structure
        || safe.links().any(|url| !is_own(&url))
        || (safe.blocks.iter())
            .filter(|block| !strip(&block.text).text.is_empty())
            .nth(1)
            .is_some()
}

/// True for the front page of the site that `page` is on: a notice of where a text is from links to it.
fn is_front_page(url: &Url, page: Option<&Url>) -> bool {
    url.path() == "/" && page.is_some_and(|page| page.host_str() == url.host_str())
}
