//! Stated read times ("6 min read", "约 5 分钟").

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A number of minutes beside a word that says that it is about reading: counts wherever it stands, even glued to what
/// follows ("23 min readContinue").
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    let minutes = r"(?:minutes?|mins?|m)\b\.?";
    let number = r"(?P<n>\d{1,3})(?:[.,]\d+)?(?:\s*[-–]\s*\d{1,3})?";
    let patterns = [
        // 6 min read · 6-minute read · 6 minutes to read · 6 min reading time · 6 mins of reading
        format!(
            r"(?:[~≈<]\s*|about\s+|approx\.?\s+|around\s+)?{number}\s*[-‑ ]?\s*(?:minutes?|mins?\.?|m)[- ]?\s*(?:to\s+|of\s+)?read(?:ing(?:\s+time)?|\s+time)?"
        ),
        // read time: 6 min · reading time 6 minutes · time to read: 6 min · read in 6 minutes
        format!(
            r"(?:read(?:ing)?[- ]time|time to read|estimated read(?:ing)?(?: time)?|read in)\s*[:：–-]?\s*(?:is\s+|of\s+|about\s+|approx\.?\s+|[~≈]\s*)*{number}\s*{minutes}"
        ),
        // Lesezeit: 4 Minuten · 4 Min. Lesezeit · 4 Minuten Lesezeit
        format!(
            r"(?:lesezeit|lesedauer)\s*[:：]?\s*(?:ca\.?|etwa|rund|[~≈])?\s*{number}\s*min(?:uten?|\.)?"
        ),
        format!(r"{number}\s*min(?:uten?|\.)?\s*(?:lesezeit|lesedauer|zu lesen)"),
        // 4 min de lecture · temps de lecture : 4 min · tiempo de lectura: 4 minutos · 4 min de lectura · leitura · lettura
        format!(
            r"{number}\s*(?:minut[eoi]s?|mins?\.?)\s*(?:de|di|da)\s*(?:lecture|lectura|leitura|lettura)"
        ),
        format!(
            r"(?:temps|durée|tiempo|tempo|durata)\s+(?:de|di)\s+(?:lecture|lectura|leitura|lettura)\s*(?:estimad[oa]|stimato|estimé)?\s*[:：]?\s*(?:[~≈]\s*)?{number}\s*(?:minut[eoi]s?|min\.?)"
        ),
        // 4 min leestijd · leestijd: 4 min · 4 min czytania · czas czytania: 4 min
        format!(
            r"(?:leestijd|czas czytania|lästid|læsetid|lesetid)\s*[:：]?\s*(?:ca\.?|około|[~≈])?\s*{number}\s*min(?:uten|uut|ut|uty)?"
        ),
        format!(
            r"{number}\s*min(?:uten|uut|ut|uty)?\s*(?:leestijd|czytania|lästid|læsetid|lesetid|läsning)"
        ),
        // 4 мин чтения · время чтения: 4 мин · 4 хв читання · час читання
        format!(
            r"(?:время чтения|час читання)\s*[:：]?\s*(?:[~≈]\s*)?{number}\s*(?:мин|хв)\p{{L}}*"
        ),
        format!(r"{number}\s*(?:мин|хв)\p{{L}}*\.?\s*(?:на\s+)?(?:чтени|читан)\p{{L}}*"),
        // 约 5 分钟 · 阅读时间 5 分钟 · 5 分钟阅读 · 読了 5 分 · 5分で読めます · 읽는 데 5분 · 5분 읽기
        format!(
            r"(?:阅读|閱讀|预计|預計|需要|大约|约|約|読了|読了時間|読む時間|읽는\s*데|읽는\s*시간|약)[^\d\n]{{0,8}}{number}\s*(?:分钟|分鐘|分|분)"
        ),
        format!(
            r"{number}\s*(?:分钟|分鐘|分|분)\s*(?:で読|の読|阅读|閱讀|读完|讀完|左右|읽기|소요)\p{{L}}{{0,4}}"
        ),
    ];
    Regex::new(&format!("(?i){}", any(&patterns))).expect("the patterns are constants")
});

/// "less than a minute", in a few spellings: one minute.
static UNDER_ONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:less than|under|<)\s*(?:a|one|1)\s*min(?:ute)?s?(?:\s*(?:to\s+)?read)?|不到\s*(?:1|一)\s*分钟")
        .expect("the pattern is a constant")
});

/// A number of minutes that does not say what for: a read time only where it stands alone, or ends what it stands in.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[\s·•●|,;(\]–—-])[~≈]?\s*(?P<n>\d{1,3})\s*(?:minutes?|mins?\.?|minuten|minut[oi]s?|мин\.?|хв\.?|分钟|分鐘|分|분|′|')\s*\)?$")
        .expect("the pattern is a constant")
});

/// The longest text in which a bare "14 min" at the end is taken for a read time: a label, not a sentence.
const LONGEST_LABEL: usize = 60;

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

/// Joins patterns that each name their number `n`; a name may stand once in an expression, so they are numbered.
fn any(patterns: &[String]) -> String {
    let numbered: Vec<String> = patterns
        .iter()
        .enumerate()
        .map(|(at, pattern)| pattern.replace("?P<n>", &format!("?P<n{at}>")))
        .collect();
    numbered.join("|")
}

/// The first stated read time in `text`: the bytes that spell it, and its minutes (1 to 600).
///
/// "6 min read", "Lesezeit: 4 Minuten", "约 5 分钟" count anywhere; "14 min" counts where it is all of the text, or the end
/// of a short one ("1,200 words · 6 min") that is no sentence. "In 5 minutes you will know" is no read time.
pub fn find(text: &str) -> Option<(Range<usize>, u32)> {
    if !text.bytes().any(|b| b.is_ascii_digit()) && !text.contains(['一', 'l', 'u', 'L', 'U']) {
        return None;
    }
    if let Some(found) = UNDER_ONE.find(text) {
        return Some((found.range(), 1));
    }
    if let Some(found) = SAID.captures(text) {
        let whole = found.get(0).expect("a match has a whole");
        let number = found
            .iter()
            .skip(1)
            .flatten()
            .next()
            .expect("every pattern has its number");
        // "in 2026 min read" is no read time of 026 minutes
        let cut = text[..number.start()].ends_with(|c: char| c.is_ascii_digit());
        if let (Some(minutes), false) = (minutes(number.as_str()), cut) {
            return Some((whole.range(), minutes));
        }
    }
    let label = text.trim_end();
    if label.len() > LONGEST_LABEL {
        return None;
    }
    let found = BARE.captures(label)?;
    let number = found.name("n").expect("the pattern has its number");
    let before = label[..number.start()].trim_end_matches(|c: char| !c.is_alphanumeric());
    let word = before
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    if PREPOSITIONS.contains(&word.to_lowercase().as_str()) {
        return None;
    }
    let start = label[..number.start()]
        .trim_end_matches([' ', '~', '≈'])
        .len();
    let start = start + label[start..number.start()].len()
        - label[start..number.start()].trim_start().len();
    Some((start..label.len(), minutes(number.as_str())?))
}

fn minutes(text: &str) -> Option<u32> {
    text.parse()
        .ok()
        .filter(|minutes| (1..=600).contains(minutes))
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
