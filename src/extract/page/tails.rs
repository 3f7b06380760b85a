//! What stands around an excerpt and is no part of it, each in the smallest list.

use super::tests::{PROSE, around, told};

/// Four posts, each as `post` writes it from its number, path and title.
pub(super) fn four(post: impl Fn(usize, &str, &str) -> String) -> Vec<String> {
    let posts = [
        ("lamp", "The lamp goes out"),
        ("tide", "High tide, low budget"),
        ("rope", "A rope and its ends"),
        ("gull", "What the gull saw"),
    ];
    let rows = (1..).zip(posts);
    told(&around(
        &rows
            .map(|(i, (path, title))| post(i, path, title))
            .collect::<String>(),
    ))
}

#[test]
fn lines_that_every_excerpt_ends_with_are_no_part_of_it() {
    let told = four(|i, path, title| {
        format!(
            "<li><div>{i} March 2024</div><div><a href=/blog/{path}>{title}</a></div><div>{PROSE}</div>\
             <div>Ref: 2024-1{i}</div><div>Mwendelezo wa {i}</div></li>"
        )
    });
    let first = format!("/blog/lamp | The lamp goes out | 1 March 2024 | {PROSE}");
    assert_eq!(told[0], first);
}

#[test]
fn a_link_to_a_file_behind_an_excerpt_is_no_part_of_it() {
    let told = four(|i, path, title| {
        let file = if i == 1 {
            "<a href=/files/lamp.pdf>Whole report, 12 pages</a>"
        } else {
            ""
        };
        format!(
            "<div class=row><h3><a href=/blog/{path}>{title}</a></h3><div>{PROSE}</div>{file}</div>"
        )
    });
    assert_eq!(told[0], format!("/blog/lamp | The lamp goes out | {PROSE}"));
}

#[test]
fn a_name_behind_the_facts_below_an_excerpt_is_no_part_of_it() {
    let told = four(|i, path, title| {
        let name = ["Odell", "Ida Noor", "Jun", "Marla Wu"][i - 1];
        format!(
            "<div class=post><div class=x><a href=/blog/{path}>{title}</a><a href=/blog/{path}>{PROSE}</a><div><time>{i} March 2024</time>\
             <div><a href=https://letters.test/@{i}>{name}</a></div></div></div><div><a href=/blog/{path}><img src=a.jpg></a></div></div>"
        )
    });
    assert_eq!(
        told[1],
        format!("/blog/tide | High tide, low budget | 2 March 2024 | {PROSE}")
    );
}

#[test]
fn a_short_link_to_the_post_behind_a_full_stop_is_a_call_in_any_language() {
    let told = four(|_, path, title| {
        format!(
            "<article><h2><a href=/blog/{path}>{title}</a></h2><p>{PROSE} <a href=/blog/{path}>Ntlha e nngwe</a></p></article>"
        )
    });
    assert_eq!(told[0], format!("/blog/lamp | The lamp goes out | {PROSE}"));
}

#[test]
fn counters_in_words_on_both_sides_are_no_part_of_an_excerpt() {
    let told = four(|i, path, title| {
        format!(
            "<article><h2><a href=/blog/{path}>{title}</a></h2><div>{PROSE}</div>\
             <div><span>seen {i}1 times</span> <a href=/blog/{path}#comments>{i} comments</a></div></article>"
        )
    });
    assert_eq!(
        told[2],
        format!("/blog/rope | A rope and its ends | {PROSE}")
    );
}

