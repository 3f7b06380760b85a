-- What may stand on the front page of a feed, and what is held back before it is published at all.

ALTER TABLE publications ADD COLUMN source INTEGER REFERENCES sources (num);
                                                 -- by publish: the source whose values won when the entry came in
ALTER TABLE publications ADD COLUMN front INTEGER NOT NULL DEFAULT 1;
                                                 -- by publish: 1 if it may stand on the front page; 0, which is final: it is
                                                 -- in the archive only
ALTER TABLE publications ADD COLUMN fits INTEGER NOT NULL DEFAULT 1;
                                                 -- by publish: 0 if the feed's filters, which have changed, no longer take it
UPDATE publications
SET source = (SELECT s.source FROM sightings s WHERE s.entry = publications.entry AND s.place = 0);
CREATE INDEX publications_on_front ON publications (feed, sequence) WHERE front = 1 AND fits = 1;
CREATE INDEX publications_by_source ON publications (feed, source, sequence);
CREATE INDEX ledger_by_date ON ledger (date DESC);

-- Entries of a flood that were not published yet: more of one source at once than it is trusted with.
CREATE TABLE held (
    entry         INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
    source        INTEGER NOT NULL REFERENCES sources (num),  -- by hold: the source that brought it
    since         INTEGER NOT NULL,              -- by hold: instant
    released      INTEGER NOT NULL DEFAULT 0     -- by release: 1 if a person has released it
) STRICT;
