//! The rules of what we publish, one checker a format: bytes in, every broken rule out, in words.

mod atom;
mod json_feed;
mod opml;
mod rss;
mod xml;

pub(crate) use atom::check as check_atom;
pub(crate) use json_feed::check as check_json_feed;
pub(crate) use opml::check as check_opml;
pub(crate) use rss::check as check_rss;

use chrono::DateTime;
use url::Url;

/// Broken rules.
#[derive(Default)]
pub(crate) struct Broken(pub(crate) Vec<String>);

impl Broken {
    /// Notes that a rule is broken unless `holds`.
    fn unless(&mut self, holds: bool, rule: impl FnOnce() -> String) {
        if !holds {
            self.0.push(rule());
        }
    }

    /// Text of one line for people: something is in it, nothing controls the terminal or turns the text around.
    fn one_line(&mut self, what: &str, text: &str) {
        self.unless(!text.trim().is_empty(), || format!("{what} is empty"));
        self.unless(text == text.trim(), || {
            format!("{what} has white space at its ends: {text:?}")
        });
        let odd = |c: char| {
            c.is_control()
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        };
        self.unless(!text.contains(odd), || {
            format!("{what} is not one plain line: {text:?}")
        });
    }

    /// An absolute address of the web, as it would be written in a document.
    fn web_address(&mut self, what: &str, text: &str) {
        let url = Url::parse(text);
        let is_web = url.as_ref().is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.host_str().is_some_and(|host| !host.is_empty())
                && url.username().is_empty()
                && url.password().is_none()
        });
        self.unless(is_web, || {
            format!("{what} is no address of the web: {text:?}")
        });
        let odd = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
        self.unless(!text.contains(odd), || {
            format!("{what} holds what no address may: {text:?}")
        });
    }

    /// An absolute IRI (RFC 3987): a scheme, and nothing that may not stand in one.
    fn iri(&mut self, what: &str, text: &str) {
        let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
        let is_absolute = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        self.unless(is_absolute, || {
            format!("{what} is no absolute IRI: {text:?}")
        });
        let odd = |c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c);
        self.unless(!text.contains(odd), || {
            format!("{what} holds what no IRI may: {text:?}")
        });
        let escapes = text
            .split('%')
            .skip(1)
            .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit()));
        self.unless(escapes, || {
            format!("{what} has a percent sign that escapes nothing: {text:?}")
        });
    }

    /// RFC 3339 with a zone, in the years that it knows.
    fn rfc3339(&mut self, what: &str, text: &str) -> Option<DateTime<chrono::FixedOffset>> {
        let is_shaped = text.len() >= 20
            && text.as_bytes()[10] == b'T'
            && text.as_bytes()[4] == b'-'
            && !text.starts_with("0000");
        let at = DateTime::parse_from_rfc3339(text).ok();
        self.unless(is_shaped && at.is_some(), || {
            format!("{what} is no date of RFC 3339: {text:?}")
        });
        at
    }

    /// A media type without white space.
    fn media_type(&mut self, what: &str, text: &str) {
        let named = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
        };
        let fits = text
            .split_once('/')
            .is_some_and(|(kind, subtype)| named(kind) && named(subtype));
        self.unless(fits, || format!("{what} is no media type: {text:?}"));
    }

    /// A language tag of the right shape (RFC 5646).
    fn language(&mut self, what: &str, text: &str) {
        let fits = text.split('-').enumerate().all(|(at, part)| {
            let shortest = if at == 0 { 2 } else { 1 };
            (shortest..=8).contains(&part.len())
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphabetic() || (at > 0 && b.is_ascii_digit()))
        });
        self.unless(fits, || format!("{what} is no language tag: {text:?}"));
    }

    /// HTML that does nothing: no scripts, handlers, frames of strangers, forms, or addresses that are relative.
    fn html(&mut self, what: &str, source: &str) {
        let tree = scraper::Html::parse_fragment(source);
        for element in tree
            .root_element()
            .descendants()
            .filter_map(scraper::ElementRef::wrap)
        {
            let name = element.value().name();
            let is_bad = matches!(
                name,
                "script"
                    | "style"
                    | "form"
                    | "input"
                    | "button"
                    | "textarea"
                    | "select"
                    | "object"
                    | "embed"
                    | "applet"
                    | "meta"
                    | "link"
                    | "base"
                    | "svg"
                    | "math"
                    | "template"
                    | "noscript"
                    | "frameset"
                    | "title"
            );
            self.unless(!is_bad, || format!("{what} holds <{name}>"));
            for (attribute, value) in element.value().attrs() {
                let acts =
                    attribute.starts_with("on") || attribute == "style" || attribute == "srcdoc";
                self.unless(!acts, || format!("{what} holds <{name} {attribute}>"));
                if matches!(attribute, "href" | "src" | "poster" | "cite") {
                    let scheme = Url::parse(value).map(|url| url.scheme().to_owned());
                    let fits = scheme.is_ok_and(|scheme| {
                        matches!(scheme.as_str(), "http" | "https")
                            || (scheme == "mailto" && attribute == "href")
                    });
                    self.unless(fits, || {
                        format!("{what} has <{name} {attribute}={value:?}>")
                    });
                }
            }
        }
    }
}
