use super::*;

fn next_of(address: &str, html: &str) -> Option<String> {
    let url = Url::parse("https://blog.example/").unwrap();
    let post = RawEntry {
        url: Some("/posts/one/".to_owned()),
        ..RawEntry::default()
    };
    next(
        &Html::parse_document(html),
        &url.join(address).unwrap(),
        &[post],
    )
    .map(|next| {
        let next = next.to_string();
        next.strip_prefix("https://blog.example")
            .map_or_else(|| next.clone(), str::to_owned)
    })
}

#[test]
fn rel_next_in_the_head_wins_over_what_links_say() {
    let html = "<head><link rel='prev next' href='page/2'></head><a href=/archive>Older posts</a>";
    assert_eq!(next_of("/blog/", html).as_deref(), Some("/blog/page/2"));
}

#[test]
fn rel_next_of_a_link_wins_over_words() {
    let html = "<a href=/archive>Older posts</a><a rel='nofollow NEXT' href=/p/2/>2</a>";
    assert_eq!(next_of("/", html).as_deref(), Some("/p/2/"));
}

#[test]
fn next_that_means_newer_is_not_followed() {
    let html = "<link rel=next href=/newer><a rel=next href=/newer>Newer posts</a><a rel=prev href=/older>Older posts</a>";
    assert_eq!(next_of("/a", html).as_deref(), Some("/older"));
    let html = "<a rel=next href=/page/2>→</a><a href=/page/4>←</a>";
    assert_eq!(next_of("/page/3", html).as_deref(), Some("/page/4"));
}

#[test]
fn rel_next_that_chains_documents_is_not_followed() {
    let html =
        "<link rel=next href=/guide/setup/><a rel=next href=/guide/setup/>Next: Setting up</a>";
    assert_eq!(next_of("/blog/", html), None);
    let pager = format!("{html}<span>1</span><a href=/blog/page/2/>2</a>");
    assert_eq!(next_of("/blog/", &pager).as_deref(), Some("/blog/page/2/"));
    let by_date = "<link rel=next href='/blog/?before=2024-05-01'>";
    assert_eq!(
        next_of("/blog/", by_date).as_deref(),
        Some("/blog/?before=2024-05-01")
    );
    let by_year = "<a rel=next href=/archive/2023>→</a>";
    assert_eq!(next_of("/blog/", by_year).as_deref(), Some("/archive/2023"));
}

#[test]
fn words_in_many_languages_name_the_page() {
    for words in [
        "Older Posts",
        "Next page",
        "Ältere Beiträge",
        "Articles plus anciens",
        "Entradas antiguas",
        "Página seguinte",
        "Articoli meno recenti",
        "Oudere berichten",
        "Starsze wpisy",
        "Предыдущие записи",
        "下一页",
        "次のページ",
        "다음 페이지",
    ] {
        let html = format!("<a href=/>Home</a><a href='/search?before=77'>{words}</a>");
        assert_eq!(
            next_of("/", &html).as_deref(),
            Some("/search?before=77"),
            "{words}"
        );
    }
    let labelled = "<a href=/more/77 aria-label='Next page'><svg></svg></a>";
    assert_eq!(next_of("/", labelled).as_deref(), Some("/more/77"));
}

#[test]
fn an_arrow_counts_only_beside_numbers() {
    let pager = "<span>1</span> <a href='/list/b'>2</a> … <a href='/list/b'>»</a>";
    assert_eq!(next_of("/list", pager).as_deref(), Some("/list/b"));
    let card = "<h2>A post</h2><a href=/posts/two>→</a>";
    assert_eq!(next_of("/list", card), None);
    let back = "<span>1</span><a href=/list/a>«</a>";
    assert_eq!(next_of("/list", back), None);
    let named = "<span>1</span><a href=/list/z title='Newer posts'>»</a>";
    assert_eq!(next_of("/list", named), None);
}

#[test]
fn a_numbered_pager_goes_on_by_one() {
    for (here, html, expected) in [
        (
            "/blog",
            "<a href=/blog>1</a><a href=/blog/page/2>2</a><a href=/blog/page/9>9</a>",
            "/blog/page/2",
        ),
        (
            "/blog/page/2/",
            "<a href=/blog/page/1>1</a><a href=/blog/page/3/>3</a><a href=/blog/page/4/>4</a>",
            "/blog/page/3/",
        ),
        (
            "/blog",
            "<a href='?page=3'>3</a><a href='?page=2'>2</a>",
            "/blog?page=2",
        ),
        ("/?paged=2", "<a href='/?paged=3'>x</a>", "/?paged=3"),
        ("/blog/", "<a href=2>2</a>", "/blog/2"),
        // counted from 0
        (
            "/blog",
            "<a href='?page=0'>1</a><a href='?page=1'>2</a><a href='?page=2'>3</a>",
            "/blog?page=1",
        ),
        (
            "/blog?page=1",
            "<a href='?page=0'>1</a><a href='?page=2'>3</a>",
            "/blog?page=2",
        ),
    ] {
        assert_eq!(next_of(here, html).as_deref(), Some(expected), "{here}");
    }
}

#[test]
fn other_numbers_and_other_lists_are_no_next_page() {
    for html in [
        "<a href=/blog/2>part two</a>",
        "<a href=/tag/x/page/2>2</a>",
        "<a href=/2024>2024</a>",
        "<a href='/?p=2'>2</a>",
        "<a href='/posts/one?cpage=2'>2</a>",
    ] {
        assert_eq!(next_of("/blog", html), None, "{html}");
    }
}

#[test]
fn the_host_is_never_left_and_nothing_but_pages_is_asked_for() {
    for href in [
        "https://other.example/page/2",
        "https://blog.example:8443/page/2",
        "javascript:next()",
        "mailto:me@blog.example",
        "#",
        "#page-2",
        "",
        "/",
        "https://blog.example",
        "http://[",
    ] {
        let html = format!("<link rel=next href='{href}'><a href='{href}'>Older posts</a>");
        assert_eq!(next_of("/", &html), None, "{href}");
    }
    let old = "<a href='http://blog.example/page/2'>Older posts</a>";
    assert_eq!(next_of("/", old).as_deref(), Some("/page/2"));
}

#[test]
fn a_post_or_a_page_before_is_no_next_page() {
    assert_eq!(next_of("/", "<link rel=next href=/posts/one>"), None);
    for href in ["/blog/", "/blog/page/1", "/blog/page/2", "/blog/page/2/#x"] {
        let html = format!("<a rel=next href='{href}'>Older posts</a>");
        assert_eq!(next_of("/blog/page/2", &html), None, "{href}");
    }
}

#[test]
fn addresses_are_relative_to_the_base_of_the_page() {
    let html = "<base href=/news/><a href=page/2>Older posts</a>";
    assert_eq!(next_of("/", html).as_deref(), Some("/news/page/2"));
}

#[test]
fn broken_markup_gives_nothing_and_ends_nothing() {
    for html in [
        "",
        "<a href=/page/2",
        "<a href='/page/2>Older",
        "<script><a href=/page/2>2</a>",
    ] {
        assert_eq!(next_of("/", html), None, "{html}");
    }
    let unclosed = "<a href=/x>one<a href=/page/2>Older posts<p>";
    assert_eq!(next_of("/", unclosed).as_deref(), Some("/page/2"));
}
