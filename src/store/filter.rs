//! Which entries the filters of a feed take.

use rusqlite::Connection;
use serde::Serialize;

use super::row;
use super::{articles, sightings};
use crate::lexicon::pattern::{matches, slug};
use crate::model::{
    Clause, Condition, Entry, EntryKey, FeedDefinition, Filter, FilterField, Merged, Sighting,
    SourceId, Vocabulary,
};

/// How one article is made of several sightings, which is not for the store to say.
pub type Merge = fn(&[Sighting]) -> Merged;

/// All that decides which entries a feed takes, as it is kept: a feed whose filters change is filled anew.
#[derive(Serialize)]
struct Deciding<'a> {
    sources: &'a [SourceId],
    filter: &'a Filter,
    /// Only where it matters.
    vocabulary: Option<&'a Vocabulary>,
}

/// What is kept of the filters of a feed: JSON.
pub(super) fn kept(definition: &FeedDefinition) -> rusqlite::Result<String> {
    let json = if definition.filter.is_open() {
        serde_json::to_string(&definition.sources)
    } else {
        serde_json::to_string(&Deciding {
            sources: &definition.sources,
            filter: &definition.filter,
            vocabulary: (definition.filter.asks_for_tags()).then_some(&definition.vocabulary),
        })
    };
    json.map_err(|source| rusqlite::Error::ToSqlConversionFailure(source.into()))
}

/// What a feed of some sources shows of an entry that others show too; `None`: the merged article.
fn of_its_sources(
    conn: &Connection,
    definition: &FeedDefinition,
    key: EntryKey,
    merge: Merge,
) -> rusqlite::Result<Option<Entry>> {
    if definition.sources.is_empty() {
        return Ok(None);
    }
    let mut shown = sightings::of(conn, key, None)?;
    let all = shown.len();
    shown.retain(|it| definition.sources.contains(&it.source));
    let is_part = !shown.is_empty() && shown.len() < all;
    Ok(is_part.then(|| merge(&shown).entry))
}

/// True if the filters ask for the text of the entry, and it was given up: what they made of it then is all that is known.
pub(super) fn is_past_telling(
    conn: &Connection,
    definition: &FeedDefinition,
    key: EntryKey,
) -> rusqlite::Result<bool> {
    let filter = &definition.filter;
    let mut conditions = filter.include.iter().chain(&filter.exclude);
    if !conditions.any(|it| it.field == FilterField::Content) {
        return Ok(false);
    }
    conn.prepare_cached(
        "SELECT 1 FROM sightings s JOIN pruned p ON p.sighting = s.id WHERE s.entry = ?1 AND s.gives_body = 1",
    )?
    .exists([key.0])
}

/// True if the filters take the entry as the feed shows it; its sources are not looked at. What costs most is looked at last.
pub(super) fn takes(
    conn: &Connection,
    definition: &FeedDefinition,
    key: EntryKey,
    merge: Merge,
) -> rusqlite::Result<bool> {
    Ok(refusal(conn, definition, key, merge)?.is_none())
}

/// The part of the filters that does not take the entry as the feed shows it.
pub(super) fn refusal(
    conn: &Connection,
    definition: &FeedDefinition,
    key: EntryKey,
    merge: Merge,
) -> rusqlite::Result<Option<Clause>> {
    let filter = &definition.filter;
    if filter.is_open() {
        return Ok(None);
    }
    let own = of_its_sources(conn, definition, key, merge)?;
    let (language, minutes): (Option<String>, Option<u32>) = match &own {
        Some(own) => (own.language.clone(), own.read_minutes),
        None => conn
            .prepare_cached("SELECT language, read_minutes FROM entries WHERE id = ?1")?
            .query_row([key.0], |row| Ok((row.get(0)?, row.get(1)?)))?,
    };
    if !speaks(&filter.languages, language.as_deref()) {
        return Ok(Some(Clause::Languages {
            wanted: filter.languages.clone(),
            has: language,
        }));
    }
    if let Some(wanted) = filter.min_read_minutes
        && minutes.is_none_or(|minutes| minutes < wanted)
    {
        let has = minutes;
        return Ok(Some(Clause::MinReadMinutes { wanted, has }));
    }
    if filter.asks_for_tags() {
        let tags = match &own {
            Some(own) => own.tags.clone(),
            None => articles::tags(conn, key)?,
        };
        let has = definition.vocabulary.apply(&tags);
        if !is_tagged(filter, &has) {
            let wanted = filter.tags.iter().chain(&filter.tag_slug).cloned();
            return Ok(Some(Clause::Tags {
                wanted: wanted.collect(),
                has,
            }));
        }
    }
    if filter.include.is_empty() && filter.exclude.is_empty() {
        return Ok(None);
    }
    let entry = match own {
        Some(own) => Some(own),
        None => articles::merged(conn, key)?,
    };
    Ok(entry.and_then(|entry| unmet(filter, &entry)))
}

