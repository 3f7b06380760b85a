//! agg with one source, its archive, and what its server answers: run in this process, through all stages.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use agg::config::Config;
use agg::fetch::{Door, file_name};
use agg::model::Outcome;
use agg::pipeline::{Asking, Pipeline, Report};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use url::Url;

/// An entry, as subscribers see it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) title: String,
    pub(super) url: String,
    pub(super) date: String,
}

impl Seen {
    /// True if nothing but its address is another one than that of `before`.
    pub(super) fn is_elsewhere(&self, before: &Self) -> bool {
        (&self.title, &self.date) == (&before.title, &before.date) && self.url != before.url
    }
}

/// What came of a run.
pub(super) struct Ran {
    pub(super) outcome: Outcome,
    pub(super) published: BTreeMap<String, Seen>,
}

/// A folder with one source, its archive, and what its server answers.
pub(super) struct Reader {
    folder: TempDir,
    url: Url,
    runtime: Runtime,
}

impl Reader {
    pub(super) fn new(url: &Url) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(1)
            .enable_all()
            .build()
            .unwrap();
        Self {
            folder: tempfile::tempdir().unwrap(),
            url: url.clone(),
            runtime,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Fetches the page, which shows `html` now.
    pub(super) fn reads(&self, html: &str) -> Ran {
        let recording = self.file("web").join(file_name(&self.url));
        fs::create_dir_all(recording.parent().unwrap()).unwrap();
        let head = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\n\n";
        fs::write(recording, format!("{head}{html}")).unwrap();
        let text = format!(
            "[[feed]]\nid = \"all\"\nlimit = 1000\n[[source]]\nid = \"it\"\nenrich = false\nurl = {:?}\n",
            self.url.as_str()
        );
        let config = Config::parse(&text, &self.file("feeds.toml")).unwrap();
        let asking = Asking {
            force: true,
            accept: false,
        };
        let mut report = self.runtime.block_on(async {
            let door = Door::Replay(self.file("web"));
            let pipeline = Pipeline::open(config, door, None).unwrap();
            pipeline.update(&[], asking, &|_| {}).await.unwrap()
        });
        Ran {
            published: published(&report),
            outcome: report.outcomes.remove(0),
        }
    }

    /// Keeps the archive as it is, or goes back to what was kept.
    pub(super) fn keep(&self, back: bool) {
        let files = ["agg.db", "kept.db"].map(|name| self.file(name));
        let [from, to] = if back {
            [&files[1], &files[0]]
        } else {
            [&files[0], &files[1]]
        };
        for end in ["-wal", "-shm"] {
            let beside = PathBuf::from(format!("{}{end}", files[0].display()));
            if beside.exists() {
                assert!(back, "the archive was not closed");
                fs::remove_file(beside).unwrap();
            }
        }
        fs::copy(from, to).unwrap();
    }
}

/// What stands in the feed, by id.
fn published(report: &Report) -> BTreeMap<String, Seen> {
    let publication = report.publication.as_ref().unwrap();
    let mut documents = publication.documents.iter();
    let (_, feed) = documents.find(|(path, _)| path == "feed.json").unwrap();
    let feed: Value = serde_json::from_slice(&feed.body).unwrap();
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let seen = |item: &Value| Seen {
        title: text(item, "title"),
        url: text(item, "url"),
        date: text(item, "date_published"),
    };
    let items = feed["items"].as_array().unwrap().iter();
    items.map(|item| (text(item, "id"), seen(item))).collect()
}
