//! The tables of `feeds.toml` as serde sees them: every value with its place in the file.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use crate::model::{Carrier, SourceKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) schedule: Option<Spanned<String>>,
    pub(super) database: Option<PathBuf>,
    pub(super) output: Option<PathBuf>,
    #[serde(default)]
    pub(super) site: SiteTable,
    #[serde(default)]
    pub(super) fetch: FetchTable,
    #[serde(default)]
    pub(super) serve: ServeTable,
    #[serde(default)]
    pub(super) publish: PublishTable,
    #[serde(default)]
    pub(super) feed: Vec<FeedTable>,
    #[serde(default)]
    pub(super) source: Vec<SourceTable>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteTable {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) url: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FetchTable {
    pub(super) contact: Option<Spanned<String>>,
    pub(super) timeout: Option<Spanned<String>>,
    pub(super) spacing: Option<Spanned<String>>,
    pub(super) interval: Option<Spanned<String>>,
    pub(super) concurrency: Option<Spanned<i64>>,
    pub(super) max_body: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) allow: Vec<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServeTable {
    pub(super) listen: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishTable {
    pub(super) first: Option<Spanned<i64>>,
    pub(super) hold: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedTable {
    pub(super) id: Spanned<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) limit: Option<Spanned<i64>>,
    #[serde(default)]
    pub(super) sources: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceTable {
    pub(super) id: Option<Spanned<String>>,
    pub(super) url: Spanned<String>,
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) kind: SourceKind,
    #[serde(default = "yes")]
    pub(super) enrich: bool,
    #[serde(default = "yes")]
    pub(super) robots: bool,
    pub(super) pages: Option<Spanned<i64>>,
    pub(super) interval: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    pub(super) select: Option<SelectTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SelectTable {
    pub(super) from: Option<Spanned<Carrier>>,
    pub(super) item: Option<Spanned<String>>,
    pub(super) split: Option<Spanned<String>>,
    pub(super) title: Option<Spanned<String>>,
    pub(super) link: Option<Spanned<String>>,
    pub(super) date: Option<Spanned<String>>,
    pub(super) summary: Option<Spanned<String>>,
    pub(super) tags: Option<Spanned<String>>,
    pub(super) read_time: Option<Spanned<String>>,
    pub(super) author: Option<Spanned<String>>,
    pub(super) image: Option<Spanned<String>>,
}

fn yes() -> bool {
    true
}
