//! `[publish]` and `[[feed]]`: what is published, and under which conditions.

use toml::Spanned;
use url::Url;

use super::file::{Each, FeedTable, PublishTable, Updates};
use super::filters::{filter, sources};
use super::findings::{Check, ID_RULE};
use crate::model::{
    FeedDefinition, FeedOrder, Format, SOURCES_FILE, Source, SourceId, TagFeeds, Vocabulary,
};

/// The most entries one document may show; a longer history belongs into archives.
const MAX_LIMIT: i64 = 1_000;
/// How many new entries of a known source one run publishes unless it is said otherwise.
const DEFAULT_HOLD: usize = 20;
/// The most for which the guard is still one.
const MAX_HOLD: i64 = 100_000;
/// How many entries make a tag worth a feed unless it is said otherwise.
const DEFAULT_LEAST: usize = 3;

/// What feeds are made from, beside their own tables.
pub(super) struct Publishing<'a> {
    /// The title of the site.
    pub(super) title: &'a str,
    /// The description of the site.
    pub(super) description: &'a str,
    /// Where the output folder is reached.
    pub(super) url: &'a Url,
    /// What is read.
    pub(super) sources: &'a [Source],
}

/// What is published.
pub(super) struct Published {
    /// How many new entries of one source are too many.
    pub(super) hold: usize,
    /// The feeds.
    pub(super) feeds: Vec<FeedDefinition>,
    /// Those of single tags.
    pub(super) tag_feeds: Vec<TagFeeds>,
}

/// The feeds; without a table for it there is one, `all`, of everything.
pub(super) fn feeds(
    check: &mut Check<'_>,
    publish: PublishTable,
    tables: Vec<FeedTable>,
    vocabulary: &Vocabulary,
    site: &Publishing<'_>,
) -> Published {
    let hold = check.number(publish.hold, (1, MAX_HOLD), DEFAULT_HOLD, |number| {
        format!("a source trusted with {number} new entries at once")
    });
    let default = FeedDefinition::DEFAULT_FIRST;
    let first = check.number(publish.first, (0, MAX_LIMIT), default, |number| {
        format!("{number} entries of a new source on the front page")
    });
    let default = FeedDefinition::DEFAULT_ARCHIVE;
    let archive = check.number(publish.archive, (1, MAX_LIMIT), default, |number| {
        format!("archive pages of {number} entries")
    });
    let all = FeedDefinition {
        title: site.title.to_owned(),
        description: site.description.to_owned(),
        vocabulary: vocabulary.clone(),
        first,
        archive,
        ..FeedDefinition::new("all", site.url.clone())
    };
    let mut published = Published {
        hold,
        feeds: Vec::new(),
        tag_feeds: Vec::new(),
    };
    let mut ids: Vec<String> = Vec::new();
    for mut table in tables {
        let Some(id) = id(check, &table, &ids) else {
            continue;
        };
        ids.push(id.clone());
        let each = table.each.take().map(|each| *each.get_ref());
        let least = table.least.take();
        if let (Some(least), true) = (&least, each != Some(Each::Tag)) {
            let what = "`least` belongs to the feeds of single tags";
            check.problem(least.span(), what, "remove it, or add each = \"tag\"");
        }
        let definition = definition(check, id, each.is_some(), table, &all, site);
        match each {
            None => published.feeds.push(definition),
            Some(Each::Source) => published
                .feeds
                .extend(of_sources(&definition, site.sources)),
            Some(Each::Tag) => {
                let least = check.number(least, (1, MAX_HOLD), DEFAULT_LEAST, |number| {
                    format!("a feed for tags of {number} entries")
                });
                published.tag_feeds.push(TagFeeds {
                    like: definition,
                    least: least as u64,
                });
            }
        }
    }
    if !ids.iter().any(|id| id == "all") {
        published.feeds.insert(0, all);
    }
    published
}

