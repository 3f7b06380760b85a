-- What the robots.txt of each site said, so that it is asked for once a day and not in every run.

CREATE TABLE robots (
    origin        TEXT PRIMARY KEY,              -- by keep_robots (like all that follows): scheme://host, and the port
                                                 -- where it is not the scheme's own
    body          BLOB,                          -- the file, deflated (RFC 1951); NULL: the site has none, or never answered
    etag          TEXT,                          -- sent back as If-None-Match; NULL: none
    last_modified TEXT,                          -- sent back as If-Modified-Since; NULL: none
    answered      INTEGER,                       -- when the site last said what its file is, or that it has none, instant;
                                                 -- NULL: never
    failing       INTEGER,                       -- since when it could not be had, instant; NULL: the last answer was good
    asked         INTEGER NOT NULL               -- when it was asked for last, instant
) STRICT;
