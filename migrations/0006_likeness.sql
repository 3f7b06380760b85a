-- Likeness: which entries may be one, which are, and what people said of it.

-- Marks by which entries that are alike are found. By mark; of what there was before, by what the next fetch finds unmarked.
CREATE TABLE marks (
    mark          INTEGER NOT NULL,              -- by mark: a hash of a part of text, title or link
    day           INTEGER NOT NULL,              -- by mark: of the entry, days since 1970-01-01; 0: at any time
    entry         INTEGER NOT NULL REFERENCES entries (id),  -- by mark: one that is recognised by its own aliases
    PRIMARY KEY (mark, day, entry)
) STRICT, WITHOUT ROWID;

-- Entries that came before there were marks.
CREATE TABLE unmarked (
    entry         INTEGER PRIMARY KEY REFERENCES entries (id)  -- by this migration; removed by mark
) STRICT;
INSERT INTO unmarked SELECT id FROM entries;

-- Entries that are shown as one with another one. They keep their aliases and their line in the ledger; what sources show
-- of them stands with the other one.
CREATE TABLE joined (
    entry         INTEGER PRIMARY KEY REFERENCES entries (id),  -- by regroup
    head          INTEGER NOT NULL REFERENCES entries (id)      -- by regroup: the one that is shown; never joined itself
) STRICT;
CREATE INDEX joined_by_head ON joined (head);

-- by regroup: whose aliases the sighting is known by, where it stands with another entry; NULL: it stands with its own
ALTER TABLE sightings ADD COLUMN home INTEGER REFERENCES entries (id);
CREATE INDEX sightings_away ON sightings (home, source) WHERE home IS NOT NULL;

-- What people said of two entries, the last word only.
CREATE TABLE rulings (
    one           INTEGER NOT NULL REFERENCES entries (id),     -- by rule: the smaller of the two
    other         INTEGER NOT NULL REFERENCES entries (id),     -- by rule
    together      INTEGER NOT NULL,              -- by rule: 1 they are one, 0 they are two
    at            INTEGER NOT NULL,              -- by rule: when, instant
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX rulings_by_other ON rulings (other);

-- Where a person parted a source from an entry: what it shows under the aliases of that entry is another one.
CREATE TABLE parted (
    entry         INTEGER NOT NULL REFERENCES entries (id),     -- by part: that it was parted from
    source        INTEGER NOT NULL REFERENCES sources (num),    -- by part
    own           INTEGER NOT NULL REFERENCES entries (id),     -- by part: what it shows instead
    PRIMARY KEY (entry, source)
) STRICT, WITHOUT ROWID;
