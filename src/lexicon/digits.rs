//! The figures of other scripts ("٢٠٢٤", "۱۴۰۳", "२०२४", "２０２４") as ASCII, with the way back.

use std::borrow::Cow;
use std::ops::Range;

/// A text whose figures were written in ASCII.
pub(super) struct Western {
    /// The text.
    pub(super) text: String,
    /// Where each of its bytes stood, and its end.
    origins: Vec<usize>,
}

impl Western {
    /// Where what stands in `range` stood before.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        self.origins[range.start]..self.origins[range.end]
    }
}

/// `text` with all its figures in ASCII; `None` if they are already.
pub(super) fn western(text: &str) -> Option<Western> {
    if !holds_others(text) {
        return None;
    }
    let mut out = Western {
        text: String::with_capacity(text.len()),
        origins: Vec::with_capacity(text.len() + 1),
    };
    for (at, c) in text.char_indices() {
        out.text.push(ascii(c).unwrap_or(c));
        for step in 0..out.text.len() - out.origins.len() {
            out.origins.push(at + step);
        }
    }
    out.origins.push(text.len());
    Some(out)
}

/// [`western`], of which only the text is wanted.
pub(super) fn westernised(text: &str) -> Cow<'_, str> {
    if holds_others(text) {
        Cow::Owned(text.chars().map(|c| ascii(c).unwrap_or(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn holds_others(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| ascii(c).is_some())
}

/// A figure of the Arabic, Persian, Hindi, Bengali and Thai scripts, or a wide one, as ASCII.
fn ascii(c: char) -> Option<char> {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{9e6}'..='\u{9ef}' => 0x9e6,
        '\u{e50}'..='\u{e59}' => 0xe50,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return None,
    };
    char::from_digit(u32::from(c) - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_other_scripts_lead_back_to_where_they_stood() {
        let text = "نشر ١٨ نوفمبر ٢٠٢٤ هنا";
        let western = western(text).expect("it has such figures");
        let at = western.text.find("18").expect("as ASCII");
        let end = western.text.find("2024").expect("as ASCII") + 4;
        assert_eq!(&text[western.origin(&(at..end))], "١٨ نوفمبر ٢٠٢٤");
        assert_eq!(westernised("۱۴۰۳／２０２４"), "1403／2024");
        assert!(super::western("2024 ä").is_none());
    }
}
