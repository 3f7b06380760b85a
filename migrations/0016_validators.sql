-- Validators are sent back to the address that gave them, which after a redirect is not the one that is asked.

ALTER TABLE sources ADD COLUMN validators_from TEXT;  -- by record: an address; NULL: the one that is asked, or none
