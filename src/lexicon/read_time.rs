//! Stated read times ("6 min read", "约 5 分钟").
//!
//! A number of minutes, told by the words around it: written out as lists, since an expression for so many languages takes
//! longer to build than a page takes to read.

use std::ops::Range;

use super::digits;

/// Minutes, as they stand behind a number; the longer of two that begin alike comes first.
const UNITS: [&str; 52] = [
    "minutes",
    "minuten",
    "minuters",
    "minuter",
    "minutter",
    "minutters",
    "minutos",
    "minuto",
    "minuty",
    "minuti",
    "minute",
    "minuuttia",
    "minuutin",
    "minuutti",
    "minut",
    "mins.",
    "mins",
    "min.",
    "min",
    "минуты",
    "минути",
    "минуту",
    "минута",
    "минут",
    "мин.",
    "мин",
    "хвилини",
    "хвилину",
    "хвилина",
    "хвилин",
    "хв.",
    "хв",
    "dakikalık",
    "dakika",
    "dk.",
    "dk",
    "λεπτών",
    "λεπτά",
    "λεπτό",
    "perces",
    "perc",
    "phút",
    "menit",
    "دقائق",
    "دقيقة",
    "دقيقه",
    "דקות",
    "דקה",
    "मिनट",
    "นาที",
    "分钟",
    "分鐘",
];
/// Minutes in one letter, which mean them only beside a word for reading, or alone.
const SHORT_UNITS: [&str; 3] = ["分", "분", "m"];
/// Words for reading behind the minutes.
const BEHIND: [&str; 80] = [
    "reading time",
    "reading",
    "read time",
    "read",
    "to read",
    "of reading",
    "lesezeit",
    "lesedauer",
    "zu lesen",
    "de lecture",
    "de lectura",
    "de leitura",
    "di lettura",
    "da leitura",
    "para leer",
    "para ler",
    "leestijd",
    "leeswerk",
    "leestid",
    "czytania",
    "lektury",
    "čtení",
    "čítania",
    "lästid",
    "læsetid",
    "lesetid",
    "läsning",
    "läsningstid",
    "læsning",
    "lesning",
    "lukuaika",
    "lukemista",
    "okuma süresi",
    "okuma",
    "okunur",
    "ανάγνωσης",
    "ανάγνωση",
    "διάβασμα",
    "на чтение",
    "чтения",
    "на читання",
    "читання",
    "за четене",
    "четене",
    "за читање",
    "читање",
    "olvasás",
    "lugemist",
    "lugemiseks",
    "skaitymo",
    "lasīšanai",
    "branja",
    "čitanja",
    "lestur",
    "olvasási idő",
    "de citit",
    "citire",
    "đọc",
    "để đọc",
    "baca",
    "membaca",
    "للقراءة",
    "قراءة",
    "קריאה",
    "में पढ़ें",
    "पढ़ने का समय",
    "पढ़ने में",
    "पठन",
    "อ่าน",
    "ในการอ่าน",
    "で読めます",
    "で読",
    "の読",
    "阅读",
    "閱讀",
    "读完",
    "讀完",
    "左右",
    "읽기",
    "소요",
];
/// Words for reading before the number, and what may stand between the two.
const BEFORE: [&str; 53] = [
    "reading time",
    "read time",
    "reading-time",
    "read-time",
    "time to read",
    "lesezeit",
    "lesedauer",
    "temps de lecture",
    "durée de lecture",
    "tiempo de lectura",
    "tempo de leitura",
    "tempo di lettura",
    "leestijd",
    "czas czytania",
    "doba čtení",
    "čas čtení",
    "čas na přečtení",
    "lästid",
    "læsetid",
    "lesetid",
    "lukuaika",
    "okuma süresi",
    "χρόνος ανάγνωσης",
    "время чтения",
    "час читання",
    "време за четене",
    "време за читање",
    "olvasási idő",
    "timp de citire",
    "thời gian đọc",
    "waktu baca",
    "وقت القراءة",
    "مدة القراءة",
    "זמן קריאה",
    "पढ़ने का समय",
    "เวลาอ่าน",
    "ใช้เวลาอ่าน",
    "อ่าน",
    "阅读时长",
    "阅读时间",
    "閱讀時間",
    "阅读",
    "閱讀",
    "预计",
    "預計",
    "大约",
    "约",
    "約",
    "読了時間",
    "読了目安",
    "読了",
    "읽는 시간",
    "읽는 데",
];
const FILLERS: [&str; 14] = [
    "about",
    "is",
    "of",
    "approx.",
    "approx",
    "ca.",
    "ca",
    "etwa",
    "rund",
    "około",
    "estimated",
    "around",
    "estimado",
    "약",
];
/// "Less than a minute", in a few spellings: one minute.
const UNDER_ONE: [&str; 8] = [
    "less than a minute",
    "less than 1 minute",
    "less than one minute",
    "less than 1 min",
    "under a minute",
    "< 1 min",
    "<1 min",
    "不到1分钟",
];
/// Words before which a number of minutes is part of a sentence ("Learn it in 30 min").
const PREPOSITIONS: [&str; 24] = [
    "in",
    "within",
    "under",
    "for",
    "after",
    "every",
    "than",
    "to",
    "of",
    "the",
    "en",
    "dans",
    "pendant",
    "em",
    "per",
    "nach",
    "für",
    "unter",
    "binnen",
    "za",
    "через",
    "за",
    "tra",
    "fra",
];
/// The longest text in which a bare "14 min" at the end is taken for a read time: a label, not a sentence.
const LONGEST_LABEL: usize = 60;
/// Nobody's post takes longer: ten hours.
const LONGEST_READ: u32 = 600;

