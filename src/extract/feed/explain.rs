//! What was met while a feed was read → how it was read: format, damage, and the element that each field came from. Kept only
//! when it is asked for; nothing is decided by it.

use serde_json::{Map, Value};

use super::names;
use crate::extract::trace;
use crate::model::{
    EntryTrace, Explanation, FeedExplanation, Field, LeftOut, LeftOutReason, LossReason, Lost,
    RawEntry,
};

/// A format's version is looked for in so many bytes of its root.
const ROOT_BYTES: usize = 4096;

/// What the wash met.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// How many elements stand where entries stand.
    pub(super) elements: usize,
    /// How many places are no XML.
    pub(super) not_xml: usize,
    /// How many elements the document leaves open.
    pub(super) unclosed: usize,
    /// What was known of the entry in whose middle the document ends, if that is too little.
    pub(super) cut: Option<String>,
    sightings: Vec<Sighting>,
}

/// An element that says something of an entry.
#[derive(Debug)]
struct Sighting {
    entry: usize,
    field: Field,
    rank: u8,
    /// Its name as written.
    name: String,
    text: String,
}

impl Notes {
    /// Notes that element `name` of the entry of that number (from 0) says `text` of a field.
    pub(super) fn saw(
        &mut self,
        entry: usize,
        (field, rank): (names::Field, u8),
        name: &str,
        text: &str,
    ) {
        if let Some(field) = shown(field)
            && !text.trim().is_empty()
        {
            self.sightings.push(Sighting {
                entry,
                field,
                rank,
                name: name.to_owned(),
                text: trace::cut(text),
            });
        }
    }

    /// Tells how the feed was read whose root stands at the start of `text`.
    pub(super) fn describe(&self, text: &str, warnings: &[String], explanation: &mut Explanation) {
        let mut damage = warnings.to_vec();
        if self.not_xml > 0 {
            damage.push(format!(
                "Places that are no XML, which was read on behind: {}.",
                self.not_xml
            ));
        }
        if self.unclosed > 0 {
            damage.push(format!(
                "Elements that are still open where the document ends: {}.",
                self.unclosed
            ));
        }
        explanation.feed = Some(FeedExplanation {
            format: format_of(text),
            elements: self.elements,
            damage,
        });
        explanation
            .left_out
            .extend(self.cut.clone().map(|what| LeftOut {
                what,
                why: LeftOutReason::Cut,
            }));
    }

    /// Tells where the fields of the entries came from.
    pub(super) fn trace(&self, entries: &[RawEntry], explanation: &mut Explanation) {
        let mut rest = self.sightings.as_slice();
        for (at, entry) in entries.iter().enumerate() {
            let (own, after) = rest.split_at(rest.partition_point(|seen| seen.entry <= at));
            rest = after;
            explanation.entries.push(EntryTrace {
                title: trace::name(entry),
                place: None,
                fields: trace::FIELDS
                    .into_iter()
                    .filter_map(|field| {
                        let (at, lost) = of_field(own, entry, field);
                        trace::field(entry, field, at, lost)
                    })
                    .collect(),
            });
        }
    }
}

/// The elements that a field came from, and what others said.
fn of_field(own: &[Sighting], entry: &RawEntry, field: Field) -> (Option<String>, Vec<Lost>) {
    let seen: Vec<&Sighting> = own.iter().filter(|seen| seen.field == field).collect();
    let value = trace::value(entry, field);
    let best = seen.iter().map(|seen| seen.rank).min();
    let taken = match field {
        // an address may be made absolute
        Field::Url | Field::Image => seen.iter().find(|seen| {
            let value = value.as_deref().unwrap_or_default();
            trace::cut(value).ends_with(seen.text.trim_start_matches(['.', '/']))
        }),
        _ => seen.iter().find(|seen| Some(seen.rank) == best),
    };
    let Some(&taken) = taken else {
        let at = match field {
            Field::Authors | Field::Language => "the feed itself",
            Field::Url => "rdf:about",
            _ => return (None, Vec::new()),
        };
        return (value.is_some().then(|| at.to_owned()), Vec::new());
    };
    if matches!(field, Field::Tags) {
        let mut names: Vec<&str> = seen.iter().map(|seen| seen.name.as_str()).collect();
        names.dedup();
        return (Some(names.join(", ")), Vec::new());
    }
    // links to other things than the article are no loss
    let lost = seen
        .iter()
        .filter(|seen| seen.text != taken.text && !matches!(field, Field::Url | Field::Image))
        .filter(|seen| field != Field::Authors || seen.rank > taken.rank)
        .map(|seen| Lost {
            found: seen.text.clone(),
            at: seen.name.clone(),
            why: if seen.rank > taken.rank {
                LossReason::BetterElement
            } else {
                LossReason::NotFirst
            },
        })
        .collect();
    (Some(taken.name.clone()), lost)
}

