-- Instants are ISO 8601 UTC; dates and file ids are whole numbers that sort as their text does (20261125, 20261125000007);
-- hp are hundredths. Rows of a file count once file.state has passed 'claimed'.

CREATE TABLE school (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE
);

CREATE TABLE file (
    id             INTEGER PRIMARY KEY,
    school         TEXT NOT NULL,
    name           TEXT NOT NULL,
    name_masked    INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('claimed', 'committed', 'receipted', 'archived', 'quarantined')),
    arrived        TEXT NOT NULL,
    claimed        TEXT NOT NULL,
    window         INTEGER NOT NULL,
    window_note    TEXT,
    bytes          INTEGER,
    sha256         TEXT,
    text_form      INTEGER,
    shape          INTEGER,
    delimiter      TEXT,
    separator_line INTEGER NOT NULL DEFAULT 0,
    status         TEXT,
    system         TEXT,
    environment    TEXT,
    sequence       INTEGER,
    next_sequence  INTEGER,
    declared       INTEGER,
    declared_sum   INTEGER,
    computed_sum   INTEGER,
    read           INTEGER NOT NULL DEFAULT 0,
    accepted       INTEGER NOT NULL DEFAULT 0,
    warned         INTEGER NOT NULL DEFAULT 0,
    waiting        INTEGER NOT NULL DEFAULT 0,
    duplicate      INTEGER NOT NULL DEFAULT 0,
    rejected       INTEGER NOT NULL DEFAULT 0,
    duplicate_of   INTEGER,
    rules_version  TEXT,
    text_version   TEXT,
    language       TEXT
);
CREATE INDEX file_by_window ON file (school, window);
CREATE INDEX file_by_hash ON file (school, sha256);
CREATE INDEX file_unfinished ON file (state) WHERE state IN ('claimed', 'committed', 'receipted');

-- One row a record, in file order: what receipts are rendered from.
CREATE TABLE line (
    file     INTEGER NOT NULL,
    line     INTEGER NOT NULL,
    kind     INTEGER,
    status   INTEGER NOT NULL,
    offset   INTEGER NOT NULL,
    length   INTEGER NOT NULL,
    event_id TEXT,
    PRIMARY KEY (file, line)
) WITHOUT ROWID;

-- close 0: found at intake; 1: found by the close of the file's window.
-- record: the line of the record that it is about, 0 when it is about the file.
CREATE TABLE finding (
    file   INTEGER NOT NULL,
    close  INTEGER NOT NULL,
    record INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    line   INTEGER NOT NULL,
    code   TEXT NOT NULL,
    col    INTEGER,
    length INTEGER,
    field  TEXT,
    value  TEXT,
    args   TEXT,
    PRIMARY KEY (file, close, record, seq)
) WITHOUT ROWID;

-- Everything about students that counts or counted, in student order: the hot table. It has no other index.
-- state 0: in force, or pending while its window is open; 1: past; 2: refused at the close;
-- 3: a repeat, of which only the händelse-id counts.
CREATE TABLE event (
    school   INTEGER NOT NULL,
    student  INTEGER NOT NULL,
    file     INTEGER NOT NULL,
    line     INTEGER NOT NULL,
    window   INTEGER NOT NULL,
    state    INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    removal  INTEGER NOT NULL,
    course   TEXT NOT NULL,
    offering TEXT,
    module   TEXT,
    type     INTEGER,
    hp       INTEGER,
    pace     INTEGER,
    date1    INTEGER,
    date2    INTEGER,
    date3    INTEGER,
    grade    TEXT,
    transfer INTEGER,
    event_id TEXT,
    PRIMARY KEY (school, student, file, line)
) WITHOUT ROWID;

-- Whose a händelse-id is: 16 bytes, the UUID itself or the beginning of a SHA-256 of the upper-cased id.
CREATE TABLE event_id (
    school  INTEGER NOT NULL,
    id      BLOB NOT NULL,
    student INTEGER NOT NULL,
    file    INTEGER NOT NULL,
    line    INTEGER NOT NULL,
    PRIMARY KEY (school, id)
) WITHOUT ROWID;

-- The students of each window: what its close goes through, and its delivery when it is made again.
CREATE TABLE window_student (
    school  INTEGER NOT NULL,
    window  INTEGER NOT NULL,
    student INTEGER NOT NULL,
    PRIMARY KEY (school, window, student)
) WITHOUT ROWID;

-- Course catalogue records that took effect, in order.
CREATE TABLE catalogue (
    school   INTEGER NOT NULL,
    file     INTEGER NOT NULL,
    line     INTEGER NOT NULL,
    window   INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    removal  INTEGER NOT NULL,
    course   TEXT NOT NULL,
    code     TEXT NOT NULL,
    title    TEXT,
    hp       INTEGER,
    pace     INTEGER,
    start    INTEGER,
    end      INTEGER,
    PRIMARY KEY (school, file, line)
) WITHOUT ROWID;

-- The löpnummer that are used up.
CREATE TABLE sequence (
    school      TEXT NOT NULL,
    system      TEXT NOT NULL,
    environment TEXT NOT NULL,
    number      INTEGER NOT NULL,
    file        INTEGER NOT NULL,
    PRIMARY KEY (school, system, environment, number)
) WITHOUT ROWID;

-- A closing is a row that can exist once. delivered: everything it hands on is on disk.
CREATE TABLE window (
    date      INTEGER PRIMARY KEY,
    closed    TEXT NOT NULL,
    delivered TEXT,
    manifest  TEXT
);

-- What a close made of a record when it did not simply deliver it as N.
-- outcome 0 delivered, 1 netted, 2 refused; delivered_as 0 no row of its own, 1 N (with findings), 2 B, 3 Ä.
CREATE TABLE verdict (
    file         INTEGER NOT NULL,
    line         INTEGER NOT NULL,
    outcome      INTEGER NOT NULL,
    delivered_as INTEGER NOT NULL,
    other_file   INTEGER,
    other_line   INTEGER,
    PRIMARY KEY (file, line)
) WITHOUT ROWID;

CREATE TABLE alarm (
    id       INTEGER PRIMARY KEY,
    raised   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    message  TEXT NOT NULL,
    cleared  TEXT
);
CREATE UNIQUE INDEX alarm_open ON alarm (kind, subject) WHERE cleared IS NULL;

-- Files seen and not yet taken when the service stopped, so that a quiet period goes on over a restart.
CREATE TABLE seen (
    path    TEXT PRIMARY KEY,
    bytes   INTEGER NOT NULL,
    written TEXT NOT NULL,
    changed TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
