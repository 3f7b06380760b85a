//! The lines of an item → what each says: dates, read time, tags, authors, prose, or nothing of use.

use std::ops::Range;

use super::dates;
use super::item::Item;
use super::lines::{Line, Piece};
use super::links::{self, Collection, Links};
use super::read_times;
use super::tree::Tree;
use super::words::{self, Hint};
use crate::model::Precision;

/// A date as it stands in a line.
#[derive(Clone, Debug)]
pub(super) struct DateSpot {
    /// Its words, or the `datetime` attribute where the words are relative.
    pub(super) text: String,
    /// How exactly.
    pub(super) precision: Precision,
    /// True for a date of change.
    pub(super) updated: bool,
    /// True if the markup says that it is a date: a `time` element, a class, the item's own link.
    pub(super) strong: bool,
    /// True if it fills its piece of the line; false for one glued to other words.
    pub(super) own: bool,
    /// The text node it begins in.
    pub(super) node: usize,
}

/// What one line says.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// The whole line.
    pub(super) text: String,
    /// Its text nodes, first to last.
    pub(super) nodes: Range<usize>,
    /// The block it stands in.
    pub(super) block: usize,
    /// Dates in it.
    pub(super) dates: Vec<DateSpot>,
    /// The read time in it.
    pub(super) read_time: Option<String>,
    /// Tags in it.
    pub(super) tags: Vec<String>,
    /// Authors in it.
    pub(super) authors: Vec<String>,
    /// Short unexplained texts in elements of their own.
    pub(super) maybe_tags: Vec<String>,
    /// Short unexplained texts that may be a day and month.
    pub(super) shorts: Vec<String>,
    /// Prose, without what else stands in the line.
    pub(super) prose: Option<String>,
    /// True for an idle line that an inlined post may hold too ("Just for a memo:").
    pub(super) may_be_body: bool,
    /// True for a line that says nothing (an invitation to read on, a label, a counter, side matter).
    pub(super) idle: bool,
}

impl Part {
    /// True if the line tells facts and no prose.
    pub(super) fn is_meta(&self) -> bool {
        self.prose.is_none()
            && (!self.dates.is_empty()
                || self.read_time.is_some()
                || !self.tags.is_empty()
                || !self.authors.is_empty())
    }

    /// The words that may stand in an excerpt once prose has begun.
    pub(super) fn words(&self) -> Option<&str> {
        match &self.prose {
            Some(prose) => Some(prose),
            None if self.idle && !self.may_be_body || self.is_meta() => None,
            None => Some(&self.text),
        }
    }
}

/// From this weight (words) on, a line is prose.
const PROSE_WEIGHT: usize = 6;
/// A line with a date or a read time in it is prose only if it weighs this much beside them.
const DATED_PROSE_WEIGHT: usize = 8;
/// A token longer than this is no tag.
const MAX_TAG_CHARS: usize = 32;
/// A token heavier than this is no bare read time.
const MAX_READ_TIME_WEIGHT: usize = 3;
/// What stands between the facts of a line.
const SEPARATORS: [char; 5] = ['|', '·', '•', '●', '/'];

/// What a label just said will follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    Tags,
    Author,
}

/// Reads the lines of an item, but for the words of its title.
pub(super) fn read(
    tree: &Tree<'_>,
    links: &Links,
    item: &Item,
    rows: &[Line],
    title_nodes: &Range<usize>,
    shown: &str,
) -> Vec<Part> {
    let mut out = Vec::new();
    let mut expects = None;
    for line in rows {
        for line in without_title(line, title_nodes) {
            let mut part = Part {
                nodes: line.pieces.first().map_or(0, |p| p.node)
                    ..line.pieces.last().map_or(0, |p| p.node + 1),
                block: line.block,
                text: line.text.clone(),
                ..Part::default()
            };
            LineReader {
                tree,
                links,
                item,
                part: &mut part,
                expects: &mut expects,
                title: shown,
            }
            .read(&line);
            // a label speaks of its own line, or of the next where it stands alone
            if !words::is_label(&line.text) {
                expects = None;
            }
            out.push(part);
        }
    }
    // a date inside later words, where the item has told its own, is a part of them
    if let Some(told) = out
        .iter()
        .position(|part: &Part| part.dates.iter().any(|date| date.own && !date.updated))
    {
        for part in &mut out[told + 1..] {
            let glued =
                !part.dates.is_empty() && part.dates.iter().all(|date| !date.own && !date.strong);
            if glued && words::weight(&part.text) >= PROSE_WEIGHT {
                part.dates.clear();
                part.prose = Some(part.text.clone());
            }
        }
    }
    out
}

