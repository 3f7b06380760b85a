//! The five index pages of `fixtures/web`, read without any rules.

use std::path::Path;

use serde_json::Value;

use crate::program::Agg;

/// What a careful person takes from each page.
fn expected() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/expected.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn preview(page: &str) -> Value {
    let run = Agg::new()
        .args([
            "preview",
            page,
            "--replay",
            "fixtures/web",
            "--format",
            "json",
        ])
        .run();
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn five_pages_without_a_rule_give_exactly_their_posts() {
    let mut total = 0;
    for page in expected() {
        let url = page["page"].as_str().unwrap();
        let found = preview(url);
        let seen: Vec<Value> = found["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                serde_json::json!({
                    "title": entry["title"],
                    "date": entry["published"].as_str().map(|date| &date[..10]),
                    "summary": entry["summary"],
                    "tags": entry["tags"],
                    "read_minutes": entry["read_minutes"],
                })
            })
            .collect();
        let wanted = page["entries"].as_array().unwrap();
        assert_eq!(seen.len(), wanted.len(), "{url}: number of entries");
        for (seen, wanted) in seen.iter().zip(wanted) {
            assert_eq!(seen, wanted, "{url}");
        }
        total += seen.len();
    }
    assert_eq!(total, 56);
}

#[test]
fn the_five_pages_as_agg_reads_them() {
    for page in expected() {
        let url = page["page"].as_str().unwrap();
        let name = url.trim_start_matches("https://").replace(['/', '.'], "_");
        insta::assert_json_snapshot!(name, preview(url));
    }
}

#[test]
fn a_written_rule_wins_over_what_was_inferred_field_by_field() {
    let agg = Agg::new();
    agg.configure(
        "[[source]]\nid = \"notes\"\nurl = \"https://www.vanshverma.com/notes\"\n[source.select]\nsummary = \"nothing-there\"\n",
    );
    let run = agg
        .args(["preview", "notes", "--replay", "fixtures/web"])
        .run();
    assert_eq!(
        run.code, 1,
        "a rule that matches nothing is a failure, never a blank"
    );
    assert!(
        run.stderr.contains("summary") && run.stderr.contains("nothing-there"),
        "{}",
        run.stderr
    );
}
