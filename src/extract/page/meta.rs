//! What an index page says of itself: name, site, language, advertised feeds.

use url::Url;

use super::head::Head;
use crate::model::{SourceMeta, UpdateHints};

/// Reads the page's head.
pub(super) fn read(head: &Head<'_>, base: &Url, url: &Url) -> SourceMeta {
    SourceMeta {
        title: head
            .content(&["og:site_name", "application-name"])
            .or_else(|| head.title.clone()),
        site: Some(site(base, url)),
        id: None,
        language: head.language(),
        feeds: head.feeds(base),
        hints: UpdateHints::default(),
    }
}

fn site(base: &Url, url: &Url) -> String {
    let mut site = if base.host() == url.host() {
        base.clone()
    } else {
        url.clone()
    };
    site.set_query(None);
    site.set_fragment(None);
    site.set_path("/");
    site.into()
}
