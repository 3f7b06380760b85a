//! What is learnt of sources: how they answer, what their pages look like.

use super::*;

fn outcome(kind: OutcomeKind) -> Outcome {
    Outcome {
        source: id("blog"),
        kind,
        status: Some(200),
        new: 1,
        updated: 2,
        known: 3,
        bytes: 4,
        millis: 5,
        error: Some("why".to_owned()),
        help: Some("what to do".to_owned()),
        warnings: vec!["odd".to_owned()],
        migrated: None,
        wait: None,
        verdict: None,
    }
}

#[test]
fn state_and_log_are_read_back_and_the_log_is_bounded() {
    let mut store = archive(&[]);
    let state = SourceState {
        validators: Validators {
            etag: Some("W/\"\u{e9}\"".to_owned()),
            last_modified: Some("yesterday".to_owned()),
        },
        validators_from: Some(Url::parse("https://blog.example/feed").unwrap()),
        body_hash: Some("00".to_owned()),
        title: None,
        last_asked: Some(at(1)),
        last_good: Some(at(2)),
        last_new: Some(at(3)),
        failures: 2,
        not_before: Some(at(4)),
        server_wish: true,
        last_outcome: Some(OutcomeKind::Failed),
        last_error: Some("why".to_owned()),
        entries: 0,
        fresh_for: Some(Duration::from_mins(5)),
        hints: UpdateHints::default(),
        gap: Some(Duration::from_hours(30)),
        newest: Some(at(2)),
        is_page: false,
        moved: Some(crate::model::Moved {
            to: Url::parse("https://new.example/feed").unwrap(),
            days: 2,
            last: at(2),
        }),
        lacks_articles: false,
    };
    let meta = SourceMeta {
        title: Some("The Blog".to_owned()),
        site: Some("https://blog.example/".to_owned()),
        id: Some("urn:blog".to_owned()),
        hints: UpdateHints {
            ttl_minutes: Some(60),
            skip_days: [5, 6].into(),
            ..UpdateHints::default()
        },
        ..SourceMeta::default()
    };
    store
        .write(|w| {
            w.describe(&id("blog"), &meta, true)?;
            for minute in 0..120 {
                let now = at(1) + TimeDelta::minutes(minute);
                w.record(&outcome(OutcomeKind::Read), &state, now)?;
            }
            w.record(&outcome(OutcomeKind::Waiting), &state, at(9))
        })
        .unwrap();
    let kept = store.states().unwrap().remove(&id("blog")).unwrap();
    let titled = SourceState {
        title: meta.title.clone(),
        hints: meta.hints.clone(),
        ..state
    };
    assert_eq!(kept, titled);
    let log = store.log(&id("blog"), 1000).unwrap();
    assert_eq!(log.len(), 100);
    assert_eq!(log[0].at, at(1) + TimeDelta::minutes(119));
    assert_eq!(log[0].outcome, outcome(OutcomeKind::Read));
    let origin = store.sources().unwrap().remove(0);
    assert_eq!((origin.title.as_str(), origin.is_feed), ("The Blog", true));
    assert_eq!(origin.id, "urn:blog");
    assert_eq!(
        origin.site.as_ref().map(Url::as_str),
        Some("https://blog.example/")
    );

    // the same configuration keeps the validators, another way of reading drops them
    let mut blog = source("blog");
    blog.title = Some("Mine".to_owned());
    store.register(&[blog.clone()]).unwrap();
    let kept = store.states().unwrap().remove(&id("blog")).unwrap();
    assert_eq!(kept.validators, titled.validators);
    blog.kind = SourceKind::Page;
    store.register(&[blog]).unwrap();
    let kept = store.states().unwrap().remove(&id("blog")).unwrap();
    assert!(kept.validators.is_empty() && kept.body_hash.is_none() && kept.not_before.is_none());
    assert_eq!(kept.last_good, Some(at(2)));
    assert_eq!(store.sources().unwrap()[0].title, "Mine");
}

