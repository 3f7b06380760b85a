//! One post in the data that a page carries for machines, whatever form it was found in.

use super::super::{dates, tree::collapse};

/// In which form data was found; what comes first is believed before the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::extract::page) enum Form {
    /// JSON-LD, in the vocabulary of schema.org.
    JsonLd,
    /// Microdata or RDFa, in the same vocabulary.
    Markup,
    /// Microformats: h-entry or hAtom.
    Microformats,
    /// State that scripts start from; what is a post is told by the names of its parts.
    #[default]
    State,
}

impl Form {
    /// What people call it.
    pub(in crate::extract::page) fn name(self) -> &'static str {
        match self {
            Self::JsonLd => "JSON-LD",
            Self::Markup => "microdata",
            Self::Microformats => "microformats",
            Self::State => "the page's state",
        }
    }
}

/// A post as machine data tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::extract::page) struct Record {
    /// In which form it was found.
    pub(in crate::extract::page) form: Form,
    /// Its addresses as written, the likeliest first.
    pub(in crate::extract::page) urls: Vec<String>,
    /// The last part of its address, where that is all there is.
    pub(in crate::extract::page) slug: Option<String>,
    /// Its title.
    pub(in crate::extract::page) title: Option<String>,
    /// When it was published.
    pub(in crate::extract::page) published: Option<String>,
    /// When it was changed.
    pub(in crate::extract::page) updated: Option<String>,
    /// Its excerpt.
    pub(in crate::extract::page) summary: Option<String>,
    /// Its tags.
    pub(in crate::extract::page) tags: Vec<String>,
    /// Its authors.
    pub(in crate::extract::page) authors: Vec<String>,
    /// Its image.
    pub(in crate::extract::page) image: Option<String>,
    /// The stated read time, with its unit.
    pub(in crate::extract::page) read_time: Option<String>,
    /// Its language.
    pub(in crate::extract::page) language: Option<String>,
    /// The folded form of its address, once known to be its own.
    pub(in crate::extract::page) key: Option<String>,
    /// The address that `key` is the folded form of.
    pub(in crate::extract::page) url: Option<String>,
}

impl Record {
    /// Takes what is missing from another record of the same post.
    pub(super) fn complete(&mut self, other: &Self) {
        let take = |own: &mut Option<String>, other: &Option<String>| {
            if own.is_none() {
                own.clone_from(other);
            }
        };
        take(&mut self.title, &other.title);
        take(&mut self.published, &other.published);
        take(&mut self.updated, &other.updated);
        take(&mut self.summary, &other.summary);
        take(&mut self.image, &other.image);
        take(&mut self.read_time, &other.read_time);
        take(&mut self.language, &other.language);
        if self.tags.is_empty() {
            self.tags.clone_from(&other.tags);
        }
        if self.authors.is_empty() {
            self.authors.clone_from(&other.authors);
        }
    }

    /// The title by which two spellings compare equal.
    pub(super) fn folded_title(&self) -> Option<String> {
        self.title
            .as_deref()
            .map(fold)
            .filter(|title| !title.is_empty())
    }
}

/// The posts of one list.
#[derive(Clone, Debug)]
pub(super) struct List {
    /// In the order written.
    pub(super) records: Vec<Record>,
    /// Where it was found.
    pub(super) form: Form,
    /// True if the data says that it is a list of posts, or the list of the page.
    pub(super) explicit: bool,
}

/// Letters and figures only, lower-case.
pub(super) fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// `text` as a date, if it is one.
pub(super) fn date(text: &str) -> Option<String> {
    let text = text.trim();
    dates::is_date(text).then(|| text.to_owned())
}

/// Seconds or thousandths of a second since 1970 as a date (RFC 3339).
pub(super) fn instant(number: f64) -> Option<String> {
    /// The years 1990 to 2065, in seconds.
    const SECONDS: std::ops::Range<f64> = 6.3e8..3.0e9;
    let seconds = if SECONDS.contains(&number) {
        number
    } else {
        number / 1000.0
    };
    if !SECONDS.contains(&seconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within the range above")]
    let at = chrono::DateTime::from_timestamp(seconds as i64, 0)?;
    Some(at.to_rfc3339())
}

/// `text` on one line, without the markup and the HTML escapes that some data carries.
pub(super) fn plain(text: &str) -> String {
    /// No title or excerpt is longer; the rest is a body.
    const MOST_BYTES: usize = 4000;
    let text = &text[..text.floor_char_boundary(MOST_BYTES)];
    let markup = text.contains("</") || text.contains("<p>") || text.contains("<br");
    if !markup && !text.contains('&') {
        return collapse(text);
    }
    // `<` alone may be a title's own character
    let html = if markup {
        text.to_owned()
    } else {
        text.replace('<', "&lt;")
    };
    let html = html.replace("</p>", "</p> ").replace("<br", " <br");
    let fragment = scraper::Html::parse_fragment(&html);
    collapse(&fragment.root_element().text().collect::<String>())
}

/// Whole minutes as a person states them.
pub(super) fn minutes(minutes: f64) -> Option<String> {
    (minutes > 0.0 && minutes < 1000.0).then(|| format!("{} min read", minutes.round().max(1.0)))
}
