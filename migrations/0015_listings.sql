-- What a source listed last, found without a look at all that it ever listed.

CREATE INDEX sightings_by_listing ON sightings (source, last_seen DESC, position);

-- The publisher looks at what is shown, and so at an entry under the one that it is joined to.
INSERT OR IGNORE INTO pending SELECT head FROM joined WHERE entry IN (SELECT entry FROM pending);
DELETE FROM pending WHERE entry IN (SELECT entry FROM joined);
