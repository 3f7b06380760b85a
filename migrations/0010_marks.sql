-- Marks in the order of time: entries of near days stand near each other, so that a new entry is written to the same few
-- pages of the file as the last one, and looks for others there. A row is nothing but its number.

DROP TABLE marks;
CREATE TABLE marks (
    place         INTEGER PRIMARY KEY            -- by mark: 10 bits that say when, 26 bits of the mark, 28 bits of the entry
) STRICT;

-- all are made anew, by the next fetch
INSERT OR IGNORE INTO unmarked SELECT id FROM entries;