fn speaks(languages: &[String], language: Option<&str>) -> bool {
    let is_in = |wanted: &String| {
        let language = language.unwrap_or_default().to_lowercase();
        let rest = language.strip_prefix(wanted.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    languages.is_empty() || languages.iter().any(is_in)
}

fn is_tagged(filter: &Filter, tags: &[String]) -> bool {
    let wanted = |tag: &String| {
        filter.tags.iter().any(|wanted| {
            if wanted.contains('*') {
                matches(wanted, tag)
            } else {
                wanted == tag
            }
        })
    };
    let fits = |name: &String| tags.iter().any(|tag| slug(tag) == *name);
    (filter.tags.is_empty() || tags.iter().any(wanted)) && filter.tag_slug.as_ref().is_none_or(fits)
}

/// Which of the texts that the filters ask for or shun speaks against the entry.
fn unmet(filter: &Filter, entry: &Entry) -> Option<Clause> {
    // the body is washed once, and only if somebody asks for it
    let is_asked = |condition: &Condition| condition.field == FilterField::Content;
    let body = (filter.include.iter().chain(&filter.exclude))
        .any(is_asked)
        .then(|| prose(entry.content.as_deref().unwrap_or_default()));
    let meets = |condition: &Condition| {
        let holds = |text: &str| matches(&condition.text, &text.to_lowercase());
        match condition.field {
            FilterField::Title => holds(&entry.title),
            FilterField::Summary => holds(entry.summary.as_deref().unwrap_or_default()),
            FilterField::Content => holds(body.as_deref().unwrap_or_default()),
            FilterField::Author => entry.authors.iter().any(|author| holds(&author.name)),
            FilterField::Url => holds(entry.url.as_ref().map_or("", url::Url::as_str)),
        }
    };
    if !filter.include.is_empty() && !filter.include.iter().any(meets) {
        return Some(Clause::Include {
            wanted: filter.include.clone(),
        });
    }
    let met = filter.exclude.iter().find(|condition| meets(condition))?;
    Some(Clause::Exclude { met: met.clone() })
}

/// The text of sanitised HTML: tags within words leave nothing behind, others a space.
fn prose(html: &str) -> String {
    const WITHIN_WORDS: [&str; 14] = [
        "a", "b", "i", "u", "s", "em", "strong", "code", "span", "sub", "sup", "mark", "small",
        "abbr",
    ];
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name = tag.trim_start_matches('/').split([' ', '/']).next();
        if !name.is_some_and(|name| WITHIN_WORDS.contains(&name)) {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    let mut text = text.replace('\u{a0}', " ");
    for (entity, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ] {
        if text.contains(entity) {
            text = text.replace(entity, c);
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A tag of the archive, in the words of a vocabulary, with how many entries have it.
pub(super) fn tags(conn: &Connection) -> rusqlite::Result<Vec<(String, u64)>> {
    conn.prepare_cached(
        "SELECT t.tag, count(*) FROM tags t
         WHERE NOT EXISTS (SELECT 1 FROM held h WHERE h.entry = t.entry AND h.released = 0)
             AND EXISTS (SELECT 1 FROM sightings s JOIN sources c ON c.num = s.source
                         WHERE s.entry = t.entry AND c.active = 1)
         GROUP BY t.tag ORDER BY t.tag",
    )?
    .query_map([], |row| Ok((row.get(0)?, row::count(row, 1)?)))?
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_body_is_looked_at_as_a_reader_sees_it() {
        assert_eq!(
            prose("<h2>Tides</h2><p>The mo<b>on</b> &amp;&nbsp;the&lt;sea<br>below</p>"),
            "Tides The moon & the<sea below"
        );
        assert_eq!(prose("<p title='a"), "");
    }

    #[test]
    fn a_language_takes_its_regions_and_nothing_unknown() {
        let english = ["en".to_owned()];
        assert!(speaks(&english, Some("en-GB")) && speaks(&english, Some("en")));
        assert!(!speaks(&english, Some("enm")) && !speaks(&english, None));
        assert!(speaks(&[], None));
    }
}
