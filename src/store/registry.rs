//! The sources of the configuration, as the archive knows them: who came, who went, who has another name or address.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};
use url::Url;

use super::row::{self, Json};
use super::{contracts, pending};
use crate::model::{ADOPTED_AFTER, EntryKey, Place, Source, SourceKind};

/// Takes over the configured sources. Gives the entries of several sources that may be other ones now, since one of these came
/// or went.
pub(super) fn register(
    conn: &Connection,
    configured: &[Source],
) -> rusqlite::Result<BTreeSet<EntryKey>> {
    let kept: Vec<&str> = configured.iter().map(|source| source.id.as_str()).collect();
    let mut known = configurations(conn)?;
    rename(conn, configured, &mut known)?;
    let is_kept = |id: &String| kept.contains(&id.as_str());
    let gone = known.iter().filter(|(id, it)| it.active && !is_kept(id));
    let back = known.iter().filter(|(id, it)| !it.active && is_kept(id));
    let turned: Vec<i64> = gone.chain(back).map(|(_, it)| it.num).collect();
    conn.execute(
        "UPDATE sources SET active = 0 WHERE active = 1 AND id NOT IN (SELECT value FROM json_each(?1))",
        [Json(&kept)],
    )?;
    let mut is_other = !turned.is_empty();
    let mut upsert = conn.prepare_cached(
        "INSERT INTO sources (id, url, host, kind, given_title, rank, active, configuration)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)
         ON CONFLICT (id) DO UPDATE SET url = excluded.url, host = excluded.host, kind = excluded.kind,
             given_title = excluded.given_title, rank = excluded.rank, active = 1,
             configuration = excluded.configuration",
    )?;
    let mut forget = conn.prepare_cached(
        "UPDATE sources SET etag = NULL, last_modified = NULL, body_hash = NULL, failures = 0, not_before = NULL,
             server_wish = 0, last_asked = NULL, fresh_for = NULL, hints = NULL, gap = NULL, newest = NULL
         WHERE id = ?1 AND configuration <> ?2",
    )?;
    let mut settle = conn.prepare_cached(
        "UPDATE sources SET moved_to = NULL, moved_days = NULL, moved_at = NULL WHERE id = ?1",
    )?;
    let mut stay =
        conn.prepare_cached("UPDATE sources SET feed_id = coalesce(feed_id, url) WHERE id = ?1")?;
    for (rank, source) in (0i64..).zip(configured) {
        let configuration = fingerprint(source);
        let row = Configured {
            url: source.url.to_string(),
            kind: kind(source.kind).to_owned(),
            title: source.title.clone(),
            rank,
            active: true,
            configuration: configuration.clone(),
            ..Configured::default()
        };
        if known
            .get(source.id.as_str())
            .is_some_and(|known| known.says(&row))
        {
            continue;
        }
        is_other = true;
        // an address that was asked already is no other source: by its old one it was published, and stays known
        if known
            .get(source.id.as_str())
            .is_some_and(|known| known.led_to(source))
        {
            stay.execute([source.id.as_str()])?;
        } else {
            forget.execute(params![source.id.as_str(), configuration])?;
            contracts::begin_anew(conn, source, &configuration)?;
        }
        if known
            .get(source.id.as_str())
            .is_some_and(|known| known.url != row.url)
        {
            settle.execute([source.id.as_str()])?;
        }
        upsert.execute(params![
            source.id.as_str(),
            source.url.as_str(),
            source.url.host_str().unwrap_or_default(),
            kind(source.kind),
            source.title,
            rank,
            configuration,
        ])?;
    }
    if is_other {
        shared(conn, &turned)
    } else {
        Ok(BTreeSet::new())
    }
}

/// A source that has another name now, and the address that it had, is the one that it was.
fn rename(
    conn: &Connection,
    configured: &[Source],
    known: &mut HashMap<String, Configured>,
) -> rusqlite::Result<()> {
    let is_configured = |id: &String| configured.iter().any(|it| it.id.as_str() == id);
    for source in configured {
        if known.contains_key(source.id.as_str()) {
            continue;
        }
        let free = known
            .iter()
            .filter(|(id, it)| !is_configured(id) && it.url == source.url.as_str());
        let Some(old) = free
            .max_by_key(|(_, it)| (it.active, it.num))
            .map(|(id, _)| id.clone())
        else {
            continue;
        };
        conn.execute(
            "UPDATE sources SET id = ?2 WHERE id = ?1",
            [old.as_str(), source.id.as_str()],
        )?;
        if let Some(it) = known.remove(&old) {
            known.insert(source.id.as_str().to_owned(), it);
        }
    }
    Ok(())
}

