//! Rules for pages of every shape: written by hand, learnt, and learnt from one state of a page and tried on another.

use std::fmt::Write as _;

use url::Url;

use super::super::{Page, PageError, parse};
use crate::model::{Carrier, FieldRule, RawEntry, Text, Wrapper};

const PAGE: &str = "https://example.org/blog/";

fn read(html: &str, url: &Url, rules: Option<&Wrapper>) -> Result<Page, PageError> {
    super::super::read(&parse(html)?, url, rules, None)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the fields of a wrapper are options"
)]
fn rule(text: &str) -> Option<FieldRule> {
    Some(FieldRule::from(text.to_owned()))
}

/// `url title date` of each entry.
fn by_hand(html: &str, rules: &Wrapper) -> Vec<String> {
    let page = read(html, &Url::parse(PAGE).unwrap(), Some(rules));
    let page = page.unwrap_or_else(|error| panic!("{error}\n{html}"));
    page.entries.iter().map(line).collect()
}

fn line(entry: &RawEntry) -> String {
    format!(
        "{} {} {}",
        entry.url.as_deref().unwrap_or("-"),
        entry.title.as_ref().map_or("-", Text::as_str),
        entry.published.as_deref().unwrap_or("-"),
    )
}

#[test]
fn a_heading_begins_a_post_that_ends_at_the_next() {
    let html = "<main><h1>Notes</h1><p>All of them, <a href=/about>about me</a>.</p>\
        <h2><a href=/p/a>First rain</a></h2><p>3 May 2024</p><p>It fell.</p>\
        <h2><a href=/p/b>Second rain</a></h2><p>1 May 2024</p><p>It fell too.</p><div class=pager><a href=/blog/page/2>Older</a></div></main>";
    let rules = Wrapper {
        item: rule("main"),
        split: rule("h2"),
        summary: rule("p + p"),
        ..Wrapper::default()
    };
    let found = by_hand(html, &rules);
    assert_eq!(
        found,
        ["/p/a First rain 3 May 2024", "/p/b Second rain 1 May 2024"]
    );
}

#[test]
fn line_breaks_part_posts_the_first_one_too() {
    let html = "<div class=list>2024-05-03 <a href=/p/a>First rain</a><br>2024-05-02 <a href=/p/b>Second rain</a><br>\
        <br>2024-05-01 <a href=/p/c>Third rain</a><br></div>";
    let rules = Wrapper {
        item: rule("div.list"),
        split: rule("br"),
        ..Wrapper::default()
    };
    assert_eq!(
        by_hand(html, &rules),
        [
            "/p/a First rain 2024-05-03",
            "/p/b Second rain 2024-05-02",
            "/p/c Third rain 2024-05-01"
        ]
    );
}

#[test]
fn several_rows_of_a_table_are_one_post() {
    let row = |slug: &str, title: &str| {
        format!(
            "<tr class=head><td><a href=/p/{slug}>{title}</a></td></tr><tr><td>4 May 2024 | 3 comments</td></tr><tr class=gap></tr>"
        )
    };
    let html = format!(
        "<table>{}{}</table>",
        row("a", "First rain"),
        row("b", "Second rain")
    );
    let rules = Wrapper {
        item: rule("table"),
        split: rule("tr.head"),
        ..Wrapper::default()
    };
    let found = by_hand(&html, &rules);
    assert_eq!(
        found,
        ["/p/a First rain 4 May 2024", "/p/b Second rain 4 May 2024"]
    );
}

#[test]
fn a_date_above_is_that_of_the_nearest_heading() {
    let html = "<main><h3>3 May 2024</h3><p><a href=/p/a>First rain</a></p><p><a href=/p/b>Second rain</a></p>\
        <h3>1 May 2024</h3><p><a href=/p/c>Third rain</a></p></main>";
    let rules = Wrapper {
        item: rule("main > p"),
        date: rule("above: h3"),
        ..Wrapper::default()
    };
    let found = by_hand(html, &rules);
    assert!(
        found[0].ends_with("3 May 2024") && found[1].ends_with("3 May 2024"),
        "{found:?}"
    );
    assert!(found[2].ends_with("1 May 2024"), "{found:?}");
}

#[test]
fn a_day_that_a_rule_finds_is_completed_by_the_year_above() {
    let html = "<main><h2>2023</h2><ul><li><i>11/4</i> <a href=/p/a>First rain</a></li><li><i>2/1</i> <a href=/p/b>Second rain</a></li></ul></main>";
    let rules = Wrapper {
        item: rule("li"),
        date: rule("i"),
        ..Wrapper::default()
    };
    let found = by_hand(html, &rules);
    assert!(found.iter().all(|line| line.contains("2023")), "{found:?}");
}

#[test]
fn the_link_rule_decides_which_article_an_item_stands_for() {
    let html = "<ul><li><h3><a href=https://other.example/x>Elsewhere</a></h3><a class=own href=/p/a>First rain</a></li></ul>";
    let rules = Wrapper {
        item: rule("li"),
        link: rule("a.own"),
        ..Wrapper::default()
    };
    assert_eq!(by_hand(html, &rules), ["/p/a First rain -"]);
}

