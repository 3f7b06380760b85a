//! What was saved, made whole: lines that indexes still tell are written again, references lead somewhere, and what sources have
//! to show again is marked so that the next fetch takes it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::super::archives;
use super::salvaged::Salvaged;

/// An entry of which nothing is left but what it is recognised by.
const STUB: &str = "INSERT INTO entries (id, title, detail, text, date, first_seen)
    SELECT ?1, '(lost)', '{\"lost\":true}', zeroblob(16), coalesce(l.date, l.first_published, 0), coalesce(l.first_published, 0)
    FROM (SELECT 1) LEFT JOIN ledger l ON l.entry = ?1";

/// All that is still referred to, of entries.
const REFERRED: &str =
    "SELECT entry FROM ledger UNION SELECT entry FROM aliases UNION SELECT entry FROM joined
    UNION SELECT head FROM joined UNION SELECT one FROM rulings UNION SELECT other FROM rulings
    UNION SELECT entry FROM parted UNION SELECT own FROM parted
    UNION SELECT home FROM sightings WHERE home IS NOT NULL
    UNION SELECT entry FROM sightings WHERE shown IS NOT NULL";

/// Makes what was saved from `from` into `to` an archive.
pub(super) fn make(
    from: &Connection,
    to: &Connection,
    salvaged: &mut Salvaged,
) -> rusqlite::Result<()> {
    to.execute_batch("BEGIN")?;
    documents(to, salvaged)?;
    if !salvaged.torn.is_empty() {
        sources(from, to, salvaged)?;
        feeds(from, to, salvaged)?;
        ledger(from, to, salvaged)?;
        publications(from, to, salvaged)?;
        unrecorded(to, salvaged)?;
        if salvaged.torn.contains("aliases") {
            aliases(from, to, salvaged)?;
        }
        entries(to, salvaged)?;
        bodies(to, salvaged)?;
        dangling(to, salvaged)?;
        // what is missing is read again, however sure its server is that we have it
        to.execute(
            "UPDATE sources SET etag = NULL, last_modified = NULL, body_hash = NULL, last_asked = NULL, fresh_for = NULL",
            [],
        )?;
    }
    to.execute("DELETE FROM unmarked", [])?;
    to.execute("INSERT INTO unmarked SELECT id FROM entries", [])?;
    to.execute_batch("COMMIT")
}

