//! Whatever comes in as a page: nothing panics, and what is read holds together.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn no_soup_panics(parts in proptest::collection::vec(piece(), 0..60)) {
        let html = parts.concat();
        let _ = page(&html);
        let _ = article(&html, &Url::parse(PAGE).unwrap());
        let rules = Wrapper { item: rule("li, article, div"), date: rule("time"), ..Wrapper::default() };
        let _ = read(&html, &Url::parse(PAGE).unwrap(), Some(&rules));
    }
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "<ul>",
            "</ul>",
            "<li>",
            "</li>",
            "<article>",
            "</article>",
            "<h2>",
            "</h2>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
            "<br>",
            "<hr>",
            "<p>",
            "</p>",
            "<div class='post tags'>",
            "</div>",
            "<a href=/p/one-two-three>",
            "<a href=/x>",
            "<a href='//'>",
            "<a href='?p=1'>",
            "</a>",
            "<time datetime=2024-01-02>",
            "</time>",
            "2024",
            "11/4",
            "March 30 - ",
            "5 min read",
            "Read more",
            "by Ann",
            "#sea #light",
            "<pre>",
            "</pre>",
            "<script type=application/ld+json>[{\"@type\":\"Article\",\"url\":\"/p\"",
            "</script>",
            "<span>",
            "</span>",
            "日本語の題名",
            "İ:",
            "&bullet;",
            "<base href=x>",
            "<nav>",
            "</nav>",
            "<aside>",
            "A title of some words",
            "and prose that goes on for a good while, as prose does.",
            "<img alt=x src=y>",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}