/// The first stated read time in `text`: the bytes that spell it, and its minutes (1 to 600).
///
/// "6 min read", "Lesezeit: 4 Minuten", "约 5 分钟" count anywhere, even glued to what follows ("23 min readContinue"); "14
/// min" counts where it is all of the text, or the end of a short one ("1,200 words · 6 min") that is no sentence. "In 5
/// minutes you will know" is no read time.
pub fn find(text: &str) -> Option<(Range<usize>, u32)> {
    let Some(western) = digits::western(text) else {
        return find_ascii(text);
    };
    let (range, minutes) = find_ascii(&western.text)?;
    Some((western.origin(&range), minutes))
}

/// [`find`], in a text whose figures are ASCII.
fn find_ascii(text: &str) -> Option<(Range<usize>, u32)> {
    if let Some(found) = under_one(text) {
        return Some((found, 1));
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(digits) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + digits;
        let length = bytes[start..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        at = start + length;
        if length > 3 || goes_on(&text[..start]) {
            continue;
        }
        let minutes = text[start..at]
            .parse()
            .ok()
            .filter(|n| (1..=LONGEST_READ).contains(n));
        if let Some(minutes) = minutes
            && let Some(range) = around(text, start..at)
        {
            return Some((range, minutes));
        }
    }
    None
}

/// The whole of a read time whose number stands at `number`, if it is one.
fn around(text: &str, number: Range<usize>) -> Option<Range<usize>> {
    let (unit_end, short) = unit(text, past_range(text, number.end))?;
    let start = before(&text[..number.start]);
    // letters behind the unit make another word of it: "5 mintues", "10 million", "3 months"
    let glued = text[unit_end..].starts_with(|c: char| c.is_alphabetic() && c.is_ascii());
    if let Some(end) = behind(text, unit_end) {
        return Some(approximately(text, start.unwrap_or(number.start))..end);
    }
    if let (Some(start), false) = (start, glued) {
        return Some(start..unit_end);
    }
    let label = text.trim_end();
    let rest = label.get(unit_end..).unwrap_or_default();
    let alone = label[..number.start].trim().is_empty();
    let bare = label.len() <= LONGEST_LABEL && matches!(rest, "" | ")") && (!short || alone);
    (bare && is_label(&label[..number.start]))
        .then(|| approximately(text, number.start)..label.len())
}

/// The end of the unit that stands at byte `at`, blanks and a hyphen passed over, and whether it is a short one.
fn unit(text: &str, at: usize) -> Option<(usize, bool)> {
    let rest = &text[at..];
    let unit = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}', '-', '‑']);
    let at = at + rest.len() - unit.len();
    let taken = |words: &[&str]| words.iter().find_map(|word| begins(unit, word));
    taken(&UNITS)
        .map(|length| (at + length, false))
        .or_else(|| taken(&SHORT_UNITS).map(|length| (at + length, true)))
}

/// Past "-7" in "5-7 min".
fn past_range(text: &str, at: usize) -> usize {
    let rest = text[at..].trim_start_matches(' ');
    let Some(rest) = rest.strip_prefix(['-', '–']) else {
        return at;
    };
    let rest = rest.trim_start_matches(' ');
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        at
    } else {
        text.len() - rest.len() + digits
    }
}

/// The end of the word for reading behind the unit that ends at byte `at`.
fn behind(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let word = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}', '-', '‑', '.']);
    let length = BEHIND.iter().find_map(|said| begins(word, said))?;
    Some(text.len() - word.len() + length)
}

/// Where the word for reading begins that ends `text`, colons and fillers passed over.
fn before(text: &str) -> Option<usize> {
    let blank =
        |c: char| c.is_whitespace() || matches!(c, ':' | '：' | '~' | '≈' | '-' | '–' | '—');
    let mut rest = text.trim_end_matches(blank);
    while let Some(at) = FILLERS.iter().find_map(|filler| ends(rest, filler)) {
        // a Chinese or Korean filler is itself the word for it
        if rest[at..].starts_with('약') {
            return Some(at);
        }
        rest = rest[..at].trim_end_matches(blank);
    }
    BEFORE.iter().find_map(|said| ends(rest, said))
}

/// Where "~" begins that stands before the number at byte `at`.
fn approximately(text: &str, at: usize) -> usize {
    let before = text[..at].trim_end_matches(' ');
    match before.strip_suffix(['~', '≈', '<']) {
        Some(rest) => rest.len(),
        None => at,
    }
}

