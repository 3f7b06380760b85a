//! A line of facts ("Posted by Ada at 9:15 | 3 comments") → the facts, and which of them are known by their words alone.

use std::ops::Range;

use super::dates;
use super::read_times;
use super::words;

/// What stands between bars and dots, and between slashes with a blank beside them ("CI/CD" is one).
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut last = ' ';
    let mut rest = text.chars();
    rest.next();
    text.split(move |c: char| {
        let next = rest.next().unwrap_or(' ');
        let parts = matches!(c, '|' | '·' | '•' | '●')
            || c == '/' && (last.is_whitespace() || next.is_whitespace());
        last = c;
        parts
    })
}

/// True if `text` is a row of several facts, all known by their words, with dates and read times among them or not:
/// "Posted by Ada at 9:15 | Permalink | 3 comments".
pub(super) fn is_row(text: &str) -> bool {
    /// A longer line says more than facts.
    const LONGEST_CHARS: usize = 160;
    if text.chars().count() > LONGEST_CHARS {
        return false;
    }
    let mut taken: Vec<Range<usize>> = dates::all(text)
        .into_iter()
        .map(|spot| spot.range)
        .collect();
    taken.extend(read_times::find(text));
    taken.sort_by_key(|range| range.start);
    let mut rest = text.to_owned();
    for range in taken.iter().rev() {
        if rest.is_char_boundary(range.start)
            && range.end <= rest.len()
            && rest.is_char_boundary(range.end)
        {
            rest.replace_range(range.clone(), " · ");
        }
    }
    let mut count = taken.len();
    let mut sure = false;
    let mut known = |fact: &str| {
        let told = is_told(fact);
        count += usize::from(told && !fact.is_empty());
        sure |= told && !fact.is_empty();
        told || words::is_label(fact) || words::are_labels(fact)
    };
    let of_known = split(&rest).all(|fact| known(fact.trim())) && sure && count >= 2;
    of_known || !taken.is_empty() && is_short_row(text)
}

/// True for three or more texts of few words between bars and dots.
fn is_short_row(text: &str) -> bool {
    const FEWEST: usize = 3;
    const WORDS: usize = 5;
    let short = |fact: &str| {
        words::weight(fact) <= WORDS && !fact.trim_end().ends_with(['.', '!', '?', '。'])
    };
    split(text).count() >= FEWEST && split(text).all(short)
}

/// True for a name after "by", a clock time, a count, a link's call.
pub(super) fn is_told(text: &str) -> bool {
    words::by_line(text).is_some() || words::is_call(text) || is_clock(text)
}

/// True for "09:15", "3:18 PM".
pub(super) fn is_clock(text: &str) -> bool {
    !text.is_empty() && without_clock(text).is_empty()
}

/// `text` without the clock time at its end.
pub(super) fn without_clock(text: &str) -> &str {
    let bare = text.trim_end();
    let lower = bare.to_ascii_lowercase();
    let half = ["am", "pm", "a.m.", "p.m."]
        .iter()
        .find_map(|half| lower.strip_suffix(half))
        .map_or(bare.len(), |head| head.trim_end().len());
    let digits = |text: &str| text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let head = &bare[..half];
    let minutes = digits(head);
    let Some(head) = head[..half - minutes].strip_suffix(':') else {
        return text;
    };
    let hours = digits(head);
    if minutes == 2 && (1..=2).contains(&hours) {
        head[..head.len() - hours].trim_end()
    } else {
        text
    }
}

/// Signs and names of money, lower-case.
const MONEY: &[&str] = &[
    "€", "$", "£", "¥", "₹", "₩", "₽", "₴", "₺", "₫", "₪", "฿", "₱", "₦", "₸", "₾", "usd", "eur",
    "gbp", "chf", "jpy", "aud", "cad", "sek", "nok", "dkk", "pln", "czk", "huf", "ron", "kr", "zł",
    "kč", "lei", "ft", "rs", "rp", "rm", "tl", "r$", "руб", "грн", "лв", "円", "元", "원",
];

/// True if `text` is a price and nothing else: "€14.00", "1 290 Kč", "CHF 39.–".
pub(super) fn is_price(text: &str) -> bool {
    /// No price is longer.
    const LONGEST: usize = 24;
    let text = text.trim();
    if text.len() > LONGEST || !text.contains(char::is_numeric) {
        return false;
    }
    let is_figure = |c: char| {
        c.is_numeric() || c.is_whitespace() || matches!(c, '.' | ',' | '\'' | '’' | '-' | '–')
    };
    let unit: String = text
        .chars()
        .filter(|c| !is_figure(*c))
        .flat_map(char::to_lowercase)
        .collect();
    // what is no figure stands together, on one side
    let parts = text.split(is_figure).filter(|part| !part.is_empty());
    MONEY.contains(&unit.as_str()) && parts.count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_told_from_other_figures_and_from_words() {
        for text in [
            "€14.00",
            "14,00 €",
            "1 290 Kč",
            "CHF 39.–",
            "$5",
            "3.200 円",
            "499 zł",
        ] {
            assert!(is_price(text), "{text}");
        }
        for text in [
            "2024",
            "$",
            "5 posts",
            "€14 a month",
            "3 March",
            "R2",
            "kr.",
            "1 € 2 €",
            "",
        ] {
            assert!(!is_price(text), "{text}");
        }
    }

    #[test]
    fn a_row_of_facts_says_nothing_else() {
        for text in [
            "Posted by Ada Quill at 03:18 PM | Permalink | Comments (0) | TrackBack (0)",
            "March 5, 2024 · 3 comments",
            "09:15 | 2 Kommentare",
            "March 5, 2024 | filed in Sea | looked at 30",
        ] {
            assert!(is_row(text), "{text}");
        }
        for text in [
            "Small rooms",
            "Permalink",
            "CI/CD by the sea",
            "Rooms | Doors",
            "March 5, 2024",
        ] {
            assert!(!is_row(text), "{text}");
        }
    }

    #[test]
    fn a_slash_without_blanks_parts_no_facts() {
        assert_eq!(
            split("CI/CD / tools|notes")
                .map(str::trim)
                .collect::<Vec<_>>(),
            ["CI/CD", "tools", "notes"]
        );
    }

    #[test]
    fn a_clock_is_told_from_other_figures() {
        for text in ["9:15", "03:18 PM", "23:59", "3:18 p.m."] {
            assert!(is_clock(text), "{text}");
        }
        for text in ["2024", "9:155", "at", "", "3:1"] {
            assert!(!is_clock(text), "{text}");
        }
    }
}
