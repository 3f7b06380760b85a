//! Ways to write a list of posts, each in the smallest page that shows it.

use super::tests::{PROSE, around, told};

/// Three posts, each as `post` writes it from its number, path and title.
fn three(post: impl Fn(usize, &str, &str) -> String) -> String {
    [
        ("lamp", "The lamp goes out"),
        ("tide", "High tide, low budget"),
        ("rope", "A rope and its ends"),
    ]
    .into_iter()
    .enumerate()
    .map(|(i, (path, title))| post(i + 1, path, title))
    .collect()
}

#[test]
fn words_before_the_links_to_tags_are_no_tags() {
    let html = around(&three(|i, path, title| {
        format!(
            "<article><h2><a href=/blog/{path}>{title}</a></h2><div class=post-meta><time datetime=2024-03-0{i}>2024-03-0{i}</time> \
             <span class=post-category>inclus dans <a href=/categories/sea>Mer</a></span></div><p>{PROSE}</p></article>"
        )
    }));
    let first = format!("/blog/lamp | The lamp goes out | 2024-03-01 | {PROSE} | Mer");
    assert_eq!(told(&html)[0], first);
}

#[test]
fn a_day_and_month_behind_the_title_in_its_link_goes_with_the_year_above() {
    let rows = three(|i, path, title| {
        format!("<li><a href=/blog/{path}><span>{title}</span><span>1{i} листопада</span></a></li>")
    });
    let html = around(&format!("<section><h2>2023</h2><ul>{rows}</ul></section>"));
    assert_eq!(
        told(&html)[..2],
        [
            "/blog/lamp | The lamp goes out | 11 листопада 2023",
            "/blog/tide | High tide, low budget | 12 листопада 2023",
        ]
    );
}

#[test]
fn a_short_sentence_behind_the_title_in_its_link_is_the_excerpt() {
    let html = around(&three(|i, path, title| {
        format!(
            "<li><a href=/blog/{path}><strong>{title}</strong><span>It was dark.</span></a><div>2024. 3. {i}.</div></li>"
        )
    }));
    let first = "/blog/lamp | The lamp goes out | 2024. 3. 1 | It was dark.";
    assert_eq!(told(&html)[0], first);
}

#[test]
fn a_date_in_the_title_attribute_says_what_relative_words_mean() {
    let html = around(&three(|i, path, title| {
        let words = if i == 1 { "yesterday" } else { "3 weeks ago" };
        format!(
            "<div><p><a href=/authors/mo>Mo</a> · <span title=\"Mar {i}, 2024\">{words}</span></p><h2><a \
             href=/blog/{path}>{title}</a></h2><p>{PROSE}</p></div>"
        )
    }));
    assert_eq!(
        told(&html)[..2],
        [
            format!("/blog/lamp | The lamp goes out | Mar 1, 2024 | {PROSE}"),
            format!("/blog/tide | High tide, low budget | Mar 2, 2024 | {PROSE}"),
        ]
    );
}

#[test]
fn a_date_in_an_element_of_its_own_may_have_two_figures_for_the_year() {
    let html = around(&three(|i, path, title| {
        format!(
            "<article><p><span>Signe Krog</span><time>1{i}.03.24</time></p><h2><a href=/blog/{path}>{title}</a></h2>\
             <p>{PROSE}</p></article>"
        )
    }));
    let first = format!("/blog/lamp | The lamp goes out | 11.03.24 | {PROSE}");
    assert!(told(&html)[0].starts_with(&first), "{:?}", told(&html));
}

#[test]
fn a_subtitle_above_the_facts_is_not_the_excerpt() {
    let html = around(&three(|i, path, title| {
        format!(
            "<article><a href=/blog/{path}><h2>{title}</h2><h3>What we found when the water was gone</h3></a><p>Posted on March \
             {i}, 2024</p><div>{PROSE}</div></article>"
        )
    }));
    let first = format!("/blog/lamp | The lamp goes out | March 1, 2024 | {PROSE}");
    assert_eq!(told(&html)[0], first);
}

#[test]
fn posts_in_shadow_roots_are_read_where_browsers_show_them() {
    let posts = three(|i, path, title| {
        format!(
            "<post-card><template shadowrootmode=open><h2><a href=/blog/{path}>{title}</a></h2><time>2024-03-0{i}</time>\
             <p>{PROSE}</p></template></post-card>"
        )
    });
    let first = format!("/blog/lamp | The lamp goes out | 2024-03-01 | {PROSE}");
    assert_eq!(told(&around(&posts))[0], first);
    let unused = posts.replace(" shadowrootmode=open", "");
    assert!(told(&around(&unused)).is_empty());
}

