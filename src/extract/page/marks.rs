//! What is a tag, a category or an author, and what is none, each in the smallest list.

use super::tails::four;
use super::tests::PROSE;

#[test]
fn a_link_to_the_folder_of_a_post_is_its_category() {
    let told = four(|i, path, title| {
        let part = ["sea", "coast"][i % 2];
        format!(
            "<article><a href=/{part}/>The {part}</a><span>Premium</span><h3><a href=/{part}/{path}-12.html>{title}</a></h3>\
             <p>{PROSE}</p><p>{i} March 2024</p></article>"
        )
    });
    assert_eq!(
        told[0],
        format!("/coast/lamp-12.html | The lamp goes out | 1 March 2024 | {PROSE} | The coast")
    );
}

#[test]
fn what_marks_some_posts_is_no_subject() {
    let told = four(|i, path, title| {
        let mark = [
            "<span class=badge>Video</span>",
            "<span class=badge>Sponsored</span>",
            "",
            "",
        ][i - 1];
        let part = ["Sea", "Coast"][i % 2];
        format!(
            "<article><div>{mark}</div><h4>{part}</h4><h2><a href=/blog/{path}>{title}</a></h2><div>{i} March 2024</div></article>"
        )
    });
    assert_eq!(
        told,
        [
            "/blog/lamp | The lamp goes out | 1 March 2024 | Coast",
            "/blog/tide | High tide, low budget | 2 March 2024 | Sea",
            "/blog/rope | A rope and its ends | 3 March 2024 | Coast",
            "/blog/gull | What the gull saw | 4 March 2024 | Sea",
        ]
    );
}

#[test]
fn what_kind_of_thing_a_post_is_is_its_tag_where_all_have_one() {
    let told = four(|i, path, title| {
        let kind = ["Video", "Podcast", "Guide", "Case study"][i - 1];
        format!(
            "<article><span class=tag>{kind}</span><h2><a href=/blog/{path}>{title}</a></h2><p>{PROSE}</p></article>"
        )
    });
    assert!(told[0].ends_with("| Video"), "{told:?}");
    assert!(told[3].ends_with("| Case study"), "{told:?}");
}

#[test]
fn a_line_above_a_title_may_be_two_words_in_capitals_if_most_are_not() {
    let told = four(|i, path, title| {
        let part = ["Sea", "Gaya Hidup", "Coast", "Sea"][i - 1];
        format!(
            "<article><p>{part}</p><h2><a href=/blog/{path}>{title}</a></h2><div>{i} March 2024</div></article>"
        )
    });
    assert!(told[1].ends_with("| Gaya Hidup"), "{told:?}");
    let told = four(|i, path, title| {
        let name = ["Ada Quill", "Ida Noor", "Ada Quill", "Jun"][i - 1];
        format!(
            "<article><p>{name}</p><h2><a href=/blog/{path}>{title}</a></h2><div>{i} March 2024</div></article>"
        )
    });
    assert!(told[0].ends_with("| 1 March 2024"), "{told:?}");
}

#[test]
fn a_short_text_that_names_a_subject_of_the_page_is_a_tag() {
    let posts = four(|i, path, title| {
        let tabs = if i == 1 {
            "<div role=tablist><button>All</button><button>Sea</button><button>Night Watch</button></div>"
        } else {
            ""
        };
        let part = ["Sea", "Night Watch"][i % 2];
        format!(
            "{tabs}<div class=row><a href=/blog/{path}><div>{i} March 2024</div><div>{title}</div><div>{part}</div></a></div>"
        )
    });
    assert_eq!(
        posts[0],
        "/blog/lamp | The lamp goes out | 1 March 2024 | Night Watch"
    );
    assert_eq!(
        posts[1],
        "/blog/tide | High tide, low budget | 2 March 2024 | Sea"
    );
}

#[test]
fn a_first_name_beside_a_portrait_is_the_author() {
    let told = four(|i, path, title| {
        let name = ["Odell", "Ida", "Jun", "Marla"][i - 1];
        format!(
            "<article><h2><a href=/blog/{path}>{title}</a></h2><p>{PROSE}</p><div><img src=/i/{i}.jpg alt='Photo of {name}'>\
             <span>{name}</span> <span>{i} March 2024</span></div></article>"
        )
    });
    assert_eq!(
        told[0],
        format!("/blog/lamp | The lamp goes out | 1 March 2024 | {PROSE}")
    );
}

#[test]
fn a_picture_beside_a_first_name_and_a_date_is_a_portrait() {
    let told = four(|i, path, title| {
        let name = ["Odell", "Ida", "Jun", "Marla"][i - 1];
        format!(
            "<article><div><img src=/i/{i}.jpg></div><h2><a href=/blog/{path}>{title}</a></h2><p>{PROSE}</p><div><img src=/u/{i}.jpg>\
             <div><p>{name}</p><p>{i} March 2024</p></div></div></article>"
        )
    });
    assert_eq!(
        told[0],
        format!("/blog/lamp | The lamp goes out | 1 March 2024 | {PROSE}")
    );
}