/// Rows of an index, as far as they can be read, and whether that is to its end.
fn index<T>(
    from: &Connection,
    sql: &str,
    read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> (Vec<T>, bool) {
    let mut found = Vec::new();
    let Ok(mut statement) = from.prepare(sql) else {
        return (found, false);
    };
    let Ok(mut rows) = statement.query([]) else {
        return (found, false);
    };
    loop {
        match rows.next().and_then(|row| row.map(&read).transpose()) {
            Ok(Some(row)) => found.push(row),
            Ok(None) => return (found, true),
            Err(_) => return (found, false),
        }
    }
}

/// Sources keep their number by their name, which an index holds; feeds.toml says the rest at the next run.
fn sources(from: &Connection, to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    let (named, _) = index(
        from,
        "SELECT num, id FROM sources INDEXED BY sqlite_autoindex_sources_1",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
    );
    let mut rebuilt = 0;
    for (num, id) in named {
        rebuilt += to.execute(
            "INSERT OR IGNORE INTO sources (num, id, url, host, kind, rank, active, configuration)
             VALUES (?1, ?2, 'https://lost.invalid/', 'lost.invalid', 'auto', 0, 0, '')",
            params![num, id],
        )?;
    }
    salvaged.rebuild(rebuilt, "sources by their names: feeds.toml says the rest");
    Ok(())
}

/// Feeds keep their number, name and id, which indexes hold.
fn feeds(from: &Connection, to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    let pair = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
    let names = "SELECT num, id FROM feeds INDEXED BY sqlite_autoindex_feeds_1";
    let uris = "SELECT num, uri FROM feeds INDEXED BY sqlite_autoindex_feeds_2";
    let uris: HashMap<i64, String> = index(from, uris, pair).0.into_iter().collect();
    let mut rebuilt = 0;
    for (num, id) in index(from, names, pair).0 {
        if let Some(uri) = uris.get(&num) {
            rebuilt += to.execute(
                "INSERT OR IGNORE INTO feeds (num, id, uri, minted)
                 SELECT ?1, ?2, ?3, coalesce(min(first_published), 0) FROM publications WHERE feed = ?1",
                params![num, id, uri],
            )?;
        }
    }
    salvaged.rebuild(rebuilt, "feeds by their names and ids");
    Ok(())
}

/// Lines of the ledger keep their id and their date, which indexes hold.
fn ledger(from: &Connection, to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    let (ids, all_ids) = index(
        from,
        "SELECT entry, published_id FROM ledger INDEXED BY sqlite_autoindex_ledger_1",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
    );
    let (dates, _) = index(
        from,
        "SELECT entry, date FROM ledger INDEXED BY ledger_by_date",
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
    );
    let dates: HashMap<i64, i64> = dates.into_iter().collect();
    let (mut rebuilt, mut contradicted, mut dateless) = (0, 0, 0);
    for (entry, id) in ids {
        let saved: Option<(String, i64)> = to
            .prepare_cached("SELECT published_id, date FROM ledger WHERE entry = ?1")?
            .query_row([entry], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match (saved, dates.get(&entry)) {
            (Some((saved, date)), indexed) => {
                let is_same = saved == id && indexed.is_none_or(|it| *it == date);
                contradicted += usize::from(!is_same);
            }
            (None, None) => dateless += 1,
            (None, Some(date)) => {
                rebuilt += to
                    .prepare_cached(
                        "INSERT OR IGNORE INTO ledger (entry, published_id, date, date_kind, first_published, changed)
                         SELECT ?1, ?2, ?3, coalesce((SELECT precision FROM entries WHERE id = ?1 AND published = ?3),
                             'first_seen'), coalesce(min(first_published), ?3), ?3 FROM publications WHERE entry = ?1",
                    )?
                    .execute(params![entry, id, date])?;
            }
        }
    }
    salvaged.rebuild(
        rebuilt,
        "lines of the ledger: their ids and dates are those that were published, when they were first published and last \
         changed is guessed",
    );
    if contradicted > 0 {
        salvaged.lose(format!(
            "ledger: {contradicted} lines whose id or date is not the one that its index says"
        ));
    }
    salvaged.has_lost_ledger =
        contradicted + dateless > 0 || salvaged.torn.contains("ledger") && !all_ids;
    Ok(())
}

/// What stands in a feed keeps its place: one index holds which places there are, another one what stands in the feed. What is
/// missing of both belongs together in the order in which entries come into a feed, if it is as many.
fn publications(
    from: &Connection,
    to: &Connection,
    salvaged: &mut Salvaged,
) -> rusqlite::Result<()> {
    if !salvaged.torn.contains("publications") {
        return Ok(());
    }
    to.execute_batch(
        "CREATE TEMP TABLE places (feed INTEGER, sequence INTEGER, source INTEGER, front INTEGER DEFAULT 0, PRIMARY KEY (feed, sequence));
         CREATE TEMP TABLE members (feed INTEGER, entry INTEGER, PRIMARY KEY (feed, entry));",
    )?;
    let three = |row: &rusqlite::Row<'_>| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, Option<i64>>(2)?,
        ))
    };
    let two = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    for (feed, sequence, source) in index(
        from,
        "SELECT feed, sequence, source FROM publications INDEXED BY publications_by_source",
        three,
    )
    .0
    {
        to.prepare_cached(
            "INSERT OR IGNORE INTO places (feed, sequence, source) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![feed, sequence, source])?;
    }
    for member in index(
        from,
        "SELECT feed, entry FROM publications INDEXED BY sqlite_autoindex_publications_2",
        two,
    )
    .0
    {
        to.prepare_cached("INSERT OR IGNORE INTO members (feed, entry) VALUES (?1, ?2)")?
            .execute(member)?;
    }
    let (fronts, knows_fronts) = index(
        from,
        "SELECT feed, sequence FROM publications INDEXED BY publications_on_front WHERE front = 1 AND fits = 1",
        two,
    );
    for front in fronts {
        to.prepare_cached("UPDATE places SET front = 1 WHERE feed = ?1 AND sequence = ?2")?
            .execute(front)?;
    }
    if !knows_fronts {
        to.execute("UPDATE places SET front = 1", [])?;
    }
    to.execute_batch(
        "DELETE FROM places WHERE EXISTS (
             SELECT 1 FROM publications p WHERE p.feed = places.feed AND p.sequence = places.sequence);
         DELETE FROM members WHERE entry NOT IN (SELECT entry FROM ledger) OR EXISTS (
             SELECT 1 FROM publications p WHERE p.feed = members.feed AND p.entry = members.entry);",
    )?;
    let rebuilt = to.execute(
        "INSERT INTO publications (feed, sequence, entry, first_published, source, front)
         SELECT p.feed, p.sequence, m.entry, m.first_published, p.source, p.front
         FROM (SELECT *, row_number() OVER (PARTITION BY feed ORDER BY sequence) AS n FROM places) p
         JOIN (SELECT f.feed, f.entry, l.first_published, row_number() OVER (
                   PARTITION BY f.feed
                   ORDER BY l.first_published, l.date, c.rank DESC, s.position DESC, l.published_id DESC) AS n
               FROM members f JOIN ledger l ON l.entry = f.entry
               LEFT JOIN sightings s ON s.entry = f.entry AND s.place = 0 LEFT JOIN sources c ON c.num = s.source) m
             ON m.feed = p.feed AND m.n = p.n
         WHERE (SELECT count(*) FROM places x WHERE x.feed = p.feed) = (SELECT count(*) FROM members x WHERE x.feed = p.feed)",
        [],
    )?;
    to.execute_batch("DROP TABLE places; DROP TABLE members")?;
    salvaged.rebuild(rebuilt, "places in feeds");
    Ok(())
}

