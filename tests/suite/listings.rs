//! Index pages as blogs really build them, read without any rules and measured against what a careful person takes.
//!
//! Each folder of `fixtures/pages` holds a `page.html` and a `gold.json`: the page's address and its posts in order, each
//! with what the page shows of it (none: the page lists no posts). A new folder is a new test. A page counts once, however
//! many posts it lists; what is missed is told by the folder's name.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use serde_json::Value;

use crate::program::Agg;

/// What each figure has to reach over all pages.
const FLOORS: [(&str, f64); 9] = [
    ("posts found (F1)", 0.97),
    ("pages without a list", 1.0),
    ("order", 0.97),
    ("title", 0.985),
    ("date", 0.97),
    ("no invented date", 0.97),
    ("summary", 0.92),
    ("tags", 0.90),
    ("read minutes", 1.0),
];

/// So many pages are read at a time.
const THREADS: usize = 4;
/// An excerpt is compared by so many of its first words,
const SUMMARY_WORDS: usize = 40;
/// and is the same if they share this much.
const SUMMARY_LIKENESS: f64 = 0.8;

/// The marks of one page, per figure, and what was missed.
#[derive(Default)]
struct Marks {
    marks: BTreeMap<&'static str, Vec<f64>>,
    misses: Vec<String>,
}

impl Marks {
    fn give(&mut self, figure: &'static str, mark: f64, miss: impl FnOnce() -> String) {
        self.marks.entry(figure).or_default().push(mark);
        if mark < 1.0 {
            self.misses.push(format!("{figure}: {}", miss()));
        }
    }
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    folders
}

fn read(folder: &Path) -> (Value, Vec<Value>) {
    let gold = fs::read_to_string(folder.join("gold.json")).unwrap();
    let gold: Value = serde_json::from_str(&gold).unwrap();
    let page = folder.join("page.html");
    let run = Agg::new()
        .args([
            "preview",
            page.to_str().unwrap(),
            "--base-url",
            gold["page_url"].as_str().unwrap(),
            "--format",
            "json",
        ])
        .run();
    // a page without a list is refused, with a reason
    let found = serde_json::from_str::<Value>(&run.stdout)
        .ok()
        .and_then(|found| found["entries"].as_array().cloned());
    (gold, found.unwrap_or_default())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a page's posts stay far below 2^52"
)]
fn judge(gold: &Value, found: &[Value]) -> Marks {
    let mut marks = Marks::default();
    let wanted = gold["items"].as_array().unwrap();
    let url = |entry: &Value| {
        entry["url"]
            .as_str()
            .unwrap_or("")
            .trim_end_matches('/')
            .to_owned()
    };
    let have: Vec<String> = found.iter().map(url).collect();
    let want: Vec<String> = wanted.iter().map(url).collect();
    if want.is_empty() {
        let clean = f64::from(u8::from(have.is_empty()));
        marks.give("pages without a list", clean, || have.join(" "));
        marks.give("posts found (F1)", clean, || {
            "takes a page without posts for a list".into()
        });
        return marks;
    }
    let hits = have.iter().filter(|url| want.contains(url)).count();
    let f1 = 2.0 * hits as f64 / (have.len() + want.len()) as f64;
    marks.give("posts found (F1)", f1, || {
        let missing: Vec<&String> = want.iter().filter(|url| !have.contains(url)).collect();
        let extra: Vec<&String> = have.iter().filter(|url| !want.contains(url)).collect();
        format!("missing {missing:?}, too many {extra:?}")
    });
    if f1 >= 1.0 {
        let ordered = f64::from(u8::from(have == want));
        marks.give("order", ordered, || format!("{have:?}"));
    }
    for (entry, address) in found.iter().zip(&have) {
        if let Some(at) = want.iter().position(|url| url == address) {
            fields(&mut marks, &wanted[at], entry);
        }
    }
    marks
}

