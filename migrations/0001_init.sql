-- The archive: what sources show (sightings), what we make of it (entries), how entries are recognised (aliases), and
-- what subscribers were given (ledger, feeds, publications).
--
-- Instants are INTEGER milliseconds since 1970-01-01T00:00:00Z. Flags are 0 or 1. "By register" names the function of
-- src/store that fills a column; NULL means what its line says.

CREATE TABLE sources (
    num           INTEGER PRIMARY KEY,           -- by register: its number in this database; never published
    id            TEXT NOT NULL UNIQUE,          -- by register: its name in feeds.toml
    url           TEXT NOT NULL,                 -- by register: the address it is read at
    host          TEXT NOT NULL,                 -- by register: the host of that address, lower-case
    kind          TEXT NOT NULL,                 -- by register: auto, feed or page, as configured
    given_title   TEXT,                          -- by register: the configured title; NULL: none
    rank          INTEGER NOT NULL,              -- by register: its place in the configuration, from 0
    active        INTEGER NOT NULL,              -- by register: 1 while it is configured
    configuration TEXT NOT NULL,                 -- by register: fingerprint of all that decides what is read from it
    title         TEXT,                          -- by describe: the name the document gives itself; NULL: none yet
    site          TEXT,                          -- by describe: the site it says that it belongs to; NULL: none
    feed_id       TEXT,                          -- by describe: its own id (atom:id); NULL: none
    language      TEXT,                          -- by describe: its language tag; NULL: none
    is_feed       INTEGER,                       -- by describe: 1 if the document was a feed; NULL: never read
    etag          TEXT,                          -- by record: sent back as If-None-Match; NULL: none
    last_modified TEXT,                          -- by record: sent back as If-Modified-Since; NULL: none
    body_hash     TEXT,                          -- by record: BLAKE3 of the body last read, hex; NULL: none
    last_asked    INTEGER,                       -- by record: instant; NULL: never
    last_good     INTEGER,                       -- by record: instant; NULL: never
    last_new      INTEGER,                       -- by record: instant; NULL: never
    failures      INTEGER NOT NULL DEFAULT 0,    -- by record: failures in a row
    not_before    INTEGER,                       -- by record: instant before which it is not asked; NULL: any time
    server_wish   INTEGER NOT NULL DEFAULT 0,    -- by record: 1 if not_before is the server's wish
    last_outcome  TEXT,                          -- by record: the word of an OutcomeKind; NULL: never asked
    last_error    TEXT,                          -- by record: what went wrong then; NULL: nothing
    entries       INTEGER NOT NULL DEFAULT 0     -- by apply: how many entries it has shown so far
) STRICT;

-- The merged article. Its body is kept once, with the sighting that gives it.
CREATE TABLE entries (
    id            INTEGER PRIMARY KEY,           -- by apply: the EntryKey; never published
    title         TEXT NOT NULL,                 -- by settle (like all that follows): plain text
    url           TEXT,                          -- permalink; NULL: none
    key           TEXT,                          -- canonical form of url, for recognition; NULL: none
    published     INTEGER,                       -- instant; NULL: no source states one
    precision     TEXT,                          -- month, day or instant; NULL with published
    updated       INTEGER,                       -- instant; NULL: no source states one
    summary       TEXT,                          -- plain text; NULL: none
    read_minutes  INTEGER,                       -- minutes; NULL: unknown
    language      TEXT,                          -- BCP 47 tag; NULL: unknown
    image         TEXT,                          -- address; NULL: none
    detail        TEXT NOT NULL,                 -- JSON: authors, comments, rights, provenance
    text          BLOB NOT NULL,                 -- 16 bytes: fingerprint of title, summary and body
    date          INTEGER NOT NULL,              -- published, else first_seen: the order of lists
    first_seen    INTEGER NOT NULL               -- by apply: instant
) STRICT;
CREATE INDEX entries_by_date ON entries (date DESC, id);

-- An entry as one source shows it.
CREATE TABLE sightings (
    id            INTEGER PRIMARY KEY,           -- by apply
    entry         INTEGER NOT NULL REFERENCES entries (id),
    source        INTEGER NOT NULL REFERENCES sources (num),
    place         INTEGER NOT NULL,              -- by settle: its place among the entry's origins; 0: its values won
    gives_body    INTEGER NOT NULL,              -- by settle: 1 if the merged article has this sighting's body
    position      INTEGER NOT NULL,              -- by apply: place in the document, from 0
    guid          TEXT,                          -- by apply: as the source gives it; NULL: none
    print         BLOB NOT NULL,                 -- by apply: 16 bytes, fingerprint of the cleaned text before enrichment
    shown         TEXT,                          -- by apply, settle: JSON of the other fields; NULL: those of the article
    first_seen    INTEGER NOT NULL,              -- by apply: instant
    last_seen     INTEGER NOT NULL,              -- by apply: instant
    UNIQUE (entry, source)
) STRICT;
CREATE INDEX sightings_by_source ON sightings (source, entry);

-- Bodies apart from their sightings, so that marking a sighting as seen again does not rewrite them.
CREATE TABLE bodies (
    sighting      INTEGER PRIMARY KEY REFERENCES sightings (id) ON DELETE CASCADE,
    html          BLOB NOT NULL                  -- by apply: sanitised HTML, deflated (RFC 1951)
) STRICT;

