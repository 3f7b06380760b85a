//! The prose of a line, without what else stands in it.

use std::ops::Range;

use super::super::lines::{Line, Piece};
use super::super::words;
use super::ranges::overlaps;
use super::reader::LineReader;

impl LineReader<'_, '_> {
    /// Where the facts begin that stand behind the last sentence of a line, each in an element that says what it holds or known by
    /// its words: "… the coffee was bad.<a>Sea</a><span>5 March 2024</span>". They are taken.
    fn facts_behind(&mut self, line: &Line, taken: &[Range<usize>]) -> usize {
        let text = line.text.as_str();
        let fact = |piece: &Piece| {
            let words = line.piece(piece);
            let around = self.around(piece.node);
            taken.iter().any(|range| overlaps(range, &piece.range))
                || !words.contains(char::is_alphanumeric)
                || words::is_counter(words)
                || around.hint.is_some() && around.own
                || around.link.and_then(|link| self.collection(link)).is_some()
        };
        let ended = |at: usize| {
            let before = text[..at].trim_end();
            before.ends_with(['.', '…', '!', '?', '。', '！', '？', '।', '»', '”', '"'])
        };
        let facts = line
            .pieces
            .iter()
            .rev()
            .take_while(|piece| fact(piece))
            .count();
        let first = (line.pieces.len() - facts..line.pieces.len())
            .find(|&at| at > 0 && ended(line.pieces[at].range.start));
        let Some(first) = first else {
            return text.len();
        };
        for piece in &line.pieces[first..] {
            if taken.iter().all(|range| !overlaps(range, &piece.range)) {
                let around = self.around(piece.node);
                self.token(line.piece(piece), around);
            }
        }
        line.pieces[first].range.start
    }

    /// True if `link` leads to the post in a few words behind a sentence that has ended: whatever its language, a call.
    fn closes(&self, link: usize, before: &str, words: &str) -> bool {
        /// Longer words say something.
        const WEIGHT: usize = 4;
        let to_post = self
            .links
            .at(link)
            .is_some_and(|link| link.target == self.item.target);
        let before = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '[' | '('));
        let ended =
            |text: &str| text.ends_with(['.', '…', '!', '?', '。', '।', '»', '”', '"', ')']);
        to_post
            && words::weight(words) <= WEIGHT
            && ended(before)
            && !words.trim_end().ends_with(['.', '。'])
    }

    /// The prose of a line: without dates, read time and invitations at its ends.
    pub(super) fn prose(&mut self, line: &Line, taken: &[Range<usize>]) -> Option<String> {
        let text = line.text.as_str();
        let mut start = 0;
        let mut end = self.facts_behind(line, taken);
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
                    let calls = words::is_call(piece_text) || words::is_invitation(piece_text);
                    if calls
                        && (around.link.is_some()
                            || piece_text.chars().all(|c| !c.is_alphanumeric())
                                && piece_text.trim() == "-")
                        || around.link.is_some_and(|link| {
                            self.closes(link, &text[..piece.range.start], piece_text)
                        })
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
            c.is_whitespace()
                || matches!(
                    c,
                    '-' | '–' | '—' | '·' | '•' | '|' | ':' | ',' | '●' | ')' | ']'
                )
        });
        let prose = prose
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '·' | '•' | '|' | '●'))
            .trim();
        (words::weight(prose) >= 3).then(|| prose.to_owned())
    }
}
