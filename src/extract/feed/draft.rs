//! What the wash has collected of a feed or of one entry, and how it is written as Atom 1.0 (RFC 4287), the one dialect
//! that feed-rs is given.

use url::Url;

use super::hints::Said;
use super::text::{push_escaped, push_verbatim};
use crate::model::RawPerson;

/// How many links, tags, authors and media are kept, each.
pub(super) const MAX_PARTS: usize = 50;

/// Text whose markup is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Construct {
    pub(super) text: String,
    pub(super) html: bool,
}

/// A value that a later one replaces only if it has a lower rank.
#[derive(Clone, Debug)]
pub(super) struct Slot<T>(Option<(u8, T)>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Slot<T> {
    pub(super) fn offer(&mut self, rank: u8, value: T) {
        if self.0.as_ref().is_none_or(|(present, _)| rank < *present) {
            self.0 = Some((rank, value));
        }
    }

    pub(super) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, value)| value)
    }

    pub(super) fn take(&mut self) -> Option<T> {
        self.0.take().map(|(_, value)| value)
    }
}

/// A link as collected.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) rel: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) length: Option<String>,
}

/// A `media:content` or `media:thumbnail` as collected.
#[derive(Clone, Debug, Default)]
pub(super) struct Media {
    pub(super) url: String,
    pub(super) kind: Option<String>,
    pub(super) length: Option<String>,
    pub(super) duration: Option<String>,
}

/// One entry, or what the feed says of itself.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) id: Slot<String>,
    /// `rdf:about`.
    pub(super) about: Option<String>,
    /// A guid that is said to be a permalink.
    pub(super) permalink: Option<String>,
    /// True if the id is said to be no link, even if it looks like one.
    pub(super) opaque_id: bool,
    /// What the link leads to, past a counter.
    pub(super) origin: Option<String>,
    /// Where the body is, if it is not in the feed (RFC 4287 §4.1.3.2).
    pub(super) body: Option<Link>,
    pub(super) title: Slot<Construct>,
    pub(super) summary: Slot<Construct>,
    pub(super) content: Slot<Construct>,
    pub(super) rights: Slot<Construct>,
    pub(super) published: Slot<String>,
    pub(super) updated: Slot<String>,
    pub(super) language: Slot<String>,
    pub(super) links: Vec<Link>,
    pub(super) tags: Vec<String>,
    /// The name of the feed that it was taken from.
    pub(super) source: Option<String>,
    /// Each with its rank; only those of the lowest rank count.
    pub(super) authors: Vec<(u8, RawPerson)>,
    pub(super) media: Vec<Media>,
    pub(super) image: Slot<String>,
    pub(super) duration: Option<String>,
    pub(super) base: Option<Url>,
    /// Of a feed, when it wishes to be asked.
    pub(super) hints: Said,
}

impl Draft {
    /// True if there is something to show: words, an address, a tag or a name.
    pub(super) fn shows(&self) -> bool {
        let words = [&self.title, &self.summary, &self.content];
        words.iter().any(|words| words.get().is_some())
            || !self.links.is_empty()
            || !self.media.is_empty()
            || self.image.get().is_some()
            || !self.tags.is_empty()
            || self
                .authors
                .iter()
                .any(|(_, person)| !person.name.is_empty())
            || self.permalink.is_some()
            || self.about.is_some()
            || self.id.get().is_some_and(|id| is_web(id))
    }

    /// True if enough of it is known to show it and to know it again.
    pub(super) fn is_recognisable(&self) -> bool {
        let named = self.id.get().is_some() || self.about.is_some() || !self.links.is_empty();
        named && self.title.get().is_some()
    }

    /// Adds a tag, once.
    pub(super) fn tag(&mut self, tag: &str) {
        let tag = tag.trim();
        if !tag.is_empty()
            && self.tags.len() < MAX_PARTS
            && !self.tags.iter().any(|present| present == tag)
        {
            self.tags.push(tag.to_owned());
        }
    }

    /// Adds an author, once; authors of a higher rank count only where there is none of a lower one.
    pub(super) fn author(&mut self, rank: u8, person: RawPerson) {
        let known = self
            .authors
            .iter()
            .any(|(_, known)| known.name == person.name && known.email == person.email);
        if (!person.name.is_empty() || person.email.is_some())
            && !known
            && self.authors.len() < MAX_PARTS
        {
            self.authors.push((rank, person));
        }
    }

    /// Writes it as the children of an Atom `entry` or `feed`. Its dates, its summary and its body are read elsewhere.
    pub(super) fn write(&self, out: &mut String) {
        if let Some(id) = self.id.get().or(self.about.as_ref()) {
            element(out, "id", &[], id);
        }
        construct(out, "title", self.title.get());
        for link in self.links.iter().chain(&self.body) {
            let rel = link.rel.as_deref().unwrap_or("alternate");
            let mut attributes = vec![("href", link.href.as_str()), ("rel", rel)];
            attributes.extend(link.kind.as_deref().map(|kind| ("type", kind)));
            attributes.extend(link.length.as_deref().map(|length| ("length", length)));
            element(out, "link", &attributes, "");
        }
        // last, so that only an entry without a link of its own is linked by them
        let id = self.id.get().filter(|_| !self.opaque_id);
        let named = [self.permalink.as_ref(), self.about.as_ref(), id];
        let named = named.into_iter().flatten().filter(|href| is_web(href));
        for href in self.origin.iter().chain(named) {
            element(out, "link", &[("href", href), ("rel", "alternate")], "");
        }
        let best = self.authors.iter().map(|(rank, _)| *rank).min();
        for (_, person) in self.authors.iter().filter(|(rank, _)| Some(*rank) == best) {
            out.push_str("<author>");
            element(out, "name", &[], &person.name);
            for (name, value) in [("uri", &person.url), ("email", &person.email)] {
                if let Some(value) = value {
                    element(out, name, &[], value);
                }
            }
            out.push_str("</author>");
        }
        for tag in &self.tags {
            element(out, "category", &[("term", tag)], "");
        }
        construct(out, "rights", self.rights.get());
        for media in &self.media {
            let mut attributes = vec![("url", media.url.as_str())];
            attributes.extend(media.kind.as_deref().map(|kind| ("type", kind)));
            attributes.extend(media.length.as_deref().map(|length| ("fileSize", length)));
            attributes.extend(
                media
                    .duration
                    .as_deref()
                    .map(|seconds| ("duration", seconds)),
            );
            element(out, "media:content", &attributes, "");
        }
    }
}

/// True if it can be an address on the web.
pub(super) fn is_web(text: &str) -> bool {
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    (start.starts_with("http://") || start.starts_with("https://"))
        && !text.contains(char::is_whitespace)
}

fn construct(out: &mut String, name: &str, value: Option<&Construct>) {
    if let Some(value) = value {
        let kind = if value.html { "html" } else { "text" };
        open(out, name, &[("type", kind)]);
        push_verbatim(out, &value.text);
        close(out, name);
    }
}

fn element(out: &mut String, name: &str, attributes: &[(&str, &str)], text: &str) {
    open(out, name, attributes);
    push_escaped(out, text);
    close(out, name);
}

fn open(out: &mut String, name: &str, attributes: &[(&str, &str)]) {
    out.push('<');
    out.push_str(name);
    for (key, value) in attributes {
        out.push(' ');
        out.push_str(key);
        out.push_str("=\"");
        push_escaped(out, value);
        out.push('"');
    }
    out.push('>');
}

fn close(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}