-- What an entry is recognised by. The first owner keeps an alias.
CREATE TABLE aliases (
    kind          INTEGER NOT NULL,              -- by apply: 1 guid, 2 canonical link, 3 fingerprint
    scope         INTEGER NOT NULL,              -- by apply: the source a guid belongs to; 0: everywhere
    value         TEXT NOT NULL,                 -- by apply
    entry         INTEGER NOT NULL REFERENCES entries (id),
    PRIMARY KEY (kind, scope, value)
) STRICT, WITHOUT ROWID;

-- Tags and enclosures of the merged article.
CREATE TABLE tags (
    entry         INTEGER NOT NULL REFERENCES entries (id),
    place         INTEGER NOT NULL,              -- by settle: order as shown, from 0
    tag           TEXT NOT NULL,                 -- by settle: case-folded
    PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_tag ON tags (tag, entry);

CREATE TABLE enclosures (
    entry            INTEGER NOT NULL REFERENCES entries (id),
    place            INTEGER NOT NULL,           -- by settle: order as shown, from 0
    url              TEXT NOT NULL,              -- by settle
    media_type       TEXT,                       -- by settle; NULL: not stated
    length           INTEGER,                    -- by settle: bytes; NULL: not stated
    duration_seconds INTEGER,                    -- by settle: seconds; NULL: not stated
    PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;

-- Entries that the publisher has not looked at since they came, or since another source showed them.
CREATE TABLE pending (
    entry         INTEGER PRIMARY KEY REFERENCES entries (id)  -- by apply; removed by publish
) STRICT;

-- What was published. A line, once written, keeps its id and dates; only `changed` moves, and only forward.
CREATE TABLE ledger (
    entry           INTEGER PRIMARY KEY REFERENCES entries (id),
    published_id    TEXT NOT NULL UNIQUE,        -- by publish: a URI
    date            INTEGER NOT NULL,            -- by publish: the date subscribers see, instant
    date_kind       TEXT NOT NULL,               -- by publish: instant, day, month or first_seen
    first_published INTEGER NOT NULL,            -- by publish: instant
    changed         INTEGER NOT NULL             -- by publish, settle: when the text last changed, at least date
) STRICT;
CREATE TRIGGER ledger_lines_do_not_change
BEFORE UPDATE OF entry, published_id, date, date_kind, first_published ON ledger
BEGIN
    SELECT RAISE(ABORT, 'what was published does not change');
END;
CREATE TRIGGER ledger_lines_do_not_go
BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'what was published is not forgotten');
END;

-- The feeds we publish.
CREATE TABLE feeds (
    num           INTEGER PRIMARY KEY,           -- by publish: its number in this database
    id            TEXT NOT NULL UNIQUE,          -- by publish: its name in feeds.toml
    uri           TEXT NOT NULL UNIQUE,          -- by publish: its tag: URI, minted once
    minted        INTEGER NOT NULL,              -- by publish: instant
    filter        TEXT                           -- by publish: JSON of the sources it was last filled from; NULL: not
                                                 -- filled at the last publication
) STRICT;

-- Which entry is in which feed. A feed shows its highest sequence first; nothing in it ever moves.
CREATE TABLE publications (
    feed            INTEGER NOT NULL REFERENCES feeds (num),
    sequence        INTEGER NOT NULL,            -- by publish: from 1, without end
    entry           INTEGER NOT NULL REFERENCES ledger (entry),
    first_published INTEGER NOT NULL,            -- by publish: when it entered this feed, instant
    PRIMARY KEY (feed, sequence),
    UNIQUE (feed, entry)
) STRICT, WITHOUT ROWID;

-- The fetch log, the last hundred lines a source.
CREATE TABLE fetches (
    id            INTEGER PRIMARY KEY,           -- by record: order of time
    source        INTEGER NOT NULL REFERENCES sources (num),
    at            INTEGER NOT NULL,              -- by record: instant
    outcome       TEXT NOT NULL,                 -- by record: the word of an OutcomeKind
    status        INTEGER,                       -- by record: HTTP status; NULL: no answer
    new           INTEGER NOT NULL,              -- by record: entries never seen before
    updated       INTEGER NOT NULL,              -- by record: entries whose text had changed
    known         INTEGER NOT NULL,              -- by record: entries known already
    bytes         INTEGER NOT NULL,              -- by record: body after decoding
    millis        INTEGER NOT NULL,              -- by record: from the request to the stored result
    error         TEXT,                          -- by record: what went wrong; NULL: nothing
    help          TEXT,                          -- by record: what the owner can do; NULL: nothing
    warnings      TEXT NOT NULL                  -- by record: JSON list of sentences
) STRICT;
CREATE INDEX fetches_by_source ON fetches (source, id);

-- Words of the merged article, by its EntryKey; the text itself is not kept here. By settle.
CREATE VIRTUAL TABLE search USING fts5 (
    title, summary, body,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
-- A cycle writes a thousand small segments: merging sixteen at a time halves the work of merging four.
INSERT INTO search (search, rank) VALUES ('automerge', 16);