/// The stretches of a line before and after the title's words.
fn without_title(line: &Line, title: &Range<usize>) -> Vec<Line> {
    if title.is_empty() || !line.touches(title) {
        return vec![line.clone()];
    }
    let first = line
        .pieces
        .iter()
        .position(|p| title.contains(&p.node))
        .unwrap_or(0);
    let last = line
        .pieces
        .iter()
        .rposition(|p| title.contains(&p.node))
        .unwrap_or(0);
    [0..first, last + 1..line.pieces.len()]
        .into_iter()
        .filter_map(|range| cut(line, range))
        .collect()
}

/// Some of the pieces of a line as a line of their own.
fn cut(line: &Line, range: Range<usize>) -> Option<Line> {
    let pieces = line.pieces.get(range)?;
    let start = pieces.first()?.range.start;
    let end = pieces.last()?.range.end;
    let shift = |p: &Piece| Piece {
        range: p.range.start - start..p.range.end - start,
        node: p.node,
    };
    Some(Line {
        text: line.text[start..end].to_owned(),
        pieces: pieces.iter().map(shift).collect(),
        block: line.block,
    })
}

struct LineReader<'t, 'a> {
    tree: &'t Tree<'a>,
    links: &'t Links,
    item: &'t Item,
    part: &'t mut Part,
    expects: &'t mut Option<Expects>,
    title: &'t str,
}

/// What is told of a stretch of text by the elements around it.
#[derive(Clone, Copy, Default)]
struct Around {
    /// The nearest link.
    link: Option<usize>,
    /// A class, `rel` or `itemprop` that tells.
    hint: Option<Hint>,
    /// The innermost element is one of its own for this text.
    own: bool,
}

impl LineReader<'_, '_> {
    fn read(&mut self, line: &Line) {
        let text = line.text.as_str();
        if std::iter::once(line.block)
            .chain(self.tree.ancestors(line.block))
            .take(4)
            .any(|a| self.tree.name(a) == "pre")
        {
            // code tells no facts, whatever it looks like
            self.part.prose = Some(text.to_owned());
            return;
        }
        let says_when = || !dates::all(text).is_empty() || read_times::find(text).is_some();
        if words::is_call(text) && !says_when() || text == self.title {
            self.part.idle = true;
            self.part.may_be_body = !words::is_call(text);
            self.take_label(text);
            return;
        }
        let weight = words::weight(text);
        let mut taken: Vec<Range<usize>> = Vec::new();
        self.take_read_time(line, weight, &mut taken);
        self.take_dates(line, weight, &mut taken);
        taken.sort_by_key(|range| range.start);

        let rest = remains(text, &taken);
        let rest_weight = words::weight(&rest);
        let tagged = self.all_marked(line, &taken);
        let floor = if taken.is_empty() {
            PROSE_WEIGHT
        } else {
            DATED_PROSE_WEIGHT
        };
        let sentence = rest
            .trim_end()
            .ends_with(['.', '…', '!', '?', '。', '！', '？'])
            && rest_weight >= 3;
        if !tagged
            && (rest_weight >= floor || sentence && !has_hint(self, line))
            && !self.is_list_of_tokens(line, &taken)
        {
            self.part.prose = self.prose(line, &taken);
            if self.part.prose.is_some() {
                *self.expects = None;
                return;
            }
        }
        self.tokens(line, &taken);
    }

    fn around(&self, node: usize) -> Around {
        let mut around = Around::default();
        if self
            .tree
            .ancestors(node)
            .take(3)
            .any(|a| matches!(self.tree.name(a), "pre" | "code"))
        {
            return around;
        }
        let mut at = node;
        for (up, parent) in self.tree.ancestors(node).enumerate() {
            if parent < self.item.range.start {
                break;
            }
            if up == 0 {
                around.own = self.tree.nodes[parent].end == at + 1
                    || self.tree.char_count(self.tree.extent(parent))
                        == self.tree.char_count(at..at + 1);
            }
            if around.link.is_none() && self.links.at(parent).is_some()
                || self.tree.name(parent) == "a"
            {
                around.link.get_or_insert(parent);
            }
            if around.hint.is_none() && up < 2 {
                around.hint = icon_before(self.tree, at).and_then(words::hint);
            }
            if around.hint.is_none() && up < 4 {
                around.hint = ["rel", "itemprop", "class", "property"]
                    .into_iter()
                    .filter_map(|name| self.tree.attr(parent, name))
                    .find_map(words::hint);
                // a hint on a block that holds prose as well says nothing of its parts
                if self.tree.char_count(self.tree.extent(parent)) > 200 {
                    around.hint = around.hint.filter(|_| up < 2);
                }
            }
            at = parent;
        }
        let _ = at;
        around
    }

