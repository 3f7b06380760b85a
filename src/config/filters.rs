//! `[tags]`, and what a `[[feed]]` says of the entries it takes.

use std::collections::BTreeMap;

use toml::Spanned;

use super::file::ConditionTable;
use super::findings::Check;
use crate::lexicon::pattern::matches;
use crate::model::{Condition, Filter, FilterField, Source, SourceId, Vocabulary};
use crate::normalise;

/// The most minutes that anything takes to read.
const MAX_MINUTES: i64 = 10_000;

/// One word for tags that mean the same.
pub(super) fn vocabulary(
    check: &mut Check<'_>,
    table: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
) -> Vocabulary {
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    let mut chosen: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for (word, synonyms) in table {
        let Some(word_tag) = tag(check, &word) else {
            continue;
        };
        chosen.push((word_tag.clone(), word.span()));
        for given in synonyms {
            let Some(synonym) = tag(check, &given) else {
                continue;
            };
            if synonym == word_tag {
                continue;
            }
            if let Some(other) = words.insert(synonym.clone(), word_tag.clone())
                && other != word_tag
            {
                let what = format!("`{synonym}` stands for two words, `{other}` and `{word_tag}`");
                check.problem(given.span(), what, "leave it with one of them");
            }
        }
    }
    for (word, span) in chosen {
        if let Some(other) = words.get(&word) {
            let what = format!("`{word}` is a word of its own here, and a synonym of `{other}`");
            check.problem(span, what, format!("put its synonyms under `{other}`"));
        }
    }
    Vocabulary { words }
}

/// The tag as it is kept.
fn tag(check: &mut Check<'_>, given: &Spanned<String>) -> Option<String> {
    let tag = normalise::tag(given.get_ref());
    if tag.is_none() {
        let what = format!("`{}` cannot be a tag", given.get_ref());
        check.problem(
            given.span(),
            what,
            "write a word or a few, as in \"machine learning\"",
        );
    }
    tag
}

/// The sources that are named, each by its id or with `*` for several.
pub(super) fn sources(
    check: &mut Check<'_>,
    given: Vec<Spanned<String>>,
    known: &[Source],
) -> Vec<SourceId> {
    let mut chosen = Vec::new();
    for given in given {
        let wanted = given.get_ref().as_str();
        let is_meant = |source: &&Source| {
            let id = source.id.as_str();
            id == wanted || wanted.contains('*') && matches(wanted, id)
        };
        let before = chosen.len();
        for source in known.iter().filter(is_meant) {
            if !chosen.contains(&source.id) {
                chosen.push(source.id.clone());
            }
        }
        if chosen.len() == before && !known.iter().any(|source| is_meant(&source)) {
            let what = format!("there is no source called `{wanted}`");
            let all: Vec<&str> = known.iter().map(|source| source.id.as_str()).collect();
            let help = format!("there are: {}", all.join(", "));
            check.problem(given.span(), what, help);
        }
    }
    chosen
}

/// What entries must have.
pub(super) fn filter(
    check: &mut Check<'_>,
    tags: &[Spanned<String>],
    languages: &[Spanned<String>],
    (include, exclude): (ConditionTable, ConditionTable),
    min_read_minutes: Option<Spanned<i64>>,
    vocabulary: &Vocabulary,
) -> Filter {
    let tags = tags
        .iter()
        .filter_map(|given| tag(check, given))
        .map(|tag| vocabulary.word(&tag).to_owned())
        .collect();
    let languages = languages
        .iter()
        .filter_map(|given| language(check, given))
        .collect();
    let minutes = min_read_minutes.map(|given| {
        check.number(Some(given), (1, MAX_MINUTES), 1, |number| {
            format!("a read time of {number} minutes")
        })
    });
    Filter {
        tags,
        tag_slug: None,
        languages,
        include: conditions(check, include),
        exclude: conditions(check, exclude),
        min_read_minutes: minutes.and_then(|minutes| u32::try_from(minutes).ok()),
    }
}

/// The language tag, in small letters.
fn language(check: &mut Check<'_>, given: &Spanned<String>) -> Option<String> {
    let tag = given.get_ref().to_lowercase();
    let is_language = tag.split('-').enumerate().all(|(at, part)| {
        let length = if at == 0 { 2..=3 } else { 1..=8 };
        length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    if !is_language {
        let what = format!("`{}` is no language tag", given.get_ref());
        check.problem(given.span(), what, "write it as in \"en\" or \"pt-br\"");
    }
    is_language.then_some(tag)
}

fn conditions(check: &mut Check<'_>, table: ConditionTable) -> Vec<Condition> {
    let fields = [
        (FilterField::Title, table.title),
        (FilterField::Summary, table.summary),
        (FilterField::Content, table.content),
        (FilterField::Author, table.author),
        (FilterField::Url, table.url),
    ];
    let mut conditions = Vec::new();
    for (field, texts) in fields {
        for given in texts {
            let text = given.get_ref().to_lowercase();
            if text.trim_matches('*').trim().is_empty() {
                check.problem(
                    given.span(),
                    "a text that everything holds",
                    "write a part of what is meant, or a pattern as in \"*/jobs/*\"",
                );
            }
            conditions.push(Condition { field, text });
        }
    }
    conditions
}
