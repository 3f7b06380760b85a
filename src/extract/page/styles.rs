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
