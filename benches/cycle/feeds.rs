//! Feeds as sites write them: RSS 2.0 for the most part, the rest Atom, RSS 1.0 and JSON Feed.

use std::fmt::Write as _;

use crate::words::{Dice, Script, body, phrase, words};

/// The instant of entry 0 of every feed; each further one is six hours older.
const NEWEST: i64 = 1_767_200_000;

/// A feed to be written.
#[derive(Clone, Copy)]
pub(crate) struct Feed {
    /// Its number; all that is in it follows from it.
    pub(crate) number: usize,
    /// How many entries it had from the beginning.
    pub(crate) entries: usize,
    /// How many have come since.
    pub(crate) newer: usize,
    /// About how long a body is, bytes; 0: there are none.
    pub(crate) body_bytes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Rss,
    Atom,
    Rdf,
    Json,
}

/// An entry, before it is written down.
struct Item {
    name: String,
    title: String,
    teaser: String,
    body: String,
    tags: [String; 2],
    date: chrono::DateTime<chrono::Utc>,
}

impl Feed {
    fn format(self) -> Format {
        match self.number % 10 {
            3 | 8 => Format::Atom,
            5 => Format::Rdf,
            9 => Format::Json,
            _ if self.number % 20 == 6 => Format::Atom,
            _ => Format::Rss,
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self.format() {
            Format::Rss => "application/rss+xml; charset=utf-8",
            Format::Atom => "application/atom+xml; charset=utf-8",
            Format::Rdf => "application/rdf+xml",
            Format::Json => "application/feed+json",
        }
    }

    fn site(self) -> String {
        format!("https://blog{}.example", self.number)
    }

    /// The feed's bytes.
    pub(crate) fn document(self) -> String {
        let script = Script::of_feed(self.number);
        let title = phrase(&mut Dice::new(self.number), script, 3);
        // the newest first; a new one does not change those before
        let items = (0..self.entries + self.newer)
            .rev()
            .map(|rank| self.item(rank));
        match self.format() {
            Format::Rss => rss(self, &title, items),
            Format::Atom => atom(self, &title, items),
            Format::Rdf => rdf(self, &title, items),
            Format::Json => json(self, &title, items),
        }
    }

    /// The entry that came as number `rank`.
    fn item(self, rank: usize) -> Item {
        let script = Script::of_feed(self.number);
        let mut dice = Dice::new(self.number * 1009 + rank * 7 + 1);
        let count = 3 + dice.below(8);
        let title = phrase(&mut dice, script, count);
        let mut teaser = String::new();
        words(&mut dice, script, 30, &mut teaser);
        let bytes = self.body_bytes / 2 + dice.below(self.body_bytes);
        let body = if self.body_bytes > 0 {
            body(&mut dice, script, bytes)
        } else {
            String::new()
        };
        let mut tag = || {
            let mut tag = String::new();
            words(&mut dice, script, 1, &mut tag);
            tag
        };
        let tags = [tag(), tag()];
        let age = i64::try_from(self.entries).unwrap_or_default()
            - 1
            - i64::try_from(rank).unwrap_or_default();
        let seconds = NEWEST - age * 21_600 + i64::try_from(self.number % 3600).unwrap_or_default();
        Item {
            name: format!("/{}/{rank}-post", self.number),
            title,
            teaser,
            body,
            tags,
            date: chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default(),
        }
    }
}

/// `text` as XML's characters.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn rss(feed: Feed, title: &str, items: impl Iterator<Item = Item>) -> String {
    let site = feed.site();
    let language = Script::of_feed(feed.number).language();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n<title>{title}</title>\n<link>{site}</link>\n<description>{title}</description>\n<language>{language}</language>\n"
    );
    // a third of them know nothing of content:encoded
    let is_whole = feed.number % 3 != 1;
    for item in items {
        let Item {
            name,
            title,
            teaser,
            body,
            tags: [one, two],
            date,
        } = item;
        let date = date.to_rfc2822();
        let _ = write!(
            xml,
            "<item>\n<title>{title}</title>\n<link>{site}{name}</link>\n<dc:creator><![CDATA[{one}]]></dc:creator>\n<pubDate>{date}</pubDate>\n<category><![CDATA[{one}]]></category>\n<category><![CDATA[{two}]]></category>\n<guid isPermaLink=\"false\">{site}/?p={}</guid>\n",
            &name[1..]
        );
        let _ = if is_whole {
            write!(
                xml,
                "<description><![CDATA[<p>{teaser} [&#8230;]</p>]]></description>\n<content:encoded><![CDATA[{body}]]></content:encoded>\n</item>\n"
            )
        } else {
            let body = escaped(&format!("<p>{teaser}</p>{body}"));
            write!(xml, "<description>{body}</description>\n</item>\n")
        };
    }
    xml + "</channel>\n</rss>\n"
}

fn atom(feed: Feed, title: &str, items: impl Iterator<Item = Item>) -> String {
    let site = feed.site();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{title}</title>\n<id>{site}/</id>\n<link href=\"{site}/\"/>\n<updated>2026-01-01T00:00:00Z</updated>\n<author><name>{title}</name></author>\n",
        Script::of_feed(feed.number).language()
    );
    for item in items {
        let Item {
            name,
            title,
            teaser,
            body,
            tags: [one, two],
            date,
        } = item;
        let (date, body) = (date.to_rfc3339(), escaped(&body));
        let _ = write!(
            xml,
            "<entry>\n<title type=\"html\">{title}</title>\n<link href=\"{site}{name}\"/>\n<id>{site}{name}</id>\n<published>{date}</published>\n<updated>{date}</updated>\n<category term=\"{one}\"/><category term=\"{two}\"/>\n<summary>{teaser}</summary>\n<content type=\"html\" xml:base=\"{site}{name}\">{body}</content>\n</entry>\n"
        );
    }
    xml + "</feed>\n"
}

fn rdf(feed: Feed, title: &str, items: impl Iterator<Item = Item>) -> String {
    let site = feed.site();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel rdf:about=\"{site}/\"><title>{title}</title><link>{site}/</link><description>{title}</description></channel>\n"
    );
    for item in items {
        let Item {
            name,
            title,
            teaser,
            body,
            tags: [one, two],
            date,
        } = item;
        let date = date.to_rfc3339();
        let _ = write!(
            xml,
            "<item rdf:about=\"{site}{name}\">\n<title>{title}</title>\n<link>{site}{name}</link>\n<description>{teaser}</description>\n<dc:date>{date}</dc:date><dc:creator>{one}</dc:creator><dc:subject>{two}</dc:subject>\n<content:encoded><![CDATA[{body}]]></content:encoded>\n</item>\n"
        );
    }
    xml + "</rdf:RDF>\n"
}

fn json(feed: Feed, title: &str, items: impl Iterator<Item = Item>) -> String {
    let site = feed.site();
    let items: Vec<_> = items
        .map(|item| {
            serde_json::json!({
                "id": format!("{site}{}", item.name),
                "url": format!("{site}{}", item.name),
                "title": item.title,
                "summary": item.teaser,
                "content_html": item.body,
                "date_published": item.date.to_rfc3339(),
                "tags": item.tags,
            })
        })
        .collect();
    serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": site,
        "items": items,
    })
    .to_string()
}
