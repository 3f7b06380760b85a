//! Likeness on labelled pairs, and the guards one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use url::Url;

use super::*;
use crate::dedupe::samples;
use crate::model::{Date, Likeness, MarkKind, Marks, Person, Precision, Pruned, Sighting, Veto};
use crate::normalise;

/// One line of `fixtures/pairs/pairs.jsonl`.
#[derive(Deserialize)]
struct Pair {
    kind: String,
    expected: String,
    about: String,
    held: bool,
    a: Side,
    b: Side,
}

#[derive(Deserialize)]
struct Side {
    source: String,
    url: String,
    #[serde(default)]
    also: Vec<String>,
    title: String,
    #[serde(default)]
    author: String,
    language: String,
    published: NaiveDate,
    summary: Option<String>,
    content: Option<String>,
}

impl Side {
    fn sighting(&self) -> Sighting {
        let url: Url = self.url.parse().unwrap();
        let at = self.published.and_hms_opt(12, 0, 0).unwrap().and_utc();
        let mut entry = samples::entry(&self.title, None, None);
        entry.key = Some(crate_key(&url));
        entry.also = (self.also.iter())
            .map(|url| crate_key(&url.parse().unwrap()))
            .collect();
        entry.url = Some(url);
        entry.language = Some(self.language.clone());
        entry.summary.clone_from(&self.summary);
        entry.content.clone_from(&self.content);
        entry.authors = (Some(&self.author)
            .into_iter()
            .filter(|name| !name.is_empty()))
        .map(|name| Person {
            name: name.clone(),
            url: None,
        })
        .collect();
        entry.published = Some(Date {
            at,
            precision: Precision::Instant,
        });
        sighting(&self.source, entry, at)
    }
}

fn sighting(source: &str, entry: crate::model::Entry, at: DateTime<Utc>) -> Sighting {
    let id = source.replace('.', "-");
    Sighting {
        source: samples::source(&id),
        source_host: source.to_owned(),
        source_rank: 0,
        is_active: true,
        entry,
        pruned: None,
        rewrites: crate::model::Rewrites::default(),
        first_seen: at,
        last_seen: at,
    }
}

/// Stands for the canonical key: what matters here is which addresses have the same.
fn crate_key(url: &Url) -> String {
    normalise::canonical_key(url)
}

fn pairs() -> Vec<Pair> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pairs/pairs.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// How like the two sides are, and whether an alias says that they are one anyhow.
fn judged(pair: &Pair) -> (Likeness, bool) {
    let (a, b) = (pair.a.sighting(), pair.b.sighting());
    let likeness = compare(&Profile::of(&a), &Profile::of(&b));
    (likeness, a.entry.key == b.entry.key)
}

/// Precision and recall of `judged` pairs at `threshold`.
fn measure<'a>(
    judged: impl Iterator<Item = (&'a Pair, &'a (Likeness, bool))>,
    threshold: f64,
) -> (f64, f64, Vec<String>) {
    let (mut right, mut wrong, mut missed) = (0.0, 0.0, 0.0);
    let mut mistakes = Vec::new();
    for (pair, (likeness, alias)) in judged {
        let joins = *alias || (likeness.veto.is_none() && likeness.score >= threshold);
        match (joins, pair.expected == "same") {
            (true, true) => right += 1.0,
            (true, false) => wrong += 1.0,
            (false, true) => missed += 1.0,
            (false, false) => continue,
        }
        if joins != (pair.expected == "same") {
            mistakes.push(format!("{} {} {likeness:?}", pair.kind, pair.about));
        }
    }
    (right / (right + wrong), right / (right + missed), mistakes)
}

#[test]
fn labelled_pairs_are_joined_with_precision_and_recall() {
    let pairs = pairs();
    assert!(pairs.len() >= 300);
    let judged: Vec<_> = pairs.iter().map(judged).collect();
    let part = |held: bool| (pairs.iter().zip(&judged)).filter(move |(pair, _)| pair.held == held);
    let mut curve =
        String::from("threshold  chosen on: precision recall  held out: precision recall\n");
    for step in 6..19 {
        let threshold = f64::from(step) * 0.05;
        let (p, r, _) = measure(part(false), threshold);
        let (hp, hr, _) = measure(part(true), threshold);
        writeln!(
            curve,
            "     {threshold:.2}             {p:.3}  {r:.3}               {hp:.3}  {hr:.3}"
        )
        .unwrap();
    }
    println!("{curve}");
    for held in [false, true] {
        let (precision, recall, mistakes) = measure(part(held), THRESHOLD);
        println!(
            "held {held}: precision {precision:.4} recall {recall:.4}\n{}",
            mistakes.join("\n")
        );
        assert!(
            precision >= 0.995 && recall >= 0.95,
            "held out: {held}\n{curve}{mistakes:#?}"
        );
    }
}