/// The name of the feed, if it is one and no other feed has it.
fn id(check: &mut Check<'_>, table: &FeedTable, ids: &[String]) -> Option<String> {
    let (id, span) = match (&table.id, &table.each) {
        (Some(id), _) => (id.get_ref().as_str(), id.span()),
        (None, Some(each)) => match each.get_ref() {
            Each::Source => ("source", each.span()),
            Each::Tag => ("tag", each.span()),
        },
        (None, None) => {
            let help = "add id = \"…\", which names its folder, or each = \"source\" or \"tag\"";
            // a table without a name has no place of its own
            check.problem(0..0, "a [[feed]] without an id", help);
            return None;
        }
    };
    if SourceId::new(id).is_none() {
        check.problem(
            span,
            format!("`{id}` cannot name a feed"),
            format!("give it another id: {ID_RULE}"),
        );
        return None;
    }
    if is_file_at_the_top(id) {
        let what = format!("`{id}` is a file of the feed at the top, and cannot be a folder");
        check.problem(span, what, "give it another id");
        return None;
    }
    if id == "all" && table.each.is_some() {
        let what = "`all` is the feed at the top, not a folder of feeds";
        check.problem(span, what, "give it another id");
        return None;
    }
    if ids.iter().any(|known| known == id) {
        let what = format!("two feeds are called `{id}`");
        check.problem(span, what, "give one of them another id");
        return None;
    }
    Some(id.to_owned())
}

/// True for what stands in the output folder itself, where feeds have their folders.
fn is_file_at_the_top(id: &str) -> bool {
    let mut fronts = Format::ALL.iter().map(|format| format.file_name());
    fronts.any(|name| name == id) || id == SOURCES_FILE
}

/// The feed of a table, at its place below the site.
fn definition(
    check: &mut Check<'_>,
    id: String,
    is_each: bool,
    table: FeedTable,
    all: &FeedDefinition,
    site: &Publishing<'_>,
) -> FeedDefinition {
    let limit = check.number(
        table.limit,
        (1, MAX_LIMIT),
        FeedDefinition::DEFAULT_LIMIT,
        |number| format!("a feed of {number} entries"),
    );
    let share = table.share.map(|given| {
        check.number(Some(given), (1, MAX_LIMIT), limit, |number| {
            format!("a share of {number} entries a source")
        })
    });
    let formats = match table.formats {
        None => Format::ALL.to_vec(),
        Some(given) => {
            if given.get_ref().is_empty() {
                let what = "a feed in no format";
                check.problem(
                    given.span(),
                    what,
                    "name one or more: \"atom\", \"rss\", \"json\", \"html\"",
                );
            }
            let named = given.into_inner();
            let is_named = |format: &Format| named.contains(format);
            Format::ALL.into_iter().filter(is_named).collect()
        }
    };
    let republish = republishes(check, table.updates.as_ref(), table.order);
    let is_all = id == "all";
    FeedDefinition {
        title: match table.title {
            Some(title) => title,
            None if is_all || is_each => site.title.to_owned(),
            None => format!("{}: {id}", site.title),
        },
        description: table
            .description
            .unwrap_or_else(|| site.description.to_owned()),
        limit,
        share,
        order: table.order,
        republish,
        formats,
        sources: sources(check, table.sources, site.sources),
        filter: filter(
            check,
            &table.tags,
            &table.languages,
            (table.include, table.exclude),
            table.min_read_minutes,
            &all.vocabulary,
        ),
        url: if is_all {
            site.url.clone()
        } else {
            below(site.url, &id)
        },
        id,
        ..all.clone()
    }
}

/// Whether what has changed comes in again; in the order of dates it would stand where it stood.
fn republishes(
    check: &mut Check<'_>,
    updates: Option<&Spanned<Updates>>,
    order: FeedOrder,
) -> bool {
    let Some(given) = updates.filter(|it| *it.get_ref() == Updates::Republish) else {
        return false;
    };
    if order == FeedOrder::Date {
        let what = "updates = \"republish\" in a feed in the order of dates, where nothing comes in on top";
        check.problem(given.span(), what, "remove one of the two");
    }
    true
}

/// A feed like `like` for each of its sources, in a folder below its own.
fn of_sources(like: &FeedDefinition, known: &[Source]) -> Vec<FeedDefinition> {
    known
        .iter()
        .filter(|source| like.sources.is_empty() || like.sources.contains(&source.id))
        .map(|source| FeedDefinition {
            id: format!("{}/{}", like.id, source.id),
            title: source
                .title
                .clone()
                .unwrap_or_else(|| format!("{}: {}", like.title, source.id)),
            sources: vec![source.id.clone()],
            url: below(&like.url, source.id.as_str()),
            ..like.clone()
        })
        .collect()
}

/// The folder `name` in the one at `url`.
fn below(url: &Url, name: &str) -> Url {
    url.join(&format!("{name}/"))
        .expect("an id is a path segment")
}