#[test]
fn posts_that_only_scripts_carry_are_told_so() {
    let posts = r#"{"@graph":[{"@type":"BlogPosting","url":"/p/a","headline":"First rain","datePublished":"2024-05-03"},
        {"@type":"BlogPosting","url":"/p/b","headline":"Second rain","datePublished":"2024-05-01"}]}"#;
    let html =
        format!("<body><div id=app></div><script type=application/ld+json>{posts}</script></body>");
    let url = Url::parse(PAGE).unwrap();
    let first = read(&html, &url, None).unwrap();
    let rules = first.wrapper.unwrap();
    assert_eq!(rules.from, Some(Carrier::Data));
    assert_eq!(
        read(&html, &url, Some(&rules)).unwrap().entries,
        first.entries
    );
    let error = read("<body><p>Nothing</p></body>", &url, Some(&rules)).unwrap_err();
    assert!(error.to_string().contains("select.from"), "{error}");
}

/// A page around a list of `count` posts, the first of them number `first`, in one of many shapes.
fn page(shape: &str, first: usize, count: usize) -> String {
    let mut list = String::new();
    for n in (first..first + count).rev() {
        // names that one item bears, and no other
        let (slug, title) = (
            format!("rain-number-{n}"),
            format!("What the rain of day {n} told us"),
        );
        let day = format!("2024-05-{n:02}");
        let text = format!(
            "It fell on roofs and on boats, and for the {n}th time nobody in town had thought of the washing."
        );
        let post = match shape {
            "cards" => format!(
                "<article id=post-{n} class='post-{n} card css-1{n}x'><h2 class=card-title><a href=/p/{slug}>{title}</a></h2><time class=when>{day}</time><p class=excerpt>{text}</p></article>"
            ),
            "bare list" => format!("<li><a href=/p/{slug}>{title}</a> <small>{day}</small></li>"),
            "hashed" => format!(
                "<div class=PostCard_root__aB3x{n} id=p{n}><a href=/p/{slug}><span class=PostCard_title__xYzQw>{title}</span></a><span class=kFwjts>{day}</span></div>"
            ),
            "whole cards" => format!(
                "<a class='group block' href=/p/{slug}><h3>{title}</h3><p>{text}</p><time>{day}</time></a>"
            ),
            "flat headings" => format!(
                "<h2><a href=/p/{slug}>{title}</a></h2><p class=date>{day}</p><p>{text}</p>"
            ),
            "flat, date first" => format!(
                "<p class=date>{day}</p><h2><a href=/p/{slug}>{title}</a></h2><p>{text}</p>"
            ),
            "line breaks" => format!("{day} <a href=/p/{slug}>{title}</a><br>"),
            "rules" => format!(
                "<h3>{title}</h3><p>{text}</p><p>{day} <a href=/p/{slug}>Read more</a></p><hr>"
            ),
            "table rows" => format!(
                "<tr><td><a href=/p/{slug}>{title}</a></td></tr><tr><td>{text}</td></tr><tr><td>{day}<hr></td></tr>"
            ),
            "days above" => format!(
                "<h3 class=day>{day}</h3><div><a href=/p/{slug}>{title}</a><p>{text}</p></div>"
            ),
            _ => unreachable!("{shape}"),
        };
        list.push_str(&post);
    }
    let holder = match shape {
        "bare list" => ("<ul>", "</ul>"),
        "table rows" => ("<table>", "</table>"),
        "line breaks" => ("<p>", "</p>"),
        _ => ("<div>", "</div>"),
    };
    let mut menu = String::new();
    for name in ["about", "contact", "projects"] {
        let _ = write!(menu, "<li><a href=/{name}>{name}</a></li>");
    }
    format!(
        "<body><header><ul>{menu}</ul></header><main><h1>Rain</h1><p>Notes on it, since <a href=/about>I came here</a>.</p>{}{list}{}</main>\
         <footer><p>All rights <a href=/licence>reserved</a></p></footer></body>",
        holder.0, holder.1
    )
}

const SHAPES: [&str; 10] = [
    "cards",
    "bare list",
    "hashed",
    "whole cards",
    "flat headings",
    "flat, date first",
    "line breaks",
    "rules",
    "table rows",
    "days above",
];

#[test]
fn rules_learnt_from_a_page_read_it_when_half_the_posts_are_gone_and_others_came() {
    let url = Url::parse(PAGE).unwrap();
    for shape in SHAPES {
        let first = read(&page(shape, 1, 12), &url, None).unwrap();
        let rules = first
            .wrapper
            .unwrap_or_else(|| panic!("{shape}: {:?}", first.unlearnt));
        for (from, count) in [(1, 12), (1, 6), (7, 6), (7, 12), (10, 18), (11, 2)] {
            let later = page(shape, from, count);
            let told = read(&later, &url, Some(&rules));
            let told = told
                .unwrap_or_else(|error| panic!("{shape}, {from} to {count}: {error}\n{rules:#?}"));
            let lines: Vec<String> = told.entries.iter().map(line).collect();
            let wanted = (from..from + count).rev().map(|n| {
                format!("/p/rain-number-{n} What the rain of day {n} told us 2024-05-{n:02}")
            });
            assert_eq!(lines, wanted.collect::<Vec<_>>(), "{shape}\n{rules:#?}");
        }
    }
}

#[test]
fn rules_name_no_item_no_generated_class_and_no_position() {
    let url = Url::parse(PAGE).unwrap();
    for shape in SHAPES {
        let rules = read(&page(shape, 1, 12), &url, None)
            .unwrap()
            .wrapper
            .unwrap();
        for (key, rule) in rules.rules() {
            let text = String::from(rule.clone());
            let is_brittle = text.contains("nth-")
                || text.contains("post-1")
                || text.contains("rain-number")
                || text.contains("kFwjts")
                || text.contains("xYzQw")
                || text.contains("aB3x")
                || text.contains("css-");
            assert!(!is_brittle, "{shape}: {key} = {text}");
        }
    }
}
