//! Which links of a page are its posts and which are none, and by what they are called, each in the smallest list.

use super::tails::four;
use super::tests::{PROSE, around, read, told};

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
fn a_date_is_a_part_of_titles_that_are_one_without_it() {
    let told = four(|i, path, _| {
        format!(
            "<div><h2><a href=/{path}>Weekly notes, {i} March 2024</a></h2><p>{PROSE}</p></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/lamp | Weekly notes, 1 March 2024 | 1 March 2024 | {PROSE}")
    );
}
