-- What a source has made of a text before, by which an edit is told from a text that never rests.

ALTER TABLE sightings ADD COLUMN rewrites TEXT;  -- by apply: JSON of the Rewrites; NULL: its text never changed