#[test]
fn a_category_behind_its_preposition_is_a_tag() {
    let told = four(|i, path, title| {
        format!(
            "<article><h2><a href=/b/{path}>{title}</a></h2><p>Publié par Ann Lee le {i} mars 2024 dans Voyages</p><p>{PROSE}</p></article>"
        )
    });
    assert_eq!(
        told[0],
        format!("/b/lamp | The lamp goes out | 1 mars 2024 | {PROSE} | Voyages")
    );
}

#[test]
fn a_line_above_a_title_is_its_category_though_an_attribute_spells_the_title() {
    let told = four(|i, path, title| {
        let part = ["Sea", "Coast"][i % 2];
        format!(
            "<div class=card><a href=/e/{path} aria-label='{title}'></a><div><div>{part}</div><div>{title}</div><div>{PROSE}</div>\
             <div>{i} March 2024 — {i} min</div></div></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/e/lamp | The lamp goes out | 1 March 2024 | {PROSE} | Coast | 1 min")
    );
}

#[test]
fn the_folder_of_a_post_may_be_that_of_a_person() {
    let told = four(|i, path, title| {
        let name = ["ann", "Bo Chen", "ann", "Bo Chen"][i - 1];
        let picture = if name == "ann" {
            "<a href=/ann><img src=a.jpg></a>"
        } else {
            ""
        };
        let folder = &name[..2].trim();
        let folder = if name == "ann" { "ann" } else { folder };
        format!(
            "<div class=story>{picture}<a href=/{folder}>{name}</a> <time>{i} March 2024</time><h2><a href=/{folder}/{path}>{title}</a></h2>\
             <div><a href=/t/rust><span>#</span>rust</a></div></div>"
        )
    });
    assert!(told[0].ends_with("| 1 March 2024 | rust"), "{told:?}");
    assert!(told[1].ends_with("| 2 March 2024 | rust"), "{told:?}");
}

#[test]
fn tags_behind_a_label_in_running_text_are_told_apart() {
    let told = four(|i, path, title| {
        format!(
            "<div class=p><h2><a href=/b/{path}>{title}</a></h2><div>Summary: {PROSE}</div><p>{i} March 2024. Filed under: rust, sea, ropes</p></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/b/lamp | The lamp goes out | 1 March 2024 | {PROSE} | rust+sea+ropes")
    );
}

#[test]
fn how_new_a_change_is_is_its_tag_where_every_change_has_a_kind() {
    let told = four(|i, path, title| {
        let kinds = [
            "<span class=chip-a>New</span>",
            "<span class=chip-a>Improved</span>",
            "<span class=chip-a>New</span><span class=chip-a>Sails</span>",
            "<span class=chip-a>Fixed</span>",
        ][i - 1];
        format!(
            "<article><div><a href=/c/{path}><time>{i} March 2024</time></a><div>{kinds}</div></div><div><h2><a href=/c/{path}>{title}</a></h2>\
             <p>{PROSE}</p></div></article>"
        )
    });
    assert!(told[0].ends_with("| New"), "{told:?}");
    assert!(told[2].ends_with("| New+Sails"), "{told:?}");
}

#[test]
fn a_category_above_the_title_is_one_sooner_than_a_name_beside_the_date() {
    let told = four(|i, path, title| {
        let part = ["Water", "Bouw", "Water", "Energie"][i - 1];
        let name = ["Redactie", "Femke de Wit", "Redactie", "Jan"][i - 1];
        format!(
            "<li><span class=Part__x81>{part}</span><h2><a href=/n/{path}>{title}</a></h2><p>{PROSE}</p><div><span>{i} March 2024</span>\
             <span> | </span><span>{name}</span></div></li>"
        )
    });
    assert_eq!(
        told[1],
        format!("/n/tide | High tide, low budget | 2 March 2024 | {PROSE} | Bouw")
    );
}

#[test]
fn tags_behind_the_last_sentence_of_a_line_are_no_part_of_it() {
    let told = four(|i, path, title| {
        format!(
            "<div class=item><a href=/{i}1><span class=title>{title}</span><span class=words>{PROSE}</span></a><span class=info>\
             <a href=/category/{path} class=category>Sea</a><span class=date>2023. 11. {i}. 10:30</span><span>{i} comments</span></span></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/11 | The lamp goes out | 2023. 11. 1. 10:30 | {PROSE} | Sea")
    );
}

#[test]
fn tags_in_a_line_that_begins_with_a_call_are_tags() {
    let told = four(|_, path, title| {
        format!(
            "<div class=post><h2><a href=/{path}>{title}</a></h2><p>{PROSE}</p><div><a href=/{path}>Czytaj dalej →</a> \
             <a href=/{path}#komentarze>Komentarze (12)</a> <span>Tagi: <a href=/tag/sea>sea</a>, <a href=/tag/oar>oar</a></span></div></div>"
        )
    });
    assert_eq!(
        told[0],
        format!("/lamp | The lamp goes out | {PROSE} | sea+oar")
    );
}

#[test]
fn a_call_to_read_that_is_marked_as_a_tag_is_none() {
    let told = four(|_, path, title| {
        format!(
            "<article><h2><a href=/n/{path}>{title}</a></h2><p>{PROSE}</p><ul><li><a href=/tags/fish>Fish</a></li></ul><ul>\
             <li><a href=/n/{path} rel=tag>Read more<span> about {title}</span></a></li></ul></article>"
        )
    });
    assert_eq!(
        told[0],
        format!("/n/lamp | The lamp goes out | {PROSE} | Fish")
    );
}

#[test]
fn what_filters_a_list_names_its_subjects() {
    let told = four(|i, path, title| {
        let filter = if i == 1 {
            "<section><button aria-pressed=true>All</button><button>Data</button><button>Crew</button></section>"
        } else {
            ""
        };
        let part = ["Data", "Crew", "Data", "Crew"][i - 1];
        format!(
            "{filter}<a class=row href=/e/{path}><span class=x1>{part}</span><h3>{title}</h3><span>{i} March 2024</span></a>"
        )
    });
    assert_eq!(told[0], "/e/lamp | The lamp goes out | 1 March 2024 | Data");
}

#[test]
fn a_category_over_a_short_title_is_no_person_though_one_is_shown_below() {
    let told = four(|i, path, title| {
        let part = ["Sea", "Crew", "Sea", "Coast"][i - 1];
        let name = ["Lena Ortmann", "Chidi Eze", "Jo Bakker", "Yusuf Karim"][i - 1];
        format!(
            "<a href=/e/{path}><div><span>{part}</span><h3>{title}</h3><div><img src=/p/{i}.jpg alt=''><span>{name}</span><span>·</span>\
             <span>Mar {i}, 2024</span></div></div></a>"
        )
    });
    assert_eq!(
        told[1],
        "/e/tide | High tide, low budget | Mar 2, 2024 | Crew"
    );
}

#[test]
fn a_name_and_a_category_in_rows_below_the_date_are_told_apart() {
    let told = four(|i, path, title| {
        let name = ["Ann Lee", "Bo Chen", "Cy Young", "Dee Moss"][i - 1];
        let part = ["Sea", "Crew", "Sea", "Product news"][i - 1];
        format!(
            "<div class=n><h4><a href=/b/{path}>{title}</a></h4><ul><li>{i} March 2024</li><li>{name}</li><li>{part}</li><li>{i} Comments</li>\
             </ul><p>{PROSE}</p></div>"
        )
    });
    assert_eq!(
        told[1],
        format!("/b/tide | High tide, low budget | 2 March 2024 | {PROSE} | Crew")
    );
}

#[test]
fn brackets_around_a_category_are_no_part_of_it() {
    let told = four(|i, path, title| {
        let part = ["Sea", "Crew"][i % 2];
        format!(
            "<li><a href=/b/{path}>{title}</a> <span class=cat>[{part}]</span> <span>{i} March 2024</span></li>"
        )
    });
    assert_eq!(told[0], "/b/lamp | The lamp goes out | 1 March 2024 | Crew");
}

#[test]
fn a_short_link_within_the_site_beside_a_date_may_be_a_category() {
    let told = four(|i, path, title| {
        let part = ["sea", "crew", "sea", "coast"][i - 1];
        let name = ["Ann Lee", "Bo Chen", "Ann Lee", "Dee Moss"][i - 1];
        format!(
            "<div class=it><h3><a href=/{path}/>{title}</a></h3><p>{i} March 2024 | <a href=/{part}/>{part}</a> | <a href=/x-{i}/>{name}</a></p>\
             <p>{PROSE}</p></div>"
        )
    });
    assert_eq!(
        told[1],
        format!("/tide/ | High tide, low budget | 2 March 2024 | {PROSE} | crew")
    );
}

#[test]
fn a_place_behind_a_name_is_no_category_where_there_is_one() {
    let told = four(|i, path, title| {
        let part = ["POLITICS", "ECONOMY", "POLITICS", "CULTURE"][i - 1];
        format!(
            "<div><p>{part}</p><h2><a href=/{path}-1.html>{title}</a></h2><p>{PROSE}</p><p>By Ann Lee in Berlin, {i} March 2024</p></div>"
        )
    });
    assert!(told[0].ends_with("| POLITICS"), "{told:?}");
}