/// What stands in a feed was published: if it is not on record, a line of the ledger is lost for good.
fn unrecorded(to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    let count: i64 = to.query_row(
        "SELECT count(DISTINCT entry) FROM publications WHERE entry NOT IN (SELECT entry FROM ledger)",
        [],
        |row| row.get(0),
    )?;
    if count > 0 {
        salvaged.has_lost_ledger = true;
        salvaged.lose(format!(
            "ledger: {count} entries that stand in a feed are not on record any more"
        ));
    }
    Ok(())
}

/// What a source or a link is recognised by follows from what is shown. Only where the page that would say so cannot be read is
/// it written anew: without it the next fetch would take what it knows for new.
fn aliases(from: &Connection, to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    let mut wanted = to.prepare(
        "SELECT 1, source, guid, coalesce(home, entry) FROM sightings WHERE guid IS NOT NULL
         UNION ALL SELECT 2, 0, key, id FROM entries WHERE key IS NOT NULL ORDER BY 4",
    )?;
    let mut rows = wanted.query([])?;
    let mut rebuilt = 0;
    while let Some(row) = rows.next()? {
        let (kind, scope): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (value, entry): (String, i64) = (row.get(2)?, row.get(3)?);
        let kept = from
            .prepare_cached(
                "SELECT entry FROM aliases WHERE kind = ?1 AND scope = ?2 AND value = ?3",
            )
            .and_then(|mut statement| {
                statement
                    .query_row(params![kind, scope, value], |row| row.get::<_, i64>(0))
                    .optional()
            });
        let (entry, is_kept) = match kept {
            Ok(Some(kept)) => (kept, true),
            Ok(None) => continue,
            Err(_) => (entry, false),
        };
        let written = to
            .prepare_cached(
                "INSERT OR IGNORE INTO aliases (kind, scope, value, entry) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![kind, scope, value, entry])?;
        if is_kept {
            salvaged.saved += written as u64;
        } else {
            rebuilt += written;
        }
    }
    salvaged.rebuild(rebuilt, "aliases, from what sources show");
    Ok(())
}

/// An entry that something refers to keeps its number, its aliases and its line in the ledger. What it was is read again from
/// its sources.
fn entries(to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    // what said just what the article said says nothing any more
    to.execute(
        "DELETE FROM sightings WHERE shown IS NULL AND entry NOT IN (SELECT id FROM entries)",
        [],
    )?;
    let stubs: Vec<i64> = to
        .prepare(&format!(
            "SELECT entry FROM ({REFERRED}) WHERE entry NOT IN (SELECT id FROM entries)"
        ))?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for entry in &stubs {
        to.prepare_cached(STUB)?.execute([entry])?;
    }
    salvaged.rebuild(
        stubs.len(),
        "entries with their ids only: they are filled again when their sources show them",
    );
    let unshown = to.execute(
        "UPDATE entries SET detail = json_set(detail, '$.lost', json('true'))
         WHERE id NOT IN (SELECT entry FROM sightings) AND id NOT IN (SELECT entry FROM joined)",
        [],
    )?;
    if unshown > 0 {
        salvaged.lose(format!(
            "{unshown} entries are shown by no source: they stand in no feed until one shows them again"
        ));
    }
    Ok(())
}

/// Where a body is gone, its source is to show it again.
fn bodies(to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    if salvaged.torn.contains("bodies") {
        let gone = to.execute(
            "UPDATE sightings SET gives_body = 0
             WHERE gives_body = 1 AND id NOT IN (SELECT sighting FROM bodies UNION SELECT sighting FROM pruned)",
            [],
        )?;
        salvaged.lose(format!(
            "{gone} entries have lost their bodies, until a source shows them again"
        ));
        to.execute(
            "UPDATE sightings SET print = zeroblob(16)
             WHERE id NOT IN (SELECT sighting FROM bodies UNION SELECT sighting FROM pruned)",
            [],
        )?;
    }
    let pages = to.execute(
        "DELETE FROM archive_documents WHERE id NOT IN (SELECT document FROM archive_bodies)",
        [],
    )?;
    if pages > 0 {
        salvaged.lose(format!(
            "{pages} closed pages of archives: the next publication writes them anew, maybe with other bytes"
        ));
    }
    Ok(())
}

/// A closed page whose bytes cannot be unpacked is lost: its own, or those of the one that it leans on.
fn documents(to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    let all: Vec<i64> = to
        .prepare("SELECT document FROM archive_bodies")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut gone = Vec::new();
    for id in all {
        let leans_on_none: bool = to.query_row(
            "SELECT leans_on IS NOT NULL AND leans_on NOT IN (SELECT document FROM archive_bodies)
             FROM archive_bodies WHERE document = ?1",
            [id],
            |row| row.get(0),
        )?;
        if leans_on_none || archives::unpacked(to, id).is_err() {
            gone.push(id);
        }
    }
    for id in gone {
        to.execute("DELETE FROM archive_bodies WHERE document = ?1", [id])?;
        salvaged.torn.insert("archive_bodies".to_owned());
    }
    Ok(())
}

/// Rows that refer to what is gone go too.
fn dangling(to: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    loop {
        let broken: Vec<(String, String, String, String)> = to
            .prepare(
                "SELECT l.name, f.\"from\", f.\"table\", coalesce(f.\"to\", 'rowid')
                 FROM pragma_table_list l, pragma_foreign_key_list(l.name) f
                 WHERE l.schema = 'main' AND l.type = 'table' AND f.seq = 0",
            )?
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut gone = 0;
        for (table, column, parent, key) in broken {
            let missing =
                format!("{column} IS NOT NULL AND {column} NOT IN (SELECT {key} FROM {parent})");
            // where nothing need be referred to, nothing is
            let is_loose = to.query_row(
                "SELECT \"notnull\" = 0 AND pk = 0 FROM pragma_table_info(?1) WHERE name = ?2",
                [&table, &column],
                |row| row.get::<_, bool>(0),
            )?;
            let rows = if is_loose {
                to.execute(
                    &format!("UPDATE {table} SET {column} = NULL WHERE {missing}"),
                    [],
                )?
            } else {
                to.execute(&format!("DELETE FROM {table} WHERE {missing}"), [])?
            };
            if rows > 0 && !is_loose {
                salvaged.lose(format!(
                    "{table}: {rows} rows that belong to what is lost of {parent}"
                ));
            }
            gone += rows;
        }
        if gone == 0 {
            return Ok(());
        }
    }
}
