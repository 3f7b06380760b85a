-- The history of a feed in pages (RFC 5005 section 4). A page holds a run of sequences of `publications`; it closes when it is
-- full and another entry needs room, and never changes from then on.

CREATE TABLE archives (
    feed          INTEGER NOT NULL REFERENCES feeds (num),
    page          INTEGER NOT NULL,              -- by publish: from 1, the oldest
    last          INTEGER NOT NULL,              -- by publish: its highest sequence; its lowest follows on that of the page before
    closed        INTEGER NOT NULL,              -- by publish: instant
    PRIMARY KEY (feed, page)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER closed_pages_do_not_change
BEFORE UPDATE ON archives
BEGIN
    SELECT RAISE(ABORT, 'a closed page does not change');
END;
CREATE TRIGGER closed_pages_do_not_go
BEFORE DELETE ON archives
BEGIN
    SELECT RAISE(ABORT, 'a closed page does not go');
END;

-- Closed pages as they were first published at their address.
CREATE TABLE archive_documents (
    id            INTEGER PRIMARY KEY,           -- by shelve
    feed          INTEGER NOT NULL,
    page          INTEGER NOT NULL,
    format        TEXT NOT NULL,                 -- by shelve: the ending of its file name
    address       TEXT NOT NULL,                 -- by shelve: where it is reached; at another address it is another document
    size          INTEGER NOT NULL,              -- by shelve: bytes of the document
    last_modified TEXT,                          -- by shelve: its validator; NULL: none
    UNIQUE (feed, page, format),
    FOREIGN KEY (feed, page) REFERENCES archives (feed, page)
) STRICT;

-- Their bytes apart, so that a look through all pages does not read them.
CREATE TABLE archive_bodies (
    document      INTEGER PRIMARY KEY REFERENCES archive_documents (id),
    body          BLOB NOT NULL                  -- by shelve: deflated (RFC 1951)
) STRICT;
