//! Posts that come back one by one.

use super::*;

#[test]
fn a_single_post_is_known_again_by_its_title_and_its_very_date() {
    let was = posts(0..10);
    let posts = known(&was, 10);
    let with = |change: fn(Entry) -> Entry| {
        let mut now = was.clone();
        now[4] = renamed(change(now[4].clone()));
        let right = |post: &KnownPost, _: &Entry| post.title == was[4].title;
        follow(&posts, &now, right)
    };
    assert_eq!(with(|it| it), (1, 0, false));
    assert_eq!(with(other_text), (1, 0, false));
    // a word more in its title, and all the rest is the same
    assert_eq!(with(retitled), (1, 0, false));
    assert_eq!(with(|it| other_text(retitled(it))), (0, 0, false));
    // nothing but the title is too little for one
    assert_eq!(with(|it| textless(undated(it))), (0, 0, false));
    assert_eq!(with(|it| other_text(undated(it))), (0, 0, false));
    assert_eq!(with(redated), (0, 0, false));
    // the whole text is enough where there is no date
    assert_eq!(with(undated), (1, 0, false));
    assert_eq!(with(|it| undated(retitled(it))), (1, 0, false));
}

#[test]
fn a_day_and_an_instant_of_it_are_one_date() {
    let mut was = posts(0..10);
    was[4] = by_day(textless(was[4].clone()));
    let mut now = was.clone();
    now[4] = renamed(post(5));
    assert_eq!(follow(&known(&was, 10), &now, same_title), (1, 0, false));
    now[4] = renamed(post(5));
    if let Some(date) = &mut now[4].published {
        date.at += TimeDelta::days(1);
    }
    assert_eq!(follow(&known(&was, 10), &now, same_title), (0, 0, false));
}

#[test]
fn a_post_that_comes_back_under_a_date_of_the_past_is_known_by_its_whole_text() {
    let was = posts(0..10);
    let posts = known(&was, 4);
    let with = |change: fn(Entry) -> Entry, is_late| {
        let entry = renamed(change(was[7].clone()));
        let shown = [Shown {
            entry: &entry,
            is: None,
            is_late,
        }];
        let found = migrate(&posts, &shown, &BTreeSet::new());
        assert!(!found.is_event);
        found.pairs == [(0, 7)]
    };
    assert!(with(redated, true));
    assert!(with(|it| redated(retitled(it)), true));
    assert!(!with(|it| redated(other_text(it)), true));
    assert!(!with(|it| redated(textless(it)), true));
    // dated to the time at which it came, it is said again
    assert!(!with(redated, false));
}

#[test]
fn a_short_text_is_whole_with_its_title_where_both_are_to_the_letter() {
    let short = |mut it: Entry| {
        it.title = format!("{}, and what came of it in the end", it.title);
        it.summary = it
            .summary
            .map(|it| it.split(' ').take(12).collect::<Vec<_>>().join(" "));
        it
    };
    let was = all(posts(0..10), short);
    let mut now = was.clone();
    now[4] = renamed(undated(now[4].clone()));
    assert_eq!(follow(&known(&was, 10), &now, same_title), (1, 0, false));
    // nor does it matter where the excerpt was cut, if it is the beginning
    now[4].print = Print([77; 16]);
    let excerpt = now[4].summary.take().unwrap();
    now[4].summary = Some(excerpt[..excerpt.len() - 3].to_owned());
    assert_eq!(follow(&known(&was, 10), &now, same_title), (1, 0, false));
    now[4].summary = Some(format!("Today: {excerpt}"));
    assert_eq!(follow(&known(&was, 10), &now, same_title), (0, 0, false));
}

#[test]
fn a_text_that_a_source_says_again_and_again_tells_no_single_post() {
    let mut was = posts(0..10);
    let notice = "the office is closed for the day and opens again in the morning as ever, please leave parcels \
        with the neighbours across the yard until then";
    for number in [3, 6] {
        was[number].title = "Closed for the day".to_owned();
        was[number].summary = Some(notice.to_owned());
    }
    let posts = known(&was, 4);
    let mut again = undated(renamed(was[3].clone()));
    again.key = Some("blog.example/closed".to_owned());
    let mut now = vec![again];
    now.extend_from_slice(&was[..3]);
    now.push(was[4].clone());
    assert_eq!(follow(&posts, &now, same_title), (0, 0, false));
}
