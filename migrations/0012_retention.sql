-- Bodies that were given up, as `[retain]` says. All else of an entry stays: nothing is forgotten.

CREATE TABLE pruned (
    sighting      INTEGER PRIMARY KEY REFERENCES sightings (id) ON DELETE CASCADE,
    length        INTEGER NOT NULL,              -- by prune: bytes of the HTML, by which the fullest text goes on to be told
    at            INTEGER NOT NULL               -- by prune: when, instant
) STRICT;

ALTER TABLE sources ADD COLUMN pruned INTEGER;   -- by looked_through: when its bodies were last looked through for what may go,
                                                 -- instant; NULL: never
