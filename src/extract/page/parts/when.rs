//! The dates and the read time of a line.

use std::ops::Range;

use super::super::dates::{self, Spot};
use super::super::facts;
use super::super::hints;
use super::super::lines::{Line, Piece};
use super::super::read_times;
use super::super::tree::Tree;
use super::super::words;
use super::part::DateSpot;
use super::reader::LineReader;
use crate::model::Precision;

/// So many counters in elements of their own make a line one of facts.
const FEW_COUNTERS: usize = 2;
/// A date in a line of no more words is no part of a sentence.
const FEW_WORDS: usize = 10;
/// A token heavier than this is no bare read time.
const MAX_READ_TIME_WEIGHT: usize = 3;

impl<'a> LineReader<'_, 'a> {
    pub(super) fn take_read_time(
        &mut self,
        line: &Line,
        weight: usize,
        taken: &mut Vec<Range<usize>>,
    ) {
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
                facts::split(line.piece(piece)).find_map(|token| {
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

    pub(super) fn take_dates(&mut self, line: &Line, weight: usize, taken: &mut Vec<Range<usize>>) {
        let mut from = 0;
        let mut spots = dates::all(&line.text);
        if spots.is_empty() {
            spots = self.in_own_elements(line);
        }
        let paired = has_update(line, &spots);
        let counted = || {
            let counters = line.pieces.iter();
            counters
                .filter(|p| words::is_counter(line.piece(p)))
                .count()
                >= FEW_COUNTERS
        };
        let is_row =
            !spots.is_empty() && weight > FEW_WORDS && (facts::is_row(&line.text) || counted());
        for spot in spots {
            let Some(piece) = line
                .pieces
                .iter()
                .find(|piece| piece.range.end > spot.range.start)
            else {
                continue;
            };
            let timed = self
                .tree
                .ancestors(piece.node)
                .take(3)
                .find(|&a| self.tree.name(a) == "time");
            let free = taken
                .iter()
                .all(|other| other.start >= spot.range.end || spot.range.start >= other.end);
            let before = &line.text[from.min(spot.range.start)..spot.range.start];
            // "Published: …" says what follows, wherever it stands, as does "Published on … · Updated on …"
            let named = words::is_label(before)
                && (paired || before.trim_end().ends_with([':', '：']))
                || paired && words::says_updated(before);
            let named = named || is_row;
            if !free || timed.is_none() && !named && !stands_out(line, piece, &spot, weight) {
                continue;
            }
            // of "Updated on" nothing is left to be a tag or a word of the summary
            let said = paired && from > 0 && words::says_updated(before);
            let told = if said { from } else { spot.range.start }..spot.range.end;
            from = spot.range.end;
            let updated = words::says_updated(before)
                || self
                    .tree
                    .ancestors(piece.node)
                    .take(2)
                    .any(|a| is_updated_element(self.tree, a));
            let (text, precision) = self.written(line, &spot, timed);
            let date = DateSpot {
                own: piece.range == spot.range || timed.is_some(),
                strong: timed.is_some() || self.is_marked(piece.node),
                text: text.to_owned(),
                precision,
                updated,
                node: piece.node,
            };
            self.part.dates.push(date);
            taken.push(told);
        }
    }

    /// The dates that fill a piece of the line, where they touch what stands beside them, and those that fill an element which
    /// says that it holds one. Alone they may be spelled as they could not be in a line: "18.11.24" is a version there; and
    /// a `time` element may say less than its `datetime`.
    fn in_own_elements(&self, line: &Line) -> Vec<Spot> {
        let spot = |piece: &Piece| {
            let text = line.piece(piece);
            let around = self.tree.ancestors(piece.node).next()?;
            let is_time = self.tree.name(around) == "time";
            let marked = is_time
                || self
                    .tree
                    .attr(around, "class")
                    .is_some_and(hints::says_date);
            let whole = || {
                dates::all(text)
                    .into_iter()
                    .find(|spot| spot.range == (0..text.len()))
            };
            let precision = if marked {
                dates::precision(text)
            } else {
                whole().map(|spot| spot.precision)
            };
            let stated = || {
                let value = self.tree.attr(around, "datetime").filter(|_| is_time)?;
                dates::precision(value.trim())
            };
            let words = precision.filter(|is| *is >= Precision::Day);
            Some(Spot {
                range: piece.range.clone(),
                relative: words.is_none() || dates::day(text).is_none(),
                precision: words.or_else(stated).filter(|is| *is >= Precision::Day)?,
            })
        };
        if line.pieces.len() < 2 {
            return Vec::new();
        }
        line.pieces.iter().filter_map(spot).collect()
    }

    /// The words of a date, or the `datetime` of the element around it where that is more exact, and how exact they are.
    fn written<'l>(&self, line: &'l Line, spot: &Spot, timed: Option<usize>) -> (&'l str, Precision)
    where
        Self: 'l,
    {
        let words = &line.text[spot.range.clone()];
        let attribute = timed
            .and_then(|time| self.tree.attr(time, "datetime"))
            .map(str::trim)
            .and_then(|value| Some((value, dates::precision(value)?)));
        match attribute {
            // relative words change every day; the attribute does not
            Some((value, precision)) if spot.relative => (value, precision),
            None if spot.relative => self.titled(line, spot).unwrap_or((words, spot.precision)),
            // the same day: the attribute is more exact
            Some((value, Precision::Instant))
                if dates::day(value).is_some_and(|day| dates::may_be(words, day)) =>
            {
                (value, Precision::Instant)
            }
            _ => (words, spot.precision),
        }
    }

    /// The date in the `title` of an element around relative words, which shows while a pointer rests on them.
    fn titled(&self, line: &Line, spot: &Spot) -> Option<(&'a str, Precision)> {
        let piece = line
            .pieces
            .iter()
            .find(|piece| piece.range.end > spot.range.start)?;
        let mut titles = self
            .tree
            .ancestors(piece.node)
            .take(3)
            .filter_map(|a| self.tree.attr(a, "title"));
        titles.find_map(|title| {
            dates::day(title)?;
            Some((title.trim(), dates::precision(title)?))
        })
    }

    /// True if a class, or the link to the post itself, says that a date stands at `node`.
    fn is_marked(&self, node: usize) -> bool {
        self.tree.ancestors(node).take(3).any(|a| {
            self.links
                .at(a)
                .is_some_and(|link| link.target == self.item.target)
                || self.tree.attr(a, "class").is_some_and(hints::says_date)
        })
    }
}

/// True if the words between two dates of a line say that the later one is of a change, and nothing more.
fn has_update(line: &Line, spots: &[Spot]) -> bool {
    /// "last updated on" in the longer languages.
    const MAX_WORDS: usize = 6;
    spots.windows(2).any(|two| {
        line.text
            .get(two[0].range.end..two[1].range.start)
            .is_some_and(|words| words::says_updated(words) && words::weight(words) <= MAX_WORDS)
    })
}

/// True if a date is a fact of its line, and no part of a sentence: it stands alone, at an edge, or in few words.
fn stands_out(line: &Line, piece: &Piece, spot: &Spot, weight: usize) -> bool {
    let Range { start, end } = spot.range;
    let alone = piece.range == spot.range || words::weight(line.piece(piece)) <= 5 || {
        // spread over pieces that hold nothing else
        line.pieces.iter().any(|p| p.range.start == start)
            && line.pieces.iter().any(|p| p.range.end == end)
    };
    let at_edge = start <= 1 || end + 1 >= line.text.len();
    // "2024-05-01 · Words" and "May 1, 2024Words"; not "2024/5/1の…", which goes on
    let after = &line.text[end..];
    let leads = start <= 1
        && (after.starts_with(char::is_uppercase)
            || after
                .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ')' | ']'))
                .starts_with(['-', '–', '—', '·', '•', '|', ':', '●']));
    alone || leads || weight <= 14 && at_edge || weight <= FEW_WORDS
}

/// True for an element that marks a date of change.
pub(in crate::extract::page) fn is_updated_element(tree: &Tree<'_>, i: usize) -> bool {
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
