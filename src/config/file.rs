//! The tables of `feeds.toml` as serde sees them: every value with its place in the file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::access::{AuthTable, ProxyTable, ValueTable};
use crate::model::{Carrier, FeedOrder, Format, SourceKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) schedule: Option<Spanned<String>>,
    pub(super) database: Option<Spanned<String>>,
    pub(super) output: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) site: SiteTable,
    #[serde(default)]
    pub(super) fetch: FetchTable,
    #[serde(default)]
    pub(super) serve: ServeTable,
    #[serde(default)]
    pub(super) publish: PublishTable,
    #[serde(default)]
    pub(super) retain: RetainTable,
    #[serde(default)]
    pub(super) feed: Vec<FeedTable>,
    #[serde(default)]
    pub(super) tags: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) group: Vec<GroupTable>,
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
    pub(super) user_agent: Option<Spanned<String>>,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) proxy: Option<Spanned<ProxyTable>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupTable {
    pub(super) hosts: Spanned<Vec<Spanned<String>>>,
    pub(super) spacing: Option<Spanned<String>>,
    pub(super) concurrency: Option<Spanned<i64>>,
    pub(super) timezone: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) scope: Scope,
}

/// For whom a wish of a host in a group holds.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scope {
    /// For all its hosts.
    #[default]
    Group,
    /// For the source that was asked.
    Source,
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
    pub(super) archive: Option<Spanned<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RetainTable {
    pub(super) days: Option<Spanned<i64>>,
    pub(super) entries: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedTable {
    pub(super) id: Option<Spanned<String>>,
    pub(super) each: Option<Spanned<Each>>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) limit: Option<Spanned<i64>>,
    pub(super) share: Option<Spanned<i64>>,
    pub(super) least: Option<Spanned<i64>>,
    #[serde(default)]
    pub(super) order: FeedOrder,
    pub(super) updates: Option<Spanned<Updates>>,
    pub(super) formats: Option<Spanned<Vec<Format>>>,
    #[serde(default)]
    pub(super) sources: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) tags: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) languages: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) include: ConditionTable,
    #[serde(default)]
    pub(super) exclude: ConditionTable,
    pub(super) min_read_minutes: Option<Spanned<i64>>,
}

/// Of what there is to be a feed each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Each {
    Source,
    Tag,
}

/// What a feed does with an entry whose text has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Updates {
    /// It keeps its place.
    Keep,
    /// It comes in again, on top.
    Republish,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ConditionTable {
    pub(super) title: Vec<Spanned<String>>,
    pub(super) summary: Vec<Spanned<String>>,
    pub(super) content: Vec<Spanned<String>>,
    pub(super) author: Vec<Spanned<String>>,
    pub(super) url: Vec<Spanned<String>>,
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
    pub(super) timezone: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Spanned<ValueTable>>,
    pub(super) auth: Option<Spanned<AuthTable>>,
    pub(super) cookies: Option<Spanned<ValueTable>>,
    pub(super) user_agent: Option<Spanned<String>>,
    pub(super) timeout: Option<Spanned<String>>,
    pub(super) max_body: Option<Spanned<String>>,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) proxy: Option<Spanned<ProxyTable>>,
    pub(super) select: Option<Spanned<SelectTable>>,
    pub(super) retain: Option<RetainTable>,
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
