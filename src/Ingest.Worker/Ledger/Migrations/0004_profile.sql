-- The profiles by which files were read, as their text was then: an edited or removed profile changes nothing about a file that is in.
CREATE TABLE profile (
    sha256 TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    text   TEXT NOT NULL
) WITHOUT ROWID;

-- Null: the file is RVF1, or of no known layout.
ALTER TABLE file ADD COLUMN profile TEXT REFERENCES profile (sha256);
