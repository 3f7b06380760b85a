//! Dates that count back from when they were written: "3 days ago", "vor 2 Stunden", "3日前", "yesterday".

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use chrono::TimeDelta;

use crate::model::Precision;

use super::cursor::Cursor;
use super::names::{fold, folded};
use super::when::When;

/// A unit of time, with what its count is known to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    fn when(self, count: u32) -> Option<When> {
        let count = i64::from(count);
        let (span, precision) = match self {
            Self::Second => (TimeDelta::seconds(count), Precision::Instant),
            Self::Minute => (TimeDelta::minutes(count), Precision::Instant),
            Self::Hour => (TimeDelta::hours(count), Precision::Instant),
            Self::Day => (TimeDelta::days(count), Precision::Day),
            Self::Week => (TimeDelta::days(count * 7), Precision::Day),
            Self::Month => (TimeDelta::days(count * 30), Precision::Month),
            Self::Year => (TimeDelta::days(count * 365), Precision::Month),
        };
        // further back, nobody counts in "ago"
        (span <= TimeDelta::days(40 * 365)).then_some(When::Ago(span, precision))
    }
}

/// The words of each unit.
const UNITS: [(Unit, &str); 7] = [
    (
        Unit::Second,
        "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi seconden sekund \
         sekundę sekundy секунд секунду секунды sekundami saniye sekunder detik",
    ),
    (
        Unit::Minute,
        "m min mins minute minutes minuten minuto minutos minuti minuut minut minutę minuty минут минуту минуты мин хвилин \
         хвилину хвилини minutami minutou dakika minuter minutter minutt menit λεπτά",
    ),
    (
        Unit::Hour,
        "h hr hrs hour hours stunde stunden std heure heures hora horas ora ore uur uren godz godzin godzinę godziny час \
         часа часов годин годину години hodinami hodinou saat timme timmar time timer jam ώρες tund tundi sata sati hodín \
         valandas valandų stundas stundām",
    ),
    (
        Unit::Day,
        "d day days tag tage tagen jour jours j día días dia dias giorno giorni dag dagen dni dzień день дня дней дні днів \
         dny dnem gün dagar dage dager hari ημέρες päev päeva dan dana dňami dienas dienų dienām",
    ),
    (
        Unit::Week,
        "w wk wks week weeks woche wochen semaine semaines sem semana semanas settimana settimane weken tydzień tygodnie \
         tygodni неделю недели недель тиждень тижні тижнів týdny týdnem hafta vecka veckor uge uger uke uker minggu nädal \
         nädalat tjedan tjedna tjedana savaitę savaites nedēļas nedēļām",
    ),
    (
        Unit::Month,
        "mo mos month months monat monate monaten mois mes meses mês mese mesi maand maanden miesiąc miesiące miesięcy месяц \
         месяца месяцев місяць місяці місяців měsíci měsícem ay månad månader måned måneder bulan kuu kuud mjesec mjeseca \
         mjeseci mėnesį mėnesius mēnešiem",
    ),
    (
        Unit::Year,
        "y yr yrs year years jahr jahre jahren an ans année années año años ano anos anno anni jaar rok lata lat год года \
         лет рік роки років rokem lety yıl år tahun",
    ),
];

/// Units of Chinese, Japanese and Korean, the longer before those that they begin with.
const CJK_UNITS: [(Unit, &[&str]); 7] = [
    (Unit::Second, &["秒钟", "秒", "초"]),
    (Unit::Minute, &["分钟", "分鐘", "分", "분"]),
    (Unit::Hour, &["个小时", "小时", "小時", "時間", "시간"]),
    (Unit::Week, &["个星期", "星期", "週間", "周", "週", "주"]),
    (
        Unit::Month,
        &["个月", "個月", "か月", "ヶ月", "カ月", "ヵ月", "개월", "달"],
    ),
    (Unit::Day, &["天", "日", "일"]),
    (Unit::Year, &["年", "년"]),
];

/// Words for one.
const ONE: &str = "a an one ein eine einem einer einen un une una uno um uma um jednym jeden één een en ett et jedním \
    jednou bir";

/// Words behind a span.
const BEHIND: &str = "ago fa geleden temu назад тому önce sedan siden atrás sitten lalu tagasi";

/// Words before a span.
const BEFORE: [&str; 13] = [
    "il y a", "vor", "hace", "há", "før", "för", "acum", "před", "πριν", "prije", "pred", "prieš",
    "pirms",
];

/// A day by a word of its own. German "hier" would be French for yesterday: here it is French, for a whole text that is
/// one word says no place.
const DAYS: [(i64, &str); 2] = [
    (
        0,
        "today|heute|aujourd'hui|aujourd’hui|hoy|hoje|oggi|vandaag|dzisiaj|dziś|сегодня|сьогодні|dnes|bugün|idag|i \
         dag|今天|今日|오늘",
    ),
    (
        1,
        "yesterday|gestern|hier|ayer|ontem|ieri|gisteren|wczoraj|вчера|вчора|včera|dün|igår|i går|昨天|昨日|어제",
    ),
];

