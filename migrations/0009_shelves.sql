-- The formats of a closed page say the same in other words: one of them is packed against the other.

-- by shelve: the document of the same page without which the body cannot be unpacked; NULL: it stands by itself. All bodies are
-- Zstandard frames (RFC 8878) from now on, those of entries and pages, too; what is there is deflated
ALTER TABLE archive_bodies ADD COLUMN leans_on INTEGER REFERENCES archive_documents (id);
CREATE INDEX archive_bodies_leaning ON archive_bodies (leans_on) WHERE leans_on IS NOT NULL;