    fn take_read_time(&mut self, line: &Line, weight: usize, taken: &mut Vec<Range<usize>>) {
        let found = read_times::find(&line.text).filter(|range| {
            let alone = line.pieces.iter().any(|piece| {
                piece.range.start <= range.start
                    && range.end <= piece.range.end
                    && words::weight(line.piece(piece)) <= 6
            });
            let at_end = range.end + 2 >= line.text.len();
            weight <= 12 || alone || at_end
        });
        // "14 min" is a read time where it stands alone between its neighbours
        let found = found.or_else(|| {
            line.pieces.iter().find_map(|piece| {
                let mut from = piece.range.start;
                line.piece(piece).split(SEPARATORS).find_map(|token| {
                    let start = from;
                    from += token.len()
                        + line.text[from + token.len()..]
                            .chars()
                            .next()
                            .map_or(0, char::len_utf8);
                    let short = words::weight(token) <= MAX_READ_TIME_WEIGHT;
                    let range = read_times::find(token).filter(|_| short)?;
                    Some(start + range.start..start + range.end)
                })
            })
        });
        if let Some(range) = found {
            self.part.read_time = Some(line.text[range.clone()].to_owned());
            taken.push(range);
        }
    }

    fn take_dates(&mut self, line: &Line, weight: usize, taken: &mut Vec<Range<usize>>) {
        let mut from = 0;
        for spot in dates::all(&line.text) {
            let piece = line
                .pieces
                .iter()
                .find(|piece| piece.range.end > spot.range.start);
            let Some(piece) = piece else { continue };
            let alone = piece.range == spot.range || words::weight(line.piece(piece)) <= 5 || {
                // spread over pieces that hold nothing else
                line.pieces
                    .iter()
                    .any(|p| p.range.start == spot.range.start)
                    && line.pieces.iter().any(|p| p.range.end == spot.range.end)
            };
            let timed = self
                .tree
                .ancestors(piece.node)
                .take(3)
                .find(|&a| self.tree.name(a) == "time");
            let at_edge = spot.range.start <= 1 || spot.range.end + 1 >= line.text.len();
            // "2024-05-01 · Words" and "May 1, 2024Words"; not "2024/5/1の…", which goes on
            let after = &line.text[spot.range.end..];
            let leads = spot.range.start <= 1
                && (after.starts_with(char::is_uppercase)
                    || after
                        .trim_start()
                        .starts_with(['-', '–', '—', '·', '•', '|', ':', '●']));
            if !(alone || leads || timed.is_some() || weight <= 14 && at_edge || weight <= 10) {
                continue;
            }
            if taken
                .iter()
                .any(|other| other.start < spot.range.end && spot.range.start < other.end)
            {
                continue;
            }
            let before = &line.text[from.min(spot.range.start)..spot.range.start];
            from = spot.range.end;
            let updated = words::says_updated(before)
                || self
                    .tree
                    .ancestors(piece.node)
                    .take(2)
                    .any(|a| is_updated_element(self.tree, a));
            let words = &line.text[spot.range.clone()];
            let attribute = timed
                .and_then(|time| self.tree.attr(time, "datetime"))
                .map(str::trim)
                .filter(|value| dates::is_date(value));
            let (text, precision) = match attribute {
                // relative words change every day; the attribute does not
                Some(value) if spot.relative => {
                    (value, dates::precision(value).unwrap_or(spot.precision))
                }
                // the same day: the attribute is more exact
                Some(value)
                    if dates::day(value).is_some()
                        && dates::day(value) == dates::day(words)
                        && dates::precision(value) == Some(Precision::Instant) =>
                {
                    (value, Precision::Instant)
                }
                _ => (words, spot.precision),
            };
            let strong = timed.is_some()
                || self.tree.ancestors(piece.node).take(3).any(|a| {
                    self.links
                        .at(a)
                        .is_some_and(|link| link.target == self.item.target)
                        || self.tree.attr(a, "class").is_some_and(words::says_date)
                });
            let own = piece.range == spot.range || timed.is_some();
            self.part.dates.push(DateSpot {
                own,
                strong,
                text: text.to_owned(),
                precision,
                updated,
                node: piece.node,
            });
            taken.push(spot.range);
        }
    }

