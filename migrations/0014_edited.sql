-- Edits that are news, for the feeds that show them again.

CREATE TABLE edited (
    entry         INTEGER PRIMARY KEY REFERENCES entries (id)  -- by edited; removed by publish
) STRICT;
