//! What an entry lacks, from its article's own page.

use url::Url;

use super::author;
use super::blocks;
use super::content;
use super::context::Context;
use super::dates;
use super::html;
use super::language;
use super::read_time;
use super::summary;
use super::tags;
use super::url::absolute;

use crate::lexicon::date::{self, Habits};
use crate::model::{Entry, Field, RawEntry, Tier};

/// Fills what `entry` lacks (date, summary, tags, authors, language, image, read minutes) from `article`, which was read at
/// `article_url`. True if anything was filled. Never replaces what is there, except tags that are only configured, to which
/// the article's own are added; never touches the print.
#[expect(
    clippy::needless_pass_by_value,
    reason = "an article is read for one entry only"
)]
pub fn enrich(
    entry: &mut Entry,
    article: RawEntry,
    article_url: &Url,
    context: &Context<'_>,
) -> bool {
    let article = &article;
    let base = article.base.as_ref().unwrap_or(article_url);
    let before = entry.provenance.len();
    let body = article
        .content
        .as_ref()
        .and_then(|body| content::safe(body, base, Some(article_url)))
        .map(|safe| safe.blocks);

    if entry.published.is_none() {
        let written = article.published.as_deref();
        let language = article.language.as_deref().or(entry.language.as_deref());
        let habits = Habits {
            tongue: date::tongue(language, written),
            home: context.source.timezone,
            ..Habits::default()
        };
        entry.published = dates::read(written, habits, context.now);
        note(
            entry,
            Field::Published,
            entry.published.is_some(),
            Tier::Article,
        );
    }
    if entry.summary.is_none() {
        let given = article.summary.as_ref().map(html::plain);
        let prose = body.as_deref().and_then(summary::first_prose);
        entry.summary = [given, prose]
            .into_iter()
            .flatten()
            .find_map(|plain| summary::summary(&plain, &entry.title));
        note(
            entry,
            Field::Summary,
            entry.summary.is_some(),
            Tier::Article,
        );
    }
    if entry.authors.is_empty() {
        entry.authors = author::people(&article.authors, base);
        note(
            entry,
            Field::Authors,
            !entry.authors.is_empty(),
            Tier::Article,
        );
    }
    if entry.language.is_none() {
        entry.language = article.language.as_deref().and_then(language::tag);
        note(
            entry,
            Field::Language,
            entry.language.is_some(),
            Tier::Article,
        );
    }
    if entry.image.is_none() {
        entry.image = article
            .image
            .as_deref()
            .and_then(|image| absolute(image, base));
        note(entry, Field::Image, entry.image.is_some(), Tier::Article);
    }
    if entry.read_minutes.is_none() {
        if let Some(minutes) = read_time::stated(article.read_time.as_deref()) {
            entry.read_minutes = Some(minutes);
            note(entry, Field::ReadMinutes, true, Tier::Article);
        } else if let Some(minutes) = body
            .as_deref()
            .and_then(|body| read_time::computed(&blocks::joined(body), entry.summary.as_deref()))
        {
            entry.read_minutes = Some(minutes);
            note(entry, Field::ReadMinutes, true, Tier::Derived);
        }
    }
    let filled = entry.provenance.len() > before;
    fill_tags(entry, article) || filled
}

fn fill_tags(entry: &mut Entry, article: &RawEntry) -> bool {
    let lacks = matches!(
        entry.provenance.get(&Field::Tags),
        None | Some(Tier::Configured)
    );
    let mut own = tags::tags(article.tags.iter().map(String::as_str));
    if !lacks || own.is_empty() {
        return false;
    }
    tags::add(&mut own, entry.tags.iter().map(String::as_str));
    entry.tags = own;
    note(entry, Field::Tags, true, Tier::Article);
    true
}

fn note(entry: &mut Entry, field: Field, filled: bool, tier: Tier) {
    if filled {
        entry.provenance.insert(field, tier);
    }
}