#[test]
fn posts_that_only_browsers_without_scripts_are_shown_are_read() {
    let posts = three(|i, path, title| {
        format!(
            "<li><a href=/blog/{path}>{title}</a> <small>{i} March 2024</small><p>{PROSE}</p></li>"
        )
    });
    let html = around(&format!(
        "<div id=app>Loading…</div><noscript><ul>{posts}</ul></noscript>"
    ));
    let first = format!("/blog/lamp | The lamp goes out | 1 March 2024 | {PROSE}");
    assert_eq!(told(&html)[0], first);
    let shown = around(&format!(
        "<ul>{posts}</ul><noscript><ul>{}</ul></noscript>",
        posts.replace("/blog/", "/old/")
    ));
    assert!(told(&shown).iter().all(|line| line.starts_with("/blog/")));
}

#[test]
fn the_section_link_above_an_article_is_not_a_list_of_one() {
    let html = around(&format!(
        "<article><p><a href=/politics>Politics</a></p><h1>The lamp goes out</h1><p>{PROSE}</p><p>By Lee Oda <time \
         datetime=2024-03-05>5 March 2024</time></p><p>{PROSE} {PROSE}</p></article>"
    ));
    assert!(told(&html).is_empty(), "{:?}", told(&html));
}

#[test]
fn a_version_that_a_tag_marks_is_a_post() {
    let html = around(&three(|i, _, title| {
        format!(
            "<section><h2><a href=/knot/releases/tag/v1.{i}>Knot 1.{i}</a></h2><p>March {i}, 2024 by <a href=/mo>mo</a></p><p>{title} \
             at last.</p><ul><li>Ends no longer slip in <a href=/knot/pull/{i}>#{i}</a></li></ul></section>"
        )
    }));
    let paths: Vec<String> = told(&html)
        .iter()
        .map(|line| line.split(" | ").take(3).collect::<Vec<_>>().join(" | "))
        .collect();
    assert_eq!(
        paths[..2],
        [
            "/knot/releases/tag/v1.1 | Knot 1.1 | March 1, 2024",
            "/knot/releases/tag/v1.2 | Knot 1.2 | March 2, 2024",
        ]
    );
}

#[test]
fn a_column_of_departments_holds_tags() {
    let rows = three(|i, path, title| {
        let area = ["Vivienda", "Cultura", "Vivienda"][i - 1];
        format!(
            "<tr><td>0{i}/03/2024</td><td><a href=/blog/{path}>{title}</a></td><td>{area}</td></tr>"
        )
    });
    let html = around(&format!(
        "<table><tr><th>Fecha</th><th>Título</th><th>Área</th></tr>{rows}</table>"
    ));
    let first = "/blog/lamp | The lamp goes out | 01/03/2024 | Vivienda";
    assert_eq!(told(&html)[0], first);
}

#[test]
fn a_programme_of_events_is_no_list_of_posts() {
    let events = |hour: &str| {
        three(|i, path, title| {
            format!(
                "<li><span>{i}. Dezember 2024{hour}</span><h3><a href=/programm/{path}>{title}</a></h3><p>Großer Saal</p></li>"
            )
        })
    };
    assert!(told(&around(&format!("<ul>{}</ul>", events(", 20 Uhr")))).is_empty());
    let posts = events("").replace("/programm/", "/blog/");
    assert_eq!(told(&around(&format!("<ul>{posts}</ul>"))).len(), 3);
}

#[test]
fn a_date_in_brackets_between_title_and_excerpt_is_their_date() {
    let html = around(&three(|i, path, title| {
        format!("<li><a href=/blog/{path}>{title}</a> (2024-03-0{i}) &mdash; {PROSE}</li>")
    }));
    let first = format!("/blog/lamp | The lamp goes out | 2024-03-01 | {PROSE}");
    assert_eq!(told(&html)[0], first);
}

#[test]
fn category_date_title_and_excerpt_in_one_link_are_told_apart() {
    let html = around(&three(|i, path, title| {
        let category = ["Report", "Case study", "Report"][i - 1];
        format!(
            "<a href=/blog/{path}><div><div>{category}</div><div>Mar 2024</div></div><div>{title}</div><div>{PROSE}</div></a>"
        )
    }));
    let first = format!("/blog/lamp | The lamp goes out | Mar 2024 | {PROSE} | Report");
    assert_eq!(told(&html)[0], first);
}