/// True if what stands before a bare number of minutes leaves it a label of its own: nothing, a separator, or words that
/// do not lead into it.
fn is_label(text: &str) -> bool {
    let apart = text.is_empty()
        || text.ends_with(|c: char| c.is_whitespace() || "·•●|,;(]–—-~≈<".contains(c));
    let word = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let word = word
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    apart && !PREPOSITIONS.contains(&word.to_lowercase().as_str())
}

/// True if a number behind `text` goes on one that is there: "1.5", "1,200".
fn goes_on(text: &str) -> bool {
    let mut last = text.chars().rev();
    matches!(last.next(), Some('.' | ',')) && last.next().is_some_and(|c| c.is_ascii_digit())
}

fn under_one(text: &str) -> Option<Range<usize>> {
    let mut starts = text
        .char_indices()
        .filter(|(_, c)| matches!(c, 'l' | 'L' | 'u' | 'U' | '<' | '不'));
    let (start, length) = starts.find_map(|(at, _)| {
        let length = UNDER_ONE
            .iter()
            .find_map(|said| begins(&text[at..], said))?;
        Some((at, length))
    })?;
    let end = start + length;
    Some(start..behind(text, end).unwrap_or(end))
}

/// How many bytes of `text` spell `word` (lower-case) at its beginning, whatever their case.
fn begins(text: &str, word: &str) -> Option<usize> {
    let mut characters = text.char_indices();
    for wanted in word.chars() {
        let (_, c) = characters.next()?;
        if c != wanted && !c.to_lowercase().eq([wanted]) {
            return None;
        }
    }
    Some(characters.offset())
}

/// Where `word` (lower-case) begins that ends `text`, whatever its case, if no letter of its alphabet stands before it.
fn ends(text: &str, word: &str) -> Option<usize> {
    let mut characters = text.char_indices().rev();
    let mut start = text.len();
    for wanted in word.chars().rev() {
        let (at, c) = characters.next()?;
        if c != wanted && !c.to_lowercase().eq([wanted]) {
            return None;
        }
        start = at;
    }
    let spaced = word.starts_with(|c: char| c < '\u{2e80}');
    let free = !spaced || !text[..start].ends_with(char::is_alphabetic);
    free.then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_times_are_found_in_many_languages() {
        for (text, means) in [
            ("6 min read", 6),
            ("10 minute read", 10),
            ("5-minute read", 5),
            ("~5 min read", 5),
            ("Reading time: 12 minutes", 12),
            ("7 minutes to read", 7),
            ("14 min", 14),
            ("1,200 words · 6 min", 6),
            ("Lesezeit: 4 Minuten", 4),
            ("4 Min. Lesezeit", 4),
            ("4 min de lecture", 4),
            ("Temps de lecture : 4 min", 4),
            ("tiempo de lectura: 4 minutos", 4),
            ("4 min di lettura", 4),
            ("leestijd: 4 minuten", 4),
            ("4 мин чтения", 4),
            ("约 5 分钟", 5),
            ("5分で読めます", 5),
            ("読了 5 分", 5),
            ("5분", 5),
            ("less than a minute", 1),
            ("< 1 min read", 1),
            ("July 17th, 2019●2 min read", 2),
            ("3 min čtení", 3),
            ("5 minuters läsning", 5),
            ("Lukuaika 3 min", 3),
            ("4 dakikalık okuma", 4),
            ("6 λεπτά ανάγνωση", 6),
            ("5 мин. четене", 5),
            ("7 мин читање", 7),
            ("8 دقائق قراءة", 8),
            ("3 דקות קריאה", 3),
            ("4 मिनट में पढ़ें", 4),
            ("อ่าน 7 นาที", 7),
            ("9 phút đọc", 9),
            ("阅读时长 ≈ 8 分钟", 8),
        ] {
            assert_eq!(
                find(text).map(|(_, minutes)| minutes),
                Some(means),
                "{text}"
            );
        }
    }

    #[test]
    fn a_read_time_glued_to_other_words_is_found_exactly() {
        let text = "dividing by the total. Subtracting prevents 23 min readContinue";
        let (range, minutes) = find(text).unwrap();
        assert_eq!((&text[range], minutes), ("23 min read", 23));
        let text = "before exponentiating prevents 23 min";
        let (range, minutes) = find(text).unwrap();
        assert_eq!((&text[range], minutes), ("23 min", 23));
    }

    #[test]
    fn minutes_in_prose_are_no_read_time() {
        for text in [
            "In 5 minutes you will know",
            "Learn Rust in 30 min",
            "Postgres en 10 minutes",
            "Deploy in 5 minutes with one command, and read on",
            "The meeting took 90 minutes.",
            "How we cut our build, which had taken everybody on the team far too long, to 5 minutes",
            "2026",
            "min read",
            "0 min read",
            "",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_what_is_found_lies_within(text in "\\PC{0,40}|[0-9 ~<a minread分]{0,30}") {
            if let Some((range, _)) = find(&text) {
                proptest::prop_assert!(text.get(range).is_some());
            }
        }
    }
}
