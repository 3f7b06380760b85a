//! What stands around an excerpt and is no part of it, and what is no post, each in the smallest list.

use super::tests::{PROSE, around, read, told};

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
fn posts_under_numbers_of_the_front_page_are_found_by_their_calls_to_read() {
    let posts: Vec<String> = [(17, "The lamp goes out"), (12, "A rope"), (9, "3 gulls and a lamp")]
        .iter()
        .map(|(id, title)| {
            format!(
                "<div class=box><strong>{title}</strong><div><em>2 March 2024</em> — {PROSE}</div><a href=?p={id}>Read</a></div>"
            )
        })
        .collect();
    let html = around(&format!(
        "{}<a href=?page=2>2</a> <a href=?page=2>Next</a>",
        posts.concat()
    ));
    let url = url::Url::parse("https://blog.example/").expect("an address");
    let page = read(&html, &url, None).expect("a list");
    let links: Vec<_> = page
        .entries
        .iter()
        .map(|entry| entry.url.clone().unwrap_or_default())
        .collect();
    assert_eq!(links, ["?p=17", "?p=12", "?p=9"]);
}

#[test]
fn a_text_that_all_posts_share_is_left_whole() {
    let told = four(|_, path, title| {
        format!(
            "<article><h2><a href=/blog/{path}>{title}</a></h2><p>{PROSE}</p><h4>Fixes</h4><p>Tables keep rows</p><p>Faster starts</p></article>"
        )
    });
    assert!(
        told[0].ends_with("Fixes Tables keep rows Faster starts"),
        "{told:?}"
    );
}

#[test]
fn posts_of_a_blog_of_one_page_are_the_parts_that_link_to_themselves() {
    let told = four(|i, path, title| {
        format!(
            "<article id={path}><h2><a href=#{path}>{title}</a></h2><p>{i} March 2024</p><p>{PROSE}</p></article>"
        )
    });
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(
        told[0],
        format!("#lamp | The lamp goes out | 1 March 2024 | {PROSE}")
    );
    // questions have no dates, and comments no titles
    for post in [
        |_: usize, path: &str, title: &str| {
            format!(
                "<section id={path}><h2><a href=#{path}>{title}?</a></h2><p>{PROSE}</p></section>"
            )
        },
        |i: usize, path: &str, _: &str| {
            format!(
                "<div id={path}><b>Ada</b> <a href=#{path}>{i} March 2024</a><p>{PROSE}</p></div>"
            )
        },
    ] {
        assert_eq!(four(post), [""; 0]);
    }
}

#[test]
fn the_numbered_answers_of_a_thread_are_no_posts() {
    let answers: Vec<String> = (1..6)
        .map(|i| {
            format!(
                "<div class=post><a href=/u/ann>ann</a> <a href=/t/flue/88/{i}><time>March {i}, 2024</time></a><div>{PROSE}</div></div>"
            )
        })
        .collect();
    let html = around(&format!(
        "<h1>How do you clean a flue?</h1>{}",
        answers.concat()
    ));
    let at = |url: &str| url::Url::parse(url).expect("an address");
    assert!(read(&html, &at("https://talk.example/t/flue/88"), None).is_err());
}