/// The present moment.
const NOW: &str = "just now|now|gerade eben|à l'instant|à l’instant|ahora|agora|adesso|zojuist|przed chwilą|только \
    что|刚刚|たった今|방금";

static ONE_FOLDED: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(ONE));

static BEHIND_FOLDED: LazyLock<HashSet<String>> = LazyLock::new(|| words_of(BEHIND));

fn words_of(list: &str) -> HashSet<String> {
    list.split_whitespace().map(fold).collect()
}

/// No day or moment has a longer name, in characters.
const LONGEST_NAME: usize = 16;

static NAMED: LazyLock<HashMap<&str, When>> = LazyLock::new(|| {
    let days = DAYS.iter().flat_map(|(days, words)| {
        let when = When::Ago(TimeDelta::days(*days), Precision::Day);
        words.split('|').map(move |word| (word, when))
    });
    let now = When::Ago(TimeDelta::zero(), Precision::Instant);
    days.chain(NOW.split('|').map(|word| (word, now))).collect()
});

static UNIT_OF: LazyLock<HashMap<String, Unit>> = LazyLock::new(|| {
    let pairs = UNITS
        .iter()
        .flat_map(|(unit, words)| words.split_whitespace().map(|w| (fold(w), *unit)));
    pairs.collect()
});

/// Reads the span before now at `cursor`.
pub(super) fn parse(cursor: Cursor<'_>) -> Option<(When, Cursor<'_>)> {
    let mut ahead = cursor;
    let led = before(&mut ahead);
    ahead.space();
    let count = count(&mut ahead)?;
    ahead.space();
    if let Some((unit, end)) = cjk(ahead) {
        return Some((unit.when(count)?, end));
    }
    let unit = folded(ahead.word()?, |word| UNIT_OF.get(word).copied())?;
    ahead.eat('.');
    if !led {
        ahead.space();
        // Indonesian: yang lalu
        ahead.eat_str(&["yang "]);
        folded(ahead.word()?, |word| BEHIND_FOLDED.contains(word)).then_some(())?;
    }
    Some((unit.when(count)?, ahead))
}

/// The span before now whose number begins at byte `at` of `text`, with the words before it ("vor 2 Stunden").
#[must_use]
pub fn ago(text: &str, at: usize) -> Option<Range<usize>> {
    let start = leads(text.get(..at)?).unwrap_or(at);
    let (_, end) = parse(Cursor::new(text, start))?;
    Some(start..end.at())
}

/// The day or moment that `text` names in one word.
pub(super) fn word(text: &str) -> Option<When> {
    // most texts that are asked about are longer than any such word
    if text.chars().nth(LONGEST_NAME).is_some() {
        return None;
    }
    NAMED.get(text.to_lowercase().as_str()).copied()
}

/// True if the words that may stand before a span end `text`; then where they begin.
pub(super) fn leads(text: &str) -> Option<usize> {
    let text = text.trim_end();
    BEFORE.iter().find_map(|lead| {
        let at = text.len().checked_sub(lead.len())?;
        let tail = text.get(at..)?;
        let free = !text[..at].ends_with(char::is_alphanumeric);
        (free && is_lead(tail, lead)).then_some(at)
    })
}

/// True if `text` is `lead`, in any case.
fn is_lead(text: &str, lead: &str) -> bool {
    let first = |text: &str| text.bytes().next().map(|b| b.to_ascii_lowercase());
    let may_be = first(text).is_some_and(|b| !b.is_ascii() || first(lead) == Some(b));
    may_be && text.chars().flat_map(char::to_lowercase).eq(lead.chars())
}

fn before(cursor: &mut Cursor<'_>) -> bool {
    for lead in BEFORE {
        let taken = cursor
            .rest()
            .get(..lead.len())
            .is_some_and(|head| is_lead(head, lead));
        let mut ahead = Cursor::new_at(*cursor, lead.len() * usize::from(taken));
        if taken && ahead.space() {
            *cursor = ahead;
            return true;
        }
    }
    false
}

fn count(cursor: &mut Cursor<'_>) -> Option<u32> {
    if let Some(number) = cursor.number() {
        return (number.digits <= 3).then_some(number.value);
    }
    folded(cursor.word()?, |word| ONE_FOLDED.contains(word)).then_some(1)
}

fn cjk(cursor: Cursor<'_>) -> Option<(Unit, Cursor<'_>)> {
    CJK_UNITS.iter().find_map(|(unit, words)| {
        let mut ahead = cursor;
        ahead.eat_str(words).then_some(())?;
        ahead.space();
        ahead
            .eat_str(&["之前", "以前", "前", "전"])
            .then_some((*unit, ahead))
    })
}
