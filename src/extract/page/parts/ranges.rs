//! Stretches of a text, some of them taken.

use std::borrow::Cow;
use std::ops::Range;

pub(super) fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// `text` without the taken ranges.
pub(super) fn remains<'t>(text: &'t str, taken: &[Range<usize>]) -> Cow<'t, str> {
    if taken.is_empty() {
        return Cow::Borrowed(text);
    }
    let rest = outside(&(0..text.len()), taken);
    let rest: Vec<&str> = rest.into_iter().map(|range| &text[range]).collect();
    Cow::Owned(rest.join(" "))
}

/// The parts of `whole` that no taken range (sorted) covers.
pub(super) fn outside(whole: &Range<usize>, taken: &[Range<usize>]) -> Vec<Range<usize>> {
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
