-- An archive with a row or more of every table, and with values at the edges. Bodies are Zstandard frames, pages deflated.
INSERT INTO sources (id, url, host, kind, given_title, rank, active, configuration, title, site, feed_id, language, is_feed,
    etag, last_modified, body_hash, last_asked, last_good, last_new, failures, not_before, server_wish, last_outcome,
    last_error, entries, fresh_for, hints, gap, newest, moved_to, moved_days, moved_at, pruned) VALUES
    ('wire', 'https://wire.example/', 'wire.example', 'page', NULL, 1, 0, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('blog', 'https://blog.example/feed', 'blog.example', 'auto', 'Mine', 0, 1, 'c0ffee', 'A "blog"', 'https://blog.example/',
     'urn:x', 'en', 1, 'W/"1"', 'Mon, 02 Mar 2026 10:00:00 GMT', 'ab', 1772400000000, 1772400000000, 1772400000001, 2,
     1772500000000, 1, 'failed', 'boom', 2, 3600, '{"ttl":60}', 7200, 1772300000000, 'https://new.example/', 2, 1772390000000, 1772400000000);
INSERT INTO contracts VALUES (1, '{}', NULL, '{"verdict":"quiet"}', 1772400000000);
INSERT INTO pages VALUES
    (1, 'bad', 1772400000000, 'https://wire.example/', 'text/html', 'latin1', 3, x'fbcfe00800'),
    (1, 'good', 1772400000000, 'https://wire.example/', NULL, NULL, 1, x'4b0400');
INSERT INTO robots VALUES
    ('https://a.example', NULL, NULL, NULL, 1772400000000, NULL, 1772400000000),
    ('https://wire.example', x'4b0400', '"e"', 'then', 1772400000000, 1772400000000, 1772400000000);
INSERT INTO entries VALUES
    (1, 'One' || char(10) || char(0) || 'line', 'https://blog.example/1', 'blog.example/1', 1772300000123, 'instant', 1772300000000,
     'Short.', 4, 'en', 'https://blog.example/i.png', '{"authors":[{"name":"Ada","url":null}],"rights":"CC BY","provenance":{"title":"feed"}}',
     x'00112233445566778899aabbccddeeff', 1772300000123, 1772400000000),
    (3, 'Two', NULL, NULL, -62200000000000, 'day', NULL, NULL, NULL, NULL, NULL, '{}', zeroblob(16), -62200000000000, 253402300800000),
    (7, 'Three', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', zeroblob(16), 1772400000000, 1772400000000),
    (9, 'Four', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', zeroblob(16), 1772400000000, 1772400000000);
INSERT INTO tags VALUES (1, 0, 'zebra'), (1, 1, 'a "tag"'), (3, 0, 'x');
INSERT INTO enclosures VALUES (1, 0, 'https://blog.example/b.mp3', 'audio/mpeg', 12, 34), (1, 1, 'https://blog.example/a.mp3', NULL, NULL, NULL);
INSERT INTO sightings VALUES
    (1, 1, 2, 0, 1, 0, 'guid 1', x'ffeeddccbbaa99887766554433221100', NULL, 1772400000000, 1772400000000, NULL, NULL),
    (2, 1, 1, 1, 0, 5, NULL, zeroblob(16), '{"title":"As seen","summary":"é"}', 1772400000000, 1772400000000, 7, '{}'),
    (3, 3, 2, 0, 0, 1, 'guid 3', zeroblob(16), NULL, 1772400000000, 1772400000000, NULL, NULL),
    (4, 9, 1, 0, 0, 1, NULL, zeroblob(16), NULL, 1772400000000, 1772400000000, NULL, NULL);
INSERT INTO bodies VALUES (1, x'28b52ffd200109000061');
INSERT INTO pruned VALUES (3, 1234, 1772400000000);
INSERT INTO aliases VALUES (1, 2, 'guid 1', 1), (1, 2, 'guid 3', 3), (2, 0, 'blog.example/1', 1), (3, 0, 'print', 7);
INSERT INTO joined VALUES (7, 1);
INSERT INTO rulings VALUES (1, 3, 0, 1772400000000), (1, 7, 1, 1772400000000);
INSERT INTO parted VALUES (3, 1, 9);
INSERT INTO pending VALUES (3);
INSERT INTO edited VALUES (1);
INSERT INTO held VALUES (3, 2, 1772400000000, 0), (9, 1, 1772400000000, 1);
INSERT INTO ledger VALUES
    (1, 'urn:one', 1772300000000, 'instant', 1772400000000, 1772400000000),
    (7, 'tag:blog.example,2026:7', 1772300000000, 'first_seen', 1772400000000, 1772400000000);
INSERT INTO feeds VALUES (1, 'all', 'tag:blog.example,2026:feed/all', 1772400000000, '["b", "a"]'),
    (2, 'tag/x', 'tag:blog.example,2026:feed/tag/x', 1772400000000, NULL);
INSERT INTO publications VALUES (1, 1, 7, 1772400000000, 2, 1, 1), (1, 2, 1, 1772400000000, NULL, 0, 0), (2, 1, 1, 1772400000000, 2, 1, 1);
INSERT INTO archives VALUES (1, 1, 1, 1772400000000);
INSERT INTO archive_documents VALUES (1, 1, 1, 'xml', 'https://blog.example/', 1, 'Mon, 02 Mar 2026 10:00:00 GMT');
INSERT INTO archive_bodies VALUES (1, x'28b52ffd200109000061', NULL);
INSERT INTO outputs VALUES ('feed.xml', 'c0ffee');
INSERT INTO fetches VALUES (1, 2, 1772400000000, 'read', 200, 2, 0, 1, 1000, 12, NULL, NULL, '[]'),
    (2, 2, 1772400000000, 'failed', NULL, 0, 0, 0, 0, 12, 'boom', 'wait', '["one", "two"]');
