-- What decides when a source is due, beside the waits that 0001 knows.
--
-- last_asked is NULL also after the configuration of a source has changed (by register): it is due at once then.

ALTER TABLE sources ADD COLUMN fresh_for INTEGER;  -- by record: seconds that its last answer is good for, as that said;
                                                   -- NULL: it said nothing
ALTER TABLE sources ADD COLUMN hints     TEXT;     -- by describe: JSON of the UpdateHints of its feed; NULL: none
ALTER TABLE sources ADD COLUMN gap       INTEGER;  -- by record: seconds usually between two of its posts; NULL: too few
                                                   -- are known
ALTER TABLE sources ADD COLUMN newest    INTEGER;  -- by record: the date of its latest post, instant; NULL: none
