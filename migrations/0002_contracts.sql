-- What healthy readings of a page look like, the rules that read it, and the pages that tell what went wrong.

CREATE TABLE contracts (
    source        INTEGER PRIMARY KEY REFERENCES sources (num),  -- by judged
    contract      TEXT,                          -- by judged: JSON of the Contract; NULL: no reading was good yet;
                                                 -- by register: an empty one when the configuration changes
    wrapper       TEXT,                          -- by judged: JSON of the rules learnt from the last good reading; NULL:
                                                 -- it could not be told by selectors
    verdict       TEXT,                          -- by judged: JSON of the last Verdict; NULL: none since register
    judged        INTEGER                        -- by judged: when, instant; NULL with verdict
) STRICT;

CREATE TABLE pages (
    source        INTEGER NOT NULL REFERENCES sources (num),     -- by keep_page
    which         TEXT NOT NULL,                 -- by keep_page: good (the last) or bad (the first since then)
    at            INTEGER NOT NULL,              -- by keep_page: when it was read, instant
    url           TEXT NOT NULL,                 -- by keep_page: where it was found, after redirects
    media_type    TEXT,                          -- by keep_page: as the server said; NULL: nothing
    charset       TEXT,                          -- by keep_page: as the server said; NULL: nothing
    size          INTEGER NOT NULL,              -- by keep_page: bytes of the whole body, of which the first 2 MB are kept
    body          BLOB NOT NULL,                 -- by keep_page: deflated (RFC 1951)
    PRIMARY KEY (source, which)
) STRICT;
