use url::Url;

use super::super::{PageError, parse, read};
use super::Notes;
use crate::model::{
    Candidate, CandidateVerdict, Field, FieldRule, FieldTrace, LeftOutReason, LossReason, Lost,
    Sign, StructuredRole, Tier, Wrapper,
};

const PROSE: &str =
    "What happened when the lighthouse lost its lamp, told by the people who had to row out.";

fn notes(html: &str) -> Notes {
    noted(html, None)
}

fn noted(html: &str, select: Option<&Wrapper>) -> Notes {
    let url = Url::parse("https://blog.example/blog/").unwrap();
    let mut notes = Notes::default();
    // a page that cannot be read has notes too
    let _ = read(&parse(html).unwrap(), &url, select, Some(&mut notes));
    notes
}

fn around(main: &str) -> String {
    format!(
        "<title>A blog</title><nav class=site><ul><li><a href=/lighthouses>Lighthouses of the world</a><li><a \
         href=/shipwrecks>All shipwrecks since 1900</a></ul></nav><main><h1>Writing</h1>{main}</main>"
    )
}

/// A list of posts `/blog/0` and so on, on consecutive days; `more` stands in each.
fn posts(count: usize, more: &str) -> String {
    let items: Vec<String> = (0..count)
        .map(|n| {
            format!(
                "<li><h2><a href=/blog/{n}>The {n}th story of the lamp</a></h2><time datetime=2024-03-{day:02}>{day} March 2024\
                 </time><p>{n} {PROSE}</p>{more}</li>",
                day = n + 1
            )
        })
        .collect();
    format!("<ul id=posts>{}</ul>", items.concat())
}

fn field(notes: &Notes, entry: usize, field: Field) -> FieldTrace {
    let fields = &notes.entries[entry].fields;
    let found = fields.iter().find(|trace| trace.field == field);
    found
        .unwrap_or_else(|| panic!("{field:?}: {fields:?}"))
        .clone()
}

fn points(candidate: &Candidate, sign: Sign) -> f64 {
    let part = candidate.parts.iter().find(|part| part.sign == sign);
    part.map_or(0.0, |part| part.points)
}

#[test]
fn the_chosen_list_is_named_by_a_selector_and_its_score_is_the_sum_of_its_parts() {
    let notes = notes(&around(&posts(4, "")));
    let best = &notes.page.candidates[0];
    assert_eq!(
        (best.verdict, best.place.as_str(), best.items),
        (CandidateVerdict::Chosen, "ul#posts > li", 4)
    );
    assert_eq!(best.titles[1], "The 1th story of the lamp");
    assert!(points(best, Sign::Dates) > 1.0, "{best:?}");
    for candidate in &notes.page.candidates {
        let sum: f64 = candidate.parts.iter().map(|part| part.points).sum();
        assert!((sum - candidate.score).abs() < 0.02, "{candidate:?}");
    }
    assert_eq!(notes.page.refusal, None);
}

#[test]
fn the_menu_is_rejected_and_its_place_in_the_navigation_counts_against_it() {
    let notes = notes(&around(&posts(4, "")));
    let menu = notes
        .page
        .candidates
        .iter()
        .find(|candidate| candidate.place.contains("nav.site"))
        .unwrap();
    assert_eq!(menu.verdict, CandidateVerdict::Weaker);
    assert!(points(menu, Sign::Chrome) < -2.0, "{menu:?}");
}

#[test]
fn a_second_list_of_the_same_kind_is_joined_and_regroupings_of_it_overlap() {
    let html = around(&format!(
        "<section class=new>{}</section><section class=old><div><article><h3><a href=/blog/old-oars>How old oars are \
         mended</a></h3><time>5 May 2020</time><p>{PROSE}</p></article><article><h3><a href=/blog/old-nets>How old nets are \
         mended</a></h3><time>4 May 2020</time><p>{PROSE}</p></article></div></section>",
        posts(5, "")
    ));
    let notes = notes(&html);
    let verdicts: Vec<CandidateVerdict> = notes
        .page
        .candidates
        .iter()
        .map(|candidate| candidate.verdict)
        .collect();
    assert_eq!(verdicts[0], CandidateVerdict::Chosen);
    assert!(verdicts.contains(&CandidateVerdict::Joined), "{verdicts:?}");
    assert_eq!(notes.entries.len(), 7);
    assert_eq!(
        notes.entries[5].place.as_deref(),
        Some("main > section.old > div > article")
    );
}

#[test]
fn a_datetime_attribute_that_disagrees_with_the_text_is_told_to_have_lost() {
    let html = around(&posts(4, "")).replace("datetime=2024-03-02", "datetime=2023-09-19");
    let notes = notes(&html);
    let published = field(&notes, 1, Field::Published);
    assert_eq!(published.tier, Some(Tier::Listing));
    assert_eq!(published.found.as_deref(), Some("2 March 2024"));
    assert_eq!(published.at.as_deref(), Some("time"));
    assert_eq!(
        published.lost,
        [Lost {
            found: "2023-09-19".to_owned(),
            at: "the datetime of time".to_owned(),
            why: LossReason::TextWins,
        }]
    );
    assert_eq!(field(&notes, 0, Field::Published).lost, []);
}

#[test]
fn relative_words_lose_against_the_attribute_that_says_when() {
    let html = around(&posts(4, "")).replace(">2 March 2024", ">3 days ago");
    let published = field(&notes(&html), 1, Field::Published);
    assert_eq!(published.found.as_deref(), Some("2024-03-02"));
    assert_eq!(published.lost[0].found, "3 days ago");
    assert_eq!(published.lost[0].why, LossReason::Relative);
}