/// The entries that the sources with the numbers `turned` show and others too, and those whose values are of a source that is
/// gone though one shows them that is not. The publisher is to look at them.
fn shared(conn: &Connection, turned: &[i64]) -> rusqlite::Result<BTreeSet<EntryKey>> {
    let mut shared = BTreeSet::new();
    for sql in [
        "SELECT s.entry FROM sightings s WHERE s.source IN (SELECT value FROM json_each(?1))
             AND EXISTS (SELECT 1 FROM sightings o WHERE o.entry = s.entry AND o.source <> s.source)",
        "SELECT s.entry FROM sources c CROSS JOIN sightings s ON s.source = c.num
         WHERE c.active = 0 AND s.place = 0 AND ?1 IS NOT NULL AND EXISTS (
             SELECT 1 FROM sightings o JOIN sources k ON k.num = o.source WHERE o.entry = s.entry AND k.active = 1)",
    ] {
        let mut found = conn.prepare_cached(sql)?;
        for key in found.query_map([Json(turned)], |row| row::key(row, 0))? {
            shared.insert(key?);
        }
    }
    for key in &shared {
        pending::add(conn, *key)?;
    }
    Ok(shared)
}

/// What is configured of a source, as it is kept.
#[derive(Clone, Default)]
struct Configured {
    num: i64,
    url: String,
    kind: String,
    title: Option<String>,
    rank: i64,
    active: bool,
    configuration: String,
    moved_to: Option<String>,
    moved_days: Option<u32>,
}

impl Configured {
    /// True if the same is configured.
    fn says(&self, other: &Self) -> bool {
        let all = |of: &Self| {
            let Self {
                url,
                kind,
                title,
                rank,
                active,
                configuration,
                ..
            } = of.clone();
            (url, kind, title, rank, active, configuration)
        };
        all(self) == all(other)
    }

    /// True if nothing but the address of `source` has changed, and it is the one where this was asked already.
    fn led_to(&self, source: &Source) -> bool {
        let is_there = self.moved_to.as_deref() == Some(source.url.as_str())
            && self.moved_days.is_some_and(|days| days >= ADOPTED_AFTER);
        let Ok(url) = Url::parse(&self.url) else {
            return false;
        };
        let before = Source {
            url,
            ..source.clone()
        };
        is_there && fingerprint(&before) == self.configuration
    }
}

/// What was configured the last time, by the ids of the sources.
fn configurations(conn: &Connection) -> rusqlite::Result<HashMap<String, Configured>> {
    conn.prepare_cached(
        "SELECT id, url, kind, given_title, rank, active, configuration, moved_to, moved_days, num FROM sources",
    )?
    .query_map([], |row| {
        let configured = Configured {
            url: row.get(1)?,
            kind: row.get(2)?,
            title: row.get(3)?,
            rank: row.get(4)?,
            active: row.get(5)?,
            configuration: row.get(6)?,
            moved_to: row.get(7)?,
            moved_days: row.get(8)?,
            num: row.get(9)?,
        };
        Ok((row.get(0)?, configured))
    })?
    .collect()
}

fn kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Auto => "auto",
        SourceKind::Feed => "feed",
        SourceKind::Page => "page",
    }
}

/// A fingerprint of all that decides what is read from the source, our own version among it: when it changes, an answer
/// "not modified" would keep what was read in the old way.
fn fingerprint(source: &Source) -> String {
    let rules: Vec<(&str, String)> = source
        .select
        .iter()
        .flat_map(crate::model::Wrapper::rules)
        .map(|(key, rule)| (key, rule.clone().into()))
        .collect();
    let home = (source.timezone).map_or_else(String::new, |zone| format!(" in {zone}"));
    let all = format!(
        "{:?}",
        (
            env!("CARGO_PKG_VERSION"),
            source.url.as_str(),
            kind(source.kind),
            rules,
            &source.tags
        )
    );
    blake3::hash(format!("{all}{}{home}", wishes(source)).as_bytes())
        .to_hex()
        .to_string()
}

/// What may make a server answer otherwise; nothing where nothing is configured. Secrets count by where they are kept.
fn wishes(source: &Source) -> String {
    let access = &source.access;
    if access.headers.is_empty()
        && access.login.is_none()
        && access.cookies.is_none()
        && access.user_agent.is_none()
    {
        return String::new();
    }
    let headers: Vec<_> = access
        .headers
        .iter()
        .map(|(name, place)| match place {
            Place::Here(value) => (name, value.reveal().to_owned()),
            place => (name, format!("{place:?}")),
        })
        .collect();
    format!(
        "{:?}",
        (headers, &access.login, &access.cookies, &access.user_agent)
    )
}