    /// True if every piece is a tag or author by its link or class.
    fn all_marked(&self, line: &Line, taken: &[Range<usize>]) -> bool {
        let mut any = false;
        for piece in &line.pieces {
            let text = line.piece(piece);
            if taken.iter().any(|range| overlaps(range, &piece.range))
                || !text.chars().any(char::is_alphanumeric)
                || words::is_label(text)
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

    fn collection(&self, link: usize) -> Option<Collection> {
        match self.tree.attr(link, "rel") {
            Some(rel)
                if rel
                    .split_whitespace()
                    .any(|r| r == "tag" || r == "category") =>
            {
                return Some(Collection::Tag);
            }
            Some("author") => return Some(Collection::Author),
            _ => {}
        }
        let link = self.links.at(link)?;
        (link.target != self.item.target)
            .then(|| links::collection(&self.links.targets[link.target].url))
            .flatten()
    }

    /// True for a line of three or more short texts, each in an element of its own.
    fn is_list_of_tokens(&self, line: &Line, taken: &[Range<usize>]) -> bool {
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

    /// The prose of a line: without dates, read time and invitations at its ends.
    fn prose(&mut self, line: &Line, taken: &[Range<usize>]) -> Option<String> {
        let text = line.text.as_str();
        let mut start = 0;
        let mut end = text.len();
        loop {
            let before = (start, end);
            for range in taken {
                if text[start..range.start.max(start)]
                    .chars()
                    .all(|c| !c.is_alphanumeric())
                    && range.end > start
                {
                    start = range.end;
                }
                if range.end <= end && text[range.end..end].chars().all(|c| !c.is_alphanumeric()) {
                    end = range.start.max(start);
                }
            }
            // pieces at the end that say nothing
            for piece in line.pieces.iter().rev() {
                if piece.range.start < end && piece.range.end >= end && piece.range.start > start {
                    let piece_text = &text[piece.range.start..end];
                    let around = self.around(piece.node);
                    if words::is_call(piece_text)
                        && (around.link.is_some()
                            || piece_text.chars().all(|c| !c.is_alphanumeric())
                                && piece_text.trim() == "-")
                    {
                        end = piece.range.start;
                    }
                }
            }
            end = end.max(start);
            if (start, end) == before {
                break;
            }
        }
        let prose = text[start..end].trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, '-' | '–' | '—' | '·' | '•' | '|' | ':' | ',' | '●')
        });
        let prose = prose
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '·' | '•' | '|' | '●'))
            .trim();
        (words::weight(prose) >= 3).then(|| prose.to_owned())
    }

    /// Explains the short texts of a meta line.
    fn tokens(&mut self, line: &Line, taken: &[Range<usize>]) {
        let mut unexplained = 0;
        let mut explained = 0;
        for piece in &line.pieces {
            let around = self.around(piece.node);
            for range in outside(&piece.range, taken) {
                for token in line.text[range].split(SEPARATORS) {
                    if self.token(token, around) {
                        explained += 1;
                    } else {
                        unexplained += 1;
                    }
                }
            }
        }
        if unexplained == 0
            && explained > 0
            && !self.part.is_meta()
            && self.part.maybe_tags.is_empty()
        {
            self.part.idle = true;
            self.part.may_be_body = text_is_label(&line.text);
        }
    }

    /// Takes one short text; false if it says nothing that is known.
    fn token(&mut self, token: &str, around: Around) -> bool {
        let token = token.trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    ',' | '-' | '–' | '—' | '(' | ')' | ';' | '，' | '、' | '|'
                )
        });
        // an entity that was escaped twice is a separator
        let entity = token.starts_with('&')
            && token.trim_end_matches(';')[1..]
                .chars()
                .all(char::is_alphanumeric);
        if !token.chars().any(char::is_alphanumeric) || entity {
            return true;
        }
        self.part.shorts.push(token.to_owned());
        if words::is_label(token) && around.link.is_none() || token.ends_with([':', '：']) {
            self.take_label(token);
            return true;
        }
        let collection = around.link.and_then(|link| self.collection(link));
        let length = token.chars().count();
        if let Some((label, value)) = token.split_once([':', '：'])
            && words::is_label(label)
            && !value.trim().is_empty()
            && length <= MAX_TAG_CHARS
        {
            self.take_label(label);
            return self.token(value, around);
        }
        if around.hint == Some(Hint::Aside) {
            return true;
        }
        if collection == Some(Collection::Author)
            || around.hint == Some(Hint::Author) && collection.is_none()
        {
            let name = words::by_line(token).unwrap_or(token);
            if length <= 60 {
                self.part.authors.push(name.to_owned());
            }
            return true;
        }
        if collection == Some(Collection::Tag) {
            self.push_tags(token);
            return true;
        }
        if words::is_call(token) || words::is_counter(token) {
            return true;
        }
        if around.hint == Some(Hint::Tags)
            && length <= MAX_TAG_CHARS + 16
            && around
                .link
                .and_then(|link| self.links.at(link))
                .is_none_or(|link| link.target != self.item.target)
        {
            self.push_tags(token);
            return true;
        }
        if let Some(name) = words::by_line(token) {
            self.part.authors.push(name.to_owned());
            return true;
        }
        if length <= MAX_TAG_CHARS * 3
            && token
                .split_whitespace()
                .all(|word| word.starts_with('#') && word.len() > 1)
        {
            for tag in token.split_whitespace().filter(|tag| tag.len() > 1) {
                self.push_tags(tag);
            }
            return true;
        }
        match self.expects.take() {
            Some(Expects::Tags) if length <= MAX_TAG_CHARS * 3 => {
                *self.expects = Some(Expects::Tags);
                for tag in token.split([',', '，', '、']) {
                    self.push_tags(tag);
                }
                return true;
            }
            Some(Expects::Author) if length <= 50 => {
                self.part.authors.push(token.to_owned());
                return true;
            }
            _ => {}
        }
        if around.link.is_none_or(|link| {
            self.links
                .at(link)
                .is_none_or(|link| link.target == self.item.target)
        }) && length <= MAX_TAG_CHARS
            && words::weight(token) <= 4
            && around.own
        {
            self.part.maybe_tags.push(token.to_owned());
        }
        false
    }

    fn push_tags(&mut self, token: &str) {
        let tag = token
            .trim()
            .trim_start_matches('#')
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '·'));
        if !tag.is_empty()
            && tag.chars().any(char::is_alphanumeric)
            && !tag.chars().all(|c| c.is_ascii_digit() && tag.len() < 3)
        {
            self.part.tags.push(tag.to_owned());
        }
    }

    fn take_label(&mut self, text: &str) {
        let bare = text.trim().trim_end_matches([':', '：']).to_lowercase();
        *self.expects = match bare.as_str() {
            "tags" | "tag" | "tagged" | "categories" | "category" | "topics" | "in" | "under"
            | "posted in" | "filed under" | "in category" | "filed in" | "分类" | "标签"
            | "分類" | "분류" | "태그" | "kategorien" | "kategorie" | "schlagwörter"
            | "catégories" | "categorías" | "categoría" | "etiquetas" | "カテゴリー" | "タグ"
            | "labels" => Some(Expects::Tags),
            "by" | "author" | "von" | "par" | "por" | "作者" | "posted by" | "written by"
            | "autor" | "от" => Some(Expects::Author),
            _ => None,
        };
    }
}