#[test]
fn what_is_alike_is_found_by_its_marks() {
    let mut lost = Vec::new();
    let mut same = 0;
    for pair in pairs() {
        let (a, b) = (
            Profile::of(&pair.a.sighting()),
            Profile::of(&pair.b.sighting()),
        );
        if is_same(&compare(&a, &b)) {
            same += 1;
            let (one, other) = (a.marks(), b.marks());
            let shared = |kind| {
                let of = |marks: &Marks| -> BTreeSet<u32> {
                    let kept = marks.kept.iter().filter(|mark| mark.kind == kind);
                    kept.map(|mark| mark.value).collect()
                };
                of(&one).intersection(&of(&other)).count()
            };
            let meet = shared(MarkKind::Whole) + shared(MarkKind::Ever) > 0
                || shared(MarkKind::Part) > 1
                || other.asked.iter().any(|mark| one.kept.contains(mark));
            let link = one.asked.iter().any(|x| other.kept.contains(x));
            if !meet && !link {
                lost.push(format!("{} {}", pair.kind, pair.about));
            }
        }
    }
    assert!(same > 100);
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn likeness_is_the_same_whichever_comes_first() {
    let pairs = pairs();
    let profiles: Vec<Profile> = (pairs.iter())
        .flat_map(|pair| [&pair.a, &pair.b])
        .map(|side| Profile::of(&side.sighting()))
        .collect();
    for (number, a) in profiles.iter().enumerate() {
        for b in profiles.iter().skip(number).step_by(7) {
            assert_eq!(compare(a, b), compare(b, a));
        }
    }
}

/// No text of one family is taken for one of another: what the pairs do not say by themselves.
#[test]
fn texts_of_different_families_are_never_one() {
    let pairs = pairs();
    let mut families: BTreeMap<&str, Profile> = BTreeMap::new();
    for pair in &pairs {
        (families.entry(&pair.about)).or_insert_with(|| Profile::of(&pair.a.sighting()));
    }
    assert!(families.len() > 50);
    for (name, a) in &families {
        for (other, b) in &families {
            assert!(name == other || !is_same(&compare(a, b)), "{name} {other}");
        }
    }
}

mod guards {
    use super::*;

    const TEXT: &str = "The ferry will not sail on account of the wind, which has been blowing from the north since the \
        early morning; passengers are asked to come to the pier office, where tea is served and tickets are changed \
        without a fee until the wind has dropped.";

    fn shown(source: &str, title: &str, text: &str, day: u32) -> Sighting {
        let mut entry = samples::entry(title, None, Some(&format!("{source}/{day}")));
        entry.summary = Some(text.to_owned());
        let date = samples::day(day);
        entry.published = Some(date);
        sighting(source, entry, date.at)
    }

    fn veto(a: &Sighting, b: &Sighting) -> Option<Veto> {
        let likeness = compare(&Profile::of(a), &Profile::of(b));
        assert_eq!(is_same(&likeness), likeness.veto.is_none());
        likeness.veto
    }

    #[test]
    fn an_article_whose_body_was_given_up_is_not_told_by_its_excerpt() {
        let mut old = shown("a.example", "No ferry today", TEXT, 1);
        let new = shown("b.example", "No ferry today", TEXT, 1);
        assert!(is_same(&compare(&Profile::of(&old), &Profile::of(&new))));
        old.pruned = Some(Pruned {
            at: samples::day(9).at,
            length: 4000,
        });
        assert!(!is_same(&compare(&Profile::of(&old), &Profile::of(&new))));
    }

    #[test]
    fn a_line_of_the_beginning_is_enough_under_a_long_title_on_the_same_day() {
        let title = "No ferry will sail today says the harbour";
        let line: String = TEXT.split_inclusive(' ').take(10).collect();
        let whole = shown("a.example", title, TEXT, 1);
        let is_one = |title: &str, text: &str, day: u32| {
            let other = shown("b.example", title, text, day);
            is_same(&compare(&Profile::of(&whole), &Profile::of(&other)))
        };
        assert!(is_one(title, &line, 1));
        assert!(!is_one(title, &line, 2));
        assert!(!is_one(title, "The ferry will not sail today", 1));
        assert!(!is_one(
            title,
            "What the harbour has to say of the wind is known",
            1
        ));
        let short = shown("c.example", "No ferry today", TEXT, 1);
        let line = shown("b.example", "No ferry today", &line, 1);
        assert!(!is_same(&compare(
            &Profile::of(&short),
            &Profile::of(&line)
        )));
    }

    #[test]
    fn a_line_under_a_title_to_which_something_was_added_is_found_and_is_the_same() {
        let title = "No ferry will sail today says the harbour";
        let line: String = TEXT.split_inclusive(' ').take(12).collect();
        let was = Profile::of(&shown("a.example", title, &line, 1));
        for added in [", again", ": updated", " (updated)", " – updated"] {
            let now = Profile::of(&shown("b.example", &format!("{title}{added}"), &line, 1));
            assert!(is_same(&compare(&was, &now)), "{added}");
            let kept = was.marks().kept;
            assert!(
                now.marks().kept.iter().any(|it| kept.contains(it)),
                "{added}"
            );
        }
        // a heading that many posts begin with is no title
        for heading in ["Ferries today: none", "10:30, the ferry-boat of today,none"] {
            assert_eq!(Profile::of(&shown("a.example", heading, "", 1)).opening, 0);
        }
    }

    #[test]
    fn two_posts_of_one_source_are_two() {
        let a = shown("a.example", "No ferry today", TEXT, 1);
        assert_eq!(
            veto(&a, &shown("b.example", "No ferry today", TEXT, 1)),
            None
        );
        assert_eq!(
            veto(&a, &shown("a.example", "No ferry today", TEXT, 2)),
            Some(Veto::SameSource)
        );
    }

    #[test]
    fn issues_of_a_series_are_two_though_their_texts_are_one() {
        let of = |a: &str, b: &str| {
            veto(
                &shown("a.example", a, TEXT, 1),
                &shown("b.example", b, TEXT, 1),
            )
        };
        for (a, b) in [
            ("Ferry letter 12", "Ferry letter 13"),
            ("Ferry digest for May", "Ferry digest for June"),
            ("Ferry v1.2.0", "Ferry v1.2.1"),
            ("Ferries, part one", "Ferries, part two"),
            ("Fähren am Montag", "Fähren am Dienstag"),
            ("船だより 十月号", "船だより 十一月号"),
        ] {
            assert_eq!(of(a, b), Some(Veto::TitleNumbers), "{a} / {b}");
        }
        assert_eq!(of("Ferry letter 12", "The ferry letter 12"), None);
    }

    #[test]
    fn a_form_that_was_filled_in_anew_is_another_text() {
        let a = format!("{TEXT} We meet on 5 March at 18:30.");
        let b = format!("{TEXT} We meet on 9 April at 19:00.");
        let of = |text: &str| shown("b.example", "Ferry meeting", text, 1);
        let first = shown("a.example", "Ferry meeting", &a, 1);
        assert_eq!(veto(&first, &of(&b)), Some(Veto::TextNumbers));
        assert_eq!(veto(&first, &of(&a)), None);
        // one that was left out is an edit
        assert_eq!(veto(&first, &of(TEXT)), None);
    }

    #[test]
    fn the_same_text_months_later_is_another_post_unless_it_is_long() {
        let mut late = shown("b.example", "No ferry today", TEXT, 1);
        let at = "2024-09-01T00:00:00Z".parse().unwrap();
        late.entry.published = Some(Date {
            at,
            precision: Precision::Day,
        });
        let early = shown("a.example", "No ferry today", TEXT, 1);
        assert_eq!(veto(&early, &late), Some(Veto::FarApart));
        let long: String = (0..200_u8).fold(String::new(), |text, n| {
            text + " " + &String::from_utf8(vec![b'a' + n % 23, b'b' + n % 7, b'x']).unwrap()
        });
        let early = shown("a.example", "No ferry today", &long, 1);
        late.entry.summary = Some(long);
        assert_eq!(veto(&early, &late), None);
    }

    #[test]
    fn an_entry_without_a_date_may_be_as_old_as_any() {
        let old = shown("a.example", "No ferry today", TEXT, 1);
        let mut undated = shown("b.example", "No ferry today", TEXT, 1);
        undated.entry.published = None;
        undated.first_seen = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(veto(&old, &undated), None);
        // but not younger than the day on which it was seen
        undated.first_seen = "2023-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(veto(&old, &undated), Some(Veto::FarApart));
    }

    #[test]
    fn other_languages_are_no_evidence_against_the_same_words() {
        let mut a = shown("a.example", "No ferry today", TEXT, 1);
        let mut b = shown("b.example", "No ferry today", TEXT, 1);
        a.entry.language = Some("en-GB".into());
        b.entry.language = Some("de".into());
        assert_eq!(veto(&a, &b), None);
        let half: String = TEXT.split_inclusive(' ').take(25).collect();
        b.entry.summary = Some(half);
        assert_eq!(veto(&a, &b), Some(Veto::Language));
    }

    #[test]
    fn an_address_that_the_article_page_gave_joins_unless_the_title_is_of_something_else() {
        let mut a = shown("short.example", "No ferry today", "", 1);
        a.entry.also = vec!["https://b.example/1".into()];
        let mut b = shown("b.example", "No ferry today, says the harbour", TEXT, 20);
        b.entry.key = Some("https://b.example/1".into());
        assert_eq!(veto(&a, &b), None);
        a.entry.title = "Please sign in".into();
        assert!(!is_same(&compare(&Profile::of(&a), &Profile::of(&b))));
    }
}
