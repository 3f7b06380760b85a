//! The short texts of a line of facts → tags, authors, labels, and what may be a tag.

use std::ops::Range;

use super::super::collections::Collection;
use super::super::dates;
use super::super::facts::{self, is_clock, without_clock};
use super::super::hints::Hint;
use super::super::lines::{Line, Piece};
use super::super::words::{self, Expects};
use super::ranges::{outside, overlaps};
use super::reader::{Around, LineReader};

/// A token longer than this is no tag.
const MAX_TAG_CHARS: usize = 32;
/// Words of a tag that a label leads to in running text.
const MOST_TAG_WORDS: usize = 4;

impl LineReader<'_, '_> {
    /// True if every piece is a tag or author by its link or class.
    pub(super) fn all_marked(&self, line: &Line, taken: &[Range<usize>]) -> bool {
        let mut any = false;
        for piece in &line.pieces {
            let text = line.piece(piece);
            if taken.iter().any(|range| overlaps(range, &piece.range))
                || !text.chars().any(char::is_alphanumeric)
                || words::is_label(text)
                || words::is_call(text)
            {
                continue;
            }
            let around = self.around(piece.node);
            let marked = around.hint.is_some() && text.chars().count() <= MAX_TAG_CHARS
                || around.link.and_then(|link| self.collection(link)).is_some();
            if !marked {
                return false;
            }
            any = true;
        }
        any
    }

    /// True for a line of three or more short texts, each in an element of its own.
    pub(super) fn is_list_of_tokens(&self, line: &Line, taken: &[Range<usize>]) -> bool {
        let pieces: Vec<&Piece> = line
            .pieces
            .iter()
            .filter(|piece| {
                !taken.iter().any(|range| overlaps(range, &piece.range))
                    && line.piece(piece).chars().any(char::is_alphanumeric)
            })
            .collect();
        let own = pieces
            .iter()
            .filter(|piece| {
                let parent = self.tree.nodes[piece.node].parent;
                parent != line.block
                    && words::weight(line.piece(piece)) <= 3
                    && !matches!(self.tree.name(parent), "em" | "i" | "b" | "strong" | "code")
            })
            .count();
        pieces.len() >= 3 && own * 10 >= pieces.len() * 9
    }

    /// How many facts a line tells if each of its pieces is one, by its words, its link or the elements around it, and there are
    /// several: `<span>by Ada</span> <a>9:15</a> <a>3 comments</a>`; else none. Among many, a few words may be unknown.
    pub(super) fn row_of_pieces(&self, line: &Line, taken: &[Range<usize>]) -> usize {
        /// So many words may be the name of who wrote it.
        const UNKNOWN: usize = 3;
        let mut told = taken.len();
        let mut unknown = 0;
        for piece in &line.pieces {
            for range in outside(&piece.range, taken) {
                let text = line.text[range].trim();
                let fact = facts::is_told(text)
                    || self
                        .around(piece.node)
                        .link
                        .and_then(|link| self.collection(link))
                        .is_some();
                told += usize::from(fact && text.contains(char::is_alphanumeric));
                if !fact && !words::is_label(text) {
                    unknown += words::weight(text);
                }
            }
        }
        let is_row = unknown == 0 && told >= 2 || unknown <= UNKNOWN && told >= UNKNOWN;
        if is_row { told } else { 0 }
    }

    /// True for what stands on a button: it is no part of the post.
    pub(super) fn is_in_button(&self, node: usize) -> bool {
        self.tree
            .ancestors(node)
            .take(3)
            .any(|a| self.tree.name(a) == "button")
    }

    /// Explains the short texts of a meta line.
    pub(super) fn tokens(&mut self, line: &Line, taken: &[Range<usize>]) {
        let mut unexplained = 0;
        let mut explained = 0;
        for piece in &line.pieces {
            let around = self.around(piece.node);
            for range in outside(&piece.range, taken) {
                for token in facts::split(&line.text[range]) {
                    if self.token(token, around) {
                        explained += 1;
                    } else {
                        unexplained += 1;
                    }
                }
            }
        }
        // what stands in elements of its own beside facts is one that is not known
        let all_apart = unexplained == 0 || line.pieces.len() > 1;
        if all_apart
            && self.part.maybe_tags.len() == unexplained
            && explained > 0
            && !self.part.is_meta()
        {
            self.part.idle = true;
            self.part.may_be_body = text_is_label(&line.text);
        }
    }

