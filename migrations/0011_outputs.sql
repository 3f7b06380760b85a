-- Files in the output folder that agg wrote: what is not published any more is removed, and nothing that somebody else put there.
CREATE TABLE outputs (
    path          TEXT PRIMARY KEY,              -- by publish: below the output folder, parts divided by /
    hash          TEXT NOT NULL                  -- by publish: BLAKE3 of its bytes as they were written last, hex
) STRICT, WITHOUT ROWID;