#[test]
fn an_invitation_to_read_on_is_no_title() {
    let html = around(&posts(4, "")).replace("</p></li>", "</p><a href=/blog/1>Read more</a></li>");
    let title = field(&notes(&html), 1, Field::Title);
    assert_eq!(title.at.as_deref(), Some("a"));
    assert_eq!(
        (title.lost[0].found.as_str(), title.lost[0].why),
        ("Read more", LossReason::Invitation)
    );
}

fn with_data(main: &str, title: &str, date: &str) -> String {
    around(main)
        + &format!(
            "<script type=application/ld+json>{{\"@context\":\"https://schema.org\",\"@type\":\"Blog\",\"blogPost\":[{{\
             \"@type\":\"BlogPosting\",\"url\":\"/blog/0\",\"headline\":\"{title}\",\"datePublished\":\"{date}\"}}]}}</script>"
        )
}

#[test]
fn data_for_machines_agrees_contradicts_or_is_the_only_way_in() {
    let agreeing = notes(&with_data(
        &posts(4, ""),
        "The 0th story of the lamp",
        "2024-03-01",
    ));
    assert_eq!(agreeing.page.structured.role, StructuredRole::Agrees);
    assert_eq!(agreeing.page.structured.matched, 1);

    let lying = notes(&with_data(
        &posts(4, ""),
        "The 0th story of the lamp",
        "2019-07-30",
    ));
    assert_eq!(lying.page.structured.role, StructuredRole::Contradicts);
    assert_eq!(lying.page.structured.contradicted, 1);
    let published = field(&lying, 0, Field::Published);
    assert_eq!(published.found.as_deref(), Some("1 March 2024"));
    assert_eq!(published.lost[0].found, "2019-07-30");
    assert_eq!(published.lost[0].why, LossReason::PageWins);

    let hidden = notes(&with_data("", "The 0th story of the lamp", "2024-03-01"));
    assert_eq!(hidden.page.structured.role, StructuredRole::OnlyWayIn);
    assert!(hidden.page.refusal.is_some());
    assert_eq!(field(&hidden, 0, Field::Title).tier, Some(Tier::Structured));
    assert_eq!(
        notes(&around(&posts(4, ""))).page.structured.role,
        StructuredRole::Absent
    );
}

#[test]
fn a_rule_is_named_with_what_it_overruled() {
    let rules = Wrapper {
        title: Some(FieldRule::from("p".to_owned())),
        ..Wrapper::default()
    };
    let title = field(
        &noted(&around(&posts(4, "")), Some(&rules)),
        0,
        Field::Title,
    );
    assert_eq!(title.tier, Some(Tier::Select));
    assert_eq!(title.at.as_deref(), Some("select.title = \"p\""));
    assert!(
        title
            .lost
            .iter()
            .any(|lost| lost.found == "The 0th story of the lamp" && lost.why == LossReason::Rule),
        "{title:?}"
    );
}

#[test]
fn an_item_rule_leaves_nothing_to_be_inferred() {
    let rules = Wrapper {
        item: Some(FieldRule::from("#posts li".to_owned())),
        ..Wrapper::default()
    };
    let notes = noted(&around(&posts(3, "")), Some(&rules));
    assert_eq!(notes.page.item_rule.as_deref(), Some("#posts li"));
    assert!(notes.page.candidates.is_empty());
    assert_eq!(notes.entries.len(), 3);
}

#[test]
fn a_page_without_posts_says_what_came_nearest_and_what_it_lacks() {
    let url = Url::parse("https://blog.example/blog/").unwrap();
    let html = around("<p>Nothing but words about us and the sea, and no post at all.</p>");
    let notes = notes(&html);
    let page = read(&parse(&html).unwrap(), &url, None, None);
    let Err(PageError::NoListing { why }) = page else {
        panic!("a list was found: {notes:?}");
    };
    assert_eq!(notes.page.refusal, Some(why));
    let nearest = &notes.page.candidates[0];
    assert_eq!(nearest.verdict, CandidateVerdict::BelowThreshold);
    assert!(nearest.score < nearest.needed, "{nearest:?}");
    assert!(points(nearest, Sign::Dates) == 0.0 && points(nearest, Sign::Chrome) < 0.0);
}

#[test]
fn what_stands_among_the_posts_and_is_none_is_told_with_its_reason() {
    let list = posts(9, "<a href=/tags/sea rel=tag>sea</a>").replace(
        "</ul>",
        "<li><h2><a href=/buy-the-lamp-book>Buy our book of all lamps</a></h2></li><li><p>See <a \
         href=/blog/3>the third one</a></p></li></ul>",
    );
    let notes = notes(&around(&list));
    assert_eq!(notes.entries.len(), 9);
    let why = |what: &str| {
        let left = notes.left_out.iter().find(|left| left.what == what);
        left.map(|left| left.why)
    };
    assert_eq!(why("sea"), Some(LeftOutReason::Tag), "{:?}", notes.left_out);
    assert_eq!(
        why("Buy our book of all lamps"),
        Some(LeftOutReason::Promotion),
        "{:?}",
        notes.left_out
    );
    assert_eq!(why("the third one"), Some(LeftOutReason::Repeat));
    assert_eq!(why("The 3th story of the lamp"), None);
}

#[test]
fn a_selector_of_a_place_finds_its_items_again() {
    let html = around(&posts(4, ""));
    let page = scraper::Html::parse_document(&html);
    for candidate in notes(&html).page.candidates {
        let selector = scraper::Selector::parse(&candidate.place).unwrap();
        assert!(
            page.select(&selector).count() >= candidate.items,
            "{}",
            candidate.place
        );
    }
}