/// The classes of an empty element (an icon) right before node `i`.
fn icon_before<'a>(tree: &Tree<'a>, i: usize) -> Option<&'a str> {
    let mut before = i;
    loop {
        before = tree.sibling_before(before)?;
        let empty = tree.char_count(tree.extent(before)) == 0;
        if tree.element(before).is_some() {
            return empty.then(|| tree.attr(before, "class")).flatten();
        }
        if !empty {
            return None;
        }
    }
}

/// True for a short line that announces what follows.
fn text_is_label(text: &str) -> bool {
    text.trim_end().ends_with([':', '：']) && words::weight(text) >= 2
}

fn has_hint(reader: &LineReader<'_, '_>, line: &Line) -> bool {
    line.pieces
        .iter()
        .any(|piece| reader.around(piece.node).hint.is_some())
}

/// True for an element that marks a date of change.
pub(super) fn is_updated_element(tree: &Tree<'_>, i: usize) -> bool {
    tree.attr(i, "itemprop") == Some("dateModified")
        || tree.attr(i, "class").is_some_and(|class| {
            let words: Vec<&str> = class.split_whitespace().collect();
            words.iter().any(|word| {
                matches!(
                    *word,
                    "updated" | "dt-updated" | "modified" | "date-updated"
                )
            }) && !words.contains(&"published")
                && !words.contains(&"entry-date")
        })
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// `text` without the taken ranges.
fn remains(text: &str, taken: &[Range<usize>]) -> String {
    outside(&(0..text.len()), taken)
        .into_iter()
        .map(|range| &text[range])
        .collect::<Vec<_>>()
        .join(" ")
}

/// The parts of `whole` that no taken range (sorted) covers.
fn outside(whole: &Range<usize>, taken: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = whole.start;
    for range in taken {
        if range.end <= at || range.start >= whole.end {
            continue;
        }
        if range.start > at {
            out.push(at..range.start);
        }
        at = at.max(range.end);
    }
    if at < whole.end {
        out.push(at..whole.end);
    }
    out
}
