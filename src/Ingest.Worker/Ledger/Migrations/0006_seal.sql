-- What verify compares with. A file's seal: for each table, the sum of a hash of every row about the file (FileSeals.cs).
-- Null: not committed, or committed before there were seals.
ALTER TABLE file ADD COLUMN seal BLOB;

-- Each entry's seal is a hash of the seal before it and of the entry itself.
ALTER TABLE audit ADD COLUMN seal BLOB;
ALTER TABLE access ADD COLUMN seal BLOB;

-- A hash of the row.
ALTER TABLE identity_link ADD COLUMN seal BLOB;
