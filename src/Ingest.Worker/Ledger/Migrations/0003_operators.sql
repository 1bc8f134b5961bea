-- Who put a file there: null the school, else what an operator did (Correction, Certificate, Baseline).
ALTER TABLE file ADD COLUMN origin TEXT;
CREATE INDEX file_by_origin ON file (school) WHERE origin IS NOT NULL;

-- Raised by each file that counts, so that a judgement knows whether another came while it was made.
ALTER TABLE school ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;

-- What operators did: who, why and under which case number. Written with what was done, or not at all.
CREATE TABLE audit (
    id          INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    who         TEXT NOT NULL,
    action      TEXT NOT NULL,
    school      TEXT NOT NULL,
    case_number TEXT NOT NULL,
    why         TEXT,
    file        INTEGER,
    detail      TEXT
);

-- Two numbers of one person. number is as compared: twelve digits, or an interim number in upper case without separator.
-- window: the one that was open when the link was made; it holds from that one until another of the same number.
CREATE TABLE identity_link (
    school TEXT NOT NULL,
    number TEXT NOT NULL,
    person INTEGER NOT NULL,
    window INTEGER NOT NULL,
    audit  INTEGER NOT NULL,
    PRIMARY KEY (school, number, window)
) WITHOUT ROWID;
