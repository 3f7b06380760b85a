//! A parsed body → safe HTML and its text, in one walk: what is not known to be harmless is not written.
//!
//! Nothing is ever copied from the source: tags, attributes and text are written anew, each by its own rule (see `policy`),
//! so that no quirk of a tokenizer can carry anything across. Elements whose content is raw text, and those of SVG and
//! MathML, are never written; a parser cannot be led out of what is left.

mod address;
mod attributes;
mod embed;
mod image;
mod policy;
mod walk;
mod writer;

use scraper::Html;
use url::Url;

pub(super) use writer::{Writer, Written};

/// What `tree`, which was read from about `length` bytes, shows, its addresses resolved against `base` and its fragments against `page`.
pub(super) fn write(tree: &Html, length: usize, base: &Url, page: &Url) -> Written {
    let mut walk = walk::Walk::new(length, base, page);
    walk.tree(tree);
    walk.finish()
}

#[cfg(test)]
mod tests;
