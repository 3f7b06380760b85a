-- Where sources say that they have moved for good (301, 308), until feeds.toml says so too.
--
-- All are NULL while a source is where feeds.toml says, and again (by register) when another address is configured.

ALTER TABLE sources ADD COLUMN moved_to   TEXT;     -- by record: the address at the end of the permanent redirects
ALTER TABLE sources ADD COLUMN moved_days INTEGER;  -- by record: on so many days it led there, and to the same posts; from
                                                    -- the third on, that address is asked
ALTER TABLE sources ADD COLUMN moved_at   INTEGER;  -- by record: the last of these days, instant