/// The field of an entry that an element fills; `None` for those that no provenance is told of.
fn shown(field: names::Field) -> Option<Field> {
    use names::Field as Element;
    Some(match field {
        Element::Title => Field::Title,
        Element::Link | Element::Id | Element::Enclosure => Field::Url,
        Element::Summary => Field::Summary,
        Element::Content => Field::Content,
        Element::Published => Field::Published,
        Element::Updated => Field::Updated,
        Element::Category | Element::Keywords => Field::Tags,
        Element::Author | Element::Person => Field::Authors,
        Element::Language => Field::Language,
        Element::Image | Element::ImageUrl | Element::Thumbnail | Element::MediaContent => {
            Field::Image
        }
        _ => return None,
    })
}

/// The format of the feed whose root stands at the start of `text`, with the version that it says or that its namespace
/// means.
fn format_of(text: &str) -> String {
    let head = &text[..text.floor_char_boundary(ROOT_BYTES)];
    let root = head.split('>').next().unwrap_or_default();
    let root = root.trim_start_matches('<').to_ascii_lowercase();
    let name = root
        .split(|c: char| c.is_whitespace() || c == '/')
        .next()
        .unwrap_or_default();
    let local = name.rsplit(':').next().unwrap_or_default();
    let version = root.split_once("version").and_then(|(_, rest)| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let value = rest.trim_start_matches(['"', '\'']);
        let end = value.find(['"', '\'', ' '])?;
        Some(&value[..end]).filter(|version| !version.is_empty())
    });
    match (local, version) {
        ("rss", Some(version)) => format!("RSS {version}"),
        ("rss", None) => "RSS of no said version".to_owned(),
        ("rdf", _) if root.contains("netscape") => "RSS 0.90".to_owned(),
        ("rdf", _) => "RSS 1.0".to_owned(),
        ("channel", _) => "RSS without its root".to_owned(),
        ("entry", _) => "one entry of Atom".to_owned(),
        _ if root.contains("purl.org/atom") => "Atom 0.3".to_owned(),
        _ if root.contains("w3.org/2005/atom") => "Atom 1.0".to_owned(),
        _ => "Atom of no said version".to_owned(),
    }
}

/// Tells how a JSON Feed was read.
pub(super) fn describe_json(
    feed: &Map<String, Value>,
    elements: usize,
    warnings: &[String],
    explanation: &mut Explanation,
) {
    let version = feed
        .get("version")
        .and_then(Value::as_str)
        .and_then(|version| version.trim_end_matches('/').rsplit('/').next());
    explanation.feed = Some(FeedExplanation {
        format: match version {
            Some(version) => format!("JSON Feed {}", trace::cut(version)),
            None => "JSON Feed of no said version".to_owned(),
        },
        elements,
        damage: warnings.to_vec(),
    });
}

/// An item of a JSON Feed that is no entry.
pub(super) fn empty_item(item: &Value) -> LeftOut {
    LeftOut {
        what: trace::cut(&item.to_string()),
        why: LeftOutReason::Empty,
    }
}