#[test]
fn a_number_is_a_title_where_the_address_calls_the_post_so() {
    let told = four(|i, path, title| {
        let (path, title) = if i == 2 {
            ("117", "#117")
        } else {
            (path, title)
        };
        format!(
            "<div class=x><a href=/p/{path}>{title}</a><a href=/p/{path}>{PROSE}</a><div>{i} March 2024</div></div>"
        )
    });
    assert_eq!(told[1], format!("/p/117 | #117 | 2 March 2024 | {PROSE}"));
    let told = four(|i, path, title| {
        let title = if i == 2 { "404" } else { title };
        format!("<a class=x href=/p/{path}><h3>{title}</h3><p>{PROSE}</p><p>{i} March 2024</p></a>")
    });
    assert_eq!(told[1], format!("/p/tide | 404 | 2 March 2024 | {PROSE}"));
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
fn what_was_paid_for_is_no_post() {
    let told = four(|i, path, title| {
        let (rel, host) = if i == 2 {
            ("sponsored", "https://ads.test")
        } else {
            ("bookmark", "")
        };
        format!(
            "<article><a href={host}/b/{path} rel={rel}><h3>{title}</h3></a><p>{PROSE}</p></article>"
        )
    });
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn a_bare_list_of_more_posts_goes_on_with_the_list() {
    let told = four(|i, path, title| {
        let more = if i == 4 {
            "<div class=items-more><h3>More articles...</h3><ol class='nav nav-tabs'><li><a href=/n/mast>A mast is up</a></li>\
             <li><a href=/n/keel>A keel is down</a></li></ol></div>"
        } else {
            ""
        };
        format!(
            "<div class=item><h2><a href=/n/{path}>{title}</a></h2><time>{i} March 2024</time><p>{PROSE}</p></div>{more}"
        )
    });
    assert_eq!(told.len(), 6, "{told:?}");
    assert_eq!(told[5], "/n/keel | A keel is down");
}

#[test]
fn titles_that_lead_out_stand_for_permalinks_where_one_leads_to_its_own() {
    let told = four(|i, path, title| {
        let to = if i == 2 {
            format!("/linked/{path}")
        } else {
            format!("https://{path}.test/a")
        };
        format!(
            "<dd><h2><a href={to}>{title}</a> <a class=perma title='Permanent link' href=/linked/{path}>★</a></h2><p>{PROSE}</p></dd>"
        )
    });
    assert_eq!(
        told[0],
        format!("/linked/lamp | The lamp goes out | {PROSE}")
    );
    let told = four(|_, path, title| {
        format!(
            "<dd><h2><a href=https://{path}.test/a>{title}</a> <a class=perma title='Permanent link' href=/linked/{path}>★</a></h2><p>{PROSE}</p></dd>"
        )
    });
    assert_eq!(
        told[0],
        format!("https://lamp.test/a | The lamp goes out | {PROSE}")
    );
}

#[test]
fn links_that_call_in_the_same_words_are_one_list_whatever_links_follow() {
    let told = four(|i, path, title| {
        let end = if i == 4 {
            "<p>Older: <a href=a.html>February</a>, <a href=b.html>January</a>, <a href=c.html>all of 2008</a></p>\
             <p>Friends: <a href=https://a.test/>Beans</a>, <a href=https://b.test/>Sheds</a>, <a href=https://c.test/>Ropes</a></p>"
        } else {
            ""
        };
        format!(
            "<hr><p><b>{title}</b></p><p>{PROSE}</p><p>Written on {i} March 2009. <a href=2009/{path}.html>Link to this</a> | \
             <a href=2009/{path}.html#c>{i} comments</a></p>{end}"
        )
    });
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(
        told[1].starts_with("2009/tide.html | High tide, low budget | 2 March 2009"),
        "{told:?}"
    );
}

#[test]
fn a_code_in_the_address_is_no_title_beside_one() {
    let rows: Vec<String> = (1..5)
        .map(|i| {
            format!(
                "<tr><td><a href=/a/bs-2024-0{i}>BS-2024-0{i}</a></td><td><a href=/a/bs-2024-0{i}>Heap overflow in part {i}</a></td>\
                 <td>2024-03-0{i}</td></tr>"
            )
        })
        .collect();
    let html = around(&format!("<table>{}</table>", rows.concat()));
    assert_eq!(
        told(&html)[0],
        "/a/bs-2024-01 | Heap overflow in part 1 | 2024-03-01"
    );
}

#[test]
fn a_day_and_month_above_the_title_in_its_link_is_no_title() {
    let posts: Vec<String> = (1..4)
        .map(|i| {
            format!(
                "<a href=/letters/{i}><div><div><div>June {i}</div><div>#{i}: Who owns the pavement {i}?</div></div><div>→</div></div></a>"
            )
        })
        .collect();
    let html = around(&format!("<h2>2023</h2><div>{}</div>", posts.concat()));
    assert_eq!(
        told(&html)[0],
        "/letters/1 | #1: Who owns the pavement 1? | June 1 2023"
    );
}

#[test]
fn the_last_page_of_a_list_is_no_post_in_any_language() {
    let rows: Vec<String> = (1..5)
        .map(|i| {
            format!(
                "<tr><td>113-05-0{i}</td><td><a href=doc.aspx?id={i}2>海洋公告第{i}號</a></td></tr>"
            )
        })
        .collect();
    let html = around(&format!(
        "<table>{}</table><a href=list.aspx?nid=1&page=2>下一頁</a> <a href=list.aspx?nid=1&page=42>最末頁</a>",
        rows.concat()
    ));
    let url = url::Url::parse("https://gov.example/list.aspx?nid=1").expect("an address");
    let page = read(&html, &url, None).expect("a list");
    assert_eq!(page.entries.len(), 4);
    assert_eq!(page.entries[0].published.as_deref(), Some("113-05-01"));
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
fn lines_of_posts_are_a_list_whatever_links_stand_together_below() {
    let told = four(|i, path, title| {
        let end = if i == 4 {
            "<p>Archive: <a href=/2023/>2023</a> <a href=/2022/>2022</a> <a href=/2021/>2021</a></p>"
        } else {
            ""
        };
        format!("<p>{i} March 2024 <a href=/b/{path}>{title}</a> (Sea)</p>{end}")
    });
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(
        told[3].starts_with("/b/gull | What the gull saw | 4 March 2024"),
        "{told:?}"
    );
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