fn page(body: &[u8]) -> Document {
    Document {
        url: "https://blog.example/".parse().unwrap(),
        media_type: Some("text/html".to_owned()),
        charset: None,
        body: body.to_vec().into(),
        validators: Validators::default(),
    }
}

#[test]
fn a_contract_is_read_back_with_the_posts_of_the_last_reading_first() {
    let mut store = archive(&["a", "b"]);
    assert_eq!(store.memory(&id("planet")).unwrap(), PageMemory::default());
    let c = Entry {
        position: 0,
        ..entry("c")
    };
    let contract = Contract {
        runs: 2,
        fewest: 1,
        ..Contract::default()
    };
    let rules = Wrapper {
        item: Some("li".to_owned().into()),
        ..Wrapper::default()
    };
    let broken = Verdict::Broken {
        why: "gone".to_owned(),
    };
    store
        .write(|w| {
            w.apply(&id("blog"), &[new(&c)], at(5))?;
            w.judged(
                &id("blog"),
                &Verdict::Healthy,
                Some((&contract, Some(&rules))),
                at(5),
            )?;
            w.judged(&id("blog"), &broken, None, at(6))
        })
        .unwrap();
    let memory = store.memory(&id("blog")).unwrap();
    assert_eq!(
        memory.contract,
        Some(contract),
        "a bad reading teaches nothing"
    );
    assert_eq!(memory.wrapper, Some(rules));
    let posts: Vec<(&str, bool)> = memory
        .posts
        .iter()
        .map(|post| (post.title.as_str(), post.listed))
        .collect();
    assert_eq!(posts, [("c", true), ("a", false), ("b", false)]);
    assert_eq!(memory.posts[0].key, c.key);
    assert_eq!(memory.posts[0].published, c.published);
    assert_eq!(store.verdicts().unwrap()[&id("blog")], broken);
    store.write(|w| w.good_again(&id("blog"), at(7))).unwrap();
    assert_eq!(store.verdicts().unwrap()[&id("blog")], Verdict::Quiet);

    // another way of reading is measured anew
    let mut blog = source("blog");
    blog.url = "https://elsewhere.example/".parse().unwrap();
    store.register(&[blog]).unwrap();
    let memory = store.memory(&id("blog")).unwrap();
    assert_eq!(memory.contract, Some(Contract::default()));
    assert!(memory.wrapper.is_none() && memory.posts.len() == 3);
    assert!(store.verdicts().unwrap().is_empty());
}

#[test]
fn the_last_good_page_and_the_first_bad_one_are_kept() {
    let mut store = archive(&[]);
    let blog = id("blog");
    let mut keep = |which, body: &str, day| {
        let page = page(body.as_bytes());
        store
            .write(|w| w.keep_page(&blog, which, &page, at(day)))
            .unwrap();
        store.kept_page(&blog, which).unwrap().unwrap()
    };
    keep(Kept::Good, "one", 1);
    let good = keep(Kept::Good, "two", 2);
    assert_eq!(
        (good.document.body.as_ref(), good.at, good.is_cut),
        (&b"two"[..], at(2), false)
    );
    assert_eq!(good.document, page(b"two"));
    keep(Kept::Bad, "login", 3);
    assert_eq!(keep(Kept::Bad, "still login", 4).document.body, "login");
    let long = "x".repeat(3_000_000);
    let cut = keep(Kept::Good, &long, 5);
    assert!(cut.is_cut && cut.document.body.len() == 2 * 1024 * 1024);

    // fine again, then the next trouble
    let state = SourceState {
        last_good: Some(at(6)),
        ..SourceState::default()
    };
    store
        .write(|w| {
            w.record(&outcome(OutcomeKind::Read), &state, at(6))?;
            w.keep_page(&blog, Kept::Bad, &page(b"moved"), at(7))
        })
        .unwrap();
    let bad = store.kept_page(&blog, Kept::Bad).unwrap().unwrap();
    assert_eq!(bad.document.body, "moved");
    assert_eq!(store.kept_page(&id("planet"), Kept::Bad).unwrap(), None);
}