/// Where the fields of an item of a JSON Feed came from.
pub(super) fn trace_json(item: &Map<String, Value>, entry: &RawEntry) -> EntryTrace {
    let field = |field: Field| {
        let keys: &[&str] = match field {
            Field::Url => &["url", "external_url", "id"],
            Field::Title => &["title"],
            Field::Published => &["date_published"],
            Field::Updated => &["date_modified"],
            Field::Summary => &["summary"],
            Field::Content => &["content_html", "content_text"],
            Field::Tags => &["tags"],
            Field::Authors => &["authors", "author"],
            Field::Language => &["language"],
            Field::Image => &["image", "banner_image"],
            Field::ReadMinutes => &[],
        };
        let filled = trace::value(entry, field).is_some();
        let mut said = keys.iter().filter_map(|key| {
            let value = item.get(*key).filter(|value| !value.is_null())?;
            let list = matches!(field, Field::Tags | Field::Authors);
            let fits = value
                .as_str()
                .is_some_and(|text| !text.trim().is_empty() && !list)
                || list && (value.is_array() || value.is_object())
                || (*key == "id" || key.starts_with("date_")) && value.is_number();
            Some((*key, value, fits))
        });
        let mut at = None;
        let mut lost = Vec::new();
        for (key, value, fits) in said.by_ref() {
            if fits && filled && at.is_none() {
                at = Some(key.to_owned());
                continue;
            }
            // the id stands in for a link only where there is none
            if key == "id" {
                continue;
            }
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            lost.push(Lost {
                found: trace::cut(&text),
                at: key.to_owned(),
                why: if fits {
                    LossReason::BetterElement
                } else {
                    LossReason::Unreadable
                },
            });
        }
        let at = at.or_else(|| filled.then(|| "the feed itself".to_owned()));
        trace::field(entry, field, at, lost)
    };
    EntryTrace {
        title: trace::name(entry),
        place: None,
        fields: trace::FIELDS.into_iter().filter_map(field).collect(),
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    fn explained(text: &str) -> Explanation {
        let url = Url::parse("https://blog.example/feed").unwrap();
        let mut explanation = Explanation::default();
        if text.starts_with('{') {
            super::super::read_json(text, Some(&mut explanation)).unwrap();
        } else {
            let start = text.find("<rss").or(text.find("<feed")).unwrap();
            super::super::read_xml(text, start, &url, Some(&mut explanation)).unwrap();
        }
        explanation
    }

    /// What a field of the first entry came from, and what lost.
    fn told(explanation: &Explanation, field: Field) -> (Option<&str>, Vec<(&str, &str)>) {
        let fields = &explanation.entries[0].fields;
        let found = fields.iter().find(|trace| trace.field == field);
        let trace = found.unwrap_or_else(|| panic!("{field:?}: {fields:?}"));
        let lost = trace.lost.iter();
        (
            trace.at.as_deref(),
            lost.map(|lost| (lost.at.as_str(), lost.found.as_str()))
                .collect(),
        )
    }

    #[test]
    fn each_field_names_its_element_and_the_elements_that_lost() {
        let explanation = explained(
            "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>\
             <channel><title>Lamps</title><item><title>One</title><guid>https://blog.example/one</guid><pubDate>Tue, 05 Mar 2024 \
             10:00:00 GMT</pubDate><dc:date>2019-01-01</dc:date><description>Short</description><content:encoded>Long \
             </content:encoded><category>sea</category><dc:subject>light</dc:subject><dc:creator>Ada</dc:creator></item></channel></rss>",
        );
        assert_eq!(
            explanation.feed,
            Some(FeedExplanation {
                format: "RSS 2.0".to_owned(),
                elements: 1,
                damage: Vec::new(),
            })
        );
        assert_eq!(told(&explanation, Field::Url), (Some("guid"), vec![]));
        assert_eq!(
            told(&explanation, Field::Published),
            (Some("pubDate"), vec![("dc:date", "2019-01-01")])
        );
        assert_eq!(
            told(&explanation, Field::Summary),
            (Some("description"), vec![])
        );
        assert_eq!(
            told(&explanation, Field::Content),
            (Some("content:encoded"), vec![])
        );
        assert_eq!(
            told(&explanation, Field::Tags),
            (Some("category, dc:subject"), vec![])
        );
        assert_eq!(
            told(&explanation, Field::Authors),
            (Some("dc:creator"), vec![])
        );
    }

    #[test]
    fn a_damaged_end_is_told_with_the_entry_that_it_cut() {
        let explanation = explained(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>One</title><id>urn:1</id></entry><entry><title>Two</title><upd",
        );
        let feed = explanation.feed.unwrap();
        assert_eq!((feed.format.as_str(), feed.elements), ("Atom 1.0", 2));
        assert!(
            feed.damage
                .iter()
                .any(|damage| damage.contains("still open")),
            "{:?}",
            feed.damage
        );
        assert_eq!(explanation.entries.len(), 1);
        assert_eq!(
            explanation.left_out,
            [LeftOut {
                what: "Two".to_owned(),
                why: LeftOutReason::Cut,
            }]
        );
    }

    #[test]
    fn keys_of_a_json_feed_that_lose_or_have_a_wrong_type_are_told() {
        let explanation = explained(
            "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\",\"url\":\"https://blog.example/1\",\
             \"content_html\":\"<p>One</p>\",\"content_text\":\"One\",\"date_published\":5},\"no item\"]}",
        );
        let feed = explanation.feed.as_ref().unwrap();
        assert_eq!((feed.format.as_str(), feed.elements), ("JSON Feed 1.1", 2));
        assert_eq!(told(&explanation, Field::Url), (Some("url"), vec![]));
        assert_eq!(
            told(&explanation, Field::Content),
            (Some("content_html"), vec![("content_text", "One")])
        );
        assert_eq!(
            told(&explanation, Field::Published),
            (None, vec![("date_published", "5")])
        );
        assert_eq!(explanation.left_out[0].why, LeftOutReason::Empty);
    }

    #[test]
    fn the_version_of_a_format_is_what_its_root_says() {
        for (root, format) in [
            ("<rss version=\"0.91\">", "RSS 0.91"),
            ("<rss>", "RSS of no said version"),
            (
                "<rdf:RDF xmlns=\"http://my.netscape.com/rdf/simple/0.9/\">",
                "RSS 0.90",
            ),
            ("<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", "RSS 1.0"),
            (
                "<feed xmlns='http://purl.org/atom/ns#' version='0.3'>",
                "Atom 0.3",
            ),
            (
                "<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>",
                "Atom 1.0",
            ),
        ] {
            assert_eq!(format_of(root), format, "{root}");
        }
    }
}