#[test]
fn what_touches_every_title_is_no_part_of_it() {
    let html = around(&three(|i, path, title| {
        format!(
            "<a href=/blog/{path}><span>0{i}.03.2024 Cuma</span><strong>{title}</strong><i>Detay</i></a>"
        )
    }));
    let first = told(&html)[0].clone();
    assert!(
        first.starts_with("/blog/lamp | The lamp goes out | 01.03.2024"),
        "{first}"
    );
}

#[test]
fn a_link_to_the_post_in_words_of_its_own_is_no_excerpt() {
    let html = around(&three(|i, path, title| {
        format!(
            "<div><p>{i} March 2024</p><h2><a href=/blog/{path}>{title}</a></h2><p>{PROSE}</p><div><a href=/blog/{path}>to the              recipe</a> <a href=/blog/{path}#respond>12</a></div></div>"
        )
    }));
    let first = format!("/blog/lamp | The lamp goes out | 1 March 2024 | {PROSE}");
    assert_eq!(told(&html)[0], first);
}

#[test]
fn a_word_beside_the_date_that_other_posts_share_is_their_category() {
    let html = around(&three(|i, path, title| {
        let category = ["klei", "oven", "klei"][i - 1];
        format!(
            "<div><a href=/blog/{path}><div><div><span>{title}</span></div></div><div><div><span>{category}</span></div><div><span>{i}              maart 2024</span></div></div></a></div>"
        )
    }));
    assert_eq!(
        told(&html)[0],
        "/blog/lamp | The lamp goes out | 1 maart 2024 | klei"
    );
}

#[test]
fn those_who_write_answers_are_no_posts() {
    let answers = [1, 2, 3, 4].map(|i| {
        format!(
            "<div><a href=/u/ann{i}>ann{i}</a> <time>March {i}, 2024</time><div>{PROSE}</div></div>"
        )
    });
    let answers = answers.concat();
    assert!(
        told(&around(&format!(
            "<h1>How do you clean a flue?</h1>{answers}"
        )))
        .is_empty()
    );
}

#[test]
fn a_day_and_month_above_the_title_is_no_category() {
    let rows = three(|i, path, title| {
        format!(
            "<a href=/blog/{path}><span class=kicker>1{i} NOV</span><span>{title}</span><span>{PROSE}</span></a>"
        )
    });
    let first = format!("/blog/lamp | The lamp goes out | 11 NOV 2024 | {PROSE}");
    let html = around(&format!("<h1>Journal 2024</h1>{rows}"));
    assert_eq!(told(&html)[0], first);
}

#[test]
fn a_short_subtitle_that_leads_to_the_post_is_its_excerpt() {
    let html = around(&three(|i, path, title| {
        format!(
            "<div><div><a href=/blog/{path}>{title}</a></div><div><a href=/blog/{path}>On rope and on rowing</a></div><div><time>{i}              March 2024</time></div></div>"
        )
    }));
    let first = "/blog/lamp | The lamp goes out | 1 March 2024 | On rope and on rowing";
    assert_eq!(told(&html)[0], first);
}

#[test]
fn things_with_prices_are_no_posts_unless_they_are_dated() {
    let things = |when: &str| {
        around(&three(|_, path, title| {
            format!("<li><a href=/p/{path}><h3>{title}</h3></a><span>€14.00</span>{when}</li>")
        }))
    };
    assert!(told(&things("")).is_empty());
    assert_eq!(told(&things("<time>1 March 2024</time>")).len(), 3);
}

#[test]
fn a_day_of_publication_and_one_of_change_are_told_apart_in_one_line() {
    let card = |slug: &str, title: &str, when: &str| {
        format!("<div><h3><a href=/blog/{slug}>{title}</a></h3><p>{PROSE}</p><p>{when}</p></div>")
    };
    let html = around(&format!(
        "<section>{}{}{}</section>",
        card(
            "lamp",
            "The lamp goes out",
            "Published on 12 June 2025 at 06:30 · Last updated on 13 June 2025 at 18:00"
        ),
        card(
            "tide",
            "High tide, low budget",
            "Publié le 3 juin 2025 à 06h30 – Mis à jour le 9 juin 2025"
        ),
        card("oars", "Oars for sale", "Published on 2 May 2025 at 10:00"),
    ));
    let told = told(&html);
    for (line, day) in told
        .iter()
        .zip(["12 June 2025", "3 juin 2025", "2 May 2025"])
    {
        assert!(
            line.contains(&format!(" | {day}")) && line.ends_with(&format!(" | {PROSE}")),
            "{line}"
        );
    }
    assert_eq!(told.len(), 3);
}