    /// Takes one short text; false if it says nothing that is known.
    pub(super) fn token(&mut self, token: &str, around: Around) -> bool {
        let token = without_separators(token);
        if is_separator(token) {
            return true;
        }
        self.part.shorts.push(token.to_owned());
        let foreign = around.link.is_some_and(|link| {
            self.links
                .at(link)
                .is_none_or(|link| link.target != self.item.target)
        });
        let names_subject =
            !foreign && around.own && self.links.subjects.contains(&token.to_lowercase());
        if !foreign && around.own && self.expects.is_none() && words::is_format(token) {
            self.part.formats.push(token.to_owned());
            self.part.kickers.push(token.to_owned());
            return true;
        }
        // "data" is a date in one language; a badge of its own says a subject
        let names_subject = names_subject
            || !foreign
                && around.own
                && around.hint == Some(Hint::Tags)
                && self.expects.is_none()
                && self.part.dates.is_empty()
                && words::expects(token).is_none()
                && words::is_word_of_two(token);
        if words::is_label(token) && !foreign && !names_subject || token.ends_with([':', '：']) {
            self.take_label(token);
            return true;
        }
        if dates::is_day_and_month(token) && !foreign {
            return true;
        }
        let collection = around.link.and_then(|link| self.collection(link));
        let length = token.chars().count();
        if let Some((label, value)) = token.split_once([':', '：'])
            && words::is_label(label)
            && !value.trim().is_empty()
            && value.chars().count() <= MAX_TAG_CHARS
        {
            self.take_label(label);
            return self.token(value, around);
        }
        if collection == Some(Collection::Author)
            || around.hint == Some(Hint::Author) && collection.is_none()
        {
            let name = words::by_line(token).unwrap_or(token);
            if length <= 60 && !words::is_call(token) {
                self.part.authors.push(name.to_owned());
            }
            return true;
        }
        if collection == Some(Collection::Tag) {
            self.push_tag(token);
            return true;
        }
        if around.hint == Some(Hint::Aside)
            || !foreign && self.expects.is_none() && words::is_badge(token)
        {
            return true;
        }
        if words::is_call(token) || words::is_counter(token) || is_clock(token) {
            return true;
        }
        if foreign && length <= MAX_TAG_CHARS && self.is_hashed(around) {
            self.push_tag(token);
            return true;
        }
        if around.hint == Some(Hint::Tags)
            && around.link.is_none()
            && around.hinting.is_some_and(|a| self.holds_tag_links(a))
        {
            // "included in" before the links is no tag itself
            self.take_label(token);
            return true;
        }
        if around.hint == Some(Hint::Tags)
            && length <= MAX_TAG_CHARS + 16
            && (around.inside
                || around
                    .link
                    .and_then(|link| self.links.at(link))
                    .is_none_or(|link| link.target != self.item.target))
        {
            self.push_tags(token);
            return true;
        }
        if self.says_itself(token, length) || self.stands_beside(token, around, foreign) {
            return true;
        }
        if names_subject {
            self.part.subjects.push(token.to_owned());
        }
        self.keep(token, around, foreign);
        false
    }

    /// Keeps a short text in an element of its own that nothing explains: the comparison of the items may.
    fn keep(&mut self, token: &str, around: Around, foreign: bool) {
        if token.chars().count() > MAX_TAG_CHARS
            || words::weight(token) > MOST_TAG_WORDS
            || !around.own
        {
            return;
        }
        let token = words::without_trailing_label(token).to_owned();
        if foreign {
            let near = self.leads_within(around);
            self.part.links.extend(near.then_some(token));
        } else {
            self.part.kickers.push(token.clone());
            self.part.maybe_tags.push(token);
        }
    }

    /// Takes a short text whose own words say what it is, or the label before it: "by Ada", "#sea"; false if none do.
    fn says_itself(&mut self, token: &str, length: usize) -> bool {
        if let Some(name) = words::by_line(token) {
            let name = words::without_trailing_label(without_clock(name));
            let (name, subject) = words::name_and_subject(name);
            self.part.authors.push(name.to_owned());
            // perhaps a place
            let subjects = subject.into_iter().flat_map(|subjects| subjects.split(','));
            let subjects = subjects.map(|subject| subject.trim().to_owned());
            self.part.subjects.extend(subjects);
            return true;
        }
        if length <= MAX_TAG_CHARS * 3
            && token
                .split_whitespace()
                .all(|word| word.starts_with('#') && word.len() > 1)
        {
            for tag in token.split_whitespace().filter(|tag| tag.len() > 1) {
                self.push_tag(tag);
            }
            return true;
        }
        self.token_after_label(token, length)
    }

