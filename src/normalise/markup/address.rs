//! The addresses of a body: absolute, of the web, and without secrets.

use url::Url;

use super::super::url::absolute;

/// No honest address is longer, bytes.
const MAX_ADDRESS_BYTES: usize = 4096;

/// What relative addresses resolve against.
pub(super) struct Bases<'a> {
    /// The innermost last (xml:base), the document's own first.
    bases: Vec<Url>,
    /// The article's page.
    page: &'a Url,
}

impl<'a> Bases<'a> {
    pub(super) fn new(base: &Url, page: &'a Url) -> Self {
        Self {
            bases: vec![base.clone()],
            page,
        }
    }

    fn current(&self) -> &Url {
        self.bases.last().unwrap_or(self.page)
    }

    /// From here to [`Self::leave`] addresses resolve against `written`. False if that is no address of the web.
    pub(super) fn enter(&mut self, written: &str) -> bool {
        let base = absolute(written, self.current());
        let is_base = base.is_some();
        self.bases.extend(base);
        is_base
    }

    /// Ends the last [`Self::enter`].
    pub(super) fn leave(&mut self) {
        self.bases.pop();
    }

    /// From here on addresses resolve against `written`, if that is an address of the web.
    pub(super) fn replace(&mut self, written: &str) {
        if let Some(base) = absolute(written, self.current()) {
            self.bases.pop();
            self.bases.push(base);
        }
    }

    /// The address of something to be shown or fetched: http or https.
    pub(super) fn web(&self, written: &str) -> Option<Url> {
        absolute(written, self.current()).filter(|url| url.as_str().len() <= MAX_ADDRESS_BYTES)
    }

    /// The address that a link leads to: http, https or mailto. A fragment alone is on the article's page, wherever the
    /// feed is.
    pub(super) fn link(&self, written: &str) -> Option<Url> {
        let written = written.trim();
        if written.starts_with('#') {
            return absolute(written, self.page);
        }
        self.web(written).or_else(|| {
            let mail = Url::parse(written).ok()?;
            let fits = mail.scheme() == "mailto"
                && mail.path().contains('@')
                && mail.as_str().len() <= MAX_ADDRESS_BYTES;
            fits.then_some(mail)
        })
    }
}
