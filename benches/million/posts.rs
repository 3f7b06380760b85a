//! Posts as an archive of many years holds them, invented by numbers: the same for the same numbers, on every machine.

use std::fmt::Write as _;

use agg::dedupe::WINDOW_DAYS;
use agg::model::{Date, Entry, Field, Person, Precision, Print, Provenance, SourceId, Tier};
use chrono::{DateTime, TimeDelta, Utc};

use crate::words::{Dice, Script, word};

/// Days between two posts of a source.
const RHYTHM: i64 = 7;
/// One post of so many is a copy of another source's, with a sentence of its own.
const COPIED: usize = 50;
/// How many tags there are.
const TAGS: usize = 300;
/// How many words the language has; the word of a rank is so many times rarer than the first (Zipf's law).
const VOCABULARY: f64 = 8_000.0;
/// How many words a post is about, and how many of a hundred words are one of these.
const TOPIC: usize = 25;
const ON_TOPIC: usize = 30;

/// How far apart the days of two posts may be that are one, as the pipeline asks for them.
pub(crate) const REACH: u32 = WINDOW_DAYS + 31;

/// The name of the source with that number.
pub(crate) fn source(number: usize) -> SourceId {
    SourceId::new(&format!("s{number}")).expect("a letter and a number are a name")
}

/// When the post that came as number `rank` was written.
pub(crate) fn date(number: usize, rank: usize) -> DateTime<Utc> {
    let first = DateTime::UNIX_EPOCH + TimeDelta::days(16_000);
    let hours = i64::try_from(number * 37 % 168).unwrap_or_default();
    let days = RHYTHM * i64::try_from(rank).unwrap_or_default();
    first + TimeDelta::days(days) + TimeDelta::hours(hours)
}

/// The post that came as number `rank` of the source with that number.
pub(crate) fn post(number: usize, rank: usize) -> Entry {
    // only even sources are copied from, so that there is no copy of a copy
    let is_copy = number % 2 == 1 && (number + rank).is_multiple_of(COPIED / 2);
    let mut entry = written(if is_copy { number - 1 } else { number }, rank);
    let url = format!("https://blog{number}.example/{rank}/{}", slug(&entry.title));
    entry.guid = Some(url.clone());
    entry.key = Some(url.trim_start_matches("https://").to_owned());
    entry.url = url.parse().ok();
    if is_copy && let Some(content) = &mut entry.content {
        let _ = write!(content, "<p>This first stood on blog{number}.</p>");
    }
    entry.print = print(&entry);
    entry
}

/// What writes posts: dice, and what the post is about.
struct Pen {
    dice: Dice,
    script: Script,
    topic: Vec<usize>,
}

impl Pen {
    fn new(seed: usize, script: Script) -> Self {
        let mut dice = Dice::new(seed);
        let topic = (0..TOPIC).map(|_| any(&mut dice)).collect();
        Self {
            dice,
            script,
            topic,
        }
    }

    fn below(&mut self, end: usize) -> usize {
        self.dice.below(end)
    }

    /// So many words with a capital letter.
    fn phrase(&mut self, count: usize) -> String {
        let mut text = String::new();
        for at in 0..count {
            if at > 0 && self.script != Script::Chinese {
                text.push(' ');
            }
            let number = if self.below(100) < ON_TOPIC {
                self.topic[self.dice.below(TOPIC)]
            } else {
                any(&mut self.dice)
            };
            word(number, self.script, &mut text);
        }
        let mut letters = text.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    }
}

/// The number of a word, common ones more often.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few thousand"
)]
fn any(dice: &mut Dice) -> usize {
    let share = dice.below(1 << 20) as f64 / f64::from(1 << 20);
    VOCABULARY.powf(share) as usize - 1
}

fn written(number: usize, rank: usize) -> Entry {
    let script = Script::of_feed(number);
    let pen = &mut Pen::new(number * 100_003 + rank, script);
    let count = 4 + pen.below(6);
    let title = pen.phrase(count);
    let mut content = String::new();
    let length = 1_500 + pen.below(1_500);
    while content.len() < length {
        paragraph(pen, &mut content);
    }
    let teaser = pen.phrase(30);
    let at = date(number, rank);
    let tags = [pen.below(TAGS), pen.below(TAGS)].map(|tag| {
        let text = Pen::new(tag, Script::Latin).phrase(1);
        format!("{}{tag}", text.to_lowercase())
    });
    let fields = [Field::Url, Field::Title, Field::Published, Field::Summary];
    let mut provenance: Provenance = (fields.into_iter())
        .chain([Field::Content, Field::Tags, Field::Authors])
        .map(|field| (field, Tier::Feed))
        .collect();
    provenance.insert(Field::ReadMinutes, Tier::Derived);
    Entry {
        guid: None,
        url: None,
        key: None,
        also: Vec::new(),
        title,
        published: Some(Date {
            at,
            precision: Precision::Instant,
        }),
        updated: None,
        summary: Some(teaser),
        content: Some(content),
        tags: tags.to_vec(),
        read_minutes: Some(2),
        authors: vec![Person {
            name: Pen::new(number, Script::Latin).phrase(2),
            url: None,
        }],
        language: Some(script.language().to_owned()),
        image: None,
        enclosures: Vec::new(),
        comments: None,
        rights: None,
        provenance,
        position: 0,
        print: Print([0; 16]),
    }
}

/// What sanitising leaves of a paragraph, a heading, a list or a picture.
fn paragraph(pen: &mut Pen, html: &mut String) {
    let number = pen.below(100_000);
    match pen.below(12) {
        0 => {
            let heading = pen.phrase(4);
            let _ = writeln!(html, "<h2>{heading}</h2>");
        }
        1 => {
            let alt = pen.phrase(5);
            let _ = writeln!(
                html,
                "<figure><img src=\"https://img.example/uploads/{number}.jpg\" alt=\"{alt}\" width=\"1024\" height=\"683\"></figure>"
            );
        }
        2 => {
            let (one, two) = (pen.phrase(6), pen.phrase(5));
            let _ = writeln!(html, "<ul><li>{one}</li><li>{two}</li></ul>");
        }
        kind => {
            html.push_str("<p>");
            for _ in 0..2 + pen.below(4) {
                let count = 6 + pen.below(12);
                html.push_str(&pen.phrase(count));
                html.push_str(". ");
            }
            if kind < 5 {
                let one = pen.phrase(2);
                let _ = write!(
                    html,
                    "<a href=\"https://site{}.example/p/{number}\" rel=\"noopener\">{one}</a>",
                    number % 97
                );
            }
            html.push_str("</p>\n");
        }
    }
}

fn slug(title: &str) -> String {
    let slug: String = (title.chars())
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    slug.to_ascii_lowercase()
}

fn print(entry: &Entry) -> Print {
    let text = format!("{}\n{:?}", entry.title, entry.content);
    let mut print = [0; 16];
    print.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..16]);
    Print(print)
}

/// How many bytes of text the post has: all that its source says of it.
pub(crate) fn bytes(entry: &Entry) -> u64 {
    let texts = [&entry.guid, &entry.summary, &entry.content]
        .into_iter()
        .flatten()
        .chain([&entry.title])
        .chain(&entry.tags)
        .chain(entry.authors.iter().map(|author| &author.name));
    let url = entry.url.as_ref().map_or(0, |url| url.as_str().len());
    // a date as RSS writes it
    (texts.map(String::len).sum::<usize>() + url + 31) as u64
}
