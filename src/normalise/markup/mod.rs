//! A parsed body → safe HTML and its text, in one walk: what is not known to be harmless is not written.
//!
//! Nothing is ever copied from the source: tags, attributes and text are written anew, each by its own rule (see `policy`),
//! so that no quirk of a tokenizer can carry anything across. Elements whose content is raw text, and those of SVG and
//! MathML, are never written; a parser cannot be led out of what is left.

mod address;
mod attributes;
mod embed;
mod formula;
mod hidden;
mod image;
mod policy;
mod tag;
mod walk;
mod writer;

use url::Url;

use super::parse;

pub(super) use hidden::is_hidden;
pub(super) use tag::Tag;
pub(super) use walk::{Leave, Walk};
pub(super) use writer::{Writer, Written};

/// What `html` shows, its addresses resolved against `base` and its fragments against `page`; `None` beyond the bounds of
/// [`parse`].
pub(super) fn write(html: &str, base: &Url, page: &Url) -> Option<Written> {
    let tree = parse::parse(html)?;
    let mut walk = Walk::new(html.len(), base, page);
    walk.tree(&tree);
    Some(walk.finish())
}

#[cfg(test)]
mod tests;
