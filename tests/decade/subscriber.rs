//! A feed reader that looks at the published feed after every cycle, remembers all that it has seen, and says what is not as
//! it was promised.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::world::World;

/// What is told of it at the end.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The article that each id is, and its date.
    ids: HashMap<String, (usize, String)>,
    /// The ids of each article.
    pub(crate) articles: BTreeMap<usize, Vec<String>>,
    /// The ids of the front page as it was last, in their order.
    front: Vec<String>,
    /// Sources that have been on it.
    sources: HashSet<String>,
    /// Closed pages, with the hash of their bytes.
    closed: BTreeMap<String, blake3::Hash>,
    pub(crate) broken: BTreeMap<&'static str, Vec<String>>,
    pub(crate) most_at_once: usize,
    /// What each id was in the archives, as far as they are closed.
    archived: HashSet<String>,
}

impl Seen {
    fn breaks(&mut self, what: &'static str, details: String) {
        self.broken.entry(what).or_default().push(details);
    }

    /// Looks at the front page.
    pub(crate) fn look(
        &mut self,
        day: &str,
        feed: &[u8],
        world: &World,
        hold: usize,
        first: usize,
    ) {
        let feed: Value = serde_json::from_slice(feed).unwrap();
        let items = feed["items"].as_array().unwrap();
        let is_first = self.ids.is_empty();
        let mut now = Vec::new();
        let mut new: BTreeMap<String, usize> = BTreeMap::new();
        let mut is_old_above = false;
        for item in items {
            let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
            let (id, url, date) = (text("id"), text("url"), text("date_published"));
            let Some(&article) = world.named.get(&url) else {
                self.breaks("unknown address", format!("{day} {url}"));
                continue;
            };
            now.push(id.clone());
            if let Some((known, dated)) = self.ids.get(&id).cloned() {
                is_old_above = true;
                if known != article {
                    let titles = [known, article].map(|it| world.articles[it].title.clone());
                    self.breaks(
                        "wrong join",
                        format!("{day} {id}: {known} is {article} now: {titles:?}"),
                    );
                    self.ids.insert(id.clone(), (article, date.clone()));
                }
                if dated != date {
                    self.breaks("date changed", format!("{day} {id}: {dated} → {date}"));
                }
                continue;
            }
            if is_old_above {
                self.breaks("not on top", format!("{day} {id} {article}"));
            }
            let origin = item["_agg"]["origins"][0]["source"]
                .as_str()
                .unwrap()
                .to_owned();
            *new.entry(origin.clone()).or_default() += 1;
            self.ids.insert(id.clone(), (article, date));
            let ids = self.articles.entry(article).or_default();
            ids.push(id.clone());
            if ids.len() > 1 {
                let what = if world.is_series(article) {
                    "duplicate of a series"
                } else {
                    "duplicate"
                };
                let by = world.served_by.get(&article);
                let title = &world.articles[article].title;
                let details = format!("{day} {article} {title:?} of {by:?}: {ids:?} {url}");
                self.breaks(what, details);
            }
        }
        if !is_first {
            for (source, count) in new {
                self.most_at_once = self.most_at_once.max(count);
                let most = if self.sources.contains(&source) {
                    hold
                } else {
                    first
                };
                if count > most {
                    self.breaks("flood", format!("{day} {source}: {count}"));
                }
                self.sources.insert(source);
            }
        }
        for item in items {
            let source = item["_agg"]["origins"][0]["source"].as_str().unwrap();
            self.sources.insert(source.to_owned());
        }
        let there: HashSet<&String> = now.iter().collect();
        let was: Vec<&String> = self.front.iter().filter(|id| there.contains(id)).collect();
        let before: HashSet<&String> = self.front.iter().collect();
        let is: Vec<&String> = now.iter().filter(|id| before.contains(id)).collect();
        if was != is {
            let details = format!("{day}: {was:?} {is:?}");
            self.broken.entry("risen").or_default().push(details);
        }
        self.front = now;
    }

    /// Looks at the closed pages of the archive: those that are new, or all.
    pub(crate) fn look_back(&mut self, day: &str, folder: &Path, closed: &[String], all: bool) {
        for path in closed {
            if self.closed.contains_key(path) && !all {
                continue;
            }
            let bytes = fs::read(folder.join(path)).unwrap();
            let hash = blake3::hash(&bytes);
            if is_json(path) {
                let page: Value = serde_json::from_slice(&bytes).unwrap();
                for item in page["items"].as_array().unwrap() {
                    self.archived
                        .insert(item["id"].as_str().unwrap().to_owned());
                }
            }
            if *self.closed.entry(path.clone()).or_insert(hash) != hash {
                self.breaks("closed page changed", format!("{day} {path}"));
            }
        }
        let there: HashSet<&String> = closed.iter().collect();
        let gone: Vec<String> = (self.closed.keys())
            .filter(|path| !there.contains(path))
            .cloned()
            .collect();
        for path in gone {
            self.breaks("closed page gone", format!("{day} {path}"));
        }
    }

    /// At the end: `open` are the ids of the page of the archive that is not closed yet.
    pub(crate) fn find_lost(&mut self, open: &HashSet<String>, joined: &HashSet<String>) {
        let front: HashSet<String> = self.front.iter().cloned().collect();
        let lost: Vec<String> = (self.ids.keys())
            .filter(|id| {
                !front.contains(*id)
                    && !open.contains(*id)
                    && !self.archived.contains(*id)
                    && !joined.contains(*id)
            })
            .cloned()
            .collect();
        for id in lost {
            self.breaks("lost", id);
        }
    }

    pub(crate) fn ids(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn archived_pages(&self) -> usize {
        self.closed.len()
    }
}

/// True for the path of a JSON Feed.
pub(crate) fn is_json(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == "json")
}
