//! `[publish]` and `[[feed]]`: what is published, and under which conditions.

use url::Url;

use super::file::{FeedTable, PublishTable};
use super::findings::Check;
use crate::model::{FeedDefinition, Source, SourceId};

/// The most entries one document may show; a longer history belongs into archives.
const MAX_LIMIT: i64 = 1_000;
/// How many new entries of a known source one run publishes unless it is said otherwise.
const DEFAULT_HOLD: usize = 20;
/// The most for which the guard is still one.
const MAX_HOLD: i64 = 100_000;

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

/// How many new entries of one source are too many, and the feeds; without a table there is one, `all`.
pub(super) fn feeds(
    check: &mut Check<'_>,
    publish: PublishTable,
    tables: Vec<FeedTable>,
    site: &Publishing<'_>,
) -> (usize, Vec<FeedDefinition>) {
    let hold = check.number(publish.hold, (1, MAX_HOLD), DEFAULT_HOLD, |number| {
        format!("a source trusted with {number} new entries at once")
    });
    let default = FeedDefinition::DEFAULT_FIRST;
    let first = check.number(publish.first, (0, MAX_LIMIT), default, |number| {
        format!("{number} entries of a new source on the front page")
    });
    let all = || FeedDefinition {
        title: site.title.to_owned(),
        description: site.description.to_owned(),
        first,
        ..FeedDefinition::new("all", site.url.clone())
    };
    let mut feeds: Vec<FeedDefinition> = Vec::new();
    for table in tables {
        let Some(id) = id(check, &table, &feeds) else {
            continue;
        };
        let limit = check.number(
            table.limit,
            (1, MAX_LIMIT),
            FeedDefinition::DEFAULT_LIMIT,
            |number| format!("a feed of {number} entries"),
        );
        let sources = sources(check, table.sources, site.sources);
        let is_all = id == "all";
        feeds.push(FeedDefinition {
            title: match table.title {
                Some(title) => title,
                None if is_all => site.title.to_owned(),
                None => format!("{}: {id}", site.title),
            },
            description: table
                .description
                .unwrap_or_else(|| site.description.to_owned()),
            limit,
            sources,
            url: if is_all {
                site.url.clone()
            } else {
                site.url
                    .join(&format!("{id}/"))
                    .expect("an id is a path segment")
            },
            id,
            ..all()
        });
    }
    if !feeds.iter().any(|feed| feed.id == "all") {
        feeds.insert(0, all());
    }
    (hold, feeds)
}

/// The name of the feed, if it is one and no other feed has it.
fn id(check: &mut Check<'_>, table: &FeedTable, feeds: &[FeedDefinition]) -> Option<String> {
    let id = table.id.get_ref();
    let span = table.id.span();
    if SourceId::new(id).is_none() || id.starts_with('.') {
        check.problem(
            span,
            format!("`{id}` cannot name a feed"),
            "use up to 64 characters: a-z, 0-9, -, _ and .",
        );
        return None;
    }
    if feeds.iter().any(|feed| feed.id == *id) {
        let what = format!("two feeds are called `{id}`");
        check.problem(span, what, "give one of them another id");
        return None;
    }
    Some(id.clone())
}

/// The sources that are named.
fn sources(
    check: &mut Check<'_>,
    given: Vec<toml::Spanned<String>>,
    known: &[Source],
) -> Vec<SourceId> {
    let mut chosen = Vec::new();
    for given in given {
        let named = known
            .iter()
            .find(|source| source.id.as_str() == given.get_ref());
        if let Some(source) = named {
            chosen.push(source.id.clone());
        } else {
            let what = format!("there is no source called `{}`", given.get_ref());
            let all: Vec<&str> = known.iter().map(|source| source.id.as_str()).collect();
            let help = format!("there are: {}", all.join(", "));
            check.problem(given.span(), what, help);
        }
    }
    chosen
}
