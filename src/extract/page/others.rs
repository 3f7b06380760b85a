//! Pages that are no index of posts, each in the smallest page that shows it, beside one that is.

use super::tests::{PROSE, around, told};

/// Three dated cards with a heading and an excerpt, which lead into `folder`.
fn cards(folder: &str) -> String {
    ["one", "two", "six"]
        .map(|name| {
            format!(
                "<article><h2><a href={folder}/{name}>The {name} of it all</a></h2><time>3 May 2024</time><p>{PROSE}</p></article>"
            )
        })
        .concat()
}

#[test]
fn the_posts_in_the_frame_of_a_page_that_is_one_post_are_not_its_own() {
    let text = format!("<p>{PROSE}</p>").repeat(4);
    let page = |kind: &str| {
        format!(
            "<html><head><title>Salt</title><meta property=og:type content={kind}></head><body>\
             <main><h1>Salt</h1>{text}</main><aside>{}</aside></body></html>",
            cards("/blog")
        )
    };
    assert!(told(&page("article")).is_empty());
    assert_eq!(told(&page("website")).len(), 3);
}

#[test]
fn a_page_that_is_not_there_lists_no_posts() {
    let page = |title: &str| {
        format!(
            "<html><head><title>{title} | Salt marsh</title></head><body><main><h1>{title}</h1><h2>Recent posts</h2><ul>\
             <li><a href=/2024/05/one>The one of it all</a></li><li><a href=/2024/05/two>The two of it all</a></li>\
             <li><a href=/2024/05/six>The six of it all</a></li></ul></main></body></html>"
        )
    };
    assert!(told(&page("Page not found")).is_empty());
    assert!(told(&page("Seite nicht gefunden")).is_empty());
    assert_eq!(told(&page("Finds")).len(), 3);
}

#[test]
fn open_positions_are_no_posts() {
    assert!(told(&around(&cards("/careers/open-roles"))).is_empty());
    assert!(told(&around(&cards("/jobs"))).is_empty());
    assert_eq!(told(&around(&cards("/blog/jobs"))).len(), 3);
}

#[test]
fn tiles_that_lead_to_the_parts_of_a_site_are_no_posts() {
    let tiles = |titles: [&str; 3]| {
        let tile = |title: &str| {
            let path = title.to_lowercase().replace(' ', "");
            format!("<div><h3><a href=/help/{path}>{title}</a></h3><p>{PROSE}</p></div>")
        };
        around(&titles.map(tile).concat())
    };
    assert!(told(&tiles(["Opening hours", "Library card", "Lending"])).is_empty());
    let posts = [
        "What a library card opens",
        "Why we lend ladders",
        "The hours after closing time",
    ];
    assert_eq!(told(&tiles(posts)).len(), 3);
}

#[test]
fn the_one_link_of_a_form_is_no_post() {
    let html = around(
        "<form><input name=mail><button>Log in</button></form><p><a href=/password>Forgot your password?</a> \
         No account yet? Ask us for one, it takes a minute and no card.</p>",
    );
    assert!(told(&html).is_empty());
}