#[test]
fn a_time_that_says_less_than_its_datetime_is_a_date_in_its_line() {
    let told = four(|i, path, title| {
        format!(
            "<div class=x><a href=/p/{path}>{title}</a><a href=/p/{path}><p>{PROSE}</p></a><div class=m><time datetime=2024-03-0{i}T10:00:00Z>\
             Mar {i}</time> • <a href=https://letters.test/@ann>Ann Lee</a></div></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/p/lamp | The lamp goes out | 2024-03-01T10:00:00Z | {PROSE}")
    );
}

#[test]
fn a_date_that_touches_the_counters_behind_it_is_one() {
    let told = four(|i, path, title| {
        format!(
            "<article><a href=/{path}-3fa{i}c><h2>{title}</h2><h3>{PROSE}</h3></a><div><span>Mar {i}, 2024</span>\
             <button><span>{i}12</span></button><a href=/{path}-3fa{i}c?responses><span>{i}</span></a></div></article>"
        )
    });
    assert!(told[1].contains(" | Mar 2, 2024 | "), "{told:?}");
}

#[test]
fn a_name_and_a_role_below_an_excerpt_are_no_part_of_it() {
    let told = four(|i, path, title| {
        let name = ["Ann Lee", "Bo Chen", "Cy Young", "Dee Moss"][i - 1];
        format!(
            "<div class=c><a href=/b/{path}><h3>{title}</h3></a><p>{PROSE}</p><div class=who><div>{name}</div><div>Senior engineer</div>\
             </div><div>{i} March 2024</div></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/b/lamp | The lamp goes out | 1 March 2024 | {PROSE}")
    );
}

#[test]
fn a_line_that_says_who_when_and_where_in_words_is_no_excerpt() {
    let told = four(|i, path, title| {
        let part = ["Sea", "Product news"][i % 2];
        format!(
            "<div><h2><a href=/b/{path}>{title}</a></h2><div>Posted on {i} March 2024 by Cy Young in {part}</div><p>{PROSE}</p></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/b/lamp | The lamp goes out | 1 March 2024 | {PROSE} | Product news")
    );
}

#[test]
fn a_report_that_opens_with_place_and_date_is_of_that_day() {
    let told = four(|i, path, title| {
        format!(
            "<li><a href=/b/{path}>{title}</a><div>HARROWPORT, {i} March 2024 — {PROSE}</div></li>"
        )
    });
    assert!(
        told[0].starts_with("/b/lamp | The lamp goes out | 1 March 2024 | HARROWPORT"),
        "{told:?}"
    );
}

#[test]
fn a_long_row_of_short_facts_is_no_excerpt() {
    let told = four(|i, path, title| {
        format!(
            "<div class=post><h2><a href=/b/{path}>{title}</a></h2><div>发表于 2024-03-0{i} | 分类于 <a href=/categories/x>随笔</a> | 本文热度 \
             3{i} | 字数统计: 1.2k</div><p>{PROSE}</p></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/b/lamp | The lamp goes out | 2024-03-01 | {PROSE} | 随笔")
    );
}

#[test]
fn a_sentence_of_two_words_is_an_excerpt() {
    let told = four(|i, path, title| {
        let words = if i == 1 { "Spoiler : non." } else { PROSE };
        format!(
            "<article><h2><a href=/b/{path}>{title}</a></h2><div><p>{words}</p></div></article>"
        )
    });
    assert_eq!(told[0], "/b/lamp | The lamp goes out | Spoiler : non.");
}

#[test]
fn a_row_of_counters_under_a_day_of_its_own_is_no_excerpt() {
    let told = four(|i, path, title| {
        format!(
            "<div class=day><div><a href=/u/archive/2024/03/0{i}>2024年3月{i}日</a></div><div><a href=/u/p/{path}>{title}</a></div><div><div>\
             {PROSE} <a href=/u/p/{path}>阅读全文</a></div></div><div>posted @ 2024-03-0{i} 10:20 小安 <span>阅读({i}2)</span> <span>评论({i})</span> \
             <span>推荐({i})</span></div></div>"
        )
    });
    assert!(told[0].ends_with(PROSE), "{told:?}");
}

#[test]
fn facts_side_by_side_below_an_excerpt_are_no_part_of_it() {
    let told = four(|i, path, title| {
        format!(
            "<div class=card><a href=/x/{path}><div role=heading aria-level=3>{title}</div></a><div>{PROSE}</div><div><span>Ann Lee</span>\
             <span>March {i}</span><span>2{i} views</span></div></div>"
        )
    });
    assert!(told[0].ends_with(PROSE), "{told:?}");
}

#[test]
fn a_day_and_month_go_with_the_year_of_the_address_if_it_has_the_month() {
    let told = four(|i, path, title| {
        let month = if i == 4 { "04" } else { "03" };
        format!(
            "<div class=c><h3><a href=/2024/{month}/0{i}/{path}/>{title}</a></h3><p>{PROSE}</p><span>March {i}</span></div>"
        )
    });
    assert!(told[0].contains("| March 1 2024 |"), "{told:?}");
    assert!(!told[3].contains("2024 |"), "{told:?}");
}

#[test]
fn what_only_screen_readers_show_of_a_call_is_no_part_of_the_excerpt() {
    let told = four(|i, path, title| {
        format!(
            "<div><h4><a href=/w/{path}>{title}</a></h4><div>{PROSE}</div><div><a href=/w/{path}>Read More<span>About {title}</span> »</a>\
             </div><div>Published {i} March 2024</div></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/w/lamp | The lamp goes out | {PROSE}").replace("out | ", "out | 1 March 2024 | ")
    );
}

#[test]
fn a_date_before_a_link_in_preformatted_text_is_no_excerpt() {
    let lines: Vec<String> = ["lamp", "tide", "rope"]
        .iter()
        .zip(1..)
        .map(|(path, i)| format!("2024-03-0{i}  <a href={path}.html>The {path} goes out</a>\n"))
        .collect();
    let html = around(&format!("<pre>{}</pre>", lines.concat()));
    assert_eq!(told(&html)[1], "tide.html | The tide goes out | 2024-03-02");
}