    /// Takes a short text that is explained by what stands beside it: a category behind a date or a name, a name behind a
    /// picture.
    fn stands_beside(&mut self, token: &str, around: Around, foreign: bool) -> bool {
        if let Some((label, value)) = token.split_once(' ')
            && !foreign
            && (!self.part.dates.is_empty() || !self.part.authors.is_empty())
            && label.chars().all(char::is_lowercase)
            && words::expects(label) == Some(Expects::Tags)
            && words::weight(value) <= MOST_TAG_WORDS
        {
            // "in Sea"
            let subjects = value.split(',').map(|subject| subject.trim().to_owned());
            self.part.subjects.extend(subjects);
            return true;
        }
        let is_shown = self.has_portrait(around.node, token);
        if is_shown {
            self.part.authors.push(token.to_owned());
        }
        is_shown
    }

    /// True if the link leads to another page of the site, as one to a category may whatever its address.
    fn leads_within(&self, around: Around) -> bool {
        let link = around.link.and_then(|link| self.links.at(link));
        link.is_some_and(|link| {
            let target = &self.links.targets[link.target];
            target.same_host && !target.utility && !target.path.posty
        })
    }

    /// True if the link opens with a hash sign, in an element of its own or not.
    fn is_hashed(&self, around: Around) -> bool {
        let text = around
            .link
            .map(|link| self.tree.text(self.tree.extent(link)));
        text.is_some_and(|text| text.starts_with('#') && text.chars().any(char::is_alphabetic))
    }

    /// True if links to tags or categories stand in element `a`.
    fn holds_tag_links(&self, a: usize) -> bool {
        self.tree
            .extent(a)
            .any(|i| self.tree.name(i) == "a" && self.collection(i) == Some(Collection::Tag))
    }

    /// Takes a short text of that many characters as what the label before it announced; false if none did.
    fn token_after_label(&mut self, token: &str, length: usize) -> bool {
        match self.expects.take() {
            Some(Expects::Tags) if length <= MAX_TAG_CHARS * 3 => {
                *self.expects = Some(Expects::Tags);
                self.push_tags(token);
                true
            }
            Some(Expects::Author) if length <= 50 => {
                self.part.authors.push(token.to_owned());
                true
            }
            _ => false,
        }
    }

    /// Takes the tags of a text that lists them between commas.
    pub(super) fn push_tags(&mut self, token: &str) {
        let hashed = token.split_whitespace().all(|word| word.starts_with('#'));
        for tag in
            token.split(|c: char| matches!(c, ',' | '，' | '、') || hashed && c.is_whitespace())
        {
            self.push_tag(tag);
        }
    }

    fn push_tag(&mut self, token: &str) {
        let tag = token
            .trim()
            .trim_start_matches('#')
            .trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, ',' | ';' | '·' | '[' | ']' | '【' | '】')
            });
        if !tag.is_empty()
            && tag.chars().any(char::is_alphanumeric)
            && !tag.chars().all(|c| c.is_ascii_digit() && tag.len() < 3)
        {
            self.part.tags.push(tag.to_owned());
        }
    }

    pub(super) fn take_label(&mut self, text: &str) {
        *self.expects = words::expects(text);
    }
}

/// True for a short line that announces what follows.
fn text_is_label(text: &str) -> bool {
    text.trim_end().ends_with([':', '：']) && words::weight(text) >= 2
}

/// `token` without the marks that stand between the texts of a line.
fn without_separators(token: &str) -> &str {
    token.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | '-' | '–' | '—' | '(' | ')' | ';' | '，' | '、' | '|'
            )
    })
}

/// True for marks alone, and for an entity that was escaped twice.
fn is_separator(token: &str) -> bool {
    let entity = token.strip_prefix('&').is_some_and(|name| {
        name.trim_end_matches(';')
            .chars()
            .all(char::is_alphanumeric)
    });
    entity || !token.chars().any(char::is_alphanumeric)
}
