//! The prose of a line, without what else stands in it.

use std::ops::Range;

use super::super::lines::Line;
use super::super::words;
use super::reader::LineReader;

impl LineReader<'_, '_> {
    /// The prose of a line: without dates, read time and invitations at its ends.
    pub(super) fn prose(&mut self, line: &Line, taken: &[Range<usize>]) -> Option<String> {
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
                    if (words::is_call(piece_text) || words::is_invitation(piece_text))
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