/// Marks the fields of one post.
fn fields(marks: &mut Marks, want: &Value, have: &Value) {
    let told = |field: &str| format!("{} where the page shows {}", have[field], want[field]);
    let mark = |is: bool| f64::from(u8::from(is));
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let same = folded(&text(&want["title"])) == folded(&text(&have["title"]));
    marks.give("title", mark(same), || told("title"));
    let published = text(&have["published"]);
    match want["date"].as_str() {
        Some(date) => {
            let same = published.starts_with(date);
            marks.give("date", mark(same), || format!("{published:?}, not {date}"));
        }
        None => marks.give("no invented date", mark(published.is_empty()), || published),
    }
    let summary = text(&want["summary"]);
    if !summary.is_empty() {
        let alike = likeness(&summary, &text(&have["summary"])) >= SUMMARY_LIKENESS;
        marks.give("summary", mark(alike), || told("summary"));
    }
    let tags = |value: &Value| -> BTreeSet<String> {
        let tags = value["tags"].as_array().unwrap();
        tags.iter()
            .map(|tag| folded(tag.as_str().unwrap()))
            .collect()
    };
    let (shown, taken) = (tags(want), tags(have));
    if !shown.is_empty() || !taken.is_empty() {
        marks.give("tags", overlap(&shown, &taken), || told("tags"));
    }
    if !want["read_minutes"].is_null() {
        let same = want["read_minutes"] == have["read_minutes"];
        marks.give("read minutes", mark(same), || told("read_minutes"));
    }
}

/// Twice what two sets share, of all they hold.
#[expect(clippy::cast_precision_loss, reason = "a few tags")]
fn overlap(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    2.0 * a.intersection(b).count() as f64 / (a.len() + b.len()) as f64
}

/// Letters and figures alone, in lower case.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// What share of their first words two texts have in common; of their characters, where they have no words.
#[expect(clippy::cast_precision_loss, reason = "a few words")]
fn likeness(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> BTreeSet<String> {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let few = words.len() < 6;
        let characters = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(String::from);
        let all: Vec<String> = if few { characters.collect() } else { words };
        all.into_iter().take(SUMMARY_WORDS).collect()
    };
    let (a, b) = (words(a), words(b));
    a.intersection(&b).count() as f64 / a.union(&b).count().max(1) as f64
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "a few hundred pages")]
fn index_pages_of_many_makes_give_the_posts_that_a_careful_person_takes() {
    let folders = folders();
    let judged: Vec<(String, Marks)> = thread::scope(|scope| {
        let share = folders.len().div_ceil(THREADS);
        let readers: Vec<_> = folders
            .chunks(share)
            .map(|folders| {
                scope.spawn(move || {
                    let judged = folders.iter().map(|folder| {
                        let (gold, found) = read(folder);
                        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
                        (name, judge(&gold, &found))
                    });
                    judged.collect::<Vec<_>>()
                })
            })
            .collect();
        readers
            .into_iter()
            .flat_map(|reader| reader.join().unwrap())
            .collect()
    });
    assert!(judged.len() > 100, "only {} pages", judged.len());
    let mean = |marks: &[f64]| marks.iter().sum::<f64>() / marks.len() as f64;
    let mut report = String::new();
    let mut fallen = false;
    for (figure, floor) in FLOORS {
        let pages: Vec<f64> = judged
            .iter()
            .filter_map(|(_, page)| page.marks.get(figure))
            .map(|marks| mean(marks))
            .collect();
        assert!(!pages.is_empty(), "no page shows any {figure}");
        let reached = mean(&pages);
        fallen |= reached < floor;
        writeln!(
            report,
            "{figure}: {reached:.4} over {} pages, at least {floor}",
            pages.len()
        )
        .unwrap();
    }
    for (name, page) in &judged {
        for miss in page.misses.iter().take(3) {
            writeln!(report, "  {name}: {miss}").unwrap();
        }
    }
    println!("{report}");
    assert!(!fallen, "{report}");
}
