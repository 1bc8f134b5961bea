-- What purge has removed: the audit entry of the purge that did it (or has it in hand). The row itself, its counts and hashes stay.
ALTER TABLE file ADD COLUMN original_purged INTEGER;
ALTER TABLE file ADD COLUMN receipts_purged INTEGER;
-- Values and arguments of its findings, and the content of its records that the close refused.
ALTER TABLE file ADD COLUMN detail_purged INTEGER;
ALTER TABLE window ADD COLUMN receipts_purged INTEGER;

-- Of an entry: why and detail, or the student. Its seal stays as it was, so that the chain holds; purged_seal is over that seal and what is left.
ALTER TABLE audit ADD COLUMN purged INTEGER;
ALTER TABLE audit ADD COLUMN purged_seal BLOB;
ALTER TABLE access ADD COLUMN purged INTEGER;
ALTER TABLE access ADD COLUMN purged_seal BLOB;
